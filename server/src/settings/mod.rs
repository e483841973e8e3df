//! What the server is told at start. Every setting is one row of [`keys`]: a flag, a variable and a key of the file with
//! one name, one default and one sentence of help. Flags come before variables, variables before `--config FILE`, that
//! before `longshore.toml` of the data folder.

mod cli;
mod given;
mod keys;
mod network;
mod stack;

pub use cli::{
    AdminArgs, AdminCommand, AuditCommand, Cli, Command, ConnectArgs, HostCommand, LoginArgs, LogoutArgs,
};
pub use given::{Given, SettingsError};
pub use network::Network;
pub use stack::{
    CommandArgs, DeployArgs, ExecArgs, FilesArgs, ForgetArgs, HowArgs, LogsArgs, PlanArgs, ReturnArgs,
    RmArgs, RunArgs, Scale, ScaleArgs, StackArgs, StackCommand, UpArgs, Var, VerbArgs,
};

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
    path::PathBuf,
    time::Duration,
};

use given::Sources;

/// What the running server keeps of them.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `data`: the data folder.
    pub data: PathBuf,
    /// `engine`: the engine that a new data folder begins with.
    pub engine: String,
    /// `metrics-open`: whether anyone may read `/metrics`.
    pub metrics_open: bool,
    /// `engine-deadline`: how long an engine may take to answer.
    pub engine_deadline: Duration,
    /// `healthy-within`: how long the health check of a new container may decide nothing.
    pub healthy_within: Duration,
    /// `console-grace`: how long a console is kept for whoever lost the line to it.
    pub console_grace: Duration,
    /// `audit-keep`: how long rows of the audit log are kept; for ever, if it is none.
    pub audit_keep: Option<Duration>,
    /// `compose-folders`: beneath which the files of stacks that others made may be read and written.
    pub compose_folders: Vec<PathBuf>,
    /// How it is reached.
    pub front: FrontSettings,
    /// Its own end of TLS.
    pub tls: TlsSettings,
    /// Its log.
    pub log: LogSettings,
}

/// How the server is reached, and whom it believes.
#[derive(Clone, Debug)]
pub struct FrontSettings {
    /// `listen`.
    pub listen: SocketAddr,
    /// `base-path` without its last slash: empty, or `/ls`.
    pub base: String,
    /// `trusted-proxies`: only these may speak for others.
    pub trusted_proxies: Vec<Network>,
    /// `trusted-origins`: lower case, without a slash at the end.
    pub trusted_origins: Vec<String>,
    /// `connections-per-address`
    pub connections_per_address: NonZeroUsize,
    /// `hsts`: whether browsers are told to come by TLS only.
    pub hsts: bool,
}

/// Where our own TLS comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TlsSettings {
    /// There is none; a proxy may add it.
    #[default]
    Off,
    /// `tls-cert` and `tls-key`, PEM.
    Files {
        /// The chain, our own certificate first.
        certificate: PathBuf,
        /// Its key.
        key: PathBuf,
    },
    /// `tls = self-signed`: made at start, kept in the data folder.
    SelfSigned,
}

/// What is logged and how. The log goes to stderr.
#[derive(Clone, Debug, Default)]
pub struct LogSettings {
    /// `log`: levels by module, as tracing writes them.
    pub filter: String,
    /// `log-format = json`: one JSON object a line.
    pub json: bool,
}

impl Default for FrontSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7420)),
            base: String::new(),
            trusted_proxies: Vec::new(),
            trusted_origins: Vec::new(),
            connections_per_address: NonZeroUsize::new(512).expect("it is not zero"),
            hsts: false,
        }
    }
}

impl Settings {
    /// From flags, this process's variables and files.
    ///
    /// # Errors
    /// A file that cannot be read, a key that nobody knows, a value that does not fit; each named with where it stands.
    pub fn gather(given: &Given) -> Result<Self, SettingsError> {
        let sources = Sources::gather(given, |name| std::env::var_os(name))?;
        let settings = Self {
            data: PathBuf::from(sources.text(&keys::DATA)),
            engine: sources.one(&keys::ENGINE, engine)?,
            metrics_open: sources.one(&keys::METRICS_OPEN, yes_or_no)?,
            engine_deadline: sources.one(&keys::ENGINE_DEADLINE, seconds_from_one)?,
            healthy_within: sources.one(&keys::HEALTHY_WITHIN, seconds_from_one)?,
            console_grace: sources.one(&keys::CONSOLE_GRACE, seconds)?,
            audit_keep: sources.one(&keys::AUDIT_KEEP, time_kept)?,
            compose_folders: sources.many(&keys::COMPOSE_FOLDERS, folder)?,
            front: FrontSettings::read(&sources)?,
            tls: TlsSettings::read(&sources)?,
            log: LogSettings {
                filter: sources.one(&keys::LOG, log_filter)?,
                json: sources.one(&keys::LOG_FORMAT, log_format)?,
            },
        };
        if settings.front.hsts && settings.tls == TlsSettings::SelfSigned {
            return Err(SettingsError::LockOut);
        }
        Ok(settings)
    }
}

impl FrontSettings {
    fn read(sources: &Sources) -> Result<Self, SettingsError> {
        let listen = |text: &str| {
            text.parse().map_err(|_| "an address with a port, like 127.0.0.1:7420 or [::]:7420".to_owned())
        };
        Ok(Self {
            listen: sources.one(&keys::LISTEN, listen)?,
            base: sources.one(&keys::BASE_PATH, base_path)?,
            trusted_proxies: sources.many(&keys::TRUSTED_PROXIES, |text| text.parse::<Network>())?,
            trusted_origins: sources.many(&keys::TRUSTED_ORIGINS, origin)?,
            connections_per_address: sources.one(&keys::CONNECTIONS_PER_ADDRESS, |text| {
                text.parse().map_err(|_| "a whole number from 1".to_owned())
            })?,
            hsts: sources.one(&keys::HSTS, yes_or_no)?,
        })
    }

    /// Whether a peer may say who the client is.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(peer))
    }
}

impl TlsSettings {
    fn read(sources: &Sources) -> Result<Self, SettingsError> {
        let self_signed = sources.one(&keys::TLS, |text| match text {
            "off" => Ok(false),
            "self-signed" => Ok(true),
            _ => Err("off or self-signed".to_owned()),
        })?;
        let file = |key| Some(sources.text(key)).filter(|path| !path.is_empty()).map(PathBuf::from);
        match (file(&keys::TLS_CERT), file(&keys::TLS_KEY)) {
            (None, None) if self_signed => Ok(Self::SelfSigned),
            (None, None) => Ok(Self::Off),
            (Some(_), Some(_)) if self_signed => Err(SettingsError::TwoCertificates),
            (Some(certificate), Some(key)) => Ok(Self::Files { certificate, key }),
            (Some(_), None) => Err(SettingsError::HalfCertificate { given: "tls-cert", missing: "tls-key" }),
            (None, Some(_)) => Err(SettingsError::HalfCertificate { given: "tls-key", missing: "tls-cert" }),
        }
    }

    /// Whether there is any.
    pub fn is_on(&self) -> bool {
        *self != Self::Off
    }
}

fn engine(text: &str) -> Result<String, String> {
    crate::hosts::connector(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err("true or false".to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let whole = text.parse::<u32>().map_err(|_| "a whole number of seconds".to_owned())?;
    Ok(Duration::from_secs(whole.into()))
}

/// A time with its unit; 0 is for ever.
fn time_kept(text: &str) -> Result<Option<Duration>, String> {
    let wrong = || "a time like 365d, 48h, 90m or 30s, or 0 for ever".to_owned();
    if text == "0" {
        return Ok(None);
    }
    let of = |(unit, seconds): (char, u64)| {
        let number = text.strip_suffix(unit)?.parse::<u32>().ok()?;
        (number > 0).then(|| Duration::from_secs(u64::from(number) * seconds))
    };
    let units = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];
    units.into_iter().find_map(of).map(Some).ok_or_else(wrong)
}

fn seconds_from_one(text: &str) -> Result<Duration, String> {
    match seconds(text) {
        Ok(some) if !some.is_zero() => Ok(some),
        _ => Err("a whole number of seconds from 1".to_owned()),
    }
}

/// A folder; the one that all others are in names nothing.
fn folder(text: &str) -> Result<PathBuf, String> {
    match text.trim_end_matches('/') {
        path if path.starts_with('/') => Ok(PathBuf::from(path)),
        _ => Err("the absolute path of a folder other than /, like /srv/stacks".to_owned()),
    }
}

fn log_filter(text: &str) -> Result<String, String> {
    match tracing_subscriber::EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("a level like info or debug, or levels by module like info,longshore=debug".to_owned()),
    }
}

fn log_format(text: &str) -> Result<bool, String> {
    match text {
        "text" => Ok(false),
        "json" => Ok(true),
        _ => Err("text or json".to_owned()),
    }
}

fn base_path(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.~/".contains(c);
    if !text.starts_with('/') || text.contains("//") || text.split('/').any(|s| s == "." || s == "..") {
        return Err("a path that begins with a slash and has no empty parts, like /ls".to_owned());
    }
    if !text.chars().all(fits) {
        return Err("a path of letters, digits and - _ . ~ only".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains('/') => Ok(text.to_ascii_lowercase()),
        _ => Err("a scheme and a host without a path, like https://ops.example".to_owned()),
    }
}

#[cfg(test)]
mod tests;
