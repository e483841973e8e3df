//! The threads that serve: each accepts, reads and answers on its own, with its own copy of the app.

use std::{
    cell::Cell,
    convert::Infallible,
    io,
    net::{SocketAddr, TcpListener},
    rc::Rc,
    sync::{
        Arc,
        mpsc::{SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use actix_http::Request as ActixRequest;
use actix_service::{IntoServiceFactory as _, Service, ServiceFactory as _};
use actix_web::{
    App, Error as ActixError,
    body::MessageBody,
    dev::{AppConfig, ServiceResponse},
    web,
};
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use longshore_api::words::say;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::{LocalSet, spawn_local},
    time::{sleep, timeout},
};
use tokio_util::task::TaskTracker;

use super::{
    Asked, Body, Context, Far, answered, check_host, full, handoff, http,
    peers::{Held, Peers},
    problem,
};
use crate::{
    fault::Fault, gateway, health::Class, house::House, pages, rest, seldom::Seldom, sockets::Socket,
};

/// The first head must be there sooner: whoever connects without asking anything only takes up room.
const FIRST_HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// A thread holds so many connections and open streams; one more is turned away at once.
const OPEN_MAX: usize = 8_192;
/// What cannot be accepted now may be soon.
const FIRST_WAIT: Duration = Duration::from_millis(20);
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// That nothing can be accepted is said so often.
const SAY_EVERY: Duration = Duration::from_secs(30);
/// What is still open so long after a stop is cut.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// The running threads.
pub struct Workers {
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts one thread for each core on the listener, and returns when all of them serve. They end when the house
    /// stops.
    pub fn start(house: &Arc<House>, listener: &TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let count = thread::available_parallelism().map_or(1, usize::from);
        let (ready, told) = sync_channel(count);
        let shared = Arc::new(Shared {
            peers: Arc::new(Peers::new(&house.settings.front, house.budget.connections())),
            unaccepted: Seldom::every(SAY_EVERY),
        });
        let threads = (0..count)
            .map(|n| {
                let (house, listener) = (Arc::clone(house), listener.try_clone()?);
                let (shared, ready) = (Arc::clone(&shared), ready.clone());
                let thread = thread::Builder::new().name(format!("front-{n}"));
                thread.spawn(move || run(house, shared, listener, &ready))
            })
            .collect::<io::Result<_>>()?;
        for _ in 0..count {
            told.recv().map_err(|_| io::Error::other("a front thread ended before it was ready"))??;
        }
        Ok(Self { threads })
    }

    /// Waits until all have ended.
    pub fn join(self) {
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a front thread panicked");
            }
        }
    }
}

/// A front thread, from its start, of which it tells how that went, to its end.
fn run(house: Arc<House>, shared: Arc<Shared>, listener: TcpListener, ready: &SyncSender<io::Result<()>>) {
    // Who waits has room for a word of every thread, and hears no second one.
    let tell = |word| drop(ready.try_send(word));
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return tell(Err(error)),
    };
    LocalSet::new().block_on(&runtime, async move {
        let data = web::Data::from(Arc::clone(&house));
        let app = App::new().app_data(data).configure(rest::configure).default_service(web::to(pages::serve));
        let app = app
            .into_factory()
            .new_service(AppConfig::default())
            .await
            .map_err(|()| io::Error::other("the app could not be built"));
        match (app, tokio::net::TcpListener::from_std(listener)) {
            (Ok(app), Ok(listener)) => {
                tell(Ok(()));
                Rc::new(Worker { house, shared, app, tasks: TaskTracker::new() }).accept(listener).await;
            }
            (Err(error), _) | (_, Err(error)) => tell(Err(error)),
        }
    });
}

/// What the threads have in common.
struct Shared {
    peers: Arc<Peers>,
    unaccepted: Seldom,
}

struct Worker<S> {
    house: Arc<House>,
    shared: Arc<Shared>,
    app: S,
    /// Connections, and what lives on after them: websockets and hijacked streams.
    tasks: TaskTracker,
}

impl<S, B> Worker<S>
where
    S: Service<ActixRequest, Response = ServiceResponse<B>, Error = ActixError> + 'static,
    B: MessageBody + 'static,
    B::Error: std::fmt::Display,
{
    async fn accept(self: &Rc<Self>, listener: tokio::net::TcpListener) {
        let mut wait = FIRST_WAIT;
        loop {
            let accepted = if self.shared.peers.has_room() {
                tokio::select! {
                    accepted = listener.accept() => accepted,
                    () = self.house.stopping.cancelled() => break,
                }
            } else {
                Err(io::Error::other("there are as many as there is room for"))
            };
            match accepted {
                Ok(_) if self.tasks.len() >= OPEN_MAX => {}
                Ok((stream, peer)) => {
                    wait = FIRST_WAIT;
                    let far = Far::of(&stream);
                    let settings = &self.house.settings.front;
                    let Some(held) = self.shared.peers.hold(stream, peer.ip(), settings) else { continue };
                    let worker = Rc::clone(self);
                    let serve =
                        self.tasks.track_future(async move { worker.connection(held, peer, far).await });
                    spawn_local(serve);
                }
                // No room for it, or out of file descriptors: going on at once would only spin.
                Err(error) => {
                    if let Some(left_out) = self.shared.unaccepted.due() {
                        tracing::warn!(%error, left_out, "a connection could not be accepted");
                    }
                    tokio::select! {
                        () = sleep(wait) => {}
                        () = self.house.stopping.cancelled() => break,
                    }
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
        self.tasks.close();
        if timeout(STOP_GRACE, self.tasks.wait()).await.is_err() {
            tracing::warn!(open = self.tasks.len(), "connections that did not end in time were cut");
        }
    }

    async fn connection(self: &Rc<Self>, stream: Held, peer: SocketAddr, far: Far) {
        let Some(tls) = &self.house.tls else { return self.requests(stream, peer, false, far).await };
        let accepted = tokio::select! {
            accepted = tls.accept(stream) => accepted,
            () = self.house.stopping.cancelled() => return,
        };
        match accepted {
            Ok(stream) => self.requests(stream, peer, true, far).await,
            Err(error) => tracing::debug!(%peer, %error, "a TLS handshake failed"),
        }
    }

    async fn requests<I>(self: &Rc<Self>, stream: I, peer: SocketAddr, tls: bool, far: Far)
    where
        I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let asked = Cell::new(false);
        let service = hyper::service::service_fn(|request| {
            asked.set(true);
            let (worker, far) = (Rc::clone(self), far.clone());
            async move { Ok::<_, Infallible>(worker.answer(peer, tls, far, request).await) }
        });
        let connection = http().serve_connection(TokioIo::new(stream), service).with_upgrades();
        tokio::pin!(connection);
        let silent = async {
            sleep(FIRST_HEAD_TIMEOUT).await;
            if asked.get() {
                std::future::pending::<()>().await;
            }
        };
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = silent => return,
            () = self.house.stopping.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%peer, %error, "a connection ended badly");
        }
    }

    async fn answer(
        &self,
        peer: SocketAddr,
        tls: bool,
        far: Far,
        request: Request<Incoming>,
    ) -> Response<Body> {
        let settings = &self.house.settings.front;
        let mut context = Context::read(settings, self.house.accounts.cookie_name(), peer, tls, &request);
        context.far = far;
        let context = Rc::new(context);
        let asked = Asked::of(&request, class(&settings.base, request.uri().path()));
        answered(&self.house, &context, asked, self.dispatch(peer, Rc::clone(&context), request)).await
    }

    async fn dispatch(
        &self,
        peer: SocketAddr,
        context: Rc<Context>,
        request: Request<Incoming>,
    ) -> Response<Body> {
        let base = &self.house.settings.front.base;
        if let Err(fault) = check_host(&request) {
            return problem(&fault, &context.request_id);
        }
        if request.method() == Method::CONNECT {
            let fault = Fault::new(StatusCode::NOT_IMPLEMENTED, say::method_not_allowed("CONNECT"));
            return problem(&fault, &context.request_id);
        }
        let whole = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
        let Some(path) = below(base, &whole) else {
            let query =
                whole.strip_prefix(base.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('?'));
            if let Some(query) = query.filter(|_| matches!(*request.method(), Method::GET | Method::HEAD)) {
                return redirect(&format!("{base}/{query}"));
            }
            return problem(&Fault::not_found(say::not_found()), &context.request_id);
        };
        if let Some((host, rest)) = gateway::split(path) {
            return gateway::serve(&self.house, &self.tasks, &context, host, rest, request).await;
        }
        if let Some(socket) = Socket::of(path) {
            return socket.serve(&self.house, &self.tasks, context, request).await;
        }
        handoff::call(&self.app, peer, context, path, request).await
    }
}

/// The path and query below the base path, if they are.
fn below<'a>(base: &str, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(base)?;
    rest.starts_with('/').then_some(rest)
}

/// Which part of the house answers a path.
fn class(base: &str, path: &str) -> Class {
    match below(base, path) {
        Some("/healthz" | "/readyz" | "/metrics") => Class::Health,
        Some(path) if gateway::split(path).is_some() => Class::Gateway,
        Some(path) if matches!(Socket::of(path), Some(Socket::Docker { .. })) => Class::Gateway,
        Some(path) if Socket::of(path).is_some() => Class::Live,
        Some(path) if path.starts_with("/api/") => Class::Api,
        _ => Class::Pages,
    }
}

fn redirect(to: &str) -> Response<Body> {
    let mut answer = Response::new(full(""));
    *answer.status_mut() = StatusCode::PERMANENT_REDIRECT;
    if let Ok(to) = HeaderValue::from_str(to) {
        answer.headers_mut().insert(header::LOCATION, to);
    }
    answer
}
