//! The pages there are, their addresses, and the host that every list is limited to.

use std::fmt::Write as _;

use leptos::prelude::*;
use longshore_api::{format::short_id, ops::Permission, web::shelf::Shelf, words::Words};

use crate::{browser, chunks::Chunk, history::History, parts::memo, session::Session};

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// What is broken, what changed.
    Home,
    /// The live table.
    Containers,
    /// What belongs together.
    Stacks,
    /// One stack: its host and its name follow in the address.
    Stack,
    /// What containers are made of.
    Images,
    /// What outlives them.
    Volumes,
    /// What connects them.
    Networks,
    /// What happened on the engines.
    Events,
    /// Long work in the background.
    Jobs,
    /// Who did what.
    Audit,
    /// One's own account.
    Account,
    /// A new container.
    NewContainer,
    /// Programs in containers, on terminals.
    Console,
    /// One container: its host and its name follow in the address.
    Container,
    /// One image, network or volume: its host and its id follow in the address.
    Thing(Shelf),
    /// The logs of the containers that its query names.
    Logs,
    /// What takes the room on a host.
    Disk,
    /// Containers that were removed from here.
    Removed,
    /// Accounts, teams, roles, host groups.
    People,
    /// The same with one account chosen: its id follows in the address.
    Person,
    /// What can be deployed with a few answers.
    Templates,
    /// One of them: its id follows in the address.
    Template,
}

impl Page {
    /// All of them.
    const ALL: [Self; 24] = [
        Self::NewContainer,
        Self::Home,
        Self::Containers,
        Self::Stacks,
        Self::Stack,
        Self::Images,
        Self::Volumes,
        Self::Networks,
        Self::Events,
        Self::Jobs,
        Self::Audit,
        Self::Account,
        Self::Thing(Shelf::Images),
        Self::Thing(Shelf::Volumes),
        Self::Thing(Shelf::Networks),
        Self::Container,
        Self::Console,
        Self::Logs,
        Self::Disk,
        Self::Removed,
        Self::People,
        Self::Person,
        Self::Templates,
        Self::Template,
    ];

    /// Those of the rail, in its order.
    pub(crate) const RAIL: [Self; 12] = [
        Self::Home,
        Self::Containers,
        Self::Stacks,
        Self::Images,
        Self::Volumes,
        Self::Networks,
        Self::Templates,
        Self::Events,
        Self::Jobs,
        Self::Audit,
        Self::People,
        Self::Account,
    ];

    /// Those of the bottom bar of phones; the rest is behind its last button.
    pub(crate) const TABS: [Self; 4] = [Self::Home, Self::Containers, Self::Stacks, Self::Events];

    /// Below the base path.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Home => "",
            Self::Containers | Self::Container => "containers",
            Self::Stacks | Self::Stack => "stacks",
            Self::Images | Self::Thing(Shelf::Images) => "images",
            Self::Volumes | Self::Thing(Shelf::Volumes) => "volumes",
            Self::Networks | Self::Thing(Shelf::Networks) => "networks",
            Self::Events => "events",
            Self::Jobs => "jobs",
            Self::Audit => "audit",
            Self::Account => "account",
            Self::Console => "console",
            Self::NewContainer => "containers/new",
            Self::Logs => "logs",
            Self::Disk => "disk",
            Self::Removed => "containers/removed",
            Self::People | Self::Person => "people",
            Self::Templates | Self::Template => "templates",
        }
    }

    /// So many parts of the address after its path are its own: a container's host and name.
    fn parts(self) -> usize {
        match self {
            Self::Person | Self::Template => 1,
            Self::Container | Self::Thing(_) | Self::Stack => 2,
            _ => 0,
        }
    }

    /// Whichever page of the rail it belongs to.
    pub(crate) fn on_rail(self) -> Self {
        match self {
            Self::Container | Self::Console | Self::Logs | Self::NewContainer | Self::Removed => {
                Self::Containers
            }
            Self::Stack => Self::Stacks,
            Self::Thing(Shelf::Images) | Self::Disk => Self::Images,
            Self::Thing(Shelf::Volumes) => Self::Volumes,
            Self::Thing(Shelf::Networks) => Self::Networks,
            Self::Person => Self::People,
            Self::Template => Self::Templates,
            page => page,
        }
    }

    /// Its icon.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Containers | Self::Container | Self::NewContainer => "container",
            Self::Stacks | Self::Stack => "stack",
            Self::Images | Self::Thing(Shelf::Images) => "image",
            Self::Volumes | Self::Thing(Shelf::Volumes) => "volume",
            Self::Networks | Self::Thing(Shelf::Networks) => "network",
            Self::Events => "event",
            Self::Jobs => "job",
            Self::Audit => "audit",
            Self::Account => "user",
            Self::Console => "console",
            Self::Logs => "log",
            Self::Disk => "stats",
            Self::Removed => "trash",
            Self::People | Self::Person => "team",
            Self::Templates | Self::Template => "template",
        }
    }

    /// What it is called.
    pub(crate) fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Home => words.home(),
            Self::Containers | Self::Container => words.containers(),
            Self::Stacks | Self::Stack => words.stacks(),
            Self::Images | Self::Thing(Shelf::Images) => words.images(),
            Self::Volumes | Self::Thing(Shelf::Volumes) => words.volumes(),
            Self::Networks | Self::Thing(Shelf::Networks) => words.networks(),
            Self::Events => words.events(),
            Self::Jobs => words.jobs(),
            Self::Audit => words.audit(),
            Self::Account => words.account(),
            Self::Console => words.console(),
            Self::NewContainer => words.nc_title(),
            Self::Logs => words.logs(),
            Self::Disk => words.disk_use(),
            Self::Removed => words.removed_containers(),
            Self::People | Self::Person => words.people(),
            Self::Templates | Self::Template => words.templates(),
        }
    }

    /// The letter after `g` that leads to it, or to its page of the rail.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Home => "h",
            Self::Containers
            | Self::Container
            | Self::Console
            | Self::Logs
            | Self::NewContainer
            | Self::Removed => "c",
            Self::Stacks | Self::Stack => "s",
            Self::Images | Self::Thing(Shelf::Images) | Self::Disk => "i",
            Self::Volumes | Self::Thing(Shelf::Volumes) => "v",
            Self::Networks | Self::Thing(Shelf::Networks) => "n",
            Self::Events => "e",
            Self::Jobs => "j",
            Self::Audit => "u",
            Self::Account => "a",
            Self::People | Self::Person => "p",
            Self::Templates | Self::Template => "t",
        }
    }

    /// Where its code is, if it is not part of the first load.
    pub(crate) fn chunk(self) -> Option<Chunk> {
        match self {
            Self::Home => None,
            Self::Containers | Self::Removed => Some(Chunk::Containers),
            Self::Images | Self::Volumes | Self::Networks | Self::Thing(_) | Self::Disk => {
                Some(Chunk::Shelves)
            }
            Self::Stacks | Self::Stack => Some(Chunk::Stacks),
            Self::Events => Some(Chunk::Events),
            Self::Jobs => Some(Chunk::Jobs),
            Self::Audit => Some(Chunk::Audit),
            Self::Account => Some(Chunk::Account),
            Self::Console => Some(Chunk::Console),
            Self::NewContainer => Some(Chunk::Create),
            Self::Container => Some(Chunk::Container),
            Self::Logs => Some(Chunk::Logs),
            Self::People | Self::Person => Some(Chunk::People),
            Self::Templates | Self::Template => Some(Chunk::Templates),
        }
    }

    /// The page that draws it: one that only has something chosen in its address goes on as it is.
    pub(crate) fn drawn_as(self) -> Self {
        match self {
            Self::Person => Self::People,
            page => page,
        }
    }

    /// Whether it shows what is one's own, so that it needs no rights.
    pub(crate) fn is_own(self) -> bool {
        matches!(self, Self::Account | Self::People | Self::Person)
    }

    /// Whether somebody is led to it.
    pub(crate) fn is_offered(self, session: Session) -> bool {
        match self {
            Self::People => session.may_somewhere(Permission::Administer) || session.leads(),
            Self::Audit => session.administers(),
            _ => true,
        }
    }

    /// The page of an address, given with the base path.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        let below = below_base(path);
        Self::ALL.into_iter().find(|page| page.parts_of(below).is_some())
    }

    /// What follows its path in an address that is its own.
    fn parts_of(self, below: &str) -> Option<Vec<&str>> {
        let rest = below.strip_prefix(self.path())?;
        let parts: Vec<&str> = match rest.strip_prefix('/') {
            Some(rest) => rest.split('/').collect(),
            None if rest.is_empty() => Vec::new(),
            None => return None,
        };
        (parts.len() == self.parts() && parts.iter().all(|part| !part.is_empty())).then_some(parts)
    }
}

/// The doors' own addresses, which lead home once one is inside.
const DOORS: [&str; 3] = ["set-up", "sign-in", INVITATION];

const INVITATION: &str = "invitation";

fn below_base(path: &str) -> &str {
    path.strip_prefix(browser::base().trim_end_matches('/')).unwrap_or(path).trim_matches('/')
}

/// Where the browser is and how it gets elsewhere. In the context.
#[derive(Clone, Copy)]
pub(crate) struct Places {
    history: History,
    page: Memo<Option<Page>>,
    host: Memo<Option<String>>,
    /// What the page says that what it shows is called, where its address does not tell.
    called: RwSignal<String>,
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
            called: RwSignal::default(),
        }
    }

    /// The page that is shown, if it is one of ours.
    pub(crate) fn page(self) -> Option<Page> {
        self.page.get()
    }

    /// The same as [`Self::parts`], without following it.
    pub(crate) fn parts_untracked(self) -> Vec<String> {
        untrack(|| self.parts())
    }

    /// What follows the page's path in the address: a container's host and name.
    pub(crate) fn parts(self) -> Vec<String> {
        self.history.path().with(|path| {
            let below = below_base(path);
            let parts = Page::of_path(path).and_then(|page| page.parts_of(below)).unwrap_or_default();
            parts.into_iter().map(decoded).collect()
        })
    }

    /// The address of a container's page; of another part of it than the first, where `tab` names one.
    pub(crate) fn container(self, host: &str, name: &str, tab: Option<&str>) -> String {
        self.of_one(Page::Container, host, name, tab.map(|tab| ("tab", tab)))
    }

    /// The address of a stack's page; of another part of it than the first, where `tab` names one.
    pub(crate) fn stack(self, host: &str, name: &str, tab: Option<&str>) -> String {
        self.of_one(Page::Stack, host, name, tab.map(|tab| ("tab", tab)))
    }

    /// The address of a stack's graph: which lines it has, and what is chosen in it.
    pub(crate) fn graph(self, host: &str, name: &str, lines: &str, chosen: Option<&str>) -> String {
        let more = [("tab", "graph"), ("lines", lines)].into_iter();
        self.of_one(Page::Stack, host, name, more.chain(chosen.map(|chosen| ("chosen", chosen))))
    }

    /// The address of what differs between two releases of a stack, or between one and what runs.
    pub(crate) fn compared(self, host: &str, name: &str, from: u64, to: Option<u64>) -> String {
        let (from, to) = (from.to_string(), to.map(|to| to.to_string()));
        let more = [("tab", "releases"), ("from", &*from)].into_iter();
        self.of_one(Page::Stack, host, name, more.chain(to.as_deref().map(|to| ("to", to))))
    }

    /// The address of the files of a stack to come, which is made of these containers.
    pub(crate) fn stack_of(self, host: &str, name: &str, containers: &str) -> String {
        self.of_one(Page::Stack, host, name, [("tab", "files"), ("of", containers)])
    }

    /// The address at which containers of a host are saved: each by its id or its name.
    pub(crate) fn save_containers<'a>(self, host: &str, containers: impl Iterator<Item = &'a str>) -> String {
        let all = containers.collect::<Vec<_>>().join(",");
        self.address_on(Page::Stacks, self.host().as_deref(), &[("on", host), ("save", &all)])
    }

    /// The address of the page of an image, a network or a volume.
    pub(crate) fn thing(self, shelf: Shelf, host: &str, id: &str) -> String {
        self.of_one(Page::Thing(shelf), host, id, None)
    }

    fn of_one<'a>(
        self,
        page: Page,
        host: &str,
        name: &str,
        more: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> String {
        let more: Vec<(&str, &str)> = more.into_iter().collect();
        let mut path = page.path().to_owned();
        for part in [host, name] {
            path.push('/');
            encode_part(&mut path, part);
        }
        let limited = self.host.get();
        let pairs = limited.as_deref().map(|host| ("host", host)).into_iter();
        browser::below_base(&path) + &query_string(pairs.chain(more))
    }

    /// The address of the people with one account chosen.
    pub(crate) fn person(self, id: &str, more: &[(&str, &str)]) -> String {
        let limited = self.host.get();
        let pairs = limited.as_deref().map(|host| ("host", host)).into_iter().chain(more.iter().copied());
        browser::below_base(&format!("{}/{id}", Page::Person.path())) + &query_string(pairs)
    }

    /// The address of the page of a template.
    pub(crate) fn template(self, id: &str) -> String {
        let limited = self.host.get();
        let mut path = format!("{}/", Page::Template.path());
        encode_part(&mut path, id);
        browser::below_base(&path) + &query_string(limited.as_deref().map(|host| ("host", host)).into_iter())
    }

    /// The address of a job with its log.
    pub(crate) fn job(self, id: &str) -> String {
        self.address_on(Page::Jobs, self.host.get().as_deref(), &[("job", id)])
    }

    /// The address of the logs of containers, each by its host and its name.
    pub(crate) fn logs<'a>(self, of: impl Iterator<Item = (&'a str, &'a str)>) -> String {
        let of: Vec<String> = of.map(|(host, name)| format!("{host}/{name}")).collect();
        self.address_on(Page::Logs, self.host.get().as_deref(), &[("of", &of.join(","))])
    }

    /// The same of a stack, from where a way leads back to it.
    pub(crate) fn logs_of_stack<'a>(
        self,
        (host, stack): (&str, &str),
        of: impl Iterator<Item = &'a str>,
    ) -> String {
        let of: Vec<String> = of.map(|name| format!("{host}/{name}")).collect();
        let (of, stack) = (of.join(","), format!("{host}/{stack}"));
        self.address_on(Page::Logs, self.host.get().as_deref(), &[("of", &of), ("stack", &stack)])
    }

    /// What the page that is shown is called: its word, or the name of what it shows.
    pub(crate) fn title(self, words: &Words) -> String {
        match (self.page(), self.parts().pop()) {
            (Some(Page::Thing(Shelf::Images | Shelf::Networks)), Some(id)) => short_id(&id),
            (Some(page @ (Page::Person | Page::Template)), _) => Some(self.called.get())
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| page.word(words).to_owned()),
            (_, Some(name)) => name,
            (Some(page), None) => page.word(words).to_owned(),
            (None, None) => words.not_found().to_owned(),
        }
    }

    /// The page says what that is called which it shows; empty when it shows it no longer.
    pub(crate) fn call_it(self, name: String) {
        self.called.set(name);
    }

    /// The slug of the host that what is shown belongs to.
    pub(crate) fn shown_host(self) -> Option<String> {
        match self.page() {
            Some(Page::Container | Page::Thing(_) | Page::Stack) => self.parts().into_iter().next(),
            _ => self.host(),
        }
    }

    /// Whether the address is that of a door.
    pub(crate) fn at_door(self) -> bool {
        self.history.path().with(|path| DOORS.contains(&below_base(path)))
    }

    /// Whether the address is that of the door for those who were invited.
    pub(crate) fn at_invitation(self) -> bool {
        self.history.path().with(|path| below_base(path) == INVITATION)
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

    /// Keeps people on this page while something is unfinished; answers where they wanted to go.
    pub(crate) fn guard(self, unfinished: Signal<bool>) -> RwSignal<Option<String>> {
        self.history.guard(unfinished)
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

/// A part of a path as it is meant; as it stands where it is no percent-encoding.
fn decoded(part: &str) -> String {
    js_sys::decode_uri_component(part).map_or_else(|_| part.to_owned(), String::from)
}

/// Percent-encodes what has a meaning in a path.
fn encode_part(out: &mut String, value: &str) {
    let mut part = String::new();
    encode(&mut part, value);
    out.push_str(&part.replace('/', "%2F"));
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
    fn a_page_may_have_parts_of_the_address() {
        assert_eq!(Page::Containers.parts_of("containers"), Some(vec![]));
        assert_eq!(Page::Container.parts_of("containers/local/web"), Some(vec!["local", "web"]));
        for other in
            ["containers", "containers/local", "containers//web", "containersx/a/b", "containers/a/b/c"]
        {
            assert_eq!(Page::Container.parts_of(other), None, "{other}");
        }
        assert_eq!(Page::Home.parts_of("events"), None);
    }

    #[test]
    fn a_query_can_carry_anything() {
        let query = query_string([("q", "a&b=c d"), ("fold", "quay/shop,quay/")].into_iter());
        assert_eq!(query, "?q=a%26b%3Dc%20d&fold=quay/shop,quay/");
        assert_eq!(query_string(std::iter::empty()), "");
        assert_eq!(query_string([("q", "容")].into_iter()), "?q=%E5%AE%B9");
    }
}
