//! The judge.

use serde_json::{Map, Value};

use super::{
    BodyRefusal, Reference, nth,
    refers::{self, visit},
    shape::{Field, Shape, Verdict, find},
    spelling, tables, within,
};
use crate::ops::Operation;

/// On which side of the line somebody stands. The policy binds whoever is below it; above it the engine's own limits
/// hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Below: may make what is kept from the host.
    Developer,
    /// At it or above: may do what the engine lets them.
    Manager,
}

/// A body that may be sent. Only [`policy`] makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    body: Value,
    references: Vec<Reference>,
}

impl Checked {
    /// What to send.
    #[must_use]
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// What else it names: each is a target too.
    #[must_use]
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// What to send, written anew.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.body.to_string().into_bytes()
    }
}

/// Whether somebody of this strength may send `body` with `operation`. What comes out for a Developer has only fields
/// that were judged: what says nothing of the others is left out.
///
/// # Errors
/// Names the field that may not be sent, and the rule.
pub fn policy(operation: &Operation, body: Value, caller: Strength) -> Result<Checked, BodyRefusal> {
    let shape = tables::body_of(operation.id)
        .ok_or_else(|| BodyRefusal::Unknown { path: operation.id.to_owned() })?;
    // `docker commit` says null.
    let body = if body.is_null() { Value::Object(Map::new()) } else { body };
    if !body.is_object() {
        return Err(BodyRefusal::Kind { path: operation.id.to_owned() });
    }
    spelling::check(&body, shape, "")?;
    for_nobody(&body, shape)?;
    let references = refers::all(&body, shape);
    let body = match caller {
        Strength::Manager => body,
        Strength::Developer => judged(body, shape, "")?,
    };
    Ok(Checked { body, references })
}

/// Why somebody below the managers may not make a container of this body, if they may not.
pub(crate) fn refused_below(create: Value) -> Option<BodyRefusal> {
    judged(create, tables::body_of("container-create")?, "").err()
}

/// What not even Managers may send.
fn for_nobody(body: &Value, shape: Shape) -> Result<(), BodyRefusal> {
    let mut refused = Ok(());
    visit(body, shape, "", &mut |field, value, path| {
        if let (Verdict::Ruled(rule), Ok(())) = (field.verdict, &refused)
            && rule.is_for_everybody()
        {
            refused = keep_rule(rule, value, path);
        }
    });
    refused
}

fn keep_rule(rule: super::Rule, value: &Value, path: &str) -> Result<(), BodyRefusal> {
    rule.check(value, path).map_err(|path| BodyRefusal::Ruled { path, rule })
}

/// The value with every field judged, and of the right kind: what an engine makes of another kind is its own affair.
pub(super) fn judged(value: Value, shape: Shape, path: &str) -> Result<Value, BodyRefusal> {
    Ok(match (shape, value) {
        (Shape::Data, value)
        | (Shape::Text | Shape::Words, value @ Value::String(_))
        | (Shape::Number, value @ Value::Number(_))
        | (Shape::Flag, value @ Value::Bool(_)) => value,
        (Shape::Words, Value::Array(all)) if all.iter().all(Value::is_string) => Value::Array(all),
        (Shape::Object(groups), Value::Object(map)) => Value::Object(fields(map, groups, path)?),
        (Shape::List(inner), Value::Array(all)) => {
            let all = all.into_iter().enumerate();
            Value::Array(
                all.map(|(n, value)| judged(value, *inner, &nth(path, n))).collect::<Result<_, _>>()?,
            )
        }
        (Shape::Map(inner), Value::Object(map)) => {
            let kept = map.into_iter().map(|(key, value)| {
                // To engines, a member of a map that is null is one that is empty.
                let value = if value.is_null() { value } else { judged(value, *inner, &within(path, &key))? };
                Ok((key, value))
            });
            Value::Object(kept.collect::<Result<_, _>>()?)
        }
        _ => return Err(BodyRefusal::Kind { path: path.to_owned() }),
    })
}

fn fields(
    map: Map<String, Value>,
    groups: &'static [&'static [Field]],
    path: &str,
) -> Result<Map<String, Value>, BodyRefusal> {
    let mut kept = Map::new();
    for (key, value) in map {
        // To engines, a field that is null is one that is not there.
        if value.is_null() {
            continue;
        }
        let at = within(path, &key);
        let Some(field) = find(groups, &key) else {
            // A newer engine may see more in an empty list than nothing, so it is not passed on.
            if says_nothing(&value) { continue } else { return Err(BodyRefusal::Unknown { path: at }) }
        };
        let value = match field.verdict {
            Verdict::Manager if says_nothing(&value) => continue,
            Verdict::Manager => return Err(BodyRefusal::Manager { path: at }),
            Verdict::Free => judged(value, field.shape, &at)?,
            Verdict::Ruled(rule) => {
                let value = judged(value, field.shape, &at)?;
                keep_rule(rule, &value, &at)?;
                value
            }
        };
        kept.insert(key, value);
    }
    Ok(kept)
}

/// Zero or empty, all the way down.
pub(super) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(n) => n.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(map) => map.values().all(says_nothing),
    }
}
