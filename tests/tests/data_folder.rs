//! A data folder from which something is missing, or at which somebody has been: no silence, and a way on.

use http::Method;
use longshore_tests::{
    FakeScene, Person, authenticator, database::sql, person::*, provider, server::refusal,
};
use serde_json::json;

const ENGINE: [&str; 2] = ["--engine", "unix:///nowhere/docker.sock"];

/// What `longshore admin new-key` says, and whether it was done.
async fn renewed(scene: &FakeScene, key: &str) -> (bool, String) {
    let done = scene.server.admin(&["new-key", key], "").await;
    (done.status.success(), String::from_utf8_lossy(&done.stderr).into_owned())
}

/// A server that has sessions, a second factor and a client secret; the app and the recovery codes of the first account.
async fn scene() -> (FakeScene, Person, authenticator::Authenticator, Vec<String>) {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let (app, codes) = authenticator::turn_on(&mut ada, PASSWORD).await;
    let form = provider::form("https://id.example", "a secret", json!({}));
    ada.send(Method::POST, "oidc/providers", Some(form)).await.expect(200);
    (scene, ada, app, codes)
}

#[tokio::test]
async fn a_key_that_is_gone_is_not_made_again_in_silence() {
    let (mut scene, mut ada, mut app, codes) = scene().await;
    let data = scene.server.data();
    for (key, word) in [("signing.key", "signing"), ("seal.key", "seal"), ("audit.key", "audit")] {
        let (done, said) = renewed(&scene, word).await;
        assert!(!done && said.contains("another Longshore is running"), "{said}");
        scene.server.stop().await;
        let (done, said) = renewed(&scene, word).await;
        assert!(!done && said.contains("never overwritten"), "{said}");
        let away = data.join("away");
        std::fs::rename(data.join(key), &away).expect("there is one");
        let said = refusal(&data, &ENGINE).await;
        assert!(said.contains(&format!("has no {key}")), "{said}");
        assert!(said.contains(&format!("longshore admin new-key {word}")), "{said}");
        // Nor does the command line make one by the way.
        let other = scene.server.admin(&["open-sign-in"], "").await;
        assert!(!other.status.success() && !data.join(key).exists());
        std::fs::rename(&away, data.join(key)).expect("it was there");
        scene.server.start_again().await;
    }
    let cookie = ada.cookie().expect("signed in").to_owned();
    ada = Person::with_cookie(scene.server.http(), &cookie);
    assert_eq!(ada.standing().await, "signed-in", "nothing has happened");

    // Without the one that seals: whoever was asked for a second factor still is.
    scene.server.stop().await;
    std::fs::remove_file(data.join("seal.key")).expect("there is one");
    let (done, said) = renewed(&scene, "seal").await;
    assert!(done && said.contains("of 1 accounts") && said.contains("of 1 providers"), "{said}");
    scene.server.start_again().await;
    let mut half = Person::nobody(scene.server.http());
    half.sign_in(ADA, PASSWORD).await.expect(202);
    let code = |code: &str| Some(json!({ "code": code }));
    let path = "session/second-step";
    half.send(Method::POST, path, code(&app.code().await)).await.expect(403).problem();
    half.send(Method::POST, path, code(&codes[0])).await.expect(200);
    let providers = half.get("oidc").await.expect(200).json();
    assert_eq!(providers["providers"][0]["has_secret"], false);
    let told = "SELECT account_name LIKE 'uid %', detail LIKE 'seal.key. %' FROM audit WHERE operation = 'key-renew'";
    assert_eq!(sql(&scene.server, told), "1|1");
    assert!(scene.server.admin(&["audit", "verify"], "").await.status.success());

    // Without the one that signs: everybody is out.
    scene.server.stop().await;
    std::fs::remove_file(data.join("signing.key")).expect("there is one");
    let (done, said) = renewed(&scene, "signing").await;
    assert!(done && said.contains("Everybody is signed out"), "{said}");
    scene.server.start_again().await;
    let mut out = Person::with_cookie(scene.server.http(), half.cookie().expect("signed in"));
    assert_eq!(out.standing().await, "signed-out");

    // Without that of the log: it goes on, and what was before is no longer proven.
    scene.server.stop().await;
    std::fs::remove_file(data.join("audit.key")).expect("there is one");
    let (done, said) = renewed(&scene, "audit").await;
    assert!(done, "{said}");
    scene.server.start_again().await;
    let verified = scene.server.admin(&["audit", "verify"], "").await;
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(!verified.status.success() && said.contains("row 1 was changed"), "{said}");
}

#[tokio::test]
async fn a_log_whose_last_number_is_taken_is_told_and_named() {
    let mut scene = FakeScene::start(1).await;
    scene.administrator().await;
    sql(
        &scene.server,
        "INSERT INTO audit_entry (seq, at, kind, intent, request_id, account_id, account_name, door, address, operation,
         host, target, detail, outcome, status, times, mac)
         SELECT 9223372036854775807, at, kind, NULL, request_id, account_id, account_name,
         door, address, operation, host, target, detail, outcome, status, times, mac FROM audit_entry WHERE seq = 1",
    );
    // A server that runs takes no change any more, and goes on serving.
    let mut nobody = Person::nobody(scene.server.http());
    nobody.sign_in(ADA, PASSWORD).await.expect(500).problem();
    scene.server.http().get("healthz").await.expect(200);
    scene.server.stop().await;
    let said = refusal(&scene.server.data(), &ENGINE).await;
    assert!(said.contains("audit verify") && !said.contains("panicked"), "{said}");
    let verified = scene.server.admin(&["audit", "verify"], "").await;
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(!verified.status.success() && said.contains("row 9223372036854775807 was changed"), "{said}");
}
