//! What a request is, is decided per request: bytes behind an upgrade are never read as HTTP.

use longshore_tests::{Scene, engine::IMAGE, soon};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Would be answered with 200 by anyone who reads it as a request.
const SMUGGLED: &str = "GET /healthz HTTP/1.1\r\nHost: longshore\r\nX-Smuggled: yes\r\n\r\n";

/// Sends bytes on one connection and returns all that comes back until the server ends it.
async fn talk(scene: &Scene, bytes: &str) -> String {
    let mut stream = TcpStream::connect(scene.server.address()).await.expect("the server listens");
    stream.write_all(bytes.as_bytes()).await.expect("it takes a request");
    let mut answer = Vec::new();
    // A reset after the answer ends the connection as well as a close does.
    let _ = soon("the end of the connection", stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

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
        let said = talk(&scene, &format!("{head}Host: {host}\r\n\r\n{SMUGGLED}")).await;
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

    let mut stream = TcpStream::connect(scene.server.address()).await.unwrap();
    let head = format!(
        "POST /api/v1/hosts/local/docker/v1.41/containers/{name}/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\n\
         Host: {}\r\nAuthorization: Bearer {key}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n{SMUGGLED}",
        scene.server.address()
    );
    // In one write: whatever follows the head at once is the container's too.
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut said = Vec::new();
    let mut chunk = [0; 4096];
    let echoed = async {
        while !String::from_utf8_lossy(&said).contains("X-Smuggled: yes") {
            let read = stream.read(&mut chunk).await.unwrap();
            assert!(read > 0, "the stream ended: {}", String::from_utf8_lossy(&said));
            said.extend_from_slice(&chunk[..read]);
        }
    };
    soon("the echo of cat", echoed).await;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert_eq!(answers(&said), ["101"], "{said}");
}
