//! The bar that acts on the ticked containers.

use leptos::prelude::*;
use longshore_api::{ops::Permission, web::container::Verb, words::say};

use super::{
    acting::{Target, acting, verb_asks, verb_icon, verb_unfit, verb_word},
    selection::selection,
};
use crate::{
    parts::{Icon, Show, dynamic, memo},
    places::places,
    session::session,
    shell::hosts,
    speech::{speech, w},
};

/// The bar, while something is ticked. What can be done to none of them is off and says why.
#[component]
pub(super) fn BulkBar() -> impl IntoView {
    let s = speech();
    let selection = selection();
    let on_hosts = move || {
        let mut hosts: Vec<String> = selection.targets().into_iter().map(|target| target.host).collect();
        hosts.sort();
        hosts.dedup();
        hosts.len()
    };
    let places = places();
    let logs = move || {
        let targets = selection.targets();
        places.logs(targets.iter().map(|target| (target.host.as_str(), target.name.as_str())))
    };
    let session = session();
    // Containers of one host become one stack.
    let saves = memo(move || {
        let targets = selection.targets();
        let host = targets.first()?.host.clone();
        let may = session.may(&host, Permission::Deploy) && session.may(&host, Permission::Exec);
        let names = targets.iter().map(|target| target.name.as_str());
        (may && targets.iter().all(|target| target.host == host))
            .then(|| places.save_containers(&host, names))
    });
    view! {
        <Show when=move || { selection.len() > 0 }>
            <div class="bulk" role="toolbar" aria-label=w!(s.bulk)>
                <span class="bulk__n">
                    <b class="bb">{dynamic(move || s.say(&say::selected(selection.len())))}</b>
                    <span class="t3 no-phone">" " {dynamic(move || s.say(&say::on_hosts(on_hosts())))}</span>
                </span>
                <span class="bulk__sep no-phone"></span>
                <div class="bulk__verbs">
                    <BulkVerb verb=Verb::Restart key="R" />
                    <BulkVerb verb=Verb::Stop key="S" />
                    <BulkVerb verb=Verb::Start />
                    <BulkVerb verb=Verb::Pause />
                    <BulkVerb verb=Verb::Unpause />
                    <BulkVerb verb=Verb::Kill />
                    <a class="btn btn--quiet" data-bulk="logs" href=dynamic(logs)>
                        <Icon name="log" />
                        <span>{w!(s.logs)}</span>
                        <kbd>"L"</kbd>
                    </a>
                    {dynamic(move || saves.get().map(|to| view! {
                        <a class="btn btn--quiet" data-bulk="save" href=to title=w!(s.save_containers)>
                            <Icon name="stack" />
                            <span>{w!(s.save_containers)}</span>
                        </a>
                    }))}
                    <span class="bulk__sep"></span>
                    <BulkVerb verb=Verb::Remove />
                </div>
                <span class="bulk__sep"></span>
                <button
                    class="btn btn--quiet btn--icon"
                    type="button"
                    data-action="clear-selection"
                    aria-label=w!(s.clear_selection)
                    title=w!(s.clear_selection)
                    on:click=move |_| selection.clear()
                >
                    <Icon name="close" />
                </button>
            </div>
        </Show>
    }
}

#[component]
fn BulkVerb(
    verb: Verb,
    /// The key that does the same.
    #[prop(optional)]
    key: &'static str,
) -> impl IntoView {
    let s = speech();
    let selection = selection();
    let acting = acting();
    let hosts = hosts();
    let fits = memo(move || {
        let targets = selection.targets();
        let fits = |target: &Target| {
            verb.fits(target.state) && hosts.answers(&target.host) && acting.may(verb, &target.host)
        };
        targets.iter().any(fits)
    });
    // What may be done to none of them is not shown; what their state is against is off and says why.
    let may = memo(move || selection.targets().iter().any(|target| acting.may(verb, &target.host)));
    view! {
        <Show when=move || may.get()>
        <button
            class="btn btn--quiet"
            class=("btn--danger-quiet", verb == Verb::Remove)
            type="button"
            data-bulk=verb.code()
            disabled=dynamic(move || !fits.get())
            title=dynamic(move || (!fits.get()).then(|| s.say(&verb_unfit(verb, selection.len()))))
            on:click=move |_| acting.ask(verb, selection.targets())
        >
            <Icon name=verb_icon(verb) />
            <span>{dynamic(move || verb_word(verb, s.words()))} {verb_asks(verb).then_some("…")}</span>
            {(!key.is_empty()).then(|| view! { <kbd>{key}</kbd> })}
        </button>
        </Show>
    }
}
