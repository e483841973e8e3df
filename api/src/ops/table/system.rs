//! The engine itself and its plugins.

use super::rows;
use crate::ops::Operation;

pub(super) const SYSTEM: &[Operation] = rows! { System:
    "ping"       Get "/_ping" View;
    "ping-head"  Head "/_ping" View;
    "version"    Get "/version" View;
    "info"       Get "/info" View answer Info;
    "events"     Get "/events" View query "since until filters" stream Answer answer Events;
    "disk-usage" Get "/system/df" View query "type[] verbose" answer DiskUsage since 25;
    // Tries a registry password; the engine asks the address in the body.
    "auth"       Post "/auth" Deploy body Json;
};

/// Only reads, whose answers carry the settings of plugins; for what else there is see `REFUSED`.
pub(super) const PLUGINS: &[Operation] = rows! { Plugin:
    "plugin-list"    Get "/plugins" Manage query "filters" since 25;
    "plugin-inspect" Get "/plugins/{name:.*}/json" Manage on Plugin since 25;
};
