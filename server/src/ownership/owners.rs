//! Whose everything is, in memory: asked for every row of every page.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use longshore_api::web::access::Sharing;
use tokio::sync::mpsc;

use super::{Key, queries};
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
}

impl Owned {
    /// Whether somebody may see it: its owner, whoever is in one of its teams, everybody if it is public.
    pub fn is_for(&self, account: &str, teams: &[String]) -> bool {
        self.account.as_deref() == Some(account)
            || match self.sharing {
                Sharing::Private => false,
                Sharing::Teams => self.teams.iter().any(|team| teams.contains(team)),
                Sharing::Public => true,
            }
    }
}

/// All rows by their ids; where they are found, by host.
#[derive(Default)]
struct Table {
    rows: HashMap<String, Arc<Owned>>,
    by_key: HashMap<String, HashMap<Key, String>>,
    /// By the full id of what is there.
    by_object: HashMap<String, HashMap<String, String>>,
}

impl Table {
    fn of_key(&self, host: &str, key: &Key) -> Option<&Arc<Owned>> {
        self.rows.get(self.by_key.get(host)?.get(key)?)
    }

    fn of_object(&self, host: &str, object: &str) -> Option<&Arc<Owned>> {
        self.rows.get(self.by_object.get(host)?.get(object)?)
    }
}

/// So many notes wait for a slow database.
const NOTES_WAITING: usize = 4_096;

/// What is written down of the things that are there.
enum Note {
    Here { host: String, object: String, owned: String },
    Gone { host: String, object: String },
}

/// All that is owned. Made empty, and filled by [`Owners::fill`].
#[derive(Default)]
pub struct Owners {
    table: RwLock<Table>,
    notes: RwLock<Option<mpsc::Sender<Note>>>,
}

impl Owners {
    /// Reads everything, and writes down from now on which things are there.
    pub async fn open(store: &Store) -> sqlx::Result<Arc<Self>> {
        let owners = Arc::new(Self::default());
        let live = queries::live(store.read()).await?;
        owners.fill(queries::all(store).await?);
        for (host, object, owned) in live {
            owners.write().by_object.entry(host).or_default().insert(object, owned);
        }
        let (notes, mut waiting) = mpsc::channel(NOTES_WAITING);
        *owners.notes.write().unwrap_or_else(PoisonError::into_inner) = Some(notes);
        let store = store.clone();
        // Ends with the last of those who tell it something.
        tokio::spawn(async move {
            while let Some(note) = waiting.recv().await {
                let written = match &note {
                    Note::Here { host, object, owned } => queries::note(&store, host, object, owned).await,
                    Note::Gone { host, object } => queries::forget(&store, host, object).await,
                };
                if let Err(error) = written {
                    tracing::warn!(%error, "what is there of what is owned could not be written down");
                }
            }
        });
        Ok(owners)
    }

    /// Everything that is owned, in the place of what was. What is there stays with its row.
    pub fn fill(&self, all: Vec<Owned>) {
        let mut by_key: HashMap<String, HashMap<Key, String>> = HashMap::new();
        for owned in &all {
            by_key.entry(owned.host.clone()).or_default().insert(owned.key.clone(), owned.id.clone());
        }
        let rows = all.into_iter().map(|owned| (owned.id.clone(), Arc::new(owned))).collect();
        let mut table = self.write();
        (table.rows, table.by_key) = (rows, by_key);
    }

    /// Whose a thing is that is known by its full id.
    pub fn of(&self, host: &str, object: &str) -> Option<Arc<Owned>> {
        self.read().of_object(host, object).cloned()
    }

    /// The full ids of all things of a host that somebody may see.
    pub fn given_to(&self, host: &str, account: &str, teams: &[String]) -> HashSet<String> {
        let table = self.read();
        let Some(objects) = table.by_object.get(host) else { return HashSet::new() };
        let is_given = |row: &String| table.rows.get(row).is_some_and(|owned| owned.is_for(account, teams));
        objects.iter().filter(|(_, row)| is_given(row)).map(|(id, _)| id.clone()).collect()
    }

    /// Whose a key is.
    pub fn of_key(&self, host: &str, key: &Key) -> Option<Arc<Owned>> {
        self.read().of_key(host, key).cloned()
    }

    /// Whether anything on a host is owned.
    pub fn has_any(&self, host: &str) -> bool {
        self.read().by_key.contains_key(host)
    }

    /// A thing is there under this key. One that is known already stays whose it was; a new one goes to whom its key is.
    pub fn meet(&self, host: &str, object: &str, key: impl FnOnce() -> Key) {
        {
            let table = self.read();
            if table.of_object(host, object).is_some() {
                return;
            }
        }
        let key = key();
        let mut table = self.write();
        let Some(row) = table.of_key(host, &key).map(|owned| owned.id.clone()) else { return };
        table.by_object.entry(host.to_owned()).or_default().insert(object.to_owned(), row.clone());
        drop(table);
        self.tell(Note::Here { host: host.to_owned(), object: object.to_owned(), owned: row });
    }

    /// A thing is gone; its key stays whose it is.
    pub fn part(&self, host: &str, object: &str) {
        let known = self.write().by_object.get_mut(host).and_then(|objects| objects.remove(object)).is_some();
        if known {
            self.tell(Note::Gone { host: host.to_owned(), object: object.to_owned() });
        }
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
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    fn shop(service: &str, account: &str) -> Owned {
        Owned {
            id: service.to_owned(),
            host: "quay".to_owned(),
            key: Key { stack: "shop".to_owned(), name: service.to_owned() },
            account: Some(account.to_owned()),
            sharing: Sharing::Private,
            teams: Vec::new(),
        }
    }

    #[derive(Deserialize)]
    struct Recorded {
        step: Option<String>,
        #[serde(default)]
        action: String,
        #[serde(default)]
        id: String,
        #[serde(default)]
        name: String,
        #[serde(default)]
        labels: BTreeMap<String, String>,
    }

    /// What docker-compose 1.29.2 did on a 20.10.24 engine to a stack of two services: `up`, twice more with another
    /// image, `--scale`, `run` with a name and without, `rm`, `up`, `down`.
    #[test]
    fn what_compose_does_takes_nothing_from_its_owner() {
        let owners = Owners::default();
        owners.fill(vec![shop("web", "mia"), shop("db", "bob")]);
        let mut here: BTreeMap<String, String> = BTreeMap::new();
        let mut step = String::new();
        for line in include_str!("recorded/compose-1.29.jsonl").lines() {
            let event: Recorded = serde_json::from_str(line).expect("a line of the recording");
            if let Some(next) = event.step {
                step = next;
                continue;
            }
            let label = |name: &str| event.labels.get(&format!("com.docker.compose.{name}")).cloned();
            let (stack, service) = (label("project"), label("service"));
            match event.action.as_str() {
                "create" | "rename" => {
                    owners.meet("quay", &event.id, || {
                        Key::of_container(&event.id, &event.name, stack.as_deref(), service.as_deref())
                    });
                    here.insert(event.id.clone(), service.expect("compose labels what it makes"));
                }
                "destroy" => {
                    owners.part("quay", &event.id);
                    here.remove(&event.id);
                }
                other => panic!("{other}"),
            }
            for (id, service) in &here {
                let whose = owners.of("quay", id).and_then(|owned| owned.account.clone());
                let expected = if service == "web" { "mia" } else { "bob" };
                assert_eq!(
                    whose.as_deref(),
                    Some(expected),
                    "{service} after {} of {}, {step}",
                    event.action,
                    event.name
                );
            }
        }
        assert!(here.is_empty(), "the recording ends with nothing left");
        assert!(owners.of_key("quay", &shop("web", "mia").key).is_some(), "the key outlives its containers");
    }

    #[test]
    fn a_rename_from_outside_takes_nothing_and_gives_nothing() {
        let owners = Owners::default();
        let named = |name: &str| Key { stack: String::new(), name: name.to_owned() };
        owners.fill(vec![Owned { key: named("web"), ..shop("web", "mia") }]);
        let (first, second) = ("a".repeat(64), "b".repeat(64));
        owners.meet("quay", &first, || named("web"));
        owners.meet("quay", &second, || named("other"));
        owners.meet("quay", &first, || named("renamed"));
        assert!(owners.of("quay", &first).is_some(), "it is still hers");
        // Whoever takes the name that became free is root there already, and what they made goes to the key's owner.
        owners.meet("quay", &second, || named("web"));
        assert_eq!(
            owners.of("quay", &second).map(|owned| owned.account.clone()),
            Some(Some("mia".to_owned()))
        );
        owners.part("quay", &first);
        assert_eq!(owners.of("quay", &first), None);
    }

    #[test]
    fn it_is_seen_by_whom_it_was_given() {
        let web = Owned { sharing: Sharing::Teams, teams: vec!["t1".to_owned()], ..shop("web", "mia") };
        let (in_it, not) = (vec!["t0".to_owned(), "t1".to_owned()], vec!["t2".to_owned()]);
        assert!(web.is_for("mia", &[]) && web.is_for("bob", &in_it));
        assert!(!web.is_for("bob", &not) && !web.is_for("", &[]));
        assert!(!Owned { sharing: Sharing::Private, ..web.clone() }.is_for("bob", &in_it));
        assert!(Owned { sharing: Sharing::Public, ..web.clone() }.is_for("bob", &[]));
        assert!(!Owned { account: None, sharing: Sharing::Private, ..web }.is_for("", &[]));
    }
}
