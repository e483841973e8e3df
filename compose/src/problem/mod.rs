//! What is wrong with a file, as data: what it is, of what it speaks, and where. Each has a stable code, its arguments and a
//! sentence of the catalogue, with the way out.

mod sentences;
mod texts;

use std::fmt;

use serde::Serialize;

use crate::{place::Place, shape::near};

pub use sentences::in_ticks;

/// Something that was found in a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What.
    pub problem: Problem,
    /// Where it is written.
    pub at: Place,
    /// The path of keys that leads there: `services.web.ports.0`; empty where there is none.
    pub path: String,
}

impl Finding {
    /// Something that concerns a file rather than a value in it.
    pub fn new(problem: Problem, at: Place) -> Self {
        Self { problem, at, path: String::new() }
    }

    /// Whether a project can be made nevertheless.
    pub fn is_warning(&self) -> bool {
        self.problem.is_warning()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "{}: {}", self.at, self.problem),
            path => write!(f, "{}: {path}: {}", self.at, self.problem),
        }
    }
}

/// What a value has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    /// A text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// A list.
    List,
    /// Keys and values.
    Map,
    /// A text or a list of texts.
    TextOrList,
    /// A list of `KEY=value` or a map.
    Pairs,
    /// A text or keys and values.
    TextOrMap,
    /// A list, or keys and values.
    ListOrMap,
    /// A text, a number or a truth value.
    Scalar,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// Nothing.
    Null,
    /// A truth value.
    Flag,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// Keys and values.
    Map,
}

/// What a file may define at its top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Thing {
    /// A service.
    Service,
    /// A network.
    Network,
    /// A volume.
    Volume,
    /// A secret.
    Secret,
    /// A config.
    Config,
    /// A model.
    Model,
}

impl Thing {
    /// The key under which they stand.
    pub fn key(self) -> &'static str {
        match self {
            Self::Service => "services",
            Self::Network => "networks",
            Self::Volume => "volumes",
            Self::Secret => "secrets",
            Self::Config => "configs",
            Self::Model => "models",
        }
    }
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the arguments are what the sentences of the catalogue say of them")]
pub enum Problem {
    // the text itself
    /// The text is no YAML.
    NotYaml { said: String },
    /// There is nothing in the file.
    Empty,
    /// The file is larger than we read.
    FileTooLarge { bytes: usize, limit: usize },
    /// Aliases, or files that extend one another, make more of it than we take.
    TooMuch { nodes: usize },
    /// Values stand too deep in one another.
    TooDeep { limit: usize },
    /// A key stands twice in one map.
    DuplicateKey { key: String, first: Place },
    /// A list or a map where a key belongs.
    KeyNotText,
    /// A tag that means nothing here.
    UnknownTag { tag: String },
    /// An alias within what it stands for.
    AliasWithinItself,
    /// `<<` takes a map or a list of maps.
    BadMergeKey,

    // files
    /// A file that is not there.
    FileMissing { file: String },
    /// A file beyond the folder of the stack.
    FileOutside { file: String },
    /// A file that cannot be read.
    FileUnreadable { file: String, said: String },
    /// A file that is no text.
    FileNotText { file: String },
    /// More files than we read for one project.
    TooManyFiles { limit: usize },

    // variables
    /// A `${` that is no reference to a variable.
    BadReference { text: String },
    /// A variable that has to be set and is not.
    VariableRequired { name: String, message: String },
    /// A variable that is not set; it reads as empty.
    VariableUnset { name: String },
    /// Variables make the file larger than we take.
    VariablesTooLarge { limit: usize },
    /// A line of an env file has no name that a variable could have.
    EnvName { text: String },
    /// A quote in an env file does not end.
    EnvQuote { name: String },

    // shapes
    /// A key that the specification does not know.
    UnknownKey { key: String, near: Option<String> },
    /// A key that is missing.
    MissingKey { key: &'static str },
    /// A value of the wrong kind.
    WrongKind { wanted: Wanted, found: Found },
    /// A value that is none of those that there are.
    NotAChoice { value: String, choices: Vec<&'static str>, near: Option<String> },
    /// A number that is too small or too large.
    OutOfRange { value: String, least: i64, most: i64 },
    /// No span of time.
    BadSpan { value: String },
    /// No address, or no network of addresses.
    BadAddress { value: String },
    /// No number of bytes.
    BadSize { value: String },
    /// A name that cannot be one.
    BadName { name: String },
    /// A project's name that cannot be one.
    BadProjectName { name: String },
    /// No project has a name of its own, and none can be made of the folder's.
    NoProjectName,
    /// No port.
    BadPort { value: String },
    /// Ranges of ports of different lengths.
    PortRanges { value: String },
    /// More ports than we take.
    TooManyPorts { limit: usize },
    /// A volume that cannot be read.
    BadVolume { value: String },
    /// A Windows path.
    WindowsPath { path: String },
    /// A path from somebody's home folder.
    HomePath { path: String },
    /// A path of a container that does not begin with `/`.
    TargetNotAbsolute { path: String },
    /// A path in the container that a file is to be put at, and that leads up.
    TargetUp { path: String },
    /// A host without an address.
    BadHost { value: String },
    /// A command whose quotes do not end.
    BadCommand { value: String },
    /// A variable's name that ends with a space.
    SpaceInName { name: String },
    /// A number that reads as another text than was written.
    NumberRewritten { written: String, read: String },
    /// Services stand at the top of the file, as in version 1.
    ServicesAtTop { service: String },
    /// `version` says nothing any more.
    VersionObsolete,
    /// `external: {name: …}` is written `name: …` now.
    ExternalName,
    /// What is external is defined elsewhere.
    ExternalDefined { key: String },

    // extends, include, profiles
    /// A service to extend that is not there.
    ExtendsUnknown { service: String, file: String, near: Option<String> },
    /// Services that extend one another in a circle.
    ExtendsCycle { chain: Vec<String> },
    /// Files that include one another in a circle.
    IncludeCycle { chain: Vec<String> },
    /// An included file defines what is there already, and differently.
    IncludeConflict { thing: Thing, name: String, other: Place },
    /// A service needs one that no active profile has.
    NotInProfile { service: String, profiles: Vec<String> },
    /// A service was asked for by name and is not there.
    NoSuchService { service: String, near: Option<String> },

    // the whole
    /// No service at all.
    NoServices,
    /// A service with neither image nor build.
    NoImage,
    /// Something that is not defined.
    Undefined { thing: Thing, name: String, near: Option<String> },
    /// Services that wait for one another in a circle.
    DependsCycle { chain: Vec<String> },
    /// A service waits for the health of one that has no check of its own.
    NoHealthCheck { service: String },
    /// Two services with one port of the host.
    PortTaken { port: String, service: String, other: Place },
    /// A port of the host for several containers of one service; only a swarm shares it among them.
    PortScaled { port: String, scale: u64 },
    /// A container's name for several containers.
    NameScaled { name: String, scale: u64 },
    /// Two services with one container's name.
    NameTaken { name: String, service: String, other: Place },
    /// Two keys that exclude each other.
    Exclusive { one: &'static str, other: &'static str },
    /// Two keys that mean the same and differ.
    Differ { one: &'static str, other: &'static str },
    /// Two mounts at one path of the container.
    TargetTaken { target: String, other: Place },
    /// A check that does not begin with `CMD`, `CMD-SHELL` or `NONE`.
    BadHealthTest { value: String },
    /// A secret or a config that comes from nowhere, or from several places.
    OneSource { choices: Vec<&'static str> },
    /// A static address on a network that has no subnet of its own.
    NoSubnet { network: String },
    /// Ports are not published by a container on the host's own network.
    PortsOnHost,
    /// A key that has no effect outside of a swarm.
    SwarmOnly { key: &'static str },
    /// The typed project could not be made of the tree; a fault of ours.
    Internal { said: String },
}

impl Problem {
    /// The stable name of the problem: `unknown-key`.
    pub fn code(&self) -> String {
        match serde_json::to_value(self) {
            Ok(value) => value["code"].as_str().unwrap_or_default().to_owned(),
            Err(_) => String::new(),
        }
    }

    /// Whether a project can be made nevertheless.
    pub fn is_warning(&self) -> bool {
        matches!(
            self,
            Self::VariableUnset { .. }
                | Self::VersionObsolete
                | Self::ExternalName
                | Self::NumberRewritten { .. }
                | Self::NoHealthCheck { .. }
                | Self::PortsOnHost
                | Self::PortScaled { .. }
                | Self::SwarmOnly { .. }
        )
    }
}

/// What stands for a secret.
const HIDDEN: &str = "***";

/// A text of a file that is longer than this is not repeated.
const LONGEST: usize = 4 << 10;

/// What was found so far.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    all: Vec<Finding>,
    secrets: Vec<String>,
}

impl Findings {
    /// How many are kept; a file that is wrong everywhere says nothing more with the rest.
    pub const MOST: usize = 200;

    /// None that says any of these values.
    pub fn without(secrets: impl IntoIterator<Item = String>) -> Self {
        let mut secrets: Vec<_> = secrets.into_iter().filter(|secret| !secret.trim().is_empty()).collect();
        // One that is part of another would leave the rest of it.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { all: Vec::new(), secrets }
    }

    /// Adds one, unless it is known. What is secret is not said.
    pub fn add(&mut self, finding: Finding) {
        let mut finding = finding;
        // The first error counts whatever was said before it: without one there would be a project.
        let full = self.all.len() >= Self::MOST;
        if full && (finding.is_warning() || self.any_error()) {
            return;
        }
        for text in finding.problem.texts().into_iter().chain([&mut finding.path]) {
            // Cut short, it could have a part of a secret at its end.
            if text.len() > LONGEST {
                "…".clone_into(text);
            }
        }
        for secret in &self.secrets {
            for text in finding.problem.texts().into_iter().chain([&mut finding.path]) {
                if text.contains(secret) {
                    *text = text.replace(secret, HIDDEN);
                }
            }
        }
        if !self.all.contains(&finding) {
            self.all.truncate(Self::MOST - 1);
            self.all.push(finding);
        }
    }

    /// What somebody may have meant; nothing, once no more findings are kept.
    pub fn near<'a>(&self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
        if self.all.len() < Self::MOST { near(written, known) } else { None }
    }

    /// Adds a problem at a place and path.
    pub fn say(&mut self, problem: Problem, at: &Place, path: &str) {
        self.add(Finding { problem, at: at.clone(), path: path.to_owned() });
    }

    /// Whether something stands in the way of a project.
    pub fn any_error(&self) -> bool {
        self.errors() > 0
    }

    /// How many things stand in the way of a project.
    pub fn errors(&self) -> usize {
        self.all.iter().filter(|finding| !finding.is_warning()).count()
    }

    /// All of them, in the order of files and lines.
    pub fn into_sorted(mut self) -> Vec<Finding> {
        self.all.sort_by(|left, right| left.at.cmp(&right.at));
        self.all
    }
}
