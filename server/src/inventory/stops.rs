//! Ends that somebody asked for. An engine tells only the exit code of what has ended, and a program that is stopped may
//! end with any: 137 when its time to stop runs out. That it was asked to end stands in the engine's events alone, so it
//! is written down.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    time::Duration,
};

use longshore_api::web::container::State;
use tokio::time::timeout;

use super::{EngineId, normal::Described};
use crate::store::Store;

/// Ends of so many containers are remembered for a host.
const KEPT_MAX: usize = 10_000;
/// What ends within so many milliseconds of a signal ends because of it: grace times are seconds, rarely a minute.
const GRACE: i64 = 90_000;
/// The event of an end and the end that an inspection tells of are the same if they are as close as this.
const SAME: i64 = 15_000;

/// A database that is busy for longer does not hold up what is live.
const WRITTEN_WITHIN: Duration = Duration::from_secs(2);

/// What an event says about the end of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// It was sent a signal that asks for its end.
    Asked,
    /// It has ended.
    Died,
    /// The engine is done with stopping it, by whatever signal.
    Stopped,
    /// It runs again.
    Started,
}

impl Sign {
    /// The sign of an event's action, and of its signal where it has one.
    pub(super) fn of(action: &str, signal: Option<&str>) -> Option<Self> {
        match action {
            "kill" => {
                let signal = signal?.trim_start_matches("SIG");
                matches!(signal, "2" | "3" | "9" | "15" | "INT" | "QUIT" | "KILL" | "TERM")
                    .then_some(Self::Asked)
            }
            "die" | "died" => Some(Self::Died),
            "stop" => Some(Self::Stopped),
            "start" => Some(Self::Started),
            _ => None,
        }
    }
}

/// How the last run of a container ends, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
struct End {
    asked: Option<i64>,
    died: Option<i64>,
    /// Whether it is what was asked for.
    wanted: bool,
}

/// What is known of the ends of a host's containers.
#[derive(Debug, Default)]
pub(super) struct Stops {
    ends: HashMap<EngineId, End>,
    /// Those of which another thing is written down than is known.
    unwritten: BTreeSet<EngineId>,
}

impl Stops {
    /// What is written down of a host. Nothing is better than no host.
    pub(super) async fn read(store: &Store, host: &str) -> Self {
        let mut stops = Self::default();
        let written: sqlx::Result<Vec<(String, i64)>> =
            sqlx::query_as("SELECT container, died_at FROM container_stop WHERE host = $1 LIMIT $2")
                .bind(host)
                .bind(i64::try_from(KEPT_MAX).unwrap_or(i64::MAX))
                .fetch_all(store.read())
                .await;
        match written {
            Ok(written) => {
                let end = |at| End { asked: None, died: Some(at), wanted: true };
                let all = written.into_iter().filter_map(|(id, at)| Some((id.parse().ok()?, end(at))));
                stops.ends.extend(all);
            }
            Err(error) => {
                tracing::warn!(host.slug = host, %error, "which containers were stopped is not known")
            }
        }
        stops
    }

    /// Writes down what is not.
    pub(super) async fn write(&mut self, store: &Store, host: &str) {
        if self.unwritten.is_empty() {
            return;
        }
        let written = async {
            let mut tx = store.begin().await?;
            for id in &self.unwritten {
                let end = self.ends.get(id).filter(|end| end.wanted).and_then(|end| end.died);
                let change = match end {
                    Some(at) => sqlx::query(
                        "INSERT INTO container_stop (host, container, died_at) VALUES ($1, $2, $3)
                         ON CONFLICT (host, container) DO UPDATE SET died_at = excluded.died_at",
                    )
                    .bind(host)
                    .bind(id.to_string())
                    .bind(at),
                    None => sqlx::query("DELETE FROM container_stop WHERE host = $1 AND container = $2")
                        .bind(host)
                        .bind(id.to_string()),
                };
                change.execute(&mut *tx).await?;
            }
            tx.commit().await
        };
        match timeout(WRITTEN_WITHIN, written).await {
            Ok(Ok(())) => self.unwritten.clear(),
            // Tried again with the next one.
            Ok(Err(error)) => {
                tracing::warn!(host.slug = host, %error, "that containers were stopped is not written down");
            }
            Err(_) => tracing::warn!(host.slug = host, "the database is too busy for what was stopped"),
        }
    }

    fn remove(&mut self, id: &EngineId) {
        if self.ends.remove(id).is_some_and(|end| end.wanted) {
            self.unwritten.insert(*id);
        }
    }

    /// Takes what an event says, in the order of the events.
    pub(super) fn note(&mut self, id: EngineId, sign: Sign, at: i64) {
        if sign == Sign::Started {
            self.remove(&id);
            return;
        }
        if self.ends.len() >= KEPT_MAX && !self.ends.contains_key(&id) {
            return;
        }
        let end = self.ends.entry(id).or_default();
        let before = end.wanted;
        match sign {
            Sign::Asked => end.asked = Some(at),
            Sign::Died => {
                end.died = Some(at);
                end.wanted = end.asked.take().is_some_and(|asked| at.saturating_sub(asked) <= GRACE);
            }
            Sign::Stopped => {
                end.died.get_or_insert(at);
                end.wanted = true;
            }
            Sign::Started => {}
        }
        if end.wanted || before {
            self.unwritten.insert(id);
        }
    }

    /// These are no more.
    pub(super) fn forget(&mut self, gone: &[EngineId]) {
        for id in gone {
            self.remove(id);
        }
    }

    /// Only these are there.
    pub(super) fn keep(&mut self, list: &[Described]) {
        if !self.ends.is_empty() {
            let there: HashSet<EngineId> = list.iter().map(|described| described.id).collect();
            let gone: Vec<EngineId> = self.ends.keys().filter(|id| !there.contains(id)).copied().collect();
            self.forget(&gone);
        }
    }

    /// What ended as it was asked to has not failed. One that ran out of memory on the way has.
    pub(super) fn judge(&self, described: &mut Described) {
        let ended = |end: &&End| match (end.died, described.since) {
            (Some(died), Some(since)) => died.abs_diff(since) <= SAME.unsigned_abs(),
            // The list does not tell when; an inspection will.
            (Some(_), None) => true,
            (None, _) => false,
        };
        let failed = described.state == State::Failed && !described.oom;
        if failed && self.ends.get(&described.id).filter(ended).is_some_and(|end| end.wanted) {
            described.state = State::Exited;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::described, *};

    /// What a container is seen as that ended at 100 s after these events.
    fn seen(signs: &[(Sign, i64)], since: Option<i64>) -> State {
        let mut web = Described { since, exit_code: Some(137), ..described("web", State::Failed) };
        let mut stops = Stops::default();
        for (sign, at) in signs {
            stops.note(web.id, *sign, *at);
        }
        stops.judge(&mut web);
        web.state
    }

    #[test]
    fn an_end_that_was_asked_for_is_no_failure() {
        use Sign::{Asked, Died, Started, Stopped};
        let end = Some(100_000);
        assert_eq!(seen(&[(Asked, 90_000), (Asked, 99_900), (Died, 100_000)], end), State::Exited);
        assert_eq!(seen(&[(Asked, 90_000), (Died, 100_000)], None), State::Exited);
        // By a signal of its image's own.
        assert_eq!(seen(&[(Died, 100_000), (Stopped, 100_200)], end), State::Exited);
        assert_eq!(seen(&[(Died, 100_000)], end), State::Failed);
        assert_eq!(seen(&[], end), State::Failed);
        // It lived through the signal, and ended much later.
        assert_eq!(seen(&[(Asked, 1_000), (Died, 100_000)], end), State::Failed);
        // That was an earlier run, or an end that no event told of.
        assert_eq!(
            seen(&[(Asked, 9_000), (Died, 9_100), (Started, 9_200), (Died, 100_000)], end),
            State::Failed
        );
        assert_eq!(seen(&[(Asked, 9_000), (Died, 9_100)], end), State::Failed);
        assert_eq!(seen(&[(Asked, i64::MIN), (Died, i64::MAX)], end), State::Failed);
    }

    #[test]
    fn a_lack_of_memory_is_a_failure_however_it_began() {
        let mut web = Described { oom: true, ..described("web", State::Failed) };
        let mut stops = Stops::default();
        stops.note(web.id, Sign::Asked, 1);
        stops.note(web.id, Sign::Died, 2);
        stops.judge(&mut web);
        assert_eq!(web.state, State::Failed);
    }

    #[test]
    fn only_signals_that_ask_for_an_end_do() {
        assert_eq!(Sign::of("kill", Some("15")), Some(Sign::Asked));
        assert_eq!(Sign::of("kill", Some("SIGKILL")), Some(Sign::Asked));
        for other in [Some("1"), Some("10"), Some("SIGHUP"), Some(""), None] {
            assert_eq!(Sign::of("kill", other), None, "{other:?}");
        }
    }

    #[test]
    fn what_is_gone_is_forgotten() {
        let (web, db) = (described("web", State::Failed), described("db", State::Failed));
        let mut stops = Stops::default();
        for id in [web.id, db.id] {
            stops.note(id, Sign::Asked, 1);
        }
        stops.forget(&[db.id]);
        assert_eq!(stops.ends.len(), 1);
        stops.keep(&[db]);
        assert_eq!(stops.ends.len(), 0);
    }

    #[tokio::test]
    async fn what_was_stopped_is_known_after_a_restart() {
        let data = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(data.path()).await.expect("a new database");
        let seen = async |web: &Described| {
            let mut web = web.clone();
            Stops::read(&store, "quay").await.judge(&mut web);
            web.state
        };
        let web = Described { since: Some(2), ..described("web", State::Failed) };
        let mut stops = Stops::read(&store, "quay").await;
        stops.note(web.id, Sign::Asked, 1);
        stops.note(web.id, Sign::Died, 2);
        stops.write(&store, "quay").await;
        assert_eq!(seen(&web).await, State::Exited);
        let mut elsewhere = web.clone();
        Stops::read(&store, "depot").await.judge(&mut elsewhere);
        assert_eq!(elsewhere.state, State::Failed);
        stops.note(web.id, Sign::Started, 3);
        stops.note(web.id, Sign::Died, 4);
        stops.write(&store, "quay").await;
        assert_eq!(seen(&web).await, State::Failed);
    }
}
