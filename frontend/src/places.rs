//! The pages there are, their addresses, and the host that every list is limited to.

use std::fmt::Write as _;

use leptos::prelude::*;
use longshore_api::words::Words;

use crate::{browser, chunks::Chunk, history::History, parts::memo};

/// A page.
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
    /// Programs in containers, on terminals.
    Console,
}

impl Page {
    /// Those of the rail, in its order.
    pub(crate) const RAIL: [Self; 4] = [Self::Home, Self::Containers, Self::Events, Self::Account];

    /// All of them.
    const ALL: [Self; 5] = [Self::Home, Self::Containers, Self::Events, Self::Account, Self::Console];

    /// Below the base path.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Home => "",
            Self::Containers => "containers",
            Self::Events => "events",
            Self::Account => "account",
            Self::Console => "console",
        }
    }

    /// Its icon.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Containers => "container",
            Self::Events => "event",
            Self::Account => "user",
            Self::Console => "console",
        }
    }

    /// What it is called.
    pub(crate) fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Home => words.home,
            Self::Containers => words.containers,
            Self::Events => words.events,
            Self::Account => words.account,
            Self::Console => words.console,
        }
    }

    /// The letter after `g` that leads to it; none for a page that needs to be told what of.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Home => "h",
            Self::Containers => "c",
            Self::Events => "e",
            Self::Account => "a",
            Self::Console => "",
        }
    }

    /// Where its code is, if it is not part of the first load.
    pub(crate) fn chunk(self) -> Option<Chunk> {
        match self {
            Self::Home => None,
            Self::Containers => Some(Chunk::Containers),
            Self::Events => Some(Chunk::Events),
            Self::Account => Some(Chunk::Account),
            Self::Console => Some(Chunk::Console),
        }
    }

    /// The page of an address, given with the base path.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        let below = below_base(path);
        Self::ALL.into_iter().find(|page| page.path() == below)
    }
}

/// The doors' own addresses, which lead home once one is inside.
const DOORS: [&str; 2] = ["set-up", "sign-in"];

fn below_base(path: &str) -> &str {
    path.strip_prefix(browser::base().trim_end_matches('/')).unwrap_or(path).trim_matches('/')
}

/// Where the browser is and how it gets elsewhere. In the context.
#[derive(Clone, Copy)]
pub(crate) struct Places {
    history: History,
    page: Memo<Option<Page>>,
    host: Memo<Option<String>>,
}

impl Places {
    /// Follows the history.
    pub(crate) fn start() -> Self {
        let history = History::start();
        let path = history.path();
        Self {
            history,
            page: memo(move || path.with(|path| Page::of_path(path))),
            host: memo(move || history.query("host").filter(|host| !host.is_empty())),
        }
    }

    /// The page that is shown, if it is one of ours.
    pub(crate) fn page(self) -> Option<Page> {
        self.page.get()
    }

    /// Whether the address is that of a door.
    pub(crate) fn at_door(self) -> bool {
        self.history.path().with(|path| DOORS.contains(&below_base(path)))
    }

    /// A value of the address's query.
    pub(crate) fn query(self, name: &str) -> Option<String> {
        self.history.query(name)
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

    /// The address of consoles in these containers, each by host and name.
    pub(crate) fn consoles(self, of: &[(&str, &str)]) -> String {
        let of: Vec<String> = of.iter().map(|(host, name)| format!("{host}/{name}")).collect();
        let host = untrack(|| self.host.get());
        self.address_on(Page::Console, host.as_deref(), &[("of", &of.join(","))])
    }

    /// Goes to an address of ours, as a new entry of the history.
    pub(crate) fn go(self, address: String) {
        self.history.go(&address);
    }

    /// The same, in the place of the current entry: what is typed letter by letter is one step back.
    pub(crate) fn settle(self, address: String) {
        self.history.settle(&address);
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
