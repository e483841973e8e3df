//! How an application of a plan ends: what was put aside is removed, or what was done is taken back.

use std::time::Duration;

use http::StatusCode;
use longshore_api::{ops::Kind, words::say};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    hands::Hands,
    journal::{self, Gone, Note},
};
use crate::{fault::Fault, jobs::Chronicle, ownership, removed};

/// One that took the place of another and has no health check must run so long.
const PROOF: Duration = Duration::from_secs(5);
/// One that has a check must have become healthy by then.
pub(super) const HEALTHY_WITHIN: Duration = Duration::from_secs(600);
/// It is looked at so often.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How a container is, as far as waiting for it goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stands {
    /// It is healthy, or has ended well.
    Well,
    /// It runs; nothing says how it is.
    Runs,
    /// Its check has not decided yet.
    Waits,
    /// It ended with this code, or is started again and again.
    Ended(i64),
    /// Its check says no.
    Unhealthy,
}

/// What an inspection says of it.
pub(super) fn stands(container: &Value) -> Stands {
    let state = &container["State"];
    let code = state["ExitCode"].as_i64().unwrap_or_default();
    let again = container["RestartCount"].as_i64().unwrap_or_default() > 0;
    if state["Restarting"] == json!(true) || again {
        return Stands::Ended(code);
    }
    if state["Running"] != json!(true) {
        return if code == 0 { Stands::Well } else { Stands::Ended(code) };
    }
    match state["Health"]["Status"].as_str() {
        Some("healthy") => Stands::Well,
        Some("unhealthy") => Stands::Unhealthy,
        Some("starting") => Stands::Waits,
        _ => Stands::Runs,
    }
}

/// The words for one that ended.
pub(super) fn exited(name: &str, code: i64) -> Fault {
    Fault::new(StatusCode::CONFLICT, say::stack_made_exited(code, name))
}

/// The words for one whose check says no, or nothing for too long.
pub(super) fn unhealthy(name: &str) -> Fault {
    Fault::new(StatusCode::CONFLICT, say::stack_made_unhealthy(name))
}

impl Hands<'_> {
    /// Waits until what was made is well; what took no other's place need only have been started.
    pub(super) async fn proof(&self, notes: &[Note]) -> Result<(), Fault> {
        let parked =
            |name: &str| notes.iter().any(|note| matches!(note, Note::Parks { takes, .. } if takes == name));
        let made = notes.iter().filter_map(|note| match note {
            Note::Made { id, name } => Some((id, name)),
            _ => None,
        });
        let each = made.map(|(id, name)| self.proof_of(id, name, parked(name)));
        futures_util::future::try_join_all(each).await.map(drop)
    }

    async fn proof_of(&self, id: &str, name: &str, replaces: bool) -> Result<(), Fault> {
        let began = Instant::now();
        loop {
            let gone = || Fault::new(StatusCode::CONFLICT, say::stack_made_gone(name));
            let now = self.find(id, name).await?.ok_or_else(gone)?;
            // What was made and not started is asked for so.
            if now["State"]["Status"] == "created" {
                return Ok(());
            }
            match stands(&now) {
                Stands::Well => return Ok(()),
                Stands::Ended(code) => return Err(exited(name, code)),
                Stands::Unhealthy => return Err(unhealthy(name)),
                Stands::Runs if !replaces || began.elapsed() >= PROOF => return Ok(()),
                Stands::Waits if began.elapsed() >= HEALTHY_WITHIN => return Err(unhealthy(name)),
                Stands::Runs | Stands::Waits => sleep(LOOK_EVERY).await,
            }
        }
    }

    /// Removes what was put aside and what was to go. Each is tried; the first that fails is told.
    pub(super) async fn finish(&self, notes: &[Note]) -> Result<(), Fault> {
        // Of each whether it is kept among the removed, and whether its unnamed volumes go with it.
        let mut goes: Vec<(Gone, &str, &str, bool, bool)> = Vec::new();
        for note in notes {
            match note {
                Note::Parks { id, parked, .. } => goes.push((Gone::Container, id, parked, false, false)),
                Note::Goes { kind, id, name, volumes } => goes.push((*kind, id, name, true, *volumes)),
                _ => {}
            }
        }
        goes.sort_by_key(|(kind, ..)| *kind);
        let mut first = Ok(());
        for (kind, id, name, keep, volumes) in goes {
            let mut kept = None;
            if kind == Gone::Container && keep {
                kept = Some(removed::keep(self.house, self.pass, id, name).await);
            }
            let done = self.remove(kind, id, name, volumes).await;
            if let (Some(Ok(removed::Kept::Noted(noted))), true) = (kept, done.is_err()) {
                noted.undo().await;
            }
            if first.is_ok() {
                first = done;
            }
        }
        first
    }

    /// Takes back what was done, the last first. Each is tried; the first that fails is told.
    pub(super) async fn undo(&self, notes: &[Note], job: &Chronicle<'_>) -> Result<(), Fault> {
        let mut first = Ok(());
        for note in notes.iter().rev() {
            let done = self.undo_one(note, job).await;
            if let Err(fault) = &done {
                tracing::warn!(job.id = self.job_id, ?note, %fault, "a step of a stack was not taken back");
                job.note(fault.sentence().clone(), fault.engine_words()).await;
            }
            if first.is_ok() {
                first = done;
            }
        }
        first
    }

    async fn undo_one(&self, note: &Note, job: &Chronicle<'_>) -> Result<(), Fault> {
        match note {
            Note::Makes { name } => match self.made_as(name).await? {
                Some(id) => self.remove(Gone::Container, &id, name, true).await,
                None => Ok(()),
            },
            Note::Made { id, name } => self.remove(Gone::Container, id, name, true).await,
            Note::Parks { id, name, parked, ran, .. } => self.unpark(id, name, parked, *ran).await,
            Note::Stops { id, name } => match self.find(id, name).await? {
                Some(now) if now["State"]["Running"] != json!(true) => self.start(id, name).await,
                _ => Ok(()),
            },
            Note::Starts { id, name } => match self.find(id, name).await? {
                Some(now) if now["State"]["Running"] == json!(true) => self.stop(id, name).await,
                _ => Ok(()),
            },
            Note::MadeNetwork { id, name } => self.remove(Gone::Network, id, name, false).await,
            Note::MadeVolume { name } => {
                job.note(say::stack_volume_stays(name), None).await;
                Ok(())
            }
            Note::Detaches { network, id, name, endpoint } => self.attach(network, id, name, endpoint).await,
            Note::Unmakes { name, body } => self.make_again(name, body).await,
            Note::Attaches { network, id, name } => self.detach(network, id, name).await,
            Note::Goes { .. } => Ok(()),
        }
    }

    /// Leaves what was done as it is: what has taken another's place keeps it, what made room in vain comes back.
    pub(super) async fn leave(&self) -> Result<(), Fault> {
        let notes = journal::notes(&self.house.store, self.job_id).await?;
        let made =
            |name: &str| notes.iter().any(|note| matches!(note, Note::Made { name: of, .. } if of == name));
        let mut first = Ok(());
        for note in &notes {
            let Note::Parks { id, name, parked, takes, ran } = note else { continue };
            let done = if made(takes) {
                self.remove(Gone::Container, id, parked, false).await
            } else {
                self.unpark(id, name, parked, *ran).await
            };
            if first.is_ok() {
                first = done;
            }
        }
        first.and(self.share(&notes).await)
    }

    /// Shares what was made with those whom somebody has named, and nothing that took another's place.
    async fn share(&self, notes: &[Note]) -> Result<(), Fault> {
        let Some(entry) = journal::entry(&self.house.store, self.job_id).await? else { return Ok(()) };
        let Some(with) = entry.share.0 else { return Ok(()) };
        let again = |name: &str| {
            notes.iter().any(|note| match note {
                Note::Parks { takes, .. } => takes == name,
                Note::Unmakes { name: of, .. } => of == name,
                _ => false,
            })
        };
        let made: Vec<_> = notes
            .iter()
            .filter_map(|note| match note {
                Note::Made { id, name } => Some((Kind::Container, id.clone(), name.clone())),
                Note::MadeNetwork { id, name } => Some((Kind::Network, id.clone(), name.clone())),
                Note::MadeVolume { name } => Some((Kind::Volume, name.clone(), name.clone())),
                _ => None,
            })
            .filter(|(_, _, name)| !again(name))
            .collect();
        ownership::share_made(self.house, self.pass, &format!("stack {}", entry.stack), &made, &with).await
    }

    /// Brings to its end what was begun: finished if all of it was done, else taken back.
    pub(super) async fn conclude(&self, proved: bool, job: &Chronicle<'_>) -> Result<(), Fault> {
        let notes = journal::notes(&self.house.store, self.job_id).await?;
        if proved {
            let shared = self.share(&notes).await;
            self.finish(&notes).await.and(shared)
        } else {
            job.note(say::stack_undoes(), None).await;
            self.undo(&notes, job).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_container_is_follows_from_its_state() {
        let of = |state: Value, restarts: i64| stands(&json!({"State": state, "RestartCount": restarts}));
        assert_eq!(of(json!({"Running": true}), 0), Stands::Runs);
        assert_eq!(of(json!({"Running": true, "Health": {"Status": "starting"}}), 0), Stands::Waits);
        assert_eq!(of(json!({"Running": true, "Health": {"Status": "healthy"}}), 0), Stands::Well);
        assert_eq!(of(json!({"Running": false, "ExitCode": 0}), 0), Stands::Well);
        assert_eq!(of(json!({"Running": false, "ExitCode": 3}), 0), Stands::Ended(3));
        assert_eq!(of(json!({"Running": true, "ExitCode": 1}), 1), Stands::Ended(1));
        assert_eq!(of(json!({"Running": true, "Health": {"Status": "unhealthy"}}), 0), Stands::Unhealthy);
    }
}
