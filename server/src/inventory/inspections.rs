//! Containers that are to be inspected: a few at once, beside everything else that the watcher does. One that cannot be
//! read, or for which the engine hangs, costs itself and no other: what the list says of it is shown, and it is inspected
//! again later.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{BoxFuture, pending},
    stream::FuturesUnordered,
};
use tokio::time::{Instant, sleep_until};

use super::{
    EngineId,
    engine::Inspected,
    list::List,
    normal::{self, Described},
};
use crate::hosts::{Host, INSPECTION_MAX, LineError, Question};

/// So many run at once.
const AT_ONCE: usize = 8;
/// So many answers that are there already are given out together.
const TOGETHER: usize = 64;

/// One that could not be read is inspected again after so long, and after twice as long each time that fails.
const AGAIN_AFTER: Duration = Duration::from_secs(30);
const AGAIN_AT_MOST: Duration = Duration::from_secs(3_600);

/// What was learnt of a container.
enum Told {
    /// Everything.
    All(Box<Described>),
    /// What the list says: it could not be inspected.
    Listed(Box<Described>),
    /// It is no more.
    Gone,
    /// Nothing.
    Nothing,
}

/// A container that could not be inspected.
struct Trouble {
    /// So many times in a row.
    failed: u32,
    /// When it is inspected again; none while that is under way.
    due: Option<Instant>,
}

/// An error only where nobody answers any more.
type Answer = (EngineId, Result<Told, LineError>);

/// The inspections of a host.
pub(super) struct Inspections<'a> {
    host: &'a Host,
    waiting: BTreeSet<EngineId>,
    /// Those under way, and whether their answer is still of use.
    under_way: HashMap<EngineId, bool>,
    answers: FuturesUnordered<BoxFuture<'a, Answer>>,
    troubles: HashMap<EngineId, Trouble>,
}

/// What inspections have told.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) put: Vec<Described>,
    pub(super) gone: Vec<EngineId>,
    /// They have changed, and nobody says how they are now.
    pub(super) unclear: Vec<EngineId>,
}

impl<'a> Inspections<'a> {
    pub(super) fn new(host: &'a Host) -> Self {
        let (waiting, under_way, troubles) = (BTreeSet::new(), HashMap::new(), HashMap::new());
        Self { host, waiting, under_way, answers: FuturesUnordered::new(), troubles }
    }

    /// These have changed. One whose inspection is under way is inspected again after it.
    pub(super) fn want(&mut self, ids: impl IntoIterator<Item = EngineId>) {
        self.waiting.extend(ids);
    }

    /// These are no more: what an inspection that is under way still says of them is old.
    pub(super) fn forget<'b>(&mut self, ids: impl IntoIterator<Item = &'b EngineId>) {
        for id in ids {
            self.waiting.remove(id);
            self.troubles.remove(id);
            if let Some(wanted) = self.under_way.get_mut(id) {
                *wanted = false;
            }
        }
    }

    /// The next answers; waits for ever if nothing is to be inspected. May be dropped without losing anything.
    pub(super) async fn next(&mut self) -> Result<Answers, LineError> {
        let first = loop {
            self.begin();
            let due = self.troubles.values().filter_map(|trouble| trouble.due).min();
            let again = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => pending().await,
                }
            };
            tokio::select! {
                Some(first) = self.answers.next() => break first,
                () = again => self.try_again(),
            }
        };
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
            self.answers.push(async move { (id, ask(host, id).await) }.boxed());
        }
    }

    /// Those that could not be read wait for their turn again.
    fn try_again(&mut self) {
        let now = Instant::now();
        for (id, trouble) in &mut self.troubles {
            if trouble.due.take_if(|due| *due <= now).is_some() {
                self.waiting.insert(*id);
            }
        }
    }

    fn failed(&mut self, id: EngineId) {
        let trouble = self.troubles.entry(id).or_insert(Trouble { failed: 0, due: None });
        let wait = AGAIN_AFTER.saturating_mul(1 << trouble.failed.min(16)).min(AGAIN_AT_MOST);
        trouble.failed += 1;
        trouble.due = Some(Instant::now() + wait);
    }

    fn take(&mut self, (id, answer): Answer, answers: &mut Answers) -> Result<(), LineError> {
        let wanted = self.under_way.remove(&id).unwrap_or_default();
        let told = answer?;
        if !wanted {
            return Ok(());
        }
        match told {
            Told::All(described) => {
                self.troubles.remove(&id);
                answers.put.push(*described);
            }
            Told::Listed(described) => {
                self.failed(id);
                answers.put.push(*described);
            }
            Told::Gone => {
                self.troubles.remove(&id);
                answers.gone.push(id);
            }
            Told::Nothing => {
                self.failed(id);
                answers.unclear.push(id);
            }
        }
        Ok(())
    }
}

/// Asks for everything about a container, or else for what the list says of it.
async fn ask(host: &Host, id: EngineId) -> Result<Told, LineError> {
    let (slug, text) = (&host.slug, id.to_string());
    match host.line.ask_json::<Inspected>(Question::Container(&text), INSPECTION_MAX).await {
        Ok(inspected) => match normal::inspected(inspected).filter(|described| described.id == id) {
            Some(described) => return Ok(Told::All(Box::new(described))),
            None => {
                tracing::warn!(host.slug = slug, container.id = %id, "an inspection told of another container")
            }
        },
        // Gone again before we asked.
        Err(LineError::Refused { status, .. }) if status == http::StatusCode::NOT_FOUND => {
            return Ok(Told::Gone);
        }
        // Nobody is there any more.
        Err(error @ LineError::Connect(_)) => return Err(error),
        Err(error) => {
            tracing::warn!(host.slug = slug, container.id = %id, %error, "a container could not be read");
        }
    }
    match host.line.ask_json::<List>(Question::Listed(&text), INSPECTION_MAX).await {
        Ok(list) => {
            let unread = list.passed_over > 0;
            let described = list.containers.into_iter().find(|described| described.id == id);
            Ok(match described {
                Some(described) => Told::Listed(Box::new(described)),
                None if unread => Told::Nothing,
                None => Told::Gone,
            })
        }
        Err(error @ LineError::Connect(_)) => Err(error),
        Err(error) => {
            tracing::warn!(host.slug = slug, container.id = %id, %error, "nor does the list tell of it");
            Ok(Told::Nothing)
        }
    }
}
