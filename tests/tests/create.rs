//! A container is made: from the form, from a `docker run` line, with its image pulled before.

use http::Method;
use longshore_tests::{
    Live, Person, Scene,
    engine::IMAGE,
    registry::{Manners, Registry},
};
use serde_json::{Value, json};

const IDLE: [&str; 3] = ["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"];

/// The first account with a line on which its jobs are told.
async fn watched(scene: &Scene) -> (Person, Live) {
    let ada = scene.administrator().await;
    let mut live = Live::open(&ada).await.expect("a line for who is signed in");
    longshore_tests::fake::link_becomes(&mut live, "local", "up").await;
    live.send(&json!({ "type": "subscribe", "sub": 9, "topic": { "topic": "jobs" } })).await;
    (ada, live)
}

/// Waits until a job is as it is looked for.
async fn job<T>(live: &mut Live, what: &str, id: &str, take: impl Fn(&Value) -> Option<T>) -> T {
    live.until(&format!("job {id} {what}"), |message| {
        message["body"]["jobs"].as_array()?.iter().filter(|job| job["id"] == id).find_map(&take)
    })
    .await
}

async fn ended(live: &mut Live, id: &str) -> Value {
    let over = |job: &Value| {
        let state = job["state"].as_str().unwrap_or_default();
        (!["queued", "running"].contains(&state)).then(|| job.clone())
    };
    job(live, "ended", id, over).await
}

async fn started(ada: &mut Person, path: &str, form: Value) -> String {
    let started = ada.send(Method::POST, path, Some(form)).await.expect(202).json();
    started["id"].as_str().unwrap_or_else(|| panic!("no id: {started}")).to_owned()
}

fn form(scene: &Scene, name: &str, start: bool) -> Value {
    let (key, value) =
        scene.engine.label().split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())).expect("a label");
    json!({ "name": name, "start": start, "body": { "Image": IMAGE, "Cmd": IDLE, "Labels": { key: value } } })
}

#[tokio::test]
async fn a_container_is_made_and_started_or_only_made() {
    let scene = Scene::start().await;
    let (mut ada, mut live) = watched(&scene).await;
    let name = scene.engine.name("a.b_c-D9");
    let id = started(&mut ada, "hosts/local/containers", form(&scene, &name, true)).await;
    let made = ended(&mut live, &id).await;
    assert_eq!(made["state"], "done", "{made}");
    assert_eq!(scene.engine.state(&name).await, "running");

    let other = scene.engine.name("other");
    let id = started(&mut ada, "hosts/local/containers", form(&scene, &other, false)).await;
    assert_eq!(ended(&mut live, &id).await["state"], "done");
    assert_eq!(scene.engine.state(&other).await, "created");

    // The name is taken: the engine says so in its own words, and the image was not at fault.
    let id = started(&mut ada, "hosts/local/containers", form(&scene, &other, false)).await;
    let failed = ended(&mut live, &id).await;
    assert_eq!(failed["state"], "failed", "{failed}");
    assert_eq!(failed["targets"][0]["outcome"]["outcome"], "done", "{failed}");
    assert!(failed["targets"][1]["outcome"]["engine"].to_string().contains("already in use"), "{failed}");

    // What stands in the way is known before.
    let wanted = json!({ "name": name, "image": IMAGE, "ports": [] });
    let checked =
        ada.send(Method::POST, "hosts/local/new-container/check", Some(wanted)).await.expect(200).json();
    assert_eq!(checked["name"]["state"], "running", "{checked}");
    assert!(
        checked["free_name"].as_str().is_some_and(|free| free != name && free.ends_with("-2")),
        "{checked}"
    );
}

#[tokio::test]
async fn what_no_engine_takes_is_refused_with_its_field() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    for name in ["a", "-ab", ".ab", "a/b", "a b", "容器", "a\nb"] {
        let refused = ada.send(Method::POST, "hosts/local/containers", Some(form(&scene, name, false))).await;
        assert_eq!(refused.expect(400).json()["field"], "name", "{name:?}");
    }
    let mut no_image = form(&scene, "ab", false);
    no_image["body"]["Image"] = json!("");
    let refused = ada.send(Method::POST, "hosts/local/containers", Some(no_image)).await.expect(400).json();
    assert_eq!(refused["field"], "image");
    let mut strange = form(&scene, "ab", false);
    strange["body"]["Tty"] = json!("perhaps");
    ada.send(Method::POST, "hosts/local/containers", Some(strange)).await.expect(400);

    let mut huge = form(&scene, "ab", false);
    huge["body"]["Env"] = json!([format!("HUGE={}", "x".repeat(20 * 1024 * 1024))]);
    let refused = ada.send(Method::POST, "hosts/local/containers", Some(huge)).await.expect(413).json();
    assert!(
        refused["title"].as_str().is_some_and(|title| title.contains("2.0 MiB") || title.contains("2,097")),
        "{refused}"
    );
    ada.get("session").await.expect(200);
}

#[tokio::test]
async fn an_image_is_pulled_layer_by_layer_and_a_container_made_of_it() {
    let scene = Scene::start().await;
    let (mut ada, mut live) = watched(&scene).await;
    let registry = Registry::start(&scene.engine.name("app"), Manners::Good).await;
    let name = scene.engine.name("pulled");
    let mut wish = form(&scene, &name, false);
    wish["body"]["Image"] = json!(registry.image);
    let id = started(&mut ada, "hosts/local/containers", wish).await;
    let made = ended(&mut live, &id).await;
    assert_eq!(made["state"], "done", "{made}");
    assert_eq!(scene.engine.inspect(&name).await["Config"]["Image"], registry.image.as_str());
    scene.engine.docker().ok(["rm", &name]).await;
    scene.engine.docker().ok(["image", "rm", &registry.image]).await;
}

#[tokio::test]
async fn a_registry_that_answers_garbage_fails_the_pull_with_its_words() {
    let scene = Scene::start().await;
    let (mut ada, mut live) = watched(&scene).await;
    let registry = Registry::start(&scene.engine.name("app"), Manners::Garbage).await;
    let id = started(&mut ada, "hosts/local/images", json!({ "image": registry.image })).await;
    let failed = ended(&mut live, &id).await;
    assert_eq!(failed["state"], "failed", "{failed}");
    assert!(
        failed["targets"][0]["outcome"]["engine"].as_str().is_some_and(|words| !words.is_empty()),
        "{failed}"
    );
}

#[tokio::test]
async fn a_pull_that_hangs_in_a_layer_shows_how_far_it_is_and_can_be_cancelled() {
    let scene = Scene::start().await;
    let (mut ada, mut live) = watched(&scene).await;
    let registry = Registry::start(&scene.engine.name("app"), Manners::Hangs).await;
    let name = scene.engine.name("never");
    let mut wish = form(&scene, &name, true);
    wish["body"]["Image"] = json!(registry.image);
    let id = started(&mut ada, "hosts/local/containers", wish).await;
    job(&mut live, "with a layer", &id, |job| job["layers"][0]["id"].as_str().map(|_| ())).await;
    ada.send(Method::POST, &format!("jobs/{id}/cancel"), None).await.expect(204);
    let cancelled = ended(&mut live, &id).await;
    assert_eq!(cancelled["state"], "cancelled", "{cancelled}");
    assert_eq!(cancelled["targets"][1]["outcome"]["outcome"], "skipped", "{cancelled}");
    assert_eq!(cancelled["layers"], Value::Null, "{cancelled}");
}
