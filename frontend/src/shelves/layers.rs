//! How an image came to be.

use leptos::prelude::*;
use longshore_api::{format, web::shelf::Layer, words::say};

use super::thing::Thing;
use crate::{
    clock::full_time,
    parts::dynamic,
    speech::{speech, w},
};

/// Each step with what it added.
#[component]
pub(super) fn Layers(thing: Thing) -> impl IntoView {
    let s = speech();
    let layers = thing.part(|detail| detail.layers.clone());
    let title = move || {
        layers.with(|layers| {
            let sized = layers.iter().filter(|layer| layer.size > 0).count();
            let sum = layers.iter().fold(0, |sum, layer| u64::saturating_add(sum, layer.size));
            say::layers_of(sized, sum)
        })
    };
    let lines = move || {
        let layers = layers.get();
        let largest = layers.iter().map(|layer| layer.size).max().unwrap_or_default().max(1);
        (1..).zip(layers).map(|(number, layer)| line(number, layer, largest)).collect_view()
    };
    view! {
        <section class="panel" data-panel="layers">
            <div class="panel__head">
                <h2>{dynamic(move || s.say(&title()))}</h2>
            </div>
            <div class="scrollx" tabindex="0" role="region" aria-label=w!(s.layers)>
                <table class="tbl tbl--fit thing__layers">
                    <colgroup>
                        <col style:width="38px" />
                        <col />
                        <col style:width="130px" />
                        <col style:width="90px" />
                    </colgroup>
                    <thead>
                        <tr>
                            <th scope="col">"#"</th>
                            <th scope="col">{w!(s.made_by)}</th>
                            <th scope="col">{w!(s.share)}</th>
                            <th scope="col" class="num">{w!(s.size)}</th>
                        </tr>
                    </thead>
                    <tbody>{dynamic(lines)}</tbody>
                </table>
            </div>
        </section>
    }
}

fn line(number: usize, layer: Layer, largest: u64) -> impl IntoView {
    let Layer { by, size, created } = layer;
    let share = format!("{}%", size.saturating_mul(100) / largest);
    let made = if created > 0 { full_time(created) } else { String::new() };
    let full = by.clone();
    view! {
        <tr data-layer=number>
            <td class="t3" title=made>{number}</td>
            <td class="mono xs cut" title=full>{by}</td>
            <td><span class="thing__share"><span style:width=share></span></span></td>
            <td class="num">{if size == 0 { "0 B".to_owned() } else { format::disk(size) }}</td>
        </tr>
    }
}
