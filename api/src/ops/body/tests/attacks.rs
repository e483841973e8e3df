//! What an attacker would put into a body. Each line is refused below the line with the field named.

use super::*;

/// `HostConfig` of a create.
const HOST: &[(&str, &str)] = &[
    (r#""Privileged":true"#, "Privileged"),
    (r#""Privileged":"true""#, "Privileged"),
    (r#""Binds":["/:/host"]"#, "Binds[0]"),
    (r#""Binds":["data:/data","/etc:/e:ro"]"#, "Binds[1]"),
    (r#""Binds":["../etc:/e"]"#, "Binds[0]"),
    (r#""Binds":["./x:/e"]"#, "Binds[0]"),
    (r#""Binds":["data/../../etc:/e"]"#, "Binds[0]"),
    (r#""Binds":["~:/e"]"#, "Binds[0]"),
    (r#""Binds":["data:/data:rshared"]"#, "Binds[0]"),
    (r#""Binds":["C:\\:D:\\"]"#, "Binds[0]"),
    (r#""Binds":["//./pipe/docker_engine://./pipe/x"]"#, "Binds[0]"),
    (r#""Binds":"/:/host""#, "Binds"),
    (r#""Binds":[["/:/host"]]"#, "Binds[0]"),
    (r#""Binds":[null]"#, "Binds[0]"),
    (r#""Mounts":[{"Type":"bind","Source":"/","Target":"/h"}]"#, "Mounts[0].Type"),
    (r#""Mounts":[{"Type":"BIND","Source":"/","Target":"/h"}]"#, "Mounts[0].Type"),
    (r#""Mounts":[{"Type":"npipe","Source":"x","Target":"/h"}]"#, "Mounts[0].Type"),
    (r#""Mounts":[{"Type":"cluster","Source":"x","Target":"/h"}]"#, "Mounts[0].Type"),
    (r#""Mounts":[{"Source":"/","Target":"/h"}]"#, "Mounts[0].Type"),
    (r#""Mounts":[{"Type":"volume","Source":"/etc","Target":"/h"}]"#, "Mounts[0].Source"),
    (r#""Mounts":[{"Type":"tmpfs","Source":"/etc","Target":"/h"}]"#, "Mounts[0].Source"),
    (
        r#""Mounts":[{"Type":"volume","Target":"/h","BindOptions":{"Propagation":"rshared"}}]"#,
        "Mounts[0].BindOptions",
    ),
    (
        r#""Mounts":[{"Type":"volume","Source":"vol","Target":"/h","VolumeOptions":{"DriverConfig":
        {"Name":"local","Options":{"type":"none","device":"/","o":"bind"}}}}]"#,
        "Mounts[0].VolumeOptions.DriverConfig.Options.",
    ),
    (
        r#""Mounts":[{"Type":"volume","Source":"vol","Target":"/h","VolumeOptions":{"DriverConfig":{"Name":"rexray"}}}]"#,
        "Mounts[0].VolumeOptions.DriverConfig.Name",
    ),
    (
        r#""Mounts":[{"Type":"tmpfs","Target":"/h","TmpfsOptions":{"Options":[["exec"]]}}]"#,
        "Mounts[0].TmpfsOptions.Options",
    ),
    (r#""VolumeDriver":"rexray""#, "VolumeDriver"),
    (r#""VolumesFrom":["other"]"#, "VolumesFrom"),
    (r#""VolumesFrom":"other""#, "VolumesFrom"),
    (r#""NetworkMode":"host""#, "NetworkMode"),
    (r#""NetworkMode":"container:other""#, "NetworkMode"),
    (r#""NetworkMode":"ns:/proc/1/ns/net""#, "NetworkMode"),
    (r#""NetworkMode":"slirp4netns:allow_host_loopback=true""#, "NetworkMode"),
    (r#""PidMode":"host""#, "PidMode"),
    (r#""PidMode":"container:other""#, "PidMode"),
    (r#""IpcMode":"host""#, "IpcMode"),
    (r#""IpcMode":"container:other""#, "IpcMode"),
    (r#""UTSMode":"host""#, "UTSMode"),
    (r#""UsernsMode":"host""#, "UsernsMode"),
    (r#""UsernsMode":"keep-id""#, "UsernsMode"),
    (r#""CgroupnsMode":"host""#, "CgroupnsMode"),
    (r#""Cgroup":"container:other""#, "Cgroup"),
    (r#""CgroupParent":"/docker/other""#, "CgroupParent"),
    (r#""CapAdd":["SYS_ADMIN"]"#, "CapAdd[0]"),
    (r#""CapAdd":["CHOWN","cap_sys_ptrace"]"#, "CapAdd[1]"),
    (r#""CapAdd":["ALL"]"#, "CapAdd[0]"),
    (r#""CapAdd":"ALL""#, "CapAdd"),
    (r#""SecurityOpt":["seccomp=unconfined"]"#, "SecurityOpt[0]"),
    (r#""SecurityOpt":["apparmor:unconfined"]"#, "SecurityOpt[0]"),
    (r#""SecurityOpt":["label=disable"]"#, "SecurityOpt[0]"),
    (r#""SecurityOpt":["no-new-privileges:false"]"#, "SecurityOpt[0]"),
    (r#""SecurityOpt":["systempaths=unconfined"]"#, "SecurityOpt[0]"),
    (
        r#""Devices":[{"PathOnHost":"/dev/sda","PathInContainer":"/dev/sda","CgroupPermissions":"rwm"}]"#,
        "Devices",
    ),
    (r#""DeviceCgroupRules":["b *:* rwm"]"#, "DeviceCgroupRules"),
    (r#""DeviceRequests":[{"Driver":"nvidia","Count":-1}]"#, "DeviceRequests"),
    (r#""DeviceRequests":[{}]"#, "DeviceRequests"),
    (r#""Runtime":"runc""#, "Runtime"),
    (r#""Runtime":"io.containerd.runc.v2""#, "Runtime"),
    (r#""Sysctls":{"net.core.somaxconn":"1","kernel.core_pattern":"|/x"}"#, "Sysctls.kernel.core_pattern"),
    (r#""Sysctls":{"net/ipv4/ip_forward":"1"}"#, "Sysctls.net/ipv4/ip_forward"),
    (r#""MaskedPaths":[]"#, "MaskedPaths"),
    (r#""MaskedPaths":["/proc/kcore"]"#, "MaskedPaths"),
    (r#""ReadonlyPaths":[]"#, "ReadonlyPaths"),
    (r#""Annotations":{"io.podman.annotations.privileged":"TRUE"}"#, "Annotations"),
    (r#""LogConfig":{"Type":"syslog","Config":{"syslog-address":"unix:///run/docker.sock"}}"#, "LogConfig."),
    (
        r#""LogConfig":{"Type":"json-file","Config":{"splunk-capath":"/etc/shadow"}}"#,
        "LogConfig.Config.splunk-capath",
    ),
    (r#""Ulimits":[{"Name":"rtprio","Soft":99,"Hard":99}]"#, "Ulimits[0].Name"),
    (r#""OomScoreAdj":-1000"#, "OomScoreAdj"),
    (r#""OomKillDisable":true"#, "OomKillDisable"),
    (r#""CpuRealtimeRuntime":950000"#, "CpuRealtimeRuntime"),
    (r#""BlkioDeviceReadBps":[{"Path":"/dev/sda","Rate":1}]"#, "BlkioDeviceReadBps"),
    (r#""ContainerIDFile":"/etc/cron.d/x""#, "ContainerIDFile"),
    (r#""GroupAdd":["keep-groups"]"#, "GroupAdd[0]"),
    (
        r#""StorageOpt":{"size":"1G","overlay2.override_kernel_check":"1"}"#,
        "StorageOpt.overlay2.override_kernel_check",
    ),
    (r#""Tmpfs":{"/t":"size=1m,bind"}"#, "Tmpfs./t"),
    (r#""Tmpfs":{"/t":"dev"}"#, "Tmpfs./t"),
    (r#""Isolation":"process""#, "Isolation"),
    (r#""Capabilities":["ALL"]"#, "Capabilities"),
    (r#""HostDoor":{"Open":true}"#, "HostDoor"),
];

/// Whole bodies.
const BODIES: &[(&str, &str, &str)] = &[
    ("container-create", r#"{"Door":"open"}"#, "Door"),
    ("container-create", r#"{"Volumes":{"/etc:/e":{}}}"#, "Volumes./etc:/e"),
    ("container-create", r#"{"Volumes":{"/e":{"Source":"/etc"}}}"#, "Volumes./e.Source"),
    ("container-create", r#"{"Labels":{"longshore.owner":"ada"}}"#, "Labels.longshore.owner"),
    (
        "container-create",
        r#"{"Labels":{"com.docker.swarm.service.id":"x"}}"#,
        "Labels.com.docker.swarm.service.id",
    ),
    (
        "container-create",
        r#"{"Labels":{"com.docker.compose.service":"web"}}"#,
        "Labels.com.docker.compose.service",
    ),
    (
        "container-create",
        r#"{"Labels":{"com.docker.compose.service":"web","com.docker.stack.namespace":"x"}}"#,
        "Labels.com.docker.compose.service",
    ),
    (
        "container-create",
        r#"{"NetworkingConfig":{"EndpointsConfig":{"host":{}}}}"#,
        "NetworkingConfig.EndpointsConfig.host",
    ),
    (
        "container-create",
        r#"{"NetworkingConfig":{"EndpointsConfig":{"own":{"NetworkID":"foreign"}}}}"#,
        "NetworkingConfig.EndpointsConfig.own.NetworkID",
    ),
    (
        "container-create",
        r#"{"NetworkingConfig":{"EndpointsConfig":{"own":{"DriverOpts":{"com.docker.network.endpoint.sysctls":"x"}}}}}"#,
        "NetworkingConfig.EndpointsConfig.own.DriverOpts",
    ),
    ("container-update", r#"{"Devices":[{"PathOnHost":"/dev/sda"}]}"#, "Devices"),
    ("container-update", r#"{"DeviceCgroupRules":["a *:* rwm"]}"#, "DeviceCgroupRules"),
    ("container-update", r#"{"CgroupParent":"/"}"#, "CgroupParent"),
    ("container-update", r#"{"Privileged":true}"#, "Privileged"),
    ("container-commit", r#"{"Labels":{"longshore.public":"yes"}}"#, "Labels.longshore.public"),
    ("exec-create", r#"{"Cmd":["id"],"Privileged":true}"#, "Privileged"),
    ("exec-create", r#"{"Cmd":["id"],"Capabilities":["ALL"]}"#, "Capabilities"),
    ("exec-start", r#"{"Privileged":true}"#, "Privileged"),
    ("volume-create", r#"{"Name":"v","DriverOpts":{"type":"none","device":"/","o":"bind"}}"#, "DriverOpts."),
    (
        "volume-create",
        r#"{"DriverOpts":{"type":"tmpfs","device":"tmpfs","o":"size=1m,bind"}}"#,
        "DriverOpts.o",
    ),
    ("volume-create", r#"{"DriverOpts":{"type":"tmpfs","device":"/","o":"size=1m"}}"#, "DriverOpts."),
    ("volume-create", r#"{"DriverOpts":{"type":"nfs","device":":/","o":"addr=10.0.0.1"}}"#, "DriverOpts."),
    ("volume-create", r#"{"Driver":"vieux/sshfs"}"#, "Driver"),
    ("volume-create", r#"{"ClusterVolumeSpec":{"Group":"x"}}"#, "ClusterVolumeSpec"),
    ("volume-update", r#"{"Spec":{"Availability":"drain"}}"#, "Spec"),
    ("network-create", r#"{"Name":"n","Driver":"macvlan","Options":{"parent":"eth0"}}"#, "Driver"),
    ("network-create", r#"{"Name":"n","Driver":"host"}"#, "Driver"),
    (
        "network-create",
        r#"{"Name":"n","Options":{"com.docker.network.bridge.name":"docker0"}}"#,
        "Options.com.docker.network.bridge.name",
    ),
    ("network-create", r#"{"Name":"n","IPAM":{"Config":[{"Subnet":"8.8.8.0/24"}]}}"#, "IPAM.Config"),
    ("network-create", r#"{"Name":"n","IPAM":{"Driver":"remote"}}"#, "IPAM.Driver"),
    ("network-create", r#"{"Name":"n","Ingress":true}"#, "Ingress"),
    ("network-create", r#"{"Name":"n","ConfigFrom":{"Network":"x"}}"#, "ConfigFrom"),
    (
        "network-connect",
        r#"{"Container":"c","EndpointConfig":{"NetworkID":"x"}}"#,
        "EndpointConfig.NetworkID",
    ),
    (
        "auth",
        r#"{"username":"a","password":"b","serveraddress":"http://169.254.169.254/latest"}"#,
        "serveraddress",
    ),
    ("auth", r#"{"serveraddress":"localhost:5000"}"#, "serveraddress"),
    ("auth", r#"{"serveraddress":"https://0x7f.1/v2/"}"#, "serveraddress"),
    ("auth", r#"{"serveraddress":"https://registry.example.com@10.0.0.1/"}"#, "serveraddress"),
    ("auth", r#"{"serveraddress":"[::ffff:127.0.0.1]:5000"}"#, "serveraddress"),
    ("service-create", r#"{"Name":"s"}"#, "Name"),
    ("service-update", r#"{"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Type":"bind"}]}}}"#, "TaskTemplate"),
    ("swarm-init", r#"{"ForceNewCluster":true}"#, "ForceNewCluster"),
    ("secret-create", r#"{"Data":"eA=="}"#, "Data"),
];

#[test]
fn each_is_refused_below_the_line_by_its_name() {
    let host = HOST.iter().map(|(field, path)| {
        ("container-create", format!("{{\"HostConfig\":{{{field}}}}}"), format!("HostConfig.{path}"))
    });
    let whole = BODIES.iter().map(|(id, body, path)| (*id, (*body).to_owned(), (*path).to_owned()));
    for (id, body, path) in host.chain(whole) {
        let why = refusal(id, &body, Strength::Developer);
        let at = why.path().unwrap_or_default();
        assert!(at == path || (path.ends_with('.') && at.starts_with(&path)), "{id} {body} at {at}");
        assert!(why.to_string().contains(at), "{why}");
        assert!(why.is_forbidden() || matches!(why, BodyRefusal::Kind { .. }), "{body}: {why:?}");
        // Above it, the engine's own limits hold.
        let sent = passed(id, &body, Strength::Manager);
        assert_eq!(sent, read(body.as_bytes()).expect("JSON"));
    }
}

#[test]
fn plugins_are_for_nobody() {
    for body in [
        r#"{"TaskTemplate":{"Runtime":"plugin"}}"#,
        r#"{"TaskTemplate":{"Runtime":"Plugin","ContainerSpec":{}}}"#,
        r#"{"TaskTemplate":{"PluginSpec":{"Remote":"vieux/sshfs"}}}"#,
    ] {
        for (id, caller) in [("service-create", Strength::Manager), ("service-update", Strength::Developer)] {
            let why = refusal(id, body, caller);
            assert!(matches!(why, BodyRefusal::Ruled { rule: Rule::NoPlugin, .. }), "{body}: {why:?}");
        }
    }
    passed(
        "service-create",
        r#"{"TaskTemplate":{"Runtime":"container","PluginSpec":{}}}"#,
        Strength::Manager,
    );
}

/// An engine may see more in it than nothing: it does in an empty `MaskedPaths`.
#[test]
fn what_says_nothing_is_left_out_below_the_line() {
    let body = r#"{"Image":"a","Later":[],"HostConfig":{"Privileged":false,"Later":{"Deep":{"Er":""}},"Devices":[],
        "MaskedPaths":null,"CapAdd":null,"Runtime":"","Mounts":[{"Type":"volume","Target":"/t","BindOptions":{}}]}}"#;
    assert_eq!(
        passed("container-create", body, Strength::Developer),
        serde_json::json!({"Image": "a", "HostConfig": {"Mounts": [{"Type": "volume", "Target": "/t"}]}})
    );
    assert_eq!(passed("container-create", body, Strength::Manager), read(body.as_bytes()).expect("JSON"));
}

#[test]
fn parameters_are_judged_too() {
    let asked = |id: &str, name: Option<&str>, query: &str, caller| {
        let operation = operation(id).unwrap_or_else(|| panic!("no row {id}"));
        let mut query = crate::ops::rebuild_query(operation, Some(query)).expect("a query of the row");
        super::asked(operation, name, &mut query, caller).map(|found| (query.to_string(), found))
    };
    let (dev, mgr) = (Strength::Developer, Strength::Manager);
    for (id, name, query, path) in [
        ("image-create", None, "fromSrc=http://10.0.0.1/x", "fromSrc"),
        ("image-create", None, "fromSrc=https://example.com/x.tar", "fromSrc"),
        ("build", None, "remote=http://169.254.169.254/", "remote"),
        ("build", None, "remote=-", "remote"),
        ("build", None, "networkmode=host", "networkmode"),
        ("build", None, "networkmode=container:db", "networkmode"),
        ("build", None, "cgroupparent=/", "cgroupparent"),
        ("build", None, "securityopt=label%3Ddisable", "securityopt"),
        ("build", None, "version=2", "version"),
        ("build", None, "session=x", "session"),
        ("build", None, "labels=%7B%22longshore.owner%22:%22x%22%7D", "labels.longshore.owner"),
        ("build", None, "ulimits=[%7B%22Name%22:%22rtprio%22%7D]", "ulimits[0].Name"),
        ("image-search", None, "term=10.0.0.1:5000/x", "term"),
        ("distribution-inspect", Some("10.0.0.1:5000/team/web"), "", "10.0.0.1:5000"),
        ("distribution-inspect", Some("localhost/web"), "", "localhost"),
    ] {
        match asked(id, name, query, dev) {
            Err(why) => assert_eq!((why.path(), why.is_forbidden()), (Some(path), true), "{id} {query}"),
            Ok(_) => panic!("{id} {query} {name:?} was passed"),
        }
        asked(id, name, query, mgr).unwrap_or_else(|why| panic!("{id} {query}: {why}"));
    }
    for (id, name, query) in [
        ("image-create", None, "fromImage=busybox&tag=1.35"),
        ("image-create", None, "fromSrc=-"),
        (
            "build",
            None,
            "t=a&networkmode=default&version=1&remote=&labels=%7B%22a%22:%22b%22%7D&ulimits=null",
        ),
        ("image-search", None, "term=redis"),
        ("distribution-inspect", Some("docker.io/library/busybox:1.35"), ""),
        ("distribution-inspect", Some("ghcr.io/team/web"), ""),
        ("distribution-inspect", Some("team/web"), ""),
    ] {
        asked(id, name, query, dev).unwrap_or_else(|why| panic!("{id} {query}: {why}"));
    }
    for (query, path) in [("filters=%7B%22label%22:%7B%7D,%22label%22:%7B%7D%7D", "label"), ("filters=x", "")]
    {
        let why = asked("container-list", None, query, mgr).expect_err(query);
        assert_eq!(why.path().unwrap_or_default(), path);
    }
    let filters = "filters=%7B%22label%22%3A%20%7B%22a%22%3Atrue%2C%22A%22%3Atrue%7D%7D&all=1";
    let (sent, _) = asked("container-list", None, filters, dev).expect("filters");
    assert_eq!(sent, "all=1&filters=%7B%22label%22%3A%7B%22A%22%3Atrue%2C%22a%22%3Atrue%7D%7D");
    let why = asked("build", None, "ulimits=[%7B%22Name%22:%22core%22,%22name%22:%22rtprio%22%7D]", mgr);
    assert!(matches!(why, Err(BodyRefusal::Twice { .. } | BodyRefusal::Case { .. })), "{why:?}");
}
