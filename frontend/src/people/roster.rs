//! What the page holds: everybody, asked for again after each change and now and then.

use std::time::Duration;

use leptos::prelude::*;
use longshore_api::web::people::{Account, Grant, HostGroup, People, Subject, Team};

use crate::{
    api::{self, Failure},
    session::{Session, session},
};

/// What others changed meanwhile is seen after so long.
const AGAIN: Duration = Duration::from_secs(15);

/// Everybody, in the context of the page.
#[derive(Clone, Copy)]
pub(super) struct Roster {
    people: RwSignal<Option<People>>,
    failure: RwSignal<Option<Failure>>,
    /// Counts the answers: what hangs on an account is asked for again with each.
    answers: RwSignal<u32>,
    session: Session,
}

impl Roster {
    /// Begins to ask, for as long as the page is shown.
    pub(super) fn start() -> Self {
        let roster = Self {
            people: RwSignal::new(None),
            failure: RwSignal::new(None),
            answers: RwSignal::new(0),
            session: session(),
        };
        // Anew when the rights of whoever looks have changed: they may see more now, or less.
        Effect::new(move |_| {
            _ = roster.decides();
            roster.load();
        });
        if let Ok(asking) = set_interval_with_handle(move || roster.load(), AGAIN) {
            on_cleanup(move || asking.clear());
        }
        roster
    }

    /// Whether the person decides about rights anywhere; others only see their own teams.
    pub(super) fn decides(self) -> bool {
        self.session.may_somewhere(longshore_api::ops::Permission::Administer)
    }

    /// Asks again.
    pub(super) fn load(self) {
        let decides = untrack(|| self.decides());
        leptos::task::spawn_local(async move {
            let answer = match decides {
                true => api::people::people().await,
                false => api::people::teams().await.map(|teams| People { teams, ..People::default() }),
            };
            match answer {
                Ok(people) => {
                    if self.people.try_set(Some(people)).is_none() {
                        self.failure.try_set(None);
                        self.answers.try_update(|answers| *answers += 1);
                    }
                }
                Err(why) => {
                    self.session.noticed(&why);
                    self.failure.try_set(Some(why));
                }
            }
        });
    }

    /// Whether there was an answer.
    pub(super) fn is_here(self) -> bool {
        self.people.with(Option::is_some)
    }

    /// Why there is none.
    pub(super) fn failure(self) -> RwSignal<Option<Failure>> {
        self.failure
    }

    /// Tracked where something is to be asked for again with each answer.
    pub(super) fn answers(self) -> u32 {
        self.answers.get()
    }

    /// Whether the person looks after Longshore as a whole.
    pub(super) fn administers(self) -> bool {
        self.session.administers()
    }

    /// The id of whoever looks.
    pub(super) fn me(self) -> String {
        self.session.user().map(|user| user.id).unwrap_or_default()
    }

    fn look<T: Default>(self, look: impl FnOnce(&People) -> T) -> T {
        self.people.with(|people| people.as_ref().map(look).unwrap_or_default())
    }

    /// Accounts, by name.
    pub(super) fn accounts(self) -> Vec<Account> {
        self.look(|people| people.accounts.clone())
    }

    /// One of them.
    pub(super) fn account(self, id: &str) -> Option<Account> {
        self.look(|people| people.accounts.iter().find(|account| account.id == id).cloned())
    }

    /// Teams, by name.
    pub(super) fn teams(self) -> Vec<Team> {
        self.look(|people| people.teams.clone())
    }

    /// One of them.
    pub(super) fn team(self, id: &str) -> Option<Team> {
        self.look(|people| people.teams.iter().find(|team| team.id == id).cloned())
    }

    /// Those that an account is in.
    pub(super) fn teams_of(self, account: &str) -> Vec<Team> {
        let is_in = |team: &&Team| team.members.iter().any(|member| member.account == account);
        self.look(|people| people.teams.iter().filter(is_in).cloned().collect())
    }

    /// Whether whoever looks may put others into a team.
    pub(super) fn leads(self, team: &Team) -> bool {
        let me = self.me();
        self.administers() || team.members.iter().any(|member| member.leader && member.account == me)
    }

    /// Host groups, by name.
    pub(super) fn groups(self) -> Vec<HostGroup> {
        self.look(|people| people.groups.clone())
    }

    /// One of them.
    pub(super) fn group(self, id: &str) -> Option<HostGroup> {
        self.look(|people| people.groups.iter().find(|group| group.id == id).cloned())
    }

    /// Grants, the oldest first.
    pub(super) fn grants(self) -> Vec<Grant> {
        self.look(|people| people.grants.clone())
    }

    /// Those that an account has, itself, through its teams, or as everybody.
    pub(super) fn grants_of(self, account: &str) -> Vec<Grant> {
        let teams: Vec<String> = self.teams_of(account).into_iter().map(|team| team.id).collect();
        let reaches = |grant: &Grant| match &grant.subject {
            Subject::Everyone => true,
            Subject::Account(id) => id == account,
            Subject::Team(id) => teams.contains(id),
        };
        self.grants().into_iter().filter(reaches).collect()
    }

    /// What a team is called.
    pub(super) fn team_name(self, id: &str) -> String {
        self.team(id).map(|team| team.name).unwrap_or_default()
    }

    /// What a host group is called.
    pub(super) fn group_name(self, id: &str) -> String {
        self.group(id).map(|group| group.name).unwrap_or_default()
    }

    /// What pages call an account.
    pub(super) fn display_name(self, id: &str) -> String {
        self.account(id).map(|account| account.display_name).unwrap_or_default()
    }
}
