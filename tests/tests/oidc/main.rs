//! Sign-in through providers of OpenID Connect: with a certified one in the browser, with one that lies, and what holds here
//! whatever providers say.

mod certified;
mod flows;
mod lying;
mod rules;

use http::{HeaderMap, HeaderValue, Method};
use longshore_tests::{
    Answer, FakeScene, Http, Issuer, Person,
    provider::{CLIENT_ID, form},
};
use serde_json::{Value, json};
use url::Url;

/// A sign-in that a browser without pages of ours has begun.
struct Begun {
    http: Http,
    cookie: String,
    /// What the provider was asked.
    asked: Url,
}

impl Begun {
    /// In a browser that has nothing else under way, or does not know of it yet.
    async fn at(http: &Http, provider: &str) -> Self {
        Self::beside(http, provider, "").await.0
    }

    /// In one that has these cookies; with which of them end.
    async fn beside(http: &Http, provider: &str, known: &str) -> (Self, Vec<String>) {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", HeaderValue::from_str(known).expect("cookies"));
        let path = format!("api/v1/oidc/{provider}/begin?to=/containers");
        let answer = http.send(Method::GET, &path, &headers, None).await.expect(303);
        let cookie = answer.cookie().expect("what was begun is remembered");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/api/v1/oidc;", "Max-Age=600"] {
            assert!(cookie.line.contains(part), "{part}: {}", cookie.line);
        }
        let asked = Url::parse(&location(&answer)).expect("a URL");
        (Self { http: http.clone(), cookie: cookie.pair, asked }, ended(&answer))
    }

    /// The name of its cookie.
    fn name(&self) -> &str {
        self.cookie.split_once('=').expect("a pair").0
    }

    fn asked(&self, name: &str) -> String {
        let value = self.asked.query_pairs().find(|(key, _)| key == name);
        value.unwrap_or_else(|| panic!("no {name}: {}", self.asked)).1.into_owned()
    }

    async fn back(&self, code: &str, state: &str, further: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", HeaderValue::from_str(&self.cookie).expect("a cookie"));
        let path = format!("api/v1/oidc/callback?code={code}&state={state}{further}");
        self.http.send(Method::GET, &path, &headers, None).await
    }
}

fn location(answer: &Answer) -> String {
    answer.headers["location"].to_str().expect("an address").to_owned()
}

/// Where somebody is led who is not let in, and that no session is set.
fn trouble(answer: Answer) -> String {
    let answer = answer.expect(303);
    for set in cookies(&answer) {
        assert!(set.contains("Max-Age=0"), "{set}");
    }
    let to = location(&answer);
    to.strip_prefix("/sign-in#").unwrap_or_else(|| panic!("led to {to}")).to_owned()
}

/// Every cookie that an answer sets or ends.
fn cookies(answer: &Answer) -> Vec<String> {
    let all = answer.headers.get_all("set-cookie").iter();
    all.map(|set| set.to_str().expect("a text").to_owned()).collect()
}

/// The names of the cookies that it ends.
fn ended(answer: &Answer) -> Vec<String> {
    let ended = cookies(answer).into_iter().filter(|set| set.contains("Max-Age=0"));
    ended.filter_map(|set| set.split_once('=').map(|(name, _)| name.to_owned())).collect()
}

async fn add(ada: &mut Person, form: Value) -> String {
    let made = ada.send(Method::POST, "oidc/providers", Some(form)).await.expect(200).json();
    made["id"].as_str().expect("an id").to_owned()
}

async fn made(ada: &mut Person, path: &str, body: Value) -> String {
    let made = ada.send(Method::POST, path, Some(body)).await.expect(200).json();
    made["id"].as_str().or(made["account"].as_str()).expect("an id").to_owned()
}

/// A server with a provider that lies, and the id that it has there.
async fn with_liar(further: Value) -> (FakeScene, Person, Issuer, String) {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let issuer = Issuer::start().await;
    let id = add(&mut ada, form(issuer.url(), "", further)).await;
    (scene, ada, issuer, id)
}

/// What a token should say for a sign-in that was begun.
fn claims(issuer: &Issuer, begun: &Begun) -> Value {
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    json!({
        "iss": issuer.url(), "aud": CLIENT_ID, "sub": "s-1", "nonce": begun.asked("nonce"), "iat": now, "exp": now + 300,
        "preferred_username": "mia",
    })
}

fn but(claims: &Value, key: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    if value.is_null() {
        claims.as_object_mut().expect("claims").remove(key);
    } else {
        claims[key] = value;
    }
    claims
}

/// A sign-in by which a session asks to be bound.
fn begun_to_bind(http: &Http, to: &Answer) -> Begun {
    let asked = Url::parse(to.json()["url"].as_str().expect("an address")).expect("a URL");
    Begun { http: http.clone(), cookie: to.cookie().expect("remembered").pair, asked }
}

/// The one cookie that an answer sets and does not end, as a browser sends it.
fn kept(answer: &Answer) -> String {
    let kept = cookies(answer).into_iter().find(|set| !set.contains("Max-Age=0")).expect("it is remembered");
    kept.split(';').next().expect("a pair").to_owned()
}
