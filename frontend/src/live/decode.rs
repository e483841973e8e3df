//! Reads what the server says. The wire types describe themselves by tags inside of them, for which serde keeps a copy
//! of every value and a second set of readers; here the tag is looked at first and the rest is read once, straight
//! into its type. It is the same JSON, in a tenth of the code.

use longshore_api::web::{
    host::Host,
    job::Job,
    live::{ByeReason, Delta, Snapshot},
    problem::Problem,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

/// A message of the server.
pub(super) enum Heard {
    Hello { build: String, protocol: u32, epoch: String },
    Snapshot { sub: u32, seq: u64, body: Snapshot },
    Delta { sub: u32, seq: u64, body: Delta },
    Problem { sub: Option<u32>, problem: Problem },
    Bye { reason: ByeReason },
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type")]
    kind: Kind,
    sub: Option<u32>,
    seq: Option<u64>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
    #[serde(borrow)]
    problem: Option<&'a RawValue>,
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
    Bye,
}

#[derive(Deserialize)]
struct Tag {
    topic: Topic,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Topic {
    Containers,
    Hosts,
    Home,
    Events,
    Jobs,
}

#[derive(Deserialize)]
struct Hosts {
    hosts: Vec<Host>,
}

#[derive(Deserialize)]
struct Jobs {
    jobs: Vec<Job>,
}

/// Reads a message; nothing where a server of another build says what this one does not understand.
pub(super) fn read(text: &str) -> Option<Heard> {
    let envelope: Envelope = serde_json::from_str(text).ok()?;
    Some(match envelope.kind {
        Kind::Hello => {
            Heard::Hello { build: envelope.build?, protocol: envelope.protocol?, epoch: envelope.epoch? }
        }
        Kind::Snapshot => {
            Heard::Snapshot { sub: envelope.sub?, seq: envelope.seq?, body: snapshot(envelope.body?.get())? }
        }
        Kind::Delta => {
            Heard::Delta { sub: envelope.sub?, seq: envelope.seq?, body: delta(envelope.body?.get())? }
        }
        Kind::Problem => Heard::Problem { sub: envelope.sub, problem: one(envelope.problem?.get())? },
        Kind::Bye => Heard::Bye { reason: envelope.reason? },
    })
}

fn snapshot(text: &str) -> Option<Snapshot> {
    Some(match one::<Tag>(text)?.topic {
        Topic::Containers => Snapshot::Containers(one(text)?),
        Topic::Hosts => Snapshot::Hosts { hosts: one::<Hosts>(text)?.hosts },
        Topic::Home => Snapshot::Home(one(text)?),
        Topic::Events => Snapshot::Events(one(text)?),
        Topic::Jobs => Snapshot::Jobs { jobs: one::<Jobs>(text)?.jobs },
    })
}

fn delta(text: &str) -> Option<Delta> {
    Some(match one::<Tag>(text)?.topic {
        Topic::Containers => Delta::Containers(one(text)?),
        Topic::Hosts => Delta::Hosts { hosts: one::<Hosts>(text)?.hosts },
        Topic::Home => Delta::Home(one(text)?),
        Topic::Events => Delta::Events(one(text)?),
        Topic::Jobs => Delta::Jobs { jobs: one::<Jobs>(text)?.jobs },
    })
}

fn one<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use longshore_api::web::{
        container::{ContainerDelta, ContainerWindow},
        event::EventWindow,
        home::{Home, HomeDelta},
        live::ServerMessage,
    };

    use super::*;

    /// What the server's own types write is what is read here, for every topic.
    #[test]
    fn every_message_of_the_server_is_understood() {
        let snapshots = [
            Snapshot::Containers(ContainerWindow { offset: 3, ..ContainerWindow::default() }),
            Snapshot::Hosts { hosts: Vec::new() },
            Snapshot::Home(Box::new(Home { trouble: 2, ..Home::default() })),
            Snapshot::Events(EventWindow { found: 7, ..EventWindow::default() }),
            Snapshot::Jobs { jobs: Vec::new() },
        ];
        for body in snapshots {
            let message = ServerMessage::Snapshot { sub: 1, seq: 2, body: body.clone() };
            let text = serde_json::to_string(&message).unwrap();
            assert!(
                matches!(read(&text), Some(Heard::Snapshot { sub: 1, seq: 2, body: read }) if read == body),
                "{text}"
            );
        }
        let deltas = [
            Delta::Containers(ContainerDelta::default()),
            Delta::Hosts { hosts: Vec::new() },
            Delta::Home(Box::new(HomeDelta { trouble: Some(2), ..HomeDelta::default() })),
            Delta::Events(EventWindow::default()),
            Delta::Jobs { jobs: Vec::new() },
        ];
        for body in deltas {
            let text =
                serde_json::to_string(&ServerMessage::Delta { sub: 1, seq: 2, body: body.clone() }).unwrap();
            assert!(matches!(read(&text), Some(Heard::Delta { body: read, .. }) if read == body), "{text}");
        }
        let bye = serde_json::to_string(&ServerMessage::Bye { reason: ByeReason::SignedOut }).unwrap();
        assert!(matches!(read(&bye), Some(Heard::Bye { reason: ByeReason::SignedOut })));
        assert!(read("{}").is_none());
        assert!(read("not json").is_none());
    }
}
