//! Cargo called from cargo: always with the target folder that is meant.

use std::{env, ffi::OsString, path::PathBuf, process::Command};

use anyhow::Result;

use crate::{process::open, session::Session};

/// `cargo` for what runs on this machine: all of it shares `target/`.
pub(crate) fn host(session: &Session) -> Command {
    within(session, Command::new(program()))
}

/// The same, as the program of a command that runs others.
pub(crate) fn host_within(session: &Session, mut outer: Command) -> Command {
    outer.arg(program());
    within(session, outer)
}

fn program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn within(session: &Session, mut cargo: Command) -> Command {
    cargo.current_dir(session.root()).env("CARGO_TARGET_DIR", session.target(""));
    cargo
}

/// Builds the server, with whatever `target/site` holds inside.
///
/// # Errors
/// It does not compile.
pub(crate) fn build_server(session: &Session) -> Result<PathBuf> {
    // The whole workspace decides the features of what is shared, as it does for tests: else half of it is built twice.
    open(session, host(session).args(["build", "--workspace", "--bin", "longshore"]))?;
    Ok(session.target("debug/longshore"))
}
