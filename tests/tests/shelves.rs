//! Images, networks and volumes: what is there, what uses it, made and removed by a person.

use http::Method;
use longshore_fake_engine::Fault;
use longshore_tests::{
    Browser, FakeScene, Scene, browser::Look, engine::IMAGE, fake::signed_in_again, person::PASSWORD, raw,
};
use tokio::io::AsyncWriteExt as _;

async fn at(scene: &Scene, path: &str, look: &Look) -> Browser {
    let browser = Browser::start(look).await;
    browser.open(&scene.server.url(path)).await;
    browser.sign_in(PASSWORD).await;
    browser
}

fn thing(id: &str) -> String {
    format!("[data-thing=\"{id}\"]")
}

#[tokio::test]
async fn a_volume_is_made_seen_in_use_and_removed_by_its_name() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let engine = &scene.engine;
    let (name, label) = (engine.name("data"), engine.label());
    let browser = at(&scene, &format!("volumes?q={}", engine.name("")), &Look::desk()).await;
    browser.appears(".empty").await;

    browser.click("[data-action=\"create\"]").await;
    browser.fill("name", "not/a name").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.reads(".field__error", "letters").await;
    browser.complaints().await;
    browser.script("const i = document.querySelector('.dialog input[name=name]'); i.value = ''; i.dispatchEvent(new Event('input'))").await;
    browser.fill("name", &name).await;
    browser.fill("labels", &label).await;
    browser.picture("volume-create").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.vanishes(".dialog").await;
    browser.appears(&thing(&name)).await;
    engine.docker().ok(["volume", "inspect", &name]).await;

    // What happens outside is seen too.
    let holder = engine.name("holder");
    let mount = format!("{name}:/data");
    let run =
        ["run", "--detach", "--name", &holder, "--label", &label, "--volume", &mount, IMAGE, "sleep", "3600"];
    engine.docker().ok(run).await;
    browser.reads(&format!("{} .shelf__user", thing(&name)), &holder).await;
    browser.appears(&format!("{} [aria-disabled=\"true\"]", thing(&name))).await;
    browser.click("[data-only=\"unused\"]").await;
    browser.vanishes(&thing(&name)).await;
    browser.click("[data-only=\"used\"]").await;
    browser.appears(&thing(&name)).await;
    browser.picture("volumes").await;
    engine.docker().ok(["rm", "--force", &holder]).await;
    browser.click("[data-only=\"all\"]").await;
    browser.appears(&format!("{} [data-action=\"remove\"]:not([aria-disabled])", thing(&name))).await;

    // Its data is lost for good: the name is typed.
    browser
        .script(&format!(
            "document.querySelector('{} .acts [data-action=remove]').click()",
            thing(&name).replace('"', "\\\"")
        ))
        .await;
    browser.appears("[data-action=\"confirm\"]:disabled").await;
    browser.fill("typed", &name).await;
    browser.picture("volume-remove").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.vanishes(".dialog").await;
    browser.vanishes(&thing(&name)).await;
    engine.docker().refused(["volume", "inspect", &name]).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_network_is_made_as_asked_and_the_engine_says_why_not() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let engine = &scene.engine;
    // Engines take any name of a network.
    let (name, label) = (engine.name("net of/us"), engine.label());
    let browser = at(&scene, &format!("networks?q={}", engine.name("")), &Look::desk().dark()).await;
    browser.click("[data-action=\"create\"]").await;
    browser.fill("name", &name).await;
    browser.fill("subnet", "10.213.0.0/99").await;
    browser.fill("labels", &label).await;
    browser.fill("options", "com.docker.network.bridge.enable_icc=false").await;
    browser.click(".dialog input[name=internal]").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.appears(".trouble__engine").await;
    browser.complaints().await;
    browser.script("const i = document.querySelector('.dialog input[name=subnet]'); i.value = '10.213.7.0/24'; i.dispatchEvent(new Event('input'))").await;
    browser.picture("network-create-dark").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.vanishes(".dialog").await;
    browser.reads("tr[data-thing] .mono", "10.213.7.0/24").await;
    let said = engine
        .docker()
        .ok([
            "network",
            "inspect",
            &name,
            "--format",
            "{{(index .IPAM.Config 0).Subnet}} {{.Driver}} {{.Internal}} {{.Options}}",
        ])
        .await;
    let asked = "10.213.7.0/24 bridge true map[com.docker.network.bridge.enable_icc:false]";
    assert_eq!(said.trim(), asked);
    browser.picture("networks-dark").await;

    browser.script("document.querySelector('tr[data-thing] .acts [data-action=remove]').click()").await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.vanishes(".dialog").await;
    browser.vanishes("tr[data-thing]").await;
    engine.docker().refused(["network", "inspect", &name]).await;
    // The engine's own stay.
    browser.open(&scene.server.url("networks?q=bridge")).await;
    browser.appears("tr[data-thing] [aria-disabled=\"true\"]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn an_image_goes_with_all_its_tags_and_not_while_it_is_held() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let engine = &scene.engine;
    // An image of its own, with two tags and a holder.
    let (holder, repo, label) = (engine.name("holder"), engine.name("image"), engine.label());
    engine.docker().ok(["create", "--name", &holder, IMAGE, "true"]).await;
    engine
        .docker()
        .ok(["commit", "--change", &format!("LABEL {label}"), &holder, &format!("{repo}:1")])
        .await;
    engine.docker().ok(["tag", &format!("{repo}:1"), &format!("{repo}:2")]).await;
    engine.docker().ok(["rm", &holder]).await;
    let user = engine.running("user").await;
    engine.docker().ok(["rm", "--force", &user]).await;
    let run = ["create", "--name", &user, "--label", &label, &format!("{repo}:2"), "true"];
    engine.docker().ok(run).await;
    let browser = at(&scene, &format!("images?q={repo}"), &Look::desk().language("zh-CN")).await;
    browser.reads("tr[data-thing] .shelf__user", &user).await;
    browser.picture("images-zh").await;
    let id = browser.script("return document.querySelector('tr[data-thing]').dataset.thing").await;
    let id = id.as_str().expect("an id").to_owned();

    // By whatever way it is asked for, it stays while it is held, and so do its tags.
    let mut person = signed_in_again(&scene.server).await;
    let refused = person.send(Method::DELETE, &format!("hosts/local/images/{id}"), None).await;
    let refused = refused.expect(409).json();
    assert_eq!(refused["type"], "/problems/image-in-use", "{refused}");
    let title = refused["title"].as_str().unwrap_or_default();
    assert!(title.contains(&format!("is held by 1 container, {user} first")), "{title}");
    engine.docker().ok(["image", "inspect", &format!("{repo}:1")]).await;

    engine.docker().ok(["rm", &user]).await;
    browser.appears("tr[data-thing] [data-action=\"remove\"]:not([aria-disabled])").await;
    browser.script("document.querySelector('tr[data-thing] .acts [data-action=remove]').click()").await;
    browser.reads(".goes", &format!("{repo}:2")).await;
    browser.picture("image-remove-zh").await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.vanishes(".dialog").await;
    browser.vanishes("tr[data-thing]").await;
    engine.docker().refused(["image", "inspect", &format!("{repo}:1")]).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn an_image_goes_as_it_was_listed_and_nothing_else() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let docker = scene.engine.docker();
    let (holder, repo) = (scene.engine.name("holder"), scene.engine.name("image"));
    let tag = |tag: &str| format!("{repo}:{tag}");
    docker.ok(["create", "--name", &holder, IMAGE, "true"]).await;
    docker.ok(["commit", &holder, &tag("1")]).await;
    docker.ok(["rm", &holder]).await;
    docker.ok(["tag", &tag("1"), &tag("2")]).await;
    let browser = at(&scene, &format!("images?q={repo}"), &Look::desk()).await;
    browser.appears("tr[data-thing] .badge").await;
    browser.script("document.querySelector('tr[data-thing] .acts [data-action=remove]').click()").await;
    browser.reads(".goes", &tag("2")).await;
    // One more while the list is open.
    docker.ok(["tag", &tag("1"), &tag("late")]).await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.reads(".dialog .trouble", &tag("late")).await;
    browser.picture("image-tagged-since").await;
    browser.complaints().await;
    docker.ok(["image", "inspect", &tag("1"), &tag("2"), &tag("late")]).await;

    // A name that has moved on to another image stays with that.
    let id = docker.ok(["image", "inspect", "--format", "{{.Id}}", &tag("1")]).await;
    docker.ok(["tag", IMAGE, &tag("late")]).await;
    let listed = ["1", "2", "late"].map(&tag).join(",");
    let path = format!("hosts/local/images/{}?tags={listed}", id.trim());
    ada.send(Method::DELETE, &path, None).await.expect(204);
    docker.refused(["image", "inspect", &tag("1")]).await;
    docker.refused(["image", "inspect", id.trim()]).await;
    let late = docker.ok(["image", "inspect", "--format", "{{.Id}}", &tag("late")]).await;
    assert_eq!(late, docker.ok(["image", "inspect", "--format", "{{.Id}}", IMAGE]).await);
    docker.ok(["rmi", &tag("late")]).await;
}

#[tokio::test]
async fn a_name_that_has_moved_since_the_image_was_looked_at_is_neither_removed_nor_saved() {
    const ID: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const LISTED: &str = r#"[{"Id":"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","RepoTags":["shop:1"],"Created":1700000000,"Size":1}]"#;
    const OWN: &str = r#"{"Id":"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","RepoTags":["shop:1"]}"#;
    const OTHERS: &str = r#"{"Id":"sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","RepoTags":["shop:1"]}"#;
    // Answers, not refusals: the engine is caught between two of them.
    let scene = FakeScene::start_broken(0, |engine| {
        engine.plan("/images/json", Fault::Refuse(200, LISTED));
        engine.plan(&format!("/images/{ID}/json"), Fault::Refuse(200, OWN));
        engine.plan("/images/shop:1/json", Fault::Refuse(200, OTHERS));
    })
    .await;
    let mut ada = scene.administrator().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("images")).await;
    browser.sign_in(PASSWORD).await;
    browser.appears(&thing(ID)).await;

    let path = format!("hosts/local/images/{ID}?tags=shop:1");
    let refused = ada.send(Method::DELETE, &path, None).await.expect(409).json();
    assert_eq!(refused["code"], "tag-moved", "{refused}");
    ada.get(&format!("hosts/local/images/{ID}/save")).await.expect(200);
    let calls = scene.engine.calls();
    assert!(!calls.iter().any(|call| call.starts_with("DELETE")), "{calls:?}");
    let saved: Vec<&String> = calls.iter().filter(|call| call.contains("/get")).collect();
    assert!(saved.len() == 1 && !saved[0].contains("shop"), "{saved:?}");
}

#[tokio::test]
async fn an_image_that_nobody_names_is_found_by_the_filter_for_such() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let docker = scene.engine.docker();
    let (holder, repo, label) =
        (scene.engine.name("holder"), scene.engine.name("image"), scene.engine.label());
    docker.ok(["create", "--name", &holder, IMAGE, "true"]).await;
    let named = docker.ok(["commit", "--change", &format!("LABEL {label}"), &holder, &repo]).await;
    let nameless = docker.ok(["commit", "--change", &format!("LABEL {label} more=1"), &holder]).await;
    docker.ok(["rm", &holder]).await;
    let row = |id: &str| format!("tr[data-thing=\"{}\"]", id.trim());
    let value = label.split_once('=').expect("a label has a value").1;
    let browser = at(&scene, &format!("images?q={value}"), &Look::desk()).await;
    browser.appears(&row(&named)).await;
    browser.appears(&row(&nameless)).await;
    browser.click("[data-only=\"dangling\"]").await;
    browser.vanishes(&row(&named)).await;
    browser.appears(&row(&nameless)).await;
    docker.ok(["rmi", named.trim(), nameless.trim()]).await;
    browser.vanishes(&row(&nameless)).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_network_shows_who_is_attached_and_takes_one_more() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let engine = &scene.engine;
    let (name, label) = (engine.name("mesh"), engine.label());
    let made = [
        "network",
        "create",
        "--label",
        &label,
        "--subnet",
        "10.213.9.0/24",
        "--gateway",
        "10.213.9.1",
        &name,
    ];
    engine.docker().ok(made).await;
    let web = engine.running("web").await;
    let browser = at(&scene, &format!("networks?q={name}"), &Look::desk()).await;
    browser.click("tr[data-thing] a.tbl__name").await;
    browser.reads("[data-panel=\"facts\"]", "10.213.9.1").await;
    browser.click("[data-action=\"connect\"]").await;
    browser.fill("container", &web).await;
    browser.fill("aliases", "front shop").await;
    browser.fill("address", "10.213.9.77").await;
    browser.picture("network-connect").await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.vanishes(".dialog").await;
    browser.reads(&format!("[data-member=\"{web}\"]"), "10.213.9.77/24").await;
    browser.reads("[data-panel=\"users\"]", &web).await;
    browser.picture("network").await;
    let networks = engine.inspect(&web).await["NetworkSettings"]["Networks"].clone();
    let aliases = networks[&name]["Aliases"].to_string();
    assert!(aliases.contains("front") && aliases.contains("shop"), "{aliases}");

    browser.click("[data-action=\"disconnect\"]").await;
    browser.vanishes(&format!("[data-member=\"{web}\"]")).await;
    browser.appears("[data-action=\"remove\"]:enabled").await;
    assert!(engine.inspect(&web).await["NetworkSettings"]["Networks"][&name].is_null());

    // Somebody else removes it while one looks.
    engine.docker().ok(["network", "rm", &name]).await;
    browser.appears("[data-gone]").await;
    browser.appears("[data-action=\"remove\"]:disabled").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn an_image_shows_its_layers_and_takes_more_names() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let engine = &scene.engine;
    let (holder, repo, label) = (engine.name("holder"), engine.name("image"), engine.label());
    let write = ["run", "--name", &holder, IMAGE, "sh", "-c", "head -c 3000000 /dev/zero > /three"];
    engine.docker().ok(write).await;
    let changes = ["--change", &format!("LABEL {label}"), "--change", "CMD [\"echo\", \"it works\"]"];
    engine.docker().ok([&["commit"][..], &changes, &[&holder, &format!("{repo}:1")]].concat()).await;
    engine.docker().ok(["rm", &holder]).await;
    let browser = at(&scene, &format!("images?q={repo}"), &Look::desk().dark()).await;
    browser.click("tr[data-thing] a.tbl__name").await;
    browser.reads("[data-layer=\"2\"]", "3.00 MB").await;
    browser.reads("[data-layer=\"2\"]", "head -c 3000000").await;
    browser.reads("[data-panel=\"layers\"] h2", "in 2 layers").await;
    browser.reads("[data-panel=\"facts\"]", "echo 'it works'").await;

    browser.click("[data-action=\"tag\"]").await;
    browser.fill("tag", "Not A Tag").await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.reads(".field__error", "shop/web:2").await;
    browser.complaints().await;
    browser.script("const i = document.querySelector('.dialog input[name=tag]'); i.value = ''; i.dispatchEvent(new Event('input'))").await;
    browser.fill("tag", &format!("{repo}:two")).await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.vanishes(".dialog").await;
    browser.appears(&format!("[data-tag=\"{repo}:two\"]")).await;
    browser.picture("image-dark").await;
    browser.click(&format!("[data-tag=\"{repo}:1\"] [data-action=\"untag\"]")).await;
    browser.vanishes(&format!("[data-tag=\"{repo}:1\"]")).await;
    browser.vanishes("[data-action=\"untag\"]").await;
    engine.docker().refused(["image", "inspect", &format!("{repo}:1")]).await;
    engine.docker().ok(["image", "inspect", &format!("{repo}:two")]).await;

    // The last one goes with the image.
    let id = browser.script("return decodeURIComponent(location.pathname).split('/').pop()").await;
    let mut person = signed_in_again(&scene.server).await;
    let last = serde_json::json!({ "tag": format!("{repo}:two") });
    let untag = format!("hosts/local/images/{}/untag", id.as_str().expect("an id"));
    assert!(person.send(Method::POST, &untag, Some(last)).await.expect(409).problem().contains("last-tag"));
    browser.click("[data-action=\"remove\"]:enabled").await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.appears("[data-gone]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn what_is_unused_goes_as_listed_and_ticked_and_nothing_else() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let engine = &scene.engine;
    let label = engine.label();
    let [kept, gone, late] = ["kept", "gone", "late"].map(|name| engine.name(name));
    for name in [&kept, &gone] {
        engine.docker().ok(["volume", "create", "--label", &label, name]).await;
    }
    let browser = at(&scene, &format!("volumes?q={}", engine.name("")), &Look::desk()).await;
    browser.appears(&thing(&gone)).await;
    browser.click("[data-action=\"prune\"]:enabled").await;
    browser.appears(&format!("[data-goes=\"{kept}\"]")).await;
    // Nothing of a volume is ticked for anybody, and what becomes unused later is not in the list.
    browser.vanishes("[data-goes] input:checked").await;
    browser.appears("[data-action=\"confirm\"]:disabled").await;
    engine.docker().ok(["volume", "create", "--label", &label, &late]).await;
    browser.click(&format!("[data-goes=\"{gone}\"] input")).await;
    browser.fill("typed", "1").await;
    browser.reads("[data-action=\"confirm\"]", "Remove 1 volume").await;
    browser.holds("!document.querySelector('[data-action=confirm]').textContent.includes('volumes')").await;
    browser.picture("prune").await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.appears(&format!("[data-goes=\"{gone}\"].is-gone")).await;
    browser.vanishes(&format!("[data-goes=\"{late}\"]")).await;
    // There is nothing left to confirm, and no button for none.
    browser.vanishes("[data-action=\"confirm\"]").await;
    browser.reads(".dialog__foot", "1 removed").await;
    browser.picture("prune-done").await;
    engine.docker().refused(["volume", "inspect", &gone]).await;
    engine.docker().ok(["volume", "inspect", &kept, &late]).await;

    // Somebody takes one into use while the list is open: the engine keeps it, and says why.
    let label_of = ["--label", label.as_str()];
    let mount = format!("{kept}:/data");
    let holder = engine.name("holder");
    let run = [&["create", "--name", &holder][..], &label_of, &["--volume", &mount, IMAGE, "true"]].concat();
    engine.docker().ok(run).await;
    browser.click(&format!("[data-goes=\"{kept}\"] input")).await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.reads(&format!("[data-goes=\"{kept}\"] .prune__why"), "in use").await;
    engine.docker().ok(["volume", "inspect", &kept]).await;
    browser.complaints().await;
}

#[tokio::test]
async fn a_saved_image_can_be_loaded_again() {
    let scene = Scene::start().await;
    let mut person = scene.administrator().await;
    let engine = &scene.engine;
    let repo = engine.name("image");
    let holder = engine.name("holder");
    engine.docker().ok(["create", "--name", &holder, IMAGE, "true"]).await;
    engine.docker().ok(["commit", &holder, &format!("{repo}:1")]).await;
    engine.docker().ok(["tag", &format!("{repo}:1"), &format!("{repo}:2")]).await;
    engine.docker().ok(["rm", &holder]).await;
    let id = engine.docker().ok(["image", "inspect", "--format", "{{.Id}}", &format!("{repo}:1")]).await;
    let browser = at(&scene, &format!("images?q={repo}"), &Look::desk()).await;
    browser.click("tr[data-thing] a.tbl__name").await;
    browser.appears(&format!("[data-tag=\"{repo}:2\"]")).await;
    browser.appears(&format!("[data-action=\"save\"][href$=\"{}/save\"]", id.trim())).await;
    let archive = person.get(&format!("hosts/local/images/{}/save", id.trim())).await.expect(200);
    let archive = archive.body.to_vec();
    engine.docker().ok(["rmi", &format!("{repo}:1"), &format!("{repo}:2")]).await;
    engine.docker().fed(["load"], archive).await;
    // With all the names that it had.
    engine.docker().ok(["rmi", &format!("{repo}:1"), &format!("{repo}:2")]).await;
}

#[tokio::test]
async fn an_image_is_loaded_from_a_file_and_garbage_is_called_so() {
    let scene = Scene::start().await;
    let ada = scene.administrator().await;
    let engine = &scene.engine;
    let (repo, holder) = (engine.name("loaded"), engine.name("holder"));
    let tag = format!("{repo}:1");
    engine.docker().ok(["create", "--name", &holder, IMAGE, "true"]).await;
    engine.docker().ok(["commit", &holder, &tag]).await;
    engine.docker().ok(["rm", &holder]).await;
    let dir = tempfile::tempdir().expect("a temporary folder");
    let [good, cut, bad] = ["good.tar", "cut.tar", "bad.tar"].map(|name| dir.path().join(name));
    engine.docker().ok(["save", "--output", &good.display().to_string(), &tag]).await;
    engine.docker().ok(["rmi", &tag]).await;
    let archive = std::fs::read(&good).expect("an archive");
    std::fs::write(&cut, &archive[..archive.len() / 2]).expect("a file");
    std::fs::write(&bad, vec![b'x'; 3_000_000]).expect("a file");

    let browser = at(&scene, &format!("images?q={repo}"), &Look::desk()).await;
    browser.appears(".empty").await;
    browser.click("[data-action=\"load\"]").await;
    for wrong in [&bad, &cut] {
        browser.fill("archive", &wrong.display().to_string()).await;
        browser.click("[data-action=\"confirm\"]:enabled").await;
        browser.appears(".dialog .trouble").await;
    }
    browser.reads(".dialog .trouble", "Nothing was loaded").await;
    browser.picture("load-garbage").await;
    browser.complaints().await;
    engine.docker().refused(["image", "inspect", &tag]).await;

    // A browser that goes in the middle of the file leaves nothing behind.
    let mut head = format!(
        "POST /api/v1/hosts/local/images/load HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\n\
         Content-Type: application/x-tar\r\nContent-Length: {1}\r\n",
        scene.server.address(),
        archive.len()
    );
    for (name, value) in &ada.headers() {
        head += &format!("{name}: {}\r\n", value.to_str().expect("a header of text"));
    }
    let mut gone = raw::send(scene.server.address(), &(head + "\r\n")).await;
    gone.write_all(&archive[..archive.len() / 2]).await.expect("it is taken");
    drop(gone);
    browser.fill("archive", &good.display().to_string()).await;
    browser.vanishes(".dialog .trouble").await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.appears(&format!("[data-loaded=\"{tag}\"]")).await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.picture("load-done").await;
    browser.reads("tr[data-thing]", &repo).await;
    browser.holds("document.querySelectorAll('tr[data-thing]').length === 1").await;
    engine.docker().ok(["rmi", &tag]).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn an_image_is_pulled_and_its_layers_are_told() {
    let (scene, browser) = FakeScene::on_page("images").await;
    let layer =
        r#"{"status":"Downloading","progressDetail":{"current":512,"total":2048},"id":"aaaabbbbcccc"}"#;
    scene.engine.pulls(&[layer], true);
    browser.click("[data-action=\"create\"]").await;
    browser.fill("image", "registry.example/shop:7").await;
    browser.picture("pull").await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.reads("[role=\"dialog\"] [data-layer=\"aaaabbbbcccc\"]", "512 B / 2.05 kB").await;
    browser.picture("pull-job").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn shelves_fit_a_phone_and_bar_nobody() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let browser = at(&scene, "", &Look::phone()).await;
    browser.click("[data-action=\"more-pages\"]").await;
    browser.click(".sheet [href$=\"volumes\"]").await;
    browser.vanishes(".sheet").await;
    for page in ["volumes", "images", "networks"] {
        browser.open(&scene.server.url(page)).await;
        browser.appears("tr[data-thing], .empty").await;
        assert!(browser.fits().await, "{page}");
        assert_eq!(browser.barriers().await, Vec::<String>::new(), "{page}");
        browser.picture(&format!("{page}-phone")).await;
    }
    for page in ["images", "networks"] {
        browser.open(&scene.server.url(page)).await;
        browser.click("tr[data-thing] a.tbl__name").await;
        browser.appears("[data-panel=\"facts\"] dd").await;
        assert!(browser.fits().await, "{page}");
        assert_eq!(browser.barriers().await, Vec::<String>::new(), "{page}");
        browser.picture(&format!("{page}-one-phone")).await;
    }
    browser.open(&scene.server.url("networks")).await;
    browser.click("[data-action=\"create\"]").await;
    browser.appears(".dialog").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.picture("network-create-phone").await;
    browser.expect_no_complaint().await;
}
