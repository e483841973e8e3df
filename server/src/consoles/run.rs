//! A console at work: one loop between the program's terminal and the browser's.

use std::{
    future::Future,
    io,
    pin::{Pin, pin},
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::future::{Fuse, FusedFuture as _, FutureExt as _};
use http::StatusCode;
use longshore_api::{
    sentence::Sentence,
    web::console::{About, FromBrowser, FromServer, Run, Size},
    words::say,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    sync::mpsc,
    time::{Instant, interval_at, sleep, sleep_until},
};

use super::{
    begin::{Ran, Started},
    demux::{self, Demux},
    flow::Flow,
    process::Process,
    queries::Row,
    room::Newcomer,
    wire::{Heard, Wire},
};
use crate::{access::Pass, audit::first_word, fault::Fault, house::House, store::now};

/// So much is read from the program at once, and shown in one frame.
const READ: usize = 32 * 1024;
/// Proxies cut lines that are silent for a minute.
const PING_EVERY: Duration = Duration::from_secs(25);

/// A server that stops waits so long for the end of what was just begun.
const LAST: Duration = Duration::from_secs(2);

type Later<T = ()> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A console.
#[derive(Clone)]
pub(super) struct Console {
    pub(super) house: Arc<House>,
    /// Who it is for; each call to the engine asks for the right anew.
    pub(super) pass: Pass,
    /// Its own id.
    pub(super) id: String,
    /// The container's full id.
    pub(super) container: String,
    /// The container's name.
    pub(super) name: String,
    /// The exec that was begun last, by its id.
    pub(super) begun: Arc<Mutex<Option<String>>>,
}

/// What can happen to it.
enum Event {
    Heard(Heard),
    Read(io::Result<usize>),
    Wrote(io::Result<usize>),
    Came(Box<Newcomer>),
    Sized,
    Ping,
    /// The engine does not answer any more, or again.
    Turned(Option<Sentence>),
    /// Nobody came back.
    Late,
    /// The right is gone, or the server stops.
    Over,
}

/// The size of the terminal: one call at a time, and the last one wins.
struct Sizing {
    wanted: Option<Size>,
    call: Option<Later>,
}

impl Console {
    /// One that is not begun yet, in a container by its full id and its name.
    pub(super) fn new(house: Arc<House>, pass: Pass, id: String, container: (String, String)) -> Self {
        let (container, name) = container;
        Self { house, pass, id, container, name, begun: Arc::default() }
    }

    /// From the first word to the last.
    pub(super) async fn run(
        &self,
        run: Run,
        size: Size,
        mut wire: Wire,
        newcomers: mpsc::Receiver<Newcomer>,
    ) {
        let mut start = pin!(self.start(&run).fuse());
        let mut away = self.turn(self.is_away());
        let started = tokio::select! {
            started = &mut start => started,
            () = self.house.until_over(&self.pass) => Err(Fault::new(StatusCode::CONFLICT, self.why_over())),
            Some(why) = &mut away => Err(Fault::new(StatusCode::GATEWAY_TIMEOUT, why)),
        };
        let started = match started {
            Ok(started) => started,
            Err(fault) => {
                self.not_begun(&fault, wire).await;
                // It holds no place any more.
                self.house.consoles.leave(&self.id);
                return self.take_back(start).await;
            }
        };
        let process = self.process(&started);
        if let (Some(process), Ran::Exec(exec)) = (&process, &started.ran) {
            self.note(exec, process).await;
        }
        let (attached, reads) = match started.ran {
            Ran::Exec(_) => (false, true),
            Ran::Main { reads, .. } => (true, reads),
        };
        let about = About {
            id: self.id.clone(),
            command: started.command.clone(),
            found: started.found,
            user: run.user.clone(),
            grace: u64::try_from(self.house.settings.console_grace.as_millis()).unwrap_or(u64::MAX),
            ends: process.is_some() || attached,
            attached,
            reads,
        };
        let told = wire.tell(&FromServer::Opened { about: about.clone() }).await;
        let _open = self.house.metrics.stream();
        let (begun, command) = (Instant::now(), first_word(&[&started.command]));
        self.serve(started, about, size, told.is_ok().then_some(wire), newcomers).await;
        let detail = format!("{command}, {} s", begun.elapsed().as_secs());
        self.house.access.ended(&self.pass, format!("container {}", self.name), "console-end", &detail).await;
        if let Some(process) = process {
            process.end().await;
            self.house.consoles.forget(&self.id).await;
        }
    }

    /// Ends what the engine begins all the same. What it was asked for goes on until it has answered, so that the audit log
    /// says what became of it.
    async fn take_back(&self, start: Pin<&mut Fuse<impl Future<Output = Result<Started, Fault>>>>) {
        let taken_back = async {
            let started = if start.is_terminated() { None } else { start.await.ok() };
            match started.and_then(|started| self.process(&started)) {
                Some(process) => process.end().await,
                None => self.end_begun().await,
            }
        };
        let last = async {
            self.house.stopping.cancelled().await;
            sleep(LAST).await;
        };
        tokio::select! {
            () = taken_back => {}
            () = last => {}
        }
    }

    async fn not_begun(&self, fault: &Fault, wire: Wire) {
        tracing::info!(request.id = self.pass.request_id(), %fault, "a console did not begin");
        wire.part(&FromServer::Problem { problem: fault.problem(self.pass.request_id()) }).await;
    }

    /// What runs, where it runs on this machine.
    fn process(&self, started: &Started) -> Option<Process> {
        let host = self.house.hosts.get(self.pass.host().ok()?).ok()?;
        Process::of(started.pid, &self.container).filter(|_| host.line.is_local())
    }

    /// Whether the engine is known not to answer.
    fn is_away(&self) -> bool {
        self.pass.host().is_ok_and(|host| self.house.inventory.why_down(host).is_some())
    }

    /// Resolves once the engine, away now or not, is the other; tells why it is away.
    fn turn(&self, away: bool) -> Later<Option<Sentence>> {
        let console = self.clone();
        Box::pin(async move {
            let host = console.pass.host().unwrap_or_default();
            console.house.inventory.until_away(host, !away).await
        })
    }

    /// Why it ends although nobody asked for that.
    fn why_over(&self) -> Sentence {
        match self.house.stopping.is_cancelled() {
            true => say::console_stopping(),
            false => say::console_right_gone(),
        }
    }

    /// Notes the process, so that the next start ends it where this one could not.
    async fn note(&self, exec: &str, process: &Process) {
        let row = Row {
            id: &self.id,
            host: self.pass.host().unwrap_or_default(),
            container: &self.container,
            exec,
            mark: &process.mark,
            at: now(),
        };
        if let Err(error) = self.house.consoles.note(&row).await {
            tracing::warn!(%error, container = self.name, "a console's process could not be noted");
        }
    }

    async fn serve(
        &self,
        started: Started,
        about: About,
        size: Size,
        mut wire: Option<Wire>,
        mut newcomers: mpsc::Receiver<Newcomer>,
    ) {
        let Started { ran, stream, early, .. } = started;
        // Only a container without a terminal has its streams in frames.
        let mut demux = matches!(ran, Ran::Main { tty: false, .. }).then(Demux::default);
        let (mut reader, mut writer) = tokio::io::split(stream);
        let grace = self.house.settings.console_grace;
        let mut flow = Flow::default();
        let mut sizing = Sizing { wanted: Some(size), call: None };
        let mut over = self.over(self.pass.clone());
        let mut away = self.is_away();
        let mut turn = self.turn(away);
        let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        let mut late = Instant::now() + grace;
        let mut buffer = vec![0; READ];
        let mut ended = None;
        flow.put_out(&early);
        show(&mut wire, &early).await;
        loop {
            if wire.is_some() {
                late = Instant::now() + grace;
                if let Some(last) = ended.take()
                    && let Some(wire) = wire.take()
                {
                    return wire.part(&last).await;
                }
            }
            if sizing.call.is_none()
                && let Some(size) = sizing.wanted.take()
            {
                sizing.call = self.resize(&ran, size);
            }
            let event = tokio::select! {
                heard = hear(&mut wire) => Event::Heard(heard),
                read = reader.read(&mut buffer), if ended.is_none() && flow.may_read() => Event::Read(read),
                wrote = write(&mut writer, flow.next()), if ended.is_none() && flow.next().is_some() => {
                    Event::Wrote(wrote)
                }
                Some(newcomer) = newcomers.recv() => Event::Came(Box::new(newcomer)),
                () = done(&mut sizing.call) => Event::Sized,
                why = turn.as_mut() => Event::Turned(why),
                _ = ping.tick(), if wire.is_some() => Event::Ping,
                () = sleep_until(late), if wire.is_none() => Event::Late,
                () = over.as_mut() => Event::Over,
            };
            match event {
                Event::Read(Ok(n)) if n > 0 => {
                    let apart = demux.as_mut().map(|demux| demux.feed(&buffer[..n]));
                    let bytes = apart.as_deref().unwrap_or(&buffer[..n]);
                    flow.put_out(bytes);
                    show(&mut wire, bytes).await;
                }
                Event::Read(_) | Event::Wrote(Err(_)) => {
                    flow.close();
                    // An engine that is away does not say how it ended.
                    ended = Some(tokio::select! {
                        ended = self.ending(&ran) => ended,
                        why = self.turn(false) => FromServer::Ended { exit: None, why },
                    });
                }
                Event::Wrote(Ok(n)) => {
                    if let Some(bytes) = flow.took(n) {
                        tell(&mut wire, &FromServer::Ack { bytes }).await;
                    }
                }
                Event::Heard(Heard::Gone) => wire = None,
                Event::Heard(Heard::Typed(bytes)) if ended.is_none() => {
                    let (sent, seen) = match demux {
                        Some(_) => demux::typed(&bytes),
                        None => (bytes.to_vec(), Vec::new()),
                    };
                    flow.put_out(&seen);
                    show(&mut wire, &seen).await;
                    if let Err(breach) = flow.type_in(sent.into()) {
                        self.send_away(&mut wire, &breach.to_string()).await;
                    }
                }
                Event::Heard(Heard::Typed(_)) => {}
                Event::Heard(Heard::Said(FromBrowser::Ack { bytes })) => {
                    if let Err(breach) = flow.acknowledged(bytes) {
                        self.send_away(&mut wire, &breach.to_string()).await;
                    }
                }
                Event::Heard(Heard::Said(FromBrowser::Size { size })) => sizing.wanted = Some(size.sane()),
                Event::Heard(Heard::Said(FromBrowser::End)) => break,
                Event::Heard(Heard::Said(FromBrowser::Open { .. } | FromBrowser::Resume { .. })) => {
                    self.send_away(&mut wire, "it is open").await;
                }
                Event::Heard(Heard::Nonsense(why)) => self.send_away(&mut wire, &why).await,
                Event::Came(newcomer) => {
                    let Newcomer { wire: new, pass, shown, size } = *newcomer;
                    if let Some(old) = wire.replace(new) {
                        old.part(&FromServer::Ended { exit: None, why: Some(say::console_elsewhere()) })
                            .await;
                    }
                    over = self.over(pass);
                    sizing.wanted = Some(size.sane());
                    let (from, bytes) = flow.resume(shown);
                    let resumed = FromServer::Resumed {
                        about: about.clone(),
                        typed: flow.typed(),
                        taken: flow.taken(),
                        from,
                        until: from + bytes.len() as u64,
                        missed: from.saturating_sub(shown),
                    };
                    tell(&mut wire, &resumed).await;
                    show(&mut wire, &bytes).await;
                    // Whoever comes back does not know.
                    if away {
                        turn = self.turn(false);
                    }
                }
                Event::Turned(why) => {
                    away = why.is_some();
                    turn = self.turn(away);
                    tell(&mut wire, &FromServer::Away { why }).await;
                }
                Event::Sized => sizing.call = None,
                Event::Ping => {
                    if let Some(open) = &mut wire
                        && open.ping().await.is_err()
                    {
                        wire = None;
                    }
                }
                Event::Late => break,
                Event::Over => {
                    let why = self.why_over();
                    if let Some(wire) = wire.take() {
                        wire.part(&FromServer::Ended { exit: None, why: Some(why) }).await;
                    }
                    break;
                }
            }
        }
        // The container's own program is not to read the end of its input because we leave.
        if matches!(ran, Ran::Exec(_)) {
            let _ = writer.shutdown().await;
        }
    }

    /// Resolves when the right of this pass is gone, or the server stops.
    fn over(&self, pass: Pass) -> Later {
        let house = Arc::clone(&self.house);
        Box::pin(async move { house.until_over(&pass).await })
    }

    fn resize(&self, ran: &Ran, size: Size) -> Option<Later> {
        let (operation, target) = match ran {
            Ran::Exec(exec) => ("exec-resize", exec.clone()),
            Ran::Main { tty: true, .. } => ("container-resize", self.container.clone()),
            Ran::Main { tty: false, .. } => return None,
        };
        let console = self.clone();
        Some(Box::pin(async move {
            let resized = async {
                let call = console.call(operation, &target)?;
                call.with("h", size.rows).with("w", size.cols).done().await
            };
            // A program that has ended meanwhile has no size.
            if let Err(fault) = resized.await {
                tracing::debug!(request.id = console.pass.request_id(), %fault, "a terminal was not resized");
            }
        }))
    }

    /// A browser that does not keep to what was agreed has its line cut; it may come back.
    async fn send_away(&self, wire: &mut Option<Wire>, why: &str) {
        let fault = Fault::bad_request(say::message_invalid(why));
        tracing::info!(request.id = self.pass.request_id(), why, "a console's line was cut");
        if let Some(wire) = wire.take() {
            wire.part(&FromServer::Problem { problem: fault.problem(self.pass.request_id()) }).await;
        }
    }
}

async fn hear(wire: &mut Option<Wire>) -> Heard {
    match wire {
        Some(wire) => wire.hear().await,
        None => std::future::pending().await,
    }
}

async fn done(call: &mut Option<Later>) {
    match call {
        Some(call) => call.await,
        None => std::future::pending().await,
    }
}

async fn write(writer: &mut (impl AsyncWrite + Unpin), next: Option<&[u8]>) -> io::Result<usize> {
    match next {
        Some(bytes) => writer.write(bytes).await,
        None => std::future::pending().await,
    }
}

/// Shows it where somebody looks; a line that takes nothing is none any more.
async fn show(wire: &mut Option<Wire>, bytes: &[u8]) {
    if let Some(open) = wire
        && open.show(bytes).await.is_err()
    {
        *wire = None;
    }
}

async fn tell(wire: &mut Option<Wire>, message: &FromServer) {
    if let Some(open) = wire
        && open.tell(message).await.is_err()
    {
        *wire = None;
    }
}
