//! Home: counts, the quay, what needs attention, who eats the machine, what happened.

use serde::{Deserialize, Serialize};

use super::{
    RowKey,
    container::{Container, State},
    event::Event,
    host::Host,
};

/// Everything that home shows, computed for its viewer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// How many containers are in each state; the ones with none left out.
    pub states: Vec<(State, u32)>,
    /// A berth for each host.
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
    /// The host.
    pub host: Host,
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
