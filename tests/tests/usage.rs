//! What containers use: figures arrive by themselves, from the files of this machine or from an engine far away.

use std::collections::HashMap;

use longshore_tests::{Live, Scene};
use serde_json::{Value, json};

const MIB: f64 = 1024.0 * 1024.0;
/// Keeps a core busy, as far as the machine lets it.
const BUSY: &str = "while :; do :; done";
/// Holds 30 MB.
const HOLDS: &str = r"x=$(head -c 30m /dev/zero | tr '\0' a); while :; do sleep 3600; done; echo $x";

/// Subscribes to the containers of a scene, those first that use most CPU.
async fn subscribe(live: &mut Live, text: &str) {
    let topic = json!({ "topic": "containers", "text": text, "group": "flat", "limit": 100,
        "sort": "cpu", "descending": true });
    live.send(&json!({ "type": "subscribe", "sub": 1, "topic": topic })).await;
    live.send(&json!({ "type": "subscribe", "sub": 2, "topic": { "topic": "hosts" } })).await;
}

/// Watches until a tick, which sends no row again, shows the busy container first with one holding its memory.
async fn watch(scene: &Scene, source: &str) {
    let busy = scene.engine.running_script("busy", BUSY).await;
    let holds = scene.engine.running_script("holds", HOLDS).await;
    let ada = scene.administrator().await;
    let mut live = Live::open(&ada).await.expect("a live line");
    subscribe(&mut live, &scene.engine.name("")).await;

    let mut rows: HashMap<u64, Value> = HashMap::new();
    let mut lines = Value::Null;
    let mut from = Value::Null;
    let (cpu, memory) = live
        .until("the figures of both", |message| {
            let body = &message["body"];
            if let Some(hosts) = body["hosts"].as_array() {
                from = hosts[0]["usage"].clone();
            }
            for row in body["rows"].as_array().into_iter().flatten() {
                rows.insert(row["key"].as_u64()?, row.clone());
            }
            if body["lines"].is_array() {
                lines = body["lines"].clone();
            }
            let figures: HashMap<&str, (f64, f64)> = body["usage"]
                .as_array()?
                .iter()
                .filter_map(|one| {
                    let row = rows.get(&one[0].as_u64()?)?;
                    Some((row["name"].as_str()?, (one[1].as_f64()?, one[2].as_f64()?)))
                })
                .collect();
            let first = rows.get(&lines[0].as_u64()?)?;
            let cpu = figures.get(busy.as_str())?.0;
            let memory = figures.get(holds.as_str())?.1;
            (first["name"] == busy.as_str() && from == source).then_some((cpu, memory / MIB))
        })
        .await;
    // Other tests want the cores too.
    assert!(cpu > 5.0 && cpu < 150.0, "{cpu} %");
    assert!(memory > 30.0 && memory < 45.0, "{memory} MiB");
    let past =
        rows.values().find(|row| row["name"] == busy.as_str()).map(|row| row["usage"]["cpu_past"].clone());
    assert!(past.is_some_and(|past| past.as_array().is_some_and(|past| !past.is_empty())));
}

#[tokio::test]
async fn figures_come_from_the_files_of_this_machine() {
    watch(&Scene::start().await, "files").await;
}

#[tokio::test]
async fn an_engine_far_away_is_asked_while_someone_looks() {
    watch(&Scene::start_far_away().await, "engine").await;
}

#[tokio::test]
async fn a_stopped_container_uses_nothing() {
    let scene = Scene::start().await;
    let name = scene.engine.running("web").await;
    let ada = scene.administrator().await;
    let mut live = Live::open(&ada).await.unwrap();
    live.subscribe_containers(&name).await;
    let row = |m: &Value| m["body"]["rows"].as_array()?.first().cloned();
    live.until("a figure", |m| row(m)?["usage"]["memory"].as_u64()).await;
    scene.engine.docker().ok(["stop", &name]).await;
    let stopped = live.until("its stop", |m| row(m).filter(|row| row["state"] == "exited")).await;
    assert_eq!(stopped["usage"], Value::Null);
}
