//! The browser's history: where it is, and how it gets elsewhere without a load. A page is shown when its code is
//! there, and the one before stays until then.

use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent, UrlSearchParams};

use crate::{browser, places::Page};

/// Where the browser is: what the pages need to know of it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Location {
    path: String,
    /// With its `?`, or empty.
    query: String,
}

impl Location {
    /// That of the address bar.
    fn current() -> Self {
        let location = window().location();
        Self { path: location.pathname().unwrap_or_default(), query: location.search().unwrap_or_default() }
    }

    /// That of an address of ours, which has neither host nor fragment.
    fn of(address: &str) -> Self {
        let (path, query) = address.split_at(address.find('?').unwrap_or(address.len()));
        Self { path: path.to_owned(), query: query.to_owned() }
    }
}

/// How an address is gone to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A new entry, the page shown from its top: a link.
    Link,
    /// A new entry.
    Go,
    /// In the place of the current entry.
    Settle,
    /// The browser is there already: back and forward.
    Back,
}

/// Holds whoever leaves a page on which something is unfinished, and keeps where they wanted to go.
#[derive(Clone, Copy)]
struct Guard {
    unfinished: Signal<bool>,
    wanted: RwSignal<Option<String>>,
}

/// The history, followed as long as the app lives.
#[derive(Clone, Copy)]
pub(crate) struct History {
    location: RwSignal<Location>,
    /// Counts departures: what was asked last is what is shown, whichever code arrives first.
    departures: StoredValue<u32>,
    guard: StoredValue<Option<Guard>>,
}

impl History {
    /// Follows links, back and forward.
    pub(crate) fn start() -> Self {
        let history = Self {
            location: RwSignal::new(Location::current()),
            departures: StoredValue::new(0),
            guard: StoredValue::new(None),
        };
        // What the first page needs is fetched while the server is asked who we are.
        if let Some(chunk) = Page::of_path(&history.location.get_untracked().path).and_then(Page::chunk) {
            chunk.fetch();
        }
        let _ = window_event_listener(leptos::ev::popstate, move |_| {
            history.depart(Location::current(), Way::Back);
        });
        let _ = window_event_listener(leptos::ev::click, move |event| {
            if let Some(location) = link_of(&event) {
                event.prevent_default();
                history.depart(location, Way::Link);
            }
        });
        history
    }

    /// The path, with the base path.
    pub(crate) fn path(self) -> Signal<String> {
        Signal::derive(move || self.location.with(|location| location.path.clone()))
    }

    /// A value of the query.
    pub(crate) fn query(self, name: &str) -> Option<String> {
        self.location.with(|location| UrlSearchParams::new_with_str(&location.query).ok()?.get(name))
    }

    /// Goes to an address of ours, as a new entry.
    pub(crate) fn go(self, address: &str) {
        self.depart(Location::of(address), Way::Go);
    }

    /// The same, in the place of the current entry.
    pub(crate) fn settle(self, address: &str) {
        self.depart(Location::of(address), Way::Settle);
    }

    /// Keeps people on this page while something on it is unfinished, for as long as the owner lives; answers where they
    /// wanted to go, to be asked about. The browser asks itself before it loads another page.
    pub(crate) fn guard(self, unfinished: Signal<bool>) -> RwSignal<Option<String>> {
        let wanted = RwSignal::new(None);
        self.guard.set_value(Some(Guard { unfinished, wanted }));
        let listening = window_event_listener(leptos::ev::beforeunload, move |event| {
            if unfinished.get_untracked() {
                event.prevent_default();
            }
        });
        on_cleanup(move || {
            listening.remove();
            self.guard.set_value(None);
        });
        wanted
    }

    /// Whether a guard keeps the page; it is told where somebody wanted to go.
    fn is_held(self, to: &Location, way: Way) -> bool {
        let Some(guard) = self.guard.get_value() else { return false };
        let here = self.location.get_untracked();
        if here.path == to.path || guard.unfinished.try_get_untracked() != Some(true) {
            return false;
        }
        if way == Way::Back {
            // The browser has gone already.
            let address = format!("{}{}", here.path, here.query);
            let history = window().history();
            _ = history.map(|it| it.push_state_with_url(&JsValue::NULL, "", Some(&address)));
        }
        guard.wanted.set(Some(format!("{}{}", to.path, to.query)));
        true
    }

    fn depart(self, to: Location, way: Way) {
        if self.is_held(&to, way) {
            return;
        }
        let number = self.departures.get_value() + 1;
        self.departures.set_value(number);
        let chunk = Page::of_path(&to.path).and_then(Page::chunk).filter(|chunk| !chunk.is_here());
        let Some(chunk) = chunk else { return self.arrive(to, way) };
        leptos::task::spawn_local(async move {
            // Where it fails, the page itself says so.
            let _ = chunk.load().await;
            if self.departures.get_value() == number {
                self.arrive(to, way);
            }
        });
    }

    fn arrive(self, at: Location, way: Way) {
        let address = format!("{}{}", at.path, at.query);
        if let Ok(history) = window().history() {
            // A browser refuses hundreds in a few seconds; the page is shown all the same.
            let _ = match way {
                Way::Link | Way::Go => history.push_state_with_url(&JsValue::NULL, "", Some(&address)),
                Way::Settle => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
                Way::Back => Ok(()),
            };
        }
        if self.location.with_untracked(|before| *before != at) {
            self.location.set(at);
        }
        if way == Way::Link {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }
}

/// Where a click leads, if it is a plain one on a link to a page of ours; all others are the browser's.
fn link_of(event: &MouseEvent) -> Option<Location> {
    let modified = event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return None;
    }
    let clicked = event.target()?.dyn_into::<Element>().ok()?;
    let link = clicked.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    let path = link.pathname();
    let ours = link.target().is_empty()
        && !link.has_attribute("download")
        && link.rel() != "external"
        && window().location().origin().is_ok_and(|origin| origin == link.origin())
        && path.starts_with(&browser::base());
    ours.then(|| Location { path, query: link.search() })
}
