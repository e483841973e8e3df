//! What the engine is asked for.

mod support;

use std::collections::BTreeMap;

use longshore_api::ops::spec::ContainerSpec;
use longshore_compose::{
    engine::{self, There, Unmade},
    labels::{self, Which},
    model::Project,
    order,
};
use serde_json::json;
use support::Stack;

const SHOP: &str = "
services:
  web:
    image: nginx:1.27
    command: [nginx, -g, 'daemon off;']
    environment: {A: 1, EMPTY: '', FROM_IMAGE: }
    ports: ['8080:80', '127.0.0.1:8443:443', '53:53/udp', '9000']
    expose: [3000-3001]
    volumes:
      - data:/data
      - ./conf:/etc/nginx:ro,z
      - /anonymous
      - {type: bind, source: ./src, target: /src, bind: {create_host_path: false}}
      - {type: tmpfs, target: /cache, tmpfs: {size: 64m, mode: 0o1777}}
    tmpfs: ['/run:mode=755,size=1m', /tmp]
    networks:
      front: {aliases: [www], ipv4_address: 10.9.0.5}
      back: {priority: 10}
    mac_address: 02:42:ac:11:65:43
    restart: on-failure:3
    deploy:
      replicas: 2
      resources:
        limits: {cpus: 0.5, memory: 256m, pids: 50}
        reservations: {memory: 64m, devices: [{capabilities: [gpu], count: 1}]}
    healthcheck: {test: curl -f http://localhost, interval: 30s, timeout: 3s, retries: 3, start_period: 5s}
    secrets: [token, file]
    configs: [{source: motd, target: etc/motd, mode: 0400, uid: '5'}]
    stop_grace_period: 1m30s
    ulimits: {nofile: {soft: 1024, hard: 4096}, nproc: 64}
    logging: {driver: json-file, options: {max-size: 10m}}
    security_opt: [no-new-privileges, systempaths=unconfined]
    devices: ['/dev/snd', 'vendor.com/gpu=0']
    depends_on: {db: {condition: service_healthy, restart: true}}
  sidecar:
    image: busybox
    network_mode: service:web
    pid: service:web
    volumes_from: ['web:ro']
    restart: unless-stopped
  db:
    build: ./db
    healthcheck: {disable: true}
    links: []
  old:
    image: x
    links: ['db:database']
networks:
  front: {ipam: {config: [{subnet: 10.9.0.0/24, gateway: 10.9.0.1}]}, labels: {mine: yes}}
  back: {internal: true, driver_opts: {com.docker.network.driver.mtu: 1400}}
volumes:
  data: {driver_opts: {type: nfs}}
secrets:
  token: {environment: TOKEN}
  file: {file: ./secret.txt}
configs:
  motd: {content: 'hello $$NAME'}
";

fn shop() -> Project {
    let stack = Stack::of([("compose.yaml", SHOP)]);
    let loaded = stack.load();
    loaded.project.unwrap_or_else(|| panic!("{:#?}", loaded.findings))
}

fn made(project: &Project, name: &str, there: &There) -> ContainerSpec {
    engine::container(project, name, Which::Number(1), Some("sha256:abc"), there).expect("a container")
}

#[test]
fn a_service_is_a_container() {
    let project = shop();
    let spec = made(&project, "web", &There::new());
    assert_eq!(spec.name, "shop-web-1");
    let mut body = spec.to_body();
    ContainerSpec::asked(body.clone()).expect("what the engine takes");
    let labels = body["Labels"].take();
    assert_eq!(labels[labels::DEPENDS_ON], "db:service_healthy:true");
    assert_eq!(labels[labels::IMAGE], "sha256:abc");
    assert_eq!(
        body,
        json!({
            "Image": "nginx:1.27",
            "Cmd": ["nginx", "-g", "daemon off;"],
            "Env": ["A=1", "EMPTY=", "FROM_IMAGE"],
            "ExposedPorts": {"80/tcp": {}, "443/tcp": {}, "53/udp": {}, "9000/tcp": {}, "3000/tcp": {}, "3001/tcp": {}},
            "Labels": null,
            "StopTimeout": 90,
            "Healthcheck": {
                "Test": ["CMD-SHELL", "curl -f http://localhost"],
                "Interval": 30_000_000_000_i64, "Timeout": 3_000_000_000_i64, "Retries": 3, "StartPeriod": 5_000_000_000_i64,
            },
            "HostConfig": {
                "Binds": ["shop_data:/data:rw", "/srv/shop/conf:/etc/nginx:ro,z"],
                "Mounts": [
                    {"Type": "volume", "Target": "/anonymous"},
                    {"Type": "bind", "Source": "/srv/shop/src", "Target": "/src"},
                    {"Type": "tmpfs", "Target": "/cache", "TmpfsOptions": {"SizeBytes": 64 << 20, "Mode": 0o1777}},
                    {"Type": "bind", "Source": "/srv/shop/secret.txt", "Target": "/run/secrets/file", "ReadOnly": true},
                ],
                "Tmpfs": {"/run": "mode=755,size=1m", "/tmp": ""},
                "NetworkMode": "shop_back",
                "PortBindings": {
                    "80/tcp": [{"HostPort": "8080"}],
                    "443/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8443"}],
                    "53/udp": [{"HostPort": "53"}],
                    "9000/tcp": [{}],
                },
                "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
                "LogConfig": {"Type": "json-file", "Config": {"max-size": "10m"}},
                "Memory": 256 << 20,
                "MemoryReservation": 64 << 20,
                "NanoCpus": 500_000_000,
                "PidsLimit": 50,
                "Ulimits": [{"Name": "nofile", "Soft": 1024, "Hard": 4096}, {"Name": "nproc", "Soft": 64, "Hard": 64}],
                "Devices": [{"PathOnHost": "/dev/snd", "PathInContainer": "/dev/snd", "CgroupPermissions": "rwm"}],
                "DeviceRequests": [
                    {"Driver": "cdi", "DeviceIDs": ["vendor.com/gpu=0"]},
                    {"Count": 1, "Capabilities": [["gpu"]]},
                ],
                "SecurityOpt": ["no-new-privileges"],
                "MaskedPaths": [],
                "ReadonlyPaths": [],
            },
            "NetworkingConfig": {"EndpointsConfig": {
                "shop_back": {"Aliases": ["shop-web-1", "web"], "MacAddress": "02:42:ac:11:65:43"},
                "shop_front": {"Aliases": ["shop-web-1", "web", "www"], "IPAMConfig": {"IPv4Address": "10.9.0.5"}},
            }},
        })
    );
}

#[test]
fn what_shares_with_another_needs_its_container() {
    let project = shop();
    let lacking = engine::container(&project, "sidecar", Which::Number(1), None, &There::new());
    let (service, needs) = ("sidecar".to_owned(), "web".to_owned());
    assert_eq!(lacking, Err(Unmade::NotThere { service, needs }));

    let there = There::from([
        ("web".to_owned(), vec!["id-of-web".to_owned()]),
        ("db".to_owned(), vec!["shop-db-1".to_owned(), "shop-db-2".to_owned()]),
    ]);
    let host = made(&project, "sidecar", &there).body.host;
    assert_eq!(
        (host.network_mode.as_str(), host.pid_mode.as_str()),
        ("container:id-of-web", "container:id-of-web")
    );
    assert_eq!(
        (host.volumes_from[0].as_str(), host.restart.name.as_str()),
        ("id-of-web:ro", "unless-stopped")
    );

    let body = made(&project, "old", &there).body;
    let links = &body.networking.endpoints["shop_default"].links;
    assert_eq!(links[..3], ["shop-db-1:database", "shop-db-1:db-1", "shop-db-1:shop-db-1"]);
    assert_eq!((links.len(), body.host.links.len()), (6, 0));
    let db = made(&project, "db", &there).body;
    assert_eq!((db.image.as_str(), db.health.test), ("shop-db", vec!["NONE".to_owned()]));
}

#[test]
fn a_container_for_one_command_takes_no_port_and_no_name() {
    let spec = engine::container(&shop(), "web", Which::OneOff("0123456789abcdef"), None, &There::new())
        .expect("one");
    assert_eq!(spec.name, "shop-web-run-0123456789ab");
    assert!(spec.body.host.port_bindings.is_empty() && spec.body.host.restart.name.is_empty());
    assert_eq!(spec.body.networking.endpoints["shop_front"].aliases, ["shop-web-run-0123456789ab"]);
}

#[test]
fn what_is_not_in_a_file_is_put_into_the_container() {
    let project = shop();
    let variables = BTreeMap::from([("TOKEN".to_owned(), "hush".to_owned())]);
    let files = engine::injected(&project, &project.services["web"], &variables);
    let lines: Vec<_> =
        files.iter().map(|it| format!("{} {} {:o} {}", it.target, it.content, it.mode, it.uid)).collect();
    assert_eq!(lines, ["/run/secrets/token hush 444 0", "/etc/motd hello $NAME 400 5"]);
    assert_eq!(format!("{files:?}"), "[/run/secrets/token (4 bytes), /etc/motd (11 bytes)]");
}

#[test]
fn networks_and_volumes_carry_their_labels() {
    let project = shop();
    let mut front = engine::network(&project, "front", &project.networks["front"]);
    let labels = front["Labels"].take();
    assert_eq!(
        front,
        json!({
            "Name": "shop_front", "Driver": "bridge", "Options": {}, "Internal": false, "Attachable": false, "Labels": null,
            "IPAM": {"Driver": "default", "Config": [{"Subnet": "10.9.0.0/24", "Gateway": "10.9.0.1"}], "Options": {}},
        })
    );
    assert_eq!(
        (&labels["mine"], &labels[labels::NETWORK], &labels[labels::PROJECT]),
        (&json!("yes"), &json!("front"), &json!("shop"))
    );

    let data = engine::volume(&project, "data", &project.volumes["data"]);
    assert_eq!(
        (&data["Name"], &data["Driver"], &data["DriverOpts"]),
        (&json!("shop_data"), &json!("local"), &json!({"type": "nfs"}))
    );
    assert_eq!(data["Labels"][labels::VOLUME], "data");
}

#[test]
fn what_is_left_to_others_is_refused() {
    let stack = Stack::of([(
        "compose.yaml",
        "services: {a: {image: x, secrets: [s]}}\nsecrets: {s: {external: true}}\n",
    )]);
    let project = stack.load().project.expect("a project");
    let refused =
        engine::container(&project, "a", Which::Number(1), None, &There::new()).expect_err("refused");
    assert_eq!(refused.to_string(), "`secrets.s.external` of `a` is not supported. Remove it.");
}

#[test]
fn a_profile_of_system_calls_is_given_to_the_engine() {
    let text = "services: {a: {image: x, security_opt: [\"seccomp=p.json\", \"apparmor=y\"]}}\n";
    let stack = Stack::of([("compose.yaml", text), ("p.json", "{ \"defaultAction\": \"SCMP_ACT_ERRNO\" }")]);
    let project = stack.load().project.expect("a project");
    let host = made(&project, "a", &There::new()).body.host;
    assert_eq!(host.security_opt, ["seccomp={\"defaultAction\":\"SCMP_ACT_ERRNO\"}", "apparmor=y"]);
}

#[test]
fn services_start_after_what_they_wait_for() {
    let project = shop();
    assert_eq!(order::start(&project), [vec!["db"], vec!["old", "web"], vec!["sidecar"]]);
    assert_eq!(order::stop(&project), [vec!["sidecar"], vec!["old", "web"], vec!["db"]]);
    let names = |set: std::collections::BTreeSet<String>| set.into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(names(order::with_dependencies(&project, &["sidecar".to_owned()])), "db sidecar web");
    assert_eq!(names(order::dependents(&project, "db")), "old sidecar web");
}
