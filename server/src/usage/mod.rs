//! What containers use: a sampler for each host takes their figures every two seconds and hands them to the inventory.
//!
//! Where the engine is on this machine they come from cgroup files and /proc, whoever looks. Everywhere else the engine
//! itself is asked, which costs it much: only while someone looks, only for what they look at, and never for more than
//! a few at once.

mod engine;
mod files;
mod history;
mod looks;

use history::TRAFFIC_EVERY;
pub use history::{Flow, GAP, History};
pub use looks::{Look, Looks};

use std::{panic::resume_unwind, sync::Arc, time::Duration};

use longshore_agent::usage::{Roots, Traffic};
use longshore_api::web::{RowKey, host::UsageSource, live::USAGE_STEP_MS};
use tokio::{
    task::spawn_blocking,
    time::{Instant, MissedTickBehavior, interval},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{hosts::Host, inventory::Inventory, keep};
use engine::Engine;
use files::Files;

const STEP: Duration = Duration::from_millis(USAGE_STEP_MS);
/// After so many steps in which no running container was found in the files, the engine is asked.
const MISSES_MAX: u32 = 3;
/// While the engine is asked, the files are tried again every so many steps.
const TRY_FILES_EVERY: u32 = 15;

/// A running container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its row.
    pub key: RowKey,
    /// Its full id.
    pub id: String,
    /// Its main process, as far as the engine has told.
    pub pid: Option<u32>,
}

/// What a container uses now.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Its full id.
    pub id: String,
    /// Percent of one core.
    pub cpu: f32,
    /// Bytes, without page cache that can be given back.
    pub memory: u64,
    /// Bytes, where it has a limit below the machine's memory.
    pub memory_limit: Option<u64>,
    /// What went in and out of it until now, where that was looked at.
    pub traffic: Option<Traffic>,
}

/// Starts the sampler of a host; it ends when the token is cancelled.
pub fn start(inventory: &Arc<Inventory>, host: Arc<Host>, tasks: &TaskTracker, stopping: &CancellationToken) {
    let (inventory, stopping) = (Arc::clone(inventory), stopping.clone());
    tasks.spawn(async move {
        tokio::select! {
            () = keep::going(|| Sampler::new(&inventory, &host).run(), |wait| {
                tracing::error!(host.slug = host.slug, retry_s = wait.as_secs(), "the sampler panicked");
            }) => {}
            () = stopping.cancelled() => {}
        }
    });
}

struct Sampler<'a> {
    inventory: &'a Inventory,
    host: &'a Host,
    /// Where the engine may be on this machine and the machine can be read.
    files: Option<Files>,
    engine: Engine,
    source: UsageSource,
    misses: u32,
}

impl<'a> Sampler<'a> {
    fn new(inventory: &'a Inventory, host: &'a Host) -> Self {
        let files = if host.line.is_local() {
            Files::open(Roots::detect())
                .inspect_err(|error| {
                    tracing::warn!(host.slug = host.slug, %error, "usage cannot be read from files");
                })
                .ok()
        } else {
            None
        };
        let source = if files.is_some() { UsageSource::Files } else { UsageSource::Engine };
        Self { inventory, host, files, engine: Engine::default(), source, misses: 0 }
    }

    async fn run(mut self) {
        let began = Instant::now();
        let mut ticks = interval(STEP);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            ticks.tick().await;
            let Some(targets) = self.running().await else { return };
            // To the nearest: a tick comes late, never early.
            let step = (began.elapsed() + STEP / 2).as_millis() / STEP.as_millis();
            let step = u32::try_from(step).unwrap_or(u32::MAX);
            let samples = self.sample(step, &targets).await;
            self.inventory.used(&self.host.slug, step, self.source, samples);
        }
    }

    /// The running containers. Nothing is known of a host that does not answer: it is waited for. None at the end.
    async fn running(&self) -> Option<Vec<Target>> {
        let mut changes = self.inventory.listen();
        loop {
            if let Some(targets) = self.inventory.running(&self.host.slug) {
                return Some(targets);
            }
            changes.changed().await.ok()?;
        }
    }

    async fn sample(&mut self, step: u32, targets: &[Target]) -> Vec<Sample> {
        if self.source == UsageSource::Files || step.is_multiple_of(TRY_FILES_EVERY) {
            if let Some((found, samples)) = self.read_files(step, targets).await {
                if found > 0 || targets.is_empty() {
                    self.misses = 0;
                    self.turn_to(UsageSource::Files);
                    return samples;
                }
                self.misses += 1;
                if self.misses < MISSES_MAX {
                    return samples;
                }
            }
            self.turn_to(UsageSource::Engine);
        }
        self.engine.ask(&self.host.line, step, targets, self.inventory.looks()).await
    }

    fn turn_to(&mut self, source: UsageSource) {
        if source != self.source {
            tracing::info!(host.slug = self.host.slug, ?source, "usage now comes from another source");
            self.source = source;
        }
    }

    /// How many of them have files here, and their samples. None if files are not to be had.
    async fn read_files(&mut self, step: u32, targets: &[Target]) -> Option<(usize, Vec<Sample>)> {
        let mut files = self.files.take()?;
        let targets = targets.to_vec();
        // The kernel may take its time over a file.
        let read = spawn_blocking(move || {
            let read = files.sample(&targets, step.is_multiple_of(TRAFFIC_EVERY));
            (files, read)
        });
        match read.await {
            Ok((files, read)) => {
                self.files = Some(files);
                Some(read)
            }
            // A panic is the sampler's, which begins anew then; all else is the end.
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_) => None,
            },
        }
    }
}
