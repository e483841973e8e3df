//! Two teams on one host, each with the docker command line as they know it: each has all of its own, and nothing of the
//! other's.

use http::Method;
use longshore_tests::{
    Docker, Live, Quay, Scene,
    cli::succeeded,
    database::{sql, until},
    engine::IMAGE,
};
use serde_json::{Value, json};

fn lines(said: &str) -> Vec<&str> {
    said.lines().collect()
}

#[tokio::test]
async fn what_somebody_makes_is_theirs_and_nobody_elses() {
    let mut quay = Quay::start().await;
    let (mut mia, docker) = quay.developer("mia").await;
    let (mut bob, others) = quay.developer("bob").await;
    let label = quay.label();
    let engine = &quay.scene.engine;
    let (web, foreign) = (engine.name("web"), engine.running("foreign").await);
    let forever = "trap 'exit 0' TERM; sleep 3600 & wait";

    let said = docker.ok(["run", "--rm", "--label", &label, IMAGE, "echo", "hi"]).await;
    assert_eq!(said, "hi");
    let id = docker.ok(["run", "-d", "--name", &web, "--label", &label, IMAGE, "sh", "-c", forever]).await;
    let names = |docker: &Docker| docker.command(["ps", "-a", "--format", "{{.Names}}"]);
    assert_eq!(succeeded(names(&docker)).await, web);
    assert_eq!(succeeded(names(&others)).await, "", "bob sees nothing of hers, nor of the managers'");
    docker.ok(["exec", &web, "true"]).await;
    assert_eq!(docker.ok(["inspect", "--format", "{{.Id}}", &web]).await, id);

    // By whatever it is called: its name, its id, the beginning of that.
    for called in [web.as_str(), &id, &id[..12], &id.to_uppercase()] {
        for words in [
            vec!["inspect", called],
            vec!["logs", called],
            vec!["stop", called],
            vec!["kill", called],
            vec!["rm", called],
            vec!["exec", called, "id"],
            vec!["cp", &format!("{called}:/etc/passwd"), "-"],
            vec!["rename", called, "mine"],
            vec!["commit", called],
            vec!["top", called],
            vec!["diff", called],
            vec!["run", "--rm", "--link", &format!("{called}:other"), IMAGE, "true"],
            vec!["run", "--rm", "--volumes-from", called, IMAGE, "true"],
            vec!["run", "--rm", "--network", &format!("container:{called}"), IMAGE, "true"],
            vec!["run", "--rm", "--pid", &format!("container:{called}"), IMAGE, "true"],
        ] {
            // Newer command lines say that what is not there is removed already.
            others.run(["rm", "-f", called]).await;
            let said = others.refused(&words).await;
            assert!(!said.contains(&id[..12]) || words.iter().any(|word| word.contains(&id[..12])), "{said}");
        }
    }
    assert_eq!(engine.state(&web).await, "running");
    for called in [&foreign, &engine.name("foreign")] {
        docker.refused(["inspect", called]).await;
        docker.refused(["stop", called]).await;
    }
    // A name of others is taken, live or gone, and the engine's own words name nobody.
    let said = others.refused(["create", "--name", &web, "--label", &label, IMAGE]).await;
    assert!(!said.contains(&id[..12]), "{said}");
    docker.ok(["rm", "-f", &web]).await;
    others.refused(["create", "--name", &web, "--label", &label, IMAGE]).await;
    docker.ok(["create", "--name", &web, "--label", &label, IMAGE]).await;
    let said = docker.refused(["create", "--name", &foreign, "--label", &label, IMAGE]).await;
    assert!(!said.to_lowercase().contains("already in use by container"), "{said}");

    // The pages say the same as the engine's door.
    mia.get(&format!("hosts/local/containers/{web}")).await.expect(200);
    bob.get(&format!("hosts/local/containers/{web}")).await.expect(404);
    let owned = mia.get(&format!("hosts/local/containers/{web}/access")).await.expect(200).json();
    assert_eq!((&owned["owner"], &owned["may_change"]), (&json!("mia"), &json!(true)));
}

#[tokio::test]
async fn volumes_and_networks_are_their_makers_too() {
    let mut quay = Quay::start().await;
    let (_mia, docker) = quay.developer("mia").await;
    let (_bob, others) = quay.developer("bob").await;
    let (_max, managers) = quay.with_role("max", "manager").await;
    let label = quay.label();
    let engine = &quay.scene.engine;
    let (data, made, net) = (engine.name("data"), engine.name("made"), engine.name("net"));

    docker.ok(["volume", "create", "--label", &label, &data]).await;
    docker.ok(["network", "create", "--label", &label, &net]).await;
    // One that is not there is made by the way.
    docker.ok(["run", "--rm", "--label", &label, "-v", &format!("{made}:/x"), IMAGE, "touch", "/x/it"]).await;
    assert_eq!(lines(&docker.ok(["volume", "ls", "-q"]).await), [&data, &made]);
    assert_eq!(others.ok(["volume", "ls", "-q"]).await, "");
    let networks = others.ok(["network", "ls", "--format", "{{.Name}}"]).await;
    assert!(!networks.contains(&net) && networks.contains("bridge"), "{networks}");
    for volume in [&data, &made] {
        others.refused(["volume", "inspect", volume]).await;
        others.refused(["volume", "rm", volume]).await;
        others.refused(["volume", "create", volume]).await;
        others.refused(["run", "--rm", "-v", &format!("{volume}:/x"), IMAGE, "ls", "/x"]).await;
        let mount = format!("type=volume,source={volume},target=/x");
        others.refused(["run", "--rm", "--mount", &mount, IMAGE, "ls", "/x"]).await;
    }
    let id = docker.ok(["network", "inspect", "--format", "{{.Id}}", &net]).await;
    for called in [net.as_str(), &id, &id[..12]] {
        others.refused(["network", "inspect", called]).await;
        others.refused(["network", "rm", called]).await;
        others.refused(["run", "--rm", "--network", called, IMAGE, "true"]).await;
    }
    others.refused(["network", "create", &net]).await;
    // Nobody has two of one name: whoever means one would be led to the other.
    docker.refused(["network", "create", &net]).await;
    let twice = managers.refused(["network", "create", &net]).await;
    assert!(twice.contains("taken"), "{twice}");
    docker
        .ok([
            "run",
            "--rm",
            "--label",
            &label,
            "--network",
            &net,
            "-v",
            &format!("{made}:/x"),
            IMAGE,
            "ls",
            "/x",
        ])
        .await;
    // One of the managers' is not there for others, whatever it is called.
    engine.docker().ok(["volume", "create", "--label", &label, "json"]).await;
    others.refused(["run", "--rm", "-v", "json:/x", IMAGE, "true"]).await;
    others.refused(["volume", "create", "json"]).await;
    let long = "a".repeat(1100);
    others.refused(["create", "-v", &format!("{long}:/x"), "--label", &label, IMAGE]).await;
    others.refused(["create", "--name", &long, "--label", &label, IMAGE]).await;
    // Nobody gave this one a name; it is hers as long as it is there.
    let web = engine.name("web");
    docker.ok(["create", "--name", &web, "--label", &label, "-v", "/cache", IMAGE]).await;
    assert_eq!(lines(&docker.ok(["volume", "ls", "-q"]).await).len(), 3);
    docker.ok(["rm", "-v", &web]).await;
    docker.ok(["volume", "rm", &data, &made]).await;
    docker.ok(["network", "rm", &net]).await;
    // Their names stay hers.
    others.refused(["volume", "create", &data]).await;
    others.refused(["run", "--rm", "-v", &format!("{made}:/x"), IMAGE, "true"]).await;
    others.refused(["network", "create", &net]).await;
}

#[tokio::test]
async fn nobody_moves_the_name_of_an_image_that_others_run() {
    let mut quay = Quay::start().await;
    let (_mia, docker) = quay.developer("mia").await;
    let (mut bob, others) = quay.developer("bob").await;
    let engine = &quay.scene.engine;
    let (label, app) = (quay.label(), engine.name("app"));
    let context = tempfile::tempdir().expect("a folder");
    std::fs::write(
        context.path().join("Dockerfile"),
        format!("FROM {IMAGE}\nLABEL {label}\nRUN echo made\n"),
    )
    .expect("a file");
    let build = |docker: &Docker, tag: &str| {
        let mut command = docker.command(["build", "-q", "-t", tag]);
        command.arg(context.path()).env("DOCKER_BUILDKIT", "0");
        command
    };
    succeeded(build(&docker, &format!("{app}:1"))).await;
    succeeded(build(&docker, &format!("{app}:1"))).await;
    let before = engine.docker().ok(["image", "inspect", "--format", "{{.Id}}", &format!("{app}:1")]).await;
    for tag in [format!("{app}:1"), format!("{app}:2"), format!("docker.io/library/{app}"), IMAGE.to_owned()]
    {
        let done = build(&others, &tag).output().await.expect("docker runs");
        assert!(!done.status.success(), "{tag} was built over");
        others.refused(["tag", IMAGE, &tag]).await;
        others.refused(["rmi", &tag]).await;
    }
    let other = engine.name("other");
    others.ok(["create", "--name", &other, "--label", &label, &before]).await;
    others.refused(["commit", &other, &format!("{app}:1")]).await;
    others.refused(["load"]).await;
    let after = engine.docker().ok(["image", "inspect", "--format", "{{.Id}}", &format!("{app}:1")]).await;
    assert_eq!(before, after);
    others.ok(["rm", &other]).await;
    docker.ok(["tag", &format!("{app}:1"), &format!("{app}:3")]).await;
    // The pages refuse it as well, and say whose names they are.
    let id = before.replace(':', "%3A");
    let refused =
        bob.send(Method::DELETE, &format!("hosts/local/images/{id}"), None).await.expect(403).json();
    assert_eq!(refused["code"], json!("image-held"), "{refused}");
    docker.ok(["rmi", &format!("{app}:3"), &format!("{app}:1")]).await;
}

#[tokio::test]
async fn compose_works_beside_a_stack_of_others() {
    let mut quay = Quay::start().await;
    let (_mia, docker) = quay.developer("mia").await;
    let (_bob, others) = quay.developer("bob").await;
    let engine = &quay.scene.engine;
    let (label, project) = (quay.label(), engine.name("shop"));
    let dir = tempfile::tempdir().expect("a folder");
    let write = |word: &str| {
        let file = format!(
            "version: '2.4'
services:
  web:
    image: {IMAGE}
    command: sh -c \"echo {word}; trap 'exit 0' TERM; sleep 3600 & wait\"
    labels: ['{label}']
    volumes: ['data:/data']
  job:
    image: {IMAGE}
    command: sh -c \"trap 'exit 0' TERM; sleep 3600 & wait\"
    depends_on: [web]
    labels: ['{label}']
networks:
  default:
    labels: ['{label}']
volumes:
  data:
    labels: ['{label}']
"
        );
        std::fs::write(dir.path().join("docker-compose.yml"), file).expect("a file");
    };
    let compose = |docker: &Docker, words: &[&str]| {
        let mut compose = docker.program("docker-compose");
        compose.current_dir(dir.path()).env("COMPOSE_PROJECT_NAME", &project).env("COMPOSE_ANSI", "never");
        compose.args(words);
        compose
    };
    write("first");
    succeeded(compose(&docker, &["up", "-d"])).await;
    write("second");
    succeeded(compose(&docker, &["up", "-d"])).await;
    let said = succeeded(compose(&docker, &["logs", "--no-color", "web"])).await;
    assert!(said.contains("second") && !said.contains("first"), "{said}");
    assert_eq!(succeeded(compose(&docker, &["exec", "-T", "web", "echo", "in"])).await, "in");

    // Bob's project of that name would be hers.
    for words in [&["up", "-d"][..], &["down"], &["stop"]] {
        let done = compose(&others, words).output().await.expect("compose runs");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!said.contains("Removing t") || said.contains("not found"), "{said}");
    }
    engine.docker().ok(["network", "inspect", &format!("{project}_default")]).await;
    assert_eq!(engine.state(&format!("{project}_web_1")).await, "running");
    let fake = format!("com.docker.compose.project={project}");
    let service = "com.docker.compose.service=web";
    others.refused(["create", "--label", &label, "--label", &fake, "--label", service, IMAGE]).await;
    others.refused(["create", "--label", &label, "--label", &fake, IMAGE]).await;
    assert_eq!(succeeded(compose(&docker, &["ps", "-q"])).await.lines().count(), 2);
    succeeded(compose(&docker, &["down", "-t", "5", "-v"])).await;
    assert_eq!(docker.ok(["ps", "-aq"]).await, "");
}

#[tokio::test]
async fn a_viewer_reads_no_secrets_and_runs_nothing() {
    let mut quay = Quay::start().await;
    let (mut mia, docker) = quay.developer("mia").await;
    let (_vic, viewer) = quay.with_role("vic", "viewer").await;
    let label = quay.label();
    let engine = &quay.scene.engine;
    let (web, net, data) = (engine.name("web"), engine.name("net"), engine.name("data"));
    docker.ok(["network", "create", "--label", &label, &net]).await;
    docker
        .ok([
            "run",
            "-d",
            "--name",
            &web,
            "--network",
            &net,
            "-v",
            &format!("{data}:/kept"),
            "-e",
            "PASSWORD=hunter22",
            "--label",
            &label,
            IMAGE,
            "sleep",
            "3600",
        ])
        .await;
    let shared = json!({ "owner": "mia", "sharing": "public" });
    mia.send(Method::PUT, &format!("hosts/local/containers/{web}/access"), Some(shared)).await.expect(204);
    let said = viewer.ok(["inspect", &web]).await;
    assert!(!said.contains(&net) && !said.contains(&data) && said.contains("/kept"), "{said}");
    let rows = viewer.ok(["ps", "--no-trunc", "--format", "{{.Names}} {{.Networks}} {{.Mounts}}"]).await;
    assert!(rows.contains(&web) && !rows.contains(&net) && !rows.contains(&data), "{rows}");
    let hers = docker.ok(["inspect", &web]).await;
    assert!(hers.contains(&net) && hers.contains(&data), "{hers}");
    assert!(said.contains("PASSWORD=") && !said.contains("hunter22") && !said.contains("3600"), "{said}");
    assert!(!viewer.ok(["ps", "--no-trunc"]).await.contains("3600"));
    for words in [
        &["top", &web][..],
        &["stop", &web],
        &["exec", &web, "env"],
        &["run", "--rm", IMAGE, "true"],
        &["rm", "-f", &web],
        &["volume", "create", "x"],
        &["cp", &format!("{web}:/etc/passwd"), "-"],
    ] {
        viewer.refused(words).await;
    }
    assert_eq!(quay.scene.engine.state(&web).await, "running");
}

#[tokio::test]
async fn what_is_not_seen_is_inspected_in_vain_and_that_is_no_attempt() {
    let mut quay = Quay::start().await;
    let (mut mia, docker) = quay.developer("mia").await;
    let label = quay.label();
    let (web, foreign) = (quay.scene.engine.name("web"), quay.scene.engine.running("foreign").await);
    docker.ok(["run", "-d", "--name", &web, "--label", &label, IMAGE, "sleep", "3600"]).await;
    let none = quay.scene.engine.name("none");
    let (_olga, operator) = quay.with_role("olga", "operator").await;
    let (_vic, viewer) = quay.with_role("vic", "viewer").await;
    for (docker, name) in
        [(&docker, &none), (&docker, &foreign), (&operator, &none), (&operator, &web), (&viewer, &web)]
    {
        let said = docker.refused(["inspect", name]).await.to_lowercase();
        assert!(said.contains("no such object"), "{said}");
    }
    for kind in ["service", "node", "secret", "config", "plugin"] {
        let said = docker.refused([kind, "inspect", &none]).await;
        assert!(!said.contains("manage"), "{kind}: {said}");
    }
    // An operator starts what is shared with them, and has looked at no image.
    let shared = json!({ "owner": "mia", "sharing": "public" });
    mia.send(Method::PUT, &format!("hosts/local/containers/{web}/access"), Some(shared)).await.expect(204);
    operator.ok(["restart", "-t", "0", &web]).await;
    // Refusals are written in their order.
    let refused = "SELECT COUNT(*) FROM audit WHERE operation = 'container-remove' AND outcome = 'refused'";
    viewer.refused(["rm", &web]).await;
    until(&quay.scene.server, "a refusal", refused, |said| said == "1").await;
    let inspected = "SELECT operation, account_name, outcome FROM audit
                     WHERE operation LIKE '%-inspect' AND operation NOT LIKE 'container-%'";
    assert_eq!(sql(&quay.scene.server, inspected), "");
    let doors = "SELECT DISTINCT door FROM audit WHERE operation IN ('container-create', 'container-remove')";
    assert_eq!(sql(&quay.scene.server, doors), "docker");
}

#[tokio::test]
async fn a_developer_makes_things_on_the_pages() {
    let mut quay = Quay::start().await;
    let (mut mia, docker) = quay.developer("mia").await;
    let (mut bob, _) = quay.developer("bob").await;
    let engine = &quay.scene.engine;
    let (web, data, net) = (engine.name("web"), engine.name("data"), engine.name("net"));
    let foreign = engine.running("foreign").await;
    let mut live = Live::on_jobs(&mia).await;
    let label = quay.label();
    let (key, value) = label.split_once('=').expect("a label");
    for (path, name) in [("volumes", &data), ("networks", &net)] {
        let made = json!({ "name": name, "labels": [label] });
        mia.send(Method::POST, &format!("hosts/local/{path}"), Some(made.clone())).await.expect(204);
        let again = bob.send(Method::POST, &format!("hosts/local/{path}"), Some(made)).await;
        assert!([403, 409].contains(&again.status), "{path}: {}", again.text());
    }
    let body = json!({
        "Image": IMAGE, "Cmd": ["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"], "Labels": { key: value },
        "HostConfig": { "Binds": [format!("{data}:/data")], "NetworkMode": net },
    });
    let form = json!({ "name": web, "start": true, "body": body });
    let started = |answer: &Value| answer["id"].as_str().expect("a job").to_owned();
    let job = mia.send(Method::POST, "hosts/local/containers", Some(form)).await.expect(202).json();
    let done = live.job_ended(&mut mia, &started(&job)).await;
    assert_eq!(done["state"], "done", "{done}");
    assert_eq!(engine.state(&web).await, "running");
    let before = engine.inspect(&web).await["Id"].clone();

    let newer = Some(json!({ "newer": false }));
    let path = format!("hosts/local/containers/{web}/recreate");
    bob.send(Method::POST, &path, newer.clone()).await.expect(404);
    let job = mia.send(Method::POST, &path, newer).await.expect(202).json();
    let done = live.job_ended(&mut mia, &started(&job)).await;
    assert_eq!(done["state"], "done", "{done}");
    assert_ne!(engine.inspect(&web).await["Id"], before);
    assert_eq!(docker.ok(["ps", "--format", "{{.Names}}"]).await, web, "the new one is hers as well");

    // What others have is taken, and no more is said of it.
    let wanted = json!({ "name": foreign, "image": IMAGE, "ports": [] });
    let checked =
        mia.send(Method::POST, "hosts/local/new-container/check", Some(wanted)).await.expect(200).json();
    assert_eq!(checked["name"], json!({ "state": "unknown" }), "{checked}");
    assert_eq!(checked["volumes"], json!([data]));
    assert!(checked["networks"].as_array().is_some_and(|all| all.contains(&json!(net))), "{checked}");
    let wanted = json!({ "name": "", "image": IMAGE, "ports": [] });
    let checked =
        bob.send(Method::POST, "hosts/local/new-container/check", Some(wanted)).await.expect(200).json();
    assert_eq!((&checked["volumes"], checked["networks"].to_string().contains(&net)), (&json!([]), false));
    // Beyond the line the form is refused as the engine's door is.
    let strong = json!({ "name": engine.name("strong"), "start": true,
        "body": { "Image": IMAGE, "HostConfig": { "Privileged": true } } });
    let job = mia.send(Method::POST, "hosts/local/containers", Some(strong)).await.expect(202).json();
    let failed = live.job_ended(&mut mia, &started(&job)).await;
    assert_eq!(failed["state"], "failed", "{failed}");
    assert!(failed.to_string().contains("policy-manager"), "{failed}");
    let id = engine.inspect(&web).await["Id"].as_str().expect("an id").to_owned();
    for path in [format!("volumes/{data}"), format!("containers/{id}")] {
        bob.send(Method::DELETE, &format!("hosts/local/{path}"), None).await.expect(404);
    }
    mia.operate(&id, "stop").await.expect(204);
    let gone = mia.send(Method::DELETE, &format!("hosts/local/containers/{id}"), None).await;
    assert!(gone.status < 300, "{}", gone.text());
    mia.send(Method::DELETE, &format!("hosts/local/volumes/{data}"), None).await.expect(204);
}

#[tokio::test]
async fn a_name_leads_nobody_astray() {
    let mut quay = Quay::start().await;
    let (_mia, docker) = quay.developer("mia").await;
    let (_bob, others) = quay.developer("bob").await;
    let label = quay.label();
    let engine = &quay.scene.engine;
    let (web, foreign) = (engine.name("web"), engine.running("foreign").await);
    let id = docker.ok(["create", "--name", &web, "--label", &label, IMAGE]).await;
    // A name like the beginning of another's id would be found in its place.
    for like in [&id[..12], &id[..20]] {
        others.refused(["create", "--name", like, "--label", &label, IMAGE]).await;
        others.refused(["network", "create", like]).await;
    }
    // Whether there is something of that name is not told by a filter.
    let filter = |called: &str| format!("since={called}");
    let said = others.refused(["ps", "-a", "--filter", &filter(&web)]).await;
    let none = others.refused(["ps", "-a", "--filter", &filter("nothing-of-this-name")]).await;
    assert_eq!(said.replace(&web, "X"), none.replace("nothing-of-this-name", "X"));
    // Put aside as docker-compose does it, it takes no name that is another's.
    let own = others.ok(["create", "--name", &engine.name("own"), "--label", &label, IMAGE]).await;
    others.ok(["rename", &own, &format!("{}_{foreign}", &own[..12])]).await;
    engine.docker().ok(["rm", "-f", &foreign]).await;
    let again = engine.running("foreign").await;
    others.refused(["inspect", &again]).await;
    docker.refused(["inspect", &again]).await;
    // What the image says of itself does not say whose a container is.
    let labelled = engine.name("labelled");
    let context = tempfile::tempdir().expect("a folder");
    let project = engine.name("shop");
    let file = format!(
        "FROM {IMAGE}\nLABEL {label} com.docker.compose.project={project} com.docker.compose.service=web\n"
    );
    std::fs::write(context.path().join("Dockerfile"), file).expect("a file");
    let mut build = others.command(["build", "-q", "-t", &labelled]);
    build.arg(context.path()).env("DOCKER_BUILDKIT", "0");
    let done = build.output().await.expect("docker runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let stack = [
        "--label",
        &format!("com.docker.compose.project={project}"),
        "--label",
        "com.docker.compose.service=web",
    ];
    let mut words = vec!["create", "--label", &label];
    words.extend(stack);
    words.push(IMAGE);
    others.ok(&words).await;
    let trap = engine.name("trap");
    engine.docker().ok(["create", "--name", &trap, "--label", &label, &labelled]).await;
    let honest = engine.name("honest");
    let mut words = vec!["create", "--name", &honest, "--label", &label];
    words.extend(stack);
    words.push(IMAGE);
    engine.docker().ok(&words).await;
    longshore_tests::soon("what is made outside for his service is his", async {
        while !others.run(["inspect", &honest]).await.status.success() {}
    })
    .await;
    others.refused(["inspect", &trap]).await;
    engine.docker().ok(["rm", "-f", &trap]).await;
    others.ok(["rmi", &labelled]).await;
}

#[tokio::test]
async fn on_our_own_machine_only_administrators_reach_the_host() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut max = scene.person(&mut ada, "max", "manager").await;
    let key = max.make_key("docker").await;
    let docker = Docker::through(&scene.server, Some(&key));
    let label = scene.engine.label();
    // What is on the host is a manager's to run, as far as it is kept from the host.
    let web = scene.engine.running("web").await;
    docker.ok(["exec", &web, "true"]).await;
    docker.ok(["run", "--rm", "--label", &label, IMAGE, "true"]).await;
    for beyond in [
        &["-v", "/:/host"][..],
        &["--privileged"],
        &["--pid", "host"],
        &["--cap-add", "SYS_ADMIN"],
        &["--device", "/dev/null"],
        &["--security-opt", "seccomp=unconfined"],
    ] {
        let mut words = vec!["create", "--label", &label];
        words.extend(beyond);
        words.push(IMAGE);
        docker.refused(&words).await;
    }
    let said = docker.refused(["create", "--label", &label, "--privileged", IMAGE]).await;
    assert!(said.contains("Administrators"), "{said}");
    // Nor through one that is there already.
    let strong = scene.engine.name("strong");
    let name = ["--name", &strong, "--label", &label, "-v", "/:/host", IMAGE, "sleep", "3600"];
    scene.engine.docker().ok(["run", "-d"].iter().copied().chain(name)).await;
    docker.refused(["exec", &strong, "true"]).await;
    docker.refused(["exec", "--privileged", &web, "true"]).await;
    docker.refused(["restart", &strong]).await;
    docker.refused(["cp", "/etc/hostname", &format!("{strong}:/x")]).await;
    // Nor by a name that paths have for something else.
    docker.ok(["rename", &strong, "json"]).await;
    docker.refused(["exec", "json", "true"]).await;
    docker.refused(["restart", "json"]).await;
    docker.refused(["cp", "json:/host/etc/hostname", "-"]).await;
    docker.ok(["inspect", "json"]).await;
    docker.ok(["rename", "json", &strong]).await;
    let id = scene.engine.inspect(&strong).await["Id"].as_str().expect("an id").to_owned();
    for called in [&id, &id[..12], &id.to_uppercase()] {
        docker.refused(["exec", called, "true"]).await;
    }
    docker.ok(["stop", "-t", "0", &strong]).await;
    docker.refused(["start", &strong]).await;
    // It is in the log, by the name of what it was tried on; those of one kind are counted.
    let tried =
        "SELECT DISTINCT operation, target FROM audit WHERE outcome = 'refused' AND account_name = 'max'
                 AND operation IN ('exec-create', 'container-restart', 'container-start') ORDER BY 1";
    let expected = ["container-restart", "container-start", "exec-create"];
    let expected = expected.map(|operation| format!("{operation}|container {strong}")).join("\n");
    until(&scene.server, "refusals by the line", tried, |said| said == expected).await;
    let strongest = Docker::through(&scene.server, Some(&ada.make_key("docker").await));
    strongest.ok(["start", &strong]).await;
    strongest.ok(["exec", &strong, "true"]).await;
}

#[tokio::test]
async fn on_another_machine_managers_do_what_its_engine_lets_them() {
    let scene = Scene::start_far_away().await;
    let mut ada = scene.administrator().await;
    let mut max = scene.person(&mut ada, "max", "manager").await;
    let docker = Docker::through(&scene.server, Some(&max.make_key("docker").await));
    let label = scene.engine.label();
    docker.ok(["run", "--rm", "--label", &label, "-v", "/etc:/host:ro", IMAGE, "true"]).await;
}
