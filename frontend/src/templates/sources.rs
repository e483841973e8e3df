//! Where templates come from besides Longshore itself, for administrators.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::words::say;
use longshore_templates::web::{Place, Source, SourceFinding};

use super::{feed, gallery::Gallery, source_form::SourceDialog};
use crate::{
    api::{self, Failure},
    clock::{clock, full_time},
    parts::{Deed, DeedDialog, Icon, Show, Trouble, dynamic, each, memo},
    session::{Session, session},
    speech::{speech, w},
};

/// So many findings are shown of a source.
const FINDINGS: usize = 50;

/// What lies over the page.
#[derive(Clone)]
enum Over {
    New,
    Edit(Source),
    Remove(Source),
}

/// What is known of the sources. In the context of the part.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    all: RwSignal<Option<Vec<Source>>>,
    failure: RwSignal<Option<Failure>>,
    over: RwSignal<Option<Over>>,
    gallery: Gallery,
    session: Session,
}

impl Desk {
    /// Asks for them, and for the templates, which may be others now.
    pub(super) fn load(self) {
        self.gallery.load();
        self.ask();
    }

    fn ask(self) {
        leptos::task::spawn_local(async move {
            match api::template_sources().await {
                Ok(all) => {
                    _ = self.failure.try_set(None);
                    _ = self.all.try_set(Some(all));
                }
                Err(why) => self.failed(why),
            }
        });
    }

    fn failed(self, why: Failure) {
        self.session.noticed(&why);
        _ = self.failure.try_set(Some(why));
    }
}

/// All of them.
#[component]
pub(super) fn SourcesPart(gallery: Gallery) -> impl IntoView {
    let s = speech();
    let desk = Desk {
        all: RwSignal::new(None),
        failure: RwSignal::new(None),
        over: RwSignal::new(None),
        gallery,
        session: session(),
    };
    provide_context(desk);
    desk.load();
    // The gallery asks for its templates by itself.
    feed::follow(Callback::new(move |()| desk.ask()));
    let shown = memo(move || desk.all.get().unwrap_or_default());
    let close = Callback::new(move |()| desk.over.set(None));
    view! {
        <Trouble failure=desk.failure />
        <Show when=move || desk.all.with(Option::is_some)>
            <div class="bar">
                <p class="t2 grow">{w!(s.template_sources_mean)}</p>
                <button class="btn btn--primary" type="button" data-action="new-source" on:click=move |_| desk.over.set(Some(Over::New))>
                    <Icon name="plus" />
                    {w!(s.new_template_source)}
                </button>
            </div>
            <Show when=move || shown.with(Vec::is_empty)>
                <div class="empty" data-empty="sources">
                    <h2>{w!(s.no_template_source)}</h2>
                    <p>{w!(s.no_template_source_next)}</p>
                </div>
            </Show>
            <div class="people__cards">
                {each(move || shown.get(), |one| format!("{one:?}"), |one| view! { <Card one /> }.into_any())}
            </div>
        </Show>
        {dynamic(move || desk.over.get().map(|over| match over {
            Over::New => view! { <SourceDialog close desk /> }.into_any(),
            Over::Edit(source) => view! { <SourceDialog source close desk /> }.into_any(),
            Over::Remove(source) => view! { <RemoveDialog source close desk /> }.into_any(),
        }))}
    }
}

/// One of them, with what was found in it.
#[component]
fn Card(one: Source) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let desk = expect_context::<Desk>();
    let busy = RwSignal::new(false);
    let (edited, removed) = (one.clone(), one.clone());
    let Source { id, name, place, templates, read_at, trouble, findings, reading, .. } = one;
    let can_refresh = !matches!(place, Place::File { .. });
    let where_ = match place {
        Place::Address { url, .. } => url,
        Place::Repository { url, path, .. } => format!("{url} {path}").trim_end().to_owned(),
        Place::Folder { path } => path,
        Place::File { name } => name,
    };
    let refresh = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let id = id.clone();
        leptos::task::spawn_local(async move {
            // How far that is the source says by itself.
            if let Err(why) = api::refresh_template_source(&id).await {
                desk.failed(why);
            }
            _ = busy.try_set(false);
        });
    };
    let bad = findings.iter().filter(|one| !one.note).count();
    let notes = findings.len() - bad;
    let marked = name.clone();
    view! {
        <section class="panel" data-source=marked>
            <div class="panel__head">
                <Icon name="template" />
                <h2 class="grow cut">{name}</h2>
                {can_refresh.then(|| view! {
                    <button class="btn btn--sm" type="button" data-action="refresh-source" disabled=dynamic(move || reading || busy.get()) on:click=refresh>
                        {w!(s.read_again)}
                    </button>
                })}
                <button class="btn btn--sm" type="button" data-action="edit-source" on:click=move |_| desk.over.set(Some(Over::Edit(edited.clone())))>
                    {w!(s.edit)}
                </button>
                <button
                    class="btn btn--quiet btn--sm btn--danger-quiet"
                    type="button"
                    data-action="remove-source"
                    on:click=move |_| desk.over.set(Some(Over::Remove(removed.clone())))
                >
                    {w!(s.verb_remove)}
                    "…"
                </button>
            </div>
            <div class="panel__body">
                <p class="mono sm people__issuer">{where_}</p>
                <p class="t2 sm">
                    {dynamic(move || s.say(&say::n_templates(templates)))}
                    {read_at.map(|at| view! {
                        " "
                        <span class="t3" title=full_time(at)>
                            {dynamic(move || s.say(&say::read_ago(s.age(clock.since(at)))))}
                        </span>
                    })}
                </p>
                {reading.then(|| view! { <p class="t2 sm" role="status" data-reading="">{w!(s.source_being_read)}</p> })}
                {trouble.filter(|_| !reading).map(|why| view! {
                    <div class="field__error" role="alert" data-trouble="">
                        <Icon name="warning" />
                        <span>{dynamic(move || s.say(&why))}</span>
                    </div>
                })}
            </div>
            {(!findings.is_empty()).then(|| view! {
                <details class="tpl__findings" data-findings="">
                    <summary>
                        {dynamic(move || s.say(&say::template_findings(bad, notes)))}
                    </summary>
                    <ul>{findings.into_iter().take(FINDINGS).map(finding).collect_view()}</ul>
                </details>
            })}
        </section>
    }
}

fn finding(one: SourceFinding) -> impl IntoView {
    let s = speech();
    let SourceFinding { what, entry, place, field, note } = one;
    view! {
        <li class:t3=note>
            {entry.map(|entry| view! { <b class="b">{dynamic(move || s.say(&entry))}</b> " " })}
            {(!place.is_empty()).then(|| view! { <span class="mono sm">{place}</span> " " })}
            {(!field.is_empty()).then(|| view! { <code class="mono">{field}</code> " " })}
            {dynamic(move || s.say(&what))}
        </li>
    }
}

#[component]
fn RemoveDialog(source: Source, close: Callback<()>, desk: Desk) -> impl IntoView {
    let s = speech();
    let failure = RwSignal::new(None::<Failure>);
    let Source { id, name, templates, .. } = source;
    let deed: Deed = Arc::new(move || {
        let id = id.clone();
        Box::pin(async move {
            let answer = api::remove_template_source(&id).await;
            desk.load();
            answer
        })
    });
    let title = Signal::derive(move || s.say(&say::remove_source(&name)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <p>{dynamic(move || s.say(&say::remove_source_means(templates)))}</p>
        </DeedDialog>
    }
}
