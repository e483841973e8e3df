//! The quay of many hosts: all berths in one strip, in the largest blocks that fit; wrapped where none do.

use leptos::prelude::*;
use longshore_api::web::{container::State, home::Berth};
use web_sys::HtmlElement;

use super::{Grain, berth::BerthView, layout::grain_for};
use crate::parts::{Px, dynamic, each, memo};

/// Padding and line of a berth, pixels.
const AIR: f32 = 29.0;
/// A berth is never narrower than its caption.
const LEAST: f32 = 80.0;

/// Below this width the page is a phone's.
const PHONE: f32 = 680.0;

/// A block that is pointed at or has the focus.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tip {
    /// Its name.
    pub(super) name: String,
    /// Its stack and state.
    pub(super) more: String,
    /// Where the block is, from the panel's upper left corner.
    pub(super) x: f32,
    pub(super) y: f32,
}

/// The strip.
#[component]
pub(super) fn Strip(berths: ReadSignal<Vec<Berth>>, lit: RwSignal<Vec<State>>) -> impl IntoView {
    let whole = NodeRef::<leptos::html::Div>::new();
    let room = RwSignal::new(1_000.0_f32);
    let measure = move || {
        if let Some(whole) = whole.get_untracked() {
            room.set(inner_width(&whole));
        }
    };
    Effect::new(move |_| {
        if whole.get().is_some() {
            request_animation_frame(measure);
        }
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let fitting = memo(move || {
        berths.with(|berths| match room.get() {
            // Phones scroll sideways, in blocks for thumbs.
            room if room < PHONE => Some(Grain::ALL[0]),
            room => grain_for(berths, room, AIR, LEAST),
        })
    });
    let grain = memo(move || fitting.get().unwrap_or(Grain::ALL[Grain::ALL.len() - 1]));
    let tip = RwSignal::new(None::<Tip>);
    let slugs =
        memo(move || berths.with(|berths| berths.iter().map(|berth| berth.host.clone()).collect::<Vec<_>>()));
    view! {
            <div class="quay" class:quay--wraps=dynamic(move || fitting.get().is_none()) node_ref=whole>
                {each(
    move || slugs.get(),
    String::clone,
    move |slug| { let berth = memo(move || {
                            berths.with(|berths| berths.iter().find(|berth| berth.host == slug).cloned())
                        });
                        view! { <BerthView berth grain lit tip /> }.into_any() },
    )}
            </div>
            {dynamic(move || tip.get().map(|tip| view! {
                <div
                    class="tip quaypanel__tip"
                    role="status"
                    style:left=format!("{}px", Px((tip.x - 16.0).max(4.0)))
                    style:top=format!("{}px", Px(tip.y))
                >
                    <b>{tip.name}</b>
                    " "
                    <span>{tip.more}</span>
                </div>
            }))}
        }
}

/// What is left of the width between the paddings.
fn inner_width(element: &HtmlElement) -> f32 {
    element.client_width() as f32 - 32.0
}
