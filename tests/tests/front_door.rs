//! What a request is, is decided per request: bytes behind an upgrade are never read as HTTP.

use std::time::Duration;

use longshore_tests::{FakeScene, Scene, engine::IMAGE, raw, soon};
use tokio::io::AsyncWriteExt;

/// Would be answered with 200 by anyone who reads it as a request.
const SMUGGLED: &str = "GET /healthz HTTP/1.1\r\nHost: longshore\r\nX-Smuggled: yes\r\n\r\n";

fn answers(text: &str) -> Vec<&str> {
    text.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect()
}

#[tokio::test]
async fn bytes_after_a_refused_upgrade_are_no_second_request() {
    let scene = Scene::start().await;
    let key = scene.administrator().await.make_key("raw").await;
    let host = scene.server.address().to_owned();
    let bearer = format!("Authorization: Bearer {key}\r\n");
    let docker = "/api/v1/hosts/local/docker";
    let tcp = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
    let websocket = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                     Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let attach =
        format!("POST {docker}/v1.41/containers/{}/attach?stream=1&stdin=1 HTTP/1.1\r\n", "0".repeat(64));
    for (what, head, status) in [
        ("the engine refuses it", format!("{attach}{bearer}{tcp}"), "404"),
        ("nobody asks", format!("{attach}{tcp}"), "401"),
        ("a path that takes none", format!("GET {docker}/v1.41/info HTTP/1.1\r\n{bearer}{tcp}"), ""),
        ("a path that is refused", format!("POST {docker}/debug/vars HTTP/1.1\r\n{bearer}{tcp}"), ""),
        ("a live line for nobody", format!("GET /api/v1/live HTTP/1.1\r\n{websocket}"), "401"),
        ("a page", format!("GET /containers HTTP/1.1\r\n{tcp}"), ""),
        ("REST", format!("GET /api/v1/session HTTP/1.1\r\n{tcp}"), ""),
        ("sign-in", format!("DELETE /api/v1/session HTTP/1.1\r\n{websocket}"), ""),
    ] {
        let said = raw::talk(&host, &format!("{head}Host: {host}\r\n\r\n{SMUGGLED}")).await;
        let answers = answers(&said);
        assert_eq!(answers.len(), 1, "{what}: one request, one answer\n{said}");
        assert!(answers[0].starts_with(status) && answers[0] != "101", "{what}\n{said}");
    }
}

#[tokio::test]
async fn bytes_after_a_granted_upgrade_reach_the_container_and_nobody_else() {
    let scene = Scene::start().await;
    let key = scene.administrator().await.make_key("raw").await;
    let name = scene.engine.name("cat");
    let label = scene.engine.label();
    scene.engine.docker().ok(["create", "-i", "--name", &name, "--label", &label, IMAGE, "cat"]).await;
    scene.engine.docker().ok(["start", &name]).await;

    let head = format!(
        "POST /api/v1/hosts/local/docker/v1.41/containers/{name}/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\n\
         Host: {}\r\nAuthorization: Bearer {key}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n{SMUGGLED}",
        scene.server.address()
    );
    // In one write: whatever follows the head at once is the container's too.
    let mut stream = raw::send(scene.server.address(), &head).await;
    let said = raw::until(&mut stream, "X-Smuggled: yes").await;
    assert_eq!(answers(&said), ["101"], "{said}");
}

#[tokio::test]
async fn an_upgrade_that_is_not_asked_for_as_http_wants_it_is_refused() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let key = ada.make_key("raw").await;
    let address = scene.server.address();
    let (id, _) = scene.engine.container(0);
    let live = |version: &str, asks: &str| {
        format!(
            "GET /api/v1/live HTTP/{version}\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {}\r\n\
             {asks}Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            ada.cookie().unwrap()
        )
    };
    let attach = |version: &str, asks: &str| {
        format!(
            "POST /api/v1/hosts/local/docker/containers/{id}/attach?stream=1 HTTP/{version}\r\nHost: {address}\r\n\
             Authorization: Bearer {key}\r\n{asks}Upgrade: tcp\r\n\r\n"
        )
    };
    for (version, asks) in [
        ("1.0", "Connection: Upgrade\r\n"),
        ("1.1", ""),
        ("1.1", "Connection: keep-alive\r\n"),
        ("1.1", "Connection: upgrades\r\n"),
    ] {
        for request in [live(version, asks), attach(version, asks)] {
            let said = raw::talk(address, &request).await;
            let status = said.split(' ').nth(1).unwrap_or_default();
            assert_eq!(status, "400", "{request}{said}");
        }
    }
    let calls = scene.engine.calls();
    assert!(!calls.iter().any(|call| call.contains("/attach")), "no engine was asked: {calls:?}");
    let asks = "Connection: keep-alive\r\nConnection: TE, upgrade\r\n";
    let head = raw::head(address, &live("1.1", asks)).await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let scene = FakeScene::start(1).await;
    let address = scene.server.address();
    for (line, hosts, status) in [
        ("GET /healthz HTTP/1.1", vec![], "400"),
        ("GET /healthz HTTP/1.1", vec![address, "elsewhere"], "400"),
        ("GET /healthz HTTP/1.1", vec![address, address], "400"),
        ("GET /healthz HTTP/1.0", vec![address, "elsewhere"], "400"),
        ("GET /healthz HTTP/1.0", vec![], "200"),
        ("GET /healthz HTTP/1.1", vec![address], "200"),
    ] {
        let hosts: String = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect();
        let head = raw::head(address, &format!("{line}\r\n{hosts}\r\n")).await;
        assert_eq!(head.split(' ').nth(1), Some(status), "{line} {hosts}{head}");
    }
}

#[tokio::test]
async fn the_base_path_without_its_slash_leads_to_it_with_all_that_was_asked() {
    let scene = Scene::start_with(&["--base-path", "/ls"]).await;
    let address = scene.server.address();
    for (path, status, to) in [
        ("/ls", "308", Some("/ls/")),
        ("/ls?x=1&y=%2f", "308", Some("/ls/?x=1&y=%2f")),
        ("/ls?", "308", Some("/ls/?")),
        ("/lsx?x=1", "404", None),
        ("/", "404", None),
    ] {
        let head = raw::head(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n")).await;
        assert_eq!(head.split(' ').nth(1), Some(status), "{path}: {head}");
        let location = head.lines().find_map(|line| line.strip_prefix("location: "));
        assert_eq!(location, to, "{path}: {head}");
    }
}

/// The head of a request for a container's log that is followed.
fn follows(scene: &Scene, key: &str, name: &str) -> String {
    format!(
        "GET /api/v1/hosts/local/docker/containers/{name}/logs?follow=1&stdout=1 HTTP/1.1\r\nHost: {}\r\n\
         Authorization: Bearer {key}\r\n\r\n",
        scene.server.address()
    )
}

#[tokio::test]
async fn a_client_that_has_no_more_to_say_still_hears_the_answer() {
    let scene = Scene::start().await;
    let key = scene.administrator().await.make_key("raw").await;
    let counts = "n=0; while :; do n=$((n+1)); echo line $n.; sleep 1; done";
    let name = scene.engine.running_script("counts", counts).await;
    let mut stream = raw::send(scene.server.address(), &follows(&scene, &key, &name)).await;
    raw::until(&mut stream, "line 1.").await;
    stream.shutdown().await.unwrap();
    raw::until(&mut stream, "line 9.").await;
}

#[tokio::test]
async fn a_silent_answer_ends_with_its_client() {
    let scene = Scene::start().await;
    let key = scene.administrator().await.make_key("raw").await;
    let name = scene.engine.running("silent").await;
    let mut stream = raw::send(scene.server.address(), &follows(&scene, &key, &name)).await;
    raw::until(&mut stream, "\r\n\r\n").await;
    let streams = async |count: &str| {
        let mut again = tokio::time::interval(Duration::from_millis(100));
        soon(&format!("{count} open streams"), async {
            let line = format!("longshore_streams {count}");
            while !scene.server.http().get("metrics").await.text().lines().any(|said| said == line) {
                again.tick().await;
            }
        })
        .await;
    };
    streams("1").await;
    drop(stream);
    streams("0").await;
}
