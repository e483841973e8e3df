//! Connections: each brings one request, which meets its fault or is answered.

use std::{
    io::{self, Cursor},
    sync::Arc,
};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, join, split},
    net::{TcpListener, UnixListener},
    task::JoinSet,
};

use crate::{
    answer,
    fault::{Fault, unversioned},
    routes,
    world::World,
};

/// A head has at most so many bytes.
const HEAD_MAX: usize = 64 * 1024;

/// Where it listens.
pub(crate) enum Door {
    Unix(UnixListener),
    Tcp(TcpListener),
}

/// Accepts until it is aborted; open connections end with it.
pub(crate) async fn accept(door: Door, world: Arc<World>) {
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            stream = next(&door) => match stream {
                Ok(stream) => {
                    let world = world.clone();
                    // How a connection ends is the client's to see.
                    open.spawn(async move { drop(connection(stream, world).await) });
                }
                Err(_) => return,
            },
            Some(_) = open.join_next() => {}
        }
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn next(door: &Door) -> io::Result<Box<dyn Stream>> {
    Ok(match door {
        Door::Unix(listener) => Box::new(listener.accept().await?.0),
        Door::Tcp(listener) => {
            let stream = listener.accept().await?.0;
            stream.set_nodelay(true)?;
            Box::new(stream)
        }
    })
}

async fn connection(stream: Box<dyn Stream>, world: Arc<World>) -> io::Result<()> {
    let (mut read, mut write) = split(stream);
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        if head.len() > HEAD_MAX || read.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let line = String::from_utf8_lossy(head.split(|b| *b == b'\r').next().unwrap_or_default()).into_owned();
    let mut words = line.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    world.calls.send_modify(|calls| calls.push(format!("{method} {}", unversioned(target))));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    match world.fault(path) {
        None => {}
        Some(Fault::Slow(by)) => tokio::time::sleep(by).await,
        Some(Fault::Silent) => {
            let mut faults = world.faults.subscribe();
            let over = faults.wait_for(|_| world.fault(path) != Some(Fault::Silent));
            if over.await.is_err() {
                return Ok(());
            }
        }
        Some(fault) => {
            let bytes = broken(&world, &fault, method, path, query);
            write.write_all(&bytes).await?;
            return write.shutdown().await;
        }
    }
    let stream = join(Cursor::new(head).chain(read), write);
    let service = service_fn(|request| routes::answer(world.clone(), request));
    let served = http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), service);
    served.with_upgrades().await.map_err(io::Error::other)
}

/// What is written instead of the answer.
fn broken(world: &World, fault: &Fault, method: &str, path: &str, query: &str) -> Vec<u8> {
    let good =
        || answer::json(world, method, path, query).map_or_else(String::new, |(_, json)| json.to_string());
    let whole = |status: u16, length: usize, body: &str| {
        format!(
            "HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
        )
    };
    let half = |text: &str| text.chars().take(text.chars().count() / 2).collect::<String>();
    let text = match fault {
        Fault::Slow(_) | Fault::Silent => String::new(),
        Fault::Garbage => {
            return b"\x00\x01\xff\xfeSSH-2.0-OpenSSH_9.2\r\n\x16\x03\x01 no HTTP at all\r\n\r\n".to_vec();
        }
        Fault::TruncatedJson => {
            let cut = half(&good());
            whole(200, cut.len(), &cut)
        }
        Fault::CutBody => {
            let all = good();
            whole(200, all.len(), &half(&all))
        }
        Fault::WrongLength => {
            let all = good();
            whole(200, all.len().saturating_sub(10), &all)
        }
        Fault::HalfSwitch => "HTTP/1.1 101 UPGRADED\r\nConnection: Upg".to_owned(),
        Fault::Refuse(status, text) => format!(
            "HTTP/1.1 {status} Status\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
            text.len()
        ),
        Fault::HugeError(bytes) => {
            let body = answer::message(&"no space left on device; ".repeat(bytes / 25 + 1)).to_string();
            whole(500, body.len(), &body)
        }
    };
    text.into_bytes()
}
