//! `--publish` and `--expose`.

use super::{ContainerSpec, Empty, PortBinding};

/// Reads `[[IP:]HOST:]CONTAINER[/PROTOCOL]`, ranges too, or `published=…,target=…`.
pub(super) fn publish(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    if text.contains('=') {
        return publish(spec, &short(text)?);
    }
    let (text, protocol) = protocol_of(text)?;
    let (ip, rest) = match text.strip_prefix('[') {
        Some(rest) => {
            let (ip, rest) = rest.split_once("]:")?;
            (ip, rest)
        }
        None => match text.rmatch_indices(':').nth(1) {
            Some((at, _)) => (&text[..at], &text[at + 1..]),
            None => ("", text),
        },
    };
    let (host, container) = rest.split_once(':').unwrap_or(("", rest));
    let (first, last) = range(container)?;
    let hosts = if host.is_empty() { None } else { Some(range(host)?) };
    for port in first..=last {
        let of_host = match hosts {
            None => String::new(),
            Some((from, to)) if first == last && from != to => format!("{from}-{to}"),
            Some((from, to)) if to - from == last - first => (from + (port - first)).to_string(),
            Some(_) => return None,
        };
        let key = format!("{port}/{protocol}");
        spec.body.exposed_ports.insert(key.clone(), Empty {});
        let binding = PortBinding { ip: ip.to_owned(), port: of_host };
        spec.body.host.port_bindings.entry(key).or_default().push(binding);
    }
    Some(())
}

/// The long syntax as the short one.
fn short(text: &str) -> Option<String> {
    let (mut published, mut target, mut protocol) = ("", "", "tcp");
    for part in text.split(',') {
        let (key, value) = part.split_once('=')?;
        match key {
            "published" => published = value,
            "target" => target = value,
            "protocol" => protocol = value,
            "mode" => {}
            _ => return None,
        }
    }
    Some(format!("{published}:{target}/{protocol}"))
}

/// The same, as it is read back.
pub(super) fn published(spec: &ContainerSpec) -> Vec<String> {
    let mut all = Vec::new();
    for (key, bindings) in &spec.body.host.port_bindings {
        let container = key.strip_suffix("/tcp").unwrap_or(key);
        for PortBinding { ip, port } in bindings {
            let colon = if ip.is_empty() && port.is_empty() { "" } else { ":" };
            all.push(match ip.as_str() {
                "" => format!("{port}{colon}{container}"),
                ip if ip.contains(':') => format!("[{ip}]:{port}:{container}"),
                ip => format!("{ip}:{port}:{container}"),
            });
        }
    }
    all
}

/// Reads `80`, `53/udp`, `8000-8010/tcp`.
pub(super) fn expose(spec: &mut ContainerSpec, text: &str) -> Option<()> {
    let (text, protocol) = protocol_of(text)?;
    let (first, last) = range(text)?;
    for port in first..=last {
        spec.body.exposed_ports.insert(format!("{port}/{protocol}"), Empty {});
    }
    Some(())
}

/// Those that are exposed and not published.
pub(super) fn exposed(spec: &ContainerSpec) -> Vec<String> {
    let published = &spec.body.host.port_bindings;
    let only = spec.body.exposed_ports.keys().filter(|key| !published.contains_key(*key));
    only.map(|key| key.strip_suffix("/tcp").unwrap_or(key).to_owned()).collect()
}

fn protocol_of(text: &str) -> Option<(&str, &'static str)> {
    let (text, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let known = ["tcp", "udp", "sctp"].into_iter().find(|known| known.eq_ignore_ascii_case(protocol))?;
    Some((text, known))
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let port = |text: &str| text.parse::<u16>().ok().filter(|port| *port > 0);
    let (first, last) = (port(first)?, port(last)?);
    (first <= last).then_some((first, last))
}
