use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value as Json;

use super::{FILE, Kind, near};

/// The specification's schema knows the same keys in the same places.
#[test]
fn the_table_is_the_specifications() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/compose-spec/compose-spec.json");
    let schema: Json = serde_json::from_str(&fs::read_to_string(path).expect("the schema")).expect("JSON");
    let mut compared = 0;
    compare(&schema, &schema, Kind::Object(FILE), "", &mut compared);
    assert!(compared > 40, "only {compared} maps were compared");
}

fn compare(root: &Json, schema: &Json, kind: Kind, path: &str, compared: &mut usize) {
    let schema = resolved(root, schema);
    match kind.long() {
        Kind::Object(fields) => {
            let Some(properties) =
                variants(root, schema).into_iter().find_map(|one| one["properties"].as_object())
            else {
                panic!("{path}: no map in the schema");
            };
            let known: BTreeSet<_> = properties.keys().map(String::as_str).collect();
            let ours: BTreeSet<_> = fields.iter().map(|field| field.name).collect();
            assert_eq!(ours, known, "{path}");
            assert!(fields.is_sorted_by_key(|field| field.name), "{path} is in order");
            *compared += 1;
            for field in fields {
                compare(
                    root,
                    &properties[field.name],
                    field.kind,
                    &format!("{path}.{}", field.name),
                    compared,
                );
            }
        }
        Kind::Map(kind) | Kind::Named(kind) => {
            for one in variants(root, schema) {
                for pattern in one["patternProperties"].as_object().into_iter().flatten() {
                    if pattern.0 != "^x-" {
                        compare(root, pattern.1, *kind, &format!("{path}.*"), compared);
                    }
                }
            }
        }
        Kind::List(kind) => {
            for one in variants(root, schema).into_iter().filter(|one| !one["items"].is_null()) {
                compare(root, &one["items"], *kind, &format!("{path}[]"), compared);
            }
        }
        _ => {}
    }
}

fn resolved<'a>(root: &'a Json, schema: &'a Json) -> &'a Json {
    match schema["$ref"].as_str() {
        Some(at) => resolved(root, root.pointer(at.trim_start_matches('#')).expect("a definition")),
        None => schema,
    }
}

fn variants<'a>(root: &'a Json, schema: &'a Json) -> Vec<&'a Json> {
    match schema["oneOf"].as_array() {
        Some(all) => all.iter().map(|one| resolved(root, one)).collect(),
        None => vec![schema],
    }
}

#[test]
fn what_was_meant_is_found() {
    let keys =
        ["command", "depends_on", "environment", "healthcheck", "image", "logging", "network_mode", "ports"];
    for (written, meant) in [
        ("enviroment", Some("environment")),
        ("port", Some("ports")),
        ("depend-on", Some("depends_on")),
        ("Image", Some("image")),
        ("iamge", Some("image")),
        ("cmd", Some("command")),
        ("log_driver", Some("logging")),
        ("health_check", Some("healthcheck")),
        ("frobnicate", None),
        ("x", None),
    ] {
        assert_eq!(near(written, keys).as_deref(), meant, "{written}");
    }
}
