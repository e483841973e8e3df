//! What watches Longshore from outside, and what describes it.

use http::{HeaderMap, HeaderValue};
use longshore_tests::{Browser, FakeScene, Scene, Server, browser::Look, server::refusal, soon};

fn header(name: &'static str, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(
        http::HeaderName::from_static(name),
        HeaderValue::from_str(value).expect("a header value"),
    )])
}

async fn figures(server: &Server, headers: &HeaderMap) -> longshore_tests::Answer {
    server.http().send(http::Method::GET, "metrics", headers, None).await
}

#[tokio::test]
async fn it_lives_and_it_is_ready() {
    let mut scene = FakeScene::start(1).await;
    for path in ["healthz", "readyz"] {
        assert_eq!(scene.server.http().get(path).await.expect(200).text(), "ok\n");
    }
    // An engine that is gone is a host's trouble, not the server's.
    scene.engine.stop().await;
    scene.server.http().get("readyz").await.expect(200);
}

#[tokio::test]
async fn it_is_not_ready_while_its_disk_is_full_and_says_which() {
    let (mut server, room) = Server::start_in_room("unix:///nowhere/docker.sock").await;
    server.http().get("readyz").await.expect(200);
    room.fill();
    // What was found a moment ago holds for a moment.
    let full = async || while server.http().get("readyz").await.status == 200 {};
    soon("the full disk to be told", full()).await;
    let answer = server.http().get("readyz").await.expect(503);
    assert!(answer.text().contains("No space left"), "{}", answer.text());
    assert!(server.program().log().contains("No space left"), "{}", server.program().log());
    server.stop().await;
    std::fs::remove_file(server.data().join("signing.key")).expect("there is one");
    let said = refusal(&server.data(), &["--engine", "unix:///nowhere/docker.sock"]).await;
    assert!(said.contains(&server.data().display().to_string()), "{said}");
    room.empty();
    server.start_again().await;
    server.http().get("readyz").await.expect(200);
}

#[tokio::test]
async fn figures_are_for_who_may_read_them() {
    let scene = FakeScene::start(20).await;
    let (_, _live) = scene.watched().await;
    let key = {
        let mut again = longshore_tests::fake::signed_in_again(&scene.server).await;
        again.make_key("scraper").await
    };
    let mut passed_on = header("x-forwarded-for", "203.0.113.7");
    figures(&scene.server, &passed_on).await.expect(401).problem();
    for wrong in ["Bearer lsk_x", "Basic YTpi"] {
        passed_on.insert("authorization", wrong.parse().unwrap());
        figures(&scene.server, &passed_on).await.expect(401).problem();
    }
    passed_on.insert("authorization", format!("Bearer {key}").parse().unwrap());
    figures(&scene.server, &passed_on).await.expect(200);

    let answer = figures(&scene.server, &HeaderMap::new()).await.expect(200);
    let kind = answer.headers.get("content-type").unwrap().to_str().unwrap().to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = answer.text();
    for line in [
        "longshore_hosts{state=\"up\"} 1",
        "longshore_hosts{state=\"down\"} 0",
        "longshore_containers{state=\"paused\"} 1",
        "longshore_containers{state=\"failed\"} 1",
        "longshore_live_lines 1",
        "longshore_requests_total{class=\"health\",status=\"401\"} 3",
    ] {
        assert!(text.lines().any(|said| said == line), "{line}:\n{text}");
    }
    assert!(text.ends_with("# EOF\n"), "{text}");
    let (_, name) = scene.engine.container(0);
    assert!(!text.contains(&name) && !text.contains("ada") && !text.contains("local"), "no names:\n{text}");
}

#[tokio::test]
async fn figures_can_be_opened_to_all() {
    let scene = Scene::start_with(&["--metrics-open", "--base-path", "/ls"]).await;
    assert!(scene.server.url("").ends_with("/ls/"));
    figures(&scene.server, &header("x-forwarded-for", "203.0.113.7")).await.expect(200);
}

#[tokio::test]
async fn the_api_is_described_and_the_description_can_be_read() {
    let scene = Scene::start_with(&["--base-path", "/ls"]).await;
    let document = scene.server.http().get("api/openapi.json").await.expect(200).json();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.")), "{document}");
    assert_eq!(document["servers"][0]["url"], "/ls");
    for (path, method) in [
        ("/api/v1/session", "post"),
        ("/api/v1/jobs/containers", "post"),
        ("/api/v1/hosts/{host}/containers/{id}/stop", "post"),
        ("/healthz", "get"),
    ] {
        assert!(document["paths"][path][method].is_object(), "{method} {path}: {}", document["paths"]);
    }

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("api/docs")).await;
    // It draws into a tree of its own.
    browser
        .holds(
            "document.querySelector('rapi-doc').shadowRoot?.textContent.includes('/api/v1/jobs/containers')",
        )
        .await;
    browser.picture("api-docs").await;
    browser.expect_no_complaint().await;
}
