//! The providers by which one's own account signs in.

use leptos::prelude::*;
use longshore_api::web::oidc::Identity;

use crate::{
    api::{self, Failure},
    clock::full_time,
    parts::{FormTrouble, Icon, Show, dynamic},
    session::session,
    speech::{speech, w},
};

/// The panel; nothing where there is no provider.
#[component]
pub(super) fn Identities() -> impl IntoView {
    let (s, session) = (speech(), session());
    let all = RwSignal::new(Vec::<Identity>::new());
    let failure = RwSignal::new(None::<Failure>);
    let refused = move |why: Failure| {
        session.noticed(&why);
        failure.try_set(Some(why));
    };
    leptos::task::spawn_local(async move {
        match api::identities().await {
            Ok(found) => _ = all.try_set(found),
            Err(why) => refused(why),
        }
    });
    let bind = move |provider: String| {
        leptos::task::spawn_local(async move {
            match api::bind_identity(&provider).await {
                Ok(to) => _ = window().location().assign(&to.url),
                Err(why) => refused(why),
            }
        });
    };
    let line = move |Identity { provider, name, since }: Identity| {
        let marked = name.clone();
        let bound = since.is_some();
        view! {
            <li data-identity=marked data-bound=bound.then_some("")>
                <Icon name="shield" />
                <span class="grow cut">{name}</span>
                {match since {
                    Some(since) => view! {
                        <span class="badge badge--running" title=full_time(since)>{w!(s.identity_bound)}</span>
                    }
                    .into_any(),
                    None => view! {
                        <button class="btn btn--sm" type="button" data-action="bind" on:click=move |_| bind(provider.clone())>
                            {w!(s.identity_bind)}
                        </button>
                    }
                    .into_any(),
                }}
            </li>
        }
    };
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
    }
}
