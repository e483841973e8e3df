//! Cargo called from cargo: always with the target folder that is meant.

use std::{env, process::Command};

use anyhow::Result;

use crate::{process::open, session::Session};

/// The crates that are built for the machine; the browser part is `frontend`.
pub(crate) const HOST_CRATES: [&str; 5] = ["longshore-agent", "longshore-api", "longshore-server", "longshore-tests", "xtask"];

/// `cargo` for crates of the machine itself: all share `target/`.
pub(crate) fn host(session: &Session) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(session.root()).env("CARGO_TARGET_DIR", session.target(""));
    cargo
}

/// Builds the server, with whatever `target/site` holds inside.
///
/// # Errors
/// It does not compile.
pub(crate) fn build_server(session: &Session) -> Result<std::path::PathBuf> {
    open(session, host(session).args(["build", "--package", "longshore-server"]))?;
    Ok(session.target("debug/longshore"))
}

/// The arguments that name every host crate.
pub(crate) fn host_packages() -> impl Iterator<Item = &'static str> {
    HOST_CRATES.iter().flat_map(|name| ["--package", name])
}
