//! What a person loses, they lose at once: also what is open already.

use std::time::{Duration, Instant};

use http::Method;
use longshore_tests::{
    Docker, FakeScene, Live, Person, Scene,
    fake::{link_becomes, signed_in_again},
    person::{ADA, PASSWORD},
    soon,
};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};

const AT_ONCE: Duration = Duration::from_secs(1);

#[tokio::test]
async fn open_streams_of_a_deleted_key_end_within_a_second() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let made = ada.send(Method::POST, "account/keys", Some(json!({ "name": "ci" }))).await.expect(200).json();
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    let docker = Docker::through(&scene.server, Some(key));

    // Three kinds of stream: events, a log that is followed, and a console.
    let name = scene.engine.name("talker");
    let label = scene.engine.label();
    scene
        .engine
        .docker()
        .ok([
            "run",
            "-di",
            "--name",
            &name,
            "--label",
            &label,
            longshore_tests::engine::IMAGE,
            "sh",
            "-c",
            "echo up; cat",
        ])
        .await;
    let mut events = docker.command(["events"]).spawn().unwrap();
    let mut logs = docker.command(["logs", "-f", &name]).spawn().unwrap();
    let mut console = docker.command(["attach", &name]).stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut log_lines = BufReader::new(logs.stdout.take().unwrap()).lines();
    assert_eq!(soon("a line of the log", log_lines.next_line()).await.unwrap().as_deref(), Some("up"));
    let mut event_lines = BufReader::new(events.stdout.take().unwrap()).lines();
    let mut console_lines = BufReader::new(console.stdout.take().unwrap()).lines();
    let mut keys = console.stdin.take().unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut keys, b"hello\n").await.unwrap();
    let echo = async {
        // A console that was quick sees the first line as well.
        while let Some(line) = console_lines.next_line().await.unwrap() {
            if line == "hello" {
                return;
            }
        }
        panic!("the console ended without its echo");
    };
    soon("the echo", echo).await;
    // The event stream is open for certain once it has said something; it may open after the first of these.
    let heard = async {
        let mut heard = std::pin::pin!(event_lines.next_line());
        loop {
            scene.engine.docker().ok(["rename", &name, &format!("{name}x")]).await;
            scene.engine.docker().ok(["rename", &format!("{name}x"), &name]).await;
            if let Ok(line) = tokio::time::timeout(Duration::from_millis(200), &mut heard).await {
                break line;
            }
        }
    };
    assert!(soon("an event", heard).await.unwrap().is_some());

    ada.send(Method::DELETE, &format!("account/keys/{id}"), None).await.expect(204);
    let began = Instant::now();
    for (what, child) in [("events", &mut events), ("logs", &mut logs), ("console", &mut console)] {
        soon(what, child.wait()).await.unwrap();
        assert!(began.elapsed() < AT_ONCE, "{what} went on for {:?}", began.elapsed());
    }
    docker.refused(["ps"]).await;
    assert_eq!(scene.engine.state(&name).await, "running", "the container has no part in it");
}

#[tokio::test]
async fn a_command_ends_with_the_right_to_its_stream() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let made = ada.send(Method::POST, "account/keys", Some(json!({ "name": "ci" }))).await.expect(200).json();
    let docker = Docker::through(&scene.server, made["key"].as_str());
    let web = scene.engine.running("web").await;
    let mut exec =
        docker.command(["exec", &web, "sh", "-c", "sleep 4245 & echo begun; wait"]).spawn().unwrap();
    let mut lines = BufReader::new(exec.stdout.take().unwrap()).lines();
    assert_eq!(soon("a line", lines.next_line()).await.unwrap().as_deref(), Some("begun"));
    let path = format!("account/keys/{}", made["id"].as_str().unwrap());
    ada.send(Method::DELETE, &path, None).await.expect(204);
    soon("the end of the command line", exec.wait()).await.unwrap();
    let mut again = tokio::time::interval(Duration::from_millis(50));
    soon("the end of the program", async {
        while scene.engine.docker().ok(["top", &web, "-eo", "pid,args"]).await.contains("sleep 4245") {
            again.tick().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_line_of_a_session_that_another_ends_is_over_at_once() {
    let scene = FakeScene::start(3).await;
    let ada = scene.administrator().await;
    let mut live = Live::open(&ada).await.unwrap();
    link_becomes(&mut live, "local", "up").await;

    let mut elsewhere = signed_in_again(&scene.server).await;
    let listed = elsewhere.get("account/sessions").await.expect(200).json();
    let own = |session: &&serde_json::Value| session["current"] == true || session["this"] == true;
    let other = listed.as_array().unwrap().iter().find(|session| !own(session)).expect("the first session");
    let path = format!("account/sessions/{}", other["id"].as_str().unwrap());
    elsewhere.send(Method::DELETE, &path, None).await.expect(204);
    let began = Instant::now();
    let why = live.until("a good-bye", |m| (m["type"] == "bye").then(|| m["reason"].clone())).await;
    assert_eq!(why, "signed-out");
    assert_eq!(live.next().await, None);
    assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());

    let mut ada = ada;
    ada.get("account/keys").await.expect(401).problem();
    assert_eq!(Live::open(&ada).await.err(), Some(401));
    assert_eq!(elsewhere.standing().await, "signed-in");
}

#[tokio::test]
async fn sign_out_everywhere_ends_every_line() {
    let scene = FakeScene::start(3).await;
    let mut ada = scene.administrator().await;
    let elsewhere = signed_in_again(&scene.server).await;
    let mut lines = [Live::open(&ada).await.unwrap(), Live::open(&elsewhere).await.unwrap()];
    ada.send(Method::DELETE, "account/sessions", None).await.expect(204);
    for live in &mut lines {
        let why = live.until("a good-bye", |m| (m["type"] == "bye").then(|| m["reason"].clone())).await;
        assert_eq!(why, "signed-out");
    }
    assert_eq!(Live::open(&elsewhere).await.err(), Some(401));
}

#[tokio::test]
async fn a_made_up_cookie_or_key_opens_nothing() {
    let scene = FakeScene::start(3).await;
    let mut ada = scene.administrator().await;
    let key = ada.make_key("good").await;
    let (name, token) = ada.cookie().unwrap().split_once('=').unwrap();
    let mut bent = token.to_owned();
    let last = bent.pop().unwrap();
    bent.push(if last == 'A' { 'B' } else { 'A' });
    let parts: Vec<&str> = token.split('.').collect();
    // The same claims with no signature at all, and with the algorithm "none".
    let unsigned =
        format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", parts.get(1).copied().unwrap_or_default());
    for cookie in ["", "x", "..", &bent, &unsigned, &key, &format!("{token}.{token}"), &"a".repeat(6_000)] {
        let mut eve = Person::with_cookie(scene.server.http(), &format!("{name}={cookie}"));
        eve.get("account/keys").await.expect(401).problem();
        assert_eq!(Live::open(&eve).await.err(), Some(401), "{cookie}");
    }
    for key in ["", "lsk_", token, &key[..key.len() - 1], &format!("{key}x"), &key.to_uppercase()] {
        let mut eve = Person::with_key(scene.server.http(), key);
        eve.get("account/keys").await.expect(401).problem();
        eve.get("hosts/local/docker/version").await.expect(401);
    }
    Person::nobody(scene.server.http()).sign_in(ADA, PASSWORD).await.expect(200);
}
