//! The chosen account: what it may do and why, and what can be done about it.

use leptos::prelude::*;
use longshore_api::{
    web::people::{Account, AccountKind, EditAccount, Subject},
    words::say,
};

use super::{
    accounts::State,
    address::Address,
    grants::GrantLines,
    identities::Identities,
    keys::Keys,
    page::{Over, desk, to_list},
    rights::RightsTable,
    sessions::Sessions,
    shown::Shown,
};
use crate::{
    api::{self, Failure},
    parts::{DeedDialog, Field, Icon, Menu, Show, Trouble, dynamic, initials, memo},
    places::places,
    session::session,
    speech::{speech, w},
};

/// The panel.
#[component]
pub(super) fn Person(id: String, address: Memo<Address>) -> impl IntoView {
    let s = speech();
    let (places, desk) = (places(), desk());
    let id = StoredValue::new(id);
    let account = memo(move || id.with_value(|id| desk.roster.account(id)));
    let name = memo(move || account.get().map(|account| account.name).unwrap_or_default());
    let display_name = memo(move || account.get().map(|account| account.display_name).unwrap_or_default());
    let there = memo(move || account.with(Option::is_some));
    let administers = memo(move || desk.roster.administers());
    let more = move || {
        let led = |team: longshore_api::web::people::Team| {
            let leads =
                team.members.iter().any(|member| member.leader && id.with_value(|id| *id == member.account));
            if leads { s.say(&say::leads_team(&team.name)) } else { team.name }
        };
        let teams: Vec<String> = id.with_value(|id| desk.roster.teams_of(id)).into_iter().map(led).collect();
        let service = account.get().is_some_and(|account| account.kind == AccountKind::Service);
        let service = service.then(|| s.words().service_account().to_owned());
        let totp = account.get().is_some_and(|account| account.totp);
        let totp = totp.then(|| s.words().two_factor().to_owned());
        std::iter::once(name.get())
            .chain(service)
            .chain(totp)
            .chain(teams)
            .collect::<Vec<_>>()
            .join(s.words().list_comma())
    };
    let back = move || Address { chosen: None, ..address.get() }.write(places);
    view! {
        <section class="panel people__one" data-person=dynamic(move || name.get()) aria-label=dynamic(move || display_name.get())>
            <div class="panel__head">
                <span class="avatar" aria-hidden="true" data-initials=dynamic(move || initials(&display_name.get()))></span>
                <div class="grow people__names">
                    <h2 class="cut">
                        {dynamic(move || match there.get() {
                            true => display_name.get(),
                            false => s.say(&say::account_unknown()),
                        })}
                    </h2>
                    <span class="t3 sm cut">{dynamic(more)}</span>
                </div>
                <State account />
                <Show when=move || administers.get() && there.get()>
                    <Actions account />
                </Show>
                <a class="btn btn--quiet btn--sm btn--icon" href=dynamic(back) data-action="close-person" aria-label=w!(s.close) title=w!(s.close)>
                    <Icon name="close" />
                </a>
            </div>
            <Show when=move || there.get()>
                <RightsTable account id />
                <div class="panel__head people__part">
                    <h2 class="grow">{w!(s.grants)}</h2>
                    <button
                        class="btn btn--sm"
                        type="button"
                        data-action="give"
                        on:click=move |_| desk.open(Over::Give(Some(Subject::Account(id.get_value()))))
                    >
                        <Icon name="plus" />
                        {w!(s.add_grant)}
                    </button>
                </div>
                <GrantLines
                    grants=memo(move || id.with_value(|id| desk.roster.grants_of(id)))
                    of=Signal::derive(move || Some(Subject::Account(id.get_value())))
                />
                <Show when=move || administers.get()>
                    <Show when=move || account.get().is_some_and(|account| account.kind == AccountKind::Person)>
                        <Identities account id />
                        <Sessions account id />
                    </Show>
                    <Keys account id />
                </Show>
            </Show>
        </section>
    }
}

/// What an administrator can do about an account.
#[component]
fn Actions(account: Memo<Option<Account>>) -> impl IntoView {
    let s = speech();
    let (desk, session) = (desk(), session());
    let failure = RwSignal::new(None::<Failure>);
    let ask = move |over: fn(Account) -> Over| {
        if let Some(account) = account.get_untracked() {
            desk.open(over(account));
        }
    };
    let edit = move |edit: EditAccount| {
        let Some(account) = account.get_untracked() else { return };
        leptos::task::spawn_local(async move {
            match api::people::edit(&account.id, &edit).await {
                Ok(()) => desk.roster.load(),
                Err(why) => {
                    session.noticed(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let new_link = move |_| {
        let Some(account) = account.get_untracked() else { return };
        leptos::task::spawn_local(async move {
            match api::people::new_link(&account.id).await {
                Ok(link) => {
                    desk.roster.load();
                    if let Some(shown) = Shown::of(account.display_name, link) {
                        desk.show(shown);
                    }
                }
                Err(why) => {
                    session.noticed(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let is_person = memo(move || account.get().is_some_and(|account| account.kind == AccountKind::Person));
    let disabled = memo(move || account.get().is_some_and(|account| account.disabled));
    let must_change = memo(move || account.get().is_some_and(|account| account.must_change));
    let totp = memo(move || account.get().is_some_and(|account| account.totp));
    let has_password = memo(move || account.get().is_some_and(|account| account.has_password));
    let label = move || s.words().more_actions().to_owned();
    view! {
        <button class="btn btn--sm" type="button" data-action="edit-person" on:click=move |_| ask(Over::Edit)>
            {w!(s.edit)}
        </button>
        <Menu class="btn btn--quiet btn--sm btn--icon" label=Signal::derive(label) button=move || view! { <Icon name="more" /> }>
            <Show when=move || is_person.get() && !disabled.get()>
                <button class="menu__item" type="button" role="menuitem" data-action="new-link" on:click=new_link>
                    <Icon name="link" />
                    {w!(s.new_link)}
                </button>
            </Show>
            <Show when=move || has_password.get() && !must_change.get()>
                <button class="menu__item" type="button" role="menuitem" data-action="must-change" on:click=move |_| ask(Over::MustChange)>
                    <Icon name="key" />
                    {w!(s.force_password)}
                    "…"
                </button>
            </Show>
            <Show when=move || must_change.get()>
                <button
                    class="menu__item"
                    type="button"
                    role="menuitem"
                    data-action="need-not-change"
                    on:click=move |_| edit(EditAccount { must_change: Some(false), ..EditAccount::default() })
                >
                    <Icon name="key" />
                    {w!(s.force_password_not)}
                </button>
            </Show>
            <Show when=move || totp.get()>
                <button class="menu__item" type="button" role="menuitem" data-action="totp-remove" on:click=move |_| ask(Over::RemoveTotp)>
                    <Icon name="shield" />
                    {w!(s.two_factor_off)}
                    "…"
                </button>
            </Show>
            <Show
                when=move || disabled.get()
                fallback=move || view! {
                    <button class="menu__item" type="button" role="menuitem" data-action="disable" on:click=move |_| ask(Over::Disable)>
                        <Icon name="lock" />
                        {w!(s.disable)}
                        "…"
                    </button>
                }
            >
                <button
                    class="menu__item"
                    type="button"
                    role="menuitem"
                    data-action="enable"
                    on:click=move |_| edit(EditAccount { disabled: Some(false), ..EditAccount::default() })
                >
                    <Icon name="check" />
                    {w!(s.enable)}
                </button>
            </Show>
            <button
                class="menu__item menu__item--danger"
                type="button"
                role="menuitem"
                data-action="remove-person"
                on:click=move |_| ask(Over::Remove)
            >
                <Icon name="trash" />
                {w!(s.verb_remove)}
                "…"
            </button>
        </Menu>
        <Trouble failure />
    }
}

/// What pages call somebody.
#[component]
pub(super) fn EditDialog(account: Account, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let display_name = RwSignal::new(account.display_name.clone());
    let id = account.id.clone();
    let deed = desk.deed(move || {
        let id = id.clone();
        let edit = EditAccount { display_name: Some(display_name.get_untracked()), ..EditAccount::default() };
        async move { api::people::edit(&id, &edit).await }
    });
    let title = Signal::derive(move || s.say(&say::edit_name(&account.display_name)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true)>
            <Field name="display_name" label=w!(s.display_name) value=display_name autocomplete="off" failure first=true />
        </DeedDialog>
    }
}

/// Shuts the doors of an account.
#[component]
pub(super) fn DisableDialog(account: Account, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let Account { id, display_name, sessions, keys, .. } = account;
    let deed = desk.deed(move || {
        let id = id.clone();
        let edit = EditAccount { disabled: Some(true), ..EditAccount::default() };
        async move { api::people::edit(&id, &edit).await }
    });
    let title = Signal::derive(move || s.say(&say::disable_name(&display_name)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <p class="t2">{dynamic(move || s.say(&say::disable_means(keys, sessions)))}</p>
        </DeedDialog>
    }
}

/// Wants a new password of somebody.
#[component]
pub(super) fn MustChangeDialog(account: Account, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let Account { id, display_name, .. } = account;
    let deed = desk.deed(move || {
        let id = id.clone();
        let edit = EditAccount { must_change: Some(true), ..EditAccount::default() };
        async move { api::people::edit(&id, &edit).await }
    });
    let title = Signal::derive(move || s.say(&say::force_password_of(&display_name)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true)>
            <p class="t2">{w!(s.force_password_means)}</p>
        </DeedDialog>
    }
}

/// Turns two-factor authentication off for somebody who has lost every code.
#[component]
pub(super) fn RemoveTotpDialog(account: Account, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let Account { id, display_name, .. } = account;
    let deed = desk.deed(move || {
        let id = id.clone();
        async move { api::people::remove_totp(&id).await }
    });
    let title = Signal::derive(move || s.say(&say::two_factor_off_for(&display_name)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <p class="t2">{w!(s.two_factor_remove_means)}</p>
        </DeedDialog>
    }
}

/// Removes an account with all that hangs on it.
#[component]
pub(super) fn RemovePersonDialog(account: Account, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let (desk, places) = (desk(), places());
    let failure = RwSignal::new(None::<Failure>);
    let Account { id, display_name, sessions, keys, .. } = account;
    let (grants, teams) = untrack(|| {
        let own = desk.roster.grants().into_iter();
        let own: Vec<_> = own.filter(|grant| grant.subject == Subject::Account(id.clone())).collect();
        (own, desk.roster.teams_of(&id))
    });
    let goes = move || {
        let grants = grants.iter().map(|grant| ("key", desk.tell.reason(grant)));
        let teams = teams.iter().map(|team| ("team", s.say(&say::place_in_team(&team.name))));
        let sessions = (sessions > 0).then(|| ("user", s.say(&say::n_sessions(sessions))));
        let keys = (keys > 0).then(|| ("key", s.say(&say::n_keys(keys))));
        let line = |(icon, text): (&'static str, String)| {
            view! {
                <li>
                    <Icon name=icon />
                    <span>{text}</span>
                </li>
            }
        };
        grants.chain(teams).chain(sessions).chain(keys).map(line).collect_view()
    };
    let deed = desk.deed(move || {
        let id = id.clone();
        async move {
            api::people::remove(&id).await?;
            to_list(places);
            Ok(())
        }
    });
    let title = Signal::derive(move || s.say(&say::remove_name(&display_name)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <p class="t2">{w!(s.remove_person_means)}</p>
            <ul class="goes">{dynamic(goes)}</ul>
        </DeedDialog>
    }
}
