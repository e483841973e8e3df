//! The names on hosts that are one's own, or on hosts that one manages: what is there by them and what is not any more,
//! shared with whom, and given back.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{
    web::access::{Names, OwnedName},
    words::{Words, say},
};

use crate::{
    access::{GiveDialog, Giving, seen_by},
    api::{self, Failure},
    parts::{Deed, DeedDialog, Find, Icon, Show, Trouble, dynamic, each, memo},
    session::session,
    shell::hosts,
    speech::{speech, w},
};

/// So many names are told without being asked for.
const FEW: usize = 8;

#[derive(Clone)]
enum Over {
    Give(OwnedName),
    Release(OwnedName),
}

/// The names.
#[component]
pub(super) fn OwnNames() -> impl IntoView {
    let s = speech();
    let session = session();
    let found = RwSignal::new(Names::default());
    let failure = RwSignal::new(None::<Failure>);
    let text = RwSignal::new(String::new());
    let all = RwSignal::new(false);
    let over = RwSignal::new(None::<Over>);
    let load = move || {
        let text = text.get_untracked();
        leptos::task::spawn_local(async move {
            match api::names(&text).await {
                Ok(now) => {
                    found.try_set(now);
                    failure.try_set(None);
                }
                Err(why) => {
                    session.noticed(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    };
    load();
    let typed = Callback::new(move |now: String| {
        text.set(now);
        load();
    });
    let close = Callback::new(move |()| {
        over.set(None);
        load();
    });
    let shown = memo(move || {
        let most = if all.get() { usize::MAX } else { FEW };
        found.with(|found| found.names.iter().take(most).cloned().collect::<Vec<_>>())
    });
    let hidden = memo(move || found.with(|found| found.names.len().saturating_sub(FEW)));
    let narrowed = memo(move || text.with(|text| !text.is_empty()));
    let many = memo(move || hidden.get() > 0 || narrowed.get());
    let folded = memo(move || !all.get() && hidden.get() > 0);
    let cut = memo(move || all.get() && found.with(|found| found.more > 0));
    view! {
        <section class="panel" data-panel="names">
            <div class="panel__head">
                <h2 class="grow">{w!(s.own_names)}</h2>
                <Show when=move || many.get()>
                    <Find text=memo(move || text.get()) hint=Signal::derive(move || s.words().names_hint()) typed />
                </Show>
            </div>
            <Trouble failure />
            <ul class="list list--tight">
                {each(
                    move || shown.get(),
                    |name| format!("{} {} {:?}", name.id, name.here, name.access),
                    move |name| view! { <Line name over /> }.into_any(),
                )}
            </ul>
            <Show when=move || found.with(|found| found.names.is_empty())>
                <p class="panel__body t2">
                    {dynamic(move || if narrowed.get() { s.words().no_such_name() } else { s.words().no_own_names() })}
                </p>
            </Show>
            <Show when=move || folded.get()>
                <p class="panel__body">
                    <button class="linkish" type="button" data-action="all-names" on:click=move |_| all.set(true)>
                        {dynamic(move || s.say(&say::n_more_names(hidden.get().to_string())))}
                    </button>
                </p>
            </Show>
            <Show when=move || cut.get()>
                <p class="panel__body t3 sm">
                    {dynamic(move || s.say(&say::names_cut(found.with(|found| found.more))))}
                </p>
            </Show>
        </section>
        {dynamic(move || over.get().map(|over| match over {
            Over::Give(name) => {
                let give: Giving = Arc::new({
                    let id = name.id.clone();
                    move |wish| {
                        let id = id.clone();
                        Box::pin(async move { api::give_name(&id, &wish).await })
                    }
                });
                view! { <GiveDialog access=name.access give close /> }.into_any()
            }
            Over::Release(name) => view! { <ReleaseDialog name close /> }.into_any(),
        }))}
    }
}

#[component]
fn Line(name: OwnedName, over: RwSignal<Option<Over>>) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let (icon, called, host, here) = (icon(&name.kind), called(&name), name.host.clone(), name.here);
    let (owner, access) = (name.access.owner.clone(), name.access.clone());
    let (kind, marked) = (name.kind.clone(), (called.clone(), name.kind.clone()));
    let mine = session().user().is_some_and(|user| owner.as_deref() == Some(user.name.as_str()));
    let (given, released) = (name.clone(), name);
    let label = called.clone();
    view! {
        <li data-name=marked.0 data-kind=marked.1>
            <Icon name=icon />
            <span class="grow cut">
                <span class="b" title=dynamic(move || kind_word(&kind, s.words()).to_owned())>{called}</span>
                " "
                <span class="t3 sm">{dynamic(move || hosts.name(&host))}</span>
            </span>
            {(!here).then(|| view! { <span class="badge" data-fact="gone">{w!(s.name_gone)}</span> })}
            <span class="t3 sm nowrap no-phone">
                {dynamic(move || {
                    let seen = seen_by(&access, s.words());
                    match owner.as_ref().filter(|_| !mine) {
                        Some(owner) => format!("{owner} · {seen}"),
                        None => seen,
                    }
                })}
            </span>
            <button
                class="btn btn--quiet btn--sm"
                type="button"
                data-action="share-name"
                aria-label=dynamic({
                    let label = label.clone();
                    move || s.say(&say::share_name(&label))
                })
                on:click=move |_| over.set(Some(Over::Give(given.clone())))
            >
                {w!(s.share_it)}
            </button>
            <button
                class="btn btn--quiet btn--sm"
                type="button"
                data-action="release-name"
                aria-label=dynamic(move || s.say(&say::release_name(&label)))
                on:click=move |_| over.set(Some(Over::Release(released.clone())))
            >
                {w!(s.release)}
            </button>
        </li>
    }
}

/// Gives a name back.
#[component]
fn ReleaseDialog(name: OwnedName, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let failure = RwSignal::new(None::<Failure>);
    let (id, here, label) = (name.id.clone(), name.here, called(&name));
    let deed: Deed = Arc::new(move || {
        let id = id.clone();
        Box::pin(async move { api::release_name(&id).await })
    });
    let title = Signal::derive(move || s.say(&say::release_name(&label)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <p>{dynamic(move || if here { s.words().release_here() } else { s.words().release_gone() })}</p>
        </DeedDialog>
    }
}

/// `shop/web`, or the name alone.
fn called(name: &OwnedName) -> String {
    match &name.access.stack {
        Some(stack) => format!("{stack}/{}", name.access.name),
        None => name.access.name.clone(),
    }
}

fn icon(kind: &str) -> &'static str {
    match kind {
        "network" => "network",
        "volume" => "volume",
        "image" => "image",
        "stack" => "stack",
        _ => "container",
    }
}

fn kind_word<'a>(kind: &'a str, words: &Words) -> &'a str {
    match kind {
        "container" => words.container(),
        "network" => words.networks(),
        "volume" => words.volumes(),
        "image" => words.images(),
        "stack" => words.stack(),
        other => other,
    }
}
