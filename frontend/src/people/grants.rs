//! Grants: a role, given to somebody somewhere. And what each role may do.

use leptos::prelude::*;
use longshore_api::{
    ops::{Permission, Role},
    web::people::{Grant, NewGrant, Scope, Subject},
    words::say,
};

use super::{
    page::{Desk, Over, desk},
    rights::{cells, heads},
    words::{day, end_of_day},
};
use crate::{
    api::{self, Failure},
    parts::{Choice, DeedDialog, Field, Icon, Show, dynamic, each},
    roles::{role_more, role_options},
    session::{Session, session},
    speech::{Speech, speech, w},
};

/// Whether whoever looks may give and take roles there.
fn may_decide(session: Session, scope: &Scope) -> bool {
    match scope {
        Scope::Host(host) => session.may(host, Permission::Administer),
        Scope::Everywhere | Scope::Group(_) => session.administers(),
    }
}

/// Grants of one subject, or on one place, each a line.
#[component]
pub(super) fn GrantLines(
    /// The grants.
    grants: Memo<Vec<Grant>>,
    /// Whose list it is: what comes to them by others is only told.
    #[prop(into)]
    of: Signal<Option<Subject>>,
) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let line = move |grant: Grant| {
        let (role, scope, subject) = (grant.role, grant.scope.clone(), grant.subject.clone());
        let own = of.with_untracked(|of| of.is_none() || *of == Some(subject.clone()));
        let by = subject.clone();
        let grant = StoredValue::new(grant);
        let ends_at = grant.with_value(|grant| grant.ends_at);
        view! {
            <li data-grant=role.code()>
                <span class="badge badge--accent">{dynamic(move || role.word(s.words()))}</span>
                <span>{dynamic(move || desk.tell.place(&scope))}</span>
                {ends_at.map(|at| view! { <span class="t3 sm">{dynamic(move || desk.tell.until(at))}</span> })}
                <span class="end row">
                    {(!own).then(|| view! { <span class="t3 sm">{dynamic(move || by_whom(s, desk, &by))}</span> })}
                    {own.then(|| view! { <TakeAway grant /> })}
                </span>
            </li>
        }
        .into_any()
    };
    view! {
        <ul class="list list--tight">{each(move || grants.get(), |grant| grant.id.clone(), line)}</ul>
        <Show when=move || grants.with(Vec::is_empty)>
            <p class="people__none t2">{w!(s.no_grants)}</p>
        </Show>
    }
}

fn by_whom(s: Speech, desk: Desk, subject: &Subject) -> String {
    match subject {
        Subject::Team(id) => s.say(&say::through_team(desk.roster.team_name(id))),
        other => desk.tell.whom(other),
    }
}

/// The way to take a grant away, for whoever may.
#[component]
fn TakeAway(grant: StoredValue<Grant>) -> impl IntoView {
    let s = speech();
    let (desk, session) = (desk(), session());
    let label = move || s.say(&say::take_away_name(grant.with_value(|grant| desk.tell.reason(grant))));
    view! {
        <Show when=move || grant.with_value(|grant| may_decide(session, &grant.scope))>
            <button
                class="btn btn--quiet btn--sm"
                type="button"
                data-action="take-away"
                aria-label=dynamic(label)
                on:click=move |_| desk.open(Over::TakeAway(grant.get_value()))
            >
                {w!(s.take_away)}
                "…"
            </button>
        </Show>
    }
}

/// All grants, and what each role may do.
#[component]
pub(super) fn GrantsPart() -> impl IntoView {
    let s = speech();
    let (desk, session) = (desk(), session());
    let row = move |grant: Grant| {
        let role = grant.role;
        let grant = StoredValue::new(grant);
        let whom = move || grant.with_value(|grant| desk.tell.whom(&grant.subject));
        let place = move || grant.with_value(|grant| desk.tell.place(&grant.scope));
        let ends = move || grant.with_value(|grant| grant.ends_at).map(day);
        let by = grant.with_value(|grant| grant.created_by.clone());
        view! {
            <tr data-grant=role.code()>
                <td class="b cut">{dynamic(whom)}</td>
                <td><span class="badge badge--accent">{dynamic(move || role.word(s.words()))}</span></td>
                <td>{dynamic(place)}</td>
                <td class="t2">{dynamic(ends)}</td>
                <td class="t2">{by}</td>
                <td class="num">
                    <TakeAway grant />
                </td>
            </tr>
        }
        .into_any()
    };
    let none = move || desk.roster.grants().is_empty();
    view! {
        <div class="people__col">
            // Who decides about a host only finds the button here.
            <Show when=move || !session.administers()>
                <div class="bar">
                    <button class="btn btn--primary" type="button" data-action="create" on:click=move |_| desk.open(Over::Give(None))>
                        <Icon name="plus" />
                        {w!(s.give_role)}
                    </button>
                </div>
            </Show>
            <div class="tblwrap" tabindex="0" role="region" aria-label=w!(s.grants)>
                <table class="tbl people__grants">
                    <thead>
                        <tr>
                            <th scope="col">{w!(s.grant_whom)}</th>
                            <th scope="col">{w!(s.role)}</th>
                            <th scope="col">{w!(s.grant_where)}</th>
                            <th scope="col">{w!(s.grant_until)}</th>
                            <th scope="col">{w!(s.grant_by)}</th>
                            <th scope="col"><span class="sr">{w!(s.actions)}</span></th>
                        </tr>
                    </thead>
                    <tbody>{each(move || desk.roster.grants(), |grant| grant.id.clone(), row)}</tbody>
                </table>
                <Show when=none>
                    <p class="people__none t2">{w!(s.no_grants)}</p>
                </Show>
            </div>
            <section class="panel">
                <div class="panel__head">
                    <h2>{w!(s.what_roles_may)}</h2>
                </div>
                <div class="scrollx" tabindex="0" role="region" aria-label=w!(s.what_roles_may)>
                    <table class="may">
                        <thead>
                            <tr>
                                <th scope="col">{w!(s.role)}</th>
                                {heads()}
                            </tr>
                        </thead>
                        <tbody>
                            {Role::ALL
                                .iter()
                                .map(|role| view! {
                                    <tr>
                                        <th scope="row">
                                            <b class="b">{dynamic(move || role.word(s.words()))}</b>
                                            <span class="t3 xs may__more">{dynamic(move || role_more(*role, s.words()))}</span>
                                        </th>
                                        {cells(Some(*role))}
                                    </tr>
                                })
                                .collect_view()}
                        </tbody>
                    </table>
                </div>
            </section>
        </div>
    }
}

/// Places in which whoever looks may give roles, as options; the value tells them apart.
pub(super) fn scope_options(desk: Desk, session: Session) -> Vec<(String, String)> {
    let mut out = Vec::new();
    if session.administers() {
        out.push(("*".to_owned(), desk.tell.place(&Scope::Everywhere)));
        out.extend(
            desk.roster.groups().into_iter().map(|group| {
                (format!("group/{}", group.id), desk.tell.place(&Scope::Group(group.id.clone())))
            }),
        );
    }
    let hosts = desk.tell.hosts.all().into_iter();
    let hosts = hosts.filter(|host| session.may(&host.slug, Permission::Administer));
    out.extend(
        hosts.map(|host| (format!("host/{}", host.slug), desk.tell.place(&Scope::Host(host.slug.clone())))),
    );
    out
}

/// The place of an option.
pub(super) fn scope_of(value: &str) -> Option<Scope> {
    match value.split_once('/') {
        Some(("group", id)) => Some(Scope::Group(id.to_owned())),
        Some(("host", slug)) => Some(Scope::Host(slug.to_owned())),
        _ if value == "*" => Some(Scope::Everywhere),
        _ => None,
    }
}

fn subject_options(desk: Desk) -> Vec<(String, String)> {
    let teams = desk.roster.teams().into_iter();
    let teams = teams.map(|team| {
        let id = team.id;
        (format!("team/{id}"), desk.tell.whom(&Subject::Team(id)))
    });
    let accounts = desk.roster.accounts().into_iter();
    let accounts = accounts.map(|account| (format!("account/{}", account.id), account.display_name));
    let everyone = ("*".to_owned(), desk.tell.whom(&Subject::Everyone));
    std::iter::once(everyone).chain(teams).chain(accounts).collect()
}

fn subject_of(value: &str) -> Option<Subject> {
    match value.split_once('/') {
        Some(("team", id)) => Some(Subject::Team(id.to_owned())),
        Some(("account", id)) => Some(Subject::Account(id.to_owned())),
        _ if value == "*" => Some(Subject::Everyone),
        _ => None,
    }
}

/// What the chosen role may do.
pub(super) fn role_help(s: Speech, role: RwSignal<String>) -> Option<String> {
    let role = Role::of(&role.get())?;
    Some(role_more(role, s.words()).to_owned())
}

/// Gives a role.
#[component]
pub(super) fn GiveDialog(subject: Option<Subject>, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let (desk, session) = (desk(), session());
    let failure = RwSignal::new(None::<Failure>);
    let scopes = Signal::derive(move || scope_options(desk, session));
    let first = scopes.with_untracked(|scopes| scopes.first().map(|(value, _)| value.clone()));
    let scope = RwSignal::new(first.unwrap_or_default());
    let role = RwSignal::new(Role::Viewer.code().to_owned());
    let ends = RwSignal::new(String::new());
    let to = RwSignal::new(String::new());
    let fixed = subject.clone();
    let whom = move || match &fixed {
        Some(subject) => Some(subject.clone()),
        None => to.with(|to| subject_of(to)),
    };
    let whom = Signal::derive(whom);
    let grant = move || {
        Some(NewGrant {
            subject: whom.get()?,
            scope: scope.with(|scope| scope_of(scope))?,
            role: role.with(|role| Role::of(role))?,
            ends_at: end_of_day(&ends.get()),
        })
    };
    let deed = desk.deed(move || {
        let grant = untrack(grant);
        async move {
            match grant {
                Some(grant) => api::people::give(&grant).await.map(drop),
                None => Ok(()),
            }
        }
    });
    let is_fixed = subject.is_some();
    let title = Signal::derive(move || match (is_fixed, whom.get()) {
        (true, Some(subject)) => s.say(&say::give_role_to(desk.tell.whom(&subject))),
        _ => s.words().give_role().to_owned(),
    });
    let subjects = Signal::derive(move || {
        let none = (String::new(), s.words().choose().to_owned());
        std::iter::once(none).chain(subject_options(desk)).collect()
    });
    let roles = Signal::derive(move || role_options(None, s.words()));
    let optional = Signal::derive(move || s.words().optional());
    view! {
        <DeedDialog title close deed failure ready=Signal::derive(move || grant().is_some())>
            {(!is_fixed).then(|| view! { <Choice name="subject" label=w!(s.grant_whom) options=subjects value=to /> })}
            <Choice name="scope" label=w!(s.grant_where) options=scopes value=scope />
            <Choice name="role" label=w!(s.role) options=roles value=role help=Signal::derive(move || role_help(s, role)) />
            <Field name="ends_at" kind="date" label=w!(s.grant_until) note=optional value=ends autocomplete="off" failure />
        </DeedDialog>
    }
}

/// Takes a role away.
#[component]
pub(super) fn TakeAwayDialog(grant: Grant, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let id = grant.id.clone();
    let deed = desk.deed(move || {
        let id = id.clone();
        async move { api::people::take_away(&id).await }
    });
    let Grant { subject, scope, role, .. } = grant;
    let title = Signal::derive(move || s.say(&say::take_away_name(role.word(s.words()))));
    let line = move || s.say(&say::role_of_whom(desk.tell.place(&scope), role.word(s.words())));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <ul class="goes">
                <li>
                    <Icon name="key" />
                    <span class="cut">{dynamic(line)}</span>
                    <span class="end">{dynamic(move || desk.tell.whom(&subject))}</span>
                </li>
            </ul>
            <p class="t2">{w!(s.take_away_means)}</p>
        </DeedDialog>
    }
}
