//! What ships: the image around the static binary, on a real engine, from its first start to a signed-in person.

use std::{path::PathBuf, process::Stdio};

use longshore_fake_engine::FakeEngine;
use longshore_tests::{
    Browser, Engine, Live, Person, Server,
    browser::{ESCAPE, Look, row},
    cli::succeeded,
    engine::IMAGE,
    fake::host,
    http::Http,
    person::{ADA, PASSWORD},
    soon,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
};

/// The folder that `cargo xtask test` has laid out as `cargo xtask dist` does.
fn image_folder() -> PathBuf {
    std::env::var_os("LONGSHORE_TEST_IMAGE")
        .expect("LONGSHORE_TEST_IMAGE is set: run cargo xtask test dist")
        .into()
}

/// The path of the engine's socket.
fn socket(engine: &Engine) -> String {
    engine.address().trim_start_matches("unix://").to_owned()
}

/// The engine's networks are not seen from where tests run, so each connection to the returned port goes through a
/// `docker exec` into the same network as the container.
async fn forward(engine: &Engine, to: &str) -> u16 {
    let sidecar = engine.name("sidecar");
    let network = format!("container:{to}");
    let label = engine.label();
    let words =
        ["run", "-d", "--name", &sidecar, "--label", &label, "--network", &network, IMAGE, "sleep", "1000"];
    engine.docker().ok(words).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let mut link = engine.docker().command(["exec", "-i", &sidecar, "nc", "127.0.0.1", "7420"]);
    link.stdin(Stdio::piped()).stderr(Stdio::null());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut exec = link.spawn().expect("docker is on the path");
            let (stdin, stdout) = (exec.stdin.take().expect("piped"), exec.stdout.take().expect("piped"));
            tokio::spawn(async move {
                let mut far = tokio::io::join(stdout, stdin);
                // Whichever side ends it, the other sees the end.
                let _ = tokio::io::copy_bidirectional(&mut client, &mut far).await;
                drop(exec);
            });
        }
    });
    port
}

/// The image, under a tag of this test's.
async fn image(engine: &Engine) -> String {
    let tag = engine.name("longshore");
    // The classic builder is the one that every engine has.
    let mut build = engine.docker().command(["build", "--quiet", "--label", &engine.label(), "--tag", &tag]);
    build.env("DOCKER_BUILDKIT", "0").arg(image_folder());
    succeeded(build).await;
    tag
}

/// Makes the first account by the link in a container's log.
async fn set_up(engine: &Engine, container: &str) -> Person {
    let mut logs = engine.docker().command(["logs", "--follow", container]);
    let mut logs = logs.stderr(Stdio::null()).spawn().expect("docker is on the path");
    let mut lines = BufReader::new(logs.stdout.take().expect("piped")).lines();
    let link = soon("the set-up link in the log", async {
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(link) = line.strip_prefix("Set up the first account: ") {
                return link.to_owned();
            }
        }
        panic!("the container ended without a set-up link");
    })
    .await;
    let secret = link.split_once('#').expect("the secret travels in the fragment").1;
    let port = forward(engine, container).await;
    let http = Http::new(&format!("http://127.0.0.1:{port}/"));
    Person::nobody(http.clone()).set_up(secret).await.expect(200);
    let mut ada = Person::nobody(http);
    ada.sign_in(ADA, PASSWORD).await.expect(200);
    ada
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
    let shipped = image_folder().join("longshore");
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
