//! What the server is told at start.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::{Args, Parser, Subcommand};

/// Longshore manages Docker hosts and swarm clusters from the browser, for a team.
#[derive(Parser)]
#[command(name = "longshore", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the binary can do.
#[derive(Subcommand)]
pub enum Command {
    /// Serves Longshore to browsers, the docker command line and agents.
    Serve(ServeArgs),
}

/// Settings of `longshore serve`.
#[derive(Args)]
pub struct ServeArgs {
    /// Where to listen.
    #[arg(long, value_name = "ADDR:PORT", env = "LONGSHORE_LISTEN", default_value = "127.0.0.1:7420")]
    pub listen: SocketAddr,
    /// The data folder; made where there is none.
    #[arg(long, value_name = "DIR", env = "LONGSHORE_DATA", default_value = "longshore-data")]
    pub data: PathBuf,
    /// The path below which everything is served, as a proxy passes it on: `/ls`.
    #[arg(long, value_name = "PATH", env = "LONGSHORE_BASE_PATH", default_value = "/", value_parser = base_path)]
    pub base_path: String,
    /// Addresses of proxies that may say who the client is and by which scheme and host it came.
    #[arg(long, value_name = "ADDR", env = "LONGSHORE_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,
    /// Further origins whose pages may use Longshore: `https://ops.example`.
    #[arg(long, value_name = "ORIGIN", env = "LONGSHORE_TRUSTED_ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub trusted_origins: Vec<String>,
    /// The engine that a new data folder begins with, as host `local`.
    #[arg(long, value_name = "URL", env = "LONGSHORE_ENGINE", default_value = "unix:///var/run/docker.sock")]
    pub engine: String,
}

/// What the running server keeps of them.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The data folder.
    pub data: PathBuf,
    /// The base path without its last slash: empty, or `/ls`.
    pub base: String,
    /// Only these may speak for others.
    pub trusted_proxies: Vec<IpAddr>,
    /// Lower case, without a slash at the end.
    pub trusted_origins: Vec<String>,
}

impl Settings {
    /// Whether a peer may say who the client is.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.contains(&peer.to_canonical())
    }
}

impl From<&ServeArgs> for Settings {
    fn from(args: &ServeArgs) -> Self {
        Self {
            data: args.data.clone(),
            base: args.base_path.trim_end_matches('/').to_owned(),
            trusted_proxies: args.trusted_proxies.clone(),
            trusted_origins: args.trusted_origins.clone(),
        }
    }
}

fn base_path(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.~/".contains(c);
    if !text.starts_with('/') || text.contains("//") || text.split('/').any(|s| s == "." || s == "..") {
        return Err("a base path begins with a slash and has no empty parts: /ls".to_owned());
    }
    if !text.chars().all(fits) {
        return Err("a base path has letters, digits and - _ . ~ only".to_owned());
    }
    Ok(text.to_owned())
}

fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains('/') => Ok(text.to_ascii_lowercase()),
        _ => Err("an origin is a scheme and a host, without a path: https://ops.example".to_owned()),
    }
}
