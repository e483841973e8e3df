//! Engines that are not there, may not be opened, or go and come back.

use longshore_fake_engine::FakeEngine;
use longshore_tests::{
    Docker, FakeScene, Live, Person, Scene, Server,
    database::add_host,
    fake::{administrator, link_becomes, row, signed_in_again},
};

#[tokio::test]
async fn a_missing_socket_is_said_and_found_once_it_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("docker.sock");
    let server = Server::start_at(&format!("unix://{}", socket.display()), &[]).await;
    let ada = administrator(&server).await;
    let mut live = Live::open(&ada).await.unwrap();
    let link = link_becomes(&mut live, "local", "down").await;
    assert_eq!(link["why"]["code"], "engine-socket-missing", "{link}");
    assert!(link["retry_at"].is_i64(), "one sees when it is tried again: {link}");

    let _engine = FakeEngine::on_socket(&socket, 3).await.unwrap();
    link_becomes(&mut live, "local", "up").await;
}

#[tokio::test]
async fn a_socket_that_may_not_be_opened_is_said() {
    // A private socket of root's, on the real engine's kind of place.
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("docker.sock");
    longshore_tests::fake::open_to_all(dir.path());
    let _engine = FakeEngine::on_socket(&socket, 3).await.unwrap();
    std::fs::set_permissions(&socket, std::os::unix::fs::PermissionsExt::from_mode(0o660)).unwrap();

    let server = Server::start_as_nobody(&format!("unix://{}", socket.display())).await;
    let mut ada = administrator(&server).await;
    let mut live = Live::open(&ada).await.unwrap();
    let link = link_becomes(&mut live, "local", "down").await;
    assert_eq!(link["why"]["code"], "engine-no-permission", "{link}");

    let key = ada.make_key("program").await;
    let mut program = Person::with_key(server.http(), &key);
    let answer = program.get("hosts/local/docker/version").await.expect(502);
    assert!(answer.text().contains("may not open"), "the command line is told the same: {}", answer.text());
}

#[tokio::test]
async fn the_command_line_is_told_that_the_engine_is_away_and_nothing_else() {
    // One that was never there, and one that is gone.
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start_at(&format!("unix://{}/docker.sock", dir.path().display()), &[]).await;
    let key = administrator(&server).await.make_key("docker").await;
    let missing = Docker::through(&server, Some(&key));
    let mut scene = FakeScene::start(1).await;
    let (mut ada, mut live) = scene.watched().await;
    let key = ada.make_key("docker").await;
    scene.engine.stop().await;
    link_becomes(&mut live, "local", "down").await;
    let gone = Docker::through(&scene.server, Some(&key));
    for docker in [&missing, &gone] {
        // An engine of no version is an ancient one to it, which has no such command.
        for words in [&["ps"][..], &["system", "df"], &["network", "prune", "-f"]] {
            let said = docker.refused(words).await;
            assert!(said.contains("docker.sock") && !said.contains("requires API version"), "{said}");
        }
    }
    let answer =
        Person::with_key(scene.server.http(), &key).get("hosts/local/docker/_ping").await.expect(502);
    assert_eq!(answer.headers["api-version"], "1.41", "the one that was spoken last");
}

#[tokio::test]
async fn a_stopped_engine_keeps_its_rows_and_gets_their_states_back() {
    let mut scene = FakeScene::start(20).await;
    let (_, mut live) = scene.watched().await;
    let (id, _) = scene.engine.container(0);
    live.subscribe_containers("").await;
    let before = live.until("the row", |m| row(m, &id).filter(|row| row["state"] == "healthy")).await;

    scene.engine.stop().await;
    let lost = live.until("its state unknown", |m| row(m, &id).filter(|row| row["state"] == "unknown")).await;
    assert_eq!(lost["name"], before["name"], "what was known is still shown");

    // Meanwhile it is not the same world any more.
    let (dead, _) = scene.engine.container(1);
    scene.engine.die(&dead, 3);
    scene.engine.start().await.unwrap();
    let after = live.until("its state again", |m| row(m, &id).filter(|row| row["state"] == "healthy")).await;
    assert_eq!(after["key"], before["key"], "it is the same row");
    live.subscribe_containers("").await;
    live.until("the other's end", |m| row(m, &dead).filter(|row| row["state"] == "failed")).await;

    // And what happens from now on arrives again.
    scene.engine.revive(&dead);
    live.until("its life", |m| row(m, &dead).filter(|row| row["state"] == "healthy")).await;
}

#[tokio::test]
async fn a_cut_event_stream_is_opened_again() {
    let scene = FakeScene::start(20).await;
    let (_, mut live) = scene.watched().await;
    live.subscribe_containers("").await;
    let (id, _) = scene.engine.container(0);
    live.until("the row", |m| row(m, &id)).await;

    scene.engine.cut_events();
    let link = link_becomes(&mut live, "local", "down").await;
    assert_eq!(link["why"]["code"], "engine-ended", "it is an engine that stops, and no stranger: {link}");
    scene.engine.called("GET /events", 2).await;
    link_becomes(&mut live, "local", "up").await;
    scene.engine.die(&id, 1);
    live.until("its end", |m| row(m, &id).filter(|row| row["state"] == "failed")).await;
}

#[tokio::test]
async fn one_that_is_down_costs_the_real_one_nothing() {
    let mut scene = Scene::start().await;
    scene.administrator().await;
    add_host(&mut scene.server, "attic", "unix:///nowhere/docker.sock").await;
    let ada = signed_in_again(&scene.server).await;
    let mut live = Live::open(&ada).await.unwrap();
    link_becomes(&mut live, "attic", "down").await;
    link_becomes(&mut live, "local", "up").await;
    let name = scene.engine.running("web").await;
    live.subscribe_containers(&name).await;
    live.until("the row", |m| {
        let rows = m["body"]["rows"].as_array()?;
        rows.iter().any(|row| row["name"] == name.as_str() && row["state"] == "running").then_some(())
    })
    .await;
}
