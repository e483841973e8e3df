//! The gateway on a connection to a host's Docker Engine API that a websocket carries, for tools that can send
//! no header and across proxies that end a stream when one side has no more to say. Its requests are those of the key that
//! opened the websocket, each asked for by itself; they reach the host's engine and no other part of the house.

use std::{
    convert::Infallible,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{self, Poll},
    time::Duration,
};

use http::{Request, Response};
use hyper::{body::Incoming, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex},
    time::sleep,
};
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use super::serve;
use crate::{
    access::Pass,
    carry::carry,
    front::{Asked, Body, Carried, Context, answered, check_host, engine_message, http},
    health::Class,
    house::House,
};

/// Bytes between the websocket and who reads it as HTTP, in each direction.
const BUFFER: usize = 64 * 1024;
/// When the server stops, what was answered last is still sent, if it can be so soon.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Serves such a websocket to its end.
pub async fn serve_carried(
    house: Arc<House>,
    tasks: TaskTracker,
    opener: Rc<Context>,
    pass: Pass,
    host: String,
    upgrade: OnUpgrade,
) {
    let upgraded = match upgrade.await {
        Ok(upgraded) => upgraded,
        Err(error) => {
            tracing::debug!(request.id = pass.request_id(), %error, "an upgrade was not completed");
            return;
        }
    };
    let (near, far) = duplex(BUFFER);
    let closed = CancellationToken::new();
    let client = Carried::default();
    let service = hyper::service::service_fn(|request| {
        let context = Rc::new(opener.within(client.clone().into(), &request));
        let (house, tasks, host) = (&house, &tasks, host.as_str());
        async move { Ok::<_, Infallible>(answer(house, tasks, context, host, request).await) }
    });
    let stream = Inner { stream: far, _closed: closed.clone().drop_guard() };
    let requests = async {
        let ended = {
            let connection = http().serve_connection(TokioIo::new(stream), service).with_upgrades();
            tokio::pin!(connection);
            tokio::select! {
                ended = connection.as_mut() => ended,
                () = house.stopping.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(request.id = pass.request_id(), %error, "a carried connection ended badly");
        }
        // What it has turned to may live on.
        house.stopping.cancelled().await;
        sleep(LAST_WORDS).await;
    };
    let carried = carry(TokioIo::new(upgraded), Role::Server, near, closed.cancelled(), || client.end());
    let right_is_gone = async {
        house.until_over(&pass).await;
        if house.stopping.is_cancelled() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        ended = carried => match ended {
            Ok(()) => tracing::debug!(request.id = pass.request_id(), "a carried connection has ended"),
            Err(error) => tracing::debug!(request.id = pass.request_id(), %error, "a carried connection broke"),
        },
        () = requests => {}
        () = right_is_gone => {
            tracing::info!(request.id = pass.request_id(), "a carried connection was ended: its right is gone");
        }
    }
    client.leave();
}

/// Answers one request of such a connection as the engine would.
async fn answer(
    house: &Arc<House>,
    tasks: &TaskTracker,
    context: Rc<Context>,
    host: &str,
    request: Request<Incoming>,
) -> Response<Body> {
    let asked = Asked::of(&request, Class::Gateway);
    let served = async {
        if let Err(fault) = check_host(&request) {
            return engine_message(&fault, &context.request_id);
        }
        let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
        serve(house, tasks, &context, host, &path, request).await
    };
    answered(house, &context, asked, served).await
}

/// The end of the stream that is read as HTTP, and whatever that turns to. When it is dropped, nobody is there any more.
struct Inner {
    stream: DuplexStream,
    _closed: DropGuard,
}

impl AsyncRead for Inner {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Inner {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        buf: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
