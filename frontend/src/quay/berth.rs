//! A berth: one SVG, one path for each state; what is under the pointer or the arrow keys is found by its place.

use std::collections::BTreeMap;

use leptos::prelude::*;
use longshore_api::{
    web::{container::State, home::Berth, host::Link},
    words::say,
};
use web_sys::{KeyboardEvent, MouseEvent};

use super::{
    Grain,
    layout::{self, Layout, Placed},
    open::Opener,
    path,
    strip::Tip,
};
use crate::{
    clock::clock,
    parts::{Px, Show, StateMark, dynamic, each, memo, state_word},
    places::{Page, places},
    shell::hosts,
    speech::speech,
};

/// A host at the quay.
#[component]
pub(super) fn BerthView(
    berth: Memo<Option<Berth>>,
    grain: Memo<Grain>,
    lit: RwSignal<Vec<State>>,
    tip: RwSignal<Option<Tip>>,
) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let places = places();
    let hosts = hosts();
    let opener = Opener::new();
    let layout = memo(move || {
        berth.with(|berth| berth.as_ref().map(|berth| layout::lay(berth, grain.get())).unwrap_or_default())
    });
    let chosen = RwSignal::new(None::<usize>);
    let svg = NodeRef::<leptos::svg::Svg>::new();
    let slug = memo(move || berth.with(|berth| berth.as_ref().map(|b| b.host.clone()).unwrap_or_default()));
    let host = memo(move || hosts.one(&slug.get()));
    let name = memo(move || host.with(|host| host.as_ref().map(|host| host.name.clone())));
    let stale = memo(move || {
        host.with(|host| match host.as_ref()?.link {
            Link::Down { seen, .. } => Some(seen),
            _ => None,
        })
    });
    let count = memo(move || layout.with(|layout| layout.blocks.len()));
    let label =
        move || format!("{}: {}", name.get().unwrap_or_default(), s.say(&say::n_containers(count.get())));
    let below = move || match stale.get() {
        Some(Some(seen)) => s.say(&say::seen_ago(s.age(clock.since(seen)))),
        Some(None) => s.words().no_engine().to_owned(),
        None => s.say(&say::n_containers(count.get())),
    };
    let point = move |at: Option<usize>| {
        chosen.set(at);
        let place = at.and_then(|at| layout.with_untracked(|layout| layout.blocks.get(at).cloned()));
        tip.set(place.zip(svg.get_untracked()).map(|(block, svg)| {
            let more = match &block.stack {
                Some(stack) => format!("{stack} · {}", state_word(block.state, untrack(|| s.words()))),
                None => state_word(block.state, untrack(|| s.words())).to_owned(),
            };
            let origin = origin(&svg);
            Tip {
                x: origin.0 + block.x + grain.get_untracked().width / 2.0,
                y: origin.1 + block.y,
                name: block.name,
                more,
            }
        }));
    };
    let with_chosen = move |act: &dyn Fn(&str, &Placed)| {
        if let Some(at) = chosen.get_untracked() {
            layout.with_untracked(|layout| {
                layout.blocks.get(at).map(|block| act(&slug.get_untracked(), block))
            });
        }
    };
    let go = move || with_chosen(&|host, block| opener.go(host, block.stack.as_deref(), &block.name));
    let act = move |at: (i32, i32)| {
        with_chosen(&|host, block| opener.act(host, block.stack.as_deref(), &block.name, block.key, at));
    };
    let moved = move |event: MouseEvent| {
        let under = layout.with_untracked(|layout| {
            layout::at(layout, grain.get_untracked(), event.offset_x() as f32, event.offset_y() as f32)
        });
        if under != chosen.get_untracked() {
            point(under);
        }
    };
    let key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "Enter" => go(),
            "F10" if event.shift_key() => act((160, 160)),
            arrow if arrow.starts_with("Arrow") => {
                let to = layout.with_untracked(|layout| match chosen.get_untracked() {
                    Some(from) => layout::neighbour(layout, from, arrow),
                    None => (!layout.blocks.is_empty()).then_some(0),
                });
                if to.is_some() {
                    point(to);
                }
            }
            "Escape" => point(None),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div
            class="berth"
            class:is-stale=dynamic(move || stale.get().is_some())
            data-berth=dynamic(move || slug.get())
            style:flex=dynamic(move || layout.with(|layout| format!("{} 1 {}px", Px(layout.width.max(74.0)), Px(layout.width + 28.0))))
        >
            <svg
                node_ref=svg
                class="berth__blocks"
                width=dynamic(move || layout.with(|layout| Px(layout.width.max(1.0)).to_string()))
                height=dynamic(move || Px(layout::height(grain.get())).to_string())
                role="img"
                aria-label=dynamic(label)
                tabindex="0"
                on:mousemove=moved
                on:mouseleave=move |_| point(None)
                on:blur=move |_| point(None)
                on:focus=move |_| {
                    if chosen.get_untracked().is_none() && count.get_untracked() > 0 {
                        point(Some(0));
                    }
                }
                on:click=move |_| go()
                on:contextmenu=move |event: MouseEvent| {
                    event.prevent_default();
                    act((event.client_x(), event.client_y()));
                }
                on:keydown=key
            >
                <Blocks layout grain lit />
                {dynamic(move || chosen.get().and_then(|at| layout.with(|layout| layout.blocks.get(at).map(|b| (b.x, b.y)))).map(|(x, y)| view! {
                    <rect class="q-focus" x=Px(x - 2.5).to_string()
                        y=Px(y - 2.5).to_string()
                        width=Px(grain.get().width + 5.0).to_string()
                        height=Px(grain.get().height + 5.0).to_string()
                        rx="2"
                    />
                }))}
            </svg>
            <div class="berth__edge"></div>
            <a class="berth__cap" href=dynamic(move || places.address_on(Page::Home, Some(&slug.get()), &[]))>
                <span class="berth__name">
                    <Show when=move || stale.get().is_some()>
                        <StateMark state=State::Unknown />
                    </Show>
                    <span class="cut">{name}</span>
                </span>
                <span class="berth__sub">{dynamic(below)}</span>
            </a>
        </div>
    }
}

/// One path for each state that there is.
#[component]
fn Blocks(layout: Memo<Layout>, grain: Memo<Grain>, lit: RwSignal<Vec<State>>) -> impl IntoView {
    let paths = memo(move || {
        let mut paths = BTreeMap::<State, String>::new();
        layout.with(|layout| {
            for block in &layout.blocks {
                path(paths.entry(block.state).or_default(), block.state, grain.get(), block.x, block.y);
            }
        });
        paths
    });
    let states = memo(move || paths.with(|paths| paths.keys().copied().collect::<Vec<_>>()));
    view! {
            {each(
    move || states.get(),
    |state| state.code().to_owned(),
    move |state| view! { <path
                    class=dynamic(move || format!("q-{}{}", state.code(), if grain.get().has_shapes() { "" } else { " q--small" }))
                    class:is-dim=dynamic(move || lit.with(|lit| !lit.is_empty() && !lit.contains(&state)))
                    fill-rule="evenodd"
                    d=dynamic(move || paths.with(|paths| paths.get(&state).cloned()))
                /> }.into_any(),
    )}
        }
}

/// Where the drawing begins within the panel.
fn origin(svg: &web_sys::SvgElement) -> (f32, f32) {
    let panel = svg.closest(".quaypanel").ok().flatten();
    let (here, panel) = (svg.get_bounding_client_rect(), panel.map(|panel| panel.get_bounding_client_rect()));
    panel.map_or((0.0, 0.0), |panel| ((here.left() - panel.left()) as f32, (here.top() - panel.top()) as f32))
}
