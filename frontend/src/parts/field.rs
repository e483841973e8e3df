//! A field of a form: label, input, what helps, what is wrong with it.

use leptos::prelude::*;
use longshore_api::{sentence::Sentence, web::account::PASSWORD_MIN, words::say};
use web_sys::SubmitEvent;

use crate::{
    api::Failure,
    parts::{Icon, dynamic, memo},
    speech::speech,
};

/// A line of text or a password.
#[component]
pub(crate) fn Field(
    /// The name of the input, also in the problem document that finds fault with it.
    name: &'static str,
    /// What it is.
    #[prop(into)]
    label: Signal<&'static str>,
    /// What is typed.
    value: RwSignal<String>,
    /// Kind of input: `text` or `password`.
    #[prop(default = "text")]
    kind: &'static str,
    /// For the browser's memory: `username`, `current-password`, `new-password`, `off`.
    autocomplete: &'static str,
    /// A word after the label: "optional".
    #[prop(optional, into)]
    note: MaybeProp<&'static str>,
    /// What helps to fill it.
    #[prop(optional, into)]
    help: MaybeProp<String>,
    /// What the server said last; shown here if it is about this field.
    #[prop(into)]
    failure: Signal<Option<Failure>>,
    /// Large, as before sign-in.
    #[prop(optional)]
    large: bool,
    /// Takes the focus when the page opens.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    if first {
        Effect::new(move |_| {
            if let Some(input) = input.get() {
                let _ = input.focus();
            }
        });
    }
    let bad = memo(move || failure.get().is_some_and(|failure| failure.field() == Some(name)));
    let below = format!("{name}-below");
    let described = below.clone();
    view! {
        <label class="field">
            <span class="field__label">
                {dynamic(move || label.get())} {dynamic(move || note.get().map(|note| view! { <small>{note}</small> }))}
            </span>
            <input
                node_ref=input
                class="input"
                class=("input--lg", large)
                class:is-bad=bad
                name=name
                data-first=first.then_some("")
                type=kind
                autocomplete=autocomplete
                spellcheck="false"
                autocapitalize="none"
                prop:value=dynamic(move || value.get())
                on:input=move |event| value.set(event_target_value(&event))
                aria-invalid=dynamic(move || bad.get().then_some("true"))
                aria-describedby=described
            />
            <span id=below class="field__below">
                {dynamic(move || help.get().map(|help| view! { <span class="field__help">{help}</span> }))}
                {dynamic(move || bad.get().then(|| view! { <FieldError failure /> }))}
            </span>
        </label>
    }
}

/// What is wrong, in red under what it is about.
#[component]
fn FieldError(
    /// What the server said.
    failure: Signal<Option<Failure>>,
) -> impl IntoView {
    let s = speech();
    view! {
        <span class="field__error" role="alert">
            <Icon name="warning" />
            <span>{dynamic(move || failure.get().map(|failure| s.say(&failure.sentence())))}</span>
        </span>
    }
}

/// Keeps a form on the page and hands it to a function.
pub(crate) fn submitted(act: impl Fn() + 'static) -> impl Fn(SubmitEvent) + 'static {
    move |event| {
        event.prevent_default();
        act();
    }
}

/// What a password must be, with the length of the one being typed.
pub(crate) fn password_help(length: usize) -> Sentence {
    match length {
        0 => say::password_rule(PASSWORD_MIN),
        length => say::password_help(PASSWORD_MIN, length),
    }
}
