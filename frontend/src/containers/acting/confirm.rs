//! The dialog before what cannot be taken back: it lists what goes and what is kept, and its button repeats the deed.

use leptos::prelude::*;
use longshore_api::{web::container::Verb, words::say};

use super::{acting, deeds::Target, verb_on};
use crate::{
    parts::{Close, Layer, StateMark, dynamic},
    shell::hosts,
    speech::{speech, w},
};

/// Kill or remove, after a look at what it means.
#[component]
pub(crate) fn Confirm(verb: Verb, targets: Vec<Target>) -> impl IntoView {
    let s = speech();
    let acting = acting();
    let count = targets.len();
    let means = move || match verb {
        Verb::Remove => say::remove_means(count),
        _ => say::kill_means(count),
    };
    let named = StoredValue::new(targets.clone());
    let deed = move || {
        named.with_value(|targets| verb_on(verb, targets.iter().map(|target| target.name.as_str()), s))
    };
    let lines = targets.iter().map(line).collect_view();
    let go = move |_| {
        acting.deeds.act(verb, named.get_value());
        acting.close();
    };
    view! {
        <Layer class="dialog" label=Signal::derive(deed) close=move |()| acting.close()>
            <div class="dialog__head">
                <h2 class="grow cut">{dynamic(deed)}</h2>
                <Close close=move |()| acting.close() />
            </div>
            <div class="dialog__body">
                <ul class="goes">{lines}</ul>
                <p class="t2">{dynamic(move || s.say(&means()))}</p>
            </div>
            <div class="dialog__foot">
                <button class="btn end" type="button" data-first="" on:click=move |_| acting.close()>
                    {w!(s.cancel)}
                </button>
                <button class="btn btn--danger" type="button" data-action=format!("{}-confirm", verb.code()) on:click=go>
                    <span class="cut">{dynamic(deed)}</span>
                </button>
            </div>
        </Layer>
    }
}

fn line(target: &Target) -> impl IntoView + use<> {
    let hosts = hosts();
    let host = target.host.clone();
    view! {
        <li>
            <StateMark state=target.state />
            <span class="cut">{target.name.clone()}</span>
            <span class="end">{dynamic(move || hosts.name(&host))}</span>
        </li>
    }
}
