//! The one way from our own pages to an engine: an operation of the table, asked of the policy for whoever calls, its
//! path and query built anew, its audit row written where the table says so.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::{body::Incoming, upgrade::Upgraded};
use hyper_util::rt::TokioIo;
use longshore_api::{
    ops::{
        self, Kind, Operation, Query, RouteError,
        body::{Checked, Reference},
    },
    words::say,
};
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IgnoredAny},
};
use tokio::time::timeout;

use crate::{
    access::{Demand, Need, Outcome, Pass, Permit, Target},
    fault::Fault,
    hosts::{Flow, Host, Line, LineError, collect},
    house::House,
    ownership::{Claims, Making, claim, making, named_anew},
};

/// The row of an operation that this program names itself.
///
/// # Panics
/// The table has no such row: a mistake in our own source, which the test of whoever names it shows.
pub fn operation(id: &str) -> &'static Operation {
    ops::operation(id).unwrap_or_else(|| panic!("the table has no operation {id}"))
}

/// What a route needs that does this operation.
pub fn need(id: &str) -> Need {
    Need::Operation(operation(id))
}

/// What a route needs that does this operation on something that its handler finds through the caller's sight, or makes
/// for them.
pub fn need_some(id: &str) -> Need {
    Need::OnSome(operation(id))
}

/// One call that is about to be made.
pub struct Call<'a> {
    house: &'a House,
    pass: Pass,
    host: Arc<Host>,
    operation: &'static Operation,
    target: Option<String>,
    query: Query,
    body: Option<Checked>,
    instead_of: Option<String>,
    deadline: Duration,
}

impl<'a> Call<'a> {
    /// Asks the policy for `operation` on the host of the caller's pass. `target` takes the place of
    /// the name in the row's path, as the engine is to read it: a full id where there is one. `name` is what the audit
    /// log calls it: `container web`.
    ///
    /// # Errors
    /// Whoever calls may not do it, or the host is none of ours.
    pub fn new(
        house: &'a House,
        caller: &Pass,
        operation: &'static Operation,
        target: Option<&str>,
        name: impl Into<String>,
    ) -> Result<Self, Fault> {
        // What our own pages name so was found by its full id; what runs in a container is as much theirs as that is.
        let id = match operation.target {
            ops::Target::Exec => caller.object().map(str::to_owned),
            _ => target.map(str::to_owned),
        };
        let object = Target::Object { host: caller.host()?.to_owned(), id, name: name.into() };
        Self::on(house, caller, operation, target, object)
    }

    /// The same for an operation that makes something: it is the caller's then. What it makes and names is claimed, and
    /// asked of the engine, before it is called.
    ///
    /// # Errors
    /// As [`Call::new`].
    pub fn making(
        house: &'a House,
        caller: &Pass,
        operation: &'static Operation,
        name: impl Into<String>,
    ) -> Result<Self, Fault> {
        let share = Target::Share { host: caller.host()?.to_owned(), name: name.into() };
        Self::on(house, caller, operation, None, share)
    }

    /// The same for a list of all that is on the host, of which whoever calls takes what is theirs.
    ///
    /// # Errors
    /// As [`Call::new`].
    pub fn listing(house: &'a House, caller: &Pass, operation: &'static Operation) -> Result<Self, Fault> {
        Self::making(house, caller, operation, operation.kind.code())
    }

    fn on(
        house: &'a House,
        caller: &Pass,
        operation: &'static Operation,
        target: Option<&str>,
        object: Target,
    ) -> Result<Self, Fault> {
        let slug = caller.host()?;
        let pass = house.access.require(
            caller.principal(),
            Demand::Operation(operation),
            object,
            caller.request_id(),
        )?;
        let host = house.hosts.get(slug)?;
        Ok(Self {
            house,
            pass,
            host,
            operation,
            target: target.map(str::to_owned),
            query: Query::default(),
            body: None,
            instead_of: None,
            deadline: house.settings.engine_deadline,
        })
    }

    /// The same call with a parameter of its row.
    ///
    /// # Panics
    /// The row has no such parameter: a mistake in our own source.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.query.set(self.parameter(key), value.to_string());
        self
    }

    /// The same call with one more value of a parameter that may have several.
    ///
    /// # Panics
    /// As [`Call::with`].
    #[must_use]
    pub fn and(mut self, key: &str, value: impl ToString) -> Self {
        self.query.add(self.parameter(key), value.to_string());
        self
    }

    fn parameter(&self, key: &str) -> &'static str {
        let known = self.operation.query.find(key);
        known.unwrap_or_else(|| panic!("{} has no parameter {key}", self.operation.id)).0
    }

    /// The same call, with what else the audit log is to say of it. Never a secret.
    #[must_use]
    pub fn noting(mut self, detail: impl AsRef<str>) -> Self {
        self.pass = self.pass.noting(detail);
        self
    }

    /// The same call, of what takes the place of another thing, by its full id: it is whosever that is.
    #[must_use]
    pub fn instead_of(mut self, old: &str) -> Self {
        self.instead_of = Some(old.to_owned());
        self
    }

    /// The same call to which the engine needs so long besides: a stop waits for what it stops.
    #[must_use]
    pub fn allowing(mut self, time: Duration) -> Self {
        self.deadline = self.deadline.saturating_add(time);
        self
    }

    /// What a rule refuses is in the audit log.
    fn refused(&self, fault: &Fault) {
        if fault.status() == StatusCode::FORBIDDEN {
            self.house.access.refused(&self.pass, fault);
        }
    }

    /// The same call with a JSON body, judged as one from the gateway is.
    ///
    /// # Errors
    /// The value cannot be written as JSON, or whoever calls may not send it.
    pub fn body(mut self, body: &impl Serialize) -> Result<Self, Fault> {
        let body = serde_json::to_value(body).map_err(Fault::internal)?;
        self.body = Some(self.pass.judge(body).inspect_err(|fault| self.refused(fault))?);
        Ok(self)
    }

    /// Makes the call for what it does; the answer says nothing more. 304, "it was so already", counts as done.
    ///
    /// # Errors
    /// The engine refused, with its words, or gave no usable answer in time.
    pub async fn done(self) -> Result<(), Fault> {
        if self.operation.answer == ops::Answer::Created {
            return self.json::<IgnoredAny>(CREATED_MAX).await.map(drop);
        }
        let (request, claims) = self.prepared().await?;
        let line = &self.host.line;
        let call = async |permit: Permit| {
            let asked = async {
                let answer = line.call(&permit, request).await.map_err(|e| line.fault(e))?;
                match answer.status().as_u16() {
                    200..300 | 304 => Ok(()),
                    _ => Err(line.refusal(answer).await),
                }
            };
            timeout(self.deadline, asked).await.map_err(|_| self.late())?
        };
        let done = self.house.access.perform(&self.pass, call).await;
        settled(claims, done, |()| None).await
    }

    /// Makes a call whose answer flows on and on, or is large; the row takes no body. The head comes in time, or never.
    ///
    /// # Errors
    /// As [`Call::done`].
    pub async fn flow(self) -> Result<Response<Flow>, Fault> {
        let (request, claims) = self.prepared().await?;
        let request = request.map(drop);
        let line = &self.host.line;
        let call = async |permit: Permit| {
            let answer = timeout(self.deadline, line.flow(&permit, request)).await;
            let answer = answer.map_err(|_| self.late())?.map_err(|e| line.fault(e))?;
            if answer.status().is_success() {
                return Ok(Read { status: answer.status().as_u16(), value: answer });
            }
            Err(line.refusal(answer).await)
        };
        let flow = self.house.access.perform(&self.pass, call).await;
        settled(claims, flow.map(|read: Read<Response<Flow>>| read.value), |_| None).await
    }

    /// Makes the call and reads its answer, JSON of at most `max` bytes.
    ///
    /// # Errors
    /// As [`Call::done`], and where the answer is no such JSON or does not come.
    pub async fn json<T: DeserializeOwned>(self, max: usize) -> Result<T, Fault> {
        let (request, claims) = self.prepared().await?;
        let line = &self.host.line;
        let garbled = |e: serde_json::Error| line.fault(LineError::Garbled(e.to_string()));
        let creates = self.operation.answer == ops::Answer::Created;
        let call = async |permit: Permit| {
            let read = async {
                let answer = succeeded(line, &permit, request).await?;
                let status = answer.status().as_u16();
                let bytes = collect(answer.into_body(), max).await.map_err(|e| line.fault(e))?;
                let made =
                    if creates { serde_json::from_slice(&bytes).map_err(garbled)? } else { Made::default() };
                let value = serde_json::from_slice(&bytes).map_err(garbled)?;
                Ok(Read { status, value: (value, made) })
            };
            timeout(self.deadline, read).await.map_err(|_| self.late())?
        };
        let read = self.house.access.perform(&self.pass, call).await;
        let read = read.map(|read: Read<(T, Made)>| read.value);
        settled(claims, read, |(_, made)| made.id()).await.map(|(value, _)| value)
    }

    /// Makes the call and hands its body on; the call's outcome is what becomes of that. The head comes in time, or never;
    /// how long the body may take, `read` decides.
    ///
    /// # Errors
    /// As [`Call::done`], and what is wrong with the body.
    pub async fn read<T>(
        self,
        read: impl AsyncFnOnce(Incoming, &Line) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let (request, claims) = self.prepared().await?;
        let line = &self.host.line;
        let call = async |permit: Permit| {
            let answer = timeout(self.deadline, succeeded(line, &permit, request)).await;
            let answer = answer.map_err(|_| self.late())??;
            let status = answer.status().as_u16();
            read(answer.into_body(), line).await.map(|value| Read { status, value })
        };
        let read = self.house.access.perform(&self.pass, call).await.map(|read| read.value);
        settled(claims, read, |_| None).await
    }

    /// The same as [`Call::json`]; none where the engine has no such thing.
    ///
    /// # Errors
    /// As [`Call::json`], but for 404.
    pub async fn json_if_there<T: DeserializeOwned>(self, most: usize) -> Result<Option<T>, Fault> {
        match self.json(most).await {
            Ok(found) => Ok(Some(found)),
            Err(fault) if fault.status() == StatusCode::NOT_FOUND => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Makes a call whose own body flows, an archive, and hands the answer's body on.
    ///
    /// # Errors
    /// As [`Call::read`], and where the body breaks off.
    pub async fn upload<B, T>(
        self,
        body: B,
        read: impl AsyncFnOnce(Incoming, &Line) -> Result<T, Fault>,
    ) -> Result<T, Fault>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (request, claims) = self.prepared().await?;
        let mut request = request.map(|_| body);
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-tar"));
        let line = &self.host.line;
        let call = async |permit: Permit| {
            let answer = succeeded(line, &permit, request).await?;
            let status = answer.status().as_u16();
            read(answer.into_body(), line).await.map(|value| Read { status, value })
        };
        let read = self.house.access.perform(&self.pass, call).await.map(|read| read.value);
        settled(claims, read, |_| None).await
    }

    /// Makes a call that becomes a stream in both directions.
    ///
    /// # Errors
    /// As [`Call::done`]; also where the engine answers without taking the stream.
    pub async fn upgrade(self) -> Result<TokioIo<Upgraded>, Fault> {
        let (mut request, claims) = self.prepared().await?;
        let headers = request.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("tcp"));
        let line = &self.host.line;
        let call = async |permit: Permit| {
            let answer = timeout(self.deadline, line.call(&permit, request)).await;
            let answer = answer.map_err(|_| self.late())?.map_err(|e| line.fault(e))?;
            match answer.status() {
                StatusCode::SWITCHING_PROTOCOLS => Ok(Answered(answer)),
                status if status.is_success() => {
                    Err(line.fault(LineError::Garbled("an answer without an upgrade".to_owned())))
                }
                _ => Err(line.refusal(answer).await),
            }
        };
        let answer = self.house.access.perform(&self.pass, call).await;
        let mut answer = settled(claims, answer, |_| None).await?.0;
        #[expect(clippy::disallowed_methods, reason = "the engine has granted what was asked by us")]
        let upgraded = hyper::upgrade::on(&mut answer).await;
        upgraded.map(TokioIo::new).map_err(|e| line.fault(LineError::Http(e)))
    }

    /// The engine has said nothing in time. What it was asked to change, it may still change.
    fn late(&self) -> Fault {
        let silent = LineError::Silent(self.deadline);
        if !self.operation.audit {
            return self.host.line.fault(silent);
        }
        let sentence = say::engine_late(&self.host.slug, self.deadline.as_secs());
        Fault::new(StatusCode::GATEWAY_TIMEOUT, sentence).because(silent)
    }

    /// The request, once all is claimed that it makes.
    async fn prepared(&self) -> Result<(Request<Full<Bytes>>, Claims<'a>), Fault> {
        let (request, named) = self.request()?;
        let what = (self.operation, &self.query, self.body.as_ref());
        let mut making = match &self.instead_of {
            // What both name is whose it was.
            Some(old) => {
                if let Some(body) = self.body.as_ref().filter(|_| self.operation.kind == Kind::Container) {
                    let anew = named_anew(self.house, &self.pass, &self.host, (old, body)).await;
                    anew.inspect_err(|fault| self.refused(fault))?;
                }
                Making { main: Some((self.operation.kind, None)), ..Making::default() }
            }
            None => making(self.house, &self.pass, &self.host, what, named)
                .await
                .inspect_err(|fault| self.refused(fault))?,
        };
        making.instead_of.clone_from(&self.instead_of);
        let claims = claim(self.house, &self.pass, &self.host, making).await;
        Ok((request, claims.inspect_err(|fault| self.refused(fault))?))
    }

    fn request(&self) -> Result<(Request<Full<Bytes>>, Vec<Reference>), Fault> {
        let api = self.house.api_of(&self.host)?;
        let named = |e: RouteError| Fault::bad_request(say::call_refused(e.to_string()));
        let mut uri = self.operation.path_of(api, self.target.as_deref()).map_err(named)?;
        let mut query = self.query.clone();
        let judged = self.pass.judge_query(self.target.as_deref(), &mut query);
        let named = judged.inspect_err(|fault| self.refused(fault))?;
        if !query.is_empty() {
            uri = format!("{uri}?{query}");
        }
        let mut head = Request::builder().method(self.operation.method.as_str()).uri(uri);
        if self.body.is_some() {
            head = head.header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let body = self.body.as_ref().map(|body| Bytes::from(body.to_bytes()));
        let request = head.body(Full::new(body.unwrap_or_default())).map_err(Fault::internal)?;
        Ok((request, named))
    }
}

/// The answer to a create has at most so many bytes.
const CREATED_MAX: usize = 1024 * 1024;

/// What a create answers of what it made.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Made {
    id: Option<String>,
    /// Of a volume.
    name: Option<String>,
}

impl Made {
    fn id(&self) -> Option<&str> {
        self.id.as_deref().or(self.name.as_deref())
    }
}

/// What was claimed is the caller's once the engine has made it, and free again where the engine has refused. Where it
/// has said neither, the claim stays: the thing may be there.
async fn settled<T>(
    claims: Claims<'_>,
    answer: Result<T, Fault>,
    id: impl FnOnce(&T) -> Option<&str>,
) -> Result<T, Fault> {
    match &answer {
        Ok(value) => claims.made(id(value)).await?,
        Err(fault) if fault.engine_words().is_some() => claims.undone().await?,
        Err(_) => {}
    }
    answer
}

/// An answer of the engine's that is no refusal.
async fn succeeded<B>(line: &Line, permit: &Permit, request: Request<B>) -> Result<Response<Incoming>, Fault>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let answer = line.call(permit, request).await.map_err(|e| line.fault(e))?;
    if answer.status().is_success() { Ok(answer) } else { Err(line.refusal(answer).await) }
}

/// What an engine answered, read.
struct Read<T> {
    status: u16,
    value: T,
}

impl<T> Outcome for Read<T> {
    fn status(&self) -> u16 {
        self.status
    }
}

/// An answer of the engine's; its status is the outcome in the audit log.
struct Answered(Response<Incoming>);

impl Outcome for Answered {
    fn status(&self) -> u16 {
        self.0.status().as_u16()
    }
}
