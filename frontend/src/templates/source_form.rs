//! The form of a source: an address, a Git repository, a folder of the server, a file that is sent.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::words::say;
use longshore_templates::web::{Place, Source, SourceForm};
use wasm_bindgen::JsCast as _;

use super::sources::Desk;
use crate::{
    api::{self, Failure},
    parts::{Deed, DeedDialog, Field, Show, dynamic, memo},
    speech::{speech, w},
};

/// A file that was chosen: its name and its text.
type Chosen = (String, String);

/// The form, new or not.
#[component]
pub(super) fn SourceDialog(
    #[prop(optional)] source: Option<Source>,
    close: Callback<()>,
    desk: Desk,
) -> impl IntoView {
    let s = speech();
    let failure = RwSignal::new(None::<Failure>);
    let id = source.as_ref().map(|one| one.id.clone());
    let is_new = id.is_none();
    let name = RwSignal::new(source.as_ref().map(|one| one.name.clone()).unwrap_or_default());
    let (mut at, mut path, mut allowed, mut sent) = ("https://".to_owned(), String::new(), false, None);
    let mut first = "address";
    match source.map(|one| one.place) {
        Some(Place::Address { url, private }) => (at, allowed) = (url, private),
        Some(Place::Repository { url, path: within, private }) => {
            (first, at, path, allowed) = ("repository", url, within, private);
        }
        Some(Place::Folder { path: folder }) => (first, path) = ("folder", folder),
        Some(Place::File { name }) => (first, sent) = ("file", Some(name)),
        None => {}
    }
    let kind = RwSignal::new(first);
    let (url, folder, private) = (RwSignal::new(at), RwSignal::new(path), RwSignal::new(allowed));
    let file = RwSignal::new(None::<Chosen>);
    let kept = StoredValue::new(sent);
    let place = move || match kind.get_untracked() {
        "repository" => Place::Repository {
            url: url.get_untracked(),
            path: folder.get_untracked(),
            private: private.get_untracked(),
        },
        "folder" => Place::Folder { path: folder.get_untracked() },
        "file" => {
            let chosen = file.with_untracked(|file| file.as_ref().map(|(name, _)| name.clone()));
            Place::File { name: chosen.or_else(|| kept.get_value()).unwrap_or_default() }
        }
        _ => Place::Address { url: url.get_untracked(), private: private.get_untracked() },
    };
    let deed: Deed = Arc::new(move || {
        let form = SourceForm {
            name: name.get_untracked(),
            place: place(),
            text: file.with_untracked(|file| file.as_ref().map(|(_, text)| text.clone())),
        };
        let id = id.clone();
        Box::pin(async move {
            let answer = match id {
                Some(id) => api::edit_template_source(&id, &form).await,
                None => api::create_template_source(&form).await.map(drop),
            };
            desk.load();
            answer
        })
    });
    let title = Signal::derive(move || match is_new {
        true => s.words().new_template_source().to_owned(),
        false => name.with(|name| s.say(&say::edit_name(name))),
    });
    let ready = Signal::derive(move || {
        let filled = match kind.get() {
            "folder" => folder.with(|path| !path.trim().is_empty()),
            "file" => file.with(Option::is_some) || kept.with_value(Option::is_some),
            _ => url.with(|url| url.trim().len() > "https://".len()),
        };
        filled && name.with(|name| !name.trim().is_empty())
    });
    let kinds = [
        ("address", (|words| words.source_address()) as fn(&longshore_api::words::Words) -> &'static str),
        ("repository", |words| words.source_repository()),
        ("folder", |words| words.source_folder()),
        ("file", |words| words.source_file()),
    ];
    let tab = move |(each, word): (&'static str, fn(&longshore_api::words::Words) -> &'static str)| {
        view! {
            <button
                type="button"
                data-kind=each
                aria-pressed=dynamic(move || (kind.get() == each).to_string())
                on:click=move |_| {
                    kind.set(each);
                    failure.set(None);
                }
            >
                {dynamic(move || word(s.words()))}
            </button>
        }
    };
    let choose = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(chosen) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) else {
            return;
        };
        leptos::task::spawn_local(async move {
            let name = chosen.name();
            let text = wasm_bindgen_futures::JsFuture::from(chosen.text()).await;
            let text = text.ok().and_then(|text| text.as_string()).unwrap_or_default();
            _ = file.try_set(Some((name, text)));
        });
    };
    let is = move |word: &'static str| memo(move || kind.get() == word);
    let (in_repository, in_folder, by_file) = (is("repository"), is("folder"), is("file"));
    let by_address = memo(move || matches!(kind.get(), "address" | "repository"));
    let address_help = Signal::derive(move || {
        let words = s.words();
        if in_repository.get() { words.source_repository_help() } else { words.source_address_help() }
            .to_owned()
    });
    let path_help = Signal::derive(move || s.words().source_repository_path_help().to_owned());
    let folder_help = Signal::derive(move || s.words().source_folder_help().to_owned());
    view! {
        <DeedDialog title close deed failure ready>
            <Field name="name" label=w!(s.source_name) value=name autocomplete="off" failure first=true />
            <div class="field people__kind">
                <span class="field__label">{w!(s.source_where)}</span>
                <span class="seg" role="group" aria-label=w!(s.source_where)>{kinds.map(tab)}</span>
            </div>
            <Show when=move || by_address.get()>
                <Field name="place" label=w!(s.source_address) value=url autocomplete="off" help=address_help failure />
                <Show when=move || in_repository.get()>
                    <Field name="path" label=w!(s.source_repository_path) value=folder autocomplete="off" help=path_help failure />
                </Show>
                <label class="opt">
                    <input
                        class="box"
                        type="checkbox"
                        name="private"
                        prop:checked=dynamic(move || private.get())
                        on:change=move |_| private.update(|on| *on = !*on)
                    />
                    {w!(s.source_private_allowed)}
                </label>
            </Show>
            <Show when=move || in_folder.get()>
                <Field name="place" label=w!(s.source_folder) value=folder autocomplete="off" help=folder_help failure />
            </Show>
            <Show when=move || by_file.get()>
                <label class="field">
                    <span class="field__label">{w!(s.source_file)}</span>
                    <input class="input" type="file" name="file" accept=".json,.yaml,.yml" on:change=choose />
                    <span class="field__below">
                        <span class="field__help">{w!(s.source_file_help)}</span>
                    </span>
                </label>
            </Show>
        </DeedDialog>
    }
}
