//! Things on a host that are given to people and teams: who sees them, by which door, and what their role lets them do.

use http::Method;
use longshore_tests::{
    Browser, Live, Person, Scene,
    browser::Look,
    console::{Came, Console},
    person::PASSWORD,
    text,
};
use serde_json::{Value, json};

async fn running(scene: &Scene, name: &str) -> (String, String) {
    let name = scene.engine.running(name).await;
    (text(&scene.engine.inspect(&name).await["Id"]), name)
}

fn access(id: &str) -> String {
    format!("hosts/local/containers/{id}/access")
}

async fn give(who: &mut Person, id: &str, wish: Value) {
    who.send(Method::PUT, &access(id), Some(wish)).await.expect(204);
}

/// Waits until the containers on a live line are these.
async fn shows(live: &mut Live, names: &[&str]) {
    let mut rows: Vec<(u64, String)> = Vec::new();
    live.until(&format!("only {names:?}"), |message| {
        let body = &message["body"];
        for row in body["rows"].as_array().into_iter().flatten() {
            let key = row["key"].as_u64()?;
            rows.retain(|(other, _)| *other != key);
            rows.push((key, text(&row["name"])));
        }
        let lines = body["lines"].as_array()?;
        let shown: Vec<&str> = lines
            .iter()
            .filter_map(|line| rows.iter().find(|(key, _)| Some(*key) == line.as_u64()))
            .map(|(_, name)| name.as_str())
            .collect();
        (shown == names).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_container_that_is_given_is_seen_by_that_person_alone() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (web, web_name) = running(&scene, "web").await;
    let (db, _) = running(&scene, "db").await;
    let mut mia = scene.person(&mut ada, "mia", "operator").await;
    let mut bob = scene.person(&mut ada, "bob", "operator").await;
    let mut live = Live::open(&mia).await.expect("a line");
    live.subscribe_containers(&scene.engine.name("")).await;
    shows(&mut live, &[]).await;
    mia.operate(&web, "stop").await.expect(404).problem();

    give(&mut ada, &web, json!({ "owner": "mia" })).await;
    shows(&mut live, &[&web_name]).await;
    let told = mia.get(&access(&web)).await.expect(200).json();
    assert_eq!((&told["owner"], &told["name"]), (&json!("mia"), &json!(web_name)));

    mia.get(&format!("hosts/local/containers/{web}")).await.expect(200);
    mia.get(&format!("hosts/local/containers/{web_name}/logs")).await.expect(200);
    mia.operate(&web, "stop").await.expect(204);
    // Her role has no more than that.
    mia.send(Method::DELETE, &format!("hosts/local/containers/{web}"), None).await.expect(403).problem();
    mia.send(Method::POST, &format!("hosts/local/containers/{web}/env"), None).await.expect(403).problem();
    mia.send(Method::PUT, &access(&web), Some(json!({ "sharing": "public" }))).await.expect(403).problem();
    // What was not given is as if it were not there, by its name and by its id; and bob was given nothing.
    for (who, id) in [(&mut mia, &db), (&mut bob, &web)] {
        for path in ["", "/logs", "/usage", "/processes", "/inspect", "/access", "/last-words"] {
            who.get(&format!("hosts/local/containers/{id}{path}")).await.expect(404).problem();
        }
        who.operate(id, "stop").await.expect(404).problem();
        who.send(Method::PUT, &access(id), Some(json!({ "owner": "bob" }))).await.expect(404).problem();
    }
    // The engine's own door shows the same.
    let key = mia.make_key("docker").await;
    let mut docker = Person::with_key(scene.server.http(), &key);
    docker.get(&format!("hosts/local/docker/containers/{web}/json")).await.expect(200);
    docker.get(&format!("hosts/local/docker/containers/{db}/json")).await.expect(404);
    let listed = docker.get("hosts/local/docker/containers/json?all=1").await.expect(200).json();
    let ids: Vec<&Value> = listed.as_array().expect("a list").iter().map(|row| &row["Id"]).collect();
    assert_eq!(ids, [&json!(web)]);

    give(&mut ada, &web, json!({})).await;
    shows(&mut live, &[]).await;
    mia.operate(&web, "start").await.expect(404).problem();
}

#[tokio::test]
async fn a_team_sees_what_is_shared_with_it_and_a_public_one_is_everybodys() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (web, _) = running(&scene, "web").await;
    let mut mia = scene.person(&mut ada, "mia", "viewer").await;
    let mut bob = scene.person(&mut ada, "bob", "developer").await;
    let team = ada.team("web", &["mia"]).await;

    give(&mut ada, &web, json!({ "owner": "bob", "sharing": "teams", "teams": [team] })).await;
    let one = format!("hosts/local/containers/{web}");
    mia.get(&one).await.expect(200);
    bob.get(&one).await.expect(200);
    mia.operate(&web, "stop").await.expect(403).problem();
    // Its owner shares it further and shuts it again; whoever it is shared with does not.
    mia.send(Method::PUT, &access(&web), Some(json!({ "owner": "mia" }))).await.expect(403).problem();
    give(&mut bob, &web, json!({ "owner": "bob" })).await;
    mia.get(&one).await.expect(404).problem();
    give(&mut bob, &web, json!({ "owner": "bob", "sharing": "public" })).await;
    mia.get(&one).await.expect(200);

    ada.send(Method::PUT, &access(&web), Some(json!({ "owner": "nobody" }))).await.expect(404).problem();
    let unknown = json!({ "sharing": "teams", "teams": ["none"] });
    ada.send(Method::PUT, &access(&web), Some(unknown)).await.expect(404).problem();
}

#[tokio::test]
async fn what_is_given_stays_so_over_a_rename_a_successor_and_a_restart() {
    let mut scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (web, name) = running(&scene, "web").await;
    let mia = scene.person(&mut ada, "mia", "operator").await;
    give(&mut ada, &web, json!({ "owner": "mia" })).await;

    // From outside, which takes nothing and gives nothing.
    let other = scene.engine.name("other");
    scene.engine.docker().ok(["rename", &name, &other]).await;
    scene.server.restart().await;
    let mut mia = {
        let cookie = mia.cookie().expect("signed in").to_owned();
        Person::with_cookie(scene.server.http(), &cookie)
    };
    let mut live = Live::open(&mia).await.expect("a line");
    live.subscribe_containers(&scene.engine.name("")).await;
    shows(&mut live, &[&other]).await;
    mia.operate(&web, "stop").await.expect(204);

    // One of the old name goes to whom the name was given, whoever made it.
    scene.engine.running("web").await;
    shows(&mut live, &[&other, &name]).await;
}

#[tokio::test]
async fn a_log_that_is_read_ends_when_the_container_is_taken_back() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.running_script("talker", "echo the first; sleep 3600").await;
    let web = text(&scene.engine.inspect(&name).await["Id"]);
    let mia = scene.person(&mut ada, "mia", "viewer").await;
    give(&mut ada, &web, json!({ "owner": "mia" })).await;
    let mut line = Console::at(&mia, &name, "logs/live").await.expect("a line");
    line.say(&json!({ "read": { "follow": true } })).await;
    loop {
        let Came::Said(said) = line.next().await else { panic!("no log") };
        if said["lines"].to_string().contains("the first") {
            break;
        }
    }
    give(&mut ada, &web, json!({})).await;
    scene.engine.docker().ok(["exec", &name, "sh", "-c", "echo a secret > /proc/1/fd/1"]).await;
    loop {
        match line.next().await {
            Came::End => break,
            Came::Said(said) => assert!(!said.to_string().contains("a secret"), "{said}"),
            Came::Bytes(_) => panic!("a log is text"),
        }
    }
}

#[tokio::test]
async fn whoever_is_given_a_stronger_container_than_their_own_may_not_go_into_it() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (plain, plain_name) = running(&scene, "plain").await;
    let strong_name = scene.engine.name("strong");
    let (label, bind) = (scene.engine.label(), "/etc:/host-etc");
    let run = ["run", "--detach", "--name", &strong_name, "--label", &label, "--volume", bind];
    let program = ["busybox:1.35", "sh", "-c", "trap exit TERM; while :; do sleep 1; done"];
    scene.engine.docker().ok(run.into_iter().chain(program)).await;
    let strong = text(&scene.engine.inspect(&strong_name).await["Id"]);
    let mut mia = scene.person(&mut ada, "mia", "developer").await;
    for id in [&plain, &strong] {
        give(&mut ada, id, json!({ "owner": "mia" })).await;
    }
    mia.operate(&plain, "restart").await.expect(204);
    let refused = mia.operate(&strong, "restart").await.expect(403);
    assert!(refused.text().contains("Binds"), "it names the field: {}", refused.text());
    mia.operate(&strong, "stop").await.expect(204);
    mia.operate(&strong, "start").await.expect(403).problem();
    ada.operate(&strong, "start").await.expect(204);

    let mut console = Console::at(&mia, &strong_name, "console").await.expect("a line");
    let Came::Said(refused) = console.next().await else { panic!("no word") };
    let refused = refused.to_string();
    assert!(refused.contains("problem") && refused.contains("Binds"), "{refused}");
    // Into her own one she may go; it opens or the test ends here.
    Console::open(&mia, &plain_name, &["sh"]).await;
}

#[tokio::test]
async fn a_container_is_given_on_its_page() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (web, name) = running(&scene, "web").await;
    let mut mia = scene.person(&mut ada, "mia", "operator").await;
    ada.send(Method::POST, "teams", Some(json!({ "name": "Harbour" }))).await.expect(200);
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("")).await;
    browser.sign_in(PASSWORD).await;
    browser.open(&scene.server.url(&format!("containers/local/{name}"))).await;
    browser.reads("[data-fact=\"owner\"]", "the host’s managers").await;

    browser.click("[data-action=\"give-access\"]").await;
    browser.holds("document.activeElement.closest('.dialog') !== null").await;
    browser.fill("owner", "nobody-here").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.reads(".field__error", "no such account").await;
    browser.script("document.querySelector('.dialog [name=owner]').select()").await;
    browser.fill("owner", "mia").await;
    browser.click("[data-sharing=\"teams\"]").await;
    browser.appears("[data-team=\"Harbour\"]:checked").await;
    browser.picture("give-access").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.click("[data-action=\"confirm\"]").await;
    browser.vanishes(".dialog").await;
    browser.reads("[data-fact=\"owner\"]", "mia").await;
    browser.reads("[data-fact=\"sharing\"]", "Harbour").await;
    browser.picture("container-access").await;
    // Who may use it, and why.
    browser.click("[data-action=\"who-may\"]").await;
    browser.reads("[data-person=\"mia\"]", "owner").await;
    browser.reads("[data-person=\"ada\"]", "manages the host").await;
    browser.picture("who-may").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    mia.get(&format!("hosts/local/containers/{web}/people")).await.expect(403);
    mia.get(&format!("hosts/local/containers/{web}")).await.expect(200);
    // The refused name.
    assert_eq!(browser.complaints().await.len(), 1);
}

#[tokio::test]
async fn labels_say_whose_a_thing_is_that_was_made_outside() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut mia = scene.person(&mut ada, "mia", "developer").await;
    let mut bob = scene.person(&mut ada, "bob", "developer").await;
    ada.team("Harbour", &["bob"]).await;
    let (docker, label) = (scene.engine.docker(), scene.engine.label());
    let (web, trap, data) = (scene.engine.name("web"), scene.engine.name("trap"), scene.engine.name("data"));
    let owner = "longshore.owner=mia";
    // An image that says so of all that is made of it says nothing of any.
    let image = scene.engine.name("hostile");
    docker.ok(["create", "--name", &trap, "--label", &label, "busybox:1.35"]).await;
    docker.ok(["commit", "--change", "LABEL longshore.owner=bob longshore.public=true", &trap, &image]).await;
    docker.ok(["rm", &trap]).await;
    docker.ok(["volume", "create", "--label", &label, "--label", owner, &data]).await;
    docker.ok(["create", "--name", &trap, "--label", &label, &image]).await;
    docker
        .ok([
            "create",
            "--name",
            &web,
            "--label",
            &label,
            "--label",
            owner,
            "--label",
            "longshore.teams=harbour",
            &image,
        ])
        .await;
    let (of_web, of_data) = (format!("hosts/local/containers/{web}"), format!("hosts/local/volumes/{data}"));
    longshore_tests::soon("what is labelled is seen by whom it names", async {
        while mia.get(&of_web).await.status != 200 || mia.get(&of_data).await.status != 200 {}
        while bob.get(&of_web).await.status != 200 {}
    })
    .await;
    let told = mia.get(&access(&web)).await.expect(200).json();
    assert_eq!((&told["owner"], &told["sharing"]), (&json!("mia"), &json!("teams")), "{told}");
    for who in [&mut mia, &mut bob] {
        who.get(&format!("hosts/local/containers/{trap}")).await.expect(404);
    }
    // What the pages say afterwards holds.
    mia.send(Method::PUT, &access(&web), Some(json!({ "owner": "mia" }))).await.expect(204);
    bob.get(&format!("hosts/local/containers/{web}")).await.expect(404);
    docker.ok(["rm", &trap, &web]).await;
    docker.ok(["rmi", &image]).await;
}
