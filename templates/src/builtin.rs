//! The templates that come with Longshore, written for it: `assets/templates`.

mod list;

use std::sync::OnceLock;

use crate::{format, template::Template};

/// All of them, read once.
pub fn all() -> &'static [Template] {
    static ALL: OnceLock<Vec<Template>> = OnceLock::new();
    ALL.get_or_init(|| files().filter_map(|(file, text)| format::read(file, text).template).collect())
}

/// Their files, with their texts.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    list::FILES.iter().copied()
}
