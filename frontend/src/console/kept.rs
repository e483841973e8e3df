//! The consoles that this tab of the browser has open, so that a page that is loaded anew comes back to them.

use leptos::prelude::window;
use serde::{Deserialize, Serialize};

use crate::json;

const KEY: &str = "longshore.consoles";

/// A console: where it is, and the id by which it is found again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// `host/container`
    pub(super) of: String,
    /// Its id.
    pub(super) id: String,
}

/// Those that were left.
pub(super) fn read() -> Vec<Kept> {
    let left = window().session_storage().ok().flatten().and_then(|kept| kept.get_item(KEY).ok().flatten());
    left.and_then(|text| json::read(&text)).unwrap_or_default()
}

/// Leaves them. A browser that forbids it only forgets.
pub(super) fn write(all: &[Kept]) {
    if let (Ok(Some(kept)), Ok(text)) = (window().session_storage(), serde_json::to_string(all)) {
        let _ = kept.set_item(KEY, &text);
    }
}
