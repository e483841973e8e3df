//! The page of one image, network or volume: what it is made of, who uses it, what can be done to it.

use std::rc::Rc;

use leptos::prelude::*;
use longshore_api::{
    format,
    ops::Permission,
    web::{
        API,
        access::Whole,
        live::{Topic, WINDOW_MAX},
        problem::Problem,
        shelf::{Item, Pair, Shelf, ShelfQuery, ShelfWindow, ThingDetail},
    },
};

use super::{
    facts::{Facts, Pairs},
    layers::Layers,
    members::{ConnectDialog, Members},
    remove::RemoveDialog,
    row::obstacle,
    tags::{TagDialog, Tags},
    view::page_of,
};
use crate::{
    api::{self, Answer, Failure},
    browser,
    live::{Body, Listener, Live},
    parts::{Icon, Show, StateMark, Trouble, dynamic, memo},
    places::places,
    session::{Session, session},
    sharing::{Shared, SharingPanel},
    shell::{HostNotices, hosts},
    speech::{speech, w},
};

/// What lies over the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    Remove,
    Tag,
    Connect,
}

/// The thing of the page.
#[derive(Clone, Copy)]
pub(super) struct Thing {
    pub(super) shelf: Shelf,
    pub(super) host: StoredValue<String>,
    pub(super) id: StoredValue<String>,
    detail: RwSignal<Option<ThingDetail>>,
    /// As the live line has it; none where it is not there.
    item: RwSignal<Option<Item>>,
    /// The live line has answered.
    heard: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    /// Counts questions: the answer to an older one is old.
    asked: StoredValue<u32>,
    session: Session,
}

impl Thing {
    /// Whether the person may change it; tracked.
    pub(super) fn may_change(self) -> bool {
        self.host.with_value(|host| self.session.may(host, Permission::Deploy))
            && !self.item.with(|item| item.as_ref().is_some_and(|item| item.others))
    }

    /// Asks the engine anew.
    pub(super) fn look(self) {
        let session = self.session;
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        let (host, id) = (self.host.get_value(), self.id.get_value());
        leptos::task::spawn_local(async move {
            let answer = api::thing(self.shelf, &host, &id).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(detail) => {
                    self.failure.set(None);
                    self.detail.set(Some(detail));
                }
                // That it is gone is told by the live line, and is no trouble.
                Err(why) if why.is_not_found() => {}
                Err(why) => {
                    session.noticed(&why);
                    self.failure.set(Some(why));
                }
            }
        });
    }

    /// Does something to it, and looks what it is like then; what was refused is said on the page.
    pub(super) fn act(self, deed: impl Future<Output = Answer<()>> + 'static) {
        leptos::task::spawn_local(async move {
            match deed.await {
                Ok(()) => self.look(),
                Err(why) => {
                    self.session.noticed(&why);
                    _ = self.failure.try_set(Some(why));
                }
            }
        });
    }

    /// A part of what the engine said.
    pub(super) fn part<T: Default + PartialEq + Send + Sync + 'static>(
        self,
        part: fn(&ThingDetail) -> T,
    ) -> Memo<T> {
        memo(move || self.detail.with(|detail| detail.as_ref().map(part).unwrap_or_default()))
    }

    fn take(self, window: ShelfWindow) {
        let found = self.id.with_value(|id| {
            self.host
                .with_value(|host| window.items.into_iter().find(|item| item.id == *id && item.host == *host))
        });
        self.heard.set(window.totals.waiting == 0);
        self.item.set(found);
    }
}

impl Listener for Thing {
    fn snapshot(&self, whole: Body<'_>) -> Option<()> {
        self.take(whole.read()?);
        Some(())
    }

    fn delta(&self, change: Body<'_>) -> Option<()> {
        self.take(change.read()?);
        Some(())
    }

    fn refused(&self, problem: Problem) {
        self.failure.set(Some(Failure::Refused(Box::new(problem))));
    }
}

/// One thing, by the host and the id in the address.
#[component]
pub(crate) fn ThingPage(
    /// What it is.
    shelf: Shelf,
) -> impl IntoView {
    let places = places();
    let at = memo(move || places.parts());
    dynamic(move || {
        let mut parts = at.get().into_iter();
        let of = parts.next().zip(parts.next());
        of.map(|(host, id)| view! { <Whole shelf host id /> })
    })
}

#[component]
fn Whole(shelf: Shelf, host: String, id: String) -> impl IntoView {
    let s = speech();
    let places = places();
    let query = ShelfQuery {
        shelf,
        text: id.clone(),
        host: Some(host.clone()),
        limit: WINDOW_MAX,
        ..ShelfQuery::default()
    };
    let thing = Thing {
        shelf,
        host: StoredValue::new(host),
        id: StoredValue::new(id),
        detail: RwSignal::new(None),
        item: RwSignal::new(None),
        heard: RwSignal::new(false),
        failure: RwSignal::new(None),
        asked: StoredValue::new(0),
        session: session(),
    };
    expect_context::<Live>().subscribe(Topic::Shelf(query), Rc::new(thing));
    // What the live line tells of it is a reason to ask again for the rest.
    let seen = memo(move || thing.item.get());
    Effect::new(move |_| {
        if seen.with(Option::is_some) {
            thing.look();
        }
    });
    let over = RwSignal::new(None::<Over>);
    let close = Callback::new(move |()| {
        let was = over.get_untracked();
        over.set(None);
        // What was done may tell nothing on the live line: a stopped container that is attached.
        if was != Some(Over::Remove) {
            thing.look();
        }
    });
    let there = memo(move || thing.detail.with(Option::is_some));
    let gone = memo(move || thing.heard.get() && thing.item.with(Option::is_none));
    let dialog = move || {
        over.get().map(|over| match over {
            Over::Remove => {
                thing.item.get_untracked().map(|item| view! { <RemoveDialog shelf item close /> }).into_any()
            }
            Over::Tag => view! { <TagDialog thing close /> }.into_any(),
            Over::Connect => view! { <ConnectDialog thing close /> }.into_any(),
        })
    };
    view! {
        <main class="page" id="page" tabindex="-1">
            <HostNotices>
                <Trouble failure=thing.failure />
                <Show when=move || gone.get()>
                    <div class="banner banner--stale" role="status" data-gone="">
                        <Icon name="trash" />
                        <div class="grow">{w!(s.thing_gone)}</div>
                        <a class="nowrap" href=dynamic(move || places.address(page_of(shelf)))>
                            {dynamic(move || page_of(shelf).word(s.words()))}
                        </a>
                    </div>
                </Show>
                <Show when=move || there.get()>
                    <Head thing over gone />
                    <Parts thing gone />
                </Show>
            </HostNotices>
            {dynamic(dialog)}
        </main>
    }
}

/// What it is, and what can be done to it.
#[component]
fn Head(thing: Thing, over: RwSignal<Option<Over>>, gone: Memo<bool>) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let shelf = thing.shelf;
    let name = thing.part(|detail| detail.item.name.clone());
    let more = move || {
        thing.detail.with(|detail| {
            let item = &detail.as_ref()?.item;
            Some(match (item.size, shelf) {
                (Some(size), Shelf::Images) => format::disk(size),
                (Some(size), _) => format!("{} · {}", item.driver, format::disk(size)),
                (None, _) => item.driver.clone(),
            })
        })
    };
    let why_not = memo(move || {
        thing.item.with(|item| item.as_ref().and_then(|item| obstacle(item, hosts.answers(&item.host), s)))
    });
    let off = memo(move || gone.get() || !thing.host.with_value(|host| hosts.answers(host)));
    let may = memo(move || thing.may_change());
    let button = move |what: Over, icon: &'static str, action: &'static str, word: Signal<&'static str>| {
        view! {
            <Show when=move || may.get()>
            <button
                class="btn"
                type="button"
                data-action=action
                disabled=dynamic(move || off.get())
                on:click=move |_| over.set(Some(what))
            >
                <Icon name=icon />
                {dynamic(move || word.get())}
            </button>
            </Show>
        }
    };
    view! {
        <div class="page__head">
            <Icon name=page_of(shelf).icon() />
            <h1 class="cut">{dynamic(move || name.get())}</h1>
            <span class="t3">{dynamic(more)}</span>
            <div class="page__actions">
                {(shelf == Shelf::Images).then(|| view! {
                    <Show when=move || thing.host.with_value(|host| thing.session.may(host, Permission::Files))>
                        <Save thing />
                    </Show>
                })}
                {(shelf == Shelf::Images).then(|| button(Over::Tag, "plus", "tag", Signal::derive(move || s.words().add_tag())))}
                {(shelf == Shelf::Networks)
                    .then(|| button(Over::Connect, "plus", "connect", Signal::derive(move || s.words().connect_container())))}
                <Show when=move || may.get()>
                <button
                    class="btn"
                    type="button"
                    data-action="remove"
                    disabled=dynamic(move || off.get() || why_not.get().is_some())
                    title=dynamic(move || why_not.get())
                    on:click=move |_| over.set(Some(Over::Remove))
                >
                    <Icon name="trash" />
                    {w!(s.verb_remove)}
                </button>
                </Show>
            </div>
        </div>
    }
}

/// The way to the image as a file.
#[component]
fn Save(thing: Thing) -> impl IntoView {
    let s = speech();
    let to = thing
        .host
        .with_value(|host| thing.id.with_value(|id| format!("{API}/hosts/{host}/images/{id}/save")));
    view! {
        <a class="btn" data-action="save" download="" href=browser::below_base(&to)>
            <Icon name="download" />
            {w!(s.save_file)}
        </a>
    }
}

#[component]
fn Parts(thing: Thing, gone: Memo<bool>) -> impl IntoView {
    let s = speech();
    let shelf = thing.shelf;
    let labels = thing.part(|detail| detail.labels.clone());
    let options = thing.part(|detail| detail.options.clone());
    let some = |pairs: Memo<Vec<Pair>>| move || !pairs.with(Vec::is_empty);
    let whole = match shelf {
        Shelf::Images => Whole::Image,
        Shelf::Networks => Whole::Network,
        Shelf::Volumes => Whole::Volume,
    };
    let of = Shared { whole, host: thing.host.get_value(), id: thing.id.get_value() };
    let sharing = view! { <SharingPanel of gone /> };
    view! {
        <div class="grid g-main thing__grid">
            <div class="col thing__col">
                {(shelf == Shelf::Images).then(|| view! { <Layers thing /> })}
                {(shelf == Shelf::Networks).then(|| view! { <Members thing /> })}
                <UsedBy thing />
            </div>
            <div class="col thing__col">
                {(shelf == Shelf::Images).then(|| view! { <Tags thing /> })}
                <Facts thing />
                {sharing}
                {(shelf == Shelf::Images).then(|| view! { <p class="t3 sm">{w!(s.images_are_read)}</p> })}
                <Show when=some(options)>
                    <Pairs title=w!(s.driver_options) pairs=options />
                </Show>
                <Show when=some(labels)>
                    <Pairs title=w!(s.labels) pairs=labels />
                </Show>
            </div>
        </div>
    }
}

/// The containers that hold it, running or not.
#[component]
fn UsedBy(thing: Thing) -> impl IntoView {
    let s = speech();
    let places = places();
    let users = thing.part(|detail| detail.item.users.clone());
    let lines = move || {
        let lines = users.get().into_iter().map(|user| {
            let name = user.name.clone();
            let to = move || thing.host.with_value(|host| places.container(host, &name, None));
            view! {
                <li>
                    <StateMark state=user.state />
                    <a class="tbl__name cut" href=dynamic(to)>{user.name}</a>
                </li>
            }
        });
        lines.collect_view()
    };
    view! {
        <section class="panel" data-panel="users">
            <div class="panel__head">
                <h2>{w!(s.used_by)}</h2>
                <span class="t3">{dynamic(move || format::count(users.with(Vec::len) as u64))}</span>
            </div>
            <Show
                when=move || !users.with(Vec::is_empty)
                fallback=move || view! { <p class="panel__body t3">{w!(s.held_by_none)}</p> }
            >
                <ul class="list list--tight">{dynamic(lines)}</ul>
            </Show>
        </section>
    }
}
