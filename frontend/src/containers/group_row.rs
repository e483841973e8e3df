//! The row above the containers of a stack or a host.

use leptos::prelude::*;
use longshore_api::{
    format,
    ops::Permission,
    web::container::{Group, State},
    words::say,
};

use super::page::SharedStack;
use crate::{
    parts::{Icon, MiniQuay, Show, dynamic, memo, running_of},
    session::session,
    shell::hosts,
    speech::speech,
};

/// A group's row: fold, name, host, how many run, sums.
#[component]
pub(super) fn GroupRow(
    group: ArcRwSignal<Group>,
    /// Folds or unfolds the group of that id.
    #[prop(into)]
    fold: Callback<String>,
    /// How many columns it reaches over.
    cells: Memo<usize>,
) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let group_key = group.with_untracked(|group| group.key);
    let shown = memo(move || group.get());
    let host_name = move || shown.with(|group| hosts.name(&group.host));
    let by_host = memo(move || shown.with(|group| group.id == group.host));
    let name = move || match shown.with(|group| group.stack.clone()) {
        Some(stack) => stack,
        None if by_host.get() => host_name(),
        None => s.words().no_stack().to_owned(),
    };
    let count = move |wanted: fn(State) -> bool| -> u32 {
        shown.with(|group| group.states.iter().filter(|(state, _)| wanted(*state)).map(|(_, n)| n).sum())
    };
    let label = move || {
        let name = name();
        s.say(&if shown.with(|group| group.folded) { say::unfold(name) } else { say::fold(name) })
    };
    let trouble = memo(move || count(State::is_trouble));
    let session = session();
    let shared = expect_context::<SharedStack>().0;
    let stack = memo(move || {
        let found = shown.with(|group| group.stack.clone().map(|stack| (group.host.clone(), stack)));
        found.filter(|(host, _)| session.may(host, Permission::Deploy))
    });
    view! {
        <tr class="tbl__group" data-row=group_key.0 data-group=dynamic(move || shown.with(|group| group.id.clone()))>
            <td colspan=cells>
                <span class="row">
                    <button
                        class="btn btn--quiet btn--sm btn--icon"
                        type="button"
                        aria-expanded=dynamic(move || (!shown.with(|group| group.folded)).to_string())
                        aria-label=dynamic(label)
                        on:click=move |_| fold.run(shown.with_untracked(|group| group.id.clone()))
                    >
                        <Icon
                            name=Signal::derive(move || if shown.with(|group| group.folded) { "chev-right" } else { "chev-down" })
                            small=true
                        />
                    </button>
                    <Icon name=Signal::derive(move || if by_host.get() { "host" } else { "stack" }) small=true />
                    <span class="tbl__name cut">{dynamic(name)}</span>
                    <Show when=move || !by_host.get()>
                        <span class="t3 no-phone">{dynamic(host_name)}</span>
                    </Show>
                    <MiniQuay
                        blocks=Signal::derive(move || shown.with(|group| group.blocks.clone()))
                        label=Signal::derive(move || s.say(&say::n_containers(count(|_| true))))
                    />
                    <span class="t2 sm no-phone">
                        {dynamic(move || shown.with(|group| running_of(group.states.iter().copied(), s)))}
                    </span>
                    <Show when=move || { trouble.get() > 0 }>
                        <span class="badge badge--bad">{dynamic(move || s.say(&say::failing(trouble.get())))}</span>
                    </Show>
                    <Show when=move || stack.with(Option::is_some)>
                        <button
                            class="btn btn--quiet btn--sm btn--icon acts"
                            type="button"
                            data-action="share-stack"
                            aria-label=dynamic(move || s.say(&say::share_name(name())))
                            title=dynamic(move || s.say(&say::share_name(name())))
                            on:click=move |_| shared.set(stack.get_untracked())
                        >
                            <Icon name="team" small=true />
                        </button>
                    </Show>
                    <span class="end t3 sm no-phone group__sums">
                        {dynamic(move || shown.with(|group| group.cpu).map(|cpu| view! {
                            <span>{s.words().cpu()} " " {format::percent(cpu.into())}</span>
                        }))}
                        {dynamic(move || shown.with(|group| group.memory).map(|memory| view! {
                            <span>{s.words().memory()} " " {format::memory(memory)}</span>
                        }))}
                    </span>
                </span>
            </td>
        </tr>
    }
}
