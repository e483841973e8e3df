//! Stacks.

use gloo_net::http::Method;
use longshore_api::web::{
    job::StartedJob,
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

/// The releases of a stack, newest first.
pub(crate) async fn releases(host: &str, name: &str) -> Answer<Releases> {
    get(&format!("hosts/{host}/stacks/{name}/releases")).await
}

/// One release with its files.
pub(crate) async fn release(host: &str, name: &str, number: u64) -> Answer<Release> {
    let path = format!("hosts/{host}/stacks/{name}/releases/{number}");
    read(send::<()>(Method::POST, &path, None).await?).await
}

/// Forgets a stack's files and releases; nothing on the host is touched.
pub(crate) async fn forget_stack(host: &str, name: &str) -> Answer<()> {
    order(Method::DELETE, &format!("hosts/{host}/stacks/{name}")).await
}
