//! `cargo deny`: bans, licences and sources always, advisories where their database can be had.

use std::{env, fs, path::PathBuf, process::Command};

use anyhow::Result;

use crate::{
    cargo,
    process::{open, quiet, told},
    session::Session,
};

const VERSION: &str = "0.20.2";
/// Seconds for a fetch of the advisory database: where the network is closed it may hang instead of failing.
const FETCH_WITHIN: &str = "60";

/// Runs `cargo deny`, installing it first if it is not there.
///
/// # Errors
/// A dependency is not allowed, or has an advisory that is not excused.
pub(crate) fn run(session: &Session) -> Result<()> {
    let deny = installed(session)?;
    let run = |words: &[&str]| {
        let mut command = Command::new(&deny);
        command.current_dir(session.root()).args(words);
        open(session, &mut command)
    };
    run(&["check", "bans", "licenses", "sources"])?;
    let mut fetch = Command::new("timeout");
    fetch.current_dir(session.root()).arg(FETCH_WITHIN).arg(&deny).args(["fetch", "db"]);
    let fetched = told("fetching the advisory database", || quiet(&mut fetch));
    if fetched.is_ok() {
        return run(&["--offline", "check", "advisories"]);
    }
    if has_database() {
        eprintln!("advisories: the database of an earlier fetch is used");
        return run(&["--offline", "check", "advisories"]);
    }
    eprintln!("advisories: NOT checked, their database cannot be fetched here");
    Ok(())
}

/// The program, of the version we rely on, in `target/tools`.
fn installed(session: &Session) -> Result<PathBuf> {
    let tools = session.target("tools");
    let deny = tools.join("bin/cargo-deny");
    let is_there =
        quiet(Command::new(&deny).arg("--version")).is_ok_and(|said| said.trim().ends_with(VERSION));
    if !is_there {
        let mut install = cargo::host(session);
        install
            .args(["install", "--locked", "--force", "cargo-deny", "--version", VERSION, "--root"])
            .arg(&tools);
        // Built apart: its dependencies are not ours.
        install.env("CARGO_TARGET_DIR", tools.join("build"));
        told(&format!("installing cargo-deny {VERSION}"), || quiet(&mut install))?;
        fs::remove_dir_all(tools.join("build"))?;
    }
    Ok(deny)
}

/// Whether a fetch has ever worked for this user.
fn has_database() -> bool {
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    cargo_home.is_some_and(|home| {
        let databases = fs::read_dir(home.join("advisory-dbs"));
        databases.is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| entry.path().is_dir())))
    })
}
