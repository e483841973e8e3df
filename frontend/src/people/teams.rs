//! Teams: who is in them, who leads them, what they were given.

use leptos::prelude::*;
use longshore_api::{
    web::people::{Member, Subject, Team},
    words::say,
};

use super::{
    grants::GrantLines,
    page::{Over, desk},
};
use crate::{
    api::{self, Failure},
    parts::{DeedDialog, Field, Icon, Show, Trouble, dynamic, each, initials, memo},
    session::session,
    speech::{speech, w},
};

/// All teams; of whoever decides about nothing, those that they lead.
#[component]
pub(super) fn TeamsPart() -> impl IntoView {
    let s = speech();
    let desk = desk();
    let shown = memo(move || {
        let teams = desk.roster.teams().into_iter();
        teams.filter(|team| desk.roster.decides() || desk.roster.leads(team)).map(|team| team.id).collect()
    });
    view! {
        <div class="people__cards">
            {each(move || shown.get(), String::clone, |id| view! { <Card id /> }.into_any())}
        </div>
        <Show when=move || shown.with(Vec::is_empty)>
            <div class="empty">
                <h2>{w!(s.no_teams)}</h2>
                <p>{w!(s.no_teams_next)}</p>
            </div>
        </Show>
    }
}

#[component]
fn Card(id: String) -> impl IntoView {
    let s = speech();
    let (desk, session) = (desk(), session());
    let id = StoredValue::new(id);
    let team = memo(move || id.with_value(|id| desk.roster.team(id)));
    let name = memo(move || team.get().map(|team| team.name).unwrap_or_default());
    let members = memo(move || team.get().map(|team| team.members).unwrap_or_default());
    let leads = memo(move || team.get().is_some_and(|team| desk.roster.leads(&team)));
    let administers = memo(move || desk.roster.administers());
    let subject = Signal::derive(move || Some(Subject::Team(id.get_value())));
    let grants = memo(move || {
        let mut grants = desk.roster.grants();
        grants.retain(|grant| Some(&grant.subject) == subject.get().as_ref());
        grants
    });
    let failure = RwSignal::new(None::<Failure>);
    let ask = move |over: fn(Team) -> Over| {
        if let Some(team) = team.get_untracked() {
            desk.open(over(team));
        }
    };
    let lead = move |member: Member| {
        let id = id.get_value();
        leptos::task::spawn_local(async move {
            match api::people::put_member(&id, &member.name, !member.leader).await {
                Ok(()) => desk.roster.load(),
                Err(why) => {
                    session.noticed(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let line = move |member: Member| {
        let kept = StoredValue::new(member.clone());
        let Member { name, display_name, leader, .. } = member;
        let marked = name.clone();
        let (leading, taking) = (display_name.clone(), display_name.clone());
        let lead_label = move || match leader {
            true => s.say(&say::leader_no_more(&leading)),
            false => s.say(&say::make_leader(&leading)),
        };
        let out_label = move || s.say(&say::take_out_name(&taking));
        view! {
            <li data-member=marked>
                <span class="avatar" aria-hidden="true" data-initials=initials(&display_name)></span>
                <span class="grow cut">
                    <span class="b">{display_name}</span>
                    " "
                    <span class="t3 sm">{name}</span>
                </span>
                {leader.then(|| view! { <span class="badge badge--accent">{w!(s.leader)}</span> })}
                <Show when=move || administers.get()>
                    <button
                        class="btn btn--quiet btn--sm"
                        type="button"
                        data-action="lead"
                        aria-label=dynamic(lead_label.clone())
                        on:click=move |_| lead(kept.get_value())
                    >
                        {if leader { w!(s.leader_no_more_short) } else { w!(s.make_leader_short) }}
                    </button>
                </Show>
                <Show when=move || leads.get()>
                    <button
                        class="btn btn--quiet btn--sm"
                        type="button"
                        data-action="take-out"
                        aria-label=dynamic(out_label.clone())
                        on:click=move |_| {
                            if let Some(team) = team.get_untracked() {
                                desk.open(Over::TakeOut(team, kept.get_value()));
                            }
                        }
                    >
                        {w!(s.take_out)}
                        "…"
                    </button>
                </Show>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="panel" data-team=dynamic(move || name.get())>
            <div class="panel__head">
                <Icon name="team" />
                <h2 class="grow cut">{dynamic(move || name.get())}</h2>
                <Show when=move || leads.get()>
                    <button class="btn btn--sm" type="button" data-action="add-member" on:click=move |_| ask(Over::AddMember)>
                        <Icon name="plus" />
                        {w!(s.add_member)}
                    </button>
                </Show>
                <Show when=move || administers.get()>
                    <button class="btn btn--quiet btn--sm" type="button" data-action="rename-team" on:click=move |_| ask(Over::Rename)>
                        {w!(s.rename)}
                    </button>
                    <button
                        class="btn btn--quiet btn--sm btn--danger-quiet"
                        type="button"
                        data-action="remove-team"
                        on:click=move |_| ask(Over::RemoveTeam)
                    >
                        {w!(s.verb_remove)}
                        "…"
                    </button>
                </Show>
            </div>
            <Trouble failure />
            <ul class="list list--tight">
                {each(move || members.get(), |one| format!("{} {} {}", one.account, one.display_name, one.leader), line)}
            </ul>
            <Show when=move || members.with(Vec::is_empty)>
                <p class="people__none t2">{w!(s.no_members)}</p>
            </Show>
            <Show when=move || desk.roster.decides()>
                <div class="panel__head people__part">
                    <h2 class="grow">{w!(s.grants)}</h2>
                    <button
                        class="btn btn--sm"
                        type="button"
                        data-action="give"
                        on:click=move |_| desk.open(Over::Give(subject.get_untracked()))
                    >
                        <Icon name="plus" />
                        {w!(s.add_grant)}
                    </button>
                </div>
                <GrantLines grants of=subject />
            </Show>
        </section>
    }
}

/// A new team, or another name for one.
#[component]
pub(super) fn TeamDialog(team: Option<Team>, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let name = RwSignal::new(team.as_ref().map(|team| team.name.clone()).unwrap_or_default());
    let id = team.as_ref().map(|team| team.id.clone());
    let deed = desk.deed(move || {
        let (id, name) = (id.clone(), name.get_untracked().trim().to_owned());
        async move {
            match id {
                Some(id) => api::people::rename_team(&id, name).await,
                None => api::people::create_team(name).await.map(drop),
            }
        }
    });
    let title = Signal::derive(move || match &team {
        Some(team) => s.say(&say::verb_name(&team.name, s.words().rename())),
        None => s.words().new_team().to_owned(),
    });
    let ready = Signal::derive(move || name.with(|name| !name.trim().is_empty()));
    view! {
        <DeedDialog title close deed failure ready>
            <Field name="name" label=w!(s.col_name) value=name autocomplete="off" failure first=true />
        </DeedDialog>
    }
}

/// Ends a team, and what it was given.
#[component]
pub(super) fn RemoveTeamDialog(team: Team, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let Team { id, name, members } = team;
    let subject = Subject::Team(id.clone());
    let grants = untrack(|| desk.roster.grants());
    let grants: Vec<_> = grants.into_iter().filter(|grant| grant.subject == subject).collect();
    let goes = move || {
        let line = |grant: &longshore_api::web::people::Grant| {
            view! {
                <li>
                    <Icon name="key" />
                    <span>{desk.tell.reason(grant)}</span>
                </li>
            }
        };
        grants.iter().map(line).collect_view()
    };
    let deed = desk.deed(move || {
        let id = id.clone();
        async move { api::people::remove_team(&id).await }
    });
    let count = members.len();
    let title = Signal::derive(move || s.say(&say::remove_name(&name)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <p class="t2">{dynamic(move || s.say(&say::remove_team_means(count)))}</p>
            <ul class="goes">{dynamic(goes)}</ul>
        </DeedDialog>
    }
}

/// Puts somebody into a team, by the name that they sign in with.
#[component]
pub(super) fn MemberDialog(team: Team, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let name = RwSignal::new(String::new());
    let Team { id, name: called, members } = team;
    let deed = desk.deed(move || {
        let (id, name) = (id.clone(), name.get_untracked().trim().to_owned());
        async move { api::people::put_member(&id, &name, false).await }
    });
    let title = Signal::derive(move || s.say(&say::add_member_to(&called)));
    let ready = Signal::derive(move || name.with(|name| !name.trim().is_empty()));
    // Whoever may see all accounts is offered those that are not in it yet.
    let names = move || {
        let others = desk.roster.accounts().into_iter();
        let others = others.filter(|one| !members.iter().any(|member| member.account == one.id));
        others.map(|one| view! { <option value=one.name>{one.display_name}</option> }).collect_view()
    };
    let help = Signal::derive(move || s.words().member_help().to_owned());
    view! {
        <DeedDialog title close deed failure ready>
            <Field name="member" label=w!(s.user_name) value=name autocomplete="off" list="people-names" help failure first=true />
            <datalist id="people-names">{dynamic(names)}</datalist>
        </DeedDialog>
    }
}

/// Takes somebody out of a team.
#[component]
pub(super) fn TakeOutDialog(team: Team, member: Member, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let Team { id, name, .. } = team;
    let Member { name: who, display_name, .. } = member;
    let deed = desk.deed(move || {
        let (id, who) = (id.clone(), who.clone());
        async move { api::people::take_out(&id, &who).await }
    });
    let title = Signal::derive(move || s.say(&say::take_out_name(&display_name)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <p class="t2">{dynamic(move || s.say(&say::take_out_means(&name)))}</p>
        </DeedDialog>
    }
}
