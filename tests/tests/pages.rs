//! A person in Chromium, under a path of a proxy that ends TLS and pools its connections.

use longshore_tests::{
    Browser, FakeScene, Proxy, Scene,
    browser::{CONTROL, ESCAPE, Look},
    person::{ADA, PASSWORD},
};

async fn behind_a_proxy() -> Scene {
    Scene::start_with(&Proxy::SERVER).await
}

/// From the printed link to the list of containers.
async fn set_up(browser: &Browser, proxy: &Proxy, scene: &Scene) {
    browser.set_up(&proxy.link(&scene.server, scene.server.set_up_link())).await;
    browser.open(&proxy.url("containers")).await;
    browser.appears("[data-live=\"live\"]").await;
}

/// A container of the command line appears, obeys a click, and goes again, all in one page that is never loaded again.
async fn watch_a_container(browser: &Browser, scene: &Scene, picture: &str) {
    browser.script("window.neverLoadedAgain = true").await;
    let name = scene.engine.running("web").await;
    let row = format!("[data-container=\"{name}\"]");
    browser.appears(&format!("{row}[data-state=\"running\"]")).await;
    browser.picture(picture).await;

    browser.click(&format!("{row} [data-action=\"stop\"]")).await;
    browser.appears(&format!("{row}[data-state=\"exited\"]")).await;
    assert_eq!(scene.engine.state(&name).await, "exited");

    browser.click(&format!("{row} [data-action=\"start\"]")).await;
    browser.appears(&format!("{row}[data-state=\"running\"]")).await;
    assert_eq!(scene.engine.state(&name).await, "running");

    // The row under the pointer or with the focus stays where it is, so the person turns to something else.
    browser.click("h1").await;
    scene.engine.docker().ok(["rm", "--force", &name]).await;
    browser.vanishes(&row).await;
    assert_eq!(browser.script("return window.neverLoadedAgain").await, true);
}

#[tokio::test]
async fn a_container_is_watched_and_stopped_behind_caddy() {
    let scene = behind_a_proxy().await;
    let proxy = Proxy::caddy(&scene.server).await;
    let browser = Browser::start(&Look::desk()).await;
    set_up(&browser, &proxy, &scene).await;
    assert_eq!(browser.script("return document.documentElement.lang").await, "en");
    watch_a_container(&browser, &scene, "containers").await;
    browser.expect_no_complaint().await;

    browser.click("[data-lang=\"zh-CN\"]").await;
    browser.appears("html[lang=\"zh-CN\"]").await;
    // The next page fetches the words that are read, and no others.
    browser.reload().await;
    browser.appears("html[lang=\"zh-CN\"]").await;
    browser
        .holds("(read => read.length && read.every(e => e.name.includes('/words-zh-CN')))(performance.getEntriesByType('resource').filter(e => e.name.includes('/words-')))")
        .await;
    watch_a_container(&browser, &scene, "containers.zh-CN").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn the_browsers_language_is_the_pages_behind_nginx() {
    let scene = behind_a_proxy().await;
    let proxy = Proxy::nginx(&scene.server).await;
    let browser = Browser::start(&Look::desk().language("zh-CN").dark()).await;
    set_up(&browser, &proxy, &scene).await;
    assert_eq!(browser.script("return document.documentElement.lang").await, "zh-CN");
    watch_a_container(&browser, &scene, "containers.dark.zh-CN").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_phone_shows_it_all() {
    let scene = behind_a_proxy().await;
    let proxy = Proxy::caddy(&scene.server).await;
    let browser = Browser::start(&Look::phone()).await;
    browser.open(&proxy.link(&scene.server, scene.server.set_up_link())).await;
    browser.appears("button[type=submit]").await;
    assert!(browser.fits().await, "the set-up page scrolls sideways");
    set_up(&browser, &proxy, &scene).await;
    let name = scene.engine.running("web").await;
    browser.appears(&format!("[data-container=\"{name}\"][data-state=\"running\"]")).await;
    assert!(browser.fits().await, "the containers page scrolls sideways");
    browser.picture("containers.phone").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn signing_in_and_out_in_the_page() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("containers")).await;
    browser.fill("name", ADA).await;
    browser.fill("password", "incorrect horse battery").await;
    browser.picture("sign-in").await;
    browser.click("button[type=submit]").await;
    browser.appears("[role=\"alert\"]").await;
    let complaints = browser.complaints().await;
    assert!(complaints.iter().all(|line| line.contains("/api/v1/session")), "{complaints:?}");

    browser.script("document.querySelector('input[name=\"password\"]').select()").await;
    browser.fill("password", PASSWORD).await;
    browser.click("button[type=submit]").await;
    browser.appears("[data-live=\"live\"]").await;
    assert_eq!(browser.url().await, scene.server.url("containers"), "one lands where one wanted to go");
    browser.expect_no_complaint().await;
}

/// The server was replaced, or is gone: what a page needs cannot be fetched any more.
const NOTHING_IS_FETCHED: &str = "const whole = window.fetch; window.fetch = (what, how) => \
    String(what.url ?? what).includes('/assets/') ? Promise.reject(new TypeError('gone')) : whole(what, how)";

#[tokio::test]
async fn a_page_that_cannot_be_fetched_says_so_and_a_reload_helps() {
    let scene = FakeScene::start(3).await;
    scene.administrator().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("")).await;
    browser.appears("button[type=submit]").await;
    // Nobody has signed in yet, so no further page has been fetched.
    browser.script(NOTHING_IS_FETCHED).await;
    browser.sign_in(PASSWORD).await;
    browser.appears("[data-live=\"live\"]").await;

    browser.press(&format!("{CONTROL}k")).await;
    browser.appears("[role=\"dialog\"] [data-missing]").await;
    browser.press(ESCAPE).await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.click(".rail a[href$=\"/events\"]").await;
    browser.appears("main [data-missing]").await;
    browser.picture("part-missing").await;
    assert_eq!(browser.url().await, scene.server.url("events"));

    browser.click("[data-missing] [data-action=\"reload\"]").await;
    browser.appears("main input[type=\"search\"]").await;
    browser.vanishes("[data-missing]").await;
}

#[tokio::test]
async fn a_breach_of_the_pages_policy_is_noticed() {
    let scene = Scene::start().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(scene.server.set_up_link()).await;
    browser.appears("button[type=submit]").await;
    browser.expect_no_complaint().await;
    // What every page must not do: were this not complained of, the tests above would prove nothing.
    for breach in [
        "document.body.setAttribute('style', 'color: red')",
        "document.head.append(Object.assign(document.createElement('style'), { textContent: 'p {}' }))",
        "document.head.append(Object.assign(document.createElement('script'), { textContent: '1' }))",
    ] {
        browser.script(breach).await;
        let complaints = browser.complaints().await;
        assert!(
            complaints.iter().any(|line| line.contains("Content Security Policy")),
            "{breach}: {complaints:?}"
        );
    }
}
