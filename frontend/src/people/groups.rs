//! Host groups: several hosts under one name, so that a role can be given on all of them.

use leptos::prelude::*;
use longshore_api::{
    web::people::{EditHostGroup, HostGroup, Scope},
    words::say,
};

use super::page::{Over, desk};
use crate::{
    api::{self, Failure},
    parts::{DeedDialog, Field, Icon, Show, Ticks, dynamic, each, memo},
    speech::{speech, w},
};

/// All groups.
#[component]
pub(super) fn GroupsPart() -> impl IntoView {
    let s = speech();
    let desk = desk();
    let shown = memo(move || desk.roster.groups().into_iter().map(|group| group.id).collect::<Vec<_>>());
    view! {
        <div class="people__cards">
            {each(move || shown.get(), String::clone, |id| view! { <Card id /> }.into_any())}
        </div>
        <Show when=move || shown.with(Vec::is_empty)>
            <div class="empty">
                <h2>{w!(s.no_groups)}</h2>
                <p>{w!(s.no_groups_next)}</p>
            </div>
        </Show>
    }
}

#[component]
fn Card(id: String) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let id = StoredValue::new(id);
    let group = memo(move || id.with_value(|id| desk.roster.group(id)));
    let name = memo(move || group.get().map(|group| group.name).unwrap_or_default());
    let members = memo(move || group.get().map(|group| group.hosts).unwrap_or_default());
    let administers = memo(move || desk.roster.administers());
    let ask = move |over: fn(HostGroup) -> Over| {
        if let Some(group) = group.get_untracked() {
            desk.open(over(group));
        }
    };
    let grants = move || {
        let here = Scope::Group(id.get_value());
        let grants = desk.roster.grants().into_iter().filter(|grant| grant.scope == here);
        let line = |grant: longshore_api::web::people::Grant| {
            view! {
                <li>
                    <span class="badge badge--accent">{grant.role.word(s.words())}</span>
                    <span>{desk.tell.whom(&grant.subject)}</span>
                </li>
            }
        };
        grants.map(line).collect_view()
    };
    view! {
        <section class="panel" data-group=dynamic(move || name.get())>
            <div class="panel__head">
                <Icon name="host" />
                <h2 class="grow cut">{dynamic(move || name.get())}</h2>
                <Show when=move || administers.get()>
                    <button class="btn btn--sm" type="button" data-action="edit-group" on:click=move |_| ask(Over::EditGroup)>
                        {w!(s.edit)}
                    </button>
                    <button
                        class="btn btn--quiet btn--sm btn--danger-quiet"
                        type="button"
                        data-action="remove-group"
                        on:click=move |_| ask(Over::RemoveGroup)
                    >
                        {w!(s.verb_remove)}
                        "…"
                    </button>
                </Show>
            </div>
            <ul class="list list--tight">
                {each(
                    move || members.get(),
                    String::clone,
                    move |slug| {
                        let marked = slug.clone();
                        view! { <li data-host=marked>{dynamic(move || desk.tell.hosts.name(&slug))}</li> }.into_any()
                    },
                )}
            </ul>
            <Show when=move || members.with(Vec::is_empty)>
                <p class="people__none t2">{w!(s.group_empty)}</p>
            </Show>
            <ul class="list list--tight people__part">{dynamic(grants)}</ul>
        </section>
    }
}

/// A new group, or another name and other hosts for one.
#[component]
pub(super) fn GroupDialog(group: Option<HostGroup>, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let name = RwSignal::new(group.as_ref().map(|group| group.name.clone()).unwrap_or_default());
    let ticked = RwSignal::new(group.as_ref().map(|group| group.hosts.clone()).unwrap_or_default());
    // One that was made and could not be filled is filled the next time.
    let id = StoredValue::new(group.as_ref().map(|group| group.id.clone()));
    let deed = desk.deed(move || {
        let edit =
            EditHostGroup { name: name.get_untracked().trim().to_owned(), hosts: ticked.get_untracked() };
        async move {
            let made = match id.get_value() {
                Some(id) => id,
                None => {
                    let made = api::people::create_group(edit.name.clone()).await?.id;
                    id.try_set_value(Some(made.clone()));
                    made
                }
            };
            api::people::edit_group(&made, &edit).await
        }
    });
    let title = Signal::derive(move || match &group {
        Some(group) => s.say(&say::edit_name(&group.name)),
        None => s.words().new_group().to_owned(),
    });
    let ready = Signal::derive(move || name.with(|name| !name.trim().is_empty()));
    let options = Signal::derive(move || {
        desk.tell.hosts.all().into_iter().map(|host| (host.slug, host.name)).collect::<Vec<_>>()
    });
    view! {
        <DeedDialog title close deed failure ready>
            <Field name="name" label=w!(s.col_name) value=name autocomplete="off" failure first=true />
            <Ticks name="hosts" label=w!(s.hosts) options ticked />
            <p class="t2 people__means">{w!(s.group_means)}</p>
        </DeedDialog>
    }
}

/// Ends a group, and what was given on it.
#[component]
pub(super) fn RemoveGroupDialog(group: HostGroup, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let HostGroup { id, name, .. } = group;
    let scope = Scope::Group(id.clone());
    let grants = untrack(|| desk.roster.grants());
    let grants: Vec<_> = grants.into_iter().filter(|grant| grant.scope == scope).collect();
    let goes = move || {
        let line = |grant: &longshore_api::web::people::Grant| {
            view! {
                <li>
                    <Icon name="key" />
                    <span>{grant.role.word(s.words())}</span>
                    <span class="end">{desk.tell.whom(&grant.subject)}</span>
                </li>
            }
        };
        grants.iter().map(line).collect_view()
    };
    let deed = desk.deed(move || {
        let id = id.clone();
        async move { api::people::remove_group(&id).await }
    });
    let title = Signal::derive(move || s.say(&say::remove_name(&name)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <p class="t2">{w!(s.remove_group_means)}</p>
            <ul class="goes">{dynamic(goes)}</ul>
        </DeedDialog>
    }
}
