//! The body of the engine's container create, typed. As in the engine, what is zero or empty is not set; what may be
//! zero on purpose is an `Option`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fit::{self, Fit, Look};
use crate::sentence::Sentence;

/// A map as the engine has many.
pub type Pairs = BTreeMap<String, String>;

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Structs of the engine: each field with its name there, left out while it says nothing.
macro_rules! engine {
    ($($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $kind:ty = $key:literal,)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct $name {
            $($(#[$about])* #[serde(rename = $key, skip_serializing_if = "is_default")] pub $field: $kind,)*
        }

        impl Fit for $name {
            fn fit(value: &Value, at: &str) -> Result<(), Sentence> {
                let look = |key: &str| -> Option<Look> {
                    match key {
                        $($key => Some(<$kind as Fit>::fit),)*
                        _ => None,
                    }
                };
                fit::fields(value, at, stringify!($name), look, &[$($key),*])
            }
        }
    )* };
}

engine! {
    /// The body of `POST /containers/create`.
    CreateBody {
        /// What it calls itself.
        hostname: String = "Hostname",
        /// Its domain.
        domainname: String = "Domainname",
        /// As whom its process runs.
        user: String = "User",
        /// Whether the process has a terminal.
        tty: bool = "Tty",
        /// Whether its input stays open.
        open_stdin: bool = "OpenStdin",
        /// `NAME=value`; a name alone takes the image's variable away.
        env: Vec<String> = "Env",
        /// The arguments, or the command where there is no entrypoint.
        cmd: Vec<String> = "Cmd",
        /// What the arguments are given to; one empty text takes the image's away.
        entrypoint: Option<Vec<String>> = "Entrypoint",
        /// The image.
        image: String = "Image",
        /// Anonymous volumes, by where they are mounted.
        volumes: BTreeMap<String, Empty> = "Volumes",
        /// Where the process starts.
        working_dir: String = "WorkingDir",
        /// Ports that are meant to be reached: `80/tcp`.
        exposed_ports: BTreeMap<String, Empty> = "ExposedPorts",
        /// Labels.
        labels: Pairs = "Labels",
        /// The signal that asks it to end.
        stop_signal: String = "StopSignal",
        /// Seconds it has for that.
        stop_timeout: Option<i64> = "StopTimeout",
        /// How one finds out that it is well.
        health: Health = "Healthcheck",
        /// What it is given of the host.
        host: HostConfig = "HostConfig",
        /// The networks it is on.
        networking: Networking = "NetworkingConfig",
    }
    /// What a container is given of its host.
    HostConfig {
        /// `FROM:TO[:MODE]`.
        binds: Vec<String> = "Binds",
        /// What is mounted, at length.
        mounts: Vec<Mount> = "Mounts",
        /// File systems in memory, by where they are mounted, with their options.
        tmpfs: Pairs = "Tmpfs",
        /// Containers whose volumes it shares.
        volumes_from: Vec<String> = "VolumesFrom",
        /// The driver of volumes that are made for it.
        volume_driver: String = "VolumeDriver",
        /// Options of the storage driver.
        storage_opt: Pairs = "StorageOpt",
        /// The network it is on; nothing is the engine's own.
        network_mode: String = "NetworkMode",
        /// Ports of the host, by the container's: `80/tcp`.
        port_bindings: BTreeMap<String, Vec<PortBinding>> = "PortBindings",
        /// Whether each exposed port gets one of the host's.
        publish_all_ports: bool = "PublishAllPorts",
        /// Links of old: `OTHER:ALIAS`.
        links: Vec<String> = "Links",
        /// Servers of names.
        dns: Vec<String> = "Dns",
        /// Options of the resolver.
        dns_options: Vec<String> = "DnsOptions",
        /// Domains that are searched.
        dns_search: Vec<String> = "DnsSearch",
        /// Lines of its hosts file: `NAME:ADDRESS`.
        extra_hosts: Vec<String> = "ExtraHosts",
        /// When it is started again.
        restart: RestartPolicy = "RestartPolicy",
        /// Whether it is removed when it ends.
        auto_remove: bool = "AutoRemove",
        /// Whether an init runs as its first process.
        init: Option<bool> = "Init",
        /// Who runs it.
        runtime: String = "Runtime",
        /// Where its output goes.
        log: LogConfig = "LogConfig",
        /// For the runtime.
        annotations: Pairs = "Annotations",
        /// Bytes of memory.
        memory: i64 = "Memory",
        /// Bytes it is asked to keep to.
        memory_reservation: i64 = "MemoryReservation",
        /// Bytes of memory and swap; -1 is without limit.
        memory_swap: i64 = "MemorySwap",
        /// 0 to 100.
        memory_swappiness: Option<i64> = "MemorySwappiness",
        /// Bytes of the kernel's memory.
        kernel_memory: i64 = "KernelMemory",
        /// Bytes of `/dev/shm`.
        shm_size: i64 = "ShmSize",
        /// Whether it is spared when memory runs out.
        oom_kill_disable: Option<bool> = "OomKillDisable",
        /// -1000 to 1000.
        oom_score_adj: i64 = "OomScoreAdj",
        /// Processors, in billionths.
        nano_cpus: i64 = "NanoCpus",
        /// Weight among the others.
        cpu_shares: i64 = "CpuShares",
        /// Microseconds of a period.
        cpu_period: i64 = "CpuPeriod",
        /// Microseconds in a period.
        cpu_quota: i64 = "CpuQuota",
        /// The same, in real time.
        cpu_rt_period: i64 = "CpuRealtimePeriod",
        /// The same, in real time.
        cpu_rt_runtime: i64 = "CpuRealtimeRuntime",
        /// Which processors.
        cpuset_cpus: String = "CpusetCpus",
        /// Which memory.
        cpuset_mems: String = "CpusetMems",
        /// Windows: how many processors.
        cpu_count: i64 = "CpuCount",
        /// Windows: per cent of them.
        cpu_percent: i64 = "CpuPercent",
        /// Windows: operations a second.
        io_max_iops: i64 = "IOMaximumIOps",
        /// Windows: bytes a second.
        io_max_bandwidth: i64 = "IOMaximumBandwidth",
        /// Windows: how it is kept apart.
        isolation: String = "Isolation",
        /// Processes; -1 is without limit.
        pids_limit: Option<i64> = "PidsLimit",
        /// Limits of its processes.
        ulimits: Vec<Ulimit> = "Ulimits",
        /// 10 to 1000.
        blkio_weight: i64 = "BlkioWeight",
        /// The same, by device.
        blkio_weight_device: Vec<Weight> = "BlkioWeightDevice",
        /// Bytes a second.
        read_bps: Vec<Rate> = "BlkioDeviceReadBps",
        /// Bytes a second.
        write_bps: Vec<Rate> = "BlkioDeviceWriteBps",
        /// Operations a second.
        read_iops: Vec<Rate> = "BlkioDeviceReadIOps",
        /// Operations a second.
        write_iops: Vec<Rate> = "BlkioDeviceWriteIOps",
        /// Devices of the host.
        devices: Vec<Device> = "Devices",
        /// Rules on devices.
        device_cgroup_rules: Vec<String> = "DeviceCgroupRules",
        /// Devices that a driver hands out.
        device_requests: Vec<DeviceRequest> = "DeviceRequests",
        /// Whether it may do anything.
        privileged: bool = "Privileged",
        /// Whether its own files cannot be written.
        readonly_rootfs: bool = "ReadonlyRootfs",
        /// Capabilities more.
        cap_add: Vec<String> = "CapAdd",
        /// Capabilities less.
        cap_drop: Vec<String> = "CapDrop",
        /// Labels, profiles, no new privileges.
        security_opt: Vec<String> = "SecurityOpt",
        /// Paths that are hidden; none at all if empty.
        masked_paths: Option<Vec<String>> = "MaskedPaths",
        /// Paths that cannot be written; none at all if empty.
        readonly_paths: Option<Vec<String>> = "ReadonlyPaths",
        /// Groups more.
        group_add: Vec<String> = "GroupAdd",
        /// Switches of the kernel.
        sysctls: Pairs = "Sysctls",
        /// Whose shared memory it sees.
        ipc_mode: String = "IpcMode",
        /// Whose processes it sees.
        pid_mode: String = "PidMode",
        /// Whose host name it has.
        uts_mode: String = "UTSMode",
        /// Whose users it has.
        userns_mode: String = "UsernsMode",
        /// Whose control groups it sees.
        cgroupns_mode: String = "CgroupnsMode",
        /// The control group above its own.
        cgroup_parent: String = "CgroupParent",
    }
    /// A port of the host.
    PortBinding {
        /// The address; all, if empty.
        ip: String = "HostIp",
        /// The port or a range; any free one, if empty.
        port: String = "HostPort",
    }
    /// When a container is started again.
    RestartPolicy {
        /// `no`, `always`, `unless-stopped`, `on-failure`.
        name: String = "Name",
        /// Of `on-failure`: at most so often.
        retries: i64 = "MaximumRetryCount",
    }
    /// Where output goes.
    LogConfig {
        /// The driver.
        driver: String = "Type",
        /// Its options.
        options: Pairs = "Config",
    }
    /// How one finds out that a container is well. Times in nanoseconds.
    Health {
        /// `NONE`, or `CMD` or `CMD-SHELL` with what is run.
        test: Vec<String> = "Test",
        /// Between two checks.
        interval: i64 = "Interval",
        /// A check may take so long.
        timeout: i64 = "Timeout",
        /// After so many failures it is unwell.
        retries: i64 = "Retries",
        /// At first, failures do not count for so long.
        start_period: i64 = "StartPeriod",
        /// Between two checks at first.
        start_interval: i64 = "StartInterval",
    }
    /// Something mounted.
    Mount {
        /// `bind`, `volume`, `tmpfs`, `image`, `cluster`, `npipe`.
        kind: String = "Type",
        /// From where; a volume without is anonymous.
        source: String = "Source",
        /// To where.
        target: String = "Target",
        /// Whether it cannot be written.
        read_only: bool = "ReadOnly",
        /// How sure it is to be the same on both sides.
        consistency: String = "Consistency",
        /// Of binds.
        bind: BindOptions = "BindOptions",
        /// Of volumes.
        volume: VolumeOptions = "VolumeOptions",
        /// Of file systems in memory.
        tmpfs: TmpfsOptions = "TmpfsOptions",
        /// Of images.
        image: ImageOptions = "ImageOptions",
    }
    /// Of a bind.
    BindOptions {
        /// `rprivate` and its like.
        propagation: String = "Propagation",
        /// Whether mounts below stay out.
        non_recursive: bool = "NonRecursive",
        /// Whether the source is made where it is missing.
        create: bool = "CreateMountpoint",
        /// Whether mounts below can be written although this cannot.
        non_recursive_read_only: bool = "ReadOnlyNonRecursive",
        /// Whether it fails where mounts below cannot be read-only.
        force_recursive_read_only: bool = "ReadOnlyForceRecursive",
    }
    /// Of a volume.
    VolumeOptions {
        /// Whether it stays empty.
        no_copy: bool = "NoCopy",
        /// Labels of a new one.
        labels: Pairs = "Labels",
        /// Where in it.
        subpath: String = "Subpath",
        /// The driver of a new one.
        driver: VolumeDriver = "DriverConfig",
    }
    /// Who keeps a volume.
    VolumeDriver {
        /// Its name.
        name: String = "Name",
        /// Its options.
        options: Pairs = "Options",
    }
    /// Of a file system in memory.
    TmpfsOptions {
        /// Bytes.
        size: i64 = "SizeBytes",
        /// Permissions.
        mode: i64 = "Mode",
    }
    /// Of a mounted image.
    ImageOptions {
        /// Where in it.
        subpath: String = "Subpath",
    }
    /// A limit of processes.
    Ulimit {
        /// `nofile` and its like.
        name: String = "Name",
        /// What they begin with.
        soft: i64 = "Soft",
        /// What they may raise it to.
        hard: i64 = "Hard",
    }
    /// A device's weight.
    Weight {
        /// Which.
        path: String = "Path",
        /// 10 to 1000.
        weight: i64 = "Weight",
    }
    /// A device's limit.
    Rate {
        /// Which.
        path: String = "Path",
        /// A second.
        rate: i64 = "Rate",
    }
    /// A device of the host.
    Device {
        /// There.
        host: String = "PathOnHost",
        /// In the container.
        container: String = "PathInContainer",
        /// Of `rwm`.
        permissions: String = "CgroupPermissions",
    }
    /// Devices that a driver hands out.
    DeviceRequest {
        /// Which driver.
        driver: String = "Driver",
        /// How many; -1 is all.
        count: i64 = "Count",
        /// Which.
        ids: Vec<String> = "DeviceIDs",
        /// What they must be able to do: one of these lists, all that is in it.
        capabilities: Vec<Vec<String>> = "Capabilities",
        /// For the driver.
        options: Pairs = "Options",
    }
    /// Networks.
    Networking {
        /// By name or id.
        endpoints: BTreeMap<String, Endpoint> = "EndpointsConfig",
    }
    /// What a container is on one network.
    Endpoint {
        /// Addresses that it asks for.
        ipam: Ipam = "IPAMConfig",
        /// Links of old.
        links: Vec<String> = "Links",
        /// Names it has there.
        aliases: Vec<String> = "Aliases",
        /// Its hardware address.
        mac: String = "MacAddress",
        /// For the driver.
        driver_opts: Pairs = "DriverOpts",
        /// The highest is the way out.
        gw_priority: i64 = "GwPriority",
    }
    /// Addresses that a container asks for.
    Ipam {
        /// IPv4.
        ip: String = "IPv4Address",
        /// IPv6.
        ip6: String = "IPv6Address",
        /// Link-local ones.
        link_local: Vec<String> = "LinkLocalIPs",
    }
    /// `{}`, as the engine writes members of sets.
    Empty {}
}
