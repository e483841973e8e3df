//! What real clients send for ordinary containers passes below the line, with nothing lost that says something.

use super::*;

/// `docker run -it --rm -v data:/data -p 80:80 --memory 64m --label a=b busybox sh`, docker 20.10.
const DOCKER_RUN: &str = r#"{"Hostname":"","Domainname":"","User":"","AttachStdin":true,"AttachStdout":true,
"AttachStderr":true,"ExposedPorts":{"80/tcp":{}},"Tty":true,"OpenStdin":true,"StdinOnce":true,"Env":null,"Cmd":["sh"],
"Image":"busybox","Volumes":{},"WorkingDir":"","Entrypoint":null,"OnBuild":null,"Labels":{"a":"b"},"HostConfig":{
"Binds":["data:/data"],"ContainerIDFile":"","LogConfig":{"Type":"","Config":{}},"NetworkMode":"default",
"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"80"}]},"RestartPolicy":{"Name":"no","MaximumRetryCount":0},
"AutoRemove":true,"VolumeDriver":"","VolumesFrom":null,"CapAdd":null,"CapDrop":null,"CgroupnsMode":"","Dns":[],
"DnsOptions":[],"DnsSearch":[],"ExtraHosts":null,"GroupAdd":null,"IpcMode":"","Cgroup":"","Links":null,
"OomScoreAdj":0,"PidMode":"","Privileged":false,"PublishAllPorts":false,"ReadonlyRootfs":false,"SecurityOpt":null,
"UTSMode":"","UsernsMode":"","ShmSize":0,"ConsoleSize":[0,0],"Isolation":"","CpuShares":0,"Memory":67108864,
"NanoCpus":0,"CgroupParent":"","BlkioWeight":0,"BlkioWeightDevice":[],"BlkioDeviceReadBps":null,
"BlkioDeviceWriteBps":null,"BlkioDeviceReadIOps":null,"BlkioDeviceWriteIOps":null,"CpuPeriod":0,"CpuQuota":0,
"CpuRealtimePeriod":0,"CpuRealtimeRuntime":0,"CpusetCpus":"","CpusetMems":"","Devices":[],"DeviceCgroupRules":null,
"DeviceRequests":null,"KernelMemory":0,"KernelMemoryTCP":0,"MemoryReservation":0,"MemorySwap":0,
"MemorySwappiness":-1,"OomKillDisable":false,"PidsLimit":0,"Ulimits":null,"CpuCount":0,"CpuPercent":0,
"IOMaximumIOps":0,"IOMaximumBandwidth":0,"MaskedPaths":null,"ReadonlyPaths":null},
"NetworkingConfig":{"EndpointsConfig":{}}}"#;

/// `docker-compose up`, 1.29.
const COMPOSE_UP: &str = r#"{"Hostname":null,"Domainname":null,"ExposedPorts":null,"User":null,"Tty":false,
"OpenStdin":false,"StdinOnce":false,"AttachStdin":false,"AttachStdout":false,"AttachStderr":false,
"Env":["A=1"],"Cmd":["sleep","1"],"Image":"busybox","Volumes":{},"NetworkDisabled":false,"Entrypoint":null,
"WorkingDir":null,"Labels":{"com.docker.compose.project":"shop","com.docker.compose.service":"web",
"com.docker.compose.oneoff":"False","com.docker.compose.config-hash":"4f66"},"StopSignal":null,"Healthcheck":null,
"StopTimeout":null,"Runtime":null,"MacAddress":null,"HostConfig":{"NetworkMode":"shop_default","Links":[],
"VolumesFrom":[],"Binds":["shop_data:/data:rw"],"PortBindings":{},"RestartPolicy":{"Name":"","MaximumRetryCount":0},
"LogConfig":{"Type":"","Config":{}},"Mounts":[]},"NetworkingConfig":{"EndpointsConfig":{"shop_default":
{"Aliases":["web"],"IPAMConfig":{},"Links":["shop_db_1:db"]}}}}"#;

#[test]
fn ordinary_containers_pass_below_the_line() {
    for body in [DOCKER_RUN, COMPOSE_UP] {
        let before = read(body.as_bytes()).expect("JSON");
        let sent = passed("container-create", body, Strength::Developer);
        assert!(lost(&before, &sent).is_empty(), "{:?}", lost(&before, &sent));
        assert_eq!(passed("container-create", body, Strength::Manager), before);
    }
}

/// What said something and is not sent.
fn lost(before: &Value, sent: &Value) -> Vec<String> {
    let Value::Object(all) = before else { return Vec::new() };
    let gone = all.iter().flat_map(|(key, value)| match sent.get(key) {
        Some(there) if there == value => Vec::new(),
        Some(there) => lost(value, there),
        None if super::policy::says_nothing(value) => Vec::new(),
        None => vec![key.clone()],
    });
    gone.collect()
}

#[test]
fn other_calls_of_clients_pass_below_the_line() {
    for (id, body) in [
        (
            "exec-create",
            r#"{"User":"","Privileged":false,"Tty":true,"AttachStdin":true,"AttachStderr":true,
            "AttachStdout":true,"Detach":false,"DetachKeys":"","Env":null,"WorkingDir":"","Cmd":["sh"]}"#,
        ),
        (
            "exec-create",
            r#"{"Container":"4f66","User":"","Privileged":false,"Tty":false,"AttachStdin":false,
            "AttachStdout":true,"AttachStderr":true,"Cmd":["id"],"Env":null,"detachKeys":"ctrl-p"}"#,
        ),
        ("exec-start", r#"{"Detach":false,"Tty":true}"#),
        (
            "network-create",
            r#"{"Name":"shop_default","Driver":null,"Options":null,"IPAM":{"Driver":"default",
            "Config":[]},"CheckDuplicate":true,"Labels":{"com.docker.compose.project":"shop",
            "com.docker.compose.network":"default","com.docker.compose.version":"1.29.2"}}"#,
        ),
        (
            "network-create",
            r#"{"CheckDuplicate":true,"Driver":"bridge","Scope":"","EnableIPv6":false,
            "IPAM":{"Driver":"default","Options":{},"Config":[]},"Internal":false,"Attachable":false,"Ingress":false,
            "ConfigOnly":false,"ConfigFrom":null,"Options":{},"Labels":{},"Name":"n"}"#,
        ),
        (
            "network-connect",
            r#"{"Container":"4f66","EndpointConfig":{"Aliases":["web","4f66"],"Links":[],
            "IPAMConfig":{}}}"#,
        ),
        ("network-disconnect", r#"{"Container":"4f66","Force":false}"#),
        ("volume-create", r#"{"Driver":"local","DriverOpts":{},"Labels":{},"Name":"data"}"#),
        ("volume-create", r#"{"DriverOpts":{"type":"tmpfs","device":"tmpfs","o":"size=10m,uid=1000"}}"#),
        ("container-commit", "null"),
        (
            "container-update",
            r#"{"CpuShares":512,"Memory":0,"RestartPolicy":{"Name":"always","MaximumRetryCount":0},
            "BlkioWeightDevice":null,"Devices":null,"DeviceCgroupRules":null,"PidsLimit":100,"OomKillDisable":null}"#,
        ),
        (
            "auth",
            r#"{"username":"a","password":"b","email":"","serveraddress":"https://index.docker.io/v1/"}"#,
        ),
        ("auth", r#"{"username":"a","password":"b","serveraddress":"ghcr.io"}"#),
        ("auth", r#"{"username":"a","password":"b"}"#),
    ] {
        passed(id, body, Strength::Developer);
    }
}
