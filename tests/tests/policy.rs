//! What may be said to an engine: bodies are read strictly, judged, and written anew, for whoever speaks.

use http::Method;
use longshore_tests::{Docker, Person, Scene, engine::IMAGE, raw};
use serde_json::json;

const DOCKER: &str = "/api/v1/hosts/local/docker/v1.41";

/// Sends a body as it stands, which no value of JSON could hold, and returns all of the answer.
async fn says(scene: &Scene, key: &str, path: &str, body: &str) -> String {
    let address = scene.server.http().address().to_owned();
    let request = format!(
        "POST {DOCKER}{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    raw::talk(&address, &request).await
}

/// All containers of this test, running or not.
async fn there(scene: &Scene) -> Vec<String> {
    let named = format!("name={}", scene.engine.name(""));
    let all = scene.engine.docker().ok(["ps", "--all", "--format", "{{.Names}}", "--filter", &named]).await;
    all.lines().map(str::to_owned).collect()
}

/// Each of these made a privileged container, or one with the host's files, when an engine was asked straight.
#[tokio::test]
async fn no_spelling_gets_past_what_is_looked_at() {
    let scene = Scene::start().await;
    let key = scene.administrator().await.make_key("curious").await;
    let label = scene.engine.label();
    let (name, value) = label.split_once('=').expect("a label has a value");
    for (n, (rest, quoted)) in [
        (
            r#""HostConfig":{"Privileged":false,"privileged":true},"hostconfig":{"binds":["/etc:/e"]}"#,
            "hostconfig",
        ),
        (r#""HostConfig":{"Privileged":false,"privileged":true}"#, "HostConfig.privileged"),
        (r#""HostConfig":{"Privileged":false,"Privileged":true}"#, "HostConfig.Privileged"),
        (r#""HostConfig":{"Privileged":false},"hostConfig":{"Privileged":true}"#, "ostConfig"),
        (r#""HostConfig":{"Bindſ":["/etc:/e"]}"#, "HostConfig.Bindſ"),
        (
            r#""HostConfig":{"Mounts":[{"type":"bind","Source":"/etc","Target":"/e"}]}"#,
            "HostConfig.Mounts[0].type",
        ),
        (r#""host\u0063onfig":{"Privileged":true}"#, "hostconfig"),
    ]
    .into_iter()
    .enumerate()
    {
        let made = scene.engine.name(&format!("spelled{n}"));
        let body = format!(r#"{{"Image":"{IMAGE}","Labels":{{"{name}":"{value}"}},{rest}}}"#);
        let said = says(&scene, &key, &format!("/containers/create?name={made}"), &body).await;
        assert!(said.starts_with("HTTP/1.1 400 ") && said.contains("\"message\""), "{rest}: {said}");
        assert!(said.contains(quoted), "{rest} is named: {said}");
    }
    assert_eq!(there(&scene).await, Vec::<String>::new());

    // The same for a command in a container, and for parameters.
    let web = scene.engine.running("web").await;
    let exec = format!("/containers/{web}/exec");
    let said = says(&scene, &key, &exec, r#"{"Cmd":["id"],"Privileged":false,"privileged":true}"#).await;
    assert!(said.starts_with("HTTP/1.1 400 "), "{said}");
    let mut program = Person::with_key(scene.server.http(), &key);
    let twice = "hosts/local/docker/v1.41/containers/json?filters=%7B%22name%22:%5B%5D,%22name%22:%5B%5D%7D";
    assert!(program.get(twice).await.expect(400).text().contains("name"));
}

/// Who may do everything is not held back by what this build has not heard of, and keys of maps are theirs.
#[tokio::test]
async fn managers_say_what_a_newer_engine_may_know() {
    let scene = Scene::start().await;
    let key = scene.administrator().await.make_key("newer").await;
    let mut program = Person::with_key(scene.server.http(), &key);
    let name = scene.engine.name("newer");
    let label = scene.engine.label();
    let (owner, value) = label.split_once('=').expect("a label has a value");
    let body = json!({
        "Image": IMAGE, "Later": {"Field": [1]}, "Labels": {owner: value, "case": "1", "Case": "2"},
        "HostConfig": {"PidMode": "host", "Later": []},
    });
    let path = format!("hosts/local/docker/v1.41/containers/create?name={name}");
    program.send(Method::POST, &path, Some(body)).await.expect(201);
    let made = scene.engine.inspect(&name).await;
    assert_eq!(made["HostConfig"]["PidMode"], "host");
    assert_eq!(
        (&made["Config"]["Labels"]["case"], &made["Config"]["Labels"]["Case"]),
        (&json!("1"), &json!("2"))
    );
}

#[tokio::test]
async fn a_classic_build_goes_through() {
    let scene = Scene::start().await;
    let key = scene.administrator().await.make_key("builder").await;
    let docker = Docker::through(&scene.server, Some(&key));
    let dir = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(dir.path().join("Dockerfile"), format!("FROM {IMAGE}\nRUN echo built > /it\n"))
        .expect("a file in it");
    let tag = scene.engine.name("built");
    let mut build = docker.command(["build", "--quiet", "--label", &scene.engine.label(), "--tag", &tag]);
    build
        .env("DOCKER_BUILDKIT", "0")
        .args(["--build-arg", "A=1", "--ulimit", "nofile=1024:2048"])
        .arg(dir.path());
    longshore_tests::cli::succeeded(build).await;
    let said = docker.ok(["run", "--rm", "--label", &scene.engine.label(), &tag, "cat", "/it"]).await;
    assert_eq!(said, "built");
    scene.engine.docker().ok(["rmi", &tag]).await;
}

/// Engines of the first versions took what a container may do when it was started.
#[tokio::test]
async fn a_body_where_there_is_none_goes_no_further() {
    let scene = Scene::start().await;
    let key = scene.administrator().await.make_key("old").await;
    let name = scene.engine.name("old");
    let label = scene.engine.label();
    let sleeps = ["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"];
    let create = ["create", "--name", &name, "--label", &label, IMAGE];
    scene.engine.docker().ok(create.into_iter().chain(sleeps)).await;
    let address = scene.server.http().address().to_owned();
    let body = r#"{"HostConfig":{"Binds":["/:/h"],"Privileged":true}}"#;
    let request = format!(
        "POST /api/v1/hosts/local/docker/v1.24/containers/{name}/start HTTP/1.1\r\nHost: {address}\r\n\
         Authorization: Bearer {key}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let said = raw::talk(&address, &request).await;
    assert!(said.starts_with("HTTP/1.1 204 "), "{said}");
    let started = scene.engine.inspect(&name).await;
    assert_eq!(started["State"]["Running"], json!(true));
    let config = &started["HostConfig"];
    assert_eq!((&config["Privileged"], &started["Mounts"]), (&json!(false), &json!([])), "{config}");
}
