//! One browser's line, from hello to bye.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use longshore_api::{
    web::live::{ByeReason, ClientMessage, MESSAGE_MAX, PROTOCOL, SUBSCRIPTIONS_MAX, ServerMessage},
    words::say,
};
use tokio::time::{Instant, interval_at, sleep_until, timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error as SocketError, Message,
        protocol::{Role, WebSocketConfig},
    },
};

use super::subscription::Subscription;
use crate::{access::Pass, fault::Fault, house::House};

/// Changes are gathered for so long after a delta, so that a storm of events is a stream of frames and no flood. The
/// first change after a pause goes out at once.
const GATHER: Duration = Duration::from_millis(40);
/// A browser that takes nothing for so long is gone.
const SEND_DEADLINE: Duration = Duration::from_secs(30);
/// So many bytes wait for a browser that does not read, answers to its own pings among them, and the line ends. Above the
/// largest snapshot: home with ten thousand blocks.
const WAITING_MAX: usize = 4 * 1024 * 1024;
/// Proxies cut lines that are silent for a minute.
const PING_EVERY: Duration = Duration::from_secs(25);
/// So many messages that are none, and the line ends.
const NONSENSE_MAX: u32 = 10;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Why a line ended.
enum End {
    /// With a last word to the browser.
    Bye(ByeReason),
    /// The browser is gone, or takes nothing.
    Gone,
}

/// Serves a browser from hello to bye.
pub async fn run(house: Arc<House>, pass: Pass, upgrade: OnUpgrade) {
    let upgraded = match upgrade.await {
        Ok(upgraded) => upgraded,
        Err(error) => {
            tracing::debug!(request.id = pass.request_id(), %error, "a live line was not completed");
            return;
        }
    };
    let _open = house.metrics.live_line();
    let config = WebSocketConfig::default()
        .max_message_size(Some(MESSAGE_MAX))
        .max_frame_size(Some(MESSAGE_MAX))
        .write_buffer_size(0)
        .max_write_buffer_size(WAITING_MAX);
    let mut socket =
        WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    let mut session =
        Session { house: &house, pass: pass.clone(), subscriptions: BTreeMap::new(), nonsense: 0 };
    let end = tokio::select! {
        end = session.serve(&mut socket) => end,
        () = house.until_over(&pass) => {
            End::Bye(if house.stopping.is_cancelled() { ByeReason::Stopping } else { ByeReason::SignedOut })
        }
    };
    if let End::Bye(reason) = end {
        let bye = async {
            send(&mut socket, &ServerMessage::Bye { reason }).await?;
            socket.close(None).await
        };
        let _ = timeout(Duration::from_secs(1), bye).await;
    }
}

struct Session<'a> {
    house: &'a House,
    /// As its person is now: what they may see changes while the line is open.
    pass: Pass,
    subscriptions: BTreeMap<u32, Subscription>,
    nonsense: u32,
}

impl Session<'_> {
    async fn serve(&mut self, socket: &mut Socket) -> End {
        match self.serve_until(socket).await {
            Ok(end) => end,
            Err(error) => {
                tracing::debug!(request.id = self.pass.request_id(), %error, "a live line broke");
                End::Gone
            }
        }
    }

    async fn serve_until(&mut self, socket: &mut Socket) -> Result<End, SocketError> {
        let mut changes = self.house.inventory.listen();
        let mut jobs = self.house.jobs.listen();
        let mut audit = self.house.ledger.listen();
        let mut templates = self.house.templates.listen();
        let mut bell = self.pass.principal().bell();
        let hello = ServerMessage::Hello {
            build: crate::BUILD.to_owned(),
            protocol: PROTOCOL,
            epoch: self.house.inventory.epoch().to_owned(),
        };
        send(socket, &hello).await?;
        let mut not_before = Instant::now();
        let mut due = false;
        let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        loop {
            let put_off = self.subscriptions.values().filter_map(Subscription::due).min().filter(|_| !due);
            tokio::select! {
                message = socket.next() => match message {
                    None | Some(Ok(Message::Close(_))) => return Ok(End::Gone),
                    Some(Ok(Message::Text(text))) => {
                        if let Some(end) = self.heard(socket, text.as_str()).await? {
                            return Ok(end);
                        }
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(_)) => {
                        if let Some(end) = self.nonsense(socket, "binary").await? {
                            return Ok(end);
                        }
                    }
                    Some(Err(error)) => return Err(error),
                },
                changed = changes.changed() => {
                    if changed.is_err() {
                        return Ok(End::Bye(ByeReason::Stopping));
                    }
                    due = true;
                }
                changed = jobs.changed() => {
                    if changed.is_err() {
                        return Ok(End::Bye(ByeReason::Stopping));
                    }
                    due = true;
                }
                changed = audit.changed() => {
                    if changed.is_err() {
                        return Ok(End::Bye(ByeReason::Stopping));
                    }
                    // Every deed of anyone's is a row: few lines ask for that.
                    due |= self.subscriptions.values().any(Subscription::is_audit);
                }
                changed = templates.changed() => {
                    if changed.is_err() {
                        return Ok(End::Bye(ByeReason::Stopping));
                    }
                    due = true;
                }
                rung = bell.changed() => {
                    let Ok(renewed) = self.house.access.renew(&self.pass).await else {
                        return Ok(End::Bye(ByeReason::SignedOut));
                    };
                    if rung.is_err() {
                        return Ok(End::Bye(ByeReason::Stopping));
                    }
                    // Whoever sees everything, and did before, sees no more and no less now.
                    let (now, before) = (renewed.principal().roles(), self.pass.principal().roles());
                    if now != before || !now.is_administrator() {
                        self.subscriptions.values_mut().for_each(Subscription::look_anew);
                        due = true;
                    }
                    self.pass = renewed;
                    send(socket, &ServerMessage::Renewed).await?;
                }
                () = sleep_until(put_off.unwrap_or(not_before)), if put_off.is_some() => due = true,
                () = sleep_until(not_before), if due => {
                    due = false;
                    // A change that this browser does not show holds up none that it does.
                    if self.publish(socket).await? {
                        not_before = Instant::now() + GATHER;
                    }
                }
                _ = ping.tick() => deliver(socket, Message::Ping(Default::default())).await?,
            }
        }
    }

    /// Sends to every subscription what has changed for it; whether that was anything.
    async fn publish(&mut self, socket: &mut Socket) -> Result<bool, SocketError> {
        let mut sent = false;
        for (sub, subscription) in &mut self.subscriptions {
            if let Some((seq, body)) = subscription.delta(self.house, &self.pass) {
                send(socket, &ServerMessage::Delta { sub: *sub, seq, body }).await?;
                sent = true;
            }
        }
        Ok(sent)
    }

    async fn heard(&mut self, socket: &mut Socket, text: &str) -> Result<Option<End>, SocketError> {
        match serde_json::from_str(text) {
            Ok(ClientMessage::Unsubscribe { sub }) => {
                self.subscriptions.remove(&sub);
            }
            Ok(ClientMessage::Subscribe { sub, topic, resume }) => {
                if !self.subscriptions.contains_key(&sub) && self.subscriptions.len() >= SUBSCRIPTIONS_MAX {
                    let fault = Fault::bad_request(say::subscriptions_too_many(SUBSCRIPTIONS_MAX));
                    self.refuse(socket, Some(sub), &fault).await?;
                    return Ok(None);
                }
                let (subscription, seq, body) = Subscription::open(self.house, &self.pass, topic, resume);
                self.subscriptions.insert(sub, subscription);
                send(socket, &ServerMessage::Snapshot { sub, seq, body }).await?;
            }
            Err(error) => return self.nonsense(socket, &error.to_string()).await,
        }
        Ok(None)
    }

    async fn nonsense(&mut self, socket: &mut Socket, detail: &str) -> Result<Option<End>, SocketError> {
        self.nonsense += 1;
        if self.nonsense > NONSENSE_MAX {
            return Ok(Some(End::Bye(ByeReason::Nonsense)));
        }
        self.refuse(socket, None, &Fault::bad_request(say::message_invalid(detail))).await?;
        Ok(None)
    }

    async fn refuse(&self, socket: &mut Socket, sub: Option<u32>, fault: &Fault) -> Result<(), SocketError> {
        send(socket, &ServerMessage::Problem { sub, problem: fault.problem(self.pass.request_id()) }).await
    }
}

async fn send(socket: &mut Socket, message: &ServerMessage) -> Result<(), SocketError> {
    let text = serde_json::to_string(message).map_err(|e| SocketError::Io(std::io::Error::other(e)))?;
    deliver(socket, Message::text(text)).await
}

async fn deliver(socket: &mut Socket, message: Message) -> Result<(), SocketError> {
    timeout(SEND_DEADLINE, socket.send(message))
        .await
        .map_err(|_| SocketError::Io(std::io::ErrorKind::TimedOut.into()))?
}
