//! The harness of the end-to-end tests: the shipped binary, a real engine, the real command lines, a real browser.
//!
//! A test is a story of a person. It takes a [`Scene`] (a server of its own with an empty data folder, on the shared engine
//! under a name prefix of its own) and talks as people do. Nothing is left behind: dropping the parts ends what they
//! started. `cargo xtask test` sets up what all this needs.

pub mod afar;
pub mod authenticator;
pub mod between;
pub mod browser;
pub mod ci;
pub mod cli;
pub mod console;
pub mod database;
pub mod engine;
pub mod fake;
pub mod git;
pub mod http;
pub mod issuer;
pub mod live;
pub mod person;
pub mod program;
pub mod provider;
pub mod proxy;
pub mod quay;
pub mod raw;
pub mod registry;
pub mod scene;
pub mod server;
pub mod stack;
pub mod terminal;
pub mod tls;
pub mod within;
pub mod work;

pub use afar::Afar;
pub use between::{Between, Loss};
pub use browser::Browser;
pub use cli::Docker;
pub use console::Console;
pub use engine::Engine;
pub use fake::FakeScene;
pub use git::Repository;
pub use http::{Answer, Http, text};
pub use issuer::Issuer;
pub use live::Live;
pub use person::Person;
pub use provider::Provider;
pub use proxy::Proxy;
pub use quay::Quay;
pub use registry::Registry;
pub use scene::Scene;
pub use server::Server;
pub use terminal::Terminal;

use std::{future::Future, time::Duration};

/// How long anything is awaited before the test says that it did not come.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for `event`, bounded; `what` is said when it does not come.
pub async fn soon<T>(what: &str, event: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, event).await {
        Ok(came) => came,
        Err(_) => panic!("did not come within {} s: {what}", PATIENCE.as_secs()),
    }
}

/// What `cargo xtask test` tells the tests by environment.
pub fn told(variable: &str) -> std::path::PathBuf {
    match std::env::var_os(variable) {
        Some(value) => value.into(),
        None => panic!("{variable} is not set: run cargo xtask test"),
    }
}
