//! What a template asks for, and what can be answered.

use longshore_compose::units::Size;
use serde::{Deserialize, Serialize};

use crate::{refusal::Refusal, secret::Alphabet, words::Words};

/// One question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    /// The name under which the answer stands in the file.
    pub name: String,
    /// What is asked.
    pub label: Words,
    /// What helps to answer.
    pub help: Words,
    /// What can be answered.
    pub kind: Kind,
    /// Whether it has to be answered.
    pub required: bool,
    /// What is proposed.
    pub default: Option<String>,
    /// Whether it is asked at all; one that is not always is what is proposed.
    pub asked: bool,
    /// Whether the answer is kept sealed and never shown again.
    pub sealed: bool,
}

/// What can be answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Kind {
    /// A text in one line.
    Text {
        /// Characters at least.
        min: usize,
        /// Characters at most.
        max: usize,
        /// What it has to look like.
        shape: Shape,
    },
    /// A whole number.
    Number {
        /// At least.
        least: i64,
        /// At most.
        most: i64,
    },
    /// A port of the host.
    Port {
        /// How it is spoken to.
        protocol: Protocol,
    },
    /// One of several.
    Choice {
        /// Which there are.
        of: Vec<Choice>,
    },
    /// Yes or no.
    Flag {
        /// What yes reads as.
        on: String,
        /// What no reads as.
        off: String,
    },
    /// A path, absolute.
    Path,
    /// A password or a key, made when nothing is entered.
    Secret {
        /// How many characters are made.
        length: usize,
        /// Of which.
        alphabet: Alphabet,
    },
    /// How much memory: `512m`, `2g`.
    Memory,
    /// How many processors: `1.5`.
    Cpus,
}

/// What a text has to look like. A list rather than a pattern: each can be told to a person in a sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Anything.
    #[default]
    Any,
    /// Letters, digits and `_`, a letter first: databases and their users.
    Identifier,
    /// Letters, digits, `.`, `_`, `-` and `@`: people.
    Name,
    /// A mail address.
    Email,
    /// A host name or an address.
    Host,
    /// An address with `http://` or `https://`.
    Url,
}

impl Shape {
    /// All of them, by their words in a file.
    pub const ALL: [(&'static str, Self); 6] = [
        ("any", Self::Any),
        ("identifier", Self::Identifier),
        ("name", Self::Name),
        ("email", Self::Email),
        ("host", Self::Host),
        ("url", Self::Url),
    ];

    /// Whether a text looks like it.
    pub fn fits(self, text: &str) -> bool {
        let word = |more: &str, text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
        };
        let host = |text: &str| {
            let text = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
            word(".-_:", text) && !text.starts_with(['-', '.'])
        };
        match self {
            Self::Any => true,
            Self::Identifier => {
                text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && word("_", text)
            }
            Self::Name => word("._-@", text),
            Self::Email => match text.rsplit_once('@') {
                Some((name, at)) => {
                    !name.is_empty()
                        && name.chars().all(|c| !c.is_whitespace() && c != '@')
                        && host(at)
                        && !at.contains(':')
                }
                None => false,
            },
            Self::Host => host(text) && !text.contains("//"),
            Self::Url => {
                let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
                rest.is_some_and(|rest| {
                    host(rest.split(['/', '?', '#']).next().unwrap_or_default())
                        && rest.chars().all(|c| c.is_ascii_graphic() && !"\"'<>\\`".contains(c))
                })
            }
        }
    }
}

/// How a port is spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// By TCP.
    #[default]
    Tcp,
    /// By UDP.
    Udp,
    /// By SCTP.
    Sctp,
}

impl Protocol {
    /// All of them, by their words in a file.
    pub const ALL: [(&'static str, Self); 3] = [("tcp", Self::Tcp), ("udp", Self::Udp), ("sctp", Self::Sctp)];

    /// The word in a file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
        }
    }
}

/// One of several answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What stands in the file.
    pub value: String,
    /// What a person reads.
    pub label: Words,
}

/// How long an answer may be where nothing else is said.
pub const LONGEST: usize = 4096;

impl Variable {
    /// Whether an answer is one, and the form in which it is kept.
    ///
    /// # Errors
    /// Why it is not.
    pub fn check(&self, answer: &str) -> Result<String, Refusal> {
        if answer.chars().any(|c| c.is_control() && c != '\t') {
            return Err(Refusal::ControlCharacter);
        }
        let kept =
            if matches!(self.kind, Kind::Text { .. } | Kind::Secret { .. }) { answer } else { answer.trim() };
        if kept.is_empty() {
            return if self.required { Err(Refusal::Required) } else { Ok(String::new()) };
        }
        let count = kept.chars().count();
        if count > LONGEST {
            return Err(Refusal::TooLong { most: LONGEST });
        }
        match &self.kind {
            Kind::Text { min, max, shape } => {
                if count < *min {
                    return Err(Refusal::TooShort { least: *min });
                }
                if count > *max {
                    return Err(Refusal::TooLong { most: *max });
                }
                if !shape.fits(kept) {
                    return Err(Refusal::BadShape { shape: *shape });
                }
            }
            Kind::Number { least, most } => {
                let number: i64 = kept.parse().map_err(|_| Refusal::NotANumber)?;
                if number < *least || number > *most {
                    return Err(Refusal::OutOfRange { least: *least, most: *most });
                }
                return Ok(number.to_string());
            }
            Kind::Port { .. } => return port(kept).map(|port| port.to_string()).ok_or(Refusal::NotAPort),
            Kind::Choice { of } => {
                if !of.iter().any(|choice| choice.value == kept) {
                    let choices = of.iter().map(|choice| choice.value.clone()).collect();
                    return Err(Refusal::NotOffered { choices });
                }
            }
            Kind::Flag { on, off } => {
                return match kept {
                    _ if kept == on || kept == off => Ok(kept.to_owned()),
                    "true" => Ok(on.clone()),
                    "false" => Ok(off.clone()),
                    _ => Err(Refusal::NotAFlag),
                };
            }
            Kind::Path => {
                let parts_up = kept.split('/').any(|part| part == "..");
                if !kept.starts_with('/') || parts_up || kept.contains(':') {
                    return Err(Refusal::NotAPath);
                }
            }
            Kind::Secret { .. } => {
                // They stand in addresses, files of settings and command lines of the images, each with quotes of its own.
                if !kept.chars().all(|c| c.is_ascii_graphic() && !"'\"`\\".contains(c)) {
                    return Err(Refusal::SecretCharacters);
                }
            }
            Kind::Memory => {
                let size = Size::read(kept).ok_or(Refusal::BadSize)?.0;
                // The least that an engine takes.
                if size < 6 << 20 {
                    return Err(Refusal::BadSize);
                }
            }
            Kind::Cpus => {
                let plain = kept.bytes().all(|b| b.is_ascii_digit() || b == b'.');
                let cpus = kept.parse::<f64>().ok().filter(|_| plain);
                if cpus.is_none_or(|cpus| !(0.01..=1024.0).contains(&cpus)) {
                    return Err(Refusal::BadCpus);
                }
            }
        }
        Ok(kept.to_owned())
    }
}

/// A port as a person writes it.
pub fn port(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port != 0)
}
