//! Logs as people read them: as they are written, on a real engine.

use longshore_tests::{
    Browser, Scene,
    browser::{Look, row},
    person::PASSWORD,
};

/// Colours, both streams, and an end by signal that has a code of its own.
const SPEAKER: &str = "printf '\\033[1;32mgreen\\033[0m and plain\\n'; echo to the error >&2; \
    echo a long line that has to wrap on phones, for it has more words than fit beside its time; \
    trap 'exit 3' TERM; sleep 3600 & wait";

/// Writes a line into the log of a container that runs.
async fn say(scene: &Scene, name: &str, line: &str) {
    scene.engine.docker().ok(["exec", name, "sh", "-c", &format!("echo '{line}' > /proc/1/fd/1")]).await;
}

/// A signed-in browser on a page.
async fn on_page(scene: &Scene, look: &Look, path: &str) -> Browser {
    let browser = Browser::start(look).await;
    browser.open(&scene.server.url(path)).await;
    browser.sign_in(PASSWORD).await;
    browser
}

#[tokio::test]
async fn a_log_is_followed_held_and_goes_on_over_a_restart() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.running_script("speaker", SPEAKER).await;
    let browser = on_page(&scene, &Look::desk(), &format!("containers?q={name}&group=flat")).await;
    browser.appears(&row(&name)).await;
    browser.press("j").await;
    browser.press("l").await;
    browser.appears(&format!("[data-log-of=\"{name}\"]")).await;
    assert!(browser.url().await.ends_with(&format!("logs?of=local/{name}")), "{}", browser.url().await);
    browser.reads(".lg .a-2.a-bold", "green").await;
    browser.reads(".lg--stderr", "to the error").await;
    browser.appears("[data-log=\"follows\"]").await;

    say(&scene, &name, "written while looked at").await;
    browser.reads(".lg", "written while looked at").await;
    browser.press(" ").await;
    browser.appears("[data-log=\"paused\"]").await;
    say(&scene, &name, "written while held").await;
    assert_eq!(
        browser.script("return document.body.textContent.includes('written while held')").await,
        false
    );
    browser.press(" ").await;
    browser.reads(".lg", "written while held").await;
    browser.press("w").await;
    browser.appears(".logv__body.is-wrap").await;
    browser.picture("logs").await;

    scene.engine.docker().ok(["stop", &name]).await;
    browser.reads(".lg__note", "exit code 3").await;
    browser.appears("[data-log=\"stopped\"]").await;
    scene.engine.docker().ok(["start", &name]).await;
    browser.reads(".lg__note", "Started again").await;
    say(&scene, &name, "written after the start").await;
    browser.reads(".lg", "written after the start").await;
    browser.holds("document.querySelectorAll('.lg').length === 9").await;
    browser.picture("logs-restarted").await;
    scene.engine.docker().ok(["rm", "--force", &name]).await;
    browser.reads(".lg__note", "removed").await;
    browser.appears("[data-log=\"over\"]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_terminals_log_is_read_on_a_phone_in_chinese() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let (name, label) = (scene.engine.name("tty"), scene.engine.label());
    let words =
        ["run", "--detach", "--tty", "--name", &name, "--label", &label, "busybox:1.35", "sh", "-c", SPEAKER];
    scene.engine.docker().ok(words).await;
    let look = Look::phone().language("zh-CN").dark();
    let browser = on_page(&scene, &look, &format!("logs?of=local/{name}")).await;
    browser.reads(".lg .a-2", "green").await;
    browser.reads(".lg", "to the error").await;
    browser.reads("[data-log=\"follows\"]", "实时跟踪中").await;
    assert!(browser.fits().await, "the page scrolls sideways");
    browser.picture("logs.phone.dark.zh-CN").await;
    scene.engine.docker().ok(["stop", &name]).await;
    browser.reads(".lg__note", "退出码 3").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_log_is_downloaded_whole_and_only_by_who_may() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.running_script("speaker", SPEAKER).await;
    let container = scene.engine.inspect(&name).await;
    let id = container["Id"].as_str().expect("an id");
    let path = format!("hosts/local/containers/{id}/logs");
    let engine = scene.engine.docker().ok(["logs", &name]).await;
    let log = ada.get(&path).await.expect(200).text();
    for line in engine.lines() {
        assert!(log.contains(line), "{line} is missing in {log}");
    }
    assert!(log.contains("to the error\n"), "{log}");
    longshore_tests::Person::nobody(scene.server.http()).get(&path).await.expect(401).problem();
    ada.get("hosts/local/containers/nobody/logs").await.expect(404).problem();
}
