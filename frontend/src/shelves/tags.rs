//! The names of an image.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{web::shelf::ImageTag, words::say};

use super::thing::Thing;
use crate::{
    api::{self, Failure},
    parts::{DeedDialog, Field, Icon, dynamic},
    speech::{speech, w},
};

/// All of them; each can go as long as it is not the last.
#[component]
pub(super) fn Tags(thing: Thing) -> impl IntoView {
    let s = speech();
    let tags = thing.part(|detail| detail.item.tags.clone());
    let untag = Callback::new(move |tag: String| {
        let (host, id) = (thing.host.get_value(), thing.id.get_value());
        thing.act(async move { api::untag_image(&host, &id, &ImageTag { tag }).await });
    });
    let lines = move || {
        let tags = tags.get();
        let many = tags.len() > 1 && thing.may_change();
        let line = |tag: String| {
            let (label, gone, marked) = (tag.clone(), tag.clone(), tag.clone());
            view! {
                <li data-tag=marked>
                    <span class="mono xs thing__pair grow">{tag}</span>
                    {many.then(|| view! {
                        <button
                            class="btn btn--quiet btn--sm btn--icon"
                            type="button"
                            data-action="untag"
                            aria-label=dynamic(move || s.say(&say::remove_name(&label)))
                            on:click=move |_| untag.run(gone.clone())
                        >
                            <Icon name="close" />
                        </button>
                    })}
                </li>
            }
        };
        tags.into_iter().map(line).collect_view()
    };
    view! {
        <section class="panel" data-panel="tags">
            <div class="panel__head">
                <h2>{w!(s.tags)}</h2>
            </div>
            <ul class="list list--tight">{dynamic(lines)}</ul>
        </section>
    }
}

/// One more name.
#[component]
pub(super) fn TagDialog(thing: Thing, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let failure = RwSignal::new(None::<Failure>);
    let tag = RwSignal::new(String::new());
    let deed = Arc::new(move || {
        let (host, id) = (thing.host.get_value(), thing.id.get_value());
        let tag = ImageTag { tag: tag.get_untracked().trim().to_owned() };
        Box::pin(async move { api::tag_image(&host, &id, &tag).await }) as _
    });
    let title = Signal::derive(move || s.words().add_tag().to_owned());
    let ready = Signal::derive(move || tag.with(|tag| !tag.trim().is_empty()));
    let help = Signal::derive(move || s.words().tag_help().to_owned());
    view! {
        <DeedDialog title close deed failure ready>
            <Field name="tag" label=w!(s.tag) value=tag autocomplete="off" help failure first=true />
        </DeedDialog>
    }
}
