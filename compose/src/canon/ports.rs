//! `127.0.0.1:8080-8081:80-81/tcp`, written out: one entry for each port of the container.

use std::{net::IpAddr, ops::RangeInclusive};

use super::{Canon, Path};
use crate::{
    place::Place,
    problem::{Problem, Wanted},
    tree::{Mark, Node, Value},
};

/// How many ports one service may have.
const MOST: usize = 10_000;

const PROTOCOLS: &[&str] = &["tcp", "udp", "sctp"];

impl Canon<'_> {
    pub(super) fn ports(&mut self, node: Node, path: &mut Path) -> Option<Node> {
        let Value::List(list) = node.value else { return self.wrong(&node, Wanted::List, path) };
        let mut ports = Vec::new();
        for (n, item) in list.into_iter().enumerate() {
            path.within(&n.to_string(), |path| self.port(item, &mut ports, path));
            if ports.len() > MOST {
                return self.say(Problem::TooManyPorts { limit: MOST }, &node.at, path);
            }
        }
        Some(Node::new(Value::List(ports), node.at))
    }

    fn port(&mut self, item: Node, ports: &mut Vec<Node>, path: &Path) {
        match &item.value {
            _ if item.mark == Mark::Reset => {}
            Value::Map(_) => ports.extend(self.long_port(item, path)),
            Value::Scalar(scalar) if !item.is_null() => match short(&scalar.text) {
                Ok(all) => ports.extend(all.iter().map(|port| port.node(&item.at))),
                Err(Fault::Port) => {
                    self.say::<()>(Problem::BadPort { value: scalar.text.clone() }, &item.at, path);
                }
                Err(Fault::Ranges) => {
                    self.say::<()>(Problem::PortRanges { value: scalar.text.clone() }, &item.at, path);
                }
            },
            _ => {
                self.wrong::<()>(&item, Wanted::TextOrMap, path);
            }
        }
    }

    /// The long form: its defaults, and whether its texts are ports.
    fn long_port(&mut self, item: Node, path: &Path) -> Option<Node> {
        let at = item.at.clone();
        let mut item = item;
        if item.get("target").is_none() {
            return self.say(Problem::MissingKey { key: "target" }, &at, path);
        }
        let text = |key: &str| item.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
        let (published, host, protocol) = (text("published"), text("host_ip"), text("protocol"));
        let bad = if !published.is_empty() && range(&published, 0).is_none() {
            Some(("published", published))
        } else if !host.is_empty() && address(&host).is_none() {
            Some(("host_ip", host))
        } else if !protocol.is_empty() && !PROTOCOLS.contains(&protocol.as_str()) {
            Some(("protocol", protocol))
        } else {
            None
        };
        if let Some((key, value)) = bad {
            let at = item.get(key).map_or(at, |node| node.at.clone());
            return self.say(Problem::BadPort { value }, &at, path);
        }
        let map = item.as_map_mut()?;
        for (key, value) in [("protocol", "tcp"), ("mode", "ingress")] {
            if !map.contains_key(key) {
                let entry = crate::tree::Entry { at: at.clone(), node: Node::text(value, &at) };
                map.insert(key.to_owned(), entry);
            }
        }
        Some(item)
    }
}

/// Why a text is no port.
#[derive(Debug, PartialEq)]
enum Fault {
    Port,
    Ranges,
}

/// One port of a container.
#[derive(Debug, PartialEq)]
struct Port {
    host: String,
    published: String,
    target: u16,
    protocol: &'static str,
}

impl Port {
    fn node(&self, at: &Place) -> Node {
        let mut node = Node::map(
            at,
            [
                ("mode", Node::text("ingress", at)),
                ("target", Node::plain(self.target.to_string(), at)),
                ("protocol", Node::text(self.protocol, at)),
            ],
        );
        let more = [("host_ip", &self.host), ("published", &self.published)];
        if let Some(map) = node.as_map_mut() {
            for (key, value) in more.into_iter().filter(|(_, value)| !value.is_empty()) {
                let entry = crate::tree::Entry { at: at.clone(), node: Node::text(value.clone(), at) };
                map.insert(key.to_owned(), entry);
            }
        }
        node
    }
}

/// A port or a range of ports.
fn range(text: &str, least: u16) -> Option<RangeInclusive<u16>> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let number: u16 = text.parse().ok()?;
        (digits && number >= least).then_some(number)
    };
    match text.split_once('-') {
        Some((from, to)) => {
            let (from, to) = (number(from)?, number(to)?);
            (from <= to).then_some(from..=to)
        }
        None => number(text).map(|port| port..=port),
    }
}

fn address(text: &str) -> Option<IpAddr> {
    text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text).parse().ok()
}

fn short(text: &str) -> Result<Vec<Port>, Fault> {
    let (rest, protocol) = match text.rsplit_once('/') {
        Some((rest, protocol)) => (rest, protocol.to_ascii_lowercase()),
        None => (text, "tcp".to_owned()),
    };
    let protocol = PROTOCOLS.iter().find(|known| **known == protocol).ok_or(Fault::Port)?;
    let (rest, target) = match rest.rsplit_once(':') {
        Some((rest, target)) => (Some(rest), target),
        None => (None, rest),
    };
    let targets = range(target, 1).ok_or(Fault::Port)?;
    let (host, published) = match rest.map(|rest| rest.rsplit_once(':').map_or(("", rest), |split| split)) {
        Some((host, published)) => (host, published),
        None => ("", ""),
    };
    let host = match host {
        "" => String::new(),
        host => address(host).ok_or(Fault::Port)?.to_string(),
    };
    if rest.is_some_and(|rest| rest.is_empty()) {
        return Err(Fault::Port);
    }
    let whole = match published {
        "" => None,
        published => Some(range(published, 0).ok_or(Fault::Port)?),
    };
    let port = |target, published: String| Port { host: host.clone(), published, target, protocol };
    match whole {
        None => Ok(targets.map(|target| port(target, String::new())).collect()),
        Some(_) if targets.start() == targets.end() => Ok(vec![port(*targets.start(), published.to_owned())]),
        Some(whole) if whole.len() == targets.len() => {
            Ok(targets.zip(whole).map(|(target, published)| port(target, published.to_string())).collect())
        }
        Some(_) => Err(Fault::Ranges),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Result<Vec<String>, Fault> {
        let line =
            |port: &Port| format!("{}:{}:{}/{}", port.host, port.published, port.target, port.protocol);
        Ok(short(text)?.iter().map(line).collect())
    }

    /// The examples of the specification, and some of its corners.
    #[test]
    fn short_forms_are_written_out() {
        for (text, ports) in [
            ("3000", vec!["::3000/tcp"]),
            ("3000-3002", vec!["::3000/tcp", "::3001/tcp", "::3002/tcp"]),
            ("8000:8000", vec![":8000:8000/tcp"]),
            ("9090-9091:8080-8081", vec![":9090:8080/tcp", ":9091:8081/tcp"]),
            ("49100:22", vec![":49100:22/tcp"]),
            ("8000-9000:80", vec![":8000-9000:80/tcp"]),
            ("127.0.0.1:8001:8001", vec!["127.0.0.1:8001:8001/tcp"]),
            ("127.0.0.1:5000-5001:5000-5001", vec!["127.0.0.1:5000:5000/tcp", "127.0.0.1:5001:5001/tcp"]),
            ("::1:6000:6000", vec!["::1:6000:6000/tcp"]),
            ("[::1]:6001:6001", vec!["::1:6001:6001/tcp"]),
            ("6060:6060/udp", vec![":6060:6060/udp"]),
            ("127.0.0.1::80", vec!["127.0.0.1::80/tcp"]),
        ] {
            assert_eq!(said(text), Ok(ports.into_iter().map(str::to_owned).collect()), "{text}");
        }
    }

    #[test]
    fn what_is_no_port_is_refused() {
        for text in [
            "",
            "web",
            "80:",
            ":80",
            "0",
            "65536",
            "80:web",
            "80/icmp",
            "a.b.c.d:80:80",
            "90-80",
            "+80",
            "1 :2",
        ] {
            assert_eq!(said(text), Err(Fault::Port), "{text}");
        }
        assert_eq!(said("8000-8002:80-81"), Err(Fault::Ranges));
    }
}
