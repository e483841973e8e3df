//! Keys in the engine's own spelling: Go reads the name of a field without regard to case, and takes the last of two.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    BodyRefusal, nth,
    shape::{Shape, find},
    within,
};

/// Whether each key that names a field is written as engines write it, and no two of one object differ only in case.
/// Keys of maps are data, and engines tell their cases apart.
pub(super) fn check(value: &Value, shape: Shape, path: &str) -> Result<(), BodyRefusal> {
    match (shape, value) {
        (Shape::Data, _) => Ok(()),
        (Shape::Object(groups), Value::Object(map)) => {
            alone(map.keys(), path)?;
            for (key, value) in map {
                let at = within(path, key);
                match find(groups, key) {
                    Some(field) => check(value, field.shape, &at)?,
                    None => {
                        let folded = fold(key);
                        let mut known = groups.iter().flat_map(|group| group.iter());
                        if let Some(meant) = known.find(|field| fold(field.name) == folded) {
                            return Err(BodyRefusal::Case { path: at, known: meant.name });
                        }
                        unknown(value, &at)?;
                    }
                }
            }
            Ok(())
        }
        (Shape::List(inner), Value::Array(all)) => {
            all.iter().enumerate().try_for_each(|(n, value)| check(value, *inner, &nth(path, n)))
        }
        (Shape::Map(inner), Value::Object(map)) => {
            map.iter().try_for_each(|(key, value)| check(value, *inner, &within(path, key)))
        }
        (_, other) => unknown(other, path),
    }
}

/// Of what nothing is known, every object may be a struct of the engine's.
fn unknown(value: &Value, path: &str) -> Result<(), BodyRefusal> {
    match value {
        Value::Object(map) => {
            alone(map.keys(), path)?;
            map.iter().try_for_each(|(key, value)| unknown(value, &within(path, key)))
        }
        Value::Array(all) => all.iter().enumerate().try_for_each(|(n, value)| unknown(value, &nth(path, n))),
        _ => Ok(()),
    }
}

/// Whether no two keys differ only in case.
fn alone<'a>(keys: impl Iterator<Item = &'a String>, path: &str) -> Result<(), BodyRefusal> {
    let mut seen = HashSet::new();
    for key in keys {
        if !seen.insert(fold(key)) {
            return Err(BodyRefusal::Twice { path: within(path, key) });
        }
    }
    Ok(())
}

/// What Go compares names by: it takes the long s for an s and the sign of Kelvin for a k.
fn fold(key: &str) -> String {
    key.chars().flat_map(|c| if c == '\u{17f}' { 's' } else { c }.to_lowercase()).collect()
}
