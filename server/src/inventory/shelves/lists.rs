//! The lists of images, networks and volumes of one host: asked for when something on them has changed, one question
//! for each at a time, beside everything else that the watcher does.

use std::time::Duration;

use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{BoxFuture, pending},
    stream::FuturesUnordered,
};
use longshore_api::web::shelf::Shelf;
use tokio::time::sleep;

use super::{Images, Networks, Thing, Volumes};
use crate::hosts::{Host, LineError, Question};

const LIST_MAX: usize = 64 * 1024 * 1024;
/// What changes together, a pull with its tags, is read once.
const TOGETHER: Duration = Duration::from_millis(100);

/// What was listed, or why not.
type Answer = (Shelf, Result<Vec<Thing>, LineError>);

#[derive(Clone, Copy, Default)]
struct Standing {
    wanted: bool,
    under_way: bool,
}

/// The lists of a host.
pub(in crate::inventory) struct Lists<'a> {
    host: &'a Host,
    standings: [Standing; Shelf::ALL.len()],
    answers: FuturesUnordered<BoxFuture<'a, Answer>>,
}

impl<'a> Lists<'a> {
    /// All of them are wanted at first.
    pub(in crate::inventory) fn new(host: &'a Host) -> Self {
        let wanted = Standing { wanted: true, under_way: false };
        Self { host, standings: [wanted; Shelf::ALL.len()], answers: FuturesUnordered::new() }
    }

    /// Something on these has changed. One that is being read is read again after that.
    pub(in crate::inventory) fn want(&mut self, shelves: impl IntoIterator<Item = Shelf>) {
        for shelf in shelves {
            self.standings[shelf as usize].wanted = true;
        }
    }

    /// The next list; waits for ever if none is wanted. May be dropped without losing anything.
    pub(in crate::inventory) async fn next(&mut self) -> Result<(Shelf, Vec<Thing>), LineError> {
        loop {
            self.begin();
            let Some((shelf, answer)) = self.answers.next().await else { return pending().await };
            self.standings[shelf as usize].under_way = false;
            match answer {
                Ok(things) => return Ok((shelf, things)),
                // Nobody is there any more.
                Err(error @ LineError::Connect(_)) => return Err(error),
                // What was known stays; the next change asks again.
                Err(error) => {
                    tracing::warn!(host.slug = self.host.slug, ?shelf, %error, "a list could not be read");
                }
            }
        }
    }

    fn begin(&mut self) {
        for shelf in Shelf::ALL {
            let standing = &mut self.standings[shelf as usize];
            if standing.wanted && !standing.under_way {
                *standing = Standing { wanted: false, under_way: true };
                let host = self.host;
                self.answers.push(async move { (shelf, ask(host, shelf).await) }.boxed());
            }
        }
    }
}

async fn ask(host: &Host, shelf: Shelf) -> Result<Vec<Thing>, LineError> {
    sleep(TOGETHER).await;
    let (line, slug) = (&host.line, &host.slug);
    Ok(match shelf {
        Shelf::Images => line.ask_json::<Images>(Question::Images, LIST_MAX).await?.things(slug),
        Shelf::Networks => line.ask_json::<Networks>(Question::Networks, LIST_MAX).await?.things(slug),
        Shelf::Volumes => line.ask_json::<Volumes>(Question::Volumes, LIST_MAX).await?.things(slug),
    })
}
