//! The websockets of our pages and of `longshore connect`: the table of their paths with what each needs, and the one handshake.

use std::{rc::Rc, sync::Arc};

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::{body::Incoming, upgrade::OnUpgrade};
use longshore_api::{
    web::{API, account::MARK_PROTOCOL, carried::PROTOCOL},
    words::say,
};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_util::task::TaskTracker;

use crate::{
    access::{Need, Pass, admit},
    call::operation,
    consoles,
    fault::Fault,
    front::{Body, Context, full, problem, upgrade},
    gateway,
    house::House,
    live, logs,
};

/// A websocket that a path is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Socket {
    /// The live line: `/live`.
    Live,
    /// A console in a container: `/hosts/{host}/containers/{container}/console`.
    Console {
        /// The host's slug.
        host: String,
        /// The container's name or full id.
        container: String,
    },
    /// The log of a container: `/hosts/{host}/containers/{container}/logs/live`.
    Log {
        /// The host's slug.
        host: String,
        /// The container's name or full id.
        container: String,
    },
    /// A connection to the Docker Engine API: `/hosts/{host}/connect`.
    Docker {
        /// The host's slug.
        host: String,
    },
}

impl Socket {
    /// The socket of a path below the base path, query and all, if it is one's.
    pub fn of(path: &str) -> Option<Self> {
        let path = path.split('?').next()?.strip_prefix(API)?;
        if path == "/live" {
            return Some(Self::Live);
        }
        let (host, rest) = path.strip_prefix("/hosts/")?.split_once('/')?;
        if rest == "connect" {
            return Some(Self::Docker { host: host.to_owned() });
        }
        let (container, what) = rest.strip_prefix("containers/")?.split_once('/')?;
        match what {
            "console" => Some(Self::Console { host: host.to_owned(), container: container.to_owned() }),
            "logs/live" => Some(Self::Log { host: host.to_owned(), container: container.to_owned() }),
            _ => None,
        }
    }

    /// The slug of the host in its path, if there is one.
    fn host(&self) -> Option<&str> {
        match self {
            Self::Live => None,
            Self::Console { host, .. } => Some(host),
            Self::Log { host, .. } => Some(host),
            Self::Docker { host } => Some(host),
        }
    }

    /// What opening it needs.
    fn need(&self) -> Need {
        match self {
            Self::Live => Need::SignedIn,
            Self::Console { .. } => Need::OnSome(operation("exec-create")),
            Self::Log { .. } => Need::OnSome(operation("container-logs")),
            // To know the host; each call on it is asked for by itself.
            Self::Docker { .. } => Need::Operation(operation("ping")),
        }
    }

    /// What both ends must name in their handshake.
    fn protocol(&self) -> Option<&'static str> {
        matches!(self, Self::Docker { .. }).then_some(PROTOCOL)
    }

    /// Upgrades the request and serves the line on its own.
    pub async fn serve(
        self,
        house: &Arc<House>,
        tasks: &TaskTracker,
        context: Rc<Context>,
        mut request: Request<Incoming>,
    ) -> Response<Body> {
        let opened = async {
            let pass = admit(house, &context, self.need(), self.host()).await?;
            let pass = pass.ok_or_else(|| Fault::internal("a socket without a caller"))?;
            if matches!(self, Self::Docker { .. }) {
                gateway::needs_key(&context)?;
            }
            let protocol = self.protocol();
            let (upgrade, accept) = handshake(&mut request, protocol)?;
            // A browser that names protocols is to be answered with one of them.
            let of_page = || names(request.headers(), MARK_PROTOCOL).then_some(MARK_PROTOCOL);
            let protocol = protocol.or_else(of_page);
            self.begin(house, tasks, &context, pass, upgrade)?;
            Ok((accept, protocol))
        };
        match opened.await {
            Ok((accept, protocol)) => {
                let mut answer = Response::new(full(""));
                *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
                let headers = answer.headers_mut();
                headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
                headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
                headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
                if let Some(protocol) = protocol {
                    headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
                }
                answer
            }
            Err(fault) => problem(&fault, &context.request_id),
        }
    }

    /// Starts what serves it; it begins to speak once the handshake has been answered.
    fn begin(
        self,
        house: &Arc<House>,
        tasks: &TaskTracker,
        context: &Rc<Context>,
        pass: Pass,
        upgrade: OnUpgrade,
    ) -> Result<(), Fault> {
        let held = house.budget.take(pass.principal().account_id())?;
        let house = Arc::clone(house);
        match self {
            Self::Docker { host } => {
                let (tasks, context) = (tasks.clone(), Rc::clone(context));
                let serve = gateway::serve_carried(house, tasks.clone(), context, pass, host, upgrade);
                tasks.spawn_local(held.during(serve))
            }
            Self::Live => tasks.spawn_local(held.during(live::run(house, pass, upgrade))),
            Self::Console { container, .. } => {
                tasks.spawn_local(held.during(consoles::serve(house, pass, container, upgrade)))
            }
            Self::Log { container, .. } => {
                tasks.spawn_local(held.during(logs::run(house, pass, container, upgrade)))
            }
        };
        Ok(())
    }
}

/// Reads the client's half of the handshake: its end of the stream, and what proves to it that we have understood.
fn handshake(
    request: &mut Request<Incoming>,
    protocol: Option<&str>,
) -> Result<(OnUpgrade, HeaderValue), Fault> {
    if request.method() != Method::GET {
        return Err(Fault::method_not_allowed(request.method().as_str(), &["GET"]));
    }
    let headers = request.headers();
    let is = |name: header::HeaderName, wanted: &[u8]| {
        headers.get(name).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(wanted))
    };
    if !is(header::UPGRADE, b"websocket") || !is(header::SEC_WEBSOCKET_VERSION, b"13") {
        return Err(Fault::new(StatusCode::UPGRADE_REQUIRED, say::header_invalid("Upgrade")));
    }
    let key = key(headers).ok_or_else(|| Fault::bad_request(say::header_invalid("Sec-WebSocket-Key")))?;
    if !protocol.is_none_or(|protocol| names(headers, protocol)) {
        return Err(Fault::bad_request(say::header_invalid("Sec-WebSocket-Protocol")));
    }
    let accept = HeaderValue::from_str(&derive_accept_key(key)).map_err(Fault::internal)?;
    Ok((upgrade(request)?, accept))
}

/// Whether the client names the protocol among those that it speaks.
fn names(headers: &HeaderMap, protocol: &str) -> bool {
    let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|one| one.trim() == protocol)
}

/// 16 bytes in base64.
fn key(headers: &HeaderMap) -> Option<&[u8]> {
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?.as_bytes();
    (key.len() == 24 && key.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b))).then_some(key)
}
