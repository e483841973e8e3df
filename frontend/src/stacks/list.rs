//! The list: the stacks of each host, how they are, which release they run.

use std::collections::BTreeSet;

use leptos::prelude::*;
use longshore_api::{
    format,
    ops::Permission,
    web::stack::{ReleaseHead, ReleaseState, StackRow},
    words::say,
};

use super::{
    feed,
    name::{NameField, fits},
    save::Saving,
};
use crate::{
    api,
    clock::{clock, full_time},
    containers::OwnerCell,
    parts::{Close, Find, Icon, Layer, Show, dynamic, each, memo, submitted},
    places::{Page, places},
    session::session,
    sharing::ShareStack,
    shell::{HostNotices, HostSelect, hosts},
    speech::{speech, w},
};

/// The stacks of all hosts, or of one.
#[component]
pub(crate) fn StacksPage() -> impl IntoView {
    let s = speech();
    let (places, session, hosts) = (places(), session(), hosts());
    let text = memo(move || places.query("q").unwrap_or_default());
    let typed = move |text: String| {
        let more: &[(&str, &str)] = if text.is_empty() { &[] } else { &[("q", &text)] };
        places.settle(places.address_on(Page::Stacks, places.host().as_deref(), more));
    };
    let shown = memo(move || match hosts.chosen(places.host()) {
        Some(host) => vec![host.slug],
        None => hosts.all().into_iter().map(|host| host.slug).collect::<Vec<_>>(),
    });
    let creates = RwSignal::new(false);
    let shared = RwSignal::new(None::<(String, String)>);
    let close = Callback::new(move |()| creates.set(false));
    let many = memo(move || shown.with(|hosts| hosts.len() > 1));
    super::keys::listen();
    let saves = memo(move || places.query("on").zip(places.query("save")));
    view! {
        <main class="page" id="page" tabindex="-1">
            <div class="page__head">
                <Icon name="stack" />
                <h1>{w!(s.stacks)}</h1>
                <div class="page__actions">
                    <Show when=move || session.may_somewhere(Permission::Deploy)>
                        <button class="btn btn--primary" type="button" data-action="create" on:click=move |_| creates.set(true)>
                            <Icon name="plus" />
                            {w!(s.new_stack)}
                        </button>
                    </Show>
                </div>
            </div>
            <HostNotices>
                <div class="bar">
                    <Find text=text hint=Signal::derive(w!(s.filter_stacks)) typed=Callback::new(typed) />
                </div>
                {each(move || shown.get(), String::clone, move |host| view! { <OfHost host text many shared /> }.into_any())}
            </HostNotices>
            <Show when=move || creates.get()>
                <NewStack close />
            </Show>
            {dynamic(move || shared.get().map(|(host, stack)| view! {
                <ShareStack host stack close=Callback::new(move |()| shared.set(None)) />
            }))}
            {dynamic(move || saves.get().map(|(host, containers)| view! { <Saving host containers /> }))}
        </main>
    }
}

/// Those of one host.
#[component]
fn OfHost(
    host: String,
    text: Memo<String>,
    many: Memo<bool>,
    /// The stack that is to be shared, with its host.
    shared: RwSignal<Option<(String, String)>>,
) -> impl IntoView {
    let s = speech();
    let (hosts, places) = (hosts(), places());
    let stacks = feed::stacks(host.clone());
    let fits = move |row: &StackRow| text.with(|text| row.name.contains(&text.to_lowercase()));
    let names = memo(move || {
        let rows = stacks.get().unwrap_or_default();
        rows.iter().filter(|row| fits(row)).map(|row| row.name.clone()).collect::<Vec<_>>()
    });
    // Where nothing is anybody's there is nothing to say of owners.
    let owned = memo(move || stacks.with(|stacks| stacks.iter().flatten().any(|row| row.whose.is_some())));
    let none = memo(move || stacks.with(|stacks| stacks.as_ref().is_some_and(Vec::is_empty)));
    let slug = StoredValue::new(host);
    view! {
        <section class="stacks" data-host=slug.get_value()>
            <Show when=move || many.get()>
                <h2 class="stacks__host">{dynamic(move || hosts.name(&slug.get_value()))}</h2>
            </Show>
            <Show when=move || none.get()>
                <div class="empty" data-empty="stacks">
                    <h2>{w!(s.no_stacks)}</h2>
                    <p>{w!(s.no_stacks_more)}</p>
                    <p class="empty__ways"><a class="btn" href=dynamic(move || places.address(Page::Templates))>{w!(s.templates)}</a></p>
                </div>
            </Show>
            <Show when=move || !names.with(Vec::is_empty)>
                <div class="panel">
                    <table class="tbl stacks__tbl">
                        <thead>
                            <tr>
                                <th>{w!(s.col_name)}</th>
                                <th>{w!(s.col_state)}</th>
                                <th class="num no-phone">{w!(s.services)}</th>
                                <Show when=move || owned.get()>
                                    <th class="no-phone">{w!(s.owner)}</th>
                                </Show>
                                <th class="no-phone">{w!(s.stack_release)}</th>
                                <th class="stacks__act"><span class="sr">{w!(s.actions)}</span></th>
                            </tr>
                        </thead>
                        <tbody>
                            {each(move || names.get(), String::clone, move |name| {
                                let of = name.clone();
                                let row = Memo::new(move |_| {
                                    let rows = stacks.get().unwrap_or_default();
                                    rows.into_iter().find(|row| row.name == of).unwrap_or_default()
                                });
                                view! { <Line host=slug.get_value() name row owned shared /> }.into_any()
                            })}
                        </tbody>
                    </table>
                </div>
            </Show>
        </section>
    }
}

#[component]
fn Line(
    host: String,
    name: String,
    row: Memo<StackRow>,
    owned: Memo<bool>,
    shared: RwSignal<Option<(String, String)>>,
) -> impl IntoView {
    let s = speech();
    let (places, session) = (places(), session());
    let of = StoredValue::new((host.clone(), name.clone()));
    let may = memo(move || {
        row.with(|row| row.containers > 0) && of.with_value(|(host, _)| session.may(host, Permission::Deploy))
    });
    let word = move || s.say(&say::share_name(of.with_value(|(_, name)| name.clone())));
    let clock = clock();
    let (marked, shown) = (name.clone(), name.clone());
    let release = move || {
        row.with(|row| row.release.clone()).map(|head| {
            let age = s.age(clock.since(head.at));
            let said = s.say(&say::release_of(age, head.author, head.number));
            view! { <span title=full_time(head.at)>{said}</span> }
        })
    };
    view! {
        <tr data-stack=marked>
            <td class="b sp-name"><a href=dynamic(move || places.stack(&host, &name, None))>{shown}</a></td>
            <td class="sp-state"><How row=row /> " " <ByHand row=row /></td>
            <td class="num no-phone">{dynamic(move || format::count(row.with(|row| row.services).into()))}</td>
            <Show when=move || owned.get()>
                <td class="no-phone t2"><OwnerCell whose=Signal::derive(move || row.with(|row| row.whose.clone())) /></td>
            </Show>
            <td class="sp-more t2">{dynamic(release)}</td>
            <td class="stacks__act sp-act">
                <Show when=move || may.get()>
                    <button
                        class="btn btn--quiet btn--icon"
                        type="button"
                        data-action="share-stack"
                        aria-label=dynamic(word)
                        title=dynamic(word)
                        on:click=move |_| shared.set(Some(of.get_value()))
                    >
                        <Icon name="team" />
                    </button>
                </Show>
            </td>
        </tr>
    }
}

/// How a stack is, in a word and numbers.
#[component]
pub(super) fn How(#[prop(into)] row: Signal<StackRow>) -> impl IntoView {
    let s = speech();
    let badge = move || {
        let StackRow { containers, running, failing, .. } = row.get();
        let (class, said) = if failing > 0 {
            ("badge badge--bad", s.say(&say::stack_failing(containers, failing)))
        } else if containers == 0 {
            ("badge", s.words().stack_down().to_owned())
        } else if running < containers {
            ("badge badge--warn", s.say(&say::running_of(containers, running)))
        } else {
            ("badge badge--running", s.say(&say::running_of(containers, running)))
        };
        view! { <span class=class>{said}</span> }
    };
    dynamic(badge)
}

/// How many services of a release that was applied have no container any more.
fn lacking(head: &ReleaseHead, services: u32) -> u32 {
    if head.state != ReleaseState::Applied {
        return 0;
    }
    let of = head.images.iter().map(|image| image.service.as_str()).collect::<BTreeSet<_>>();
    u32::try_from(of.len()).unwrap_or_default().saturating_sub(services)
}

/// Whether a stack was changed by hand since it was applied, as far as that is known.
#[component]
pub(super) fn ByHand(#[prop(into)] row: Signal<StackRow>) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let badge = move || {
        let StackRow { gone, drift, services, containers, release, .. } = row.get();
        let lacks = release.filter(|_| containers > 0).map_or(0, |head| lacking(&head, services));
        let (said, title) = match drift {
            _ if gone => (s.words().stack_gone(), None),
            Some(drift) if drift.things > 0 => {
                let looked = s.say(&say::read_ago(s.age(clock.since(drift.at))));
                (s.words().stack_by_hand(), Some(looked))
            }
            _ if lacks > 0 => {
                let said = s.say(&say::services_lacking(lacks));
                return Some(
                    view! { <span class="badge badge--warn" data-lacking="">{said}</span> }.into_any(),
                );
            }
            _ => return None,
        };
        Some(view! { <span class="badge badge--warn" data-by-hand="" title=title>{said}</span> }.into_any())
    };
    dynamic(badge)
}

/// Asks for a name and a host; the rest is the stack's own page.
#[component]
fn NewStack(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let (places, hosts) = (places(), hosts());
    let name = RwSignal::new(String::new());
    let host = RwSignal::new(untrack(|| hosts.first(places.host())));
    let fits = fits(name);
    let names = RwSignal::new(Vec::<String>::new());
    Effect::new(move |_| {
        let host = host.get();
        leptos::task::spawn_local(async move {
            // Where that cannot be asked, the stack's own page says it.
            if let Ok(found) = api::stacks(&host).await {
                _ = names.try_set(found.stacks.into_iter().map(|stack| stack.name).collect());
            }
        });
    });
    let there = memo(move || name.with(|name| names.with(|names| names.contains(name))));
    let go = move || {
        if fits.get_untracked() {
            close.run(());
            places.go(places.stack(&host.get_untracked(), &name.get_untracked(), Some("files")));
        }
    };
    let many = move || hosts.all().len() > 1;
    let title = Signal::derive(move || s.words().new_stack().to_owned());
    view! {
        <Layer class="dialog" label=title close>
            <form class="dialog__form" on:submit=submitted(go)>
                <div class="dialog__head">
                    <h2 class="grow cut">{w!(s.new_stack)}</h2>
                    <Close close />
                </div>
                <div class="dialog__body">
                    <NameField value=name />
                    <Show when=move || there.get()>
                        <p class="t2 sm" role="status" data-there="">{dynamic(move || s.say(&say::stack_there_already(name.get())))}</p>
                    </Show>
                    <Show when=many>
                        <label class="field">
                            <span class="field__label">{w!(s.host)}</span>
                            <HostSelect host needs=Permission::Deploy />
                        </label>
                    </Show>
                </div>
                <div class="dialog__foot">
                    <button class="btn end" type="button" on:click=move |_| close.run(())>{w!(s.cancel)}</button>
                    <button
                        class="btn btn--primary"
                        type="submit"
                        data-action="confirm"
                        disabled=dynamic(move || !fits.get())
                    >
                        {w!(s.write_files)}
                    </button>
                </div>
            </form>
        </Layer>
    }
}
