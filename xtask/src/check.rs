//! `cargo xtask check`: what must hold before anything is committed.

use std::process::Command;

use anyhow::Result;

use crate::{
    cargo, deny,
    frontend::{self, Mode},
    process::{open, quiet, told, which},
    session::Session,
    stages::Stages,
};

/// Formatting, clippy on both sides, dependencies.
///
/// # Errors
/// One of them objects.
pub(crate) fn run(session: &Session) -> Result<()> {
    let mut stages = Stages::default();
    let done = staged(session, &mut stages);
    print!("{}", stages.table());
    done
}

fn staged(session: &Session, stages: &mut Stages) -> Result<()> {
    stages.run("formatting", || {
        component("rustfmt", "cargo-fmt")?;
        open(session, cargo::host(session).args(["fmt", "--all", "--check"]))
    })?;
    // The server carries target/site inside and does not compile without it.
    let wasm = stages.run("wasm", || frontend::build(session, Mode::Dev))?;
    stages.run("clippy, machine", || {
        component("clippy", "cargo-clippy")?;
        let words = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        open(session, cargo::host(session).args(words))
    })?;
    stages.run("clippy, browser", || {
        let mut clippy = wasm.cargo(session, "clippy", Mode::Dev)?;
        open(session, clippy.args(["--all-targets", "--", "-D", "warnings"]))
    })?;
    stages.run("dependencies", || deny::run(session))
}

/// A part of the toolchain that a minimal rustup leaves out.
fn component(name: &str, program: &str) -> Result<()> {
    if which(program).is_some() {
        return Ok(());
    }
    told(&format!("adding {name}"), || quiet(Command::new("rustup").args(["component", "add", name])))
        .map(drop)
}
