//! The table of `docker run`'s flags: what reads them, writes them, offers them in the form and says them in compose is
//! derived from it.

use crate::ops::body::{BodyRefusal, Rule, refused_below};

use super::{ContainerSpec, Pairs, mounts, networks, own, ports, units};

/// A flag of `docker run`.
pub struct Flag {
    /// Without the dashes.
    pub name: &'static str,
    /// Its one letter.
    pub short: Option<char>,
    /// Where the form has it.
    pub group: Group,
    /// The same in a compose service; a dot goes one level down. Empty where compose has no such thing, or says it in
    /// another way.
    pub compose: &'static str,
    /// What a value looks like.
    pub sample: &'static str,
    /// What it sets.
    pub slot: Slot,
}

/// Where the form has a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// In an editor of its own.
    First,
    /// What runs and how it ends.
    Process,
    /// What it may use up.
    Resources,
    /// Names and addresses.
    Network,
    /// Files and devices.
    Storage,
    /// What it may do.
    Security,
    /// What its runtime, logs and surroundings are.
    Engine,
    /// Nowhere: it is about the terminal that `docker` runs in.
    Terminal,
}

impl Group {
    /// Those that are folded at first, in their order.
    pub const FOLDED: [Self; 6] =
        [Self::Process, Self::Resources, Self::Network, Self::Storage, Self::Security, Self::Engine];
}

/// What a flag sets, and how it is read and written.
pub enum Slot {
    /// A text.
    Text(fn(&mut ContainerSpec) -> &mut String),
    /// On or off.
    Switch(fn(&mut ContainerSpec) -> &mut bool),
    /// On, off, or as the engine likes.
    Maybe(fn(&mut ContainerSpec) -> &mut Option<bool>),
    /// A number; 0 is not set.
    Number(fn(&mut ContainerSpec) -> &mut i64),
    /// A number that is not set at all, or is.
    Amount(fn(&mut ContainerSpec) -> &mut Option<i64>),
    /// Bytes, with a unit.
    Bytes(fn(&mut ContainerSpec) -> &mut i64),
    /// A span of time.
    Span(fn(&mut ContainerSpec) -> &mut i64),
    /// Several texts.
    List(fn(&mut ContainerSpec) -> &mut Vec<String>),
    /// Several names with values, and what stands between them.
    Pairs(fn(&mut ContainerSpec) -> &mut Pairs, char),
    /// Something with a form of its own; whether there can be several.
    Own {
        /// Reads one value; none if it has not its form.
        read: fn(&mut ContainerSpec, &str) -> Option<()>,
        /// Writes them all.
        write: fn(&ContainerSpec) -> Vec<String>,
        /// Whether there can be several.
        many: bool,
    },
    /// About the terminal; whether a value follows.
    Terminal(bool),
    /// Names a file beside the terminal, which nobody else can read.
    File,
}

impl Flag {
    /// Whether it stands alone.
    pub fn is_switch(&self) -> bool {
        matches!(self.slot, Slot::Switch(_) | Slot::Maybe(_) | Slot::Terminal(false))
            || matches!(self.name, "no-healthcheck" | "use-api-socket")
    }

    /// Whether it can be given several times.
    pub fn is_many(&self) -> bool {
        matches!(self.slot, Slot::List(_) | Slot::Pairs(..) | Slot::Own { many: true, .. })
    }

    /// Whether every value of it is for the managers of a host, as the bodies' policy has it.
    pub fn is_for_managers(&self) -> bool {
        let mut spec = ContainerSpec::default();
        let sample = if self.is_switch() { "true" } else { self.sample };
        if self.read(&mut spec, sample).is_none() {
            return false;
        }
        match refused_below(spec.to_body()) {
            Some(BodyRefusal::Manager { .. }) => true,
            Some(BodyRefusal::Ruled { rule: Rule::OneOf(allowed) | Rule::Keys(allowed), .. }) => {
                allowed.is_empty()
            }
            _ => false,
        }
    }

    /// Sets one value; none if it has not the flag's form.
    pub fn read(&self, spec: &mut ContainerSpec, text: &str) -> Option<()> {
        match &self.slot {
            Slot::Text(of) => text.clone_into(of(spec)),
            Slot::Switch(of) => *of(spec) = switch(text)?,
            Slot::Maybe(of) => *of(spec) = Some(switch(text)?),
            Slot::Number(of) => *of(spec) = text.trim().parse().ok()?,
            Slot::Amount(of) => *of(spec) = Some(text.trim().parse().ok()?),
            Slot::Bytes(of) => {
                let without_limit = self.name == "memory-swap" && text == "-1";
                *of(spec) = if without_limit { -1 } else { units::bytes(text)? };
            }
            Slot::Span(of) => *of(spec) = units::span(text)?,
            Slot::List(of) => of(spec).push(text.to_owned()),
            Slot::Pairs(of, between) => {
                let (name, value) = text.split_once(*between).unwrap_or((text, ""));
                (!name.is_empty()).then_some(())?;
                of(spec).insert(name.to_owned(), value.to_owned());
            }
            Slot::Own { read, .. } => read(spec, text)?,
            Slot::Terminal(_) | Slot::File => {}
        }
        Some(())
    }

    /// The values that set what is set.
    pub fn write(&self, spec: &mut ContainerSpec) -> Vec<String> {
        let one = |text: String| vec![text];
        match &self.slot {
            Slot::Text(of) if !of(spec).is_empty() => one(of(spec).clone()),
            Slot::Switch(of) if *of(spec) => one("true".to_owned()),
            Slot::Maybe(of) => of(spec).iter().map(bool::to_string).collect(),
            Slot::Number(of) if *of(spec) != 0 => one(of(spec).to_string()),
            Slot::Amount(of) => of(spec).iter().map(i64::to_string).collect(),
            Slot::Bytes(of) if *of(spec) != 0 => one(units::bytes_text(*of(spec))),
            Slot::Span(of) if *of(spec) != 0 => one(units::span_text(*of(spec))),
            Slot::List(of) => of(spec).clone(),
            Slot::Pairs(of, between) => {
                let text = |(name, value): (&String, &String)| match value.as_str() {
                    "" => name.clone(),
                    value => format!("{name}{between}{value}"),
                };
                of(spec).iter().map(text).collect()
            }
            Slot::Own { write, .. } => write(spec),
            _ => Vec::new(),
        }
    }
}

fn switch(text: &str) -> Option<bool> {
    match text {
        "" | "true" | "1" | "t" | "T" | "TRUE" | "True" => Some(true),
        "false" | "0" | "f" | "F" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// The flag of a name, without dashes; also of the names that `docker` keeps from former days.
pub fn flag(name: &str) -> Option<&'static Flag> {
    let name = match name {
        "net" => "network",
        "net-alias" => "network-alias",
        "dns-opt" => "dns-option",
        other => other,
    };
    FLAGS.iter().find(|flag| flag.name == name)
}

const fn row(
    name: &'static str,
    short: &str,
    group: Group,
    compose: &'static str,
    sample: &'static str,
    slot: Slot,
) -> Flag {
    let short = match short.as_bytes() {
        [letter] => Some(*letter as char),
        _ => None,
    };
    Flag { name, short, group, compose, sample, slot }
}

const fn own(
    read: fn(&mut ContainerSpec, &str) -> Option<()>,
    write: fn(&ContainerSpec) -> Vec<String>,
) -> Slot {
    Slot::Own { read, write, many: false }
}

const fn owns(
    read: fn(&mut ContainerSpec, &str) -> Option<()>,
    write: fn(&ContainerSpec) -> Vec<String>,
) -> Slot {
    Slot::Own { read, write, many: true }
}

use Group::{Engine, First, Network, Process, Resources, Security, Storage, Terminal};
use Slot::{Amount, Bytes, List, Maybe, Number, Span, Switch, Text};

/// Every flag of `docker run`, in the order in which they are read and written: networks stand before what is about the
/// first of them.
#[rustfmt::skip] // a row a line
pub static FLAGS: &[Flag] = &[
    row("name", "", First, "container_name", "web", Text(|s| &mut s.name)),
    row("pull", "", First, "pull_policy", "missing", own(own::read_pull, own::pull)),
    row("platform", "", Engine, "platform", "linux/amd64", Text(|s| &mut s.platform)),
    row("restart", "", First, "restart", "on-failure:3", own(own::read_restart, own::restart)),
    row("rm", "", Process, "", "", Switch(|s| &mut s.body.host.auto_remove)),
    row("tty", "t", Process, "tty", "", Switch(|s| &mut s.body.tty)),
    row("interactive", "i", Process, "stdin_open", "", Switch(|s| &mut s.body.open_stdin)),
    row("network", "", First, "", "name=shop,alias=db", owns(networks::network, networks::networks)),
    row("network-alias", "", First, "", "db", List(|s| &mut networks::main(s).aliases)),
    row("ip", "", Network, "", "172.30.0.5", Text(|s| &mut networks::main(s).ipam.ip)),
    row("ip6", "", Network, "", "2001:db8::5", Text(|s| &mut networks::main(s).ipam.ip6)),
    row("link-local-ip", "", Network, "", "169.254.8.8", List(|s| &mut networks::main(s).ipam.link_local)),
    row("mac-address", "", Network, "", "92:d0:c6:0a:29:33", Text(|s| &mut networks::main(s).mac)),
    row("link", "", Network, "links", "db:db", owns(networks::link, |s| s.body.host.links.clone())),
    row("hostname", "h", Network, "hostname", "web", Text(|s| &mut s.body.hostname)),
    row("domainname", "", Network, "domainname", "example.com", Text(|s| &mut s.body.domainname)),
    row("publish", "p", First, "ports", "8080:80", owns(ports::publish, ports::published)),
    row("expose", "", Network, "expose", "80/tcp", owns(ports::expose, ports::exposed)),
    row("publish-all", "P", Network, "", "", Switch(|s| &mut s.body.host.publish_all_ports)),
    row("add-host", "", Network, "extra_hosts", "db:10.0.0.5", owns(own::read_add_host, own::add_host)),
    row("dns", "", Network, "dns", "9.9.9.9", List(|s| &mut s.body.host.dns)),
    row("dns-option", "", Network, "dns_opt", "ndots:1", List(|s| &mut s.body.host.dns_options)),
    row("dns-search", "", Network, "dns_search", "example.com", List(|s| &mut s.body.host.dns_search)),
    row("volume", "v", First, "", "data:/data:ro", owns(mounts::volume, mounts::volumes)),
    row("mount", "", Storage, "", "type=bind,source=/a,target=/b", owns(mounts::mount, mounts::mounts)),
    row("tmpfs", "", Storage, "", "/run:size=64m", Slot::Pairs(|s| &mut s.body.host.tmpfs, ':')),
    row("volumes-from", "", Storage, "volumes_from", "data:ro", List(|s| &mut s.body.host.volumes_from)),
    row("volume-driver", "", Storage, "", "local", Text(|s| &mut s.body.host.volume_driver)),
    row("storage-opt", "", Storage, "storage_opt", "size=10G", Slot::Pairs(|s| &mut s.body.host.storage_opt, '=')),
    row("shm-size", "", Storage, "shm_size", "64m", Bytes(|s| &mut s.body.host.shm_size)),
    row("device", "", Storage, "devices", "/dev/fuse", owns(own::read_device, own::devices)),
    row("device-cgroup-rule", "", Storage, "device_cgroup_rules", "c 42:* rmw", List(|s| &mut s.body.host.device_cgroup_rules)),
    row("gpus", "", Storage, "", "all", owns(own::read_gpus, own::gpus)),
    row("read-only", "", Storage, "read_only", "", Switch(|s| &mut s.body.host.readonly_rootfs)),
    row("env", "e", First, "environment", "NAME=value", List(|s| &mut s.body.env)),
    row("label", "l", First, "labels", "team=web", Slot::Pairs(|s| &mut s.body.labels, '=')),
    row("user", "u", Process, "user", "1000:1000", Text(|s| &mut s.body.user)),
    row("group-add", "", Process, "group_add", "video", List(|s| &mut s.body.host.group_add)),
    row("workdir", "w", Process, "working_dir", "/app", Text(|s| &mut s.body.working_dir)),
    row("entrypoint", "", Process, "", "/bin/sh", own(own::read_entrypoint, own::entrypoint)),
    row("init", "", Process, "init", "", Maybe(|s| &mut s.body.host.init)),
    row("stop-signal", "", Process, "stop_signal", "SIGTERM", Text(|s| &mut s.body.stop_signal)),
    row("stop-timeout", "", Process, "", "10", Amount(|s| &mut s.body.stop_timeout)),
    row("health-cmd", "", First, "", "curl -f http://localhost/", own(own::read_health, own::health)),
    row("health-interval", "", First, "healthcheck.interval", "30s", Span(|s| &mut s.body.health.interval)),
    row("health-timeout", "", First, "healthcheck.timeout", "30s", Span(|s| &mut s.body.health.timeout)),
    row("health-retries", "", First, "healthcheck.retries", "3", Number(|s| &mut s.body.health.retries)),
    row("health-start-period", "", First, "healthcheck.start_period", "0s", Span(|s| &mut s.body.health.start_period)),
    row("health-start-interval", "", First, "healthcheck.start_interval", "5s", Span(|s| &mut s.body.health.start_interval)),
    row("no-healthcheck", "", First, "", "", own(own::read_no_health, own::no_health)),
    row("cpus", "", First, "cpus", "1.5", own(own::read_cpus, own::cpus)),
    row("memory", "m", First, "mem_limit", "512m", Bytes(|s| &mut s.body.host.memory)),
    row("memory-reservation", "", Resources, "mem_reservation", "256m", Bytes(|s| &mut s.body.host.memory_reservation)),
    row("memory-swap", "", Resources, "memswap_limit", "1g", Bytes(|s| &mut s.body.host.memory_swap)),
    row("memory-swappiness", "", Resources, "mem_swappiness", "60", own(own::read_swappiness, own::swappiness)),
    row("kernel-memory", "", Resources, "", "64m", Bytes(|s| &mut s.body.host.kernel_memory)),
    row("oom-kill-disable", "", Resources, "oom_kill_disable", "", Maybe(|s| &mut s.body.host.oom_kill_disable)),
    row("oom-score-adj", "", Resources, "oom_score_adj", "0", Number(|s| &mut s.body.host.oom_score_adj)),
    row("pids-limit", "", Resources, "pids_limit", "100", own(own::read_pids, own::pids)),
    row("ulimit", "", Resources, "", "nofile=1024:2048", owns(own::read_ulimit, own::ulimits)),
    row("cpu-shares", "c", Resources, "cpu_shares", "1024", Number(|s| &mut s.body.host.cpu_shares)),
    row("cpu-period", "", Resources, "cpu_period", "100000", Number(|s| &mut s.body.host.cpu_period)),
    row("cpu-quota", "", Resources, "cpu_quota", "50000", Number(|s| &mut s.body.host.cpu_quota)),
    row("cpu-rt-period", "", Resources, "cpu_rt_period", "1000000", Number(|s| &mut s.body.host.cpu_rt_period)),
    row("cpu-rt-runtime", "", Resources, "cpu_rt_runtime", "950000", Number(|s| &mut s.body.host.cpu_rt_runtime)),
    row("cpuset-cpus", "", Resources, "cpuset", "0-3", Text(|s| &mut s.body.host.cpuset_cpus)),
    row("cpuset-mems", "", Resources, "", "0,1", Text(|s| &mut s.body.host.cpuset_mems)),
    row("blkio-weight", "", Resources, "blkio_config.weight", "500", Number(|s| &mut s.body.host.blkio_weight)),
    row("blkio-weight-device", "", Resources, "", "/dev/sda:500", owns(own::read_weight, own::weights)),
    row("device-read-bps", "", Resources, "", "/dev/sda:1m", owns(|s, t| own::read_rate(&mut s.body.host.read_bps, t, true), |s| own::rates(&s.body.host.read_bps, true))),
    row("device-write-bps", "", Resources, "", "/dev/sda:1m", owns(|s, t| own::read_rate(&mut s.body.host.write_bps, t, true), |s| own::rates(&s.body.host.write_bps, true))),
    row("device-read-iops", "", Resources, "", "/dev/sda:1000", owns(|s, t| own::read_rate(&mut s.body.host.read_iops, t, false), |s| own::rates(&s.body.host.read_iops, false))),
    row("device-write-iops", "", Resources, "", "/dev/sda:1000", owns(|s, t| own::read_rate(&mut s.body.host.write_iops, t, false), |s| own::rates(&s.body.host.write_iops, false))),
    row("privileged", "", Security, "privileged", "", Switch(|s| &mut s.body.host.privileged)),
    row("cap-add", "", Security, "cap_add", "NET_ADMIN", owns(|s, t| own::read_cap(&mut s.body.host.cap_add, t), |s| s.body.host.cap_add.clone())),
    row("cap-drop", "", Security, "cap_drop", "ALL", owns(|s, t| own::read_cap(&mut s.body.host.cap_drop, t), |s| s.body.host.cap_drop.clone())),
    row("security-opt", "", Security, "security_opt", "no-new-privileges", owns(own::read_security, own::security)),
    row("userns", "", Security, "userns_mode", "host", Text(|s| &mut s.body.host.userns_mode)),
    row("pid", "", Security, "pid", "host", Text(|s| &mut s.body.host.pid_mode)),
    row("ipc", "", Security, "ipc", "shareable", Text(|s| &mut s.body.host.ipc_mode)),
    row("uts", "", Security, "uts", "host", Text(|s| &mut s.body.host.uts_mode)),
    row("cgroupns", "", Security, "cgroup", "private", Text(|s| &mut s.body.host.cgroupns_mode)),
    row("cgroup-parent", "", Security, "cgroup_parent", "/limited", Text(|s| &mut s.body.host.cgroup_parent)),
    row("sysctl", "", Security, "sysctls", "net.core.somaxconn=1024", Slot::Pairs(|s| &mut s.body.host.sysctls, '=')),
    row("log-driver", "", Engine, "logging.driver", "json-file", Text(|s| &mut s.body.host.log.driver)),
    row("log-opt", "", Engine, "logging.options", "max-size=10m", Slot::Pairs(|s| &mut s.body.host.log.options, '=')),
    row("runtime", "", Engine, "runtime", "runc", Text(|s| &mut s.body.host.runtime)),
    row("annotation", "", Engine, "annotations", "key=value", Slot::Pairs(|s| &mut s.body.host.annotations, '=')),
    row("isolation", "", Engine, "isolation", "process", Text(|s| &mut s.body.host.isolation)),
    row("cpu-count", "", Engine, "cpu_count", "2", Number(|s| &mut s.body.host.cpu_count)),
    row("cpu-percent", "", Engine, "cpu_percent", "50", Number(|s| &mut s.body.host.cpu_percent)),
    row("io-maxbandwidth", "", Engine, "", "1m", Bytes(|s| &mut s.body.host.io_max_bandwidth)),
    row("io-maxiops", "", Engine, "", "1000", Number(|s| &mut s.body.host.io_max_iops)),
    row("detach", "d", Terminal, "", "", Slot::Terminal(false)),
    row("attach", "a", Terminal, "", "stdout", Slot::Terminal(true)),
    row("detach-keys", "", Terminal, "", "ctrl-p,ctrl-q", Slot::Terminal(true)),
    row("sig-proxy", "", Terminal, "", "", Slot::Terminal(false)),
    row("cidfile", "", Terminal, "", "web.cid", Slot::Terminal(true)),
    row("quiet", "q", Terminal, "", "", Slot::Terminal(false)),
    row("disable-content-trust", "", Terminal, "", "", Slot::Terminal(false)),
    row("help", "", Terminal, "", "", Slot::Terminal(false)),
    row("env-file", "", Terminal, "", ".env", Slot::File),
    row("label-file", "", Terminal, "", "labels", Slot::File),
    row("use-api-socket", "", Terminal, "", "", Slot::File),
];
