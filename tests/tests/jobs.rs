//! Many containers at once: one job, an outcome for each, and nobody else's business.

use http::Method;
use longshore_fake_engine::Fault;
use longshore_tests::{
    Browser, FakeScene, Live, Person,
    browser::Look,
    fake::{another_administrator, signed_in_again},
    person::PASSWORD,
};
use serde_json::{Value, json};

/// A server that knows its engine's containers, and the first account.
async fn scene(containers: usize) -> (FakeScene, Person, Live) {
    let scene = FakeScene::start(containers).await;
    let (ada, mut live) = scene.watched().await;
    live.subscribe_jobs().await;
    (scene, ada, live)
}

/// Asks for a verb on containers by their ids; the job's id.
async fn ask(person: &mut Person, verb: &str, ids: &[&str]) -> String {
    let targets: Vec<Value> = ids.iter().map(|id| json!({ "host": "local", "id": id })).collect();
    let form = json!({ "verb": verb, "targets": targets });
    let started = person.send(Method::POST, "jobs/containers", Some(form)).await.expect(202).json();
    started["id"].as_str().unwrap_or_else(|| panic!("no id: {started}")).to_owned()
}

fn outcomes(job: &Value) -> Vec<&str> {
    let targets = job["targets"].as_array().expect("a job has targets");
    targets.iter().map(|target| target["outcome"]["outcome"].as_str().expect("a word")).collect()
}

#[tokio::test]
async fn each_target_has_its_own_outcome() {
    let (scene, mut ada, mut live) = scene(20).await;
    let (well, name) = scene.engine.container(0);
    let (refused, _) = scene.engine.container(1);
    let (stopped, _) = scene.engine.container(17);
    let unknown = "0".repeat(64);
    scene.engine.plan(&format!("/containers/{refused}/stop"), Fault::Refuse(500, "the disk is on fire"));

    let id = ask(&mut ada, "stop", &[&well, &refused, &stopped, &unknown, &well]).await;
    let job = live.job_ended(&mut ada, &id).await;
    assert_eq!(outcomes(&job), ["done", "failed", "done", "failed"], "one named twice counts once: {job}");
    assert_eq!(job["state"], "failed", "{job}");
    assert_eq!((&job["done"], &job["failed"], &job["total"]), (&json!(4), &json!(2), &json!(4)));
    assert_eq!(job["targets"][0]["name"], name.as_str());
    assert!(job["targets"][1]["outcome"].to_string().contains("the disk is on fire"), "its own words: {job}");
    assert!(job["targets"][3]["outcome"]["why"]["code"].is_string(), "{job}");
    assert!(job["log"].as_array().is_some_and(|log| log.len() >= 5), "{job}");

    let listed = ada.get("jobs").await.expect(200).json();
    assert_eq!(listed[0]["id"], id.as_str());
    assert_eq!(listed[0]["log"], Value::Null, "the list is short");
}

#[tokio::test]
async fn what_one_job_works_on_is_busy_for_the_next() {
    let (scene, mut ada, mut live) = scene(4).await;
    let ids: Vec<String> = (0..2).map(|n| scene.engine.container(n).0).collect();
    scene.engine.plan(&format!("/containers/{}/restart", ids[0]), Fault::Silent);
    let first = ask(&mut ada, "restart", &[&ids[0]]).await;
    scene.engine.called(&format!("POST /containers/{}/restart", ids[0]), 1).await;

    let second = ask(&mut ada, "stop", &[&ids[0], &ids[1]]).await;
    let job = live.job_ended(&mut ada, &second).await;
    assert_eq!(outcomes(&job), ["failed", "done"], "{job}");
    assert_eq!(job["targets"][0]["outcome"]["why"]["code"], "job-target-busy", "{job}");

    scene.engine.mend();
    let job = live.job_ended(&mut ada, &first).await;
    assert_eq!(job["state"], "done", "{job}");
    // And then it is free again.
    let third = ask(&mut ada, "stop", &[&ids[0]]).await;
    assert_eq!(live.job_ended(&mut ada, &third).await["state"], "done");
}

#[tokio::test]
async fn a_cancelled_job_finishes_what_is_under_way_and_leaves_the_rest() {
    let (scene, mut ada, mut live) = scene(16).await;
    let ids: Vec<String> = (0..8).map(|n| scene.engine.container(n).0).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    scene.engine.plan("/containers/", Fault::Silent);
    let id = ask(&mut ada, "stop", &ids).await;
    scene.engine.called("POST /containers/", 4).await;

    ada.send(Method::POST, &format!("jobs/{id}/cancel"), None).await.expect(204);
    scene.engine.mend();
    let job = live.job_ended(&mut ada, &id).await;
    assert_eq!(job["state"], "cancelled", "{job}");
    let count = |word| outcomes(&job).iter().filter(|outcome| **outcome == word).count();
    assert_eq!((count("done"), count("skipped")), (4, 4), "{job}");
    assert_eq!(job["failed"], 0);
    let asked = scene.engine.calls().iter().filter(|call| call.starts_with("POST /containers/")).count();
    assert_eq!(asked, 4, "the engine was not asked again");
    ada.send(Method::POST, &format!("jobs/{id}/cancel"), None).await.expect(204);
}

#[tokio::test]
async fn a_job_is_nobody_elses() {
    let (scene, mut ada, mut live) = scene(4).await;
    let (container, _) = scene.engine.container(0);
    scene.engine.plan(&format!("/containers/{container}/stop"), Fault::Silent);
    let id = ask(&mut ada, "stop", &[&container]).await;
    scene.engine.called("POST /containers/", 1).await;

    let mut bob = another_administrator(&scene.server, "bob").await;
    let theirs = bob.get(&format!("jobs/{id}")).await.expect(404).problem();
    let made_up = bob.get("jobs/01890000-0000-7000-8000-000000000000").await.expect(404).problem();
    assert_eq!(theirs, made_up, "whether it exists is not told");
    bob.send(Method::POST, &format!("jobs/{id}/cancel"), None).await.expect(404).problem();
    assert_eq!(bob.get("jobs").await.expect(200).json(), json!([]));
    let mut line = Live::open(&bob).await.unwrap();
    line.send(&json!({ "type": "subscribe", "sub": 1, "topic": { "topic": "jobs" } })).await;
    let seen = line.until("his jobs", |m| (m["sub"] == 1).then(|| m["body"]["jobs"].clone())).await;
    assert_eq!(seen, json!([]));
    Person::nobody(scene.server.http()).get(&format!("jobs/{id}")).await.expect(401).problem();

    scene.engine.mend();
    assert_eq!(live.job_ended(&mut ada, &id).await["state"], "done");
}

#[tokio::test]
async fn a_job_outlives_the_page_that_asked_for_it() {
    let (scene, mut ada, mut live) = scene(8).await;
    let names: Vec<(String, String)> = (0..2).map(|n| scene.engine.container(n)).collect();
    scene.engine.plan("/containers/", Fault::Silent);
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("containers")).await;
    browser.sign_in(PASSWORD).await;
    for (_, name) in &names {
        browser.click(&format!("[data-container=\"{name}\"] input[type=checkbox]")).await;
    }
    browser.click("[data-bulk=\"stop\"]").await;
    scene.engine.called("POST /containers/", 2).await;
    browser.appears("[data-jobs=\"1\"]").await;
    browser.expect_no_complaint().await;
    drop(browser);

    scene.engine.mend();
    let id = ada.get("jobs").await.expect(200).json()[0]["id"].as_str().unwrap().to_owned();
    let job = live.job_ended(&mut ada, &id).await;
    assert_eq!(outcomes(&job), ["done", "done"], "{job}");
}

#[tokio::test]
async fn a_target_that_nobody_knows_is_shown_by_its_short_id() {
    let (scene, mut ada, mut live) = scene(2).await;
    let unknown = "0123456789abcdef".repeat(4);
    let job = ask(&mut ada, "stop", &[&unknown]).await;
    live.job_ended(&mut ada, &job).await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("")).await;
    browser.sign_in(PASSWORD).await;
    browser.click("[data-action=\"jobs\"]").await;
    browser.reads(&format!("[data-job=\"{job}\"] [title=\"{unknown}\"]"), "0123456789ab").await;
    let said = browser.text(&format!("[data-job=\"{job}\"]")).await;
    assert!(said.contains("Stop 0123456789ab") && !said.contains("0123456789abc"), "{said}");
    browser.picture("job-unknown").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn signing_out_in_the_middle_stops_the_rest() {
    let (scene, mut ada, _line) = scene(16).await;
    let ids: Vec<String> = (0..8).map(|n| scene.engine.container(n).0).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    scene.engine.plan("/containers/", Fault::Silent);
    let id = ask(&mut ada, "stop", &ids).await;
    scene.engine.called("POST /containers/", 4).await;
    ada.sign_out().await.expect(204);

    let mut again = signed_in_again(&scene.server).await;
    let mut live = Live::on_jobs(&again).await;
    scene.engine.mend();
    let job = live.job_ended(&mut again, &id).await;
    assert_eq!(job["state"], "cancelled", "{job}");
    let count = |word| outcomes(&job).iter().filter(|outcome| **outcome == word).count();
    assert_eq!((count("done"), count("skipped")), (4, 4), "what had begun is finished, no more: {job}");
    let log = job["log"].to_string();
    assert!(log.contains("job-right-gone"), "the log says why: {log}");
    let asked = scene.engine.calls().iter().filter(|call| call.starts_with("POST /containers/")).count();
    assert_eq!(asked, 4);
}

#[tokio::test]
async fn a_job_cut_by_a_power_failure_says_what_it_does_not_know() {
    let (mut scene, mut ada, live) = scene(16).await;
    let ids: Vec<String> = (0..6).map(|n| scene.engine.container(n).0).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    scene.engine.plan("/containers/", Fault::Silent);
    let id = ask(&mut ada, "stop", &ids).await;
    scene.engine.called("POST /containers/", 4).await;
    drop(live);
    scene.server.program().kill().await;
    scene.engine.mend();
    scene.server.start_again().await;

    let mut ada = signed_in_again(&scene.server).await;
    let job = ada.get(&format!("jobs/{id}")).await.expect(200).json();
    assert_eq!(job["state"], "interrupted", "{job}");
    let count = |word| outcomes(&job).iter().filter(|outcome| **outcome == word).count();
    assert_eq!((count("unknown"), count("skipped")), (4, 2), "{job}");
}

#[tokio::test]
async fn what_is_no_job_is_refused_whole() {
    let (scene, mut ada, _line) = scene(4).await;
    let (container, _) = scene.engine.container(0);
    let target = json!({ "host": "local", "id": container });
    let many: Vec<Value> = (0..501).map(|n| json!({ "host": "local", "id": format!("{n:064x}") })).collect();
    for form in [
        json!({ "verb": "stop", "targets": [] }),
        json!({ "verb": "stop", "targets": many }),
        json!({ "verb": "explode", "targets": [target] }),
        json!({ "verb": "stop", "targets": [target], "force": true }),
        json!({ "verb": "stop", "targets": [{ "host": "local", "id": container, "name": "x" }] }),
        json!({ "targets": [target] }),
    ] {
        let answer = ada.send(Method::POST, "jobs/containers", Some(form)).await;
        assert!((400..500).contains(&answer.status), "{} {}", answer.status, answer.text());
        answer.problem();
    }
    assert_eq!(ada.get("jobs").await.expect(200).json(), json!([]));
    assert!(!scene.engine.calls().iter().any(|call| call.starts_with("POST /containers/")));
}
