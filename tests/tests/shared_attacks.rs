//! What was tried on a shared host, and must not work again: each of these once did.

use http::Method;
use longshore_tests::{Docker, Person, Quay, database::until, engine::IMAGE};
use serde_json::json;

#[tokio::test]
async fn nobody_waits_under_a_name_for_what_managers_make() {
    let mut quay = Quay::start().await;
    let admin = quay.strong().await;
    let (_bob, bob) = quay.developer("bob").await;
    let (label, name) = (quay.scene.engine.label(), quay.scene.engine.name("grafana"));
    let (data, net) = (quay.scene.engine.name("pgdata"), quay.scene.engine.name("backend"));
    bob.ok(["create", "--name", &name, "--label", &label, IMAGE]).await;
    bob.ok(["rm", &name]).await;
    bob.ok(["volume", "create", "--label", &label, &data]).await;
    bob.ok(["volume", "rm", &data]).await;
    bob.ok(["network", "create", "--label", &label, &net]).await;
    bob.ok(["network", "rm", &net]).await;
    let stack = ["--label", "com.docker.compose.project=prod", "--label", "com.docker.compose.service=web"];
    let mut words = vec!["create", "--label", &label];
    words.extend(stack);
    words.push(IMAGE);
    let id = bob.ok(&words).await;
    bob.ok(["rm", &id]).await;

    let said = admin.refused(["create", "--name", &name, "--label", &label, "-e", "PASSWORD=x", IMAGE]).await;
    assert!(said.contains("give it back"), "{said}");
    admin.refused(["volume", "create", "--label", &label, &data]).await;
    admin.refused(["run", "--rm", "--label", &label, "-v", &format!("{data}:/x"), IMAGE, "true"]).await;
    admin.refused(["network", "create", "--label", &label, &net]).await;
    let mut words = vec!["create", "--label", &label, "--name", "t-prod-web-1"];
    words.extend(stack);
    words.push(IMAGE);
    admin.refused(&words).await;
    // Given back, it is free.
    let all = quay.ada.get(&format!("names?text={name}")).await.expect(200).json();
    let id = all["names"][0]["id"].as_str().expect("a name of his").to_owned();
    quay.ada.send(Method::DELETE, &format!("names/{id}"), None).await.expect(204);
    admin.ok(["create", "--name", &name, "--label", &label, IMAGE]).await;
    bob.refused(["inspect", &name]).await;
}

#[tokio::test]
async fn the_names_of_a_service_stay_its_owners_when_its_containers_are_gone() {
    let mut quay = Quay::start().await;
    let admin = quay.strong().await;
    let (_mia, mia) = quay.developer("mia").await;
    let (_bob, bob) = quay.developer("bob").await;
    let (label, project) = (quay.scene.engine.label(), quay.scene.engine.name("shop"));
    let (first, second) = (format!("{project}_web_1"), quay.scene.engine.name("front"));
    let stack = [
        "--label",
        &format!("com.docker.compose.project={project}"),
        "--label",
        "com.docker.compose.service=web",
    ];
    let create = |name: &str| {
        let mut words = vec!["create", "--label", &label, "--name", name];
        words.extend(stack);
        words.push(IMAGE);
        words.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let other = quay.scene.engine.name("other");
    let id = mia.ok(create(&first)).await;
    mia.ok(["rename", &first, &second]).await;
    mia.ok(["rm", &id]).await;
    bob.ok(["create", "--label", &label, "--name", &other, IMAGE]).await;
    for name in [&first, &second] {
        bob.refused(["create", "--label", &label, "--name", name, IMAGE]).await;
        bob.refused(["rename", &other, name]).await;
        admin.refused(["create", "--label", &label, "--name", name, IMAGE]).await;
    }
    // Hers to make again; and free once she has given the service back.
    let id = mia.ok(create(&first)).await;
    mia.ok(["rm", &id]).await;
    let all = quay.ada.get(&format!("names?text={project}")).await.expect(200).json();
    let name = all["names"][0]["id"].as_str().expect("a name of hers").to_owned();
    quay.ada.send(Method::DELETE, &format!("names/{name}"), None).await.expect(204);
    bob.ok(["create", "--label", &label, "--name", &first, IMAGE]).await;
}

#[tokio::test]
async fn a_command_is_its_beginners_and_nobody_elses() {
    let mut quay = Quay::start().await;
    let admin = quay.strong().await;
    let (mut mia, docker) = quay.developer("mia").await;
    let mut max = quay.scene.person(&mut quay.ada, "max", "manager").await;
    let (label, web) = (quay.scene.engine.label(), quay.scene.engine.name("web"));
    docker.ok(["run", "-d", "--name", &web, "--label", &label, IMAGE, "sleep", "3600"]).await;
    let by_key = async |person: &mut Person| {
        let key = person.make_key("docker").await;
        Person::with_key(quay.scene.server.http(), &key)
    };
    let (mut mia, mut max, mut ada) =
        (by_key(&mut mia).await, by_key(&mut max).await, by_key(&mut quay.ada).await);
    let path = |what: &str| format!("hosts/local/docker/v1.41/{what}");
    let begin = json!({ "Cmd": ["touch", "/begun"] });
    let begun = path(&format!("containers/{web}/exec"));
    for beginner in 0..3 {
        let all = [&mut mia, &mut max, &mut ada];
        let made = all[beginner].send(Method::POST, &begun, Some(begin.clone())).await.expect(201).json();
        let id = made["Id"].as_str().expect("an id").to_owned();
        let start = json!({ "Detach": true });
        for (n, person) in all.into_iter().enumerate().filter(|(n, _)| *n != beginner) {
            person.get(&path(&format!("exec/{id}/json"))).await.expect(404);
            let started =
                person.send(Method::POST, &path(&format!("exec/{id}/start")), Some(start.clone())).await;
            assert_eq!(started.status, 404, "{n} has started what {beginner} had begun");
            person.send(Method::POST, &path(&format!("exec/{id}/resize?h=1&w=1")), None).await.expect(404);
        }
        let own = [&mut mia, &mut max, &mut ada].into_iter().nth(beginner).expect("one of three");
        own.get(&path(&format!("exec/{id}/json"))).await.expect(200);
        own.send(Method::POST, &path(&format!("exec/{id}/start")), Some(start)).await.expect(200);
    }
    // That it was tried is in the log, of each.
    let tried = "SELECT COUNT(DISTINCT account_name) FROM audit WHERE operation = 'exec-start' AND outcome = 'refused'";
    until(&quay.scene.server, "refusals of others' commands", tried, |said| said == "3").await;
    // What somebody outside has begun is nobody's here.
    admin.ok(["exec", &web, "test", "-e", "/begun"]).await;
}

#[tokio::test]
async fn what_reaches_the_host_is_not_read_through_its_files() {
    let mut quay = Quay::start().await;
    let admin = quay.strong().await;
    let (_mia, mia) = quay.developer("mia").await;
    let max = quay.scene.person(&mut quay.ada, "max", "manager").await.make_key("docker").await;
    let max = Docker::through(&quay.scene.server, Some(&max));
    let engine = &quay.scene.engine;
    let (label, strong, by_volume) = (engine.label(), engine.name("strong"), engine.name("by-volume"));
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("secret"), "of the host").expect("a file");
    let (path, volume) = (folder.path().display().to_string(), engine.name("folder"));
    let device = format!("device={path}");
    let outside = engine.docker();
    let options = ["--opt", "type=none", "--opt", "o=bind", "--opt", &device];
    let mut words = vec!["volume", "create", "--label", &label];
    words.extend(options);
    words.push(&volume);
    outside.ok(&words).await;
    let forever = ["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"];
    for (name, mount) in [(&strong, format!("{path}:/h")), (&by_volume, format!("{volume}:/h"))] {
        let mut words = vec![
            "run",
            "-d",
            "--name",
            name,
            "--label",
            &label,
            "--label",
            "longshore.owner=mia",
            "-v",
            &mount,
            IMAGE,
        ];
        words.extend(forever);
        outside.ok(&words).await;
        longshore_tests::soon("it is hers by its label", async {
            while !mia.run(["inspect", name]).await.status.success() {}
        })
        .await;
        // Both are below the line here: she is no manager, and this is the machine that Longshore runs on.
        for docker in [&mia, &max] {
            docker.refused(["cp", &format!("{name}:/h/secret"), "-"]).await;
            docker.refused(["cp", &format!("{path}/secret"), &format!("{name}:/h/other")]).await;
            docker.refused(["exec", name, "cat", "/h/secret"]).await;
            docker.refused(["update", "--restart", "always", name]).await;
        }
    }
    max.refused(["run", "--rm", "--label", &label, "-v", &format!("{volume}:/h"), IMAGE, "cat", "/h/secret"])
        .await;
    admin.ok(["exec", &by_volume, "cat", "/h/secret"]).await;
    assert!(!folder.path().join("other").exists());
}

#[tokio::test]
async fn networks_of_any_name_are_their_makers() {
    let mut quay = Quay::start().await;
    let (_mia, mia) = quay.developer("mia").await;
    let (mut bob_person, bob) = quay.developer("bob").await;
    let label = quay.scene.engine.label();
    for name in ["private", "nat"] {
        mia.ok(["network", "create", "--label", &label, name]).await;
        bob.refused(["run", "--rm", "--label", &label, "--network", name, IMAGE, "true"]).await;
        mia.ok(["network", "rm", name]).await;
        bob.refused(["network", "create", "--label", &label, name]).await;
    }
    // A network that took the place of the one that it was made for is not joined by a start.
    let late = quay.scene.engine.name("late");
    bob.ok(["network", "create", "--label", &label, &late]).await;
    let id = bob.ok(["create", "--label", &label, "--network", &late, IMAGE, "true"]).await;
    bob.ok(["network", "rm", &late]).await;
    let all = bob_person.get(&format!("names?text={late}")).await.expect(200).json();
    let name = all["names"][0]["id"].as_str().expect("a name of his").to_owned();
    bob_person.send(Method::DELETE, &format!("names/{name}"), None).await.expect(204);
    mia.ok(["network", "create", "--label", &label, &late]).await;
    bob.refused(["start", &id]).await;
    bob.ok(["rm", &id]).await;
    mia.ok(["network", "rm", &late]).await;
}

#[tokio::test]
async fn names_of_images_are_not_got_round() {
    let mut quay = Quay::start().await;
    let (_mia, mia) = quay.developer("mia").await;
    let (mut bob_person, bob) = quay.developer("bob").await;
    let engine = &quay.scene.engine;
    let (label, app, holder) = (engine.label(), engine.name("app"), engine.name("holder"));
    mia.ok(["create", "--name", &holder, "--label", &label, IMAGE]).await;
    mia.ok(["commit", &holder, &format!("{app}:1")]).await;
    let id = mia.ok(["image", "inspect", "--format", "{{.Id}}", &format!("{app}:1")]).await;
    let short = id.trim_start_matches("sha256:")[..12].to_owned();
    // A name that looks like its id would be taken for it.
    bob.refused(["tag", IMAGE, &short]).await;
    bob.refused(["tag", &id, &short]).await;
    bob.refused(["rmi", "-f", &short]).await;
    // A tag within the name does not hide whose it is.
    let key = bob_person.make_key("page").await;
    let mut by_key = Person::with_key(quay.scene.server.http(), &key);
    let pulled = format!("hosts/local/docker/v1.41/images/create?fromImage={app}%3Ax&tag=1");
    by_key.send(Method::POST, &pulled, None).await.expect(403);
    // What is hers alone is run by others by its id, not by a name that she moves as she likes.
    bob.refused(["create", "--label", &label, &format!("{app}:1")]).await;
    let made = bob.ok(["create", "--label", &label, &id]).await;
    bob.ok(["rm", &made]).await;
    assert_eq!(mia.ok(["image", "inspect", "--format", "{{.Id}}", &format!("{app}:1")]).await, id);
    mia.ok(["rmi", &format!("{app}:1")]).await;
}

#[tokio::test]
async fn nobody_is_given_what_they_did_not_ask_for() {
    let mut quay = Quay::start().await;
    let (mut mia, docker) = quay.developer("mia").await;
    quay.developer("bob").await;
    let team = quay.ada.send(Method::POST, "teams", Some(json!({ "name": "Red" }))).await.expect(200).json();
    let label = quay.scene.engine.label();
    // Named by the engine, a volume is hers as long as it is there.
    let volume = docker.ok(["volume", "create", "--label", &label]).await;
    docker.ok(["volume", "inspect", &volume]).await;
    docker.ok(["run", "--rm", "--label", &label, "-v", &format!("{volume}:/x"), IMAGE, "true"]).await;
    let all = mia.get(&format!("names?text={volume}")).await.expect(200).json();
    let name = format!("names/{}", all["names"][0]["id"].as_str().expect("a name of hers"));
    for wish in
        [json!({ "owner": "bob" }), json!({ "owner": "mia", "sharing": "teams", "teams": [team["id"]] })]
    {
        mia.send(Method::PUT, &name, Some(wish)).await.expect(403);
    }
    let tried =
        "SELECT DISTINCT account_name FROM audit WHERE operation = 'access-give' AND outcome = 'refused'";
    until(&quay.scene.server, "the refusal", tried, |said| said == "mia").await;
    mia.send(Method::PUT, &name, Some(json!({ "owner": "mia", "sharing": "public" }))).await.expect(204);
    docker.ok(["volume", "rm", &volume]).await;
    // Too many at once are refused before the database is asked for any.
    let binds: Vec<String> = (0..300).map(|n| format!("many{n}:/m/{n}")).collect();
    let body = json!({ "Image": IMAGE, "HostConfig": { "Binds": binds } });
    let key = mia.make_key("page").await;
    let mut by_key = Person::with_key(quay.scene.server.http(), &key);
    by_key.send(Method::POST, "hosts/local/docker/v1.41/containers/create", Some(body)).await.expect(400);
}

#[tokio::test]
async fn a_name_that_one_has_left_behind_is_ones_own_to_take_again() {
    let mut quay = Quay::start().await;
    let (_mia, docker) = quay.developer("mia").await;
    let (_bob, others) = quay.developer("bob").await;
    let label = quay.scene.engine.label();
    let engine = &quay.scene.engine;
    let (web, next, his) = (engine.name("web"), engine.name("next"), engine.name("his"));
    let create = |name: &str| ["create", "--name", name, "--label", &label, IMAGE].map(str::to_owned);
    docker.ok(create(&web)).await;
    docker.ok(["rm", &web]).await;
    docker.ok(create(&next)).await;
    others.ok(create(&his)).await;
    others.refused(["rename", &his, &web]).await;
    docker.ok(["rename", &next, &web]).await;
    docker.ok(["inspect", &web]).await;
    others.refused(["inspect", &web]).await;
    // What she called it before is free, the name that it has is hers when it is gone.
    others.ok(create(&next)).await;
    docker.ok(["rm", &web]).await;
    others.refused(create(&web)).await;
    docker.ok(create(&web)).await;
}

#[tokio::test]
async fn an_engine_s_words_name_nothing_of_others() {
    let mut quay = Quay::start().await;
    let (_mia, docker) = quay.developer("mia").await;
    let label = quay.scene.engine.label();
    let engine = &quay.scene.engine;
    let (data, net, foreign) = (engine.name("data"), engine.name("net"), engine.name("foreign"));
    docker.ok(["volume", "create", "--label", &label, &data]).await;
    docker.ok(["network", "create", "--label", &label, &net]).await;
    // A manager's container is on both.
    let mount = format!("{data}:/x");
    let on = ["run", "-d", "--name", &foreign, "--label", &label, "--network", &net, "-v", &mount];
    let id = engine.docker().ok(on.into_iter().chain([IMAGE, "sleep", "3600"])).await;
    let direct = engine.docker().refused(["volume", "rm", &data]).await;
    assert!(direct.contains(&id[..12]), "the engine names it: {direct}");
    for words in [["volume", "rm", data.as_str()], ["network", "rm", net.as_str()]] {
        let said = docker.refused(words).await;
        assert!(!said.contains(&id[..12]) && !said.contains(&foreign), "{said}");
        assert!(said.contains(words[2]), "what she has said herself stays: {said}");
    }
}
