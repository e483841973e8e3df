//! Parameters that can reach the host, or have the engine ask an address.

use super::containers::ULIMIT;
use crate::ops::body::{
    refers::Refers,
    rules::Rule,
    shape::{
        Field,
        Shape::{Data, List, Map, Object, Text},
        free, manager, ruled,
    },
};

pub(super) const BUILD: &[Field] = &[
    // Whatever it is, the engine asks it.
    ruled("remote", Text, Rule::OneOf(&[])),
    ruled("networkmode", Text, Rule::NetworkMode).refers(Refers::NetworkMode),
    ruled("securityopt", Text, Rule::SecurityOptions),
    ruled("isolation", Text, Rule::OneOf(&["default"])),
    ruled("labels", Map(&Text), Rule::Labels).refers(Refers::Labels),
    free("ulimits", List(&Object(&[ULIMIT]))),
    manager("cgroupparent", Text),
    // Moves names of images that others run.
    // As docker-compose 1.29 writes it, too.
    ruled("pull", Text, Rule::OneOf(&["0", "false", "False"])),
    // The newer builder speaks through channels that nobody can look into.
    manager("session", Text),
    ruled("version", Text, Rule::OneOf(&["1"])),
    manager("outputs", Data),
];

pub(super) const IMAGE_CREATE: &[Field] = &[ruled("fromSrc", Text, Rule::NoFetch)];

pub(super) const IMAGE_SEARCH: &[Field] = &[ruled("term", Text, Rule::Registry)];
