//! That templates or their sources are others than before: what is shown is asked for again.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::web::{live::Topic, problem::Problem};
use serde::Deserialize;

use crate::live::{Body, Listener, Live};

struct Told {
    known: StoredValue<Option<u64>>,
    again: Callback<()>,
}

#[derive(Deserialize)]
struct Head {
    revision: u64,
}

impl Listener for Told {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        let Head { revision } = whole.read()?;
        let before = self.known.try_update_value(|known| known.replace(revision))?;
        // What was asked for before the line was up may be another by now.
        if before != Some(revision) {
            self.again.run(());
        }
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        self.snapshot(change)
    }

    fn refused(&self, _: Problem) {}
}

/// Calls this whenever there is something else, as long as the owner lives.
pub(super) fn follow(again: Callback<()>) {
    let told = Told { known: StoredValue::new(None), again };
    expect_context::<Live>().subscribe(Topic::Templates, Rc::new(told));
}
