//! Builds, and the opaque channels of the newer builder.

use super::rows;
use crate::ops::Operation;

pub(super) const BUILDS: &[Operation] = rows! { Build:
    "build"        Post "/build" Deploy
        query "dockerfile t[] remote q nocache pull rm forcerm target platform buildargs labels cachefrom squash \
               networkmode extrahosts[] memory memswap cpushares cpuperiod cpuquota cpusetcpus cpusetmems \
               cgroupparent shmsize ulimits isolation securityopt[] session buildid version outputs"
        body Tar stream Answer;
    // The id may be that of another's build.
    "build-cancel" Post "/build/cancel" Manage query "id" since 39;
    "build-prune"  Post "/build/prune" Deploy
        query "all filters keep-storage reserved-space max-used-space min-free-space" answer Pruned since 31;
};

/// gRPC once upgraded, which nobody can look into: it can build anything and read others' builds.
pub(super) const SESSIONS: &[Operation] = rows! { Session:
    "session" Post "/session" Manage stream Hijack since 31;
    "grpc"    Post "/grpc" Manage stream Hijack since 39;
};
