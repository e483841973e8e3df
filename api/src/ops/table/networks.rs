//! Networks.

use super::rows;
use crate::ops::Operation;

/// A network of one's own is deployed as a container is: compose makes one for every stack. Others' networks are
/// kept by ownership, not by the verb.
pub(super) const NETWORKS: &[Operation] = rows! { Network:
    "network-list"       Get "/networks" View query "filters" answer List;
    "network-create"     Post "/networks/create" Deploy body Json answer Created;
    "network-prune"      Post "/networks/prune" Deploy query "filters" answer Pruned since 25;
    "network-inspect"    Get "/networks/{id}" View on Network query "verbose scope" answer Inspect;
    "network-connect"    Post "/networks/{id}/connect" Deploy on Network body Json;
    "network-disconnect" Post "/networks/{id}/disconnect" Deploy on Network body Json;
    "network-remove"     Delete "/networks/{id}" Deploy on Network;
};
