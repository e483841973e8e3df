//! Consoles in Chromium: a shell in a container, as a person uses it.

use longshore_tests::{
    Browser, Scene,
    browser::{ENTER, Look, row},
    person::PASSWORD,
};

/// What the chosen terminal shows.
const SCREEN: &str = ".term__screen:not([hidden]) .xterm-rows";

/// An administrator's browser on the consoles of these containers, once a program runs in the first.
async fn at_consoles(scene: &Scene, look: &Look, names: &[&str]) -> Browser {
    let browser = Browser::start(look).await;
    let of: Vec<String> = names.iter().map(|name| format!("local/{name}")).collect();
    browser.open(&scene.server.url(&format!("console?of={}", of.join(",")))).await;
    browser.sign_in(PASSWORD).await;
    browser.appears("[data-console=\"open\"]:not([hidden])").await;
    browser
}

/// Types a line and waits until the terminal shows what it answers.
async fn run(browser: &Browser, line: &str, answer: &str) {
    browser.press(&format!("{line}{ENTER}")).await;
    browser.reads(SCREEN, answer).await;
}

/// Columns and rows, as the page says.
async fn size(browser: &Browser) -> (String, String) {
    let size = browser.text("[data-size]").await;
    let (cols, rows) = size.split_once(" × ").expect("columns and rows");
    (cols.to_owned(), rows.to_owned())
}

#[tokio::test]
async fn a_shell_is_found_and_obeys() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.running("web").await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("containers?q={name}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.appears(&format!("{}[data-state=\"running\"]", row(&name))).await;
    browser.press("j").await;
    browser.appears("tr.is-focus").await;
    browser.press("c").await;
    browser.appears("[data-console=\"open\"]").await;
    browser.reads("[data-command]", "ash, found by trying").await;

    run(&browser, "echo $((40+2))-$TERM", "42-xterm-256color").await;
    run(&browser, "printf '\\346\\227\\245\\346\\234\\254\\n'", "日本").await;
    // The program knows the size of the window, also when it changes.
    let (cols, rows) = size(&browser).await;
    run(&browser, "stty size", &format!("{rows} {cols}")).await;
    browser.picture("console").await;
    browser.resize(1100, 640).await;
    browser.holds(&format!("!document.querySelector('[data-size]').textContent.includes('{cols} ×')")).await;
    let (cols, rows) = size(&browser).await;
    run(&browser, "clear; stty size", &format!("{rows} {cols}")).await;

    browser.press(&format!("exit 3{ENTER}")).await;
    browser.reads("[data-ended]", "Exit 3").await;
    browser.picture("console-ended").await;
    browser.click("[data-action=\"again\"]").await;
    browser.appears("[data-console=\"open\"]").await;
    run(&browser, "echo once$((1))more", "once1more").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_console_looks_right_on_a_phone_in_the_dark_and_in_chinese() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.running("web").await;
    let browser = at_consoles(&scene, &Look::phone().dark().language("zh-CN"), &[&name]).await;
    run(&browser, "ls --color=always /", "bin").await;
    assert!(browser.fits().await, "the console scrolls sideways");
    assert_eq!(browser.barriers().await, [""; 0]);
    browser.picture("console.phone.dark.zh-CN").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.running("web").await;
    let browser = at_consoles(&scene, &Look::desk(), &[&name]).await;
    scene.engine.docker().ok(["stop", "--time", "0", &name]).await;
    browser.reads("[data-ended]", "is not running any more").await;
    browser.click("[data-action=\"again\"]").await;
    browser.reads("[data-failed]", "is not running").await;
    browser.picture("console-failed").await;
    browser.expect_no_complaint().await;
}
