//! Portainer's format, on real files and on bad ones.

use std::{collections::BTreeMap, fs, path::Path};

use longshore_compose::load::{Request, load};
use longshore_templates::{
    collection::Collection,
    fill::{Around, fill},
    portainer,
    template::{Deploys, Platform, StackFile, Template},
    variable::Kind,
};

/// Taken from a collection that many use; its licence stands beside it.
fn fixture() -> Collection {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/templates/templates.json");
    portainer::read(&fs::read_to_string(path).expect("the fixture"))
}

fn said(collection: &Collection) -> Vec<String> {
    collection.findings.iter().map(ToString::to_string).collect()
}

/// The project that a template becomes with what is proposed.
fn project(template: &Template) -> (longshore_compose::load::Loaded, String) {
    let mut around = Around { random: &mut |bytes| bytes.fill(9), taken: &|_, _| false };
    let filled = fill(template, &BTreeMap::new(), &mut around)
        .unwrap_or_else(|refused| panic!("{}: {refused:?}", template.title.en));
    let StackFile::Text { text } = &filled.file else { panic!("{}: no text", template.title.en) };
    let mut request = Request::new("/srv/app", "compose.yaml");
    request.variables = filled.variables.clone();
    (load(&request, &BTreeMap::from([("compose.yaml".to_owned(), text.clone())])), text.clone())
}

#[test]
fn all_real_templates_are_read_and_containers_resolve() {
    let collection = fixture();
    assert_eq!((collection.version, collection.templates.len()), (Some(3), 63), "{:#?}", said(&collection));
    assert!(collection.findings.iter().all(|finding| finding.is_note()), "{:#?}", said(&collection));
    let mut containers = 0;
    for template in &collection.templates {
        assert!(!template.id.is_empty() && !template.description.is_empty() && !template.mark.is_empty());
        let Deploys::Container(_) = &template.deploys else { continue };
        containers += 1;
        if template.platform == Some(Platform::Windows) {
            continue;
        }
        let (loaded, text) = project(template);
        let project = loaded.project.as_ref();
        assert!(
            loaded.findings.is_empty() && project.is_some(),
            "{}\n{text}\n{:#?}",
            template.title.en,
            loaded.findings
        );
        assert_eq!(project.map(|project| project.services.len()), Some(1));
    }
    assert_eq!(containers, 32);
    let swarm = collection.templates.iter().filter(|template| template.is_swarm()).count();
    assert_eq!(swarm, 5);
}

const CONTAINER: &str = r#"{"version": "2", "templates": [{
    "type": "1", "title": "Étude", "description": "d", "name": "My App", "image": "a/b:1", "registry": "https://r.example:5000/",
    "command": "run --x 'a b' $HOME", "hostname": "h", "privileged": true, "interactive": true, "restart_policy": "on-failure",
    "network": "front", "platform": "linux", "administrator-only": true, "maintainer": "m", "categories": ["Database", "x", "x"],
    "note": "<b>Mind</b> <script>x</script>", "logo": "https://example.com/l.png",
    "ports": ["8080:80/tcp", "53/udp", "27000-27002:27000-27002/udp", "127.0.0.1:90:90", 81],
    "volumes": [{"container": "/data"}, {"container": "/etc/x", "bind": "/srv/x", "readonly": true}],
    "labels": [{"name": "a.b", "value": "$1"}], "hosts": ["db:10.0.0.1"],
    "env": [
        {"name": "DB_PASSWORD", "label": "Password", "description": "help"},
        {"name": "MODE", "select": [{"text": "A", "value": "a"}, {"text": "B", "value": "b", "default": true}]},
        {"name": "FIXED", "preset": true, "default": 5},
        {"name": "my.var", "default": "x", "type": "text"}
    ]
}]}"#;

#[test]
fn every_field_counts() {
    let collection = portainer::read(CONTAINER);
    assert_eq!(said(&collection), [""; 0]);
    let template = &collection.templates[0];
    assert!(template.administrators_only && template.platform == Some(Platform::Linux));
    assert_eq!(template.categories.len(), 2);
    assert_eq!(template.categories[0].zh.as_deref(), Some("数据库"));
    assert_eq!(template.id.len(), 16);
    let names: Vec<_> = template
        .variables
        .iter()
        .map(|it| (it.name.as_str(), it.default.as_deref().unwrap_or("-"), it.asked, it.sealed))
        .collect();
    assert_eq!(
        names,
        [
            ("DB_PASSWORD", "-", true, true),
            ("MODE", "b", true, false),
            ("FIXED", "5", false, false),
            ("VAR_4_my_var", "x", true, false),
            ("PORT_80", "8080", true, false),
            ("PORT_53_UDP", "-", true, false),
            ("PORT_81", "-", true, false),
            ("FOLDER_2", "/srv/x", true, false),
            ("LIMIT_MEMORY", "-", true, false),
            ("LIMIT_CPUS", "-", true, false),
        ]
    );
    let (loaded, text) = project(template);
    assert!(loaded.findings.is_empty(), "{text}\n{:#?}", loaded.findings);
    insta::assert_snapshot!(text, @r##"
services:
  myapp:
    image: "r.example:5000/a/b:1"
    restart: on-failure
    command: "run --x 'a b' $$HOME"
    hostname: h
    networks:
      - given
    privileged: true
    stdin_open: true
    tty: true
    ports:
      - "${PORT_80:+${PORT_80}:}80/tcp"
      - "${PORT_53_UDP:+${PORT_53_UDP}:}53/udp"
      - "27000-27002:27000-27002/udp"
      - "127.0.0.1:90:90/tcp"
      - "${PORT_81:+${PORT_81}:}81/tcp"
    extra_hosts:
      - "db:10.0.0.1"
    environment:
      DB_PASSWORD: ${DB_PASSWORD}
      MODE: ${MODE}
      FIXED: ${FIXED}
      my.var: ${VAR_4_my_var}
    mem_limit: ${LIMIT_MEMORY:-0}
    cpus: ${LIMIT_CPUS:-0}
    volumes:
      - type: volume
        source: data
        target: /data
      - type: bind
        source: ${FOLDER_2}
        target: /etc/x
        read_only: true
        bind:
          create_host_path: true
    labels:
      a.b: "$$1"
volumes:
  data:
networks:
  given:
    name: front
    external: true
"##);
}

#[test]
fn stacks_come_from_wherever_they_are() {
    let collection = portainer::read(
        r#"{"version": 3, "templates": [
            {"id": 1, "type": 3, "title": "R", "repository": {"url": "https://example.com/r", "stackfile": "a/b.yml"}},
            {"id": 2, "type": 2, "title": "S", "repository": {"url": "https://example.com/r", "stackfile": "s.yml"}},
            {"id": 3, "type": 3, "title": "T", "stackFile": "services:\n  a:\n    image: a:1\n"},
            {"id": 4, "type": 4, "title": "U", "stackfile": "https://example.com/u.yml"}
        ]}"#,
    );
    assert_eq!(said(&collection), [""; 0]);
    let kinds: Vec<_> = collection
        .templates
        .iter()
        .map(|template| match &template.deploys {
            Deploys::Stack { file: StackFile::Repository { path, .. }, swarm } => format!("{path} {swarm}"),
            Deploys::Stack { file: StackFile::Text { .. }, swarm } => format!("text {swarm}"),
            Deploys::Stack { file: StackFile::Address { url }, swarm } => format!("{url} {swarm}"),
            Deploys::Container(_) => "container".to_owned(),
        })
        .collect();
    assert_eq!(kinds, ["a/b.yml false", "s.yml true", "text false", "https://example.com/u.yml false"]);
}

#[test]
fn the_first_version_is_a_list() {
    let collection = portainer::read(
        r#"[{"type": "container", "title": "Old", "image": "a:1", "env": [{"name": "A", "set": "b"}, {"name": "C", "label": "c"}]}]"#,
    );
    assert_eq!((collection.version, said(&collection)), (Some(1), Vec::new()));
    let variables = &collection.templates[0].variables;
    assert_eq!((variables[0].asked, variables[0].default.as_deref()), (false, Some("b")));
    assert!(variables[1].asked && matches!(variables[1].kind, Kind::Text { .. }));
}

#[test]
fn a_bad_entry_is_a_message_and_the_good_ones_come() {
    let collection = portainer::read(
        r#"{"version": "3", "extra": 1, "templates": [
            {"id": 1, "type": 1, "title": "Good", "image": "a:1"},
            {"id": 2, "type": 1, "title": "No image"},
            {"id": 3, "type": 9, "title": "Nine", "image": "a:1"},
            {"id": 1, "type": 1, "title": "Same id", "image": "b:1", "image": "c:1", "imagee": 3},
            5,
            {"id": 5, "type": 3, "title": "Empty"},
            {"id": 6, "type": 3, "title": "Way out", "repository": {"url": "file:///etc", "stackfile": "../x"}},
            {"id": 7, "type": 1, "title": "Lists", "image": "a:1", "ports": "80", "volumes": [{"bind": "/x"}], "env": [{"label": "x"}]},
            {"id": 8, "type": 1, "title": "Port", "image": "a:1", "ports": ["80:x/tcp", "0/tcp", "1-2/what"], "restart_policy": "maybe"},
            {"type": 1, "image": "a:1"}
        ]}"#,
    );
    let titles: Vec<_> = collection.templates.iter().map(|template| template.title.en.as_str()).collect();
    assert_eq!(titles, ["Good", "Same id"]);
    assert_ne!(collection.templates[0].id, collection.templates[1].id);
    insta::assert_snapshot!(said(&collection).join("\n"), @r##"
`extra` is not known and has no effect. Remove it, or correct it.
Template 2, No image: `image` is missing. Write one.
Template 3, Nine: type: The type `9` is not known. There are 1 for a container, 2 for a stack of a swarm, 3 and 4 for a Compose stack.
Template 4: `image` stands here twice and the last counts. Remove one.
Template 4, Same id: `imagee` is not known and has no effect. Did you mean `image`?
Template 4, Same id: id: `1` is the id of Good too. Choose another.
Template 5: This has to be keys with values, not a number.
Template 6, Empty: Nothing says what is deployed. Write `repository`, with `url` and `stackfile`, or `stackFile`.
Template 7, Way out: repository.url: `file:///etc` is no address that is fetched. Write one with `https://` or `http://`.
Template 7, Way out: repository.stackfile: `../x` is no path in a repository. Write one without a leading `/` and `..`.
Template 8, Lists: env.0: `name` is missing. Write one.
Template 8, Lists: ports: This has to be a list, not a text.
Template 8, Lists: volumes.0: `container` is missing. Write one.
Template 9, Port: restart_policy: `maybe` is none of `always`, `no`, `on-failure`, `unless-stopped`.
Template 9, Port: ports: `80:x/tcp` is no port. Write it as `8080:80/tcp` or `80/tcp`.
Template 9, Port: ports: `0/tcp` is no port. Write it as `8080:80/tcp` or `80/tcp`.
Template 9, Port: ports: `1-2/what` is no port. Write it as `8080:80/tcp` or `80/tcp`.
Template 10: `title` is missing. Write one.
"##);
}

#[test]
fn what_is_no_file_of_templates_is_said() {
    let all =
        ["", "{", "5", "{}", r#"{"version": "4", "templates": []}"#, r#"{"version": "3", "templates": {}}"#];
    let all: Vec<_> = all.iter().map(|text| said(&portainer::read(text)).join("; ")).collect();
    insta::assert_snapshot!(all.join("\n"), @r##"
This is no JSON: EOF while parsing a value at line 1 column 0
This is no JSON: EOF while parsing an object at line 1 column 1
This is no list of templates. It needs `"version"` and `"templates"`, or to be a list.
This is no list of templates. It needs `"version"` and `"templates"`, or to be a list.
Version `4` of the format is not known. There are 1, 2 and 3.
This is no list of templates. It needs `"version"` and `"templates"`, or to be a list.
"##);
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(portainer::read(&deep).findings.len(), 1);
    let large = format!("[{}]", vec![r#"{"title":"a","image":"a:1"}"#; portainer::MOST + 1].join(","));
    let collection = portainer::read(&large);
    assert_eq!(collection.templates.len(), portainer::MOST);
    assert!(said(&collection)[0].contains("more than 5,000 templates"));
}

/// A list of ids that does not change when a file is read again.
#[test]
fn ids_stay() {
    let ids = |collection: &Collection| -> Vec<String> {
        collection.templates.iter().map(|template| template.id.clone()).collect()
    };
    assert_eq!(ids(&portainer::read(CONTAINER)), ids(&portainer::read(CONTAINER)));
    let unique: std::collections::BTreeSet<_> = ids(&fixture()).into_iter().collect();
    assert_eq!(unique.len(), 63);
}

/// Whatever a download left of a file, and whatever somebody wrote into it.
#[test]
fn broken_files_are_said_and_nothing_breaks() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/templates/templates.json");
    let text = fs::read_to_string(path).expect("the fixture");
    for at in (0..text.len()).step_by(1_999).filter(|at| text.is_char_boundary(*at)) {
        let collection = portainer::read(&text[..at]);
        assert!(collection.templates.is_empty() && collection.findings.len() == 1, "at {at}");
    }
    // Values of other kinds in every place.
    for (from, to) in
        [("\"", "5"), (": \"", ": [\""), ("[", "{}, ["), ("{", "[{"), ("1", "null"), ("tcp", "TCP/9")]
    {
        let _ = portainer::read(&text.replace(from, to));
        for (n, _) in text.match_indices(from).step_by(37) {
            let broken = format!("{}{to}{}", &text[..n], &text[n + from.len()..]);
            let _ = portainer::read(&broken);
        }
    }
    for word in ["null", "[]", "{}", "true", "-1.5e300", "\"\"", "\"\\u0000\"", "[[]]", "[{}]", "[null]"] {
        for field in [
            "title",
            "type",
            "image",
            "env",
            "ports",
            "volumes",
            "labels",
            "categories",
            "repository",
            "note",
            "id",
            "logo",
        ] {
            let entry = format!(r#"{{"title": "a", "image": "a:1", "type": 1, "{field}": {word}}}"#);
            let collection = portainer::read(&format!("[{entry}]"));
            assert!(collection.templates.len() + collection.findings.len() > 0, "{entry}");
        }
    }
}
