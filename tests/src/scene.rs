//! What most stories begin with.

use crate::{Docker, Engine, Person, Server, fake::administrator};

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
        administrator(&self.server).await
    }

    /// Somebody invited, with a role on the first host, signed in.
    pub async fn person(&self, ada: &mut Person, name: &str, role: &str) -> Person {
        let (account, person) = ada.invite(name).await;
        ada.give(&account, role).await;
        person
    }

    /// The docker command line through the gateway, with a fresh key of a fresh administrator.
    pub async fn docker(&self) -> Docker {
        let key = self.administrator().await.make_key("docker command line").await;
        Docker::through(&self.server, Some(&key))
    }
}
