//! Home: of all hosts or of one, and no more on the line than what has changed.

use longshore_fake_engine::FakeEngine;
use longshore_tests::{
    Browser, FakeScene, Live, Scene, browser::Look, fake::signed_in_again, person::PASSWORD,
};
use serde_json::{Value, json};

/// One small host, and a large one on which more is ill than home names.
async fn two_hosts() -> (FakeScene, FakeEngine) {
    let scene = FakeScene::start(20).await;
    scene.administrator().await;
    let depot = FakeEngine::on_tcp(240).await.expect("a port");
    scene.server.administered(&["host", "add", "depot", depot.address(), "--name", "The depot"]).await;
    (scene, depot)
}

#[tokio::test]
async fn home_of_one_host_is_its_own_and_not_what_others_leave_of_it() {
    let (scene, depot) = two_hosts().await;
    let (_, small) = scene.engine.container(18);
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("")).await;
    browser.sign_in(PASSWORD).await;
    browser.reads("[data-count=\"failed\"] b", "13").await;
    let (local, local_name) = scene.engine.container(0);
    scene.engine.sicken(&local);
    browser.reads("main li .tbl__name", &local_name).await;
    // Those that listen: only these have a health check.
    for number in [0, 1, 3, 4, 5, 6, 8, 9, 11] {
        depot.sicken(&depot.container(number).0);
    }
    browser.reads("[data-count=\"unhealthy\"] b", "10").await;
    browser.vanishes(&format!("[data-ill=\"{small}\"]")).await;

    // By the switch: the page stays and asks again.
    browser.script("window.neverLoadedAgain = true").await;
    browser.click(".rail .hostsw").await;
    browser.click(".rail [data-host=\"local\"]").await;
    browser.appears(&format!("[data-ill=\"{small}\"]")).await;
    browser.reads(&format!("[data-ill=\"{small}\"]"), "137").await;
    browser.reads("[data-count=\"failed\"] b", "1").await;
    browser.reads("main li .tbl__name", &local_name).await;
    browser.holds("document.querySelectorAll('[data-ill]').length === 2").await;
    browser.vanishes(".panel__foot [href*=\"state=\"]").await;
    browser.picture("home-narrowed").await;

    // Twelve have failed there and nine are unhealthy; eight are named.
    browser.click(".rail .hostsw").await;
    browser.click(".rail [data-host=\"depot\"]").await;
    browser.reads("[data-count=\"failed\"] b", "12").await;
    browser.holds("document.querySelectorAll('[data-ill]').length === 8").await;
    browser.reads(".panel__foot [href*=\"state=\"][href*=\"host=depot\"]", "13").await;
    browser.picture("home-depot").await;
    assert_eq!(browser.script("return window.neverLoadedAgain").await, true);

    browser.open(&scene.server.url("?host=nowhere")).await;
    browser.appears(".quaypanel").await;
    browser.vanishes("[data-ill], [data-count], [data-berth]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn home_sends_again_only_what_has_changed() {
    let (scene, _depot) = two_hosts().await;
    let mut live = Live::open(&signed_in_again(&scene.server).await).await.expect("a line");
    live.send(&json!({ "type": "subscribe", "sub": 1, "topic": { "topic": "home" } })).await;
    // Until the last host has come.
    let mut hosts = 0;
    live.until("both berths", |m| {
        let berths =
            [&m["body"]["berths"], &m["body"]["quay"]["berths"]].into_iter().find_map(Value::as_array);
        hosts += berths.into_iter().flatten().filter(|b| b["piles"] != json!([])).count();
        (hosts >= 2).then_some(())
    })
    .await;
    let (id, name) = scene.engine.container(0);
    scene.engine.sicken(&id);
    let delta = live
        .until("the change of one", |m| {
            (m["type"] == "delta" && m["body"]["quay"]["blocks"].is_array()).then(|| m["body"].clone())
        })
        .await;
    assert_eq!(delta["quay"]["blocks"].as_array().map(Vec::len), Some(1), "{delta}");
    assert_eq!(delta["quay"]["blocks"][0][1], "unhealthy", "{delta}");
    assert_eq!(delta["quay"]["berths"], Value::Null, "no berth is sent for a change of state: {delta}");
    assert_eq!(delta["attention"][0]["name"], name.as_str(), "{delta}");
}

#[tokio::test]
async fn home_says_which_figures_cost_the_engine_and_what_to_do() {
    let (scene, _depot) = two_hosts().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("")).await;
    browser.sign_in(PASSWORD).await;
    // What the fake engine calls containers has no files on this machine.
    browser.reads("[data-figures=\"engine\"]", "/sys/fs/cgroup at /host/sys/fs/cgroup").await;
    let said = browser.text("[data-figures=\"engine\"]").await;
    assert!(said.starts_with("This machine:"), "a host elsewhere has no other figures: {said}");
    browser.picture("home-figures").await;
    browser.open(&scene.server.url("?host=depot")).await;
    browser.appears("[data-berth=\"depot\"]").await;
    browser.vanishes("[data-figures]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn home_names_who_eats_the_machine_by_processor_and_by_memory() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let busy = scene.engine.running_script("busy", "trap 'exit 0' TERM; while :; do :; done").await;
    let hungry =
        "trap 'exit 0' TERM; head -c 60000000 /dev/zero > /dev/shm/all; sleep 3600 & wait".to_owned();
    let hungry = scene.engine.running_script("hungry", &hungry).await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("")).await;
    browser.sign_in(PASSWORD).await;
    // One that is not among the first comes after those that are.
    let before = |one: &str, other: &str| {
        format!(
            "(() => {{ const all = [...document.querySelectorAll('[data-consumer]')].map((it) => it.dataset.consumer);
            const [one, other] = [all.indexOf('{one}'), all.indexOf('{other}')];
            return one >= 0 && (other < 0 || one < other) }})()"
        )
    };
    browser.holds(&before(&busy, &hungry)).await;
    browser.click("[data-by=\"memory\"]").await;
    browser.holds(&before(&hungry, &busy)).await;
    browser.picture("home-consumers").await;
    browser.expect_no_complaint().await;
}
