//! What a block leads to: its container in the list, or everything that can be done to it.

use leptos::prelude::*;
use longshore_api::web::{
    RowKey,
    container::{Container, ContainerQuery, Grouping},
    live::{Topic, WINDOW_MAX},
};

use serde::Deserialize;

use crate::{
    containers::{Acting, acting},
    live::Live,
    places::{Page, Places, places},
};

/// Of a window nothing but the containers.
#[derive(Deserialize)]
struct Found {
    rows: Vec<Container>,
}

/// Leads from blocks to containers.
#[derive(Clone, Copy)]
pub(super) struct Opener {
    places: Places,
    live: Live,
    acting: Acting,
}

impl Opener {
    pub(super) fn new() -> Self {
        Self { places: places(), live: expect_context(), acting: acting() }
    }

    /// The list, narrowed to the block.
    pub(super) fn address(self, host: &str, stack: Option<&str>, name: &str) -> String {
        let text = words(stack, name);
        self.places.address_on(Page::Containers, Some(host), &[("q", &text)])
    }

    /// Goes there.
    pub(super) fn go(self, host: &str, stack: Option<&str>, name: &str) {
        self.places.go(untrack(|| self.address(host, stack, name)));
    }

    /// Opens the sheet of the container, once it is found.
    pub(super) fn act(self, host: &str, stack: Option<&str>, name: &str, key: RowKey, at: (i32, i32)) {
        let question = ContainerQuery {
            text: words(stack, name),
            host: Some(host.to_owned()),
            group: Grouping::Flat,
            limit: WINDOW_MAX,
            ..ContainerQuery::default()
        };
        self.live.once(Topic::Containers(question), move |whole| {
            if let Some(row) = whole.read::<Found>()?.rows.into_iter().find(|row| row.key == key) {
                self.acting.open(ArcRwSignal::new(row), at, None);
            }
            Some(())
        });
    }
}

fn words(stack: Option<&str>, name: &str) -> String {
    match stack {
        Some(stack) => format!("{stack} {name}"),
        None => name.to_owned(),
    }
}
