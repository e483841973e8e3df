//! The websocket of a console.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use longshore_api::web::console::{FRAME_MAX, FromBrowser, FromServer, WINDOW};
use tokio::time::timeout;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error as SocketError, Message,
        protocol::{Role, WebSocketConfig},
    },
};

/// A browser that takes nothing for so long is gone.
const SEND_DEADLINE: Duration = Duration::from_secs(30);
/// A last word has so long to leave.
const LAST_WORD: Duration = Duration::from_secs(1);

/// One end of it.
pub(super) struct Wire(WebSocketStream<TokioIo<Upgraded>>);

/// What came from the browser.
pub(super) enum Heard {
    /// Typed bytes.
    Typed(Bytes),
    /// A message.
    Said(FromBrowser),
    /// A message that is none.
    Nonsense(String),
    /// The line has ended.
    Gone,
}

impl Wire {
    /// Over the bytes of an upgraded request.
    pub(super) async fn over(upgraded: Upgraded) -> Self {
        let config = WebSocketConfig::default()
            .max_message_size(Some(FRAME_MAX))
            .max_frame_size(Some(FRAME_MAX))
            .write_buffer_size(0)
            .max_write_buffer_size(2 * WINDOW as usize);
        Self(WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await)
    }

    /// The next thing that the browser says. May be dropped while it waits.
    pub(super) async fn hear(&mut self) -> Heard {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Binary(bytes))) => return Heard::Typed(bytes),
                Some(Ok(Message::Text(text))) => {
                    return match serde_json::from_str(text.as_str()) {
                        Ok(said) => Heard::Said(said),
                        Err(error) => Heard::Nonsense(error.to_string()),
                    };
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                None | Some(Ok(Message::Close(_)) | Err(_)) => return Heard::Gone,
            }
        }
    }

    /// Sends what is to be shown.
    pub(super) async fn show(&mut self, bytes: &[u8]) -> Result<(), SocketError> {
        for frame in bytes.chunks(FRAME_MAX) {
            self.deliver(Message::binary(Bytes::copy_from_slice(frame))).await?;
        }
        Ok(())
    }

    /// Sends a message.
    pub(super) async fn tell(&mut self, message: &FromServer) -> Result<(), SocketError> {
        let text = serde_json::to_string(message).map_err(|e| SocketError::Io(std::io::Error::other(e)))?;
        self.deliver(Message::text(text)).await
    }

    /// Looks whether the other end is still there; also keeps proxies from cutting a silent line.
    pub(super) async fn ping(&mut self) -> Result<(), SocketError> {
        self.deliver(Message::Ping(Bytes::new())).await
    }

    /// Sends a last message and closes. A browser that takes neither is gone anyway.
    pub(super) async fn part(mut self, message: &FromServer) {
        let word = async {
            self.tell(message).await?;
            self.0.close(None).await?;
            // What is still typed is taken off the line, or the line is reset and the last word with it.
            while let Some(Ok(_)) = self.0.next().await {}
            Ok::<_, SocketError>(())
        };
        let _ = timeout(LAST_WORD, word).await;
    }

    async fn deliver(&mut self, message: Message) -> Result<(), SocketError> {
        timeout(SEND_DEADLINE, self.0.send(message))
            .await
            .map_err(|_| SocketError::Io(std::io::ErrorKind::TimedOut.into()))?
    }
}
