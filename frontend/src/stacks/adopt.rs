//! The way from a stack that another tool made to one that is kept here: its files are read from its host, uploaded or
//! pasted.

use leptos::prelude::*;
use longshore_api::{ops::Permission, words::say};
use wasm_bindgen::JsCast as _;

use super::draft::draft;
use crate::{
    api::{self, Failure},
    parts::{Icon, Show, Trouble, dynamic, memo},
    session::session,
    speech::{speech, w},
};

/// What is said of such a stack above the editor.
#[component]
pub(super) fn Adoption() -> impl IntoView {
    let s = speech();
    let (draft, session) = (draft(), session());
    let others = memo(move || draft.is_others());
    let manages = memo(move || session.may(&draft.host.get_value(), Permission::Manage));
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let folder = RwSignal::new(None::<String>);
    let left_out = RwSignal::new(Vec::<String>::new());
    let read = move |_| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = api::found_files(&draft.host.get_value(), &draft.name.get_value()).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(found) => {
                    failure.set(None);
                    let whole = |path: &String| if path.is_empty() { ".".to_owned() } else { path.clone() };
                    left_out.set(found.left_out.iter().map(whole).collect());
                    folder.set(Some(found.folder));
                    draft.take(found.source);
                }
                Err(why) => {
                    session.noticed(&why);
                    failure.set(Some(why));
                }
            }
        });
    };
    view! {
        <Show when=move || others.get()>
            <div class="panel adopt" data-adopt="">
                <div class="grow">
                    <b class="b">{w!(s.adopt_title)}</b>
                    <p class="t2 sm">{dynamic(move || match folder.get() {
                        Some(folder) => s.say(&say::adopt_from(folder)),
                        None if manages.get() => s.words().adopt_more().to_owned(),
                        None => s.words().adopt_paste().to_owned(),
                    })}</p>
                    <Show when=move || !left_out.with(Vec::is_empty)>
                        <p class="t2 sm" data-left-out="">{dynamic(move || s.say(&say::adopt_left_out(left_out.with(|all| all.join(", ")))))}</p>
                    </Show>
                    <Trouble failure />
                </div>
                <Show when=move || manages.get()>
                    <button
                        class="btn"
                        type="button"
                        data-action="read-files"
                        disabled=dynamic(move || busy.get())
                        on:click=read
                    >
                        <Icon name="download" />
                        {w!(s.adopt_read)}
                    </button>
                </Show>
            </div>
        </Show>
    }
}

/// Files of one's own machine, put into the draft under their names.
#[component]
pub(super) fn Upload() -> impl IntoView {
    let s = speech();
    let draft = draft();
    let chosen = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(files) = input.and_then(|input| input.files()) else { return };
        let files: Vec<web_sys::File> = (0..files.length()).filter_map(|n| files.get(n)).collect();
        leptos::task::spawn_local(async move {
            let mut source = draft.source();
            // The one that a draft begins with has nothing in it.
            source.files.retain(|_, text| !text.is_empty());
            for file in files {
                let name = file.name();
                let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
                if let Some(text) = text.ok().and_then(|text| text.as_string()) {
                    source.files.insert(name, text);
                }
            }
            if draft.open.try_get_untracked().is_some() {
                draft.take(source);
            }
        });
    };
    view! {
        <label class="btn btn--quiet btn--sm upload">
            <input type="file" name="upload" multiple=true on:change=chosen />
            {w!(s.upload_files)}
        </label>
    }
}
