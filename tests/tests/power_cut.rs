//! kill -9 at the worst moment: the next start works, and the audit log does not pretend to know.

use http::Method;
use longshore_fake_engine::Fault;
use longshore_tests::{
    FakeScene, Live, Person,
    database::sql,
    fake::{link_becomes, signed_in_again},
    person::{ADA, PASSWORD},
};
use serde_json::json;

#[tokio::test]
async fn a_change_that_was_under_way_is_unknown_afterwards() {
    let mut scene = FakeScene::start(5).await;
    let ada = scene.administrator().await;
    let mut live = Live::open(&ada).await.unwrap();
    link_becomes(&mut live, "local", "up").await;
    let (id, _) = scene.engine.container(0);
    let stop = format!("/containers/{id}/stop");
    scene.engine.plan(&stop, Fault::Silent);
    let (http, headers) = (scene.server.http(), ada.headers());
    let path = format!("api/v1/hosts/local{stop}");
    let click = tokio::spawn(async move { http.send(Method::POST, &path, &headers, None).await });
    // The engine has been asked, so the row with the intent is there.
    scene.engine.called(&format!("POST {stop}"), 1).await;
    scene.server.program().kill().await;
    assert!(click.await.is_err(), "the click gets no answer");

    scene.engine.mend();
    scene.server.start_again().await;
    let told = sql(&scene.server, "SELECT operation, outcome FROM audit WHERE operation = 'container-stop'");
    assert_eq!(told, "container-stop|unknown");
    let mut ada = Person::with_cookie(scene.server.http(), ada.cookie().unwrap());
    assert_eq!(ada.standing().await, "signed-in", "a power cut signs nobody out");
    let mut live = Live::open(&ada).await.unwrap();
    link_becomes(&mut live, "local", "up").await;
    ada.operate(&id, "stop").await;
}

#[tokio::test]
async fn killed_while_writing_again_and_again_it_starts_and_keeps_what_it_confirmed() {
    let mut scene = FakeScene::start(1).await;
    scene.administrator().await;
    for round in 0..3 {
        let ada = signed_in_again(&scene.server).await;
        let (confirm, mut confirmed) = tokio::sync::mpsc::channel(256);
        let (http, headers) = (scene.server.http(), ada.headers());
        let writer = tokio::spawn(async move {
            for number in 0.. {
                let name = format!("key-{round}-{number}");
                let body = json!({ "name": name });
                // Ends with a panic when the server is gone: that is its end.
                let made = http.send(Method::POST, "api/v1/account/keys", &headers, Some(&body)).await;
                made.expect(200);
                if confirm.send(name).await.is_err() {
                    return;
                }
            }
        });
        let mut names = Vec::new();
        while names.len() < 10 + round {
            names.push(confirmed.recv().await.expect("keys are made"));
        }
        scene.server.program().kill().await;
        writer.abort();
        while let Some(name) = confirmed.recv().await {
            names.push(name);
        }
        scene.server.start_again().await;
        let kept = signed_in_again(&scene.server).await.get("account/keys").await.expect(200).text();
        for name in &names {
            assert!(kept.contains(&format!("\"{name}\"")), "{name} was confirmed and is lost");
        }
        assert_eq!(sql(&scene.server, "PRAGMA integrity_check"), "ok");
        assert_eq!(sql(&scene.server, "SELECT count(*) FROM audit WHERE outcome = 'intended'"), "0");
    }
    Person::nobody(scene.server.http()).sign_in(ADA, PASSWORD).await.expect(200);
}
