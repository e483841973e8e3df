//! A row: what it is, what holds it, what can be done to it.

use leptos::prelude::*;
use longshore_api::{
    format,
    ops::Permission,
    web::shelf::{Item, Shelf},
    words::say,
};

use super::{keys::Cursor, view::Column};
use crate::{
    clock::{clock, full_time},
    containers::{ImageCell, OwnerCell},
    parts::{Icon, Show, StateMark, dynamic, memo},
    places::places,
    session::session,
    shell::hosts,
    speech::{Speech, speech, w},
};

/// Nothing to say.
const NOTHING: &str = "—";

/// Why a thing cannot be removed now; none where it can.
pub(super) fn obstacle(item: &Item, answers: bool, s: Speech) -> Option<String> {
    if item.built_in {
        return Some(s.words().built_in_stays().to_owned());
    }
    if item.used != 0 {
        return Some(s.say(&say::held_by(item.used)));
    }
    (!answers).then(|| s.words().host_silent().to_owned())
}

/// What it is called in a line: of a name that nobody gave, twelve characters are enough.
pub(super) fn short_name(item: &Item) -> String {
    if item.anonymous { item.name.chars().take(12).collect() } else { item.name.clone() }
}

/// A thing of a shelf.
#[component]
pub(super) fn Row(
    shelf: Shelf,
    /// What tells it apart.
    key: String,
    item: ArcRwSignal<Item>,
    /// The line that keys act on.
    cursor: Cursor,
    /// Asks for a removal.
    remove: Callback<Item>,
) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let (id, host) = item.with_untracked(|item| (item.id.clone(), item.host.clone()));
    let item = StoredValue::new(item);
    let item = Signal::derive(move || item.get_value().get());
    let why_not = memo(move || item.with(|item| obstacle(item, hosts.answers(&item.host), s)));
    let press = move |_| {
        if why_not.get_untracked().is_none() {
            remove.run(item.get_untracked());
        }
    };
    let name = memo(move || item.with(|item| item.name.clone()));
    let session = session();
    let may = memo(move || item.with(|item| session.may(&item.host, Permission::Deploy) && !item.others));
    let button = move || {
        view! {
            <Show when=move || may.get()>
            <button
                class="btn btn--quiet btn--icon"
                type="button"
                data-action="remove"
                aria-label=dynamic(move || s.say(&say::remove_name(name.get())))
                title=dynamic(move || why_not.get().unwrap_or_else(|| s.say(&say::remove_name(name.get()))))
                aria-disabled=dynamic(move || why_not.get().is_some().then_some("true"))
                on:click=press
            >
                <Icon name="trash" />
            </button>
            </Show>
        }
    };
    let cells = Column::of(shelf).iter().map(|column| match column {
        Column::Name => view! { <td class="p-name"><NameCell shelf item /></td> }.into_any(),
        Column::Driver => view! { <td class="t2 p-1b">{dynamic(move || item.get().driver)}</td> }.into_any(),
        Column::Subnet => {
            let subnets = move || match item.get().subnets {
                none if none.is_empty() => NOTHING.to_owned(),
                some => some.join(", "),
            };
            view! { <td class="mono t2 p-2b">{dynamic(subnets)}</td> }.into_any()
        }
        Column::Users => view! { <td class="p-2a"><UsersCell item /></td> }.into_any(),
        Column::Host => {
            view! { <td class="t2">{dynamic(move || hosts.name(&item.get().host))}</td> }.into_any()
        }
        Column::Owner => {
            let whose = Signal::derive(move || item.with(|item| item.whose.clone()));
            view! { <td class="t2"><OwnerCell whose /></td> }.into_any()
        }
        Column::Size => {
            let size = move || item.get().size.map_or(NOTHING.to_owned(), format::disk);
            // Where a volume has its driver on phones, an image has its size.
            let place = if shelf == Shelf::Volumes { "num p-2b" } else { "num p-1b" };
            view! { <td class=place>{dynamic(size)}</td> }.into_any()
        }
        Column::Created => view! { <CreatedCell item button /> }.into_any(),
    });
    let is_focus = {
        let key = key.clone();
        memo(move || cursor.at.with(|at| at.as_ref() == Some(&key)))
    };
    view! {
        <tr
            class:is-focus=dynamic(move || is_focus.get())
            on:focusin=move |_| cursor.at.set(Some(key.clone()))
            data-thing=id data-host=host data-used=dynamic(move || item.get().used) class:is-stale=dynamic(move || item.get().stale)>
            {cells.collect_view()}
            <td class="p-more only-phone">{button()}</td>
        </tr>
    }
}

/// When it was made, under what can be done to it.
#[component]
fn CreatedCell<V: IntoView + 'static>(item: Signal<Item>, button: impl Fn() -> V + 'static) -> impl IntoView {
    let s = speech();
    let clock = clock();
    let created = memo(move || item.with(|item| item.created));
    let age = move || match created.get() {
        0 => NOTHING.to_owned(),
        at => s.age(clock.since(at)),
    };
    let full = move || match created.get() {
        0 => String::new(),
        at => full_time(at),
    };
    view! {
        <td class="num t2 tbl__act" title=dynamic(full)>
            {dynamic(age)}
            <span class="acts">{button()}</span>
        </td>
    }
}

/// What it is called, and what is special about it.
#[component]
fn NameCell(shelf: Shelf, item: Signal<Item>) -> impl IntoView {
    let s = speech();
    let name = memo(move || item.with(short_name));
    let more = memo(move || item.with(|item| item.tags.len().saturating_sub(1)));
    let places = places();
    let at = memo(move || item.with(|item| (item.host.clone(), item.id.clone())));
    let to = move || at.with(|(host, id)| places.thing(shelf, host, id));
    let tags = move || item.with(|item| item.tags.join("\n"));
    let badge = move || {
        item.with(|item| {
            if shelf == Shelf::Images && item.tags.is_empty() {
                Some(s.words().dangling())
            } else if item.anonymous {
                Some(s.words().anonymous())
            } else if item.built_in {
                Some(s.words().built_in())
            } else if item.internal {
                Some(s.words().internal())
            } else {
                None
            }
        })
    };
    let shown = move || {
        if shelf == Shelf::Images && item.with(|item| !item.tags.is_empty()) {
            return view! { <span class="tbl__name"><ImageCell reference=Signal::derive(move || name.get()) /></span> }.into_any();
        }
        view! { <span class="tbl__name" title=item.with(|item| item.name.clone())>{name.get()}</span> }
            .into_any()
    };
    // What every engine has holds things of everybody: only who manages the host looks into it.
    let session = session();
    let leads = memo(move || item.with(|item| !item.built_in || session.may(&item.host, Permission::Manage)));
    view! {
        <span class="row row--1">
            {dynamic(move || match leads.get() {
                true => view! { <a class="tbl__name cut" href=dynamic(to)>{dynamic(shown)}</a> }.into_any(),
                false => view! { <span class="tbl__name cut">{dynamic(shown)}</span> }.into_any(),
            })}
            {dynamic(move || (more.get() > 0).then(|| view! { <span class="badge" title=tags()>{format!("+{}", more.get())}</span> }))}
            {dynamic(move || badge().map(|word| view! { <span class="badge">{word}</span> }))}
            {dynamic(move || item.get().stack.map(|stack| view! { <span class="tbl__sub cut">{stack}</span> }))}
        </span>
    }
}

/// The first few containers that hold it, each leading to it.
#[component]
fn UsersCell(item: Signal<Item>) -> impl IntoView {
    let s = speech();
    let places = places();
    let users = memo(move || item.with(|item| (item.host.clone(), item.users.clone(), item.used)));
    move || {
        let (host, users, used) = users.get();
        if used == 0 {
            return view! { <span class="t3">{w!(s.unused)}</span> }.into_any();
        }
        let more = used as usize - users.len().min(used as usize);
        let links = users.into_iter().map(|user| {
            let (host, name) = (host.clone(), user.name.clone());
            let to = move || places.container(&host, &name, None);
            view! {
                <a class="shelf__user" href=dynamic(to)>
                    <StateMark state=user.state />
                    <span class="cut">{user.name}</span>
                </a>
            }
        });
        view! {
            <span class="shelf__users">
                {links.collect_view()} {(more > 0).then(|| view! { <span class="t3">{format!("+{more}")}</span> })}
            </span>
        }
        .into_any()
    }
}
