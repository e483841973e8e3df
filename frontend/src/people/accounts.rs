//! The table of accounts, with the chosen one beside it.

use leptos::prelude::*;
use longshore_api::{
    ops::Role,
    web::people::{Account, AccountKind, Scope, Subject},
    words::say,
};

use super::{address::Address, page::desk, person::Person};
use crate::{
    clock::{clock, full_time},
    parts::{Find, Show, dynamic, each, focus_find, initials, memo},
    places::places,
    shell::page_keys,
    speech::{speech, w},
};

/// The table and the panel.
#[component]
pub(super) fn Accounts(address: Memo<Address>) -> impl IntoView {
    let s = speech();
    let (places, desk) = (places(), desk());
    let text = memo(move || address.with(|address| address.text.clone()));
    let chosen = memo(move || address.with(|address| address.chosen.clone()));
    let typed = move |text: String| places.settle(Address { text, ..address.get_untracked() }.write(places));
    page_keys(move |key, _| match key {
        "/" => {
            focus_find();
            true
        }
        "Escape" if chosen.with_untracked(Option::is_some) => {
            places.go(Address { chosen: None, ..address.get_untracked() }.write(places));
            true
        }
        _ => false,
    });
    let found = move || {
        let wanted = text.get().to_lowercase();
        let fits = |account: &Account| {
            let teams = desk.roster.teams_of(&account.id).into_iter().map(|team| team.name);
            let mut all = format!("{} {}", account.name, account.display_name);
            teams.for_each(|team| all = format!("{all} {team}"));
            let all = all.to_lowercase();
            wanted.split_whitespace().all(|word| all.contains(word))
        };
        desk.roster.accounts().into_iter().filter(fits).map(|account| account.id).collect::<Vec<_>>()
    };
    let found = memo(found);
    view! {
        <div class="bar">
            <Find text hint=w!(s.filter_people) typed />
        </div>
        <div class="people__split" class=("is-chosen", move || chosen.with(Option::is_some))>
            <div class="tblwrap people__list" tabindex="0" role="region" aria-label=w!(s.users)>
                <table class="tbl people__tbl">
                    <colgroup>
                        <col />
                        <col class="people__teams" />
                        <col class="people__by" />
                        <col class="people__state" />
                        <col class="people__seen" />
                    </colgroup>
                    <thead>
                        <tr>
                            <th scope="col">{w!(s.user_one)}</th>
                            <th scope="col" class="people__teams">{w!(s.teams)}</th>
                            <th scope="col" class="people__by">{w!(s.signs_in_by)}</th>
                            <th scope="col">{w!(s.col_state)}</th>
                            <th scope="col" class="num">{w!(s.last_seen)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {each(move || found.get(), String::clone, move |id| view! { <Row id address /> }.into_any())}
                    </tbody>
                </table>
                <Show when=move || found.with(Vec::is_empty)>
                    <p class="people__none t2">{w!(s.nothing_found)}</p>
                </Show>
            </div>
            {dynamic(move || chosen.get().map(|id| view! { <Person id address /> }))}
        </div>
    }
}

#[component]
fn Row(id: String, address: Memo<Address>) -> impl IntoView {
    let s = speech();
    let (places, desk, clock) = (places(), desk(), clock());
    let id = StoredValue::new(id);
    let account = memo(move || id.with_value(|id| desk.roster.account(id)));
    let name = memo(move || account.get().map(|account| account.name).unwrap_or_default());
    let display_name = memo(move || account.get().map(|account| account.display_name).unwrap_or_default());
    let is_service = memo(move || account.get().is_some_and(|account| account.kind == AccountKind::Service));
    let is_chosen = memo(move || address.with(|address| address.chosen == Some(id.get_value())));
    let is_off = memo(move || account.get().is_some_and(|account| account.disabled));
    let everywhere = memo(move || {
        let id = id.get_value();
        let own = desk.roster.grants().into_iter().filter(|grant| {
            grant.scope == Scope::Everywhere && grant.subject == Subject::Account(id.clone())
        });
        own.map(|grant| grant.role).max() == Some(Role::Administrator)
    });
    let teams = move || {
        let role = everywhere.get().then(|| Role::Administrator.word(s.words()).to_owned());
        let teams = id.with_value(|id| desk.roster.teams_of(id)).into_iter().map(|team| team.name);
        role.into_iter().chain(teams).collect::<Vec<_>>().join(s.words().list_comma())
    };
    let by = move || {
        let Account { has_password, totp, providers, .. } = account.get()?;
        let words = s.words();
        let password = match (has_password, totp) {
            (true, true) => Some(words.password_and_code().to_owned()),
            (true, false) => Some(words.password().to_owned()),
            (false, _) => None,
        };
        let all: Vec<String> = password.into_iter().chain(providers).collect();
        (!all.is_empty()).then(|| all.join(words.list_comma()))
    };
    let seen = memo(move || account.get().and_then(|account| account.seen_at));
    let to = move || Address { chosen: Some(id.get_value()), ..address.get() }.write(places);
    let go = move |event: web_sys::MouseEvent| {
        // The link goes by itself.
        if !event.default_prevented() {
            places.go(untrack(to));
        }
    };
    view! {
        <tr
            data-account=dynamic(move || name.get())
            class:is-selected=dynamic(move || is_chosen.get())
            class:is-off=dynamic(move || is_off.get())
            on:click=go
        >
            <td class="people__who">
                <span class="row">
                    <span class="avatar" aria-hidden="true" data-initials=dynamic(move || initials(&display_name.get()))></span>
                    <span class="grow people__names">
                        <a
                            class="tbl__name cut"
                            href=dynamic(to)
                            aria-current=dynamic(move || is_chosen.get().then_some("true"))
                            on:click=move |event| {
                                event.stop_propagation();
                            }
                        >
                            {dynamic(move || display_name.get())}
                        </a>
                        <span class="t3 sm cut">
                            {dynamic(move || match is_service.get() {
                                true => format!("{}{}{}", name.get(), s.words().comma(), s.words().service_account()),
                                false => name.get(),
                            })}
                        </span>
                    </span>
                </span>
            </td>
            <td class="t2 people__teams cut" title=dynamic(teams)>{dynamic(teams)}</td>
            <td class="t2 people__by cut" title=dynamic(by)>{dynamic(by)}</td>
            <td class="people__state"><State account /></td>
            <td class="num t2 people__seen" title=dynamic(move || seen.get().map(full_time))>
                {dynamic(move || match seen.get() {
                    Some(at) => s.age(clock.since(at)),
                    None => s.words().never().to_owned(),
                })}
            </td>
        </tr>
    }
}

/// What is to be known of an account at a glance; nothing where all is as ever.
#[component]
pub(super) fn State(account: Memo<Option<Account>>) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let state = move || {
        let account = account.get()?;
        let (class, text) = if account.disabled {
            ("badge", s.words().account_disabled().to_owned())
        } else if account.kind == AccountKind::Service {
            ("badge badge--line", s.say(&say::n_keys(account.keys)))
        } else if account.unclaimed {
            match account.link_until.map(|until| clock.until(until)).filter(|left| *left > 0) {
                Some(left) => ("badge badge--info", s.say(&say::invited_for(s.age(left)))),
                None => ("badge badge--warn", s.words().invitation_ended().to_owned()),
            }
        } else if account.must_change {
            ("badge badge--warn", s.words().must_change_state().to_owned())
        } else {
            return None;
        };
        Some(view! { <span class=class>{text}</span> })
    };
    view! { {dynamic(state)} }
}
