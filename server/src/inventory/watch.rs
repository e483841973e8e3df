//! The watcher of a host: loads what is there once, follows the engine's events, reads again only what changed. It
//! owns its one host and waits for nothing else, so a host that is stopped, slow or garbled costs no other anything.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use longshore_api::{
    ops::ApiVersion,
    web::{RowKey, event::Event, host::Engine},
};
use tokio::time::{Instant, interval_at, sleep};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Inventory,
    engine::{Inspected, Listed, Message, Version},
    normal::{self, Described},
};
use crate::{
    hosts::{Host, LineError, VERSION},
    store::now,
};

/// A list of ten thousand containers has about 20 MB.
const LIST_MAX: usize = 128 * 1024 * 1024;
const ONE_MAX: usize = 4 * 1024 * 1024;
/// A line of the event stream; more than this is no event.
const EVENT_MAX: usize = 1024 * 1024;
/// So many inspections run at once.
const AT_ONCE: usize = 8;
/// A silent event stream is normal, a silent engine is not: it is asked so often.
const PING_EVERY: Duration = Duration::from_secs(20);
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Takes a host into the inventory and starts its watcher, which ends when the token is cancelled.
pub fn start(inventory: &Arc<Inventory>, host: Arc<Host>, tasks: &TaskTracker, stopping: &CancellationToken) {
    inventory.add_host(&host.slug, &host.name);
    let (inventory, stopping) = (Arc::clone(inventory), stopping.clone());
    tasks.spawn(async move {
        tokio::select! {
            () = watch(&inventory, &host) => {}
            () = stopping.cancelled() => {}
        }
    });
}

async fn watch(inventory: &Inventory, host: &Host) {
    let mut wait = FIRST_WAIT;
    loop {
        let mut watcher = Watcher { inventory, host, pending: BTreeSet::new(), was_up: false };
        let error = watcher.follow().await;
        if watcher.was_up {
            wait = FIRST_WAIT;
        }
        tracing::warn!(host.slug, %error, cause = cause(&error), retry_s = wait.as_secs(), "the engine does not answer");
        let retry_at = now() + i64::try_from(wait.as_millis()).unwrap_or_default();
        inventory.down(&host.slug, host.line.why(&error), retry_at);
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

fn cause(error: &LineError) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

struct Watcher<'a> {
    inventory: &'a Inventory,
    host: &'a Host,
    /// Ids to be inspected.
    pending: BTreeSet<String>,
    was_up: bool,
}

impl Watcher<'_> {
    /// Follows the engine until that fails.
    async fn follow(&mut self) -> LineError {
        match self.follow_until().await {
            Ok(()) => LineError::Garbled("the event stream ended".to_owned()),
            Err(error) => error,
        }
    }

    async fn follow_until(&mut self) -> Result<(), LineError> {
        let line = &self.host.line;
        let version: Version = line.ask_json(VERSION, ONE_MAX).await?;
        let (api, engine) = self.understand(version)?;
        line.speak(api);
        // Opened before the list is read: what happens in between is heard, at worst twice.
        let mut events = Lines::new(line.ask("/events").await?.into_body());
        let list: Vec<Listed> = line.ask_json("/containers/json?all=1", LIST_MAX).await?;
        let list: Vec<Described> = list.into_iter().map(normal::listed).collect();
        // The list does not tell since when, how often, and why: asked for those that are not simply running.
        let unclear = |d: &&Described| d.state.is_none_or(|s| !s.is_up() || s.is_trouble());
        self.pending = list.iter().filter(unclear).map(|d| d.id.clone()).collect();
        tracing::info!(host.slug = self.host.slug, %api, containers = list.len(), "the engine answers");
        self.inventory.up(&self.host.slug, engine, list);
        self.was_up = true;
        let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        loop {
            tokio::select! {
                biased;
                line = events.next() => match line? {
                    Some(first) => self.heard(&first, &mut events).await?,
                    None => return Ok(()),
                },
                _ = ping.tick() => { line.ask("/_ping").await?; }
                () = std::future::ready(()), if !self.pending.is_empty() => self.inspect_some().await?,
            }
        }
    }

    fn understand(&self, version: Version) -> Result<(ApiVersion, Engine), LineError> {
        let given = version.api_version.as_deref().unwrap_or_default();
        let newest: ApiVersion =
            given.parse().map_err(|_| LineError::Garbled(format!("API version {given:?}")))?;
        let oldest =
            version.min_api_version.as_deref().and_then(|v| v.parse().ok()).unwrap_or(ApiVersion::OLDEST);
        let api = newest.min(ApiVersion::NEWEST);
        if api < ApiVersion::OLDEST {
            return Err(LineError::TooOld(newest));
        }
        if oldest > api {
            return Err(LineError::Garbled(format!(
                "it speaks API {oldest} and newer, this Longshore up to {api}"
            )));
        }
        let product = version.components.iter().flatten().find_map(|c| c.name.as_deref()).unwrap_or("Docker");
        let product = if product.contains("Podman") { "Podman" } else { "Docker" };
        let engine = Engine {
            product: product.to_owned(),
            version: version.version.unwrap_or_default(),
            api: api.to_string(),
            platform: format!(
                "{}/{}",
                version.os.unwrap_or_default().to_lowercase(),
                version.arch.unwrap_or_default()
            ),
            address: self.host.line.address().to_owned(),
        };
        Ok((api, engine))
    }

    /// Takes an event and all that came with it, reads what they changed, and publishes that as one change.
    async fn heard(&mut self, first: &[u8], more: &mut Lines) -> Result<(), LineError> {
        let mut told = Vec::new();
        let mut touched = BTreeSet::new();
        let mut gone = BTreeSet::new();
        self.note(first, &mut told, &mut touched, &mut gone);
        while let Some(line) = more.ready()? {
            self.note(&line, &mut told, &mut touched, &mut gone);
        }
        touched.retain(|id| !gone.contains(id));
        for id in &gone {
            self.pending.remove(id);
        }
        let gone: Vec<String> = gone.into_iter().collect();
        self.inspect(touched.into_iter().collect(), gone).await?;
        self.inventory.happened(told);
        Ok(())
    }

    fn note(
        &self,
        line: &[u8],
        told: &mut Vec<Event>,
        touched: &mut BTreeSet<String>,
        gone: &mut BTreeSet<String>,
    ) {
        let Ok(message) = serde_json::from_slice::<Message>(line) else {
            tracing::warn!(host.slug = self.host.slug, "an event that is no event was passed over");
            return;
        };
        let kind = message.kind.unwrap_or_default();
        let action = message.action.unwrap_or_default();
        // Health checks run commands by the minute, and the text of an exec is not for everyone's eyes.
        if action.starts_with("exec_") {
            return;
        }
        let (id, attributes) = message
            .actor
            .map(|actor| (actor.id.unwrap_or_default(), actor.attributes.unwrap_or_default()))
            .unwrap_or_default();
        match kind.as_str() {
            "container" if action == "destroy" => {
                gone.insert(id.clone());
            }
            "container" => {
                touched.insert(id.clone());
            }
            "network" if matches!(action.as_str(), "connect" | "disconnect") => {
                touched.extend(attributes.get("container").cloned());
            }
            _ => {}
        }
        // What a person would call noise: it changes nothing.
        if matches!(action.as_str(), "top" | "resize" | "attach" | "detach" | "archive-path") {
            return;
        }
        let at =
            message.time_nano.map(|n| n / 1_000_000).or(message.time.map(|s| s * 1000)).unwrap_or_else(now);
        let text = |name: &str| attributes.get(name).cloned();
        told.push(Event {
            key: RowKey(0),
            host: self.host.slug.clone(),
            at,
            name: text("name").unwrap_or_else(|| id.chars().take(12).collect()),
            stack: text("com.docker.compose.project").or_else(|| text("com.docker.stack.namespace")),
            exit_code: attributes.get("exitCode").and_then(|code| code.parse().ok()),
            kind,
            action,
            id,
        });
    }

    async fn inspect_some(&mut self) -> Result<(), LineError> {
        let some: Vec<String> = self.pending.iter().take(AT_ONCE).cloned().collect();
        for id in &some {
            self.pending.remove(id);
        }
        self.inspect(some, Vec::new()).await
    }

    async fn inspect(&self, ids: Vec<String>, mut gone: Vec<String>) -> Result<(), LineError> {
        let asked = stream::iter(ids).map(async |id| {
            let path = format!("/containers/{id}/json");
            let answer = self.host.line.ask_json::<Inspected>(&path, ONE_MAX).await;
            (id, answer)
        });
        let answers: HashMap<String, _> = asked.buffer_unordered(AT_ONCE).collect().await;
        let mut put = Vec::new();
        for (id, answer) in answers {
            match answer {
                Ok(inspected) => put.push(normal::inspected(inspected)),
                // Gone again before we asked.
                Err(LineError::Refused { status, .. }) if status == http::StatusCode::NOT_FOUND => {
                    gone.push(id)
                }
                // One container that cannot be read is no reason to lose the others.
                Err(LineError::Refused { status, message }) => {
                    tracing::warn!(host.slug = self.host.slug, container.id = id, %status, message, "a container could not be read");
                }
                Err(error) => return Err(error),
            }
        }
        self.inventory.apply(&self.host.slug, put, &gone);
        Ok(())
    }
}

/// The lines of a body that never ends.
struct Lines {
    body: Incoming,
    buffer: Vec<u8>,
}

impl Lines {
    fn new(body: Incoming) -> Self {
        Self { body, buffer: Vec::new() }
    }

    /// The next line; none at the end. May be dropped while it waits without losing anything.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, LineError> {
        loop {
            if let Some(line) = self.take() {
                return Ok(Some(line));
            }
            match self.body.frame().await {
                None => return Ok(None),
                Some(frame) => self.add(frame?)?,
            }
        }
    }

    /// The next line if it is there already.
    fn ready(&mut self) -> Result<Option<Vec<u8>>, LineError> {
        use futures_util::FutureExt as _;
        loop {
            if let Some(line) = self.take() {
                return Ok(Some(line));
            }
            match self.body.frame().now_or_never() {
                None | Some(None) => return Ok(None),
                Some(Some(frame)) => self.add(frame?)?,
            }
        }
    }

    fn add(&mut self, frame: hyper::body::Frame<bytes::Bytes>) -> Result<(), LineError> {
        if let Ok(data) = frame.into_data() {
            if self.buffer.len() + data.len() > EVENT_MAX {
                return Err(LineError::Garbled("an event without end".to_owned()));
            }
            self.buffer.extend_from_slice(&data);
        }
        Ok(())
    }

    fn take(&mut self) -> Option<Vec<u8>> {
        loop {
            let end = self.buffer.iter().position(|b| *b == b'\n')?;
            let line: Vec<u8> = self.buffer.drain(..=end).collect();
            let line = line.trim_ascii().to_vec();
            if !line.is_empty() {
                return Some(line);
            }
        }
    }
}
