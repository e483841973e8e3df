//! Stopped containers are removed by an exact list, and can be made again.

use longshore_tests::{Browser, Scene, browser::Look, engine::IMAGE, person::PASSWORD};

#[tokio::test]
async fn stopped_containers_go_by_an_exact_list_and_are_made_again() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let engine = &scene.engine;
    let docker = engine.docker();
    let (label, prefix) = (engine.label(), engine.name(""));
    let [gone, back, fresh] = ["gone", "back", "fresh"].map(|name| engine.name(name));
    let of = ["--label", label.as_str()];
    let volume = ["--volume", "/data"];
    docker
        .ok([&["run", "--name", &gone, "--env", "TILL=7"][..], &of, &volume, &[IMAGE, "true"]].concat())
        .await;
    docker.ok([&["create", "--name", &fresh][..], &of, &[IMAGE, "true"]].concat()).await;
    docker.ok([&["run", "--detach", "--name", &back][..], &of, &[IMAGE, "sleep", "3600"]].concat()).await;
    docker.ok(["kill", &back]).await;
    let id = async |name: &str| docker.ok(["inspect", "--format", "{{.Id}}", name]).await.trim().to_owned();
    let (gone_id, back_id, fresh_id) = (id(&gone).await, id(&back).await, id(&fresh).await);
    let data = docker.ok(["inspect", "--format", "{{(index .Mounts 0).Name}}", &gone]).await;

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("containers?q={prefix}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.appears(&format!("tr[data-container=\"{fresh}\"]")).await;
    browser.click("[data-action=\"remove-stopped\"]").await;
    let ticked = |id: &str| format!("[data-goes=\"{id}\"] input:checked");
    browser.appears(&ticked(&gone_id)).await;
    browser.appears(&ticked(&back_id)).await;
    browser.appears(&format!("[data-goes=\"{fresh_id}\"] input:not(:checked)")).await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.picture("remove-stopped").await;

    // One runs again meanwhile: it stays, and the list says why.
    docker.ok(["start", &back]).await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.appears(&format!("[data-goes=\"{gone_id}\"].is-gone")).await;
    browser.reads(&format!("[data-goes=\"{back_id}\"] .prune__why"), "running").await;
    browser.picture("remove-stopped-done").await;
    browser.complaints().await;
    docker.refused(["inspect", &gone]).await;
    docker.ok(["inspect", &back, &fresh]).await;
    docker.ok(["volume", "inspect", data.trim()]).await;

    // What is gone is made again as it was.
    browser.click(".dialog [data-action=\"removed\"]").await;
    browser.appears(&format!("[data-removed=\"{gone}\"]")).await;
    browser.vanishes(&format!("[data-removed=\"{back}\"]")).await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.picture("removed-containers").await;
    browser.click(&format!("[data-removed=\"{gone}\"] [data-action=\"make-again\"]")).await;
    browser.reads(".nc__side pre", "TILL=7").await;
    browser.click("[data-action=\"create-only\"]").await;
    browser.reads("h1", &gone).await;
    let env = docker.ok(["inspect", "--format", "{{.Config.Env}}", &gone]).await;
    assert!(env.contains("TILL=7"), "{env}");

    // The plain removal of one keeps it too; and what is kept can be forgotten.
    browser.open(&scene.server.url("containers/removed")).await;
    browser.click(&format!("[data-removed=\"{gone}\"] [data-action=\"forget\"]")).await;
    browser.vanishes(&format!("[data-removed=\"{gone}\"]")).await;
    browser.resize(390, 844).await;
    assert!(browser.fits().await);
    browser.picture("removed-phone").await;
    docker.ok(["rm", "--volumes", "--force", &gone, &back, &fresh]).await;
    docker.ok(["volume", "rm", data.trim()]).await;
    browser.expect_no_complaint().await;
}
