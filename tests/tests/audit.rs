//! The audit log: what is in it, and what is found when someone has been at it.

use std::process::Output;

use http::Method;
use longshore_tests::{
    FakeScene, Person,
    database::sql,
    person::{ADA, PASSWORD},
};
use serde_json::json;

/// What `longshore admin audit verify` says, and whether it is content.
async fn verified(scene: &FakeScene, further: &[&str]) -> (bool, String) {
    let Output { status, stdout, stderr } =
        scene.server.admin(&[&["audit", "verify"], further].concat(), "").await;
    let said = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
    (status.success(), said)
}

/// Someone with the database and without the key: the guards are the first to go.
fn by_hand(scene: &FakeScene, text: &str) {
    sql(
        &scene.server,
        "DROP TRIGGER IF EXISTS audit_entry_stays; DROP TRIGGER IF EXISTS audit_entry_goes_sealed",
    );
    sql(&scene.server, text);
}

/// A server whose log has some rows.
async fn scene() -> (FakeScene, Person) {
    let scene = FakeScene::start(3).await;
    let (mut ada, _live) = scene.watched().await;
    let (id, _) = scene.engine.container(0);
    ada.operate(&id, "restart").await;
    ada.make_key("ci").await;
    (scene, ada)
}

#[tokio::test]
async fn a_change_leaves_two_rows_a_sign_in_one_and_a_refusal_one() {
    let (scene, mut ada) = scene().await;
    let (_, name) = scene.engine.container(0);
    let rows = |of: &str| {
        sql(
            &scene.server,
            &format!("SELECT kind, outcome, status, target FROM audit_entry WHERE {of} ORDER BY seq"),
        )
    };
    let both = format!("intent|intended||container {name}\noutcome|done|204|container {name}");
    assert_eq!(rows("operation = 'container-restart'"), both);
    assert_eq!(rows("operation = 'set-up'"), "single|done|200|account");
    assert_eq!(rows("operation = 'key-create'"), "intent|intended||account\noutcome|done|200|account");

    let mut eve = Person::nobody(scene.server.http());
    eve.sign_in("root", "not the password of root").await.expect(403);
    eve.sign_in(ADA, "not the password of ada").await.expect(403);
    Person::with_key(scene.server.http(), "lsk_madeupfromnothing").get("account/keys").await.expect(401);
    ada.sign_out().await.expect(204);
    ada.sign_in(ADA, PASSWORD).await.expect(200);
    let body = json!({ "current": "not the password of ada", "new": "a fine new password" });
    ada.send(Method::PUT, "account/password", Some(body)).await.expect(403);
    let told = "SELECT operation, account_name, door, outcome, status FROM audit
                WHERE operation IN ('sign-in', 'key-use', 'session-end', 'password-change') ORDER BY id";
    // Refusals are written soon, and waited for by nobody.
    let mut again = tokio::time::interval(std::time::Duration::from_millis(50));
    longshore_tests::soon("the refusals", async {
        while sql(&scene.server, told).lines().count() < 6 {
            again.tick().await;
        }
    })
    .await;
    let told = sql(&scene.server, told);
    let mut told: Vec<&str> = told.lines().collect();
    told.sort_unstable();
    let expected = [
        "key-use||none|refused|401",
        "password-change|ada|session|refused|403",
        "session-end|ada|session|done|204",
        "sign-in|ada|none|refused|403",
        "sign-in|ada|session|done|200",
        "sign-in|root|none|refused|403",
    ];
    assert_eq!(told, expected);
    let (sound, said) = verified(&scene, &[]).await;
    assert!(sound && said.starts_with("verified "), "{said}");
    let whole = sql(&scene.server, "SELECT * FROM audit_entry");
    assert!(!whole.contains("not the password") && !whole.contains("madeupfromnothing"), "{whole}");
}

#[tokio::test]
async fn what_is_done_to_the_table_by_hand_is_found() {
    let (scene, _) = scene().await;
    let (sound, said) = verified(&scene, &[]).await;
    assert!(sound, "{said}");
    let last: i64 = sql(&scene.server, "SELECT MAX(seq) FROM audit_entry").parse().unwrap();
    let copy =
        sql(&scene.server, "CREATE TABLE kept AS SELECT * FROM audit_entry; SELECT count(*) FROM kept");
    assert_eq!(copy, last.to_string());
    let mac = sql(&scene.server, "SELECT hex(mac) FROM audit_entry WHERE seq = 2");
    let swap = "UPDATE audit_entry SET seq = -2 WHERE seq = 2; UPDATE audit_entry SET seq = 2 WHERE seq = 3;
                UPDATE audit_entry SET seq = 3 WHERE seq = -2";
    let cut = format!("DELETE FROM audit_entry WHERE seq >= {}", last - 1);
    let cases = [
        ("UPDATE audit_entry SET account_name = 'eve' WHERE seq = 2", "row 2 was changed".to_owned()),
        ("UPDATE audit_entry SET outcome = 'refused' WHERE seq = 3", "row 3 was changed".to_owned()),
        ("DELETE FROM audit_entry WHERE seq = 3", "row 3 is missing".to_owned()),
        (swap, "row 2 is not in its place: it was written as row 3".to_owned()),
        (&cut, format!("the log ends with row {}, and its head was row {last}", last - 2)),
        ("DELETE FROM audit_entry", format!("the log ends with row 0, and its head was row {last}")),
    ];
    for (text, expected) in cases {
        by_hand(&scene, text);
        let (sound, said) = verified(&scene, &[]).await;
        assert!(!sound && said.contains(&expected), "{text}\n{said}");
        sql(&scene.server, "DELETE FROM audit_entry; INSERT INTO audit_entry SELECT * FROM kept");
        let (sound, said) = verified(&scene, &[]).await;
        assert!(sound, "put back as it was: {said}");
    }
    assert_eq!(sql(&scene.server, "SELECT hex(mac) FROM audit_entry WHERE seq = 2"), mac);
}

#[tokio::test]
async fn a_cut_end_is_found_by_the_head_that_the_log_has_kept() {
    let (mut scene, _) = scene().await;
    scene.server.stop().await;
    let log = scene.server.program().log();
    let head =
        log.lines().rev().find_map(|line| line.split_once("head=\"").map(|(_, rest)| rest)).expect("a head");
    let head = head.split('"').next().unwrap().to_owned();
    let (sound, said) = verified(&scene, &["--head", &head]).await;
    assert!(sound, "{said}");
    // Whoever can write the whole folder puts back the file beside the key too.
    by_hand(&scene, "DELETE FROM audit_entry WHERE seq > 2");
    std::fs::write(scene.server.data().join("audit.head"), "").unwrap();
    let (sound, said) = verified(&scene, &[]).await;
    assert!(sound && said.contains("kept elsewhere"), "{said}");
    let (sound, said) = verified(&scene, &["--head", &head]).await;
    assert!(!sound && said.contains("the end was cut off"), "{said}");
    let (sound, _) = verified(&scene, &["--head", "nonsense"]).await;
    assert!(!sound);
}

#[tokio::test]
async fn a_server_that_finds_its_log_cut_leaves_the_gap_to_be_seen() {
    let (mut scene, mut ada) = scene().await;
    let last: i64 = sql(&scene.server, "SELECT MAX(seq) FROM audit_entry").parse().unwrap();
    by_hand(&scene, &format!("DELETE FROM audit_entry WHERE seq >= {}", last - 1));
    ada.make_key("after").await;
    let (sound, said) = verified(&scene, &[]).await;
    assert!(!sound && said.contains(&format!("rows {} to {last} are missing", last - 1)), "{said}");
    scene.server.program().says("the audit log is not as it was left").await;
}

#[tokio::test]
async fn what_is_too_old_is_sealed_and_the_rest_still_verifies() {
    let mut scene = FakeScene::start_with(3, &["--audit-keep", "1s"]).await;
    let ada = scene.administrator().await;
    drop(ada);
    let before: i64 = sql(&scene.server, "SELECT MAX(seq) FROM audit_entry").parse().unwrap();
    // By the clock of rows, not by ours.
    let mut again = tokio::time::interval(std::time::Duration::from_millis(200));
    longshore_tests::soon("a second", async {
        while sql(&scene.server, "SELECT unixepoch('subsec') * 1000 - MAX(at) > 1500 FROM audit_entry") != "1"
        {
            again.tick().await;
        }
    })
    .await;
    scene.server.restart().await;
    let sealed = "SELECT COALESCE(MAX(to_seq), 0) FROM audit_segment";
    longshore_tests::soon("a segment", async {
        while sql(&scene.server, sealed).parse::<i64>().unwrap() < before {
            again.tick().await;
        }
    })
    .await;
    assert_eq!(sql(&scene.server, "SELECT count(*) FROM audit_entry WHERE operation = 'set-up'"), "0");
    let (sound, said) = verified(&scene, &[]).await;
    assert!(sound && said.contains(" are sealed"), "{said}");
    by_hand(&scene, "DELETE FROM audit_entry WHERE operation = 'server-start'");
    let (sound, said) = verified(&scene, &[]).await;
    assert!(!sound && said.contains("missing"), "{said}");
}
