//! The live line: what happens on the engine arrives by itself.

use longshore_tests::{Live, Person, Scene};
use serde_json::{Value, json};

/// The row of this name in a message, whichever kind of message it is.
fn row(message: &Value, name: &str) -> Option<Value> {
    let rows = message["body"]["rows"].as_array()?;
    rows.iter().find(|row| row["name"] == name).cloned()
}

#[tokio::test]
async fn a_container_made_outside_arrives_changes_and_leaves() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut live = Live::open(&ada).await.unwrap();
    live.subscribe_containers(&scene.engine.name("")).await;
    live.until("an empty snapshot", |m| {
        (m["type"] == "snapshot" && m["body"]["rows"] == json!([])).then_some(())
    })
    .await;

    let name = scene.engine.running("web").await;
    let made = live.until("the row", |m| row(m, &name).filter(|row| row["state"] == "running")).await;
    assert_eq!(made["host"], "local");
    assert_eq!(made["id"], scene.engine.inspect(&name).await["Id"]);

    let id = made["id"].as_str().unwrap();
    ada.operate(id, "stop").await.expect(204);
    let stopped = live.until("its stop", |m| row(m, &name).filter(|row| row["state"] == "exited")).await;
    assert_eq!(stopped["key"], made["key"], "it is the same row");
    assert_eq!(scene.engine.state(&name).await, "exited");

    ada.operate(id, "start").await.expect(204);
    live.until("its start", |m| row(m, &name).filter(|row| row["state"] == "running")).await;

    scene.engine.docker().ok(["rm", "-f", &name]).await;
    live.until("its end", |m| (m["type"] == "delta" && m["body"]["lines"] == json!([])).then_some(())).await;
}

#[tokio::test]
async fn a_verb_on_nothing_says_so() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    ada.operate(&"0".repeat(64), "stop").await.expect(404).problem();
    ada.operate(&"0".repeat(64), "explode").await.expect(404);
}

#[tokio::test]
async fn nobody_gets_a_line() {
    let scene = Scene::start().await;
    scene.administrator().await;
    assert_eq!(Live::open(&Person::nobody(scene.server.http())).await.err(), Some(401));
}

#[tokio::test]
async fn a_line_ends_with_its_session() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut live = Live::open(&ada).await.unwrap();
    live.subscribe_containers("").await;
    live.until("a snapshot", |m| (m["type"] == "snapshot").then_some(())).await;
    ada.sign_out().await.expect(204);
    let why = live.until("a good-bye", |m| (m["type"] == "bye").then(|| m["reason"].clone())).await;
    assert_eq!(why, "signed-out");
    assert_eq!(live.next().await, None);
}
