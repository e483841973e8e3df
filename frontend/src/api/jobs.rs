//! Long work in the background.

use gloo_net::http::Method;
use longshore_api::web::{
    container::Verb,
    job::{ContainerTarget, NewContainerJob, StartedJob},
};

use super::{Answer, ask, order};

/// Starts one verb on many containers; what becomes of each is told by the job.
pub(crate) async fn start_job(verb: Verb, targets: Vec<ContainerTarget>) -> Answer<StartedJob> {
    ask(Method::POST, "jobs/containers", &NewContainerJob { verb, targets }).await
}

/// Cancels a job: what is under way is finished, what waits is left as it is.
pub(crate) async fn cancel_job(id: &str) -> Answer<()> {
    order(Method::POST, &format!("jobs/{id}/cancel")).await
}
