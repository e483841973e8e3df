//! API keys: for the docker command line and for scripts. A key is shown once, with what to do with it.

use leptos::prelude::*;
use longshore_api::{
    web::account::{ApiKey, CreatedApiKey, NewApiKey},
    words::say,
};

use super::{
    docker::sign_in,
    limits::{KeyLimitFields, KeyLimits, key_facts},
};
use crate::{
    api::{self, Failure},
    clock::full_time,
    parts::{CodeLine, Field, FormTrouble, Icon, Layer, dynamic, each, submitted},
    session::session,
    speech::{speech, w},
};

/// The keys, and the form for one more.
#[component]
pub(super) fn Keys() -> impl IntoView {
    let s = speech();
    let session = session();
    let keys = RwSignal::new(Vec::<ApiKey>::new());
    let made = RwSignal::new(None::<CreatedApiKey>);
    let doomed = RwSignal::new(None::<ApiKey>);
    let name = RwSignal::new(String::new());
    let limits = KeyLimits::none();
    let failure = RwSignal::new(None::<Failure>);
    let refused = move |why: Failure| {
        session.noticed(&why);
        failure.set(Some(why));
    };
    let load = move || {
        leptos::task::spawn_local(async move {
            match api::keys().await {
                Ok(found) => keys.set(found),
                Err(why) => refused(why),
            }
        });
    };
    load();
    let make = move || {
        let wanted = NewApiKey { name: name.get_untracked(), ..limits.read() };
        leptos::task::spawn_local(async move {
            match api::make_key(&wanted).await {
                Ok(key) => {
                    failure.set(None);
                    name.set(String::new());
                    limits.clear();
                    made.set(Some(key));
                    load();
                }
                Err(why) => refused(why),
            }
        });
    };
    let remove = Callback::new(move |id: String| {
        doomed.set(None);
        leptos::task::spawn_local(async move {
            match api::remove_key(&id).await {
                Ok(()) => load(),
                Err(why) => refused(why),
            }
        });
    });
    view! {
            <section class="panel" data-panel="keys">
                <div class="panel__head">
                    <h2>{w!(s.api_keys)}</h2>
                </div>
                <div class="panel__body">
                    <p class="t2">{w!(s.api_keys_lead)}</p>
                    <form class="account__newkey" on:submit=submitted(make)>
                        <Field name="name" label=w!(s.key_for) value=name autocomplete="off" failure />
                        <button class="btn btn--primary" type="submit" data-action="make-key">
                            {w!(s.make_key)}
                        </button>
                    </form>
                    <details class="account__limits" data-panel="key-limits">
                        <summary>{w!(s.key_limits)}</summary>
                        <KeyLimitFields limits failure />
                    </details>
                    <FormTrouble failure />
                    {dynamic(move || made.get().map(|key| view! { <Made key /> }))}
                </div>
                <ul class="list account__keys">
                    {each(
    move || keys.get(),
    |key| key.id.clone(),
    move |key| view! { <KeyLine key doomed /> }.into_any(),
    )}
                </ul>
                {dynamic(move || doomed.get().map(|key| view! { <Remove key doomed remove /> }))}
            </section>
        }
}

/// A key just made: the only time that it is seen.
#[component]
fn Made(key: CreatedApiKey) -> impl IntoView {
    let s = speech();
    let key = StoredValue::new(key.key);
    view! {
        <div class="account__made" role="status">
            <p class="b">{w!(s.key_once)}</p>
            <CodeLine text=Signal::derive(move || key.get_value()) />
            <p class="t2">{w!(s.key_docker)}</p>
            <CodeLine text=Signal::stored(sign_in()) />
        </div>
    }
}

#[component]
fn KeyLine(key: ApiKey, doomed: RwSignal<Option<ApiKey>>) -> impl IntoView {
    let s = speech();
    let last = key_facts(&key);
    let (name, prefix, created) = (key.name.clone(), key.prefix.clone(), key.created_at);
    let label = {
        let name = name.clone();
        move || s.say(&say::remove_name(&name))
    };
    let marked = name.clone();
    view! {
        <li data-key=marked>
            <Icon name="key" />
            <span class="grow account__key" title=full_time(created)>
                <span class="cut">
                    <span class="b">{name}</span>
                    " "
                    <span class="mono t3">{prefix} "…"</span>
                </span>
                <span class="t3 sm">{dynamic(last)}</span>
            </span>
            <button
                class="btn btn--sm btn--danger-quiet"
                type="button"
                data-action="remove-key"
                aria-label=dynamic(label)
                on:click=move |_| doomed.set(Some(key.clone()))
            >
                {w!(s.verb_remove)}
                "…"
            </button>
        </li>
    }
}

/// Says what stops working, then removes.
#[component]
fn Remove(key: ApiKey, doomed: RwSignal<Option<ApiKey>>, remove: Callback<String>) -> impl IntoView {
    let s = speech();
    let ApiKey { id, name, prefix, .. } = key;
    let shown = name.clone();
    let deed = Signal::derive(move || s.say(&say::remove_key(&name)));
    view! {
        <Layer class="dialog" label=deed close=move |()| doomed.set(None)>
            <div class="dialog__head">
                <h2 class="grow">{deed}</h2>
            </div>
            <div class="dialog__body">
                <ul class="goes">
                    <li>
                        <Icon name="key" />
                        <span class="cut">{shown}</span>
                        <span class="end mono">{prefix} "…"</span>
                    </li>
                </ul>
                <p class="t2">{w!(s.remove_key_means)}</p>
            </div>
            <div class="dialog__foot">
                <button class="btn end" type="button" data-first="" on:click=move |_| doomed.set(None)>
                    {w!(s.cancel)}
                </button>
                <button
                    class="btn btn--danger"
                    type="button"
                    data-action="remove-key-confirm"
                    on:click=move |_| remove.run(id.clone())
                >
                    {deed}
                </button>
            </div>
        </Layer>
    }
}
