//! Paths of stacks.

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::{
    web::{
        adopt::{FoundFiles, SaveContainers, SavedContainers, StackDrift},
        compare::{CompareReleases, ComparedReleases},
        job::StartedJob,
        once::{MadeOnce, RunOnce},
        stack::{ApplyPlan, NewPlan, REQUEST_MAX, Release, Releases, Stack, StackPlan, Stacks},
    },
    words::say,
};

use super::{apply, compare, drift, found, logic, planning, save};
use crate::{
    access::{Demand, Pass, Target},
    call::{need, need_some, operation},
    fault::Fault,
    house::House,
    jobs::accepted,
    rest::{Body, Caller, Route, Shared, answered, changed, route},
};

/// Every path of stacks with what it needs. Whose a stack is, is asked where it is found.
pub fn routes() -> Vec<Route> {
    let view = || need_some("container-list");
    let deploy = || need_some("container-create");
    vec![
        route(Method::GET, "/hosts/{host}/stacks", view(), list),
        route(Method::GET, "/hosts/{host}/stacks/{stack}", view(), one),
        route(Method::DELETE, "/hosts/{host}/stacks/{stack}", deploy(), forget),
        route(Method::POST, "/hosts/{host}/stacks/{stack}/plan", deploy(), plan),
        route(Method::POST, "/hosts/{host}/stacks/{stack}/apply", deploy(), apply),
        route(Method::POST, "/hosts/{host}/stacks/{stack}/run", deploy(), run),
        route(Method::GET, "/hosts/{host}/stacks/{stack}/drift", deploy(), drifted),
        route(
            Method::POST,
            "/hosts/{host}/stacks/{stack}/found-files",
            need("container-create"),
            found_files,
        ),
        route(Method::GET, "/hosts/{host}/stacks/{stack}/releases", deploy(), releases),
        route(Method::POST, "/hosts/{host}/stacks/{stack}/releases/{number}", deploy(), release),
        route(Method::POST, "/hosts/{host}/stacks/{stack}/compared-releases", deploy(), compared),
        route(Method::POST, "/hosts/{host}/saved-containers", need_some("exec-create"), saved),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    list,
    one,
    forget,
    plan,
    apply,
    run,
    drifted,
    found_files,
    releases,
    release,
    compared,
    saved
))]
pub struct Document;

/// The stacks of a host, from memory.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/stacks", responses((status = 200, body = Stacks)))]
async fn list(house: Shared, caller: Caller) -> Result<web::Json<Stacks>, Fault> {
    let stacks = logic::rows(&house, &caller.pass, caller.pass.host()?);
    Ok(web::Json(Stacks { stacks }))
}

/// One stack, from memory.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/stacks/{stack}", responses((status = 200, body = Stack)))]
async fn one(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<Stack>, Fault> {
    let stack = logic::look(&house, &caller.pass, caller.pass.host()?, &at.1);
    if stack.is_there {
        return Ok(web::Json(stack));
    }
    Err(Fault::not_found(longshore_api::words::say::stack_unknown(&at.1)))
}

/// Forgets a stack with its releases. Nothing on the host is touched.
#[utoipa::path(delete, path = "/api/v1/hosts/{host}/stacks/{stack}", responses((status = 204)))]
async fn forget(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<HttpResponse, Fault> {
    let pass = about(&house, &caller, &at.1)?;
    changed(&house, &pass, "stack-forget", async |change| {
        logic::forget(&house, &caller.pass, &at.1, change).await
    })
    .await
}

/// What would be done. The engine is asked what is there; nothing is changed.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/stacks/{stack}/plan", request_body = NewPlan, responses((status = 200, body = StackPlan)))]
async fn plan(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
    form: Body<NewPlan, REQUEST_MAX>,
) -> Result<web::Json<StackPlan>, Fault> {
    planning::plan(&house, &caller.pass, &at.1, form.into_inner()).await.map(web::Json)
}

/// Does what was planned, as a job.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/stacks/{stack}/apply", request_body = ApplyPlan, responses((status = 202, body = StartedJob)))]
async fn apply(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
    form: Body<ApplyPlan, REQUEST_MAX>,
) -> Result<HttpResponse, Fault> {
    let form = form.into_inner();
    // It is read in tables, on terminals too.
    if form.message.chars().any(char::is_control) {
        return Err(Fault::bad_request(say::answer_control_character()).at("message"));
    }
    let mut detail = form.plan.wish.deed.code().to_owned();
    if let Some(number) = form.returns_to {
        detail.push_str(&format!(", release {number}"));
    }
    let apply = apply::prepare(&house, &caller.pass, &at.1, form).await?;
    let shared = house.clone().into_inner();
    let pass = about(&house, &caller, &at.1)?.noting(detail);
    accepted(&house, &pass, house.jobs.start_stack(shared, &caller.pass, apply)).await
}

/// Makes a container of a service for a single command.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/stacks/{stack}/run", request_body = RunOnce, responses((status = 200, body = MadeOnce)))]
async fn run(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
    form: Body<RunOnce>,
) -> Result<web::Json<MadeOnce>, Fault> {
    let house = house.into_inner();
    apply::run_once(&house, &caller.pass, &at.1, form.into_inner()).await.map(web::Json)
}

/// What was changed by hand since its newest applied release. The engine is asked what is there; nothing is changed.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/stacks/{stack}/drift", responses((status = 200, body = StackDrift)))]
async fn drifted(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<StackDrift>, Fault> {
    drift::drift(&house, &caller.pass, &at.1).await.map(web::Json)
}

/// The files of a stack that another tool made, where its folder is on this machine and beneath one that an administrator
/// has named. For managers; it leaves a row in the audit log.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/stacks/{stack}/found-files", responses((status = 200, body = FoundFiles)))]
async fn found_files(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<FoundFiles>, Fault> {
    let found = found::find(&house, &caller.pass, &at.1).await?;
    let pass = about(&house, &caller, &at.1)?.noting(found.folder());
    answered(&house, &pass, "stack-read", async |_| found.read().await).await
}

/// The releases of a stack, newest first.
#[utoipa::path(get, path = "/api/v1/hosts/{host}/stacks/{stack}/releases", responses((status = 200, body = Releases)))]
async fn releases(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
) -> Result<web::Json<Releases>, Fault> {
    logic::releases(&house, &caller.pass, &at.1).await.map(web::Json)
}

/// One release, with what it was made of. It leaves a row in the audit log.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/stacks/{stack}/releases/{number}", responses((status = 200, body = Release)))]
async fn release(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String, u64)>,
) -> Result<web::Json<Release>, Fault> {
    let (_, name, number) = at.into_inner();
    let pass = about(&house, &caller, &name)?.noting(format!("release {number}"));
    answered(&house, &pass, "stack-read", async |change| {
        logic::release(&house, &caller.pass, &name, number, change).await
    })
    .await
}

/// What differs between two releases, or between one and what runs; of secrets only that they do. It leaves a row in the
/// audit log.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/stacks/{stack}/compared-releases", request_body = CompareReleases, responses((status = 200, body = ComparedReleases)))]
async fn compared(
    house: Shared,
    caller: Caller,
    at: web::Path<(String, String)>,
    form: Body<CompareReleases>,
) -> Result<web::Json<ComparedReleases>, Fault> {
    let asked = form.into_inner();
    let noted = match asked.to {
        Some(to) => format!("releases {} and {to}", asked.from),
        None => format!("release {} and what runs", asked.from),
    };
    let pass = about(&house, &caller, &at.1)?.noting(noted);
    answered(&house, &pass, "stack-read", async |change| {
        compare::compare(&house, &caller.pass, &at.1, asked, change).await
    })
    .await
}

/// Containers that run, as the file of a stack and as a template. Environments are in it: it leaves a row in the audit log
/// for each.
#[utoipa::path(post, path = "/api/v1/hosts/{host}/saved-containers", request_body = SaveContainers, responses((status = 200, body = SavedContainers)))]
async fn saved(
    house: Shared,
    caller: Caller,
    form: Body<SaveContainers>,
) -> Result<web::Json<SavedContainers>, Fault> {
    save::save(&house, &caller.pass, form.into_inner()).await.map(web::Json)
}

/// The caller's pass with the stack's name for the audit log.
fn about(house: &House, caller: &Caller, name: &str) -> Result<Pass, Fault> {
    let share = Target::Share { host: caller.pass.host()?.to_owned(), name: format!("stack {name}") };
    let demand = Demand::Operation(operation("container-create"));
    house.access.require(caller.pass.principal(), demand, share, caller.pass.request_id())
}
