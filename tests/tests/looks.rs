//! Every page as people see it: pictures of all, nothing wider than the window, nothing that shuts somebody out, and no
//! complaint of the browser.

use longshore_fake_engine::{FakeEngine, Fault};
use longshore_tests::{
    Browser, Server,
    browser::{ESCAPE, Look, row},
};

/// Two hosts in all states, the one small enough for names on its quay, and a third that does not answer.
struct Harbour {
    server: Server,
    here: FakeEngine,
    _there: FakeEngine,
    _dir: tempfile::TempDir,
}

async fn harbour() -> Harbour {
    let dir = tempfile::tempdir().expect("an engine of our own");
    let here =
        FakeEngine::on_socket(&dir.path().join("docker.sock"), 24).await.expect("an engine of our own");
    let there = FakeEngine::on_tcp(120).await.expect("an engine of our own");
    let server = Server::start_at(here.address(), &[]).await;
    server.administered(&["host", "add", "depot", there.address(), "--name", "The depot"]).await;
    server.administered(&["host", "add", "attic", "unix:///nowhere/docker.sock"]).await;
    Harbour { server, here, _there: there, _dir: dir }
}

/// Every page and what opens over it, in one look.
async fn tour(eyes: Look, called: &str) {
    let harbour = harbour().await;
    let server = &harbour.server;
    let browser = Browser::start(&eyes).await;
    let phone = called.contains("phone");
    let mut wrong = Vec::new();
    browser.open(server.set_up_link()).await;
    browser.appears("button[type=submit]").await;
    browser.look_over(&format!("set-up.{called}"), &mut wrong).await;
    browser.set_up(server.set_up_link()).await;

    // Something ill, something ended, and one job that failed.
    let (ill, ill_name) = harbour.here.container(0);
    let (dead, _) = harbour.here.container(1);
    let (bad, bad_name) = harbour.here.container(3);
    let (_, other_name) = harbour.here.container(4);
    harbour.here.sicken(&ill);
    harbour.here.die(&dead, 1);
    browser.appears(&format!("[data-ill=\"{ill_name}\"]")).await;
    browser.look_over(&format!("home.{called}"), &mut wrong).await;
    browser.open(&server.url("?host=local")).await;
    browser.appears(".blk--unhealthy").await;
    browser.look_over(&format!("home-one.{called}"), &mut wrong).await;

    browser.open(&server.url("containers")).await;
    let bad_row = row(&bad_name);
    // Which of the 144 are in sight depends on the look.
    browser.appears("tr[data-container]").await;
    browser.look_over(&format!("containers.{called}"), &mut wrong).await;
    browser.open(&server.url("containers?q=no-such-thing")).await;
    browser.appears(".empty").await;
    browser.look_over(&format!("containers-none.{called}"), &mut wrong).await;
    browser.open(&server.url("containers?host=local&q=shop&group=flat")).await;
    let dots = if phone { "[data-action=\"sheet\"]" } else { "[data-action=\"more\"]" };
    browser.click(&format!("{bad_row} {dots}")).await;
    browser.appears("[role=\"dialog\"] [data-action=\"remove\"]").await;
    browser.look_over(&format!("sheet.{called}"), &mut wrong).await;
    browser.click("[role=\"dialog\"] [data-action=\"tick\"]").await;
    // Phones have no boxes to tick.
    browser.click(&format!("{} {dots}", row(&other_name))).await;
    browser.click("[role=\"dialog\"] [data-action=\"tick\"]").await;
    browser.appears(".bulk").await;
    browser.look_over(&format!("selected.{called}"), &mut wrong).await;
    browser.click("[data-bulk=\"kill\"]").await;
    browser.appears("[data-action=\"kill-confirm\"]").await;
    browser.look_over(&format!("dialog.{called}"), &mut wrong).await;
    harbour.here.plan(&format!("/containers/{bad}/kill"), Fault::Refuse(500, "the disk is on fire"));
    browser.click("[data-action=\"kill-confirm\"]").await;
    browser.appears("[data-mishap]").await;
    browser.look_over(&format!("mishap.{called}"), &mut wrong).await;

    browser.seek("shop").await;
    browser.appears(".palette__item").await;
    browser.look_over(&format!("palette.{called}"), &mut wrong).await;
    browser.press(ESCAPE).await;
    browser.vanishes(".palette").await;
    browser.click(".top__account").await;
    browser.appears("[role=\"menu\"]").await;
    browser.look_over(&format!("account-menu.{called}"), &mut wrong).await;
    // Its items are in line, and none is wider than the menu.
    let seen = "[...document.querySelectorAll('[role=menu] .menu__item')].filter((one) => one.offsetParent)";
    let left = "one.querySelector('.i').getBoundingClientRect().left";
    browser.holds(&format!("new Set({seen}.map((one) => {left})).size === 1")).await;
    browser
        .holds("((menu) => menu.scrollWidth <= menu.clientWidth)(document.querySelector('[role=menu]'))")
        .await;
    browser.click("[role=\"menu\"] button.menu__item").await;
    browser.appears(".keylist").await;
    browser.look_over(&format!("keys.{called}"), &mut wrong).await;
    browser.press(ESCAPE).await;
    browser.vanishes(".keylist").await;
    browser.click("[data-action=\"jobs\"]").await;
    browser.appears("[data-job-state=\"failed\"]").await;
    browser.look_over(&format!("jobs.{called}"), &mut wrong).await;

    browser.open(&server.url(&format!("containers/local/{ill_name}"))).await;
    browser.appears("[data-panel=\"labels\"]").await;
    browser.look_over(&format!("container.{called}"), &mut wrong).await;
    for (tab, mark) in [
        ("stats", "[data-chart]"),
        ("processes", "[data-process]"),
        ("changes", "[data-change]"),
        ("inspect", "[data-panel=\"tree\"] summary"),
    ] {
        browser.click(&format!(".tabs [href*=\"tab={tab}\"]")).await;
        browser.appears(mark).await;
        browser.appears(&format!(".tabs [href*=\"tab={tab}\"][aria-current]")).await;
        browser.look_over(&format!("container-{tab}.{called}"), &mut wrong).await;
    }
    browser.open(&server.url("containers/local/no-such-container")).await;
    browser.appears("[data-missing=\"container\"]").await;
    // That it is not there is the answer, and the browser's log has it.
    browser.complaints().await;
    browser.look_over(&format!("container-missing.{called}"), &mut wrong).await;

    browser.open(&server.url("events")).await;
    browser.appears("tr[data-event]").await;
    browser.look_over(&format!("events.{called}"), &mut wrong).await;
    browser.open(&server.url("account")).await;
    browser.fill("name", "laptop").await;
    browser.click("[data-action=\"make-key\"]").await;
    browser.appears("[data-key=\"laptop\"]").await;
    browser.appears(".account__made").await;
    browser.look_over(&format!("account.{called}"), &mut wrong).await;
    browser.open(&server.url("?host=attic")).await;
    browser.appears("main").await;
    browser.look_over(&format!("no-engine.{called}"), &mut wrong).await;
    browser.open(&server.url("no/such/page")).await;
    browser.appears("main").await;
    browser.look_over(&format!("not-found.{called}"), &mut wrong).await;

    browser.click(".top__account").await;
    browser.click("[data-action=\"sign-out\"]").await;
    browser.appears("input[name=\"password\"]").await;
    browser.look_over(&format!("sign-in.{called}"), &mut wrong).await;
    assert!(!phone || browser.script("return window.innerWidth").await == 390);
    assert!(wrong.is_empty(), "{called}:\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn at_a_desk() {
    tour(Look::desk(), "desk").await;
}

#[tokio::test]
async fn at_a_desk_in_the_dark() {
    tour(Look::desk().dark(), "desk.dark").await;
}

#[tokio::test]
async fn on_a_phone() {
    tour(Look::phone(), "phone").await;
}

#[tokio::test]
async fn on_a_phone_in_the_dark() {
    tour(Look::phone().dark(), "phone.dark").await;
}

#[tokio::test]
async fn in_chinese() {
    tour(Look::desk().language("zh-CN"), "desk.zh-CN").await;
}
