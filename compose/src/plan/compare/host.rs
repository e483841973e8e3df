//! What a container is given of its host, as fields.

use longshore_api::ops::spec::{DeviceRequest, HostConfig, Rate};

use super::{
    Eyes,
    face::{Face, put, put_flag, put_list, put_map, put_number, put_set},
};

impl Eyes<'_> {
    pub(super) fn host(&self, face: &mut Face, host: &HostConfig) {
        modes(face, host);
        put(face, "ipc", self.mode(&host.ipc_mode));
        put(face, "pid", self.mode(&host.pid_mode));
        put_list(face, "dns", &host.dns);
        put_list(face, "dns_opt", &host.dns_options);
        put_list(face, "dns_search", &host.dns_search);
        put_set(face, "extra_hosts", host.extra_hosts.iter().map(|line| address(line)));
        put(face, "restart", restart(host));
        put(face, "logging.driver", host.log.driver.as_str());
        put_map(face, "logging.options", &host.log.options);
        security(face, host);
        limits(face, host);
        devices(face, host);
    }

    /// What another container lends, by its service where it has one here.
    pub(super) fn mode(&self, mode: &str) -> String {
        match mode.strip_prefix("container:") {
            Some(other) => self.other(other).map_or_else(
                || format!("container:{}", other.get(..12).unwrap_or(other)),
                |service| format!("service:{service}"),
            ),
            None => mode.to_owned(),
        }
    }

    /// The service of a container of the project that is there or is to be.
    pub(super) fn other(&self, reference: &str) -> Option<String> {
        if let Some(service) = self.planned.get(reference) {
            return Some(service.clone());
        }
        let ours = self.there.container(reference);
        let ours = ours.filter(|it| it.label(crate::labels::PROJECT) == self.project.name);
        ours.map(|it| it.service().to_owned()).filter(|service| !service.is_empty())
    }
}

fn modes(face: &mut Face, host: &HostConfig) {
    put(face, "uts", host.uts_mode.as_str());
    put(face, "userns_mode", host.userns_mode.as_str());
    put(face, "cgroup", host.cgroupns_mode.as_str());
    put(face, "cgroup_parent", host.cgroup_parent.as_str());
    put(face, "runtime", host.runtime.as_str());
    put(face, "isolation", if host.isolation == "default" { "" } else { &host.isolation });
    put(face, "init", host.init.map(|init| init.to_string()).unwrap_or_default());
    put_map(face, "annotations", host.annotations.iter().filter(|(key, _)| !key.starts_with("io.")));
    put_map(face, "storage_opt", &host.storage_opt);
    put_map(face, "sysctls", &host.sysctls);
    put(face, "volume_driver", if host.volume_driver == "local" { "" } else { &host.volume_driver });
    put_flag(face, "publish_all", host.publish_all_ports);
    put_flag(face, "auto_remove", host.auto_remove);
}

/// `name:address`, whatever is between the two.
fn address(line: &str) -> String {
    let at = line.find([':', '=']).unwrap_or(line.len());
    let (name, address) = line.split_at(at);
    format!("{name}:{}", address.trim_start_matches([':', '=']).trim_matches(['[', ']']))
}

fn restart(host: &HostConfig) -> String {
    match (host.restart.name.as_str(), host.restart.retries) {
        ("no" | "", _) => String::new(),
        ("on-failure", retries) if retries > 0 => format!("on-failure:{retries}"),
        (name, _) => name.to_owned(),
    }
}

fn security(face: &mut Face, host: &HostConfig) {
    let capability = |name: &String| {
        let name = name.to_ascii_uppercase();
        name.strip_prefix("CAP_").map(str::to_owned).unwrap_or(name)
    };
    put_flag(face, "privileged", host.privileged);
    put_flag(face, "read_only", host.readonly_rootfs);
    put_set(face, "cap_add", host.cap_add.iter().map(capability));
    put_set(face, "cap_drop", host.cap_drop.iter().map(capability));
    put_set(face, "group_add", host.group_add.iter().cloned());
    put_set(face, "security_opt", host.security_opt.iter().map(|option| security_option(option)));
    // A container that is privileged sees all of it anyway.
    let open = |paths: &Option<Vec<String>>| paths.as_ref().is_some_and(Vec::is_empty) && !host.privileged;
    let whole = open(&host.masked_paths) && open(&host.readonly_paths);
    put_flag(face, "security_opt.systempaths", whole);
}

/// `key=value`; what is only switched on by its key alone.
pub(super) fn security_option(option: &str) -> String {
    let option = match option.find([':', '=']) {
        Some(at) => format!("{}={}", &option[..at], &option[at + 1..]),
        None => option.to_owned(),
    };
    if option == "no-new-privileges=true" { "no-new-privileges".to_owned() } else { option }
}

fn limits(face: &mut Face, host: &HostConfig) {
    put(face, "mem_limit", bytes(host.memory));
    put(face, "mem_reservation", bytes(host.memory_reservation));
    put(face, "memswap_limit", bytes(host.memory_swap));
    put(face, "shm_size", bytes(host.shm_size));
    let swappiness = host.memory_swappiness.filter(|n| *n >= 0);
    put(face, "mem_swappiness", swappiness.map(|n| n.to_string()).unwrap_or_default());
    put_flag(face, "oom_kill_disable", host.oom_kill_disable == Some(true));
    put_number(face, "oom_score_adj", host.oom_score_adj);
    let cpus = host.nano_cpus as f64 / 1e9;
    put(face, "cpus", if host.nano_cpus == 0 { String::new() } else { cpus.to_string() });
    put_number(face, "cpu_shares", host.cpu_shares);
    put_number(face, "cpu_period", host.cpu_period);
    put_number(face, "cpu_quota", host.cpu_quota);
    put_number(face, "cpu_rt_period", host.cpu_rt_period);
    put_number(face, "cpu_rt_runtime", host.cpu_rt_runtime);
    put_number(face, "cpu_count", host.cpu_count);
    put_number(face, "cpu_percent", host.cpu_percent);
    put(face, "cpuset", host.cpuset_cpus.as_str());
    put_number(face, "pids_limit", host.pids_limit.filter(|n| *n > 0).unwrap_or(0));
    for limit in &host.ulimits {
        put(face, &format!("ulimits.{}", limit.name), format!("{}:{}", limit.soft, limit.hard));
    }
    let rates = |all: &[Rate]| all.iter().map(|it| format!("{}:{}", it.path, it.rate)).collect::<Vec<_>>();
    put_number(face, "blkio_config.weight", host.blkio_weight);
    let weights = host.blkio_weight_device.iter().map(|it| format!("{}:{}", it.path, it.weight));
    put_set(face, "blkio_config.weight_device", weights);
    put_set(face, "blkio_config.device_read_bps", rates(&host.read_bps));
    put_set(face, "blkio_config.device_write_bps", rates(&host.write_bps));
    put_set(face, "blkio_config.device_read_iops", rates(&host.read_iops));
    put_set(face, "blkio_config.device_write_iops", rates(&host.write_iops));
}

/// A number of bytes as people write it.
pub(super) fn bytes(bytes: i64) -> String {
    let units = [("g", 1_i64 << 30), ("m", 1 << 20), ("k", 1 << 10)];
    match units.iter().find(|(_, unit)| bytes > 0 && bytes % unit == 0) {
        Some((name, unit)) => format!("{}{name}", bytes / unit),
        None if bytes == 0 => String::new(),
        None => bytes.to_string(),
    }
}

fn devices(face: &mut Face, host: &HostConfig) {
    let devices = host.devices.iter().map(|it| {
        let permissions = if it.permissions.is_empty() { "rwm" } else { &it.permissions };
        let inside = if it.container.is_empty() { &it.host } else { &it.container };
        format!("{}:{inside}:{permissions}", it.host)
    });
    put_set(face, "devices", devices);
    put_set(face, "device_cgroup_rules", host.device_cgroup_rules.iter().cloned());
    put_set(face, "gpus", host.device_requests.iter().map(request));
}

/// Devices that a driver hands out, as `docker` takes them.
fn request(request: &DeviceRequest) -> String {
    let mut capabilities: Vec<String> = request.capabilities.iter().flatten().cloned().collect();
    capabilities.sort();
    capabilities.dedup();
    let mut ids = request.ids.clone();
    ids.sort();
    let mut parts = Vec::new();
    let mut part = |key: &str, text: String| {
        if !text.is_empty() {
            parts.push(format!("{key}={text}"));
        }
    };
    part("driver", request.driver.clone());
    part("count", if request.count == 0 { String::new() } else { request.count.to_string() });
    part("device", ids.join(" "));
    part("capabilities", capabilities.join(" "));
    let options = request.options.iter().map(|(key, value)| format!("{key}={value}"));
    part("options", options.collect::<Vec<_>>().join(" "));
    parts.join(" ")
}
