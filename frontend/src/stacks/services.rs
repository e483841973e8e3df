//! The services of a stack, each with its containers as they are now.

use leptos::prelude::*;
use longshore_api::{
    ops::Permission,
    web::stack::{StackContainer, StackService},
    words::say,
};

use super::{
    apply::{WishDialog, Wished},
    draft::draft,
    drift::Drifted,
    once::RunOnceDialog,
};
use crate::{
    parts::{Icon, Show, StateMark, dynamic, each, memo, state_word},
    places::places,
    session::session,
    shell::hosts,
    speech::{speech, w},
};

/// The services by name.
#[component]
pub(super) fn Services() -> impl IntoView {
    let s = speech();
    let draft = draft();
    let services = memo(move || {
        draft.stack.with(|stack| stack.as_ref().map(|it| it.services.clone())).unwrap_or_default()
    });
    let once = RwSignal::new(None::<String>);
    let scaled = RwSignal::new(None::<Wished>);
    let none = memo(move || services.with(Vec::is_empty));
    let gone = memo(move || draft.stack.with(|stack| stack.as_ref().is_some_and(|it| it.row.gone)));
    view! {
        <Drifted />
        <Show when=move || none.get() && !gone.get()>
            <Nothing />
        </Show>
        <Show when=move || !none.get()>
            <div class="panel">
                <table class="tbl tbl--fit stacks__tbl">
                    <thead>
                        <tr>
                            <th>{w!(s.service)}</th>
                            <th>{w!(s.container)}</th>
                            <th>{w!(s.col_state)}</th>
                            <th class="no-phone">{w!(s.col_image)}</th>
                            <th class="no-phone">{w!(s.col_ports)}</th>
                            <th></th>
                        </tr>
                    </thead>
                    <tbody>
                        {each(
                            move || {
                                let rows = |service: StackService| {
                                    let name = service.name;
                                    let count = service.containers.iter().filter(|it| !it.once).count();
                                    // What is done to the service stands with its first container.
                                    let first = service.containers.iter().position(|it| !it.once);
                                    let count = |n: usize| (Some(n) == first).then_some(u32::try_from(count).unwrap_or(u32::MAX));
                                    let all = service.containers.into_iter().enumerate();
                                    all.map(|(n, it)| (name.clone(), it, count(n))).collect::<Vec<_>>()
                                };
                                services.get().into_iter().flat_map(rows).collect::<Vec<_>>()
                            },
                            |(service, it, count)| format!("{service}/{}/{}/{count:?}", it.id, it.state.code()),
                            move |(service, it, count)| view! { <Line service it count once scaled /> }.into_any(),
                        )}
                    </tbody>
                </table>
            </div>
        </Show>
        {dynamic(move || once.get().map(|service| view! {
            <RunOnceDialog service close=Callback::new(move |()| once.set(None)) />
        }))}
        {dynamic(move || scaled.get().map(|wish| view! {
            <WishDialog wish close=Callback::new(move |()| scaled.set(None)) />
        }))}
    }
}

/// A stack of which nothing is on its host.
#[component]
pub(super) fn Nothing() -> impl IntoView {
    let s = speech();
    let (draft, places) = (draft(), places());
    let may = move || draft.stack.with(|stack| stack.as_ref().is_some_and(|it| it.may_deploy));
    let files = move || places.stack(&draft.host.get_value(), &draft.name.get_value(), Some("files"));
    view! {
        <div class="empty" data-empty="services">
            <h2>{w!(s.stack_nothing_runs)}</h2>
            <Show when=may>
                <p>{w!(s.stack_nothing_runs_more)}</p>
                <p class="empty__ways">
                    <a class="btn btn--primary" data-to="files" href=dynamic(files)>{w!(s.compose_file)}</a>
                </p>
            </Show>
        </div>
    }
}

#[component]
fn Line(
    service: String,
    it: StackContainer,
    count: Option<u32>,
    once: RwSignal<Option<String>>,
    scaled: RwSignal<Option<Wished>>,
) -> impl IntoView {
    let s = speech();
    let (draft, places, hosts, session) = (draft(), places(), hosts(), session());
    let StackContainer { id: _, name, image, state, exit_code, ports, once: is_once, .. } = it;
    let host = draft.host.get_value();
    let (marked, of) = (name.clone(), service.clone());
    let called = StoredValue::new(service.clone());
    // What it would be made of is kept of our own stacks alone.
    let may = memo(move || {
        draft.stack.with(|stack| stack.as_ref().is_some_and(|it| it.may_deploy && it.row.release.is_some()))
    });
    let shown = name.clone();
    let (to, of_logs, of_console) = (name.clone(), name.clone(), name);
    let links = ports.into_iter().map(|port| {
        let to = hosts.page_at(&host, port);
        view! { <a class="port" href=to target="_blank" rel="noreferrer">{port.to_string()}</a> " " }
    });
    let links = links.collect_view();
    view! {
        <tr data-service=of data-container=marked data-state=state.code()>
            <td class="b sp-name">{service}</td>
            <td class="sp-more">
                <a href=dynamic(move || places.container(&draft.host.get_value(), &to, None))>{shown}</a>
                {is_once.then(|| view! { " " <span class="t3 sm">{w!(s.for_one_command)}</span> })}
            </td>
            <td class="sp-state">
                <StateMark state />
                " "
                {dynamic(move || state_word(state, s.words()))}
                {exit_code.filter(|_| !state.is_up()).map(|code| view! { <span class="t3">" " {code.to_string()}</span> })}
            </td>
            <td class="no-phone mono sm">{image}</td>
            <td class="sp-wide">{links}</td>
            <td class="end nowrap sp-act">
                <Show when=move || may.get() && count.is_some()>
                    <button
                        class="btn btn--quiet btn--icon btn--sm"
                        type="button"
                        data-action="scale"
                        aria-label=dynamic(move || s.say(&say::stack_scale_of(called.get_value())))
                        title=dynamic(move || s.say(&say::stack_scale_of(called.get_value())))
                        on:click=move |_| scaled.set(count.map(|count| Wished::scaled(&called.get_value(), count)))
                    >
                        <Icon name="columns" />
                    </button>
                </Show>
                <Show when=move || may.get() && !is_once>
                    <button
                        class="btn btn--quiet btn--icon btn--sm"
                        type="button"
                        data-action="run-once"
                        aria-label=w!(s.run_once)
                        title=w!(s.run_once)
                        on:click=move |_| once.set(Some(called.get_value()))
                    >
                        <Icon name="play" />
                    </button>
                </Show>
                <a
                    class="btn btn--quiet btn--icon btn--sm"
                    aria-label=w!(s.logs)
                    title=w!(s.logs)
                    href=dynamic(move || places.logs([(draft.host.get_value().as_str(), of_logs.as_str())].into_iter()))
                >
                    <Icon name="log" />
                </a>
                {session.may(&host, Permission::Exec).then(|| view! {
                    <a
                        class="btn btn--quiet btn--icon btn--sm"
                        aria-label=w!(s.console)
                        title=w!(s.console)
                        href=dynamic(move || places.consoles(&[(&draft.host.get_value(), &of_console)]))
                    >
                        <Icon name="console" />
                    </a>
                })}
            </td>
        </tr>
    }
}
