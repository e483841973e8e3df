//! Whose the container is, and who else may see it: said to all who see it, changed by its owner and its managers.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{
    web::access::{MayUse, RoleBy, RoleOn, Sees},
    words::say,
};

use super::{follow::one, loaded::Loaded};
use crate::{
    access::{GiveDialog, Giving, seen_by},
    api,
    parts::{Icon, Layer, LayerHead, Show, Trouble, dynamic, memo},
    sharing::ShareStack,
    shell::hosts,
    speech::{speech, w},
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
            <div class="panel__head">
                <h2>{w!(s.access)}</h2>
                <span class="end"></span>
                <Show when=move || access.with(|access| access.may_change) && !one.is_gone()>
                    <button
                        class="btn btn--quiet btn--sm"
                        type="button"
                        data-action="who-may"
                        on:click=move |_| who.set(true)
                    >
                        {w!(s.who_may)}
                    </button>
                    <button
                        class="btn btn--quiet btn--sm"
                        type="button"
                        data-action="give-access"
                        on:click=move |_| open.set(true)
                    >
                        {w!(s.give_access)}
                    </button>
                </Show>
            </div>
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
    let s = speech();
    let one = one();
    let found = Loaded::of(one, |host, id| async move { api::container_people(&host, &id).await });
    let line = move |of: MayUse| {
        let MayUse { name, display_name, role, by, on, sees } = of;
        let host = one.host();
        let why = move || {
            let words = s.words();
            let role = role.word(words);
            let place = match &on {
                RoleOn::Everywhere => words.scope_everywhere().to_owned(),
                RoleOn::Group(name) => s.say(&say::scope_group(name)),
                RoleOn::Host => s.say(&say::scope_host(hosts().name(&host))),
            };
            let reason = match &by {
                RoleBy::Own => say::reason_own(place, role),
                RoleBy::Everyone => say::reason_by(place, role, words.everyone()),
                RoleBy::Team(name) => say::reason_by(place, role, s.say(&say::team_name(name))),
            };
            let sees = match &sees {
                Sees::Manages => words.sees_manages().to_owned(),
                Sees::Owns => words.sees_owns().to_owned(),
                Sees::Team(name) => s.say(&say::sees_team(name)),
                Sees::All => words.share_public().to_owned(),
            };
            format!("{}{}{sees}", s.say(&reason), words.comma())
        };
        view! {
            <li data-person=name>
                <Icon name="user" />
                <span class="grow">
                    <b class="b">{display_name}</b>
                    <span class="t3 sm container__why">{dynamic(why)}</span>
                </span>
            </li>
        }
    };
    let title = Signal::derive(move || s.words().who_may().to_owned());
    let all = memo(move || found.value.with(|found| found.clone().unwrap_or_default()));
    view! {
        <Layer class="dialog" label=title close light=true>
            <LayerHead title close />
            <div class="dialog__body">
                <Trouble failure=found.failure />
                <ul class="list list--tight" data-list="who-may">
                    {dynamic(move || all.get().into_iter().map(line).collect_view())}
                </ul>
            </div>
        </Layer>
    }
}
