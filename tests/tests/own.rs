//! What Longshore itself is made of, on the host that it manages: the container that it runs in, and the volume that it has
//! its data in. Managers look at it, administrators use it, and nobody has Longshore end itself half way.

use std::path::Path;

use http::Method;
use longshore_tests::{
    Docker, Engine, Scene, Server,
    engine::IMAGE,
    fake::administrator,
    stack::up,
    told,
    within::{set_up, socket},
};
use serde_json::{Value, json};

#[tokio::test]
async fn the_container_that_it_runs_in_is_for_administrators() {
    let engine = Engine::shared();
    let docker = engine.docker();
    let (name, data, project, label) =
        (engine.name("ls"), engine.name("data"), engine.name("house"), engine.label());
    docker.ok(["volume", "create", "--label", &label, &data]).await;
    // The program under test, with the libraries of the machine that it was built on.
    let mut binds = vec![
        format!("{data}:/data"),
        format!("{}:/longshore:ro", told("LONGSHORE_TEST_BIN").display()),
        format!("{}:/var/run/docker.sock", socket(&engine)),
    ];
    let libraries = ["/lib", "/lib64", "/usr/lib"].into_iter().filter(|folder| Path::new(folder).exists());
    binds.extend(libraries.map(|folder| format!("{folder}:{folder}:ro")));
    let mut words: Vec<String> = ["run", "-d", "--name", &name, "--label", &label].map(str::to_owned).into();
    for (key, value) in
        [("project", project.as_str()), ("service", "web"), ("container-number", "1"), ("oneoff", "False")]
    {
        words.extend(["--label".to_owned(), format!("com.docker.compose.{key}={value}")]);
    }
    binds.into_iter().for_each(|bind| words.extend(["-v".to_owned(), bind]));
    let serve = [IMAGE, "/longshore", "serve", "--data", "/data", "--listen", "0.0.0.0:7420"];
    words.extend(serve.map(str::to_owned));
    let id = docker.ok(&words).await;

    let mut ada = set_up(&engine, &name).await;
    let (account, mut max) = ada.invite("max").await;
    ada.give(&account, "manager").await;
    let base = format!("{}{}", ada.http().origin(), ada.http().base_path());
    let managers = Docker::beneath(&base, Some(&max.make_key("docker").await));
    let strongest = Docker::beneath(&base, Some(&ada.make_key("docker").await));

    // What is beside it is a manager's as ever; at it they look.
    let web = engine.running("web").await;
    managers.ok(["exec", &web, "true"]).await;
    managers.ok(["inspect", &name]).await;
    managers.ok(["logs", &name]).await;
    managers.ok(["volume", "inspect", &data]).await;
    let keys = format!("{name}:/data/signing.key");
    let mount = format!("{data}:/d");
    for called in [&name, &id, &id[..12]] {
        for words in [
            &["exec", called, "true"][..],
            &["stop", called],
            &["kill", called],
            &["restart", called],
            &["pause", called],
            &["rm", "-f", called],
            &["rename", called, "other"],
            &["export", called],
            &["commit", called],
            &["update", "--restart", "no", called],
            &["network", "disconnect", "bridge", called],
        ] {
            let said = managers.refused(words).await;
            assert!(said.contains("dminister"), "{words:?}: {said}");
        }
    }
    managers.refused(["cp", &keys, "-"]).await;
    managers.refused(["run", "--rm", "-v", &mount, IMAGE, "cat", "/d/signing.key"]).await;
    let mounted = format!("type=volume,source={data},target=/d");
    managers.refused(["create", "--mount", &mounted, IMAGE]).await;
    managers.refused(["volume", "rm", &data]).await;
    // Nor through a container that somebody has made outside.
    let backup = engine.name("backup");
    docker
        .ok(["run", "-d", "--name", &backup, "--label", &label, "-v", &mount, IMAGE, "sleep", "3600"])
        .await;
    managers.refused(["exec", &backup, "cat", "/d/signing.key"]).await;
    managers.refused(["cp", &format!("{backup}:/d/signing.key"), "-"]).await;
    strongest.ok(["exec", &backup, "test", "-s", "/d/signing.key"]).await;
    max.operate(&id, "stop").await.expect(403).problem();

    // An administrator uses it, and is told how it is replaced.
    strongest.ok(["exec", &name, "test", "-s", "/data/signing.key"]).await;
    for words in
        [&["rm", "-f", &name][..], &["rename", &name, "other"], &["pause", &name], &["volume", "rm", &data]]
    {
        let said = strongest.refused(words).await;
        assert!(said.contains("docker compose up -d"), "{words:?}: {said}");
    }
    let newer = Some(json!({ "newer": false }));
    let path = format!("hosts/local/containers/{name}/recreate");
    let said = ada.send(Method::POST, &path, newer).await.problem();
    assert!(said.starts_with("409 own-container: "), "{said}");
    // Nor as a part of its stack.
    let file = format!("services:\n  web:\n    image: {IMAGE}\n    command: [sleep, '3600']\n");
    let plan = up(Some(json!({ "files": { "compose.yaml": file } })));
    let path = format!("hosts/local/stacks/{project}/plan");
    let planned: Value = ada.send(Method::POST, &path, Some(plan)).await.expect(200).json();
    let obstacles = planned["obstacles"].to_string();
    assert!(obstacles.contains("own-container") && planned["digest"] == "", "{planned}");
    assert_eq!(
        docker.ok(["inspect", "--format", "{{.Id}} {{.State.Status}}", &name]).await,
        format!("{id} running")
    );
    // Before what forwards to it.
    docker.ok(["rm", "--force", &engine.name("sidecar")]).await;
}

#[tokio::test]
async fn the_volume_that_its_data_folder_lies_in_is_for_administrators() {
    let engine = Engine::shared();
    let docker = engine.docker();
    let (data, other, label) = (engine.name("data"), engine.name("other"), engine.label());
    for volume in [&data, &other] {
        docker.ok(["volume", "create", "--label", &label, volume]).await;
    }
    let folder = docker.ok(["volume", "inspect", "--format", "{{.Mountpoint}}", &data]).await;
    let server = Server::start_beneath(&engine, Path::new(&folder)).await;
    let scene = Scene { server, engine };
    let mut ada = administrator(&scene.server).await;
    let mut max = scene.person(&mut ada, "max", "manager").await;
    let managers = Docker::through(&scene.server, Some(&max.make_key("docker").await));
    let strongest = Docker::through(&scene.server, Some(&ada.make_key("docker").await));
    let label = scene.engine.label();
    // It asks its engine once that answers.
    let refused = async {
        loop {
            let mount = format!("{data}:/d");
            let done =
                managers.run(["run", "--rm", "--label", &label, "-v", &mount, IMAGE, "ls", "/d"]).await;
            if !done.status.success() {
                return String::from_utf8_lossy(&done.stderr).into_owned();
            }
        }
    };
    let said = longshore_tests::soon("a refusal", refused).await;
    assert!(said.contains("dminister"), "{said}");
    managers.refused(["volume", "rm", &data]).await;
    let said = strongest.refused(["volume", "rm", &data]).await;
    assert!(said.contains("Longshore itself"), "{said}");
    // No container uses it, so it would go with the unused.
    let said = strongest.refused(["volume", "prune", "-f"]).await;
    assert!(said.contains("Longshore itself"), "{said}");
    strongest.ok(["run", "--rm", "--label", &label, "-v", &format!("{data}:/d:ro"), IMAGE, "ls", "/d"]).await;
    managers.ok(["run", "--rm", "--label", &label, "-v", &format!("{other}:/d"), IMAGE, "ls", "/d"]).await;
}
