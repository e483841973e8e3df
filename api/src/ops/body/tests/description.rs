//! The tables against the API's description.

use super::{
    shape::{Field, Shape, Verdict, find},
    tables::{BODIES, body_of},
    *,
};
use crate::ops::{Body, OPERATIONS, resolve};

const DESCRIPTION: &str = include_str!("engine-1.55.txt");

/// Each field of the description: the operation, the field's path, what the description says it is.
fn described() -> Vec<(&'static str, &'static str, &'static str)> {
    let mut all = Vec::new();
    let mut id = "";
    for line in DESCRIPTION.lines() {
        let mut words = line.split(' ');
        match (words.next(), words.next(), words.next()) {
            (Some("#"), Some(method), Some(path)) if path.starts_with('/') => {
                let path = path.replace("{id}", "x").replace("{name}", "x");
                id = resolve(method, &path).unwrap_or_else(|why| panic!("{line}: {why}")).operation.id;
            }
            (Some(path), Some(kind), None) if path != "#" => all.push((id, path, kind)),
            _ => {}
        }
    }
    all
}

/// The shape at a path such as `HostConfig.Mounts[].Source`, and the strictest verdict on the way.
fn at(shape: Shape, path: &str) -> Option<(Shape, Verdict)> {
    let (mut shape, mut verdict) = (shape, Verdict::Free);
    for step in path.split('.') {
        let name = step.split(['[', '{']).next().unwrap_or_default();
        let Shape::Object(groups) = shape else {
            // Of data, all or nothing is for Managers.
            return matches!(shape, Shape::Data).then_some((shape, verdict));
        };
        let field = find(groups, name)?;
        if verdict != Verdict::Manager {
            verdict = field.verdict;
        }
        shape = field.shape;
        for _ in 0..step.matches("[]").count() + step.matches("{}").count() {
            shape = match shape {
                Shape::List(inner) | Shape::Map(inner) => *inner,
                Shape::Words => Shape::Text,
                other => other,
            };
        }
    }
    Some((shape, verdict))
}

#[test]
fn every_field_of_the_description_has_a_verdict() {
    let all = described();
    assert!(all.len() > 600, "{} fields", all.len());
    for (id, path, kind) in all {
        let shape = body_of(id).unwrap_or_else(|| panic!("no body of {id}"));
        let (shape, verdict) = at(shape, path).unwrap_or_else(|| panic!("no verdict on {path} of {id}"));
        let fits = match kind {
            "string" => matches!(shape, Shape::Text),
            "integer" | "number" => matches!(shape, Shape::Number),
            "boolean" => matches!(shape, Shape::Flag),
            // An enumeration, which the description gives no kind.
            "object" if path.ends_with("Mounts[].Type") => matches!(shape, Shape::Text),
            _ => matches!(shape, Shape::Object([[]]) | Shape::Data),
        };
        assert!(fits, "{path} of {id} is {shape:?}, not {kind}");
        assert!(
            !matches!(shape, Shape::Data) || verdict == Verdict::Manager,
            "{path} of {id} is not looked into"
        );
    }
}

#[test]
fn every_json_body_of_the_operation_table_is_described() {
    let with_body = |body| matches!(body, Body::Json | Body::JsonOptional);
    for row in OPERATIONS {
        assert_eq!(body_of(row.id).is_some(), with_body(row.body), "{}", row.id);
    }
    for (id, _) in tables::QUERIES {
        let row = operation(id).unwrap_or_else(|| panic!("no row {id}"));
        for field in tables::query_of(id).iter().flat_map(|group| group.iter()) {
            assert!(row.query.find(field.name).is_some(), "{id} has no parameter {}", field.name);
        }
    }
}

/// Every field that has no fields of its own, by its path.
pub(super) fn leaves(shape: Shape, path: &str, above: Verdict, add: &mut impl FnMut(&str, Verdict)) {
    match shape {
        Shape::List(inner) => leaves(*inner, &format!("{path}[]"), above, add),
        Shape::Map(inner) => leaves(*inner, &format!("{path}{{}}"), above, add),
        Shape::Object([[]]) => add(path, above),
        Shape::Object(groups) => {
            for field in groups.iter().flat_map(|group| group.iter()) {
                let here = within(path, field.name);
                let verdict = strictest(above, field);
                // A rule on a struct is about it as a whole.
                if matches!((verdict, inside(field.shape)), (Verdict::Ruled(_), true)) {
                    add(&here, verdict);
                    leaves(field.shape, &here, Verdict::Free, add);
                } else {
                    leaves(field.shape, &here, verdict, add);
                }
            }
        }
        _ => add(path, above),
    }
}

fn strictest(above: Verdict, field: &Field) -> Verdict {
    if above == Verdict::Manager { above } else { field.verdict }
}

/// Whether there are fields in it.
fn inside(shape: Shape) -> bool {
    match shape {
        Shape::List(inner) | Shape::Map(inner) => inside(*inner),
        Shape::Object(groups) => groups.iter().any(|group| !group.is_empty()),
        _ => false,
    }
}

/// What older engines and real clients know besides; the list only shrinks.
#[test]
fn what_the_description_does_not_know_is_listed() {
    const MORE: [&str; 24] = [
        "KernelMemory",
        "KernelMemoryTCP",
        "DiskQuota",
        "MacAddress",
        "CheckDuplicate",
        "Detach",
        "detachKeys",
        "Container",
        "email",
        "auth",
        "identitytoken",
        "registrytoken",
        "ClusterOptions",
        "BlockVolume",
        "Healthcheck",
        "AutoLockManagers",
        "Availability",
        "Test[]",
        "Interval",
        "Timeout",
        "Retries",
        "StartPeriod",
        "StartInterval",
        "Value[]",
    ];
    let described = described();
    for (id, groups) in BODIES {
        leaves(Shape::Object(groups), "", Verdict::Free, &mut |path, _| {
            let known = described.iter().any(|(known, there, _)| {
                known == id
                    && (there == &path
                        || there.trim_end_matches("[]") == path
                        || there.starts_with(&format!("{path}[]"))
                        || there.starts_with(&format!("{path}{{}}")))
            });
            let last = path.rsplit('.').next().unwrap_or(path);
            assert!(known || MORE.contains(&last), "{path} of {id} is not in the description");
        });
    }
}

/// What can be said twice must not be judged twice.
#[test]
fn no_struct_has_a_field_twice() {
    fn look(shape: Shape) {
        match shape {
            Shape::List(inner) | Shape::Map(inner) => look(*inner),
            Shape::Object(groups) => {
                let mut seen = std::collections::HashSet::new();
                for field in groups.iter().flat_map(|group| group.iter()) {
                    assert!(seen.insert(field.name), "{} stands twice", field.name);
                    look(field.shape);
                }
            }
            _ => {}
        }
    }
    BODIES.iter().for_each(|(_, groups)| look(Shape::Object(groups)));
}
