//! The one place where what went wrong becomes an answer: status, sentence, and what only the log sees.

use std::{error::Error, fmt};

use http::{HeaderName, HeaderValue, StatusCode, header};
use longshore_api::{sentence::Sentence, web::problem::Problem, words::say};

/// A request that was refused or failed. Features convert their own errors into it; the front door turns it into a
/// problem document and logs the cause under the same request id.
#[derive(Debug)]
pub struct Fault {
    status: StatusCode,
    sentence: Sentence,
    field: Option<&'static str>,
    engine: Option<String>,
    header: Option<Box<(HeaderName, HeaderValue)>>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A refusal that says all there is to say.
    pub fn new(status: StatusCode, sentence: Sentence) -> Self {
        Self { status, sentence, field: None, engine: None, header: None, cause: None }
    }

    /// 400: the request is at fault.
    pub fn bad_request(sentence: Sentence) -> Self {
        Self::new(StatusCode::BAD_REQUEST, sentence)
    }

    /// 404: not there, or not for these eyes.
    pub fn not_found(sentence: Sentence) -> Self {
        Self::new(StatusCode::NOT_FOUND, sentence)
    }

    /// 405: the address takes other methods, and these are named.
    pub fn method_not_allowed(method: &str, allow: &[&str]) -> Self {
        let fault = Self::new(StatusCode::METHOD_NOT_ALLOWED, say::method_not_allowed(method));
        let allow = HeaderValue::from_str(&allow.join(", ")).expect("names of methods are letters");
        fault.with(header::ALLOW, allow)
    }

    /// 500: we are at fault. The person is told so and no more; the log gets the cause.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, say::internal()).because(cause)
    }

    /// Names the field of the request that is at fault.
    pub fn at(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// Quotes the engine.
    pub fn quoting(mut self, engine: impl Into<String>) -> Self {
        self.engine = Some(engine.into());
        self
    }

    /// The same with the engine quoted in other words.
    pub fn requoting(mut self, words: impl FnOnce(&str) -> String) -> Self {
        self.engine = self.engine.map(|engine| words(&engine));
        self
    }

    /// 400 for a text of more than `max` bytes in a field.
    pub fn within(text: &str, max: usize, field: &'static str) -> Result<(), Self> {
        if text.len() <= max {
            return Ok(());
        }
        Err(Self::bad_request(say::text_long(max, text.len())).at(field))
    }

    /// Seconds after which it is worth trying again.
    pub fn retry_after(self, seconds: u32) -> Self {
        self.with(header::RETRY_AFTER, seconds.into())
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some(Box::new((name, value)));
        self
    }

    /// What the log is told.
    pub fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The same with another status, for clients that would misread this one.
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Whether the log is told more than the person is.
    pub fn has_cause(&self) -> bool {
        self.cause.is_some()
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What the person is told.
    pub fn sentence(&self) -> &Sentence {
        &self.sentence
    }

    /// The engine's own words, if it was the engine that refused.
    pub fn engine_words(&self) -> Option<&str> {
        self.engine.as_deref()
    }

    /// What the answer's head says besides: when to come again, or by which method.
    pub fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        self.header.as_deref().cloned()
    }

    /// The problem document for a request.
    pub fn problem(&self, request_id: &str) -> Problem {
        Problem {
            kind: format!("/problems/{}", self.sentence.code),
            title: self.sentence.to_string(),
            status: self.status.as_u16(),
            sentence: self.sentence.clone(),
            engine: self.engine.clone(),
            field: self.field.map(str::to_owned),
            request_id: request_id.to_owned(),
        }
    }

    /// One line for the log: the sentence and the chain of causes.
    pub fn log_line(&self) -> String {
        let mut line = self.sentence.to_string();
        if let Some(engine) = &self.engine {
            line.push_str(" [engine: ");
            // Its words are anyone's: a line break in them must not begin a line of the log.
            line.push_str(&engine.escape_debug().to_string());
            line.push(']');
        }
        let mut cause: Option<&dyn Error> = self.cause.as_deref().map(|c| c as &dyn Error);
        while let Some(error) = cause {
            line.push_str(": ");
            line.push_str(&error.to_string());
            cause = error.source();
        }
        line
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.log_line())
    }
}

impl Error for Fault {}

/// Lets handlers answer with `?`. The body is made by the front door, which knows the request id.
impl actix_web::ResponseError for Fault {
    fn status_code(&self) -> actix_web::http::StatusCode {
        actix_web::http::StatusCode::from_u16(self.status.as_u16())
            .unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// A failed question is ours; a failed change says that nothing was changed.
/// A database that somebody holds is free again soon.
const BUSY_RETRY_S: u32 = 5;

impl From<sqlx::Error> for Fault {
    fn from(cause: sqlx::Error) -> Self {
        // SQLite's code, with its extension in the upper bits.
        let code = match &cause {
            sqlx::Error::Database(e) => e.code().and_then(|code| code.parse::<u32>().ok()),
            _ => None,
        };
        match code.map(|code| code & 0xff) {
            // SQLITE_READONLY, _IOERR, _FULL and _CANTOPEN.
            Some(8 | 10 | 13 | 14) => {
                Self::new(StatusCode::INSUFFICIENT_STORAGE, say::store_unwritable(cause.to_string()))
                    .because(cause)
            }
            // SQLITE_BUSY and _LOCKED: a backup, or somebody with sqlite3, holds it.
            Some(5 | 6) => Self::new(StatusCode::SERVICE_UNAVAILABLE, say::store_busy())
                .because(cause)
                .retry_after(BUSY_RETRY_S),
            _ => Self::internal(cause),
        }
    }
}
