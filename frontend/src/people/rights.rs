//! What somebody may do on each host, and why.

use leptos::prelude::*;
use longshore_api::{
    ops::{Permission, Role},
    web::people::{Account, Rights},
    words::say,
};

use super::page::desk;
use crate::{
    api::{self, Failure},
    parts::{Icon, Trouble, dynamic},
    session::session,
    speech::{speech, w},
};

/// The table of an account.
#[component]
pub(super) fn RightsTable(account: Memo<Option<Account>>, id: StoredValue<String>) -> impl IntoView {
    let s = speech();
    let (desk, session) = (desk(), session());
    let rights = RwSignal::new(Vec::<Rights>::new());
    let failure = RwSignal::new(None::<Failure>);
    Effect::new(move |_| {
        _ = desk.roster.answers();
        let id = id.get_value();
        leptos::task::spawn_local(async move {
            match api::people::rights(&id).await {
                Ok(found) => _ = rights.try_set(found),
                Err(why) => {
                    session.noticed(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    });
    let title =
        move || s.say(&say::what_may(account.get().map(|account| account.display_name).unwrap_or_default()));
    let row = move |of: Rights| {
        let (host, role) = (of.host.clone(), of.role);
        let why = move || match of.grants.first() {
            Some(grant) => desk.tell.reason(grant),
            None => s.words().no_grant().to_owned(),
        };
        let slug = host.clone();
        view! {
            <tr data-rights=host data-role=role.map(Role::code)>
                <th scope="row">
                    <b class="b cut">{dynamic(move || desk.tell.hosts.name(&slug))}</b>
                    <span class="t3 xs">{dynamic(why)}</span>
                </th>
                {cells(role)}
            </tr>
        }
    };
    view! {
        <div class="panel__body people__may">
            <h3>{dynamic(title)}</h3>
            <Trouble failure />
        </div>
        <div class="scrollx" tabindex="0" role="region" aria-label=dynamic(title)>
            <table class="may">
                <thead>
                    <tr>
                        <th scope="col">{w!(s.host)}</th>
                        {heads()}
                    </tr>
                </thead>
                <tbody>{dynamic(move || rights.get().into_iter().map(row).collect_view())}</tbody>
            </table>
        </div>
    }
}

/// The permissions over the columns.
pub(super) fn heads() -> impl IntoView {
    let s = speech();
    Permission::ALL
        .iter()
        .map(|permission| {
            view! { <th scope="col">{dynamic(move || permission.word(s.words()))}</th> }
        })
        .collect_view()
}

/// Which of them a role has.
pub(super) fn cells(role: Option<Role>) -> impl IntoView {
    let s = speech();
    let cell = |permission: &Permission| match role.is_some_and(|role| role.allows(*permission)) {
        true => view! {
            <td class="may__yes">
                <Icon name="check" small=true />
                <span class="sr">{w!(s.yes)}</span>
            </td>
        }
        .into_any(),
        false => view! {
            <td class="t3">
                <span aria-hidden="true">"·"</span>
                <span class="sr">{w!(s.no)}</span>
            </td>
        }
        .into_any(),
    };
    Permission::ALL.iter().map(cell).collect_view()
}
