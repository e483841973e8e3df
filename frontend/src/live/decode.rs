//! Reads what the server says. The wire types describe themselves by tags inside of them, for which serde keeps a copy
//! of every value and a second set of readers; here the tag is looked at first and the rest is read once, straight
//! into its type, by whoever asked for it. It is the same JSON, in a tenth of the code.

use longshore_api::web::{live::ByeReason, problem::Problem};
use serde::{Deserialize, de::DeserializeOwned};

use crate::json::{self, Raw};

/// A message of the server.
pub(super) enum Heard<'a> {
    Hello { build: String, protocol: u32, epoch: String },
    Snapshot { sub: u32, seq: u64, body: Body<'a> },
    Delta { sub: u32, seq: u64, body: Body<'a> },
    Problem { sub: Option<u32>, problem: Problem },
    Renewed,
    Bye { reason: ByeReason },
}

/// What a message says on its topic, not yet read. A listener reads as much of it as it shows.
#[derive(Clone, Copy)]
pub(crate) struct Body<'a>(&'a str);

impl Body<'_> {
    /// Reads it; nothing where it is not of the type.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Option<T> {
        json::read(self.0)
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type")]
    kind: Kind,
    sub: Option<u32>,
    seq: Option<u64>,
    #[serde(borrow)]
    body: Option<Raw<'a>>,
    #[serde(borrow)]
    problem: Option<Raw<'a>>,
    build: Option<String>,
    protocol: Option<u32>,
    epoch: Option<String>,
    reason: Option<ByeReason>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Hello,
    Snapshot,
    Delta,
    Problem,
    Renewed,
    Bye,
}

/// Reads a message; nothing where a server of another build says what this one does not understand.
pub(super) fn read(text: &str) -> Option<Heard<'_>> {
    let envelope: Envelope<'_> = json::read(text)?;
    Some(match envelope.kind {
        Kind::Hello => {
            Heard::Hello { build: envelope.build?, protocol: envelope.protocol?, epoch: envelope.epoch? }
        }
        Kind::Snapshot => {
            Heard::Snapshot { sub: envelope.sub?, seq: envelope.seq?, body: Body(envelope.body?.0) }
        }
        Kind::Delta => Heard::Delta { sub: envelope.sub?, seq: envelope.seq?, body: Body(envelope.body?.0) },
        Kind::Problem => Heard::Problem { sub: envelope.sub, problem: json::read(envelope.problem?.0)? },
        Kind::Renewed => Heard::Renewed,
        Kind::Bye => Heard::Bye { reason: envelope.reason? },
    })
}

#[cfg(test)]
mod tests {
    use longshore_api::web::{
        container::{ContainerDelta, ContainerWindow},
        event::EventWindow,
        home::{Home, HomeDelta},
        live::{Delta, ServerMessage, Snapshot},
    };

    use super::*;

    fn reads_as<T: DeserializeOwned + PartialEq>(message: &ServerMessage, expected: &T) -> bool {
        let text = serde_json::to_string(message).unwrap();
        match read(&text) {
            Some(Heard::Snapshot { sub: 1, seq: 2, body } | Heard::Delta { sub: 1, seq: 2, body }) => {
                body.read::<T>().is_some_and(|read| read == *expected)
            }
            _ => false,
        }
    }

    /// What the server's own types write is what is read here.
    #[test]
    fn every_message_of_the_server_is_understood() {
        let renewed = serde_json::to_string(&ServerMessage::Renewed).unwrap();
        assert!(matches!(read(&renewed), Some(Heard::Renewed)));
        let window = ContainerWindow { offset: 3, ..ContainerWindow::default() };
        let body = Snapshot::Containers(window.clone());
        assert!(reads_as(&ServerMessage::Snapshot { sub: 1, seq: 2, body }, &window));
        let home = Home { trouble: 2, ..Home::default() };
        let body = Snapshot::Home(Box::new(home.clone()));
        assert!(reads_as(&ServerMessage::Snapshot { sub: 1, seq: 2, body }, &home));
        let home = HomeDelta { trouble: Some(2), ..HomeDelta::default() };
        let body = Delta::Home(Box::new(home.clone()));
        assert!(reads_as(&ServerMessage::Delta { sub: 1, seq: 2, body }, &home));
        let events = EventWindow { found: 7, ..EventWindow::default() };
        let body = Delta::Events(events.clone());
        assert!(reads_as(&ServerMessage::Delta { sub: 1, seq: 2, body }, &events));
        let body = Delta::Containers(ContainerDelta::default());
        assert!(reads_as(&ServerMessage::Delta { sub: 1, seq: 2, body }, &ContainerDelta::default()));
        let bye = serde_json::to_string(&ServerMessage::Bye { reason: ByeReason::SignedOut }).unwrap();
        assert!(matches!(read(&bye), Some(Heard::Bye { reason: ByeReason::SignedOut })));
        assert!(read("{}").is_none());
        assert!(read("not json").is_none());
    }
}
