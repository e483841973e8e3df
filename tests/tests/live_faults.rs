//! The live line and those who misuse it.

use futures_util::{SinkExt, StreamExt};
use longshore_tests::{
    FakeScene, Live, Person,
    fake::{link_becomes, row},
    soon,
};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

async fn line(person: &Person) -> Result<WebSocketStream<TcpStream>, u16> {
    let http = person.http();
    let mut request =
        format!("ws://{}/api/v1/live", http.address()).into_client_request().expect("a valid URL");
    request.headers_mut().extend(person.headers());
    let stream = TcpStream::connect(http.address()).await.expect("the server listens");
    match soon("a websocket", client_async(request, stream)).await {
        Ok((line, _)) => Ok(line),
        Err(Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(why) => panic!("no websocket: {why}"),
    }
}

#[tokio::test]
async fn a_frame_that_is_no_message_is_refused_and_the_line_stays() {
    let scene = FakeScene::start(20).await;
    let ada = scene.administrator().await;
    let mut live = Live::open(&ada).await.unwrap();
    for nonsense in
        [json!("hello"), json!(null), json!({ "type": "explode" }), json!({ "type": "subscribe" })]
    {
        live.send(&nonsense).await;
        let problem =
            live.until("a refusal", |m| (m["type"] == "problem").then(|| m["problem"].clone())).await;
        assert_eq!(problem["status"], 400, "{problem}");
    }
    link_becomes(&mut live, "local", "up").await;
    live.subscribe_containers("").await;
    let (id, _) = scene.engine.container(0);
    live.until("the row, all the same", |m| row(m, &id)).await;
}

#[tokio::test]
async fn endless_nonsense_ends_the_line_with_a_word() {
    let scene = FakeScene::start(1).await;
    let ada = scene.administrator().await;
    let mut line = line(&ada).await.unwrap();
    for _ in 0..50 {
        // It may have been ended before we are through.
        if line.send(Message::binary(vec![0_u8, 159, 146, 150])).await.is_err() {
            break;
        }
    }
    let bye = async {
        while let Some(Ok(message)) = line.next().await {
            if let Message::Text(text) = message
                && text.contains("\"bye\"")
            {
                return text.to_string();
            }
        }
        "the line ended without a word".to_owned()
    };
    let bye = soon("a last word", bye).await;
    assert!(bye.contains("nonsense"), "{bye}");
}

#[tokio::test]
async fn a_message_without_end_ends_the_line_and_nothing_else() {
    let scene = FakeScene::start(1).await;
    let ada = scene.administrator().await;
    let before = scene.server.memory();
    let mut line = line(&ada).await.unwrap();
    let _ = line.send(Message::text("x".repeat(50 << 20))).await;
    let ended = async { while let Some(Ok(_)) = line.next().await {} };
    soon("the line's end", ended).await;
    assert!(scene.server.memory().saturating_sub(before) < 32 << 20);
    Live::open(&ada).await.unwrap();
}

#[tokio::test]
async fn another_origin_gets_no_line() {
    let scene = FakeScene::start(1).await;
    let ada = scene.administrator().await;
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let mut request =
            format!("ws://{}/api/v1/live", scene.server.address()).into_client_request().unwrap();
        request.headers_mut().insert("cookie", ada.cookie().unwrap().parse().unwrap());
        request.headers_mut().insert("origin", origin.parse().unwrap());
        let stream = TcpStream::connect(scene.server.address()).await.unwrap();
        match client_async(request, stream).await {
            Err(Error::Http(answer)) => assert_eq!(answer.status(), 403, "{origin}"),
            other => panic!("{origin}: {:?}", other.map(|_| "a line")),
        }
    }
}

#[tokio::test]
async fn one_who_never_reads_costs_a_window_and_no_queue() {
    let scene = FakeScene::start(600).await;
    let ada = scene.administrator().await;
    let mut watcher = Live::open(&ada).await.unwrap();
    link_becomes(&mut watcher, "local", "up").await;
    // Several who subscribe to all that there is and then read nothing.
    let mut deaf = Vec::new();
    for _ in 0..4 {
        let mut line = Live::open(&ada).await.unwrap();
        for sub in 0..4 {
            let topic = json!({ "topic": "containers", "text": "", "group": "flat", "limit": 500 });
            line.send(&json!({ "type": "subscribe", "sub": sub, "topic": topic })).await;
        }
        line.send(&json!({ "type": "subscribe", "sub": 9, "topic": { "topic": "events", "limit": 500 } }))
            .await;
        deaf.push(line);
    }
    watcher.subscribe_containers("").await;
    let (last, _) = scene.engine.container(599);
    let before = scene.server.memory();
    // Each event changes a row that is in the window of all; the one who reads sees the end of it.
    for round in 0..20 {
        for number in 0..100 {
            let (id, _) = scene.engine.container(number);
            if round % 2 == 0 { scene.engine.die(&id, 1) } else { scene.engine.revive(&id) }
        }
        let (first, _) = scene.engine.container(0);
        scene.engine.called(&format!("GET /containers/{first}/json"), round + 1).await;
    }
    for number in 0..6_000 {
        scene.engine.say("volume", "mount", &format!("volume-{number}"));
    }
    scene.engine.die(&last, 9);
    watcher.send(&json!({ "type": "subscribe", "sub": 3, "topic": { "topic": "containers", "text": last, "group": "flat", "limit": 10 } })).await;
    watcher
        .until("the last event, for the one who reads", |m| row(m, &last).filter(|row| row["exit_code"] == 9))
        .await;
    let grown = scene.server.memory().saturating_sub(before) >> 20;
    assert!(grown < 16, "four who read nothing cost {grown} MB");
    drop(deaf);
}
