//! A server on an engine that breaks when it is told to.

use std::path::Path;

use http::Method;
use longshore_fake_engine::FakeEngine;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Browser, Live, Person, Server, browser::Look, person::PASSWORD};

/// What an engine says of a layer that it has a quarter of.
pub const LAYER: &str =
    r#"{"status":"Downloading","progressDetail":{"current":512,"total":2048},"id":"aaaabbbbcccc"}"#;

/// A fake engine with a server of one's own on it.
pub struct FakeScene {
    /// Dropped first.
    pub server: Server,
    /// The engine's handle.
    pub engine: FakeEngine,
    _dir: TempDir,
}

impl FakeScene {
    /// Twenty containers of three stacks: 17 run, one is paused, one has exited, one has failed.
    pub const CONTAINERS: usize = 20;

    /// Starts both, with so many containers; nobody has an account yet.
    pub async fn start(containers: usize) -> Self {
        Self::start_broken(containers, |_| {}).await
    }

    /// The same with an engine that is broken before the server asks it for the first time.
    pub async fn start_broken(containers: usize, how: impl FnOnce(&FakeEngine)) -> Self {
        Self::start_as(containers, &[], how).await
    }

    /// As [`Self::start`], with further arguments of `longshore serve`.
    pub async fn start_with(containers: usize, further: &[&str]) -> Self {
        Self::start_as(containers, further, |_| {}).await
    }

    async fn start_as(containers: usize, further: &[&str], how: impl FnOnce(&FakeEngine)) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let engine = FakeEngine::on_socket(&dir.path().join("docker.sock"), containers).await;
        let engine = engine.expect("a socket in a temporary folder");
        how(&engine);
        let server = Server::start_at(engine.address(), further).await;
        Self { server, engine, _dir: dir }
    }

    /// An administrator's browser, signed in, on a page of a server with [`Self::CONTAINERS`].
    pub async fn on_page(path: &str) -> (Self, Browser) {
        Self::on_page_of(path, Self::CONTAINERS).await
    }

    /// The same with so many containers.
    pub async fn on_page_of(path: &str, containers: usize) -> (Self, Browser) {
        let scene = Self::start(containers).await;
        scene.administrator().await;
        let browser = Browser::start(&Look::desk()).await;
        browser.open(&scene.server.url(path)).await;
        browser.sign_in(PASSWORD).await;
        (scene, browser)
    }

    /// The first account, an administrator, signed in.
    pub async fn administrator(&self) -> Person {
        administrator(&self.server).await
    }

    /// The same with a line of theirs, once the engine answers.
    ///
    /// # Panics
    /// The line is refused.
    pub async fn watched(&self) -> (Person, Live) {
        let ada = self.administrator().await;
        let mut live = Live::open(&ada).await.expect("a line for who is signed in");
        link_becomes(&mut live, "local", "up").await;
        (ada, live)
    }

    /// The same with an API key, as programs have it.
    pub async fn program(&self) -> Person {
        let key = self.administrator().await.make_key("program").await;
        Person::with_key(self.server.http(), &key)
    }
}

/// The first account of a server, made by its set-up link and signed in.
pub async fn administrator(server: &Server) -> Person {
    let mut ada = Person::nobody(server.http());
    ada.set_up(server.set_up_secret()).await.expect(200);
    ada
}

/// Signs the first account in once more: a session of its own.
pub async fn signed_in_again(server: &Server) -> Person {
    let mut ada = Person::nobody(server.http());
    ada.sign_in(crate::person::ADA, PASSWORD).await.expect(200);
    ada
}

/// One more administrator, by a link of `longshore admin setup-link`.
pub async fn another_administrator(server: &Server, name: &str) -> Person {
    let link = server.administered(&["setup-link"]).await;
    let secret = link.split_once('#').expect("the secret travels in the fragment").1;
    let account = json!({ "secret": secret, "name": name, "display_name": name, "password": PASSWORD });
    let mut person = Person::nobody(server.http());
    person.send(Method::POST, "set-up", Some(account)).await.expect(200);
    person
}

/// A message with its hosts, if it is about hosts.
pub fn host(message: &Value, slug: &str) -> Option<Value> {
    let hosts = message["body"]["hosts"].as_array()?;
    hosts.iter().find(|host| host["slug"] == slug).cloned()
}

/// Subscribes to hosts as number 7 and waits until the link of one is in a state; returns the link.
pub async fn link_becomes(live: &mut Live, slug: &str, state: &str) -> Value {
    live.send(&json!({ "type": "subscribe", "sub": 7, "topic": { "topic": "hosts" } })).await;
    let what = format!("host {slug} {state}");
    live.until(&what, |message| {
        host(message, slug).map(|host| host["link"].clone()).filter(|link| link["state"] == state)
    })
    .await
}

/// The row of this id in a message, whichever kind of message it is.
pub fn row(message: &Value, id: &str) -> Option<Value> {
    let rows = message["body"]["rows"].as_array()?;
    rows.iter().find(|row| row["id"] == id).cloned()
}

/// Whether a path is there for who has no rights but the file's own: permission tests drop their uid.
pub fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o777)).expect("it is ours");
}
