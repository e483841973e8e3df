//! New containers.

use gloo_net::http::Method;
use longshore_api::web::{
    create::{CheckContainer, CheckedContainer, NewContainer, Spec},
    job::StartedJob,
};

use super::{Answer, ask};

/// Makes a container; what becomes of it is told by the job.
pub(crate) async fn create_container(host: &str, wish: &NewContainer) -> Answer<StartedJob> {
    ask(Method::POST, &format!("hosts/{host}/containers"), wish).await
}

/// What stands in the way of one.
pub(crate) async fn check_container(host: &str, wish: &CheckContainer) -> Answer<CheckedContainer> {
    ask(Method::POST, &format!("hosts/{host}/new-container/check"), wish).await
}

/// What one that is there was asked for to be.
pub(crate) async fn container_spec(host: &str, name: &str) -> Answer<Spec> {
    ask(Method::POST, &format!("hosts/{host}/containers/{name}/spec"), &()).await
}
