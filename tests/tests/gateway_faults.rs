//! The gateway in front of an engine that breaks in the middle: its caller sees what happened, and the server goes on.

use http::Method;
use longshore_fake_engine::Fault;
use longshore_tests::{FakeScene, Live, Person, fake::link_becomes, fake::signed_in_again, soon};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const DOCKER: &str = "/api/v1/hosts/local/docker";

async fn scene() -> (FakeScene, Person) {
    let scene = FakeScene::start(5).await;
    let program = scene.program().await;
    let mut live =
        Live::open(&signed_in_again(&scene.server).await).await.expect("a line for who is signed in");
    link_becomes(&mut live, "local", "up").await;
    (scene, program)
}

/// Sends one request by hand and returns all that comes back until the connection ends.
async fn raw(scene: &FakeScene, program: &Person, line: &str, further: &str) -> String {
    let mut stream = TcpStream::connect(scene.server.address()).await.expect("the server listens");
    let key = program.headers()["authorization"].to_str().expect("a key is text").to_owned();
    let head = format!(
        "{line} HTTP/1.1\r\nHost: {}\r\nAuthorization: {key}\r\n{further}\r\n",
        scene.server.address()
    );
    stream.write_all(head.as_bytes()).await.expect("it takes a request");
    let mut all = Vec::new();
    // A reset ends the connection as well as a close does.
    let _ = soon("the end of the connection", stream.read_to_end(&mut all)).await;
    String::from_utf8_lossy(&all).into_owned()
}

#[tokio::test]
async fn the_engines_own_words_come_through() {
    let (scene, mut program) = scene().await;
    scene.engine.plan("/containers/", Fault::Refuse(500, "input/output error"));
    let answer = program.get("hosts/local/docker/containers/json").await.expect(500);
    assert_eq!(answer.text(), "input/output error");

    // A page's click gets them too, quoted.
    let (id, _) = scene.engine.container(0);
    let mut ada = signed_in_again(&scene.server).await;
    let refused = ada.operate(&id, "stop").await;
    assert!(refused.status >= 500 && refused.text().contains("input/output error"), "{}", refused.text());
    refused.problem();
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_whole_answer() {
    let (scene, program) = scene().await;
    scene.engine.plan("/containers/json", Fault::CutBody);
    let said =
        raw(&scene, &program, &format!("GET {DOCKER}/containers/json?all=1"), "Connection: close\r\n").await;
    let (head, body) = said.split_once("\r\n\r\n").expect("a head");
    let length =
        head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let length: usize = length.unwrap_or_else(|| panic!("the engine's length: {head}"));
    assert!(body.len() < length, "the caller can tell that something is missing: {} of {length}", body.len());
    scene.server.http().get("healthz").await;
}

#[tokio::test]
async fn garbage_is_a_bad_gateway() {
    let (scene, mut program) = scene().await;
    scene.engine.plan("/containers/json", Fault::Garbage);
    let answer = program.get("hosts/local/docker/containers/json").await.expect(502);
    assert!(answer.json()["message"].as_str().unwrap().contains("does not speak"), "{}", answer.text());
}

#[tokio::test]
async fn an_upgrade_that_breaks_in_its_head_is_no_upgrade() {
    let (scene, program) = scene().await;
    let (id, _) = scene.engine.container(0);
    scene.engine.plan("/containers/", Fault::HalfSwitch);
    let line = format!("POST {DOCKER}/containers/{id}/attach?stream=1&stdin=1");
    let said = raw(&scene, &program, &line, "Connection: Upgrade\r\nUpgrade: tcp\r\n").await;
    assert!(said.starts_with("HTTP/1.1 502"), "{said}");
    assert_eq!(said.matches("HTTP/1.1").count(), 1, "{said}");
}

#[tokio::test]
async fn a_console_echoes() {
    let (scene, program) = scene().await;
    let (id, _) = scene.engine.container(0);
    let mut stream = TcpStream::connect(scene.server.address()).await.unwrap();
    let key = program.headers()["authorization"].to_str().unwrap().to_owned();
    let head = format!(
        "POST {DOCKER}/containers/{id}/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: x\r\n\
         Authorization: {key}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nls -l\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut said = String::new();
    let mut chunk = [0; 1024];
    let echo = async {
        while !said.ends_with("ls -l\n") {
            let read = stream.read(&mut chunk).await.unwrap();
            assert!(read > 0, "it ended: {said}");
            said.push_str(&String::from_utf8_lossy(&chunk[..read]));
        }
    };
    soon("the echo", echo).await;
    // The client's end of input is passed on; the engine then ends, and so does the stream.
    stream.shutdown().await.unwrap();
    assert_eq!(soon("the end", stream.read(&mut chunk)).await.unwrap(), 0);
}

#[tokio::test]
async fn a_huge_error_is_passed_on_and_held_nowhere() {
    let (scene, mut program) = scene().await;
    let before = scene.server.memory();
    scene.engine.plan("/containers/", Fault::HugeError(64 << 20));
    let answer = program.get("hosts/local/docker/containers/json").await.expect(500);
    assert!(answer.body.len() >= 64 << 20, "the engine's words are passed on whole");
    // A page's click quotes no book.
    let (id, _) = scene.engine.container(0);
    let refused = signed_in_again(&scene.server).await.operate(&id, "stop").await;
    assert!(refused.status >= 500 && refused.body.len() < 100_000, "{} bytes", refused.body.len());
    let grown = scene.server.memory().saturating_sub(before) >> 20;
    assert!(grown < 32, "64 MB went through and {grown} MB stayed");
}

#[tokio::test]
async fn bulk_flows_whole_and_held_nowhere() {
    let (scene, mut program) = scene().await;
    let before = scene.server.memory();
    scene.engine.set_bulk(200 << 20);
    let (id, _) = scene.engine.container(0);
    let log = program.get(&format!("hosts/local/docker/containers/{id}/logs?stdout=1")).await.expect(200);
    assert_eq!(log.body.len(), 200 << 20);
    let grown = scene.server.memory().saturating_sub(before) >> 20;
    assert!(grown < 32, "200 MB went through and {grown} MB stayed");
}

#[tokio::test]
async fn encoded_and_doubled_slashes_reach_no_engine() {
    let (scene, mut program) = scene().await;
    let calls = scene.engine.calls().len();
    for path in [
        "/containers/json",
        "containers%2fjson",
        "containers%2Fjson",
        "containers//json",
        "v1.41//containers/json",
        "%2e%2e/containers/json",
        "containers/%2e%2e/%2e%2e/info",
        "containers/a%2f..%2f..%2fimages%2fjson/json",
        "containers/a%00b/json",
        "containers/a%0d%0aX:%20y/json",
        "images/a%2f%2e%2e%2f%2e%2e%2finfo/json",
    ] {
        let answer = program.get(&format!("hosts/local/docker/{path}")).await;
        assert!((400..500).contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
    }
    for path in
        ["hosts//local/docker/version", "hosts/%6cocal/docker/version", "hosts/local%2fdocker/version"]
    {
        let answer = program.get(path).await;
        assert!((400..500).contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
    }
    let since: Vec<_> = scene.engine.calls().split_off(calls);
    // The watcher's own.
    let own = |call: &String| matches!(call.as_str(), "GET /networks" | "GET /volumes");
    assert!(
        since.iter().all(|call| call.contains("/_ping") || call.contains("/json") || own(call)),
        "{since:?}"
    );
    assert!(!since.iter().any(|call| call.contains("info") || call.contains('%')), "{since:?}");
}

#[tokio::test]
async fn what_a_manager_is_judged_for_on_our_own_machine_is_what_is_called() {
    let scene = FakeScene::start(5).await;
    let mut ada = scene.administrator().await;
    let (account, mut max) = ada.invite("max").await;
    ada.give(&account, "manager").await;
    let mut max = Person::with_key(scene.server.http(), &max.make_key("docker").await);
    let mut live = Live::open(&ada).await.expect("a line for who is signed in");
    link_becomes(&mut live, "local", "up").await;
    let (id, name) = scene.engine.container(0);
    let post = async |max: &mut Person, path: &str| {
        max.send(Method::POST, &format!("hosts/local/docker/{path}"), None).await
    };
    post(&mut max, &format!("containers/{name}/restart?t=0")).await.expect(204);
    post(&mut max, &format!("containers/{}/kill", &id[..12])).await.expect(204);
    post(&mut max, &format!("containers/{name}/start")).await.expect(204);
    let said = post(&mut max, "containers/nothing/start").await.expect(404).json();
    assert!(said["message"].as_str().is_some_and(|words| words.contains("nothing")), "{said}");
    // Longer than anything can be asked for by.
    post(&mut max, &format!("containers/{}/start", "a".repeat(1100))).await.expect(404);
    let called: Vec<String> =
        scene.engine.calls().into_iter().filter(|call| call.starts_with("POST /containers/")).collect();
    let of = |verb: &str| format!("POST /containers/{id}/{verb}");
    assert_eq!(called, [of("restart?t=0"), of("kill"), of("start")]);
}
