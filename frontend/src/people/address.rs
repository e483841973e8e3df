//! The address of the page: which part, who is chosen, what the list is narrowed by.

use leptos::prelude::*;

use crate::places::{Page, Places};

/// A part of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tab {
    /// Accounts.
    #[default]
    Users,
    /// Teams.
    Teams,
    /// What roles may do, and who has which.
    Grants,
    /// Host groups.
    Groups,
    /// Providers to sign in through, and passwords.
    SignIn,
}

impl Tab {
    /// All of them, in their order.
    pub(super) const ALL: [Self; 5] = [Self::Users, Self::Teams, Self::Grants, Self::Groups, Self::SignIn];

    fn code(self) -> &'static str {
        match self {
            Self::Users => "",
            Self::Teams => "teams",
            Self::Grants => "grants",
            Self::Groups => "groups",
            Self::SignIn => "sign-in",
        }
    }

    fn of(code: &str) -> Self {
        Self::ALL.into_iter().find(|tab| tab.code() == code).unwrap_or_default()
    }
}

/// What the address says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Address {
    pub(super) tab: Tab,
    /// The id of the chosen account.
    pub(super) chosen: Option<String>,
    pub(super) text: String,
}

impl Address {
    /// Reads the browser's; tracked.
    pub(super) fn read(places: Places) -> Self {
        Self {
            tab: Tab::of(&places.query("tab").unwrap_or_default()),
            chosen: places.parts().into_iter().next().filter(|_| places.page() == Some(Page::Person)),
            text: places.query("q").unwrap_or_default(),
        }
    }

    /// As a link.
    pub(super) fn write(&self, places: Places) -> String {
        let pairs = [("tab", self.tab.code()), ("q", self.text.as_str())];
        let more: Vec<(&str, &str)> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        untrack(|| match &self.chosen {
            Some(id) => places.person(id, &more),
            None => places.address_on(Page::People, places.host().as_deref(), &more),
        })
    }
}
