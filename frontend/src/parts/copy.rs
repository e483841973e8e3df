//! A text to be copied, with the button that does.

use std::time::Duration;

use leptos::prelude::*;

use crate::{
    browser,
    parts::{Icon, dynamic},
    speech::speech,
};

/// A line of code with its copy button. Where the browser gives no clipboard (no TLS), the text is selected instead.
#[component]
pub(crate) fn CodeLine(
    /// What is shown and copied.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let s = speech();
    let copied = RwSignal::new(false);
    let code = NodeRef::<leptos::html::Pre>::new();
    let copy = move |_| {
        let text = text.get_untracked();
        leptos::task::spawn_local(async move {
            if browser::copy(&text).await {
                copied.set(true);
                set_timeout(move || _ = copied.try_set(false), Duration::from_secs(2));
            } else if let Some(code) = code.get_untracked() {
                browser::select(&code);
            }
        });
    };
    view! {
        <div class="code">
            <div class="code__copy">
                <button class="btn btn--sm" type="button" data-action="copy" on:click=copy>
                    <Icon name=Signal::derive(move || if copied.get() { "check" } else { "copy" }) />
                    {dynamic(move || if copied.get() { s.words().copied() } else { s.words().copy() })}
                </button>
            </div>
            <pre tabindex="0" node_ref=code>{text}</pre>
        </div>
    }
}
