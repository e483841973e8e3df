//! Paths of jobs.

use actix_web::{HttpResponse, web};
use http::Method;
use longshore_api::web::job::{Job, NewContainerJob, StartedJob};

use crate::{
    access::{Need, Outcome, Pass},
    fault::Fault,
    rest::{Body, Caller, Route, Shared, route},
};

/// Every path of jobs with what it needs.
pub fn routes() -> Vec<Route> {
    vec![
        route(Method::GET, "/jobs", Need::SignedIn, list),
        route(Method::GET, "/jobs/{id}", Need::SignedIn, show),
        route(Method::GET, "/jobs/{id}/earlier", Need::SignedIn, earlier),
        route(Method::POST, "/jobs/{id}/again", Need::SignedIn, again),
        route(Method::POST, "/jobs/{id}/cancel", Need::SignedIn, cancel),
        route(Method::POST, "/jobs/containers", Need::SignedIn, start_containers),
    ]
}

/// This feature's part of the OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, show, earlier, again, cancel, start_containers))]
pub struct Document;

/// The caller's recent jobs, newest first, without their logs.
#[utoipa::path(get, path = "/api/v1/jobs", responses((status = 200, body = Vec<Job>)))]
async fn list(house: Shared, caller: Caller) -> web::Json<Vec<Job>> {
    web::Json(house.jobs.recent(caller.pass.principal().account_id()))
}

/// A job of the caller's, with its log.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", responses((status = 200, body = Job)))]
async fn show(house: Shared, caller: Caller, id: web::Path<String>) -> Result<web::Json<Job>, Fault> {
    Ok(web::Json(house.jobs.find(&caller.pass, &id).await?))
}

/// The caller's jobs that were asked for before this one, newest first, at most a hundred, without their logs.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/earlier", responses((status = 200, body = Vec<Job>)))]
async fn earlier(house: Shared, caller: Caller, id: web::Path<String>) -> Result<web::Json<Vec<Job>>, Fault> {
    Ok(web::Json(house.jobs.earlier(&caller.pass, &id).await?))
}

/// Does what a job of the caller's left undone, as a new job in the background.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/again", responses((status = 202, body = StartedJob)))]
async fn again(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let shared = house.clone().into_inner();
    accepted(&house, &caller.pass, house.jobs.again(shared, &caller.pass, &id)).await
}

/// Asks a job of the caller's to end: what is under way is finished, the rest is left as it is.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/cancel", responses((status = 204)))]
async fn cancel(house: Shared, caller: Caller, id: web::Path<String>) -> Result<HttpResponse, Fault> {
    let done = house
        .access
        .change(&caller.pass, "job-cancel", |_| async { Ok(house.jobs.cancel(&caller.pass, &id).await?) });
    done.await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Starts one verb on many containers in the background. What becomes of each is told by the job.
#[utoipa::path(post, path = "/api/v1/jobs/containers", request_body = NewContainerJob, responses((status = 202, body = StartedJob)))]
async fn start_containers(
    house: Shared,
    caller: Caller,
    form: Body<NewContainerJob>,
) -> Result<HttpResponse, Fault> {
    let shared = house.clone().into_inner();
    accepted(&house, &caller.pass, house.jobs.start_containers(shared, &caller.pass, form.into_inner())).await
}

impl Outcome for StartedJob {
    fn status(&self) -> u16 {
        202
    }
}

/// Starts a job through the one door for changes, with the pass that the audit log tells of, and answers with its id.
pub async fn accepted<E: Into<Fault>>(
    house: &Shared,
    pass: &Pass,
    start: impl Future<Output = Result<String, E>>,
) -> Result<HttpResponse, Fault> {
    let start = async |_| start.await.map(|id| StartedJob { id }).map_err(Into::into);
    let started = house.access.change(pass, "job-start", start).await?;
    Ok(HttpResponse::Accepted().json(started))
}
