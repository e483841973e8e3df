//! The page: which host, what it begins with, the form and its text.

use std::{collections::BTreeSet, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use longshore_api::{
    ops::{Permission, spec::ContainerSpec},
    sentence::Sentence,
    web::create::{CheckContainer, CheckedContainer, NewContainer, PORTS_MAX, WantedPort},
    words::say,
};

use super::{
    aside::Aside,
    draft::{Asked, Draft},
    first::First,
    folded::Folded,
    paste::Paste,
};
use crate::{
    api::{self, Failure},
    parts::{Icon, Show, Trouble, dynamic, memo},
    places::places,
    session::{Session, session},
    shell::{HostNotices, Refused, hosts},
    speech::{speech, w},
};

/// What is typed is asked about when it rests this long.
const REST: Duration = Duration::from_millis(250);

/// What the page knows, beside what is typed. In the context.
#[derive(Clone, Copy)]
pub(super) struct Making {
    /// The host it is made on.
    pub(super) host: RwSignal<String>,
    /// What the draft asks for.
    pub(super) asked: Memo<Asked>,
    /// What the host said of it last.
    pub(super) checked: RwSignal<CheckedContainer>,
    /// The job that makes it.
    pub(super) job: RwSignal<Option<String>>,
    /// What was refused.
    pub(super) failure: RwSignal<Option<Failure>>,
    session: Session,
    /// Being sent.
    pub(super) busy: RwSignal<bool>,
}

impl Making {
    /// Asks for it.
    pub(super) fn make(self, start: bool) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        let (host, wish) = (
            self.host.get_untracked(),
            self.asked.with_untracked(|asked| NewContainer::of(&asked.spec, start)),
        );
        leptos::task::spawn_local(async move {
            match api::create_container(&host, &wish).await {
                Ok(started) => self.job.set(Some(started.id)),
                Err(why) => {
                    self.session.noticed(&why);
                    self.failure.set(Some(why));
                }
            }
            self.busy.set(false);
        });
    }

    /// Whether the person manages the host: what others are refused is not offered to them.
    pub(super) fn manages(self) -> bool {
        let host = self.host.get();
        host.is_empty() || self.session.may(&host, Permission::Manage)
    }

    /// The sentence for what is wrong with a field, ours or the server's.
    pub(super) fn wrong(self, field: &'static str) -> Option<longshore_api::sentence::Sentence> {
        let ours = self
            .asked
            .with(|asked| asked.wrong.iter().find(|(of, _)| *of == field).map(|(_, why)| why.clone()));
        ours.or_else(|| {
            self.failure.with(|failure| {
                failure.as_ref().filter(|why| why.field() == Some(field)).map(Failure::sentence)
            })
        })
    }
}

/// From the context.
pub(super) fn making() -> Making {
    expect_context()
}

/// A new container, for whoever may make one somewhere.
#[component]
pub(crate) fn CreatePage() -> impl IntoView {
    let s = speech();
    let session = session();
    let may = memo(move || session.may_somewhere(Permission::Deploy));
    dynamic(move || match may.get() {
        true => view! { <Form /> }.into_any(),
        false => view! { <Refused title=w!(s.nc_refused) permission=Permission::Deploy /> }.into_any(),
    })
}

#[component]
fn Form() -> impl IntoView {
    let s = speech();
    let places = places();
    let hosts = hosts();
    let session = session();
    let draft = Draft::new();
    provide_context(draft);
    let host = RwSignal::new(String::new());
    let making = Making {
        host,
        asked: memo(move || draft.asked()),
        checked: RwSignal::default(),
        job: RwSignal::new(None),
        failure: RwSignal::new(None),
        session,
        busy: RwSignal::new(false),
    };
    provide_context(making);
    // The host of the address, else the first that answers.
    Effect::new(move |_| {
        let fits = |slug: &String| hosts.answers(slug) && session.may(slug, Permission::Deploy);
        let first = || hosts.all().into_iter().map(|host| host.slug).find(fits);
        let wanted = places.host().or_else(|| hosts.chosen(None).map(|host| host.slug)).or_else(first);
        if host.with_untracked(String::is_empty)
            && let Some(wanted) = wanted
        {
            host.set(wanted);
        }
    });
    // A copy of one that is there, or one again that was removed.
    let from = memo(move || {
        let again = places.query("again").map(|again| (true, again));
        again.or_else(|| places.query("from").map(|from| (false, from)))
    });
    // Why what was to be copied could not be read.
    let unread = RwSignal::new(None::<Failure>);
    // What this one has otherwise than what was to be copied.
    let otherwise = RwSignal::new(Vec::<Sentence>::new());
    Effect::new(move |_| {
        let Some((again, from)) = from.get() else { return };
        let Some((slug, name)) = from.split_once('/') else { return };
        let (slug, name) = (slug.to_owned(), name.to_owned());
        host.set(slug.clone());
        leptos::task::spawn_local(async move {
            let spec = match again {
                true => api::removed_spec(&slug, &name).await,
                false => api::container_spec(&slug, &name).await,
            };
            match spec {
                Ok(found) => match ContainerSpec::of_body(found.body) {
                    Ok(spec) => {
                        let mut spec = ContainerSpec { name: found.name, ..spec };
                        let mut told = Vec::new();
                        // One that was removed has left its place.
                        if !again && spec.leave_to_original() {
                            told.push(say::nc_left_to(&name));
                        }
                        if give_way(&slug, &mut spec).await {
                            told.insert(0, say::nc_copied(&name));
                        }
                        _ = otherwise.try_set(told);
                        draft.fill(&spec);
                    }
                    Err(_) => unread.set(Some(Failure::Lost(200))),
                },
                Err(why) => {
                    session.noticed(&why);
                    unread.set(Some(why));
                }
            }
        });
    });
    check_live(making);
    let paste = RwSignal::new(false);
    view! {
        <main class="page nc" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{w!(s.nc_title)}</h1>
                <div class="page__actions">
                    <button
                        class="btn"
                        type="button"
                        data-action="paste"
                        aria-expanded=dynamic(move || paste.get().to_string())
                        on:click=move |_| paste.update(|open| *open = !*open)
                    >
                        <Icon name="console" />
                        {w!(s.nc_paste)}
                    </button>
                </div>
            </div>
            <HostNotices>
                <Show when=move || paste.get()>
                    <Paste open=paste />
                </Show>
                <Trouble failure=unread />
                {dynamic(move || {
                    let told = otherwise.get();
                    let line = move |what: Sentence| view! { <p>{dynamic(move || s.say(&what))}</p> };
                    (!told.is_empty()).then(|| view! {
                        <div class="explained nc__kept" data-kept="" role="status">
                            <Icon name="info" small=true />
                            <div class="explained__in">{told.into_iter().map(line).collect_view()}</div>
                        </div>
                    })
                })}
                <div class="grid g-form">
                    <form on:submit=crate::parts::submitted(move || ()) data-form="container">
                        <First />
                        <Folded />
                    </form>
                    <Aside />
                </div>
            </HostNotices>
        </main>
    }
}

/// The ports of the host that a spec wants.
fn wanted_ports(spec: &ContainerSpec) -> Vec<WantedPort> {
    let bindings = spec.body.host.port_bindings.iter();
    bindings
        .flat_map(|(key, bindings)| {
            let protocol = key.rsplit('/').next().unwrap_or("tcp");
            bindings.iter().filter_map(move |binding| {
                let port = binding.port.parse().ok()?;
                Some(WantedPort { ip: binding.ip.clone(), port, protocol: protocol.to_owned() })
            })
        })
        .take(PORTS_MAX)
        .collect()
}

/// Puts what is free in the place of a name and of ports that somebody has: whether there were any. Where the host cannot be
/// asked, the form says it later.
async fn give_way(host: &str, spec: &mut ContainerSpec) -> bool {
    let wish =
        CheckContainer { name: spec.name.clone(), image: spec.body.image.clone(), ports: wanted_ports(spec) };
    let Ok(checked) = api::check_container(host, &wish).await else { return false };
    let mut gave_way = false;
    if checked.name.is_some() {
        spec.name = checked.free_name;
        gave_way = true;
    }
    let mut given = BTreeSet::new();
    for (key, bindings) in &mut spec.body.host.port_bindings {
        let protocol = key.rsplit('/').next().unwrap_or("tcp");
        for binding in bindings {
            let held = checked
                .ports
                .iter()
                .find(|held| held.protocol == protocol && binding.port.parse() == Ok(held.port));
            let Some(held) = held else { continue };
            // Two that follow each other are told the same one.
            let free = (held.next..=u16::MAX).find(|port| given.insert((protocol.to_owned(), *port)));
            binding.port = free.map(|port| port.to_string()).unwrap_or_default();
            gave_way = true;
        }
    }
    gave_way
}

/// Asks the host about name, image and ports whenever they rest.
fn check_live(making: Making) {
    let rest = StoredValue::new(None::<TimeoutHandle>);
    let question = memo(move || {
        let ports = making.asked.with(|asked| wanted_ports(&asked.spec));
        let (name, image) =
            making.asked.with(|asked| (asked.spec.name.clone(), asked.spec.body.image.clone()));
        (making.host.get(), name, image, ports)
    });
    Effect::new(move |_| {
        let (host, name, image, ports) = question.get();
        if let Some(waiting) = rest.get_value() {
            waiting.clear();
        }
        if host.is_empty() {
            return;
        }
        let ask = move || {
            leptos::task::spawn_local(async move {
                let asked = CheckContainer { name, image, ports };
                // Who cannot be told now is told by the engine.
                if let Ok(checked) = api::check_container(&host, &asked).await
                    && question.try_with_untracked(|now| {
                        now.0 == host && now.1 == asked.name && now.2 == asked.image && now.3 == asked.ports
                    }) == Some(true)
                {
                    making.checked.set(checked);
                }
            });
        };
        rest.set_value(set_timeout_with_handle(ask, REST).ok());
    });
}
