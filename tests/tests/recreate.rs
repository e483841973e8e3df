//! Containers made anew on a real engine: what is kept, what follows the image, and what happens when it goes wrong.

use http::Method;
use longshore_tests::{
    Browser, FakeScene, Live, Person, Scene,
    browser::Look,
    database::sql,
    fake::{LAYER, link_becomes, signed_in_again},
    person::PASSWORD,
};
use serde_json::{Value, json};

/// Runs on, and ends at once when it is told to.
const OBEDIENT: &str = "trap 'exit 0' TERM; sleep 3600 & wait";

async fn ask(ada: &mut Person, name: &str, newer: bool) -> String {
    let path = format!("hosts/local/containers/{name}/recreate");
    let started = ada.send(Method::POST, &path, Some(json!({ "newer": newer }))).await.expect(202).json();
    started["id"].as_str().unwrap_or_else(|| panic!("no id: {started}")).to_owned()
}

/// An image of busybox with a configuration of its own.
async fn image(scene: &Scene, tag: &str, changes: &[&str]) {
    let docker = scene.engine.docker();
    let (name, label) = (scene.engine.name("mould"), scene.engine.label());
    docker.ok(["create", "--name", &name, "--label", &label, "busybox:1.35"]).await;
    let mut words = vec!["commit"];
    for change in changes {
        words.extend(["--change", change]);
    }
    words.extend([name.as_str(), tag]);
    docker.ok(words).await;
    docker.ok(["rm", &name]).await;
}

/// Runs a container whose check never comes to an end; its name and id.
async fn undecided(scene: &Scene) -> (String, Value) {
    let (name, label) = (scene.engine.name("web"), scene.engine.label());
    let mut words = vec!["run", "--detach", "--name", &name, "--label", &label];
    words.extend(["--health-cmd", "false", "--health-interval", "1s", "--health-retries", "9999"]);
    words.extend(["busybox:1.35", "sh", "-c", OBEDIENT]);
    scene.engine.docker().ok(words).await;
    let id = scene.engine.inspect(&name).await["Id"].clone();
    (name, id)
}

/// Waits until one of this name starts that is not this one.
async fn another_starts(live: &mut Live, name: &str, old: &Value) {
    live.subscribe_containers(name).await;
    live.until("the new one runs", |message| {
        let rows = message["body"]["rows"].as_array()?;
        let is_new = |row: &Value| row["name"] == name && row["id"] != *old && row["state"] == "starting";
        rows.iter().any(is_new).then_some(())
    })
    .await;
}

#[tokio::test]
async fn made_anew_a_container_keeps_what_was_asked_for_it() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let docker = scene.engine.docker();
    let (name, label) = (scene.engine.name("shop"), scene.engine.label());
    let (front, back, volume) =
        (scene.engine.name("front"), scene.engine.name("back"), scene.engine.name("data"));
    docker.ok(["network", "create", "--label", &label, "--subnet", "10.99.7.0/24", &front]).await;
    docker.ok(["network", "create", "--label", &label, "--subnet", "10.99.8.0/24", &back]).await;
    docker.ok(["volume", "create", "--label", &label, &volume]).await;
    let mut words = vec!["run", "--detach", "--name", &name, "--label", &label, "--network", &front];
    let mount = format!("{volume}:/named");
    words.extend([
        "--ip",
        "10.99.7.77",
        "--network-alias",
        "till",
        "--volume",
        &mount,
        "--volume",
        "/nameless",
    ]);
    words.extend([
        "--env",
        "OWN=1",
        "--restart",
        "unless-stopped",
        "--memory",
        "64m",
        "--health-cmd",
        "true",
    ]);
    words.extend(["--health-interval", "1s", "busybox:1.35", "sh", "-c"]);
    let script = format!("echo kept >> /nameless/file; {OBEDIENT}");
    words.push(&script);
    docker.ok(words).await;
    docker.ok(["network", "connect", "--ip", "10.99.8.88", "--alias", "desk", &back, &name]).await;
    let old = scene.engine.inspect(&name).await;

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("")).await;
    browser.sign_in(PASSWORD).await;
    browser.open(&scene.server.url(&format!("containers/local/{name}"))).await;
    browser.appears(".page__head [data-state=\"healthy\"]").await;
    browser.click(".page__actions [aria-haspopup=\"menu\"]").await;
    browser.click("[data-action=\"recreate\"]").await;
    browser.appears(".dialog [data-newer=\"false\"][aria-checked=\"true\"]").await;
    browser.picture("recreate").await;
    browser.click(".dialog button[type=submit]").await;
    browser.appears("[data-remade=\"under-way\"]").await;
    browser.picture("recreate-under-way").await;
    browser.vanishes("[data-remade]").await;
    browser.appears(".page__head [data-state=\"healthy\"]").await;
    browser.reads("main h1", &name).await;

    let new = scene.engine.inspect(&name).await;
    assert_ne!(new["Id"], old["Id"]);
    for kept in [
        "/Config/Env",
        "/Config/Cmd",
        "/Config/Labels",
        "/Config/Image",
        "/Config/Healthcheck",
        "/HostConfig/RestartPolicy",
        "/HostConfig/Memory",
        "/HostConfig/NetworkMode",
    ] {
        assert_eq!(new.pointer(kept), old.pointer(kept), "{kept}");
    }
    let networks = &new["NetworkSettings"]["Networks"];
    assert_eq!(
        (&networks[&front]["IPAddress"], &networks[&back]["IPAddress"]),
        (&json!("10.99.7.77"), &json!("10.99.8.88"))
    );
    assert!(networks[&front]["Aliases"].to_string().contains("till"), "{networks}");
    assert!(networks[&back]["Aliases"].to_string().contains("desk"), "{networks}");
    assert_eq!(docker.ok(["exec", &name, "cat", "/nameless/file"]).await.trim(), "kept\nkept");
    let left =
        docker.ok(["ps", "--all", "--filter", &format!("name={name}"), "--format", "{{.Names}}"]).await;
    assert_eq!(left.trim(), name, "the old one is gone");
    // What is asked of the old one while it goes has no answer, and the browser's log says so; nothing else is wrong.
    let complaints = browser.complaints().await;
    assert!(complaints.iter().all(|said| said.contains("404")), "{complaints:?}");
}

#[tokio::test]
async fn made_anew_a_container_keeps_the_mac_address_that_was_asked_for() {
    const MAC: &str = "02:42:0a:63:07:5e";
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (name, front, label) = (scene.engine.name("shop"), scene.engine.name("front"), scene.engine.label());
    scene.engine.docker().ok(["network", "create", "--label", &label, &front]).await;
    let mut live = Live::open(&ada).await.expect("a line for who is signed in");
    link_becomes(&mut live, "local", "up").await;
    live.subscribe_jobs().await;
    let (key, value) = label.split_once('=').expect("a label has a value");
    let body = json!({
        "Image": longshore_tests::engine::IMAGE, "Cmd": ["sh", "-c", OBEDIENT], "MacAddress": MAC,
        "Labels": { key: value }, "HostConfig": { "NetworkMode": front },
    });
    let wish = json!({ "name": name, "start": true, "body": body });
    let made = ada.send(Method::POST, "hosts/local/containers", Some(wish)).await.expect(202).json();
    assert_eq!(live.job_ended(&mut ada, made["id"].as_str().expect("an id")).await["state"], "done");
    let old = scene.engine.inspect(&name).await;
    assert_eq!(old["NetworkSettings"]["Networks"][&front]["MacAddress"], MAC, "{old}");

    let mut live = Live::watching(&ada, &name).await;
    let id = ask(&mut ada, &name, false).await;
    assert_eq!(live.job_ended(&mut ada, &id).await["state"], "done");
    let new = scene.engine.inspect(&name).await;
    assert_ne!(new["Id"], old["Id"]);
    assert_eq!(new["NetworkSettings"]["Networks"][&front]["MacAddress"], MAC, "{new}");
}

#[tokio::test]
async fn made_anew_of_a_newer_image_it_has_its_values_and_one_that_ends_is_taken_back() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let docker = scene.engine.docker();
    let (tag, label, name) = (scene.engine.name("image:1"), scene.engine.label(), scene.engine.name("web"));
    let command = format!("CMD [\"sh\", \"-c\", \"{OBEDIENT}\"]");
    image(&scene, &tag, &["ENV CAME=old", &command]).await;
    docker.ok(["run", "--detach", "--name", &name, "--label", &label, "--env", "OWN=1", &tag]).await;
    let mut live = Live::watching(&ada, &name).await;
    image(&scene, &tag, &["ENV CAME=new", &command]).await;

    let id = ask(&mut ada, &name, true).await;
    let job = live.job_ended(&mut ada, &id).await;
    assert_eq!(job["state"], "done", "{job}");
    let env = scene.engine.inspect(&name).await["Config"]["Env"].to_string();
    assert!(env.contains("CAME=new") && env.contains("OWN=1") && !env.contains("CAME=old"), "{env}");

    // The next one ends at once: the one before is back, and the job says why.
    let before = scene.engine.inspect(&name).await["Id"].clone();
    image(&scene, &tag, &["CMD [\"sh\", \"-c\", \"exit 7\"]"]).await;
    let id = ask(&mut ada, &name, true).await;
    let job = live.job_ended(&mut ada, &id).await;
    assert_eq!(job["state"], "failed", "{job}");
    let why = &job["targets"][0]["outcome"]["why"];
    assert_eq!((&why["code"], &why["args"]["code"]), (&json!("recreate-exited"), &json!(7)), "{job}");
    let now = scene.engine.inspect(&name).await;
    assert_eq!((&now["Id"], &now["State"]["Running"]), (&before, &json!(true)));

    // What removes itself has nothing to come back to.
    let fleeting = scene.engine.name("fleeting");
    docker
        .ok([
            "run",
            "--detach",
            "--rm",
            "--name",
            &fleeting,
            "--label",
            &label,
            "busybox:1.35",
            "sh",
            "-c",
            OBEDIENT,
        ])
        .await;
    let mut live = Live::watching(&ada, &fleeting).await;
    let id = ask(&mut ada, &fleeting, false).await;
    let job = live.job_ended(&mut ada, &id).await;
    assert!(job.to_string().contains("recreate-removes-itself"), "{job}");
    assert_eq!(scene.engine.state(&fleeting).await, "running");
    docker.ok(["rm", "--force", &name]).await;
    docker.ok(["rmi", "--force", &tag]).await;
}

#[tokio::test]
async fn made_anew_through_a_power_cut_it_is_finished_or_undone() {
    let mut scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (good, bad, label) = (scene.engine.name("good"), scene.engine.name("bad"), scene.engine.label());
    let mut jobs = Vec::new();
    for name in [&good, &bad] {
        // It is not healthy before somebody says so.
        let mut words = vec!["run", "--detach", "--name", name, "--label", &label];
        words.extend([
            "--health-cmd",
            "test -e /tmp/well",
            "--health-interval",
            "1s",
            "--health-retries",
            "9999",
        ]);
        words.extend(["busybox:1.35", "sh", "-c", OBEDIENT]);
        scene.engine.docker().ok(words).await;
    }
    for name in [&good, &bad] {
        let old = scene.engine.inspect(name).await["Id"].clone();
        let mut live = Live::watching(&ada, name).await;
        let id = ask(&mut ada, name, false).await;
        live.subscribe_containers(name).await;
        live.until("the new one runs", |message| {
            let rows = message["body"]["rows"].as_array()?;
            rows.iter()
                .any(|row| row["name"] == name.as_str() && row["id"] != old && row["state"] == "starting")
                .then_some(())
        })
        .await;
        jobs.push((id, old));
    }
    scene.server.program().kill().await;
    // One of the new ones does not last until somebody looks.
    scene.engine.docker().ok(["stop", &bad]).await;
    scene.engine.docker().ok(["exec", &good, "touch", "/tmp/well"]).await;
    scene.server.start_again().await;

    let mut ada = signed_in_again(&scene.server).await;
    let mut live = Live::watching(&ada, &good).await;
    let finished = ended_well(&mut live, &mut ada, &jobs[0].0).await;
    let undone = ended_well(&mut live, &mut ada, &jobs[1].0).await;
    assert!(finished.to_string().contains("recreate-finished-later"), "{finished}");
    assert!(undone.to_string().contains("recreate-undone-later"), "{undone}");
    let (good_now, bad_now) = (scene.engine.inspect(&good).await, scene.engine.inspect(&bad).await);
    assert_ne!(good_now["Id"], jobs[0].1);
    assert_eq!((&bad_now["Id"], &bad_now["State"]["Running"]), (&jobs[1].1, &json!(true)));
    let left = scene
        .engine
        .docker()
        .ok(["ps", "--all", "--filter", "name=-before-", "--format", "{{.Names}}"])
        .await;
    assert!(!left.contains(&good) && !left.contains(&bad), "{left}");
    assert_eq!(sql(&scene.server, "SELECT count(*) FROM recreation"), "0");
}

#[tokio::test]
async fn made_anew_of_an_image_that_is_not_well_or_does_not_last_it_is_taken_back() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (tag, label, name) = (scene.engine.name("image:1"), scene.engine.label(), scene.engine.name("web"));
    image(&scene, &tag, &[&format!("CMD [\"sh\", \"-c\", \"{OBEDIENT}\"]")]).await;
    scene.engine.docker().ok(["run", "--detach", "--name", &name, "--label", &label, &tag]).await;
    let before = scene.engine.inspect(&name).await["Id"].clone();
    let mut live = Live::watching(&ada, &name).await;
    let unwell = format!("CMD [\"sh\", \"-c\", \"{OBEDIENT}\"]");
    let check = "HEALTHCHECK --interval=1s --retries=1 CMD false";
    // Without a check it has to run for longer than this.
    let fleeting = "CMD [\"sh\", \"-c\", \"sleep 6; exit 7\"]";
    for (changes, code) in
        [(&[unwell.as_str(), check][..], "recreate-unhealthy"), (&[fleeting], "recreate-exited")]
    {
        image(&scene, &tag, changes).await;
        let id = ask(&mut ada, &name, true).await;
        let job = live.job_ended(&mut ada, &id).await;
        assert_eq!(job["state"], "failed", "{job}");
        assert_eq!(job["targets"][0]["outcome"]["why"]["code"], code, "{job}");
        let now = scene.engine.inspect(&name).await;
        assert_eq!((&now["Id"], &now["State"]["Running"]), (&before, &json!(true)), "{code}");
    }
    scene.engine.docker().ok(["rm", "--force", &name]).await;
    scene.engine.docker().ok(["rmi", "--force", &tag]).await;
}

#[tokio::test]
async fn made_anew_until_somebody_cancels_it_is_taken_back() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (name, old) = undecided(&scene).await;
    let mut live = Live::watching(&ada, &name).await;
    let id = ask(&mut ada, &name, false).await;
    another_starts(&mut live, &name, &old).await;
    ada.send(Method::POST, &format!("jobs/{id}/cancel"), None).await.expect(204);
    let job = live.job_ended(&mut ada, &id).await;
    assert_eq!(job["state"], "cancelled", "{job}");
    assert_eq!(job["targets"][0]["outcome"]["why"]["code"], "recreate-cancelled", "{job}");
    let now = scene.engine.inspect(&name).await;
    assert_eq!((&now["Id"], &now["State"]["Running"]), (&old, &json!(true)));
    assert_eq!(sql(&scene.server, "SELECT count(*) FROM recreation"), "0");
}

#[tokio::test]
async fn made_anew_of_an_image_whose_pull_hangs_it_shows_how_far_and_can_be_cancelled() {
    let scene = FakeScene::start(1).await;
    scene.engine.pulls(&[LAYER], true);
    let (mut ada, mut live) = scene.watched().await;
    live.subscribe_jobs().await;
    let (container, _) = scene.engine.container(0);
    let id = ask(&mut ada, &container, true).await;
    live.until("a layer of the job", |message| {
        let jobs = message["body"]["jobs"].as_array()?;
        jobs.iter().any(|job| job["id"] == id.as_str() && job["layers"][0]["done"] == 512).then_some(())
    })
    .await;
    ada.send(Method::POST, &format!("jobs/{id}/cancel"), None).await.expect(204);
    let job = live.job_ended(&mut ada, &id).await;
    assert_eq!(job["state"], "cancelled", "{job}");
    assert_eq!(job["targets"][0]["outcome"]["why"]["code"], "recreate-cancelled", "{job}");
    let changed: Vec<String> =
        scene.engine.calls().into_iter().filter(|call| call.starts_with("POST")).collect();
    assert!(changed.iter().all(|call| call.starts_with("POST /images/create")), "{changed:?}");
}

#[tokio::test]
async fn made_anew_by_who_signs_out_meanwhile_it_is_taken_back() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (name, old) = undecided(&scene).await;
    let mut fleeting = signed_in_again(&scene.server).await;
    let mut live = Live::watching(&ada, &name).await;
    let id = ask(&mut fleeting, &name, false).await;
    another_starts(&mut live, &name, &old).await;
    fleeting.sign_out().await.expect(204);
    let job = live.job_ended(&mut ada, &id).await;
    assert_eq!(job["state"], "failed", "{job}");
    let now = scene.engine.inspect(&name).await;
    assert_eq!((&now["Id"], &now["State"]["Running"]), (&old, &json!(true)));
    assert_eq!(sql(&scene.server, "SELECT count(*) FROM recreation"), "0");
}

/// Waits until it is settled: done or failed, no longer interrupted.
async fn ended_well(live: &mut Live, ada: &mut Person, id: &str) -> Value {
    live.subscribe_jobs().await;
    live.until(&format!("job {id} is settled"), |message| {
        let jobs = message["body"]["jobs"].as_array()?;
        jobs.iter()
            .any(|job| job["id"] == id && (job["state"] == "done" || job["state"] == "failed"))
            .then_some(())
    })
    .await;
    ada.get(&format!("jobs/{id}")).await.expect(200).json()
}
