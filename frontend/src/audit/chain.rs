//! Whether the chain is whole, beside the title: what the last walk along it found, and the button for another.

use leptos::prelude::*;
use longshore_api::{web::audit::AuditCheck, words::say};

use super::words::damage;
use crate::{
    api::{self, Answer},
    clock::{clock, full_time},
    parts::{Icon, Show, dynamic, memo},
    session::session,
    speech::{speech, w},
};

/// The state of the chain.
#[component]
pub(super) fn ChainState() -> impl IntoView {
    let (s, clock, session) = (speech(), clock(), session());
    let check = RwSignal::new(None::<AuditCheck>);
    let asking = RwSignal::new(true);
    let learn = move |answer: Answer<AuditCheck>| {
        _ = asking.try_set(false);
        match answer {
            Ok(found) => _ = check.try_set(Some(found)),
            Err(why) => session.noticed(&why),
        }
    };
    leptos::task::spawn_local(async move { learn(api::audit_checked().await) });
    let again = move |_| {
        asking.set(true);
        leptos::task::spawn_local(async move { learn(api::check_audit().await) });
    };
    let sound = memo(move || check.with(|check| check.as_ref().is_some_and(|check| check.damage.is_empty())));
    let said = move || {
        check.with(|check| {
            let check = check.as_ref()?;
            if let Some(first) = check.damage.first() {
                return Some(s.say(&say::audit_broken(s.say(&damage(first)))));
            }
            let since = check.since.map(full_time).unwrap_or_default();
            let day: String = since.chars().take_while(|c| *c != ' ').collect();
            Some(s.say(&say::audit_intact(s.age(clock.since(check.at)), check.entries, day)))
        })
    };
    view! {
        <span class="row row--1 t2" role="status" data-chain=dynamic(move || match check.with(Option::is_some) {
            false => "unchecked",
            true if sound.get() => "sound",
            true => "broken",
        })>
            <Show when=move || check.with(Option::is_some)>
                <span class=dynamic(move || if sound.get() { "audit__sound" } else { "audit__broken" })>
                    <Icon name=Signal::derive(move || if sound.get() { "check" } else { "warning" }) small=true />
                </span>
                {dynamic(said)}
            </Show>
            <button class="btn btn--sm btn--quiet" type="button" data-action="check-audit" disabled=asking on:click=again>
                {w!(s.audit_check)}
            </button>
        </span>
    }
}
