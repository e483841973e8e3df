//! The tables: each body of the operation table, field by field, in the order of the API's description (the newest, 1.55)
//! with what older engines and clients know besides. A test compares them.

mod cluster;
mod containers;
mod networks;
mod queries;
mod volumes;

use super::{
    refers::Refers,
    rules::Rule,
    shape::{Field, Shape, free, ruled},
};
pub(super) use containers::ULIMIT;

/// What the body of an operation looks like; none where it has no JSON body.
pub(super) fn body_of(id: &str) -> Option<Shape> {
    BODIES.iter().find(|(known, _)| *known == id).map(|(_, groups)| Shape::Object(groups))
}

/// The parameters of an operation that have a verdict.
pub(super) fn query_of(id: &str) -> &'static [&'static [Field]] {
    QUERIES.iter().find(|(known, _)| *known == id).map_or(&[], |(_, groups)| *groups)
}

/// A body in groups of fields.
type Groups = &'static [&'static [Field]];

/// Parameters with a verdict. All others are everybody's: the row of the table names each.
pub(super) const QUERIES: &[(&str, Groups)] = &[
    ("build", &[queries::BUILD]),
    ("image-create", &[queries::IMAGE_CREATE]),
    ("image-search", &[queries::IMAGE_SEARCH]),
];

/// Every JSON body.
pub(super) const BODIES: &[(&str, Groups)] = &[
    ("container-create", &[containers::CONFIG, containers::CREATE]),
    ("container-update", &[containers::RESOURCES, containers::UPDATE]),
    ("container-commit", &[containers::CONFIG]),
    ("exec-create", &[containers::EXEC]),
    ("exec-start", &[containers::EXEC_START]),
    ("network-create", &[networks::CREATE]),
    ("network-connect", &[networks::CONNECT]),
    ("network-disconnect", &[networks::DISCONNECT]),
    ("volume-create", &[volumes::CREATE]),
    ("volume-update", &[volumes::UPDATE]),
    ("auth", &[AUTH]),
    ("swarm-init", &[cluster::INIT]),
    ("swarm-join", &[cluster::JOIN]),
    ("swarm-update", &[cluster::SWARM]),
    ("swarm-unlock", &[cluster::UNLOCK]),
    ("node-update", &[cluster::NODE]),
    ("service-create", &[cluster::SERVICE]),
    ("service-update", &[cluster::SERVICE]),
    ("secret-create", &[cluster::SECRET]),
    ("secret-update", &[cluster::SECRET]),
    ("config-create", &[cluster::CONFIG]),
    ("config-update", &[cluster::CONFIG]),
];

const AUTH: &[Field] = &[
    free("username", Shape::Text),
    free("password", Shape::Text),
    free("email", Shape::Text),
    free("auth", Shape::Text),
    free("identitytoken", Shape::Text),
    free("registrytoken", Shape::Text),
    // The engine asks it.
    ruled("serveraddress", Shape::Text, Rule::Registry),
];

/// Labels of anything.
const LABELS: Field = ruled("Labels", Shape::Map(&Shape::Text), Rule::Labels).refers(Refers::Labels);
