//! From bytes to JSON, strictly: which of two keys of the same name counts is not the same for everyone.

use std::{cell::RefCell, fmt};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::{BodyRefusal, nth, within};

/// A body has at most so many bytes. Twenty megabytes of environment are no container.
const LONGEST: usize = 4 * 1024 * 1024;

/// No body of an engine's is nested deeper.
const DEEPEST: usize = 32;

/// Reads one JSON value that is all there is.
///
/// # Errors
/// It is no JSON, is too long or too deep, or has a key twice in one object.
pub fn read(bytes: &[u8]) -> Result<Value, BodyRefusal> {
    if bytes.len() > LONGEST {
        return Err(BodyRefusal::TooLong { limit: LONGEST });
    }
    let refusal = RefCell::new(None);
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let place = Place { path: Path::Root, depth: 0, refusal: &refusal };
    let value = place.deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    value.map_err(|error| refusal.take().unwrap_or_else(|| BodyRefusal::Json { detail: error.to_string() }))
}

/// Where a value stands; made to text only when it is at fault.
#[derive(Clone, Copy)]
enum Path<'a> {
    Root,
    Key(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
}

impl Path<'_> {
    fn text(self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Key(above, key) => within(&above.text(), key),
            Self::Index(above, index) => nth(&above.text(), index),
        }
    }
}

/// Reads the value at one place.
#[derive(Clone, Copy)]
struct Place<'a> {
    path: Path<'a>,
    depth: usize,
    /// Why reading ended, since an error of serde's has only words.
    refusal: &'a RefCell<Option<BodyRefusal>>,
}

impl<'a> Place<'a> {
    fn refuse<E: Error>(&self, refusal: BodyRefusal) -> E {
        *self.refusal.borrow_mut() = Some(refusal);
        E::custom("refused")
    }

    fn deeper<'b, E: Error>(&'b self, path: Path<'b>) -> Result<Place<'b>, E>
    where
        'a: 'b,
    {
        if self.depth >= DEEPEST {
            return Err(self.refuse(BodyRefusal::TooDeep { limit: DEEPEST }));
        }
        Ok(Place { path, depth: self.depth + 1, refusal: self.refusal })
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let place = self.deeper(Path::Index(&self.path, list.len()))?;
            match all.next_element_seed(place)? {
                Some(value) => list.push(value),
                None => return Ok(list.into()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = all.next_key::<String>()? {
            let path = Path::Key(&self.path, &key);
            if map.contains_key(&key) {
                return Err(self.refuse(BodyRefusal::Twice { path: path.text() }));
            }
            let value = all.next_value_seed(self.deeper(path)?)?;
            map.insert(key, value);
        }
        Ok(map.into())
    }
}
