use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(line: &str) -> ContainerSpec {
    read_run(line).unwrap_or_else(|e| panic!("{line}: {e}")).spec
}

fn refused(line: &str) -> String {
    read_run(line).expect_err(line).to_string()
}

/// Lines from the documentation of well-known images and of `docker run` itself.
const LINES: &[&str] = &[
    "docker run -d -p 80:80 docker/getting-started",
    "docker run --name some-postgres -e POSTGRES_PASSWORD=mysecretpassword -d postgres",
    "docker run -d -p 8000:8000 -p 9443:9443 --name portainer --restart=always -v /var/run/docker.sock:/var/run/docker.sock -v portainer_data:/data portainer/portainer-ce:latest",
    "docker run -d \\\n  --name=jellyfin \\\n  -e PUID=1000 -e TZ=Etc/UTC \\\n  -p 8096:8096 -p 7359:7359/udp `#optional` \\\n  -v /path/to/library:/config \\\n  --restart unless-stopped \\\n  lscr.io/linuxserver/jellyfin:latest",
    "docker run -it --rm --gpus all nvidia/cuda:11.0.3-base-ubuntu20.04 nvidia-smi",
    "docker run --gpus '\"device=1,2\"' nvidia/cuda nvidia-smi",
    "docker run --device=/dev/sda:/dev/xvdc:r --rm -it ubuntu fdisk /dev/xvdc",
    "docker run -d --tmpfs /run:rw,noexec,nosuid,size=65536k my_image",
    "docker run --read-only --mount type=volume,target=/icanwrite busybox touch /icanwrite/here",
    "docker run -t -i --mount type=bind,src=/data,dst=/data,ro busybox sh",
    "docker run -itd --network=my-net --ip=10.10.9.75 busybox",
    "docker run -d --net=host --pid=host --privileged -v '/:/host:ro,rslave' quay.io/prometheus/node-exporter:latest --path.rootfs=/host",
    "docker run --ulimit nofile=1024:1024 --rm debian sh -c \"ulimit -n\"",
    "docker run --add-host=my-hostname=8.8.8.8 --add-host host.docker.internal:host-gateway alpine",
    "docker run --sysctl net.ipv4.ip_forward=1 --storage-opt size=120G -c 512 --cpus=1.5 -m 512m --memory-swap=-1 alpine",
    "docker run --health-cmd 'curl -f localhost || exit 1' --health-interval=10s --health-timeout 1m30s --health-retries=3 nginx",
    "docker run --network name=n1,alias=a,driver-opt=x=y,gw-priority=2 --network n2 --mac-address 92:d0:c6:0a:29:33 alpine",
    "docker run -p 127.0.0.1:80-82:8080-8082/tcp -p '[::1]:53:53/udp' -p 7000-7010:70 --expose 90-92 -P alpine",
    "docker run --security-opt no-new-privileges --security-opt systempaths=unconfined --cap-add NET_ADMIN --cap-drop ALL alpine",
    "docker run --entrypoint '' --no-healthcheck --init=false --stop-timeout 0 --oom-kill-disable -l a -l b=c=d alpine",
    "docker run --device-read-bps /dev/sda:1mb --device-write-iops /dev/sda:30 --blkio-weight-device /dev/sda:100 --device vendor.com/gpu=all alpine",
    "docker run --link db:pg --log-driver local --log-opt max-size=10m --annotation k=v -w /w -u 1:2 -h h --volumes-from x:ro alpine",
];

#[test]
fn lines_of_the_documentation_are_read_and_written_back_the_same() {
    for line in LINES {
        let spec = read(line);
        let text = run_text(&spec);
        assert_eq!(read(&text), spec, "{line}\n{text}");
        assert!(unsaid(&spec).is_empty(), "{line}: {:?}", unsaid(&spec));
    }
}

#[test]
fn a_line_becomes_what_docker_sends() {
    let body = |line: &str| read(line).to_body();
    assert_eq!(
        body(
            "docker run -dit --name x -p 127.0.0.1::53/udp -p 8080:80 -v data:/data -v /anon -e A=1 -e B nginx a b"
        ),
        json!({
            "Image": "nginx", "Cmd": ["a", "b"], "Tty": true, "OpenStdin": true, "Env": ["A=1", "B"],
            "Volumes": {"/anon": {}}, "ExposedPorts": {"53/udp": {}, "80/tcp": {}},
            "HostConfig": {"Binds": ["data:/data"], "PortBindings": {
                "53/udp": [{"HostIp": "127.0.0.1"}], "80/tcp": [{"HostPort": "8080"}]}},
        })
    );
    assert_eq!(
        body(
            "docker run --network n1 --network name=n2,alias=al,ip=10.0.0.2 --network-alias fo --ip 10.1.1.1 --link db nginx"
        ),
        json!({
            "Image": "nginx", "HostConfig": {"NetworkMode": "n1", "Links": ["db"]},
            "NetworkingConfig": {"EndpointsConfig": {
                "n1": {"IPAMConfig": {"IPv4Address": "10.1.1.1"}, "Aliases": ["fo"], "Links": ["db"]},
                "n2": {"IPAMConfig": {"IPv4Address": "10.0.0.2"}, "Aliases": ["al"]}}},
        })
    );
    assert_eq!(
        body(
            "docker run --mount type=tmpfs,target=/t,tmpfs-size=64m,tmpfs-mode=1770 --shm-size 1.5g --cpus 0.25 a"
        )["HostConfig"],
        json!({"Mounts": [{"Type": "tmpfs", "Target": "/t", "TmpfsOptions": {"SizeBytes": 67_108_864, "Mode": 1016}}],
            "ShmSize": 1_610_612_736, "NanoCpus": 250_000_000})
    );
}

#[test]
fn what_is_wrong_is_named_by_its_flag() {
    for (line, part) in [
        ("docker run -m foo nginx", "--memory"),
        ("docker run -p 80-81:80-82 nginx", "--publish"),
        ("docker run --bogus nginx", "--bogus"),
        ("docker run -Z nginx", "-Z"),
        ("docker run --restart sometimes nginx", "--restart"),
        ("docker run --network none --network x nginx", "--network"),
        ("docker run --env-file .env nginx", "--env-file"),
        ("docker run --security-opt seccomp=profile.json nginx", "--security-opt"),
        ("docker run --name", "--name"),
        ("docker run --tty=perhaps nginx", "--tty"),
        ("docker run nginx; rm -rf /", ";"),
    ] {
        assert!(refused(line).contains(part), "{line}: {}", refused(line));
    }
    for line in ["", "docker", "docker ps", "docker run", "docker run -d", "docker run 'x", "podman run x"] {
        refused(line);
    }
}

#[test]
fn what_belongs_to_the_terminal_is_dropped_and_said() {
    let pasted = read_run("$ sudo docker run -d --sig-proxy=false --cidfile x -v $PWD:/x -e 'A=$5' nginx")
        .expect("a line");
    assert_eq!(
        pasted.dropped,
        ["--cidfile", "--sig-proxy"].map(str::to_owned).into_iter().rev().collect::<Vec<_>>()
    );
    assert_eq!(pasted.unfilled, ["$PWD:/x"]);
}

#[test]
fn every_flag_of_docker_is_in_the_table_once() {
    let mut names: Vec<&str> = FLAGS.iter().map(|flag| flag.name).collect();
    let mut shorts: Vec<char> = FLAGS.iter().filter_map(|flag| flag.short).collect();
    let (all, letters) = (names.len(), shorts.len());
    names.sort_unstable();
    names.dedup();
    shorts.sort_unstable();
    shorts.dedup();
    assert_eq!((names.len(), shorts.len()), (all, letters));
    for name in include_str!("tests/flags.txt").lines() {
        assert!(flag(name).is_some(), "--{name}");
    }
}

#[test]
fn every_sample_is_a_value_that_its_flag_takes() {
    for flag in FLAGS.iter().filter(|flag| !flag.sample.is_empty()) {
        let mut spec = ContainerSpec::default();
        assert!(flag.read(&mut spec, flag.sample).is_some(), "--{} {}", flag.name, flag.sample);
    }
}

#[test]
fn what_has_no_field_is_kept_and_laid_over() {
    let body = json!({"Image": "nginx", "Tomorrow": {"a": 1},
        "HostConfig": {"Memory": 5, "Moon": true, "PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "80"}]}}});
    let mut spec = ContainerSpec::of_body(body).expect("a body");
    assert_eq!(
        serde_json::Value::Object(spec.rest.clone()),
        json!({"Tomorrow": {"a": 1}, "HostConfig": {"Moon": true}})
    );
    spec.body.host.memory = 6;
    let body = spec.to_body();
    assert_eq!((&body["HostConfig"]["Memory"], &body["HostConfig"]["Moon"]), (&json!(6), &json!(true)));
    assert_eq!(body["HostConfig"]["PortBindings"]["80/tcp"][0]["HostPort"], "80");
    assert_eq!(unsaid(&spec), ["HostConfig.Moon", "Tomorrow"]);
}

#[test]
fn compose_says_the_same() {
    let line = "docker run --name web -p 8080:80 -e 'PRICE=5$' -e FLAG=yes -v data:/data -v /srv:/srv:ro --network shop \
        --restart unless-stopped --cpus 1.5 -m 512m --health-cmd 'curl x' --health-interval 10s --ulimit nofile=10:20 \
        --tmpfs /run:size=64m --label a=b --stop-timeout 5 nginx:1 echo 'a b'";
    insta::assert_snapshot!(compose_text(&read(line)), @r#"
    services:
      web:
        image: "nginx:1"
        container_name: web
        restart: unless-stopped
        ports:
          - "8080:80"
        environment:
          - "PRICE=5$$"
          - "FLAG=yes"
        labels:
          a: b
        healthcheck:
          interval: "10s"
          test:
            - CMD-SHELL
            - "curl x"
        cpus: 1.5
        mem_limit: "512m"
        command:
          - echo
          - "a b"
        stop_grace_period: "5s"
        ulimits:
          nofile:
            soft: 10
            hard: 20
        volumes:
          - "data:/data"
          - "/srv:/srv:ro"
        tmpfs:
          - "/run:size=64m"
        networks:
          shop: {}
    networks:
      shop:
        external: true
    volumes:
      data:
        name: data
    "#);
}

#[test]
fn an_env_file_is_read_as_people_write_it() {
    let text =
        "\u{feff}# comment\n\nA=1\nexport B = two words # why\nC=\"x\\ny $D\"\nE='it is\nlong'\nF\nG=a#b\n";
    let rows = read_env(text).expect("a file");
    let entries: Vec<String> = rows.iter().map(EnvRow::entry).collect();
    assert_eq!(entries, ["A=1", "B=two words", "C=x\ny $D", "E=it is\nlong", "F", "G=a#b"]);
    assert!(read_env("A=1\nnot a line\n").expect_err("a line").to_string().contains('2'));
    assert!(read_env("A=\"x").is_err());
}

#[test]
fn a_container_is_read_without_what_the_image_and_the_engine_gave() {
    let container = json!({
        "Id": "f".repeat(64), "Name": "/web",
        "Config": {"Hostname": "ffffffffffff", "Image": "nginx", "Env": ["PATH=/bin", "A=1"], "Cmd": ["nginx"],
            "Entrypoint": ["/e.sh"], "Labels": {"m": "n", "x": "y"}, "ExposedPorts": {"80/tcp": {}},
            "AttachStdout": true, "OnBuild": null, "WorkingDir": ""},
        "HostConfig": {"NetworkMode": "shop", "ShmSize": 67_108_864, "Runtime": "runc", "IpcMode": "private",
            "LogConfig": {"Type": "json-file", "Config": {}}, "RestartPolicy": {"Name": "always", "MaximumRetryCount": 0},
            "Links": ["/db:/web/pg"], "MaskedPaths": ["/proc/kcore"], "ConsoleSize": [0, 0], "Dns": []},
        "NetworkSettings": {"Networks": {"shop": {"Aliases": ["w", "ffffffffffff"], "IPAddress": "10.0.0.2",
            "MacAddress": "02:42:0a:00:00:02", "IPAMConfig": null}}},
    });
    let image = json!({"Env": ["PATH=/bin"], "Cmd": ["nginx"], "Entrypoint": ["/e.sh"], "Labels": {"m": "n"},
        "ExposedPorts": {"80/tcp": {}}});
    let spec = of_inspect(&container, Some(&image)).expect("an inspection");
    assert_eq!(
        spec,
        read("docker run --name web --restart always --network shop --network-alias w --link db:pg -e A=1 -l x=y nginx")
            .tap_links()
    );
}

#[test]
fn a_network_that_someone_made_outlives_the_engines_own_bridge() {
    let container = json!({
        "Id": "f".repeat(64), "Name": "/web", "Config": {"Image": "nginx"},
        "HostConfig": {"NetworkMode": "default"},
        "NetworkSettings": {"Networks": {"bridge": {}, "shop": {"Aliases": ["till"]}}},
    });
    let spec = of_inspect(&container, None).expect("an inspection");
    assert_eq!(spec, read("docker run --name web --network shop --network-alias till nginx"));
}

impl ContainerSpec {
    /// The engine says links of a network beside it only where they were asked for there.
    fn tap_links(mut self) -> Self {
        for endpoint in self.body.networking.endpoints.values_mut() {
            endpoint.links.clear();
        }
        self
    }
}

fn word() -> impl Strategy<Value = String> {
    "[ -~äß\n]{0,12}"
}

#[test]
fn a_command_reads_as_in_a_shell() {
    assert_eq!(join(["sh", "-c", "echo it's"]), "sh -c 'echo it'\\''s'");
    assert_eq!(join(["a", ""]), "a ''");
    assert_eq!(join::<&str>([]), "");
}

proptest! {
    #[test]
    fn words_survive_a_shell(words in proptest::collection::vec(word(), 0..6)) {
        prop_assert_eq!(split(&join(&words)).expect("our own words"), words);
    }

    #[test]
    fn any_values_survive_the_text(
        name in "[a-z0-9]{0,8}", image in "[a-z]{1,8}(:[a-z0-9]{1,4})?", cmd in proptest::collection::vec(word(), 0..4),
        env in proptest::collection::vec("[A-Z]{1,5}(=[ -~\n]{0,12})?", 0..4), memory in 0i64..1 << 50,
        cpus in 0i64..64_000_000_000, interval in 0i64..i64::MAX / 2, host in 0u16.., port in 1u16..,
        labels in proptest::collection::btree_map("[a-z]{1,5}", "[ -~]{0,8}", 0..4), tty: bool,
    ) {
        let mut spec = ContainerSpec { name, ..ContainerSpec::default() };
        spec.body = CreateBody { image, cmd, env, labels, tty, ..CreateBody::default() };
        spec.body.host.memory = memory;
        spec.body.host.nano_cpus = cpus;
        spec.body.health.interval = interval;
        let of_host = if host == 0 { String::new() } else { host.to_string() };
        flag("publish").expect("a row").read(&mut spec, &format!("{of_host}:{port}")).expect("a port");
        prop_assert_eq!(&read(&run_text(&spec)), &spec);
        prop_assert_eq!(ContainerSpec::of_body(spec.to_body()).expect("our own body").body, spec.body);
    }

    #[test]
    fn no_line_breaks_the_reader(line in "[ -~\n]{0,60}", env in "[ -~\n]{0,60}") {
        let _ = read_run(&format!("docker run {line}"));
        let _ = read_env(&env);
    }
}

#[test]
fn the_flags_that_only_managers_set_follow_from_the_policy_of_bodies() {
    let found: Vec<&str> = FLAGS.iter().filter(|flag| flag.is_for_managers()).map(|flag| flag.name).collect();
    let expected = [
        "volumes-from",
        "device",
        "device-cgroup-rule",
        "gpus",
        "oom-kill-disable",
        "cpu-rt-period",
        "cpu-rt-runtime",
        "blkio-weight-device",
        "device-read-bps",
        "device-write-bps",
        "device-read-iops",
        "device-write-iops",
        "privileged",
        "userns",
        "cgroup-parent",
        "runtime",
        "annotation",
    ];
    assert_eq!(found, expected);
}
