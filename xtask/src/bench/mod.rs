//! `cargo xtask bench`: the budgets of the design, measured on the binary that ships, against the bare socket of the same
//! engine in the same run.

mod browser;
mod bulk;
mod calls;
mod create;
mod dom;
mod echo;
mod events;
mod fill;
mod first_page;
mod frames;
mod idle;
mod live;
mod server;
mod stack;
mod table;
mod windows;
mod wire;

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use clap::ValueEnum as _;
use server::Server;
use table::Table;

use crate::{
    cargo, dist,
    engine::{Engine, Network, Place},
    frontend::Mode,
    process::{open, told},
    session::Session,
};

const PLACE: Place = Place { folder: "bench-engine", network: Network::Apart };

/// A measurement that can be asked for by name, in the order in which they run.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// What a browser loads for the first look
    FirstPage,
    /// Memory and processor of a server that nobody looks at
    Idle,
    /// Windows of the list against the engine's own list
    Windows,
    /// Windows of 10,000 against 1,000
    Sizes,
    /// From the engine's event to the page's line
    Events,
    /// From the engine's event to what the page shows, in a browser
    Dom,
    /// Scrolling 10,000 rows while they change, in a browser
    Frames,
    /// Small calls through the gateway, against the socket
    Calls,
    /// A long log and an image, through the gateway and to pages, and the memory that takes
    Bulk,
    /// A key typed into a console, until its letter comes back
    Echo,
    /// A container made as a job
    Create,
    /// A stack of many services, from its plan to its containers
    Stack,
    /// From start to ready
    Starts,
}

impl Part {
    fn says(self) -> &'static str {
        match self {
            Self::FirstPage => "the first page",
            Self::Idle => "a server that nobody looks at",
            Self::Windows => "windows against the engine's list",
            Self::Sizes => "windows of 10,000 against 1,000",
            Self::Events => "events",
            Self::Dom => "events in a browser",
            Self::Frames => "scrolling in a browser",
            Self::Calls => "calls",
            Self::Bulk => "bulk",
            Self::Echo => "echo",
            Self::Create => "a container made",
            Self::Stack => "a stack deployed",
            Self::Starts => "starts",
        }
    }
}

/// Builds, or takes the release that is there, fills an engine, measures, and prints the table.
///
/// # Errors
/// Something does not build or breaks, or a budget does not hold.
pub(crate) fn run(session: &Session, only: &[Part], binary: Option<PathBuf>) -> Result<()> {
    let longshore = match binary {
        Some(there) => there,
        None => dist::build(session, Mode::Release)?.binary,
    };
    open(session, cargo::host(session).args(["build", "--package", "longshore-fake-engine"]))?;
    let engine = Engine::start(session, &PLACE)?;
    fill::fill(session, engine.socket())?;
    let parts = if only.is_empty() { Part::value_variants() } else { only };
    let mut table = Table::default();
    let measured = measure(session, &longshore, engine.socket(), parts, &mut table);
    print!("{table}");
    measured?;
    if !table.holds() {
        bail!("not every budget holds");
    }
    Ok(())
}

fn measure(
    session: &Session,
    longshore: &Path,
    socket: &Path,
    parts: &[Part],
    table: &mut Table,
) -> Result<()> {
    let dir = session.target("bench/real");
    let mut server = Server::start(longshore, &dir, socket)?;
    server.live(fill::COUNT)?;
    for part in parts {
        session.go_on()?;
        told(part.says(), || match part {
            Part::FirstPage => first_page::measure(&server, table),
            Part::Idle => idle::measure(&server, table),
            Part::Windows => windows::against_engine(&server, socket, table),
            Part::Sizes => by_size(session, longshore, table),
            Part::Events => events::measure(&server, socket, table),
            Part::Dom => dom::measure(session, &server, socket, table),
            Part::Frames => in_memory(session, longshore, frames::ROWS, frames::CHANGES)
                .and_then(|(_fake, server)| frames::measure(session, &server, table)),
            Part::Calls => calls::measure(&server, socket, table),
            Part::Bulk => bulk::measure(&server, socket, table),
            Part::Echo => echo::measure(&server, socket, table),
            Part::Create => create::measure(&server, socket, table),
            Part::Stack => stack::measure(&server, socket, table),
            Part::Starts => idle::starts(&mut server, longshore, &dir, socket, table),
        })
        .with_context(|| part.says())?;
    }
    Ok(())
}

fn by_size(session: &Session, longshore: &Path, table: &mut Table) -> Result<()> {
    let (_small, small) = in_memory(session, longshore, 1_000, 0)?;
    let (_large, large) = in_memory(session, longshore, 10_000, 0)?;
    windows::by_size(&small, &large, table)
}

/// A server on the engine in memory, with so many containers, of which so many change in a second.
fn in_memory(session: &Session, longshore: &Path, count: usize, changes: u32) -> Result<(Fake, Server)> {
    let dir = session.target(format!("bench/fake-{count}"));
    std::fs::create_dir_all(&dir)?;
    let socket = session.target(format!("bench/fake-{count}.sock"));
    if socket.exists() {
        std::fs::remove_file(&socket)?;
    }
    let fake = Fake::start(&session.target("debug/longshore-fake-engine"), &socket, count, changes)?;
    let server = Server::start(longshore, &dir, &socket)?;
    Ok((fake, server))
}

/// The engine in memory, as a program of its own.
struct Fake(Child);

impl Fake {
    fn start(program: &Path, socket: &Path, count: usize, changes: u32) -> Result<Self> {
        let mut command = Command::new(program);
        command
            .arg(socket)
            .args([count.to_string(), changes.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn().context("the fake engine does not start")?;
        let said = child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(said).read_line(&mut line)?;
        Ok(Self(child))
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if let Err(why) = self.0.kill().and_then(|()| self.0.wait()) {
            eprintln!("xtask: the fake engine does not end: {why}");
        }
    }
}
