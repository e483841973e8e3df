//! What a key may do less than its account: a role at most, some hosts, an end.

use leptos::prelude::*;
use longshore_api::{
    ops::Role,
    web::account::{ApiKey, NewApiKey},
    words::say,
};

use crate::{
    api::Failure,
    clock::{clock, full_time},
    parts::{Choice, Field, Show, Ticks},
    people::end_of_day,
    roles::role_options,
    shell::hosts,
    speech::{speech, w},
};

/// The limits of a key to be made.
#[derive(Clone, Copy)]
pub(crate) struct KeyLimits {
    role: RwSignal<String>,
    hosts: RwSignal<Vec<String>>,
    until: RwSignal<String>,
}

impl KeyLimits {
    /// None.
    pub(crate) fn none() -> Self {
        Self {
            role: RwSignal::new(String::new()),
            hosts: RwSignal::new(Vec::new()),
            until: RwSignal::new(String::new()),
        }
    }

    /// What is chosen, for a key that has no name yet.
    pub(crate) fn read(self) -> NewApiKey {
        untrack(|| NewApiKey {
            name: String::new(),
            role: Role::of(&self.role.get()),
            hosts: self.hosts.get(),
            ends_at: end_of_day(&self.until.get()),
        })
    }

    /// Back to none, for the next key.
    pub(crate) fn clear(self) {
        self.role.try_set(String::new());
        self.hosts.try_set(Vec::new());
        self.until.try_set(String::new());
    }
}

/// The fields.
#[component]
pub(crate) fn KeyLimitFields(
    /// What is chosen.
    limits: KeyLimits,
    /// What the server said last.
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let roles = Signal::derive(move || role_options(Some(s.words().key_all_rights()), s.words()));
    let options = Signal::derive(move || {
        hosts.all().into_iter().map(|host| (host.slug, host.name)).collect::<Vec<_>>()
    });
    view! {
        <Choice name="role" label=w!(s.key_role) options=roles value=limits.role />
        <Show when=move || options.with(|options| !options.is_empty())>
            <Ticks
                name="hosts"
                label=w!(s.key_hosts)
                options
                ticked=limits.hosts
                help=Signal::derive(move || s.words().key_hosts_help())
            />
        </Show>
        <Field
            name="ends_at"
            kind="date"
            label=w!(s.grant_until)
            note=Signal::derive(move || s.words().optional())
            value=limits.until
            autocomplete="off"
            failure
        />
    }
}

/// How far a key reaches, until when, and when it was used last.
pub(crate) fn key_facts(key: &ApiKey) -> impl Fn() -> String + Send + Sync + Clone + use<> {
    let s = speech();
    let (clock, hosts) = (clock(), hosts());
    let (role, on, ends_at, used_at) = (key.role, key.hosts.clone(), key.ends_at, key.used_at);
    move || {
        let used = match used_at {
            Some(at) => s.say(&say::key_used(s.age(clock.since(at)))),
            None => s.words().key_unused().to_owned(),
        };
        let most = role.map(|role| s.say(&say::key_at_most(role.word(s.words()))));
        let names: Vec<String> = on.iter().map(|slug| hosts.name(slug)).collect();
        let only = (!names.is_empty()).then(|| s.say(&say::key_only_on(names.join(s.words().list_comma()))));
        let ends = ends_at.map(|at| {
            let day: String = full_time(at).chars().take_while(|character| *character != ' ').collect();
            match clock.until(at) {
                0 => s.say(&say::ended_day(day)),
                _ => s.say(&say::until_day(day)),
            }
        });
        most.into_iter()
            .chain(only)
            .chain(ends)
            .chain([used])
            .collect::<Vec<_>>()
            .join(s.words().list_comma())
    }
}
