//! What is done to containers.

use gloo_net::http::Method;
use longshore_api::web::{
    container::Verb,
    detail::{Detail, EnvValue},
};

use super::{Answer, ask, get, order};

/// One container as inspected, by its full id or its name.
pub(crate) async fn container(host: &str, reference: &str) -> Answer<Detail> {
    get(&format!("hosts/{host}/containers/{reference}")).await
}

/// The values of a container's environment; that they were asked for is in the audit log.
pub(crate) async fn container_env(host: &str, id: &str) -> Answer<Vec<EnvValue>> {
    ask(Method::POST, &format!("hosts/{host}/containers/{id}/env"), &()).await
}

/// Does one thing to one container; answers when the engine has done it.
pub(crate) async fn act(host: &str, id: &str, verb: Verb) -> Answer<()> {
    let container = format!("hosts/{host}/containers/{id}");
    match verb {
        Verb::Remove => order(Method::DELETE, &container).await,
        _ => order(Method::POST, &format!("{container}/{}", verb.code())).await,
    }
}
