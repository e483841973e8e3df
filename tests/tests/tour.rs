//! A person's way through the pages: what is done there happens, and what happens is shown.

use longshore_fake_engine::Fault;
use longshore_tests::{
    Browser, Docker, FakeScene, Live, Person, Scene,
    browser::{ESCAPE, Look, row},
    fake::{administrator, signed_in_again},
    person::{ADA, PASSWORD},
};

#[tokio::test]
async fn home_shows_what_is_ill_and_one_verb_helps() {
    let (scene, browser) = FakeScene::on_page("").await;
    for (state, count) in [("running", "17"), ("failed", "1"), ("paused", "1"), ("exited", "1")] {
        browser.reads(&format!("[data-count=\"{state}\"] b"), count).await;
    }
    browser.reads("[data-ill=\"wiki-worker-1\"]", "137").await;

    let (id, name) = scene.engine.container(0);
    // Within its stack a block is called by its service.
    browser.appears(".blk--healthy[href*=\"shop\"][data-block=\"web\"]").await;
    scene.engine.sicken(&id);
    browser.appears(".blk--unhealthy[href*=\"shop\"][data-block=\"web\"]").await;
    browser.appears(&format!("[data-ill=\"{name}\"]")).await;
    browser.reads("[data-count=\"unhealthy\"] b", "1").await;
    browser.reads("main li .tbl__name", &name).await;

    // A pressed count lets what it stands for stand out.
    browser.click("[data-count=\"unhealthy\"]").await;
    browser.appears("[data-count=\"unhealthy\"][aria-pressed=\"true\"]").await;
    browser.appears(".blk--healthy.is-dim").await;
    browser.vanishes(".blk--unhealthy.is-dim").await;

    browser.click(&format!("[data-ill=\"{name}\"] [data-action=\"restart\"]")).await;
    browser.vanishes(&format!("[data-ill=\"{name}\"]")).await;
    scene.engine.called(&format!("POST /containers/{id}/restart"), 1).await;

    browser.click("[href*=\"shop\"][data-block=\"web\"]").await;
    browser.appears(&row(&name)).await;
    assert!(browser.url().await.contains("/containers?"), "{}", browser.url().await);
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_real_health_check_that_fails_reaches_home() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("")).await;
    browser.sign_in(PASSWORD).await;
    let (name, label) = (scene.engine.name("sick"), scene.engine.label());
    let mut words = vec!["run", "--detach", "--name", &name, "--label", &label];
    words.extend([
        "--health-cmd",
        "false",
        "--health-interval",
        "1s",
        "--health-retries",
        "1",
        "busybox:1.35",
    ]);
    words.extend(["sleep", "3600"]);
    scene.engine.docker().ok(words).await;
    browser.appears(&format!(".blk--unhealthy[data-block=\"{name}\"]")).await;
    browser.appears(&format!("[data-ill=\"{name}\"]")).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn the_state_of_the_table_is_in_its_address() {
    let (_scene, browser) = FakeScene::on_page("containers").await;
    // The pointer rests on a row from now on. What is found is shown all the same.
    browser.click(&format!("{} input", row("billing-cron-1"))).await;
    browser.press("/").await;
    browser.holds("document.activeElement.name === 'filter'").await;
    browser.press("web").await;
    browser.holds("location.search === '?q=web'").await;
    browser.lists(&["billing-web-1", "shop-web-1", "wiki-web-1"]).await;

    browser.click(".seg button:last-child").await;
    browser.vanishes("[data-group]").await;
    browser.click("thead th:nth-child(2) button").await;
    browser.appears("th[aria-sort=\"descending\"]").await;
    browser.holds("location.search === '?q=web&group=flat&sort=-name'").await;
    browser.reload().await;
    browser.lists(&["wiki-web-1", "shop-web-1", "billing-web-1"]).await;
    browser.holds("document.querySelector('[name=filter]').value === 'web'").await;

    // Back through what was chosen, to the groups; then one is folded, and stays so.
    browser.script("history.back()").await;
    browser.appears("th[aria-sort=\"ascending\"]").await;
    browser.script("history.back()").await;
    browser.click("[data-group=\"local/shop\"] button").await;
    browser.vanishes(&row("shop-web-1")).await;
    browser.reload().await;
    browser.appears("[data-group=\"local/shop\"] [aria-expanded=\"false\"]").await;
    browser.lists(&["billing-web-1", "wiki-web-1"]).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn many_are_stopped_and_removed_at_once_and_each_answers_for_itself() {
    let (scene, browser) = FakeScene::on_page("containers").await;
    let (well, well_name) = scene.engine.container(0);
    let (bad, bad_name) = scene.engine.container(1);
    for name in [&well_name, &bad_name] {
        browser.click(&format!("{} input[type=checkbox]", row(name))).await;
    }
    browser.click("[data-bulk=\"stop\"]").await;
    for name in [&well_name, &bad_name] {
        browser.appears(&format!("{}[data-state=\"exited\"]", row(name))).await;
    }

    scene.engine.plan(&format!("/containers/{bad}"), Fault::Refuse(500, "the disk is on fire"));
    browser.click("[data-bulk=\"remove\"]").await;
    for name in [&well_name, &bad_name] {
        browser.reads("[role=\"dialog\"] .goes", name).await;
    }
    browser.holds("document.activeElement.closest('[role=dialog]') !== null").await;
    browser.press(ESCAPE).await;
    browser.vanishes("[role=\"dialog\"]").await;
    assert!(
        !scene.engine.calls().iter().any(|call| call.starts_with("DELETE")),
        "who turns back did nothing"
    );

    browser.click("[data-bulk=\"remove\"]").await;
    browser.click("[data-action=\"remove-confirm\"]").await;
    browser.reads(&format!("[data-mishap=\"{bad_name}\"]"), "the disk is on fire").await;
    browser.click("h1").await;
    browser.vanishes(&row(&well_name)).await;
    browser.appears(&format!("{}[data-state=\"exited\"]", row(&bad_name))).await;
    scene.engine.called(&format!("DELETE /containers/{well}"), 1).await;

    browser.click("[data-action=\"jobs\"]").await;
    browser.appears("[data-job-state=\"failed\"]").await;
    browser.appears("[data-job-state=\"done\"]").await;
    browser.reads("[data-job-state=\"failed\"]", &bad_name).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn what_is_paused_does_not_run_and_one_is_asked_for_by_its_name() {
    let (scene, browser) = FakeScene::on_page("containers").await;
    let (id, name) = scene.engine.container(0);
    browser.reads("[data-group=\"local/wiki\"]", "1 of 4 running, 1 paused").await;
    browser.reads("[data-group=\"local/shop\"]", "8 of 8 running").await;
    browser.picture("containers-paused").await;

    let sheet = format!("{} [data-action=\"more\"]", row(&name));
    browser.script(&format!("document.querySelector('{sheet}').click()")).await;
    browser.appears("[role=\"dialog\"] [data-action=\"remove\"]:disabled[title^=\"Stop it first\"]").await;
    browser.click("[role=\"dialog\"] [data-action=\"kill\"]").await;
    browser.reads("[role=\"dialog\"] h2", &format!("Kill {name}")).await;
    browser.reads("[role=\"dialog\"]", "Its processes end at once").await;
    browser.picture("kill-one").await;
    browser.click("[data-action=\"kill-confirm\"]").await;
    scene.engine.called(&format!("POST /containers/{id}/kill"), 1).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn events_are_found_and_held_still() {
    let (scene, browser) = FakeScene::on_page("events").await;
    let ((one, one_name), (other, other_name)) = (scene.engine.container(0), scene.engine.container(1));
    let event = |name: &str, what: &str| format!("tr[data-object=\"{name}\"][data-event=\"{what}\"]");
    browser.appears("main").await;
    scene.engine.die(&one, 3);
    scene.engine.die(&other, 0);
    browser.appears(&event(&other_name, "die")).await;
    browser.fill("filter", &one_name).await;
    browser.vanishes(&event(&other_name, "die")).await;
    browser.reads(&event(&one_name, "die"), "3").await;
    browser.holds(&format!("location.search === '?q={one_name}'")).await;
    browser.reload().await;
    browser.appears(&event(&one_name, "die")).await;
    browser.vanishes(&event(&other_name, "die")).await;

    browser.click("[data-action=\"pause-events\"]").await;
    scene.engine.revive(&one);
    browser.reads("[data-action=\"pause-events\"] .badge", "1").await;
    browser.vanishes(&event(&one_name, "start")).await;
    browser.click("[data-action=\"pause-events\"]").await;
    browser.appears(&event(&one_name, "start")).await;

    browser.click(".fchip--add").await;
    browser.click("[role=\"menuitemcheckbox\"]:nth-child(2)").await;
    browser.appears(".empty").await;
    browser.holds("location.search.includes('kind=image')").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn an_api_key_is_shown_once_and_works_with_docker() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("account")).await;
    browser.sign_in(PASSWORD).await;
    browser.fill("name", "laptop").await;
    browser.click("[data-action=\"make-key\"]").await;
    let key = browser.text(".account__made .code pre").await;
    assert!(key.starts_with("lsk_"), "{key}");
    let line = browser.text(".account__made .code:last-child pre").await;
    let own = scene.server.url("");
    assert_eq!(line, format!("longshore login {}", own.trim_end_matches('/')));

    let docker = Docker::through(&scene.server, Some(&key));
    let name = scene.engine.running("web").await;
    assert!(docker.ok(["ps", "--format", "{{.Names}}"]).await.lines().any(|line| line == name));
    browser.reload().await;
    browser.appears("[data-key=\"laptop\"]").await;
    browser.vanishes(".account__made").await;
    assert!(!browser.script("return document.body.innerText").await.to_string().contains(&key));

    browser.click("[data-key=\"laptop\"] [data-action=\"remove-key\"]").await;
    browser.reads("[role=\"dialog\"]", "laptop").await;
    browser.click("[data-action=\"remove-key-confirm\"]").await;
    browser.vanishes("[data-key=\"laptop\"]").await;
    docker.refused(["ps"]).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_changed_password_and_signing_out_everywhere_end_other_sessions() {
    const NEW: &str = "a staple that is no battery";
    let scene = FakeScene::start(1).await;
    let ada = administrator(&scene.server).await;
    let mut live = Live::open(&ada).await.unwrap();
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("account")).await;
    browser.sign_in(PASSWORD).await;

    browser.fill("current", "not the password").await;
    browser.fill("new", NEW).await;
    browser.click("[data-action=\"change-password\"]").await;
    browser.appears("[name=\"current\"][aria-invalid=\"true\"]").await;
    let complaints = browser.complaints().await;
    assert!(complaints.iter().all(|line| line.contains("account/password")), "{complaints:?}");
    browser.script("document.querySelector('[name=current]').select()").await;
    browser.fill("current", PASSWORD).await;
    browser.click("[data-action=\"change-password\"]").await;
    let why = live.until("a good-bye", |m| (m["type"] == "bye").then(|| m["reason"].clone())).await;
    assert_eq!(why, "signed-out", "the session of the old password is over");
    browser.holds("document.querySelector('[name=new]').value === ''").await;
    browser.appears("[data-live=\"live\"]").await;
    Person::nobody(scene.server.http()).sign_in(ADA, PASSWORD).await.expect(403).problem();

    let mut elsewhere = Person::nobody(scene.server.http());
    elsewhere.sign_in(ADA, NEW).await.expect(200);
    browser.reload().await;
    browser.click("[data-action=\"sign-out-everywhere\"]").await;
    browser.appears("input[name=\"password\"]").await;
    assert_eq!(elsewhere.standing().await, "signed-out");
    browser.sign_in(NEW).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_session_that_ends_elsewhere_shows_the_door() {
    let (scene, browser) = FakeScene::on_page("containers").await;
    browser.appears(&row("shop-web-1")).await;
    let mut elsewhere = signed_in_again(&scene.server).await;
    elsewhere.send(http::Method::DELETE, "account/sessions", None).await.expect(204);
    browser.appears("input[name=\"password\"]").await;
    browser.vanishes("tr[data-container]").await;
    browser.sign_in(PASSWORD).await;
    browser.appears(&row("shop-web-1")).await;
}

#[tokio::test]
async fn theme_and_language_are_switched_and_kept() {
    let (_scene, browser) = FakeScene::on_page("").await;
    browser.click(".rail [data-action=\"theme\"]").await;
    browser.appears("html[data-theme=\"dark\"]").await;
    let dark = browser.script("return getComputedStyle(document.body).backgroundColor").await;
    browser.click(".rail [data-lang=\"zh-CN\"]").await;
    browser.appears("html[lang=\"zh-CN\"]").await;
    browser.reads(".rail__item", "容器").await;
    browser.reload().await;
    browser.appears("html[lang=\"zh-CN\"][data-theme=\"dark\"]").await;
    browser.reads(".rail__item", "容器").await;
    browser.click(".rail [data-action=\"theme\"]").await;
    browser.appears("html[data-theme=\"light\"]").await;
    assert_ne!(browser.script("return getComputedStyle(document.body).backgroundColor").await, dark);
    browser.expect_no_complaint().await;
}
