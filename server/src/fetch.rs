//! Calls to other servers than engines, bounded in every way: one deadline, so many bytes, no redirect followed, and no
//! address that whoever named the URL could not have reached by themselves.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::Semaphore,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::authorities;

/// A call is over so soon, whatever it waits for.
const DEADLINE: Duration = Duration::from_secs(10);
/// The answer of a provider of sign-in has at most so many bytes.
pub const DOCUMENT_MAX: usize = 256 * 1024;
/// So many calls at a time to one place; more wait. Who hangs costs nobody else.
const AT_ONCE: usize = 4;
/// So many places are remembered without need.
const PLACES: usize = 64;

/// Who named the URL, and so which addresses it may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// An administrator: their own networks as well.
    ByUs,
    /// The same, who has said that it may lead there: on their own networks also without TLS.
    Inside,
    /// A document of another server: what everybody can reach, and nothing else.
    ByOthers,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Neither `https`, nor `http` to this very machine.
    #[error("{0} is not by TLS")]
    Plain(Url),
    /// It leads where it may not.
    #[error("{host} leads to {address}, which is not for it to name")]
    Private {
        /// The name.
        host: String,
        /// One of its addresses.
        address: IpAddr,
    },
    /// The name leads nowhere.
    #[error("{0} has no address")]
    NoAddress(String),
    /// No answer within the deadline.
    #[error("no answer within {} s", DEADLINE.as_secs())]
    Silent,
    /// There is more of the answer than was asked for.
    #[error("more than {0} bytes")]
    Large(usize),
    /// There are no certificates of authorities on this machine.
    #[error("this machine has no certificates of authorities: install ca-certificates")]
    NoAuthorities,
    /// The connection, its TLS, or the answer is broken.
    #[error("{0}")]
    Broken(String),
}

/// An answer, whole.
#[derive(Debug)]
pub struct Fetched {
    /// Its status.
    pub status: StatusCode,
    /// Its body.
    pub body: Bytes,
}

/// What goes with a call.
pub enum Sent {
    /// Nothing.
    Nothing,
    /// A form.
    Form(String),
    /// That the second version of Git's protocol is spoken, and a request in it.
    Git(Option<Bytes>),
}

impl Sent {
    /// What kind of body it is, and the body; without one it is a GET.
    fn body(&self) -> Option<(&'static str, Bytes)> {
        match self {
            Self::Nothing | Self::Git(None) => None,
            Self::Form(form) => Some(("application/x-www-form-urlencoded", Bytes::from(form.clone()))),
            Self::Git(Some(request)) => Some(("application/x-git-upload-pack-request", request.clone())),
        }
    }
}

/// What is sent.
pub struct Asking<'a> {
    /// Where to.
    pub url: &'a Url,
    /// Who named that.
    pub named: Named,
    /// `Authorization`, if any.
    pub authorization: Option<HeaderValue>,
    /// What goes with it.
    pub sent: Sent,
    /// The answer has at most so many bytes.
    pub most: usize,
}

/// Asks, and returns the answer whatever its status. A redirect is an answer.
pub async fn fetch(asking: Asking<'_>) -> Result<Fetched, FetchError> {
    let room = room_at(asking.url);
    let answer = async {
        let _room = room.acquire().await.map_err(|error| FetchError::Broken(error.to_string()))?;
        ask(asking).await
    };
    timeout(DEADLINE, answer).await.map_err(|_| FetchError::Silent)?
}

fn room_at(url: &Url) -> Arc<Semaphore> {
    static ROOMS: Mutex<BTreeMap<String, Arc<Semaphore>>> = Mutex::new(BTreeMap::new());
    let mut rooms = ROOMS.lock().unwrap_or_else(PoisonError::into_inner);
    if rooms.len() >= PLACES {
        rooms.retain(|_, room| Arc::strong_count(room) > 1);
    }
    let origin = url.origin().ascii_serialization();
    Arc::clone(rooms.entry(origin).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE))))
}

async fn ask(asking: Asking<'_>) -> Result<Fetched, FetchError> {
    let url = asking.url;
    let tls = url.scheme() == "https";
    if !tls && !is_here(url) && asking.named != Named::Inside {
        return Err(FetchError::Plain(url.clone()));
    }
    let stream = connect(url, asking.named).await?;
    let request = request(&asking)?;
    if !tls {
        return exchange(stream, request, asking.most).await;
    }
    let host = url.host().ok_or_else(|| FetchError::NoAddress(url.to_string()))?;
    let name = match host {
        Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(broken)?,
        Host::Ipv4(address) => ServerName::from(IpAddr::from(address)),
        Host::Ipv6(address) => ServerName::from(IpAddr::from(address)),
    };
    exchange(connector()?.connect(name, stream).await.map_err(broken)?, request, asking.most).await
}

fn request(asking: &Asking<'_>) -> Result<Request<Full<Bytes>>, FetchError> {
    let url = asking.url;
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let body = asking.sent.body();
    let mut request = Request::builder()
        .method(if body.is_some() { Method::POST } else { Method::GET })
        .uri(path)
        .header(header::HOST, host)
        .header(header::ACCEPT, "application/json, */*;q=0.5")
        .header(header::USER_AGENT, concat!("longshore/", env!("CARGO_PKG_VERSION")));
    if let Some(authorization) = &asking.authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    if matches!(asking.sent, Sent::Git(_)) {
        request = request.header("git-protocol", "version=2");
    }
    let Some((kind, body)) = body else { return request.body(Full::default()).map_err(broken) };
    request.header(header::CONTENT_TYPE, kind).body(Full::new(body)).map_err(broken)
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
    most: usize,
) -> Result<Fetched, FetchError> {
    let (mut send, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let driver = tokio_util::task::AbortOnDropHandle::new(tokio::spawn(connection));
    let answer = send.send_request(request).await.map_err(broken)?;
    let (head, body) = answer.into_parts();
    let body = Limited::new(body, most).collect().await;
    let body = body.map_err(|error| match error.is::<LengthLimitError>() {
        true => FetchError::Large(most),
        false => FetchError::Broken(error.to_string()),
    })?;
    let body = body.to_bytes();
    drop(driver);
    Ok(Fetched { status: head.status, body })
}

/// Opens a connection to an address that was looked at: the name is resolved once, here.
async fn connect(url: &Url, named: Named) -> Result<TcpStream, FetchError> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let port = url.port_or_known_default().ok_or_else(|| FetchError::NoAddress(host.clone()))?;
    let addresses: Vec<SocketAddr> = match url.host() {
        Some(Host::Ipv4(address)) => vec![(address, port).into()],
        Some(Host::Ipv6(address)) => vec![(address, port).into()],
        Some(Host::Domain(name)) => tokio::net::lookup_host((name, port)).await.map_err(broken)?.collect(),
        None => Vec::new(),
    };
    let Some(first) = addresses.first() else { return Err(FetchError::NoAddress(host)) };
    let in_plain = url.scheme() != "https";
    let mut why = match may_reach(first.ip(), named) {
        true => FetchError::Plain(url.clone()),
        false => FetchError::Private { host, address: first.ip() },
    };
    let may =
        |address: IpAddr| may_reach(address, named) && (!in_plain || !may_reach(address, Named::ByOthers));
    for address in addresses.iter().filter(|address| may(address.ip())) {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => why = broken(error),
        }
    }
    Err(why)
}

/// Whether it is a service on this very machine: tests and sidecars have no certificates.
pub fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn may_reach(address: IpAddr, named: Named) -> bool {
    let address = address.to_canonical();
    match named {
        // Where clouds keep the credentials of machines is nobody's provider.
        Named::ByUs | Named::Inside => match address {
            IpAddr::V4(v4) => !v4.is_link_local() && !v4.is_unspecified() && !v4.is_multicast(),
            IpAddr::V6(v6) => !v6.is_unicast_link_local() && !v6.is_unspecified() && !v6.is_multicast(),
        },
        Named::ByOthers => match address {
            IpAddr::V4(v4) => is_public(v4),
            IpAddr::V6(v6) => is_public_v6(v6),
        },
    }
}

fn is_public(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !(v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    // Only what is given out to be routed; within it, tunnels lead to an IPv4 address of their own choice.
    let [first, second, ..] = v6.segments();
    (0x2000..0x4000).contains(&first)
        && first != 0x2002
        && !(first == 0x2001 && (second == 0 || second == 0xdb8))
}

fn connector() -> Result<TlsConnector, FetchError> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(TlsConnector::from(Arc::clone(config)));
    }
    let roots = authorities::of_this_machine();
    if roots.is_empty() {
        return Err(FetchError::NoAuthorities);
    }
    let config = Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth());
    Ok(TlsConnector::from(Arc::clone(CONFIG.get_or_init(|| config))))
}

fn broken(error: impl std::fmt::Display) -> FetchError {
    FetchError::Broken(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_servers_document_leads_to_no_address_of_ours() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:0:1::1",
            "ff02::1",
        ] {
            assert!(!may_reach(address.parse().expect("an address"), Named::ByOthers), "{address}");
        }
        for address in ["8.8.8.8", "2606:4700::1111"] {
            assert!(may_reach(address.parse().expect("an address"), Named::ByOthers), "{address}");
        }
        for (address, ours) in
            [("10.1.2.3", true), ("127.0.0.1", true), ("fd00::1", true), ("169.254.169.254", false)]
        {
            assert_eq!(may_reach(address.parse().expect("an address"), Named::ByUs), ours, "{address}");
        }
    }

    #[tokio::test]
    async fn nothing_goes_out_without_tls_but_to_this_machine() {
        let url = Url::parse("http://provider.example/x").expect("a URL");
        let asking = Asking {
            url: &url,
            named: Named::ByUs,
            authorization: None,
            sent: Sent::Nothing,
            most: DOCUMENT_MAX,
        };
        assert!(matches!(fetch(asking).await, Err(FetchError::Plain(_))));
        // An address of everybody, whatever an administrator allows.
        let url = Url::parse("http://8.8.8.8/x").expect("a URL");
        let asking = Asking {
            url: &url,
            named: Named::Inside,
            authorization: None,
            sent: Sent::Nothing,
            most: DOCUMENT_MAX,
        };
        assert!(matches!(fetch(asking).await, Err(FetchError::Plain(_))));
        let url = Url::parse("http://127.0.0.1:9/x").expect("a URL");
        let asking = Asking {
            url: &url,
            named: Named::ByOthers,
            authorization: None,
            sent: Sent::Nothing,
            most: DOCUMENT_MAX,
        };
        assert!(matches!(fetch(asking).await, Err(FetchError::Private { .. })));
    }
}
