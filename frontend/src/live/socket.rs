//! A websocket that hands its messages to a function, and closes when it is dropped.

use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use crate::browser;

/// An open or opening websocket.
pub(crate) struct Socket {
    socket: WebSocket,
    // Kept because the browser calls them as long as the socket lives.
    _open: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens one. `close` is called once, also where it could never be opened; not after a drop.
    pub(crate) fn open(
        url: &str,
        open: impl FnMut() + 'static,
        mut message: impl FnMut(String) + 'static,
        mut close: impl FnMut() + 'static,
    ) -> Option<Self> {
        let socket = browser::websocket(url)?;
        let on_open = Closure::<dyn FnMut()>::new(open);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                message(text);
            }
        });
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |_| close());
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Some(Self { socket, _open: on_open, _message: on_message, _close: on_close })
    }

    /// Sends a message; one that cannot be sent is lost, as the line is: `close` follows.
    pub(crate) fn send(&self, text: &str) {
        let _ = self.socket.send_with_str(text);
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
