//! The keys of the tables: move, remove, go to the filter. Nothing here while somebody types or something lies over the page.

use leptos::prelude::*;
use longshore_api::web::shelf::Item;

use super::{list::List, row::obstacle};
use crate::{
    browser,
    parts::{Seen, focus_find},
    shell::{hosts, page_keys},
    speech::speech,
};

/// The line that keys act on: the one with the focus, else the one that keys moved to.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    /// What tells the line apart.
    pub(super) at: RwSignal<Option<String>>,
    /// A line that is to be seen.
    pub(super) wanted: RwSignal<Option<u32>>,
}

impl Cursor {
    /// Nowhere yet.
    pub(super) fn new() -> Self {
        Self { at: RwSignal::new(None), wanted: RwSignal::new(None) }
    }
}

/// Listens for as long as the page is shown.
pub(super) fn listen(list: List, seen: RwSignal<Seen>, cursor: Cursor, remove: Callback<Item>) {
    let (hosts, s) = (hosts(), speech());
    page_keys(move |key, _| {
        match key {
            "j" => step(list, seen, cursor, 1),
            "k" => step(list, seen, cursor, -1),
            "Delete" => {
                let at = cursor.at.get_untracked();
                let Some(item) = untrack(|| list.item(&at?)) else { return false };
                if untrack(|| obstacle(&item, hosts.answers(&item.host), s)).is_none() {
                    remove.run(item);
                }
            }
            "/" => focus_find(),
            _ => return false,
        }
        true
    });
}

/// Moves to the next or previous line of those that are there, and gives its name the focus.
fn step(list: List, seen: RwSignal<Seen>, cursor: Cursor, by: isize) {
    let (from, lines) = untrack(|| list.present(seen.get()));
    let Some(last) = lines.len().checked_sub(1) else { return };
    let at = cursor.at.get_untracked();
    let at = at.and_then(|at| lines.iter().position(|line| line.key == at));
    let next = at.map_or(0, |at| at.saturating_add_signed(by).min(last));
    cursor.at.set(Some(lines[next].key.clone()));
    cursor.wanted.set(Some(from + next as u32));
    request_animation_frame(|| browser::focus(".shelf tr.is-focus .tbl__name"));
}
