//! A small HTTP client that sends exactly what it is told and hides nothing of the answer.

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpStream, task::JoinHandle};

use crate::soon;

/// A client of one server. Each request has a connection of its own.
#[derive(Clone)]
pub struct Http {
    base: String,
}

impl Http {
    /// `base` ends in a slash: `http://127.0.0.1:7420/ls/`.
    pub fn new(base: &str) -> Self {
        assert!(base.starts_with("http://") && base.ends_with('/'), "not a base URL: {base}");
        Self { base: base.to_owned() }
    }

    /// What a browser would send as `Origin`.
    pub fn origin(&self) -> &str {
        let path = self.base["http://".len()..].find('/').expect("a base URL ends in a slash");
        &self.base[..path + "http://".len()]
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        self.origin().trim_start_matches("http://")
    }

    /// The path of the base URL, with a slash at both ends.
    pub fn base_path(&self) -> &str {
        &self.base[self.origin().len()..]
    }

    /// One request. `path` has no leading slash and stands below the base path.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &HeaderMap,
        body: Option<&Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base_path()));
        request = request.header("host", self.address());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Bytes::new, |body| body.to_string().into());
        let request = request.body(Full::new(body)).expect("a test sends a valid request");
        soon("an HTTP answer", exchange(self.address(), request)).await
    }

    /// The same with any body, whose kind the headers say. What comes after the head of the answer stays to be read,
    /// unless it is a refusal or `whole`: what streams may never end.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &HeaderMap,
        body: Bytes,
        whole: bool,
    ) -> (Answer, Option<Streamed>) {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base_path()));
        request = request.header("host", self.address());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(body)).expect("a test sends a valid request");
        let what = format!("the answer to {} {}", request.method(), request.uri());
        soon(&what, async {
            let (mut answer, mut streamed) = begin(self.address(), request).await;
            if answer.status < 400 && (!whole || answer.status == 101) {
                return (answer, Some(streamed));
            }
            answer.body = streamed.rest(&what).await;
            (answer, None)
        })
        .await
    }

    /// A plain GET as anybody.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &HeaderMap::new(), None).await
    }
}

async fn exchange(address: &str, request: Request<Full<Bytes>>) -> Answer {
    let (mut answer, mut streamed) = begin(address, request).await;
    answer.body = streamed.rest(&answer.what).await;
    answer
}

/// The head of an answer, and the rest as it comes.
async fn begin(address: &str, request: Request<Full<Bytes>>) -> (Answer, Streamed) {
    let what = format!("{} {}", request.method(), request.uri());
    let stream = TcpStream::connect(address).await.unwrap_or_else(|why| panic!("{what}: {why}"));
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .expect("a fresh connection takes a request");
    let driver = tokio::spawn(connection);
    let answer = sender.send_request(request).await.unwrap_or_else(|why| panic!("{what}: {why}"));
    let (head, body) = answer.into_parts();
    let answer = Answer { what, status: head.status.as_u16(), headers: head.headers, body: Bytes::new() };
    (answer, Streamed { body, driver })
}

/// The body of an answer while it comes. The connection ends when this is dropped.
pub struct Streamed {
    body: Incoming,
    driver: JoinHandle<hyper::Result<()>>,
}

impl Streamed {
    /// What comes next, as text; none at the end.
    pub async fn next(&mut self) -> Option<String> {
        let frame = self.body.frame().await?.expect("a stream that does not break");
        Some(frame.data_ref().map(|data| String::from_utf8_lossy(data).into_owned()).unwrap_or_default())
    }

    async fn rest(&mut self, what: &str) -> Bytes {
        (&mut self.body).collect().await.unwrap_or_else(|why| panic!("{what}: {why}")).to_bytes()
    }
}

impl Drop for Streamed {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// The answer to a request, whole.
pub struct Answer {
    what: String,
    /// The status code.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// Goes on only with this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered {}", self.what, self.text());
        self
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|why| panic!("{}: {why}: {}", self.what, self.text()))
    }

    /// One line of a problem document, to be compared: `401 sign-in-wrong: …`. Checks its form on the way.
    #[track_caller]
    pub fn problem(&self) -> String {
        let kind = self.headers.get("content-type").map(|kind| kind.to_str().unwrap_or_default().to_owned());
        assert_eq!(kind.as_deref(), Some("application/problem+json"), "{}: {}", self.what, self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "the status is repeated: {problem}");
        assert!(problem["request_id"].is_string(), "the log can be searched: {problem}");
        let kind = problem["type"].as_str().and_then(|kind| kind.strip_prefix("/problems/"));
        let kind = kind.unwrap_or_else(|| panic!("a stable type: {problem}"));
        format!("{} {kind}: {}", self.status, problem["title"].as_str().unwrap_or_default())
    }

    /// The cookie that the answer sets, as a browser would send it back; and whether it clears one instead.
    pub fn cookie(&self) -> Option<SetCookie> {
        let line = self.headers.get("set-cookie")?.to_str().ok()?.to_owned();
        let pair = line.split(';').next().unwrap_or_default().trim().to_owned();
        Some(SetCookie { pair, line })
    }
}

/// A value of an answer's JSON that is text.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// A `Set-Cookie` header.
pub struct SetCookie {
    /// `name=value`.
    pub pair: String,
    /// The whole header.
    pub line: String,
}
