//! The pages there are, their addresses, and the host that every list is limited to.

use std::fmt::Write as _;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};
use longshore_api::words::Words;

use crate::browser;

/// A page of the rail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// What is broken, what changed.
    Home,
    /// The live table.
    Containers,
    /// What happened on the engines.
    Events,
    /// One's own account.
    Account,
}

impl Page {
    /// Those of the rail, in its order.
    pub(crate) const RAIL: [Self; 4] = [Self::Home, Self::Containers, Self::Events, Self::Account];

    /// Below the base path.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Home => "",
            Self::Containers => "containers",
            Self::Events => "events",
            Self::Account => "account",
        }
    }

    /// Its icon.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Containers => "container",
            Self::Events => "event",
            Self::Account => "user",
        }
    }

    /// What it is called.
    pub(crate) fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Home => words.home,
            Self::Containers => words.containers,
            Self::Events => words.events,
            Self::Account => words.account,
        }
    }

    /// The letter after `g` that leads to it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Home => "h",
            Self::Containers => "c",
            Self::Events => "e",
            Self::Account => "a",
        }
    }

    fn of_path(path: &str) -> Option<Self> {
        let below =
            path.strip_prefix(browser::base().trim_end_matches('/')).unwrap_or(path).trim_matches('/');
        Self::RAIL.into_iter().find(|page| page.path() == below)
    }
}

/// Where the browser is and how it gets elsewhere. In the context of the signed-in pages.
#[derive(Clone, Copy)]
pub(crate) struct Places {
    page: Memo<Option<Page>>,
    host: Memo<Option<String>>,
    go: Callback<(String, bool)>,
}

impl Places {
    /// Must be called inside the router.
    pub(crate) fn start() -> Self {
        let path = use_location().pathname;
        let query = use_query_map();
        let navigate = use_navigate();
        Self {
            page: Memo::new(move |_| path.with(|path| Page::of_path(path))),
            host: Memo::new(move |_| query.with(|query| query.get("host")).filter(|host| !host.is_empty())),
            go: Callback::new(move |(address, replace): (String, bool)| {
                navigate(
                    &address,
                    NavigateOptions { resolve: false, replace, scroll: false, ..Default::default() },
                );
            }),
        }
    }

    /// The page that is shown, if it is one of ours.
    pub(crate) fn page(self) -> Option<Page> {
        self.page.get()
    }

    /// The slug of the host that lists are limited to.
    pub(crate) fn host(self) -> Option<String> {
        self.host.get()
    }

    /// The address of a page, still limited to the host.
    pub(crate) fn address(self, page: Page) -> String {
        self.address_on(page, self.host.get().as_deref(), &[])
    }

    /// The address of a page limited to a host or to none, with more in its query.
    pub(crate) fn address_on(self, page: Page, host: Option<&str>, more: &[(&str, &str)]) -> String {
        let pairs = host.map(|host| ("host", host)).into_iter().chain(more.iter().copied());
        browser::below_base(page.path()) + &query_string(pairs)
    }

    /// Goes to an address of ours, as a new entry of the history.
    pub(crate) fn go(self, address: String) {
        self.go.run((address, false));
    }

    /// The same, in the place of the current entry: what is typed letter by letter is one step back.
    pub(crate) fn settle(self, address: String) {
        self.go.run((address, true));
    }
}

/// The places, from the context.
pub(crate) fn places() -> Places {
    expect_context()
}

/// `?a=b&c=d`, or nothing where there are no pairs.
pub(crate) fn query_string<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        out.push(if out.is_empty() { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        encode(&mut out, value);
    }
    out
}

/// Percent-encodes what has a meaning in a query; commas and slashes stay, so that an address can be read.
fn encode(out: &mut String, value: &str) {
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b',' | b'/' | b':' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_can_carry_anything() {
        let query = query_string([("q", "a&b=c d"), ("fold", "quay/shop,quay/")].into_iter());
        assert_eq!(query, "?q=a%26b%3Dc%20d&fold=quay/shop,quay/");
        assert_eq!(query_string(std::iter::empty()), "");
        assert_eq!(query_string([("q", "容")].into_iter()), "?q=%E5%AE%B9");
    }
}
