//! What flows after the head: bodies with back-pressure, hijacked streams in both directions. Each ends within a second
//! when the right to it is gone.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{self, Poll},
};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::{
    body::{Frame, Incoming, SizeHint},
    upgrade::OnUpgrade,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::copy_bidirectional_with_sizes,
    time::{Duration, Instant, Sleep, sleep},
};
use tokio_util::task::TaskTracker;

use crate::{
    access::Pass,
    consoles::end_exec,
    front::{Body, BodyError, Far},
    health::Open,
    hosts::Host,
    house::House,
};

/// An upload that brings nothing for so long is given up.
const QUIET_MAX: Duration = Duration::from_secs(60);

/// After so long a silence an answer looks whether its client is still there.
const SILENCE: Duration = Duration::from_secs(5);
/// Bytes held for each direction of a hijacked stream.
const BUFFER: usize = 32 * 1024;

/// An answer that is there at once.
pub(super) fn plain<B>(body: B) -> Body
where
    B: http_body::Body<Data = Bytes, Error: Into<BodyError>> + 'static,
{
    Box::pin(body.map_err(Into::into))
}

/// An answer that may go on for days: it breaks off when the caller's right does, and when nobody listens. As long as it
/// flows, writing tells; a client that has half-closed gets all of it. Of a silent one there is no telling, so that it
/// ends with the client's half of the line, as engines end theirs.
pub(super) fn watched<B>(house: &Arc<House>, pass: &Pass, far: &Far, body: B) -> Body
where
    B: http_body::Body<Data = Bytes, Error: Into<BodyError>> + Unpin + 'static,
{
    let open = house.metrics.stream();
    let (house, pass, far) = (Arc::clone(house), pass.clone(), far.clone());
    let client = far.clone();
    let over = Box::pin(async move {
        tokio::select! {
            () = house.until_over(&pass) => {}
            () = client.gone() => {}
        }
    });
    Box::pin(Watched { _open: open, body, over, far, silence: Box::pin(sleep(SILENCE)) })
}

struct Watched<B> {
    _open: Open,
    body: B,
    over: Pin<Box<dyn Future<Output = ()>>>,
    far: Far,
    silence: Pin<Box<Sleep>>,
}

impl<B> Watched<B> {
    /// Whether nothing has come for a while, and nobody seems to wait for it.
    fn is_forsaken(&mut self, cx: &mut task::Context<'_>) -> bool {
        while self.silence.as_mut().poll(cx).is_ready() {
            if self.far.is_done() {
                return true;
            }
            self.silence.as_mut().reset(Instant::now() + SILENCE);
        }
        false
    }
}

impl<B> http_body::Body for Watched<B>
where
    B: http_body::Body<Data = Bytes, Error: Into<BodyError>> + Unpin,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.over.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err(
                "the right to this stream or its client is gone, or Longshore stops".into(),
            )));
        }
        let frame = Pin::new(&mut self.body).poll_frame(cx).map_err(Into::into);
        if frame.is_ready() {
            self.silence.as_mut().reset(Instant::now() + SILENCE);
        } else if self.is_forsaken(cx) {
            return Poll::Ready(Some(Err("the client of this silent stream is gone".into())));
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A body on its way to the engine: it breaks off when the caller's right does, and when nothing comes any more.
pub(super) fn upload(house: &Arc<House>, pass: &Pass, body: Incoming) -> Upload {
    let (house, pass) = (Arc::clone(house), pass.clone());
    let over = Box::pin(async move { house.until_over(&pass).await });
    Upload { body, over, quiet: Box::pin(sleep(QUIET_MAX)) }
}

/// See [`upload`].
pub(super) struct Upload {
    body: Incoming,
    over: Pin<Box<dyn Future<Output = ()> + Send>>,
    quiet: Pin<Box<Sleep>>,
}

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.over.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err("the right to this upload is gone, or Longshore stops".into())));
        }
        let frame = http_body::Body::poll_frame(Pin::new(&mut self.body), cx).map_err(Into::into);
        if frame.is_ready() {
            self.quiet.as_mut().reset(Instant::now() + QUIET_MAX);
        } else if self.quiet.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err("this upload has fallen silent".into())));
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Joins the two ends of a hijacked stream. One side's end of input is passed on as just that; the other side may still
/// speak. What ends because the right to it is gone takes the program of `exec` with it.
pub(super) fn join(
    house: &Arc<House>,
    tasks: &TaskTracker,
    (pass, far): (&Pass, &Far),
    (client, engine): (OnUpgrade, OnUpgrade),
    exec: Option<(Arc<Host>, String)>,
) {
    let (house, pass, far) = (Arc::clone(house), pass.clone(), far.clone());
    let open = house.metrics.stream();
    tasks.spawn_local(async move {
        let _open = open;
        let (client, engine) = match tokio::try_join!(client, engine) {
            Ok(ends) => ends,
            Err(error) => {
                tracing::debug!(request.id = pass.request_id(), %error, "an upgrade was not completed");
                return;
            }
        };
        let (mut client, mut engine) = (TokioIo::new(client), TokioIo::new(engine));
        tokio::select! {
            copied = copy_bidirectional_with_sizes(&mut client, &mut engine, BUFFER, BUFFER) => {
                match copied {
                    Ok((up, down)) => tracing::debug!(request.id = pass.request_id(), up, down, "a stream ended"),
                    Err(error) => tracing::debug!(request.id = pass.request_id(), %error, "a stream broke"),
                }
            }
            () = far.gone() => tracing::debug!(request.id = pass.request_id(), "the client of a stream is gone"),
            () = house.until_over(&pass) => {
                tracing::info!(request.id = pass.request_id(), "a stream was ended: its right is gone, or we stop");
                if let Some((host, exec)) = exec.filter(|_| !house.stopping.is_cancelled()) {
                    // The client hears the end at once.
                    drop((client, engine));
                    house.stopping.run_until_cancelled(end_exec(&host, &exec)).await;
                }
            }
        }
    });
}
