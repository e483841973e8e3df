//! Volumes.

use super::LABELS;
use crate::ops::body::{
    refers::Refers,
    rules::Rule,
    shape::{
        Field,
        Shape::{Data, List, Map, Number, Object, Text},
        free, manager, ruled,
    },
};

pub(super) const CREATE: &[Field] = &[
    free("Name", Text).refers(Refers::Volume),
    ruled("Driver", Text, Rule::OneOf(&["local"])),
    // With `o=bind`, a volume is any folder of the host's.
    ruled("DriverOpts", Map(&Text), Rule::VolumeOptions),
    LABELS,
    manager("ClusterVolumeSpec", Object(&[SPEC])),
];

pub(super) const UPDATE: &[Field] = &[manager("Spec", Object(&[SPEC]))];

const SPEC: &[Field] = &[manager("Group", Text), manager("AccessMode", Object(&[ACCESS]))];
const ACCESS: &[Field] = &[
    manager("Scope", Text),
    manager("Sharing", Text),
    manager("MountVolume", Data),
    manager("BlockVolume", Data),
    manager("Secrets", List(&Object(&[SECRET]))),
    manager("AccessibilityRequirements", Object(&[TOPOLOGY])),
    manager("CapacityRange", Object(&[CAPACITY])),
    manager("Availability", Text),
];
const SECRET: &[Field] = &[manager("Key", Text), manager("Secret", Text).refers(Refers::Secret)];
const TOPOLOGY: &[Field] =
    &[manager("Requisite", List(&Object(&[SEGMENTS]))), manager("Preferred", List(&Object(&[SEGMENTS])))];
const SEGMENTS: &[Field] = &[manager("Segments", Map(&Text))];
const CAPACITY: &[Field] = &[manager("RequiredBytes", Number), manager("LimitBytes", Number)];
