//! `longshore login` and `longshore connect`: docker on one's own machine, with one's rights on a host far away.

use http::Method;
use longshore_tests::{Afar, Docker, FakeScene, Live, Person, Proxy, Scene, afar::mode, work};
use serde_json::json;

#[tokio::test]
async fn a_key_is_kept_and_docker_has_a_socket() {
    let scene = Scene::start().await;
    let key = scene.administrator().await.make_key("laptop").await;
    let afar = Afar::new();
    let said = afar.login(&scene.server.url(""), &key, &[]).await;
    assert!(said.contains("as ada") && !said.contains(&key) && !said.contains("Warning"), "{said}");
    assert_eq!(afar.mode(".config/longshore/servers.toml"), 0o600);
    assert_eq!(afar.mode(".config/longshore"), 0o700);

    let mut connect = afar.connect(&[]).await;
    let unix = format!("unix://{}", connect.socket.display());
    assert_eq!(connect.context, format!("docker context create longshore-local --docker host={unix}"));
    assert_eq!(mode(&connect.socket), 0o600);
    assert_eq!(mode(connect.socket.parent().unwrap()), 0o700);
    work::all_of(&scene.engine, &connect.docker()).await;

    // The line that it printed makes a context as it stands.
    let docker = connect.docker();
    let mut line = docker.program("sh");
    line.args(["-c", &format!("{} && docker --context longshore-local ps -q", connect.context)]);
    longshore_tests::cli::succeeded(line).await;

    let socket = connect.socket.clone();
    assert_eq!(connect.program.stop().await, Some(0), "{}", connect.program.log());
    assert!(!socket.exists(), "it is removed");

    afar.ok(&["logout"]).await;
    assert!(!std::fs::read_to_string(afar.path(".config/longshore/servers.toml")).unwrap().contains("lsk_"));
    let refused = afar.refused(&["connect", "local"]).await;
    assert!(refused.contains("longshore login"), "{refused}");
}

/// The key of somebody who is below the managers of the host, and what is others' there.
async fn developer(scene: &Scene) -> (String, String) {
    let mut ada = scene.administrator().await;
    let mut mia = scene.person(&mut ada, "mia", "developer").await;
    let foreign = scene.engine.running("foreign").await;
    // It is another team's.
    scene.person(&mut ada, "bob", "developer").await;
    let team = ada.team("Other", &["bob"]).await;
    let _live = Live::watching(&ada, &foreign).await;
    let shared = json!({ "owner": "bob", "sharing": "teams", "teams": [team] });
    ada.send(Method::PUT, &format!("hosts/local/containers/{foreign}/access"), Some(shared))
        .await
        .expect(204);
    (mia.make_key("laptop").await, foreign)
}

/// Real work beside what is others', which is as if it were not there.
async fn works_beside(scene: &Scene, docker: &Docker, foreign: &str) {
    work::all_of(&scene.engine, docker).await;
    let listed = docker.ok(["ps", "-a", "--format", "{{.Names}}"]).await;
    assert!(!listed.contains(foreign), "{listed}");
    for words in [&["inspect", foreign][..], &["stop", foreign], &["exec", foreign, "id"], &["logs", foreign]]
    {
        docker.refused(words).await;
    }
    assert_eq!(scene.engine.state(foreign).await, "running");
}

/// Signs in at a proxy whose certificate is its own, and works across it.
async fn works_across(scene: &Scene, proxy: &Proxy) {
    let (key, foreign) = developer(scene).await;
    let afar = Afar::new();
    let refused = afar.no_login(&proxy.url(""), &key).await;
    assert!(refused.contains("cannot be trusted") && refused.contains("--ca"), "{refused}");
    let ca = proxy.certificate();
    afar.login(&proxy.url(""), &key, &["--ca", ca.to_str().expect("text")]).await;
    let connect = afar.connect(&[]).await;
    works_beside(scene, &connect.docker(), &foreign).await;
}

#[tokio::test]
async fn all_of_docker_works_across_nginx() {
    let scene = Scene::start_with(&Proxy::SERVER).await;
    let nginx = Proxy::nginx(&scene.server).await;
    works_across(&scene, &nginx).await;
}

#[tokio::test]
async fn all_of_docker_works_across_caddy() {
    let scene = Scene::start_with(&Proxy::SERVER).await;
    let caddy = Proxy::caddy(&scene.server).await;
    works_across(&scene, &caddy).await;
}

#[tokio::test]
async fn all_of_docker_works_directly_with_the_key_in_its_own_configuration() {
    let scene = Scene::start_with(&["--base-path", "/ls"]).await;
    let (key, foreign) = developer(&scene).await;
    works_beside(&scene, &Docker::through(&scene.server, Some(&key)), &foreign).await;
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_in_is_said() {
    let scene = FakeScene::start(1).await;
    let url = scene.server.url("");
    let afar = Afar::new();
    let good = format!("lsk_{}", "A".repeat(43));
    let refused = afar.no_login(&url, &good).await;
    assert!(refused.contains("not set up yet"), "{refused}");

    let mut ada = scene.administrator().await;
    let refused = afar.no_login(&url, &good).await;
    assert!(refused.contains("does not exist"), "{refused}");
    let refused = afar.no_login(&url, "correct horse").await;
    assert!(refused.contains("no API key"), "{refused}");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let now = u64::try_from(now.as_millis()).expect("few digits");
    let until = json!({ "name": "short", "ends_at": now + 1_500 });
    let made = ada.send(Method::POST, "account/keys", Some(until)).await.expect(200).json();
    let short = made["key"].as_str().unwrap();
    afar.login(&url, short, &[]).await;
    let run_out = async {
        loop {
            let done = afar.try_login(&url, short, &[]).await;
            if !done.status.success() {
                return String::from_utf8_lossy(&done.stderr).into_owned();
            }
        }
    };
    let refused = longshore_tests::soon("the end of the key", run_out).await;
    assert!(refused.contains("has run out"), "{refused}");
    let refused = afar.refused(&["connect", "local"]).await;
    assert!(refused.contains("has run out"), "{refused}");

    let refused = afar.no_login(&format!("{url}elsewhere"), &good).await;
    assert!(refused.contains("not as Longshore does") && refused.contains("base path"), "{refused}");
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
    let refused = afar.no_login(&format!("http://{free}"), &good).await;
    assert!(refused.contains("no answer from"), "{refused}");
    let refused = afar.no_login("ftp://quay", &good).await;
    assert!(refused.contains("not the address of a Longshore"), "{refused}");
}

#[tokio::test]
async fn the_host_is_one_that_the_key_may_know() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let key = ada.make_key("laptop").await;
    let afar = Afar::new();
    afar.login(&scene.server.url(""), &key, &[]).await;
    let refused = afar.refused(&["connect", "elsewhere"]).await;
    assert!(refused.contains("elsewhere"), "{refused}");
    let refused = afar.refused(&["connect", "../local"]).await;
    assert!(refused.contains("slug"), "{refused}");

    // Another's socket is theirs; what is left of a dead one is nobody's.
    let connect = afar.connect(&[]).await;
    let refused = afar.refused(&["connect", "local"]).await;
    assert!(refused.contains("listens there already"), "{refused}");
    let mut dead = connect;
    dead.program.kill().await;
    assert!(dead.socket.exists());
    let again = afar.connect(&[]).await;
    assert_eq!(again.socket, dead.socket);
    let elsewhere = afar.path("a b.sock");
    let named = afar.command(&["connect", "local", "--socket", elsewhere.to_str().unwrap()]);
    let mut named = named;
    let mut program = longshore_tests::program::Program::start("longshore connect", &mut named);
    let line = program
        .line("a line with DOCKER_HOST", |line| line.starts_with("export").then(|| line.to_owned()))
        .await;
    assert_eq!(line, format!("export DOCKER_HOST='unix://{}'", elsewhere.display()));
}

#[tokio::test]
async fn somebody_without_rights_may_not_know_the_host() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let key = ada.make_key("all").await;
    let afar = Afar::new();
    afar.login(&scene.server.url(""), &key, &[]).await;
    scene.server.administered(&["host", "add", "elsewhere", "unix:///nowhere/docker.sock"]).await;
    let known = async {
        // A running server notices by itself; until it has, it knows of no such host.
        while afar.refused(&["connect", "elsewhere", "--socket", "/nowhere/s"]).await.contains("no host") {}
    };
    longshore_tests::soon("the host", known).await;
    let limits = json!({ "name": "elsewhere alone", "hosts": ["elsewhere"] });
    let made = ada.send(Method::POST, "account/keys", Some(limits)).await.expect(200).json();
    let key = made["key"].as_str().unwrap();
    afar.login(&scene.server.url(""), key, &[]).await;
    let refused = afar.refused(&["connect", "local"]).await;
    assert!(refused.contains("no host"), "{refused}");
    let mut eve = Person::with_key(scene.server.http(), key);
    eve.get("hosts/local/connect").await.expect(404).problem();
}
