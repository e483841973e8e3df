//! A socket between a server and the real engine, on which calls and answers are lost when a test says so.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{UnixListener, UnixStream},
    sync::Notify,
};

use crate::{Engine, soon};

/// What is lost of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Loss {
    /// The engine never hears it.
    Call,
    /// The engine does it, and nobody hears that.
    Answer,
    /// It waits at the door until [`Between::heal`].
    Waits,
}

/// The socket; it is gone with the test's runtime.
pub struct Between {
    inner: Arc<Inner>,
    dir: TempDir,
}

#[derive(Default)]
struct Inner {
    /// The beginning of a request line and what else is in it, with what is lost of the next such call.
    planned: Mutex<Vec<(String, Loss)>>,
    away: Mutex<bool>,
    lost: Notify,
    healed: Notify,
}

impl Between {
    /// Before an engine.
    pub fn before(engine: &Engine) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let listener = UnixListener::bind(socket_in(dir.path())).expect("a socket in it");
        let (inner, far) = (Arc::new(Inner::default()), engine.socket().to_owned());
        let ours = Arc::clone(&inner);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (inner, far) = (Arc::clone(&ours), far.clone());
                // A broken connection shows at its ends.
                tokio::spawn(async move { pass_on(&inner, near, &far).await.ok() });
            }
        });
        Self { inner, dir }
    }

    /// Its address, as `--engine` takes it.
    pub fn address(&self) -> String {
        format!("unix://{}", socket_in(self.dir.path()).display())
    }

    /// Loses this of the next call whose request line holds `what`.
    pub fn loses(&self, what: &str, loss: Loss) {
        self.inner.planned.lock().expect("no test panics here").push((what.to_owned(), loss));
    }

    /// Waits until something planned is lost, or waits.
    pub async fn lost(&self) {
        soon("a planned loss", self.inner.lost.notified()).await;
    }

    /// From now on every call is lost, or none.
    pub fn is_away(&self, away: bool) {
        *self.inner.away.lock().expect("no test panics here") = away;
    }

    /// Lets the call through that waits.
    pub fn heal(&self) {
        self.inner.healed.notify_one();
    }
}

fn socket_in(dir: &Path) -> PathBuf {
    dir.join("docker.sock")
}

async fn pass_on(inner: &Inner, mut near: UnixStream, far: &Path) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(near.read_u8().await?);
    }
    if *inner.away.lock().expect("no test panics here") {
        return Ok(());
    }
    let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
    let loss = {
        let mut planned = inner.planned.lock().expect("no test panics here");
        let met = planned.iter().position(|(what, _)| line.contains(what.as_str()));
        met.map(|place| planned.remove(place).1)
    };
    if loss == Some(Loss::Call) {
        inner.lost.notify_one();
        return Ok(());
    }
    if loss == Some(Loss::Waits) {
        inner.lost.notify_one();
        inner.healed.notified().await;
    }
    let mut far = UnixStream::connect(far).await?;
    far.write_all(&head).await?;
    if loss == Some(Loss::Answer) {
        let (mut from, mut to) = far.split();
        let (mut near, _keep) = near.split();
        let answered = async {
            let mut byte = [0];
            from.read_exact(&mut byte).await
        };
        tokio::select! {
            done = answered => drop(done?),
            done = tokio::io::copy(&mut near, &mut to) => drop(done?),
        }
        inner.lost.notify_one();
        return Ok(());
    }
    copy_bidirectional(&mut near, &mut far).await?;
    Ok(())
}
