//! Lines of the palette.

use leptos::prelude::*;
use longshore_api::words::say;

use super::items::{Item, Kind, Sign, pieces};
use crate::{
    parts::{Icon, StateMark, dynamic},
    speech::speech,
};

/// What stands over a run of lines.
#[component]
pub(super) fn Head(kind: Kind) -> impl IntoView {
    let s = speech();
    let text = move || match &kind {
        Kind::Containers => s.words().containers().to_owned(),
        Kind::DoWith(name) => s.say(&say::do_with(name)),
        Kind::Hosts => s.words().hosts().to_owned(),
        Kind::Pages => s.words().pages().to_owned(),
        Kind::Commands => s.words().commands().to_owned(),
        Kind::Stacks => s.words().stacks().to_owned(),
        Kind::Templates => s.words().templates().to_owned(),
    };
    view! {
        <div class="palette__group" role="presentation">
            {dynamic(text)}
        </div>
    }
}

/// One line: press it, or Enter while it is the chosen one.
#[component]
pub(super) fn Line(
    item: Item,
    at: usize,
    chosen: RwSignal<usize>,
    run: Callback<usize>,
    text: RwSignal<String>,
) -> impl IntoView {
    let on = move || chosen.get() == at;
    let sign = match item.sign {
        Sign::State(state) => view! { <StateMark state /> }.into_any(),
        Sign::Icon(name) => view! { <Icon name /> }.into_any(),
    };
    let shown = pieces(&item.text, &text.get_untracked())
        .into_iter()
        .map(|(piece, hit)| if hit { view! { <mark>{piece}</mark> }.into_any() } else { piece.into_any() })
        .collect_view();
    view! {
        <div
            class="palette__item"
            class:is-on=dynamic(on)
            id=format!("palette-{at}")
            role="option"
            aria-selected=dynamic(move || on().to_string())
            on:pointermove=move |_| {
                if chosen.get_untracked() != at {
                    chosen.set(at);
                }
            }
            on:click=move |_| run.run(at)
        >
            {sign}
            <span class="cut">{shown}</span>
            <span class="end">{item.note}</span>
        </div>
    }
}
