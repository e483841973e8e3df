//! Home: counts, the quay, what needs attention, who eats the machine, what happened.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    RowKey,
    container::{Container, State},
    event::Event,
};

/// What a subscription to home asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeQuery {
    /// Only this host, by slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
}

/// Everything that home shows, computed for its viewer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// How many containers are in each state; the ones with none left out.
    pub states: Vec<(State, u32)>,
    /// A berth for each host, by slug.
    pub berths: Vec<Berth>,
    /// Containers in trouble, worst and latest first; at most eight.
    pub attention: Vec<Container>,
    /// How many there are in trouble.
    pub trouble: u32,
    /// The containers that use most CPU; at most six.
    pub by_cpu: Vec<Container>,
    /// The containers that use most memory; at most six.
    pub by_memory: Vec<Container>,
    /// The newest events; at most eight.
    pub events: Vec<Event>,
}

/// A host at the quay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Berth {
    /// The host's slug.
    pub host: String,
    /// Piles by stack name, lone containers last. Changes of state never move a block.
    pub piles: Vec<Pile>,
}

/// The containers of a stack, from the quay line up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pile {
    /// The stack; none for lone containers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack: Option<String>,
    /// Blocks by name.
    pub blocks: Vec<Block>,
}

/// A container at the quay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// As in the container list.
    pub key: RowKey,
    /// The service, or the container's name where it has none.
    pub name: String,
    /// Shape and colour.
    pub state: State,
}

/// What changed at home. Absent parts did not change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HomeDelta {
    /// As [`Home::states`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub states: Option<Vec<(State, u32)>>,
    /// What changed at the quay.
    #[serde(default, skip_serializing_if = "QuayDelta::is_empty")]
    pub quay: QuayDelta,
    /// As [`Home::attention`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<Vec<Container>>,
    /// As [`Home::trouble`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<u32>,
    /// As [`Home::by_cpu`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_cpu: Option<Vec<Container>>,
    /// As [`Home::by_memory`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_memory: Option<Vec<Container>>,
    /// As [`Home::events`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Event>>,
}

impl HomeDelta {
    /// What leads from one home to another; none if they are alike.
    pub fn between(before: &Home, after: &Home) -> Option<Self> {
        fn part<T: Clone + PartialEq>(before: &T, after: &T) -> Option<T> {
            (before != after).then(|| after.clone())
        }
        let delta = Self {
            states: part(&before.states, &after.states),
            quay: QuayDelta::between(&before.berths, &after.berths),
            attention: part(&before.attention, &after.attention),
            trouble: part(&before.trouble, &after.trouble),
            by_cpu: part(&before.by_cpu, &after.by_cpu),
            by_memory: part(&before.by_memory, &after.by_memory),
            events: part(&before.events, &after.events),
        };
        (delta != Self::default()).then_some(delta)
    }
}

/// What changed at the quay. The quay is by far the largest part of home, and what happens there most is that a block
/// changes its state: then that block alone is sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QuayDelta {
    /// Hosts that have no berth any more, by slug.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<String>,
    /// Berths that are new, or in which a container has come, gone, or got another name or stack.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub berths: Vec<Berth>,
    /// Blocks of other berths that are in another state now, in the order of the quay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<(RowKey, State)>,
}

impl QuayDelta {
    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn between(before: &[Berth], after: &[Berth]) -> Self {
        let by_slug: BTreeMap<&str, &Berth> =
            before.iter().map(|berth| (berth.host.as_str(), berth)).collect();
        let mut delta = Self::default();
        let mut kept = 0;
        for berth in after {
            let old = by_slug.get(berth.host.as_str());
            kept += usize::from(old.is_some());
            match old.and_then(|old| other_states(&old.piles, &berth.piles)) {
                Some(blocks) => delta.blocks.extend(blocks),
                None => delta.berths.push(berth.clone()),
            }
        }
        if kept < before.len() {
            let is_gone = |berth: &&Berth| after.iter().all(|other| other.host != berth.host);
            delta.gone = before.iter().filter(is_gone).map(|berth| berth.host.clone()).collect();
        }
        delta
    }

    /// Takes it over into the berths that it was made against.
    pub fn apply(self, berths: &mut Vec<Berth>) {
        let Self { gone, berths: new, blocks } = self;
        berths
            .retain(|berth| !gone.contains(&berth.host) && new.iter().all(|other| other.host != berth.host));
        // They stand in the order of the quay, so one walk along it meets them all.
        let mut changed = blocks.into_iter().peekable();
        let piles = berths.iter_mut().flat_map(|berth| &mut berth.piles);
        for block in piles.flat_map(|pile| &mut pile.blocks) {
            if let Some((_, state)) = changed.next_if(|(key, _)| *key == block.key) {
                block.state = state;
            }
        }
        for berth in new {
            let place = berths.partition_point(|other| other.host < berth.host);
            berths.insert(place, berth);
        }
    }
}

/// The blocks that are in another state, where nothing else differs.
fn other_states(before: &[Pile], after: &[Pile]) -> Option<Vec<(RowKey, State)>> {
    if before.len() != after.len() {
        return None;
    }
    let mut states = Vec::new();
    for (old, new) in before.iter().zip(after) {
        if old.stack != new.stack || old.blocks.len() != new.blocks.len() {
            return None;
        }
        for (old, new) in old.blocks.iter().zip(&new.blocks) {
            if old.key != new.key || old.name != new.name {
                return None;
            }
            if old.state != new.state {
                states.push((new.key, new.state));
            }
        }
    }
    Some(states)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A berth with one pile; blocks are called by their keys.
    fn berth(host: &str, blocks: &[(u64, State)]) -> Berth {
        let block =
            |(key, state): &(u64, State)| Block { key: RowKey(*key), name: format!("c{key}"), state: *state };
        let pile = Pile { stack: Some("shop".to_owned()), blocks: blocks.iter().map(block).collect() };
        Berth { host: host.to_owned(), piles: vec![pile] }
    }

    /// The delta from one quay to the other, which leads there.
    fn change(before: &[Berth], after: &[Berth]) -> QuayDelta {
        let delta = QuayDelta::between(before, after);
        let mut berths = before.to_vec();
        delta.clone().apply(&mut berths);
        assert_eq!(berths, after);
        delta
    }

    #[test]
    fn only_what_changed_at_the_quay_is_sent() {
        use State::{Exited, Healthy, Running};
        let depot = berth("depot", &[(1, Healthy), (2, Running)]);
        let quay = berth("quay", &[(3, Running)]);
        let before = [depot.clone(), quay.clone()];
        assert!(change(&before, &before).is_empty());

        let stopped = berth("depot", &[(1, Healthy), (2, Exited)]);
        let delta = change(&before, &[stopped, quay.clone()]);
        assert_eq!(delta, QuayDelta { blocks: vec![(RowKey(2), Exited)], ..QuayDelta::default() });

        let more = berth("quay", &[(3, Running), (4, Running)]);
        let delta = change(&before, &[depot.clone(), more.clone()]);
        assert_eq!(delta, QuayDelta { berths: vec![more], ..QuayDelta::default() });

        let attic = berth("attic", &[]);
        let delta = change(&before, &[attic.clone(), quay]);
        assert_eq!((delta.gone, delta.berths), (vec!["depot".to_owned()], vec![attic]));
        change(&before, &[]);
        change(&[], &before);
    }

    #[test]
    fn many_blocks_change_at_once_on_several_hosts() {
        use State::{Exited, Healthy, Running};
        let before = [
            berth("depot", &[(1, Healthy), (2, Running), (3, Running)]),
            berth("mole", &[(4, Running)]),
            berth("quay", &[(5, Running), (6, Healthy)]),
        ];
        let attic = berth("attic", &[(9, Running)]);
        let after = [
            attic.clone(),
            berth("depot", &[(1, Exited), (2, Running), (3, Exited)]),
            berth("quay", &[(5, Running), (6, Exited)]),
        ];
        let delta = change(&before, &after);
        assert_eq!(delta.blocks, [(RowKey(1), Exited), (RowKey(3), Exited), (RowKey(6), Exited)]);
        assert_eq!((delta.gone, delta.berths), (vec!["mole".to_owned()], vec![attic]));
    }

    #[test]
    fn parts_that_did_not_change_are_absent() {
        let before =
            Home { trouble: 1, berths: vec![berth("quay", &[(1, State::Failed)])], ..Home::default() };
        assert_eq!(HomeDelta::between(&before, &before), None);
        let after = Home { trouble: 2, ..before.clone() };
        let delta = HomeDelta::between(&before, &after).expect("a change");
        assert_eq!(serde_json::to_string(&delta).expect("JSON"), r#"{"trouble":2}"#);
    }
}
