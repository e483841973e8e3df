//! An address, or all addresses that begin alike.

use std::{net::IpAddr, str::FromStr};

/// `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether an address is in it. An IPv4 address in IPv6 form counts as what it is.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(of), IpAddr::V4(one)) => same(of.to_bits(), one.to_bits(), 32, self.prefix),
            (IpAddr::V6(of), IpAddr::V6(one)) => same(of.to_bits(), one.to_bits(), 128, self.prefix),
            _ => false,
        }
    }
}

/// Whether the first `prefix` of `width` bits are the same.
fn same(a: impl Into<u128>, b: impl Into<u128>, width: u32, prefix: u8) -> bool {
    (a.into() ^ b.into()).checked_shr(width - u32::from(prefix)).unwrap_or(0) == 0
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "an address or a network, like 10.0.0.7 or 10.0.0.0/8".to_owned();
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let address = address.to_canonical();
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse().ok().filter(|p| *p <= width).ok_or_else(wrong)?,
            None => width,
        };
        Ok(Self { address, prefix })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_its_own_addresses_and_no_others() {
        let has = |network: &str, address: &str| {
            let network: Network = network.parse().expect("a network");
            network.contains(address.parse().expect("an address"))
        };
        assert!(has("10.0.0.0/8", "10.255.0.1") && !has("10.0.0.0/8", "11.0.0.1"));
        assert!(has("10.0.0.7", "10.0.0.7") && !has("10.0.0.7", "10.0.0.6"));
        assert!(has("10.0.0.7", "::ffff:10.0.0.7"));
        assert!(has("0.0.0.0/0", "192.0.2.1") && !has("0.0.0.0/0", "2001:db8::1"));
        assert!(has("fd00::/8", "fd12::1") && !has("fd00::/8", "fe80::1"));
        assert!(has("::/0", "2001:db8::1") && has("2001:db8::1", "2001:db8::1"));
        assert!(has("10.1.2.0/23", "10.1.3.9") && !has("10.1.2.0/23", "10.1.4.0"));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for bad in
            ["", "10.0.0", "10.0.0.0/33", "fd00::/129", "10.0.0.0/-1", "10.0.0.0/", "proxy", "10.0.0.1:80"]
        {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }
}
