//! What a service's container is given of its host.

use longshore_api::ops::spec::{
    Device, DeviceRequest, HostConfig, LogConfig, Rate, RestartPolicy, Ulimit, Weight,
};

use super::{Maker, Unmade, bindings};
use crate::{
    load::seccomp_file,
    model::{self, Service},
};

impl Maker<'_> {
    pub(super) fn host(&self) -> Result<HostConfig, Unmade> {
        let service = self.service;
        let mut host = HostConfig {
            port_bindings: bindings(service),
            volumes_from: self.volumes_from()?,
            links: self.links()?,
            ipc_mode: self.mode(&service.ipc)?,
            pid_mode: self.mode(&service.pid)?,
            uts_mode: service.uts.clone(),
            userns_mode: service.userns_mode.clone(),
            cgroupns_mode: service.cgroup.clone(),
            cgroup_parent: service.cgroup_parent.clone(),
            storage_opt: service.storage_opt.clone(),
            dns: service.dns.clone(),
            dns_options: service.dns_opt.clone(),
            dns_search: service.dns_search.clone(),
            extra_hosts: service.extra_hosts.list(":"),
            restart: restart(service),
            init: service.init,
            runtime: service.runtime.clone(),
            isolation: service.isolation.clone(),
            annotations: service.annotations.clone(),
            privileged: service.privileged,
            readonly_rootfs: service.read_only,
            cap_add: service.cap_add.clone(),
            cap_drop: service.cap_drop.clone(),
            group_add: service.group_add.clone(),
            sysctls: service.sysctls.clone(),
            shm_size: service.shm_size.0,
            oom_score_adj: service.oom_score_adj,
            ..HostConfig::default()
        };
        if let Some(logging) = &service.logging {
            let options =
                logging.options.iter().map(|(key, value)| (key.clone(), value.clone().unwrap_or_default()));
            host.log = LogConfig { driver: logging.driver.clone(), options: options.collect() };
        }
        self.security(&mut host);
        limits(service, &mut host);
        devices(service, &mut host);
        Ok(host)
    }

    /// Options of security: profiles that are named by a file are given instead.
    fn security(&self, host: &mut HostConfig) {
        const WHOLE: &str = "systempaths=unconfined";
        let options = &self.service.security_opt;
        let given =
            |option: &String| match seccomp_file(option).and_then(|file| self.project.seccomp.get(file)) {
                Some(profile) => format!("seccomp={profile}"),
                None => option.clone(),
            };
        host.security_opt = options.iter().filter(|option| *option != WHOLE).map(given).collect();
        if options.iter().any(|option| option == WHOLE) {
            (host.masked_paths, host.readonly_paths) = (Some(Vec::new()), Some(Vec::new()));
        }
    }

    fn volumes_from(&self) -> Result<Vec<String>, Unmade> {
        let one = |from: &String| match from.strip_prefix("container:") {
            Some(container) => Ok(container.to_owned()),
            None => {
                let (needs, mode) = from.split_once(':').map_or((from.as_str(), ""), |split| split);
                let found = self.first(needs)?;
                Ok(if mode.is_empty() { found.to_owned() } else { format!("{found}:{mode}") })
            }
        };
        self.service.volumes_from.iter().map(one).collect()
    }

    /// Links to containers of other services, under the name that was asked for and under theirs.
    fn links(&self) -> Result<Vec<String>, Unmade> {
        let mut links = Vec::new();
        for link in &self.service.links {
            let (needs, alias) = link.split_once(':').unwrap_or((link, link));
            self.first(needs)?;
            for (n, container) in self.there.get(needs).into_iter().flatten().enumerate() {
                let project = &self.project.name;
                let number = n + 1;
                links.push(format!("{container}:{alias}"));
                links.push(format!("{container}:{needs}-{number}"));
                links.push(format!("{container}:{project}-{needs}-{number}"));
            }
        }
        for link in &self.service.external_links {
            let (container, alias) = link.split_once(':').unwrap_or((link, link));
            links.push(format!("{container}:{alias}"));
        }
        Ok(links)
    }
}

/// When it is started again: what `deploy` says goes before `restart`.
fn restart(service: &Service) -> RestartPolicy {
    let name = |name: &str| match name {
        "none" | "no" => "no".to_owned(),
        "any" | "always" => "always".to_owned(),
        other => other.to_owned(),
    };
    if let Some(policy) = service.deploy.as_ref().and_then(|deploy| deploy.restart_policy.as_ref()) {
        let retries = policy.max_attempts.and_then(|most| i64::try_from(most).ok()).unwrap_or(0);
        return RestartPolicy { name: name(&policy.condition), retries };
    }
    let (policy, retries) = service.restart.split_once(':').unwrap_or((&service.restart, ""));
    RestartPolicy { name: name(policy), retries: retries.parse().unwrap_or(0) }
}

fn limits(service: &Service, host: &mut HostConfig) {
    host.memory = service.mem_limit.0;
    host.memory_reservation = service.mem_reservation.0;
    host.memory_swap = service.memswap_limit.0;
    host.memory_swappiness = service.mem_swappiness;
    host.oom_kill_disable = service.oom_kill_disable.then_some(true);
    host.nano_cpus = billionths(service.cpus);
    host.cpu_shares = service.cpu_shares;
    host.cpu_period = service.cpu_period;
    host.cpu_quota = service.cpu_quota;
    host.cpu_rt_period = service.cpu_rt_period;
    host.cpu_rt_runtime = service.cpu_rt_runtime;
    host.cpuset_cpus = service.cpuset.clone();
    host.cpu_count = service.cpu_count;
    host.cpu_percent = (service.cpu_percent * 100.0) as i64;
    host.pids_limit = (service.pids_limit != 0).then_some(service.pids_limit);
    let ulimits = service.ulimits.iter();
    host.ulimits =
        ulimits.map(|(name, it)| Ulimit { name: name.clone(), soft: it.soft, hard: it.hard }).collect();
    if let Some(io) = &service.blkio_config {
        let rates = |all: &[model::Throttle]| -> Vec<Rate> {
            all.iter().map(|it| Rate { path: it.path.clone(), rate: it.rate.0 }).collect()
        };
        host.blkio_weight = io.weight.into();
        let weights = io.weight_device.iter();
        host.blkio_weight_device =
            weights.map(|it| Weight { path: it.path.clone(), weight: it.weight.into() }).collect();
        host.read_bps = rates(&io.device_read_bps);
        host.write_bps = rates(&io.device_write_bps);
        host.read_iops = rates(&io.device_read_iops);
        host.write_iops = rates(&io.device_write_iops);
    }
    let Some(resources) = service.deploy.as_ref().map(|deploy| &deploy.resources) else { return };
    if let Some(limits) = &resources.limits {
        if limits.memory.0 != 0 {
            host.memory = limits.memory.0;
        }
        if let Some(cpus) = limits.cpus {
            host.nano_cpus = billionths(cpus);
        }
        if limits.pids > 0 {
            host.pids_limit = Some(limits.pids);
        }
    }
    // What is reserved of processors is a swarm's.
    if let Some(reserved) = resources.reservations.as_ref().filter(|reserved| reserved.memory.0 != 0) {
        host.memory_reservation = reserved.memory.0;
    }
}

fn billionths(cpus: f64) -> i64 {
    (cpus * 1e9).round() as i64
}

fn devices(service: &Service, host: &mut HostConfig) {
    host.device_cgroup_rules = service.device_cgroup_rules.clone();
    let (named, paths): (Vec<_>, Vec<_>) = service
        .devices
        .iter()
        .partition(|device| device.source == device.target && !device.source.starts_with('/'));
    let paths = paths.into_iter().map(|device| Device {
        host: device.source.clone(),
        container: device.target.clone(),
        permissions: device.permissions.clone(),
    });
    host.devices = paths.collect();
    if !named.is_empty() {
        let ids = named.into_iter().map(|device| device.source.clone()).collect();
        host.device_requests.push(DeviceRequest {
            driver: "cdi".to_owned(),
            ids,
            ..DeviceRequest::default()
        });
    }
    host.device_requests.extend(service.gpus.iter().map(|gpu| request(gpu, true)));
    let reservations = service.deploy.as_ref().and_then(|deploy| deploy.resources.reservations.as_ref());
    let devices = reservations.into_iter().flat_map(|reserved| &reserved.devices);
    host.device_requests.extend(devices.map(|device| request(device, false)));
}

fn request(request: &model::DeviceRequest, gpu: bool) -> DeviceRequest {
    let mut capabilities = request.capabilities.clone();
    if gpu && !capabilities.iter().any(|one| one == "gpu") {
        capabilities.push("gpu".to_owned());
    }
    let all = if request.device_ids.is_empty() { -1 } else { 0 };
    DeviceRequest {
        driver: request.driver.clone(),
        count: request.count.unwrap_or(all),
        ids: request.device_ids.clone(),
        capabilities: vec![capabilities],
        options: request.options.clone(),
    }
}
