//! The keys of the table: move, tick, act. Nothing here while somebody types or something lies over the page.

use leptos::prelude::*;
use longshore_api::web::{RowKey, container::Verb};
use web_sys::KeyboardEvent;

use super::{
    acting::{Target, acting},
    rows::{Line, Rows},
    selection::selection,
};
use crate::{
    browser,
    parts::{focus_find, is_covered},
    places::places,
    shell::keys_are_on,
};

/// The row that keys act on: the one with the focus, else the one that keys moved to.
#[derive(Clone, Copy)]
pub(super) struct Cursor(pub(super) RwSignal<Option<RowKey>>);

/// Listens for as long as the page is shown.
pub(super) fn listen(rows: Rows, cursor: Cursor, show: Callback<u32>) {
    let acting = acting();
    let places = places();
    let selection = selection();
    let chosen = move || match selection.len() {
        0 => cursor.0.get_untracked().and_then(|key| row_target(rows, key)).into_iter().collect(),
        _ => selection.targets(),
    };
    let pressed = move |event: KeyboardEvent| {
        if is_covered() || browser::is_typing(&event) || event.default_prevented() {
            return;
        }
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let key = event.key();
        if key.len() == 1 && !keys_are_on() {
            return;
        }
        match key.as_str() {
            "j" => step(rows, cursor, show, 1),
            "k" => step(rows, cursor, show, -1),
            "x" => {
                if let Some(target) = cursor.0.get_untracked().and_then(|key| row_target(rows, key)) {
                    selection.flip(target);
                }
            }
            "r" => acting.ask(Verb::Restart, untrack(chosen)),
            "s" => acting.ask(Verb::Stop, untrack(chosen)),
            "c" => {
                let Some(target) = cursor.0.get_untracked().and_then(|key| row_target(rows, key)) else {
                    return;
                };
                places.go(places.consoles(&[(&target.host, &target.name)]));
            }
            "l" => {
                let chosen = untrack(chosen);
                if !chosen.is_empty() {
                    let of = chosen.iter().map(|target| (target.host.as_str(), target.name.as_str()));
                    places.go(untrack(|| places.logs(of)));
                }
            }
            "Delete" => acting.ask(Verb::Remove, untrack(chosen)),
            "Escape" => selection.clear(),
            "ContextMenu" | "F10" if key == "ContextMenu" || event.shift_key() => {
                let Some(Line::Row(row)) = cursor.0.get_untracked().and_then(|key| rows.line(key)) else {
                    return;
                };
                acting.open(
                    row,
                    cursor_place(cursor),
                    Some(Callback::new(move |target| selection.flip(target))),
                );
            }
            "/" => focus_find(),
            _ => return,
        }
        event.prevent_default();
    };
    let listening = window_event_listener(leptos::ev::keydown, move |event| untrack(|| pressed(event)));
    on_cleanup(move || listening.remove());
}

fn row_target(rows: Rows, key: RowKey) -> Option<Target> {
    untrack(|| rows.container(key)).as_ref().map(Target::from)
}

/// Moves to the next or previous container of the window and gives its name the focus.
fn step(rows: Rows, cursor: Cursor, show: Callback<u32>, by: i32) {
    let place = rows.place().get_untracked();
    let rows_only: Vec<(u32, RowKey)> = (place.offset..)
        .zip(place.lines)
        .filter(|(_, key)| matches!(rows.line(*key), Some(Line::Row(_))))
        .collect();
    let Some(last) = rows_only.len().checked_sub(1) else { return };
    let at = cursor.0.get_untracked().and_then(|key| rows_only.iter().position(|(_, row)| *row == key));
    let next = match at {
        Some(at) => at.saturating_add_signed(by as isize).min(last),
        None => 0,
    };
    let (line, key) = rows_only[next];
    cursor.0.set(Some(key));
    show.run(line);
    request_animation_frame(move || browser::focus(&format!("tr[data-row='{}'] .tbl__name", key.0)));
}

fn cursor_place(cursor: Cursor) -> (i32, i32) {
    let row = cursor
        .0
        .get_untracked()
        .and_then(|key| document().query_selector(&format!("tr[data-row='{}']", key.0)).ok().flatten());
    row.map(|row| row.get_bounding_client_rect())
        .map_or((0, 0), |r| (r.left() as i32 + 40, r.bottom() as i32))
}
