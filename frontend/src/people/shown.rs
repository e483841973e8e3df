//! What is seen this once: a link, a key.

use leptos::prelude::*;
use longshore_api::{
    web::{Millis, people::Link},
    words::say,
};

use super::{page::desk, words::day};
use crate::{
    browser,
    parts::{CodeLine, Layer, LayerHead, dynamic},
    speech::{speech, w},
};

/// A secret with what is said about it.
#[derive(Clone)]
pub(super) enum Shown {
    /// The address by which somebody chooses a password.
    Link { name: String, address: String, ends_at: Option<Millis> },
    /// An API key.
    Key { name: String, key: String },
}

impl Shown {
    /// The link in an answer, if one is in it.
    pub(super) fn of(name: String, link: Link) -> Option<Self> {
        let secret = link.secret?;
        let origin = window().location().origin().unwrap_or_default();
        let address = format!("{origin}{}#{secret}", browser::below_base("invitation"));
        Some(Self::Link { name, address, ends_at: link.ends_at })
    }
}

/// The secret with a way to copy it.
#[component]
pub(super) fn ShownDialog(shown: Shown) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let close = move |()| desk.shown.set(None);
    let (text, is_key) = match &shown {
        Shown::Link { address, .. } => (address.clone(), false),
        Shown::Key { key, .. } => (key.clone(), true),
    };
    let title = {
        let shown = shown.clone();
        Signal::derive(move || match &shown {
            Shown::Link { name, .. } => s.say(&say::link_for(name)),
            Shown::Key { name, .. } => s.say(&say::key_for_name(name)),
        })
    };
    let more = move || match &shown {
        Shown::Link { ends_at, .. } => s.say(&say::link_means(ends_at.map(day).unwrap_or_default())),
        Shown::Key { .. } => s.words().key_once().to_owned(),
    };
    view! {
        <Layer class="dialog" label=title close>
            <LayerHead title close />
            <div class="dialog__body people__shown" data-shown=if is_key { "key" } else { "link" }>
                <p>{dynamic(more)}</p>
                <CodeLine text=Signal::stored(text) />
            </div>
            <div class="dialog__foot">
                <button class="btn btn--primary end" type="button" data-action="shown-done" on:click=move |_| close(())>
                    {w!(s.done)}
                </button>
            </div>
        </Layer>
    }
}
