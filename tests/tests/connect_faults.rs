//! `longshore connect` on bad days, and in bad hands.

use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use http::{HeaderValue, Method};
use longshore_tests::{
    Afar, Between, Docker, Engine, FakeScene, Live, Loss, Person, Scene, Server,
    afar::{Connect, Relay},
    database::sql,
    engine::IMAGE,
    fake::{administrator, link_becomes},
    raw, soon,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpStream, UnixStream},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _},
};

const AT_ONCE: Duration = Duration::from_secs(1);
const PROTOCOL: &str = "longshore.stream.1";

/// A key of the administrator's, and a connection with it.
async fn connected(url: &str, ada: &mut Person, key: Value) -> (Afar, Connect, String) {
    let made = ada.send(Method::POST, "account/keys", Some(key)).await.expect(200).json();
    let afar = Afar::new();
    afar.login(url, made["key"].as_str().expect("text"), &[]).await;
    let connect = afar.connect(&[]).await;
    (afar, connect, made["id"].as_str().expect("text").to_owned())
}

#[tokio::test]
async fn a_server_that_dies_breaks_what_is_open_and_nothing_else() {
    let mut scene = Scene::start().await;
    let relay = Relay::to(scene.server.address()).await;
    let mut ada = scene.administrator().await;
    let (_afar, connect, _) = connected(&relay.url(), &mut ada, json!({ "name": "laptop" })).await;
    let name = scene.engine.running_script("talker", "echo one; sleep 3600").await;
    let docker = connect.docker();
    let mut follow = docker.command(["logs", "-f", &name]).spawn().unwrap();
    let mut lines = BufReader::new(follow.stdout.take().unwrap()).lines();
    assert_eq!(soon("a line", lines.next_line()).await.unwrap().as_deref(), Some("one"));

    scene.server.program().kill().await;
    soon("the end of the log", follow.wait()).await.unwrap();
    let refused = docker.refused(["ps"]).await;
    assert!(refused.contains("Longshore: ") && refused.contains("answer"), "{refused}");
    scene.server.start_again().await;
    relay.turn(scene.server.address());
    let listed = docker.ok(["ps", "--format", "{{.Names}}"]).await;
    assert!(listed.lines().any(|line| line == name), "{listed}");
}

#[tokio::test]
async fn open_streams_end_within_a_second_of_the_key_and_of_the_right() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let url = scene.server.url("");
    let (_afar, connect, id) = connected(&url, &mut ada, json!({ "name": "laptop" })).await;
    let name = scene.engine.name("talker");
    let label = scene.engine.label();
    let run = [
        "run",
        "-di",
        "--name",
        &name,
        "--label",
        &label,
        longshore_tests::engine::IMAGE,
        "sh",
        "-c",
        "echo up; cat",
    ];
    scene.engine.docker().ok(run).await;

    let docker = connect.docker();
    let mut console = docker.command(["attach", &name]).stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut keys = console.stdin.take().unwrap();
    let mut echo = BufReader::new(console.stdout.take().unwrap()).lines();
    keys.write_all(b"hello\n").await.unwrap();
    let heard = async {
        while let Some(line) = echo.next_line().await.unwrap() {
            if line == "hello" {
                return;
            }
        }
        panic!("the console ended without its echo");
    };
    soon("the echo", heard).await;
    let mut follow = docker.command(["logs", "-f", &name]).spawn().unwrap();
    let mut lines = BufReader::new(follow.stdout.take().unwrap()).lines();
    assert_eq!(soon("a line", lines.next_line()).await.unwrap().as_deref(), Some("up"));
    // One that waits for its next request: it tells no more by being there.
    let mut idle = UnixStream::connect(&connect.socket).await.unwrap();
    asked(&mut idle, "/_ping").await;

    ada.send(Method::DELETE, &format!("account/keys/{id}"), None).await.expect(204);
    let began = Instant::now();
    for (what, child) in [("console", &mut console), ("log", &mut follow)] {
        soon(what, child.wait()).await.unwrap();
        assert!(began.elapsed() < AT_ONCE, "{what} went on for {:?}", began.elapsed());
    }
    assert_eq!(soon("the end", idle.read(&mut [0; 64])).await.unwrap_or(0), 0);
    assert!(began.elapsed() < AT_ONCE, "the idle one went on for {:?}", began.elapsed());
    let refused = docker.refused(["ps"]).await;
    assert!(refused.contains("does not exist"), "{refused}");

    // A right that is taken away by another.
    let made =
        ada.send(Method::POST, "people", Some(json!({ "name": "ci", "kind": "service" }))).await.expect(200);
    let ci = made.json()["account"].as_str().unwrap().to_owned();
    let grant = ada.give(&ci, "viewer").await;
    let key = ada.send(Method::POST, &format!("people/{ci}/keys"), Some(json!({ "name": "x" }))).await;
    let key = key.expect(200).json()["key"].as_str().unwrap().to_owned();
    let mut line = open(&scene.server.http(), &[bearer(&key), protocol()]).await.expect("a stream");
    line.send(Message::binary(&b"GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n"[..])).await.unwrap();
    assert!(said(&mut line).await.starts_with("HTTP/1.1 200 "));
    let path = format!("grants/{grant}");
    ada.send(Method::DELETE, &path, None).await.expect(204);
    let began = Instant::now();
    ends(&mut line).await;
    assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
}

#[tokio::test]
async fn nobody_opens_a_stream_but_by_a_key_and_in_our_protocol() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let key = ada.make_key("laptop").await;
    let http = scene.server.http();
    let own = ("origin", http.origin().to_owned());
    let evil = ("origin", "http://evil.example".to_owned());
    let cookie = ("cookie", ada.cookie().unwrap().to_owned());
    for (what, headers, status) in [
        ("nobody", vec![protocol()], 401),
        ("a made-up key", vec![protocol(), bearer("lsk_0000000000000000000000000000000000000000000")], 401),
        ("a cookie alone", vec![protocol(), cookie.clone()], 403),
        ("a page of ours", vec![protocol(), cookie.clone(), own.clone()], 401),
        ("another site's page", vec![protocol(), cookie, evil.clone()], 403),
        ("another site's page with a key", vec![protocol(), bearer(&key), evil], 403),
        (
            "another protocol",
            vec![bearer(&key), ("sec-websocket-protocol", "longshore.stream.0".to_owned())],
            400,
        ),
        ("no protocol", vec![bearer(&key)], 400),
    ] {
        assert_eq!(open(&http, &headers).await.err(), Some(status), "{what}");
    }
    assert!(open(&http, &[protocol(), bearer(&key)]).await.is_ok());
    assert!(open(&http, &[protocol(), bearer(&key), own]).await.is_ok());
}

#[tokio::test]
async fn garbage_on_a_stream_ends_that_stream_alone() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let key = ada.make_key("laptop").await;
    let http = scene.server.http();
    let end = || Message::text(r#"{"type":"end"}"#);
    let flood = || vec![Message::binary(vec![b'x'; 64 * 1024]); 9];
    for (what, messages) in [
        ("no JSON", vec![Message::text("hello")]),
        ("no message of ours", vec![Message::text(r#"{"type":"begin"}"#)]),
        ("more than was sent", vec![Message::text(r#"{"type":"more","bytes":1}"#)]),
        ("much more", vec![Message::text(r#"{"type":"more","bytes":18446744073709551615}"#)]),
        ("nothing in a frame", vec![Message::binary(Vec::new())]),
        ("too much in a frame", vec![Message::binary(vec![0; 64 * 1024 + 1])]),
        ("bytes after the end", vec![end(), Message::binary(vec![0])]),
        // A head that never ends is read so far and no further; the rest finds the window full.
        ("more than a window", flood()),
        ("no request", vec![Message::binary(&b"\x16\x03\x01\x00\xa5\x01\x00\r\n\r\n"[..])]),
    ] {
        let mut line = open(&http, &[protocol(), bearer(&key)]).await.expect("a stream");
        for message in messages {
            // It may be over in the middle.
            let _ = line.send(message).await;
        }
        // An answer that tells what was wrong may come before the end.
        soon(what, ends(&mut line)).await;
    }
    http.get("healthz").await.expect(200);
}

#[tokio::test]
async fn on_a_stream_there_is_the_engine_and_nothing_else_and_the_key_is_the_streams() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.running("web").await;
    let strong = ada.make_key("strong").await;
    let url = scene.server.url("");
    let (_afar, connect, _) = connected(&url, &mut ada, json!({ "name": "weak", "role": "viewer" })).await;
    for path in [
        "/api/v1/session",
        "/api/v1/hosts/local/docker/_ping",
        "/healthz",
        "/metrics",
        "/",
        "/debug/vars",
        "/v1.41//containers/json",
        "http://longshore/healthz",
        "*",
    ] {
        let mut stream = UnixStream::connect(&connect.socket).await.unwrap();
        let said = asked(&mut stream, path).await;
        assert!(said.starts_with("HTTP/1.1 4") && said.contains("{\"message\":"), "{path}: {said}");
    }
    for authority in
        [format!("Authorization: Bearer {strong}\r\n"), format!("Cookie: {}\r\n", ada.cookie().unwrap())]
    {
        let mut stream = UnixStream::connect(&connect.socket).await.unwrap();
        let ask = format!("POST /v1.41/containers/{name}/stop HTTP/1.1\r\nHost: docker\r\n{authority}\r\n");
        stream.write_all(ask.as_bytes()).await.unwrap();
        let said = answer(&mut stream).await;
        assert!(said.starts_with("HTTP/1.1 403 "), "{said}");
    }
    assert_eq!(scene.engine.state(&name).await, "running");

    // What follows a request to upgrade is no second request, granted or not.
    let attach = format!(
        "POST /v1.41/containers/{}/attach?stream=1 HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n\
         GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n",
        "0".repeat(64)
    );
    let mut stream = UnixStream::connect(&connect.socket).await.unwrap();
    stream.write_all(attach.as_bytes()).await.unwrap();
    let mut all = String::new();
    // A reset after the answer ends it as well.
    let _ = soon("the end", stream.read_to_string(&mut all)).await;
    assert_eq!(all.matches("HTTP/1.1 ").count(), 1, "{all}");
}

#[tokio::test]
async fn many_connections_at_once_are_served_and_more_wait_their_turn() {
    const SERVED: usize = 256;
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let (_afar, connect, _) = connected(&scene.server.url(""), &mut ada, json!({ "name": "laptop" })).await;
    let before = scene.server.memory();
    let mut open = Vec::new();
    for _ in 0..SERVED {
        open.push(UnixStream::connect(&connect.socket).await.unwrap());
    }
    for stream in &mut open {
        let said = asked(stream, "/_ping").await;
        assert!(said.starts_with("HTTP/1.1 200 "), "{said}");
    }
    let held = scene.server.memory().saturating_sub(before);
    assert!(held < 256 * 1024 * SERVED as u64, "{held} bytes more for {SERVED} that are silent");
    let mut late = UnixStream::connect(&connect.socket).await.unwrap();
    late.write_all(b"GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n").await.unwrap();
    let early = tokio::time::timeout(Duration::from_millis(300), late.readable()).await;
    assert!(early.is_err(), "it waits its turn");
    open.pop();
    let said = answer(&mut late).await;
    assert!(said.starts_with("HTTP/1.1 200 "), "{said}");
    raw::head(scene.server.address(), "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
}

#[tokio::test]
async fn what_is_made_belongs_to_who_made_it_although_they_are_gone() {
    let engine = Engine::shared();
    let between = Between::before(&engine);
    let server = Server::start_at(&between.address(), &[]).await;
    let mut ada = administrator(&server).await;
    let mut live = Live::open(&ada).await.expect("a line");
    link_becomes(&mut live, "local", "up").await;
    let made =
        ada.send(Method::POST, "people", Some(json!({ "name": "ci", "kind": "service" }))).await.expect(200);
    let ci = made.json()["account"].as_str().unwrap().to_owned();
    ada.give(&ci, "developer").await;
    let key = ada.send(Method::POST, &format!("people/{ci}/keys"), Some(json!({ "name": "x" }))).await;
    let key = key.expect(200).json()["key"].as_str().unwrap().to_owned();

    let label = engine.label();
    let (label, value) = label.split_once('=').unwrap();
    let body = json!({ "Image": IMAGE, "Labels": { label: value } }).to_string();
    between.loses("/containers/create", Loss::Waits);
    let mut line = open(&server.http(), &[bearer(&key), protocol()]).await.expect("a stream");
    let ask = format!(
        "POST /v1.41/containers/create HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    line.send(Message::binary(ask.into_bytes())).await.unwrap();
    between.lost().await;
    line.close(None).await.unwrap();
    ends(&mut line).await;
    drop(line);
    between.heal();
    let docker = Docker::through(&server, Some(&key));
    let filter = format!("label={label}={value}");
    soon("what is theirs", async { while docker.ok(["ps", "-aq", "--filter", &filter]).await.is_empty() {} })
        .await;
    let outcome = "SELECT outcome FROM audit WHERE operation = 'container-create'";
    assert_eq!(sql(&server, outcome), "done");
}

type Line = WebSocketStream<TcpStream>;

fn bearer(key: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {key}"))
}

fn protocol() -> (&'static str, String) {
    ("sec-websocket-protocol", PROTOCOL.to_owned())
}

/// Opens a stream by hand; a refusal is its status.
async fn open(http: &longshore_tests::Http, headers: &[(&'static str, String)]) -> Result<Line, u16> {
    let url = format!("ws://{}{}api/v1/hosts/local/connect", http.address(), http.base_path());
    let mut request = url.into_client_request().expect("a valid URL");
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).expect("a valid header"));
    }
    let stream = TcpStream::connect(http.address()).await.expect("the server listens");
    match soon("a websocket", client_async(request, stream)).await {
        Ok((line, _)) => Ok(line),
        Err(Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(why) => panic!("no websocket: {why}"),
    }
}

/// The next bytes of the stream.
async fn said(line: &mut Line) -> String {
    loop {
        match soon("bytes", line.next()).await.expect("the stream goes on").expect("it is whole") {
            Message::Binary(bytes) => return String::from_utf8_lossy(&bytes).into_owned(),
            Message::Close(_) => panic!("the stream ended"),
            _ => {}
        }
    }
}

async fn ends(line: &mut Line) {
    while let Some(Ok(message)) = soon("the end of a stream", line.next()).await {
        if matches!(message, Message::Close(_)) {
            return;
        }
    }
}

/// Asks on a local connection, and returns head and body of the answer.
async fn asked(stream: &mut UnixStream, path: &str) -> String {
    let ask = format!("GET {path} HTTP/1.1\r\nHost: docker\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.expect("it is open");
    answer(stream).await
}

async fn answer(stream: &mut UnixStream) -> String {
    let mut said = String::new();
    let mut chunk = [0; 4096];
    let whole = async {
        loop {
            if let Some((head, body)) = said.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned)
                });
                if body.len() >= length.map_or(0, |length| length.parse().expect("a number")) {
                    return;
                }
            }
            let read = stream.read(&mut chunk).await.unwrap_or(0);
            assert!(read > 0, "the answer ended with: {said}");
            said.push_str(&String::from_utf8_lossy(&chunk[..read]));
        }
    };
    soon("an answer", whole).await;
    said
}
