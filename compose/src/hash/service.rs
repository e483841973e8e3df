//! A service as the struct that is hashed: fields in the struct's order. Left out are the build, the pull policy, the
//! scale, the dependencies and the profiles, and the files whose variables and labels are in the service already.

use super::go::{Object, list, map, quoted};
use crate::model::{
    Bind, Blkio, Deploy, DeviceRequest, Grant, Health, Hook, Service, ServiceNetwork, Throttle, Tmpfs,
    Ulimit, Update, VolumeMount, VolumeOptions,
};

pub(super) fn json(service: &Service) -> String {
    let mut json = Object::default();
    let it = &mut json;
    it.pairs("annotations", &service.annotations);
    it.maybe_flag("attach", service.attach);
    if let Some(develop) = &service.develop {
        let mut one = Object::default();
        one.objects("watch", develop.watch.iter().map(watch).collect());
        it.object("develop", one);
    }
    if let Some(io) = &service.blkio_config {
        it.object("blkio_config", blkio(io));
    }
    it.texts("cap_add", &service.cap_add);
    it.texts("cap_drop", &service.cap_drop);
    it.text("cgroup_parent", &service.cgroup_parent);
    it.text("cgroup", &service.cgroup);
    it.whole("cpu_count", service.cpu_count);
    it.number("cpu_percent", service.cpu_percent);
    it.whole("cpu_period", service.cpu_period);
    it.whole("cpu_quota", service.cpu_quota);
    it.whole("cpu_rt_period", service.cpu_rt_period);
    it.whole("cpu_rt_runtime", service.cpu_rt_runtime);
    it.number("cpus", service.cpus);
    it.text("cpuset", &service.cpuset);
    it.whole("cpu_shares", service.cpu_shares);
    it.command("command", service.command.as_ref());
    it.objects("configs", service.configs.iter().map(grant).collect());
    it.text("container_name", &service.container_name);
    if let Some(spec) = &service.credential_spec {
        let mut one = Object::default();
        one.text("config", &spec.config);
        one.text("file", &spec.file);
        one.text("registry", &spec.registry);
        it.object("credential_spec", one);
    }
    if let Some(said) = &service.deploy {
        it.object("deploy", deploy(said));
    }
    it.texts("device_cgroup_rules", &service.device_cgroup_rules);
    let devices = service.devices.iter().map(|device| {
        let mut one = Object::default();
        one.text("source", &device.source);
        one.text("target", &device.target);
        one.text("permissions", &device.permissions);
        one
    });
    it.objects("devices", devices.collect());
    it.texts("dns", &service.dns);
    it.texts("dns_opt", &service.dns_opt);
    it.texts("dns_search", &service.dns_search);
    it.text("domainname", &service.domainname);
    it.command("entrypoint", service.entrypoint.as_ref());
    if let Some(provider) = &service.provider {
        let mut one = Object::default();
        one.text("type", &provider.r#type);
        it.object("provider", one);
    }
    it.maybe_pairs("environment", &service.environment);
    it.texts("expose", &service.expose);
    it.texts("external_links", &service.external_links);
    it.texts("extra_hosts", &service.extra_hosts.list("="));
    it.texts("group_add", &service.group_add);
    it.objects("gpus", service.gpus.iter().map(request).collect());
    it.text("hostname", &service.hostname);
    if let Some(check) = &service.healthcheck {
        it.object("healthcheck", health(check));
    }
    it.text("image", &service.image);
    it.maybe_flag("init", service.init);
    it.text("ipc", &service.ipc);
    it.text("isolation", &service.isolation);
    it.pairs("labels", &service.labels);
    it.texts("links", &service.links);
    if let Some(logging) = &service.logging {
        let mut one = Object::default();
        one.text("driver", &logging.driver);
        let options =
            logging.options.iter().map(|(k, v)| (k.clone(), v.clone().unwrap_or_default())).collect();
        one.pairs("options", &options);
        it.object("logging", one);
    }
    it.size("mem_limit", service.mem_limit);
    it.size("mem_reservation", service.mem_reservation);
    it.size("memswap_limit", service.memswap_limit);
    it.size("mem_swappiness", crate::units::Size(service.mem_swappiness.unwrap_or(0)));
    it.text("mac_address", &service.mac_address);
    it.text("network_mode", &service.network_mode);
    if !service.networks.is_empty() {
        let one = |it: &Option<ServiceNetwork>| {
            it.as_ref().map_or_else(|| "null".to_owned(), |it| network(it).end())
        };
        let networks = service.networks.iter().map(|(key, it)| (key.as_str(), one(it)));
        it.raw("networks", &map(networks));
    }
    it.flag("oom_kill_disable", service.oom_kill_disable);
    it.whole("oom_score_adj", service.oom_score_adj);
    it.text("pid", &service.pid);
    it.whole("pids_limit", service.pids_limit);
    it.text("platform", &service.platform);
    let ports = service.ports.iter().map(|port| {
        let mut one = Object::default();
        one.text("name", &port.name);
        one.text("mode", &port.mode);
        one.text("host_ip", &port.host_ip);
        one.whole("target", port.target.into());
        one.text("published", &port.published);
        one.text("protocol", &port.protocol);
        one.text("app_protocol", &port.app_protocol);
        one
    });
    it.objects("ports", ports.collect());
    it.flag("privileged", service.privileged);
    it.flag("read_only", service.read_only);
    it.text("restart", &service.restart);
    it.text("runtime", &service.runtime);
    it.objects("secrets", service.secrets.iter().map(grant).collect());
    it.texts("security_opt", &service.security_opt);
    it.size("shm_size", service.shm_size);
    it.flag("stdin_open", service.stdin_open);
    it.span("stop_grace_period", service.stop_grace_period);
    it.text("stop_signal", &service.stop_signal);
    it.pairs("storage_opt", &service.storage_opt);
    it.pairs("sysctls", &service.sysctls);
    it.texts("tmpfs", &service.tmpfs);
    it.flag("tty", service.tty);
    if !service.ulimits.is_empty() {
        it.raw("ulimits", &map(service.ulimits.iter().map(|(key, it)| (key.as_str(), ulimit(*it)))));
    }
    it.flag("use_api_socket", service.use_api_socket);
    it.text("user", &service.user);
    it.text("userns_mode", &service.userns_mode);
    it.text("uts", &service.uts);
    it.objects("volumes", service.volumes.iter().map(volume).collect());
    it.texts("volumes_from", &service.volumes_from);
    it.text("working_dir", &service.working_dir);
    it.objects("post_start", service.post_start.iter().map(hook).collect());
    it.objects("pre_stop", service.pre_stop.iter().map(hook).collect());
    json.end()
}

fn watch(watch: &crate::model::Watch) -> Object {
    let mut one = Object::default();
    one.raw("path", &quoted(&watch.path));
    one.raw("action", &quoted(&watch.action));
    one.text("target", &watch.target);
    one.object("exec", watch.exec.as_ref().map_or_else(|| hook(&Hook::default()), hook));
    one.texts("include", &watch.include);
    one.texts("ignore", &watch.ignore);
    one.flag("initial_sync", watch.initial_sync);
    one
}

fn blkio(io: &Blkio) -> Object {
    let throttles = |all: &[Throttle]| -> Vec<Object> {
        let one = |it: &Throttle| {
            let mut one = Object::default();
            one.raw("Path", &quoted(&it.path));
            one.raw("Rate", &format!("\"{}\"", it.rate));
            one
        };
        all.iter().map(one).collect()
    };
    let mut json = Object::default();
    json.whole("weight", io.weight.into());
    let weights = io.weight_device.iter().map(|it| {
        let mut one = Object::default();
        one.raw("Path", &quoted(&it.path));
        one.raw("Weight", &it.weight.to_string());
        one
    });
    json.objects("weight_device", weights.collect());
    json.objects("device_read_bps", throttles(&io.device_read_bps));
    json.objects("device_read_iops", throttles(&io.device_read_iops));
    json.objects("device_write_bps", throttles(&io.device_write_bps));
    json.objects("device_write_iops", throttles(&io.device_write_iops));
    json
}

fn grant(grant: &Grant) -> Object {
    let mut one = Object::default();
    one.text("source", &grant.source);
    one.text("target", &grant.target);
    one.text("uid", &grant.uid);
    one.text("gid", &grant.gid);
    if let Some(mode) = grant.mode {
        one.raw("mode", &format!("\"0{:o}\"", mode.0));
    }
    one
}

fn request(request: &DeviceRequest) -> Object {
    let mut one = Object::default();
    one.texts("capabilities", &request.capabilities);
    one.text("driver", &request.driver);
    one.whole("count", request.count.unwrap_or(0));
    one.texts("device_ids", &request.device_ids);
    one.pairs("options", &request.options);
    one
}

fn health(check: &Health) -> Object {
    let mut one = Object::default();
    one.texts("test", &check.test);
    one.span("timeout", check.timeout);
    one.span("interval", check.interval);
    one.maybe_whole("retries", check.retries);
    one.span("start_period", check.start_period);
    one.span("start_interval", check.start_interval);
    one.flag("disable", check.disable);
    one
}

fn network(network: &ServiceNetwork) -> Object {
    let mut one = Object::default();
    one.texts("aliases", &network.aliases);
    one.pairs("driver_opts", &network.driver_opts);
    one.whole("gw_priority", network.gw_priority);
    one.text("interface_name", &network.interface_name);
    one.text("ipv4_address", &network.ipv4_address);
    one.text("ipv6_address", &network.ipv6_address);
    one.texts("link_local_ips", &network.link_local_ips);
    one.text("mac_address", &network.mac_address);
    one.whole("priority", network.priority);
    one
}

fn ulimit(limit: Ulimit) -> String {
    if limit.soft == limit.hard {
        limit.soft.to_string()
    } else {
        format!(r#"{{"soft":{},"hard":{}}}"#, limit.soft, limit.hard)
    }
}

fn volume(mount: &VolumeMount) -> Object {
    let mut one = Object::default();
    one.text("type", &mount.r#type);
    one.text("source", &mount.source);
    one.text("target", &mount.target);
    one.flag("read_only", mount.read_only);
    one.text("consistency", &mount.consistency);
    if let Some(Bind { selinux, propagation, create_host_path, recursive, .. }) = &mount.bind {
        let mut bind = Object::default();
        bind.text("selinux", selinux);
        bind.text("propagation", propagation);
        bind.flag("create_host_path", *create_host_path);
        bind.text("recursive", recursive);
        one.object("bind", bind);
    }
    if let Some(VolumeOptions { labels, nocopy, subpath, .. }) = &mount.volume {
        let mut options = Object::default();
        options.pairs("labels", labels);
        options.flag("nocopy", *nocopy);
        options.text("subpath", subpath);
        one.object("volume", options);
    }
    if let Some(Tmpfs { mode, size, .. }) = &mount.tmpfs {
        let mut tmpfs = Object::default();
        tmpfs.size("size", *size);
        tmpfs.whole("mode", mode.map_or(0, |mode| mode.0.into()));
        one.object("tmpfs", tmpfs);
    }
    if let Some(image) = &mount.image {
        let mut options = Object::default();
        options.text("subpath", &image.subpath);
        one.object("image", options);
    }
    one
}

fn hook(hook: &Hook) -> Object {
    let mut one = Object::default();
    one.command("command", hook.command.as_ref());
    one.text("user", &hook.user);
    one.flag("privileged", hook.privileged);
    one.text("working_dir", &hook.working_dir);
    one.maybe_pairs("environment", &hook.environment);
    one
}

fn update(update: &Update) -> Object {
    let mut one = Object::default();
    one.maybe_whole("parallelism", update.parallelism);
    one.span("delay", Some(update.delay).filter(|delay| delay.0 != 0));
    one.text("failure_action", &update.failure_action);
    one.span("monitor", Some(update.monitor).filter(|monitor| monitor.0 != 0));
    one.number("max_failure_ratio", update.max_failure_ratio);
    one.text("order", &update.order);
    one
}

fn deploy(deploy: &Deploy) -> Object {
    let mut one = Object::default();
    one.text("mode", &deploy.mode);
    one.pairs("labels", &deploy.labels);
    for (key, it) in [("update_config", &deploy.update_config), ("rollback_config", &deploy.rollback_config)]
    {
        if let Some(it) = it {
            one.object(key, update(it));
        }
    }
    let mut resources = Object::default();
    if let Some(limits) = &deploy.resources.limits {
        let mut json = Object::default();
        json.number("cpus", limits.cpus.unwrap_or(0.0));
        json.size("memory", limits.memory);
        json.whole("pids", limits.pids);
        resources.object("limits", json);
    }
    if let Some(reserved) = &deploy.resources.reservations {
        let mut json = Object::default();
        json.number("cpus", reserved.cpus.unwrap_or(0.0));
        json.size("memory", reserved.memory);
        json.objects("devices", reserved.devices.iter().map(request).collect());
        let generic = reserved.generic_resources.iter().filter_map(|it| it.discrete_resource_spec.as_ref());
        let generic = generic.map(|it| {
            format!(r#"{{"discrete_resource_spec":{{"kind":{},"value":{}}}}}"#, quoted(&it.kind), it.value)
        });
        if !reserved.generic_resources.is_empty() {
            json.raw("generic_resources", &list(generic));
        }
        resources.object("reservations", json);
    }
    one.object("resources", resources);
    if let Some(policy) = &deploy.restart_policy {
        let mut json = Object::default();
        json.text("condition", &policy.condition);
        json.span("delay", policy.delay);
        json.maybe_whole("max_attempts", policy.max_attempts);
        json.span("window", policy.window);
        one.object("restart_policy", json);
    }
    let mut placement = Object::default();
    placement.texts("constraints", &deploy.placement.constraints);
    let spreads = deploy.placement.preferences.iter().map(|it| {
        let mut one = Object::default();
        one.text("spread", &it.spread);
        one
    });
    placement.objects("preferences", spreads.collect());
    placement
        .whole("max_replicas_per_node", i64::try_from(deploy.placement.max_replicas_per_node).unwrap_or(0));
    one.object("placement", placement);
    one.text("endpoint_mode", &deploy.endpoint_mode);
    one
}
