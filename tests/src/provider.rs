//! A real, certified provider of OpenID Connect (`tests/oidc`), with one client and people that the test gives it.

use serde_json::{Value, json};
use tokio::process::Command;

use crate::{Http, Server, program::Program, told};

/// What Longshore is called there.
pub const CLIENT_ID: &str = "longshore";
/// What it shows there.
pub const CLIENT_SECRET: &str = "a secret of clients: &+%";

/// A provider that runs.
pub struct Provider {
    issuer: String,
    _program: Program,
}

impl Provider {
    /// Starts one that leads back to a server. `people` is what it says of each, by subject.
    pub async fn start(server: &Server, people: Value) -> Self {
        Self::start_with(&server.url("api/v1/oidc/callback"), "RS256", people).await
    }

    /// The same, leading back to another address of it, with another algorithm.
    pub async fn start_with(redirect: &str, algorithm: &str, people: Value) -> Self {
        let given = json!({
            "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "redirect_uris": [redirect], "algorithm": algorithm,
            "people": people,
        });
        let mut node = Command::new("node");
        node.arg(told("LONGSHORE_TEST_OIDC").join("provider.mjs")).arg(given.to_string());
        let mut program = Program::start("oidc-provider", &mut node);
        let issuer = program.line("issuer …", |line| line.strip_prefix("issuer ").map(str::to_owned)).await;
        Self { issuer, _program: program }
    }

    /// Its issuer.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// A form that makes it known to Longshore.
    pub fn form(&self, further: Value) -> Value {
        form(&self.issuer, CLIENT_SECRET, further)
    }

    /// From now on these are its people.
    pub async fn people(&self, people: Value) {
        let nothing = http::HeaderMap::new();
        self.http().send(http::Method::POST, "test/people", &nothing, Some(&people)).await.expect(200);
    }

    /// The address that it led a browser back to last.
    pub async fn last(&self) -> String {
        self.http().get("test/last").await.expect(200).text()
    }

    fn http(&self) -> Http {
        Http::new(&format!("{}/", self.issuer))
    }
}

/// A form that makes a provider known to Longshore, with what the test wants of it.
pub fn form(issuer: &str, secret: &str, further: Value) -> Value {
    let mut form = json!({
        "name": "Harbour ID", "issuer": issuer, "client_id": CLIENT_ID, "client_secret": secret,
        "scopes": "profile groups", "groups_claim": "groups", "makes_accounts": true, "unchecked": true,
    });
    for (key, value) in further.as_object().into_iter().flatten() {
        form[key] = value.clone();
    }
    form
}
