//! What is wrong is said: each with its place and the way out, and all at once.

mod support;

use support::Stack;

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let text = "services:
  web:
    imaeg: nginx
    ports:
      - 80:web
      - \"8080:80\"
    environment:
      VERSION: 1.10
    restart: true
    healthcheck:
      interval: often
    mem_limit: much
    volumes:
      - C:\\data:/data
      - ~/x:/x
      - data
    depends_on:
      db: {condition: service_well}
  bad name:
    image: x
";
    assert_eq!(
        Stack::of([("compose.yaml", text)]).said(),
        [
            "compose.yaml:3:5: services.web: `imaeg` is not known here. Did you mean `image`?",
            "compose.yaml:5:9: services.web.ports.0: `80:web` is no port. Write it as `8080:80`, `127.0.0.1:8080:80/tcp` or `80`.",
            "compose.yaml:8:16: services.web.environment.VERSION: 1.10 is read as the number 1.1. Put it in quotes to keep it as it is.",
            "compose.yaml:9:14: services.web.restart: This has to be a text, not true or false. Put it in quotes.",
            "compose.yaml:11:17: services.web.healthcheck.interval: `often` is no span of time. Write it as `1m30s` or `500ms`.",
            "compose.yaml:12:16: services.web.mem_limit: `much` is no size. Write it as `512m` or `1gb`.",
            "compose.yaml:14:9: services.web.volumes.0: `C:\\data:/data` is a path of Windows. The engine needs one that begins with `/`.",
            "compose.yaml:15:9: services.web.volumes.1: `~/x` begins with a home folder, which the server does not have. Write the whole path.",
            "compose.yaml:16:9: services.web.volumes.2: `data` is a path in the container and has to begin with `/`.",
            "compose.yaml:18:23: services.web.depends_on.db.condition: `service_well` is none of `service_started`, `service_healthy`, `service_completed_successfully`.",
            "compose.yaml:19:3: services.bad name: `bad name` cannot be a name. Letters, digits, `.`, `_` and `-` can be in one.",
        ]
    );
}

#[test]
fn what_does_not_hold_together_is_said_at_once() {
    let text = "services:
  web:
    image: x
    ports: [\"80:80\", \"127.0.0.1:81:81\"]
    networks: [frnot]
    volumes: [dta:/a, \"./x:/a\"]
    secrets: [key]
    depends_on: [dbb]
  proxy:
    container_name: same
    image: x
    ports: [\"0.0.0.0:80:8080\", \"127.0.0.2:81:81\", \"80:80/udp\"]
    scale: 2
  db:
    container_name: same
    mem_limit: 1g
    deploy: {resources: {limits: {memory: 2g}}}
    network_mode: host
    networks: [front]
    healthcheck: {test: [curl, x]}
networks:
  front:
volumes:
  data:
secrets:
  token: {}
";
    assert_eq!(
        Stack::of([("compose.yaml", text)]).said(),
        [
            "compose.yaml:4:13: services.web.ports.0: Port 80/tcp of the host is also published by `proxy` at compose.yaml:12:13. Choose another.",
            "compose.yaml:5:16: services.web.networks.frnot: The network `frnot` is not defined beneath `networks:`. Did you mean `front`?",
            "compose.yaml:6:15: services.web.volumes.0: The volume `dta` is not defined beneath `volumes:`. Did you mean `data`?",
            "compose.yaml:6:23: services.web.volumes.1: `/a` of the container is mounted at compose.yaml:6:15 already. Choose another path.",
            "compose.yaml:7:15: services.web.secrets.0: The secret `key` is not defined beneath `secrets:`. Define it there.",
            "compose.yaml:8:18: services.web.depends_on.dbb: The service `dbb` is not defined beneath `services:`. Did you mean `db`?",
            "compose.yaml:10:5: services.proxy.container_name: 2 containers cannot all be named `same`. Remove `container_name`.",
            "compose.yaml:10:5: services.proxy.container_name: The container of `db` at compose.yaml:15:5 is named `same` too. Choose another name.",
            "compose.yaml:12:13: services.proxy.ports.0: 2 containers cannot all have port 80 of the host, except in a swarm. Publish a range, or no port.",
            "compose.yaml:12:32: services.proxy.ports.1: 2 containers cannot all have port 81 of the host, except in a swarm. Publish a range, or no port.",
            "compose.yaml:12:51: services.proxy.ports.2: 2 containers cannot all have port 80 of the host, except in a swarm. Publish a range, or no port.",
            "compose.yaml:14:3: services.db: The service has neither `image` nor `build`. It needs one of them.",
            "compose.yaml:16:5: services.db.mem_limit: `mem_limit` and `deploy.resources.limits.memory` mean the same and differ. Remove one of them.",
            "compose.yaml:18:5: services.db.network_mode: `network_mode` and `networks` exclude each other. Remove one.",
            "compose.yaml:20:19: services.db.healthcheck.test: A check begins with `CMD`, `CMD-SHELL` or `NONE`, not with `curl`. Write a text to run it in a shell.",
            "compose.yaml:26:3: secrets.token: This needs exactly one of `external`, `file`, `environment`.",
        ]
    );
}

#[test]
fn circles_show_their_chain() {
    let said = Stack::of([(
        "compose.yaml",
        "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, links: [c]}\n  c: {image: x, network_mode: \"service:a\"}\n  d: {image: x, depends_on: [a]}\n",
    )])
    .said();
    assert_eq!(
        said,
        [
            "compose.yaml:2:17: services.a.depends_on: These services wait for one another in a circle. Remove one of the dependencies: a -> b -> c -> a"
        ]
    );

    let said = Stack::of([
        ("compose.yaml", "services:\n  a:\n    extends: {file: other.yaml, service: b}\n"),
        ("other.yaml", "services:\n  b: {extends: c}\n  c: {extends: {file: compose.yaml, service: a}}\n"),
    ])
    .said();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].ends_with("Remove one `extends`: a -> b (other.yaml) -> c (other.yaml) -> a"),
        "{said:?}"
    );

    let said = Stack::of([
        ("compose.yaml", "include: [a.yaml]\nservices: {x: {image: x}}\n"),
        ("a.yaml", "include: [compose.yaml]\nservices: {y: {image: x}}\n"),
    ])
    .said();
    assert_eq!(
        said,
        [
            "a.yaml:1:11: include: These files include one another in a circle. Remove one `include`: compose.yaml -> a.yaml -> compose.yaml"
        ]
    );
}

#[test]
fn files_stay_beneath_the_stack() {
    let text = "include: [../x.yaml]
services:
  web:
    image: x
    env_file: [/etc/passwd, missing.env]
    build: ../../secret
    volumes: [../data:/data]
    extends: {file: ../other.yaml, service: y}
secrets:
  a: {file: /root/.ssh/id}
  b: {file: /srv/shop/fine}
configs:
  c: {file: sub/../../shop/../evil}
";
    assert_eq!(
        Stack::of([("compose.yaml", text)]).said(),
        [
            "compose.yaml:1:11: include.0.path.0: `../x.yaml` is outside of the stack's folder. Put it beneath the folder.",
            "compose.yaml:5:16: services.web.env_file.0.path: `/etc/passwd` is outside of the stack's folder. Put it beneath the folder.",
            "compose.yaml:6:12: services.web.build.context: `../../secret` is outside of the stack's folder. Put it beneath the folder.",
            "compose.yaml:8:21: services.web.extends.file: `../other.yaml` is outside of the stack's folder. Put it beneath the folder.",
            "compose.yaml:10:13: secrets.a.file: `/root/.ssh/id` is outside of the stack's folder. Put it beneath the folder.",
            "compose.yaml:13:13: configs.c.file: `sub/../../shop/../evil` is outside of the stack's folder. Put it beneath the folder.",
        ]
    );
}

#[test]
fn files_and_services_that_are_not_there_are_named() {
    let said = Stack::of([(
        "compose.yaml",
        "services:\n  web: {image: x, env_file: no.env}\n  a: {extends: wbe}\n  b: {extends: {file: no.yaml, service: x}}\n",
    )])
    .said();
    assert_eq!(
        said,
        [
            "compose.yaml:3:16: There is no service `wbe` in compose.yaml to extend. Did you mean `web`?",
            "compose.yaml:4:23: There is no file `no.yaml`. Add it, or correct the path.",
        ]
    );
    assert_eq!(
        Stack::of([("compose.yaml", "")]).said(),
        ["compose.yaml:1:1: The file is empty. It needs at least `services:`."]
    );
}

#[test]
fn variables_that_have_to_be_set_are_named_with_their_message() {
    let text = "services:\n  web:\n    image: x:${TAG:?which version}\n    environment: {PW: \"${PW?}\", Z: \"${BAD\", W: $UNSET}\n";
    let mut stack = Stack::of([("compose.yaml", text)]);
    stack.request.variables.insert("TAG".to_owned(), String::new());
    assert_eq!(
        stack.said(),
        [
            "compose.yaml:3:12: services.web.image: The variable `TAG` has to be set: which version",
            "compose.yaml:4:23: services.web.environment.PW: The variable `PW` has to be set.",
            "compose.yaml:4:36: services.web.environment.Z: `${BAD` is no reference to a variable. Write `${NAME}`, or `$$` for a dollar sign.",
            "compose.yaml:4:48: services.web.environment.W: The variable `UNSET` is not set and reads as empty. Set it, or write `${UNSET:-default}`.",
        ]
    );
}

#[test]
fn nothing_makes_a_project_grow_without_end() {
    let laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]\n";
    assert!(Stack::of([("compose.yaml", laughs)]).said()[0].contains("values of this"));

    // A hundred services that each extend one with ten thousand variables.
    let mut text = "services:\n  big:\n    image: x\n    environment:\n".to_owned();
    (0..10_000).for_each(|n| text.push_str(&format!("      V{n}: x\n")));
    (0..100).for_each(|n| text.push_str(&format!("  s{n}: {{extends: big}}\n")));
    assert!(Stack::of([("compose.yaml", &text)]).said().iter().any(|said| said.contains("values of this")));

    let mut stack = Stack::of([(
        "compose.yaml",
        &format!("services:\n  x:\n    image: x\n    command: [{}]\n", vec!["$A"; 1000].join(", ")),
    )]);
    stack.request.variables.insert("A".to_owned(), "x".repeat(1 << 20));
    assert!(stack.said().iter().any(|said| said.contains("more than 16.0 MiB")));

    // As many services as a file can hold, all of which wait for one another and for some that are not there.
    let mut text = "services:\n  s0: {image: x}\n".to_owned();
    (1..10_000)
        .for_each(|n| text.push_str(&format!("  s{n}: {{image: x, depends_on: [s{}, no{n}]}}\n", n - 1)));
    assert_eq!(Stack::of([("compose.yaml", &text)]).said().len(), 200);

    let ports = vec!["\"1-65535:1-65535\""; 100].join(", ");
    let stack = Stack::of([("compose.yaml", &format!("services: {{x: {{image: x, ports: [{ports}]}}}}\n"))]);
    assert!(stack.said()[0].contains("more than 10,000 ports"));
}

#[test]
fn two_hundred_services_are_read() {
    let mut text = "services:\n  s0: {image: x}\n".to_owned();
    (1..200).for_each(|n| {
        text.push_str(&format!(
            "  s{n}: {{image: x, depends_on: [s{}], ports: [\"{}:80\"]}}\n",
            n - 1,
            8000 + n
        ))
    });
    let project = Stack::of([("compose.yaml", &text)]).load().project.expect("a project");
    assert_eq!(longshore_compose::order::start(&project).len(), 200);
}

#[test]
fn findings_are_data() {
    let loaded = Stack::of([("compose.yaml", "services:\n  web: {imaeg: x}\n")]).load();
    let json = serde_json::to_value(&loaded.findings[0]).expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({
            "problem": {"code": "unknown-key", "key": "imaeg", "near": "image"},
            "at": "compose.yaml:2:9",
            "path": "services.web",
        })
    );
    assert_eq!(loaded.findings[0].problem.code(), "unknown-key");
}

#[test]
fn values_that_the_engine_would_refuse_are_said() {
    let text = "services:
  web:
    image: x
    container_name: -x
    restart: alway
    expose: [a]
    dns: [one]
    pull_policy: sometimes
    networks: {n: {ipv4_address: 10.0.0.300}}
    depends_on: {db: {restart: true}}
    healthcheck: {test: a, start_interval: 1s}
  db: {image: x, restart: on-failure:x}
networks:
  n: {ipam: {config: [{subnet: 10.0.0.0, gateway: 10.0.0.1}]}}
";
    assert_eq!(
        Stack::of([("compose.yaml", text)]).said(),
        [
            "compose.yaml:4:5: services.web.container_name: `-x` cannot be a name. Letters, digits, `.`, `_` and `-` can be in one.",
            "compose.yaml:5:5: services.web.restart: `alway` is none of `no`, `always`, `on-failure`, `unless-stopped`. Did you mean `always`?",
            "compose.yaml:6:14: services.web.expose.0: `a` is no port. Write it as `8080:80`, `127.0.0.1:8080:80/tcp` or `80`.",
            "compose.yaml:7:11: services.web.dns.0: `one` is no address. Write one as `10.0.0.5`, a network as `10.0.0.0/24`.",
            "compose.yaml:8:5: services.web.pull_policy: `sometimes` is none of `always`, `never`, `missing`, `build`, `daily`, `weekly`, `refresh`, `every_12h`.",
            "compose.yaml:9:20: services.web.networks.n.ipv4_address: `10.0.0.300` is no address. Write one as `10.0.0.5`, a network as `10.0.0.0/24`.",
            "compose.yaml:10:18: services.web.depends_on.db: `condition` is missing. Write it.",
            "compose.yaml:11:28: services.web.healthcheck.start_interval: `start_period` is missing. Write it.",
            "compose.yaml:12:18: services.db.restart: `on-failure:x` is none of `no`, `always`, `on-failure`, `unless-stopped`.",
            "compose.yaml:14:24: networks.n.ipam.config.0.subnet: `10.0.0.0` is no address. Write one as `10.0.0.5`, a network as `10.0.0.0/24`.",
        ]
    );
}

/// Also where it came by way of another variable, or became a name.
#[test]
fn no_finding_says_a_secret() {
    let text = "services:\n  web:\n    image: x\n    ports: [\"${VIA}:80\"]\n    restart: $PW\n    labels: [\"${PW} =1\"]\n";
    let mut stack = Stack::of([("compose.yaml", text), (".env", "VIA=x${PW}\n")]);
    stack.request.variables.insert("PW".to_owned(), "hunter2".to_owned());
    stack.request.secret.insert("PW".to_owned());
    let said = stack.said();
    assert_eq!(said.len(), 2);
    assert!(said.iter().all(|line| !line.contains("hunter2") && line.contains("***")), "{said:#?}");
}

#[test]
fn services_at_the_top_are_told_where_they_belong() {
    assert_eq!(
        Stack::of([("compose.yaml", "web:\n  image: x\ndb:\n  build: .\n")]).said(),
        [
            "compose.yaml:1:1: `web` looks like a service. Write `services:` above, and put all services beneath it."
        ]
    );
}

#[test]
fn a_dockerfile_and_a_seccomp_profile_stay_beneath_the_stack() {
    let text = "services:\n  web:\n    build: {context: sub, dockerfile: ../../Dockerfile}\n    security_opt: [\"seccomp=../p.json\", seccomp:bad.json]\n";
    let said = Stack::of([("compose.yaml", text), ("bad.json", "{")]).said();
    assert_eq!(
        said,
        [
            "compose.yaml:3:27: services.web.build.dockerfile: `../../Dockerfile` is outside of the stack's folder. Put it beneath the folder.",
            "compose.yaml:4:20: `/srv/p.json` is outside of the stack's folder. Put it beneath the folder.",
            "compose.yaml:4:41: services.web.security_opt.1: `bad.json` cannot be read: EOF while parsing an object at line 1 column 1",
        ]
    );
}

#[test]
fn no_secret_and_no_config_is_put_where_its_path_leads_up() {
    let text = "services:
  web:
    image: x
    secrets: [{source: key, target: ../key}]
    configs: [{source: conf, target: /etc/../conf}, {source: conf, target: /etc/a..b}]
secrets: {key: {environment: KEY}}
configs: {conf: {content: a}}
";
    assert_eq!(
        Stack::of([("compose.yaml", text)]).said(),
        [
            "compose.yaml:4:15: services.web.secrets.0: No file can be put at `../key`. Write the path without `..`.",
            "compose.yaml:5:15: services.web.configs.0: No file can be put at `/etc/../conf`. Write the path without `..`.",
        ]
    );
}
