//! Somebody who talks to the server: nobody, by cookie, or by API key. The verbs are the same for all.

use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};

use crate::{Answer, Http, text};

/// The name of the first account in tests.
pub const ADA: &str = "ada";
/// Her password.
pub const PASSWORD: &str = "correct horse battery staple";

/// A person with what they hold.
pub struct Person {
    http: Http,
    cookie: Option<String>,
    key: Option<String>,
    from: Option<String>,
    mark: Option<String>,
}

impl Person {
    /// Without account.
    pub fn nobody(http: Http) -> Self {
        Self { http, cookie: None, key: None, from: None, mark: None }
    }

    /// With a cookie from wherever: `name=value`.
    pub fn with_cookie(http: Http, cookie: &str) -> Self {
        Self { cookie: Some(cookie.to_owned()), ..Self::nobody(http) }
    }

    /// With an API key from wherever.
    pub fn with_key(http: Http, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..Self::nobody(http) }
    }

    /// The same from another address, where the server believes its proxies: `--trusted-proxies 127.0.0.1`.
    #[must_use]
    pub fn coming_from(self, address: &str) -> Self {
        Self { from: Some(address.to_owned()), ..self }
    }

    /// The same in pages that have this mark, as browsers' pages have one each.
    #[must_use]
    pub fn marked(self, mark: &str) -> Self {
        Self { mark: Some(mark.to_owned()), ..self }
    }

    /// The cookie held, `name=value`.
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// The client they use.
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// What every request of theirs carries; a browser adds its origin.
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(cookie) = &self.cookie {
            headers.insert("cookie", header(cookie));
        }
        match &self.key {
            Some(key) => headers.insert("authorization", header(&format!("Bearer {key}"))),
            None => headers.insert("origin", header(self.http.origin())),
        };
        if let Some(mark) = &self.mark {
            headers.insert("longshore-mark", header(mark));
        }
        if let Some(from) = &self.from {
            headers.insert("x-forwarded-for", header(from));
        }
        headers
    }

    /// A request below `/api/v1/`.
    pub async fn send(&mut self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let headers = self.headers();
        let answer = self.http.send(method, &format!("api/v1/{path}"), &headers, body.as_ref()).await;
        if let Some(set) = answer.cookie() {
            self.cookie = Some(set.pair).filter(|pair| !pair.ends_with('='));
        }
        answer
    }

    /// Reads below `/api/v1/`.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Makes the first account by the secret of the set-up link.
    pub async fn set_up(&mut self, secret: &str) -> Answer {
        let account =
            json!({ "secret": secret, "name": ADA, "display_name": "Ada L.", "password": PASSWORD });
        self.send(Method::POST, "set-up", Some(account)).await
    }

    /// Signs in.
    pub async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        self.send(Method::POST, "session", Some(json!({ "name": name, "password": password }))).await
    }

    /// Signs out, and forgets nothing that the server does not tell them to forget.
    pub async fn sign_out(&mut self) -> Answer {
        self.send(Method::DELETE, "session", None).await
    }

    /// Where they stand: `signed-in`, `signed-out` or `set-up`.
    pub async fn standing(&mut self) -> String {
        let session = self.get("session").await.expect(200).json();
        session["state"].as_str().unwrap_or_default().to_owned()
    }

    /// Invites somebody, who accepts and is signed in; the id of their account, and them. Nothing is given to them yet.
    pub async fn invite(&mut self, name: &str) -> (String, Self) {
        let made = self.send(Method::POST, "people", Some(json!({ "name": name }))).await.expect(200).json();
        let accepted = json!({ "secret": made["secret"], "password": PASSWORD });
        let mut person = Self::nobody(self.http.clone());
        person.send(Method::POST, "invitation/accept", Some(accepted)).await.expect(200);
        (text(&made["account"]), person)
    }

    /// Gives an account a role on the first host; the id of the grant.
    pub async fn give(&mut self, account: &str, role: &str) -> String {
        let grant = json!({ "subject": { "account": account }, "scope": { "host": "local" }, "role": role });
        text(&self.send(Method::POST, "grants", Some(grant)).await.expect(200).json()["id"])
    }

    /// Makes a team of these people; its id.
    pub async fn team(&mut self, name: &str, members: &[&str]) -> String {
        let made = self.send(Method::POST, "teams", Some(json!({ "name": name }))).await.expect(200).json();
        let team = text(&made["id"]);
        for member in members {
            let path = format!("teams/{team}/members/{member}");
            self.send(Method::PUT, &path, Some(json!({}))).await.expect(204);
        }
        team
    }

    /// Makes an API key and returns it.
    pub async fn make_key(&mut self, name: &str) -> String {
        let made = self.send(Method::POST, "account/keys", Some(json!({ "name": name }))).await.expect(200);
        text(&made.json()["key"])
    }

    /// Does something to a container of the first host: `stop`, `start`, …
    pub async fn operate(&mut self, container: &str, verb: &str) -> Answer {
        self.send(Method::POST, &format!("hosts/local/containers/{container}/{verb}"), None).await
    }
}

fn header(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).expect("a test sends a valid header")
}
