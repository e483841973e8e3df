//! A pull, layer by layer.

use leptos::prelude::*;
use longshore_api::{
    format,
    web::job::{Job, Layer},
};

use crate::parts::{dynamic, memo};

/// The layers of the image that a job is pulling; nothing where it pulls none.
#[component]
pub(crate) fn Layers(
    /// The job.
    #[prop(into)]
    job: Signal<Option<Job>>,
) -> impl IntoView {
    let layers = memo(move || job.with(|job| job.as_ref().map(|job| job.layers.clone()).unwrap_or_default()));
    view! {
        {dynamic(move || {
            let layers = layers.get();
            (!layers.is_empty())
                .then(|| view! { <ul class="layers">{layers.into_iter().map(line).collect_view()}</ul> })
        })}
    }
}

fn line(layer: Layer) -> impl IntoView {
    let Layer { id, doing, done, total } = layer;
    let size = (total > 0).then(|| format!("{} / {}", format::disk(done), format::disk(total)));
    let marked = id.clone();
    view! {
        <li data-layer=marked>
            <span class="mono t3">{id}</span>
            <span class="grow cut">{doing}</span>
            <span class="t2 nowrap">{size}</span>
        </li>
    }
}
