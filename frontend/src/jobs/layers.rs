//! A pull, layer by layer.

use leptos::prelude::*;
use longshore_api::{
    format,
    web::job::{Job, Layer},
    words::Words,
};

use crate::{
    parts::{dynamic, memo},
    speech::speech,
};

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

/// What the engine does with a layer, in the viewer's language; in the engine's words where they are new to us.
fn doing_word<'a>(doing: &'a str, words: &Words) -> &'a str {
    match doing {
        "Pulling fs layer" | "Waiting" => words.layer_waits(),
        "Downloading" => words.layer_comes(),
        "Verifying Checksum" => words.layer_verified(),
        "Download complete" => words.layer_came(),
        "Extracting" => words.layer_unpacked(),
        "Pull complete" => words.layer_done(),
        "Already exists" => words.layer_here(),
        other => other,
    }
}

fn line(layer: Layer) -> impl IntoView {
    let s = speech();
    let Layer { id, doing, done, total } = layer;
    let ready = matches!(doing.as_str(), "Pull complete" | "Already exists");
    let size = (total > 0).then(|| format!("{} / {}", format::disk(done), format::disk(total)));
    let percent = match ready {
        true => 100,
        false => (done * 100).checked_div(total).unwrap_or(0),
    };
    let unpacks = doing == "Extracting";
    let marked = id.clone();
    view! {
        <li class="layer" data-layer=marked>
            <span class="mono cut">{id}</span>
            <span class="cut" class:t3=ready>{dynamic(move || doing_word(&doing, s.words()).to_owned())}</span>
            <span class="progress" class=("progress--ok", ready) class=("progress--wait", unpacks) style:--p=format!("{percent}%")>
                <i></i>
            </span>
            <span class="num nowrap">{size}</span>
        </li>
    }
}
