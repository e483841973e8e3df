//! The small quay of a row: a pile two high, a block per container, in the order of their names.

use std::collections::BTreeMap;

use leptos::prelude::*;
use longshore_api::web::container::State;

use crate::parts::{Px, dynamic};
use crate::quay::{Grain, path};

const HIGH: usize = 2;

/// Blocks of one stack or host.
#[component]
pub(crate) fn MiniQuay(
    /// The states by name.
    #[prop(into)]
    blocks: Signal<Vec<State>>,
    /// What it says to readers.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let grain = Grain::ROW;
    let foot = grain.step_y() * HIGH as f32;
    view! {
        <span class="quay--mini" role="img" aria-label=label>
            {dynamic(move || {
                let blocks = blocks.get();
                let width = blocks.len().div_ceil(HIGH) as f32 * grain.step_x();
                let width = (width - grain.gap).max(0.0);
                let paths = paths(&blocks, grain);
                view! {
                    <svg width=Px(width).to_string() height=Px(foot + 2.0).to_string()>
                        {paths
                            .into_iter()
                            .map(|(state, d)| view! { <path class=format!("q-{}", state.code()) fill-rule="evenodd" d=d /> })
                            .collect_view()}
                        <path class="q-edge" d=format!("M0 {}H{}", Px(foot + 1.0), Px(width)) />
                    </svg>
                }
            })}
        </span>
    }
}

fn paths(blocks: &[State], grain: Grain) -> BTreeMap<State, String> {
    let mut paths = BTreeMap::<State, String>::new();
    for (i, state) in blocks.iter().enumerate() {
        let x = (i / HIGH) as f32 * grain.step_x();
        let y = (HIGH - 1 - i % HIGH) as f32 * grain.step_y();
        path(paths.entry(*state).or_default(), *state, grain, x, y);
    }
    paths
}
