//! Containers that were removed from here.

use gloo_net::http::Method;
use longshore_api::web::{create::Spec, removed::RemovedContainer};

use super::{Answer, ask, get, order};

/// Those of a host, newest first.
pub(crate) async fn removed_containers(host: &str) -> Answer<Vec<RemovedContainer>> {
    get(&format!("hosts/{host}/removed-containers")).await
}

/// What one was asked for to be; that it was asked for is in the audit log.
pub(crate) async fn removed_spec(host: &str, id: &str) -> Answer<Spec> {
    ask(Method::POST, &format!("hosts/{host}/removed-containers/{id}/spec"), &()).await
}

/// Forgets one.
pub(crate) async fn forget_removed(host: &str, id: &str) -> Answer<()> {
    order(Method::DELETE, &format!("hosts/{host}/removed-containers/{id}")).await
}
