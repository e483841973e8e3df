//! What most stories begin with.

use http::Method;
use serde_json::json;

use crate::{Docker, Engine, Person, Server, person::PASSWORD};

/// A server of one's own on the shared engine.
pub struct Scene {
    /// Dropped first, so that it sees nothing of the cleaning.
    pub server: Server,
    /// The engine under this test's prefix.
    pub engine: Engine,
}

impl Scene {
    /// Starts the server on the engine; nobody has an account yet.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with further arguments of `longshore serve`.
    pub async fn start_with(further: &[&str]) -> Self {
        let engine = Engine::shared();
        let server = Server::start_with(&engine, further).await;
        Self { server, engine }
    }

    /// The same, with the engine behind a TCP port as if it were on another machine.
    pub async fn start_far_away() -> Self {
        let engine = Engine::shared();
        let server = Server::start_at(&engine.far_away().await, &[]).await;
        Self { server, engine }
    }

    /// The first account, an administrator, made by the set-up link and signed in.
    pub async fn administrator(&self) -> Person {
        let mut ada = Person::nobody(self.server.http());
        ada.set_up(self.server.set_up_secret()).await.expect(200);
        ada
    }

    /// Somebody invited, with a role on the first host, signed in.
    pub async fn person(&self, ada: &mut Person, name: &str, role: &str) -> Person {
        let made = ada.send(Method::POST, "people", Some(json!({ "name": name }))).await.expect(200).json();
        let accepted = json!({ "secret": made["secret"], "password": PASSWORD });
        let mut person = Person::nobody(self.server.http());
        person.send(Method::POST, "invitation/accept", Some(accepted)).await.expect(200);
        let grant =
            json!({ "subject": { "account": made["account"] }, "scope": { "host": "local" }, "role": role });
        ada.send(Method::POST, "grants", Some(grant)).await.expect(200);
        person
    }

    /// The docker command line through the gateway, with a fresh key of a fresh administrator.
    pub async fn docker(&self) -> Docker {
        let key = self.administrator().await.make_key("docker command line").await;
        Docker::through(&self.server, Some(&key))
    }
}
