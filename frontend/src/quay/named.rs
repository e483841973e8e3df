//! The quay of one host with few containers: blocks wide enough to carry their names.

use leptos::prelude::*;
use longshore_api::web::{
    container::State,
    home::{Berth, Block, Pile},
    host::Link,
};
use web_sys::{KeyboardEvent, MouseEvent};

use super::{layout::HIGH, open::Opener};
use crate::{
    parts::{StateMark, dynamic, each, memo, state_word},
    shell::hosts,
    speech::speech,
};

/// So much room a column asks for, in pixels.
const COLUMN: usize = 90;
/// Between one pile and the next, pixels.
const GAP: usize = 14;

/// The piles.
#[component]
pub(super) fn NamedPiles(berths: ReadSignal<Vec<Berth>>, lit: RwSignal<Vec<State>>) -> impl IntoView {
    let hosts = hosts();
    let host = memo(move || {
        berths.with(|berths| berths.first().map(|berth| berth.host.clone()).unwrap_or_default())
    });
    let stale =
        memo(move || hosts.one(&host.get()).is_some_and(|host| matches!(host.link, Link::Down { .. })));
    let piles = memo(move || {
        berths.with(|berths| berths.first().map(|berth| berth.piles.clone()).unwrap_or_default())
    });
    // Which piles there are; what is in them follows by itself.
    let stacks = memo(move || {
        piles.with(|piles| piles.iter().map(|pile| pile.stack.clone()).enumerate().collect::<Vec<_>>())
    });
    view! {
            <div class="piles" class:is-stale=dynamic(move || stale.get()) tabindex="0">
                {each(
    move || stacks.get(),
    |(at, stack)| format!("{at} {stack:?}"),
    move |(at, stack)| view! { <NamedPile
                        host
                        pile=Signal::derive(move || piles.with(|piles| piles.get(at).cloned()).unwrap_or(Pile { stack: None, blocks: Vec::new() }))
                        stack
                        lit
                    /> }.into_any(),
    )}
            </div>
        }
}

#[component]
fn NamedPile(
    host: Memo<String>,
    pile: Signal<Pile>,
    stack: Option<String>,
    lit: RwSignal<Vec<State>>,
) -> impl IntoView {
    let s = speech();
    let count = memo(move || pile.with(|pile| pile.blocks.len()));
    let columns = memo(move || count.get().div_ceil(HIGH));
    let caption = {
        let stack = stack.clone();
        move || stack.clone().unwrap_or_else(|| s.words().no_stack().to_owned())
    };
    let in_column = move |column: usize| {
        pile.with(|pile| pile.blocks.iter().skip(column * HIGH).take(HIGH).cloned().collect::<Vec<_>>())
    };
    let stack = StoredValue::new(stack);
    view! {
            <div class="pile" style:flex=dynamic(move || format!("{0} 1 {1}px", columns.get(), columns.get() * COLUMN + GAP)) style:min-width=dynamic(move || format!("{}px", columns.get() * COLUMN + GAP))>
                <div class="pile__cols">
                    {each(
    move || (0..columns.get()).collect(),
    usize::to_string,
    move |column| view! { <div class="pile__col">
                            {each(
    move || in_column(column),
    |block| format!("{} {}", block.key.0, block.state.code()),
    move |block| view! { <NamedBlock host stack block lit /> }.into_any(),
    )}
                        </div> }.into_any(),
    )}
                </div>
                <div class="pile__cap">
                    <span class="pile__name cut">{dynamic(caption)}</span>
                    <span class="pile__n">{count}</span>
                </div>
            </div>
        }
}

#[component]
fn NamedBlock(
    host: Memo<String>,
    stack: StoredValue<Option<String>>,
    block: Block,
    lit: RwSignal<Vec<State>>,
) -> impl IntoView {
    let s = speech();
    let opener = Opener::new();
    let Block { key, name, state } = block;
    let shown = name.clone();
    let name = StoredValue::new(name);
    let href = move || {
        stack.with_value(|stack| name.with_value(|name| opener.address(&host.get(), stack.as_deref(), name)))
    };
    let act = move |at| {
        let host = host.get_untracked();
        stack.with_value(|stack| name.with_value(|name| opener.act(&host, stack.as_deref(), name, key, at)));
    };
    let title = move || format!("{}{}{}", name.get_value(), s.words().comma(), state_word(state, s.words()));
    // What runs well is told by its colour alone; everything else has its mark.
    let marked = !matches!(state, State::Healthy | State::Running);
    view! {
        <a
            class=format!("blk blk--{}", state.code())
            class:is-dim=dynamic(move || lit.with(|lit| !lit.is_empty() && !lit.contains(&state)))
            href=href
            title=title
            data-block=shown.clone()
            on:contextmenu=move |event: MouseEvent| {
                event.prevent_default();
                act((event.client_x(), event.client_y()));
            }
            on:keydown=move |event: KeyboardEvent| {
                if event.key() == "F10" && event.shift_key() {
                    event.prevent_default();
                    act((120, 120));
                }
            }
        >
            {marked
                .then(|| view! { <StateMark state label=Signal::derive(move || state_word(state, s.words()).to_owned()) /> })}
            <span class="cut">{shown.clone()}</span>
        </a>
    }
}
