//! The keys of the page: Space holds the list, `/` goes to the filter.

use leptos::prelude::*;

use super::feed::Feed;
use crate::{
    parts::focus_find,
    shell::{on_control, page_keys},
};

/// Listens for as long as the page is shown.
pub(super) fn listen(feed: Feed) {
    page_keys(move |key, event| {
        match key {
            " " if !on_control(event) => feed.pause(!untrack(|| feed.is_paused())),
            "/" => focus_find(),
            _ => return false,
        }
        true
    });
}
