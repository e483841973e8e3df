//! Compose text for a container.

use super::{
    ContainerSpec, FLAGS, Flag, Slot, is_user_defined, mounts, units,
    yaml::{Yaml, put, text, texts, write_map},
};

/// What a compose file says of the networks and volumes that its services name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// Networks are there; volumes are made under the very name, where they are not.
    AsTheyAre,
    /// All of them are there, and nobody's to remove.
    External,
    /// They are the file's own, and made for each project that is made of it.
    Own,
}

/// The compose file for a container, as one service of that name.
pub fn compose_text(spec: &ContainerSpec) -> String {
    let name: String = if spec.name.is_empty() { image_name(&spec.body.image) } else { spec.name.clone() };
    compose_file([FileService { name: &name, spec, count: 1, needs: &[] }], Named::AsTheyAre)
}

/// A service of a compose file.
#[derive(Clone, Copy, Debug)]
pub struct FileService<'a> {
    /// Its name.
    pub name: &'a str,
    /// What each of its containers is.
    pub spec: &'a ContainerSpec,
    /// How many it has.
    pub count: usize,
    /// What it waits for when it starts.
    pub needs: &'a [Needed],
}

/// A service that another waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    /// Its name.
    pub service: String,
    /// Until it is how: `service_healthy` and the like.
    pub condition: String,
    /// Whether a restart of it restarts the other.
    pub restart: bool,
}

impl Needed {
    fn yaml(&self) -> (String, Yaml) {
        let mut said = vec![("condition".to_owned(), text(self.condition.clone()))];
        if self.restart {
            said.push(("restart".to_owned(), Yaml::Raw("true".to_owned())));
        }
        (self.service.clone(), Yaml::Map(said))
    }
}

/// The compose file for several services.
pub fn compose_file<'a>(containers: impl IntoIterator<Item = FileService<'a>>, named: Named) -> String {
    let (mut services, mut networks, mut volumes) = (Vec::new(), Vec::new(), Vec::new());
    let containers: Vec<FileService<'_>> = containers.into_iter().collect();
    let names: Vec<&str> = containers.iter().map(|service| service.name).collect();
    for FileService { name, spec, count, needs } in containers {
        let mut service = service(spec, &names);
        if count > 1 {
            put(&mut service, "scale", Yaml::Raw(count.to_string()));
        }
        if !needs.is_empty() {
            let needs = Yaml::Map(needs.iter().map(Needed::yaml).collect());
            service.push(("depends_on".to_owned(), needs));
        }
        services.push((name.to_owned(), Yaml::Map(service)));
        for (all, more) in [(&mut networks, own_networks(spec)), (&mut volumes, named_volumes(spec))] {
            all.extend(more.into_iter().filter(|name| !all.contains(name)).collect::<Vec<_>>());
        }
    }
    let external = || vec![("external".to_owned(), Yaml::Raw("true".to_owned()))];
    let about = |name: &str, network: bool| match named {
        Named::AsTheyAre if !network => vec![("name".to_owned(), text(name))],
        Named::AsTheyAre | Named::External => external(),
        Named::Own => Vec::new(),
    };
    let mut file = vec![("services".to_owned(), Yaml::Map(services))];
    for (kind, names, network) in [("networks", networks, true), ("volumes", volumes, false)] {
        if !names.is_empty() {
            let all = names.into_iter().map(|name| (name.clone(), Yaml::Map(about(&name, network))));
            file.push((kind.to_owned(), Yaml::Map(all.collect())));
        }
    }
    let mut out = String::new();
    write_map(&file, 0, &mut out);
    out
}

/// A container as a service of a file with these services.
fn service(spec: &ContainerSpec, services: &[&str]) -> Vec<(String, Yaml)> {
    let mut spec = spec.clone();
    let elsewhere = others(&mut spec, services);
    let mut service = vec![("image".to_owned(), text(spec.body.image.clone()))];
    for flag in FLAGS.iter().filter(|flag| !flag.compose.is_empty()) {
        let values = flag.write(&mut spec);
        if !values.is_empty() {
            put(&mut service, flag.compose, node(flag, values));
        }
    }
    let body = &spec.body;
    if let Some(words) = &body.entrypoint {
        put(&mut service, "entrypoint", texts(words.iter().filter(|word| !word.is_empty()).cloned()));
    }
    if !body.cmd.is_empty() {
        put(&mut service, "command", texts(body.cmd.clone()));
    }
    if let [kind, ..] = body.health.test.as_slice() {
        let none = kind == "NONE";
        let (key, value) = if none {
            ("disable", Yaml::Raw("true".to_owned()))
        } else {
            ("test", texts(body.health.test.clone()))
        };
        put(&mut service, &format!("healthcheck.{key}"), value);
    }
    if body.health.start_interval != 0 && body.health.start_period == 0 {
        put(&mut service, "healthcheck.start_period", text("0s"));
    }
    if let Some(seconds) = body.stop_timeout {
        put(&mut service, "stop_grace_period", text(format!("{seconds}s")));
    }
    for limit in &body.host.ulimits {
        for (key, n) in [("soft", limit.soft), ("hard", limit.hard)] {
            put(&mut service, &format!("ulimits.{}.{key}", limit.name), Yaml::Raw(n.to_string()));
        }
    }
    if !elsewhere.is_empty() {
        put(&mut service, "external_links", texts(elsewhere));
    }
    devices(&spec, &mut service);
    volumes(&spec, &mut service);
    networks(&spec, &mut service);
    service
}

/// Says of the containers that it shares with which are none of the file's: the links to such ones are taken out.
fn others(spec: &mut ContainerSpec, services: &[&str]) -> Vec<String> {
    let is_of_file = |link: &str| services.contains(&link.split(':').next().unwrap_or(link));
    let main = spec.body.networking.endpoints.get(&spec.body.host.network_mode);
    let of_network = main.map(|endpoint| endpoint.links.clone()).unwrap_or_default();
    let host = &mut spec.body.host;
    let more: Vec<String> = of_network.into_iter().filter(|link| !host.links.contains(link)).collect();
    host.links.extend(more);
    for from in host.volumes_from.iter_mut().filter(|from| !from.starts_with("container:")) {
        if !is_of_file(from) {
            *from = format!("container:{from}");
        }
    }
    let (links, elsewhere) = std::mem::take(&mut host.links).into_iter().partition(|link| is_of_file(link));
    host.links = links;
    elsewhere
}

fn node(flag: &Flag, values: Vec<String>) -> Yaml {
    match (&flag.slot, flag.name) {
        // As a part of one.
        (Slot::Number(_), "cpu-percent") => {
            let percent: f64 = values.concat().parse().unwrap_or_default();
            Yaml::Raw((percent / 100.0).to_string())
        }
        (Slot::Number(_) | Slot::Amount(_) | Slot::Switch(_) | Slot::Maybe(_), _)
        | (_, "cpus" | "pids-limit" | "memory-swappiness") => Yaml::Raw(values.concat()),
        (Slot::Pairs(..), _) => {
            let pair = |value: String| {
                let (key, value) = value.split_once('=').unwrap_or((&value, ""));
                (key.to_owned(), text(value))
            };
            Yaml::Map(values.into_iter().map(pair).collect())
        }
        _ if flag.is_many() => texts(values),
        _ => text(values.concat()),
    }
}

fn devices(spec: &ContainerSpec, service: &mut Vec<(String, Yaml)>) {
    let host = &spec.body.host;
    let of = |path: &str, key: &str, n: i64| {
        Yaml::Map(vec![("path".to_owned(), text(path)), (key.to_owned(), Yaml::Raw(n.to_string()))])
    };
    if !host.blkio_weight_device.is_empty() {
        let all = host.blkio_weight_device.iter().map(|w| of(&w.path, "weight", w.weight)).collect();
        put(service, "blkio_config.weight_device", Yaml::List(all));
    }
    for (key, rates) in [
        ("device_read_bps", &host.read_bps),
        ("device_write_bps", &host.write_bps),
        ("device_read_iops", &host.read_iops),
        ("device_write_iops", &host.write_iops),
    ] {
        if !rates.is_empty() {
            let all = rates.iter().map(|r| of(&r.path, "rate", r.rate)).collect();
            put(service, &format!("blkio_config.{key}"), Yaml::List(all));
        }
    }
    let gpus = host.device_requests.iter().filter(|request| request.driver != "cdi");
    let gpu = |request: &super::DeviceRequest| {
        let mut map = Vec::new();
        match request.count {
            0 => {}
            -1 => put(&mut map, "count", text("all")),
            n => put(&mut map, "count", Yaml::Raw(n.to_string())),
        }
        if !request.driver.is_empty() {
            put(&mut map, "driver", text(request.driver.clone()));
        }
        if !request.ids.is_empty() {
            put(&mut map, "device_ids", texts(request.ids.clone()));
        }
        put(&mut map, "capabilities", texts(request.capabilities.iter().flatten().cloned()));
        Yaml::Map(map)
    };
    let gpus: Vec<Yaml> = gpus.map(gpu).collect();
    if !gpus.is_empty() {
        put(service, "gpus", Yaml::List(gpus));
    }
}

fn volumes(spec: &ContainerSpec, service: &mut Vec<(String, Yaml)>) {
    let mut all: Vec<Yaml> = mounts::volumes(spec).into_iter().map(text).collect();
    for mount in &spec.body.host.mounts {
        let mut map = vec![("type".to_owned(), text(mount.kind.clone()))];
        let mut say = |path: &str, value: &str| {
            if !value.is_empty() {
                put(&mut map, path, text(value));
            }
        };
        say("source", &mount.source);
        say("target", &mount.target);
        say("consistency", &mount.consistency);
        say("bind.propagation", &mount.bind.propagation);
        say("volume.subpath", &mount.volume.subpath);
        say("image.subpath", &mount.image.subpath);
        // Unlike a bind of `--volume`, it does not make what is missing.
        if mount.kind == "bind" && !mount.bind.create {
            put(&mut map, "bind.create_host_path", Yaml::Raw("false".to_owned()));
        }
        if mount.read_only {
            put(&mut map, "read_only", Yaml::Raw("true".to_owned()));
        }
        if mount.volume.no_copy {
            put(&mut map, "volume.nocopy", Yaml::Raw("true".to_owned()));
        }
        if mount.tmpfs.size != 0 {
            put(&mut map, "tmpfs.size", text(units::bytes_text(mount.tmpfs.size)));
        }
        if mount.tmpfs.mode != 0 {
            put(&mut map, "tmpfs.mode", Yaml::Raw(format!("0{:o}", mount.tmpfs.mode)));
        }
        all.push(Yaml::Map(map));
    }
    if !all.is_empty() {
        put(service, "volumes", Yaml::List(all));
    }
    let tmpfs = &spec.body.host.tmpfs;
    if !tmpfs.is_empty() {
        let line = |(path, options): (&String, &String)| match options.as_str() {
            "" => path.clone(),
            options => format!("{path}:{options}"),
        };
        put(service, "tmpfs", texts(tmpfs.iter().map(line)));
    }
}

fn networks(spec: &ContainerSpec, service: &mut Vec<(String, Yaml)>) {
    let body = &spec.body;
    let mode = &body.host.network_mode;
    if !is_user_defined(mode) {
        if !matches!(mode.as_str(), "" | "default") {
            put(service, "network_mode", text(mode.clone()));
        }
        if let Some(endpoint) = body.networking.endpoints.values().next().filter(|e| !e.mac.is_empty()) {
            put(service, "mac_address", text(endpoint.mac.clone()));
        }
        return;
    }
    let none = super::Endpoint::default();
    let mut all = Vec::new();
    for name in own_networks(spec) {
        let endpoint = body.networking.endpoints.get(&name).unwrap_or(&none);
        let mut map = Vec::new();
        for (key, values) in [("aliases", &endpoint.aliases), ("link_local_ips", &endpoint.ipam.link_local)] {
            if !values.is_empty() {
                put(&mut map, key, texts(values.clone()));
            }
        }
        for (key, value) in [
            ("ipv4_address", &endpoint.ipam.ip),
            ("ipv6_address", &endpoint.ipam.ip6),
            ("mac_address", &endpoint.mac),
        ] {
            if !value.is_empty() {
                put(&mut map, key, text(value.clone()));
            }
        }
        if !endpoint.driver_opts.is_empty() {
            let options = endpoint.driver_opts.iter().map(|(k, v)| (k.clone(), text(v.clone()))).collect();
            put(&mut map, "driver_opts", Yaml::Map(options));
        }
        if endpoint.gw_priority != 0 {
            put(&mut map, "gw_priority", Yaml::Raw(endpoint.gw_priority.to_string()));
        }
        all.push((name, Yaml::Map(map)));
    }
    put(service, "networks", Yaml::Map(all));
}

fn own_networks(spec: &ContainerSpec) -> Vec<String> {
    let main = &spec.body.host.network_mode;
    let others = spec.body.networking.endpoints.keys().filter(|name| *name != main);
    std::iter::once(main).chain(others).filter(|name| is_user_defined(name)).cloned().collect()
}

fn named_volumes(spec: &ContainerSpec) -> Vec<String> {
    let host = &spec.body.host;
    let binds = host.binds.iter().filter_map(|bind| bind.split(':').next());
    let mounts = host.mounts.iter().filter(|mount| mount.kind == "volume").map(|mount| mount.source.as_str());
    let mut names: Vec<String> = Vec::new();
    for name in binds.chain(mounts).filter(|name| !name.is_empty() && !name.contains(['/', '\\'])) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// What an image is called without registry, tag and digest.
fn image_name(image: &str) -> String {
    let last = image.split('@').next().unwrap_or(image).rsplit('/').next().unwrap_or(image);
    let name = last.split(':').next().unwrap_or(last);
    if name.is_empty() { "app".to_owned() } else { name.to_owned() }
}
