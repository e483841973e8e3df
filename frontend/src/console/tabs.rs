//! The tabs: which consoles there are, and which of them is shown.

use leptos::prelude::*;
use longshore_api::web::console::Run;

use super::{
    kept::{self, Kept},
    session::Session,
};
use crate::places::{Places, places};

/// A console with its place on the page.
#[derive(Clone)]
pub(super) struct Tab {
    pub(super) number: u32,
    pub(super) host: String,
    pub(super) name: String,
    pub(super) session: Session,
}

/// The tabs. In the context of the page.
#[derive(Clone, Copy)]
pub(super) struct Tabs {
    pub(super) all: RwSignal<Vec<Tab>>,
    pub(super) chosen: RwSignal<u32>,
    next: StoredValue<u32>,
    /// What a key that is the page's asks for.
    key: Callback<String>,
    places: Places,
    /// Whose the consoles are: the page's, and not the dialog's that asked for one.
    page: StoredValue<Option<Owner>>,
}

impl Tabs {
    /// None yet. `key` is called with keys that are the page's.
    pub(super) fn new(key: Callback<String>) -> Self {
        Self {
            all: RwSignal::default(),
            chosen: RwSignal::new(0),
            next: StoredValue::new(0),
            key,
            places: places(),
            page: StoredValue::new(Owner::current()),
        }
    }

    /// Opens those that this tab of the browser had open, and one in each of these places that has none; the first of
    /// them is chosen.
    pub(super) fn begin(self, places: &[String]) {
        let mut left: Vec<(Kept, bool)> = kept::read().into_iter().map(|kept| (kept, false)).collect();
        let wanted: Vec<Option<String>> = places
            .iter()
            .map(|of| {
                let (kept, taken) = left.iter_mut().find(|(kept, taken)| kept.of == *of && !*taken)?;
                *taken = true;
                Some(kept.id.clone())
            })
            .collect();
        for (Kept { of, id }, _) in left.iter().filter(|(_, taken)| !taken) {
            self.add_at(of, Run::default(), Some(id.clone()), true);
        }
        let mut first = None;
        for (of, id) in places.iter().zip(wanted) {
            first = first.or(self.add_at(of, Run::default(), id, false));
        }
        if let Some(first) = first {
            self.chosen.set(first);
        }
    }

    /// Opens one more in a container.
    pub(super) fn open(self, host: &str, name: &str, run: Run) {
        if let Some(number) = self.add_at(&format!("{host}/{name}"), run, None, false) {
            self.choose(number);
            self.address();
        }
    }

    /// `only_if_there`: one that is no more is not begun anew.
    fn add_at(self, of: &str, run: Run, id: Option<String>, only_if_there: bool) -> Option<u32> {
        let (host, name) = of.split_once('/')?;
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        let make = || {
            let kept = Callback::new(move |()| self.keep());
            let gone = only_if_there.then(|| Callback::new(move |()| self.close(number)));
            Session::new(host, name, run, id, self.key, kept, gone)
        };
        let session = self.page.get_value()?.with(make);
        let tab = Tab { number, host: host.to_owned(), name: name.to_owned(), session };
        self.all.update(|all| all.push(tab));
        Some(number)
    }

    /// Leaves their ids for a page that is loaded anew.
    fn keep(self) {
        let Some(all) = self.all.try_get_untracked() else { return };
        let kept: Vec<Kept> = all
            .iter()
            .filter_map(|tab| Some(Kept { of: format!("{}/{}", tab.host, tab.name), id: tab.session.id()? }))
            .collect();
        kept::write(&kept);
    }

    /// Shows it, and gives it the focus.
    pub(super) fn choose(self, number: u32) {
        self.chosen.set(number);
        if let Some(tab) = self.all.get_untracked().iter().find(|tab| tab.number == number) {
            let session = tab.session;
            request_animation_frame(move || session.focus());
        }
    }

    /// Ends a console; the tab beside it is chosen.
    pub(super) fn close(self, number: u32) {
        let mut all = self.all.get_untracked();
        let Some(at) = all.iter().position(|tab| tab.number == number) else { return };
        let tab = all.remove(at);
        tab.session.end();
        let next = all.get(at.min(all.len().saturating_sub(1))).map(|tab| tab.number);
        let was_chosen = self.chosen.get_untracked() == number;
        self.all.set(all);
        if let (true, Some(next)) = (was_chosen, next) {
            self.choose(next);
        }
        self.keep();
        self.address();
    }

    /// Which one that is, for what asks and does not follow.
    pub(super) fn current(self) -> Option<Tab> {
        untrack(|| self.shown())
    }

    /// Writes the places of all into the address, so that it can be given on.
    fn address(self) {
        let all = self.all.get_untracked();
        let of: Vec<(&str, &str)> = all.iter().map(|tab| (tab.host.as_str(), tab.name.as_str())).collect();
        self.places.settle(self.places.consoles(&of));
    }

    /// The one that is shown.
    pub(super) fn shown(self) -> Option<Tab> {
        let chosen = self.chosen.get();
        self.all.with(|all| all.iter().find(|tab| tab.number == chosen).cloned())
    }
}
