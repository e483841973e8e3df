//! The websocket of a console: bytes and messages.

use js_sys::{ArrayBuffer, Uint8Array};
use leptos::prelude::window;
use longshore_api::web::{API, console::FromBrowser};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};

use crate::browser;

/// What comes over it.
pub(super) enum Came {
    /// It is open.
    Open,
    /// To be shown.
    Bytes(Uint8Array),
    /// A message.
    Text(String),
    /// It is over; also where it could never be opened.
    Closed,
}

/// An open or opening websocket; it closes when it is dropped, and then tells nothing any more.
pub(super) struct Socket {
    socket: WebSocket,
    // Kept because the browser calls them as long as the socket lives.
    _open: Closure<dyn FnMut(Event)>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens the one of a container.
    pub(super) fn open(host: &str, container: &str, came: impl Fn(Came) + Clone + 'static) -> Option<Self> {
        let socket = browser::websocket(&url(host, container))?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let (opened, heard, closed) = (came.clone(), came.clone(), came);
        let open = Closure::<dyn FnMut(Event)>::new(move |_| opened(Came::Open));
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            match data.as_string() {
                Some(text) => heard(Came::Text(text)),
                None => {
                    if let Ok(buffer) = data.dyn_into::<ArrayBuffer>() {
                        heard(Came::Bytes(Uint8Array::new(&buffer)));
                    }
                }
            }
        });
        let close = Closure::<dyn FnMut(CloseEvent)>::new(move |_| closed(Came::Closed));
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        Some(Self { socket, _open: open, _message: message, _close: close })
    }

    /// Sends a message; where the line is gone, its end follows.
    pub(super) fn say(&self, message: &FromBrowser) {
        if let Ok(text) = serde_json::to_string(message) {
            let _ = self.socket.send_with_str(&text);
        }
    }

    /// Sends typed bytes.
    pub(super) fn send(&self, bytes: &[u8]) {
        let _ = self.socket.send_with_u8_array(bytes);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}

fn url(host: &str, container: &str) -> String {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|protocol| protocol == "https:") { "wss" } else { "ws" };
    let at = location.host().unwrap_or_default();
    let path = browser::below_base(&format!("{API}/hosts/{host}/containers/{container}/console"));
    format!("{scheme}://{at}{path}")
}
