//! Containers that run, saved: as the file of a stack that is then planned, or as a template.

use leptos::prelude::*;
use longshore_api::{web::adopt::SaveContainers, words::say};
use longshore_templates::web::{Place, SourceForm};

use super::name::{NameField, fits};
use crate::{
    api::{self, Failure},
    browser,
    parts::{Close, Layer, Show, Trouble, dynamic, submitted},
    places::{Page, places},
    session::session,
    speech::{speech, w},
};

/// What several containers are called by: the words with which all their names begin, or the one's whole name.
fn proposed(containers: &str) -> String {
    let mut names = containers.split(',').map(|name| name.split('-').collect::<Vec<_>>());
    let first = names.next().unwrap_or_default();
    let common = names.fold(first, |common, name| {
        common.into_iter().zip(name).take_while(|(one, other)| one == other).map(|(one, _)| one).collect()
    });
    common.join("-")
}

/// Asks for a name, and what it is to be.
#[component]
pub(super) fn Saving(host: String, containers: String) -> impl IntoView {
    let s = speech();
    let (places, session) = (places(), session());
    let name = RwSignal::new(proposed(&containers));
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let added = RwSignal::new(false);
    let (host, containers) = (StoredValue::new(host), StoredValue::new(containers));
    let many = containers.with_value(|all| all.split(',').count());
    let close = Callback::new(move |()| {
        places.settle(places.address_on(Page::Stacks, places.host().as_deref(), &[]))
    });
    let fits = fits(name);
    let go = move || {
        if fits.get_untracked() {
            let to =
                containers.with_value(|all| places.stack_of(&host.get_value(), &name.get_untracked(), all));
            places.go(to);
        }
    };
    // To a file of one's own, or to those of the server.
    let template = move |adds: bool| {
        let called = name.get_untracked();
        busy.set(true);
        leptos::task::spawn_local(async move {
            let all = containers.get_value().split(',').map(str::to_owned).collect();
            let form = SaveContainers { containers: all, name: called.clone() };
            let done = async {
                let text = api::saved_containers(&host.get_value(), &form).await?.template;
                if !adds {
                    browser::save(&format!("{called}.yaml"), &text);
                    return Ok(());
                }
                let place = Place::File { name: format!("{called}.yaml") };
                api::create_template_source(&SourceForm { name: called, place, text: Some(text) }).await?;
                _ = added.try_set(true);
                Ok(())
            };
            let done: api::Answer<()> = done.await;
            if busy.try_set(false).is_none() {
                if let Err(why) = &done {
                    session.noticed(why);
                }
                failure.set(done.err());
            }
        });
    };
    let title = Signal::derive(move || s.say(&say::save_these(many)));
    let off = move || !fits.get() || busy.get();
    view! {
        <Layer class="dialog" label=title close>
            <form class="dialog__form" on:submit=submitted(go)>
                <div class="dialog__head">
                    <h2 class="grow cut">{dynamic(move || title.get())}</h2>
                    <Close close />
                </div>
                <div class="dialog__body">
                    <NameField value=name />
                    <p class="t2 sm">{w!(s.save_containers_more)}</p>
                    <h3>{w!(s.save_template)}</h3>
                    <p class="t2 sm">{w!(s.save_template_more)}</p>
                    <div class="row">
                        <button
                            class="btn btn--sm"
                            type="button"
                            data-action="download-template"
                            disabled=dynamic(off)
                            on:click=move |_| template(false)
                        >
                            {w!(s.template_download)}
                        </button>
                        <Show when=move || session.administers()>
                            <button
                                class="btn btn--sm"
                                type="button"
                                data-action="add-template"
                                disabled=dynamic(move || off() || added.get())
                                on:click=move |_| template(true)
                            >
                                {w!(s.template_add)}
                            </button>
                        </Show>
                        <Show when=move || added.get()>
                            <a class="sm" data-added="" href=dynamic(move || places.address(Page::Templates))>{w!(s.template_added)}</a>
                        </Show>
                    </div>
                    <Trouble failure />
                </div>
                <div class="dialog__foot">
                    <button class="btn end" type="button" on:click=move |_| close.run(())>{w!(s.cancel)}</button>
                    <button class="btn btn--primary" type="submit" data-action="confirm" disabled=dynamic(off)>
                        {w!(s.write_files)}
                    </button>
                </div>
            </form>
        </Layer>
    }
}
