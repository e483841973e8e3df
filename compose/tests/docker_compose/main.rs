//! What `docker-compose` 1.29 makes of a file, we make of it too: `docker-compose config` of each file, read and written by
//! us, has the same values as the file itself, read and written by us; and so has that output as it is, put into the long
//! forms by hand (`plain`), so that a fault of our reader is seen that reads both.
//!
//! What the specification demands otherwise, and what is therefore not compared as it stands but in its canonical form:
//! `version` is gone and `name` is there; the default network and the names of networks, volumes, secrets and configs are
//! said; ports, volumes, devices and grants are in their long form, commands are lists, sizes are bytes, spans are as Go
//! writes them, values of environments are texts; `required` stands in dependencies, `protocol` and `mode` in ports, the
//! target in secrets; a check that is disabled says so. 1.29 keeps keys whose value is the default (`privileged: false`) and drops `x-…`.

mod plain;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use longshore_compose::{
    config,
    load::{Request, load},
    model::Project,
    yaml::{self, Limits},
};
use serde_json::Value as Json;

/// The files of a folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|file| file.path())
        .filter(|path| path.is_file());
    let named = files.map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path));
    named.map(|(name, path)| (name, fs::read_to_string(path).expect("a text"))).collect()
}

fn project(root: &Path, file: &str) -> Project {
    let mut request = Request::new(&root.to_string_lossy(), file);
    request.profiles.push("*".to_owned());
    request.name = Some("same".to_owned());
    let loaded = load(&request, &files(root));
    loaded.project.unwrap_or_else(|| panic!("{file}: {:#?}", loaded.findings))
}

fn values(project: &Project) -> Json {
    let text = config::yaml(project);
    yaml::read("config", &text, Limits::default()).expect("YAML")[0].to_json()
}

/// What is compared of a file.
fn compare(file: &Path, beside: &[(&str, &str)]) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("its path");
    fs::copy(file, root.join("docker-compose.yml")).expect("a copy");
    for (name, text) in beside {
        fs::write(root.join(name), text).expect("a file");
    }
    let mut ours = project(&root, "docker-compose.yml");
    for build in ours.services.values().filter_map(|service| service.build.as_ref()) {
        fs::create_dir_all(&build.context).expect("a context");
    }
    let theirs = Command::new("docker-compose")
        .args(["--profile", "p", "config"])
        .current_dir(&root)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .expect("docker-compose, which `cargo xtask test` installs");
    let said = String::from_utf8_lossy(&theirs.stderr);
    assert!(theirs.status.success(), "{}: {said}", file.display());
    let raw = String::from_utf8(theirs.stdout.clone()).expect("a text");
    let raw = yaml::read("theirs", &raw, Limits::default()).expect("YAML")[0].to_json();
    fs::write(root.join("theirs.yml"), theirs.stdout).expect("a file");
    let theirs = project(&root, "theirs.yml");
    ours.extra.clear();
    for health in ours.services.values_mut().filter_map(|service| service.healthcheck.as_mut()) {
        if std::mem::take(&mut health.disable) {
            health.test = vec!["NONE".to_owned()];
        }
    }
    let mut differ = Vec::new();
    differences("", &values(&ours), &plain::plain(&raw, "same"), &mut differ);
    assert!(differ.is_empty(), "{}, word for word: {differ:#?}", file.display());
    differences("", &values(&ours), &values(&theirs), &mut differ);
    assert!(differ.is_empty(), "{}: {differ:#?}", file.display());
}

/// Where two values differ.
fn differences(path: &str, ours: &Json, theirs: &Json, into: &mut Vec<String>) {
    match (ours, theirs) {
        (Json::Object(left), Json::Object(right)) => {
            let keys: std::collections::BTreeSet<_> = left.keys().chain(right.keys()).collect();
            for key in keys {
                let value =
                    |of: &serde_json::Map<String, Json>| of.get(key).cloned().unwrap_or("nothing".into());
                differences(&format!("{path}.{key}"), &value(left), &value(right), into);
            }
        }
        _ if ours == theirs => {}
        _ => into.push(format!("{path}: {ours} and not {theirs}")),
    }
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_fixtures_mean_the_same_to_docker_compose() {
    for file in fs::read_dir(here("../tests/fixtures/compose")).expect("the fixtures").flatten() {
        if file.path().extension().is_some_and(|extension| extension == "yaml") {
            compare(&file.path(), &[]);
        }
    }
}

#[test]
fn files_of_version_2_mean_the_same_to_docker_compose() {
    compare(&here("tests/files/version-2.yaml"), &[("a.env", "A=file\nE=env\nF=\"q x\"\n")]);
}

#[test]
fn files_of_version_3_mean_the_same_to_docker_compose() {
    compare(&here("tests/files/version-3.yaml"), &[("s.txt", ""), ("c.txt", "")]);
}
