//! Whatever a project is: what is planned and done is there, and then nothing is left to be done; and what is taken down
//! is gone.

use std::{fs, path::Path};

use longshore_compose::{
    model::Project,
    plan::{Down, Obstacle, Recreate, Up, Wish},
};
use proptest::prelude::*;

use crate::{host::Host, project, steps, up};

fn holds(project: &Project) -> Result<(), TestCaseError> {
    let mut host = Host::default();
    let first = host.does(project, &up());
    let count: u64 = project.services.values().map(|service| service.replicas()).sum();
    prop_assert_eq!(host.there.containers.len() as u64, count);
    let again = host.plan(project, &up()).expect("a plan");
    prop_assert!(again.is_empty(), "{:#?}", again.steps);
    prop_assert!(first.again || count == 0);

    let anew = Wish::Up(Up { recreate: Recreate::Always, ..Up::default() });
    let planned = host.does(project, &anew);
    let made = steps(&planned).iter().filter(|step| step.starts_with("recreate-container")).count();
    prop_assert_eq!(made as u64, count);
    prop_assert!(host.plan(project, &up()).expect("a plan").is_empty());

    host.does(project, &Wish::Stop { services: vec![] });
    host.does(project, &Wish::Start { services: vec![] });
    prop_assert!(host.plan(project, &up()).expect("a plan").is_empty());
    host.does(project, &Wish::Down(Down { volumes: true, orphans: true }));
    let left = (host.there.containers.len(), host.there.networks.len(), host.there.volumes.len());
    prop_assert_eq!(left, (0, 0, 0));
    Ok(())
}

#[test]
fn the_fixtures_are_brought_up_once() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/compose");
    let mut seen = 0;
    for file in fs::read_dir(folder).expect("the fixtures").flatten() {
        if file.path().extension().is_some_and(|extension| extension == "yaml") {
            let text = fs::read_to_string(file.path()).expect("a text");
            holds(&project(&text)).unwrap_or_else(|error| panic!("{}: {error}", file.path().display()));
            seen += 1;
        }
    }
    assert_eq!(seen, 9);
}

/// What a service may say, a line each. `service:…` and the like name an earlier one.
const SAID: &[&str] = &[
    "environment: {A: '1', B: , PATH: /x}",
    "command: [a, 'b c']",
    "entrypoint: ''",
    "entrypoint: /run --all",
    "ports: ['80', '1000-1999:81/udp']",
    "expose: ['5', '6-7/udp']",
    "volumes: ['data:/data', '/own', './x:/x:ro', {type: tmpfs, target: /m}]",
    "volumes: [{type: volume, source: data, target: /d, volume: {nocopy: true}}, /image]",
    "tmpfs: ['/t:size=1m', /u]",
    "networks: {one: {aliases: [x]}, two: {priority: 5}}",
    "networks: [two]",
    "network_mode: 'service:EARLIER'",
    "network_mode: host",
    "network_mode: none",
    "network_mode: bridge",
    "pid: 'service:EARLIER'",
    "ipc: 'service:EARLIER'",
    "volumes_from: ['EARLIER:ro']",
    "links: ['EARLIER:alias']",
    "depends_on: {EARLIER: {condition: service_healthy, restart: true}}",
    "depends_on: {EARLIER: {condition: service_started}}",
    "restart: unless-stopped",
    "deploy: {replicas: 3, resources: {limits: {cpus: 0.5, memory: 64m}, reservations: {devices: [{capabilities: [gpu]}]}}}",
    "scale: 2",
    "scale: 0",
    "labels: {a: b, com.docker.compose.x: y}",
    "healthcheck: {test: x, interval: 5s, retries: 2}",
    "healthcheck: {disable: true}",
    "ulimits: {nproc: 5, core: {soft: 1, hard: 2}}",
    "cap_add: [cap_chown, ALL]",
    "security_opt: ['label:disable', 'no-new-privileges:true', systempaths=unconfined]",
    "privileged: true",
    "logging: {driver: local, options: {max-size: 1m}}",
    "mem_limit: 64m",
    "memswap_limit: -1",
    "dns: [1.1.1.1, 1.0.0.1]",
    "extra_hosts: ['b:1.1.1.1', 'a:::1']",
    "devices: [/dev/null, 'vendor.com/a=b']",
    "stop_grace_period: 90s",
    "stop_signal: SIGTERM",
    "user: '1:1'",
    "working_dir: /w",
    "hostname: h",
    "init: false",
    "sysctls: {a.b: '1'}",
    "shm_size: 64m",
    "read_only: true",
    "runtime: runc",
    "cgroup: host",
    "blkio_config: {weight: 10, device_read_bps: [{path: /dev/a, rate: 1m}]}",
    "pids_limit: -1",
    "configs: [file]",
    "mac_address: 02:00:00:00:00:01",
];

/// A project of services that each say some of that.
fn projects() -> impl Strategy<Value = String> {
    let said = prop::collection::btree_set(0..SAID.len(), 0..7);
    prop::collection::vec(said, 1..6).prop_map(|services| {
        let mut text = String::from("services:\n");
        for (n, said) in services.into_iter().enumerate() {
            text.push_str(&format!("  s{n}:\n    image: i{}\n", n / 2));
            let mut keys = Vec::new();
            for line in said.into_iter().map(|at| SAID[at]).filter(|line| n > 0 || !line.contains("EARLIER"))
            {
                let key = line.split(':').next().unwrap_or_default();
                if !keys.contains(&key) {
                    keys.push(key);
                    text.push_str(&format!(
                        "    {}\n",
                        line.replace("EARLIER", &format!("s{}", n - n.min(1)))
                    ));
                }
            }
        }
        text.push_str("networks: {one: {ipam: {config: [{subnet: 10.1.0.0/16}]}}, two: {labels: {x: y}}}\n");
        text.push_str("volumes: {data: {driver_opts: {type: tmpfs}}}\nconfigs: {file: {file: ./f}}\n");
        text
    })
}

/// The project of a text, if it holds together and can be brought up.
fn sound(text: &str) -> Option<Project> {
    let loaded = crate::Stack::of([("compose.yaml", text)]).load();
    // What cannot go together is refused before there is a plan.
    loaded.findings.iter().all(|finding| finding.is_warning()).then_some(())?;
    let project = loaded.project.expect("a project");
    match Host::for_project(&project).plan(&project, &up()) {
        Ok(_) => Some(project),
        Err(all) => {
            let known = all.iter().all(|it| matches!(it, Obstacle::NothingToShare { .. }));
            assert!(known, "{all:#?}");
            None
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn whatever_is_brought_up_is_what_it_is_to_be(text in projects()) {
        let project = sound(&text);
        prop_assume!(project.is_some());
        holds(&project.expect("it is there"))?;
    }

    #[test]
    fn whatever_was_there_becomes_what_is_asked_for(before in projects(), now in projects(), chosen: bool) {
        let (before, now) = (sound(&before), sound(&now.replace("x: y", "x: z")));
        prop_assume!(before.is_some() && now.is_some());
        let (before, now) = (before.expect("it is there"), now.expect("it is there"));
        let mut host = Host::default();
        host.does(&before, &up());
        let wish = |services| Wish::Up(Up { services, remove_orphans: true, ..Up::default() });
        if chosen && let Ok(plan) = host.plan(&now, &wish(vec!["s0".to_owned()])) {
            host.apply(&now, &plan);
        }
        // Once for the images, once for what is made of them.
        host.does(&now, &wish(vec![]));
        host.does(&now, &wish(vec![]));
        let left = host.plan(&now, &wish(vec![])).expect("a plan");
        prop_assert!(left.is_empty(), "{:#?}", left.steps);
        prop_assert_eq!(host.there.containers.iter().filter(|it| it["State"]["Status"] != "running").count(), 0);
    }
}
