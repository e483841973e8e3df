//! Images out of a real registry: pulled by a click, found missing, and newer than the one that a container has.

use http::Method;
use longshore_tests::{
    Browser, Live, Registry, Scene,
    browser::Look,
    engine::IMAGE,
    person::PASSWORD,
    stack::{Stack, down, up},
};
use serde_json::json;

/// An image with a layer and a variable of its own, at the registry alone.
async fn pushed(scene: &Scene, reference: &str, what: &str) {
    let docker = scene.engine.docker();
    let (name, label) = (scene.engine.name("mould"), scene.engine.label());
    let script = format!("head -c 3000000 /dev/urandom > /{what}");
    docker.ok(["run", "--name", &name, "--label", &label, IMAGE, "sh", "-c", &script]).await;
    let variable = format!("ENV CAME={what}");
    let command = "CMD [\"sh\", \"-c\", \"trap 'exit 0' TERM; sleep 3600 & wait\"]";
    docker.ok(["commit", "--change", &variable, "--change", command, &name, reference]).await;
    docker.ok(["rm", &name]).await;
    docker.ok(["push", "--quiet", reference]).await;
    docker.ok(["rmi", reference]).await;
}

#[tokio::test]
async fn an_image_of_a_real_registry_is_pulled_by_a_click_and_a_missing_tag_is_explained() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let registry = Registry::beside(&scene.engine).await;
    let reference = registry.image("shop:1");
    pushed(&scene, &reference, "first").await;

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("images?q=shop")).await;
    browser.sign_in(PASSWORD).await;
    browser.click("[data-action=\"create\"]").await;
    browser.fill("image", &reference).await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.reads("tr[data-thing]", "shop").await;
    browser.open(&scene.server.url("jobs")).await;
    browser.appears("tr[data-job-state=\"done\"]").await;
    browser.reads(".joblog__lines", "Pull complete").await;
    browser.picture("registry-pulled").await;
    scene.engine.docker().ok(["image", "inspect", &reference]).await;

    let missing = registry.image("shop:2");
    let asked = json!({ "image": missing });
    ada.send(Method::POST, "hosts/local/images", Some(asked)).await.expect(202);
    browser.appears("tr[data-job-state=\"failed\"]").await;
    browser.reads(".joblog", "Choose a tag that the registry lists").await;
    browser.picture("registry-missing").await;
    browser.expect_no_complaint().await;
    scene.engine.docker().ok(["rmi", &reference]).await;
}

#[tokio::test]
async fn made_anew_a_container_takes_the_newer_image_of_its_registry() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let registry = Registry::beside(&scene.engine).await;
    let (reference, name, label) =
        (registry.image("till:1"), scene.engine.name("till"), scene.engine.label());
    let docker = scene.engine.docker();
    pushed(&scene, &reference, "first").await;
    docker.ok(["run", "--detach", "--name", &name, "--label", &label, "--env", "OWN=1", &reference]).await;
    // The tag stands for another image at the registry, and still for the first one here.
    let first = scene.engine.inspect(&name).await["Image"].as_str().expect("an id").to_owned();
    pushed(&scene, &reference, "second").await;
    docker.ok(["tag", &first, &reference]).await;

    let mut live = Live::watching(&ada, &name).await;
    let path = format!("hosts/local/containers/{name}/recreate");
    let started = ada.send(Method::POST, &path, Some(json!({ "newer": true }))).await.expect(202).json();
    let job = live.job_ended(&mut ada, started["id"].as_str().expect("an id")).await;
    assert_eq!(job["state"], "done", "{job}");
    let now = scene.engine.inspect(&name).await;
    assert_ne!(now["Image"], first.as_str());
    let env = now["Config"]["Env"].to_string();
    assert!(env.contains("CAME=second") && env.contains("OWN=1") && !env.contains("first"), "{env}");
    docker.ok(["rm", "--force", &name]).await;
    docker.ok(["rmi", "--force", &reference, &first]).await;
}

/// A stack of one service of an image.
fn of_image(scene: &Scene, image: &str) -> serde_json::Value {
    let label = scene.engine.label().replace('=', ": ");
    json!({ "files": { "compose.yaml": format!("services: {{web: {{image: '{image}', labels: {{{label}}}}}}}\n") } })
}

#[tokio::test]
async fn a_registry_that_dies_half_way_leaves_a_stack_as_it_was() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let registry = Registry::beside(&scene.engine).await;
    let (reference, other) = (registry.image("shop:1"), registry.image("shop:2"));
    pushed(&scene, &reference, "first").await;
    let mut stack = Stack::of(&scene, &ada).await;
    stack.done(&mut ada, up(Some(of_image(&scene, &reference)))).await;
    let web = stack.id(&scene.engine, "web").await;
    pushed(&scene, &other, "second").await;
    registry.dies_half_way();
    let job = stack.apply(&mut ada, up(Some(of_image(&scene, &other)))).await;
    let first = &job["targets"][0]["outcome"];
    assert!(job["state"] == "failed" && first["engine"].is_string(), "the engine's words are told: {job}");
    assert_eq!(stack.newest(&mut ada).await["state"], "undone");
    assert_eq!(stack.id(&scene.engine, "web").await, web, "nothing else was begun");
    stack.done(&mut ada, down(true)).await;
    scene.engine.docker().ok(["rmi", "--force", &reference]).await;
}

#[tokio::test]
async fn who_returns_to_a_release_has_its_image_from_the_registry_again() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let docker = scene.engine.docker();
    let registry = Registry::beside(&scene.engine).await;
    let reference = registry.image("shop:1");
    pushed(&scene, &reference, "first").await;
    let mut stack = Stack::of(&scene, &ada).await;
    stack.done(&mut ada, up(Some(of_image(&scene, &reference)))).await;
    let web = format!("{}-web-1", stack.name);
    let came = async || scene.engine.inspect(&web).await["Config"]["Env"].to_string();
    let first = scene.engine.inspect(&web).await["Image"].as_str().expect("an id").to_owned();
    // The tag stands for another image, and this machine has the first no more.
    docker.ok(["rmi", "--force", &reference]).await;
    pushed(&scene, &reference, "second").await;
    let mut newer = up(None);
    newer["wish"]["pull"] = json!(true);
    stack.done(&mut ada, newer.clone()).await;
    assert!(came().await.contains("CAME=second"));
    docker.ok(["rmi", "--force", &first]).await;

    stack.done(&mut ada, json!({ "base": 1, "wish": { "deed": "up" } })).await;
    assert!(came().await.contains("CAME=first"), "{}", came().await);
    let drift = ada.get(&stack.path("/drift")).await.expect(200).json();
    assert_eq!(drift["rows"], json!([]), "{drift}");
    // Who asks for the newest has it.
    stack.done(&mut ada, newer).await;
    assert!(came().await.contains("CAME=second"));
    let second = scene.engine.inspect(&web).await["Image"].as_str().expect("an id").to_owned();
    stack.done(&mut ada, down(true)).await;
    docker.ok(["rmi", "--force", &first, &second]).await;
}
