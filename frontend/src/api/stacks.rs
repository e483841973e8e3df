//! Stacks.

use gloo_net::http::Method;
use longshore_api::web::{
    adopt::{FoundFiles, SaveContainers, SavedContainers, StackDrift},
    compare::{CompareReleases, ComparedReleases},
    job::StartedJob,
    once::{MadeOnce, RunOnce},
    stack::{ApplyPlan, NewPlan, Release, Releases, StackPlan, Stacks},
};

use super::{Answer, ask, get, order, read, send};

/// The stacks of a host.
pub(crate) async fn stacks(host: &str) -> Answer<Stacks> {
    get(&format!("hosts/{host}/stacks")).await
}

/// What would be done with a stack.
pub(crate) async fn plan_stack(host: &str, name: &str, plan: &NewPlan) -> Answer<StackPlan> {
    ask(Method::POST, &format!("hosts/{host}/stacks/{name}/plan"), plan).await
}

/// Does what was planned; what becomes of it is told by the job.
pub(crate) async fn apply_stack(host: &str, name: &str, apply: &ApplyPlan) -> Answer<StartedJob> {
    ask(Method::POST, &format!("hosts/{host}/stacks/{name}/apply"), apply).await
}

/// Makes a container of a service for a single command.
pub(crate) async fn run_once(host: &str, name: &str, wish: &RunOnce) -> Answer<MadeOnce> {
    ask(Method::POST, &format!("hosts/{host}/stacks/{name}/run"), wish).await
}

/// The releases of a stack, newest first.
pub(crate) async fn releases(host: &str, name: &str) -> Answer<Releases> {
    get(&format!("hosts/{host}/stacks/{name}/releases")).await
}

/// One release with its files.
pub(crate) async fn release(host: &str, name: &str, number: u64) -> Answer<Release> {
    let path = format!("hosts/{host}/stacks/{name}/releases/{number}");
    read(send::<()>(Method::POST, &path, None).await?).await
}

/// What differs between two releases, or between one and what runs.
pub(crate) async fn compared_releases(
    host: &str,
    name: &str,
    asked: &CompareReleases,
) -> Answer<ComparedReleases> {
    ask(Method::POST, &format!("hosts/{host}/stacks/{name}/compared-releases"), asked).await
}

/// Forgets a stack's files and releases; nothing on the host is touched.
pub(crate) async fn forget_stack(host: &str, name: &str) -> Answer<()> {
    order(Method::DELETE, &format!("hosts/{host}/stacks/{name}")).await
}

/// What was changed by hand since the newest release that was applied.
pub(crate) async fn stack_drift(host: &str, name: &str) -> Answer<StackDrift> {
    get(&format!("hosts/{host}/stacks/{name}/drift")).await
}

/// The files of a stack that another tool made, from its host.
pub(crate) async fn found_files(host: &str, name: &str) -> Answer<FoundFiles> {
    let path = format!("hosts/{host}/stacks/{name}/found-files");
    read(send::<()>(Method::POST, &path, None).await?).await
}

/// Containers as the file of a stack and as a template.
pub(crate) async fn saved_containers(host: &str, form: &SaveContainers) -> Answer<SavedContainers> {
    ask(Method::POST, &format!("hosts/{host}/saved-containers"), form).await
}
