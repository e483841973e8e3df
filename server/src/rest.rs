//! The REST interface: every path is a [`Route`], and no route can be made without saying what it needs.

use std::{
    collections::BTreeMap,
    future::{Future, ready},
    pin::Pin,
    rc::Rc,
};

use actix_web::{
    FromRequest, Handler, HttpMessage as _, HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    web,
};
use http::{Method, StatusCode};
use longshore_api::{web::API, words::say};
use serde::de::DeserializeOwned;

use crate::{
    access::{Change, Need, Outcome, Pass, admit},
    accounts, audit, containers, creation, disk,
    fault::Fault,
    front::{Context, body, cookies},
    health,
    house::House,
    jobs, logs, openapi, ownership, removed, shelves, stacks, templates,
};

/// The house, for handlers.
pub type Shared = web::Data<House>;

/// JSON bodies have at most so many bytes; little that people type into a form is larger.
const BODY_MAX: usize = 64 * 1024;
/// A path with what it needs and who handles it.
pub struct Route {
    /// The method.
    pub method: Method,
    /// Below the base path.
    pub path: String,
    /// What it needs.
    pub need: Need,
    /// Whether it stands in the OpenAPI document.
    pub described: bool,
    handler: actix_web::Route,
}

impl Route {
    /// A route that only words a refusal: there is nothing to describe.
    pub fn refusing(self) -> Self {
        Self { described: false, ..self }
    }
}

/// A route below `/api/v1`. Its handler runs only after what it needs has been found true.
pub fn route<F, Args>(method: Method, path: &'static str, need: Need, handler: F) -> Route
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    root_route(method, &format!("{API}{path}"), need, handler)
}

/// The same for a path that does not begin with `/api/v1`.
pub fn root_route<F, Args>(method: Method, path: &str, need: Need, handler: F) -> Route
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let of_actix = actix_web::http::Method::from_bytes(method.as_str().as_bytes())
        .expect("a method of http is a method of actix's http");
    let handler = actix_web::Route::new()
        .method(of_actix)
        .to(handler)
        .wrap(from_fn(move |request, next| guard(need, request, next)));
    Route { method, path: path.to_owned(), need, described: true, handler }
}

async fn guard(
    need: Need,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let house =
        request.app_data::<Shared>().cloned().ok_or_else(|| Fault::internal("a route without its house"))?;
    let context = context(request.request())?;
    if let Some(pass) = admit(&house, &context, need, request.match_info().get("host")).await? {
        request.extensions_mut().insert(Caller { pass });
    }
    next.call(request).await
}

fn context(request: &HttpRequest) -> Result<Rc<Context>, Fault> {
    request
        .extensions()
        .get::<Rc<Context>>()
        .cloned()
        .ok_or_else(|| Fault::internal("a request that did not come through the front door"))
}

/// Every route of every feature.
pub fn all() -> impl Iterator<Item = Route> {
    [
        accounts::routes::routes(),
        audit::routes::routes(),
        accounts::oidc::routes::routes(),
        accounts::people::routes::routes(),
        accounts::totp::routes::routes(),
        containers::routes::routes(),
        creation::routes::routes(),
        disk::routes::routes(),
        health::routes::routes(),
        jobs::routes::routes(),
        logs::routes::routes(),
        openapi::routes::routes(),
        ownership::routes::routes(),
        removed::routes::routes(),
        shelves::routes::routes(),
        stacks::routes::routes(),
        templates::routes::routes(),
    ]
    .into_iter()
    .flatten()
}

/// Registers every route of every feature.
pub fn configure(config: &mut web::ServiceConfig) {
    let mut by_path: BTreeMap<String, Vec<(Method, actix_web::Route)>> = BTreeMap::new();
    for route in all() {
        by_path.entry(route.path).or_default().push((route.method, route.handler));
    }
    for (path, routes) in by_path {
        let (methods, routes): (Vec<Method>, Vec<actix_web::Route>) = routes.into_iter().unzip();
        let resource = web::resource(path).default_service(web::to(move |request: HttpRequest| {
            let allow: Vec<&str> = methods.iter().map(Method::as_str).collect();
            ready(Err::<&str, Fault>(Fault::method_not_allowed(request.method().as_str(), &allow)))
        }));
        config.service(routes.into_iter().fold(resource, actix_web::Resource::route));
    }
}

/// Who called, for handlers of routes that need someone.
#[derive(Clone)]
pub struct Caller {
    /// The check that was passed.
    pub pass: Pass,
}

impl FromRequest for Caller {
    type Error = Fault;
    type Future = std::future::Ready<Result<Self, Fault>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(
            request
                .extensions()
                .get::<Self>()
                .cloned()
                .ok_or_else(|| Fault::internal("an open route asks who called")),
        )
    }
}

/// The head of the request, for handlers.
pub struct At(Rc<Context>);

impl std::ops::Deref for At {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.0
    }
}

impl FromRequest for At {
    type Error = Fault;
    type Future = std::future::Ready<Result<Self, Fault>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(context(request).map(Self))
    }
}

/// The request's cookies, for handlers of the ways in.
pub struct Cookies(Vec<String>);

impl Cookies {
    /// What those of a name hold, in the browser's order.
    pub fn named(&self, name: &str) -> Vec<String> {
        cookies::named(self.0.iter().map(String::as_str), name)
    }

    /// Those that stand beside one another under a name: which, and what they hold.
    pub fn each_of(&self, name: &str) -> Vec<(String, String)> {
        cookies::each_of(self.0.iter().map(String::as_str), name)
    }
}

impl FromRequest for Cookies {
    type Error = Fault;
    type Future = std::future::Ready<Result<Self, Fault>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let lines = request.headers().get_all("cookie").filter_map(|line| line.to_str().ok());
        std::future::ready(Ok(Self(lines.map(str::to_owned).collect())))
    }
}

/// A JSON body, of bounded size.
pub struct Body<T, const MAX: usize = BODY_MAX>(T);

impl<T, const MAX: usize> Body<T, MAX> {
    /// What was sent.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned + 'static, const MAX: usize> FromRequest for Body<T, MAX> {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Fault>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json = request.content_type().eq_ignore_ascii_case("application/json");
        let payload = payload.take();
        Box::pin(async move {
            // Forms of other sites can be sent as text/plain or as a form, never as JSON without being asked.
            if !json {
                return Err(Fault::new(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    say::header_invalid("Content-Type"),
                ));
            }
            let body = body::whole(payload, MAX).await?;
            serde_json::from_slice(&body)
                .map(Self)
                .map_err(|e| Fault::bad_request(say::body_invalid(e.to_string())))
        })
    }
}

/// A change of our own tables that has nothing to answer but that it was made.
pub async fn changed<F>(
    house: &House,
    pass: &Pass,
    deed: &'static str,
    act: impl FnOnce(Change) -> F,
) -> Result<HttpResponse, Fault>
where
    F: Future<Output = Result<(), Fault>>,
{
    house.access.change(pass, deed, act).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A change of our own tables that answers.
pub async fn answered<T, F>(
    house: &House,
    pass: &Pass,
    deed: &'static str,
    act: impl FnOnce(Change) -> F,
) -> Result<web::Json<T>, Fault>
where
    F: Future<Output = Result<T, Fault>>,
{
    let done = house.access.change(pass, deed, async |change| act(change).await.map(Done)).await?;
    Ok(web::Json(done.0))
}

/// What a change answers.
struct Done<T>(T);

impl<T> Outcome for Done<T> {
    fn status(&self) -> u16 {
        200
    }
}
