//! The docker command line through the gateway: as if it spoke with the engine itself.

use std::process::Stdio;

use longshore_tests::{
    Docker, Person, Scene,
    cli::{finished, succeeded},
    engine::IMAGE,
    soon,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn run_prints_what_the_container_prints() {
    let scene = Scene::start().await;
    let docker = scene.docker().await;
    let said = docker.ok(["run", "--rm", "--label", &scene.engine.label(), IMAGE, "echo", "hi"]).await;
    assert_eq!(said, "hi");
    let failed =
        docker.run(["run", "--rm", "--label", &scene.engine.label(), IMAGE, "sh", "-c", "exit 7"]).await;
    assert_eq!(failed.status.code(), Some(7));
}

#[tokio::test]
async fn it_works_below_a_base_path_as_well() {
    let scene = Scene::start_with(&["--base-path", "/ls"]).await;
    let docker = scene.docker().await;
    let said = docker
        .fed(["run", "--rm", "-i", "--label", &scene.engine.label(), IMAGE, "cat"], b"through".to_vec())
        .await;
    assert_eq!(said, b"through");
}

#[tokio::test]
async fn run_echoes_a_megabyte_of_input_to_the_end() {
    let scene = Scene::start().await;
    let docker = scene.docker().await;
    // No UTF-8, and every byte value: nothing in between may look at it.
    let input: Vec<u8> =
        (0_u32..1_000_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 24).to_le_bytes()[0]).collect();
    let said = docker
        .fed(["run", "--rm", "-i", "--label", &scene.engine.label(), IMAGE, "cat"], input.clone())
        .await;
    assert_eq!(said.len(), input.len());
    assert!(said == input, "what came back is not what went in");
}

#[tokio::test]
async fn a_terminal_in_a_container_answers() {
    let scene = Scene::start().await;
    let name = scene.engine.running("web").await;
    let docker = scene.docker().await;

    let mut script = docker.program("script");
    script.args(["--quiet", "--return", "--command", &format!("docker exec -it {name} sh"), "/dev/null"]);
    let mut terminal = script.stdin(Stdio::piped()).spawn().expect("script is on the path");
    let mut keys = terminal.stdin.take().expect("piped");
    let mut screen = terminal.stdout.take().expect("piped");
    let mut shown = String::new();
    let mut chunk = [0; 4096];

    soon("a prompt", until(&mut screen, &mut chunk, &mut shown, "#")).await;
    keys.write_all(b"tty; echo $((6*7)); exit 5\n").await.unwrap();
    soon("the shell's end", until(&mut screen, &mut chunk, &mut shown, "42")).await;
    assert!(shown.contains("/dev/pts/"), "it is a terminal: {shown}");
    let ended = soon("the command line's end", terminal.wait()).await.unwrap();
    assert_eq!(ended.code(), Some(5), "the shell's own exit code: {shown}");
}

async fn until(screen: &mut (impl AsyncReadExt + Unpin), chunk: &mut [u8], shown: &mut String, mark: &str) {
    while !shown.contains(mark) {
        let read = screen.read(chunk).await.expect("script can be read");
        assert!(read > 0, "the terminal ended with: {shown}");
        shown.push_str(&String::from_utf8_lossy(&chunk[..read]));
    }
}

#[tokio::test]
async fn exec_keeps_the_two_outputs_apart() {
    let scene = Scene::start().await;
    let name = scene.engine.running("web").await;
    let docker = scene.docker().await;
    let done = docker.run(["exec", &name, "sh", "-c", "echo out; echo err >&2; exit 3"]).await;
    assert_eq!(done.status.code(), Some(3));
    assert_eq!((done.stdout.as_slice(), done.stderr.as_slice()), (&b"out\n"[..], &b"err\n"[..]));
}

#[tokio::test]
async fn files_are_copied_in_and_out() {
    let scene = Scene::start().await;
    let name = scene.engine.running("web").await;
    let docker = scene.docker().await;
    let dir = tempfile::tempdir().unwrap();
    let (there, back) = (dir.path().join("there.bin"), dir.path().join("back.bin"));
    let content: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
    std::fs::write(&there, &content).unwrap();

    docker.ok(["cp", there.to_str().unwrap(), &format!("{name}:/tmp/it")]).await;
    docker.ok(["cp", &format!("{name}:/tmp/it"), back.to_str().unwrap()]).await;
    assert!(std::fs::read(&back).unwrap() == content, "12 MB came back changed");
}

#[tokio::test]
async fn compose_brings_a_project_up_and_down() {
    let scene = Scene::start().await;
    let docker = scene.docker().await;
    let dir = tempfile::tempdir().unwrap();
    let label = scene.engine.label();
    let file = format!(
        "version: '2.4'
services:
  web:
    image: {IMAGE}
    command: sh -c \"trap 'exit 0' TERM; sleep 3600 & wait\"
    labels: ['{label}']
  job:
    image: {IMAGE}
    command: sh -c \"trap 'exit 0' TERM; sleep 3600 & wait\"
    depends_on: [web]
    labels: ['{label}']
networks:
  default:
    labels: ['{label}']
"
    );
    std::fs::write(dir.path().join("docker-compose.yml"), file).unwrap();
    let project = scene.engine.name("shop");
    let compose = |words: &[&str]| {
        let mut compose = docker.program("docker-compose");
        compose.current_dir(dir.path()).env("COMPOSE_PROJECT_NAME", &project).env("COMPOSE_ANSI", "never");
        compose.args(words);
        compose
    };

    succeeded(compose(&["up", "-d"])).await;
    let listed = succeeded(compose(&["ps"])).await;
    assert_eq!(listed.matches(" Up").count(), 2, "{listed}");
    assert_eq!(scene.engine.state(&format!("{project}_web_1")).await, "running");

    succeeded(compose(&["down", "-t", "5"])).await;
    let left = scene.engine.docker().ok(["ps", "-aq", "--filter", &format!("label={label}")]).await;
    assert_eq!(left, "");
}

#[tokio::test]
async fn nobody_gets_through_without_a_key() {
    let scene = Scene::start().await;
    let name = scene.engine.running("web").await;
    let mut ada = scene.administrator().await;
    let key = ada.make_key("good").await;

    for key in [None, Some("lsk_0000000000000000000000000000000000000000000"), Some("")] {
        let docker = Docker::through(&scene.server, key);
        docker.refused(["ps"]).await;
        docker.refused(["stop", &name]).await;
        docker.refused(["exec", &name, "true"]).await;
    }
    assert_eq!(scene.engine.state(&name).await, "running");

    let mut nobody = Person::nobody(scene.server.http());
    let answer = nobody.get("hosts/local/docker/v1.41/containers/json").await.expect(401);
    assert!(
        answer.json()["message"].is_string(),
        "the gateway answers as the engine does: {}",
        answer.text()
    );
    let docker = Docker::through(&scene.server, Some(&key));
    assert!(docker.ok(["ps", "--format", "{{.Names}}"]).await.lines().any(|line| line == name));
}

#[tokio::test]
async fn what_is_not_in_the_table_is_refused_by_name() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let key = ada.make_key("curious").await;
    let mut ada = Person::with_key(scene.server.http(), &key);
    for path in [
        "debug/vars",
        "v1.41/debug/vars",
        "v1.41/debug/pprof/heap",
        "v1.41//debug/vars",
        "/containers/json",
        "v1.41//containers/json",
        "v1.41/containers//json",
        "v1.41/containers/json/",
        "%2fcontainers/json",
        "v1.41/containers%2fjson",
        "v1.41/containers%2Fjson",
        "v1.41/%2e%2e/debug/vars",
        "v1.41/../debug/vars",
        "v1.41/containers/../../debug/vars",
        "v1.41/./containers/json",
        "v1.23/containers/json",
        "v1.2/containers/json",
        "v01.41/containers/json",
        "v1.41/v1.41/containers/json",
        "v1.41/libpod/info",
        "v1.41/plugins/privileges",
        "v1.41/containers/web/checkpoints",
        "v1.41/containers/json?all=1&unknown=1",
        "v1.41/containers/json?all=1&all=0",
    ] {
        let answer = ada.get(&format!("hosts/local/docker/{path}")).await;
        assert!((400..500).contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
        let why = answer.json()["message"].as_str().unwrap_or_default().to_owned();
        assert!(!why.is_empty() && !why.contains("page not found"), "{path} did not end here: {why}");
    }
    ada.get("hosts/local/docker/v1.41/containers/json?all=1").await.expect(200);
}

#[tokio::test]
async fn an_old_compose_is_told_why_it_is_refused() {
    let scene = Scene::start().await;
    let docker = scene.docker().await;
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("docker-compose.yml"), format!("web:\n  image: {IMAGE}\n")).unwrap();
    let mut compose = docker.program("docker-compose");
    compose.current_dir(dir.path()).env("COMPOSE_API_VERSION", "1.21").args(["up", "-d"]);
    let done = finished(compose).await;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success() && said.contains("1.24"), "it names the oldest version accepted: {said}");
}
