//! Names on hosts that are somebody's: shared with a team, kept when their thing is gone, given back.

use http::Method;
use longshore_tests::{Browser, Docker, Person, Scene, browser::Look, engine::IMAGE, person::PASSWORD, soon};
use serde_json::{Value, json};

fn named<'a>(all: &'a Value, kind: &str, name: &str) -> Option<&'a Value> {
    let mut names = all["names"].as_array().expect("names").iter();
    names.find(|one| one["kind"] == kind && one["access"]["name"] == name)
}

fn path(one: &Value) -> String {
    format!("names/{}", one["id"].as_str().expect("an id"))
}

async fn docker(scene: &Scene, person: &mut Person) -> Docker {
    Docker::through(&scene.server, Some(&person.make_key("docker").await))
}

#[tokio::test]
async fn who_may_not_give_what_is_theirs_is_told_which_right_is_missing() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut mia = scene.person(&mut ada, "mia", "developer").await;
    let (label, data) = (scene.engine.label(), scene.engine.name("data"));
    docker(&scene, &mut mia).await.ok(["volume", "create", "--label", &label, &data]).await;
    let all = mia.get("names").await.expect(200).json();
    let name = path(named(&all, "volume", &data).expect("a name of hers"));
    let people = ada.get("people").await.expect(200).json();
    let account = people["accounts"].as_array().expect("accounts").iter().find(|one| one["name"] == "mia");
    let id = account.expect("mia")["id"].clone();
    let mut grants = people["grants"].as_array().expect("grants").iter();
    let grant = grants.find(|grant| grant["subject"]["account"] == id).expect("her grant");
    let grant = format!("grants/{}", grant["id"].as_str().expect("an id"));
    ada.send(Method::DELETE, &grant, None).await.expect(204);
    ada.give(id.as_str().expect("an id"), "viewer").await;
    let wish = json!({ "owner": "mia", "sharing": "public" });
    for (method, body) in [(Method::PUT, Some(wish)), (Method::DELETE, None)] {
        let said = mia.send(method, &name, body).await.expect(403).json();
        assert_eq!(said["code"], json!("permission-missing"), "{said}");
        assert!(said.to_string().contains("deploy"), "{said}");
    }
}

#[tokio::test]
async fn a_name_is_shared_with_a_team_and_given_back() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut mia = scene.person(&mut ada, "mia", "developer").await;
    let mut bob = scene.person(&mut ada, "bob", "developer").await;
    let team = ada.team("web", &["mia", "bob"]).await;
    let (hers, his) = (docker(&scene, &mut mia).await, docker(&scene, &mut bob).await);
    let (label, data, net) = (scene.engine.label(), scene.engine.name("data"), scene.engine.name("net"));
    hers.ok(["volume", "create", "--label", &label, &data]).await;
    hers.ok(["network", "create", "--label", &label, &net]).await;
    let mount = format!("{data}:/data");
    let run = ["run", "--rm", "--label", &label, "--network", &net, "-v", &mount, IMAGE, "true"];
    his.refused(run).await;

    let all = mia.get("names").await.expect(200).json();
    assert_eq!(all["names"].as_array().map(Vec::len), Some(2), "{all}");
    assert_eq!(bob.get("names").await.expect(200).json()["names"], json!([]), "nothing is his");
    let wish = json!({ "owner": "mia", "sharing": "teams", "teams": [team] });
    for (kind, name) in [("volume", &data), ("network", &net)] {
        let one = named(&all, kind, name).expect("a name of hers");
        assert_eq!((&one["here"], &one["access"]["owner"]), (&json!(true), &json!("mia")));
        bob.send(Method::PUT, &path(one), Some(wish.clone())).await.expect(404);
        bob.send(Method::DELETE, &path(one), None).await.expect(404);
        mia.send(Method::PUT, &path(one), Some(wish.clone())).await.expect(204);
    }
    his.ok(run).await;
    his.ok(["volume", "inspect", &data]).await;
    // What is shared with him is not his to give.
    let volume = named(&all, "volume", &data).expect("a name of hers");
    bob.send(Method::DELETE, &path(volume), None).await.expect(404);

    hers.ok(["volume", "rm", &data]).await;
    soon("the volume is gone from the list", async {
        let gone = |one: &Value| named(one, "volume", &data).is_some_and(|one| one["here"] == false);
        while !gone(&mia.get(&format!("names?text={data}")).await.expect(200).json()) {}
    })
    .await;
    let seen = ada.get(&format!("names?text={data}%20mia")).await.expect(200).json();
    assert!(named(&seen, "volume", &data).is_some(), "who manages the host sees it: {seen}");
    mia.send(Method::PUT, &path(volume), Some(json!({ "owner": "mia" }))).await.expect(204);
    his.refused(["volume", "create", &data]).await;
    mia.send(Method::DELETE, &path(volume), None).await.expect(204);
    mia.send(Method::DELETE, &path(volume), None).await.expect(404);
    his.ok(["volume", "create", "--label", &label, &data]).await;
    hers.refused(["volume", "inspect", &data]).await;
    // Given back while it is there it is the managers'.
    let network = named(&all, "network", &net).expect("a name of hers");
    mia.send(Method::DELETE, &path(network), None).await.expect(204);
    hers.refused(["network", "inspect", &net]).await;
    his.refused(["network", "create", &net]).await;
}

#[tokio::test]
async fn names_are_looked_after_on_the_account_page() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut mia = scene.person(&mut ada, "mia", "developer").await;
    ada.team("Harbour", &["mia"]).await;
    let hers = docker(&scene, &mut mia).await;
    let (label, data, web) = (scene.engine.label(), scene.engine.name("data"), scene.engine.name("web"));
    hers.ok(["volume", "create", "--label", &label, &data]).await;
    hers.ok(["create", "--name", &web, "--label", &label, IMAGE]).await;
    hers.ok(["rm", &web]).await;
    let mut wrong = Vec::new();
    for (look, called) in [
        (Look::desk(), "desk"),
        (Look::phone().dark(), "phone.dark"),
        (Look::desk().language("zh-CN"), "desk.zh-CN"),
    ] {
        let browser = Browser::start(&look).await;
        browser.open(&scene.server.url("")).await;
        browser.fill("name", "mia").await;
        browser.fill("password", PASSWORD).await;
        browser.click("button[type=submit]").await;
        browser.appears("[data-live=\"live\"]").await;
        browser.open(&scene.server.url("account")).await;
        browser.appears(&format!("[data-name=\"{web}\"] [data-fact=\"gone\"]")).await;
        browser.picture(&format!("names.{called}")).await;
        wrong.extend(browser.barriers().await.into_iter().map(|what| format!("names.{called}: {what}")));
        if !browser.fits().await {
            wrong.push(format!("names.{called}: wider than the page"));
        }
        browser.expect_no_complaint().await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("")).await;
    browser.fill("name", "mia").await;
    browser.fill("password", PASSWORD).await;
    browser.click("button[type=submit]").await;
    browser.appears("[data-live=\"live\"]").await;
    browser.open(&scene.server.url("account")).await;
    browser.click(&format!("[data-name=\"{data}\"] [data-action=\"share-name\"]")).await;
    browser.click("[data-sharing=\"teams\"]").await;
    browser.appears("[data-team=\"Harbour\"]:checked").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.vanishes(".dialog").await;
    browser.reads(&format!("[data-name=\"{data}\"]"), "Harbour").await;
    browser.click(&format!("[data-name=\"{web}\"] [data-action=\"release-name\"]")).await;
    browser.appears(".dialog").await;
    browser.picture("release-name").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.click("[data-action=\"confirm\"]").await;
    browser.vanishes(&format!("[data-name=\"{web}\"]")).await;
    browser.expect_no_complaint().await;
}
