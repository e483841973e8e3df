//! The engine's whole list, read entry by entry: one that is not understood costs itself and no other.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};

use super::{
    engine::Listed,
    normal::{self, Described},
};

/// `GET /containers/json`, in our own form at once: the engine's is much larger.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) containers: Vec<Described>,
    /// Entries that could not be read.
    pub(super) passed_over: usize,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Good(Box<Listed>),
    Bad(IgnoredAny),
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = List;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of containers")
    }

    fn visit_unit<E>(self) -> Result<List, E> {
        Ok(List::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<List, A::Error> {
        let mut list = List::default();
        while let Some(entry) = entries.next_element::<Entry>()? {
            let described = match entry {
                Entry::Good(entry) => normal::listed(*entry),
                Entry::Bad(_) => None,
            };
            match described {
                Some(described) => list.containers.push(described),
                None => list.passed_over += 1,
            }
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_entry_costs_no_other() {
        let [a, b] = ["a", "b"].map(|digit| digit.repeat(64));
        let list = format!(
            r#"[{{"Id":"{a}","Names":["/web"],"State":"running"}},
                {{"Id":7}}, null, "x", {{"Id":"short"}}, {{"Id":"{}"}}, {{"Id":"{a}","Ports":[{{"PrivatePort":99999}}]}},
                {{"Id":"{b}","Created":9223372036854775807,"Status":"Exited (","Names":[]}}]"#,
            "é".repeat(32),
        );
        let list: List = serde_json::from_str(&list).expect("a list");
        let names: Vec<&str> = list.containers.iter().map(|d| d.name.as_str()).collect();
        assert_eq!(names, ["web", "bbbbbbbbbbbb"]);
        assert_eq!(list.passed_over, 6);
        assert_eq!(list.containers[1].created, i64::MAX);
        assert!(serde_json::from_str::<List>("null").expect("none").containers.is_empty());
        assert!(serde_json::from_str::<List>(r#"{"message":"x"}"#).is_err());
    }
}
