//! The words come in two files, and nobody reads half a page.

use longshore_tests::{
    Browser, FakeScene,
    browser::{CONTROL, ESCAPE, Look},
    person::{ADA, PASSWORD},
};

/// From now on nothing of this name comes from the server.
fn nothing_of(name: &str) -> String {
    format!(
        "window.whole ??= window.fetch; window.fetch = (what, how) => String(what.url ?? what).includes('{name}') \
         ? Promise.reject(new TypeError('gone')) : window.whole(what, how)"
    )
}

/// What the first page shows is in the first file, also where much is wrong: were a word missing, the browser would
/// complain of it.
async fn the_first_words_are_enough(look: Look, home: &str) {
    let mut scene = FakeScene::start(FakeScene::CONTAINERS).await;
    scene.administrator().await;
    let browser = Browser::start(&look).await;
    browser.open(&scene.server.url("")).await;
    browser.appears("button[type=submit]").await;
    browser.script(&nothing_of("/assets/more-")).await;
    browser.sign_in(PASSWORD).await;
    browser.reads("h1", home).await;
    let (id, name) = scene.engine.container(1);
    scene.engine.die(&id, 137);
    browser.appears(&format!("[data-ill=\"{name}\"]")).await;
    let (id, name) = scene.engine.container(0);
    scene.engine.sicken(&id);
    browser.appears(&format!("[data-ill=\"{name}\"]")).await;
    browser.click(".top__account").await;
    browser.appears("[role=\"menu\"]").await;
    browser.press(ESCAPE).await;
    scene.engine.stop().await;
    browser.appears(".banner--stale").await;
    browser.expect_no_complaint().await;

    // What needs more words waits for them.
    browser.press(&format!("{CONTROL}k")).await;
    browser.appears("[role=\"dialog\"] [data-missing]").await;
    browser.holds("document.activeElement.closest('[role=dialog]')").await;
    browser.press(ESCAPE).await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.script("window.fetch = window.whole").await;
    browser.press(&format!("{CONTROL}k")).await;
    browser.appears(".palette input").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn home_says_all_with_the_first_words() {
    the_first_words_are_enough(Look::desk(), "Home").await;
}

#[tokio::test]
async fn home_says_all_with_the_first_words_in_chinese() {
    the_first_words_are_enough(Look::desk().language("zh-CN"), "主页").await;
}

/// A refusal of which the sign-in page has no words, each time another.
const REFUSAL: &str = "const before = window.fetch; window.fetch = (what, how) => \
    String(what.url ?? what).endsWith('/session') ? Promise.resolve(new Response(JSON.stringify({ \
        type: '/problems/no-tag', title: '', status: 422, code: 'no-tag', request_id: String(performance.now()) }), { status: 422 })) \
    : before(what, how)";

#[tokio::test]
async fn a_refusal_whose_words_have_not_come_is_never_empty() {
    let scene = FakeScene::start(1).await;
    scene.administrator().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("")).await;
    browser.fill("name", ADA).await;
    browser.fill("password", PASSWORD).await;
    browser.script(&nothing_of("/assets/more-")).await;
    browser.script(REFUSAL).await;
    browser.click("button[type=submit]").await;
    browser.reads("[role=\"alert\"] p", "no-tag").await;

    browser.script(&format!("window.fetch = window.whole; {REFUSAL}")).await;
    browser.click("button[type=submit]").await;
    browser.reads("[role=\"alert\"] p", "Write a name and a tag, such as shop/web:2.").await;
    browser.expect_no_complaint().await;
}
