//! The consoles that this tab of the browser has open, so that a page that is loaded anew comes back to them.

use leptos::prelude::window;
use serde::{Deserialize, Serialize};

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
    left.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Leaves them. A browser that forbids it only forgets.
pub(super) fn write(all: &[Kept]) {
    if let (Ok(Some(kept)), Ok(text)) = (window().session_storage(), serde_json::to_string(all)) {
        let _ = kept.set_item(KEY, &text);
    }
}

/// Gives each of the places the id that was left for it, in their order.
pub(super) fn ids(places: &[String], mut left: Vec<Kept>) -> Vec<Option<String>> {
    let mut take = |of: &String| {
        let at = left.iter().position(|kept| kept.of == *of)?;
        Some(left.remove(at).id)
    };
    places.iter().map(&mut take).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_consoles_of_one_container_keep_their_order() {
        let kept = |of: &str, id: &str| Kept { of: of.to_owned(), id: id.to_owned() };
        let left = vec![kept("a/web", "1"), kept("a/db", "2"), kept("a/web", "3")];
        let places = ["a/db", "a/web", "a/web", "a/web"].map(str::to_owned);
        let ids = ids(&places, left);
        assert_eq!(ids, [Some("2".to_owned()), Some("1".to_owned()), Some("3".to_owned()), None]);
    }
}
