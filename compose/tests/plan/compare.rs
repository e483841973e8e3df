//! What differs is told field by field, by the words of the file, and each change of a file is told as that and nothing
//! else.

use serde_json::json;

use crate::{
    fields, project,
    recorded::{FILE, OURS, RECORDED, recorded},
    up,
};

/// A change of the file and what is told of it, by the service.
const CHANGES: &[(&str, &str, &str, &[&str])] = &[
    ("command: [sleep, '1000']", "command: sleep 5", "web", &["command: sleep 1000 -> sleep 5"]),
    ("A: 1, EMPTY", "A: 2, EMPTY", "web", &["environment.A: hidden"]),
    ("EMPTY: '', ", "", "web", &["environment.EMPTY: hidden"]),
    ("VERSION: 1, ", "VERSION: 2, ", "web", &["environment.VERSION: hidden"]),
    (
        "'8080:80'",
        "'8081:80'",
        "web",
        &[
            "ports: 127.0.0.1:8443:443, 53:53/udp, 8080:80, 9000 -> 127.0.0.1:8443:443, 53:53/udp, 8081:80, 9000",
        ],
    ),
    ("expose: ['3000-3001', '7']", "expose: ['7']", "web", &["expose: 3000/tcp, 3001/tcp, 7/tcp -> 7/tcp"]),
    ("      - data:/data\n", "", "web", &["volumes./data: shop_data -> -"]),
    (
        "./conf:/etc/conf:ro",
        "./conf:/etc/conf",
        "web",
        &["volumes./etc/conf: /srv/shop/conf:ro -> /srv/shop/conf"],
    ),
    ("      - /anonymous\n", "", "web", &["volumes./anonymous: a volume of its own -> -"]),
    ("source: ./src", "source: ./new", "web", &["volumes./src: /srv/shop/src -> /srv/shop/new"]),
    ("size: 67108864", "size: 1048576", "web", &["volumes./cache: tmpfs size=64m -> tmpfs size=1m"]),
    ("mode=755,size=1m", "size=1m", "web", &["volumes./run: tmpfs mode=755 size=1m -> tmpfs size=1m"]),
    ("aliases: [www], ", "", "web", &["networks.front.aliases: www -> -"]),
    ("10.9.0.5", "10.9.0.6", "web", &["networks.front.ipv4_address: 10.9.0.5 -> 10.9.0.6"]),
    ("      back: {priority: 10}\n", "", "web", &["networks.back: shop_back -> -"]),
    ("on-failure:3", "on-failure:4", "web", &["restart: on-failure:3 -> on-failure:4"]),
    ("    restart: always\n", "", "db", &["restart: always -> -"]),
    ("timeout: 3s", "timeout: 4s", "web", &["healthcheck.timeout: 3s -> 4s"]),
    ("test: 'true'", "test: 'false'", "web", &["healthcheck.test: CMD-SHELL true -> CMD-SHELL false"]),
    ("1m30s", "1m", "web", &["stop_grace_period: 1m30s -> 1m0s"]),
    ("soft: 1024, hard: 4096", "soft: 1024, hard: 8192", "web", &["ulimits.nofile: 1024:4096 -> 1024:8192"]),
    ("max-size: 10m", "max-size: 20m", "web", &["logging.options.max-size: 10m -> 20m"]),
    ("security_opt: ['no-new-privileges:true']", "", "web", &["security_opt: no-new-privileges -> -"]),
    (
        "cap_add: [NET_ADMIN]",
        "cap_add: [CAP_NET_ADMIN, sys_time]",
        "web",
        &["cap_add: NET_ADMIN -> NET_ADMIN, SYS_TIME"],
    ),
    ("cap_drop: [cap_mknod]", "cap_drop: []", "web", &["cap_drop: MKNOD -> -"]),
    (
        "    labels: {mine: 'yes'}\n    dns",
        "    labels: {mine: 'no'}\n    dns",
        "web",
        &["labels.mine: yes -> no"],
    ),
    (
        "dns: [10.0.0.1, 10.0.0.2]",
        "dns: [10.0.0.2, 10.0.0.1]",
        "web",
        &["dns: 10.0.0.1, 10.0.0.2 -> 10.0.0.2, 10.0.0.1"],
    ),
    ("a:10.0.0.3", "a:10.0.0.9", "web", &["extra_hosts: a:10.0.0.3, b:10.0.0.4 -> a:10.0.0.9, b:10.0.0.4"]),
    ("mem_limit: 256m", "mem_limit: 512m", "web", &["mem_limit: 256m -> 512m"]),
    ("mem_limit: 256m", "mem_limit: 256m\n    memswap_limit: 300m", "web", &["memswap_limit: 512m -> 300m"]),
    ("cpus: 0.5", "cpus: 1.5", "web", &["cpus: 0.5 -> 1.5"]),
    ("    init: true\n", "", "web", &["init: true -> -"]),
    ("hostname: shopfront", "hostname: till", "web", &["hostname: shopfront -> till"]),
    ("user: '0'", "user: '5'", "web", &["user: 0 -> 5"]),
    (
        "secrets: [file]\n    depends",
        "depends",
        "web",
        &["volumes./run/secrets/file: /srv/shop/secret.txt:ro -> -"],
    ),
    (
        "network_mode: service:web",
        "network_mode: service:db",
        "sidecar",
        &["network_mode: service:web -> service:db"],
    ),
    ("pid: service:web", "pid: host", "sidecar", &["pid: service:web -> host"]),
    ("volumes_from: ['db:ro']", "volumes_from: [db]", "sidecar", &["volumes_from: db:ro -> db"]),
    ("volumes: ['db:/image-volume']", "", "db", &["volumes./image-volume: shop_db -> -"]),
    ("tty: true", "tty: false", "db", &["tty: true -> -"]),
    (
        "healthcheck: {disable: true}",
        "",
        "db",
        &[
            "healthcheck.disable: true -> -",
            "healthcheck.interval: - -> 30s",
            "healthcheck.test: - -> CMD-SHELL true",
        ],
    ),
    ("entrypoint: sleep 900", "entrypoint: sleep 901", "old", &["entrypoint: sleep 900 -> sleep 901"]),
    ("'db:database', db", "db", "old", &["links: db:database, db:db -> db:db"]),
    ("shm_size: 32m", "", "old", &["shm_size: 32m -> -"]),
    ("privileged: true", "", "old", &["privileged: true -> -"]),
    ("stop_signal: SIGINT", "", "old", &["stop_signal: SIGINT -> -"]),
    ("working_dir: /tmp", "", "old", &["working_dir: /tmp -> /bin"]),
    ("ipc: host", "", "old", &["ipc: host -> -"]),
    ("network_mode: none", "", "plain", &["network_mode: none -> -", "networks.default: - -> shop_default"]),
    ("network_mode: host", "network_mode: bridge", "hosted", &["network_mode: host -> -"]),
    (
        "    image: shop-base:1\n    scale: 2",
        "    image: shop-base:1\n    scale: 2\n    container_name: ''\n    read_only: true",
        "few",
        &["read_only: - -> true"],
    ),
];

#[test]
fn each_change_of_a_file_is_told_as_that_and_nothing_else() {
    for recording in [RECORDED, OURS] {
        let host = recorded(recording);
        for (from, to, service, told) in CHANGES {
            assert!(FILE.contains(from), "{from}");
            let plan = host.plan(&project(&FILE.replace(from, to)), &up());
            let plan = plan.unwrap_or_else(|all| panic!("{from}: {all:#?}"));
            let key = format!("container/{service}/1");
            assert_eq!(fields(&plan, &key), *told, "{from} -> {to}");
            let others = plan.steps.iter().filter(|step| !step.key.contains(service));
            let differ: Vec<_> = others.flat_map(|step| fields(&plan, &step.key)).collect();
            assert_eq!(differ, Vec::<String>::new(), "{from} -> {to}");
        }
    }
}

#[test]
fn other_spellings_of_the_same_are_no_difference() {
    let spellings = [
        ("image: shop-base:1", "image: docker.io/library/shop-base:1"),
        ("cap_add: [NET_ADMIN]", "cap_add: [CAP_NET_ADMIN]"),
        ("'no-new-privileges:true'", "no-new-privileges"),
        ("./conf:/etc/conf:ro", "/srv/shop/conf/:/etc/conf/:ro"),
        ("'b:10.0.0.4', 'a:10.0.0.3'", "'a=10.0.0.3', 'b=10.0.0.4'"),
        ("command: [sleep, '1000']", ""),
        ("{A: 1, EMPTY: '', VERSION: 1, PATH: /bin}", "['EMPTY=', 'A=1']"),
        ("- {type: bind, source: ./src, target: /src}", "- ./src:/src:rw"),
        (
            "- {type: tmpfs, target: /cache, tmpfs: {size: 67108864}}",
            "- {type: tmpfs, target: /cache, tmpfs: {size: 64m}}",
        ),
        ("nproc: 640", "nproc: {soft: 640, hard: 640}"),
        ("{disable: true}", "{test: [NONE]}"),
        ("volumes_from: ['db:ro']", "volumes_from: ['db:ro']\n    depends_on: [plain]"),
    ];
    let host = recorded(RECORDED);
    for (from, to) in spellings {
        assert!(FILE.contains(from), "{from}");
        let mut host = host.clone();
        if from.starts_with("image") {
            let image = host.there.images["shop-base:1"].clone();
            host.there.images.insert("docker.io/library/shop-base:1".to_owned(), image);
        }
        let plan = host.plan(&project(&FILE.replace(from, to)), &up()).expect("a plan");
        let differ: Vec<_> = plan.steps.iter().flat_map(|step| fields(&plan, &step.key)).collect();
        assert_eq!(differ, Vec::<String>::new(), "{from} -> {to}");
    }
}

#[test]
fn a_variable_of_the_image_that_is_taken_away_is_told_of() {
    let plan = recorded(RECORDED).plan(&project(&FILE.replace("VERSION: 1", "VERSION: ")), &up());
    assert_eq!(fields(&plan.expect("a plan"), "container/web/1"), ["environment.VERSION: hidden"]);
}

#[test]
fn secret_values_are_not_told_wherever_they_stand() {
    let text = FILE.replace("command: [sleep, '1000']", "command: [serve, '--password=hush-hush']");
    let plan =
        recorded(RECORDED).plan(&project(&text.replace("A: 1,", "A: hush-hush,")), &up()).expect("a plan");
    assert_eq!(fields(&plan, "container/web/1"), ["command: hidden", "environment.A: hidden"]);
    assert!(!serde_json::to_string(&plan).expect("JSON").contains("hush"));
}

#[test]
fn what_the_engine_logs_by_is_no_difference_unless_something_is_asked_for() {
    let mut host = recorded(RECORDED);
    host.there.info = json!({"LoggingDriver": "journald", "DefaultRuntime": "crun", "CgroupVersion": "1"});
    for container in &mut host.there.containers {
        let log = &mut container["HostConfig"]["LogConfig"];
        if log["Config"] == json!({}) {
            *log = json!({"Type": "journald", "Config": {"tag": "x"}});
        }
        container["HostConfig"]["Runtime"] = json!("crun");
    }
    let plan = host.plan(&project(FILE), &up()).expect("a plan");
    let differ: Vec<_> = plan.steps.iter().flat_map(|step| fields(&plan, &step.key)).collect();
    assert_eq!(differ, Vec::<String>::new());
    let asked = project(&FILE.replace("tty: true", "tty: true\n    logging: {driver: local}"));
    let plan = host.plan(&asked, &up()).expect("a plan");
    assert_eq!(
        fields(&plan, "container/db/1"),
        ["logging.driver: journald -> local", "logging.options.tag: x -> -"]
    );
}

#[test]
fn the_hardware_address_of_a_running_container_is_compared_where_one_is_asked_for() {
    let host = recorded(RECORDED);
    let text = |mac: &str| FILE.replace("tty: true", &format!("tty: true\n    mac_address: {mac}"));
    let there =
        host.named("shop_db_1").0["NetworkSettings"]["Networks"]["shop_default"]["MacAddress"].clone();
    let there = there.as_str().expect("an address").to_owned();
    let same = host.plan(&project(&text(&there.to_uppercase())), &up()).expect("a plan");
    assert!(same.steps.iter().all(|step| step.key != "container/db/1"));
    let other = host.plan(&project(&text("02:42:00:00:00:99")), &up()).expect("a plan");
    let told = format!("networks.default.mac_address: {there} -> 02:42:00:00:00:99");
    assert_eq!(fields(&other, "container/db/1"), [told]);
}

#[test]
fn other_contents_of_a_config_or_of_a_secret_are_told_of() {
    let with = |text: &str, variable: &str| {
        let mut stack = crate::Stack::of([("compose.yaml", text)]);
        stack.request.variables.insert("TOKEN".to_owned(), variable.to_owned());
        stack.load().project.expect("a project")
    };
    let text = "
services:
  motd: {image: a, configs: [motd]}
  vault: {image: b, secrets: [token]}
configs: {motd: {content: hello}}
secrets: {token: {environment: TOKEN}}
";
    let first = with(text, "one");
    let mut host = crate::host::Host::for_project(&first);
    host.does(&first, &up());
    assert!(host.plan(&first, &up()).expect("a plan").is_empty());
    let other = with(&text.replace("hello", "bye"), "one");
    let plan = host.plan(&other, &up()).expect("a plan");
    assert_eq!(
        (plan.steps.len(), fields(&plan, "container/motd/1")),
        (1, vec!["configs: hidden".to_owned()])
    );
    let plan = host.plan(&with(text, "two"), &up()).expect("a plan");
    assert_eq!(
        (plan.steps.len(), fields(&plan, "container/vault/1")),
        (1, vec!["secrets: hidden".to_owned()])
    );
    // Another compose does not say what it put in.
    for container in &mut host.there.containers {
        container["Config"]["Labels"].as_object_mut().expect("labels").remove("longshore.files");
    }
    assert!(host.plan(&other, &up()).expect("a plan").is_empty());
}
