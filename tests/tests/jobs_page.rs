//! The page of jobs: what is under way, its log as it grows, and what went wrong done again.

use http::Method;
use longshore_fake_engine::Fault;
use longshore_tests::{
    Browser, FakeScene, Live, Person,
    browser::Look,
    fake::{LAYER, another_administrator, signed_in_again},
    person::PASSWORD,
};
use serde_json::{Value, json};

const REFUSAL: &str = r#"{"errorDetail":{"message":"pull access denied"},"error":"pull access denied"}"#;

async fn scene(containers: usize) -> (FakeScene, Person, Live) {
    let scene = FakeScene::start(containers).await;
    let (ada, mut live) = scene.watched().await;
    live.subscribe_jobs().await;
    (scene, ada, live)
}

/// Asks for a job; its id.
async fn started(person: &mut Person, path: &str, form: Option<Value>) -> String {
    let started = person.send(Method::POST, path, form).await.expect(202).json();
    started["id"].as_str().unwrap_or_else(|| panic!("no id: {started}")).to_owned()
}

async fn stop(person: &mut Person, ids: &[&str]) -> String {
    let targets: Vec<Value> = ids.iter().map(|id| json!({ "host": "local", "id": id })).collect();
    started(person, "jobs/containers", Some(json!({ "verb": "stop", "targets": targets }))).await
}

async fn on_page(scene: &FakeScene, path: &str, look: &Look) -> Browser {
    let browser = Browser::start(look).await;
    browser.open(&scene.server.url(path)).await;
    browser.sign_in(PASSWORD).await;
    browser
}

#[tokio::test]
async fn a_pull_on_the_page_of_jobs_is_followed_cancelled_and_done_again() {
    let (scene, mut ada, mut live) = scene(0).await;
    scene.engine.pulls(&[LAYER], true);
    let browser = on_page(&scene, "jobs", &Look::desk()).await;
    browser.appears(".empty").await;
    let id =
        started(&mut ada, "hosts/local/images", Some(json!({ "image": "registry.example/shop:7" }))).await;
    let one = format!("[data-job=\"{id}\"]");
    browser.reads(&format!("{one} h2"), "Pull registry.example/shop:7").await;
    browser.reads(&format!("{one} [data-layer=\"aaaabbbbcccc\"]"), "512 B / 2.05 kB").await;
    browser.reads(&one, "25%").await;
    browser.reads(".joblog__lines", "aaaabbbbcccc: Downloading").await;
    browser.reads(".rail a[aria-current] .rail__n", "1").await;
    browser.picture("jobs-page").await;

    browser.click(&format!("{one} [data-action=\"cancel-job\"]")).await;
    browser.appears(&format!("tr{one}[data-job-state=\"cancelled\"]")).await;
    browser.reads(".joblog__lines", "Cancelled: what is under way").await;
    assert_eq!(live.job_ended(&mut ada, &id).await["again"], true);

    scene.engine.pulls(&[LAYER, r#"{"status":"Status: Downloaded"}"#], false);
    browser.click(".joblog [data-action=\"job-again\"]").await;
    browser.appears("tr[data-job-state=\"done\"]").await;
    browser.holds("document.querySelectorAll('tr[data-job]').length === 2").await;
    // The newest stands beside the list: it has nothing that could be done again.
    browser.appears(".joblog [data-joblog-state=\"done\"]").await;
    browser.vanishes(".joblog [data-action=\"job-again\"]").await;
    // By the keys to the older one.
    browser.press("j").await;
    browser.appears(&format!(".joblog[data-joblog=\"{id}\"] [data-action=\"job-again\"]")).await;
    browser.picture("jobs-page-ended").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn home_tells_of_jobs_that_went_wrong_until_they_are_looked_at() {
    let (scene, mut ada, mut live) = scene(4).await;
    let (refused, _) = scene.engine.container(1);
    scene.engine.plan(&format!("/containers/{refused}/stop"), Fault::Refuse(500, "the disk is on fire"));
    let browser = on_page(&scene, "", &Look::phone().language("zh-CN").dark()).await;
    let id = stop(&mut ada, &[&refused]).await;
    live.job_ended(&mut ada, &id).await;
    browser.reads("[data-ill-jobs]", "1 个后台任务失败").await;
    browser.appears("[data-jobs-trouble=\"1\"]").await;
    browser.picture("home-jobs-phone").await;
    browser.click("[data-ill-jobs] a").await;
    browser.click(&format!("tr[data-job=\"{id}\"] a")).await;
    browser.reads(".joblog", "the disk is on fire").await;
    assert!(browser.fits().await, "nothing is wider than a phone");
    assert_eq!(browser.barriers().await, [] as [String; 0]);
    browser.picture("jobs-log-phone").await;
    browser.click(".joblog__back").await;
    browser.holds("document.querySelector('.jobspage__list').offsetParent !== null").await;
    browser.picture("jobs-page-phone").await;
    browser.open(&scene.server.url("")).await;
    browser.appears("[data-jobs-trouble=\"0\"]").await;
    browser.vanishes("[data-ill-jobs]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn older_jobs_come_when_they_are_asked_for() {
    let (scene, mut ada, mut live) = scene(4).await;
    let (container, _) = scene.engine.container(0);
    let mut ids = Vec::new();
    for _ in 0..23 {
        let id = stop(&mut ada, &[&container]).await;
        live.job_ended(&mut ada, &id).await;
        ids.push(id);
    }
    let browser = on_page(&scene, "jobs", &Look::desk().dark()).await;
    browser.holds("document.querySelectorAll('tr[data-job]').length === 20").await;
    browser.click("[data-action=\"older-jobs\"]").await;
    browser.holds("document.querySelectorAll('tr[data-job]').length === 23").await;
    browser.vanishes("[data-action=\"older-jobs\"]").await;
    browser.click(&format!("tr[data-job=\"{}\"] a", ids[0])).await;
    browser.reads(&format!(".joblog[data-joblog=\"{}\"] .joblog__lines", ids[0]), "Done").await;
    browser.click("[data-show=\"failed\"]").await;
    browser.appears(".empty").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn again_is_what_was_left_undone_and_nobody_elses() {
    let (scene, mut ada, mut live) = scene(6).await;
    let ids: Vec<String> = (0..3).map(|n| scene.engine.container(n).0).collect();
    scene.engine.plan(&format!("/containers/{}/stop", ids[1]), Fault::Refuse(500, "no"));
    scene.engine.plan(&format!("/containers/{}/stop", ids[2]), Fault::Silent);
    let id = stop(&mut ada, &[&ids[0], &ids[1], &ids[2]]).await;
    scene.engine.called(&format!("POST /containers/{}/stop", ids[2]), 1).await;
    let again = format!("jobs/{id}/again");
    let refused = ada.send(Method::POST, &again, None).await.expect(409).problem();
    assert!(refused.contains("job-under-way"), "{refused}");

    scene.engine.mend();
    assert_eq!(live.job_ended(&mut ada, &id).await["failed"], 1);
    let mut bob = another_administrator(&scene.server, "bob").await;
    bob.send(Method::POST, &again, None).await.expect(404).problem();
    bob.get(&format!("jobs/{id}/earlier")).await.expect(404).problem();
    assert_eq!(ada.get(&format!("jobs/{id}/earlier")).await.expect(200).json(), json!([]));

    let next = started(&mut ada, &again, None).await;
    let job = live.job_ended(&mut ada, &next).await;
    assert_eq!((&job["state"], &job["total"]), (&json!("done"), &json!(1)), "{job}");
    assert_eq!(job["targets"][0]["id"], ids[1].as_str(), "{job}");
    let refused = ada.send(Method::POST, &format!("jobs/{next}/again"), None).await.expect(409).problem();
    assert!(refused.contains("job-nothing-left"), "{refused}");
}

#[tokio::test]
async fn again_works_for_a_pull_after_a_new_start_and_says_where_it_cannot() {
    let (mut scene, mut ada, mut live) = scene(0).await;
    scene.engine.pulls(&[LAYER, REFUSAL], false);
    let pull =
        started(&mut ada, "hosts/local/images", Some(json!({ "image": "shop", "platform": "linux/arm64" })))
            .await;
    assert_eq!(live.job_ended(&mut ada, &pull).await["again"], true);
    let secret = "open-sesame-4711";
    let wish = json!({ "name": "shop", "start": false, "body": { "Image": "shop", "Env": [format!("KEY={secret}")] } });
    let create = started(&mut ada, "hosts/local/containers", Some(wish)).await;
    assert_eq!(live.job_ended(&mut ada, &create).await["again"], true);
    drop(live);
    scene.server.program().kill().await;
    scene.server.start_again().await;

    let mut ada = signed_in_again(&scene.server).await;
    let mut live = Live::on_jobs(&ada).await;
    let job = ada.get(&format!("jobs/{create}")).await.expect(200).json();
    assert_eq!(job["again"], false, "what may hold secrets is kept in memory only: {job}");
    let refused = ada.send(Method::POST, &format!("jobs/{create}/again"), None).await.expect(409).problem();
    assert!(refused.contains("job-forgotten"), "{refused}");

    scene.engine.pulls(&[r#"{"status":"Status: Downloaded"}"#], false);
    let next = started(&mut ada, &format!("jobs/{pull}/again"), None).await;
    assert_eq!(live.job_ended(&mut ada, &next).await["state"], "done");
    let pulls: Vec<String> =
        scene.engine.calls().into_iter().filter(|call| call.starts_with("POST /images/create")).collect();
    assert!(pulls.last().is_some_and(|call| call.contains("arm64")), "{pulls:?}");
}
