//! Events in words: what the engine calls `die` is "exited 137" to people. What we have no word for stands as it is.

use leptos::prelude::*;
use longshore_api::{web::event::Event, words::say};

use crate::{browser, speech::Speech};

/// What happened, said after the name of the object.
pub(crate) fn happened(event: &Event, s: Speech) -> String {
    let words = s.words();
    let word = match (event.kind.as_str(), event.action.as_str()) {
        ("container", "die") => {
            return match event.exit_code {
                Some(code) => s.say(&say::event_exited(code)),
                None => words.event_die().to_owned(),
            };
        }
        ("container", "start") => words.event_start(),
        ("container", "stop") => words.event_stop(),
        ("container", "kill") => words.event_kill(),
        ("container", "restart") => words.event_restart(),
        ("container", "pause") => words.event_pause(),
        ("container", "unpause") => words.event_unpause(),
        ("container", "oom") => words.event_oom(),
        ("container", "health_status: healthy") => words.event_healthy(),
        ("container", "health_status: unhealthy") => words.event_unhealthy(),
        (_, "create") => words.event_create(),
        (_, "destroy" | "remove" | "delete") => words.event_remove(),
        (_, "pull") => words.event_pull(),
        (_, "rename") => words.event_rename(),
        (_, "update") => words.event_update(),
        ("network", "connect") => words.event_connect(),
        ("network", "disconnect") => words.event_disconnect(),
        _ => return event.action.clone(),
    };
    word.to_owned()
}

/// The mark of an event: that of the state it leads to, else a dot.
pub(crate) fn mark(event: &Event) -> &'static str {
    if event.kind == "host" {
        return "unknown";
    }
    if event.kind != "container" {
        return "note";
    }
    match event.action.as_str() {
        "start" | "unpause" | "restart" => "running",
        "health_status: healthy" => "healthy",
        "health_status: unhealthy" => "unhealthy",
        // 137 and 143 are how stops end; a lack of memory has an event of its own.
        "die" if event.exit_code.is_some_and(|code| !matches!(code, 0 | 137 | 143)) => "failed",
        "die" | "destroy" | "stop" => "exited",
        "oom" => "failed",
        "pause" => "paused",
        "create" => "created",
        _ => "note",
    }
}

/// The mark of an event.
#[component]
pub(crate) fn EventMark(event: Event) -> impl IntoView {
    let mark = mark(&event);
    view! {
        <svg class=format!("mark c-{mark}") aria-hidden="true">
            <use href=browser::icon(&format!("m-{mark}")) />
        </svg>
    }
}
