//! The browser's end of a reading: batches out, as many as it takes; what it says, in.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use longshore_api::web::log::{BATCHES_MAX, LogAsk, LogQuery, LogTell};
use tokio::time::{Instant, Interval, interval_at, timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        protocol::{Role, WebSocketConfig},
    },
};

use crate::fault::Fault;

/// What a browser says is short.
const ASK_MAX: usize = 16 * 1024;
/// A browser that takes nothing for so long is gone.
const SEND_DEADLINE: Duration = Duration::from_secs(30);
/// So many bytes wait in the socket itself.
const WAITING_MAX: usize = 2 * 1024 * 1024;
/// Proxies cut lines that are silent for a minute.
const PING_EVERY: Duration = Duration::from_secs(25);

/// Why a reading ends before its end.
#[derive(Debug)]
pub enum Stop {
    /// The browser is gone, or talks nonsense.
    Gone,
    /// It cannot go on.
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The line to the browser.
pub struct Wire {
    socket: WebSocketStream<TokioIo<Upgraded>>,
    /// Batches that it has not taken.
    open: u32,
    ping: Interval,
}

impl Wire {
    /// Completes the upgrade.
    ///
    /// # Errors
    /// The browser did not.
    pub async fn open(upgrade: OnUpgrade) -> Result<Self, hyper::Error> {
        let config = WebSocketConfig::default()
            .max_message_size(Some(ASK_MAX))
            .max_frame_size(Some(ASK_MAX))
            .write_buffer_size(0)
            .max_write_buffer_size(WAITING_MAX);
        let upgraded = TokioIo::new(upgrade.await?);
        let socket = WebSocketStream::from_raw_socket(upgraded, Role::Server, Some(config)).await;
        Ok(Self { socket, open: 0, ping: interval_at(Instant::now() + PING_EVERY, PING_EVERY) })
    }

    /// What the browser wants to read.
    pub async fn query(&mut self) -> Result<LogQuery, Stop> {
        loop {
            if let Some(LogAsk::Read(query)) = self.hear().await? {
                return Ok(query);
            }
        }
    }

    /// Hears one message.
    async fn hear(&mut self) -> Result<Option<LogAsk>, Stop> {
        let message = tokio::select! {
            message = self.socket.next() => message,
            _ = self.ping.tick() => {
                self.deliver(Message::Ping(Default::default())).await?;
                return Ok(None);
            }
        };
        match message {
            Some(Ok(Message::Text(text))) => {
                let ask = serde_json::from_str(text.as_str()).map_err(|_| Stop::Gone)?;
                if let LogAsk::Took(batches) = ask {
                    self.open = self.open.saturating_sub(batches);
                }
                Ok(Some(ask))
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
            _ => Err(Stop::Gone),
        }
    }

    /// Listens until the browser goes. May be dropped and called again.
    pub async fn listen(&mut self) -> Stop {
        loop {
            if let Err(stop) = self.hear().await {
                return stop;
            }
        }
    }

    /// Waits until the browser has room for one more batch.
    pub async fn room(&mut self) -> Result<(), Stop> {
        while self.open >= BATCHES_MAX {
            self.hear().await?;
        }
        Ok(())
    }

    /// Says something.
    pub async fn tell(&mut self, tell: &LogTell) -> Result<(), Stop> {
        if matches!(tell, LogTell::Lines(_)) {
            self.open += 1;
        }
        let text = serde_json::to_string(tell).map_err(|why| Stop::Fault(Fault::internal(why)))?;
        self.deliver(Message::text(text)).await
    }

    /// The last word, and the end.
    pub async fn close(mut self, last: Option<LogTell>) {
        let bye = async {
            if let Some(last) = last {
                self.tell(&last).await?;
            }
            self.socket.close(None).await.map_err(|_| Stop::Gone)?;
            // The browser's own good-bye.
            while self.hear().await.is_ok() {}
            Ok::<(), Stop>(())
        };
        let _ = timeout(Duration::from_secs(1), bye).await;
    }

    async fn deliver(&mut self, message: Message) -> Result<(), Stop> {
        match timeout(SEND_DEADLINE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Stop::Gone),
        }
    }
}
