//! Swarms and what runs in them: all for Managers, until there are rules of its own for a cluster.

use super::{
    LABELS,
    containers::{HEALTH, MOUNT, ULIMIT},
};
use crate::ops::body::{
    refers::Refers,
    rules::Rule,
    shape::{
        Field,
        Shape::{Data, Flag, List, Map, Number, Object, Text, Words},
        manager, ruled,
    },
};

pub(super) const INIT: &[Field] = &[
    manager("ListenAddr", Text),
    manager("AdvertiseAddr", Text),
    manager("DataPathAddr", Text),
    manager("DataPathPort", Number),
    manager("DefaultAddrPool", List(&Text)),
    manager("ForceNewCluster", Flag),
    manager("SubnetSize", Number),
    manager("Spec", Object(&[SWARM])),
    manager("AutoLockManagers", Flag),
    manager("Availability", Text),
];

pub(super) const JOIN: &[Field] = &[
    manager("ListenAddr", Text),
    manager("AdvertiseAddr", Text),
    manager("DataPathAddr", Text),
    manager("RemoteAddrs", List(&Text)),
    manager("JoinToken", Text),
    manager("Availability", Text),
];

pub(super) const UNLOCK: &[Field] = &[manager("UnlockKey", Text)];

pub(super) const SWARM: &[Field] = &[
    manager("Name", Text),
    manager("Labels", Map(&Text)),
    manager("Orchestration", Object(&[&[manager("TaskHistoryRetentionLimit", Number)]])),
    manager("Raft", Object(&[RAFT])),
    manager("Dispatcher", Object(&[&[manager("HeartbeatPeriod", Number)]])),
    manager("CAConfig", Object(&[CA])),
    manager("EncryptionConfig", Object(&[&[manager("AutoLockManagers", Flag)]])),
    manager("TaskDefaults", Object(&[&[manager("LogDriver", Object(&[DRIVER]))]])),
];

const RAFT: &[Field] = &[
    manager("SnapshotInterval", Number),
    manager("KeepOldSnapshots", Number),
    manager("LogEntriesForSlowFollowers", Number),
    manager("ElectionTick", Number),
    manager("HeartbeatTick", Number),
];

const CA: &[Field] = &[
    manager("NodeCertExpiry", Number),
    manager("ExternalCAs", List(&Object(&[EXTERNAL_CA]))),
    manager("SigningCACert", Text),
    manager("SigningCAKey", Text),
    manager("ForceRotate", Number),
];

const EXTERNAL_CA: &[Field] = &[
    manager("Protocol", Text),
    manager("URL", Text),
    manager("Options", Map(&Text)),
    manager("CACert", Text),
];

/// Something with a name and options.
const DRIVER: &[Field] = &[manager("Name", Text), manager("Options", Map(&Text))];

pub(super) const NODE: &[Field] = &[
    manager("Name", Text),
    manager("Labels", Map(&Text)),
    manager("Role", Text),
    manager("Availability", Text),
];

pub(super) const SECRET: &[Field] = &[
    manager("Name", Text),
    managed_labels(),
    manager("Data", Text),
    manager("Driver", Object(&[DRIVER])),
    manager("Templating", Object(&[DRIVER])),
];

pub(super) const CONFIG: &[Field] = &[
    manager("Name", Text),
    managed_labels(),
    manager("Data", Text),
    manager("Templating", Object(&[DRIVER])),
];

const fn managed_labels() -> Field {
    manager("Labels", Map(&Text)).refers(Refers::Labels)
}

pub(super) const SERVICE: &[Field] = &[
    manager("Name", Text),
    managed_labels(),
    manager("TaskTemplate", Object(&[TASK])),
    manager("Mode", Object(&[MODE])),
    manager("UpdateConfig", Object(&[UPDATE])),
    manager("RollbackConfig", Object(&[UPDATE])),
    manager("Networks", List(&Object(&[NETWORK]))),
    manager("EndpointSpec", Object(&[ENDPOINT])),
];

const TASK: &[Field] = &[
    ruled("PluginSpec", Object(&[PLUGIN]), Rule::NoPlugin),
    manager("ContainerSpec", Object(&[CONTAINER])),
    manager("NetworkAttachmentSpec", Object(&[&[manager("ContainerID", Text).refers(Refers::Container)]])),
    manager("Resources", Object(&[RESOURCES])),
    manager("RestartPolicy", Object(&[RESTART])),
    manager("Placement", Object(&[PLACEMENT])),
    manager("ForceUpdate", Number),
    ruled("Runtime", Text, Rule::NoPlugin),
    manager("Networks", List(&Object(&[NETWORK]))),
    manager("LogDriver", Object(&[DRIVER])),
];

const PLUGIN: &[Field] = &[
    manager("Name", Text),
    manager("Remote", Text),
    manager("Disabled", Flag),
    manager(
        "PluginPrivilege",
        List(&Object(&[&[
            manager("Name", Text),
            manager("Description", Text),
            manager("Value", List(&Text)),
        ]])),
    ),
];

const CONTAINER: &[Field] = &[
    manager("Image", Text),
    LABELS,
    manager("Command", Words),
    manager("Args", Words),
    manager("Hostname", Text),
    manager("Env", List(&Text)),
    manager("Dir", Text),
    manager("User", Text),
    manager("Groups", List(&Text)),
    manager("Privileges", Object(&[PRIVILEGES])),
    manager("TTY", Flag),
    manager("OpenStdin", Flag),
    manager("ReadOnly", Flag),
    manager("Mounts", List(&Object(&[MOUNT]))).refers(Refers::Mount),
    manager("StopSignal", Text),
    manager("StopGracePeriod", Number),
    // The description writes the one, all clients the other.
    manager("HealthCheck", Object(&[HEALTH])),
    manager("Healthcheck", Object(&[HEALTH])),
    manager("Hosts", List(&Text)),
    manager(
        "DNSConfig",
        Object(&[&[
            manager("Nameservers", List(&Text)),
            manager("Search", List(&Text)),
            manager("Options", List(&Text)),
        ]]),
    ),
    manager(
        "Secrets",
        List(&Object(&[&[
            manager("File", Object(&[FILE])),
            manager("SecretID", Text).refers(Refers::Secret),
            manager("SecretName", Text),
        ]])),
    ),
    manager("OomScoreAdj", Number),
    manager(
        "Configs",
        List(&Object(&[&[
            manager("File", Object(&[FILE])),
            manager("Runtime", Data),
            manager("ConfigID", Text).refers(Refers::Config),
            manager("ConfigName", Text),
        ]])),
    ),
    manager("Isolation", Text),
    manager("Init", Flag),
    manager("Sysctls", Map(&Text)),
    manager("CapabilityAdd", List(&Text)),
    manager("CapabilityDrop", List(&Text)),
    manager("Ulimits", List(&Object(&[ULIMIT]))),
];

const FILE: &[Field] =
    &[manager("Name", Text), manager("UID", Text), manager("GID", Text), manager("Mode", Number)];

const PRIVILEGES: &[Field] = &[
    manager(
        "CredentialSpec",
        Object(&[&[
            manager("Config", Text).refers(Refers::Config),
            manager("File", Text),
            manager("Registry", Text),
        ]]),
    ),
    manager(
        "SELinuxContext",
        Object(&[&[
            manager("Disable", Flag),
            manager("User", Text),
            manager("Role", Text),
            manager("Type", Text),
            manager("Level", Text),
        ]]),
    ),
    manager("Seccomp", Object(&[&[manager("Mode", Text), manager("Profile", Text)]])),
    manager("AppArmor", Object(&[&[manager("Mode", Text)]])),
    manager("NoNewPrivileges", Flag),
];

const RESOURCES: &[Field] = &[
    manager(
        "Limits",
        Object(&[&[manager("NanoCPUs", Number), manager("MemoryBytes", Number), manager("Pids", Number)]]),
    ),
    manager(
        "Reservations",
        Object(&[&[
            manager("NanoCPUs", Number),
            manager("MemoryBytes", Number),
            manager("GenericResources", List(&Object(&[GENERIC]))),
        ]]),
    ),
    manager("SwapBytes", Number),
    manager("MemorySwappiness", Number),
];

const GENERIC: &[Field] = &[
    manager("NamedResourceSpec", Object(&[&[manager("Kind", Text), manager("Value", Text)]])),
    manager("DiscreteResourceSpec", Object(&[&[manager("Kind", Text), manager("Value", Number)]])),
];

const RESTART: &[Field] = &[
    manager("Condition", Text),
    manager("Delay", Number),
    manager("MaxAttempts", Number),
    manager("Window", Number),
];

const PLACEMENT: &[Field] = &[
    manager("Constraints", List(&Text)),
    manager(
        "Preferences",
        List(&Object(&[&[manager("Spread", Object(&[&[manager("SpreadDescriptor", Text)]]))]])),
    ),
    manager("MaxReplicas", Number),
    manager("Platforms", List(&Object(&[&[manager("Architecture", Text), manager("OS", Text)]]))),
];

const NETWORK: &[Field] = &[
    manager("Target", Text).refers(Refers::Network),
    manager("Aliases", List(&Text)),
    manager("DriverOpts", Map(&Text)),
];

const MODE: &[Field] = &[
    manager("Replicated", Object(&[&[manager("Replicas", Number)]])),
    manager("Global", Data),
    manager(
        "ReplicatedJob",
        Object(&[&[manager("MaxConcurrent", Number), manager("TotalCompletions", Number)]]),
    ),
    manager("GlobalJob", Data),
];

const UPDATE: &[Field] = &[
    manager("Parallelism", Number),
    manager("Delay", Number),
    manager("FailureAction", Text),
    manager("Monitor", Number),
    manager("MaxFailureRatio", Number),
    manager("Order", Text),
];

const ENDPOINT: &[Field] = &[
    manager("Mode", Text),
    manager(
        "Ports",
        List(&Object(&[&[
            manager("Name", Text),
            manager("Protocol", Text),
            manager("TargetPort", Number),
            manager("PublishedPort", Number),
            manager("PublishMode", Text),
        ]])),
    ),
];
