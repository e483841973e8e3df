//! A program in a container, and whoever is at this end of it: a terminal, or pipes.

use std::{
    io::{self, IsTerminal as _, Read as _, Write},
    thread,
};

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, split},
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc,
};

/// So much is read at once.
const PIECE: usize = 16 * 1024;
/// So many pieces of what is typed wait for a slow line.
const WAITING: usize = 4;

/// Whether somebody sits at both ends of the program: then it gets a terminal.
pub(super) fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// The size of this end's terminal, as the engine is told it: height and width.
pub(super) fn size() -> Option<(u16, u16)> {
    let size = tcgetwinsize(io::stdout()).ok()?;
    Some((size.ws_row, size.ws_col)).filter(|(rows, columns)| *rows > 0 && *columns > 0)
}

/// What comes from outside while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The terminal has another size.
    Resized,
    /// Somebody wants it to end: `INT` by Ctrl-C, where no terminal passes that on, or `TERM`.
    Asked(&'static str),
}

/// Hears of it from when it is made.
pub(super) struct Events {
    resized: Signal,
    interrupt: Signal,
    terminate: Signal,
}

impl Events {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            resized: signal(SignalKind::window_change())?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// The next one. May be dropped while it waits.
    pub(super) async fn next(&mut self) -> Event {
        tokio::select! {
            _ = self.resized.recv() => Event::Resized,
            _ = self.interrupt.recv() => Event::Asked("INT"),
            _ = self.terminate.recv() => Event::Asked("TERM"),
        }
    }
}

/// A terminal that passes everything on as it is typed, until this is dropped.
struct Raw(Termios);

impl Raw {
    fn begin() -> io::Result<Self> {
        let was = tcgetattr(io::stdin())?;
        let mut raw = was.clone();
        raw.make_raw();
        tcsetattr(io::stdin(), OptionalActions::Now, &raw)?;
        Ok(Self(was))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // One that has gone needs nothing back.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

/// Passes on what is typed and what the program says, until it has said all. With a terminal both are one stream, else
/// the engine frames what it says.
pub(super) async fn talk(stream: TokioIo<Upgraded>, terminal: bool) -> io::Result<()> {
    let _raw = if terminal { Some(Raw::begin()?) } else { None };
    let (mut from, mut to) = split(stream);
    let mut typed = typed();
    let input = async {
        while let Some(piece) = typed.recv().await {
            // A program that reads no more may still speak.
            if to.write_all(&piece).await.is_err() {
                break;
            }
        }
        let _ = to.shutdown().await;
        std::future::pending::<()>().await;
    };
    let output = async {
        if terminal { pass(&mut from, u64::MAX, &mut io::stdout()).await } else { frames(&mut from).await }
    };
    tokio::select! {
        said = output => said,
        () = input => Ok(()),
    }
}

/// What is typed. A thread reads it: nothing else waits for somebody who types nothing, not even the program's end.
fn typed() -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    thread::spawn(move || {
        let mut piece = vec![0; PIECE];
        loop {
            match io::stdin().lock().read(&mut piece) {
                Ok(0) => return,
                Ok(n) if sender.blocking_send(piece[..n].to_vec()).is_err() => return,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    });
    receiver
}

/// Takes the two streams of a program without a terminal apart.
async fn frames(from: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    let mut head = [0; 8];
    loop {
        match from.read_exact(&mut head).await {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
        let [of, _, _, _, a, b, c, d] = head;
        let length = u64::from(u32::from_be_bytes([a, b, c, d]));
        match of {
            2 => pass(from, length, &mut io::stderr()).await?,
            _ => pass(from, length, &mut io::stdout()).await?,
        }
    }
}

/// Passes on so many bytes at most.
async fn pass(from: &mut (impl AsyncRead + Unpin), length: u64, to: &mut impl Write) -> io::Result<()> {
    let mut from = from.take(length);
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece).await? {
            0 => return Ok(()),
            n => {
                to.write_all(&piece[..n])?;
                to.flush()?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_frame_that_is_cut_off_is_an_end() {
        let mut cut: &[u8] = &[1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0];
        assert!(frames(&mut cut).await.is_ok());
    }
}
