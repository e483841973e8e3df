//! `longshore admin`, beside a server that runs; and data folders that a server must not take.

use http::Method;
use longshore_fake_engine::FakeEngine;
use longshore_tests::{
    Browser, FakeScene, Live, Person,
    browser::Look,
    database::sql,
    fake::{another_administrator, host, signed_in_again},
    person::{ADA, PASSWORD},
    server,
};
use serde_json::json;

#[tokio::test]
async fn a_new_set_up_link_is_the_only_one_that_holds() {
    let scene = FakeScene::start(1).await;
    let first = scene.server.set_up_secret();
    let link = scene.server.administered(&["setup-link", "--url", "https://longshore.example/ls/"]).await;
    let second =
        link.strip_prefix("https://longshore.example/ls/set-up#").unwrap_or_else(|| panic!("{link}"));

    let mut ada = Person::nobody(scene.server.http());
    ada.set_up(first).await.expect(403).problem();
    ada.set_up(second).await.expect(200);
    ada.set_up(second).await.expect(403).problem();

    // With an account there already, a link makes one more administrator: whoever has lost every other way in.
    let mut bob = another_administrator(&scene.server, "bob").await;
    let session = bob.get("session").await.expect(200).json();
    assert_eq!(session["user"]["roles"]["everywhere"], "administrator", "{session}");
    assert_eq!(ada.standing().await, "signed-in");
}

#[tokio::test]
async fn a_reset_password_ends_what_is_open_and_lets_in_anew() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let mut live = Live::open(&ada).await.unwrap();

    let new = scene.server.administered(&["reset-password", ADA, "--generate"]).await;
    let why = live.until("a good-bye", |m| (m["type"] == "bye").then(|| m["reason"].clone())).await;
    assert_eq!(why, "signed-out");
    assert_eq!(ada.standing().await, "signed-out");
    ada.sign_in(ADA, PASSWORD).await.expect(403).problem();
    ada.sign_in(ADA, &new).await.expect(200);

    // The other way: a password of one's own, from standard input.
    let done = scene.server.admin(&["reset-password", ADA], "a password of my own choice\n").await;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Person::nobody(scene.server.http()).sign_in(ADA, "a password of my own choice").await.expect(200);

    for (args, input) in [
        (["reset-password", ADA], "short\n"),
        (["reset-password", "nobody-of-this-name"], "long enough for it\n"),
    ] {
        let done = scene.server.admin(&args, input).await;
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(!done.status.success() && said.starts_with("longshore: "), "{args:?}: {said}");
    }
    Person::nobody(scene.server.http()).sign_in(ADA, "a password of my own choice").await.expect(200);
}

#[tokio::test]
async fn a_host_added_to_a_running_server_appears_in_what_is_open() {
    let scene = FakeScene::start(2).await;
    let ada = scene.administrator().await;
    let mut live = Live::open(&ada).await.unwrap();
    live.send(&json!({ "type": "subscribe", "sub": 7, "topic": { "topic": "hosts" } })).await;
    live.until("the first host", |m| host(m, "local")).await;
    live.subscribe_containers("").await;
    live.until("the containers", |m| (m["sub"] == 1).then_some(())).await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("containers")).await;
    browser.sign_in(PASSWORD).await;
    browser.script("window.neverLoadedAgain = true").await;

    let attic = FakeEngine::on_tcp(3).await.unwrap();
    let (id, name) = attic.container(2);
    scene.server.administered(&["host", "add", "attic", attic.address(), "--name", "The attic"]).await;
    // Either may come first, or both at once.
    let (mut its_host, mut its_containers) = (None, false);
    let found = live.until("its host and its containers", |m| {
        its_host = its_host.take().or_else(|| host(m, "attic"));
        let rows = m["body"]["rows"].as_array().map_or(&[][..], Vec::as_slice);
        its_containers |= rows.iter().any(|row| row["host"] == "attic" && row["id"] == id.as_str());
        its_host.clone().filter(|_| its_containers)
    });
    assert_eq!(found.await["name"], "The attic");
    browser.appears(&format!("[data-container=\"{name}\"]")).await;
    assert_eq!(browser.script("return window.neverLoadedAgain").await, true);
    browser.expect_no_complaint().await;

    // It takes part in everything at once.
    let mut program =
        Person::with_key(scene.server.http(), &signed_in_again(&scene.server).await.make_key("x").await);
    program.get("hosts/attic/docker/version").await.expect(200);
    program.send(Method::POST, &format!("hosts/attic/containers/{id}/stop"), None).await.expect(204);

    let listed = scene.server.administered(&["host", "ls"]).await;
    assert!(listed.lines().any(|line| line.starts_with("attic\t")), "{listed}");
    for wrong in
        [["attic", "tcp://127.0.0.1:1"], ["At tic", "tcp://127.0.0.1:1"], ["cellar", "ftp://127.0.0.1"]]
    {
        let done = scene.server.admin(&[&["host", "add"], &wrong[..]].concat(), "").await;
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(!done.status.success() && said.starts_with("longshore: "), "{wrong:?}: {said}");
    }
    assert_eq!(scene.server.administered(&["host", "ls"]).await, listed);
}

#[tokio::test]
async fn a_data_folder_serves_one_server_at_a_time() {
    let mut scene = FakeScene::start(1).await;
    let data = scene.server.data();
    let said = server::refusal(&data, &[]).await;
    assert_eq!(
        said,
        format!("longshore: another Longshore is running on the data folder {}", data.display())
    );
    scene.administrator().await;

    // A killed one holds nothing.
    scene.server.program().kill().await;
    scene.server.start_again().await;
    signed_in_again(&scene.server).await;
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let mut scene = FakeScene::start(1).await;
    scene.administrator().await;
    scene.server.stop().await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (99990101000000, 'of tomorrow', 1, x'00', 1)";
    sql(&scene.server, newer);
    let data = scene.server.data();
    let said = server::refusal(&data, &[]).await;
    assert!(said.contains("was written by a newer Longshore (migration 99990101000000)"), "{said}");
    assert!(said.contains("start that one, or restore a backup"), "one knows what to do: {said}");
    let done = scene.server.admin(&["host", "ls"], "").await;
    assert!(!done.status.success(), "the commands leave it alone too");

    sql(&scene.server, "DELETE FROM _sqlx_migrations WHERE version = 99990101000000");
    scene.server.start_again().await;
    signed_in_again(&scene.server).await;
}

#[tokio::test]
async fn a_mistyped_data_folder_is_not_made_into_one() {
    let scene = FakeScene::start(1).await;
    let wrong = scene.server.data().join("elsewhere");
    let done = longshore_tests::server::admin_of(&wrong, &["host", "ls"], "").await;
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(!done.status.success() && !wrong.exists(), "{said}");
}
