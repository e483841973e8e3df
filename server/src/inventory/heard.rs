//! What a batch of an engine's events says: what happened, what has changed, what is gone.

use std::collections::{BTreeSet, HashMap};

use longshore_api::web::{RowKey, event::Event, shelf::Shelf};
use memchr::memmem;

use super::{
    EngineId,
    engine::Message,
    lines::Line,
    normal::{self, NAME_MAX, capped},
    stops::Sign,
};
use crate::store::now;

/// So many bytes of the words for kind and action are kept.
const WORD_MAX: usize = 128;

/// What was heard.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// What happened, for people.
    pub(super) told: Vec<Event>,
    /// Containers that look different now.
    pub(super) touched: BTreeSet<EngineId>,
    /// Containers that are no more.
    pub(super) gone: BTreeSet<EngineId>,
    /// What tells whether an end was asked for, in order.
    pub(super) signs: Vec<(EngineId, Sign, i64)>,
    /// The names of containers, as far as their own events told them.
    names: HashMap<String, String>,
    /// What must be listed again.
    pub(super) shelves: Vec<Shelf>,
    /// Something happened of which not even the beginning is understood: only the whole list tells what has changed.
    pub(super) missed: bool,
}

impl Heard {
    /// Takes a line of the event stream in.
    pub(super) fn note(&mut self, host: &str, line: &Line) {
        if !line.cut {
            self.note_whole(host, &line.bytes);
        } else if !is_exec(&line.bytes) {
            match head(&line.bytes) {
                Some(head) => self.note_whole(host, &head),
                None => self.missed = true,
            }
        }
    }

    fn note_whole(&mut self, host: &str, line: &[u8]) {
        let Ok(message) = serde_json::from_slice::<Message>(line) else {
            tracing::warn!(host.slug = host, "an event that is no event was passed over");
            return;
        };
        let kind = capped(message.kind.unwrap_or_default(), WORD_MAX);
        let action = message.action.unwrap_or_default();
        // Health checks run commands by the minute, and the text of an exec is not for everyone's eyes.
        if action.starts_with("exec_") {
            return;
        }
        let action = capped(action, WORD_MAX);
        let (id, attributes) = message
            .actor
            .map(|actor| (actor.id.unwrap_or_default(), actor.attributes.unwrap_or_default()))
            .unwrap_or_default();
        let at = message
            .time_nano
            .map(|nanoseconds| nanoseconds / 1_000_000)
            .or(message.time.map(|seconds| seconds.saturating_mul(1000)))
            .unwrap_or_else(now);
        self.mark(host, &kind, &action, &id, &attributes);
        if kind == "container"
            && let Some(sign) = Sign::of(&action, attributes.get("signal").map(String::as_str))
            && let Ok(id) = id.parse()
        {
            self.signs.push((id, sign, at));
        }
        self.shelves.extend(shelf(&kind, &action));
        // What a person would call noise: it changes nothing.
        if matches!(action.as_str(), "top" | "resize" | "attach" | "detach" | "archive-path") {
            return;
        }
        let name = attributes.get("name").filter(|name| !name.is_empty()).cloned();
        if kind == "container"
            && let Some(name) = &name
        {
            self.names.insert(id.clone(), capped(name.clone(), NAME_MAX));
        }
        // Its full id where nothing has told its name yet: the inventory may know it.
        let container = attributes.get("container").filter(|_| kind == "network");
        let container = container.map(|id| self.names.get(id).unwrap_or(id).clone());
        self.told.push(Event {
            key: RowKey(0),
            host: host.to_owned(),
            at,
            name: capped(name.unwrap_or_else(|| id.chars().take(12).collect()), NAME_MAX),
            stack: normal::stack(&attributes),
            container: container.map(|container| capped(container, NAME_MAX)),
            exit_code: attributes.get("exitCode").and_then(|code| code.parse().ok()),
            kind,
            action,
            id: capped(id, NAME_MAX),
        });
    }

    fn mark(&mut self, host: &str, kind: &str, action: &str, id: &str, attributes: &HashMap<String, String>) {
        let id = match kind {
            "container" => Some(id),
            "network" if matches!(action, "connect" | "disconnect") => {
                attributes.get("container").map(String::as_str)
            }
            _ => None,
        };
        let Some(id) = id else { return };
        let Ok(id) = id.parse() else {
            tracing::debug!(host.slug = host, "an event of what has no full id touches nothing");
            return;
        };
        if kind == "container" && action == "destroy" {
            self.touched.remove(&id);
            self.gone.insert(id);
        } else if !self.gone.contains(&id) {
            self.touched.insert(id);
        }
    }
}

/// An event whose attributes, its labels among them, are too long to be read: the same without them. Engines write kind,
/// action and id first.
fn head(beginning: &[u8]) -> Option<Vec<u8>> {
    // Within a text the quotes would be escaped.
    let end = memmem::find(beginning, br#""Attributes":{"#)?;
    let head = [&beginning[..end], br#""Attributes":{}}}"#].concat();
    serde_json::from_slice::<Message>(&head).is_ok().then_some(head)
}

/// Whether it is of a command in a container, which may be as long as it likes and changes nothing.
fn is_exec(beginning: &[u8]) -> bool {
    let is = |key: &[u8]| memmem::find(beginning, key).is_some();
    is(br#""Action":"exec_"#) || is(br#""status":"exec_"#)
}

/// The shelf that looks different after an event. Who uses what is told by the containers.
fn shelf(kind: &str, action: &str) -> Option<Shelf> {
    match (kind, action) {
        (_, "connect" | "disconnect" | "mount" | "unmount" | "save" | "push") => None,
        ("image", _) | ("container", "commit") => Some(Shelf::Images),
        ("network", _) => Some(Shelf::Networks),
        ("volume", _) => Some(Shelf::Volumes),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn heard(lines: &[serde_json::Value]) -> Heard {
        let mut heard = Heard::default();
        for line in lines {
            heard.note("quay", &Line { bytes: line.to_string().into_bytes(), cut: false });
        }
        heard
    }

    #[test]
    fn hostile_events_touch_nothing_and_break_nothing() {
        let hostile = heard(&[
            json!({"Type": "container", "Action": "start", "Actor": {"ID": "é".repeat(32)}, "time": i64::MAX}),
            json!({"Type": "container", "Action": "destroy", "Actor": {"ID": "../../info"}, "timeNano": i64::MIN}),
            json!({"Type": "network", "Action": "connect", "Actor": {"ID": "n", "Attributes": {"container": "a/b"}}}),
            json!({"Type": "k".repeat(99_999), "Action": "a".repeat(99_999), "Actor": {"ID": "i".repeat(99_999)}}),
            json!({"Type": "container", "Actor": null}),
            json!(null),
        ]);
        assert_eq!((hostile.touched.len(), hostile.gone.len()), (0, 0));
        assert!(hostile.told.iter().all(|e| e.kind.len() + e.action.len() + e.id.len() + e.name.len() < 999));
        assert_eq!(hostile.told[0].at, i64::MAX);
    }

    #[test]
    fn an_event_with_too_many_labels_touches_its_container_all_the_same() {
        let id = "a".repeat(64);
        let cut = |text: String| {
            let mut heard = Heard::default();
            heard.note("quay", &Line { bytes: text.into_bytes(), cut: true });
            heard
        };
        let event = |action: &str, attributes: &str| {
            format!(
                r#"{{"status":"{action}","id":"{id}","from":"\"Attributes\":{{","Type":"container","Action":"{action}","Actor":{{"ID":"{id}",{attributes}"#
            )
        };
        let died = cut(event("die", r#""Attributes":{"pad":"yyyy"#));
        assert_eq!((died.touched, died.missed), ([id.parse().expect("an id")].into(), false));
        assert_eq!(died.signs.len(), 1);
        let gone = cut(event("destroy", r#""Attributes":{"pad":"yyyy"#));
        assert_eq!(gone.gone, [id.parse().expect("an id")].into());
        assert!(cut(event("die", r#""Attrib"#)).missed);
        let exec = cut(format!(r#"{{"status":"exec_create: {}"#, "x".repeat(999)));
        assert!(!exec.missed && exec.told.is_empty());
    }

    #[test]
    fn what_is_gone_at_the_end_of_a_batch_is_gone() {
        let event = |action, digit: &str| json!({"Type": "container", "Action": action, "Actor": {"ID": digit.repeat(64)}});
        let batch = heard(&[
            event("start", "a"),
            event("die", "b"),
            event("destroy", "b"),
            event("exec_create: secret", "c"),
            event("top", "d"),
        ]);
        let id = |digit: &str| digit.repeat(64).parse::<EngineId>().expect("an id");
        assert_eq!(batch.touched, [id("a"), id("d")].into());
        assert_eq!(batch.gone, [id("b")].into());
        let actions: Vec<&str> = batch.told.iter().map(|event| event.action.as_str()).collect();
        assert_eq!(actions, ["start", "die", "destroy"]);
    }
}
