//! Engines that answer nonsense, late, or never: the page says so, and nothing else is blocked by it.

use std::time::Duration;

use longshore_fake_engine::{FakeEngine, Fault};
use longshore_tests::{
    FakeScene, Live, PATIENCE,
    database::add_host,
    fake::{link_becomes, row, signed_in_again},
};
use serde_json::Value;

/// Starts with an engine that meets `fault` on `path`, and returns what the page is told. Then the engine is mended, and
/// the host must come up by itself.
async fn told_of(path: &str, fault: Fault) -> Value {
    let scene = FakeScene::start_broken(20, |engine| engine.plan(path, fault)).await;
    let ada = scene.administrator().await;
    let mut live = Live::open(&ada).await.expect("a line for who is signed in");
    let link = link_becomes(&mut live, "local", "down").await;
    scene.engine.mend();
    link_becomes(&mut live, "local", "up").await;
    live.subscribe_containers("").await;
    let (id, _) = scene.engine.container(0);
    live.until("the rows", |m| row(m, &id).filter(|row| row["state"] == "healthy")).await;
    link["why"].clone()
}

#[tokio::test]
async fn garbage_instead_of_http() {
    let why = told_of("", Fault::Garbage).await;
    assert_eq!(why["code"], "engine-garbled", "{why}");
}

#[tokio::test]
async fn a_list_that_is_no_whole_json() {
    let why = told_of("/containers/json", Fault::TruncatedJson).await;
    assert_eq!(why["code"], "engine-garbled", "{why}");
}

#[tokio::test]
async fn a_list_that_breaks_off() {
    let why = told_of("/containers/json", Fault::CutBody).await;
    assert_eq!(why["code"], "engine-ended", "{why}");
}

#[tokio::test]
async fn a_list_that_is_longer_than_it_says() {
    let why = told_of("/containers/json", Fault::WrongLength).await;
    assert_eq!(why["code"], "engine-garbled", "{why}");
}

#[tokio::test]
async fn a_refusal_in_plain_text() {
    let why = told_of("/containers/json", Fault::Refuse(500, "input/output error")).await;
    assert_eq!(why["code"], "engine-refused", "{why}");
}

#[tokio::test]
async fn an_error_as_large_as_a_book() {
    let why = told_of("/version", Fault::HugeError(64 << 20)).await;
    assert!(why.to_string().len() < 20_000, "no page is flooded: {} bytes", why.to_string().len());
}

#[tokio::test]
async fn an_engine_that_is_too_old_is_told_what_is_needed() {
    let scene = FakeScene::start_broken(3, |engine| engine.speak(12, 20)).await;
    let mut live = Live::open(&scene.administrator().await).await.unwrap();
    let link = link_becomes(&mut live, "local", "down").await;
    assert_eq!(link["why"]["code"], "engine-too-old", "{link}");
    assert_eq!(link["why"]["args"]["api"], "1.20", "{link}");
}

#[tokio::test]
async fn an_engine_that_comes_back_older_is_met_anew() {
    let mut scene = FakeScene::start(3).await;
    let (_, mut live) = scene.watched().await;
    scene.engine.stop().await;
    link_becomes(&mut live, "local", "down").await;
    scene.engine.speak(12, 40);
    scene.engine.start().await.unwrap();
    let engine = live
        .until("the older engine", |m| {
            let host = longshore_tests::fake::host(m, "local")?;
            (host["link"]["state"] == "up").then(|| host["engine"].clone())
        })
        .await;
    assert_eq!(engine["api"], "1.40");
}

#[tokio::test]
async fn nonsense_in_the_event_stream_is_passed_over() {
    let scene = FakeScene::start(20).await;
    let (_, mut live) = scene.watched().await;
    live.subscribe_containers("").await;
    let (id, _) = scene.engine.container(0);
    live.until("the row", |m| row(m, &id)).await;
    scene.engine.say_raw(
        b"\xff\xfe no event\n{\"Type\":7}\n{}\nnull\n\n[1,2]\n{\"Type\":\"container\",\"Actor\":null}\n",
    );
    scene.engine.die(&id, 1);
    live.until("its end", |m| row(m, &id).filter(|row| row["state"] == "failed")).await;
    assert_eq!(scene.engine.calls().iter().filter(|call| call.starts_with("GET /events")).count(), 1);
}

/// Breaks the inspection of the first container; what happens to the second one arrives all the same, and nobody was lost.
async fn one_costs_no_other(fault: Fault) {
    let scene = FakeScene::start(20).await;
    let (_, mut live) = scene.watched().await;
    live.subscribe_containers("").await;
    let ((broken, _), (sound, _)) = (scene.engine.container(0), scene.engine.container(1));
    live.until("the row", |m| row(m, &sound)).await;
    let path = format!("/containers/{broken}/json");
    scene.engine.plan(&path, fault);
    scene.engine.die(&broken, 1);
    scene.engine.called(&format!("GET {path}"), 1).await;
    scene.engine.die(&sound, 2);
    live.until("the other's end", |m| row(m, &sound).filter(|row| row["state"] == "failed")).await;
    assert_eq!(scene.engine.calls().iter().filter(|call| call.starts_with("GET /events")).count(), 1);
    scene.engine.mend();
    scene.engine.die(&broken, 1);
    live.until("its own end", |m| row(m, &broken).filter(|row| row["state"] == "failed")).await;
}

#[tokio::test]
async fn a_garbled_inspection_costs_that_container_only() {
    one_costs_no_other(Fault::TruncatedJson).await;
}

#[tokio::test]
async fn an_inspection_that_breaks_off_costs_that_container_only() {
    one_costs_no_other(Fault::CutBody).await;
}

#[tokio::test]
async fn an_inspection_that_never_comes_costs_that_container_only() {
    one_costs_no_other(Fault::Silent).await;
}

#[tokio::test]
async fn of_what_cannot_be_inspected_the_list_tells() {
    let scene = FakeScene::start(20).await;
    let (_, mut live) = scene.watched().await;
    live.subscribe_containers("").await;
    let (id, _) = scene.engine.container(0);
    live.until("the row", |m| row(m, &id)).await;
    scene.engine.plan(&format!("/containers/{id}/json"), Fault::TruncatedJson);
    scene.engine.die(&id, 1);
    live.until("its end", |m| row(m, &id).filter(|row| row["state"] == "failed")).await;
    scene.engine.plan("/containers/json", Fault::Refuse(500, "no"));
    scene.engine.revive(&id);
    live.until("that nobody knows", |m| row(m, &id).filter(|row| row["state"] == "unknown")).await;
    scene.engine.mend();
    scene.engine.die(&id, 0);
    live.until("its end again", |m| row(m, &id).filter(|row| row["state"] == "exited")).await;
    assert_eq!(scene.engine.calls().iter().filter(|call| call.starts_with("GET /events")).count(), 1);
}

#[tokio::test]
async fn an_event_with_labels_without_end_is_heard() {
    let scene = FakeScene::start(3).await;
    let _ = scene.watched().await;
    let (id, _) = scene.engine.container(0);
    let pad = "y".repeat(1_200_000);
    let event = format!(
        r#"{{"Type":"container","Action":"die","Actor":{{"ID":"{id}","Attributes":{{"pad":"{pad}"}}}},"time":1}}"#
    );
    scene.engine.say_raw(format!("{event}\n").leak().as_bytes());
    scene.engine.called(&format!("GET /containers/{id}/json"), 1).await;
    assert_eq!(scene.engine.calls().iter().filter(|call| call.starts_with("GET /events")).count(), 1);
}

#[tokio::test]
async fn an_engine_that_never_answers_blocks_no_other_host_and_no_page() {
    let mut scene = FakeScene::start(20).await;
    scene.administrator().await;
    let silent = FakeEngine::on_tcp(20).await.unwrap();
    silent.plan("", Fault::Silent);
    add_host(&mut scene.server, "silent", silent.address()).await;
    silent.called("GET /version", 1).await;

    let mut ada = signed_in_again(&scene.server).await;
    let began = std::time::Instant::now();
    scene.server.http().get("").await.expect(200);
    assert_eq!(ada.standing().await, "signed-in");
    let mut live = Live::open(&ada).await.unwrap();
    link_becomes(&mut live, "local", "up").await;
    let link = link_becomes(&mut live, "silent", "connecting").await;
    assert_eq!(link["state"], "connecting");
    let (id, _) = scene.engine.container(0);
    ada.operate(&id, "stop").await.expect(204);
    assert!(began.elapsed() < PATIENCE / 4, "nobody waits for the silent one: {:?}", began.elapsed());

    // A program that asks the silent one is told at once that it has not answered yet.
    let key = ada.make_key("program").await;
    let mut program = longshore_tests::Person::with_key(scene.server.http(), &key);
    let answer = program.get("hosts/silent/docker/containers/json").await.expect(502);
    assert!(answer.json()["message"].is_string(), "{}", answer.text());

    silent.mend();
    link_becomes(&mut live, "silent", "up").await;
}

#[tokio::test]
async fn calls_that_are_never_answered_hold_up_no_other() {
    let scene = FakeScene::start(20).await;
    let mut program = scene.program().await;
    let ada = signed_in_again(&scene.server).await;
    let mut live = Live::open(&ada).await.unwrap();
    link_becomes(&mut live, "local", "up").await;
    scene.engine.plan("/images/json", Fault::Silent);
    // More at once than there are threads.
    let held: Vec<_> = (0..64)
        .map(|_| {
            let (http, headers) = (scene.server.http(), program.headers());
            tokio::spawn(async move {
                let path = "api/v1/hosts/local/docker/images/json";
                http.send(::http::Method::GET, path, &headers, None).await.status
            })
        })
        .collect();
    scene.engine.called("GET /images/json", 64).await;

    program.get("hosts/local/docker/containers/json").await.expect(200);
    let (id, _) = scene.engine.container(0);
    live.subscribe_containers("").await;
    live.until("the row", |m| row(m, &id)).await;
    scene.engine.die(&id, 1);
    live.until("its end", |m| row(m, &id).filter(|row| row["state"] == "failed")).await;

    scene.engine.mend();
    for call in held {
        assert_eq!(call.await.unwrap(), 404, "the fake engine has no images; each got its own answer");
    }
}

#[tokio::test]
async fn a_slow_head_is_waited_for() {
    let scene = FakeScene::start(20).await;
    let mut program = scene.program().await;
    let mut live = Live::open(&signed_in_again(&scene.server).await).await.unwrap();
    link_becomes(&mut live, "local", "up").await;
    scene.engine.plan("/containers/json", Fault::Slow(Duration::from_secs(2)));
    let listed = program.get("hosts/local/docker/containers/json?all=1").await.expect(200);
    assert_eq!(listed.json().as_array().map(Vec::len), Some(20));
}

#[tokio::test]
async fn one_container_that_hangs_costs_the_others_nothing() {
    let scene = FakeScene::start(17).await;
    let (_, mut live) = scene.watched().await;
    live.subscribe_containers("").await;
    let ((stuck, _), (other, _)) = (scene.engine.container(0), scene.engine.container(1));
    live.until("the rows", |m| row(m, &other)).await;
    scene.engine.plan(&format!("/containers/{stuck}/json"), Fault::Silent);
    scene.engine.die(&stuck, 1);
    scene.engine.called(&format!("GET /containers/{stuck}/json"), 1).await;
    scene.engine.die(&other, 1);
    live.until("the other's end", |m| row(m, &other).filter(|row| row["state"] == "failed")).await;
    // Once it can be read again, so it is.
    scene.engine.mend();
    live.until("its own end", |m| row(m, &stuck).filter(|row| row["state"] == "failed")).await;
}
