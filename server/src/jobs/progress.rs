//! How far a pull is, as a job's log tells it: a line whenever the engine does something else with a layer.

use std::{collections::HashMap, mem, sync::Mutex};

use longshore_api::{
    web::job::{JobLine, Layer},
    words::say,
};
use tokio::sync::Notify;

use super::Jobs;
use crate::store::now;

/// What the log says of the layers of one image.
pub(super) struct Progress {
    place: Option<u32>,
    inner: Mutex<Inner>,
    more: Notify,
}

#[derive(Default)]
struct Inner {
    /// What is done with each layer, by its id.
    said: HashMap<String, String>,
    /// Lines that are not written yet.
    lines: Vec<JobLine>,
    /// Nothing more comes.
    ended: bool,
}

impl Progress {
    /// Of the image at this place of the job's targets.
    pub(super) fn of(place: usize) -> Self {
        Self { place: u32::try_from(place).ok(), inner: Mutex::default(), more: Notify::new() }
    }

    /// Takes in how the layers are now.
    pub(super) fn hear(&self, layers: &[Layer]) {
        let mut inner = self.lock();
        for layer in layers {
            if inner.said.get(&layer.id) != Some(&layer.doing) {
                inner.said.insert(layer.id.clone(), layer.doing.clone());
                let what = say::job_layer(&layer.doing, &layer.id);
                inner.lines.push(JobLine { at: now(), target: self.place, what, engine: None });
            }
        }
        if !inner.lines.is_empty() {
            self.more.notify_one();
        }
    }

    /// Nothing more will be heard.
    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.more.notify_one();
    }

    /// Writes the lines down as they come, up to the last. Not to be dropped in the middle of it: what is being written
    /// would be lost.
    pub(super) async fn write_down(&self, jobs: &Jobs, id: &str) {
        loop {
            self.more.notified().await;
            let ended = self.lock().ended;
            self.write(jobs, id).await;
            if ended {
                return;
            }
        }
    }

    /// Writes down what there is. The pull goes on whether it can be written or not.
    async fn write(&self, jobs: &Jobs, id: &str) {
        let lines = mem::take(&mut self.lock().lines);
        if let Err(error) = jobs.note(id, &lines).await {
            tracing::warn!(job.id = id, %error, "lines of a job's log were not written");
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().expect("no one panics while holding this lock")
    }
}
