//! Longshore: the one binary.

mod access;
mod accounts;
mod admin;
mod audit;
mod authorities;
mod budget;
mod call;
mod carry;
mod client;
mod consoles;
mod containers;
mod creation;
mod data;
mod disk;
mod download;
mod fault;
mod fetch;
mod front;
mod frugal;
mod gateway;
mod git;
mod health;
mod hosts;
mod house;
mod inventory;
mod jobs;
mod keep;
mod keys;
mod live;
mod log;
mod logs;
mod openapi;
mod outside;
mod own;
mod ownership;
mod pages;
mod patience;
mod removed;
mod rest;
mod seal;
mod secret;
mod seldom;
mod serve;
mod settings;
mod shelves;
mod sockets;
mod stacks;
mod store;
mod templates;
mod terminal;
mod usage;

use std::process::ExitCode;

use clap::Parser as _;

use settings::{Cli, Command};

/// musl's own allocator lets one thread in at a time, and glibc's keeps the 19 MiB of every password that was hashed, once
/// for each thread that did it. See [`frugal`].
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Names the build; a page of another one is told to reload.
pub const BUILD: &str = env!("CARGO_PKG_VERSION");

fn main() -> ExitCode {
    if let Err(error) = frugal::become_frugal() {
        eprintln!("longshore: memory will not be given back: {error}");
    }
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Serve(given) => serve::run(&given),
        Command::Health(given) => health::probe(&given),
        Command::Admin(args) => admin::run(&args),
        Command::Login(args) => client::login(&args),
        Command::Logout(args) => client::logout(&args),
        Command::Connect(args) => client::connect(&args),
        // It has more to tell than whether it failed.
        Command::Stack(args) => return client::stack(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One sentence that a person can act on, and what lies behind it.
            eprintln!("longshore: {error:#}");
            ExitCode::FAILURE
        }
    }
}
