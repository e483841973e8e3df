//! Real files: each is read, resolved, holds together, and reads as the same once it is written out.

use std::{collections::BTreeMap, fs, path::Path};

use longshore_compose::{
    config,
    load::{Request, load},
};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/compose")
}

#[test]
fn every_fixture_is_a_project() {
    let mut seen = 0;
    for file in fs::read_dir(folder()).expect("the fixtures are there") {
        let path = file.expect("a file").path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        seen += 1;
        let text = fs::read_to_string(&path).expect("a text");
        let files = BTreeMap::from([("compose.yaml".to_owned(), text)]);
        let loaded = load(&Request::new("/srv/shop", "compose.yaml"), &files);
        let errors: Vec<_> = loaded.findings.iter().filter(|finding| !finding.is_warning()).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        let project = loaded.project.expect("a project");

        let written = config::yaml(&project);
        let again = load(
            &Request::new("/srv/shop", "compose.yaml"),
            &BTreeMap::from([("compose.yaml".to_owned(), written.clone())]),
        );
        assert_eq!(
            again.project.as_ref(),
            Some(&project),
            "{}:\n{written}\n{:#?}",
            path.display(),
            again.findings
        );
    }
    assert_eq!(seen, 9, "all fixtures were read");
}

#[test]
fn what_a_file_asks_for_is_known() {
    let text = fs::read_to_string(folder().join("postgresql-pgadmin.yaml")).expect("the fixture");
    let loaded =
        load(&Request::new("/srv/db", "compose.yaml"), &BTreeMap::from([("compose.yaml".to_owned(), text)]));
    let asked: Vec<_> = loaded.asked.keys().map(String::as_str).collect();
    assert_eq!(asked, ["POSTGRES_USER", "POSTGRES_PW", "POSTGRES_DB", "PGADMIN_MAIL", "PGADMIN_PW"]);
    assert_eq!(loaded.asked["POSTGRES_PW"].places[0].to_string(), "compose.yaml:7:9");
    assert_eq!(loaded.findings.len(), 5);
}
