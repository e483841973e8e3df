//! What the host has not, or has given to somebody else: ports, names, addresses, room.

use super::{
    Explanation, See,
    said::{Said, shown},
};
use crate::words::say;

/// What stands before an address that could not be bound.
const BINDS: [&str; 9] = [
    "bind for ",
    "failed to bind host port for ",
    "failed to bind host port ",
    "listen tcp4 ",
    "listen tcp6 ",
    "listen tcp ",
    "listen udp4 ",
    "listen udp6 ",
    "listen udp ",
];

pub(super) fn explain(said: &Said) -> Option<Explanation> {
    if said.has_any(&["port is already allocated", "address already in use", "only one usage of each socket"])
    {
        return Some(port_taken(said));
    }
    if said.has(&["cannot assign requested address"]) {
        let address = bound(said).and_then(|bound| shown(address(bound)))?;
        return Some(Explanation::new(say::ex_address_missing(address), say::ex_address_missing_do()));
    }
    let low = said.has(&["bind: permission denied"]) || said.has(&["cannot expose privileged port"]);
    if low {
        let named = said.name_after(&["privileged port "]).and_then(|port| port.parse().ok());
        let port: u16 = named.or_else(|| bound(said).and_then(port))?;
        return Some(Explanation::new(say::ex_port_low(port), say::ex_port_low_do()));
    }
    if said.has(&["container name", "already in use"]) || said.has(&["that name is already in use"]) {
        let name = said.name_after(&["container name "])?.trim_start_matches('/').to_owned();
        let explained = Explanation::new(say::ex_name_taken(&name), say::ex_name_taken_do());
        return Some(explained.see(Some(See::Container(name))));
    }
    if said.has_any(&["no space left on device", "not enough space on the disk"]) {
        return Some(Explanation::new(say::ex_no_space(), say::ex_no_space_do()).see(Some(See::Room)));
    }
    if said.has_any(&[
        "pool overlaps with other one",
        "subnet overlaps",
        "is already used on the host or by another",
    ]) {
        return Some(Explanation::new(say::ex_subnet_taken(), say::ex_subnet_taken_do()));
    }
    let exhausted = [
        "non-overlapping ipv4 address pool among the defaults",
        "predefined address pools have been fully subnetted",
    ];
    said.has_any(&exhausted).then(|| Explanation::new(say::ex_subnets_gone(), say::ex_subnets_gone_do()))
}

fn port_taken(said: &Said) -> Explanation {
    let next = say::ex_port_taken_do();
    let protocol = if said.has_any(&["/udp", "listen udp"]) { "udp" } else { "tcp" };
    match bound(said).and_then(port) {
        Some(port) => {
            Explanation::new(say::ex_port_taken(port), next).see(Some(See::Port { port, protocol }))
        }
        None => Explanation::new(say::ex_port_taken_some(), next),
    }
}

/// The address that could not be bound: `0.0.0.0:8080`, `[::]:8080`, `:::8080`, `0.0.0.0:8080:172.17.0.2:80/tcp`.
fn bound<'a>(said: &Said<'a>) -> Option<&'a str> {
    BINDS.iter().find_map(|before| said.after(&[before])?.split_whitespace().next())
}

fn split(bound: &str) -> Option<(&str, &str)> {
    match bound.strip_prefix('[') {
        Some(six) => six.split_once("]:"),
        None => match bound.strip_prefix(":::") {
            Some(rest) => Some(("::", rest)),
            None => bound.split_once(':'),
        },
    }
}

fn address(bound: &str) -> &str {
    split(bound).map_or(bound, |(address, _)| address)
}

fn port(bound: &str) -> Option<u16> {
    let (_, rest) = split(bound)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}
