//! The audit log: what is in it, and what is found when someone has been at it.

use std::process::Output;

use http::Method;
use longshore_tests::{
    Browser, FakeScene, Live, Person,
    browser::Look,
    database::{sql, until},
    person::{ADA, PASSWORD},
};
use serde_json::{Value, json};

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

    // By a key it says which.
    let key = ada.make_key("deploy from ci").await;
    let (id, other) = scene.engine.container(1);
    Person::with_key(scene.server.http(), &key).operate(&id, "restart").await.expect(204);
    let named = format!("deploy from ci {}", &key[..10]);
    let by = format!("SELECT DISTINCT door, key FROM audit_entry WHERE target = 'container {other}'");
    assert_eq!(sql(&scene.server, &by), format!("key|{named}"));
    let found = entries(&mut ada, "?text=from+ci+lsk_").await;
    assert_eq!((found.len(), &found[0]["key"]), (1, &json!(named)));
    assert_eq!(sql(&scene.server, "SELECT DISTINCT key FROM audit_entry WHERE door = 'session'"), "");

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
    let told = until(&scene.server, "the refusals", told, |said| said.lines().count() >= 6).await;
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
async fn links_that_are_guessed_leave_a_row_and_a_count() {
    let (scene, _) = scene().await;
    let mut eve = Person::nobody(scene.server.http());
    for n in 0..3 {
        let guess = json!({ "secret": format!("a guess {n}") });
        eve.send(Method::POST, "invitation", Some(guess)).await.expect(403);
    }
    let guess = json!({ "secret": "a guess", "password": PASSWORD });
    eve.send(Method::POST, "invitation/accept", Some(guess)).await.expect(403);
    let told = "SELECT operation, account_name, door, outcome, status, times FROM audit
                WHERE operation LIKE 'invitation-%' ORDER BY operation";
    until(&scene.server, "the refusals", told, |said| said.lines().count() >= 2).await;
    // The rest of the minute is a count.
    let rows = "invitation-accept||none|refused|403|1\ninvitation-open||none|refused|403|1";
    assert_eq!(sql(&scene.server, told), rows);
    let whole = sql(&scene.server, "SELECT * FROM audit_entry");
    assert!(!whole.contains("a guess"), "{whole}");
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
    let passed = "SELECT (julianday('now') - 2440587.5) * 86400000 - MAX(at) > 1500 FROM audit_entry";
    until(&scene.server, "a second", passed, |said| said == "1").await;
    scene.server.restart().await;
    let sealed = "SELECT COALESCE(MAX(to_seq), 0) FROM audit_segment";
    let all_of_it = |said: &str| said.parse::<i64>().unwrap() >= before;
    until(&scene.server, "a segment", sealed, all_of_it).await;
    assert_eq!(sql(&scene.server, "SELECT count(*) FROM audit_entry WHERE operation = 'set-up'"), "0");
    let (sound, said) = verified(&scene, &[]).await;
    assert!(sound && said.contains(" are sealed"), "{said}");
    by_hand(&scene, "DELETE FROM audit_entry WHERE operation = 'server-start'");
    let (sound, said) = verified(&scene, &[]).await;
    assert!(!sound && said.contains("missing"), "{said}");
}

/// The entries of a question.
async fn entries(person: &mut Person, query: &str) -> Vec<Value> {
    let page = person.get(&format!("audit{query}")).await.expect(200).json();
    page["entries"].as_array().expect("a list").clone()
}

/// The same once there are some: refusals are written soon, and waited for by nobody.
async fn written(person: &mut Person, query: &str) {
    let mut again = tokio::time::interval(std::time::Duration::from_millis(50));
    longshore_tests::soon("a row", async {
        while entries(person, query).await.is_empty() {
            again.tick().await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_log_is_read_page_by_page_narrowed_and_followed() {
    let (scene, mut ada) = scene().await;
    let (id, name) = scene.engine.container(0);
    let all = entries(&mut ada, "").await;
    let numbers: Vec<i64> = all.iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|a, b| a > b), "newest first: {numbers:?}");
    let restart = entries(&mut ada, "?operation=container-restart").await;
    assert_eq!(restart.len(), 1, "an intent and its outcome are one entry");
    assert_eq!(restart[0]["outcome"], "done");
    assert_eq!(restart[0]["host"], "local");
    assert_eq!(restart[0]["account"], ADA);
    assert!(restart[0]["request_id"].as_str().is_some_and(|id| id.len() > 20));

    let first = ada.get("audit?limit=2").await.expect(200).json();
    assert_eq!(first["more"], true);
    let last = first["entries"][1]["seq"].as_i64().unwrap();
    let next = entries(&mut ada, &format!("?limit=1&before={last}")).await;
    assert_eq!(next[0]["seq"], json!(numbers[2]));

    for (query, there) in [
        (format!("?text={name}%20RESTART"), true),
        ("?text=no-such-word".to_owned(), false),
        ("?who=ada&host=local".to_owned(), true),
        ("?who=eve".to_owned(), false),
        ("?outcome=refused".to_owned(), false),
        ("?door=session&outcome=done".to_owned(), true),
        ("?from=99999999999999".to_owned(), false),
        ("?to=1".to_owned(), false),
    ] {
        assert_eq!(!entries(&mut ada, &query).await.is_empty(), there, "{query}");
    }
    ada.get("audit?nonsense=1").await.expect(400).problem();

    let head = first["head"].as_i64().unwrap();
    ada.operate(&id, "stop").await;
    let new = entries(&mut ada, &format!("?after={head}")).await;
    assert_eq!(new.len(), 1);
    assert_eq!((&new[0]["operation"], &new[0]["outcome"]), (&json!("container-stop"), &json!("done")));
    let walked = ada.send(Method::POST, "audit/check", None).await.expect(200).json();
    assert_eq!(walked["damage"], json!([]));
    by_hand(&scene, "UPDATE audit_entry SET detail = 'x' WHERE seq = 2");
    let walked = ada.send(Method::POST, "audit/check", None).await.expect(200).json();
    assert_eq!(walked["damage"][0], json!({ "what": "changed", "at": 2 }));
    // Whoever opens the page is told of the last walk, by which the server may have gone over it once more.
    assert_eq!(ada.get("audit/check").await.expect(200).json()["damage"], walked["damage"]);
}

#[tokio::test]
async fn who_is_no_administrator_reads_nothing_of_it_and_leaves_a_row() {
    let (scene, mut ada) = scene().await;
    let (_, mut bob) = ada.invite("bob").await;
    for path in ["audit", "audit/export?format=csv", "audit/check"] {
        bob.get(path).await.expect(403).problem();
    }
    Person::nobody(scene.server.http()).get("audit").await.expect(401).problem();
    let mut live = Live::open(&bob).await.unwrap();
    live.send(&json!({ "type": "subscribe", "sub": 9, "topic": { "topic": "audit" } })).await;
    let head = live.until("the audit log", |m| (m["sub"] == 9).then(|| m["body"]["head"].clone())).await;
    assert_eq!(head, 0);
    written(&mut ada, "?who=bob&outcome=refused&operation=administer").await;
}

#[tokio::test]
async fn an_export_is_whole_and_runs_no_formula() {
    let (scene, mut ada) = scene().await;
    let mut eve = Person::nobody(scene.server.http());
    eve.sign_in("=cmd|'/c calc'!A1", "not a password of anyone").await.expect(403);
    written(&mut ada, "?outcome=refused").await;
    // More than are read at once.
    for _ in 0..300 {
        eve.sign_in(&"x".repeat(70), "of a name that is none").await;
    }
    let json: Vec<Value> =
        serde_json::from_str(&ada.get("audit/export?format=json").await.expect(200).text()).unwrap();
    assert_eq!(json[0]["seq"], 1, "oldest first");
    assert!(json.iter().any(|entry| entry["account"] == "=cmd|'/c calc'!A1"));
    let csv = ada.get("audit/export?format=csv").await.expect(200).text();
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].starts_with("seq,at,ended_at,account,"), "{}", lines[0]);
    assert!(lines.len() > json.len(), "the first export is in the second");
    assert!(csv.contains(",\"'=cmd|'/c calc'!A1\","), "{csv}");
    let one = ada.get("audit/export?format=csv&operation=key-create").await.expect(200).text();
    assert_eq!(one.lines().count(), 2, "{one}");
    assert_eq!(entries(&mut ada, "?operation=audit-export").await.len(), 3);
}

#[tokio::test]
async fn the_page_shows_what_is_written_as_it_is_written() {
    let (scene, mut ada) = scene().await;
    let (_, name) = scene.engine.container(0);
    let mut eve = Person::nobody(scene.server.http());
    eve.sign_in("root", "not the password of root").await.expect(403);
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("audit")).await;
    browser.sign_in(PASSWORD).await;
    browser.appears("tr[data-operation=\"container-restart\"][data-outcome=\"done\"]").await;
    browser.appears("tr[data-operation=\"sign-in\"][data-outcome=\"refused\"][data-who=\"root\"]").await;
    browser.appears("[data-chain=\"sound\"]").await;
    browser.picture("audit").await;
    browser.resize(1280, 800).await;
    browser.holds("document.querySelector('.tblwrap').scrollWidth <= document.querySelector('.tblwrap').clientWidth").await;
    browser.picture("audit-1280").await;
    // Live, with its outcome.
    ada.make_key("while it is open").await;
    browser.holds("document.querySelectorAll('tr[data-operation=\"key-create\"][data-outcome=\"done\"]').length === 2").await;
    assert_eq!(browser.barriers().await, [] as [String; 0]);

    browser.click("tr[data-operation=\"container-restart\"] button").await;
    browser.reads("[data-detail]", &format!("container {name}")).await;
    browser.appears("[data-detail] .code").await;
    browser.picture("audit-entry").await;
    browser.click("[data-only=\"operation\"]").await;
    browser.appears("[data-narrowed=\"operation\"]").await;
    browser.holds("document.querySelectorAll('tr[data-entry]').length === 1").await;
    browser.click("[data-narrowed=\"operation\"] button").await;
    browser.holds("document.querySelectorAll('tr[data-entry]').length > 3").await;
    browser.open(&scene.server.url("audit?outcome=refused")).await;
    browser.holds("[...document.querySelectorAll('tr[data-entry]')].map(row => row.dataset.outcome).join() === 'refused'").await;
    browser.click("[data-since=\"today\"]").await;
    browser
        .holds("location.search.includes('since=today') && location.search.includes('outcome=refused')")
        .await;
    browser.appears("tr[data-outcome=\"refused\"]").await;

    // By a program that takes us for the engine.
    let (id, _) = scene.engine.container(1);
    let key = ada.make_key("docker").await;
    let restart = format!("hosts/local/docker/v1.41/containers/{id}/restart");
    Person::with_key(scene.server.http(), &key).send(Method::POST, &restart, None).await.expect(204);
    browser.open(&scene.server.url("audit?door=docker")).await;
    browser.holds("document.querySelectorAll('tr[data-entry]').length === 1").await;
    browser.reads("tr[data-operation=\"container-restart\"]", "Docker API").await;
    browser.reads("[data-narrowed=\"door\"]", "Docker API").await;
    browser.reads("tr[data-operation=\"container-restart\"]", "docker lsk_").await;
    browser.picture("audit-docker").await;
    browser.click("tr[data-operation=\"container-restart\"] button").await;
    browser.reads("[data-detail] [data-only=\"q\"]", &key[..10]).await;
    browser.click("[data-detail] [data-only=\"q\"]").await;
    browser.holds("location.search.includes('lsk_')").await;
    browser.holds("document.querySelectorAll('tr[data-entry]').length === 1").await;

    // Someone has been at it.
    by_hand(&scene, "UPDATE audit_entry SET detail = 'x' WHERE seq = 2");
    browser.click("[data-action=\"check-audit\"]").await;
    browser.appears("[data-chain=\"broken\"]").await;
    browser.picture("audit-broken").await;
    browser.expect_no_complaint().await;

    let phone = Browser::start(&Look::phone().language("zh-CN").dark()).await;
    phone.open(&scene.server.url("audit")).await;
    phone.sign_in(PASSWORD).await;
    phone.appears("tr[data-operation=\"container-restart\"]").await;
    assert!(phone.fits().await, "nothing is wider than a phone");
    assert_eq!(phone.barriers().await, [] as [String; 0]);
    phone.picture("audit-phone").await;
    phone.click("tr[data-operation=\"container-restart\"] button").await;
    phone.appears("[data-detail]").await;
    phone.picture("audit-entry-phone").await;
    phone.expect_no_complaint().await;
}

#[tokio::test]
async fn of_what_is_run_the_first_word_is_kept_and_refused_calls_are_named() {
    let scene = FakeScene::start(3).await;
    let mut ada = scene.administrator().await;
    let mut ci = Person::with_key(scene.server.http(), &ada.make_key("ci").await);
    let (id, _) = scene.engine.container(0);
    let docker = "hosts/local/docker/v1.41";
    let run = json!({ "AttachStdout": true, "Cmd": ["mysql", "-psecret-of-the-shop"] });
    ci.send(Method::POST, &format!("{docker}/containers/{id}/exec"), Some(run)).await;
    let told = entries(&mut ada, "?operation=exec-create").await;
    assert_eq!(told[0]["detail"], "mysql …");
    assert_eq!(told[0]["door"], "docker");
    assert!(!sql(&scene.server, "SELECT * FROM audit_entry").contains("secret-of-the-shop"));
    // Nobody's attempts by the thousand are a handful of rows.
    let mut eve = Person::with_key(scene.server.http(), "lsk_guessguessguess");
    for _ in 0..200 {
        eve.get(&format!("{docker}/containers/json")).await.expect(401);
    }
    written(&mut ada, "?operation=key-use").await;
    let rows = entries(&mut ada, "?operation=key-use").await;
    assert!(rows.len() <= 4, "{} rows", rows.len());
    assert_eq!(rows.last().unwrap()["detail"], "lsk_guessg");
}
