//! The way to a server: plain or by TLS, with the key in every request.

use std::{
    future::Future,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{body::Incoming, upgrade::Upgraded};
use hyper_util::rt::TokioIo;
use longshore_api::web::{API, carried::PROTOCOL, problem::Problem};
use rustls::{
    ClientConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::{LocalSet, spawn_local},
    time::timeout,
};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::handshake::{client::generate_key, derive_accept_key};

use super::{address::Address, kept::Server};
use crate::authorities;

/// A connection stands so soon, TLS included.
const CONNECT: Duration = Duration::from_secs(15);
/// The head of an answer is there so soon. An engine far behind the server may take its time.
const ANSWER: Duration = Duration::from_secs(90);
/// What we read whole has at most so many bytes: a plan tells of all files and of every field that differs.
const BODY_MAX: usize = 16 * 1024 * 1024;

/// Why a server cannot be spoken with. Each reads as a sentence that a person can act on.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The key has characters that no key has.
    #[error("this is no API key: one begins with lsk_ and is made under Account")]
    NoKey,
    /// A file of certificates that is none.
    #[error("{} has no certificate in PEM form that can be read", .path.display())]
    Ca {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        cause: rustls::pki_types::pem::Error,
    },
    /// Neither the machine nor the user knows anyone who vouches for servers.
    #[error(
        "this machine has no certificates of authorities: install ca-certificates, or name a file by --ca"
    )]
    NoRoots,
    /// TLS cannot be spoken at all.
    #[error("TLS cannot be spoken with {0}")]
    Tls(String, #[source] rustls::Error),
    /// Nobody is there.
    #[error("there is no answer from {at}: is Longshore running there, and can it be reached from here?")]
    Unreachable {
        /// Where.
        at: String,
        /// The system's own words.
        #[source]
        cause: io::Error,
    },
    /// Whoever is there cannot prove who they are.
    #[error(
        "{at} cannot be trusted: if its certificate is your own, name the file of whoever signed it by --ca"
    )]
    Untrusted {
        /// Where.
        at: String,
        /// What is wrong with the certificate.
        #[source]
        cause: io::Error,
    },
    /// The connection broke, or what came was no HTTP.
    #[error("{at} does not answer as a web server does")]
    Broken {
        /// Where.
        at: String,
        /// What happened.
        #[source]
        cause: hyper::Error,
    },
    /// The answer did not come.
    #[error("{0} takes too long to answer")]
    Slow(String),
    /// Something else answers there.
    #[error("{at} answers {status}, and not as Longshore does: is the address right, base path included?")]
    Stranger {
        /// Where.
        at: String,
        /// What it answered.
        status: StatusCode,
    },
    /// Longshore says no, in its own words.
    #[error("{words}")]
    Refused {
        /// The status.
        status: StatusCode,
        /// The code of the sentence, where it is one of ours.
        code: String,
        /// The words.
        words: String,
    },
}

impl Trouble {
    /// The status with which a local client is told.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused { status, .. } => *status,
            Self::Slow(_) => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::BAD_GATEWAY,
        }
    }
}

/// Does what talks to servers, in this thread, and ends with it whatever still talks.
pub fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, work)
}

/// Bytes in both directions.
trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A server, and the key to it.
pub struct Remote {
    address: Address,
    bearer: HeaderValue,
    tls: Option<TlsConnector>,
}

impl Remote {
    /// Of what is kept.
    pub fn of(server: &Server) -> anyhow::Result<Self> {
        let address = server.url.parse().map_err(anyhow::Error::msg)?;
        Ok(Self::new(address, &server.key, server.ca.as_deref())?)
    }

    /// At an address, with a key.
    pub fn new(address: Address, key: &str, ca: Option<&Path>) -> Result<Self, Trouble> {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if !key.starts_with("lsk_") || !key.chars().all(fits) {
            return Err(Trouble::NoKey);
        }
        let mut bearer = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| Trouble::NoKey)?;
        bearer.set_sensitive(true);
        let tls = if address.tls { Some(connector(&address, ca)?) } else { None };
        Ok(Self { address, bearer, tls })
    }

    /// Reads what a path below the base path answers.
    pub async fn get(&self, path: &str) -> Result<(StatusCode, Bytes), Trouble> {
        self.call(Method::GET, path, None).await
    }

    /// Sends JSON to a path below the base path, and reads what it answers.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        json: Option<Vec<u8>>,
    ) -> Result<(StatusCode, Bytes), Trouble> {
        let mut request = self.request(path)?;
        *request.method_mut() = method;
        if let Some(json) = json {
            let kind = HeaderValue::from_static("application/json");
            request.headers_mut().insert(header::CONTENT_TYPE, kind);
            *request.body_mut() = Full::from(json);
        }
        let answer = self.send(request).await?;
        let status = answer.status();
        Ok((status, self.whole(answer).await?))
    }

    /// Begins to read what a path below the base path answers; for what goes on and on.
    pub async fn open(&self, path: &str) -> Result<Incoming, Trouble> {
        self.begin(Method::GET, path).await
    }

    /// The same for a call that changes something, or waits for it.
    pub async fn begin(&self, method: Method, path: &str) -> Result<Incoming, Trouble> {
        let mut request = self.request(path)?;
        *request.method_mut() = method;
        let answer = self.send(request).await?;
        let status = answer.status();
        if status == StatusCode::OK {
            return Ok(answer.into_body());
        }
        let body = self.whole(answer).await?;
        Err(self.refusal(status, &body))
    }

    /// Whether the key may know a host; what is said otherwise is for its owner.
    pub async fn knows(&self, host: &str) -> Result<(), Trouble> {
        match self.get(&format!("{API}/hosts/{host}/docker/_ping")).await? {
            (StatusCode::OK, _) => Ok(()),
            (status, body) => Err(self.refusal(status, &body)),
        }
    }

    /// Opens a stream to a host's Docker Engine API.
    pub async fn stream(&self, host: &str) -> Result<Upgraded, Trouble> {
        let key = generate_key();
        let mut request = self.request(&format!("{API}/hosts/{host}/connect"))?;
        let headers = request.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
        headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::from_str(&key).map_err(|_| Trouble::NoKey)?);
        let mut answer = self.send(request).await?;
        let status = answer.status();
        if status != StatusCode::SWITCHING_PROTOCOLS {
            let body = self.whole(answer).await?;
            return Err(self.refusal(status, &body));
        }
        let says = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
        if says(header::SEC_WEBSOCKET_ACCEPT) != Some(&derive_accept_key(key.as_bytes()))
            || says(header::SEC_WEBSOCKET_PROTOCOL) != Some(PROTOCOL)
        {
            return Err(Trouble::Stranger { at: self.address.to_string(), status });
        }
        #[expect(clippy::disallowed_methods, reason = "the server has granted what was asked by us")]
        let upgrade = hyper::upgrade::on(&mut answer);
        upgrade.await.map_err(|cause| Trouble::Broken { at: self.address.to_string(), cause })
    }

    /// What an answer means that is not what was asked for.
    pub fn refusal(&self, status: StatusCode, body: &[u8]) -> Trouble {
        let problem = serde_json::from_slice::<Problem>(body).ok().map(|problem| {
            let engine = problem.engine.map(|words| format!(" ({words})")).unwrap_or_default();
            (problem.sentence.code.into_owned(), problem.title + &engine)
        });
        let message = || {
            let words =
                serde_json::from_slice::<serde_json::Value>(body).ok()?["message"].as_str()?.to_owned();
            Some((String::new(), words))
        };
        match problem.or_else(message) {
            Some((code, words)) => Trouble::Refused { status, code, words },
            None => Trouble::Stranger { at: self.address.to_string(), status },
        }
    }

    fn request(&self, path: &str) -> Result<Request<Full<Bytes>>, Trouble> {
        let request = Request::get(format!("{}{path}", self.address.base))
            .header(header::HOST, self.address.authority())
            .header(header::USER_AGENT, concat!("longshore/", env!("CARGO_PKG_VERSION")))
            .header(header::AUTHORIZATION, self.bearer.clone())
            .body(Full::default());
        // Of what we put together only the base path is somebody else's.
        request
            .map_err(|_| Trouble::Stranger { at: self.address.to_string(), status: StatusCode::BAD_REQUEST })
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Trouble> {
        let at = || self.address.to_string();
        let stream = timeout(CONNECT, self.dial()).await.map_err(|_| Trouble::Slow(at()))??;
        let broken = |cause| Trouble::Broken { at: at(), cause };
        let talk = async {
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
            // It ends with its stream; how, its two users know themselves.
            spawn_local(async move { connection.with_upgrades().await.ok() });
            sender.send_request(request).await.map_err(broken)
        };
        timeout(ANSWER, talk).await.map_err(|_| Trouble::Slow(at()))?
    }

    async fn dial(&self) -> Result<Box<dyn Io>, Trouble> {
        let at = || self.address.to_string();
        let unreachable = |cause| Trouble::Unreachable { at: at(), cause };
        let stream =
            TcpStream::connect((self.address.host.as_str(), self.address.port)).await.map_err(unreachable)?;
        // Keystrokes are small and must not wait for one another.
        stream.set_nodelay(true).map_err(unreachable)?;
        let Some(tls) = &self.tls else { return Ok(Box::new(stream)) };
        let name = ServerName::try_from(self.address.host.clone())
            .map_err(|error| unreachable(io::Error::other(error)))?;
        match tls.connect(name, stream).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(cause) if is_about_trust(&cause) => Err(Trouble::Untrusted { at: at(), cause }),
            Err(cause) => Err(unreachable(cause)),
        }
    }

    async fn whole(&self, answer: Response<Incoming>) -> Result<Bytes, Trouble> {
        let status = answer.status();
        let read = Limited::new(answer.into_body(), BODY_MAX).collect();
        match timeout(ANSWER, read).await {
            Ok(Ok(whole)) => Ok(whole.to_bytes()),
            Ok(Err(_)) => Err(Trouble::Stranger { at: self.address.to_string(), status }),
            Err(_) => Err(Trouble::Slow(self.address.to_string())),
        }
    }
}

fn is_about_trust(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(inner, Some(rustls::Error::InvalidCertificate(_)))
}

/// TLS that believes whom the machine believes, and whom the user names.
fn connector(address: &Address, ca: Option<&Path>) -> Result<TlsConnector, Trouble> {
    let mut roots = authorities::of_this_machine();
    if let Some(path) = ca {
        let wrong = |cause| Trouble::Ca { path: path.to_owned(), cause };
        let all: Vec<CertificateDer<'static>> =
            CertificateDer::pem_file_iter(path).and_then(Iterator::collect).map_err(wrong)?;
        if roots.add_parsable_certificates(all).0 == 0 {
            return Err(wrong(rustls::pki_types::pem::Error::NoItemsFound));
        }
    }
    if roots.is_empty() {
        return Err(Trouble::NoRoots);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|cause| Trouble::Tls(address.to_string(), cause))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
