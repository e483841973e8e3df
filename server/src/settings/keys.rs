//! The table of all settings.

/// A setting: `--base-path`, `LONGSHORE_BASE_PATH`, and `base-path` in the file.
#[derive(Debug)]
pub(super) struct Key {
    /// The flag without its dashes; also the key in the file.
    pub(super) name: &'static str,
    /// What stands for the value in the help.
    pub(super) value: &'static str,
    /// Holds where nothing else is given; empty means none.
    pub(super) default: &'static str,
    /// One or many, or a switch.
    pub(super) form: Form,
    /// What it is for.
    pub(super) help: &'static str,
}

/// How the values of a setting are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One value.
    One,
    /// Any number: commas between them, a repeated flag, an array in the file.
    Many,
    /// True or false; the bare flag means true.
    Switch,
}

impl Key {
    /// The environment variable.
    pub(super) fn variable(&self) -> String {
        format!("LONGSHORE_{}", self.name.to_uppercase().replace('-', "_"))
    }
}

/// The file with settings. It cannot stand in the file.
pub(super) const CONFIG: Key = Key {
    name: "config",
    value: "FILE",
    default: "",
    form: Form::One,
    help: "A TOML file with settings; DIR/longshore.toml of the data folder is read after it",
};

pub(super) const LISTEN: Key = Key {
    name: "listen",
    value: "ADDR:PORT",
    default: "127.0.0.1:7420",
    form: Form::One,
    help: "Where to listen",
};

pub(super) const DATA: Key = Key {
    name: "data",
    value: "DIR",
    default: "longshore-data",
    form: Form::One,
    help: "The data folder; made where there is none",
};

pub(super) const BASE_PATH: Key = Key {
    name: "base-path",
    value: "PATH",
    default: "/",
    form: Form::One,
    help: "The path below which everything is served, as a proxy passes it on: /ls",
};

pub(super) const TRUSTED_PROXIES: Key = Key {
    name: "trusted-proxies",
    value: "ADDR",
    default: "",
    form: Form::Many,
    help: "Addresses or networks (10.0.0.0/8) of proxies that may say who the client is and by which scheme and host it came",
};

pub(super) const TRUSTED_ORIGINS: Key = Key {
    name: "trusted-origins",
    value: "ORIGIN",
    default: "",
    form: Form::Many,
    help: "Further origins whose pages may use Longshore: https://ops.example",
};

pub(super) const CONNECTIONS_PER_ADDRESS: Key = Key {
    name: "connections-per-address",
    value: "N",
    default: "512",
    form: Form::One,
    help: "How many connections one client address (of IPv6, one /64 network) may hold; trusted proxies any number",
};

pub(super) const HSTS: Key = Key {
    name: "hsts",
    value: "BOOL",
    default: "false",
    form: Form::Switch,
    help: "Tell browsers that came by TLS to use nothing else for this host name for a year (Strict-Transport-Security). It holds for all ports of the name, so not where anything on it speaks plain HTTP, as published ports of containers do",
};

pub(super) const TLS: Key = Key {
    name: "tls",
    value: "MODE",
    default: "off",
    form: Form::One,
    help: "self-signed: serve by TLS with a certificate made at start and kept in the data folder; off: without, unless --tls-cert names one",
};

pub(super) const TLS_CERT: Key = Key {
    name: "tls-cert",
    value: "FILE",
    default: "",
    form: Form::One,
    help: "Serve by TLS with this certificate chain (PEM); read again on SIGHUP and once a day",
};

pub(super) const TLS_KEY: Key =
    Key { name: "tls-key", value: "FILE", default: "", form: Form::One, help: "The key of --tls-cert (PEM)" };

pub(super) const ENGINE: Key = Key {
    name: "engine",
    value: "URL",
    default: "unix:///var/run/docker.sock",
    form: Form::One,
    help: "The engine that a new data folder begins with, as host local",
};

pub(super) const ENGINE_DEADLINE: Key = Key {
    name: "engine-deadline",
    value: "SECONDS",
    default: "60",
    form: Form::One,
    help: "How long an engine may take to answer what people ask of it; to stop a container it has the container's own time besides",
};

pub(super) const METRICS_OPEN: Key = Key {
    name: "metrics-open",
    value: "BOOL",
    default: "false",
    form: Form::Switch,
    help: "Let anyone read /metrics. Otherwise it takes an administrator's API key, or a scraper on this machine that comes without a proxy",
};

pub(super) const AUDIT_KEEP: Key = Key {
    name: "audit-keep",
    value: "TIME",
    default: "365d",
    form: Form::One,
    help: "How long rows of the audit log are kept: 365d, 48h, or 0 for ever. What is older is sealed once a day: one row with what proves the rest takes its place",
};

pub(super) const COMPOSE_FOLDERS: Key = Key {
    name: "compose-folders",
    value: "DIR",
    default: "",
    form: Form::Many,
    help: "Folders of this machine beneath which managers may take over stacks of docker compose: their files are read and, once they are Longshore's, written there",
};

pub(super) const LOG: Key = Key {
    name: "log",
    value: "LEVELS",
    default: "info",
    form: Form::One,
    help: "What is logged: error, warn, info, debug, or levels by module: info,longshore=debug",
};

pub(super) const LOG_FORMAT: Key = Key {
    name: "log-format",
    value: "FORMAT",
    default: "text",
    form: Form::One,
    help: "text, or json: one object a line",
};

pub(super) const CONSOLE_GRACE: Key = Key {
    name: "console-grace",
    value: "SECONDS",
    default: "60",
    form: Form::One,
    help: "How long a console is kept for whoever lost the line to it; then what runs in it ends",
};

pub(super) const HEALTHY_WITHIN: Key = Key {
    name: "healthy-within",
    value: "SECONDS",
    default: "600",
    form: Form::One,
    help: "How long the health check of a new container may take until what it replaces is back",
};

/// All of them, in the order of the help.
pub(super) const ALL: [&Key; 20] = [
    &CONFIG,
    &LISTEN,
    &DATA,
    &BASE_PATH,
    &TRUSTED_PROXIES,
    &TRUSTED_ORIGINS,
    &CONNECTIONS_PER_ADDRESS,
    &HSTS,
    &TLS,
    &TLS_CERT,
    &TLS_KEY,
    &ENGINE,
    &ENGINE_DEADLINE,
    &HEALTHY_WITHIN,
    &METRICS_OPEN,
    &CONSOLE_GRACE,
    &AUDIT_KEEP,
    &COMPOSE_FOLDERS,
    &LOG,
    &LOG_FORMAT,
];
