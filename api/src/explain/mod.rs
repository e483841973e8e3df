//! Engine errors that people know by heart, explained: what happened, and what to do next. From the engine's own words,
//! which differ from version to version and from engine to engine, and from the code with which a container ended.
//!
//! What is not known for certain has no explanation: the engine's words stand for themselves.

mod exit;
mod host;
mod registry;
mod runtime;
mod said;

pub use exit::exit;
use said::Said;

use crate::sentence::Sentence;

/// What stands behind an engine's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What happened.
    pub what: Sentence,
    /// What a person can do about it.
    pub next: Sentence,
    /// Where that can be done, if it is in reach.
    pub see: Option<See>,
}

impl Explanation {
    fn new(what: Sentence, next: Sentence) -> Self {
        Self { what, next, see: None }
    }

    fn see(self, see: Option<See>) -> Self {
        Self { see, ..self }
    }
}

/// What an explanation leads to, on the host of the engine that spoke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum See {
    /// The container of this name.
    Container(String),
    /// Whoever has this port of the host.
    Port {
        /// Its number.
        port: u16,
        /// `tcp` or `udp`.
        protocol: &'static str,
    },
    /// What takes the room.
    Room,
}

/// The explanation of what an engine said.
pub fn words(engine: &str) -> Option<Explanation> {
    let said = Said::new(engine);
    host::explain(&said).or_else(|| registry::explain(&said)).or_else(|| runtime::explain(&said))
}

/// The explanation of the last lines of a container's log: of what its runtime wrote there because the program did not
/// begin. What programs write of their own is about their own world.
pub fn last_words(log: &str) -> Option<Explanation> {
    log.lines().rev().map(str::trim).filter(|line| line.contains("exec")).find_map(|line| {
        let by_runtime = line.starts_with("exec ") || line.contains("exec user process caused");
        runtime::begin(&Said::new(line)).filter(|_| by_runtime)
    })
}

#[cfg(test)]
mod tests;
