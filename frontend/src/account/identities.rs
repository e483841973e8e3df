//! The providers by which one's own account signs in. What lets in for good asks for more than a session.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{web::oidc::Identity, words::say};

use super::proof::{Proof, ProofFields};
use crate::{
    api::{self, Failure},
    browser,
    clock::full_time,
    parts::{Deed, DeedDialog, FormTrouble, Icon, Show, dynamic},
    session::session,
    speech::{speech, w},
};

/// The panel; nothing where there is no provider.
#[component]
pub(super) fn Identities() -> impl IntoView {
    let (s, session) = (speech(), session());
    let all = RwSignal::new(Vec::<Identity>::new());
    let over = RwSignal::new(None::<Identity>);
    let failure = RwSignal::new(None::<Failure>);
    let load = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            match api::identities().await {
                Ok(found) => _ = all.try_set(found),
                Err(why) => {
                    session.noticed(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    });
    // Who has just come back from a provider asks for it here, with the session that began it.
    match browser::take_fragment().is_some_and(|word| word == "connect") {
        false => load.run(()),
        true => leptos::task::spawn_local(async move {
            if let Err(why) = api::finish_binding().await {
                session.noticed(&why);
                failure.try_set(Some(why));
            }
            load.run(());
        }),
    }
    let line = move |one: Identity| {
        let (marked, name, asked) = (one.name.clone(), one.name.clone(), one.clone());
        let bound = one.since.is_some();
        view! {
            <li data-identity=marked data-bound=bound.then_some("")>
                <Icon name="shield" />
                <span class="grow cut">{name}</span>
                {one.since.map(|since| view! {
                    <span class="badge badge--running" title=full_time(since)>{w!(s.identity_bound)}</span>
                })}
                <button
                    class="btn btn--sm"
                    type="button"
                    data-action=if bound { "unbind" } else { "bind" }
                    on:click=move |_| over.set(Some(asked.clone()))
                >
                    {move || if bound { s.words().identity_unbind() } else { s.words().identity_bind() }.to_owned()}
                    "…"
                </button>
            </li>
        }
    };
    let close = Callback::new(move |()| over.set(None));
    view! {
        <Show when=move || all.with(|all| !all.is_empty())>
            <section class="panel" data-panel="identities">
                <div class="panel__head">
                    <h2>{w!(s.providers)}</h2>
                </div>
                <div class="panel__body">
                    <p class="t2">{w!(s.identities_lead)}</p>
                    <FormTrouble failure />
                </div>
                <ul class="list account__keys">{dynamic(move || all.get().into_iter().map(line).collect_view())}</ul>
            </section>
        </Show>
        {dynamic(move || over.get().map(|identity| view! { <ProofDialog identity load close /> }))}
    }
}

/// Password, and code where the account asks for one, before the account is connected or disconnected.
#[component]
fn ProofDialog(identity: Identity, load: Callback<()>, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let has_code = RwSignal::new(false);
    let proof = Proof::new(has_code);
    let failure = RwSignal::new(None::<Failure>);
    leptos::task::spawn_local(async move {
        // Where it is not known, the server says what is missing.
        if let Ok(known) = api::totp().await {
            has_code.try_set(known.since.is_some());
        }
    });
    let Identity { provider, name, since } = identity;
    let bound = since.is_some();
    let deed: Deed = Arc::new(move || {
        let given = proof.given();
        let provider = provider.clone();
        Box::pin(async move {
            if bound {
                api::unbind_identity(&provider, &given).await?;
                load.run(());
            } else {
                let to = api::bind_identity(&provider, &given).await?;
                _ = window().location().assign(&to.url);
            }
            Ok(())
        })
    });
    let title = Signal::derive(move || match bound {
        true => s.say(&say::unbind_identity(&name)),
        false => s.say(&say::bind_identity(&name)),
    });
    let means = move || match bound {
        true => s.words().identity_unbind_means(),
        false => s.words().identity_bind_means(),
    };
    let ready = Signal::derive(move || proof.is_whole());
    let to_keys = move |()| {
        close.run(());
        browser::show("[data-panel=\"keys\"]");
    };
    view! {
        <DeedDialog title close deed failure ready danger=bound>
            <p class="t2">{dynamic(means)}</p>
            {bound.then(|| view! { <KeysGoOn to_keys /> })}
            <ProofFields proof failure code_help=|words| words.two_factor_or_recovery() />
        </DeedDialog>
    }
}

/// A key lets in without the provider: who leaves one there has not gone.
#[component]
pub(crate) fn KeysGoOn(
    /// Leads to the keys.
    #[prop(into)]
    to_keys: Callback<()>,
) -> impl IntoView {
    let s = speech();
    view! {
        <p class="t2" data-said="keys-go-on">
            {w!(s.keys_go_on)}
            " "
            <button class="linkish" type="button" data-action="to-keys" on:click=move |_| to_keys.run(())>
                {w!(s.api_keys)}
            </button>
        </p>
    }
}
