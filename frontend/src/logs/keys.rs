//! The keys of the page: Space holds the log, `w` wraps its lines, End goes to the newest, `/` to the search, `n` and `N`
//! to hits.

use leptos::prelude::*;

use super::feed::Feed;
use crate::{
    parts::focus_find,
    shell::{on_control, page_keys},
};

/// Listens for as long as the page is shown.
pub(super) fn listen(feed: Feed, wrap: Callback<()>) {
    page_keys(move |key, event| {
        match key {
            " " if !on_control(event) => feed.pause(!untrack(|| feed.is_paused() || feed.is_away())),
            "w" => wrap.run(()),
            "/" => focus_find(),
            "n" => feed.to_hit(true),
            "N" => feed.to_hit(false),
            "End" => feed.to_newest(),
            _ => return false,
        }
        true
    });
}
