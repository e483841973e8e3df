//! The operation table itself: one file per room of the engine's router, one row per operation.
//!
//! A row reads: id, method, path, permissions, and then only what differs from the usual: `on` the target, `query`
//! its parameters, `body`, `stream`, `answer`, `since` (the minor of the first API version), `audit` where a change
//! leaves no audit row. The rows follow the engine's router (20.10 to the newest), its documentation second; the
//! parameters are those the handlers read and those that `docker` and docker-compose send all the same.

mod build;
mod cluster;
mod containers;
mod images;
mod networks;
mod refused;
mod system;
mod volumes;

use super::{Answer, ApiVersion, Body, Kind, Method, Operation, Permission, QueryKeys, Stream, Target};

pub use refused::REFUSED;

const GROUPS: &[&[Operation]] = &[
    system::SYSTEM,
    containers::CONTAINERS,
    containers::EXECS,
    images::IMAGES,
    images::DISTRIBUTION,
    build::BUILDS,
    build::SESSIONS,
    networks::NETWORKS,
    volumes::VOLUMES,
    cluster::SWARM,
    cluster::NODES,
    cluster::SERVICES,
    cluster::TASKS,
    cluster::SECRETS,
    cluster::CONFIGS,
    system::PLUGINS,
];

/// Every operation of the Docker Engine API that may be called through us. What is not here is refused.
pub static OPERATIONS: &[Operation] = &flatten::<COUNT>(GROUPS);

const COUNT: usize = {
    let (mut count, mut group) = (0, 0);
    while group < GROUPS.len() {
        count += GROUPS[group].len();
        group += 1;
    }
    count
};

const fn flatten<const N: usize>(groups: &[&[Operation]]) -> [Operation; N] {
    let mut all = [groups[0][0]; N];
    let (mut next, mut group) = (0, 0);
    while group < groups.len() {
        let mut row = 0;
        while row < groups[group].len() {
            all[next] = groups[group][row];
            next += 1;
            row += 1;
        }
        group += 1;
    }
    all
}

/// A row of which nothing is unusual.
const fn row(
    id: &'static str,
    method: Method,
    path: &'static str,
    kind: Kind,
    permission: Permission,
) -> Operation {
    Operation {
        id,
        method,
        path,
        kind,
        permission,
        also: None,
        target: Target::None,
        query: QueryKeys(""),
        body: Body::None,
        stream: Stream::None,
        answer: Answer::AsIs,
        audit: !method.reads(),
        since: ApiVersion::OLDEST,
    }
}

/// Rows of one kind; see the module's description for how they read.
macro_rules! rows {
    ($kind:ident: $(
        $id:literal $method:ident $path:literal $permission:ident $(+ $also:ident)?
        $(on $target:ident)? $(query $query:literal)? $(body $body:ident)? $(stream $stream:ident)?
        $(answer $answer:ident)? $(since $since:literal)? $(audit $audit:literal)?;
    )+) => {
        &[$({
            #[allow(unused_mut)] // not every row has something unusual
            let mut row = $crate::ops::table::row(
                $id,
                $crate::ops::Method::$method,
                $path,
                $crate::ops::Kind::$kind,
                $crate::ops::Permission::$permission,
            );
            $(row.also = Some($crate::ops::Permission::$also);)?
            $(row.target = $crate::ops::Target::$target;)?
            $(row.query = $crate::ops::QueryKeys($query);)?
            $(row.body = $crate::ops::Body::$body;)?
            $(row.stream = $crate::ops::Stream::$stream;)?
            $(row.answer = $crate::ops::Answer::$answer;)?
            $(row.since = $crate::ops::ApiVersion::new(1, $since);)?
            $(row.audit = $audit;)?
            row
        }),+]
    };
}
use rows;
