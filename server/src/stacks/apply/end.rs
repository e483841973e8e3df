//! How an application of a plan ends: what was put aside is removed, or what was done is taken back.

use std::time::Duration;

use http::StatusCode;
use longshore_api::{ops::Kind, words::say};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    folder,
    hands::Hands,
    journal::{self, Gone, Note},
    stands::{LOOK_EVERY, Stands, exited, restarts, stands, undecided, unhealthy},
};
use crate::{
    access::Pass,
    creation::masked,
    fault::Fault,
    jobs::Chronicle,
    logs, ownership,
    patience::{When, patience},
    removed,
    stacks::place::Folder,
};

/// One that took the place of another and has no health check must run so long.
const PROOF: Duration = Duration::from_secs(5);
/// So many bytes of what a container said last are told.
const WORDS_MAX: usize = 4096;
/// What could not be ended is tried again so soon.
const PAUSE: Duration = Duration::from_secs(5);

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
        let (began, within) = (Instant::now(), self.house.settings.healthy_within);
        loop {
            let gone = || Fault::new(StatusCode::CONFLICT, say::stack_made_gone(name));
            let now = self.find(id, name).await?.ok_or_else(gone)?;
            // The plan asked for it to be created and not started.
            if now["State"]["Status"] == "created" {
                return Ok(());
            }
            match stands(&now, 0) {
                Stands::Well => return Ok(()),
                Stands::Ended(code) => {
                    return Err(self.quoted(exited(name, code, restarts(&now)), id, &now).await);
                }
                Stands::Unhealthy => return Err(self.quoted(unhealthy(name), id, &now).await),
                Stands::Runs if !replaces || began.elapsed() >= PROOF => return Ok(()),
                Stands::Waits if began.elapsed() >= within => {
                    return Err(self.quoted(undecided(name, within), id, &now).await);
                }
                Stands::Runs | Stands::Waits => sleep(LOOK_EVERY).await,
            }
        }
    }

    /// The same with what the container said last, or its check: once it is taken back nobody can ask it any more.
    pub(super) async fn quoted(&self, fault: Fault, id: &str, container: &Value) -> Fault {
        let health = &container["State"]["Health"];
        let check = health["Log"].as_array().and_then(|log| log.last()).and_then(|it| it["Output"].as_str());
        let words = match check.filter(|_| health["Status"] == "unhealthy") {
            Some(output) => output.to_owned(),
            None => logs::last_words(self.house, self.pass, id).await.unwrap_or_default().join("\n"),
        };
        let words = words.trim();
        if words.is_empty() {
            return fault;
        }
        let env = container["Config"]["Env"].as_array().into_iter().flatten();
        let env: Vec<String> = env.filter_map(|entry| entry.as_str().map(str::to_owned)).collect();
        let words = masked(words, &env);
        fault.quoting(&words[..words.floor_char_boundary(WORDS_MAX)])
    }

    /// Removes what was put aside and what was to go. Each is tried; of those that fail the one is told that is most
    /// worth another try. What goes for good is kept among the removed as somebody's, `by` whose right it goes.
    async fn finish(&self, notes: &[Note], by: &Pass) -> Result<(), Fault> {
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
        let mut failed = None;
        for (kind, id, name, keep, volumes) in goes {
            let mut kept = None;
            if kind == Gone::Container && keep {
                kept = Some(removed::keep(self.house, by, id, name).await);
            }
            let done = self.remove(kind, id, name, volumes).await;
            if let (Some(Ok(removed::Kept::Noted(noted))), true) = (kept, done.is_err()) {
                noted.undo().await;
            }
            failed = worse(failed, done);
        }
        self.keep_files(notes).await;
        failed.map_or(Ok(()), Err)
    }

    /// Takes back what was done, the last first. Each is tried; of those that fail the one is returned that is most worth
    /// another try. Only the first try is told to people.
    async fn undo(&self, notes: &[Note], job: &Chronicle<'_>, first: bool) -> Result<(), Fault> {
        let mut failed = None;
        // Files come first: what is started again reads them.
        let writes = |note: &&Note| matches!(note, Note::Writes { .. });
        let others = notes.iter().rev().filter(|note| !writes(note));
        for note in notes.iter().filter(writes).chain(others) {
            if let (Note::MadeVolume { name }, true) = (note, first) {
                job.note(say::stack_volume_stays(name), None).await;
            }
            let done = if is_past(note, notes) { Ok(()) } else { self.undo_one(note).await };
            if let Err(fault) = &done {
                tracing::warn!(job.id = self.job_id, ?note, %fault, "a step of a stack was not taken back");
                if first {
                    job.note(fault.sentence().clone(), fault.engine_words()).await;
                }
            }
            failed = worse(failed, done);
        }
        failed.map_or(Ok(()), Err)
    }

    async fn undo_one(&self, note: &Note) -> Result<(), Fault> {
        match note {
            Note::Writes { stack, root, changes } => {
                let folder = self.folder(stack, root.as_deref()).await?;
                folder::put_back(folder, changes.clone(), self.job_id).await
            }
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
            Note::LeavesName { id, name, parked } => self.unpark(id, name, parked, false).await,
            // The engine made it, and the server ended before it heard of that.
            Note::MakesNetwork { name } => match self.network(name).await? {
                Some(id) => self.remove(Gone::Network, &id, name, false).await,
                None => Ok(()),
            },
            Note::MadeNetwork { id, name } => self.remove(Gone::Network, id, name, false).await,
            Note::Detaches { network, id, name, endpoint } => self.attach(network, id, name, endpoint).await,
            Note::Unmakes { name, body } => self.make_again(name, body).await,
            Note::Attaches { network, id, name } => self.detach(network, id, name).await,
            // What is in a volume may be all there is.
            Note::MadeVolume { .. }
            | Note::MadeNoNetwork { .. }
            | Note::MadeAgain { .. }
            | Note::Goes { .. }
            | Note::Shared => Ok(()),
        }
    }

    async fn folder(&self, stack: &str, root: Option<&str>) -> Result<Folder, Fault> {
        Folder::again(self.house, self.pass.host()?, stack, root).await
    }

    /// What is in the places of files stays there. That something which was put aside cannot be removed is no reason to try
    /// all again.
    async fn keep_files(&self, notes: &[Note]) {
        for note in notes {
            let Note::Writes { stack, root, changes } = note else { continue };
            let kept = async {
                let folder = self.folder(stack, root.as_deref()).await?;
                folder::forget_aside(folder, changes.replaced.clone(), self.job_id).await
            };
            if let Err(fault) = kept.await {
                tracing::warn!(job.id = self.job_id, %fault, "files of a stack that were put aside are still there");
            }
        }
    }

    /// Stops without rolling back: what was replaced is removed, what was put aside without a replacement is restored.
    pub(super) async fn leave(&self, by: &Pass) -> Result<(), Fault> {
        let notes = journal::notes(&self.house.store, self.job_id).await?;
        let made =
            |name: &str| notes.iter().any(|note| matches!(note, Note::Made { name: of, .. } if of == name));
        let mut first = Ok(());
        for note in &notes {
            let (id, name, parked, takes, ran) = match note {
                Note::Parks { id, name, parked, takes, ran } => (id, name, parked, takes, *ran),
                Note::LeavesName { id, name, parked } => (id, name, parked, name, false),
                _ => continue,
            };
            let done = if made(takes) {
                self.remove(Gone::Container, id, parked, false).await
            } else {
                self.unpark(id, name, parked, ran).await
            };
            if first.is_ok() {
                first = done;
            }
        }
        self.keep_files(&notes).await;
        first.and(self.share(&notes, by).await)
    }

    /// Shares what was made with those whom somebody has named, and nothing that took another's place. Once.
    async fn share(&self, notes: &[Note], by: &Pass) -> Result<(), Fault> {
        if notes.contains(&Note::Shared) {
            return Ok(());
        }
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
        let (name, stack) =
            (format!("stack {}", entry.stack), entry.release_id.is_some().then_some(&*entry.stack));
        ownership::share_made(self.house, by, (&name, stack), &made, &with).await?;
        self.note(Note::Shared).await
    }

    /// Brings to its end what was begun: finished if all of it was done, else taken back. What is so already is not done
    /// again, so that what an engine that is away or a full disk leaves half done is tried again for as long as
    /// [`patience`] says. What fails of it is told to people the first time, unless that is `told` already.
    pub(super) async fn conclude(
        &self,
        proved: bool,
        by: &Pass,
        job: &Chronicle<'_>,
        when: When,
        told: bool,
    ) -> Result<(), Fault> {
        let (began, mut first) = (Instant::now(), !told);
        loop {
            let notes = journal::notes(&self.house.store, self.job_id).await;
            let ended = match (notes, proved) {
                (Ok(notes), true) => {
                    let done = self.finish(&notes, by).await;
                    match self.share(&notes, by).await {
                        // Who may not share any more has what was made all the same.
                        Err(fault) if patience(&fault, when) == Some(Duration::ZERO) => {
                            job.note(fault.sentence().clone(), fault.engine_words()).await;
                            done.and(self.note(Note::Shared).await)
                        }
                        shared => done.and(shared),
                    }
                }
                (Ok(notes), false) => {
                    if first {
                        job.note(say::stack_undoes(), None).await;
                    }
                    self.undo(&notes, job, first).await
                }
                (Err(error), _) => Err(error.into()),
            };
            let Err(fault) = ended else { return Ok(()) };
            if patience(&fault, when).is_some_and(|patience| began.elapsed() >= patience) {
                return Err(fault);
            }
            tracing::warn!(job.id = self.job_id, %fault, "a plan cannot be ended yet; it is tried again");
            sleep(PAUSE).await;
            first = false;
        }
    }
}

/// Whether a note tells of nothing that is still to be taken back: of a network that was not made after all, where one of
/// its name is somebody else's; or of one in whose place an earlier try has made the one of before again.
fn is_past(note: &Note, notes: &[Note]) -> bool {
    let again =
        |name: &str| notes.iter().any(|it| matches!(it, Note::MadeAgain { name: of, .. } if of == name));
    let refused =
        |name: &str| notes.iter().any(|it| matches!(it, Note::MadeNoNetwork { name: of } if of == name));
    match note {
        Note::Attaches { network, .. } => again(network),
        Note::MakesNetwork { name } => again(name) || refused(name),
        _ => false,
    }
}

/// Of two failures the one that is worth more tries; the earlier one of two alike.
fn worse(failed: Option<Fault>, done: Result<(), Fault>) -> Option<Fault> {
    let worth = |fault: &Fault| patience(fault, When::Now).unwrap_or(Duration::MAX);
    match (failed, done) {
        (failed, Ok(())) => failed,
        (None, Err(fault)) => Some(fault),
        (Some(failed), Err(fault)) => Some(if worth(&fault) > worth(&failed) { fault } else { failed }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_try_leaves_the_network_that_the_first_has_made_again() {
        let name = || "shop_net".to_owned();
        let attaches = Note::Attaches { network: name(), id: "1".to_owned(), name: "shop-web-1".to_owned() };
        let makes = Note::MakesNetwork { name: name() };
        let made = Note::MadeNetwork { id: "2".to_owned(), name: name() };
        let mut notes = vec![Note::Unmakes { name: name(), body: json!({}) }, makes, made, attaches];
        assert!(notes.iter().all(|note| !is_past(note, &notes)), "the first takes all of it back");
        notes.push(Note::MadeAgain { id: "3".to_owned(), name: name() });
        let past: Vec<bool> = notes.iter().map(|note| is_past(note, &notes)).collect();
        assert_eq!(past, [false, true, false, true, false]);
        let other = Note::Attaches { network: "other".to_owned(), id: "1".to_owned(), name: name() };
        assert!(!is_past(&other, &notes));
        let none = Note::MadeNoNetwork { name: name() };
        assert!(is_past(&Note::MakesNetwork { name: name() }, &[none]));
    }
}
