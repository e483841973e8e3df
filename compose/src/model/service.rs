//! A service, and what it says of its containers.

use std::collections::BTreeMap;

use super::{Build, Deploy, DeviceRequest, Extra, Hosts, MaybePairs, Mode, Pairs, Ulimit, record};
use crate::units::{Size, Span};

record! {
    /// A service.
    Service {
        annotations: Pairs,
        attach: Option<bool>,
        blkio_config: Option<Blkio>,
        build: Option<Build>,
        cap_add: Vec<String>,
        cap_drop: Vec<String>,
        cgroup: String,
        cgroup_parent: String,
        command: Option<Vec<String>>,
        configs: Vec<Grant>,
        container_name: String,
        cpu_count: i64,
        cpu_percent: f64,
        cpu_period: i64,
        cpu_quota: i64,
        cpu_rt_period: i64,
        cpu_rt_runtime: i64,
        cpu_shares: i64,
        cpus: f64,
        cpuset: String,
        credential_spec: Option<Credential>,
        depends_on: BTreeMap<String, Dependency>,
        deploy: Option<Deploy>,
        develop: Option<Develop>,
        device_cgroup_rules: Vec<String>,
        devices: Vec<Device>,
        dns: Vec<String>,
        dns_opt: Vec<String>,
        dns_search: Vec<String>,
        domainname: String,
        entrypoint: Option<Vec<String>>,
        env_file: Vec<EnvFile>,
        environment: MaybePairs,
        expose: Vec<String>,
        external_links: Vec<String>,
        extra_hosts: Hosts,
        gpus: Vec<DeviceRequest>,
        group_add: Vec<String>,
        healthcheck: Option<Health>,
        hostname: String,
        image: String,
        init: Option<bool>,
        ipc: String,
        isolation: String,
        label_file: Vec<String>,
        labels: Pairs,
        links: Vec<String>,
        logging: Option<Logging>,
        mac_address: String,
        mem_limit: Size,
        mem_reservation: Size,
        mem_swappiness: Option<i64>,
        memswap_limit: Size,
        models: BTreeMap<String, Option<ServiceModel>>,
        network_mode: String,
        networks: BTreeMap<String, Option<ServiceNetwork>>,
        oom_kill_disable: bool,
        oom_score_adj: i64,
        #[serde(deserialize_with = "nothing_is_empty")]
        pid: String,
        pids_limit: i64,
        platform: String,
        ports: Vec<Port>,
        post_start: Vec<Hook>,
        pre_stop: Vec<Hook>,
        privileged: bool,
        profiles: Vec<String>,
        provider: Option<Provider>,
        pull_policy: String,
        pull_refresh_after: String,
        read_only: bool,
        restart: String,
        runtime: String,
        scale: Option<u64>,
        secrets: Vec<Grant>,
        security_opt: Vec<String>,
        shm_size: Size,
        stdin_open: bool,
        stop_grace_period: Option<Span>,
        stop_signal: String,
        storage_opt: Pairs,
        sysctls: Pairs,
        tmpfs: Vec<String>,
        tty: bool,
        ulimits: BTreeMap<String, Ulimit>,
        use_api_socket: bool,
        user: String,
        userns_mode: String,
        uts: String,
        volumes: Vec<VolumeMount>,
        volumes_from: Vec<String>,
        working_dir: String,
    }
}

impl Service {
    /// How many containers it has.
    pub fn replicas(&self) -> u64 {
        self.scale.or_else(|| self.deploy.as_ref()?.replicas).unwrap_or(1)
    }
}

fn nothing_is_empty<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(<Option<String> as serde::Deserialize>::deserialize(from)?.unwrap_or_default())
}

record! {
    /// `blkio_config`.
    Blkio {
        device_read_bps: Vec<Throttle>,
        device_read_iops: Vec<Throttle>,
        device_write_bps: Vec<Throttle>,
        device_write_iops: Vec<Throttle>,
        weight: u16,
        weight_device: Vec<Weight>,
    }
}

record! {
    /// A rate of a device.
    Throttle {
        path: String,
        rate: Size,
    }
}

record! {
    /// A weight of a device.
    Weight {
        path: String,
        weight: u16,
    }
}

record! {
    /// The use of a secret or a config.
    Grant {
        gid: String,
        mode: Option<Mode>,
        source: String,
        target: String,
        uid: String,
    }
}

record! {
    /// `credential_spec`.
    Credential {
        config: String,
        file: String,
        registry: String,
    }
}

/// What one service waits for in another.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Dependency {
    #[serde(default)]
    pub condition: String,
    #[serde(default, skip_serializing_if = "crate::model::unsaid")]
    pub restart: bool,
    #[serde(default = "always")]
    pub required: bool,
    /// Keys that begin with `x-`.
    #[serde(flatten)]
    pub extra: Extra,
}

fn always() -> bool {
    true
}

record! {
    /// `develop`.
    Develop {
        watch: Vec<Watch>,
    }
}

record! {
    /// What a change of a file does while developing.
    Watch {
        action: String,
        exec: Option<Hook>,
        ignore: Vec<String>,
        include: Vec<String>,
        initial_sync: bool,
        path: String,
        target: String,
    }
}

record! {
    /// A command that is run in a container.
    Hook {
        command: Option<Vec<String>>,
        environment: MaybePairs,
        privileged: bool,
        user: String,
        working_dir: String,
    }
}

record! {
    /// A device of the host.
    Device {
        permissions: String,
        source: String,
        target: String,
    }
}

record! {
    /// A file of variables.
    EnvFile {
        format: String,
        path: String,
        required: bool,
    }
}

record! {
    /// `healthcheck`.
    Health {
        disable: bool,
        interval: Option<Span>,
        retries: Option<u64>,
        start_interval: Option<Span>,
        start_period: Option<Span>,
        test: Vec<String>,
        timeout: Option<Span>,
    }
}

record! {
    /// `logging`.
    Logging {
        driver: String,
        options: MaybePairs,
    }
}

record! {
    /// The use of a model.
    ServiceModel {
        endpoint_var: String,
        model_var: String,
    }
}

record! {
    /// A service in a network.
    ServiceNetwork {
        aliases: Vec<String>,
        driver_opts: Pairs,
        gw_priority: i64,
        interface_name: String,
        ipv4_address: String,
        ipv6_address: String,
        link_local_ips: Vec<String>,
        mac_address: String,
        priority: i64,
    }
}

record! {
    /// A published port.
    Port {
        app_protocol: String,
        host_ip: String,
        mode: String,
        name: String,
        protocol: String,
        published: String,
        target: u16,
    }
}

record! {
    /// `provider`.
    Provider {
        options: Extra,
        r#type: String,
    }
}

record! {
    /// A mount.
    VolumeMount {
        bind: Option<Bind>,
        consistency: String,
        image: Option<ImageMount>,
        read_only: bool,
        source: String,
        target: String,
        tmpfs: Option<Tmpfs>,
        r#type: String,
        volume: Option<VolumeOptions>,
    }
}

record! {
    /// A folder or a file of the host.
    Bind {
        create_host_path: bool,
        propagation: String,
        recursive: String,
        selinux: String,
    }
}

record! {
    /// A folder of an image.
    ImageMount {
        subpath: String,
    }
}

record! {
    /// A file system in memory.
    Tmpfs {
        mode: Option<Mode>,
        size: Size,
    }
}

record! {
    /// A volume.
    VolumeOptions {
        labels: Pairs,
        nocopy: bool,
        subpath: String,
    }
}
