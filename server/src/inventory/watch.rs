//! The watcher of a host: loads what is there once, follows the engine's events, reads again only what changed. It
//! owns its one host and waits for nothing else, so a host that is stopped, slow or garbled costs no other anything.

use std::{sync::Arc, time::Duration};

use http::HeaderMap;
use hyper::body::Incoming;
use longshore_api::{ops::ApiVersion, web::host::Engine, words::say};
use tokio::time::sleep;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Inventory, clock,
    engine::Version,
    heard::Heard,
    inspections::Inspections,
    lines::{Line, Lines},
    list::List,
    normal::{Described, capped},
    pulse::Pulse,
    shelves::Lists,
    stops::Stops,
};
use crate::{
    hosts::{Host, LineError, Question, broke_off},
    keep,
    store::{Store, now},
};

/// A list of ten thousand containers has about 20 MB.
const LIST_MAX: usize = 128 * 1024 * 1024;
const VERSION_MAX: usize = 1024 * 1024;
/// So many bytes are kept of what an engine says of itself, each.
const WORD_MAX: usize = 64;
/// So many events are taken together; what they changed is shown before the next ones.
const TOGETHER: usize = 256;
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// Takes a host into the inventory and starts its watcher, which ends when the token is cancelled.
pub fn start(
    inventory: &Arc<Inventory>,
    host: Arc<Host>,
    store: &Store,
    tasks: &TaskTracker,
    stopping: &CancellationToken,
) {
    inventory.add_host(&host.slug, &host.name);
    let (inventory, store, stopping) = (Arc::clone(inventory), store.clone(), stopping.clone());
    tasks.spawn(async move {
        tokio::select! {
            () = keep::going(|| watch(&inventory, &host, &store), |wait| panicked(&inventory, &host.slug, &host.name, wait)) => {}
            () = stopping.cancelled() => {}
        }
    });
}

/// After a panic the host is shown as what it is: out of sight.
fn panicked(inventory: &Inventory, slug: &str, name: &str, wait: Duration) {
    tracing::error!(host.slug = slug, retry_s = wait.as_secs(), "the watcher panicked");
    inventory.down(slug, say::watcher_failed(name), after(wait));
}

async fn watch(inventory: &Inventory, host: &Host, store: &Store) {
    let mut wait = FIRST_WAIT;
    let mut stops = Stops::read(store, &host.slug).await;
    loop {
        let mut watcher = Watcher {
            inventory,
            host,
            store,
            inspections: Inspections::new(host),
            lists: Lists::new(host),
            stops: &mut stops,
            was_up: false,
        };
        let error = watcher.follow().await;
        if watcher.was_up {
            wait = FIRST_WAIT;
        }
        tracing::warn!(host.slug, %error, cause = cause(&error), retry_s = wait.as_secs(), "the engine does not answer");
        inventory.down(&host.slug, host.line.why(&error), after(wait));
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

fn after(wait: Duration) -> i64 {
    now().saturating_add(i64::try_from(wait.as_millis()).unwrap_or_default())
}

fn cause(error: &LineError) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

struct Watcher<'a> {
    inventory: &'a Inventory,
    host: &'a Host,
    store: &'a Store,
    inspections: Inspections<'a>,
    lists: Lists<'a>,
    /// Longer than one line to the engine: what was asked for stays so when it comes back.
    stops: &'a mut Stops,
    was_up: bool,
}

impl Watcher<'_> {
    /// Follows the engine until that fails.
    async fn follow(&mut self) -> LineError {
        match self.follow_until().await {
            Ok(()) => LineError::Ended,
            Err(error) => error,
        }
    }

    async fn follow_until(&mut self) -> Result<(), LineError> {
        let line = &self.host.line;
        let version: Version = line.ask_json(Question::Version, VERSION_MAX).await?;
        let (api, engine) = understand(self.host, version)?;
        line.speak(api);
        // Opened before the list is read: what happens in between is heard, at worst twice.
        let asked = now();
        let events = line.ask(Question::Events).await?;
        let clock = clock::offset(events.headers(), asked, now());
        let mut events = Lines::new(events.into_body());
        let list: List = line.ask_json(Question::Containers, LIST_MAX).await?;
        if list.passed_over > 0 {
            let passed_over = list.passed_over;
            tracing::warn!(
                host.slug = self.host.slug,
                passed_over,
                "containers that are none were passed over"
            );
        }
        let mut list = list.containers;
        self.stops.keep(&list);
        for described in &mut list {
            self.stops.judge(described);
        }
        tracing::info!(host.slug = self.host.slug, %api, containers = list.len(), "the engine answers");
        // The list does not tell since when, how often, and why: asked for those that are not simply running.
        let unclear = |d: &&Described| !d.state.is_up() || d.state.is_trouble();
        self.inspections.want(list.iter().filter(unclear).map(|d| d.id));
        let told_more = self.inventory.up(&self.host.slug, engine, list);
        self.inspections.want(told_more);
        if let Ok(offset) = clock {
            self.inventory.clock(&self.host.slug, offset);
        }
        self.was_up = true;
        let mut pulse = Pulse::of(line);
        loop {
            tokio::select! {
                line = events.next() => match line {
                    Ok(Some(first)) => {
                        pulse.beats();
                        self.heard(&first, &mut events)?;
                        self.stops.write(self.store, &self.host.slug).await;
                    }
                    Ok(None) => return Ok(()),
                    Err(error) => return broken(error),
                },
                answers = self.inspections.next() => {
                    let mut answers = answers?;
                    // One that was given up says nothing of the engine.
                    if !answers.put.is_empty() || !answers.gone.is_empty() {
                        pulse.beats();
                    }
                    for described in &mut answers.put {
                        self.stops.judge(described);
                    }
                    self.inventory.apply(&self.host.slug, answers.put, &answers.gone, Vec::new());
                    self.inventory.doubt(&self.host.slug, &answers.unclear);
                }
                list = self.lists.next() => {
                    let (shelf, things) = list?;
                    pulse.beats();
                    self.inventory.shelve(&self.host.slug, shelf, things);
                }
                answer = pulse.next() => {
                    let answer = answer?;
                    self.look_at_clock(&answer.headers, answer.asked);
                }
            }
        }
    }

    fn look_at_clock(&self, headers: &HeaderMap, asked: i64) {
        if let Ok(offset) = clock::offset(headers, asked, now()) {
            self.inventory.clock(&self.host.slug, offset);
        }
    }

    /// Takes an event and those that came with it; what they changed is inspected.
    fn heard(&mut self, first: &Line, more: &mut Lines<Incoming>) -> Result<(), LineError> {
        let mut heard = Heard::default();
        heard.note(&self.host.slug, first);
        for _ in 1..TOGETHER {
            let Some(line) = more.ready()? else { break };
            heard.note(&self.host.slug, &line);
        }
        if heard.missed {
            return Err(LineError::Garbled("an event without an end".to_owned()));
        }
        let gone: Vec<_> = heard.gone.into_iter().collect();
        self.inspections.forget(&gone);
        for (id, sign, at) in heard.signs {
            self.stops.note(id, sign, at);
        }
        self.stops.forget(&gone);
        self.inspections.want(heard.touched);
        self.lists.want(heard.shelves);
        self.inventory.apply(&self.host.slug, Vec::new(), &gone, heard.told);
        Ok(())
    }
}

/// An engine that is stopped ends its streams, politely or not; all else is a line that broke.
fn broken(error: hyper::Error) -> Result<(), LineError> {
    if broke_off(&error) { Ok(()) } else { Err(LineError::Http(error)) }
}

fn understand(host: &Host, version: Version) -> Result<(ApiVersion, Engine), LineError> {
    let given = version.api_version.as_deref().unwrap_or_default();
    let newest: ApiVersion =
        given.parse().map_err(|_| LineError::Garbled(format!("ApiVersion: {given:.32?}")))?;
    let oldest =
        version.min_api_version.as_deref().and_then(|v| v.parse().ok()).unwrap_or(ApiVersion::OLDEST);
    let api = newest.min(ApiVersion::NEWEST);
    if api < ApiVersion::OLDEST {
        return Err(LineError::TooOld(newest));
    }
    if oldest > api {
        return Err(LineError::VersionRange { oldest, newest: api });
    }
    let product = version.components.iter().flatten().find_map(|c| c.name.as_deref()).unwrap_or("Docker");
    let product = if product.contains("Podman") { "Podman" } else { "Docker" };
    let engine = Engine {
        product: product.to_owned(),
        version: capped(version.version.unwrap_or_default(), WORD_MAX),
        api: api.to_string(),
        platform: format!(
            "{}/{}",
            capped(version.os.unwrap_or_default().to_lowercase(), WORD_MAX),
            capped(version.arch.unwrap_or_default(), WORD_MAX)
        ),
        address: host.line.address().to_owned(),
    };
    Ok((api, engine))
}

#[cfg(test)]
mod tests {
    use longshore_api::web::host::Link;

    use super::*;
    use crate::access::Sight;

    #[test]
    fn a_watcher_that_panics_is_shown() {
        let inventory = Inventory::new();
        inventory.add_host("quay", "Quay");
        panicked(&inventory, "quay", "Quay", FIRST_WAIT);
        let Link::Down { why, .. } = &inventory.hosts(&Sight::of_the_house())[0].link else {
            panic!("it is not up")
        };
        assert_eq!(why.code, "watcher-failed");
    }
}
