//! Why something was refused: our sentence, the engine's own words as a quotation, and what finds it in the log.

use leptos::prelude::*;

use crate::{
    api::Failure,
    chunks::explained,
    explain::Puzzle,
    parts::{Icon, dynamic, memo},
    speech::speech,
};

/// A failure where it happened.
#[component]
pub(crate) fn Trouble(
    /// What failed; nothing is shown while there is none.
    #[prop(into)]
    failure: Signal<Option<Failure>>,
) -> impl IntoView {
    let s = speech();
    move || {
        failure.get().map(|failure| {
            let sentence = failure.sentence();
            view! {
                <div class="trouble" role="alert">
                    <Icon name="warning" />
                    <div class="trouble__in">
                        <p>{dynamic(move || s.say(&sentence))}</p>
                        {failure.engine().map(|words| view! { <EngineWords words=words.to_owned() /> })}
                        {failure
                            .request_id()
                            .map(str::to_owned)
                            .map(|id| view! { <p class="trouble__id">{dynamic(move || s.words().request())} " " <span class="mono">{id}</span></p> })}
                    </div>
                </div>
            }
        })
    }
}

/// What an engine said, with what it means where that is known.
#[component]
pub(crate) fn EngineWords(
    /// Its own words.
    words: String,
    /// The host whose engine it is; the one that the page is about, if not given.
    #[prop(optional, into)]
    host: Option<String>,
) -> impl IntoView {
    view! {
        <blockquote class="trouble__engine mono">{words.clone()}</blockquote>
        {explained(Puzzle::Words(words), host)}
    }
}

/// A form's failure, unless one of its fields shows it.
#[component]
pub(crate) fn FormTrouble(
    /// What failed.
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let of_no_field = memo(move || failure.get().filter(|failure| failure.field().is_none()));
    view! { <Trouble failure=of_no_field /> }
}
