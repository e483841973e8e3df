//! What a service may say.

use super::{
    COUNT, FULL_PAIRS, Field, Identity, Kind, Merge, PAIRS, Reach, Short, TEXT, TEXTS, WHOLE, field,
    replaced, unique,
};

const COMMAND: Kind = Kind::Maybe(&Kind::Short(Short::Command, &Kind::List(&TEXT)));
const LIST: Kind = Kind::List(&TEXT);
const LOOSE_LIST: Kind = Kind::List(&Kind::Loose);
const LOOSE_MAP: Kind = Kind::Map(&Kind::Loose);
const HOSTS: Kind = Kind::Short(Short::Hosts, &Kind::Map(&Kind::List(&TEXT)));
const ULIMITS: Kind = Kind::Map(&Kind::Short(Short::Ulimit, &Kind::Object(ULIMIT)));
const GRANTS: Kind = Kind::List(&Kind::Short(Short::Grant, &Kind::Object(GRANT)));
const DEVICES: Kind = Kind::List(&Kind::Object(REQUEST));
const HOOKS: Kind = Kind::List(&Kind::Object(HOOK));
const CONTEXTS: Kind = Kind::Short(Short::FullPairs, &Kind::Map(&Kind::Path(Reach::Context)));
const THROTTLES: Kind = Kind::List(&Kind::Object(THROTTLE));

/// The keys of a service.
pub static SERVICE: &[Field] = &[
    field("annotations", FULL_PAIRS),
    field("attach", Kind::Flag),
    field("blkio_config", Kind::Object(BLKIO)),
    field("build", Kind::Short(Short::Build, &Kind::Object(BUILD))),
    field("cap_add", LIST),
    field("cap_drop", LIST),
    field("cgroup", Kind::Choice(&["host", "private"])),
    field("cgroup_parent", TEXT),
    replaced("command", COMMAND),
    unique("configs", GRANTS, Identity::TargetIn("/")),
    field("container_name", TEXT),
    field("cpu_count", COUNT),
    field("cpu_percent", Kind::Number),
    field("cpu_period", Kind::Micros),
    field("cpu_quota", Kind::Micros),
    field("cpu_rt_period", Kind::Micros),
    field("cpu_rt_runtime", Kind::Micros),
    field("cpu_shares", WHOLE),
    field("cpus", Kind::Number),
    field("cpuset", TEXT),
    field("credential_spec", Kind::Object(CREDENTIAL)),
    field("depends_on", Kind::Short(Short::DependsOn, &Kind::Named(&Kind::Object(DEPENDENCY)))),
    field("deploy", Kind::Maybe(&Kind::Object(DEPLOY))),
    field("develop", Kind::Maybe(&Kind::Object(DEVELOP))),
    field("device_cgroup_rules", LIST),
    unique("devices", Kind::List(&Kind::Short(Short::Device, &Kind::Object(DEVICE))), Identity::Target),
    field("dns", TEXTS),
    field("dns_opt", LIST),
    field("dns_search", TEXTS),
    field("domainname", TEXT),
    replaced("entrypoint", COMMAND),
    unique("env_file", Kind::Short(Short::EnvFiles, &Kind::List(&Kind::Object(ENV_FILE))), Identity::Path),
    field("environment", PAIRS),
    field("expose", LOOSE_LIST),
    replaced("extends", Kind::Short(Short::Extends, &Kind::Object(EXTENDS))),
    field("external_links", LIST),
    field("extra_hosts", HOSTS),
    field("gpus", Kind::Short(Short::Gpus, &DEVICES)),
    field("group_add", LOOSE_LIST),
    field("healthcheck", Kind::Object(HEALTH)),
    field("hostname", TEXT),
    field("image", TEXT),
    field("init", Kind::Flag),
    field("ipc", TEXT),
    field("isolation", TEXT),
    field("label_file", Kind::Short(Short::List, &Kind::List(&Kind::Path(Reach::Stack)))),
    field("labels", FULL_PAIRS),
    field("links", LIST),
    Field { name: "logging", kind: Kind::Object(LOGGING), merge: Merge::Driver },
    field("mac_address", TEXT),
    field("mem_limit", Kind::Size),
    field("mem_reservation", Kind::Size),
    field("mem_swappiness", Kind::Whole { least: 0, most: 100 }),
    field("memswap_limit", Kind::Size),
    field("models", Kind::Short(Short::Names, &Kind::Named(&Kind::Maybe(&Kind::Object(SERVICE_MODEL))))),
    field("network_mode", TEXT),
    field("networks", Kind::Short(Short::Names, &Kind::Named(&Kind::Maybe(&Kind::Object(SERVICE_NETWORK))))),
    field("oom_kill_disable", Kind::Flag),
    field("oom_score_adj", Kind::Whole { least: -1000, most: 1000 }),
    field("pid", Kind::Maybe(&TEXT)),
    field("pids_limit", WHOLE),
    field("platform", TEXT),
    unique("ports", Kind::Short(Short::Ports, &Kind::List(&Kind::Object(PORT))), Identity::Port),
    field("post_start", HOOKS),
    field("pre_stop", HOOKS),
    field("privileged", Kind::Flag),
    field("profiles", LIST),
    field("provider", Kind::Object(PROVIDER)),
    field("pull_policy", TEXT),
    field("pull_refresh_after", TEXT),
    field("read_only", Kind::Flag),
    field("restart", TEXT),
    field("runtime", TEXT),
    field("scale", COUNT),
    unique("secrets", GRANTS, Identity::TargetIn("/run/secrets/")),
    field("security_opt", LIST),
    field("shm_size", Kind::Size),
    field("stdin_open", Kind::Flag),
    field("stop_grace_period", Kind::Span),
    field("stop_signal", TEXT),
    field("storage_opt", LOOSE_MAP),
    field("sysctls", FULL_PAIRS),
    unique("tmpfs", TEXTS, Identity::BeforeColon),
    field("tty", Kind::Flag),
    field("ulimits", ULIMITS),
    field("use_api_socket", Kind::Flag),
    field("user", TEXT),
    field("userns_mode", TEXT),
    field("uts", TEXT),
    unique("volumes", Kind::List(&Kind::Short(Short::Volume, &Kind::Object(VOLUME))), Identity::Target),
    field("volumes_from", LIST),
    field("working_dir", TEXT),
];

static BLKIO: &[Field] = &[
    field("device_read_bps", THROTTLES),
    field("device_read_iops", THROTTLES),
    field("device_write_bps", THROTTLES),
    field("device_write_iops", THROTTLES),
    field("weight", Kind::Whole { least: 0, most: 1000 }),
    field("weight_device", Kind::List(&Kind::Object(WEIGHT))),
];

static THROTTLE: &[Field] = &[field("path", TEXT), field("rate", Kind::Size)];

static WEIGHT: &[Field] = &[field("path", TEXT), field("weight", Kind::Whole { least: 0, most: 1000 })];

static BUILD: &[Field] = &[
    field("additional_contexts", CONTEXTS),
    field("args", PAIRS),
    field("cache_from", LIST),
    field("cache_to", LIST),
    field("context", Kind::Path(Reach::Context)),
    field("dockerfile", TEXT),
    field("dockerfile_inline", TEXT),
    field("entitlements", LIST),
    field("extra_hosts", HOSTS),
    field("isolation", TEXT),
    field("labels", FULL_PAIRS),
    field("network", TEXT),
    field("no_cache", Kind::Flag),
    field("platforms", LIST),
    field("privileged", Kind::Flag),
    field("provenance", Kind::Loose),
    field("pull", Kind::Flag),
    field("sbom", Kind::Loose),
    unique("secrets", GRANTS, Identity::TargetIn("/run/secrets/")),
    field("shm_size", Kind::Size),
    field("ssh", FULL_PAIRS),
    field("tags", LIST),
    field("target", TEXT),
    field("ulimits", ULIMITS),
];

static ULIMIT: &[Field] = &[field("hard", WHOLE), field("soft", WHOLE)];

static GRANT: &[Field] = &[
    field("gid", TEXT),
    field("mode", Kind::Mode),
    field("source", TEXT),
    field("target", TEXT),
    field("uid", TEXT),
];

static CREDENTIAL: &[Field] = &[field("config", TEXT), field("file", TEXT), field("registry", TEXT)];

/// What a service may wait for.
pub(crate) const CONDITIONS: &[&str] =
    &["service_started", "service_healthy", "service_completed_successfully"];

static DEPENDENCY: &[Field] = &[
    field("condition", Kind::Choice(CONDITIONS)),
    field("required", Kind::Flag),
    field("restart", Kind::Flag),
];

static DEPLOY: &[Field] = &[
    field("endpoint_mode", TEXT),
    field("labels", FULL_PAIRS),
    field("mode", TEXT),
    field("placement", Kind::Object(PLACEMENT)),
    field("replicas", COUNT),
    field("resources", Kind::Object(RESOURCES)),
    field("restart_policy", Kind::Object(RESTART)),
    field("rollback_config", Kind::Object(UPDATE)),
    field("update_config", Kind::Object(UPDATE)),
];

static PLACEMENT: &[Field] = &[
    field("constraints", LIST),
    field("max_replicas_per_node", COUNT),
    field("preferences", Kind::List(&Kind::Object(PREFERENCE))),
];

static PREFERENCE: &[Field] = &[field("spread", TEXT)];

static RESOURCES: &[Field] =
    &[field("limits", Kind::Object(LIMITS)), field("reservations", Kind::Object(RESERVATIONS))];

static LIMITS: &[Field] = &[field("cpus", Kind::Number), field("memory", Kind::Size), field("pids", WHOLE)];

static RESERVATIONS: &[Field] = &[
    field("cpus", Kind::Number),
    field("devices", DEVICES),
    field("generic_resources", Kind::List(&Kind::Object(GENERIC))),
    field("memory", Kind::Size),
];

static GENERIC: &[Field] = &[field("discrete_resource_spec", Kind::Object(DISCRETE))];

static DISCRETE: &[Field] = &[field("kind", TEXT), field("value", WHOLE)];

static REQUEST: &[Field] = &[
    field("capabilities", LIST),
    field("count", Kind::CountOrAll),
    field("device_ids", LIST),
    field("driver", TEXT),
    field("options", FULL_PAIRS),
];

static RESTART: &[Field] = &[
    field("condition", TEXT),
    field("delay", Kind::Span),
    field("max_attempts", COUNT),
    field("window", Kind::Span),
];

static UPDATE: &[Field] = &[
    field("delay", Kind::Span),
    field("failure_action", TEXT),
    field("max_failure_ratio", Kind::Number),
    field("monitor", Kind::Span),
    field("order", Kind::Choice(&["start-first", "stop-first"])),
    field("parallelism", COUNT),
];

static DEVELOP: &[Field] = &[field("watch", Kind::List(&Kind::Object(WATCH)))];

static WATCH: &[Field] = &[
    field("action", Kind::Choice(&["rebuild", "sync", "restart", "sync+restart", "sync+exec"])),
    field("exec", Kind::Object(HOOK)),
    field("ignore", TEXTS),
    field("include", TEXTS),
    field("initial_sync", Kind::Flag),
    field("path", Kind::Path(Reach::Host)),
    field("target", TEXT),
];

static HOOK: &[Field] = &[
    replaced("command", COMMAND),
    field("environment", PAIRS),
    field("privileged", Kind::Flag),
    field("user", TEXT),
    field("working_dir", TEXT),
];

static DEVICE: &[Field] = &[field("permissions", TEXT), field("source", TEXT), field("target", TEXT)];

static ENV_FILE: &[Field] = &[
    field("format", Kind::Choice(&["raw"])),
    field("path", Kind::Path(Reach::Stack)),
    field("required", Kind::Flag),
];

static EXTENDS: &[Field] = &[field("file", Kind::Path(Reach::Stack)), field("service", TEXT)];

static HEALTH: &[Field] = &[
    field("disable", Kind::Flag),
    field("interval", Kind::Span),
    field("retries", COUNT),
    field("start_interval", Kind::Span),
    field("start_period", Kind::Span),
    replaced("test", Kind::Short(Short::HealthTest, &Kind::List(&TEXT))),
    field("timeout", Kind::Span),
];

static LOGGING: &[Field] = &[field("driver", TEXT), field("options", Kind::Map(&Kind::Maybe(&Kind::Loose)))];

static SERVICE_MODEL: &[Field] = &[field("endpoint_var", TEXT), field("model_var", TEXT)];

static SERVICE_NETWORK: &[Field] = &[
    field("aliases", LIST),
    field("driver_opts", LOOSE_MAP),
    field("gw_priority", WHOLE),
    field("interface_name", TEXT),
    field("ipv4_address", TEXT),
    field("ipv6_address", TEXT),
    field("link_local_ips", LIST),
    field("mac_address", TEXT),
    field("priority", WHOLE),
];

static PORT: &[Field] = &[
    field("app_protocol", TEXT),
    field("host_ip", TEXT),
    field("mode", TEXT),
    field("name", TEXT),
    field("protocol", TEXT),
    field("published", Kind::Loose),
    field("target", Kind::Whole { least: 1, most: 65_535 }),
];

static PROVIDER: &[Field] = &[field("options", Kind::Map(&Kind::Any)), field("type", TEXT)];

static VOLUME: &[Field] = &[
    field("bind", Kind::Object(BIND)),
    field("consistency", TEXT),
    field("image", Kind::Object(IMAGE_MOUNT)),
    field("read_only", Kind::Flag),
    field("source", TEXT),
    field("target", TEXT),
    field("tmpfs", Kind::Object(TMPFS)),
    field("type", Kind::Choice(&["bind", "volume", "tmpfs", "cluster", "npipe", "image"])),
    field("volume", Kind::Object(VOLUME_MOUNT)),
];

static BIND: &[Field] = &[
    field("create_host_path", Kind::Flag),
    field("propagation", TEXT),
    field("recursive", Kind::Choice(&["enabled", "disabled", "writable", "readonly"])),
    field("selinux", Kind::Choice(&["z", "Z"])),
];

static IMAGE_MOUNT: &[Field] = &[field("subpath", TEXT)];

static TMPFS: &[Field] = &[field("mode", Kind::Mode), field("size", Kind::Size)];

static VOLUME_MOUNT: &[Field] =
    &[field("labels", FULL_PAIRS), field("nocopy", Kind::Flag), field("subpath", TEXT)];
