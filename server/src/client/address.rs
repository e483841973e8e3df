//! Where a server is.

use std::{fmt, net::IpAddr, str::FromStr};

use http::Uri;

/// The address of a Longshore, base path included, in one spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whether it is reached by TLS.
    pub tls: bool,
    /// Name or address of the machine, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The base path without its last slash: empty, or `/ls`.
    pub base: String,
}

impl Address {
    /// Whether it is this machine, so that nothing crosses a wire.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// As a `Host` header names it.
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.port == self.usual_port() { host } else { format!("{host}:{}", self.port) }
    }

    const fn usual_port(&self) -> u16 {
        if self.tls { 443 } else { 80 }
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("not the address of a Longshore, like https://longshore.example/ls: {text:?}");
        // What people copy out of an address bar may have lost its scheme, never its secrets: it is taken as the safe one.
        let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        if whole.contains(['#', '?', '@']) {
            return Err(wrong());
        }
        let uri: Uri = whole.parse().map_err(|_| wrong())?;
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong()),
        };
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let base = uri.path().trim_end_matches('/');
        let after = uri.authority().map(|authority| authority.as_str().ends_with(':')).unwrap_or_default();
        if host.is_empty() || base.contains("//") || after {
            return Err(wrong());
        }
        let port = match (uri.port(), tls) {
            (Some(port), _) => port.as_u16(),
            (None, true) => 443,
            (None, false) => 80,
        };
        Ok(Self { tls, host: host.to_ascii_lowercase(), port, base: base.to_owned() })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_has_one_spelling() {
        for (text, spelt) in [
            ("https://Quay.Example/ls/", "https://quay.example/ls"),
            ("https://quay.example:443", "https://quay.example"),
            ("quay.example/ls", "https://quay.example/ls"),
            ("http://[::1]:7420/", "http://[::1]:7420"),
            ("http://127.0.0.1:80/a/b", "http://127.0.0.1/a/b"),
        ] {
            let address: Address = text.parse().expect(text);
            assert_eq!(address.to_string(), spelt);
            assert_eq!(spelt.parse(), Ok(address), "{text}");
        }
        for text in [
            "",
            "https://",
            "ftp://quay",
            "https://a@quay",
            "https://quay/?x",
            "https://quay/#x",
            "/ls",
            "a b",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        let is = |text: &str| text.parse::<Address>().expect("an address").is_loopback();
        assert!(is("http://127.0.0.1:1") && is("http://[::1]:1") && is("http://localhost"));
        assert!(!is("http://localhost.example") && !is("http://192.0.2.1"));
    }
}
