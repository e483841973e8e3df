//! The line to an engine: HTTP over a connector, one fresh connection for each call.

use std::{io, sync::RwLock, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Empty};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use longshore_api::{ops::ApiVersion, sentence::Sentence, words::say};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{
    BoxedIo, ConnectError, Connector, Flow, Question,
    flow::{self, FlowError},
};
use crate::{
    access::Permit,
    budget::{Budget, Full},
    fault::Fault,
};

/// An engine's head must be there so soon for a question of ours; streams and changes of people have no such limit.
const ANSWER_DEADLINE: Duration = Duration::from_secs(30);
/// An error text of an engine is read so far.
const ERROR_MAX: usize = 16 * 1024;
/// What every engine is called to its face: it is alone on its line.
const ENGINE: HeaderValue = HeaderValue::from_static("docker");

/// So much of what is wrong with an answer is shown.
const DETAIL_MAX: usize = 300;

/// The line to a host's engine.
pub struct Line {
    slug: String,
    connector: Box<dyn Connector>,
    budget: Budget,
    api: RwLock<Option<ApiVersion>>,
}

/// Why an engine gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// No stream could be opened.
    #[error("cannot connect")]
    Connect(#[from] ConnectError),
    /// Whoever asks holds as many as they may, and none was opened.
    #[error(transparent)]
    Full(#[from] Full),
    /// The stream broke, or what came was no HTTP.
    #[error("the line broke")]
    Http(#[from] hyper::Error),
    /// The same, of an answer that flows.
    #[error("the answer broke")]
    Flow(#[from] FlowError),
    /// No head within the deadline.
    #[error("no answer within {} s", .0.as_secs())]
    Silent(Duration),
    /// An answer that is not what the API describes.
    #[error("not understood: {0}")]
    Garbled(String),
    /// An answer with more bytes than any engine's.
    #[error("more than {0} bytes")]
    TooLarge(usize),
    /// The engine ended a stream that has no end.
    #[error("the stream ended")]
    Ended,
    /// The engine refused.
    #[error("{status}: {message}")]
    Refused {
        /// Its status.
        status: StatusCode,
        /// Its own words.
        message: String,
    },
    /// A call that its permit is not for: a mistake of ours, and nothing was sent.
    #[error("{0} is not what was permitted")]
    NotPermitted(String),
    /// The engine speaks only versions that we do not.
    #[error("API {0} is too old")]
    TooOld(ApiVersion),
    /// The engine speaks only versions that are newer than ours.
    #[error("API {oldest} is too new for {newest}")]
    VersionRange {
        /// The engine's oldest.
        oldest: ApiVersion,
        /// Our newest.
        newest: ApiVersion,
    },
}

impl Line {
    pub(super) fn new(slug: String, connector: Box<dyn Connector>, budget: Budget) -> Self {
        Self { slug, connector, budget, api: RwLock::new(None) }
    }

    /// Where the engine is, as an administrator would write it.
    pub fn address(&self) -> &str {
        self.connector.address()
    }

    /// Whether it ends on this machine, as far as one can see from here.
    pub fn is_local(&self) -> bool {
        self.connector.is_local()
    }

    /// The process that listens on its socket on this machine, as we number it; 0 for one outside of what we see.
    pub async fn listener(&self) -> Option<u32> {
        self.connector.listener().await
    }

    /// The API version that we speak with the engine; known once it has answered.
    pub fn api(&self) -> Option<ApiVersion> {
        *self.api.read().expect("no one panics while holding this lock")
    }

    /// Settles the version after the engine has told its own.
    pub fn speak(&self, api: ApiVersion) {
        *self.api.write().expect("no one panics while holding this lock") = Some(api);
    }

    /// A call on a person's behalf; the permit shows that this very operation on this host was asked for. The connection
    /// ends with the answer, or becomes the answer's other protocol.
    pub async fn call<B>(&self, permit: &Permit, request: Request<B>) -> Result<Response<Incoming>, LineError>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.covered(permit, &request)?;
        let stream = self.connect_for(permit).await?;
        self.send(stream, request).await
    }

    /// The same for a request without a body whose answer flows on and on, or is large.
    pub async fn flow(&self, permit: &Permit, mut request: Request<()>) -> Result<Response<Flow>, LineError> {
        self.covered(permit, &request)?;
        request.headers_mut().insert(header::HOST, ENGINE);
        Ok(flow::open(self.connect_for(permit).await?, request).await?)
    }

    fn covered<B>(&self, permit: &Permit, request: &Request<B>) -> Result<(), LineError> {
        if !permit.covers(&self.slug, request.method(), request.uri().path()) {
            return Err(LineError::NotPermitted(format!("{} {}", request.method(), request.uri().path())));
        }
        Ok(())
    }

    /// A question of the server's own. It only reads, and only what [`Question`] names, so it needs no permit.
    pub async fn ask(&self, question: Question<'_>) -> Result<Response<Incoming>, LineError> {
        let path = question.path(self.api());
        let request =
            Request::get(path).body(Empty::<Bytes>::new()).map_err(|e| LineError::Garbled(e.to_string()))?;
        let asked = async { self.send(self.connector.connect().await?, request).await };
        let answer =
            timeout(ANSWER_DEADLINE, asked).await.map_err(|_| LineError::Silent(ANSWER_DEADLINE))??;
        if answer.status().is_success() {
            return Ok(answer);
        }
        Err(refused(answer).await)
    }

    /// The fault for an answer of the engine that refuses, with its own words.
    pub async fn refusal<B>(&self, answer: Response<B>) -> Fault
    where
        B: http_body::Body<Data = Bytes> + Unpin,
    {
        self.fault(refused(answer).await)
    }

    /// The same, as JSON of at most `max` bytes.
    pub async fn ask_json<T: DeserializeOwned>(
        &self,
        question: Question<'_>,
        max: usize,
    ) -> Result<T, LineError> {
        let answer = self.ask(question).await?;
        let body = timeout(ANSWER_DEADLINE, collect(answer.into_body(), max))
            .await
            .map_err(|_| LineError::Silent(ANSWER_DEADLINE))??;
        serde_json::from_slice(&body).map_err(|e| LineError::Garbled(e.to_string()))
    }

    /// The same; none where the engine has no such thing.
    pub async fn look<T: DeserializeOwned>(
        &self,
        question: Question<'_>,
        max: usize,
    ) -> Result<Option<T>, LineError> {
        match self.ask_json(question, max).await {
            Ok(found) => Ok(Some(found)),
            Err(LineError::Refused { status: StatusCode::NOT_FOUND, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A stream on somebody's behalf. It has a place in the budget as long as it is open.
    async fn connect_for(&self, permit: &Permit) -> Result<BoxedIo, LineError> {
        let held = self.budget.take(permit.account())?;
        Ok(held.on(self.connector.connect().await?))
    }

    async fn send<B>(&self, stream: BoxedIo, mut request: Request<B>) -> Result<Response<Incoming>, LineError>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        request.headers_mut().insert(header::HOST, ENGINE);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            // A broken connection shows as an error of the answer or of its body.
            let _ = connection.with_upgrades().await;
        });
        Ok(sender.send_request(request).await?)
    }

    /// The sentence for a person who looks at the host.
    pub fn why(&self, error: &LineError) -> Sentence {
        let address = self.address();
        match error {
            LineError::Connect(ConnectError::Missing) => say::engine_socket_missing(address),
            LineError::Connect(ConnectError::Forbidden) => say::engine_no_permission(address),
            LineError::Connect(ConnectError::Silent(after)) | LineError::Silent(after) => {
                say::engine_silent(&self.slug, after.as_secs())
            }
            LineError::Connect(ConnectError::Io(e)) => {
                say::engine_unreachable(address, e.to_string(), &self.slug)
            }
            LineError::Full(full) => say::streams_too_many(full.held),
            LineError::Http(e) if e.is_parse() => say::engine_garbled(address, e.to_string()),
            LineError::Http(e) if broke_off(e) => say::engine_ended(&self.slug),
            LineError::Http(e) => say::engine_unreachable(address, e.to_string(), &self.slug),
            LineError::Flow(e @ FlowError::Garbled(_)) => say::engine_garbled(address, e.to_string()),
            LineError::Flow(e) => say::engine_unreachable(address, e.to_string(), &self.slug),
            LineError::Garbled(detail) => say::engine_garbled(address, first_words(detail)),
            LineError::TooLarge(max) => say::engine_too_large(&self.slug, *max),
            LineError::Ended => say::engine_ended(&self.slug),
            LineError::Refused { .. } => say::engine_refused(&self.slug),
            LineError::NotPermitted(_) => say::internal(),
            LineError::TooOld(api) => {
                say::engine_too_old(api.to_string(), &self.slug, ApiVersion::OLDEST.to_string())
            }
            LineError::VersionRange { oldest, newest } => {
                say::engine_too_new(&self.slug, newest.to_string(), oldest.to_string())
            }
        }
    }

    /// The fault for a person whose request needed the engine.
    pub fn fault(&self, error: LineError) -> Fault {
        let sentence = self.why(&error);
        match error {
            LineError::Refused { status, message } => Fault::new(status, sentence).quoting(message),
            LineError::NotPermitted(_) => Fault::internal(error),
            LineError::Full(full) => full.into(),
            LineError::Silent(_) => Fault::new(StatusCode::GATEWAY_TIMEOUT, sentence).because(error),
            _ => Fault::new(StatusCode::BAD_GATEWAY, sentence).because(error),
        }
    }
}

/// Whether an answer ended before it was whole: so ends an engine that is stopped in the middle of one.
pub fn broke_off(error: &hyper::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(one) = cause {
        if one.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::UnexpectedEof) {
            return true;
        }
        cause = one.source();
    }
    false
}

/// What a parser says of an answer quotes it, and an engine may send what it likes.
fn first_words(detail: &str) -> &str {
    &detail[..detail.floor_char_boundary(DETAIL_MAX)]
}

/// An engine's own words: the `message` of its JSON, or the text as it is. Of a text without end, its beginning.
async fn refused<B>(answer: Response<B>) -> LineError
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    #[derive(serde::Deserialize)]
    struct Message {
        message: String,
    }
    let status = answer.status();
    let mut body = answer.into_body();
    let mut words = Vec::new();
    // Whatever becomes of the words, the status is known.
    let _ = timeout(ANSWER_DEADLINE, async {
        while words.len() < ERROR_MAX
            && let Some(Ok(frame)) = body.frame().await
        {
            if let Ok(data) = frame.into_data() {
                words.extend_from_slice(&data[..data.len().min(ERROR_MAX - words.len())]);
            }
        }
    })
    .await;
    let message = match serde_json::from_slice::<Message>(&words) {
        Ok(json) => json.message,
        Err(_) => String::from_utf8_lossy(&words).trim().to_owned(),
    };
    LineError::Refused { status, message }
}

/// Reads a body whole, up to `max` bytes.
pub async fn collect(mut body: Incoming, max: usize) -> Result<Vec<u8>, LineError> {
    let mut all = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            if all.len() + data.len() > max {
                return Err(LineError::TooLarge(max));
            }
            all.extend_from_slice(&data);
        }
    }
    Ok(all)
}
