//! The variables that the files are filled in with; secret ones are written once and never shown again.

use std::collections::BTreeMap;

use leptos::prelude::*;
use longshore_api::web::stack::Variable;
use longshore_compose::{
    dotenv::{self, Format},
    problem::Findings,
};

use super::draft::draft;
use crate::{
    parts::{Icon, dynamic, each, memo},
    speech::{speech, w},
};

/// A row for each, and for each that the files ask for and nobody has set.
#[component]
pub(super) fn Variables() -> impl IntoView {
    let s = speech();
    let draft = draft();
    let count = memo(move || draft.variables.with(Vec::len));
    let missing = memo(move || {
        let asked = draft.plan.with(|plan| plan.as_ref().map(|plan| plan.asked.clone())).unwrap_or_default();
        let set = draft.variables.get();
        // What the file of variables says need not be said again.
        let said = draft.files.with(|files| files.get(".env").map(|text| of_file(text))).unwrap_or_default();
        let known = |name: &String| set.iter().any(|it| it.name == *name) || said.contains_key(name);
        asked.into_iter().filter(|name| !known(name)).collect::<Vec<_>>()
    });
    let add = move |name: String| {
        let secret = longshore_compose::saved::is_secret(&name);
        draft.variables.update(|all| all.push(Variable { name, value: Some(String::new()), secret }));
        draft.changed();
    };
    view! {
        <section class="vars" aria-label=w!(s.variables)>
            <div class="row">
                <h3>{w!(s.variables)}</h3>
                <button class="btn btn--quiet btn--sm" type="button" data-action="add-variable" on:click=move |_| add(String::new())>
                    <Icon name="plus" />
                    {w!(s.add_variable)}
                </button>
                {each(move || missing.get(), String::clone, move |name| {
                    let (shown, marked) = (name.clone(), name.clone());
                    view! {
                        <button class="btn btn--sm mono" type="button" data-asked=marked on:click=move |_| add(name.clone())>
                            "+ " {shown}
                        </button>
                    }
                    .into_any()
                })}
            </div>
            {each(move || (0..count.get()).collect::<Vec<_>>(), usize::to_string, move |place| view! { <One place /> }.into_any())}
        </section>
    }
}

/// The variables that `.env` says.
fn of_file(text: &str) -> BTreeMap<String, String> {
    let read = dotenv::read(".env", text, Format::Compose, &BTreeMap::new(), &mut Findings::default());
    read.into_iter().collect()
}

#[component]
fn One(place: usize) -> impl IntoView {
    let s = speech();
    let draft = draft();
    let of = move |part: fn(&Variable) -> String| {
        draft.variables.with(|all| all.get(place).map(part)).unwrap_or_default()
    };
    let secret = memo(move || draft.variables.with(|all| all.get(place).is_some_and(|it| it.secret)));
    // Kept by the server, and told to nobody.
    let kept = memo(move || {
        draft.variables.with(|all| all.get(place).is_some_and(|it| it.secret && it.value.is_none()))
    });
    let change = move |change: &dyn Fn(&mut Variable)| {
        draft.variables.update(|all| {
            if let Some(it) = all.get_mut(place) {
                change(it);
            }
        });
        draft.changed();
    };
    view! {
        <div class="vars__one">
            <input
                class="input mono"
                name="variable-name"
                aria-label=w!(s.variable_name)
                autocomplete="off"
                spellcheck="false"
                prop:value=dynamic(move || of(|it| it.name.clone()))
                on:change=move |event| {
                    let name = event_target_value(&event);
                    change(&|it| it.name = name.trim().to_owned());
                }
            />
            <input
                class="input mono"
                name="variable-value"
                aria-label=w!(s.value)
                autocomplete="off"
                spellcheck="false"
                type=dynamic(move || if secret.get() { "password" } else { "text" })
                placeholder=dynamic(move || if kept.get() { s.words().variable_kept() } else { "" })
                prop:value=dynamic(move || of(|it| it.value.clone().unwrap_or_default()))
                on:input=move |event| {
                    let value = event_target_value(&event);
                    change(&|it| it.value = Some(value.clone()));
                }
            />
            <label class="opt">
                <input
                    class="box"
                    type="checkbox"
                    name="variable-secret"
                    prop:checked=dynamic(move || secret.get())
                    disabled=dynamic(move || kept.get())
                    on:change=move |_| change(&|it| it.secret = !it.secret)
                />
                {w!(s.secret)}
            </label>
            <button
                class="btn btn--quiet btn--icon btn--sm"
                type="button"
                data-action="remove-variable"
                aria-label=w!(s.verb_remove)
                title=w!(s.verb_remove)
                on:click=move |_| {
                    draft.variables.update(|all| _ = (place < all.len()).then(|| all.remove(place)));
                    draft.changed();
                }
            >
                <Icon name="trash" />
            </button>
        </div>
    }
}
