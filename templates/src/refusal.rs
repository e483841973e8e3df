//! Why an answer is none: as data, with a stable code, its arguments and a sentence of the catalogue, with the way out. No
//! answer is repeated in it: it could be a secret.

use std::fmt;

use longshore_api::{sentence::Sentence, words::say::*};
use longshore_compose::problem::in_ticks;
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
#[expect(missing_docs, reason = "the arguments are what the sentences say of them")]
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
        write!(f, "{}: {}", self.variable, self.why.sentence())
    }
}

impl Shape {
    /// What to write.
    fn sentence(self) -> Sentence {
        match self {
            Self::Any => answer_shape_any(),
            Self::Identifier => answer_shape_identifier(),
            Self::Name => answer_shape_name(),
            Self::Email => answer_shape_email(),
            Self::Host => answer_shape_host(),
            Self::Url => answer_shape_url(),
        }
    }
}

impl Refusal {
    /// What is wrong, and what to do.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::NotAsked => answer_not_asked(),
            Self::Required => answer_required(),
            Self::ControlCharacter => answer_control_character(),
            Self::TooShort { least } => answer_too_short(*least),
            Self::TooLong { most } => answer_too_long(*most),
            Self::BadShape { shape } => shape.sentence(),
            Self::NotANumber => answer_not_a_number(),
            Self::OutOfRange { least, most } => answer_out_of_range(*least, *most),
            Self::NotAPort => answer_not_a_port(),
            Self::PortTaken { port, protocol, free: None } => answer_port_taken(*port, protocol.word()),
            Self::PortTaken { port, protocol, free: Some(free) } => {
                answer_port_taken_free(*free, *port, protocol.word())
            }
            Self::PortTwice { port, other, free: None } => answer_port_twice(other, *port),
            Self::PortTwice { port, other, free: Some(free) } => answer_port_twice_free(*free, other, *port),
            Self::NoPortFree => answer_no_port_free(),
            Self::NotOffered { choices } => answer_not_offered(in_ticks(choices)),
            Self::NotAFlag => answer_not_a_flag(),
            Self::NotAPath => answer_not_a_path(),
            Self::SecretCharacters => answer_secret_characters(),
            Self::BadSize => answer_bad_size(),
            Self::BadCpus => answer_bad_cpus(),
        }
    }
}
