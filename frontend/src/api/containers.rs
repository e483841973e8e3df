//! What is done to containers.

use gloo_net::http::Method;
use longshore_api::web::container::Verb;

use super::{Answer, order};

/// Does one thing to one container; answers when the engine has done it.
pub(crate) async fn act(host: &str, id: &str, verb: Verb) -> Answer<()> {
    let container = format!("hosts/{host}/containers/{id}");
    match verb {
        Verb::Remove => order(Method::DELETE, &container).await,
        _ => order(Method::POST, &format!("{container}/{}", verb.code())).await,
    }
}
