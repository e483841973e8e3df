//! The map: a tile for each thing, as large as the room that it takes. The list beside it says the same, so readers pass
//! over the map, and the keyboard goes through the list.

use leptos::{ev, html::Div, prelude::*};
use longshore_api::{
    format,
    web::{
        disk::{DiskKind, DiskPart, DiskUse},
        shelf::Shelf,
    },
};

use super::{
    layout::{Rect, squarified},
    page::{GROUPS, group_word},
    parts::part_name,
};
use crate::{
    parts::{Px, dynamic},
    places::{Places, places},
    speech::{Speech, speech},
};

/// So many tiles a group has; the smallest of more are one together.
const TILES: usize = 60;
/// The line that names a group.
const HEAD: f32 = 20.0;
/// A tile that is smaller says nothing.
const NAMED: (f32, f32) = (48.0, 20.0);
/// A tile that is larger says its size too.
const SIZED: (f32, f32) = (64.0, 38.0);

/// Where a part leads to.
pub(super) fn address(part: &DiskPart, host: &str, places: Places) -> Option<String> {
    match part.kind {
        DiskKind::Image => Some(places.thing(Shelf::Images, host, &part.id)),
        DiskKind::Volume => Some(places.thing(Shelf::Volumes, host, &part.id)),
        DiskKind::Container => Some(places.container(host, &part.name, None)),
        DiskKind::Layers | DiskKind::Cache | DiskKind::Others => None,
    }
}

/// The map.
#[component]
pub(super) fn Map(known: RwSignal<Option<DiskUse>>, host: RwSignal<String>) -> impl IntoView {
    let s = speech();
    let places = places();
    let node = NodeRef::<Div>::new();
    let room = RwSignal::new((0.0_f32, 0.0_f32));
    let look = move || {
        if let Some(node) = node.get_untracked() {
            room.set((node.client_width() as f32, node.client_height() as f32));
        }
    };
    Effect::new(move |_| {
        node.track();
        look();
    });
    let resized = window_event_listener(ev::resize, move |_| look());
    on_cleanup(move || resized.remove());
    let groups = move || {
        let (width, height) = room.get();
        let known = known.get().unwrap_or_default();
        let mut groups: Vec<(&'static str, Vec<DiskPart>, u64)> = GROUPS
            .into_iter()
            .map(|(group, kinds)| {
                let of = |part: &&DiskPart| kinds.contains(&part.kind) && part.size > 0;
                let parts: Vec<DiskPart> = known.parts.iter().filter(of).cloned().collect();
                let size = parts.iter().fold(0, |sum: u64, part| sum.saturating_add(part.size));
                (group, parts, size)
            })
            .filter(|(_, parts, _)| !parts.is_empty())
            .collect();
        groups.sort_by_key(|(_, _, size)| std::cmp::Reverse(*size));
        let sizes: Vec<u64> = groups.iter().map(|(_, _, size)| *size).collect();
        let places_of = squarified(&sizes, Rect { x: 0.0, y: 0.0, width, height });
        let host = host.get();
        groups
            .into_iter()
            .zip(places_of)
            .map(move |((group, parts, _), place)| tiles(group, parts, place, &host, places, s))
            .collect_view()
    };
    view! {
        <div class="disk__map" aria-hidden="true" node_ref=node>
            {dynamic(groups)}
        </div>
    }
}

/// A group: its name, where there is room for it, and its tiles.
fn tiles(
    group: &'static str,
    mut parts: Vec<DiskPart>,
    place: Rect,
    host: &str,
    places: Places,
    s: Speech,
) -> AnyView {
    let rest = parts.split_off(parts.len().min(TILES));
    let more = rest.len();
    let mut sizes: Vec<u64> = parts.iter().map(|part| part.size).collect();
    if more > 0 {
        sizes.push(rest.iter().fold(0, |sum, part| sum.saturating_add(part.size)));
    }
    let named = place.width > 70.0 && place.height > 3.0 * HEAD;
    let head = if named { HEAD } else { 0.0 };
    let inner = Rect { y: place.y + head, height: place.height - head, ..place };
    let rects = squarified(&sizes, inner);
    let mut all: Vec<AnyView> = Vec::with_capacity(rects.len());
    let mut rects = rects.into_iter();
    for (part, rect) in parts.into_iter().zip(rects.by_ref()) {
        all.push(tile(group, &part, rect, host, places, s));
    }
    if let Some(rect) = rects.next() {
        let size = sizes.last().copied().unwrap_or_default();
        all.push(plain(group, format!("+{more}"), size, rect));
    }
    view! {
        {named
            .then(|| {
                view! {
                    <div class="disk__head cut" style:left=px(place.x) style:top=px(place.y) style:width=px(place.width)>
                        {dynamic(move || group_word(group, s.words()))}
                    </div>
                }
            })}
        {all}
    }
    .into_any()
}

fn px(length: f32) -> String {
    format!("{}px", Px(length))
}

/// What a tile says, as far as there is room.
fn words(name: String, size: u64, rect: Rect) -> impl IntoView {
    let fits = |(width, height): (f32, f32)| rect.width > width && rect.height > height;
    let sized = fits(SIZED).then(|| view! { <span class="cut">{format::disk(size)}</span> });
    fits(NAMED).then(|| view! { <span class="cut">{name}</span>{sized} })
}

fn tile(group: &'static str, part: &DiskPart, rect: Rect, host: &str, places: Places, s: Speech) -> AnyView {
    let name = untrack(|| part_name(part, s));
    let Some(to) = untrack(|| address(part, host, places)) else {
        return plain(group, name, part.size, rect);
    };
    let title = format!("{name}\n{}", format::disk(part.size));
    view! {
        <a
            class=format!("disk__tile disk--{group}")
            class:is-unused=!part.used
            href=to
            tabindex="-1"
            title=title
            data-tile=part.id.clone()
            style:left=px(rect.x)
            style:top=px(rect.y)
            style:width=px(rect.width)
            style:height=px(rect.height)
        >
            {words(name, part.size, rect)}
        </a>
    }
    .into_any()
}

/// A tile that leads nowhere.
fn plain(group: &'static str, name: String, size: u64, rect: Rect) -> AnyView {
    let title = format!("{name}\n{}", format::disk(size));
    view! {
        <div
            class=format!("disk__tile disk--{group}")
            title=title
            style:left=px(rect.x)
            style:top=px(rect.y)
            style:width=px(rect.width)
            style:height=px(rect.height)
        >
            {words(name, size, rect)}
        </div>
    }
    .into_any()
}
