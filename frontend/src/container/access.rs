//! Whose the container is, and who else may see it: said to all who see it, changed by its owner and its managers.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::web::access::PartPeople;

use super::{follow::one, loaded::Loaded};
use crate::{
    access::{AccessHead, GiveDialog, Giving, seen_by},
    api,
    parts::{Show, dynamic, memo},
    sharing::ShareStack,
    speech::{speech, w},
    who_may::WhoMayDialog,
};

/// Owner and sharing.
#[component]
pub(super) fn AccessPanel() -> impl IntoView {
    let s = speech();
    let one = one();
    let found = Loaded::of(one, |host, id| async move { api::container_access(&host, &id).await });
    let access = memo(move || found.value.with(|found| found.clone().unwrap_or_default()));
    let open = RwSignal::new(false);
    let close = Callback::new(move |()| {
        open.set(false);
        let asked = (one.host(), one.id());
        leptos::task::spawn_local(async move {
            if let Ok(now) = api::container_access(&asked.0, &asked.1).await {
                found.value.try_set(Some(now));
            }
        });
    });
    let who = RwSignal::new(false);
    let stack = memo(move || access.with(|access| access.stack.clone()));
    let whole = RwSignal::new(None::<String>);
    let owner = move || access.with(|access| access.owner.clone());
    view! {
        <section class="panel" data-panel="access">
            <AccessHead
                may=Signal::derive(move || access.with(|access| access.may_change) && !one.is_gone())
                who
                give=open
            />
            <div class="panel__body">
                <Show when=move || found.value.with(Option::is_some)>
                    <dl class="facts container__facts">
                        <dt>{w!(s.owner)}</dt>
                        <dd data-fact="owner">
                            {dynamic(move || owner().unwrap_or_else(|| s.words().the_managers().to_owned()))}
                        </dd>
                        <dt>{w!(s.also_seen_by)}</dt>
                        <dd data-fact="sharing">
                            {dynamic(move || access.with(|access| seen_by(access, s.words())))}
                        </dd>
                    </dl>
                    <Show when=move || stack.with(Option::is_some) && access.with(|access| access.may_change)>
                        <p class="access__stack">
                            <button
                                class="linkish"
                                type="button"
                                data-action="share-stack"
                                on:click=move |_| whole.set(stack.get_untracked())
                            >
                                {w!(s.share_stack)}
                                "…"
                            </button>
                        </p>
                    </Show>
                </Show>
            </div>
        </section>
        {dynamic(move || {
            let give: Giving = Arc::new(move |wish| {
                let (host, id) = (one.host(), one.id());
                Box::pin(async move { api::give_container(&host, &id, &wish).await })
            });
            open.get().then(|| view! { <GiveDialog access=access.get_untracked() give close /> })
        })}
        {dynamic(move || whole.get().map(|stack| {
            let shared = Callback::new(move |()| {
                whole.set(None);
                close.run(());
            });
            view! { <ShareStack host=one.host() stack close=shared /> }
        }))}
        {dynamic(move || who.get().then(|| view! { <WhoMay close=Callback::new(move |()| who.set(false)) /> }))}
    }
}

/// Everybody who may use it, with what gives it to them.
#[component]
fn WhoMay(close: Callback<()>) -> impl IntoView {
    let one = one();
    let found = Loaded::of(one, |host, id| async move { api::container_people(&host, &id).await });
    let people = memo(move || {
        let people = found.value.with(|found| found.clone().unwrap_or_default());
        vec![PartPeople { people, ..PartPeople::default() }]
    });
    view! { <WhoMayDialog host=one.host() people failure=found.failure close /> }
}
