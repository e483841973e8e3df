//! The same for parameters: those that are JSON are read as strictly, and those that reach the host are judged.

use serde_json::Value;

use super::{
    BodyRefusal, Reference, Rule, Strength, address,
    policy::judged,
    read, refers,
    shape::{Field, Shape},
    spelling, tables,
};
use crate::ops::{Operation, Query};

/// Parameters that are JSON, by operation; none stands for all.
const JSON: [(&str, &str, Shape); 6] = [
    ("", "filters", Shape::Map(&Shape::Data)),
    ("build", "buildargs", Shape::Map(&Shape::Data)),
    ("build", "labels", Shape::Map(&Shape::Text)),
    ("build", "cachefrom", Shape::List(&Shape::Text)),
    ("build", "ulimits", Shape::List(&Shape::Object(&[tables::ULIMIT]))),
    ("build", "outputs", Shape::Data),
];

/// Whether somebody of this strength may call `operation` with these parameters, where `name` is what its path names.
/// Gives what else they name; parameters that are JSON are written anew.
///
/// # Errors
/// Names the parameter that may not be sent, and the rule.
pub fn asked(
    operation: &Operation,
    name: Option<&str>,
    query: &mut Query,
    caller: Strength,
) -> Result<Vec<Reference>, BodyRefusal> {
    for (id, key, shape) in JSON {
        let text = query.get(key).unwrap_or_default();
        if (id.is_empty() || id == operation.id) && !text.is_empty() {
            let value = read(text.as_bytes())?;
            spelling::check(&value, shape, key)?;
            query.set(key, value.to_string());
        }
    }
    let mut found = Vec::new();
    let groups = tables::query_of(operation.id);
    for field in groups.iter().flat_map(|group| group.iter()) {
        for text in query.all(field.name).filter(|text| !text.is_empty()) {
            let value = value_of(operation, field, text)?;
            // As the only field of a struct, so that it is judged as a field of a body is.
            let lone = Value::Object([(field.name.to_owned(), value)].into_iter().collect());
            if caller < Strength::Manager {
                judged(lone.clone(), Shape::Object(groups), "")?;
            }
            found.extend(refers::all(&lone, Shape::Object(groups)));
        }
    }
    let registry = name.map(address::registry_of).unwrap_or_default();
    if caller < Strength::Manager && operation.id == "distribution-inspect" && address::is_private(registry) {
        return Err(BodyRefusal::Ruled { path: registry.to_owned(), rule: Rule::Registry });
    }
    Ok(found)
}

fn value_of(operation: &Operation, field: &Field, text: &str) -> Result<Value, BodyRefusal> {
    let is_json = JSON.iter().any(|(id, key, _)| *key == field.name && *id == operation.id);
    if is_json {
        return read(text.as_bytes());
    }
    // A search begins with the registry that it is asked of.
    Ok(if field.name == "term" { address::registry_of(text) } else { text }.into())
}
