//! The providers by which somebody signs in, and the way to end that.

use leptos::prelude::*;
use longshore_api::{web::oidc::Identity, words::say};

use super::page::desk;
use crate::{
    api::{self, Failure},
    clock::full_time,
    parts::{Show, Trouble, dynamic},
    session::session,
    speech::{speech, w},
};

/// The providers of an account; nothing where there is none.
#[component]
pub(super) fn Identities(id: StoredValue<String>) -> impl IntoView {
    let s = speech();
    let (desk, session) = (desk(), session());
    let all = RwSignal::new(Vec::<Identity>::new());
    let failure = RwSignal::new(None::<Failure>);
    let noticed = move |why: Failure| {
        session.noticed(&why);
        failure.try_set(Some(why));
    };
    Effect::new(move |_| {
        _ = desk.roster.answers();
        let id = id.get_value();
        leptos::task::spawn_local(async move {
            match api::people::identities(&id).await {
                Ok(found) => _ = all.try_set(found),
                Err(why) => noticed(why),
            }
        });
    });
    let end = move |provider: String| {
        let id = id.get_value();
        leptos::task::spawn_local(async move {
            match api::people::unbind(&id, &provider).await {
                Ok(()) => desk.roster.load(),
                Err(why) => noticed(why),
            }
        });
    };
    let line = move |Identity { provider, name, since }: Identity| {
        let (marked, called) = (name.clone(), name.clone());
        view! {
            <li data-identity=marked>
                <span class="grow cut" title=since.map(full_time)>{name}</span>
                <button
                    class="btn btn--quiet btn--sm"
                    type="button"
                    data-action="unbind"
                    aria-label=dynamic(move || s.say(&say::unbind_identity(&called)))
                    on:click=move |_| end(provider.clone())
                >
                    {w!(s.identity_unbind)}
                </button>
            </li>
        }
    };
    view! {
        <Trouble failure />
        <Show when=move || !all.with(Vec::is_empty)>
            <div class="panel__head people__part">
                <h2 class="grow">{w!(s.identities_of)}</h2>
            </div>
            <ul class="list list--tight">{dynamic(move || all.get().into_iter().map(line).collect_view())}</ul>
        </Show>
    }
}
