//! The swarm and what lives in it. Its objects belong to the cluster, not to a host; until they have owners, every
//! change needs to manage.

use super::rows;
use crate::ops::Operation;

/// The swarm carries its join tokens, the unlock key opens its whole state.
pub(super) const SWARM: &[Operation] = rows! { Swarm:
    "swarm-inspect"    Get "/swarm" Manage;
    "swarm-unlock-key" Get "/swarm/unlockkey" Manage since 25;
    "swarm-init"       Post "/swarm/init" Manage body Json;
    "swarm-join"       Post "/swarm/join" Manage body Json;
    "swarm-leave"      Post "/swarm/leave" Manage query "force";
    "swarm-update"     Post "/swarm/update" Manage
        query "version rotateWorkerToken rotateManagerToken rotateManagerUnlockKey" body Json;
    "swarm-unlock"     Post "/swarm/unlock" Manage body Json since 25;
};

pub(super) const NODES: &[Operation] = rows! { Node:
    "node-list"    Get "/nodes" View query "filters" answer List;
    "node-inspect" Get "/nodes/{id}" View on Node answer Inspect;
    "node-update"  Post "/nodes/{id}/update" Manage on Node query "version" body Json;
    "node-remove"  Delete "/nodes/{id}" Manage on Node query "force";
};

pub(super) const SERVICES: &[Operation] = rows! { Service:
    "service-list"    Get "/services" View query "filters status" answer List;
    "service-create"  Post "/services/create" Manage body Json answer Created;
    "service-inspect" Get "/services/{id}" View on Service query "insertDefaults" answer Inspect;
    "service-logs"    Get "/services/{id}/logs" Logs on Service
        query "follow stdout stderr since timestamps tail details" stream Answer since 25;
    "service-update"  Post "/services/{id}/update" Manage on Service
        query "version registryAuthFrom rollback" body Json;
    "service-remove"  Delete "/services/{id}" Manage on Service;
};

pub(super) const TASKS: &[Operation] = rows! { Task:
    "task-list"    Get "/tasks" View query "filters" answer List;
    "task-inspect" Get "/tasks/{id}" View on Task answer Inspect;
    "task-logs"    Get "/tasks/{id}/logs" Logs on Task
        query "follow stdout stderr since timestamps tail details" stream Answer since 29;
};

/// The engine never gives out what a secret holds.
pub(super) const SECRETS: &[Operation] = rows! { Secret:
    "secret-list"    Get "/secrets" View query "filters" answer List since 25;
    "secret-create"  Post "/secrets/create" Manage body Json answer Created since 25;
    "secret-inspect" Get "/secrets/{id}" View on Secret answer Inspect since 25;
    "secret-update"  Post "/secrets/{id}/update" Manage on Secret query "version" body Json since 25;
    "secret-remove"  Delete "/secrets/{id}" Manage on Secret since 25;
};

/// A config comes with what it holds, in the list too: reading one is reading a file.
pub(super) const CONFIGS: &[Operation] = rows! { Config:
    "config-list"    Get "/configs" Files query "filters" answer List since 30;
    "config-create"  Post "/configs/create" Manage body Json answer Created since 30;
    "config-inspect" Get "/configs/{id}" Files on Config answer Inspect since 30;
    "config-update"  Post "/configs/{id}/update" Manage on Config query "version" body Json since 30;
    "config-remove"  Delete "/configs/{id}" Manage on Config since 30;
};
