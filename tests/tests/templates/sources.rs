//! Sources: read with a message for each bad entry, kept, from addresses, repositories, folders and files.

use http::Method;
use longshore_tests::{
    Browser, Person, Repository, Scene, browser::Look, engine::IMAGE, http::text, person::PASSWORD,
};
use serde_json::{Value, json};

use super::{Files, again, at_address, made, portainer, sent, serves, told};

#[tokio::test]
async fn a_source_is_read_with_a_message_for_each_bad_entry_and_kept() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut mia = scene.person(&mut ada, "mia", "developer").await;
    let url = serves(portainer(IMAGE)).await;

    // What leads to this machine is not read unless that is allowed.
    let form = |private: bool| json!({ "name": "Theirs", "place": { "kind": "address", "url": url, "private": private } });
    mia.send(Method::POST, "template-sources", Some(form(true))).await.expect(403);
    let source = made(&mut ada, form(false)).await;
    let id = text(&source["id"]);
    assert_eq!((&source["trouble"]["code"], &source["templates"]), (&json!("source-private"), &json!(0)));

    ada.send(Method::PUT, &format!("template-sources/{id}"), Some(form(true))).await.expect(204);
    let source = told(&mut ada, &id).await;
    assert_eq!((&source["trouble"], &source["templates"]), (&Value::Null, &json!(1)));
    assert_eq!(source["findings"][0]["what"]["code"], "template-missing");
    assert_eq!(source["findings"][0]["entry"]["args"]["title"], "Nameless image");

    // Everybody finds the good one, beside what comes with Longshore.
    let list = mia.get("templates").await.expect(200).json();
    let rows = list["templates"].as_array().expect("a list");
    let theirs = rows.iter().find(|row| row["title"]["en"] == "Sleeper").expect("the good one");
    assert!(rows.len() > 40 && rows.iter().any(|row| row["id"] == "wordpress"));

    // With answers it is a container; a bad answer is refused and nothing is made of it.
    let path = format!("hosts/local/templates/{}/resolve", text(&theirs["id"]));
    let wish = |port: &str| json!({ "name": "sleeper", "answers": { "PORT_80": port, "MODE": "light" } });
    let refused = mia.send(Method::POST, &path, Some(wish("80000"))).await.expect(200).json();
    assert_eq!(refused["refused"][0]["why"]["code"], "answer-not-a-port");
    assert_eq!(refused["file"], "");
    let resolved = mia.send(Method::POST, &path, Some(wish("18081"))).await.expect(200).json();
    let body = &resolved["container"]["body"];
    assert_eq!(body["Env"], json!(["MODE=light"]));
    assert_eq!(body["HostConfig"]["PortBindings"]["80/tcp"][0]["HostPort"], "18081");

    // A file that is sent and has no template in it is said to have none; another one may take its place.
    let empty = sent(&mut ada, "Sent", "id: A b\n").await;
    assert_eq!(told(&mut ada, &empty).await["trouble"]["code"], "source-no-templates-at");
    let form =
        json!({ "name": "Sent", "place": { "kind": "file", "name": "b.json" }, "text": portainer(IMAGE) });
    ada.send(Method::PUT, &format!("template-sources/{empty}"), Some(form)).await.expect(204);
    let source = told(&mut ada, &empty).await;
    assert_eq!((&source["trouble"], &source["templates"]), (&Value::Null, &json!(1)), "{source}");
    ada.send(Method::DELETE, &format!("template-sources/{empty}"), None).await.expect(204);

    ada.send(Method::DELETE, &format!("template-sources/{id}"), None).await.expect(204);
    ada.get(&format!("templates/{}", text(&theirs["id"]))).await.expect(404);
}

#[tokio::test]
async fn a_source_is_made_changed_read_again_and_removed_on_the_page() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let url = serves(portainer(IMAGE)).await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("templates?show=sources")).await;
    browser.sign_in(PASSWORD).await;
    browser.appears("[data-empty=\"sources\"]").await;
    browser.click("[data-action=\"new-source\"]").await;
    browser.fill("name", "Theirs").await;
    browser.retype("place", &url).await;
    browser.click("[role=\"dialog\"] [name=\"private\"]").await;
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]:enabled").await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.expect_no_complaint().await;
    browser.reads("[data-source=\"Theirs\"] [data-findings]", "1 error").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());

    // Whoever else looks sees it, too, as it happens: one that does not answer is being read for a while.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let nobody = format!("http://{}/templates.json", silent.local_addr().expect("an address"));
    let place = json!({ "kind": "address", "url": nobody, "private": true });
    let form = json!({ "name": "Silent", "place": place });
    let slow = ada.send(Method::POST, "template-sources", Some(form)).await.expect(200).json();
    browser.appears("[data-source=\"Silent\"] [data-reading]").await;
    browser.picture("template-source-reading").await;
    drop(silent);
    browser.appears_late("[data-source=\"Silent\"] [data-trouble]", 2).await;
    ada.send(Method::DELETE, &format!("template-sources/{}", text(&slow["id"])), None).await.expect(204);
    browser.vanishes("[data-source=\"Silent\"]").await;
    browser.click("[data-source=\"Theirs\"] [data-action=\"refresh-source\"]").await;
    browser.appears("[data-source=\"Theirs\"] [data-action=\"refresh-source\"]:enabled").await;
    browser.expect_no_complaint().await;
    browser.click("[data-source=\"Theirs\"] [data-action=\"edit-source\"]").await;
    browser.retype("name", "Ours").await;
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]:enabled").await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.expect_no_complaint().await;
    browser.reads("[data-source=\"Ours\"]", &url).await;

    // What it has is found at once; and is gone with it.
    browser.click("[data-action=\"sources\"]").await;
    browser.press("/").await;
    browser.holds("document.activeElement.name === 'filter'").await;
    browser.fill("filter", "sleeper").await;
    browser.reads(".tplc", "Ours").await;
    browser.expect_no_complaint().await;
    browser.click("[data-action=\"sources\"]").await;
    browser.click("[data-source=\"Ours\"] [data-action=\"remove-source\"]").await;
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]:enabled").await;
    browser.appears("[data-empty=\"sources\"]").await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.expect_no_complaint().await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_repository_is_a_source_of_templates() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let ours = "id: harbour\ntitle: Harbour\nmark: Ha\ndescription: {en: Ours., zh-CN: 我们的。}\ncategories: [web]\ncompose: |\n  services: {web: {image: 'busybox:1'}}\n";
    let (list, other) = (portainer(IMAGE), ours.replace("arbour", "arbour-two"));
    let files = [
        ("lists/templates.json", list.as_str()),
        ("ours/a.yaml", ours),
        ("ours/b.yaml", other.as_str()),
        ("ours/deeper/c.yaml", "no template"),
        ("ours/read.me", "no template"),
    ];
    let repository = Repository::serve(&files, true).await;
    let form = |name: &str, path: &str, private: bool| {
        json!({ "name": name,
        "place": { "kind": "repository", "url": repository.url(), "path": path, "private": private } })
    };
    let one = made(&mut ada, form("A list", "lists/templates.json", true)).await;
    assert_eq!((&one["templates"], &one["trouble"]), (&json!(1), &Value::Null), "{one}");
    let two = made(&mut ada, form("A folder", "/ours/", true)).await;
    assert_eq!((&two["templates"], &two["place"]["path"]), (&json!(2), &json!("ours")), "{two}");
    for (path, private, code) in [
        ("none.json", true, "source-not-in-repository"),
        ("link.yml", true, "source-not-in-repository"),
        ("", true, "source-no-files"),
        ("ours", false, "source-private"),
    ] {
        let source = made(&mut ada, form(&format!("{path} {private}"), path, private)).await;
        assert_eq!(source["trouble"]["code"], code, "{source}");
    }
    let above = Some(form("Above", "../x", true));
    let refused = ada.send(Method::POST, "template-sources", above).await.expect(400).problem();
    assert!(refused.starts_with("400 source-path-invalid"), "{refused}");

    // Read again it is what was pushed since; a commit that has none leaves what was there.
    repository.push(&[("lists/templates.json", "{}")]).await;
    let list = again(&mut ada, &text(&one["id"])).await;
    assert_eq!(
        (&list["templates"], &list["trouble"]["code"]),
        (&json!(1), &json!("source-no-templates-because")),
        "{list}"
    );
    repository.push(&[("ours/d.yaml", &ours.replace("arbour", "arbour-three"))]).await;
    let folder = again(&mut ada, &text(&two["id"])).await;
    assert_eq!((&folder["templates"], &folder["trouble"]), (&json!(3), &Value::Null), "{folder}");

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("templates?show=sources")).await;
    browser.sign_in(PASSWORD).await;
    browser.click("[data-action=\"new-source\"]").await;
    browser.click("[data-kind=\"repository\"]").await;
    browser.retype("name", "From the page").await;
    browser.retype("place", repository.url()).await;
    browser.fill("path", "ours").await;
    browser.click("[role=\"dialog\"] [name=\"private\"]").await;
    browser.picture("template-source-repository").await;
    browser.click("[role=\"dialog\"] button[type=\"submit\"]").await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.reads(".people__cards", "From the page").await;
    browser.picture("template-sources").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.resize(390, 844).await;
    assert!(browser.fits().await);
    browser.picture("template-sources.phone").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn what_a_source_had_is_kept_over_a_restart_although_it_is_gone() {
    let mut scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let server = Files::serve().await;
    let url = server.put("/templates.json", portainer(IMAGE));
    let id = at_address(&mut ada, "Theirs", &url).await;
    assert_eq!(told(&mut ada, &id).await["templates"], 1);
    server.close().await;
    scene.server.restart().await;
    let mut ada = longshore_tests::fake::signed_in_again(&scene.server).await;
    let kept = async |ada: &mut Person| {
        let list = ada.get("templates?q=sleeper").await.expect(200).json();
        let found =
            list["templates"].as_array().into_iter().flatten().find(|row| row["title"]["en"] == "Sleeper");
        let found = text(&found.expect("the one that is kept")["id"]);
        ada.get(&format!("templates/{found}")).await.expect(200);
    };
    kept(&mut ada).await;
    let source = again(&mut ada, &id).await;
    assert_eq!(
        (&source["templates"], &source["trouble"]["code"]),
        (&json!(1), &json!("source-unreachable")),
        "{source}"
    );
    kept(&mut ada).await;
}

#[tokio::test]
async fn a_source_has_its_bounds_and_a_folder_is_one() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let server = Files::serve().await;
    let large = server.put("/large.json", format!("{}{}", portainer(IMAGE), " ".repeat(9 << 20)));
    // Whoever connects here is never answered.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let silent = format!("http://{}/templates.json", silent.local_addr().expect("an address"));
    for (name, url, code) in [("Large", large, "source-large"), ("Silent", silent, "source-unreachable")] {
        let id = at_address(&mut ada, name, &url).await;
        let source = told(&mut ada, &id).await;
        assert_eq!((&source["trouble"]["code"], &source["templates"]), (&json!(code), &json!(0)), "{source}");
        let silent = source["trouble"].to_string().contains("no answer");
        assert_eq!(silent, name == "Silent", "{source}");
    }

    let folder = tempfile::tempdir().expect("a folder");
    let place = json!({ "kind": "folder", "path": folder.path() });
    let source = made(&mut ada, json!({ "name": "Folder", "place": place })).await;
    let id = text(&source["id"]);
    assert_eq!(source["trouble"]["code"], "source-no-files");
    // One that is no template is named, and so is what is wrong with it.
    std::fs::write(folder.path().join("bad.yaml"), "id: A b\n").expect("written");
    let source = again(&mut ada, &id).await;
    assert!(source["trouble"].to_string().contains("bad.yaml"), "{source}");
    std::fs::write(folder.path().join("list.json"), portainer(IMAGE)).expect("written");
    let source = again(&mut ada, &id).await;
    assert_eq!((&source["templates"], &source["trouble"]), (&json!(1), &Value::Null), "{source}");
    assert!(source["findings"].to_string().contains("bad.yaml"), "{source}");
}
