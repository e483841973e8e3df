//! What the specification says, by its own examples.
//!
//! The files marked "of the specification" are taken from the Compose Specification, Copyright 2020 The Compose
//! Specification Authors, under the Apache License 2.0; see `tests/fixtures/compose-spec`.

mod support;

use support::Stack;

/// The lines of a project's file that belong to one service.
fn service(config: &str, name: &str) -> String {
    let mut lines = config
        .lines()
        .skip_while(|line| *line != "services:")
        .skip_while(|line| *line != format!("  {name}:"));
    lines.next();
    let lines = lines.take_while(|line| line.starts_with("    "));
    lines.map(|line| format!("{}\n", &line[4..])).collect()
}

const DEFAULT: &str = "networks:\n  default: null\n";

/// 13-merge.md, of the specification.
#[test]
fn maps_lists_commands_and_volumes_merge() {
    let merged = |base: &str, over: &str| {
        let file = |more: &str| format!("services:\n  foo:\n    image: x\n{more}");
        let (base, over) = (file(base), file(over));
        let stack = Stack::of([("a.yaml", &base), ("b.yaml", &over)]).over(&["b.yaml"]);
        service(&stack.config(), "foo").replace("image: x\n", "").replace(DEFAULT, "")
    };
    for (base, over, both) in [
        (
            "    labels: {key1: value1, key2: value2}\n",
            "    labels: {key2: VALUE, key3: value3}\n",
            "labels:\n  key1: value1\n  key2: VALUE\n  key3: value3\n",
        ),
        ("    dns: [1.1.1.1]\n", "    dns:\n      - 8.8.8.8\n", "dns:\n  - 1.1.1.1\n  - 8.8.8.8\n"),
        (
            "    command: [\"echo\", \"foo\"]\n",
            "    command: [\"echo\", \"bar\"]\n",
            "command:\n  - echo\n  - bar\n",
        ),
        (
            "    environment: [A=1, B=2]\n",
            "    environment: {B: 3, C: 4}\n",
            "environment:\n  A: \"1\"\n  B: \"3\"\n  C: \"4\"\n",
        ),
        (
            "    ports: [\"8080:80\", \"1:1\"]\n",
            "    ports: [\"8080:80/tcp\", \"8443:443\"]\n",
            "ports:\n  - mode: ingress\n    protocol: tcp\n    published: \"8080\"\n    target: 80\n  - mode: ingress\n    \
             protocol: tcp\n    published: \"1\"\n    target: 1\n  - mode: ingress\n    protocol: tcp\n    published: \
             \"8443\"\n    target: 443\n",
        ),
        (
            "    logging: {driver: json-file, options: {max-size: 1m}}\n",
            "    logging: {driver: local}\n",
            "logging:\n  driver: local\n",
        ),
        (
            "    healthcheck: {test: [CMD, a], interval: 5s}\n",
            "    healthcheck: {test: b}\n",
            "healthcheck:\n  interval: 5s\n  test:\n    - CMD-SHELL\n    - b\n",
        ),
        ("    cap_add: [A, B]\n", "    cap_add: [B, C]\n", "cap_add:\n  - A\n  - B\n  - C\n"),
        ("    entrypoint: [a, b]\n", "    entrypoint: []\n", "entrypoint: []\n"),
        (
            "    ulimits: {nofile: 5}\n",
            "    ulimits: {nofile: {soft: 1, hard: 2}}\n",
            "ulimits:\n  nofile:\n    hard: 2\n    soft: 1\n",
        ),
    ] {
        assert_eq!(merged(base, over), both, "{base}{over}");
    }
    let volume = merged("    volumes: [/a:/work]\n", "    volumes: [/b:/work/]\n");
    assert!(volume.contains("source: /b\n") && !volume.contains("/a\n"), "{volume}");
}

/// `!reset` and `!override`: 13-merge.md, of the specification.
#[test]
fn values_are_reset_and_replaced() {
    let base = "services:\n  app:\n    image: myapp\n    ports:\n      - \"8080:80\"\n    environment:\n      FOO: BAR\n";
    let reset = "services:\n  app:\n    image: myapp\n    ports: !reset []\n    environment:\n      FOO: !reset null\n";
    let stack = Stack::of([("a.yaml", base), ("b.yaml", reset)]).over(&["b.yaml"]);
    assert_eq!(service(&stack.config(), "app"), format!("image: myapp\n{DEFAULT}"));

    let replaced = "services:\n  app:\n    ports: !override\n      - \"8443:443\"\n";
    let stack = Stack::of([("a.yaml", base), ("b.yaml", replaced)]).over(&["b.yaml"]);
    let ports = stack.load().project.expect("a project").services["app"].ports.clone();
    assert_eq!((ports.len(), ports[0].published.as_str()), (1, "8443"));

    let again = "services:\n  app:\n    ports: [\"9000:90\"]\n    environment: {NEW: x}\n";
    let stack =
        Stack::of([("a.yaml", base), ("b.yaml", reset), ("c.yaml", again)]).over(&["b.yaml", "c.yaml"]);
    let app = stack.load().project.expect("a project").services["app"].clone();
    assert_eq!(app.ports.len(), 1);
    assert_eq!(app.environment.keys().collect::<Vec<_>>(), ["NEW"]);

    let whole = "services:\n  app: !reset null\n  other: {image: y}\n";
    let stack = Stack::of([("a.yaml", base), ("b.yaml", whole)]).over(&["b.yaml"]);
    assert_eq!(stack.load().project.expect("a project").services.keys().collect::<Vec<_>>(), ["other"]);
}

/// 05-services.md, `extends`, of the specification.
#[test]
fn services_extend_others() {
    let config = Stack::of([(
        "compose.yaml",
        "services:\n  common:\n    image: busybox\n    environment:\n      TZ: utc\n      PORT: 80\n  cli:\n    extends:\n      service: common\n    environment:\n      PORT: 8080\n",
    )])
    .config();
    let cli = service(&config, "cli");
    assert_eq!(cli, format!("environment:\n  PORT: \"8080\"\n  TZ: utc\nimage: busybox\n{DEFAULT}"));

    let config = Stack::of([(
        "compose.yaml",
        "services:\n  common:\n    image: busybox\n    volumes:\n      - common-volume:/var/lib/backup/data:rw\n  cli:\n    extends:\n      service: common\n    volumes:\n      - cli-volume:/var/lib/backup/data:ro\nvolumes:\n  common-volume:\n  cli-volume:\n",
    )]);
    let volumes = config.load().project.expect("a project").services["cli"].volumes.clone();
    assert_eq!((volumes.len(), volumes[0].source.as_str(), volumes[0].read_only), (1, "cli-volume", true));
}

#[test]
fn a_file_that_is_extended_brings_its_own_folder_and_no_more_than_the_service() {
    let stack = Stack::of([
        (
            "compose.yaml",
            "services:\n  web:\n    extends: {file: lib/base.yaml, service: web}\n    ports: !reset []\n    environment: [B=2]\n",
        ),
        (
            "lib/base.yaml",
            "services:\n  web:\n    extends: root\n    build: ./app\n    env_file: web.env\n    volumes: [./data:/data]\n    ports: [\"80:80\"]\n  root:\n    environment: {A: \"${TAG:-1}\"}\n  broken:\n    nonsense: true\n",
        ),
        ("lib/web.env", "C=3\n"),
    ]);
    let project = stack.load().project.unwrap_or_else(|| panic!("{:#?}", stack.said()));
    let web = &project.services["web"];
    assert_eq!(web.build.as_ref().expect("a build").context, "/srv/shop/lib/app");
    assert_eq!(web.volumes[0].source, "/srv/shop/lib/data");
    assert!(web.ports.is_empty());
    let environment: Vec<_> =
        web.environment.iter().map(|(k, v)| format!("{k}={}", v.clone().unwrap_or_default())).collect();
    assert_eq!(environment, ["A=1", "B=2", "C=3"]);
    assert_eq!(project.services.len(), 1);
}

/// 14-include.md.
#[test]
fn included_projects_have_their_own_folder_and_variables() {
    let mut stack = Stack::of([
        (
            "app/compose.yaml",
            "include:\n  - ../commons/compose.yaml\n  - path: [../db/compose.yaml, db-override.yaml]\n    project_directory: ../db\n    env_file: ../db/dev.env\nservices:\n  webapp:\n    image: x\n    depends_on:\n      - included-service\n      - db\n",
        ),
        (
            "commons/compose.yaml",
            "include: [more.yaml]\nservices:\n  included-service:\n    image: inc:${TAG}\n    build: .\nvolumes:\n  shared:\n",
        ),
        ("commons/more.yaml", "services:\n  deep:\n    image: deep\n"),
        ("commons/.env", "TAG=1\n"),
        ("db/compose.yaml", "services:\n  db:\n    image: db:${TAG}\n    volumes: [./data:/data]\n"),
        ("app/db-override.yaml", "services:\n  db:\n    hostname: ${OUTER}\n"),
        ("db/dev.env", "TAG=2\nOUTER=no\n"),
    ]);
    stack.request.variables.insert("OUTER".to_owned(), "yes".to_owned());
    let project = stack.load().project.unwrap_or_else(|| panic!("{:#?}", stack.said()));
    let [included, db] = ["included-service", "db"].map(|name| &project.services[name]);
    assert_eq!((included.image.as_str(), db.image.as_str()), ("inc:1", "db:2"));
    assert_eq!(included.build.as_ref().expect("a build").context, "/srv/shop/commons");
    assert_eq!((db.volumes[0].source.as_str(), db.hostname.as_str()), ("/srv/shop/db/data", "yes"));
    assert_eq!(project.volumes["shared"].name, "app_shared");
    assert!(project.services.contains_key("deep"));
}

#[test]
fn what_is_included_may_be_the_same_but_not_another() {
    let stack = |other: &str| {
        Stack::of([
            ("compose.yaml", "include: [a.yaml]\nservices:\n  web:\n    image: x\n"),
            ("a.yaml", &format!("services:\n  web:\n    image: {other}\n")),
        ])
    };
    assert!(stack("x").load().project.is_some());
    assert_eq!(
        stack("y").said(),
        [
            "a.yaml:2:3: services.web: The service `web` is also defined at compose.yaml:3:3. Rename one of them."
        ]
    );
}

/// 15-profiles.md, of the specification.
#[test]
fn profiles_choose_services() {
    let text = "services:\n  foo:\n    image: foo\n  bar:\n    image: bar\n    profiles:\n      - test\n  baz:\n    image: baz\n    depends_on:\n      - bar\n    profiles:\n      - test\n  zot:\n    image: zot\n    depends_on:\n      - bar\n    profiles:\n      - debug\n";
    let with = |profiles: &[&str], services: &[&str]| {
        let mut stack = Stack::of([("compose.yaml", text)]);
        stack.request.profiles = profiles.iter().map(|&profile| profile.to_owned()).collect();
        stack.request.services = services.iter().map(|&service| service.to_owned()).collect();
        let loaded = stack.load();
        match loaded.project {
            Some(project) => project.services.keys().cloned().collect::<Vec<_>>().join(" "),
            None => loaded.findings[0].to_string(),
        }
    };
    let invalid = "compose.yaml:17:9: services.zot.depends_on.bar: The service `bar` is needed here and only active with a \
                   profile of `test`. Activate it.";
    assert_eq!(with(&[], &[]), "foo");
    assert_eq!(with(&["test"], &[]), "bar baz foo");
    assert_eq!(with(&["debug"], &[]), invalid);
    assert_eq!(with(&["debug", "test"], &[]), "bar baz foo zot");
    assert_eq!(with(&["*"], &[]), "bar baz foo zot");
    assert_eq!(with(&[], &["bar"]), "bar baz foo");
    let stack = Stack::of([("compose.yaml", text), (".env", "COMPOSE_PROFILES=debug, test\n")]);
    assert_eq!(stack.load().project.expect("a project").services.len(), 4);
    assert_eq!(with(&[], &["baz"]), "bar baz foo");
    assert_eq!(with(&[], &["zot"]), invalid);
    assert_eq!(with(&["test"], &["zot"]), "bar baz foo zot");
}

/// 10-fragments.md and 11-extension.md, of the specification.
#[test]
fn fragments_and_extensions() {
    let config = Stack::of([(
        "compose.yaml",
        "x-environment: &default-environment\n  FOO: BAR\n  ZOT: QUIX\nx-keys: &keys\n  KEY: VALUE\nservices:\n  frontend:\n    image: example/webapp\n    environment:\n      << : [*default-environment, *keys]\n      YET_ANOTHER: VARIABLE\n    x-foo: bar\nvolumes:\n  db-data: &default-volume\n    driver: default\n    name: \"data\"\n  metrics:\n    <<: *default-volume\n    name: \"metrics\"\n",
    )]);
    let project = config.load().project.expect("a project");
    let frontend = &project.services["frontend"];
    assert_eq!(frontend.environment.keys().collect::<Vec<_>>(), ["FOO", "KEY", "YET_ANOTHER", "ZOT"]);
    assert_eq!(frontend.extra["x-foo"], "bar");
    assert_eq!(
        (project.volumes["db-data"].name.as_str(), project.volumes["metrics"].name.as_str()),
        ("data", "metrics")
    );
    assert_eq!(project.extra.len(), 2);
}

/// Keys stay as they are; values are typed by their place once they are filled in.
#[test]
fn variables_are_filled_in_before_values_are_typed() {
    let mut stack = Stack::of([
        (
            "compose.yaml",
            "name: ${NAME:-shop}\nservices:\n  web:\n    image: \"x:${TAG}\"\n    privileged: ${YES}\n    scale: ${N}\n    mem_limit: ${MEM:-1g}\n    ports: [\"${PORT}:80\"]\n    hostname: ${N}\n    labels:\n      \"$TAG\": \"BAR\"\n    environment:\n      - \"$TAG=BAR\"\n      - COMPOSE_PROJECT_NAME\n      - UNSET_AROUND\n    command: echo $${HOME} ${COMPOSE_PROJECT_NAME}\n",
        ),
        (".env", "TAG=1.0\nN=2\nYES=true\nPORT=8000-8001\n"),
    ]);
    stack.request.variables.insert("TAG".to_owned(), "2.0".to_owned());
    let project = stack.load().project.unwrap_or_else(|| panic!("{:#?}", stack.said()));
    let web = &project.services["web"];
    assert_eq!(
        (web.image.as_str(), web.privileged, web.scale, web.mem_limit.0),
        ("x:2.0", true, Some(2), 1 << 30)
    );
    assert_eq!((web.hostname.as_str(), web.ports[0].published.as_str()), ("2", "8000-8001"));
    assert_eq!(web.labels["$TAG"], "BAR");
    assert_eq!(web.environment["2.0"].as_deref(), Some("BAR"));
    assert_eq!(web.environment["COMPOSE_PROJECT_NAME"].as_deref(), Some("shop"));
    assert_eq!(web.environment["UNSET_AROUND"], None);
    assert_eq!(web.command.as_deref().expect("a command").join(" "), "echo ${HOME} shop");
}

#[test]
fn env_files_come_in_order_and_below_the_environment() {
    let stack = Stack::of([
        (
            "compose.yaml",
            "services:\n  web:\n    image: x\n    env_file:\n      - a.env\n      - path: b.env\n      - path: missing.env\n        required: false\n      - path: raw.env\n        format: raw\n    environment:\n      C: own\n",
        ),
        ("a.env", "A=a\nB=a\nC=a\n"),
        ("b.env", "B=b\n"),
        ("raw.env", "R='$A'\n"),
    ]);
    let web = stack.load().project.unwrap_or_else(|| panic!("{:#?}", stack.said())).services["web"].clone();
    let all: Vec<_> =
        web.environment.iter().map(|(k, v)| format!("{k}={}", v.clone().unwrap_or_default())).collect();
    assert_eq!(all, ["A=a", "B=b", "C=own", "R='$A'"]);
}

#[test]
fn names_come_from_the_request_the_variable_the_file_or_the_folder() {
    let name = |stack: &Stack| stack.load().project.map(|project| project.name).unwrap_or_default();
    let mut stack = Stack::of([("Blog.2/compose.yaml", "services: {web: {image: x}}\n")]);
    assert_eq!(name(&stack), "blog2");
    stack = Stack::of([("compose.yaml", "name: filed\nservices: {web: {image: x}}\n")]);
    assert_eq!(name(&stack), "filed");
    stack.request.variables.insert("COMPOSE_PROJECT_NAME".to_owned(), "set".to_owned());
    assert_eq!(name(&stack), "set");
    stack.request.name = Some("asked".to_owned());
    assert_eq!(name(&stack), "asked");
}

/// What is implied: the default network, names of resources, and the dependencies of links and shared namespaces.
#[test]
fn what_follows_is_said() {
    let text = "services:\n  a: {image: x, network_mode: \"service:b\", volumes_from: [\"c:ro\"]}\n  b: {image: x, links: [\"c:db\"], networks: [front]}\n  c: {image: x}\nnetworks:\n  front:\n  out: {external: true}\n  old: {external: {name: legacy}}\nvolumes: {data: }\n";
    let project = Stack::of([("compose.yaml", text)]).load().project.expect("a project");
    let waits = |name: &str| project.services[name].depends_on.keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!((waits("a"), waits("b"), waits("c")), ("b c".to_owned(), "c".to_owned(), String::new()));
    let names: Vec<_> = project.networks.iter().map(|(key, it)| format!("{key}={}", it.name)).collect();
    assert_eq!(names, ["default=shop_default", "front=shop_front", "old=legacy", "out=out"]);
    assert_eq!(project.volumes["data"].name, "shop_data");
    assert!(project.services["a"].networks.is_empty());
}

/// Files of versions 2 and 3.
#[test]
fn older_files_are_read() {
    let text = "version: '2.4'\nservices:\n  web:\n    image: x\n    mem_limit: 512m\n    cpus: 0.5\n    cpu_quota: 50000\n    depends_on: {db: {condition: service_healthy}}\n    volumes_from: [db]\n  db:\n    image: y\n    healthcheck: {test: 'true'}\nvolumes:\n  data: {external: {name: actual}}\n";
    let stack = Stack::of([("docker-compose.yml", text)]);
    let said = stack.said();
    assert_eq!(
        said,
        [
            "docker-compose.yml:1:1: version: `version` says nothing any more. Remove it.",
            "docker-compose.yml:14:10: volumes.data: Write `name:` beside `external: true`.",
        ]
    );
    assert_eq!(stack.load().project.expect("a project").volumes["data"].name, "actual");
}

/// What a file leaves out stays as the files before it said.
#[test]
fn defaults_do_not_cover_what_was_said() {
    let base = "services:\n  web:\n    build: {context: ./app, target: dev}\n    depends_on: {db: {condition: service_healthy, required: false}}\n  db: {image: x, healthcheck: {test: a}}\n  bare: {build: {target: t}}\n";
    let over =
        "services:\n  web:\n    build: {target: prod}\n    depends_on: {db: {condition: service_started}}\n";
    let stack = Stack::of([("a.yaml", base), ("b.yaml", over)]).over(&["b.yaml"]);
    let project = stack.load().project.unwrap_or_else(|| panic!("{:#?}", stack.said()));
    let build = project.services["web"].build.clone().expect("a build");
    assert_eq!((build.context.as_str(), build.target.as_str()), ("/srv/shop/app", "prod"));
    let db = &project.services["web"].depends_on["db"];
    assert_eq!((db.condition.as_str(), db.required), ("service_started", false));
    assert_eq!(project.services["bare"].build.as_ref().expect("a build").context, "/srv/shop");
}
