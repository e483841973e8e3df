//! One stack: its services, its files beside their plan, its releases.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{
    line,
    ops::Permission,
    web::{container::Verb, job::ContainerTarget, stack::StackDeed},
    words::{Words, say},
};

use super::{
    apply::{SameLine, Under, WishDialog, Wished},
    draft::{Draft, draft},
    drift::Drift,
    files::Files,
    graph::Graph,
    list::{ByHand, How},
    releases::Released,
    services::Services,
};
use crate::{
    api::{self, Failure},
    clock::{clock, full_time},
    parts::{Deed, DeedDialog, Icon, Menu, Show, Trouble, dynamic, memo},
    places::{Page, places},
    session::session,
    sharing::ShareStack,
    shell::HostNotices,
    speech::{speech, w},
};

/// A part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Services,
    Files,
    Graph,
    Releases,
}

impl Tab {
    const ALL: [Self; 4] = [Self::Services, Self::Files, Self::Graph, Self::Releases];

    /// Its word in the address; the first has none.
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Services => None,
            Self::Files => Some("files"),
            Self::Graph => Some("graph"),
            Self::Releases => Some("releases"),
        }
    }

    fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Services => words.services(),
            Self::Files => words.compose_file(),
            Self::Graph => words.graph(),
            Self::Releases => words.releases(),
        }
    }
}

/// One stack, by the host and the name in the address.
#[component]
pub(crate) fn StackPage() -> impl IntoView {
    let places = places();
    let at = memo(move || places.parts());
    dynamic(move || {
        let mut parts = at.get().into_iter();
        let of = parts.next().zip(parts.next());
        of.map(|(host, name)| view! { <Whole host name /> })
    })
}

#[component]
fn Whole(host: String, name: String) -> impl IntoView {
    let s = speech();
    let places = places();
    let draft = Draft::start(host, name);
    provide_context(draft);
    provide_context(Drift::start(draft));
    // What it is to be made of, until it is there: an address may be opened again.
    let of = untrack(|| places.query("of"));
    Effect::new(move |done: Option<bool>| {
        let is_new = draft.stack.with(|stack| stack.as_ref().map(|stack| !stack.is_there));
        if done != Some(true)
            && is_new == Some(true)
            && let Some(containers) = &of
        {
            draft.save_from(containers);
        }
        done == Some(true) || is_new.is_some()
    });
    let wanted = places.guard(Signal::derive(move || draft.is_changed()));
    let tab = memo(move || {
        let code = places.query("tab");
        Tab::ALL.into_iter().find(|tab| tab.code() == code.as_deref()).unwrap_or(Tab::Services)
    });
    let known = memo(move || draft.stack.with(|stack| stack.as_ref().map(|stack| stack.is_there)));
    // One that is not there yet has nothing but its files.
    let writes = memo(move || tab.get() == Tab::Files);
    let missing = memo(move || known.get() == Some(false) && !writes.get());
    let shown = memo(move || known.get() == Some(true) || known.get() == Some(false) && writes.get());
    let may = memo(move || {
        draft.stack.with(|stack| stack.as_ref().is_some_and(|it| it.may_deploy || !it.is_there))
    });
    let address = move |tab: Tab| places.stack(&draft.host.get_value(), &draft.name.get_value(), tab.code());
    let names = memo(move || {
        draft.stack.with(|stack| {
            let services = stack.iter().flat_map(|stack| &stack.services);
            let containers = services.flat_map(|service| &service.containers);
            containers.map(|container| container.name.clone()).collect::<Vec<_>>()
        })
    });
    let logs = move || {
        let (host, stack) = (draft.host.get_value(), draft.name.get_value());
        names.with(|names| places.logs_of_stack((&host, &stack), names.iter().map(String::as_str)))
    };
    view! {
        <main class="page page--fill stackp" id="page" tabindex="-1">
            <HostNotices>
                <Show when=move || missing.get()>
                    <div class="empty" data-missing="stack">
                        <h1>{dynamic(move || s.say(&say::stack_missing(draft.name.get_value())))}</h1>
                        <p>{w!(s.stack_missing_more)}</p>
                        <p class="empty__ways">
                            <a href=dynamic(move || places.address(Page::Stacks))>{w!(s.stacks)}</a>
                            <a href=dynamic(move || address(Tab::Files))>{w!(s.write_files)}</a>
                        </p>
                    </div>
                </Show>
                <Show when=move || shown.get()>
                    <Head may />
                    <nav class="tabs" aria-label=w!(s.stack_parts)>
                        {Tab::ALL.map(|each| view! {
                            <Show when=move || match each {
                                Tab::Services | Tab::Graph => known.get() == Some(true),
                                Tab::Files => may.get(),
                                Tab::Releases => may.get() && draft.base.get().is_some(),
                            }>
                                <a
                                    class="tab"
                                    href=dynamic(move || address(each))
                                    aria-current=dynamic(move || (tab.get() == each).then_some("page"))
                                >
                                    {dynamic(move || each.word(s.words()))}
                                </a>
                            </Show>
                        })}
                        <Show when=move || !names.with(Vec::is_empty)>
                            <a class="tab" data-to="logs" href=dynamic(logs)>{w!(s.logs)}</a>
                        </Show>
                    </nav>
                    <Under />
                    <SameLine />
                    {dynamic(move || match tab.get() {
                        Tab::Files | Tab::Releases if !may.get() => view! { <NotYours /> }.into_any(),
                        Tab::Services => view! { <Services /> }.into_any(),
                        Tab::Files => view! { <Files /> }.into_any(),
                        Tab::Graph => view! { <Graph /> }.into_any(),
                        Tab::Releases => view! { <Released /> }.into_any(),
                    })}
                </Show>
            </HostNotices>
            {dynamic(move || wanted.get().map(|to| view! {
                <Leaving to close=Callback::new(move |()| wanted.set(None)) />
            }))}
        </main>
    }
}

/// What is said to whom the files of a stack are not for.
#[component]
fn NotYours() -> impl IntoView {
    let s = speech();
    view! {
        <div class="empty" data-empty="files">
            <h2>{w!(s.stack_not_yours)}</h2>
            <p>{w!(s.stack_not_yours_more)}</p>
        </div>
    }
}

/// Asks before what was written is lost.
#[component]
fn Leaving(to: String, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let (draft, places) = (draft(), places());
    let deed: Deed = Arc::new(move || {
        draft.discard();
        places.go(to.clone());
        Box::pin(std::future::ready(Ok(()))) as std::pin::Pin<Box<dyn Future<Output = api::Answer<()>>>>
    });
    view! {
        <DeedDialog
            title=Signal::derive(move || s.words().stack_leave().to_owned())
            close
            deed
            failure=RwSignal::new(None)
            ready=true
            danger=true
        >
            <p>{w!(s.stack_leave_more)}</p>
        </DeedDialog>
    }
}

/// Its name, how it is, and what is done to all of it.
#[component]
fn Head(may: Memo<bool>) -> impl IntoView {
    let s = speech();
    let (draft, session, clock, places) = (draft(), session(), clock(), places());
    let row = Signal::derive(move || {
        draft.stack.with(|stack| stack.as_ref().map(|it| it.row.clone())).unwrap_or_default()
    });
    let there = memo(move || row.with(|row| row.containers > 0));
    let ours = memo(move || row.with(|row| row.release.is_some()));
    let may_forget = memo(move || draft.stack.with(|stack| stack.as_ref().is_some_and(|it| it.may_forget)));
    let wished = RwSignal::new(None::<Wished>);
    let forgets = RwSignal::new(false);
    let shares = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let release = move || {
        row.with(|row| row.release.clone()).map(|head| {
            let said = s.say(&say::release_of(s.age(clock.since(head.at)), head.author, head.number));
            view! { <span class="t3 no-phone" title=full_time(head.at)>{said}</span> }
        })
    };
    // What has no files of ours is done to container by container.
    let each = move |verb: Verb| {
        let host = draft.host.get_value();
        let targets: Vec<ContainerTarget> = draft.stack.with_untracked(|stack| {
            let services = stack.iter().flat_map(|stack| &stack.services);
            let containers = services.flat_map(|service| &service.containers);
            let lasting = containers.filter(|it| !it.once);
            lasting.map(|it| ContainerTarget { host: host.clone(), id: it.id.clone() }).collect()
        });
        leptos::task::spawn_local(async move {
            if let Err(why) = api::start_job(verb, targets).await {
                session.noticed(&why);
                _ = failure.try_set(Some(why));
            }
        });
    };
    let act = move |deed: StackDeed| {
        if ours.get_untracked() && may.get_untracked() {
            return wished.set(Some(Wished::new(deed)));
        }
        match deed {
            StackDeed::Start => each(Verb::Start),
            StackDeed::Stop => each(Verb::Stop),
            _ => each(Verb::Restart),
        }
    };
    let button =
        move |deed: StackDeed, icon: &'static str, word: fn(&Words) -> &'static str, code: &'static str| {
            view! {
                <button class="btn" type="button" data-action=code on:click=move |_| act(deed)>
                    <Icon name=icon />
                    <span>{dynamic(move || word(s.words()))}</span>
                </button>
            }
        };
    let runs = memo(move || row.with(|row| row.running > 0));
    let operates = move || session.may(&draft.host.get_value(), Permission::Operate);
    let saves = memo(move || {
        let host = draft.host.get_value();
        session.may(&host, Permission::Deploy) && session.may(&host, Permission::Exec)
    });
    let save = move || {
        draft.stack.with(|stack| {
            let services = stack.iter().flat_map(|stack| &stack.services);
            let containers = services.flat_map(|service| &service.containers);
            let lasting = containers.filter(|it| !it.once);
            places.save_containers(&draft.host.get_value(), lasting.map(|it| it.name.as_str()))
        })
    };
    let forget: Deed = Arc::new(move || {
        let done = async move {
            let (host, name) = (draft.host.get_value(), draft.name.get_value());
            api::forget_stack(&host, &name).await?;
            draft.line.set(Some(line::forgets(&host, &name)));
            draft.base.set(None);
            Ok(())
        };
        Box::pin(done) as std::pin::Pin<Box<dyn Future<Output = api::Answer<()>>>>
    });
    let forget = StoredValue::new(forget);
    view! {
        <div class="page__head">
            <Icon name="stack" />
            <h1>{dynamic(move || draft.name.get_value())}</h1>
            <Show when=move || draft.stack.with(|stack| stack.as_ref().is_some_and(|it| it.is_there))>
                <How row />
                <ByHand row />
            </Show>
            {dynamic(release)}
            <div class="page__actions">
                <Show when=move || there.get() && operates()>
                    <Show
                        when=move || runs.get()
                        fallback=move || button(StackDeed::Start, "play", Words::verb_start, "start")
                    >
                        {button(StackDeed::Stop, "stop", Words::verb_stop, "stop")}
                        {button(StackDeed::Restart, "restart", Words::verb_restart, "restart")}
                    </Show>
                </Show>
                <Show when=move || there.get() && saves.get()>
                    <a class="btn" data-action="save" title=w!(s.save_containers) href=dynamic(save)>
                        <Icon name="template" />
                        <span>{w!(s.save_as)}</span>
                    </a>
                </Show>
                // What has no files of ours has no other deeds on it.
                <Show when=move || there.get() && !ours.get() && may.get()>
                    <button
                        class="btn btn--icon"
                        type="button"
                        data-action="share"
                        aria-label=w!(s.share_stack)
                        title=w!(s.share_stack)
                        on:click=move |_| shares.set(true)
                    >
                        <Icon name="team" />
                    </button>
                </Show>
                <Show when=move || ours.get() && may.get()>
                    <Menu
                        class="btn btn--icon"
                        label=Signal::derive(move || s.words().more().to_owned())
                        button=ViewFn::from(|| view! { <Icon name="more" /> })
                    >
                        <button class="menu__item" type="button" role="menuitem" data-action="pull" on:click=move |_| wished.set(Some(Wished::newer()))>
                            {w!(s.stack_update)}
                        </button>
                        <button class="menu__item" type="button" role="menuitem" data-action="down" on:click=move |_| wished.set(Some(Wished::new(StackDeed::Down)))>
                            {w!(s.stack_take_down)}
                        </button>
                        <Show when=move || there.get() || ours.get()>
                            <button class="menu__item" type="button" role="menuitem" data-action="share" on:click=move |_| shares.set(true)>
                                {w!(s.share_stack)}
                            </button>
                        </Show>
                        <Show when=move || may_forget.get()>
                            <button class="menu__item" type="button" role="menuitem" data-action="forget" on:click=move |_| forgets.set(true)>
                                {w!(s.stack_forget)}
                            </button>
                        </Show>
                    </Menu>
                </Show>
            </div>
        </div>
        <Trouble failure=failure />
        {dynamic(move || wished.get().map(|wish| view! {
            <WishDialog wish close=Callback::new(move |()| wished.set(None)) />
        }))}
        <Show when=move || shares.get()>
            <ShareStack
                host=draft.host.get_value()
                stack=draft.name.get_value()
                close=Callback::new(move |()| shares.set(false))
            />
        </Show>
        <Show when=move || forgets.get()>
            <DeedDialog
                title=Signal::derive(move || s.say(&say::forget_name(draft.name.get_value())))
                close=Callback::new(move |()| forgets.set(false))
                deed=forget.get_value()
                failure
                ready=true
                danger=true
            >
                <p>{w!(s.stack_forget_more)}</p>
            </DeedDialog>
        </Show>
    }
}
