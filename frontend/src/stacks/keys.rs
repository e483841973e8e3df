//! The keys of the list of stacks: move, go to the filter. Enter is the link's own.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use crate::{parts::focus_find, shell::page_keys};

/// The names in the list, each the way to its stack.
const NAMES: &str = ".stacks__tbl .sp-name a";

/// Listens for as long as the page is shown.
pub(super) fn listen() {
    page_keys(move |key, _| {
        match key {
            "j" => step(1),
            "k" => step(-1),
            "/" => focus_find(),
            _ => return false,
        }
        true
    });
}

/// Gives the focus to the next or previous name; to the first, where none has it.
fn step(by: isize) {
    let Ok(found) = document().query_selector_all(NAMES) else { return };
    let names: Vec<HtmlElement> =
        (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect();
    let Some(last) = names.len().checked_sub(1) else { return };
    let here = document().active_element();
    let at = names.iter().position(|name| here.as_ref().is_some_and(|it| name.is_same_node(Some(it))));
    let next = at.map_or(0, |at| at.saturating_add_signed(by).min(last));
    _ = names[next].focus();
}
