//! Which ports of the machine programs have, from the kernel's tables of sockets: containers are not all that listens.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::{Path, PathBuf},
};

/// No table is read further.
const MOST: u64 = 8 * 1024 * 1024;
/// What engines are called as processes; and what holds the socket of one that is only started when somebody calls.
const ENGINES: [&str; 3] = ["dockerd", "podman", "systemd"];
/// The tables: the protocol, and the state of a socket that waits for whoever comes.
const TABLES: [(&str, &str, &str); 4] =
    [("tcp", "tcp", "0A"), ("tcp6", "tcp", "0A"), ("udp", "udp", "07"), ("udp6", "udp", "07")];

/// A port that a program listens on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listening {
    /// `tcp` or `udp`.
    pub protocol: &'static str,
    /// On which address.
    pub ip: IpAddr,
    /// Which.
    pub port: u16,
}

impl Listening {
    /// Whether a container cannot have the port at this address: any, where it is empty.
    pub fn is_in_the_way(&self, protocol: &str, ip: &str, port: u16) -> bool {
        if self.protocol != protocol || self.port != port {
            return false;
        }
        match (ip.trim_matches(['[', ']']).parse::<IpAddr>(), self.ip) {
            (Err(_), _) => true,
            // Who listens on all of the sixth version mostly does so on all of the fourth.
            (Ok(IpAddr::V4(_)), IpAddr::V6(own)) => own.is_unspecified(),
            (Ok(IpAddr::V6(_)), IpAddr::V4(_)) => false,
            (Ok(ip), own) => ip.is_unspecified() || own.is_unspecified() || ip == own,
        }
    }
}

/// What listens beside the engine whose socket this process holds, as our own /proc numbers it: 0 where it is outside of
/// what we see. Nothing where that cannot be known: who passes the socket on may be on another machine than the engine.
pub fn beside_engine(process: u32) -> Vec<Listening> {
    let of = match process {
        0 => PathBuf::from("/host/proc/1"),
        process => PathBuf::from(format!("/proc/{process}")),
    };
    let name = fs::read_to_string(of.join("comm")).unwrap_or_default();
    if process != 0 && !ENGINES.contains(&name.trim()) {
        return Vec::new();
    }
    listening(&of.join("net"))
}

fn listening(tables: &Path) -> Vec<Listening> {
    let mut all = Vec::new();
    for (table, protocol, state) in TABLES {
        // A machine without the sixth version has no such table.
        if let Ok(text) = read(&tables.join(table)) {
            all.extend(text.lines().skip(1).filter_map(|line| socket(line, protocol, state)));
        }
    }
    all
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MOST).read_to_string(&mut text)?;
    Ok(text)
}

/// `0: 0100007F:1F90 00000000:0000 0A …`
fn socket(line: &str, protocol: &'static str, state: &str) -> Option<Listening> {
    let mut words = line.split_ascii_whitespace().skip(1);
    let (ip, port) = words.next()?.split_once(':')?;
    let is_listening = words.nth(1)? == state;
    let port = u16::from_str_radix(port, 16).ok().filter(|port| *port != 0)?;
    is_listening.then_some(Listening { protocol, ip: address(ip)?, port })
}

/// Each four bytes are a number of this machine's own order.
fn address(text: &str) -> Option<IpAddr> {
    let word = |at: usize| Some(u32::from_str_radix(text.get(at..at + 8)?, 16).ok()?.to_ne_bytes());
    match text.len() {
        8 => Some(Ipv4Addr::from(word(0)?).into()),
        32 => {
            let mut bytes = [0; 16];
            for (nth, four) in bytes.chunks_exact_mut(4).enumerate() {
                four.copy_from_slice(&word(nth * 8)?);
            }
            Some(Ipv6Addr::from(bytes).to_canonical())
        }
        _ => None,
    }
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    use super::*;

    const TCP: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31337 1 0000000000000000 100 0 0 10 0
   1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31338 1 0000000000000000 100 0 0 10 0
   2: 0A00000A:0050 0B00000A:D431 01 00000000:00000000 00:00000000 00000000     0        0 31339 1 0000000000000000 20 4 30 10 -1
";
    const TCP6: &str =
        "  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000
   1: 0000000000000000FFFF00000100007F:0CEA 00000000000000000000000000000000:0000 0A 00000000:00000000
";
    const UDP: &str = "  sl  local_address rem_address   st tx_queue rx_queue
  21: 00000000:0035 00000000:0000 07 00000000:00000000
  22: 0100007F:C350 0100007F:0035 01 00000000:00000000
";

    #[test]
    fn what_waits_for_whoever_comes_is_found_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (table, text) in [("tcp", TCP), ("tcp6", TCP6), ("udp", UDP)] {
            fs::write(folder.path().join(table), text).expect("a file");
        }
        let found = listening(folder.path());
        let said: Vec<String> =
            found.iter().map(|one| format!("{} {} {}", one.protocol, one.ip, one.port)).collect();
        assert_eq!(
            said,
            ["tcp 127.0.0.1 8080", "tcp 0.0.0.0 80", "tcp :: 22", "tcp 127.0.0.1 3306", "udp 0.0.0.0 53"]
        );
    }

    #[test]
    fn a_port_is_in_the_way_where_both_cannot_have_it() {
        let own = |ip: &str| Listening { protocol: "tcp", ip: ip.parse().expect("an address"), port: 80 };
        for (ip, wanted, clash) in [
            ("127.0.0.1", "", true),
            ("127.0.0.1", "0.0.0.0", true),
            ("127.0.0.1", "10.0.0.1", false),
            ("0.0.0.0", "10.0.0.1", true),
            ("::", "10.0.0.1", true),
            ("::1", "10.0.0.1", false),
            ("::1", "[::1]", true),
            ("0.0.0.0", "::1", false),
        ] {
            assert_eq!(own(ip).is_in_the_way("tcp", wanted, 80), clash, "{ip} {wanted:?}");
        }
        assert!(!own("0.0.0.0").is_in_the_way("udp", "", 80) && !own("0.0.0.0").is_in_the_way("tcp", "", 81));
    }
}
