//! App templates: sources that administrators name, what a template becomes with somebody's answers, and the pages.

use std::collections::BTreeSet;

use http::Method;
use longshore_tests::{
    Browser, Live, Person, Repository, Scene, browser::Look, engine::IMAGE, http::text, person::PASSWORD,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// A server of one file, on this machine; its address.
async fn serves(file: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}/templates.json", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 4096];
            if stream.read(&mut head).await.is_err() {
                continue;
            }
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{file}",
                file.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    address
}

/// Version 2, with a good entry and a bad one.
fn portainer(image: &str) -> String {
    json!({ "version": "2", "templates": [
        { "type": 1, "title": "Sleeper", "description": "Sleeps.", "image": image, "command": "sleep 3600",
          "ports": ["18080:80/tcp"], "env": [{ "name": "MODE", "label": "Mode", "default": "deep" }] },
        { "type": 1, "title": "Nameless image" },
    ] })
    .to_string()
}

#[tokio::test]
async fn a_source_is_read_with_a_message_for_each_bad_entry_and_kept() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut mia = scene.person(&mut ada, "mia", "developer").await;
    let url = serves(portainer(IMAGE)).await;

    // What leads to this machine is not read unless that is allowed.
    let form = |private: bool| json!({ "name": "Theirs", "place": { "kind": "address", "url": url, "private": private } });
    mia.send(Method::POST, "template-sources", Some(form(true))).await.expect(403);
    let made = ada.send(Method::POST, "template-sources", Some(form(false))).await.expect(200).json();
    let id = text(&made["id"]);
    let sources = ada.get("template-sources").await.expect(200).json();
    assert_eq!(
        (&sources[0]["trouble"]["code"], &sources[0]["templates"]),
        (&json!("source-private"), &json!(0))
    );

    ada.send(Method::PUT, &format!("template-sources/{id}"), Some(form(true))).await.expect(204);
    let sources = ada.get("template-sources").await.expect(200).json();
    assert_eq!((&sources[0]["trouble"], &sources[0]["templates"]), (&Value::Null, &json!(1)));
    assert_eq!(sources[0]["findings"][0]["what"]["code"], "template-missing");
    assert_eq!(sources[0]["findings"][0]["entry"]["args"]["title"], "Nameless image");

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

    // A file that is sent and has no template in it is said to have none.
    let sent = json!({ "name": "Sent", "place": { "kind": "file", "name": "a.yaml" }, "text": "id: A b\n" });
    ada.send(Method::POST, "template-sources", Some(sent)).await.expect(200);
    let sources = ada.get("template-sources").await.expect(200).json();
    assert_eq!(sources[0]["trouble"]["code"], "source-no-templates-because");

    ada.send(Method::DELETE, &format!("template-sources/{id}"), None).await.expect(204);
    ada.get(&format!("templates/{}", text(&theirs["id"]))).await.expect(404);
}

#[tokio::test]
async fn a_source_is_made_changed_read_again_and_removed_on_the_page() {
    let scene = Scene::start().await;
    scene.administrator().await;
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
async fn a_container_is_deployed_from_the_gallery() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.name("sleeper");
    let label = scene.engine.label();
    let (key, value) = label.split_once('=').expect("a label");
    let mut file: Value = serde_json::from_str(&portainer(IMAGE)).expect("JSON");
    file["templates"][0]["name"] = json!(name);
    file["templates"][0]["labels"] = json!([{ "name": key, "value": value }]);
    let url = serves(file.to_string()).await;
    let form = json!({ "name": "Theirs", "place": { "kind": "address", "url": url, "private": true } });
    ada.send(Method::POST, "template-sources", Some(form)).await.expect(200);

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("templates")).await;
    browser.sign_in(PASSWORD).await;
    browser.appears("[data-template=\"wordpress\"]").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.picture("templates").await;
    browser.open(&scene.server.url("templates?q=sleeper")).await;
    browser.click(".tplc .tbl__name").await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    browser.appears("[data-result] [data-to=\"container\"]").await;
    browser.picture("template-deployed").await;
    let docker = scene.engine.docker();
    assert_eq!(docker.ok(["inspect", "--format", "{{.State.Running}}", &name]).await.trim(), "true");
    browser.complaints().await;
}

/// A source of one stack of a repository, on the repository's own server or on another; the id of its template.
async fn from_repository(
    ada: &mut Person,
    repository: &Repository,
    url: &str,
    path: &str,
    (own, private): (bool, bool),
) -> String {
    let file = json!({ "version": "3", "templates": [{ "id": 1, "type": 3, "title": "Shop", "description": "Sells.",
        "repository": { "url": url, "stackfile": path } }] });
    let at = if own { repository.beside(file.to_string()) } else { serves(file.to_string()).await };
    let name = format!("{path} {own} {private}");
    let place = json!({ "kind": "address", "url": at, "private": true });
    let form = json!({ "name": name, "place": place });
    let made = ada.send(Method::POST, "template-sources", Some(form)).await.expect(200).json();
    let id = text(&made["id"]);
    if !private {
        // Its own file was read; what it names may lead nowhere that is not everybody's.
        let sent = json!({ "kind": "file", "name": "shop.json" });
        let form = json!({ "name": name, "place": sent, "text": file.to_string() });
        ada.send(Method::PUT, &format!("template-sources/{id}"), Some(form)).await.expect(204);
    }
    format!("hosts/local/templates/{id}.1/resolve")
}

#[tokio::test]
async fn the_file_of_a_stack_is_read_from_its_repository() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let file = format!("services:\n  web:\n    image: {IMAGE}\n    ports: ['${{PORT:-8080}}:80']\n");
    // So much of other things that they are packed by what differs.
    let others: Vec<String> = (0..40).map(|n| format!("{n}\n{}", "the same again\n".repeat(200))).collect();
    let named: Vec<String> = (0..40).map(|n| format!("other/{n}.txt")).collect();
    let mut files: Vec<(&str, &str)> =
        named.iter().zip(&others).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    files.push(("stacks/shop/docker-compose.yml", &file));
    let wish = json!({ "name": "shop", "answers": {} });
    let path = "stacks/shop/docker-compose.yml";

    // Where contents can be left out they are, and the one file is asked for; otherwise all of the newest comes at once.
    for (filter, calls) in [(true, 4), (false, 3)] {
        let repository = Repository::serve(&files, filter).await;
        let resolve = from_repository(&mut ada, &repository, repository.url(), path, (true, true)).await;
        let resolved = ada.send(Method::POST, &resolve, Some(wish.clone())).await.expect(200).json();
        assert_eq!((&resolved["file"], &resolved["findings"]), (&json!(file), &Value::Null), "{resolved}");
        assert_eq!(repository.asked().len(), calls, "{:?}", repository.asked());
        ada.send(Method::DELETE, &format!("template-sources/{}", &resolve[22..58]), None).await.expect(204);
    }

    let repository = Repository::serve(&files, true).await;
    for (path, code) in
        [("stacks/none.yml", "source-not-in-repository"), ("link.yml", "source-not-in-repository")]
    {
        let resolve = from_repository(&mut ada, &repository, repository.url(), path, (true, true)).await;
        let refused = ada.send(Method::POST, &resolve, Some(wish.clone())).await.expect(502).json();
        assert_eq!(refused["args"]["why"]["code"], code, "{refused}");
    }
    // No repository is there, and this machine is not for others to name.
    let nowhere = repository.url().replace("/shop", "/nowhere");
    let resolve = from_repository(&mut ada, &repository, &nowhere, "a.yml", (true, true)).await;
    let refused = ada.send(Method::POST, &resolve, Some(wish.clone())).await.expect(502).json();
    assert_eq!(refused["args"]["why"]["code"], "source-status", "{refused}");
    let before = repository.asked().len();
    // Nor is it for a source elsewhere that may be at a private address itself.
    for from in [(true, false), (false, true)] {
        let resolve = from_repository(&mut ada, &repository, repository.url(), path, from).await;
        let refused = ada.send(Method::POST, &resolve, Some(wish.clone())).await.expect(502).json();
        assert_eq!(refused["args"]["why"]["code"], "source-private", "{from:?} {refused}");
    }
    assert_eq!(repository.asked().len(), before, "it was asked all the same");
}

/// A stack of a repository: its own file names others beside it and above it.
const NAMES: [(&str, &str); 9] = [
    (
        "stacks/shop/compose.yml",
        "include: [../common/log.yml]\nservices:\n  web:\n    extends: {file: base.yml, service: base}\n    env_file: [web.env]\n    build: app\n    configs: [site]\n    volumes: ['./conf:/etc/shop']\nconfigs: {site: {file: site.conf}}\n",
    ),
    ("stacks/shop/base.yml", "services:\n  base:\n    image: shop\n    network_mode: none\n"),
    ("stacks/shop/web.env", "GREETING=hello\n"),
    ("stacks/shop/app/Dockerfile", "FROM busybox\n"),
    ("stacks/shop/app/src/main.txt", "main\n"),
    ("stacks/shop/site.conf", "listen\n"),
    ("stacks/shop/conf/a.conf", "a\n"),
    ("stacks/common/log.yml", "services:\n  log:\n    image: log\n    network_mode: none\n"),
    ("stacks/shop/unnamed.txt", "nobody names it\n"),
];

#[tokio::test]
async fn all_that_a_stack_of_a_repository_names_comes_with_it() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let wish = json!({ "name": "shop", "answers": {} });
    for filter in [true, false] {
        let repository = Repository::serve(&NAMES, filter).await;
        let resolve =
            from_repository(&mut ada, &repository, repository.url(), "stacks/shop/compose.yml", (true, true))
                .await;
        let resolved = ada.send(Method::POST, &resolve, Some(wish.clone())).await.expect(200).json();
        assert_eq!(resolved["findings"], Value::Null, "{resolved}");
        // Something of it is above the folder of its own: all paths are from the repository's root.
        assert_eq!(resolved["at"], "stacks/shop/compose.yml", "{resolved}");
        let beside = resolved["beside"].as_object().expect("files");
        let named: Vec<&str> = beside.keys().map(String::as_str).collect();
        let wanted: Vec<&str> = NAMES[1..8].iter().map(|(path, _)| *path).collect();
        assert_eq!(named.iter().collect::<BTreeSet<_>>(), wanted.iter().collect(), "{resolved}");
        assert_eq!(beside["stacks/shop/web.env"], "GREETING=hello\n");

        // And the stack that is made of them plans.
        let mut files = beside.clone();
        files.insert("stacks/shop/compose.yml".to_owned(), resolved["file"].clone());
        let source = json!({ "files": files, "main": [resolved["at"]] });
        let plan = json!({ "source": source, "wish": { "deed": "up" } });
        let path = format!("hosts/local/stacks/{}/plan", scene.engine.name("shop"));
        let plan = ada.send(Method::POST, &path, Some(plan)).await.expect(200).json();
        assert!(plan["resolved"].as_str().is_some_and(|text| text.contains("GREETING: hello")), "{plan}");
        ada.send(Method::DELETE, &format!("template-sources/{}", &resolve[22..58]), None).await.expect(204);
    }

    // What lies beneath the folder of its own is called from there; what a link, or a path, leads out of is not had.
    let file = |env: &str| format!("services:\n  web:\n    image: shop\n    env_file: [{env}]\n");
    let (beneath, link, outside) = (file("web.env"), file("../../link.yml"), file("../../../etc/passwd"));
    let files = [
        ("a/b/beneath.yml", beneath.as_str()),
        ("a/b/link.yml", link.as_str()),
        ("a/b/outside.yml", outside.as_str()),
        ("a/b/web.env", "GREETING=hello\n"),
    ];
    let repository = Repository::serve(&files, true).await;
    let resolve =
        from_repository(&mut ada, &repository, repository.url(), "a/b/beneath.yml", (true, true)).await;
    let resolved = ada.send(Method::POST, &resolve, Some(wish.clone())).await.expect(200).json();
    assert_eq!((&resolved["at"], &resolved["findings"]), (&json!("beneath.yml"), &Value::Null), "{resolved}");
    assert_eq!(resolved["beside"], json!({ "web.env": "GREETING=hello\n" }));
    for path in ["a/b/link.yml", "a/b/outside.yml"] {
        let resolve = from_repository(&mut ada, &repository, repository.url(), path, (true, true)).await;
        let resolved = ada.send(Method::POST, &resolve, Some(wish.clone())).await.expect(200).json();
        assert_eq!(resolved["findings"][0]["what"]["code"], "compose-file-outside", "{resolved}");
    }

    // More than a stack may have is refused before it is asked for.
    let many: Vec<String> = (0..120).map(|n| format!("data/{n}.txt")).collect();
    let mut files: Vec<(&str, &str)> = many.iter().map(|path| (path.as_str(), "x")).collect();
    files.push(("compose.yml", "services:\n  web:\n    image: shop\n    volumes: ['./data:/data']\n"));
    let repository = Repository::serve(&files, true).await;
    let resolve = from_repository(&mut ada, &repository, repository.url(), "compose.yml", (true, true)).await;
    let refused = ada.send(Method::POST, &resolve, Some(wish)).await.expect(502).json();
    assert_eq!(refused["args"]["why"]["code"], "source-stack-large", "{refused}");
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
    let told = async |ada: &mut Person, form: Value| {
        let made = ada.send(Method::POST, "template-sources", Some(form)).await.expect(200).json();
        let sources = ada.get("template-sources").await.expect(200).json();
        let mut sources = sources.as_array().expect("sources").iter();
        sources.find(|source| source["id"] == made["id"]).expect("the new one").clone()
    };
    let one = told(&mut ada, form("A list", "lists/templates.json", true)).await;
    assert_eq!((&one["templates"], &one["trouble"]), (&json!(1), &Value::Null), "{one}");
    let two = told(&mut ada, form("A folder", "/ours/", true)).await;
    assert_eq!((&two["templates"], &two["place"]["path"]), (&json!(2), &json!("ours")), "{two}");
    for (path, private, code) in [
        ("none.json", true, "source-not-in-repository"),
        ("link.yml", true, "source-not-in-repository"),
        ("", true, "source-no-files"),
        ("ours", false, "source-private"),
    ] {
        let source = told(&mut ada, form(&format!("{path} {private}"), path, private)).await;
        assert_eq!(source["trouble"]["code"], code, "{source}");
    }
    let above = Some(form("Above", "../x", true));
    let refused = ada.send(Method::POST, "template-sources", above).await.expect(400).problem();
    assert!(refused.starts_with("400 source-path-invalid"), "{refused}");

    // Read again it is what was pushed since; a commit that has none leaves what was there.
    repository.push(&[("lists/templates.json", "{}")]).await;
    let refresh = |id: &Value| format!("template-sources/{}/refresh", text(id));
    ada.send(Method::POST, &refresh(&one["id"]), None).await.expect(204);
    repository.push(&[("ours/d.yaml", &ours.replace("arbour", "arbour-three"))]).await;
    ada.send(Method::POST, &refresh(&two["id"]), None).await.expect(204);
    let sources = ada.get("template-sources").await.expect(200).json();
    let of = |id: &Value| {
        let found = sources.as_array().into_iter().flatten().find(|source| source["id"] == *id);
        found.map(|source| (source["templates"].clone(), source["trouble"]["code"].clone()))
    };
    assert_eq!(of(&one["id"]), Some((json!(1), json!("source-no-templates-because"))), "{sources}");
    assert_eq!(of(&two["id"]), Some((json!(3), Value::Null)), "{sources}");

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
async fn every_real_template_opens_and_containers_plan() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let fixture = include_str!("../fixtures/templates/templates.json");
    let form =
        json!({ "name": "Theirs", "place": { "kind": "file", "name": "templates.json" }, "text": fixture });
    ada.send(Method::POST, "template-sources", Some(form)).await.expect(200);
    let list = ada.get("templates").await.expect(200).json();
    let rows = list["templates"].as_array().expect("a list").clone();
    let theirs: Vec<&Value> = rows.iter().filter(|row| row["source"].is_string()).collect();
    assert_eq!(theirs.len(), 63);
    let (mut planned, mut swarms, mut forms) = (0, Vec::new(), Vec::new());
    for row in theirs {
        let id = text(&row["id"]);
        let one = ada.get(&format!("templates/{id}")).await.expect(200).json();
        assert!(one["template"]["variables"].is_array(), "{one}");
        let resolve = format!("hosts/local/templates/{id}/resolve");
        let name = scene.engine.name("real");
        let wish = json!({ "name": name });
        match row["kind"].as_str().unwrap_or_default() {
            "swarm" => {
                let refused = ada.send(Method::POST, &resolve, Some(wish)).await.expect(409).problem();
                assert!(refused.starts_with("409 deploy-needs-swarm"), "{refused}");
                swarms.push(id.clone());
            }
            // Those of Windows name paths that no engine here takes.
            "container" if row["platform"] != "windows" => {
                let resolved = ada.send(Method::POST, &resolve, Some(wish)).await.expect(200).json();
                assert!(resolved["container"].is_object() && resolved["refused"].is_null(), "{resolved}");
                let variables = resolved["variables"].as_array().expect("a list").iter();
                let variables: Vec<Value> = variables
                    .map(|it| json!({ "name": it["name"], "value": it["value"], "secret": it["secret"] }))
                    .collect();
                let source = json!({ "files": { "compose.yaml": resolved["file"] }, "variables": variables });
                let plan = json!({ "source": source, "wish": { "deed": "up" } });
                let path = format!("hosts/local/stacks/{name}/plan");
                let plan = ada.send(Method::POST, &path, Some(plan)).await.expect(200).json();
                assert_eq!(plan["obstacles"], json!([]), "{row}\n{plan}");
                assert_ne!(plan["digest"], "", "{row}\n{plan}");
                planned += 1;
            }
            _ => {}
        }
        forms.push(id);
    }
    assert_eq!((planned, swarms.len()), (31, 5));

    let browser = Browser::start(&Look::desk().language("zh-CN").dark()).await;
    browser.open(&scene.server.url(&format!("templates/{}", swarms[0]))).await;
    browser.sign_in(PASSWORD).await;
    browser.reads("[data-swarm]", "需要集群的管理节点").await;
    browser.picture("template-swarm.dark").await;
    for id in forms {
        browser.open(&scene.server.url(&format!("templates/{id}"))).await;
        browser.appears("[data-form=\"template\"], [data-swarm]").await;
    }
    browser.picture("template-form.zh.dark").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_stack_is_said_and_nothing_is_made() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.name("shop");
    let missing = scene.engine.name("front");
    let stack = format!(
        "services:\n  web:\n    image: {IMAGE}\n    networks: [front]\n    volumes: ['data:/data']\nnetworks:\n  front: {{name: {missing}, external: true}}\nvolumes:\n  data:\n"
    );
    let (label, kept) = (scene.engine.label(), scene.engine.name("kept"));
    scene.engine.docker().ok(["volume", "create", "--label", &label, &kept]).await;
    let file = json!({ "version": "3", "templates": [{ "id": 1, "type": 3, "title": "Shop", "description": "Sells.",
        "name": name, "stackFile": stack }] });
    let place = json!({ "kind": "file", "name": "shop.json" });
    let form = json!({ "name": "Theirs", "place": place, "text": file.to_string() });
    let made = ada.send(Method::POST, "template-sources", Some(form)).await.expect(200).json();

    let browser = Browser::start(&Look::desk().dark()).await;
    browser.open(&scene.server.url(&format!("templates/{}.1", text(&made["id"])))).await;
    browser.sign_in(PASSWORD).await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    browser.reads("[data-plan=\"obstacle\"]", &missing).await;
    browser.picture("template-obstacle.dark").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    scene.engine.docker().refused(["inspect", &format!("{name}-web-1")]).await;

    // A volume that is there may be taken instead of a new one.
    browser.appears(&format!("[data-volume=\"data\"] option[value=\"{kept}\"]")).await;
    browser.script(&format!("const it = document.querySelector('[data-volume=data] select'); it.value = '{kept}'; it.dispatchEvent(new Event('change'));")).await;
    browser.picture("template-volume.dark").await;

    // Once it is there, the same click deploys it: what was said before is gone.
    scene.engine.docker().ok(["network", "create", &missing]).await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    browser.appears("[data-result] [data-to=\"stack\"]").await;
    browser.vanishes("[data-plan=\"obstacle\"]").await;
    let seen = scene.engine.inspect(&format!("{name}-web-1")).await;
    assert_eq!(seen["Mounts"][0]["Name"], kept.as_str(), "{seen}");
    scene.engine.docker().refused(["volume", "inspect", &format!("{name}_data")]).await;
    browser.expect_no_complaint().await;
}

/// Answers a health check that asks by `curl` or `wget`, and shows a page.
const CURL: (&str, &str) =
    ("/usr/local/bin/curl", "#!/bin/sh\nfor address; do :; done\nexec wget -q -O /dev/null \"$address\"");
/// Runs until it is told to stop.
const SLEEPS: &str = "trap 'exit 0' TERM; echo ready; sleep 3600 & wait";

/// Ports that nothing on the engine has: `n` of them, one after the other.
fn free_ports(n: u16) -> u16 {
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    free.expect("a free port").port().min(u16::MAX - n)
}

/// The images are stand-ins under the names that the template says: what is proved is the way from the gallery to
/// containers that run and are well, not WordPress itself.
#[tokio::test]
async fn wordpress_is_deployed_from_the_gallery_with_two_answers() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let engine = &scene.engine;
    let page = ("/www/wp-login.php", "Stand-in of a blog");
    let blog = "echo the blog is up; exec httpd -f -p 80 -h /www";
    engine.stand_in("wordpress:7.1.0-php8.4-apache", &[CURL, page], blog).await;
    let check = (
        "/usr/local/bin/healthcheck.sh",
        "#!/bin/sh\n[ -n \"$MARIADB_PASSWORD\" ] && [ \"$1\" = --connect ]",
    );
    engine.stand_in("mariadb:11.8.8", &[check], SLEEPS).await;
    // Somebody has the port.
    let (port, name) = (free_ports(2), engine.name("blog"));
    let (label, holds) = (engine.label(), format!("{port}:80"));
    let other = engine.name("other");
    engine
        .docker()
        .ok(["run", "-d", "--name", &other, "--label", &label, "-p", &holds, IMAGE, "sleep", "3600"])
        .await;

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("templates?q=wordpress")).await;
    browser.sign_in(PASSWORD).await;
    browser.click("[data-template=\"wordpress\"] .tbl__name").await;
    browser.reads(".crumbs [aria-current]", "WordPress").await;
    browser.retype("deploy_name", &name).await;
    browser.retype("PORT", &port.to_string()).await;
    browser.reads("[data-question=\"PORT\"] [data-held]", &other).await;
    browser.picture("template-form").await;
    browser.click("[data-action=\"take-free-port\"]").await;
    browser.vanishes("[data-held]").await;
    browser.click("[data-question=\"DB_PASSWORD\"] [data-action=\"make-secret\"]").await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    // The engine asks for the health of the second one half a minute after its start.
    browser.appears_late("[data-result] [data-to=\"stack\"]", 5).await;
    browser.reads("[data-result]", &format!(":{}/", port + 1)).await;
    browser.picture("template-stack-deployed").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.resize(390, 844).await;
    assert!(browser.fits().await);
    browser.picture("template-stack-deployed.phone").await;
    browser.resize(1440, 900).await;

    let (site, db) = (format!("{name}-wordpress-1"), format!("{name}-db-1"));
    let seen = engine.inspect(&site).await;
    assert_eq!(seen["State"]["Health"]["Status"], "healthy", "{seen}");
    assert_eq!(seen["HostConfig"]["Memory"], 512 << 20);
    assert_eq!(seen["HostConfig"]["PortBindings"]["80/tcp"][0]["HostPort"], (port + 1).to_string().as_str());
    let value = |inspected: &Value, variable: &str| {
        let all = inspected["Config"]["Env"].as_array().expect("an environment");
        let of = all.iter().filter_map(Value::as_str).find_map(|it| it.strip_prefix(&format!("{variable}=")));
        of.unwrap_or_default().to_owned()
    };
    let password = value(&seen, "WORDPRESS_DB_PASSWORD");
    assert_eq!((password.len(), &password), (32, &value(&engine.inspect(&db).await, "MARIADB_PASSWORD")));
    let audit = ada.get("audit").await.expect(200).json();
    assert!(!audit.to_string().contains(&password), "a password stands in the audit log");

    // Another of the same name is not made by mistake.
    browser.open(&scene.server.url("templates/wordpress")).await;
    browser.retype("deploy_name", &name).await;
    browser.click("[data-action=\"take-free-name\"]").await;
    browser.holds(&format!("document.querySelector('[name=deploy_name]').value === '{name}-2'")).await;

    browser.open(&scene.server.url(&format!("stacks/local/{name}"))).await;
    browser.appears("tr[data-service=\"wordpress\"][data-state=\"healthy\"]").await;
    browser.expect_no_complaint().await;
}

/// The images are stand-ins under the names that the templates say.
#[tokio::test]
async fn a_stack_of_ours_and_a_container_of_another_source_are_deployed() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let engine = &scene.engine;
    let scripts = [
        ("/usr/local/bin/redis-server", "#!/bin/sh\ntrap 'exit 0' TERM; echo ready; sleep 3600 & wait"),
        ("/usr/local/bin/redis-cli", "#!/bin/sh\necho PONG"),
    ];
    engine.stand_in("redis:8.10.1", &scripts, "exec redis-server").await;
    let page = ("/www/index.html", "Stand-in of notes");
    engine
        .stand_in("zadam/trilium:latest", &[page], "echo the notes are up; exec httpd -f -p 8080 -h /www")
        .await;
    let fixture = include_str!("../fixtures/templates/templates.json");
    let form =
        json!({ "name": "Theirs", "place": { "kind": "file", "name": "templates.json" }, "text": fixture });
    ada.send(Method::POST, "template-sources", Some(form)).await.expect(200);
    let (port, cache, notes) = (free_ports(3), engine.name("cache"), engine.name("notes"));

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("templates?q=trilium")).await;
    browser.sign_in(PASSWORD).await;
    browser.click(".tplc .tbl__name").await;
    browser.retype("deploy_name", &notes).await;
    browser.retype("PORT_8080", &port.to_string()).await;
    browser.fill("LIMIT_MEMORY", "64m").await;
    browser.fill("LIMIT_CPUS", "0.5").await;
    browser.click("[data-form=\"template\"] [data-sharing=\"public\"]").await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    browser.appears("[data-result] [data-to=\"container\"]").await;
    browser.reads("[data-result] [data-to=\"page\"]", &format!(":{port}/")).await;
    let seen = engine.inspect(&notes).await;
    assert_eq!(
        (&seen["HostConfig"]["Memory"], &seen["HostConfig"]["NanoCpus"]),
        (&json!(64 << 20), &json!(500_000_000))
    );
    browser.appears("[data-result] [data-shared]").await;
    let access = ada.get(&format!("hosts/local/containers/{notes}/access")).await.expect(200).json();
    assert_eq!(access["sharing"], "public");
    // Another thought of it.
    browser.click("[data-result] [data-action=\"give-access\"]").await;
    browser.click("[role=\"dialog\"] [data-sharing=\"private\"]").await;
    browser.picture("template-shared").await;
    browser.click("[role=\"dialog\"] button[type=\"submit\"]").await;
    browser.vanishes("[role=\"dialog\"]").await;
    let access = ada.get(&format!("hosts/local/containers/{notes}/access")).await.expect(200).json();
    assert_eq!(access["sharing"], "private");
    browser.click("[data-result] [data-to=\"logs\"]").await;
    browser.reads(".lg", "the notes are up").await;

    let team = ada.send(Method::POST, "teams", Some(json!({ "name": "Web" }))).await.expect(200).json();
    browser.open(&scene.server.url("templates/redis")).await;
    browser.retype("deploy_name", &cache).await;
    browser.retype("PORT", &(port + 1).to_string()).await;
    browser.click("[data-form=\"template\"] [data-sharing=\"teams\"]").await;
    browser.appears("[data-team=\"Web\"]").await;
    browser.picture("template-sharing").await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    browser.appears_late("[data-result] [data-to=\"stack\"]", 3).await;
    browser.appears("[data-result] [data-shared]").await;
    // It is no page: where it answers is to be copied.
    browser.reads("[data-result] [data-to=\"port\"]", &format!(":{}", port + 1)).await;
    browser.vanishes("[data-result] [data-to=\"page\"]").await;
    browser.reads("[data-panel=\"line\"] pre", &format!("--name {cache} --kept")).await;
    // The password that was made is told once, and is the one that was deployed.
    browser.click("[data-secrets] summary").await;
    let told = browser.text("[data-secrets] pre").await;
    let password = told.strip_prefix("PASSWORD=").expect("a password");
    let runs = engine.inspect(&format!("{cache}-redis-1")).await["Config"]["Cmd"].to_string();
    assert!(password.len() == 32 && runs.contains(password), "{told}");
    browser.picture("template-result").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    let parts = ada.get(&format!("hosts/local/sharing/stack/{cache}")).await.expect(200).json();
    let parts = parts.as_array().expect("parts");
    // The service, its network and its volume.
    assert_eq!(parts.len(), 3, "{parts:?}");
    assert!(parts.iter().all(|part| part["access"]["teams"][0]["id"] == team["id"]), "{parts:?}");
    browser.click("[data-result] [data-to=\"console\"]").await;
    browser.appears("[data-console=\"open\"]").await;
    assert_eq!(engine.inspect(&format!("{cache}-redis-1")).await["State"]["Health"]["Status"], "healthy");
    browser.expect_no_complaint().await;

    // The page is left as soon as the server knows: it is shared all the same.
    let (mut begun, mut over) = (Live::on_jobs(&ada).await, Live::on_jobs(&ada).await);
    let left = engine.name("left");
    browser.open(&scene.server.url("templates?q=trilium")).await;
    browser.click(".tplc .tbl__name").await;
    browser.retype("deploy_name", &left).await;
    browser.retype("PORT_8080", &(port + 2).to_string()).await;
    browser.click("[data-form=\"template\"] [data-sharing=\"public\"]").await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    let job = begun.until("its job", |message| {
        let makes = |job: &&Value| {
            job["targets"].as_array().is_some_and(|all| all.iter().any(|it| it["name"] == *left))
        };
        message["body"]["jobs"].as_array()?.iter().find(makes).map(|job| text(&job["id"]))
    });
    let job = job.await;
    drop(browser);
    let ended = over.job_ended(&mut ada, &job).await;
    assert_eq!(ended["state"], "done", "{ended}");
    let access = ada.get(&format!("hosts/local/containers/{left}/access")).await.expect(200).json();
    assert_eq!(access["sharing"], "public");
}
