//! Requests that no page of ours sends.

use std::collections::BTreeSet;

use http::{HeaderMap, Method};
use longshore_tests::{FakeScene, Person, fake::signed_in_again, person::ADA, raw};
use serde_json::json;

#[tokio::test]
async fn a_form_of_ten_megabytes_is_refused_and_held_nowhere() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let before = scene.server.memory();
    let huge = "x".repeat(10 << 20);
    for (method, path, body) in [
        (Method::POST, "session", json!({ "name": ADA, "password": huge })),
        (Method::POST, "account/keys", json!({ "name": huge })),
        (Method::PUT, "account/password", json!({ "old": huge, "new": huge })),
    ] {
        ada.send(method, path, Some(body)).await.expect(413).problem();
    }
    let grown = scene.server.memory().saturating_sub(before) >> 20;
    assert!(grown < 16, "30 MB were refused and {grown} MB stayed");
    assert_eq!(ada.standing().await, "signed-in");
}

#[tokio::test]
async fn a_body_of_the_engine_api_is_bounded_and_must_be_json() {
    let scene = FakeScene::start(1).await;
    let mut program = scene.program().await;
    let (id, _) = scene.engine.container(0);
    let path = format!("hosts/local/docker/containers/{id}/exec");
    let huge = json!({ "Env": ["x".repeat(10 << 20)] });
    let answer = program.send(Method::POST, &path, Some(huge)).await.expect(413);
    assert!(answer.json()["message"].is_string(), "{}", answer.text());
    let calls = scene.engine.calls();
    assert!(!calls.iter().any(|call| call.contains("/exec")), "the engine was not asked: {calls:?}");
}

#[tokio::test]
async fn a_field_that_nobody_knows_is_refused_and_not_passed_over() {
    let scene = FakeScene::start(1).await;
    let (mut ada, _live) = scene.watched().await;
    let (id, _) = scene.engine.container(0);
    let id = id.as_str();
    let limits = json!({ "cpu_milli": 0, "memory": 0, "pids": 0, "cpus": 2 });
    for (path, body) in [
        ("rename", json!({ "name": "a", "force": true })),
        ("signal", json!({ "signal": "SIGHUP", "after": 5 })),
        ("update", json!({ "memory": 1 << 20 })),
        ("update", json!({ "limits": limits })),
        ("update", json!({ "restart": { "name": "always", "max": 0, "delay": 1 } })),
        ("recreate", json!({ "newer": false, "keep": true })),
    ] {
        let path = format!("hosts/local/containers/{id}/{path}");
        let answer = ada.send(Method::POST, &path, Some(body)).await.expect(400);
        assert!(answer.text().contains("unknown field"), "{path}: {}", answer.text());
    }
    for (path, body) in [
        ("hosts/local/containers", json!({ "body": { "Image": "a" }, "image": "b" })),
        ("hosts/local/images/x/tag", json!({ "tag": "a:b", "force": true })),
        ("hosts/local/networks", json!({ "name": "a", "subnet_": "" })),
        ("hosts/local/volumes", json!({ "name": "a", "size": 1 })),
        ("jobs/containers", json!({ "verb": "stop", "targets": [{ "host": "local", "id": id, "t": 5 }] })),
    ] {
        let answer = ada.send(Method::POST, path, Some(body)).await;
        assert!((400..500).contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
    }
    let calls = scene.engine.calls();
    assert!(!calls.iter().any(|call| call.starts_with("POST ")), "no engine was asked: {calls:?}");
}

#[tokio::test]
async fn odd_paths_lead_nowhere() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let (id, _) = scene.engine.container(0);
    for path in [
        format!("hosts/local/containers/{id}%2fstop"),
        format!("hosts/local/containers//{id}/stop"),
        format!("hosts//local/containers/{id}/stop"),
        format!("hosts/local/containers/{id}/stop/"),
        format!("hosts/local/containers/..%2f{id}/stop"),
        "hosts/local/containers/%2e%2e/stop".to_owned(),
        "hosts/local/containers/%00/stop".to_owned(),
        "hosts/local/containers/%ff%fe/stop".to_owned(),
        "hosts/elsewhere/containers/x/stop".to_owned(),
    ] {
        let answer = ada.send(Method::POST, &path, None).await;
        assert!((400..500).contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
    }
    let calls = scene.engine.calls();
    assert!(
        !calls.iter().any(|call| call.starts_with("POST ")),
        "no engine was asked to stop anything: {calls:?}"
    );
}

#[tokio::test]
async fn an_address_that_is_asked_wrongly_tells_how_it_is_asked() {
    const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let scene = FakeScene::start(1).await;
    let mut program = scene.program().await;
    let http = scene.server.http().clone();
    let ask = async |method: &str, path: &str| {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        http.send(method, path, &HeaderMap::new(), None).await
    };
    let document = http.get("api/openapi.json").await.expect(200).json();
    for (path, taken) in document["paths"].as_object().unwrap() {
        let taken: BTreeSet<String> = taken.as_object().unwrap().keys().map(|m| m.to_uppercase()).collect();
        let path = path.trim_start_matches('/').replace(['{', '}'], "");
        for method in METHODS.into_iter().filter(|method| !taken.contains(*method)) {
            let answer = ask(method, &path).await.expect(405);
            answer.problem();
            let allow = answer.headers["allow"].to_str().unwrap().split(", ").map(str::to_owned);
            assert_eq!(allow.collect::<BTreeSet<_>>(), taken, "{method} {path}");
        }
    }
    assert_eq!(ask("POST", "containers").await.expect(405).headers["allow"], "GET, HEAD");
    assert_eq!(program.send(Method::POST, "live", None).await.expect(405).headers["allow"], "GET");
    ask("POST", "api/v1/nothing").await.expect(404).problem();
    // No address of ours or of an engine's takes these.
    program.send(Method::PATCH, "hosts/local/docker/info", None).await.expect(501);
    let address = scene.server.address();
    let head = raw::head(address, &format!("CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n\r\n")).await;
    assert!(head.starts_with("HTTP/1.1 501 "), "{head}");
}

#[tokio::test]
async fn a_host_that_is_none_is_unknown_by_every_route() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let document = scene.server.http().get("api/openapi.json").await.expect(200).json();
    let paths = document["paths"].as_object().expect("paths");
    let mut asked = 0;
    for (path, methods) in paths.iter().filter(|(path, _)| path.contains("{host}")) {
        let path = path.trim_start_matches("/api/v1/").replace("{host}", "nope").replace(['{', '}'], "");
        for method in methods.as_object().expect("methods").keys() {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let body = (method != Method::GET && method != Method::DELETE).then(|| json!({}));
            let answer = ada.send(method, &path, body).await.expect(404).problem();
            assert!(answer.starts_with("404 host-unknown: "), "{path}: {answer}");
            asked += 1;
        }
    }
    assert!(asked > 20, "{asked}");
}

#[tokio::test]
async fn a_name_as_long_as_a_book_is_refused_before_anything_is_done() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let long = "a".repeat(1_900_000);
    for (field, form) in [
        ("image", json!({ "start": false, "body": { "Image": long } })),
        ("name", json!({ "start": false, "name": long, "body": { "Image": "a" } })),
        ("platform", json!({ "start": false, "platform": long, "body": { "Image": "a" } })),
    ] {
        let refused = ada.send(Method::POST, "hosts/local/containers", Some(form)).await.expect(400);
        assert_eq!(refused.json()["field"], field);
        assert!(refused.problem().starts_with("400 text-long: "), "{}", refused.problem());
    }
    let long = "a".repeat(60_000);
    let (id, _) = scene.engine.container(0);
    for (path, form) in [
        ("hosts/local/images".to_owned(), json!({ "image": long })),
        ("hosts/local/new-container/check".to_owned(), json!({ "image": long, "name": "", "ports": [] })),
        (format!("hosts/local/containers/{id}/rename"), json!({ "name": long })),
        ("hosts/local/volumes".to_owned(), json!({ "name": long })),
        ("hosts/local/networks".to_owned(), json!({ "name": long })),
    ] {
        let refused = ada.send(Method::POST, &path, Some(form)).await.expect(400).problem();
        assert!(refused.starts_with("400 text-long: ") && refused.len() < 300, "{path}: {refused}");
    }
    let calls = scene.engine.calls();
    assert!(!calls.iter().any(|call| call.starts_with("POST")), "{calls:?}");
}

#[tokio::test]
async fn a_change_from_another_site_reaches_no_engine() {
    let scene = FakeScene::start(1).await;
    scene.administrator().await;
    let ada = signed_in_again(&scene.server).await;
    let (id, _) = scene.engine.container(0);
    let path = format!("api/v1/hosts/local/containers/{id}/stop");
    for origin in [Some("https://evil.example"), Some("null"), None] {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", ada.cookie().unwrap().parse().unwrap());
        if let Some(origin) = origin {
            headers.insert("origin", origin.parse().unwrap());
        }
        let answer = scene.server.http().send(Method::POST, &path, &headers, None).await;
        answer.expect(403).problem();
    }
    // A cookie opens nothing of the engine's own API: only a key does, which no browser sends by itself.
    let mut page = Person::with_cookie(scene.server.http(), ada.cookie().unwrap());
    page.get("hosts/local/docker/containers/json").await.expect(401);
    let calls = scene.engine.calls();
    assert!(!calls.iter().any(|call| call.starts_with("POST ")), "{calls:?}");
}
