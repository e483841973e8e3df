//! Fields that choose: one of several, any of several.

use leptos::prelude::*;

use super::dynamic;

/// One of several, by a list that opens.
#[component]
pub(crate) fn Choice(
    /// The name of the field.
    name: &'static str,
    /// What it is.
    #[prop(into)]
    label: Signal<&'static str>,
    /// The values with what they are called.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The chosen one.
    value: RwSignal<String>,
    /// What the chosen one means.
    #[prop(optional, into)]
    help: MaybeProp<String>,
) -> impl IntoView {
    let shown = move || {
        let chosen = value.get();
        let option = |(value, word): (String, String)| {
            let is_chosen = value == chosen;
            view! { <option value=value selected=is_chosen>{word}</option> }
        };
        options.get().into_iter().map(option).collect_view()
    };
    view! {
        <label class="field">
            <span class="field__label">{dynamic(move || label.get())}</span>
            <select class="select" name=name on:change=move |event| value.set(event_target_value(&event))>
                {dynamic(shown)}
            </select>
            <span class="field__below">
                {dynamic(move || help.get().map(|help| view! { <span class="field__help">{help}</span> }))}
            </span>
        </label>
    }
}

/// Any of several, each with a box.
#[component]
pub(crate) fn Ticks(
    /// The name of the boxes.
    name: &'static str,
    /// What they are.
    #[prop(into)]
    label: Signal<&'static str>,
    /// The values with what they are called.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The ticked ones.
    ticked: RwSignal<Vec<String>>,
    /// What no tick means.
    #[prop(optional, into)]
    help: MaybeProp<&'static str>,
) -> impl IntoView {
    let flip = move |value: &str| {
        ticked.update(|ticked| match ticked.iter().position(|one| one == value) {
            Some(at) => drop(ticked.remove(at)),
            None => ticked.push(value.to_owned()),
        });
    };
    let shown = move || {
        let option = |(value, word): (String, String)| {
            let (asked, marked) = (value.clone(), value.clone());
            view! {
                <label class="opt">
                    <input
                        class="box"
                        type="checkbox"
                        name=name
                        value=marked
                        prop:checked=dynamic(move || ticked.with(|ticked| ticked.contains(&asked)))
                        on:change=move |_| flip(&value)
                    />
                    {word}
                </label>
            }
        };
        options.get().into_iter().map(option).collect_view()
    };
    view! {
        <fieldset class="field ticks">
            <legend class="field__label">{dynamic(move || label.get())}</legend>
            <div class="ticks__all">{dynamic(shown)}</div>
            <span class="field__below">
                {dynamic(move || help.get().map(|help| view! { <span class="field__help">{help}</span> }))}
            </span>
        </fieldset>
    }
}
