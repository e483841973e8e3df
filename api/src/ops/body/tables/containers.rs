//! Containers and what runs in them.

use super::{LABELS, networks::ENDPOINT};
use crate::ops::body::{
    refers::Refers,
    rules::Rule,
    shape::{
        Field,
        Shape::{Data, Flag, List, Map, Number, Object, Text, Words},
        free, manager, ruled,
    },
};

const EMPTY: crate::ops::body::shape::Shape = Object(&[&[]]);

/// What a container is, wherever it runs.
pub(super) const CONFIG: &[Field] = &[
    free("Hostname", Text),
    free("Domainname", Text),
    // Who a process is inside. What makes that more than a name is judged elsewhere.
    free("User", Text),
    free("AttachStdin", Flag),
    free("AttachStdout", Flag),
    free("AttachStderr", Flag),
    free("ExposedPorts", Map(&EMPTY)),
    free("Tty", Flag),
    free("OpenStdin", Flag),
    free("StdinOnce", Flag),
    free("Env", List(&Text)),
    free("Cmd", Words),
    free("Healthcheck", Object(&[HEALTH])),
    free("ArgsEscaped", Flag),
    free("Image", Text),
    ruled("Volumes", Map(&EMPTY), Rule::Paths),
    free("WorkingDir", Text),
    free("Entrypoint", Words),
    free("NetworkDisabled", Flag),
    free("MacAddress", Text),
    free("OnBuild", List(&Text)),
    LABELS,
    free("StopSignal", Text),
    free("StopTimeout", Number),
    free("Shell", Words),
];

/// What else a create says.
pub(super) const CREATE: &[Field] =
    &[free("HostConfig", Object(&[RESOURCES, HOST])), free("NetworkingConfig", Object(&[NETWORKING]))];

const NETWORKING: &[Field] =
    &[ruled("EndpointsConfig", Map(&Object(&[ENDPOINT])), Rule::NetworkKeys).refers(Refers::NetworkKeys)];

pub(super) const HEALTH: &[Field] = &[
    free("Test", List(&Text)),
    free("Interval", Number),
    free("Timeout", Number),
    free("Retries", Number),
    free("StartPeriod", Number),
    free("StartInterval", Number),
];

/// What is given and limited, also to a container that is there.
pub(super) const RESOURCES: &[Field] = &[
    free("CpuShares", Number),
    free("Memory", Number),
    manager("CgroupParent", Text),
    free("BlkioWeight", Number),
    // Devices are the host's, if only their limits.
    manager("BlkioWeightDevice", List(&Object(&[WEIGHT]))),
    manager("BlkioDeviceReadBps", List(&Object(&[RATE]))),
    manager("BlkioDeviceWriteBps", List(&Object(&[RATE]))),
    manager("BlkioDeviceReadIOps", List(&Object(&[RATE]))),
    manager("BlkioDeviceWriteIOps", List(&Object(&[RATE]))),
    free("CpuPeriod", Number),
    free("CpuQuota", Number),
    // Can starve the host.
    manager("CpuRealtimePeriod", Number),
    manager("CpuRealtimeRuntime", Number),
    free("CpusetCpus", Text),
    free("CpusetMems", Text),
    manager("Devices", List(&Object(&[DEVICE]))),
    manager("DeviceCgroupRules", List(&Text)),
    manager("DeviceRequests", List(&Object(&[DEVICE_REQUEST]))),
    free("DiskQuota", Number),
    free("KernelMemory", Number),
    free("KernelMemoryTCP", Number),
    free("MemoryReservation", Number),
    free("MemorySwap", Number),
    free("MemorySwappiness", Number),
    free("NanoCpus", Number),
    // Without it, a container that eats all memory takes the host with it.
    manager("OomKillDisable", Flag),
    free("Init", Flag),
    free("PidsLimit", Number),
    free("Ulimits", List(&Object(&[ULIMIT]))),
    free("CpuCount", Number),
    free("CpuPercent", Number),
    free("IOMaximumIOps", Number),
    free("IOMaximumBandwidth", Number),
];

/// Of limits, those that raise what a process may do to its like on the host are left out.
pub(in crate::ops::body) const ULIMIT: &[Field] = &[
    ruled(
        "Name",
        Text,
        Rule::OneOf(&["as", "core", "cpu", "data", "fsize", "memlock", "nofile", "nproc", "rss", "stack"]),
    ),
    free("Soft", Number),
    free("Hard", Number),
];

const WEIGHT: &[Field] = &[manager("Path", Text), manager("Weight", Number)];
const RATE: &[Field] = &[manager("Path", Text), manager("Rate", Number)];
const DEVICE: &[Field] =
    &[manager("PathOnHost", Text), manager("PathInContainer", Text), manager("CgroupPermissions", Text)];
const DEVICE_REQUEST: &[Field] = &[
    manager("Driver", Text),
    manager("Count", Number),
    manager("DeviceIDs", List(&Text)),
    manager("Capabilities", List(&List(&Text))),
    manager("Options", Map(&Text)),
];

pub(super) const UPDATE: &[Field] = &[free("RestartPolicy", Object(&[RESTART]))];
const RESTART: &[Field] = &[free("Name", Text), free("MaximumRetryCount", Number)];

/// Switches of the kernel that are the container's own.
pub(super) const SYSCTLS: &[&str] = &[
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.sem",
    "kernel.shm_rmid_forced",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
    "net.core.somaxconn",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_syncookies",
    "net.ipv6.conf.all.disable_ipv6",
];

const HOST: &[Field] = &[
    ruled("Binds", List(&Text), Rule::Binds).refers(Refers::Binds),
    manager("ContainerIDFile", Text),
    free("LogConfig", Object(&[LOG])),
    ruled("NetworkMode", Text, Rule::NetworkMode).refers(Refers::NetworkMode),
    free("PortBindings", Map(&List(&Object(&[PORT])))),
    free("RestartPolicy", Object(&[RESTART])),
    free("AutoRemove", Flag),
    ruled("VolumeDriver", Text, Rule::OneOf(&["local"])),
    // What is mounted there may be the host's.
    manager("VolumesFrom", Words).refers(Refers::VolumesFrom),
    ruled("Mounts", List(&Object(&[MOUNT])), Rule::Mounts).refers(Refers::Mount),
    free("ConsoleSize", List(&Number)),
    manager("Annotations", Map(&Text)),
    ruled("CapAdd", Words, Rule::Capabilities),
    free("CapDrop", Words),
    ruled("CgroupnsMode", Text, Rule::OneOf(&["private"])),
    free("Dns", List(&Text)),
    free("DnsOptions", List(&Text)),
    free("DnsSearch", List(&Text)),
    free("ExtraHosts", List(&Text)),
    ruled("GroupAdd", List(&Text), Rule::Groups),
    ruled("IpcMode", Text, Rule::OneOf(&["private", "shareable", "none"])).refers(Refers::Namespace),
    manager("Cgroup", Text).refers(Refers::Namespace),
    free("Links", List(&Text)).refers(Refers::Links),
    ruled("OomScoreAdj", Number, Rule::NotNegative),
    ruled("PidMode", Text, Rule::OneOf(&["private"])).refers(Refers::Namespace),
    manager("Privileged", Flag),
    free("PublishAllPorts", Flag),
    free("ReadonlyRootfs", Flag),
    ruled("SecurityOpt", List(&Text), Rule::SecurityOptions),
    ruled("StorageOpt", Map(&Text), Rule::Keys(&["size"])),
    ruled("Tmpfs", Map(&Text), Rule::Tmpfs),
    ruled("UTSMode", Text, Rule::OneOf(&["private"])).refers(Refers::Namespace),
    ruled("UsernsMode", Text, Rule::OneOf(&[])),
    free("ShmSize", Number),
    ruled("Sysctls", Map(&Text), Rule::Keys(SYSCTLS)),
    // The engine's own may be the stricter one, so not even its usual name.
    manager("Runtime", Text),
    ruled("Isolation", Text, Rule::OneOf(&["default"])),
    ruled("MaskedPaths", List(&Text), Rule::Unset),
    ruled("ReadonlyPaths", List(&Text), Rule::Unset),
];

const LOG: &[Field] = &[
    // Others send to addresses, or read files of the host.
    ruled("Type", Text, Rule::OneOf(&["json-file", "local", "none"])),
    ruled(
        "Config",
        Map(&Text),
        Rule::Keys(&[
            "compress",
            "env",
            "env-regex",
            "labels",
            "labels-regex",
            "max-file",
            "max-size",
            "mode",
            "tag",
        ]),
    ),
];

const PORT: &[Field] = &[free("HostIp", Text), free("HostPort", Text)];

pub(super) const MOUNT: &[Field] = &[
    free("Target", Text),
    free("Source", Text),
    free("Type", Text),
    free("ReadOnly", Flag),
    free("Consistency", Text),
    manager("BindOptions", Object(&[BIND_OPTIONS])),
    free("VolumeOptions", Object(&[VOLUME_OPTIONS])),
    free("ImageOptions", Object(&[IMAGE_OPTIONS])),
    free("TmpfsOptions", Object(&[TMPFS_OPTIONS])),
    manager("ClusterOptions", Data),
];

const BIND_OPTIONS: &[Field] = &[
    manager("Propagation", Text),
    manager("NonRecursive", Flag),
    manager("CreateMountpoint", Flag),
    manager("ReadOnlyNonRecursive", Flag),
    manager("ReadOnlyForceRecursive", Flag),
];
const VOLUME_OPTIONS: &[Field] =
    &[free("NoCopy", Flag), LABELS, free("DriverConfig", Object(&[DRIVER_CONFIG])), free("Subpath", Text)];
const DRIVER_CONFIG: &[Field] =
    &[ruled("Name", Text, Rule::OneOf(&["local"])), ruled("Options", Map(&Text), Rule::VolumeOptions)];
const IMAGE_OPTIONS: &[Field] = &[free("Subpath", Text)];
const TMPFS_OPTIONS: &[Field] =
    &[free("SizeBytes", Number), free("Mode", Number), manager("Options", List(&List(&Text)))];

pub(super) const EXEC: &[Field] = &[
    free("AttachStdin", Flag),
    free("AttachStdout", Flag),
    free("AttachStderr", Flag),
    free("ConsoleSize", List(&Number)),
    free("DetachKeys", Text),
    // As docker-compose of old writes it.
    free("detachKeys", Text),
    free("Detach", Flag),
    free("Tty", Flag),
    free("Env", List(&Text)),
    free("Cmd", Words),
    // All capabilities, whatever the container has.
    manager("Privileged", Flag),
    // Root of the container's own, which who makes containers may be anyway.
    free("User", Text),
    free("WorkingDir", Text),
    // The path has it, and engines read it there.
    free("Container", Text),
];

pub(super) const EXEC_START: &[Field] =
    &[free("Detach", Flag), free("Tty", Flag), free("ConsoleSize", List(&Number))];
