//! What is typed on one's own machine, copied from the account page.

use longshore_tests::{Afar, Browser, FakeScene, Scene, browser::Look, person::PASSWORD};

#[tokio::test]
async fn the_account_page_says_what_to_type_and_it_works_as_it_stands() {
    let scene = Scene::start_with(&["--base-path", "/ls"]).await;
    scene.administrator().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("account")).await;
    browser.sign_in(PASSWORD).await;
    browser.fill("name", "laptop").await;
    browser.click("[data-action=\"make-key\"]").await;
    let key = browser.text(".account__made .code pre").await;
    browser.appears("[data-panel=\"docker\"] .code").await;
    let typed = browser.script(
        "return [...document.querySelectorAll('[data-panel=\"docker\"] > .panel__body > .code pre')].map((one) => one.innerText)",
    );
    let typed = typed.await;
    let typed: Vec<&str> = typed.as_array().expect("lines").iter().filter_map(|line| line.as_str()).collect();
    let [login, connect] = typed[..] else { panic!("two lines: {typed:?}") };

    let afar = Afar::new();
    let url = login.strip_prefix("longshore login ").expect("a command");
    afar.login(url, &key, &[]).await;
    assert_eq!(connect, "longshore connect local");
    let connect = afar.connect(&[]).await;
    assert_eq!(connect.docker().ok(["version", "--format", "{{.Server.Os}}"]).await, "linux");

    browser.click("[data-panel=\"docker-direct\"] summary").await;
    let direct = browser.text("[data-panel=\"docker-direct\"] .code pre").await;
    let address = scene.server.address();
    assert_eq!(direct, format!("export DOCKER_HOST=tcp://{address}/ls/api/v1/hosts/local/docker"));
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn the_panel_for_docker_shuts_nobody_out_in_any_look() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    ada.make_key("laptop").await;
    let mut wrong = Vec::new();
    for (eyes, called) in [
        (Look::desk(), "desk"),
        (Look::desk().dark(), "desk.dark"),
        (Look::phone(), "phone"),
        (Look::desk().language("zh-CN"), "desk.zh-CN"),
        (Look::phone().dark().language("zh-CN"), "phone.dark.zh-CN"),
    ] {
        let browser = Browser::start(&eyes).await;
        browser.open(&scene.server.url("account")).await;
        browser.sign_in(PASSWORD).await;
        browser.click("[data-panel=\"docker-direct\"] summary").await;
        browser.appears("[data-panel=\"docker-direct\"][open]").await;
        browser.script("document.querySelector('[data-panel=\"docker\"]').scrollIntoView()").await;
        browser.picture(&format!("docker-here.{called}")).await;
        if !browser.fits().await {
            wrong.push(format!("{called} scrolls sideways"));
        }
        wrong.extend(browser.complaints().await.into_iter().map(|said| format!("{called}: {said}")));
        wrong.extend(browser.barriers().await.into_iter().map(|said| format!("{called}: {said}")));
        // The rules draw styles of their own, which the page's policy refuses.
        browser.complaints().await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
