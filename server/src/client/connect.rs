//! `longshore connect`: a host's Docker Engine API on a local socket, with the rights of the key that is kept.

use std::{path::Path, rc::Rc, sync::Arc, time::Duration};

use longshore_api::ops::spec::join;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Semaphore,
    task::spawn_local,
    time::sleep,
};

use super::{
    carried,
    kept::{self, Kept},
    login::warn_if_plain,
    remote::{Remote, Trouble, block_on},
    socket::{self, Socket},
};
use crate::{hosts, seldom::Seldom, settings::ConnectArgs};

/// So many connections are served at once; further ones wait.
const OPEN_MAX: usize = 256;
/// What goes wrong once goes wrong for each of many.
const SAY_EVERY: Duration = Duration::from_secs(5);
/// What cannot be accepted now may be so soon.
const ACCEPT_AGAIN: Duration = Duration::from_millis(500);

/// Serves the socket until it is told to stop.
pub fn run(args: &ConnectArgs) -> anyhow::Result<()> {
    hosts::check_slug(&args.host)?;
    let kept = Kept::read(&kept::folder()?)?;
    let server = kept.meant(args.server.as_ref())?;
    let remote = Remote::of(server)?;
    block_on(async {
        // From here on a signal ends us in order.
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        let stop = async {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
        };
        let serve = async {
            if let Ok(address) = server.url.parse() {
                warn_if_plain(&address);
            }
            match remote.knows(&args.host).await {
                Ok(()) => {}
                // It may be there in a moment; each connection finds out by itself.
                Err(Trouble::Refused { status, words, .. }) if status.is_server_error() => {
                    eprintln!("Warning: {words}")
                }
                Err(trouble) => return Err(trouble.into()),
            }
            let path = match &args.socket {
                Some(path) => std::env::current_dir()?.join(path),
                None => socket::usual(&args.host)?,
            };
            let socket = Socket::at(path).await?;
            eprintln!(
                "{} of {} is at {}, as {}. Ctrl-C ends it.",
                args.host,
                server.url,
                socket.path().display(),
                server.account
            );
            announce(&args.host, socket.path());
            accept(&socket, Rc::new(remote), &args.host).await
        };
        tokio::select! {
            served = serve => served,
            () = stop => Ok(()),
        }
    })
}

/// The two lines to copy.
fn announce(host: &str, path: &Path) {
    let url = format!("unix://{}", path.display());
    let (context, way) = (format!("longshore-{host}"), format!("host={url}"));
    println!("{}", join(["docker", "context", "create", &context, "--docker", &way]));
    println!("export DOCKER_HOST={}", join([&url]));
}

async fn accept(socket: &Socket, remote: Rc<Remote>, host: &str) -> anyhow::Result<()> {
    let room = Arc::new(Semaphore::new(OPEN_MAX));
    let trouble = Rc::new(Seldom::every(SAY_EVERY));
    let host: Rc<str> = host.into();
    loop {
        let place = Arc::clone(&room).acquire_owned().await?;
        let client = match socket.next().await {
            Ok(client) => client,
            // Out of file descriptors, most likely: going on at once would only spin.
            Err(error) => {
                eprintln!("longshore: a connection could not be accepted: {error}");
                sleep(ACCEPT_AGAIN).await;
                continue;
            }
        };
        let (remote, host, trouble) = (Rc::clone(&remote), Rc::clone(&host), Rc::clone(&trouble));
        spawn_local(async move {
            let _place = place;
            if let Err(lost) = carried::serve(&remote, &host, client).await
                && let Some(left_out) = trouble.due()
            {
                let others = if left_out > 0 { format!(" (and {left_out} more)") } else { String::new() };
                eprintln!("longshore: {:#}{others}", anyhow::Error::from(lost));
            }
        });
    }
}
