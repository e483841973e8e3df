//! Grants in words, and days.

use js_sys::Date;
use longshore_api::{
    web::{
        Millis,
        people::{Grant, Scope, Subject},
    },
    words::say,
};

use super::roster::Roster;
use crate::{clock::full_time, shell::Hosts, speech::Speech};

/// The day of a moment, in the reader's zone.
pub(super) fn day(moment: Millis) -> String {
    full_time(moment).chars().take_while(|character| *character != ' ').collect()
}

/// The last second of a day that was picked, in the reader's zone; none where none was.
pub(crate) fn end_of_day(picked: &str) -> Option<Millis> {
    let at = Date::parse(&format!("{picked}T23:59:59"));
    (!picked.is_empty() && at.is_finite()).then_some(at as Millis)
}

/// What is needed to say something about a grant.
#[derive(Clone, Copy)]
pub(super) struct Teller {
    pub(super) s: Speech,
    pub(super) roster: Roster,
    pub(super) hosts: Hosts,
}

impl Teller {
    /// Where a role holds: "on group prod".
    pub(super) fn place(self, scope: &Scope) -> String {
        match scope {
            Scope::Everywhere => self.s.words().scope_everywhere().to_owned(),
            Scope::Group(id) => self.s.say(&say::scope_group(self.roster.group_name(id))),
            Scope::Host(slug) => self.s.say(&say::scope_host(self.hosts.name(slug))),
        }
    }

    /// To whom it was given.
    pub(super) fn whom(self, subject: &Subject) -> String {
        match subject {
            Subject::Everyone => self.s.words().everyone().to_owned(),
            Subject::Account(id) => self.roster.display_name(id),
            Subject::Team(id) => self.s.say(&say::team_name(self.roster.team_name(id))),
        }
    }

    /// Why somebody has a role: "Operator, team Web on group prod".
    pub(super) fn reason(self, grant: &Grant) -> String {
        let role = grant.role.word(self.s.words());
        let place = self.place(&grant.scope);
        let reason = match &grant.subject {
            Subject::Account(_) => say::reason_own(place, role),
            Subject::Everyone | Subject::Team(_) => say::reason_by(place, role, self.whom(&grant.subject)),
        };
        let reason = self.s.say(&reason);
        match grant.ends_at {
            Some(at) => format!("{reason}{}{}", self.s.words().comma(), self.until(at)),
            None => reason,
        }
    }

    /// Until when it holds.
    pub(super) fn until(self, at: Millis) -> String {
        self.s.say(&say::until_day(day(at)))
    }
}
