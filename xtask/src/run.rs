//! `cargo xtask run`: from the sources to a page that shows an engine.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    apt, busybox, cargo,
    engine::{Engine, Network, Place, answers},
    frontend::{self, Mode},
    session::Session,
};

const NETWORK: Network = Network::Machine { bridge: "longshore-run", address: "10.213.1.1/24" };
const PLACE: Place = Place { folder: "run-engine", network: NETWORK };
const DEFAULT_SOCKET: &str = "/var/run/docker.sock";

/// Builds all, finds an engine and serves until Ctrl-C.
///
/// # Errors
/// Something does not build, or the server ends by itself with an error.
pub(crate) fn run(session: &Session, further: &[String]) -> Result<()> {
    frontend::build(session, Mode::Dev)?;
    let longshore = cargo::build_server(session)?;
    let found = find_engine(session)?;
    let mut serve = Command::new(longshore);
    serve.current_dir(session.root()).arg("serve");
    if let Some(socket) = found.socket() {
        serve.arg("--engine").arg(format!("unix://{}", socket.display()));
    }
    session.go_on()?;
    let mut server = serve.args(further).spawn().context("longshore does not start")?;
    let status = session.with_front(server.id(), || server.wait())?;
    // Whoever presses Ctrl-C wants it to end; that is no failure.
    if !status.success() && !session.was_interrupted() {
        bail!("longshore ended with {status}");
    }
    Ok(())
}

/// What there is to serve.
enum Found {
    /// An engine that runs without us.
    Running(PathBuf),
    /// One of ours, for as long as this command runs.
    Private(Engine),
    /// None; the page says what to do.
    Nothing,
}

impl Found {
    fn socket(&self) -> Option<&Path> {
        match self {
            Self::Running(socket) => Some(socket),
            Self::Private(engine) => Some(engine.socket()),
            Self::Nothing => None,
        }
    }
}

fn find_engine(session: &Session) -> Result<Found> {
    let named = env::var("DOCKER_HOST").ok().and_then(|host| host.strip_prefix("unix://").map(PathBuf::from));
    // The private engine of another `cargo xtask run` in this folder serves two just as well.
    let ours = session.target(PLACE.folder).join("docker.sock");
    let known = named.into_iter().chain([PathBuf::from(DEFAULT_SOCKET), ours]);
    if let Some(socket) = known.into_iter().find(|socket| answers(socket)) {
        eprintln!("using the docker engine at {}", socket.display());
        return Ok(Found::Running(socket));
    }
    if !apt::may_install() {
        eprintln!("no docker engine answers here, and this is not root on Debian: serving without one");
        return Ok(Found::Nothing);
    }
    eprintln!("no docker engine answers here: starting a private one, data in target/{}", PLACE.folder);
    let engine = Engine::start(session, &PLACE)?;
    busybox::import(session, engine.socket())?;
    eprintln!(
        "try it: docker --host unix://{} run --detach {} sleep 600",
        engine.socket().display(),
        busybox::IMAGE
    );
    Ok(Found::Private(engine))
}
