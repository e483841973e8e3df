//! What ships: the image around the static binary, on a real engine, from its first start to a signed-in person.

use longshore_fake_engine::FakeEngine;
use longshore_tests::{
    Browser, Engine, Live, Server,
    browser::{ESCAPE, Look, row},
    cli::succeeded,
    fake::host,
    told,
    within::{set_up, socket},
};
use serde_json::{Value, json};

/// The image, under a tag of this test's.
async fn image(engine: &Engine) -> String {
    let tag = engine.name("longshore");
    // The classic builder is the one that every engine has.
    let mut build = engine.docker().command(["build", "--quiet", "--label", &engine.label(), "--tag", &tag]);
    build.env("DOCKER_BUILDKIT", "0").arg(told("LONGSHORE_TEST_IMAGE"));
    succeeded(build).await;
    tag
}

/// Waits until a running container has figures, and the host says that they are from there.
async fn measures(live: &mut Live, container: &str, source: &str) {
    live.send(&json!({ "type": "subscribe", "sub": 8, "topic": { "topic": "hosts" } })).await;
    live.subscribe_containers(container).await;
    let (mut from, mut key, mut measured) = (Value::Null, Value::Null, false);
    live.until(&format!("figures from {source}"), |message| {
        if let Some(host) = host(message, "local") {
            from = host["usage"].clone();
        }
        for row in message["body"]["rows"].as_array().into_iter().flatten() {
            if row["name"] == container {
                key = row["key"].clone();
                measured |= row["usage"]["memory"].as_u64().is_some();
            }
        }
        let figures = message["body"]["usage"].as_array();
        measured |= figures.into_iter().flatten().any(|one| one[0] == key);
        (from == source && measured).then_some(())
    })
    .await;
}

#[tokio::test]
async fn dist_image_runs_and_a_person_signs_in() {
    let engine = Engine::shared();
    let docker = engine.docker();
    let tag = image(&engine).await;

    let name = engine.name("shipped");
    let socket = format!("{}:/var/run/docker.sock", socket(&engine));
    docker
        .ok(["run", "--detach", "--name", &name, "--label", &engine.label(), "--volume", &socket, &tag])
        .await;
    let ada = set_up(&engine, &name).await;
    let page = ada.http().get("").await.expect(200).text();
    let script = page.split("src=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    ada.http().get(script).await.expect(200);

    // Without the machine's files the engine is asked, and the host says so.
    let mut live = Live::open(&ada).await.unwrap();
    measures(&mut live, &name, "engine").await;

    docker.ok(["rm", "--force", &engine.name("sidecar")]).await;
    docker.ok(["stop", &name]).await;
    assert_eq!(engine.inspect(&name).await["State"]["ExitCode"], 0, "a stop is no failure");
    docker.ok(["rm", "--volumes", &name]).await;
    docker.ok(["image", "rm", &tag]).await;
}

#[tokio::test]
async fn dist_compose_file_brings_up_a_healthy_server_that_reads_the_machine_s_files() {
    let engine = Engine::shared();
    let tag = image(&engine).await;
    // What differs here: the image has another name, the engine another socket, and all is put away by its label.
    let (label, socket) = (engine.label(), socket(&engine));
    let here = format!(
        "services:
  longshore:
    image: {tag}
    labels: ['{label}']
    volumes: ['{socket}:/var/run/docker.sock']
networks:
  default:
    labels: ['{label}']
volumes:
  data:
    labels: ['{label}']
"
    );
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("here.yaml"), here).unwrap();
    let project = engine.name("ls");
    let compose = |words: &[&str]| {
        let mut compose = engine.docker().program("docker-compose");
        compose.current_dir(dir.path()).env("COMPOSE_PROJECT_NAME", &project).env("COMPOSE_ANSI", "never");
        compose.args([
            "-f",
            concat!(env!("CARGO_MANIFEST_DIR"), "/../docker/compose.yaml"),
            "-f",
            "here.yaml",
        ]);
        compose.args(words);
        compose
    };
    succeeded(compose(&["up", "-d"])).await;
    let name = format!("{project}_longshore_1");

    let first = engine.event(&name, "health_status").await;
    assert!(first.contains("health_status: healthy"), "{first}");

    let ada = set_up(&engine, &name).await;
    let mut live = Live::open(&ada).await.unwrap();
    measures(&mut live, &engine.running("web").await, "files").await;
    let cgroups = ["info", "--format", "cgroup v{{.CgroupVersion}}, driver {{.CgroupDriver}}"];
    eprintln!("usage in the image was read with {}", engine.docker().ok(cgroups).await);

    engine.docker().ok(["rm", "--force", &engine.name("sidecar")]).await;
    succeeded(compose(&["down", "--volumes"])).await;
    engine.docker().ok(["image", "rm", &tag]).await;
}

/// The optimised modules fit one another: every chunk is fetched and runs, below a path, within the pages' policy.
#[tokio::test]
async fn dist_pages_are_all_shown_in_a_browser() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let engine = FakeEngine::on_socket(&dir.path().join("docker.sock"), 20).await.expect("a free path");
    let shipped = told("LONGSHORE_TEST_IMAGE").join("longshore");
    let server = Server::start_other(&shipped, engine.address(), &["--base-path", "/ls"]).await;
    let browser = Browser::start(&Look::desk()).await;
    browser.set_up(server.set_up_link()).await;
    browser.appears("[data-count=\"running\"]").await;
    browser.expect_no_complaint().await;

    let (_, name) = engine.container(0);
    // Each by its address, and then by links alone, without a load.
    let pages = [
        ("containers", row(&name)),
        ("events", "input[type=\"search\"]".to_owned()),
        ("account", ".account".to_owned()),
    ];
    for (path, mark) in &pages {
        browser.open(&server.url(path)).await;
        browser.appears(mark).await;
        browser.expect_no_complaint().await;
    }
    browser.script("window.neverLoadedAgain = true").await;
    for (path, mark) in &pages {
        browser.click(&format!(".rail a[href=\"/ls/{path}\"]")).await;
        browser.appears(mark).await;
        assert_eq!(browser.url().await, server.url(path));
    }
    browser.seek(&name).await;
    browser.appears(".palette__item").await;
    browser.press(ESCAPE).await;
    browser.vanishes(".palette").await;
    browser.script("history.go(-2)").await;
    browser.click(&format!("{} [data-action=\"more\"]", row(&name))).await;
    browser.appears("[role=\"dialog\"] [data-action=\"remove\"]").await;
    browser.press(ESCAPE).await;
    browser.click(".rail a[href=\"/ls/\"]").await;
    browser.appears("[data-count=\"running\"]").await;
    assert_eq!(browser.script("return window.neverLoadedAgain").await, true);
    browser.expect_no_complaint().await;
}
