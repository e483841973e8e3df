//! What lies over the page: it takes the focus, keeps it, and gives it back; Esc closes it, a stray click does not.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

use super::Icon;
use crate::speech::{speech, w};

const FOCUSABLE: &str = "button:not([disabled]), a[href], input:not([disabled]), [tabindex='0']";

/// The head of a box that is only looked at: what it is, and the way out, where the focus begins.
#[component]
pub(crate) fn LayerHead(
    /// What the box is.
    #[prop(into)]
    title: Signal<String>,
    /// Called when the person wants out.
    #[prop(into)]
    close: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="dialog__head">
            <h2 class="grow">{title}</h2>
            <Close close first=true />
        </div>
    }
}

/// The button that leads out of a box.
#[component]
pub(crate) fn Close(
    /// Called when the person wants out.
    #[prop(into)]
    close: Callback<()>,
    /// Whether the focus begins here.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let s = speech();
    view! {
        <button
            class="btn btn--quiet btn--icon"
            type="button"
            data-first=first.then_some("")
            aria-label=w!(s.close)
            title=w!(s.close)
            on:click=move |_| close.run(())
        >
            <Icon name="close" />
        </button>
    }
}

/// A layer over the page with one box in it.
#[component]
pub(crate) fn Layer(
    /// The classes of the box: `dialog`, `palette`, `sheet`.
    class: &'static str,
    /// The accessible name of the box.
    #[prop(into)]
    label: Signal<String>,
    /// Called when the person wants out.
    #[prop(into)]
    close: Callback<()>,
    /// A click beside the box closes it too: right for what loses nothing.
    #[prop(optional)]
    light: bool,
    /// Without a shade over the page, for a menu.
    #[prop(optional)]
    clear: bool,
    children: Children,
) -> impl IntoView {
    let inside = NodeRef::<leptos::html::Div>::new();
    let before = document().active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    Effect::new(move |_| {
        if let Some(inside) = inside.get() {
            request_animation_frame(move || take_focus(&inside));
        }
    });
    let before = StoredValue::new_local(before);
    on_cleanup(move || {
        if let Some(Some(before)) = before.try_get_value() {
            let _ = before.focus();
        }
    });
    let key = move |event: KeyboardEvent| {
        // Keys in here are not the page's.
        event.stop_propagation();
        match event.key().as_str() {
            "Escape" => close.run(()),
            "Tab" => {
                if let Some(inside) = inside.get_untracked() {
                    keep_focus(&inside, &event);
                }
            }
            _ => {}
        }
    };
    let beside = move |event: web_sys::MouseEvent| {
        let on_box = inside.get_untracked().zip(event.target()).is_some_and(|(inside, target)| {
            target.dyn_ref::<web_sys::Node>().is_some_and(|node| inside.contains(Some(node)))
        });
        if light && !on_box {
            close.run(());
        }
    };
    view! {
        <div class="scrim" class=("scrim--clear", clear) on:keydown=key on:click=beside>
            <div class=class role="dialog" aria-modal="true" aria-label=label tabindex="-1" node_ref=inside>
                {children()}
            </div>
        </div>
    }
}

/// The first that asks for it, else the box itself, so that Enter does nothing by accident.
fn take_focus(inside: &HtmlElement) {
    let wished = inside.query_selector("[data-first]").ok().flatten();
    let element = wished.and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let _ = element.as_ref().unwrap_or(inside).focus();
}

fn keep_focus(inside: &HtmlElement, event: &KeyboardEvent) {
    let Ok(all) = inside.query_selector_all(FOCUSABLE) else { return };
    let Some(last) = all.length().checked_sub(1) else { return };
    let focused = document().active_element();
    let is =
        |i: u32| all.item(i).is_some_and(|node| focused.as_ref().is_some_and(|f| node.is_same_node(Some(f))));
    let at_box = focused.as_ref().is_some_and(|f| inside.is_same_node(Some(f)));
    let wrap_to = match event.shift_key() {
        true if is(0) || at_box => Some(last),
        false if is(last) => Some(0),
        _ => None,
    };
    if let Some(to) = wrap_to
        && let Some(element) = all.item(to).and_then(|node| node.dyn_into::<HtmlElement>().ok())
    {
        event.prevent_default();
        let _ = element.focus();
    }
}

/// Whether something lies over the page, so that its keys are not the page's.
pub(crate) fn is_covered() -> bool {
    document().query_selector(".scrim").is_ok_and(|layer| layer.is_some())
}
