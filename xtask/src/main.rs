//! `cargo xtask …`: everything between a fresh clone and a running, tested Longshore.
//!
//! Each command does its own set-up, says what it does and how long it took, and does nothing twice. It needs nothing but
//! cargo; what else a step wants it installs where it may (root on Debian) and names where it may not.

mod apart;
mod apt;
mod bench;
mod busybox;
mod cargo;
mod check;
mod deny;
mod dist;
mod engine;
mod frontend;
mod process;
mod run;
mod session;
mod stages;
mod test;
mod wasm;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use session::Session;

/// Set-up, run, test and check of Longshore.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build all and serve this machine's engine (or a private one) on http://127.0.0.1:7420
    Run {
        /// Further arguments of `longshore serve`
        #[arg(last = true)]
        serve: Vec<String>,
    },
    /// Run every test: units, and end to end on a private engine and a real browser
    Test {
        /// Only tests whose name contains one of these
        filter: Vec<String>,
    },
    /// Formatting, clippy for the machine and for wasm, licences, sources and advisories of the dependencies
    Check,
    /// Build the browser part into target/site (a step of the others)
    Frontend {
        /// Small and slow to build, as it ships
        #[arg(long)]
        release: bool,
    },
    /// Measure the budgets of the design on the release, against the bare socket, and print them as a table
    Bench {
        /// Only these measurements; without one, all
        #[arg(value_enum)]
        only: Vec<bench::Part>,
        /// A release that is there, instead of the one that is built first
        #[arg(long, value_name = "FILE")]
        binary: Option<std::path::PathBuf>,
    },
    /// Build the one static binary that ships, target/release/longshore, and its image's folder, target/image
    Dist,
    /// Install what the tests need (a step of test)
    Tools,
}

fn main() -> ExitCode {
    let done = Session::start().and_then(|session| match Args::parse().command {
        Command::Run { serve } => run::run(&session, &serve),
        Command::Test { filter } => test::run(&session, &filter),
        Command::Check => check::run(&session),
        Command::Frontend { release } => frontend::build(&session, frontend::Mode::of(release)).map(drop),
        Command::Bench { only, binary } => bench::run(&session, &only, binary),
        Command::Dist => dist::build(&session, frontend::Mode::Release).map(drop),
        Command::Tools => test::tools(&session),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why:#}");
            ExitCode::FAILURE
        }
    }
}
