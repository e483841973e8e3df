//! Values that are written in a form of their own.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use serde_json::Value as Json;

/// Hosts with their addresses. Written as a list of `host=address`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Hosts(pub BTreeMap<String, Vec<String>>);

impl Hosts {
    /// Each host with each address, joined by this.
    pub fn list(&self, between: &str) -> Vec<String> {
        let each =
            self.0.iter().flat_map(|(host, all)| all.iter().map(move |one| format!("{host}{between}{one}")));
        let mut list: Vec<_> = each.collect();
        list.sort();
        list
    }
}

impl Serialize for Hosts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.list("=").serialize(to)
    }
}

/// The permissions of a file. Written as octal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mode(pub u32);

impl Serialize for Mode {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("0{:o}", self.0))
    }
}

impl<'de> Deserialize<'de> for Mode {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Json::deserialize(from)? {
            Json::Number(number) => number.as_u64().and_then(|mode| u32::try_from(mode).ok()),
            Json::String(text) => u32::from_str_radix(&text, 8).ok(),
            _ => None,
        }
        .map(Self)
        .ok_or_else(|| de::Error::custom("no permissions"))
    }
}

/// A limit of a process. Written as one number, if both are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ulimit {
    pub soft: i64,
    pub hard: i64,
}

impl Serialize for Ulimit {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.soft == self.hard {
            return to.serialize_i64(self.soft);
        }
        let mut map = to.serialize_map(Some(2))?;
        map.serialize_entry("soft", &self.soft)?;
        map.serialize_entry("hard", &self.hard)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Ulimit {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Json::deserialize(from)?;
        let both = |soft: &Json, hard: &Json| Some(Self { soft: soft.as_i64()?, hard: hard.as_i64()? });
        match &value {
            Json::Object(_) => both(&value["soft"], &value["hard"]),
            one => both(one, one),
        }
        .ok_or_else(|| de::Error::custom("no limit"))
    }
}
