//! What the palette does when a line is chosen.

use leptos::prelude::*;

use super::items::Deed;
use crate::{
    api, browser,
    chunks::Above,
    containers::{Acting, acting},
    places::{Page, Places, places},
    session::{Session, session},
    speech::{Speech, speech},
    theme::ThemeSwitch,
};

/// Holds what a line may need.
#[derive(Clone, Copy)]
pub(super) struct Runner {
    close: Callback<()>,
    acting: Acting,
    places: Places,
    speech: Speech,
    theme: ThemeSwitch,
    session: Session,
    over: RwSignal<Option<Above>>,
}

impl Runner {
    pub(super) fn new(close: Callback<()>) -> Self {
        Self {
            close,
            acting: acting(),
            places: places(),
            speech: speech(),
            theme: expect_context(),
            session: session(),
            over: expect_context(),
        }
    }

    /// Closes the palette and does it.
    pub(super) fn run(self, deed: Deed) {
        self.close.run(());
        let places = self.places;
        match deed {
            Deed::OpenContainer { host, name } => {
                places.go(untrack(|| places.container(&host, &name, None)));
            }
            Deed::OpenStack { host, name } => places.go(untrack(|| places.stack(&host, &name, None))),
            Deed::OpenTemplate(id) => places.go(untrack(|| places.template(&id))),
            Deed::Logs { host, name } => {
                let of = [(host.as_str(), name.as_str())];
                places.go(untrack(|| places.logs(of.into_iter())));
            }
            Deed::Console { host, name } => places.go(places.consoles(&[(&host, &name)])),
            Deed::Act(verb, row) => self.acting.ask(verb, vec![row.as_ref().into()]),
            Deed::AllActions(row) => self.acting.open(ArcRwSignal::new(*row), middle(), None),
            Deed::CopyId(id) => leptos::task::spawn_local(async move {
                browser::copy(&id).await;
            }),
            Deed::Host(slug) => {
                let page = untrack(|| places.page()).unwrap_or(Page::Home);
                places.go(places.address_on(page, Some(&slug), &[]));
            }
            Deed::Page(page) => places.go(untrack(|| places.address(page))),
            Deed::Theme(theme) => self.theme.choose(theme),
            Deed::Language(locale) => self.speech.choose(locale),
            Deed::Keys => self.over.set(Some(Above::Keys)),
            Deed::SignOut => {
                let session = self.session;
                leptos::task::spawn_local(async move {
                    match api::sign_out().await {
                        Ok(()) => session.ended(),
                        Err(failure) => session.noticed(&failure),
                    }
                });
            }
        }
    }
}

/// Where a sheet opens that no pointer asked for.
fn middle() -> (i32, i32) {
    let side =
        |size: Result<wasm_bindgen::JsValue, _>| size.ok().and_then(|v| v.as_f64()).unwrap_or(0.0) as i32;
    (side(window().inner_width()) / 2 - 128, side(window().inner_height()) / 4)
}
