//! A button that opens a menu: arrows move in it, Esc and a click elsewhere close it, so does choosing.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent, Node};

use crate::parts::{Icon, Show, dynamic};

/// A button and its menu. The items are the children: buttons and links with `role="menuitem"`.
#[component]
pub(crate) fn Menu(
    /// The classes of the button.
    #[prop(into)]
    class: Signal<String>,
    /// The accessible name of the button.
    #[prop(into)]
    label: Signal<String>,
    /// What stands on the button.
    #[prop(into)]
    button: ViewFn,
    /// Opens towards the right edge instead of the left.
    #[prop(optional)]
    rightwards: bool,
    /// Stays open after a choice: for several that can be ticked.
    #[prop(optional)]
    stays: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let whole = NodeRef::<leptos::html::Div>::new();
    let opener = NodeRef::<leptos::html::Button>::new();
    let children = StoredValue::new(children);
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let inside = whole
            .get_untracked()
            .zip(event.target().and_then(|target| target.dyn_into::<Node>().ok()))
            .is_some_and(|(whole, target)| whole.contains(Some(&target)));
        if !inside && open.get_untracked() {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    let close = move || {
        open.set(false);
        if let Some(opener) = opener.get_untracked() {
            let _ = opener.focus();
        }
    };
    let key = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "Escape" if open.get_untracked() => {
                event.stop_propagation();
                close();
                return;
            }
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        if !open.get_untracked() {
            open.set(true);
        }
        if let Some(whole) = whole.get_untracked() {
            request_animation_frame(move || move_focus(&whole, step));
        }
    };
    view! {
        <div class="menuhold" class:menuhold--right=rightwards node_ref=whole on:keydown=key>
            <button
                node_ref=opener
                class=class
                type="button"
                aria-label=label
                title=label
                aria-haspopup="menu"
                aria-expanded=dynamic(move || open.get().to_string())
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {button.run()}
            </button>
            <Show when=move || open.get()>
                <div class="menu menuhold__menu" role="menu" on:click=move |_| if !stays { close() }>
                    {children.with_value(|children| children())}
                </div>
            </Show>
        </div>
    }
}

fn move_focus(whole: &HtmlElement, step: i32) {
    let Ok(items) = whole.query_selector_all("[role^=menuitem]:not([disabled])") else { return };
    let count = i32::try_from(items.length()).unwrap_or(0);
    if count == 0 {
        return;
    }
    let focused = document().active_element();
    let at = (0..count).find(|i| {
        items
            .item(i.unsigned_abs())
            .is_some_and(|item| focused.as_ref().is_some_and(|f| item.is_same_node(Some(f))))
    });
    let next = match at {
        Some(at) => (at + step).rem_euclid(count),
        None if step > 0 => 0,
        None => count - 1,
    };
    if let Some(item) = items.item(next.unsigned_abs()).and_then(|item| item.dyn_into::<HtmlElement>().ok()) {
        let _ = item.focus();
    }
}

/// A link in a menu.
#[component]
pub(crate) fn MenuLink(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// Its icon.
    icon: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="menu__item" role="menuitem" href=href>
            <Icon name=icon />
            {children()}
        </a>
    }
}

/// A choice in a menu that is ticked or not.
#[component]
pub(crate) fn MenuCheck(
    /// Whether it is ticked.
    #[prop(into)]
    on: Signal<bool>,
    /// Called to tick or untick it.
    #[prop(into)]
    flip: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class="menu__item"
            type="button"
            role="menuitemcheckbox"
            aria-checked=dynamic(move || on.get().to_string())
            on:click=move |_| flip.run(())
        >
            <span class="menu__tick" class:is-on=on>
                <Icon name="check" small=true />
            </span>
            {children()}
        </button>
    }
}
