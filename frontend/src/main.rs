//! The pages: a client-side app. It loads, shows what the server says, live, and asks the server to act.
//!
//! Nothing here decides what a person may do; the server does, for every call. Nothing builds HTML from text.

// The component macro writes `pub` items into private modules.
#![allow(unreachable_pub)]

mod access;
mod account;
mod api;
mod app;
mod audit;
mod browser;
mod chunks;
mod clock;
mod console;
mod container;
mod containers;
mod create;
mod disk;
mod door;
mod events;
mod explain;
mod history;
mod home;
mod jobs;
mod json;
mod live;
mod logs;
mod parts;
mod people;
mod places;
mod quay;
mod roles;
mod session;
mod sharing;
mod shell;
mod shelves;
mod speech;
mod stacks;
mod styles;
mod templates;
mod theme;
mod who_may;

fn main() {
    // Leptos has no executor before it is mounted.
    wasm_bindgen_futures::spawn_local(async {
        #[cfg(target_family = "wasm")]
        longshore_api::words::early::report(|key| {
            leptos::logging::error!("{key} is said before its words are fetched: assets/locales/first.txt")
        });
        if !speech::learn(speech::first(), longshore_api::words::Part::First).await {
            // Without words the page can only show what the server wrote into it in every language.
            browser::say_unloaded();
            return;
        }
        browser::end_waiting();
        leptos::mount::mount_to_body(app::App);
    });
}
