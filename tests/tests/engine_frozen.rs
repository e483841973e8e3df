//! An engine that takes what it is asked and says nothing: nobody waits for it without end, and each is told.

use http::Method;
use longshore_fake_engine::Fault;
use longshore_tests::{
    Browser, Console, FakeScene, browser::Look, console::Came, fake::link_becomes, person::PASSWORD,
};
use serde_json::json;

#[tokio::test]
async fn an_engine_that_is_frozen_is_out_of_sight_although_its_sockets_stay_open() {
    let scene = FakeScene::start(FakeScene::CONTAINERS).await;
    let (_ada, mut live) = scene.watched().await;
    // As of one that was stopped by a signal: its events do not end, and whoever asks gets no answer.
    scene.engine.plan("", Fault::Silent);
    let link = link_becomes(&mut live, "local", "down").await;
    assert_eq!(link["why"]["code"], "engine-silent", "{link}");
    scene.engine.mend();
    link_becomes(&mut live, "local", "up").await;
}

#[tokio::test]
async fn whoever_asks_a_silent_engine_for_a_change_is_told_that_it_may_still_happen() {
    let scene = FakeScene::start_with(20, &["--engine-deadline", "1"]).await;
    let (mut ada, _live) = scene.watched().await;
    let (id, _) = scene.engine.container(0);
    let at = format!("containers/{id}");
    // How long a container may take to stop is asked before, and answered.
    for verb in ["stop", "restart", "rename", "kill"] {
        scene.engine.plan(&format!("/{at}/{verb}"), Fault::Silent);
    }
    for path in ["/networks/create", "/volumes/create"] {
        scene.engine.plan(path, Fault::Silent);
    }
    for (path, body) in [
        (format!("{at}/stop"), None),
        (format!("{at}/restart"), None),
        (format!("{at}/kill"), None),
        (format!("{at}/rename"), Some(json!({ "name": "other" }))),
        (format!("{at}/signal"), Some(json!({ "signal": "SIGHUP" }))),
        ("networks".to_owned(), Some(json!({ "name": "a" }))),
        ("volumes".to_owned(), Some(json!({ "name": "a" }))),
    ] {
        let path = format!("hosts/local/{path}");
        let answer = ada.send(Method::POST, &path, body).await.expect(504);
        assert_eq!(answer.json()["code"], "engine-late", "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_log_that_does_not_begin_is_not_waited_for_without_end() {
    let scene = FakeScene::start_with(FakeScene::CONTAINERS, &["--engine-deadline", "1"]).await;
    let (mut ada, _live) = scene.watched().await;
    let (id, _) = scene.engine.container(0);
    scene.engine.plan(&format!("/containers/{id}/logs"), Fault::Silent);
    let answer = ada.get(&format!("hosts/local/containers/{id}/logs")).await.expect(504);
    assert_eq!(answer.json()["code"], "engine-silent", "{}", answer.text());
    let mut line = Console::at(&ada, &id, "logs/live").await.expect("a line");
    line.say(&json!({ "read": { "follow": true } })).await;
    match line.next().await {
        Came::Said(said) => assert_eq!(said["problem"]["code"], "engine-silent", "{said}"),
        other => panic!("it says why it does not begin, not {other:?}"),
    }
}

#[tokio::test]
async fn a_console_says_that_its_engine_is_away_and_goes_on_with_it() {
    let scene = FakeScene::start(FakeScene::CONTAINERS).await;
    scene.administrator().await;
    let (_, name) = scene.engine.container(0);
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("console?of=local/{name}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.appears("[data-console=\"open\"]").await;
    browser.reads(".term__foot", "Connected").await;
    // The stream of the console stays; everything else is as with an engine that hangs.
    scene.engine.plan("/version", Fault::Refuse(500, "busy"));
    scene.engine.cut_events();
    browser.appears("[data-console=\"away\"]").await;
    browser.reads("[data-away]", "engine").await;
    browser.picture("console-engine-away").await;
    // Whoever comes back meanwhile is told too.
    browser.reload().await;
    browser.appears("[data-console=\"away\"]").await;
    scene.engine.mend();
    browser.appears("[data-console=\"open\"]").await;
    browser.reads(".term__foot", "Connected").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_console_does_not_begin_for_ever_on_an_engine_that_is_away() {
    let scene = FakeScene::start(FakeScene::CONTAINERS).await;
    let (ada, _live) = scene.watched().await;
    let (_, name) = scene.engine.container(0);
    scene.engine.plan("/exec/", Fault::Silent);
    let mut console = Console::line(&ada, &name).await.expect("a line");
    console.say(&json!({ "type": "open", "run": {}, "size": { "cols": 80, "rows": 24 } })).await;
    scene.engine.called("POST /exec/", 1).await;
    scene.engine.plan("/version", Fault::Refuse(500, "busy"));
    scene.engine.cut_events();
    match console.next().await {
        Came::Said(said) => assert_eq!(said["type"], "problem", "{said}"),
        other => panic!("it says why it does not begin, not {other:?}"),
    }
}
