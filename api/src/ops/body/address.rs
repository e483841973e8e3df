//! Whether an address is beside the engine, by what is written. A name that leads there all the same is not seen: who
//! asks of it is the engine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Endings of names that no public server has.
const PRIVATE: [&str; 13] = [
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "arpa",
    "test",
    "invalid",
    "example",
    "localdomain",
];

/// Whether `address`, as in `HOST[:port][/path]` with or without a scheme, is beside the engine.
pub(super) fn is_private(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None if host.matches(':').count() > 1 => host,
        None => host.split(':').next().unwrap_or_default(),
    };
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    // The engine's usual registry.
    if host.is_empty() && address.is_empty() {
        return false;
    }
    match host.split('%').next().unwrap_or_default().parse() {
        Ok(IpAddr::V4(ip)) => !is_public(ip),
        Ok(IpAddr::V6(ip)) => !is_public6(ip),
        Err(_) => !is_public_name(&host),
    }
}

/// The name of an image begins with its registry, if that looks like an address.
pub(super) fn registry_of(image: &str) -> &str {
    match image.split_once('/') {
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => first,
        _ => "",
    }
}

/// With a dot, an ending that is in use, and none of the other ways to write a number: `0x7f.1`, `2130706433`.
fn is_public_name(host: &str) -> bool {
    let Some((_, end)) = host.rsplit_once('.') else { return false };
    let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    plain && !end.is_empty() && !end.starts_with(|c: char| c.is_ascii_digit()) && !PRIVATE.contains(&end)
}

fn is_public(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || (a, b, c) == (192, 0, 0))
}

/// Only what is handed out, and no way in it to an older address.
fn is_public6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    (0x2000..0x4000).contains(&a) && !(a == 0x2001 && (b < 0x200 || b == 0xdb8)) && a != 0x2002
}
