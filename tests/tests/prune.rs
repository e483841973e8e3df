//! Prune by who does not manage the host: what is theirs and unused goes, and nothing else.

use http::Method;
use longshore_tests::{
    Between, Docker, Engine, Live, Loss, Person, Scene, Server, database::sql, engine::IMAGE,
};
use serde_json::{Value, json};

struct Quay {
    scene: Scene,
    ada: Person,
}

impl Quay {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let ada = scene.administrator().await;
        Self { scene, ada }
    }

    async fn person(&mut self, name: &str, role: &str) -> (Person, Docker, Person) {
        let mut person = self.scene.person(&mut self.ada, name, role).await;
        let key = person.make_key("docker").await;
        let program = Person::with_key(self.scene.server.http(), &key);
        (person, Docker::through(&self.scene.server, Some(&key)), program)
    }

    /// Whether the engine still has a thing of this kind.
    async fn has(&self, kind: &str, name: &str) -> bool {
        self.scene.engine.docker().run([kind, "inspect", name]).await.status.success()
    }
}

async fn pruned(program: &mut Person, kind: &str, filters: Value) -> Value {
    let filters: String = url::form_urlencoded::byte_serialize(filters.to_string().as_bytes()).collect();
    let path = format!("hosts/local/docker/v1.41/{kind}/prune?filters={filters}");
    program.send(Method::POST, &path, None).await.expect(200).json()
}

#[tokio::test]
async fn of_containers_those_that_are_ones_own_and_do_not_run_go() {
    let mut quay = Quay::start().await;
    let (_mia, mia, mut program) = quay.person("mia", "developer").await;
    let (mut bob_person, bob, _) = quay.person("bob", "developer").await;
    let (_vic, vic, _) = quay.person("vic", "viewer").await;
    let (label, engine) = (quay.scene.engine.label(), &quay.scene.engine);
    let [old, web, kept, his, public, foreign] =
        ["old", "web", "kept", "his", "public", "foreign"].map(|name| engine.name(name));
    let create =
        |name: &str| ["create", "--label", &label, "--name", name, "-v", "/cache", IMAGE].map(str::to_owned);
    let id = mia.ok(create(&old)).await;
    mia.ok(["run", "-d", "--label", &label, "--name", &web, IMAGE, "sleep", "3600"]).await;
    mia.ok(["pause", &web]).await;
    mia.ok(["create", "--label", &label, "--label", "keep=1", "--name", &kept, IMAGE]).await;
    bob.ok(create(&his)).await;
    bob.ok(create(&public)).await;
    let shared = json!({ "owner": "bob", "sharing": "public" });
    let path = format!("hosts/local/containers/{public}/access");
    bob_person.send(Method::PUT, &path, Some(shared)).await.expect(204);
    engine.docker().ok(create(&foreign)).await;
    mia.ok(["inspect", &public]).await;

    vic.refused(["container", "prune", "-f"]).await;
    let nothing = json!({ "ContainersDeleted": null, "SpaceReclaimed": 0 });
    for filters in [json!({ "until": ["24h"] }), json!({ "label": ["keep=2"] }), json!({ "label!": [label] })]
    {
        assert_eq!(pruned(&mut program, "containers", filters.clone()).await, nothing, "{filters}");
    }
    let bad = "hosts/local/docker/v1.41/containers/prune?filters=%7B%22name%22%3A%5B%22x%22%5D%7D";
    program.send(Method::POST, bad, None).await.expect(400);
    let said = mia.ok(["container", "prune", "-f", "--filter", "label!=keep"]).await;
    assert!(said.contains(&id) && said.contains("Total reclaimed space"), "{said}");
    for (name, stays) in
        [(&old, false), (&web, true), (&kept, true), (&his, true), (&public, true), (&foreign, true)]
    {
        assert_eq!(quay.has("container", name).await, stays, "{name}");
    }
    // Each removal is in the audit log by itself, with what it came by.
    let rows =
        "SELECT account_name, door, target, detail, outcome FROM audit WHERE operation = 'container-remove'";
    let row = format!("mia|docker|container {old}|container-prune|done");
    assert_eq!(sql(&quay.scene.server, rows), row);
    mia.ok(["unpause", &web]).await;
    mia.ok(["system", "prune", "-f"]).await;
    assert!(!quay.has("container", &kept).await && quay.has("container", &his).await);
}

#[tokio::test]
async fn what_is_being_made_anew_is_left_alone() {
    let engine = Engine::shared();
    let between = Between::before(&engine);
    let scene = Scene { server: Server::start_at(&between.address(), &[]).await, engine };
    let mut ada = scene.administrator().await;
    let mut mia = scene.person(&mut ada, "mia", "developer").await;
    let docker = Docker::through(&scene.server, Some(&mia.make_key("docker").await));
    let (label, web) = (scene.engine.label(), scene.engine.name("web"));
    let obedient = ["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"];
    let words = ["run", "-d", "--label", &label, "--name", &web, IMAGE];
    docker.ok(words.into_iter().chain(obedient)).await;
    let mut live = Live::watching(&mia, &web).await;
    live.subscribe_jobs().await;
    between.loses("/start", Loss::Waits);
    let path = format!("hosts/local/containers/{web}/recreate");
    let job = mia.send(Method::POST, &path, Some(json!({ "newer": false }))).await.expect(202).json();
    between.lost().await;
    // One is stopped, the other not started yet.
    let said = docker.ok(["container", "prune", "-f"]).await;
    assert!(!said.contains("Deleted"), "{said}");
    between.heal();
    let done = live.job_ended(&mut mia, job["id"].as_str().expect("a job")).await;
    assert_eq!(done["state"], "done", "{done}");
    assert_eq!(scene.engine.state(&web).await, "running");
}

#[tokio::test]
async fn of_all_else_what_is_unused_and_ones_own_goes() {
    let mut quay = Quay::start().await;
    let (_mia, mia, mut program) = quay.person("mia", "developer").await;
    let (_bob, bob, _) = quay.person("bob", "developer").await;
    let (label, engine) = (quay.scene.engine.label(), &quay.scene.engine);
    let name = |who: &str, what: &str| engine.name(&format!("{who}-{what}"));
    let mut unnamed = Vec::new();
    for (who, docker) in [("mia", &mia), ("bob", &bob), ("outside", engine.docker())] {
        let [holder, net, data, app] = ["holder", "net", "data", "app"].map(|what| name(who, what));
        docker.ok(["network", "create", "--label", &label, &net]).await;
        docker.ok(["volume", "create", "--label", &label, &data]).await;
        docker.ok(["create", "--label", &label, "--name", &holder, "-v", "/cache", IMAGE]).await;
        let volume = ["inspect", "--format", "{{(index .Mounts 0).Name}}", &holder];
        unnamed.push(docker.ok(volume).await);
        docker.ok(["commit", "--change", &format!("LABEL who={who}"), &holder, &format!("{app}:1")]).await;
        docker.ok(["rm", &holder]).await;
    }
    let (used_net, used, used_app) = (name("mia", "used-net"), name("mia", "used"), name("mia", "used-app"));
    mia.ok(["network", "create", "--label", &label, &used_net]).await;
    let volume = format!("{used}:/x");
    let id = mia.ok(["image", "inspect", "--format", "{{.Id}}", &format!("{}:1", name("mia", "app"))]).await;
    assert_eq!(
        pruned(&mut program, "images", json!({ "dangling": ["true"] })).await,
        json!({ "ImagesDeleted": null, "SpaceReclaimed": 0 }),
    );
    let app = format!("{used_app}:1");
    let web = name("mia", "web");
    mia.ok(["run", "--name", &web, "--label", &label, IMAGE, "touch", "/mark"]).await;
    mia.ok(["commit", &web, &app]).await;
    mia.ok(["rm", &web]).await;
    let run = ["run", "-d", "--name", &web, "--label", &label, "--network", &used_net, "-v", &volume];
    mia.ok(run.into_iter().chain([&app[..], "sleep", "3600"])).await;

    let said = pruned(&mut program, "images", json!({ "dangling": ["false"], "label": ["who=mia"] })).await;
    assert!(said.to_string().contains(&id) && said["SpaceReclaimed"].is_u64(), "{said}");
    let said = mia.ok(["system", "prune", "-af", "--volumes"]).await;
    assert!(said.contains(&name("mia", "net")) && said.contains(&unnamed[0]), "{said}");
    for who in ["mia", "bob", "outside"] {
        let stays = who != "mia";
        assert_eq!(quay.has("network", &name(who, "net")).await, stays, "{who}");
        assert_eq!(quay.has("image", &format!("{}:1", name(who, "app"))).await, stays, "{who}");
        let volume = &unnamed[["mia", "bob", "outside"].iter().position(|one| *one == who).expect("one")];
        assert_eq!(quay.has("volume", volume).await, stays, "{who}");
    }
    assert!(
        quay.has("volume", &name("bob", "data")).await && quay.has("volume", &name("outside", "data")).await
    );
    // What is in use stays, and what others' tags name.
    assert!(quay.has("network", &used_net).await && quay.has("volume", &used).await);
    assert!(quay.has("image", &app).await && quay.has("image", IMAGE).await);
    assert_eq!(quay.scene.engine.state(&web).await, "running");
    mia.ok(["builder", "prune", "-f"]).await;

    mia.ok(["rm", "-f", &web]).await;
    engine
        .docker()
        .ok(["rmi", &app, &format!("{}:1", name("bob", "app")), &format!("{}:1", name("outside", "app"))])
        .await;
    for volume in &unnamed[1..] {
        engine.docker().ok(["volume", "rm", volume]).await;
    }
}
