//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::{Given, stack::StackArgs};
use crate::{client::Address, keys::Key};

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
    ///
    /// Every setting is a flag, a variable, or a key of a TOML file; they count in this order: flag, variable, the file
    /// of --config, longshore.toml in the data folder.
    Serve(Given),
    /// Asks the server of these settings on this machine whether it answers, and fails if it does not.
    ///
    /// Takes the settings of serve, from the same places. An image's HEALTHCHECK calls it.
    Health(Given),
    /// Works on a data folder from this machine, whether its server runs or not.
    Admin(AdminArgs),
    /// Signs in to a Longshore from afar: keeps an API key to it in your config folder.
    ///
    /// The key is asked for on the terminal and tried first. The server signed in to last is the one that connect and
    /// logout mean where none is named.
    Login(LoginArgs),
    /// Forgets the API key to a Longshore.
    Logout(LogoutArgs),
    /// Gives docker a local socket to a host of a Longshore that you are signed in to, with your rights there.
    ///
    /// For docker itself, docker-compose, IDEs and SDKs. Each connection to the socket is carried in a websocket, so that
    /// all of docker works across any proxy. Runs until it is told to stop.
    Connect(ConnectArgs),
    /// Works on stacks of a Longshore that you are signed in to, as a person at a terminal or a script does.
    ///
    /// What belongs to a stack is read here, beneath its folder, and planned there; what was planned is done, or nothing.
    Stack(Box<StackArgs>),
}

/// `longshore login`
#[derive(Args)]
pub struct LoginArgs {
    /// The address of the Longshore, base path included: https://longshore.example/ls
    pub url: Address,
    /// Reads the API key from standard input, without asking.
    #[arg(long)]
    pub key_stdin: bool,
    /// Believes also whom this file vouches for: certificates of authorities in PEM form. It is read at each start.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
}

/// `longshore logout`
#[derive(Args)]
pub struct LogoutArgs {
    /// The address of the Longshore; the one signed in to last, if it is not given.
    pub url: Option<Address>,
}

/// `longshore connect`
#[derive(Args)]
pub struct ConnectArgs {
    /// The host, by its name in addresses.
    pub host: String,
    /// The address of the Longshore; the one signed in to last, if it is not given.
    #[arg(long, value_name = "URL")]
    pub server: Option<Address>,
    /// Where to make the socket; if it is not given, in $XDG_RUNTIME_DIR/longshore or beside the keys.
    #[arg(long, value_name = "PATH")]
    pub socket: Option<PathBuf>,
}

/// `longshore admin`
#[derive(Args)]
pub struct AdminArgs {
    /// The data folder.
    #[arg(long, value_name = "DIR", env = "LONGSHORE_DATA", default_value = "longshore-data", global = true)]
    pub data: PathBuf,
    /// What to do with it.
    #[command(subcommand)]
    pub command: AdminCommand,
}

/// What is done to a data folder.
#[derive(Subcommand)]
pub enum AdminCommand {
    /// Prints a new link that makes an administrator's account; every older link ceases to hold.
    SetupLink {
        /// The address at which browsers reach Longshore: https://longshore.example/ls
        #[arg(long, value_name = "URL")]
        url: Option<String>,
    },
    /// Gives an account a new password, read from the terminal or from standard input; all its sessions end.
    ResetPassword {
        /// The account's name.
        name: String,
        /// Makes a password and prints it, instead of reading one.
        #[arg(long)]
        generate: bool,
    },
    /// Turns two-factor authentication off for an account whose person has lost the app and the recovery codes.
    TotpOff {
        /// The account's name.
        name: String,
    },
    /// Opens sign-in by password again for everybody who has one.
    OpenSignIn,
    /// Makes a key anew whose file is lost, and forgets what only that one was of use for. The server must not run.
    ///
    /// A key that is in a backup is better put back. signing: everybody is signed out. seal: authenticator apps, client
    /// secrets of providers and what removed containers were are forgotten; whoever had an app signs in by a recovery code.
    /// audit: of the log until now nothing can be checked any more.
    NewKey {
        /// Which.
        key: Key,
    },
    /// The audit log.
    Audit {
        /// What to do with it.
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Hosts.
    Host {
        /// What to do with them.
        #[command(subcommand)]
        command: HostCommand,
    },
}

/// What is done with hosts.
#[derive(Subcommand)]
pub enum HostCommand {
    /// Adds a host; a running server notices it within seconds.
    Add {
        /// Its name in every address, for ever: lower case letters, digits and -.
        slug: String,
        /// How its engine is reached: unix:///path/of/docker.sock or tcp://HOST:PORT
        url: String,
        /// What pages show; the slug, if nothing is given.
        #[arg(long)]
        name: Option<String>,
    },
    /// Lists all hosts.
    Ls,
}

/// What is done with the audit log.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Checks that every row is as Longshore wrote it and that none is missing; fails if that is not so.
    ///
    /// The key in the data folder proves rows and their order. What was cut off the end is told by the head: the number
    /// and the MAC of the last row, which stands beside the key, and which the server writes to its log at start and stop,
    /// every hour and every thousand rows. Who can write to the whole data folder can put back an older state of all of
    /// it: only a head that was kept elsewhere shows that.
    Verify {
        /// A head that was kept elsewhere, as the log of the server has it; any number of them.
        #[arg(long, value_name = "NUMBER:MAC")]
        head: Vec<String>,
    },
}
