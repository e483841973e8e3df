//! The list: the same as the map, for those who read or want figures.

use leptos::prelude::*;
use longshore_api::{
    format,
    web::disk::{DiskKind, DiskPart, DiskUse},
    words::say,
};

use super::map::address;
use crate::{
    parts::{Show, dynamic, memo},
    places::places,
    speech::{Speech, speech, w},
};

/// So many lines are shown.
const LINES: usize = 200;

/// What a part is called.
pub(super) fn part_name(part: &DiskPart, s: Speech) -> String {
    let words = s.words();
    match part.kind {
        DiskKind::Layers => words.shared_layers().to_owned(),
        DiskKind::Cache => words.build_cache().to_owned(),
        DiskKind::Others => words.others().to_owned(),
        // Of a name that nobody gave, twelve characters are enough.
        DiskKind::Volume if part.name.len() == 64 && part.name.bytes().all(|b| b.is_ascii_hexdigit()) => {
            part.name[..12].to_owned()
        }
        DiskKind::Image | DiskKind::Container | DiskKind::Volume => part.name.clone(),
    }
}

/// What it is, in one word.
fn kind_word(kind: DiskKind, s: Speech) -> &'static str {
    let words = s.words();
    match kind {
        DiskKind::Image => words.col_image(),
        DiskKind::Layers => words.layers(),
        DiskKind::Container => words.container(),
        DiskKind::Volume => words.one_volume(),
        DiskKind::Cache => words.build_cache(),
        DiskKind::Others => words.others(),
    }
}

/// The list.
#[component]
pub(super) fn Parts(known: RwSignal<Option<DiskUse>>, host: RwSignal<String>) -> impl IntoView {
    let s = speech();
    let count = memo(move || known.with(|known| known.as_ref().map_or(0, |known| known.parts.len())));
    let lines = move || {
        let known = known.get().unwrap_or_default();
        let largest = known.parts.first().map_or(1, |part| part.size.max(1));
        let host = host.get();
        known.parts.into_iter().take(LINES).map(move |part| line(part, &host, largest, s)).collect_view()
    };
    view! {
        <section class="panel" data-panel="disk">
            <div class="scrollx" tabindex="0" role="region" aria-label=w!(s.disk_use)>
                <table class="tbl tbl--fit disk__list">
                    <colgroup>
                        <col />
                        <col style:width="180px" />
                        <col style:width="150px" />
                        <col style:width="100px" />
                    </colgroup>
                    <thead>
                        <tr>
                            <th scope="col">{w!(s.col_name)}</th>
                            <th scope="col">{w!(s.kind)}</th>
                            <th scope="col">{w!(s.share)}</th>
                            <th scope="col" class="num">{w!(s.size)}</th>
                        </tr>
                    </thead>
                    <tbody>{dynamic(lines)}</tbody>
                </table>
            </div>
            <Show when=move || { count.get() > LINES }>
                <p class="panel__foot">{dynamic(move || s.say(&say::first_of(count.get(), LINES)))}</p>
            </Show>
        </section>
    }
}

fn line(part: DiskPart, host: &str, largest: u64, s: Speech) -> AnyView {
    let places = places();
    let share = format!("{}%", part.size.saturating_mul(100) / largest);
    let to = untrack(|| address(&part, host, places));
    let (kind, size, used, id) = (part.kind, part.size, part.used, part.id.clone());
    let full = part.name.clone();
    let name = move || part_name(&part, s);
    let name = match to {
        Some(to) => view! { <a class="tbl__name cut" href=to title=full>{dynamic(name)}</a> }.into_any(),
        None => view! { <span class="cut">{dynamic(name)}</span> }.into_any(),
    };
    view! {
        <tr data-part=id>
            <td>
                <span class="row row--1">
                    {name} {(!used).then(|| view! { <span class="badge">{w!(s.unused)}</span> })}
                </span>
            </td>
            <td class="t2">{dynamic(move || kind_word(kind, s))}</td>
            <td><span class="thing__share"><span style:width=share></span></span></td>
            <td class="num">{if size == 0 { "0 B".to_owned() } else { format::disk(size) }}</td>
        </tr>
    }
    .into_any()
}
