//! Volumes.

use super::rows;
use crate::ops::Operation;

pub(super) const VOLUMES: &[Operation] = rows! { Volume:
    "volume-list"    Get "/volumes" View query "filters" answer List;
    "volume-create"  Post "/volumes/create" Deploy body JsonOptional answer Created;
    "volume-prune"   Post "/volumes/prune" Deploy query "filters" answer Pruned since 25;
    "volume-inspect" Get "/volumes/{name}" View on Volume answer Inspect;
    // Volumes of a swarm only.
    "volume-update"  Put "/volumes/{name}" Manage on Volume query "version" body Json since 42;
    "volume-remove"  Delete "/volumes/{name}" Deploy on Volume query "force";
};
