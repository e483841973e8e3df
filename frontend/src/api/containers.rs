//! What is done to containers.

use gloo_net::http::Method;
use longshore_api::{
    sentence::Sentence,
    web::{
        access::{Access, GiveAccess, MayUse},
        container::Verb,
        detail::{Changes, Detail, EnvValue, NewName, PastUsage, Process, Signal, Update},
        job::{Recreate, StartedJob},
        log::LastWords,
        removed::NotKept,
    },
};

use super::{Answer, ask, get, get_text, order, read, send, tell};

/// One container as inspected, by its full id or its name.
pub(crate) async fn container(host: &str, reference: &str) -> Answer<Detail> {
    get(&format!("hosts/{host}/containers/{reference}")).await
}

/// The values of a container's environment; that they were asked for is in the audit log.
pub(crate) async fn container_env(host: &str, id: &str) -> Answer<Vec<EnvValue>> {
    ask(Method::POST, &format!("hosts/{host}/containers/{id}/env"), &()).await
}

/// Does one thing to one container; answers when the engine has done it, with what is to be said of that all the same.
pub(crate) async fn act(host: &str, id: &str, verb: Verb) -> Answer<Option<Sentence>> {
    let container = format!("hosts/{host}/containers/{id}");
    match verb {
        Verb::Remove => {
            let answer = send::<()>(Method::DELETE, &container, None).await?;
            if answer.status() == 204 {
                return Ok(None);
            }
            read::<NotKept>(answer).await.map(|not_kept| Some(not_kept.why))
        }
        _ => order(Method::POST, &format!("{container}/{}", verb.code())).await.map(|()| None),
    }
}

/// A container as its engine describes it, as JSON.
pub(crate) async fn container_document(host: &str, id: &str) -> Answer<String> {
    get_text(&format!("hosts/{host}/containers/{id}/inspect")).await
}

/// The files in which a container differs from its image.
pub(crate) async fn container_changes(host: &str, id: &str) -> Answer<Changes> {
    get(&format!("hosts/{host}/containers/{id}/changes")).await
}

/// The end of a container's log.
pub(crate) async fn last_words(host: &str, id: &str) -> Answer<LastWords> {
    get(&format!("hosts/{host}/containers/{id}/last-words")).await
}

/// What runs in a container.
pub(crate) async fn container_processes(host: &str, id: &str) -> Answer<Vec<Process>> {
    get(&format!("hosts/{host}/containers/{id}/processes")).await
}

/// Gives a container another name.
pub(crate) async fn rename_container(host: &str, id: &str, name: String) -> Answer<()> {
    tell(Method::POST, &format!("hosts/{host}/containers/{id}/rename"), &NewName { name }).await
}

/// Sends a signal to a container.
pub(crate) async fn signal_container(host: &str, id: &str, signal: String) -> Answer<()> {
    tell(Method::POST, &format!("hosts/{host}/containers/{id}/signal"), &Signal { signal }).await
}

/// Changes the restart policy or the limits of a container.
pub(crate) async fn update_container(host: &str, id: &str, update: &Update) -> Answer<()> {
    tell(Method::POST, &format!("hosts/{host}/containers/{id}/update"), update).await
}

/// What a container used in the last hour.
pub(crate) async fn container_usage(host: &str, id: &str) -> Answer<PastUsage> {
    get(&format!("hosts/{host}/containers/{id}/usage")).await
}

/// Makes a container anew; what becomes of it is told by the job.
pub(crate) async fn recreate_container(host: &str, id: &str, newer: bool) -> Answer<StartedJob> {
    ask(Method::POST, &format!("hosts/{host}/containers/{id}/recreate"), &Recreate { newer }).await
}

/// Whose a container is, and who else may see it.
pub(crate) async fn container_access(host: &str, id: &str) -> Answer<Access> {
    get(&format!("hosts/{host}/containers/{id}/access")).await
}

/// Who may use a container, and why.
pub(crate) async fn container_people(host: &str, id: &str) -> Answer<Vec<MayUse>> {
    get(&format!("hosts/{host}/containers/{id}/people")).await
}

/// Gives a container to somebody, and says who else may see it.
pub(crate) async fn give_container(host: &str, id: &str, give: &GiveAccess) -> Answer<()> {
    tell(Method::PUT, &format!("hosts/{host}/containers/{id}/access"), give).await
}
