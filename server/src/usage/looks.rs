//! Who looks at what: open subscriptions say which rows they show, so that an engine is not asked for others.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, MutexGuard},
};

use longshore_api::web::RowKey;

/// All that open subscriptions show.
#[derive(Debug, Default)]
pub struct Looks(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    next: u64,
    shown: BTreeMap<u64, Shown>,
}

#[derive(Debug)]
enum Shown {
    /// Whichever use most.
    Foremost,
    Rows(Vec<RowKey>),
}

/// What is looked at, by anyone.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) rows: HashSet<RowKey>,
    /// Someone wants to see which containers use most.
    pub(super) foremost: bool,
}

/// One subscription's look; it ends when this is dropped.
#[derive(Debug)]
pub struct Look {
    looks: Arc<Looks>,
    number: u64,
}

impl Looks {
    /// Opens a look for whichever containers use most.
    pub fn at_foremost(self: &Arc<Self>) -> Look {
        self.open(Shown::Foremost)
    }

    /// Opens a look at rows.
    pub fn at(self: &Arc<Self>, rows: Vec<RowKey>) -> Look {
        self.open(Shown::Rows(rows))
    }

    fn open(self: &Arc<Self>, shown: Shown) -> Look {
        let mut open = self.lock();
        open.next += 1;
        let number = open.next;
        open.shown.insert(number, shown);
        Look { looks: Arc::clone(self), number }
    }

    pub(super) fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::default();
        for shown in self.lock().shown.values() {
            match shown {
                Shown::Foremost => wanted.foremost = true,
                Shown::Rows(rows) => wanted.rows.extend(rows),
            }
        }
        wanted
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().expect("no one panics while holding this lock")
    }
}

impl Look {
    /// It shows other rows now.
    pub fn turn_to(&self, rows: Vec<RowKey>) {
        self.looks.lock().shown.insert(self.number, Shown::Rows(rows));
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        self.looks.lock().shown.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_is_what_open_subscriptions_show() {
        let looks = Arc::new(Looks::default());
        let [a, b, c] = [1, 2, 3].map(RowKey);
        let one = looks.at(vec![a, b]);
        let home = looks.at_foremost();
        let _other = looks.at(vec![b]);
        assert_eq!(looks.wanted(), Wanted { rows: [a, b].into(), foremost: true });
        one.turn_to(vec![c]);
        drop(home);
        assert_eq!(looks.wanted(), Wanted { rows: [b, c].into(), foremost: false });
    }
}
