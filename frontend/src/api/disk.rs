//! What takes the room on a host's disk.

use gloo_net::http::Method;
use longshore_api::web::{disk::DiskUse, job::StartedJob};

use super::{Answer, ask, get};

/// What was measured last on a host; none where nobody has asked since the server started.
pub(crate) async fn disk(host: &str) -> Answer<Option<DiskUse>> {
    get(&format!("hosts/{host}/disk")).await
}

/// Measures a host's disk; what becomes of it is told by the job.
pub(crate) async fn measure_disk(host: &str) -> Answer<StartedJob> {
    ask(Method::POST, &format!("hosts/{host}/disk"), &()).await
}
