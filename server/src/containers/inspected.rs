//! What an engine says of one container, read tolerantly: what is missing or null is left empty.

use std::collections::BTreeMap;

use longshore_api::web::detail::{
    Attached, Detail, EnvValue, Health, Limits, Mount, PortMap, Probe, RestartPolicy,
};
use serde::Deserialize;
use serde_json::Value;

/// What stands in the place of a value.
const MASK: &str = "••••••••";
/// So many bytes of what a health check printed are shown.
const OUTPUT_MAX: usize = 4 * 1024;

/// An inspection as it came: what the typed reading leaves out is in it too.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Inspection(Value);

impl Inspection {
    /// What is there for the page.
    pub fn detail(&self) -> Detail {
        let all = Part(&self.0);
        let (state, config, host) = (all.part("State"), all.part("Config"), all.part("HostConfig"));
        Detail {
            id: all.text("Id"),
            name: all.text("Name").trim_start_matches('/').to_owned(),
            image: config.text("Image"),
            image_id: all.text("Image"),
            created: moment(&all.text("Created")).unwrap_or_default(),
            started: moment(&state.text("StartedAt")),
            finished: moment(&state.text("FinishedAt")).filter(|_| !state.flag("Running")),
            exit_code: state.number("ExitCode"),
            error: state.text("Error"),
            restarts: u32::try_from(all.number("RestartCount")).unwrap_or_default(),
            entrypoint: config.texts("Entrypoint"),
            command: config.texts("Cmd"),
            user: config.text("User"),
            folder: config.text("WorkingDir"),
            hostname: config.text("Hostname"),
            terminal: config.flag("Tty"),
            privileged: host.flag("Privileged"),
            removes_itself: host.flag("AutoRemove"),
            ports: ports(all),
            mounts: all.list("Mounts").map(mount).collect(),
            network_mode: host.text("NetworkMode"),
            networks: all.part("NetworkSettings").part("Networks").fields().map(attached).collect(),
            labels: labels(config),
            env: self.env().into_iter().map(|pair| pair.name).collect(),
            health: health(config.part("Healthcheck"), state.part("Health")),
            restart: RestartPolicy {
                name: Some(host.part("RestartPolicy").text("Name"))
                    .filter(|name| !name.is_empty())
                    .unwrap_or_else(|| "no".to_owned()),
                max: host.part("RestartPolicy").number("MaximumRetryCount"),
            },
            limits: Limits {
                cpu_milli: match host.number("NanoCpus") / 1_000_000 {
                    0 => quota(host),
                    milli => milli,
                },
                memory: host.number("Memory"),
                memory_reservation: host.number("MemoryReservation"),
                memory_swap: host.number("MemorySwap"),
                pids: host.number("PidsLimit").max(0),
            },
        }
    }

    /// All of it, with a mask in place of each value of the environment.
    pub fn masked(mut self) -> Value {
        let env = self.0.pointer_mut("/Config/Env").and_then(Value::as_array_mut);
        for pair in env.into_iter().flatten() {
            if let Some((name, _)) = pair.as_str().and_then(|pair| pair.split_once('=')) {
                *pair = Value::String(format!("{name}={MASK}"));
            }
        }
        self.0
    }

    /// Takes out what is run in it.
    pub fn hide_commands(&mut self) {
        for place in [
            "/Path",
            "/Args",
            "/Config/Cmd",
            "/Config/Entrypoint",
            "/Config/Healthcheck",
            "/State/Health/Log",
        ] {
            if let Some(command) = self.0.pointer_mut(place) {
                *command = Value::Null;
            }
        }
    }

    /// The environment with its values.
    pub fn env(&self) -> Vec<EnvValue> {
        let pair = |text: String| match text.split_once('=') {
            Some((name, value)) => EnvValue { name: name.to_owned(), value: value.to_owned() },
            None => EnvValue { name: text, value: String::new() },
        };
        Part(&self.0).part("Config").texts("Env").into_iter().map(pair).collect()
    }
}

/// A part of a JSON document that may be missing.
#[derive(Clone, Copy)]
struct Part<'a>(&'a Value);

impl<'a> Part<'a> {
    fn part(self, name: &str) -> Self {
        Self(self.0.get(name).unwrap_or(&Value::Null))
    }

    fn text(self, name: &str) -> String {
        self.part(name).0.as_str().unwrap_or_default().to_owned()
    }

    fn number(self, name: &str) -> i64 {
        self.part(name).0.as_i64().unwrap_or_default()
    }

    fn flag(self, name: &str) -> bool {
        self.part(name).0.as_bool().unwrap_or_default()
    }

    fn list(self, name: &str) -> impl Iterator<Item = Self> + use<'a> {
        self.part(name).0.as_array().into_iter().flatten().map(Self)
    }

    fn texts(self, name: &str) -> Vec<String> {
        // The oldest engines say a single one as a text.
        match self.part(name).0 {
            Value::String(one) => vec![one.clone()],
            _ => self.list(name).filter_map(|one| one.0.as_str()).map(str::to_owned).collect(),
        }
    }

    fn fields(self) -> impl Iterator<Item = (&'a String, Self)> + use<'a> {
        self.0.as_object().into_iter().flatten().map(|(name, value)| (name, Self(value)))
    }
}

/// Milliseconds since 1970; none for the year 1, by which engines say "never".
fn moment(text: &str) -> Option<i64> {
    let moment: jiff::Timestamp = text.parse().ok()?;
    Some(moment.as_millisecond()).filter(|at| *at > 0)
}

fn labels(config: Part) -> BTreeMap<String, String> {
    let label =
        |(name, value): (&String, Part)| (name.clone(), value.0.as_str().unwrap_or_default().to_owned());
    config.part("Labels").fields().map(label).collect()
}

/// What runs says where its ports are; what does not, where they would be.
fn ports(all: Part) -> Vec<PortMap> {
    let mut ports: BTreeMap<(u16, String), Vec<String>> = BTreeMap::new();
    let key = |port: &str| {
        let number = port.split('/').next().and_then(|number| number.parse().ok()).unwrap_or_default();
        (number, port.to_owned())
    };
    let mut take = |from: Part| {
        for (port, bindings) in from.fields() {
            let published = ports.entry(key(port)).or_default();
            for binding in bindings.0.as_array().into_iter().flatten().map(Part) {
                let (ip, number) = (binding.text("HostIp"), binding.text("HostPort"));
                let ip = if ip.contains(':') { format!("[{ip}]") } else { ip };
                let place = match (ip.as_str(), number.as_str()) {
                    (_, "" | "0") => continue,
                    ("", number) => format!("0.0.0.0:{number}"),
                    (ip, number) => format!("{ip}:{number}"),
                };
                if !published.contains(&place) {
                    published.push(place);
                }
            }
        }
    };
    let live = all.part("NetworkSettings").part("Ports");
    take(live);
    if live.fields().next().is_none() {
        take(all.part("HostConfig").part("PortBindings"));
        take(all.part("Config").part("ExposedPorts"));
    }
    ports.into_iter().map(|((_, port), published)| PortMap { port, published }).collect()
}

fn mount(mount: Part) -> Mount {
    let kind = mount.text("Type");
    let from = mount.text(if kind == "volume" { "Name" } else { "Source" });
    Mount { kind, from, to: mount.text("Destination"), writable: mount.flag("RW") }
}

fn attached((name, there): (&String, Part)) -> Attached {
    Attached {
        network: name.clone(),
        ip: there.text("IPAddress"),
        ip6: there.text("GlobalIPv6Address"),
        mac: there.text("MacAddress"),
        aliases: there.texts("Aliases"),
    }
}

fn health(check: Part, state: Part) -> Option<Health> {
    let test = check.texts("Test");
    let has_none = matches!(test.first().map(String::as_str), None | Some("NONE"));
    if has_none && state.0.is_null() {
        return None;
    }
    let millis = |name: &str, usual: i64| match check.number(name) / 1_000_000 {
        0 => usual,
        set => set,
    };
    Some(Health {
        test,
        interval: millis("Interval", 30_000),
        timeout: millis("Timeout", 30_000),
        start_period: millis("StartPeriod", 0),
        retries: match check.number("Retries") {
            0 => 3,
            set => set,
        },
        failing: state.number("FailingStreak"),
        log: state.list("Log").map(probe).collect(),
    })
}

fn probe(run: Part) -> Probe {
    let at = moment(&run.text("Start")).unwrap_or_default();
    let mut output = run.text("Output");
    output.truncate(output.floor_char_boundary(OUTPUT_MAX));
    Probe {
        at,
        took: moment(&run.text("End")).map_or(0, |end| (end - at).max(0)),
        exit_code: run.number("ExitCode"),
        output,
    }
}

/// Thousandths of a core out of the older pair of figures.
fn quota(host: Part) -> i64 {
    let period = match host.number("CpuPeriod") {
        0 => 100_000,
        period => period,
    };
    host.number("CpuQuota").max(0).saturating_mul(1000) / period
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn detail(inspection: Value) -> Detail {
        Inspection(inspection).detail()
    }

    #[test]
    fn nothing_is_read_as_nothing() {
        for nothing in
            [json!(null), json!({}), json!([]), json!({"State": [], "Config": {"Env": {}, "Cmd": 3}})]
        {
            let read = detail(nothing);
            let bare = RestartPolicy { name: "no".to_owned(), max: 0 };
            assert_eq!(read, Detail { restart: bare, ..Detail::default() });
        }
    }

    #[test]
    fn a_page_has_names_of_the_environment_and_no_values() {
        let inspection = Inspection(json!({"Config": {"Env": ["PASSWORD=hunter2=", "EMPTY=", "BARE"]}}));
        assert_eq!(inspection.detail().env, ["PASSWORD", "EMPTY", "BARE"]);
        assert!(!serde_json::to_string(&inspection.detail()).expect("JSON").contains("hunter2"));
        let document = Inspection(inspection.0.clone()).masked();
        assert_eq!(document["Config"]["Env"], json!(["PASSWORD=••••••••", "EMPTY=••••••••", "BARE"]));
        let values: Vec<String> = inspection.env().into_iter().map(|pair| pair.value).collect();
        assert_eq!(values, ["hunter2=", "", ""]);
    }

    #[test]
    fn ports_are_in_order_and_each_place_once() {
        let read = detail(json!({"NetworkSettings": {"Ports": {
            "8080/tcp": null,
            "443/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8443"}, {"HostIp": "::", "HostPort": "8443"}],
            "53/udp": [{"HostIp": "", "HostPort": "53"}, {"HostIp": "0.0.0.0", "HostPort": "53"}],
        }}}));
        let said: Vec<(String, String)> =
            read.ports.into_iter().map(|map| (map.port, map.published.join(" "))).collect();
        let expected = [("53/udp", "0.0.0.0:53"), ("443/tcp", "0.0.0.0:8443 [::]:8443"), ("8080/tcp", "")];
        assert_eq!(said, expected.map(|(port, at)| (port.to_owned(), at.to_owned())));
    }

    #[test]
    fn health_has_the_usual_figures_where_none_are_given() {
        let read = detail(json!({
            "Config": {"Healthcheck": {"Test": ["CMD-SHELL", "true"], "Interval": 5_000_000_000_i64}},
            "State": {"Health": {"FailingStreak": 2, "Log": [
                {"Start": "2026-11-29T08:00:00.5Z", "End": "2026-11-29T08:00:00.75Z", "ExitCode": 1, "Output": "é".repeat(9_000)},
            ]}},
        }));
        let health = read.health.expect("a health check");
        assert_eq!((health.interval, health.timeout, health.retries, health.failing), (5_000, 30_000, 3, 2));
        assert_eq!((health.log[0].took, health.log[0].exit_code), (250, 1));
        assert!(health.log[0].output.len() <= OUTPUT_MAX);
        assert!(detail(json!({"Config": {"Healthcheck": {"Test": ["NONE"]}}})).health.is_none());
    }
}
