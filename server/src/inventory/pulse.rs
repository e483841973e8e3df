//! Whether an engine is still there while its events are silent, which is normal: one that is frozen keeps its socket open
//! and says nothing more.

use std::{pin::Pin, time::Duration};

use http::HeaderMap;
use tokio::time::{Instant, sleep_until};

use crate::{
    hosts::{Line, LineError, Question},
    store::now,
};

/// After so long without a word the engine is asked whether it is there.
const QUIET: Duration = Duration::from_secs(5);
/// An engine that talks is asked all the same: its clock is in the answer.
const ASK_EVERY: Duration = Duration::from_secs(20);
/// So long after it was asked an engine may say nothing at all. A busy one takes its time for a list, but it answers
/// something: whatever comes from it counts.
const SILENCE_MAX: Duration = Duration::from_secs(10);

type Asking<'a> = Pin<Box<dyn Future<Output = Result<Answer, LineError>> + Send + 'a>>;

/// What it said.
pub(super) struct Answer {
    pub(super) headers: HeaderMap,
    /// When it was asked, by our clock.
    pub(super) asked: i64,
}

/// Asks an engine again and again; the one future of it that is under way outlives whoever polls it.
pub(super) struct Pulse<'a> {
    line: &'a Line,
    heard: Instant,
    asked: Instant,
    asking: Option<Asking<'a>>,
}

impl<'a> Pulse<'a> {
    /// The engine has said something just now.
    pub(super) fn of(line: &'a Line) -> Self {
        let now = Instant::now();
        Self { line, heard: now, asked: now, asking: None }
    }

    /// It has said something.
    pub(super) fn beats(&mut self) {
        self.heard = Instant::now();
    }

    /// Its next answer.
    ///
    /// # Errors
    /// It answers with something else, or it was asked and nothing at all came from it for too long.
    pub(super) async fn next(&mut self) -> Result<Answer, LineError> {
        if self.asking.is_none() {
            sleep_until((self.heard + QUIET).min(self.asked + ASK_EVERY)).await;
            self.asked = Instant::now();
        }
        let line = self.line;
        let asking = self.asking.get_or_insert_with(|| Box::pin(ask(line)));
        let answer = tokio::select! {
            answer = asking => answer,
            () = sleep_until(self.asked.max(self.heard) + SILENCE_MAX) => Err(LineError::Silent(SILENCE_MAX)),
        };
        self.asking = None;
        self.beats();
        answer
    }
}

async fn ask(line: &Line) -> Result<Answer, LineError> {
    let asked = now();
    let answer = line.ask(Question::Ping).await?;
    Ok(Answer { headers: answer.headers().clone(), asked })
}
