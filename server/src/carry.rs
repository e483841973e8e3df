//! One end of a byte stream that is carried in a websocket, see [`longshore_api::web::carried`]: the server's and that of
//! `longshore connect`, which do the same.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    io,
    pin::pin,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{SinkExt as _, Stream, StreamExt as _, stream::SplitSink};
use longshore_api::web::carried::{FRAME_MAX, Tell, WINDOW};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    sync::Notify,
    time::{Instant, interval_at, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error as SocketError, Message,
        protocol::{Role, WebSocketConfig},
    },
};

/// Proxies cut lines that are silent for a minute.
const PING_EVERY: Duration = Duration::from_secs(25);
/// Both ends ping: who is not heard of for so long is gone.
const SILENCE: Duration = Duration::from_secs(80);
/// Half a window through is worth a word.
const TELL_AT: usize = WINDOW / 2;
/// The other end is given so long to say good-bye, too.
const GOOD_BYE: Duration = Duration::from_secs(2);
/// Bytes that have come here for the server are through so soon after the client has gone, or not at all.
const LAST_BYTES: Duration = Duration::from_secs(5);
/// What waits in the websocket itself: a frame, and the words between.
const WAITING_MAX: usize = FRAME_MAX + 16 * 1024;

/// Why a stream ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The websocket broke.
    #[error("the websocket broke")]
    Socket(#[from] Box<SocketError>),
    /// The other end has gone in the middle.
    #[error("the other end has gone")]
    Gone,
    /// Nothing at all came from the other end, not even a ping.
    #[error("nothing was heard for {} s", SILENCE.as_secs())]
    Silent,
    /// What came is none of the protocol.
    #[error("it does not speak as it should: {0}")]
    Nonsense(&'static str),
    /// The stream itself broke.
    #[error("the stream broke")]
    Stream(#[from] io::Error),
}

impl From<SocketError> for Broken {
    fn from(error: SocketError) -> Self {
        Self::Socket(Box::new(error))
    }
}

/// Carries a stream in a websocket on `line` until both sides have said all they have to say, or one is gone.
///
/// `closed` resolves once nobody is at the stream's other side any more, neither to say nor to hear anything; it is looked
/// at after the stream's end. `heard_end` is called when the far side has no more to say.
///
/// # Errors
/// It ended before its end.
pub async fn carry<S: AsyncRead + AsyncWrite + Unpin>(
    line: S,
    role: Role,
    stream: impl AsyncRead + AsyncWrite,
    closed: impl Future<Output = ()>,
    heard_end: impl Fn(),
) -> Result<(), Broken> {
    let config = WebSocketConfig::default()
        .max_message_size(Some(FRAME_MAX))
        .max_frame_size(Some(FRAME_MAX))
        .read_buffer_size(FRAME_MAX)
        .write_buffer_size(0)
        .max_write_buffer_size(WAITING_MAX);
    let socket = WebSocketStream::from_raw_socket(line, role, Some(config)).await;
    let (mut out, mut back) = socket.split();
    let (read, write) = tokio::io::split(stream);
    let between = Between { credit: Cell::new(WINDOW), ..Between::default() };
    let mut deliver = pin!(between.deliver(write));
    let closed_in_order = {
        let mut receive = pin!(between.receive(&mut back, heard_end));
        let mut send = pin!(between.send(&mut out, read, closed));
        loop {
            tokio::select! {
                received = receive.as_mut() => {
                    received?;
                    break true;
                }
                sent = send.as_mut() => {
                    sent?;
                    break false;
                }
                () = deliver.as_mut(), if !between.delivered.get() => {
                    between.delivered.set(true);
                    between.freed.notify_one();
                }
            }
        }
    };
    // What had come before the other end closed arrives, if it can.
    if closed_in_order && !between.delivered.get() {
        match role {
            Role::Client => deliver.await,
            Role::Server => timeout(LAST_BYTES, deliver).await.unwrap_or_default(),
        }
    }
    let parted = timeout(GOOD_BYE, async {
        out.close().await?;
        while let Some(message) = back.next().await {
            message?;
        }
        Ok::<_, SocketError>(())
    });
    // Who is gone already needs no good-bye.
    let _ = parted.await;
    Ok(())
}

/// What the three that work on a stream know of one another: who receives, who delivers, who sends.
#[derive(Default)]
struct Between {
    /// So many bytes may be sent.
    credit: Cell<usize>,
    /// What has come and is not yet delivered.
    inbox: RefCell<Vec<u8>>,
    /// So many bytes have come that the other end was not told to be through.
    held: Cell<usize>,
    /// So many of them are through.
    through: Cell<usize>,
    /// The other end has no more to say.
    ended: Cell<bool>,
    /// Nothing more will be delivered.
    delivered: Cell<bool>,
    /// Wakes who delivers.
    arrived: Notify,
    /// Wakes who sends.
    freed: Notify,
}

impl Between {
    /// Takes in what comes, until the other end closes. It waits for nothing else, so that it hears pings and ends
    /// however long the stream stands still.
    async fn receive(
        &self,
        back: &mut (impl Stream<Item = Result<Message, SocketError>> + Unpin),
        heard_end: impl Fn(),
    ) -> Result<(), Broken> {
        loop {
            match timeout(SILENCE, back.next()).await.map_err(|_| Broken::Silent)? {
                Some(Ok(Message::Binary(bytes))) => self.take(&bytes)?,
                Some(Ok(Message::Text(text))) => match serde_json::from_str(text.as_str()) {
                    Ok(Tell::More { bytes }) => {
                        let credit = self.credit.get().saturating_add(bytes);
                        if credit > WINDOW {
                            return Err(Broken::Nonsense("more is through than was sent"));
                        }
                        self.credit.set(credit);
                        self.freed.notify_one();
                    }
                    Ok(Tell::End) => {
                        self.ended.set(true);
                        heard_end();
                        self.arrived.notify_one();
                    }
                    Err(_) => return Err(Broken::Nonsense("a message that is none")),
                },
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                // Who has ended in order has gone in order.
                None | Some(Ok(Message::Close(_))) if self.ended.get() => return Ok(()),
                None | Some(Ok(Message::Close(_))) => return Err(Broken::Gone),
                Some(Err(error)) => return Err(error.into()),
            }
        }
    }

    fn take(&self, bytes: &Bytes) -> Result<(), Broken> {
        if bytes.is_empty() || self.ended.get() {
            return Err(Broken::Nonsense("bytes where there can be none"));
        }
        let held = self.held.get() + bytes.len();
        if held > WINDOW {
            return Err(Broken::Nonsense("more bytes than there is room for"));
        }
        self.held.set(held);
        self.inbox.borrow_mut().extend_from_slice(bytes);
        self.arrived.notify_one();
        Ok(())
    }

    /// Brings the stream what came, and its end. Ends early when nobody takes it.
    async fn deliver(&self, mut stream: impl AsyncWrite + Unpin) {
        loop {
            let chunk = self.inbox.take();
            if chunk.is_empty() {
                if self.ended.get() {
                    // Whoever is gone has no use for an end.
                    let _ = stream.shutdown().await;
                    return;
                }
                self.arrived.notified().await;
                continue;
            }
            for piece in chunk.chunks(FRAME_MAX) {
                if stream.write_all(piece).await.is_err() {
                    return;
                }
                self.through.set(self.through.get() + piece.len());
                if self.through.get() >= TELL_AT {
                    self.freed.notify_one();
                }
            }
        }
    }

    /// Sends what the stream says, as fast as the other end takes it, then its end; and tells what is through. Returns
    /// when all is said on both sides, or nobody is there to hear more.
    async fn send<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        out: &mut SplitSink<WebSocketStream<S>, Message>,
        mut stream: impl AsyncRead + Unpin,
        closed: impl Future<Output = ()>,
    ) -> Result<(), Broken> {
        let mut closed = pin!(closed);
        let mut buffer = vec![0; FRAME_MAX];
        let mut over = false;
        let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        loop {
            if over && self.delivered.get() {
                return Ok(());
            }
            let through = self.through.get();
            let room = self.credit.get().min(FRAME_MAX);
            let message = if through >= TELL_AT {
                self.through.set(0);
                self.held.set(self.held.get() - through);
                told(Tell::More { bytes: through })
            } else {
                tokio::select! {
                    read = stream.read(&mut buffer[..room]), if !over && room > 0 => match read? {
                        0 => {
                            over = true;
                            told(Tell::End)
                        }
                        n => {
                            self.credit.set(self.credit.get() - n);
                            Message::binary(Bytes::copy_from_slice(&buffer[..n]))
                        }
                    },
                    () = self.freed.notified() => continue,
                    () = closed.as_mut(), if over => return Ok(()),
                    _ = ping.tick() => Message::Ping(Bytes::new()),
                }
            };
            out.send(message).await?;
        }
    }
}

fn told(tell: Tell) -> Message {
    Message::text(serde_json::to_string(&tell).expect("it has no map with keys that are no text"))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::{
        io::{DuplexStream, duplex},
        task::yield_now,
    };

    use super::*;

    const BETWEEN: usize = 16 * 1024;
    const BESIDE: usize = 1024;

    /// Carries a stream between two ends while a story is told with it; how both ends ended.
    async fn carried(
        story: impl AsyncFnOnce(DuplexStream, DuplexStream),
    ) -> (Result<(), Broken>, Result<(), Broken>) {
        let (one, other) = duplex(BETWEEN);
        let (near, stream) = duplex(BESIDE);
        let (away, far) = duplex(BESIDE);
        let client = carry(one, Role::Client, near, pending(), || {});
        let server = carry(other, Role::Server, away, pending(), || {});
        let ((), client, server) = tokio::join!(story(stream, far), client, server);
        (client, server)
    }

    #[tokio::test]
    async fn one_side_ends_and_the_other_may_still_speak() {
        let said: Vec<u8> = (0..2_000_000_u32).map(|n| n.to_le_bytes()[1]).collect();
        let (client, server) = carried(async |mut stream, mut far| {
            let (mut there, mut back) = (Vec::new(), Vec::new());
            let one = async {
                stream.write_all(&said).await.expect("it is taken");
                stream.shutdown().await.expect("it ends");
                stream.read_to_end(&mut back).await.expect("an end");
            };
            let other = async {
                far.read_to_end(&mut there).await.expect("an end");
                far.write_all(&said).await.expect("it is taken");
                far.shutdown().await.expect("it ends");
            };
            tokio::join!(one, other);
            assert!(there == said && back == said, "{} there, {} back", there.len(), back.len());
        })
        .await;
        assert!(client.is_ok() && server.is_ok(), "{client:?} {server:?}");
    }

    #[tokio::test]
    async fn who_does_not_read_is_not_sent_more_than_a_window_and_may_speak() {
        let sent = Cell::new(0);
        let (client, server) = carried(async |mut stream, mut far| {
            let speak = async {
                let (mut read, mut write) = tokio::io::split(&mut stream);
                let pour = async {
                    while write.write_all(&[7; 512]).await.is_ok() {
                        sent.set(sent.get() + 512);
                    }
                };
                let mut heard = [0; 5];
                tokio::select! {
                    () = pour => panic!("nobody took it away"),
                    heard = read.read_exact(&mut heard) => heard.expect("a word"),
                };
            };
            let stall = async {
                for _ in 0..100_000 {
                    yield_now().await;
                }
                far.write_all(b"still").await.expect("it is taken");
            };
            tokio::join!(speak, stall);
        })
        .await;
        let most = WINDOW + 2 * BESIDE + BETWEEN + FRAME_MAX;
        assert!((WINDOW..most).contains(&sent.get()), "{} bytes", sent.get());
        assert!(client.is_ok() || server.is_ok(), "{client:?} {server:?}");
    }
}
