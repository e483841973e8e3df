//! It runs: where to go from here, and who else may see it.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{
    line,
    web::{
        access::{self, Access},
        job::{Job, JobKind},
    },
    words::say,
};
use longshore_templates::fill::Page;

use super::{aside::made_secrets, form::form, gallery::said};
use crate::{
    access::{GiveDialog, Giving},
    api, browser,
    parts::{CodeLine, Icon, dynamic, memo},
    places::places,
    sharing::ShareStack,
    shell::hosts,
    speech::{speech, w},
    stacks,
};

/// What a job has made: on which host, and called how.
#[derive(Clone, PartialEq)]
pub(super) struct Made {
    pub(super) host: String,
    pub(super) name: String,
    pub(super) is_stack: bool,
}

impl Made {
    fn of(job: &Job) -> Option<Self> {
        let is_stack = matches!(job.kind, JobKind::Stack { .. });
        let target = job.targets.last()?;
        let name = if is_stack { target.id.clone() } else { target.name.clone() };
        Some(Self { host: target.host.clone(), name, is_stack })
    }
}

/// The pages that there are now, the thing itself, its logs and its consoles.
#[component]
pub(super) fn Result(job: Job) -> impl IntoView {
    Made::of(&job).map(|made| view! { <Ways made /> })
}

#[component]
fn Ways(made: Made) -> impl IntoView {
    let s = speech();
    let (form, places) = (form(), places());
    let Made { host, name, is_stack } = made.clone();
    let is_shared = form.sharing.get_untracked() != access::Sharing::Private;
    let pages = form.resolved.with_untracked(|it| it.as_ref().map(|it| it.pages.clone()).unwrap_or_default());
    let made_here = form.resolved.with_untracked(|it| it.as_ref().map(made_secrets).unwrap_or_default());
    let again = is_stack.then(|| line::again(&host, &name));
    let here = hosts().address(&host);
    let page = move |page: Page| {
        let address = format!("{}://{here}:{}{}", page.scheme, page.port, page.path);
        let label = (!page.label.is_empty()).then(|| said(s, page.label));
        view! { <PageLine address label /> }
    };
    let stack = is_stack.then(|| stacks::followed(host.clone(), name.clone()));
    let alone = name.clone();
    let containers = memo(move || {
        let Some(stack) = stack else { return vec![alone.clone()] };
        let services = stack.get().map(|stack| stack.services).unwrap_or_default();
        services.into_iter().flat_map(|it| it.containers).map(|it| it.name).collect()
    });
    // What a stack of which no page is known publishes.
    let at = StoredValue::new(hosts().address(&host));
    let known = !pages.is_empty();
    let published = move || {
        let services = stack.filter(|_| !known)?.get()?.services;
        let mut ports: Vec<u16> =
            services.into_iter().flat_map(|it| it.containers).flat_map(|it| it.ports).collect();
        ports.sort_unstable();
        ports.dedup();
        // Nobody says that it is a page: a database answers there, too.
        let line = |port: u16| view! { <PortLine address=format!("{}:{port}", at.get_value()) /> };
        Some(ports.into_iter().map(line).collect_view())
    };
    let of = StoredValue::new(host.clone());
    let called = StoredValue::new(name.clone());
    let logs = move || {
        let host = of.get_value();
        containers.with(|names| match is_stack {
            true => places.logs_of_stack((&host, &called.get_value()), names.iter().map(String::as_str)),
            false => places.logs(names.iter().map(|name| (host.as_str(), name.as_str()))),
        })
    };
    let consoles = move || {
        let host = of.get_value();
        containers.with(|names| {
            let all: Vec<_> = names.iter().map(|name| (host.as_str(), name.as_str())).collect();
            places.consoles(&all)
        })
    };
    let to = if is_stack { places.stack(&host, &name, None) } else { places.container(&host, &name, None) };
    let (icon, word) = if is_stack { ("stack", "stack") } else { ("container", "container") };
    let shares = RwSignal::new(false);
    let close = Callback::new(move |()| shares.set(false));
    view! {
        <section class="panel tpl__about" data-result="" role="status">
            <div class="panel__head">
                <Icon name="check" />
                <h2 class="grow cut">{dynamic(move || s.say(&say::name_is_deployed(called.get_value())))}</h2>
            </div>
            <ul class="list list--tight">
                {pages.into_iter().map(page).collect_view()}
                {dynamic(published)}
                <li><Icon name=icon small=true /><a data-to=word href=to>{name}</a></li>
                <li><Icon name="log" small=true /><a data-to="logs" href=dynamic(logs)>{w!(s.logs)}</a></li>
                <li><Icon name="console" small=true /><a data-to="console" href=dynamic(consoles)>{w!(s.console)}</a></li>
                <li>
                    <Icon name="team" small=true />
                    <button class="linkish" type="button" data-action="give-access" on:click=move |_| shares.set(true)>
                        {w!(s.give_access)}
                    </button>
                    {is_shared.then(|| view! { <span class="t3 sm" data-shared="">{w!(s.is_shared)}</span> })}
                </li>
            </ul>
            {(!made_here.is_empty()).then(|| view! { <Secrets lines=made_here /> })}
            {form.keeps.get_untracked().then(|| view! {
                <p class="panel__body t2 sm" data-secrets-kept="">{w!(s.secrets_kept)}</p>
            })}
            {again.map(|line| view! {
                <div class="panel__body stacks__line" data-panel="line">
                    <p class="t2 sm">{w!(s.stack_line)}</p>
                    <CodeLine text=Signal::stored(line) />
                </div>
            })}
        </section>
        {dynamic(move || shares.get().then(|| view! { <Sharing made=made.clone() close /> }))}
    }
}

/// Where it answers, to be copied.
#[component]
fn PortLine(address: String) -> impl IntoView {
    let s = speech();
    let copied = RwSignal::new(false);
    let shown = address.clone();
    let copy = move |_| {
        let address = address.clone();
        leptos::task::spawn_local(async move {
            let done = browser::copy(&address).await;
            _ = copied.try_set(done);
        });
    };
    view! {
        <li>
            <Icon name="network" small=true />
            <span class="mono sm" data-to="port">{shown}</span>
            <button class="btn btn--quiet btn--sm" type="button" data-action="copy-port" on:click=copy>
                {dynamic(move || if copied.get() { s.words().copied() } else { s.words().copy() })}
            </button>
        </li>
    }
}

/// The secrets that were made for it, shown this once.
#[component]
fn Secrets(lines: Vec<String>) -> impl IntoView {
    let s = speech();
    view! {
        <details class="panel__body" data-secrets="">
            <summary>{w!(s.secrets_made)}</summary>
            <p class="t2 sm">{w!(s.secrets_made_more)}</p>
            <CodeLine text=Signal::stored(lines.join("\n")) />
        </details>
    }
}

/// A page of it, with its address.
#[component]
fn PageLine(address: String, label: Option<Signal<String>>) -> impl IntoView {
    let (shown, href) = (address.clone(), address);
    let beside = label.map(|_| view! { <span class="t3 mono sm cut">{shown.clone()}</span> });
    view! {
        <li>
            <Icon name="external" small=true />
            <a data-to="page" href=href target="_blank" rel="noopener noreferrer">
                {dynamic(move || label.map_or_else(|| shown.clone(), |label| label.get()))}
            </a>
            {beside}
        </li>
    }
}

/// Says who else may see it.
#[component]
fn Sharing(made: Made, close: Callback<()>) -> impl IntoView {
    let Made { host, name, is_stack } = made;
    if is_stack {
        return view! { <ShareStack host stack=name close /> }.into_any();
    }
    let access = RwSignal::new(None::<Access>);
    let of = (host.clone(), name.clone());
    leptos::task::spawn_local(async move {
        // Where that cannot be asked, the dialog begins as nothing is given, and says what is refused.
        let now = api::container_access(&of.0, &of.1).await.unwrap_or_default();
        _ = access.try_set(Some(now));
    });
    let give: Giving = Arc::new(move |wish| {
        let (host, name) = (host.clone(), name.clone());
        Box::pin(async move { api::give_container(&host, &name, &wish).await })
    });
    dynamic(move || {
        let give = give.clone();
        access.get().map(|access| view! { <GiveDialog access give close /> })
    })
    .into_any()
}
