//! Containers that are to be inspected: a few at once, beside everything else that the watcher does. One that cannot be
//! read, or for which the engine hangs, costs itself and no other.

use std::collections::{BTreeSet, HashMap};

use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{BoxFuture, pending},
    stream::FuturesUnordered,
};

use super::{
    EngineId,
    engine::Inspected,
    normal::{self, Described},
};
use crate::hosts::{Host, INSPECTION_MAX, LineError, Question};

/// So many run at once.
const AT_ONCE: usize = 8;
/// So many answers that are there already are given out together.
const TOGETHER: usize = 64;

type Answer = (EngineId, Result<Inspected, LineError>);

/// The inspections of a host.
pub(super) struct Inspections<'a> {
    host: &'a Host,
    waiting: BTreeSet<EngineId>,
    /// Those under way, and whether their answer is still of use.
    under_way: HashMap<EngineId, bool>,
    answers: FuturesUnordered<BoxFuture<'a, Answer>>,
}

/// What inspections have told.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) put: Vec<Described>,
    pub(super) gone: Vec<EngineId>,
}

impl<'a> Inspections<'a> {
    pub(super) fn new(host: &'a Host) -> Self {
        let (waiting, under_way) = (BTreeSet::new(), HashMap::new());
        Self { host, waiting, under_way, answers: FuturesUnordered::new() }
    }

    /// These have changed. One whose inspection is under way is inspected again after it.
    pub(super) fn want(&mut self, ids: impl IntoIterator<Item = EngineId>) {
        self.waiting.extend(ids);
    }

    /// These are no more: what an inspection that is under way still says of them is old.
    pub(super) fn forget<'b>(&mut self, ids: impl IntoIterator<Item = &'b EngineId>) {
        for id in ids {
            self.waiting.remove(id);
            if let Some(wanted) = self.under_way.get_mut(id) {
                *wanted = false;
            }
        }
    }

    /// The next answers; waits for ever if nothing is to be inspected. May be dropped without losing anything.
    pub(super) async fn next(&mut self) -> Result<Answers, LineError> {
        self.begin();
        let Some(first) = self.answers.next().await else { return pending().await };
        let mut answers = Answers::default();
        self.take(first, &mut answers)?;
        for _ in 1..TOGETHER {
            let Some(Some(more)) = self.answers.next().now_or_never() else { break };
            self.take(more, &mut answers)?;
        }
        Ok(answers)
    }

    fn begin(&mut self) {
        while self.under_way.len() < AT_ONCE {
            let Some(id) = self.waiting.iter().find(|id| !self.under_way.contains_key(*id)).copied() else {
                return;
            };
            self.waiting.remove(&id);
            self.under_way.insert(id, true);
            let host = self.host;
            let asked = async move {
                let question = id.to_string();
                (id, host.line.ask_json::<Inspected>(Question::Container(&question), INSPECTION_MAX).await)
            };
            self.answers.push(asked.boxed());
        }
    }

    fn take(&mut self, (id, answer): Answer, answers: &mut Answers) -> Result<(), LineError> {
        let wanted = self.under_way.remove(&id).unwrap_or_default();
        match answer {
            _ if !wanted => {}
            Ok(inspected) => match normal::inspected(inspected).filter(|described| described.id == id) {
                Some(described) => answers.put.push(described),
                None => {
                    let slug = &self.host.slug;
                    tracing::warn!(host.slug = slug, container.id = %id, "an inspection told of another container");
                }
            },
            // Gone again before we asked.
            Err(LineError::Refused { status, .. }) if status == http::StatusCode::NOT_FOUND => {
                answers.gone.push(id);
            }
            // Nobody is there any more.
            Err(error @ LineError::Connect(_)) => return Err(error),
            Err(error) => {
                let slug = &self.host.slug;
                tracing::warn!(host.slug = slug, container.id = %id, %error, "a container could not be read");
            }
        }
        Ok(())
    }
}
