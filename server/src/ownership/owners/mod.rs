//! Whose everything is, in memory: asked for every row of every page.

mod names;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::{Duration, Instant},
};

use longshore_api::{
    ops::Kind,
    web::access::{Sharing, Whose},
};
use tokio::sync::{Mutex, MutexGuard, mpsc};

use super::{Key, Labelled, queries};
use crate::store::Store;

/// What is given by a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The row's id.
    pub id: String,
    /// The host's slug.
    pub host: String,
    /// What it is given by.
    pub key: Key,
    /// Whose it is; the managers' where it is nobody's.
    pub account: Option<String>,
    /// Who else may see it.
    pub sharing: Sharing,
    /// The teams that it is shared with, by id.
    pub teams: Vec<String>,
    /// Whether it lasts only as long as its thing: the engine made its name up, so nobody asks for it again.
    pub passing: bool,
    /// Since when its thing is being made: until that is known, nothing that is met under its key is its own.
    pub claimed: Option<Instant>,
}

/// A claim of which nothing was heard for so long is as good as any key: its answer was lost.
const CLAIM_MAX: Duration = Duration::from_secs(120);

impl Owned {
    fn is_pending(&self) -> bool {
        self.claimed.is_some_and(|since| since.elapsed() < CLAIM_MAX)
    }

    /// Whether somebody may see it: its owner, whoever is in one of its teams, everybody if it is public.
    pub fn is_for(&self, account: &str, teams: &[String]) -> bool {
        let is_of_team = || self.teams.iter().any(|team| teams.contains(team));
        self.account.as_deref() == Some(account)
            || self.sharing == Sharing::Teams && is_of_team()
            || self.sharing == Sharing::Public
    }
}

/// A thing that is there.
struct Live {
    row: String,
    /// Whether its engine has listed it: one that was made just now may be missing in a list that is a moment older.
    listed: bool,
}

/// The things of a host by kind and full id.
type Things = HashMap<Kind, HashMap<String, Live>>;

/// All rows by their ids; where they are found, by host.
#[derive(Default)]
struct Table {
    rows: HashMap<String, Arc<Owned>>,
    by_key: HashMap<String, HashMap<Key, String>>,
    by_object: HashMap<String, Things>,
    /// Names that containers of services have had, by host.
    by_name: HashMap<String, HashMap<String, String>>,
}

impl Table {
    fn of_key(&self, host: &str, key: &Key) -> Option<&Arc<Owned>> {
        self.rows.get(self.by_key.get(host)?.get(key)?)
    }

    fn of_object(&self, host: &str, kind: Kind, object: &str) -> Option<&Arc<Owned>> {
        self.rows.get(&self.by_object.get(host)?.get(&kind)?.get(object)?.row)
    }

    fn put(&mut self, host: &str, kind: Kind, object: &str, live: Live) {
        let things = self.by_object.entry(host.to_owned()).or_default();
        things.entry(kind).or_default().insert(object.to_owned(), live);
    }

    fn add(&mut self, owned: Owned) {
        self.by_key.entry(owned.host.clone()).or_default().insert(owned.key.clone(), owned.id.clone());
        self.rows.insert(owned.id.clone(), Arc::new(owned));
    }

    fn remove(&mut self, row: &str) {
        let Some(owned) = self.rows.remove(row) else { return };
        if let Some(keys) = self.by_key.get_mut(&owned.host)
            && keys.get(&owned.key).is_some_and(|id| id == row)
        {
            keys.remove(&owned.key);
        }
        if let Some(names) = self.by_name.get_mut(&owned.host) {
            names.retain(|_, id| id != row);
        }
    }
}

/// What of a host was given to somebody, by kind and full id.
pub type Given = HashMap<Kind, HashSet<String>>;

/// So many notes wait for a slow database.
const NOTES_WAITING: usize = 4_096;

/// What is written down of the things that are there.
struct Note {
    host: String,
    kind: Kind,
    object: String,
    owned: String,
    here: bool,
}

impl Note {
    async fn write(&self, store: &Store) -> sqlx::Result<()> {
        let mut tx = store.begin().await?;
        let thing = (self.host.as_str(), self.kind, self.object.as_str());
        if self.here {
            queries::note(&mut tx, thing, &self.owned).await?;
        } else {
            queries::forget(&mut tx, thing, &self.owned).await?;
        }
        tx.commit().await
    }
}

/// All that is owned. Made empty, and filled by [`Owners::fill`].
#[derive(Default)]
pub struct Owners {
    table: RwLock<Table>,
    notes: RwLock<Option<mpsc::Sender<Note>>>,
    changing: Mutex<()>,
    labels: RwLock<Labels>,
    /// What accounts and teams are called, by id.
    called: RwLock<HashMap<String, String>>,
}

/// Things of nobody's whose labels say whose they are.
#[derive(Default)]
struct Labels {
    give: Option<mpsc::Sender<Labelled>>,
    /// Those that were heard: each says it at every look.
    heard: HashSet<(String, Kind, String)>,
}

/// So many of them are remembered.
const HEARD_MAX: usize = 10_000;

impl Owners {
    /// Reads everything, and writes down from now on which things are there.
    pub async fn open(store: &Store) -> sqlx::Result<Arc<Self>> {
        queries::sweep(store).await?;
        let owners = Arc::new(Self::default());
        let live = queries::live(store.read()).await?;
        let names = queries::names(store.read()).await?;
        owners.fill(queries::all(store).await?);
        for (host, kind, object, row) in live {
            owners.write().put(&host, kind, &object, Live { row, listed: true });
        }
        for (host, name, row) in names {
            owners.write().by_name.entry(host).or_default().insert(name, row);
        }
        let (notes, mut waiting) = mpsc::channel::<Note>(NOTES_WAITING);
        *owners.notes.write().unwrap_or_else(PoisonError::into_inner) = Some(notes);
        let store = store.clone();
        // Ends with the last of those who tell it something.
        tokio::spawn(async move {
            while let Some(note) = waiting.recv().await {
                if let Err(error) = note.write(&store).await {
                    tracing::warn!(%error, "what is there of what is owned could not be written down");
                }
            }
        });
        Ok(owners)
    }

    /// Held over a change of the rows in the database and in memory, so that both end up the same.
    pub async fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    /// Everything that is owned, in the place of what was. What is there stays with its row.
    pub fn fill(&self, all: Vec<Owned>) {
        let mut table = self.write();
        (table.rows, table.by_key) = (HashMap::new(), HashMap::new());
        all.into_iter().for_each(|owned| table.add(owned));
    }

    /// One row more.
    pub(in crate::ownership) fn add(&self, owned: Owned) {
        self.write().add(owned);
    }

    /// One row less.
    pub fn remove(&self, row: &str) {
        self.write().remove(row);
    }

    /// Whose a thing is that is known by its full id.
    pub fn of(&self, host: &str, kind: Kind, object: &str) -> Option<Arc<Owned>> {
        self.read().of_object(host, kind, object).cloned()
    }

    /// Whether something is there that a row gives.
    pub(in crate::ownership) fn is_there(&self, host: &str, kind: Kind, row: &str) -> bool {
        let table = self.read();
        let things = table.by_object.get(host).and_then(|things| things.get(&kind));
        things.is_some_and(|things| things.values().any(|live| live.row == row))
    }

    /// What accounts and teams are called, by their ids: whether some of it is new.
    pub(in crate::ownership) fn called(&self, now: HashMap<String, String>) -> bool {
        let mut called = self.called.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *called, now) != *called
    }

    /// An account that makes something has this name.
    pub(in crate::ownership) fn is_called(&self, account: &str, name: &str) {
        let mut called = self.called.write().unwrap_or_else(PoisonError::into_inner);
        called.insert(account.to_owned(), name.to_owned());
    }

    /// Whose a thing is, as whoever may see the thing is told; none where it is nobody's but the managers'.
    pub fn whose(&self, host: &str, kind: Kind, object: &str) -> Option<Whose> {
        self.told(self.of(host, kind, object)?.as_ref())
    }

    /// The same of what a key names.
    pub fn whose_key(&self, host: &str, key: &Key) -> Option<Whose> {
        self.told(self.of_key(host, key)?.as_ref())
    }

    fn told(&self, owned: &Owned) -> Option<Whose> {
        let called = self.called.read().unwrap_or_else(PoisonError::into_inner);
        let whose = Whose {
            owner: owned.account.as_ref().and_then(|id| called.get(id)).cloned(),
            sharing: owned.sharing,
            // One that ended meanwhile shares nothing.
            teams: owned.teams.iter().filter_map(|id| called.get(id)).cloned().collect(),
        };
        (whose.owner.is_some() || whose.sharing != Sharing::Private).then_some(whose)
    }

    /// The full ids of all things of a host that somebody may see.
    pub fn given_to(&self, host: &str, account: &str, teams: &[String]) -> Given {
        let table = self.read();
        let Some(things) = table.by_object.get(host) else { return Given::new() };
        let is_given =
            |live: &Live| table.rows.get(&live.row).is_some_and(|owned| owned.is_for(account, teams));
        let given = |objects: &HashMap<String, Live>| {
            objects.iter().filter(|(_, live)| is_given(live)).map(|(id, _)| id.clone()).collect()
        };
        things.iter().map(|(kind, objects)| (*kind, given(objects))).collect()
    }

    /// What of a host is somebody's own: things by full id, images by repository.
    pub fn own_of(&self, host: &str, account: &str) -> Given {
        let is_theirs = |owned: &Arc<Owned>| owned.account.as_deref() == Some(account);
        let table = self.read();
        let mut own = Given::new();
        for (kind, objects) in table.by_object.get(host).into_iter().flatten() {
            let is_own = |live: &Live| table.rows.get(&live.row).is_some_and(is_theirs);
            let ids = objects.iter().filter(|(_, live)| is_own(live)).map(|(id, _)| id.clone());
            own.entry(*kind).or_default().extend(ids);
        }
        let repositories = table
            .by_key
            .get(host)
            .into_iter()
            .flatten()
            .filter(|(key, row)| key.kind == Kind::Image && table.rows.get(*row).is_some_and(is_theirs));
        own.entry(Kind::Image).or_default().extend(repositories.map(|(key, _)| key.name.clone()));
        own
    }

    /// Whose a key is.
    pub fn of_key(&self, host: &str, key: &Key) -> Option<Arc<Owned>> {
        self.read().of_key(host, key).cloned()
    }

    /// Whose a key is, or the service that has had a container of that name.
    pub fn holder(&self, host: &str, key: &Key) -> Option<Arc<Owned>> {
        let table = self.read();
        let of_service = || {
            let is_name = key.kind == Kind::Container && key.stack.is_empty();
            let row = table.by_name.get(host).filter(|_| is_name)?.get(&key.name)?;
            table.rows.get(row)
        };
        table.of_key(host, key).or_else(of_service).cloned()
    }

    /// A container of a service, given by this row, has this name: it stays the service's.
    pub(in crate::ownership) async fn remember(
        &self,
        store: &Store,
        owned: &Owned,
        name: &str,
    ) -> sqlx::Result<()> {
        let host = owned.host.as_str();
        if owned.key.stack.is_empty()
            || self.read().by_name.get(host).is_some_and(|names| names.contains_key(name))
        {
            return Ok(());
        }
        let mut tx = store.begin().await?;
        let remembered = queries::remember(&mut tx, (host, name), &owned.id).await?;
        tx.commit().await?;
        if remembered {
            let mut table = self.write();
            table.by_name.entry(host.to_owned()).or_default().insert(name.to_owned(), owned.id.clone());
        }
        Ok(())
    }

    /// Whose a name is, by the id of its row.
    pub fn of_row(&self, row: &str) -> Option<Arc<Owned>> {
        self.read().rows.get(row).cloned()
    }

    /// Everything that is owned, with whether something of it is there.
    pub(in crate::ownership) fn everything(&self) -> Vec<(Arc<Owned>, bool)> {
        let table = self.read();
        let live: HashSet<&str> = table
            .by_object
            .values()
            .flat_map(HashMap::values)
            .flat_map(HashMap::values)
            .map(|live| live.row.as_str())
            .collect();
        table.rows.values().map(|owned| (Arc::clone(owned), live.contains(owned.id.as_str()))).collect()
    }

    /// Every key of a stack on a host.
    pub fn of_stack(&self, host: &str, stack: &str) -> Vec<Arc<Owned>> {
        let table = self.read();
        let rows = table.by_key.get(host).into_iter().flatten().filter(|(key, _)| key.stack == stack);
        rows.filter_map(|(_, row)| table.rows.get(row)).cloned().collect()
    }

    /// Whether anything on a host is owned.
    pub fn has_any(&self, host: &str) -> bool {
        self.read().by_key.get(host).is_some_and(|keys| !keys.is_empty())
    }

    /// A thing is there under this key, as its engine lists it. One that is known already stays whose it was; a new one
    /// goes to whom its key is.
    pub fn meet(&self, host: &str, kind: Kind, object: &str, key: impl FnOnce() -> Key) {
        let row = {
            let table = self.read();
            let live = table.by_object.get(host).and_then(|things| things.get(&kind)?.get(object));
            match live {
                Some(live) if live.listed && table.rows.contains_key(&live.row) => return,
                Some(live) if table.rows.contains_key(&live.row) => Some(live.row.clone()),
                _ => {
                    let owned = table.of_key(host, &key()).filter(|owned| !owned.is_pending());
                    owned.map(|owned| owned.id.clone())
                }
            }
        };
        if let Some(row) = row {
            self.here(host, kind, object, row, true);
        }
    }

    /// Who gives what labels say.
    pub(in crate::ownership) fn hear_labels(&self, give: mpsc::Sender<Labelled>) {
        self.labels.write().unwrap_or_else(PoisonError::into_inner).give = Some(give);
    }

    /// A thing says whose it is. What is somebody's already stays theirs.
    pub fn labelled(&self, labelled: Labelled) {
        let Labelled { host, kind, object, key, .. } = &labelled;
        {
            let table = self.read();
            if table.of_object(host, *kind, object).is_some() || table.of_key(host, key).is_some() {
                return;
            }
        }
        let mut labels = self.labels.write().unwrap_or_else(PoisonError::into_inner);
        let this = (host.clone(), *kind, object.clone());
        if labels.heard.contains(&this) {
            return;
        }
        // Who is not here yet hears it at the next look.
        let sent = labels.give.as_ref().is_some_and(|give| give.try_send(labelled).is_ok());
        if !sent {
            return;
        }
        if labels.heard.len() >= HEARD_MAX {
            labels.heard.clear();
        }
        labels.heard.insert(this);
    }

    /// A thing of a row is there: what a claim has made.
    pub(in crate::ownership) fn made(&self, host: &str, kind: Kind, object: &str, row: &str) {
        self.confirm(row);
        self.here(host, kind, object, row.to_owned(), false);
    }

    /// What was claimed is made.
    pub(in crate::ownership) fn confirm(&self, row: &str) {
        let mut table = self.write();
        if let Some(owned) = table.rows.get(row).filter(|owned| owned.claimed.is_some()) {
            let owned = Owned { claimed: None, ..Owned::clone(owned) };
            table.rows.insert(row.to_owned(), Arc::new(owned));
        }
    }

    fn here(&self, host: &str, kind: Kind, object: &str, row: String, listed: bool) {
        self.write().put(host, kind, object, Live { row: row.clone(), listed });
        self.tell(Note { host: host.to_owned(), kind, object: object.to_owned(), owned: row, here: true });
    }

    /// A thing is gone; its key stays whose it is, unless it was to go with it.
    pub fn part(&self, host: &str, kind: Kind, object: &str) {
        let mut table = self.write();
        let gone = table.by_object.get_mut(host).and_then(|things| things.get_mut(&kind)?.remove(object));
        let Some(Live { row, .. }) = gone else { return };
        if table.rows.get(&row).is_some_and(|owned| owned.passing) {
            table.remove(&row);
        }
        drop(table);
        self.tell(Note { host: host.to_owned(), kind, object: object.to_owned(), owned: row, here: false });
    }

    /// The full ids of the things of a kind that a list of their engine's had once, and no longer has.
    pub fn missing(&self, host: &str, kind: Kind, is_there: impl Fn(&str) -> bool) -> Vec<String> {
        let table = self.read();
        let things = table.by_object.get(host).and_then(|things| things.get(&kind)).into_iter().flatten();
        things.filter(|(id, live)| live.listed && !is_there(id)).map(|(id, _)| id.clone()).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Table> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, note: Note) {
        if let Some(notes) = &*self.notes.read().unwrap_or_else(PoisonError::into_inner) {
            // What is not written is met again at the next start, unless it is renamed from outside before that.
            if let Err(error) = notes.try_send(note) {
                tracing::warn!(%error, "what is there of what is owned is not written down");
            }
        }
    }
}

#[cfg(test)]
mod tests;
