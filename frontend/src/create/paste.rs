//! A pasted `docker run` line fills the form.

use leptos::prelude::*;
use longshore_api::{
    ops::spec::{Pasted, read_run},
    sentence::Sentence,
    words::say,
};

use super::draft::draft;
use crate::{
    parts::{Icon, dynamic},
    speech::{speech, w},
};

/// The field for the line.
#[component]
pub(super) fn Paste(open: RwSignal<bool>) -> impl IntoView {
    let s = speech();
    let draft = draft();
    let text = RwSignal::new(String::new());
    let said = RwSignal::new(Vec::<Sentence>::new());
    let fill = move |_| match text.with_untracked(|text| read_run(text)) {
        Ok(Pasted { spec, dropped, unfilled }) => {
            draft.fill(&spec);
            let mut notes = Vec::new();
            if !dropped.is_empty() {
                notes.push(say::nc_dropped(dropped.join(", ")));
            }
            if !unfilled.is_empty() {
                notes.push(say::nc_unfilled(unfilled.join(", ")));
            }
            if notes.is_empty() {
                open.set(false);
            }
            said.set(notes);
        }
        Err(why) => said.set(vec![why]),
    };
    view! {
        <div class="panel nc__paste">
            <div class="panel__body">
                <textarea
                    class="input input--mono"
                    name="line"
                    rows="5"
                    spellcheck="false"
                    aria-label="docker run"
                    placeholder="docker run -d --name web -p 8080:80 nginx:1.27"
                    prop:value=dynamic(move || text.get())
                    on:input=move |event| text.set(event_target_value(&event))
                ></textarea>
                {dynamic(move || {
                    said.get()
                        .into_iter()
                        .map(|why| view! {
                            <div class="field__error" data-said="" role="alert">
                                <Icon name="warning" />
                                <span>{dynamic(move || s.say(&why))}</span>
                            </div>
                        })
                        .collect_view()
                })}
                <div class="row nc__add">
                    <button class="btn" type="button" data-action="fill" on:click=fill>
                        {w!(s.nc_fill)}
                    </button>
                </div>
            </div>
        </div>
    }
}
