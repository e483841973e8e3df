//! Stopped containers are removed by an exact list, and can be made again.

use http::Method;
use longshore_tests::{
    Browser, Live, Scene, browser::Look, engine::IMAGE, fake::signed_in_again, person::PASSWORD,
};
use serde_json::json;

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
    browser.reads("[data-unmeasured]", "nobody has measured").await;
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

#[tokio::test]
async fn what_is_too_large_to_be_kept_is_said_where_it_goes() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let engine = &scene.engine;
    let label = engine.label();
    // A megabyte and a bit.
    let variables: String = (0..44).map(|n| format!("V{n}={}\n", "x".repeat(25_000))).collect();
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), variables).expect("the file is ours");
    let file = file.path().to_str().expect("a path of ours");
    let all = ["one", "two", "three"].map(|name| engine.name(name));
    for name in &all {
        let create = ["create", "--name", name, "--label", &label, "--env-file", file, IMAGE, "true"];
        engine.docker().ok(create).await;
    }
    let [one, two, three] = all;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("containers/local/{one}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.click(".page__actions [aria-haspopup=\"menu\"]").await;
    browser.click("[data-action=\"remove\"]").await;
    browser.click("[data-action=\"remove-confirm\"]").await;
    browser.reads(&format!("[data-mishap=\"{one}\"]"), "is not kept").await;
    browser.reads(".mishaps__head", "Done").await;
    browser.picture("removed-not-kept").await;
    engine.docker().refused(["inspect", &one]).await;
    browser.complaints().await;

    let id = async |name: &str| {
        engine.docker().ok(["inspect", "--format", "{{.Id}}", name]).await.trim().to_owned()
    };
    let (two, three) = (id(&two).await, id(&three).await);
    let mut ada = signed_in_again(&scene.server).await;
    let targets = [&two, &three].map(|id| json!({ "host": "local", "id": id }));
    let mut live = Live::on_jobs(&ada).await;
    let wish = json!({ "verb": "remove", "targets": targets });
    let job = ada.send(Method::POST, "jobs/containers", Some(wish)).await.expect(202).json();
    let job = live.job_ended(&mut ada, job["id"].as_str().expect("an id")).await;
    let told =
        job["log"].as_array().expect("a log").iter().filter(|line| line["what"]["code"] == "spec-too-large");
    assert_eq!(told.count(), 2, "{job}");
}
