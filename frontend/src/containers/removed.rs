//! Containers that were removed from here, each a click away from being made again.

use leptos::prelude::*;
use longshore_api::{ops::Permission, web::removed::RemovedContainer, words::say};

use super::cells::ImageCell;
use crate::{
    api::{self, Failure},
    clock::{clock, full_time},
    parts::{Icon, Show, Trouble, dynamic, memo},
    places::{Page, Places, places},
    session::session,
    shell::{HostNotices, hosts},
    speech::{Speech, speech, w},
};

/// One, with the slug of its host.
type Gone = (String, RemovedContainer);

/// What the page holds.
#[derive(Clone, Copy)]
struct List {
    all: RwSignal<Option<Vec<Gone>>>,
    failure: RwSignal<Option<Failure>>,
}

/// The page.
#[component]
pub(crate) fn RemovedPage() -> impl IntoView {
    let s = speech();
    let (places, hosts, session) = (places(), hosts(), session());
    let list = List { all: RwSignal::new(None), failure: RwSignal::new(None) };
    let of = memo(move || match hosts.chosen(places.host()) {
        Some(host) => vec![host.slug],
        None => hosts.all().into_iter().map(|host| host.slug).collect(),
    });
    // Counts questions: the answer to an older one is old.
    let asked = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let of = of.get();
        let number = asked.get_value() + 1;
        asked.set_value(number);
        if of.is_empty() {
            return;
        }
        list.failure.set(None);
        leptos::task::spawn_local(async move {
            let mut all: Vec<Gone> = Vec::new();
            for host in of {
                match api::removed_containers(&host).await {
                    Ok(of_host) => all.extend(of_host.into_iter().map(|one| (host.clone(), one))),
                    Err(why) => {
                        session.noticed(&why);
                        _ = list.failure.try_set(Some(why));
                    }
                }
            }
            if asked.try_get_value() != Some(number) {
                return;
            }
            all.sort_by(|(_, a), (_, b)| b.id.cmp(&a.id));
            _ = list.all.try_set(Some(all));
        });
    });
    let none = memo(move || list.all.with(|all| all.as_ref().is_some_and(Vec::is_empty)));
    let some = memo(move || list.all.with(|all| all.as_ref().is_some_and(|all| !all.is_empty())));
    let lines = move || {
        let all = list.all.get().unwrap_or_default();
        all.into_iter().map(|one| line(list, one, places, s)).collect_view()
    };
    view! {
        <main class="page" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{w!(s.removed_containers)}</h1>
            </div>
            <HostNotices>
                <Trouble failure=list.failure />
                <Show when=move || none.get()>
                    <div class="empty" data-empty="removed">
                        <h2>{w!(s.removed_none)}</h2>
                        <p>{w!(s.removed_means)}</p>
                    </div>
                </Show>
                <Show when=move || some.get()>
                    <p class="t2 removed__means">{w!(s.removed_means)}</p>
                    <section class="panel">
                        <div class="scrollx" tabindex="0" role="region" aria-label=w!(s.removed_containers)>
                            <table class="tbl tbl--fit removed">
                                <thead>
                                    <tr>
                                        <th scope="col">{w!(s.col_name)}</th>
                                        <th scope="col">{w!(s.col_image)}</th>
                                        <th scope="col">{w!(s.host)}</th>
                                        <th scope="col">{w!(s.removed_by)}</th>
                                        <th scope="col" class="num">{w!(s.removed)}</th>
                                        <th scope="col" class="removed__acts">
                                            <span class="sr">{w!(s.actions)}</span>
                                        </th>
                                    </tr>
                                </thead>
                                <tbody>{dynamic(lines)}</tbody>
                            </table>
                        </div>
                    </section>
                </Show>
            </HostNotices>
        </main>
    }
}

fn line(list: List, (host, one): Gone, places: Places, s: Speech) -> AnyView {
    let (hosts, clock, session) = (hosts(), clock(), session());
    let RemovedContainer { id, name, image, by, at } = one;
    let again = {
        let (of, host) = (format!("{host}/{id}"), host.clone());
        move || places.address_on(Page::NewContainer, Some(&host), &[("again", &of)])
    };
    let forget = {
        let (host, id) = (host.clone(), id.clone());
        move |_| {
            let (host, id) = (host.clone(), id.clone());
            leptos::task::spawn_local(async move {
                match api::forget_removed(&host, &id).await {
                    Ok(()) => {
                        _ = list.all.try_update(|all| {
                            all.iter_mut().for_each(|all| all.retain(|(_, one)| one.id != id))
                        });
                    }
                    Err(why) => {
                        session.noticed(&why);
                        _ = list.failure.try_set(Some(why));
                    }
                }
            });
        }
    };
    let at_host = host.clone();
    let may = memo(move || session.may(&at_host, Permission::Deploy));
    let marked = name.clone();
    let forget_label = say::forget_name(&name);
    view! {
        <tr data-removed=marked>
            <td><span class="tbl__name cut">{name}</span></td>
            <td class="cut"><ImageCell reference=Signal::stored(image) /></td>
            <td class="t2">{dynamic(move || hosts.name(&host))}</td>
            <td class="t2 cut">{by}</td>
            <td class="num t2" title=full_time(at)>{dynamic(move || s.age(clock.since(at)))}</td>
            <td>
                <span class="row row--1">
                <Show when=move || may.get()>
                <a class="btn btn--sm" data-action="make-again" href=dynamic(again.clone())>
                    <Icon name="plus" />
                    {w!(s.make_again)}
                </a>
                </Show>
                <button
                    class="btn btn--sm btn--quiet"
                    type="button"
                    data-action="forget"
                    aria-label=dynamic(move || s.say(&forget_label))
                    on:click=forget
                >
                    {w!(s.forget)}
                </button>
                </span>
            </td>
        </tr>
    }
    .into_any()
}
