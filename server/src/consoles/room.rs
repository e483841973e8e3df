//! The consoles that are open, and the way back to each.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use http::StatusCode;
use longshore_api::{
    web::console::{Run, Size},
    words::say,
};
use tokio::{runtime::Handle, sync::mpsc};
use tokio_util::task::TaskTracker;

use super::{
    process::Process,
    queries::{self, Left, Row},
    run::Console,
    wire::Wire,
};
use crate::{
    access::Pass,
    accounts::Door,
    containers,
    fault::Fault,
    house::House,
    store::{Store, new_id},
};

/// A person has at most so many consoles at a time.
const EACH_MAX: usize = 32;

/// All of them.
pub struct Consoles {
    open: Mutex<HashMap<String, Open>>,
    store: Store,
    tasks: TaskTracker,
    /// Consoles outlive the threads of the websockets that begin them.
    runtime: Handle,
}

/// Whose a console is, and the way to it.
struct Open {
    account_id: String,
    door: Door,
    host: String,
    container: String,
    way: mpsc::Sender<Newcomer>,
}

/// A fault, with the line on which it is to be told.
pub(super) type Refused<T> = Box<(Fault, T)>;

/// A line that comes back to a console.
pub(super) struct Newcomer {
    /// The line.
    pub(super) wire: Wire,
    /// Checked a moment ago.
    pub(super) pass: Pass,
    /// So many bytes were shown.
    pub(super) shown: u64,
    /// The size of the terminal.
    pub(super) size: Size,
}

impl Consoles {
    /// None yet. They run on the runtime that this is called on. What an earlier run of the server has left behind is ended.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open(store: Store) -> sqlx::Result<Self> {
        let left = queries::all(store.read()).await?;
        let consoles =
            Self { open: Mutex::default(), store, tasks: TaskTracker::new(), runtime: Handle::current() };
        for one in left {
            consoles.end_left(one);
        }
        Ok(consoles)
    }

    fn end_left(&self, left: Left) {
        let store = self.store.clone();
        let work = async move {
            if let Some(process) = left.mark().as_ref().and_then(Process::again) {
                tracing::info!(
                    host = left.host,
                    container = left.container,
                    "a console left behind is ended"
                );
                process.end().await;
            }
            forget(&store, &left.id).await;
        };
        self.tasks.spawn_on(work, &self.runtime);
    }

    /// Notes the process of one.
    pub(super) async fn note(&self, row: &Row<'_>) -> sqlx::Result<()> {
        let mut tx = self.store.begin().await?;
        queries::insert(&mut *tx, row).await?;
        tx.commit().await
    }

    /// Its process is no more.
    pub(super) async fn forget(&self, id: &str) {
        forget(&self.store, id).await;
    }

    /// Begins one in a container, by name or full id.
    pub(super) fn begin(
        &self,
        house: &Arc<House>,
        pass: &Pass,
        container: &str,
        run: Run,
        size: Size,
        wire: Wire,
    ) -> Result<(), Refused<Wire>> {
        let place = || {
            let (id, name) = containers::find(house, pass, container)?;
            Ok((pass.host()?.to_owned(), id, name))
        };
        let (host, container_id, name) = match place() {
            Ok(place) => place,
            Err(fault) => return Err(Box::new((fault, wire))),
        };
        let (id, account_id) = (new_id(), pass.principal().account_id());
        let mut open = self.lock();
        if open.values().filter(|one| one.account_id == account_id).count() >= EACH_MAX {
            let fault = Fault::new(StatusCode::TOO_MANY_REQUESTS, say::consoles_too_many(EACH_MAX));
            return Err(Box::new((fault, wire)));
        }
        let (way, newcomers) = mpsc::channel(1);
        open.insert(
            id.clone(),
            Open {
                account_id: account_id.to_owned(),
                door: pass.principal().door().clone(),
                host,
                container: container.to_owned(),
                way,
            },
        );
        drop(open);
        let console = Console::new(Arc::clone(house), pass.clone(), id, (container_id, name));
        let work = async move {
            console.run(run, size.sane(), wire, newcomers).await;
            console.house.consoles.leave(&console.id);
        };
        self.tasks.spawn_on(work, &self.runtime);
        Ok(())
    }

    /// Leads a line back to its console, where it is the same person's by the same door. Whoever it is not learns no more
    /// than that there is none.
    pub(super) fn resume(
        &self,
        id: &str,
        container: &str,
        newcomer: Newcomer,
    ) -> Result<(), Refused<Newcomer>> {
        let principal = newcomer.pass.principal();
        let way = self.lock().get(id).and_then(|open| {
            let own = open.account_id == principal.account_id()
                && open.door == *principal.door()
                && newcomer.pass.host().is_ok_and(|host| host == open.host)
                && open.container == container;
            own.then(|| open.way.clone())
        });
        let gone = || Fault::not_found(say::console_gone());
        let Some(way) = way else { return Err(Box::new((gone(), newcomer))) };
        way.try_send(newcomer).map_err(|refused| Box::new((gone(), refused.into_inner())))
    }

    /// Takes the place of one from it: nobody comes back to it.
    pub(super) fn leave(&self, id: &str) {
        self.lock().remove(id);
    }

    /// Waits until all have ended; they do when the house stops.
    pub async fn stop(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Open>> {
        self.open.lock().expect("no one panics while holding this lock")
    }
}

/// A row that stays is looked at again at the next start, and its process is not found any more.
async fn forget(store: &Store, id: &str) {
    let gone = async {
        let mut tx = store.begin().await?;
        queries::delete(&mut *tx, id).await?;
        tx.commit().await
    };
    if let Err(error) = gone.await {
        tracing::warn!(%error, "a console's process could not be forgotten");
    }
}
