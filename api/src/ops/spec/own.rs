//! Flags whose values have a form of their own.

use super::{
    ContainerSpec, Device, DeviceRequest, Rate, RestartPolicy, Ulimit, Weight,
    mounts::{csv, pair, to_csv},
    units,
};

/// What paths of the system are left open by.
const OPEN_PATHS: &str = "systempaths=unconfined";

fn some(text: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { vec![text.to_owned()] }
}

pub(super) fn read_pull(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    matches!(text, "always" | "missing" | "never").then(|| text.clone_into(&mut spec.pull))
}

pub(super) fn pull(spec: &ContainerSpec) -> Vec<String> {
    some(&spec.pull)
}

pub(super) fn read_restart(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    let (name, retries) = text.split_once(':').unwrap_or((text, "0"));
    matches!(name, "no" | "always" | "unless-stopped" | "on-failure").then_some(())?;
    let retries = retries.parse().ok().filter(|n| *n == 0 || name == "on-failure")?;
    spec.body.host.restart = RestartPolicy { name: name.to_owned(), retries };
    Some(())
}

pub(super) fn restart(spec: &ContainerSpec) -> Vec<String> {
    match &spec.body.host.restart {
        RestartPolicy { name, retries: 0 } => some(name),
        RestartPolicy { name, retries } => vec![format!("{name}:{retries}")],
    }
}

pub(super) fn read_add_host(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    let at = text.find([':', '='])?;
    let (name, ip) = (&text[..at], &text[at + 1..]);
    let ip = ip.strip_prefix('[').and_then(|ip| ip.strip_suffix(']')).unwrap_or(ip);
    (!name.is_empty() && !ip.is_empty()).then(|| spec.body.host.extra_hosts.push(format!("{name}:{ip}")))
}

pub(super) fn add_host(spec: &ContainerSpec) -> Vec<String> {
    spec.body.host.extra_hosts.clone()
}

/// `vendor.com/class=name` is handed out by a driver; anything else is a path.
pub(super) fn read_device(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    if !text.starts_with('/') && text.contains('/') && text.contains('=') {
        let requests = &mut spec.body.host.device_requests;
        match requests.iter_mut().find(|request| request.driver == "cdi") {
            Some(request) => request.ids.push(text.to_owned()),
            None => requests.push(DeviceRequest {
                driver: "cdi".to_owned(),
                ids: some(text),
                ..DeviceRequest::default()
            }),
        }
        return Some(());
    }
    let is_mode = |text: &str| !text.is_empty() && text.chars().all(|c| "rwm".contains(c));
    let parts: Vec<&str> = text.split(':').collect();
    let (host, container, mode) = match parts[..] {
        [host] => (host, host, "rwm"),
        [host, mode] if is_mode(mode) => (host, host, mode),
        [host, container] => (host, container, "rwm"),
        [host, container, mode] if is_mode(mode) => (host, container, mode),
        _ => return None,
    };
    if host.is_empty() || container.is_empty() {
        return None;
    }
    let [host, container, permissions] = [host, container, mode].map(str::to_owned);
    spec.body.host.devices.push(Device { host, container, permissions });
    Some(())
}

pub(super) fn devices(spec: &ContainerSpec) -> Vec<String> {
    let host = &spec.body.host;
    let text = |Device { host, container, permissions }: &Device| match permissions.as_str() {
        "rwm" | "" if host == container => host.clone(),
        "rwm" | "" => format!("{host}:{container}"),
        mode => format!("{host}:{container}:{mode}"),
    };
    let handed = host.device_requests.iter().filter(|request| request.driver == "cdi");
    host.devices.iter().map(text).chain(handed.flat_map(|request| request.ids.iter().cloned())).collect()
}

/// `all`, `2`, or `device=0,driver=…,capabilities=…,options=…,count=…`.
pub(super) fn read_gpus(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    let mut request = DeviceRequest::default();
    let mut capabilities = vec!["gpu".to_owned()];
    for part in csv(text) {
        let (key, value) = part.split_once('=').unwrap_or(("count", &part));
        match key {
            "count" if value == "all" => request.count = -1,
            "count" => request.count = value.parse().ok()?,
            "driver" => value.clone_into(&mut request.driver),
            "device" => request.ids.extend(value.split(',').map(str::to_owned)),
            "capabilities" => {
                let more = csv(value).into_iter().filter(|c| c != "gpu");
                capabilities.splice(0..0, more);
            }
            "options" => csv(value).iter().for_each(|option| pair(&mut request.options, option)),
            _ => return None,
        }
    }
    if request.count == 0 && request.ids.is_empty() {
        request.count = 1;
    }
    request.capabilities.push(capabilities);
    spec.body.host.device_requests.push(request);
    Some(())
}

pub(super) fn gpus(spec: &ContainerSpec) -> Vec<String> {
    let requests = spec.body.host.device_requests.iter().filter(|request| request.driver != "cdi");
    requests.map(gpu_text).collect()
}

fn gpu_text(request: &DeviceRequest) -> String {
    let mut parts = Vec::new();
    match request.count {
        -1 => parts.push("all".to_owned()),
        0 => {}
        n => parts.push(n.to_string()),
    }
    if !request.driver.is_empty() {
        parts.push(format!("driver={}", request.driver));
    }
    if !request.ids.is_empty() {
        parts.push(format!("device={}", request.ids.join(",")));
    }
    let more: Vec<&String> = request.capabilities.iter().flatten().filter(|c| *c != "gpu").collect();
    if !more.is_empty() {
        parts.push(format!("capabilities={}", to_csv(&more)));
    }
    if !request.options.is_empty() {
        let options: Vec<String> = request.options.iter().map(|(k, v)| format!("{k}={v}")).collect();
        parts.push(format!("options={}", to_csv(&options)));
    }
    to_csv(&parts)
}

pub(super) fn read_entrypoint(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    spec.body.entrypoint = Some(vec![text.to_owned()]);
    Some(())
}

/// The first word; the others are said as arguments.
pub(super) fn entrypoint(spec: &ContainerSpec) -> Vec<String> {
    let words = spec.body.entrypoint.as_ref();
    words.map(|words| words.first().cloned().unwrap_or_default()).into_iter().collect()
}

pub(super) fn read_health(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    spec.body.health.test = vec!["CMD-SHELL".to_owned(), text.to_owned()];
    Some(())
}

/// What a shell runs; a command without a shell is said as the shell would read it.
pub(super) fn health(spec: &ContainerSpec) -> Vec<String> {
    match spec.body.health.test.as_slice() {
        [kind, line] if kind == "CMD-SHELL" => some(line),
        [kind, words @ ..] if kind == "CMD" => some(&super::shell::join(words)),
        _ => Vec::new(),
    }
}

pub(super) fn read_no_health(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    if text != "false" {
        spec.body.health.test = vec!["NONE".to_owned()];
    }
    Some(())
}

pub(super) fn no_health(spec: &ContainerSpec) -> Vec<String> {
    let none = spec.body.health.test.first().is_some_and(|kind| kind == "NONE");
    none.then(|| "true".to_owned()).into_iter().collect()
}

pub(super) fn read_cpus(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    spec.body.host.nano_cpus = units::nanos(text)?;
    Some(())
}

pub(super) fn cpus(spec: &ContainerSpec) -> Vec<String> {
    let nanos = spec.body.host.nano_cpus;
    (nanos != 0).then(|| units::nanos_text(nanos)).into_iter().collect()
}

/// -1 is the engine's own.
pub(super) fn read_swappiness(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    let n: i64 = text.parse().ok().filter(|n| (-1..=100).contains(n))?;
    spec.body.host.memory_swappiness = (n >= 0).then_some(n);
    Some(())
}

pub(super) fn swappiness(spec: &ContainerSpec) -> Vec<String> {
    spec.body.host.memory_swappiness.iter().map(i64::to_string).collect()
}

/// 0 is the engine's own.
pub(super) fn read_pids(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    let n: i64 = text.parse().ok()?;
    spec.body.host.pids_limit = (n != 0).then_some(n);
    Some(())
}

pub(super) fn pids(spec: &ContainerSpec) -> Vec<String> {
    spec.body.host.pids_limit.iter().map(i64::to_string).collect()
}

/// Capabilities have one form and one order, as `docker` sends them.
pub(super) fn read_cap(caps: &mut Vec<String>, text: &str) -> Option<()> {
    let text = text.trim().to_ascii_uppercase();
    let name = match text.as_str() {
        "" => return None,
        "ALL" | "RESET" => text,
        name if name.starts_with("CAP_") => text,
        name => format!("CAP_{name}"),
    };
    if let Err(place) = caps.binary_search(&name) {
        caps.insert(place, name);
    }
    Some(())
}

pub(super) fn read_ulimit(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    let (name, limits) = text.split_once('=')?;
    let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
    let limit = Ulimit { name: name.to_owned(), soft: soft.parse().ok()?, hard: hard.parse().ok()? };
    (!name.is_empty()).then(|| spec.body.host.ulimits.push(limit))
}

pub(super) fn ulimits(spec: &ContainerSpec) -> Vec<String> {
    let text = |Ulimit { name, soft, hard }: &Ulimit| {
        if soft == hard { format!("{name}={soft}") } else { format!("{name}={soft}:{hard}") }
    };
    spec.body.host.ulimits.iter().map(text).collect()
}

pub(super) fn read_weight(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    let (path, weight) = text.rsplit_once(':')?;
    let weight = Weight { path: path.to_owned(), weight: weight.parse().ok()? };
    path.starts_with('/').then(|| spec.body.host.blkio_weight_device.push(weight))
}

pub(super) fn weights(spec: &ContainerSpec) -> Vec<String> {
    spec.body.host.blkio_weight_device.iter().map(|w| format!("{}:{}", w.path, w.weight)).collect()
}

pub(super) fn read_rate(rates: &mut Vec<Rate>, text: &str, bytes: bool) -> Option<()> {
    let (path, rate) = text.rsplit_once(':')?;
    let rate = if bytes { units::bytes(rate)? } else { rate.parse().ok()? };
    path.starts_with('/').then(|| rates.push(Rate { path: path.to_owned(), rate }))
}

pub(super) fn rates(rates: &[Rate], bytes: bool) -> Vec<String> {
    let rate = |n: i64| if bytes { units::bytes_text(n) } else { n.to_string() };
    rates.iter().map(|r| format!("{}:{}", r.path, rate(r.rate))).collect()
}

/// A profile in a file is beside someone's terminal; its text can be given.
pub(super) fn read_security(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    let host = &mut spec.body.host;
    if text == OPEN_PATHS {
        (host.masked_paths, host.readonly_paths) = (Some(Vec::new()), Some(Vec::new()));
        return Some(());
    }
    let readable = text
        .strip_prefix("seccomp=")
        .or_else(|| text.strip_prefix("seccomp:"))
        .is_none_or(|profile| matches!(profile, "unconfined" | "builtin") || profile.starts_with('{'));
    (readable && !text.is_empty()).then(|| host.security_opt.push(text.to_owned()))
}

pub(super) fn security(spec: &ContainerSpec) -> Vec<String> {
    let host = &spec.body.host;
    let open = host.masked_paths.as_ref().is_some_and(Vec::is_empty)
        && host.readonly_paths.as_ref().is_some_and(Vec::is_empty);
    // `docker` would look for a file of that name.
    let said = host.security_opt.iter().filter(|option| !option.starts_with("seccomp={"));
    said.cloned().chain(open.then(|| OPEN_PATHS.to_owned())).collect()
}
