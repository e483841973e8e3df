//! Light, dark or as the system is; `boot.js` sets it before the first paint, this switches it.

use leptos::prelude::*;

use crate::browser;

/// How the pages look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system says.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    fn code(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

/// The theme of the pages, in the context.
#[derive(Clone, Copy)]
pub(crate) struct ThemeSwitch(RwSignal<Theme>);

impl ThemeSwitch {
    /// What was chosen earlier in this browser.
    pub(crate) fn start() -> Self {
        Self(RwSignal::new(match browser::remembered("theme").as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        }))
    }

    /// What is chosen.
    pub(crate) fn chosen(self) -> Theme {
        self.0.get()
    }

    /// Whether the page is dark now.
    pub(crate) fn is_dark(self) -> bool {
        match self.0.get() {
            Theme::Dark => true,
            Theme::Light => false,
            Theme::System => window()
                .match_media("(prefers-color-scheme: dark)")
                .ok()
                .flatten()
                .is_some_and(|query| query.matches()),
        }
    }

    /// Switches, here and for later pages.
    pub(crate) fn choose(self, theme: Theme) {
        self.0.set(theme);
        browser::remember("theme", theme.code());
        if let Some(html) = document().document_element() {
            let _ = match theme.code() {
                Some(code) => html.set_attribute("data-theme", code),
                None => html.remove_attribute("data-theme"),
            };
        }
    }
}
