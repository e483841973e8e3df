//! Why an answer is none: as data, with a stable code and its arguments, so that it can be said in any language; `Display`
//! says it in English, with the way out. No answer is repeated in it: it could be a secret.

use std::fmt;

use serde::Serialize;

use crate::variable::{Protocol, Shape};

/// A variable whose answer is refused.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refused {
    /// The variable.
    pub variable: String,
    /// Why.
    pub why: Refusal,
}

/// Why.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the arguments are what the sentences below say of them")]
pub enum Refusal {
    /// The template does not ask for it.
    NotAsked,
    /// It has to be answered.
    Required,
    /// A character that no form can show.
    ControlCharacter,
    /// Too few characters.
    TooShort { least: usize },
    /// Too many characters.
    TooLong { most: usize },
    /// It does not look as it has to.
    BadShape { shape: Shape },
    /// No whole number.
    NotANumber,
    /// Too small or too large.
    OutOfRange { least: i64, most: i64 },
    /// No port.
    NotAPort,
    /// Something else has the port.
    PortTaken { port: u16, protocol: Protocol, free: Option<u16> },
    /// Another answer is the same port.
    PortTwice { port: u16, other: String, free: Option<u16> },
    /// No port is free from the proposed one on.
    NoPortFree,
    /// None of those that there are.
    NotOffered { choices: Vec<String> },
    /// Neither yes nor no.
    NotAFlag,
    /// No absolute path.
    NotAPath,
    /// A secret with a character that programs read in different ways.
    SecretCharacters,
    /// No number of bytes, or fewer than an engine takes.
    BadSize,
    /// No number of processors.
    BadCpus,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.why)
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any text",
            Self::Identifier => "letters, digits and `_`, with a letter first",
            Self::Name => "letters, digits, `.`, `_`, `-` and `@`",
            Self::Email => "a mail address, such as `mia@example.com`",
            Self::Host => "a host name or an address, such as `apps.example.com`",
            Self::Url => "an address that begins with `http://` or `https://`",
        })
    }
}

/// "; 8081 is free", if one is.
struct Free(Option<u16>);

impl fmt::Display for Free {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |port| write!(f, "; {port} is free"))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAsked => write!(f, "the template does not ask for this; leave it out"),
            Self::Required => write!(f, "this has to be answered"),
            Self::ControlCharacter => write!(f, "write it in one line, without control characters"),
            Self::TooShort { least } => write!(f, "write {least} characters or more"),
            Self::TooLong { most } => write!(f, "write no more than {most} characters"),
            Self::BadShape { shape } => write!(f, "write {shape}"),
            Self::NotANumber => write!(f, "write a whole number"),
            Self::OutOfRange { least, most } => write!(f, "write a number from {least} to {most}"),
            Self::NotAPort => write!(f, "write a port, from 1 to 65535"),
            Self::PortTaken { port, protocol, free } => {
                write!(f, "port {port}/{} of the host is taken{}", protocol.word(), Free(*free))
            }
            Self::PortTwice { port, other, free } => {
                write!(f, "port {port} is the answer to `{other}` already{}", Free(*free))
            }
            Self::NoPortFree => write!(f, "no port is free from the proposed one on; write one"),
            Self::NotOffered { choices } => write!(f, "choose one of {}", choices.join(", ")),
            Self::NotAFlag => write!(f, "answer with `true` or `false`"),
            Self::NotAPath => write!(f, "write a path from the root on, without `..` and `:`"),
            Self::SecretCharacters => {
                write!(f, "write letters, digits and signs of ASCII, without spaces, quotes and `\\`")
            }
            Self::BadSize => write!(f, "write a size of 6 MB or more, such as `512m` or `2g`"),
            Self::BadCpus => write!(f, "write a number of processors, such as `1.5`"),
        }
    }
}
