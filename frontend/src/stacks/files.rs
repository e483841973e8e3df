//! The files of a stack in their editor, what is wrong with them, and beside them what they would do.

use std::{rc::Rc, sync::Arc};

use leptos::prelude::*;
use longshore_api::{web::stack::StackFinding, words::say};

use super::{
    adopt::{Adoption, Upload},
    draft::{Draft, MAIN, draft},
    editor::{Editor, Told, fetch},
    plan::Rows,
    settle::{Foot, Settle},
    variables::Variables,
};
use crate::{
    api::Failure,
    parts::{DeedDialog, Field, Icon, Show, Trouble, dynamic, each, memo},
    session::session,
    speech::{speech, w},
};

/// The editor's way back to the draft.
struct Typed(Draft);

impl Told for Typed {
    fn changed(&self, text: String) {
        self.0.typed(text);
    }

    fn save(&self) {
        self.0.look();
    }
}

/// The files and the plan, side by side.
#[component]
pub(super) fn Files() -> impl IntoView {
    let s = speech();
    let draft = draft();
    let names = memo(move || draft.files.with(|files| files.keys().cloned().collect::<Vec<_>>()));
    let adds = RwSignal::new(false);
    let settles = RwSignal::new(false);
    let jump = RwSignal::new(None::<(u32, u32)>);
    let resolves = RwSignal::new(false);
    let resolved = memo(move || {
        draft.plan.with(|plan| plan.as_ref().map(|plan| plan.resolved.clone())).unwrap_or_default()
    });
    let removes = move |name: &str| {
        draft.files.update(|files| _ = files.remove(name));
        if draft.open.get_untracked() == name {
            let first = draft.files.with_untracked(|files| files.keys().next().cloned()).unwrap_or_default();
            draft.open.set(first);
            draft.anew.update(|anew| *anew = anew.wrapping_add(1));
        }
        draft.changed();
    };
    let choose = move |name: String| {
        draft.open.set(name);
        draft.anew.update(|anew| *anew = anew.wrapping_add(1));
    };
    view! {
        <div class="stack2">
            <section class="stack2__files">
                <div class="row">
                    <span class="seg seg--sm" role="group" aria-label=w!(s.files)>
                        {each(move || names.get(), String::clone, move |name| {
                            let (marked, shown, chosen, pressed) = (name.clone(), name.clone(), name.clone(), name);
                            view! {
                                <button
                                    type="button"
                                    data-file=marked
                                    aria-pressed=dynamic(move || (draft.open.get() == pressed).to_string())
                                    on:click=move |_| choose(chosen.clone())
                                >
                                    {shown}
                                </button>
                            }
                            .into_any()
                        })}
                    </span>
                    <button class="btn btn--quiet btn--icon btn--sm" type="button" data-action="add-file"
                        aria-label=w!(s.add_file) title=w!(s.add_file) on:click=move |_| adds.set(true)>
                        <Icon name="plus" />
                    </button>
                    <Show when=move || draft.is_changed()>
                        <span class="t3 sm" data-changed="">{w!(s.stack_changed_here)}</span>
                        <button class="btn btn--quiet btn--sm" type="button" data-action="discard" on:click=move |_| draft.discard()>
                            {w!(s.stack_discard)}
                        </button>
                    </Show>
                    <span class="end row row--1">
                        <Upload />
                        <Show when=move || { names.with(Vec::len) > 1 }>
                            <button class="btn btn--quiet btn--sm" type="button" data-action="remove-file"
                                on:click=move |_| removes(&draft.open.get_untracked())>
                                {w!(s.remove_file)}
                            </button>
                        </Show>
                    </span>
                </div>
                <Adoption />
                <Editing jump />
                <Found jump />
                <Variables />
            </section>
            <section class="panel stack2__plan">
                <div class="panel__head">
                    <h2>{w!(s.plan)}</h2>
                    <Show when=move || !resolved.with(String::is_empty)>
                        <span class="seg seg--sm" role="group" aria-label=w!(s.plan)>
                            <button type="button" data-show="plan" aria-pressed=dynamic(move || (!resolves.get()).to_string()) on:click=move |_| resolves.set(false)>
                                {w!(s.plan_steps)}
                            </button>
                            <button type="button" data-show="resolved" aria-pressed=dynamic(move || resolves.get().to_string()) on:click=move |_| resolves.set(true)>
                                {w!(s.plan_resolved)}
                            </button>
                        </span>
                    </Show>
                    <span class="end t3 sm" role="status">
                        {dynamic(move || match (draft.planning.get(), draft.plan.with(Option::is_some)) {
                            (true, _) => s.words().plan_looking(),
                            (false, true) => s.words().plan_looked(),
                            (false, false) => "",
                        })}
                    </span>
                </div>
                <div class="grow stack2__rows" tabindex="0" role="group" aria-label=w!(s.plan)>
                    <Trouble failure=draft.failure />
                    <Show
                        when=move || resolves.get() && !resolved.with(String::is_empty)
                        fallback=move || view! { <Empty /> <Rows plan=draft.plan /> }
                    >
                        <p class="plan t2 sm">{w!(s.plan_resolved_more)}</p>
                        <Reading text=resolved />
                    </Show>
                </div>
                <Foot settles />
            </section>
        </div>
        <Show when=move || adds.get()>
            <AddFile close=Callback::new(move |()| adds.set(false)) />
        </Show>
        <Show when=move || settles.get()>
            <Settle close=Callback::new(move |()| settles.set(false)) />
        </Show>
    }
}

/// What is said where there is no plan, or nothing in it.
#[component]
fn Empty() -> impl IntoView {
    let s = speech();
    let draft = draft();
    let nothing = move || {
        if let Some(number) = draft.applying() {
            return Some(("applying", s.say(&say::plan_waits(number))));
        }
        let said = draft.plan.with(|plan| match plan {
            None if draft.failure.with(Option::is_none) => Some(s.words().plan_none()),
            Some(plan) if plan.digest.is_empty() && plan.obstacles.is_empty() => Some(s.words().plan_mend()),
            Some(plan) if plan.rows.is_empty() && plan.obstacles.is_empty() => Some(s.words().plan_nothing()),
            _ => None,
        });
        said.map(|said| ("nothing", said.to_owned()))
    };
    dynamic(move || nothing().map(|(mark, said)| view! { <p class="plan t2" data-plan=mark>{said}</p> }))
}

/// Asks for a name.
#[component]
fn AddFile(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let draft = draft();
    let name = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let ready = memo(move || {
        let name = name.get();
        let plain = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
        plain && !draft.files.with(|files| files.contains_key(&name))
    });
    let deed = Arc::new(move || {
        let name = name.get_untracked();
        draft.files.update(|files| _ = files.insert(name.clone(), String::new()));
        draft.open.set(name);
        draft.anew.update(|anew| *anew = anew.wrapping_add(1));
        draft.changed();
        Box::pin(std::future::ready(Ok(())))
            as std::pin::Pin<Box<dyn Future<Output = crate::api::Answer<()>>>>
    });
    view! {
        <DeedDialog title=Signal::derive(move || s.words().add_file().to_owned()) close deed failure ready>
            <Field
                name="path"
                label=Signal::derive(w!(s.file_path))
                value=name
                autocomplete="off"
                help=Signal::derive(move || Some(s.words().file_path_help().to_owned()))
                failure=Signal::derive(|| None)
                first=true
            />
        </DeedDialog>
    }
}

/// The editor; a plain field where its script cannot be had.
#[component]
fn Editing(jump: RwSignal<Option<(u32, u32)>>) -> impl IntoView {
    let s = speech();
    let draft = draft();
    let place = NodeRef::<leptos::html::Div>::new();
    let there = RwSignal::new(None::<bool>);
    let editor = StoredValue::new_local(None::<Rc<Editor>>);
    leptos::task::spawn_local(async move {
        let here = fetch().await;
        _ = there.try_set(Some(here));
    });
    Effect::new(move |_| {
        let (Some(true), Some(place)) = (there.get(), place.get()) else { return };
        if editor.with_value(Option::is_none) {
            let label = s.words().compose_file();
            let made = Editor::make(&place, label, Rc::new(Typed(draft)));
            editor.set_value(made.map(Rc::new));
        }
        draft.anew.track();
        let open = draft.open.get_untracked();
        let text = draft.files.with_untracked(|files| files.get(&open).cloned()).unwrap_or_default();
        editor.with_value(|editor| {
            if let Some(editor) = editor {
                editor.open(&open, &text, false);
            }
        });
    });
    Effect::new(move |_| {
        there.track();
        draft.anew.track();
        let open = draft.open.get();
        draft.findings.with(|found| {
            let of_this: Vec<&StackFinding> = found.iter().filter(|it| it.file == open).collect();
            editor.with_value(|editor| {
                if let Some(editor) = editor {
                    editor.diagnose(&of_this, s);
                }
            });
        });
    });
    Effect::new(move |_| {
        if let Some((line, column)) = jump.get() {
            editor.with_value(|editor| {
                if let Some(editor) = editor {
                    editor.show(line, column);
                }
            });
        }
    });
    let text = move || draft.files.with(|files| files.get(&draft.open.get()).cloned()).unwrap_or_default();
    view! {
        <div class="editor" node_ref=place data-editor=dynamic(move || there.get().map(|there| if there { "there" } else { "plain" }))>
            <Show when=move || there.get() == Some(false)>
                <textarea
                    class="input mono editor__plain"
                    aria-label=w!(s.compose_file)
                    spellcheck="false"
                    prop:value=dynamic(text)
                    on:input=move |event| draft.typed(event_target_value(&event))
                ></textarea>
            </Show>
        </div>
    }
}

/// An editor's way back where there is nothing to write.
struct Still;

impl Told for Still {
    fn changed(&self, _: String) {}
    fn save(&self) {}
}

/// The files as one, to be read.
#[component]
fn Reading(text: Memo<String>) -> impl IntoView {
    let s = speech();
    let place = NodeRef::<leptos::html::Div>::new();
    let there = RwSignal::new(None::<bool>);
    let editor = StoredValue::new_local(None::<Rc<Editor>>);
    leptos::task::spawn_local(async move {
        let here = fetch().await;
        _ = there.try_set(Some(here));
    });
    Effect::new(move |_| {
        let (Some(true), Some(place)) = (there.get(), place.get()) else { return };
        if editor.with_value(Option::is_none) {
            editor.set_value(Editor::make(&place, s.words().plan_resolved(), Rc::new(Still)).map(Rc::new));
        }
        editor.with_value(|editor| {
            if let Some(editor) = editor {
                editor.open(MAIN, &text.get(), true);
            }
        });
    });
    view! {
        <div class="editor editor--read" node_ref=place data-resolved="">
            <Show when=move || there.get() == Some(false)>
                <pre class="mono">{dynamic(move || text.get())}</pre>
            </Show>
        </div>
    }
}

/// What was found in the files, each a way to its place.
#[component]
fn Found(jump: RwSignal<Option<(u32, u32)>>) -> impl IntoView {
    let s = speech();
    let (draft, _session) = (draft(), session());
    let all = move || {
        let mut all = draft.findings.get();
        // What only the host's side of it shows.
        let planned =
            draft.plan.with(|plan| plan.as_ref().map(|plan| plan.findings.clone())).unwrap_or_default();
        all.extend(planned.into_iter().filter(|it| it.file.is_empty()));
        all
    };
    let line = move |found: StackFinding| {
        let StackFinding { what, warning, file, line, column, .. } = found;
        let place = if file.is_empty() { String::new() } else { format!("{file}:{line}:{column}") };
        let go = move |_| {
            if file.is_empty() {
                return;
            }
            if draft.open.get_untracked() != file {
                draft.open.set(file.clone());
                draft.anew.update(|anew| *anew = anew.wrapping_add(1));
            }
            jump.set(Some((line, column)));
        };
        view! {
            <li>
                <button class="found" type="button" data-found=if warning { "warning" } else { "error" } on:click=go>
                    <Icon name=if warning { "info" } else { "warning" } />
                    <span class="grow">{dynamic(move || s.say(&what))}</span>
                    <span class="mono t3 sm">{place}</span>
                </button>
            </li>
        }
    };
    view! {
        <Show when=move || !all().is_empty()>
            <ul class="founds" aria-label=w!(s.stack_findings)>
                {dynamic(move || all().into_iter().map(line).collect_view())}
            </ul>
        </Show>
    }
}
