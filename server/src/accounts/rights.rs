//! The bell that rings whenever anything about rights or sessions has changed: open streams then ask again.

use tokio::sync::watch;

/// Rings for everyone who listens.
#[derive(Clone)]
pub struct Rights {
    version: watch::Sender<u64>,
}

impl Rights {
    pub(super) fn new() -> Self {
        Self { version: watch::Sender::new(0) }
    }

    /// Something has changed, or may have: a session ended, a key was deleted, another process wrote.
    pub fn changed(&self) {
        self.version.send_modify(|v| *v += 1);
    }

    /// Hears it.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }
}
