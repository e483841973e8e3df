//! The frame of the pages before sign-in, and the page for a server that does not answer.

use leptos::prelude::*;
use longshore_api::words::Locale;

use super::quay::RestingQuay;
use crate::{
    api::Failure,
    parts::{Logo, Trouble, dynamic},
    session::session,
    speech::{speech, w},
};

/// A form in the middle, the quay below it, the languages in the foot.
#[component]
pub(crate) fn Door(
    /// Room for two fields beside one another.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    let s = speech();
    view! {
        <div class="door">
            <main class="door__in">
                <div class="door__box" class=("door__box--wide", wide)>
                    <div class="door__brand">
                        <Logo />
                        "Longshore"
                    </div>
                    {children()}
                </div>
            </main>
            <div>
                <RestingQuay />
                <footer class="door__foot">
                    <span>{concat!("Longshore ", env!("CARGO_PKG_VERSION"))}</span>
                    <span class="door__langs" role="group" aria-label=w!(s.language)>
                        {Locale::ALL.map(|locale| view! {
                            <button
                                class="door__lang"
                                type="button"
                                lang=locale.tag()
                                data-lang=locale.tag()
                                aria-pressed=dynamic(move || (s.locale() == locale).to_string())
                                on:click=move |_| s.choose(locale)
                            >
                                {locale.own_name()}
                            </button>
                        })}
                    </span>
                </footer>
            </div>
        </div>
    }
}

/// The server did not say where this browser stands.
#[component]
pub(crate) fn Unreachable(failure: Failure) -> impl IntoView {
    let s = speech();
    let session = session();
    let failure = Signal::stored(Some(failure));
    view! {
        <Door>
            <h1>{w!(s.no_answer)}</h1>
            <Trouble failure />
            <button class="btn btn--primary btn--lg btn--block" type="button" on:click=move |_| session.look()>
                {w!(s.try_again)}
            </button>
        </Door>
    }
}
