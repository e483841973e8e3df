//! Whose the container is, and who else may see it: said to all who see it, changed by its owner and its managers.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{
    web::{
        access::{Access, GiveAccess, Sharing, TeamName},
        people::Team,
    },
    words::{Words, say},
};

use super::{follow::one, loaded::Loaded};
use crate::{
    api::{self, Failure},
    parts::{Deed, DeedDialog, Field, Show, dynamic, memo},
    speech::{speech, w},
};

/// Owner and sharing.
#[component]
pub(super) fn AccessPanel() -> impl IntoView {
    let s = speech();
    let one = one();
    let found = Loaded::of(one, |host, id| async move { api::container_access(&host, &id).await });
    let access = memo(move || found.value.with(|found| found.clone().unwrap_or_default()));
    let open = RwSignal::new(false);
    let close = Callback::new(move |()| {
        open.set(false);
        let asked = (one.host(), one.id());
        leptos::task::spawn_local(async move {
            if let Ok(now) = api::container_access(&asked.0, &asked.1).await {
                found.value.try_set(Some(now));
            }
        });
    });
    let owner = move || access.with(|access| access.owner.clone());
    view! {
        <section class="panel" data-panel="access">
            <div class="panel__head">
                <h2>{w!(s.access)}</h2>
                <span class="end"></span>
                <Show when=move || access.with(|access| access.may_change) && !one.is_gone()>
                    <button
                        class="btn btn--quiet btn--sm"
                        type="button"
                        data-action="give-access"
                        on:click=move |_| open.set(true)
                    >
                        {w!(s.give_access)}
                    </button>
                </Show>
            </div>
            <div class="panel__body">
                <dl class="facts container__facts">
                    <dt>{w!(s.owner)}</dt>
                    <dd data-fact="owner">
                        {dynamic(move || owner().unwrap_or_else(|| s.words().the_managers().to_owned()))}
                    </dd>
                    <dt>{w!(s.also_seen_by)}</dt>
                    <dd data-fact="sharing">
                        {dynamic(move || access.with(|access| seen_by(access, s.words())))}
                    </dd>
                </dl>
            </div>
        </section>
        {dynamic(move || open.get().then(|| view! { <Give access=access.get_untracked() close /> }))}
    }
}

fn seen_by(access: &Access, words: &Words) -> String {
    match access.sharing {
        Sharing::Private => words.share_private().to_owned(),
        Sharing::Public => words.share_public().to_owned(),
        Sharing::Teams => access.teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>().join(", "),
    }
}

#[component]
fn Give(access: Access, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let one = one();
    let failure = RwSignal::new(None::<Failure>);
    let owner = RwSignal::new(access.owner.clone().unwrap_or_default());
    let sharing = RwSignal::new(access.sharing);
    let chosen = RwSignal::new(access.teams.iter().map(|team| team.id.clone()).collect::<Vec<_>>());
    // Those that it is shared with, and those that one may share it with.
    let teams = RwSignal::new(access.teams.clone());
    leptos::task::spawn_local(async move {
        match api::people::teams().await {
            Ok(own) => {
                teams.try_update(|teams| {
                    for Team { id, name, .. } in own {
                        if teams.iter().all(|team| team.id != id) {
                            teams.push(TeamName { id, name });
                        }
                    }
                });
            }
            Err(why) => {
                one.noticed(&why);
                failure.try_set(Some(why));
            }
        }
    });
    let deed: Deed = Arc::new(move || {
        let give = GiveAccess {
            owner: Some(owner.get_untracked().trim().to_owned()).filter(|owner| !owner.is_empty()),
            sharing: sharing.get_untracked(),
            teams: chosen.get_untracked(),
        };
        let (host, id) = (one.host(), one.id());
        Box::pin(async move { api::give_container(&host, &id, &give).await })
    });
    let whole = access.stack.clone().map(|stack| say::access_of_service(access.name.clone(), stack));
    let choice = move |which: Sharing| {
        view! {
            <button
                type="button"
                data-sharing=which.code()
                aria-pressed=dynamic(move || (sharing.get() == which).to_string())
                on:click=move |_| sharing.set(which)
            >
                {dynamic(move || match which {
                    Sharing::Private => s.words().share_private(),
                    Sharing::Teams => s.words().teams(),
                    Sharing::Public => s.words().share_public(),
                })}
            </button>
        }
    };
    let team = move |TeamName { id, name }: TeamName| {
        let (shown, picked) = (id.clone(), id.clone());
        view! {
            <label class="row sm">
                <input
                    type="checkbox"
                    data-team=name.clone()
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&shown))
                    on:change=move |_| {
                        chosen.update(|chosen| match chosen.iter().position(|one| *one == picked) {
                            Some(place) => drop(chosen.remove(place)),
                            None => chosen.push(picked.clone()),
                        });
                    }
                />
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <DeedDialog title=Signal::derive(move || s.words().give_access().to_owned()) close deed failure ready=Signal::derive(|| true)>
            {whole.map(|whole| view! { <p class="t2">{dynamic(move || s.say(&whole))}</p> })}
            <Field
                name="owner"
                label=w!(s.owner)
                value=owner
                autocomplete="off"
                help=Signal::derive(move || Some(s.words().owner_help().to_owned()))
                failure
                first=true
            />
            <div class="field">
                <span class="field__label">{w!(s.also_seen_by)}</span>
                <span class="seg">{Sharing::ALL.map(choice)}</span>
            </div>
            <Show when=move || sharing.get() == Sharing::Teams>
                {dynamic(move || {
                    let all = teams.get();
                    if all.is_empty() {
                        view! { <p class="t3 sm">{w!(s.no_team_of_yours)}</p> }.into_any()
                    } else {
                        all.into_iter().map(team).collect_view().into_any()
                    }
                })}
            </Show>
        </DeedDialog>
    }
}
