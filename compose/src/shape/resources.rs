//! What stands at the top of a file, and what networks, volumes, secrets and configs may say.

use super::{FULL_PAIRS, Field, Identity, Kind, Reach, SERVICE, Short, TEXT, WHOLE, field, replaced, unique};

const LOOSE_MAP: Kind = Kind::Map(&Kind::Loose);

/// The keys of a file.
pub static FILE: &[Field] = &[
    field("configs", Kind::Named(&Kind::Short(Short::Resource, &Kind::Object(CONFIG)))),
    field("include", Kind::List(&Kind::Short(Short::Include, &Kind::Object(INCLUDE)))),
    field("models", Kind::Named(&Kind::Object(MODEL))),
    field("name", TEXT),
    field("networks", Kind::Named(&Kind::Short(Short::Resource, &Kind::Object(NETWORK)))),
    field("secrets", Kind::Named(&Kind::Short(Short::Resource, &Kind::Object(SECRET)))),
    field("services", Kind::Named(&Kind::Object(SERVICE))),
    field("version", Kind::Loose),
    field("volumes", Kind::Named(&Kind::Short(Short::Resource, &Kind::Object(VOLUME)))),
];

/// The keys of what is included.
pub static INCLUDE: &[Field] = &[
    field("env_file", Kind::Short(Short::List, &Kind::List(&Kind::Path(Reach::Stack)))),
    field("path", Kind::Short(Short::List, &Kind::List(&Kind::Path(Reach::Stack)))),
    field("project_directory", Kind::Path(Reach::Stack)),
];

static CONFIG: &[Field] = &[
    field("content", TEXT),
    field("environment", TEXT),
    field("external", Kind::Flag),
    field("file", Kind::Path(Reach::Stack)),
    field("labels", FULL_PAIRS),
    field("name", TEXT),
    field("template_driver", TEXT),
];

static MODEL: &[Field] = &[
    field("context_size", WHOLE),
    field("model", TEXT),
    field("name", TEXT),
    field("runtime_flags", Kind::List(&TEXT)),
];

static NETWORK: &[Field] = &[
    field("attachable", Kind::Flag),
    field("driver", TEXT),
    field("driver_opts", LOOSE_MAP),
    field("enable_ipv4", Kind::Flag),
    field("enable_ipv6", Kind::Flag),
    field("external", Kind::Flag),
    field("internal", Kind::Flag),
    field("ipam", Kind::Object(IPAM)),
    field("labels", FULL_PAIRS),
    field("name", TEXT),
];

static IPAM: &[Field] = &[
    unique("config", Kind::List(&Kind::Object(POOL)), Identity::Subnet),
    field("driver", TEXT),
    field("options", LOOSE_MAP),
];

static POOL: &[Field] = &[
    field("aux_addresses", Kind::Map(&TEXT)),
    field("gateway", TEXT),
    field("ip_range", TEXT),
    field("subnet", TEXT),
];

static SECRET: &[Field] = &[
    field("driver", TEXT),
    field("driver_opts", LOOSE_MAP),
    field("environment", TEXT),
    field("external", Kind::Flag),
    replaced("file", Kind::Path(Reach::Stack)),
    field("labels", FULL_PAIRS),
    field("name", TEXT),
    field("template_driver", TEXT),
];

static VOLUME: &[Field] = &[
    field("driver", TEXT),
    field("driver_opts", LOOSE_MAP),
    field("external", Kind::Flag),
    field("labels", FULL_PAIRS),
    field("name", TEXT),
];
