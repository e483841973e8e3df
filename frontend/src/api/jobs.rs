//! Long work in the background.

use gloo_net::http::Method;
use longshore_api::web::{
    container::Verb,
    job::{ContainerTarget, Job, NewContainerJob, StartedJob},
};

use super::{Answer, ask, get, order};

/// Starts one verb on many containers; what becomes of each is told by the job.
pub(crate) async fn start_job(verb: Verb, targets: Vec<ContainerTarget>) -> Answer<StartedJob> {
    ask(Method::POST, "jobs/containers", &NewContainerJob { verb, targets }).await
}

/// Cancels a job: what is under way is finished, what waits is left as it is.
pub(crate) async fn cancel_job(id: &str) -> Answer<()> {
    order(Method::POST, &format!("jobs/{id}/cancel")).await
}

/// A job with its log.
pub(crate) async fn job(id: &str) -> Answer<Job> {
    get(&format!("jobs/{id}")).await
}

/// The jobs that were asked for before it, newest first.
pub(crate) async fn earlier_jobs(than: &str) -> Answer<Vec<Job>> {
    get(&format!("jobs/{than}/earlier")).await
}

/// Does what it left undone, as a new job.
pub(crate) async fn job_again(id: &str) -> Answer<StartedJob> {
    ask(Method::POST, &format!("jobs/{id}/again"), &()).await
}
