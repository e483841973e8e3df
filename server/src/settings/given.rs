//! From flags, variables and files to one value with its origin.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, parser::ValueSource};

use super::keys::{self, Form, Key};

/// The file of the data folder.
const FILE: &str = "longshore.toml";

/// The flags of `longshore serve` as they were written.
#[derive(Clone, Debug, Default)]
pub struct Given {
    flags: BTreeMap<&'static str, Vec<String>>,
}

/// What is wrong with the settings. Each reads as the sentence that the program exits with.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("the settings file {} cannot be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The file is no TOML.
    #[error("the settings file {} is no TOML: {cause}", .path.display())]
    NoToml {
        /// The file.
        path: PathBuf,
        /// Where and why, on one line.
        cause: String,
    },
    /// A key that nobody knows.
    #[error("{key} in {} is no setting; there are: {known}", .path.display())]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// All keys.
        known: String,
    },
    /// A key with something else than a text, a number, true or false, or an array of these.
    #[error("{key} in {} is neither a text nor a list of texts", .path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// The key.
        key: &'static str,
    },
    /// The file of a data folder says that the data folder is another one.
    #[error("data cannot stand in {}, which is found by it", .0.display())]
    Circle(PathBuf),
    /// A variable whose value is no text.
    #[error("{0} is no UTF-8")]
    NoText(String),
    /// A value that does not fit.
    #[error("{origin} is {value:?}, not {expected}")]
    Value {
        /// Flag, variable, or key and file.
        origin: Origin,
        /// As it was given.
        value: String,
        /// What fits.
        expected: String,
    },
    /// A certificate without its key, or the other way round.
    #[error("{given} is set and {missing} is not: TLS needs both")]
    HalfCertificate {
        /// The one.
        given: &'static str,
        /// The other.
        missing: &'static str,
    },
    /// A certificate of one's own, and another to be made.
    #[error("tls is self-signed and tls-cert is set too: choose one")]
    TwoCertificates,
    /// A browser that was told to insist on TLS does not let anyone past a certificate that it cannot check.
    #[error("hsts is set and tls is self-signed: browsers would let nobody in any more")]
    LockOut,
}

/// Where a value was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// On the command line.
    Flag(&'static str),
    /// In the environment.
    Variable(String),
    /// In a file.
    File(&'static str, PathBuf),
    /// Nowhere.
    Default(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "--{name}"),
            Self::Variable(name) => f.write_str(name),
            Self::File(name, path) => write!(f, "{name} in {}", path.display()),
            Self::Default(name) => write!(f, "the default of {name}"),
        }
    }
}

/// Every setting with its values and where they come from.
pub(super) struct Sources {
    values: BTreeMap<&'static str, (Vec<String>, Origin)>,
}

impl Sources {
    /// Looks for every setting in order of precedence.
    pub(super) fn gather(
        given: &Given,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, SettingsError> {
        let mut sources = Self { values: BTreeMap::new() };
        for key in keys::ALL {
            if let Some(values) = given.flags.get(key.name) {
                sources.values.insert(key.name, (values.clone(), Origin::Flag(key.name)));
                continue;
            }
            let name = key.variable();
            // A variable that is set to nothing is how compose files say that it is not set.
            if let Some(value) = variable(&name).filter(|value| !value.is_empty()) {
                let value = value.into_string().map_err(|_| SettingsError::NoText(name.clone()))?;
                sources.values.insert(key.name, (vec![value], Origin::Variable(name)));
            }
        }
        let named = sources.text(&keys::CONFIG);
        if !named.is_empty() {
            sources.add_file(Path::new(&named), false)?;
        }
        let beside = Path::new(&sources.text(&keys::DATA)).join(FILE);
        if beside.exists() {
            sources.add_file(&beside, true)?;
        }
        Ok(sources)
    }

    fn add_file(&mut self, path: &Path, of_data_folder: bool) -> Result<(), SettingsError> {
        let text = fs::read_to_string(path)
            .map_err(|cause| SettingsError::Unreadable { path: path.to_owned(), cause })?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| SettingsError::NoToml {
            path: path.to_owned(),
            cause: one_line(&error, &text),
        })?;
        let known = || keys::ALL.into_iter().filter(|key| key.name != keys::CONFIG.name);
        for (name, value) in table {
            let Some(key) = known().find(|key| key.name == name) else {
                let known: Vec<&str> = known().map(|key| key.name).collect();
                return Err(SettingsError::UnknownKey {
                    path: path.to_owned(),
                    key: name,
                    known: known.join(", "),
                });
            };
            if of_data_folder && key.name == keys::DATA.name {
                return Err(SettingsError::Circle(path.to_owned()));
            }
            let wrong = || SettingsError::Form { path: path.to_owned(), key: key.name };
            let values = match value {
                toml::Value::Array(all) if key.form == Form::Many => {
                    all.iter().map(scalar).collect::<Option<_>>().ok_or_else(wrong)?
                }
                one => vec![scalar(&one).ok_or_else(wrong)?],
            };
            self.values.entry(key.name).or_insert_with(|| (values, Origin::File(key.name, path.to_owned())));
        }
        Ok(())
    }

    fn find(&self, key: &'static Key) -> (Vec<String>, Origin) {
        self.values.get(key.name).cloned().unwrap_or_else(|| {
            let values = Some(key.default).filter(|text| !text.is_empty()).map(str::to_owned);
            (values.into_iter().collect(), Origin::Default(key.name))
        })
    }

    /// The text of a setting of which every text is good; empty where there is none.
    pub(super) fn text(&self, key: &'static Key) -> String {
        self.find(key).0.pop().unwrap_or_default()
    }

    /// The value of a setting; `parse` says what fits if it does not.
    pub(super) fn one<T>(
        &self,
        key: &'static Key,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, SettingsError> {
        let (mut values, origin) = self.find(key);
        let value = values.pop().unwrap_or_default();
        parse(value.trim()).map_err(|expected| SettingsError::Value { origin, value, expected })
    }

    /// The values of a setting that has any number.
    pub(super) fn many<T>(
        &self,
        key: &'static Key,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Vec<T>, SettingsError> {
        let (values, origin) = self.find(key);
        let parts = values.iter().flat_map(|value| value.split(',')).map(str::trim).filter(|v| !v.is_empty());
        parts
            .map(|value| {
                parse(value).map_err(|expected| SettingsError::Value {
                    origin: origin.clone(),
                    value: value.to_owned(),
                    expected,
                })
            })
            .collect()
    }
}

fn scalar(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Boolean(yes) => Some(yes.to_string()),
        toml::Value::Integer(n) => Some(n.to_string()),
        _ => None,
    }
}

fn one_line(error: &toml::de::Error, text: &str) -> String {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
    format!("line {line}: {}", error.message().lines().collect::<Vec<_>>().join(" "))
}

impl FromArgMatches for Given {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut given = Self::default();
        given.update_from_arg_matches(matches)?;
        Ok(given)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for key in keys::ALL {
            if matches.value_source(key.name) == Some(ValueSource::CommandLine)
                && let Some(values) = matches.get_many::<String>(key.name)
            {
                self.flags.insert(key.name, values.cloned().collect());
            }
        }
        Ok(())
    }
}

impl Args for Given {
    fn augment_args(command: clap::Command) -> clap::Command {
        keys::ALL.into_iter().fold(command, |command, key| command.arg(flag(key)))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

fn flag(key: &'static Key) -> Arg {
    let mut help = format!("{} [env: {}]", key.help, key.variable());
    if key.name != keys::CONFIG.name {
        help.push_str(&format!(" [file: {}]", key.name));
    }
    if !key.default.is_empty() {
        help.push_str(&format!(" [default: {}]", key.default));
    }
    let arg = Arg::new(key.name).long(key.name).value_name(key.value).help(help);
    match key.form {
        Form::One => arg.action(ArgAction::Set),
        Form::Many => arg.action(ArgAction::Append),
        Form::Switch => {
            arg.action(ArgAction::Set).num_args(0..=1).require_equals(true).default_missing_value("true")
        }
    }
}
