//! How a recreation ends: with the new one, with the old one, or with neither of them touched. Only what an id of ours
//! names is ever removed or renamed; who else has the name by now keeps it.

use std::time::Duration;

use http::StatusCode;
use longshore_api::words::say;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    journal::{self, Entry},
    steps::Steps,
};
use crate::{
    fault::Fault,
    house::House,
    jobs::Chronicle,
    patience::{When, patience},
};

/// The pause before the second try; each further one is twice as long.
const PAUSE: Duration = Duration::from_secs(1);
/// No pause is longer.
const PAUSE_MAX: Duration = Duration::from_secs(15);

/// What has become of it.
#[derive(Debug, PartialEq)]
pub(super) enum End {
    /// The new one is there, the old one removed.
    Finished,
    /// The old one is back.
    Undone,
    /// The name is another container's: nothing was touched.
    Taken,
    /// The old one is gone, so the new one is kept.
    OldGone,
    /// Neither of them is there.
    BothGone,
}

impl End {
    /// What a job says that did not end as it was asked for.
    pub(super) fn fault(&self, entry: &Entry) -> Fault {
        let what = match self {
            Self::Finished => say::recreate_done(&entry.name),
            Self::Undone => say::recreate_undone(&entry.name),
            Self::Taken => say::recreate_taken(&entry.name, &entry.parked),
            Self::OldGone => say::recreate_old_gone(&entry.name, &entry.parked),
            Self::BothGone => say::recreate_both_gone(&entry.name),
        };
        Fault::new(StatusCode::CONFLICT, what)
    }
}

/// One of the two.
#[derive(Debug, PartialEq)]
struct One {
    id: String,
    name: String,
    running: bool,
    /// It has never been started.
    fresh: bool,
}

impl One {
    fn of(found: &Value) -> Option<Self> {
        Some(Self {
            id: found["Id"].as_str()?.to_owned(),
            name: found["Name"].as_str()?.trim_start_matches('/').to_owned(),
            running: found["State"]["Running"] == json!(true),
            fresh: found["State"]["Status"] == "created",
        })
    }
}

/// What is on the engine.
#[derive(Debug, Default)]
struct Found {
    /// The id of who has the name.
    holder: Option<String>,
    new: Option<One>,
    old: Option<One>,
}

/// What is to be done.
#[derive(Debug, PartialEq)]
enum Verdict {
    LeaveAlone,
    Finish,
    Prove,
    KeepNew,
    Undo,
    GiveUp,
}

impl Found {
    fn verdict(&self, entry: &Entry, when: When) -> Verdict {
        let is_ours = |id: &String| [&self.new, &self.old].into_iter().flatten().any(|one| one.id == *id);
        if self.holder.as_ref().is_some_and(|holder| !is_ours(holder)) {
            return Verdict::LeaveAlone;
        }
        match (&self.new, &self.old) {
            (None, None) => Verdict::GiveUp,
            (Some(_), _) if entry.proved => Verdict::Finish,
            (Some(_), None) => Verdict::KeepNew,
            (Some(new), Some(_)) => {
                let serves = entry.ran && new.running && new.name == entry.name;
                if when == When::Later && serves { Verdict::Prove } else { Verdict::Undo }
            }
            (None, Some(_)) => Verdict::Undo,
        }
    }
}

/// Brings it to an end and takes it out of the journal. What does not answer or cannot be written is tried again; for
/// how long depends on who waits for it.
pub(super) async fn conclude(
    house: &House,
    entry: &mut Entry,
    job: &Chronicle<'_>,
    when: When,
) -> Result<End, Fault> {
    let (began, mut pause) = (Instant::now(), PAUSE);
    loop {
        let fault = match conclude_once(house, entry, job, when).await {
            Ok(end) => return Ok(end),
            Err(fault) => fault,
        };
        if patience(&fault, when).is_some_and(|patience| began.elapsed() >= patience) {
            return Err(fault);
        }
        tracing::warn!(host.slug = entry.host, container = entry.name, %fault, "a recreation cannot be ended yet; it is tried again");
        if pause == PAUSE {
            job.note(say::recreate_tried_again(&entry.name), fault.engine_words()).await;
        }
        sleep(pause).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

/// One try. What is done already is not done twice, so that it can be tried again from any point.
pub(super) async fn conclude_once(
    house: &House,
    entry: &mut Entry,
    job: &Chronicle<'_>,
    when: When,
) -> Result<End, Fault> {
    let pass = house.own_pass(&entry.host, &entry.job_id)?;
    let steps = Steps { house, pass: &pass };
    let found = steps.look(entry).await?;
    let mut verdict = found.verdict(entry, when);
    if let (Verdict::Prove, Some(new)) = (&verdict, &found.new) {
        match steps.proof(&new.id, &entry.name, job).await {
            Ok(()) => {
                entry.proved = true;
                verdict = Verdict::Finish;
            }
            // It has shown that it does not run. Anything else says nothing about it.
            Err(fault) if fault.status() == StatusCode::CONFLICT && fault.engine_words().is_none() => {
                verdict = Verdict::Undo;
            }
            Err(fault) => return Err(fault),
        }
    }
    let end = match verdict {
        Verdict::LeaveAlone => steps.leave_alone(entry, &found).await.map(|()| End::Taken),
        Verdict::Finish => {
            journal::proved(&house.store, &entry.job_id).await?;
            steps.remove_old(entry).await.map(|()| End::Finished)
        }
        Verdict::KeepNew => steps.keep_new(entry, &found).await.map(|()| End::OldGone),
        Verdict::Undo => steps.undo(entry, &found, when).await.map(|()| End::Undone),
        Verdict::GiveUp => Ok(End::BothGone),
        Verdict::Prove => Err(Fault::internal("a proof without a new one")),
    }?;
    journal::end(&house.store, &entry.job_id).await?;
    match end {
        End::Finished => job.note(say::recreate_done(&entry.name), None).await,
        End::Undone => job.note(say::recreate_undone(&entry.name), None).await,
        End::Taken | End::OldGone | End::BothGone => {}
    }
    Ok(end)
}

impl Steps<'_> {
    async fn look(&self, entry: &Entry) -> Result<Found, Fault> {
        let one = async |reference: &str| {
            Ok::<_, Fault>(self.find(reference, &entry.name).await?.as_ref().and_then(One::of))
        };
        // A reference that is nobody's name may be the beginning of somebody's id.
        let named = async |name: &str| Ok::<_, Fault>(one(name).await?.filter(|found| found.name == name));
        // Who has not answered what the new one's id is has made it under a name that is its alone.
        let new = match &entry.new_id {
            Some(id) => one(id).await?,
            None => named(&entry.made_as()).await?,
        };
        let holder = named(&entry.name).await?.map(|holder| holder.id);
        Ok(Found { holder, new, old: one(&entry.old_id).await? })
    }

    /// The name is another's. Of ours goes what has never been anything: made, not named, not started.
    async fn leave_alone(&self, entry: &Entry, found: &Found) -> Result<(), Fault> {
        match &found.new {
            Some(new) if new.fresh && new.name == entry.made_as() => self.remove(&new.id, &new.name).await,
            _ => Ok(()),
        }
    }

    /// The old one is gone, whoever has removed it: there is nothing but the new one.
    async fn keep_new(&self, entry: &Entry, found: &Found) -> Result<(), Fault> {
        match &found.new {
            Some(new) if new.name == entry.made_as() => self.rename(&new.id, &new.name, &entry.name).await,
            _ => Ok(()),
        }
    }

    /// Takes the new one away, where there is one, and brings the old one back as it was: it is known to be there.
    async fn undo(&self, entry: &Entry, found: &Found, when: When) -> Result<(), Fault> {
        let Some(old) = &found.old else { return Err(Fault::internal("nothing to come back to")) };
        if let Some(new) = &found.new {
            self.remove(&new.id, &entry.name).await?;
        }
        let is_parked = old.name == entry.parked;
        let mut started = Ok(());
        // It is stopped under the name that it is parked under only. Later on, who has its own name may have been
        // stopped by anybody.
        if entry.ran && !old.running && (is_parked || when == When::Now) {
            started = self.start(&old.id, &old.name).await;
            if started.as_ref().is_err_and(|fault| fault.engine_words().is_none()) {
                return started;
            }
        }
        if is_parked {
            self.rename(&old.id, &entry.parked, &entry.name).await?;
        }
        started
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(proved: bool) -> Entry {
        Entry {
            job_id: "job".to_owned(),
            host: "local".to_owned(),
            name: "shop".to_owned(),
            old_id: "old".to_owned(),
            parked: "shop-before-0ld".to_owned(),
            new_id: None,
            ran: true,
            proved,
        }
    }

    fn one(id: &str, name: &str, running: bool) -> Option<One> {
        Some(One { id: id.to_owned(), name: name.to_owned(), running, fresh: false })
    }

    #[test]
    fn who_else_has_the_name_is_left_alone() {
        for (new, old) in
            [(None, None), (one("new", "x", true), None), (one("new", "x", true), one("old", "y", true))]
        {
            let found = Found { holder: Some("stranger".to_owned()), new, old };
            for (proved, when) in [(false, When::Now), (false, When::Later), (true, When::Later)] {
                assert_eq!(found.verdict(&entry(proved), when), Verdict::LeaveAlone, "{found:?}");
            }
        }
    }

    #[test]
    fn the_new_one_is_taken_away_only_for_an_old_one_that_is_there() {
        let both = |running| Found {
            holder: Some("new".to_owned()),
            new: one("new", "shop", running),
            old: one("old", "shop-before-0ld", false),
        };
        assert_eq!(both(true).verdict(&entry(false), When::Now), Verdict::Undo);
        assert_eq!(both(true).verdict(&entry(false), When::Later), Verdict::Prove);
        assert_eq!(both(false).verdict(&entry(false), When::Later), Verdict::Undo);
        // Proved, it stays even if it has ended since.
        assert_eq!(both(false).verdict(&entry(true), When::Later), Verdict::Finish);
        let alone = |running| Found { old: None, ..both(running) };
        assert_eq!(alone(false).verdict(&entry(false), When::Now), Verdict::KeepNew);
        assert_eq!(alone(false).verdict(&entry(true), When::Later), Verdict::Finish);
        let old = Found { new: None, holder: None, ..both(false) };
        assert_eq!(old.verdict(&entry(true), When::Later), Verdict::Undo);
        assert_eq!(Found::default().verdict(&entry(false), When::Now), Verdict::GiveUp);
    }
}
