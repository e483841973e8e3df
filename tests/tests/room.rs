//! Whoever opens more connections than there is room for takes none from the others, and does not fill the log.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use longshore_api::web::carried::PROTOCOL;
use longshore_tests::{
    Answer, FakeScene, Http, Live, Scene, Server,
    fake::{administrator, link_becomes},
    http::Streamed,
    raw, soon,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

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
    // A proxy brings them all, so that no address is to blame.
    let proxied = ["--trusted-proxies", "127.0.0.1"];
    let mut server = Server::start_within(engine.engine.address(), OPEN_FILES, &proxied).await;
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

#[tokio::test]
async fn an_address_leaves_half_of_all_connections_to_others() {
    const OPEN_FILES: u32 = 256;
    let engine = FakeScene::start(1).await;
    let server = Server::start_within(engine.engine.address(), OPEN_FILES, &[]).await;
    let address = server.address().to_owned();
    let mut all = Vec::new();
    while let Some(stream) = held(&address).await {
        all.push(stream);
        assert!(all.len() < OPEN_FILES as usize, "one address took all");
    }
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = socket.connect(address.parse().unwrap()).await.unwrap();
    other.write_all(format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    soon("an answer", other.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

/// A stream of events that goes on, or the refusal.
async fn events(http: &Http, key: &str) -> Result<Streamed, Answer> {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {key}").parse().expect("a header"));
    let path = "api/v1/hosts/local/docker/events";
    let (answer, streamed) = http.ask(Method::GET, path, &headers, Bytes::new(), false).await;
    streamed.ok_or(answer)
}

/// What opening a connection for docker in a websocket is answered.
async fn carried(address: &str, key: &str) -> String {
    let ask = format!(
        "GET /api/v1/hosts/local/connect HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: {PROTOCOL}\r\n\r\n"
    );
    raw::head(address, &ask).await
}

#[tokio::test]
async fn whoever_opens_streams_until_refused_leaves_the_house_to_others() {
    const OPEN_FILES: u32 = 256;
    let engine = FakeScene::start(3).await;
    let proxied = ["--trusted-proxies", "127.0.0.1"];
    let mut server = Server::start_within(engine.engine.address(), OPEN_FILES, &proxied).await;
    let mut ada = administrator(&server).await;
    link_becomes(&mut Live::open(&ada).await.expect("a line"), "local", "up").await;
    let (http, address) = (server.http(), server.address().to_owned());
    let (mut open, mut keys) = (Vec::new(), Vec::new());
    for name in ["mia", "bob"] {
        let (account, mut viewer) = ada.invite(name).await;
        ada.give(&account, "viewer").await;
        let key = viewer.make_key("greed").await;
        let before = open.len();
        let refused = loop {
            match events(&http, &key).await {
                Ok(stream) => open.push(stream),
                Err(answer) => break answer.expect(503),
            }
            assert!(open.len() < OPEN_FILES as usize, "nobody is refused");
        };
        assert!(open.len() - before > 10, "{name} had {}", open.len() - before);
        let said = refused.json()["message"].to_string();
        assert!(said.contains("as many streams and connections"), "{said}");
        assert_eq!(refused.headers["connection"], "close");
        assert!(carried(&address, &key).await.starts_with("HTTP/1.1 503 "));
        assert_eq!(Live::open(&viewer).await.err(), Some(503));
        keys.push(key);
    }
    // Everybody else is served as ever, and they themselves may look at pages.
    http.get("healthz").await.expect(200);
    let key = ada.make_key("work").await;
    let _stream = events(&http, &key).await.ok().expect("one of hers");
    assert!(carried(&address, &key).await.starts_with("HTTP/1.1 101 "));
    assert!(Live::open(&ada).await.is_ok());
    ada.operate(&engine.engine.container(0).0, "restart").await.expect(204);
    http.get("").await.expect(200);
    let log = server.program().log();
    assert!(log.contains("further ones are refused") && !log.contains("could not be accepted"), "{log}");
    // Whoever closes has room again.
    drop(open);
    soon("room for one more", async { while events(&http, &keys[0]).await.is_err() {} }).await;
}
