//! Whoever opens more connections than there is room for takes none from the others, and does not fill the log.

use std::time::Duration;

use longshore_tests::{FakeScene, Live, Scene, Server, raw, soon};
use tokio::{io::AsyncReadExt, net::TcpStream, time::timeout};

/// A connection that the server has taken, if it has: it has answered on it, and it stays open.
async fn held(address: &str) -> Option<TcpStream> {
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let mut stream = raw::send(address, &request).await;
    let mut answer = [0; 12];
    let answered = soon("an answer, or the end", stream.read_exact(&mut answer)).await;
    answered.ok().map(|_| stream)
}

/// The same as soon as there is room: a server learns of an end a little later than its client.
async fn held_at_last(address: &str) -> TcpStream {
    let mut again = tokio::time::interval(Duration::from_millis(20));
    soon("room for one more", async {
        loop {
            again.tick().await;
            if let Some(stream) = held(address).await {
                return stream;
            }
        }
    })
    .await
}

#[tokio::test]
async fn an_address_holds_so_many_connections_and_then_waits_its_turn() {
    let mut scene = Scene::start_with(&["--connections-per-address", "3"]).await;
    let ada = scene.administrator().await;
    let address = scene.server.address().to_owned();
    // What turns to another protocol keeps its place.
    let line = Live::open(&ada).await.expect("a live line");
    let _two = [held_at_last(&address).await, held_at_last(&address).await];
    for _ in 0..5 {
        assert!(held(&address).await.is_none(), "the fourth is closed");
    }
    drop(line);
    held_at_last(&address).await;
    let log = scene.server.program().log();
    assert_eq!(log.matches("holds as many connections as it may").count(), 1, "{log}");
}

#[tokio::test]
async fn a_trusted_proxy_brings_everybody_s_connections() {
    let settings = ["--connections-per-address", "3", "--trusted-proxies", "127.0.0.1"];
    let scene = Scene::start_with(&settings).await;
    let mut all = Vec::new();
    for _ in 0..20 {
        all.push(held(scene.server.address()).await.expect("one of everybody's"));
    }
}

#[tokio::test]
async fn a_server_without_room_says_so_once_and_serves_again_when_there_is() {
    const OPEN_FILES: u32 = 100;
    let engine = FakeScene::start(1).await;
    let mut server = Server::start_within(engine.engine.address(), OPEN_FILES).await;
    let address = server.address().to_owned();
    let mut all = Vec::new();
    for _ in 0..OPEN_FILES {
        all.push(TcpStream::connect(&address).await.unwrap());
    }
    server.program().says("a connection could not be accepted").await;
    let mut waits = raw::send(&address, &format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\n\r\n")).await;
    let mut answer = [0; 12];
    let early = timeout(Duration::from_secs(2), waits.read_exact(&mut answer)).await;
    assert!(early.is_err(), "there is no room: {early:?}");
    drop(all);
    soon("an answer", waits.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    let log = server.program().log();
    assert_eq!(log.matches("could not be accepted").count(), 1, "{log}");
}
