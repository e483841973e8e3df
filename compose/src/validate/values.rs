//! Single values that the engine would refuse.

use std::net::IpAddr;

use super::Check;
use crate::{
    model::{Network, Service},
    problem::Problem,
};

const RESTARTS: &[&str] = &["no", "always", "on-failure", "unless-stopped"];

impl Check<'_> {
    pub(super) fn values(&mut self, name: &str, service: &Service) {
        let own = &service.container_name;
        if !own.is_empty() && !is_container_name(own) {
            self.say(Problem::BadName { name: own.clone() }, &["services", name, "container_name"]);
        }
        let (restart, times) = service.restart.split_once(':').unwrap_or((&service.restart, "0"));
        let counted = restart == "on-failure" || !service.restart.contains(':');
        let known = RESTARTS.contains(&restart) && counted && times.parse::<u32>().is_ok();
        if !restart.is_empty() && !known {
            let near = self.findings.near(restart, RESTARTS.iter().copied()).filter(|near| near != restart);
            let problem =
                Problem::NotAChoice { value: service.restart.clone(), choices: RESTARTS.to_vec(), near };
            self.say(problem, &["services", name, "restart"]);
        }
        for (n, text) in service.expose.iter().enumerate().filter(|(_, text)| !is_exposed(text)) {
            self.say(Problem::BadPort { value: text.clone() }, &["services", name, "expose", &n.to_string()]);
        }
        for (n, text) in service.dns.iter().enumerate().filter(|(_, text)| text.parse::<IpAddr>().is_err()) {
            self.say(Problem::BadAddress { value: text.clone() }, &["services", name, "dns", &n.to_string()]);
        }
        for (network, endpoint) in &service.networks {
            let Some(endpoint) = endpoint else { continue };
            let v4 = |text: &str| text.parse::<std::net::Ipv4Addr>().is_ok();
            let v6 = |text: &str| text.parse::<std::net::Ipv6Addr>().is_ok();
            let fields = [
                ("ipv4_address", &endpoint.ipv4_address, v4(&endpoint.ipv4_address)),
                ("ipv6_address", &endpoint.ipv6_address, v6(&endpoint.ipv6_address)),
            ];
            for (key, value, _) in fields.into_iter().filter(|(_, value, good)| !value.is_empty() && !good) {
                let path = ["services", name, "networks", network, key];
                self.say(Problem::BadAddress { value: value.clone() }, &path);
            }
        }
        self.pull_policy(name, &service.pull_policy);
    }

    fn pull_policy(&mut self, name: &str, policy: &str) {
        const POLICIES: &[&str] =
            &["always", "never", "missing", "build", "daily", "weekly", "refresh", "every_12h"];
        let every =
            policy.strip_prefix("every_").is_some_and(|span| crate::units::Span::read(span).is_some());
        if !policy.is_empty() && !every && !POLICIES.contains(&policy) {
            let near = self.findings.near(policy, POLICIES.iter().copied());
            let problem = Problem::NotAChoice { value: policy.to_owned(), choices: POLICIES.to_vec(), near };
            self.say(problem, &["services", name, "pull_policy"]);
        }
    }

    pub(super) fn addresses(&mut self, key: &str, network: &Network) {
        for (n, pool) in network.ipam.config.iter().enumerate() {
            let n = n.to_string();
            let fields = [
                ("subnet", &pool.subnet, is_subnet(&pool.subnet)),
                ("ip_range", &pool.ip_range, is_subnet(&pool.ip_range)),
                ("gateway", &pool.gateway, pool.gateway.parse::<IpAddr>().is_ok()),
            ];
            for (field, value, _) in fields.into_iter().filter(|(_, value, good)| !value.is_empty() && !good)
            {
                let path = ["networks", key, "ipam", "config", &n, field];
                self.say(Problem::BadAddress { value: value.clone() }, &path);
            }
        }
    }
}

fn is_container_name(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

fn is_exposed(text: &str) -> bool {
    let (range, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (from, to) = range.split_once('-').unwrap_or((range, range));
    let port = |text: &str| text.parse::<u16>().ok().filter(|port| *port > 0);
    matches!(protocol, "tcp" | "udp" | "sctp")
        && port(from).zip(port(to)).is_some_and(|(from, to)| from <= to)
}

fn is_subnet(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let most = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}
