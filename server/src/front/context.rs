//! What is known of a request before anyone handles it: its id, who really sent it, and what it claims to be.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName, Method, Request, StatusCode, Version, header};
use longshore_api::{
    web::account::{MARK_HEADER, MARK_PREFIX},
    words::{Locale, say},
};

use super::{
    Far,
    cookies::{named, prefixed},
};
use crate::{access::Credential, fault::Fault, secret, settings::FrontSettings, store::new_id};

/// What proxies add to a request.
const PASSED_ON: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// The head of a request, read once.
#[derive(Clone, Debug)]
pub struct Context {
    /// Finds everything about this request in the log.
    pub request_id: String,
    /// Who sent it: the peer, or whom a trusted proxy names.
    pub client: IpAddr,
    /// Whether the browser came by TLS, here or at a trusted proxy.
    pub https: bool,
    /// Host and port as the browser knows them.
    pub authority: String,
    /// What it carries to say who it is.
    pub credential: Option<Credential>,
    /// The digest of the mark of the pages that sent it ([`MARK_HEADER`]).
    pub mark: Option<String>,
    /// The `Origin` header.
    pub origin: Option<String>,
    /// The `User-Agent` header, cut.
    pub user_agent: String,
    /// The first language it accepts.
    pub locale: Locale,
    /// Whether it asks for another protocol.
    pub upgrade: bool,
    /// Whether its answer may be brotli.
    pub brotli: bool,
    /// Whether it was sent on this machine and no proxy says that it passed it on.
    pub local: bool,
    /// The other end of its connection.
    pub far: Far,
    safe: bool,
    pub(super) base: String,
}

impl Context {
    /// Reads a request's head. `tls` says whether our own end of the connection is encrypted.
    pub fn read<B>(
        settings: &FrontSettings,
        cookie_name: &str,
        peer: SocketAddr,
        tls: bool,
        request: &Request<B>,
    ) -> Self {
        let headers = request.headers();
        let trusted = settings.trusts(peer.ip());
        let forwarded = |name: &'static str| if trusted { list(headers, name) } else { Vec::new() };
        let client =
            client_of(&forwarded("x-forwarded-for"), settings).unwrap_or_else(|| peer.ip().to_canonical());
        // The last word is the one that our own proxy wrote; those before it came with the request.
        let https =
            forwarded("x-forwarded-proto").last().map_or(tls, |proto| proto.eq_ignore_ascii_case("https"));
        let authority = forwarded("x-forwarded-host")
            .last()
            .copied()
            .or_else(|| text(headers, header::HOST))
            .or_else(|| request.uri().authority().map(http::uri::Authority::as_str))
            .unwrap_or_default()
            .to_ascii_lowercase();
        Self {
            request_id: new_id(),
            client,
            https,
            authority,
            credential: credential(headers, &prefixed(cookie_name, https, &settings.base)),
            mark: mark(headers).map(secret::digest_of),
            origin: text(headers, header::ORIGIN).map(str::to_ascii_lowercase),
            user_agent: text(headers, header::USER_AGENT).unwrap_or_default().chars().take(200).collect(),
            locale: text(headers, header::ACCEPT_LANGUAGE).map(Locale::accepted).unwrap_or_default(),
            upgrade: headers.contains_key(header::UPGRADE) || request.method() == Method::CONNECT,
            brotli: text(headers, header::ACCEPT_ENCODING).is_some_and(|all| {
                all.split(',').any(|one| first_word(one) == "br" && !one.replace(' ', "").ends_with(";q=0"))
            }),
            local: peer.ip().to_canonical().is_loopback()
                && !PASSED_ON.iter().any(|name| headers.contains_key(*name))
                // A page of another site, led here by a name that means this machine, is not this machine.
                && !headers.contains_key(header::ORIGIN)
                && is_loopback(text(headers, header::HOST).unwrap_or_default()),
            far: Far::default(),
            safe: matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS),
            base: settings.base.clone(),
        }
    }

    /// Of a request on a stream that the request of this context has opened: whose it is was said there, and nothing that
    /// it says of itself counts.
    pub fn within<B>(&self, far: Far, request: &Request<B>) -> Self {
        let headers = request.headers();
        Self {
            request_id: new_id(),
            origin: None,
            upgrade: headers.contains_key(header::UPGRADE) || request.method() == Method::CONNECT,
            safe: matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS),
            far,
            ..self.clone()
        }
    }

    /// Whether a session that was begun with this mark, or without one, is one of the pages that sent this. What a browser
    /// fetches by a plain link has no mark, and changes nothing: it needs none.
    pub fn is_marked(&self, session: Option<&str>) -> bool {
        self.mark.as_deref() == session || self.mark.is_none() && self.safe && !self.upgrade
    }

    /// Refuses what another site's page sent. A change made by cookie must name its origin, and so must a websocket:
    /// both carry the cookie by themselves.
    pub fn check_origin(&self, trusted: &[String]) -> Result<(), Fault> {
        if self.safe && !self.upgrade {
            return Ok(());
        }
        match &self.origin {
            Some(origin) => {
                let own = format!("{}://{}", if self.https { "https" } else { "http" }, self.authority);
                if *origin == own || trusted.contains(origin) {
                    Ok(())
                } else {
                    Err(Fault::new(StatusCode::FORBIDDEN, say::other_origin(origin)))
                }
            }
            None if matches!(self.credential, Some(Credential::Cookies(_))) => {
                Err(Fault::new(StatusCode::FORBIDDEN, say::origin_missing()))
            }
            None => Ok(()),
        }
    }
}

/// Refuses a request of HTTP/1.1 that does not name its host once: what stands between us and the client may have read
/// another one.
pub fn check_host<B>(request: &Request<B>) -> Result<(), Fault> {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() >= Version::HTTP_11) {
        return Err(Fault::bad_request(say::header_invalid("Host")));
    }
    Ok(())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The mark of the pages that sent it: in a header, or for a websocket among its protocols.
fn mark(headers: &HeaderMap) -> Option<&str> {
    text(headers, HeaderName::from_static(MARK_HEADER)).or_else(|| {
        list(headers, "sec-websocket-protocol").into_iter().find_map(|one| one.strip_prefix(MARK_PREFIX))
    })
}

/// The values of a header that is a list, however many lines it came in.
fn list<'a>(headers: &'a HeaderMap, name: &'static str) -> Vec<&'a str> {
    let lines = headers.get_all(HeaderName::from_static(name)).iter();
    lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).map(str::trim).collect()
}

/// Whether a `Host` is this machine by address, or by the one name that never means another.
fn is_loopback(host: &str) -> bool {
    let name =
        host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

fn first_word(part: &str) -> &str {
    part.split(';').next().unwrap_or(part).trim()
}

/// The last address in the chain that is no trusted proxy: everything left of it is the client's own word.
fn client_of(chain: &[&str], settings: &FrontSettings) -> Option<IpAddr> {
    for address in chain.iter().rev() {
        // Some proxies write the port too.
        let address = address.parse::<SocketAddr>().map(|at| at.ip()).or_else(|_| address.parse::<IpAddr>());
        let address = address.ok()?.to_canonical();
        if !settings.trusts(address) {
            return Some(address);
        }
    }
    None
}

fn credential(headers: &HeaderMap, cookie_name: &str) -> Option<Credential> {
    if let Some(value) = text(headers, header::AUTHORIZATION) {
        let (scheme, key) = value.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| Credential::Key(key.trim().to_owned()));
    }
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let tokens = named(lines, cookie_name);
    (!tokens.is_empty()).then_some(Credential::Cookies(tokens))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(proxies: &[&str]) -> FrontSettings {
        FrontSettings {
            trusted_proxies: proxies.iter().map(|p| p.parse().expect("an address")).collect(),
            ..FrontSettings::default()
        }
    }

    fn read(proxies: &[&str], peer: &str, headers: &[(&str, &str)]) -> Context {
        let mut request = Request::builder().method("POST").uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).expect("a request");
        Context::read(&settings(proxies), "c", peer.parse().expect("an address"), false, &request)
    }

    #[test]
    fn only_a_trusted_proxy_says_who_and_how() {
        let said =
            [("x-forwarded-for", "6.6.6.6, 203.0.113.9"), ("x-forwarded-proto", "https"), ("host", "in")];
        let stranger = read(&["10.0.0.1"], "192.0.2.4:1", &said);
        assert_eq!((stranger.client.to_string().as_str(), stranger.https), ("192.0.2.4", false));
        let lines = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "203.0.113.9"), ("host", "in")];
        assert_eq!(read(&["10.0.0.1"], "10.0.0.1:1", &lines).client.to_string(), "203.0.113.9", "two lines");
        let proxy = read(&["10.0.0.1"], "10.0.0.1:1", &said);
        assert_eq!((proxy.client.to_string().as_str(), proxy.https), ("203.0.113.9", true));
        let network = read(&["10.0.0.0/8"], "10.4.4.4:1", &said);
        assert_eq!((network.client.to_string().as_str(), network.https), ("203.0.113.9", true));
    }

    #[test]
    fn another_site_is_refused_and_a_cookie_needs_an_origin() {
        let cookie = ("cookie", "a=b; c=token");
        let host = ("host", "quay.example");
        let check = |headers: &[(&str, &str)]| read(&[], "192.0.2.4:1", headers).check_origin(&[]);
        assert!(check(&[host, cookie, ("origin", "http://quay.example")]).is_ok());
        assert!(check(&[host, cookie, ("origin", "https://quay.example")]).is_err());
        assert!(check(&[host, cookie, ("origin", "http://evil.example")]).is_err());
        assert!(check(&[host, cookie, ("origin", "null")]).is_err());
        assert!(check(&[host, cookie]).is_err());
        assert!(check(&[host, ("authorization", "Bearer lsk_x")]).is_ok());
    }
}
