//! A stack as a drawing: its services as they are now, what they wait for, publish, keep and are on. A click shows beside
//! it what is known of one of them, with the ways that lead there.

mod aside;
mod boxes;
mod layout;

use leptos::prelude::*;
use longshore_api::words::Words;

use self::{
    aside::Aside,
    boxes::Box,
    layout::{HIGH, Layout, Right, Thing, WIDE},
};
use super::{draft::draft, services::Nothing};
use crate::{
    parts::{Px, Show, dynamic, each, memo},
    places::places,
    speech::{speech, w},
};

impl Right {
    const ALL: [Self; 2] = [Self::Volumes, Self::Networks];

    /// Its word in the address.
    fn code(self) -> &'static str {
        match self {
            Self::Volumes => "order",
            Self::Networks => "networks",
        }
    }

    fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Volumes => words.start_order(),
            Self::Networks => words.networks(),
        }
    }

    fn explained(self, words: &Words) -> &'static str {
        match self {
            Self::Volumes => words.graph_order_more(),
            Self::Networks => words.graph_networks_more(),
        }
    }
}

/// The part of the page.
#[component]
pub(super) fn Graph() -> impl IntoView {
    let s = speech();
    let (draft, places) = (draft(), places());
    let right = memo(move || {
        let code = places.query("lines");
        Right::ALL.into_iter().find(|right| code.as_deref() == Some(right.code())).unwrap_or(Right::Volumes)
    });
    let layout = memo(move || {
        draft.stack.with(|stack| {
            stack.as_ref().map(|stack| layout::lay(&stack.services, right.get())).unwrap_or_default()
        })
    });
    let none = memo(move || layout.with(|layout| layout.boxes.is_empty()));
    let lines = memo(move || layout.with(paths));
    let size = move |of: fn(&Layout) -> f32| layout.with(|layout| Px(of(layout)).to_string());
    let address = move |right: Right, chosen: Option<String>| {
        places.graph(&draft.host.get_value(), &draft.name.get_value(), right.code(), chosen.as_deref())
    };
    let chosen = memo(move || places.query("chosen").and_then(|code| Thing::from_code(&code)));
    let choose = Callback::new(move |thing: Option<Thing>| {
        places.settle(address(right.get_untracked(), thing.map(|thing| thing.code())));
    });
    // What is gone is shown no longer.
    let shown = memo(move || {
        let chosen = chosen.get()?;
        layout.with(|layout| layout.boxes.iter().any(|placed| placed.thing == chosen)).then_some(chosen)
    });
    view! {
        <Show when=move || none.get()>
            <Nothing />
        </Show>
        <Show when=move || !none.get()>
            <div class="bar">
                <span class="seg" role="group" aria-label=w!(s.graph)>
                    {Right::ALL.map(|each| view! {
                        <button
                            type="button"
                            data-lines=each.code()
                            aria-pressed=dynamic(move || (right.get() == each).to_string())
                            on:click=move |_| places.settle(address(each, shown.get_untracked().map(|thing| thing.code())))
                        >
                            {dynamic(move || each.word(s.words()))}
                        </button>
                    })}
                </span>
                <span class="t3 sm">{dynamic(move || right.get().explained(s.words()))}</span>
            </div>
            <div class="panel graph" class=("graph--aside", move || shown.get().is_some()) data-graph=dynamic(move || right.get().code())>
                <div class="graph__scroll" tabindex="0" role="group" aria-label=w!(s.graph)>
                <div
                    class="graph__all"
                    style:width=dynamic(move || size(|it| it.width) + "px")
                    style:height=dynamic(move || size(|it| it.height) + "px")
                >
                    <svg
                        class="graph__lines"
                        width=dynamic(move || size(|it| it.width))
                        height=dynamic(move || size(|it| it.height))
                        aria-hidden="true"
                    >
                        <path class="graph__line" d=dynamic(move || lines.with(|lines| lines.0.clone())) />
                        <path class="graph__tip" d=dynamic(move || lines.with(|lines| lines.1.clone())) />
                    </svg>
                    <ul class="graph__boxes" aria-label=w!(s.graph)>
                        {each(
                            move || layout.with(|layout| layout.boxes.clone()),
                            |placed| format!("{:?} {} {}", placed.thing, Px(placed.x), Px(placed.y)),
                            move |placed| view! { <Box placed chosen=shown choose /> }.into_any(),
                        )}
                    </ul>
                </div>
                </div>
                {dynamic(move || shown.get().map(|thing| view! { <Aside thing choose /> }))}
            </div>
        </Show>
    }
}

/// All lines, and the tips of their arrows.
fn paths(layout: &Layout) -> (String, String) {
    let (mut lines, mut tips) = (String::new(), String::new());
    for (from, to) in &layout.lines {
        let (from, to) = (&layout.boxes[*from], &layout.boxes[*to]);
        let (x1, y1) = (from.x + WIDE, from.y + HIGH / 2.0);
        let (x2, y2) = (to.x - 5.0, to.y + HIGH / 2.0);
        // Two services may wait for each other: such a line leaves and arrives level, too.
        let bend = ((x2 - x1).abs() / 2.0).max(24.0);
        let [x1, y1, x2, y2, a, b, tip, up, down] =
            [x1, y1, x2, y2, x1 + bend, x2 - bend, x2 + 5.0, y2 - 3.5, y2 + 3.5].map(Px);
        lines.push_str(&format!("M{x1} {y1}C{a} {y1} {b} {y2} {x2} {y2}"));
        tips.push_str(&format!("M{x2} {up}L{tip} {y2}L{x2} {down}Z"));
    }
    (lines, tips)
}
