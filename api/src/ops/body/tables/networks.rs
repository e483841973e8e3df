//! Networks, and containers on them.

use super::LABELS;
use crate::ops::body::{
    refers::Refers,
    rules::Rule,
    shape::{
        Field,
        Shape::{Flag, List, Map, Number, Object, Text},
        free, manager, ruled,
    },
};

/// Options of bridges that change nothing on the host.
const OPTIONS: &[&str] = &[
    "com.docker.network.bridge.enable_icc",
    "com.docker.network.bridge.enable_ip_masquerade",
    "com.docker.network.bridge.host_binding_ipv4",
    "com.docker.network.driver.mtu",
];

pub(super) const CREATE: &[Field] = &[
    free("Name", Text),
    free("CheckDuplicate", Flag),
    // Others sit on the host's own cards.
    ruled("Driver", Text, Rule::OneOf(&["bridge"])),
    ruled("Scope", Text, Rule::OneOf(&["local"])),
    free("Internal", Flag),
    free("Attachable", Flag),
    manager("Ingress", Flag),
    manager("ConfigOnly", Flag),
    manager("ConfigFrom", Object(&[CONFIG_FROM])),
    free("IPAM", Object(&[IPAM])),
    free("EnableIPv4", Flag),
    free("EnableIPv6", Flag),
    ruled("Options", Map(&Text), Rule::Keys(OPTIONS)),
    LABELS,
];

const CONFIG_FROM: &[Field] = &[manager("Network", Text).refers(Refers::Network)];

const IPAM: &[Field] = &[
    ruled("Driver", Text, Rule::OneOf(&["default"])),
    // A subnet is a route of the host's: it can take another network's place.
    manager("Config", List(&Object(&[IPAM_CONFIG]))),
    manager("Options", Map(&Text)),
];

const IPAM_CONFIG: &[Field] = &[
    manager("Subnet", Text),
    manager("IPRange", Text),
    manager("Gateway", Text),
    manager("AuxiliaryAddresses", Map(&Text)),
];

/// A container on one network.
pub(super) const ENDPOINT: &[Field] = &[
    free("IPAMConfig", Object(&[ADDRESSES])),
    free("Links", List(&Text)).refers(Refers::Links),
    free("MacAddress", Text),
    free("Aliases", List(&Text)),
    // Switches of the kernel, names of cards.
    manager("DriverOpts", Map(&Text)),
    free("GwPriority", Number),
    // Engines prefer it to the name.
    manager("NetworkID", Text).refers(Refers::Network),
    // What the engine says itself.
    manager("EndpointID", Text),
    manager("Gateway", Text),
    manager("IPAddress", Text),
    manager("IPPrefixLen", Number),
    manager("IPv6Gateway", Text),
    manager("GlobalIPv6Address", Text),
    manager("GlobalIPv6PrefixLen", Number),
    manager("DNSNames", List(&Text)),
];

const ADDRESSES: &[Field] =
    &[free("IPv4Address", Text), free("IPv6Address", Text), free("LinkLocalIPs", List(&Text))];

pub(super) const CONNECT: &[Field] =
    &[free("Container", Text).refers(Refers::Container), free("EndpointConfig", Object(&[ENDPOINT]))];

pub(super) const DISCONNECT: &[Field] =
    &[free("Container", Text).refers(Refers::Container), free("Force", Flag)];
