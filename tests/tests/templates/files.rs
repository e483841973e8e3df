//! The file of a stack, where a template only says where it is: in a repository, at an address.

use std::collections::BTreeSet;

use http::Method;
use longshore_tests::{Browser, Person, Repository, Scene, browser::Look, engine::IMAGE, person::PASSWORD};
use serde_json::{Value, json};

use super::{Files, at_address, serves};

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
    let id = at_address(ada, &name, &at).await;
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

#[tokio::test]
async fn the_file_of_a_stack_is_read_from_its_address() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (server, other) = (Files::serve().await, Files::serve().await);
    let file = format!("services:\n  web:\n    image: {IMAGE}\n    environment: {{MODE: '${{MODE}}'}}\n");
    let list = |at: &str| {
        json!({ "version": "3", "templates": [{ "id": 1, "type": 3, "title": "Shop", "description": "Sells.",
            "stackFile": at, "env": [{ "name": "MODE", "label": "Mode", "default": "deep" }] }] })
        .to_string()
    };
    server.put("/shop.yaml", file.clone());
    other.put("/shop.yaml", file.clone());
    let wish = json!({ "name": scene.engine.name("shop"), "answers": { "MODE": "light" } });
    let resolve = async |ada: &mut Person, list: String| {
        let url = server.put("/templates.json", list);
        let id = at_address(ada, "Theirs", &url).await;
        let path = format!("hosts/local/templates/{id}.1/resolve");
        let answer = ada.send(Method::POST, &path, Some(wish.clone())).await;
        ada.send(Method::DELETE, &format!("template-sources/{id}"), None).await.expect(204);
        answer
    };
    let resolved = resolve(&mut ada, list(&server.url("/shop.yaml"))).await.expect(200).json();
    assert_eq!((&resolved["file"], &resolved["at"]), (&json!(file), &json!("compose.yaml")), "{resolved}");
    // And the stack that is made of it plans.
    let variables: Vec<Value> = resolved["variables"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| json!({ "name": it["name"], "value": it["value"], "secret": it["secret"] }))
        .collect();
    let source = json!({ "files": { "compose.yaml": resolved["file"] }, "variables": variables });
    let plan = json!({ "source": source, "wish": { "deed": "up" } });
    let path = format!("hosts/local/stacks/{}/plan", scene.engine.name("shop"));
    let plan = ada.send(Method::POST, &path, Some(plan)).await.expect(200).json();
    assert!(plan["resolved"].as_str().is_some_and(|text| text.contains("MODE: light")), "{plan}");

    // What is not there, is too large, or is elsewhere on this machine, which nobody has allowed, is not had.
    server.put("/large.yaml", format!("# {}\n{file}", "x".repeat(9 << 20)));
    for (at, code) in [
        (server.url("/nowhere.yaml"), "source-status"),
        (server.url("/large.yaml"), "source-large"),
        (other.url("/shop.yaml"), "source-private"),
    ] {
        let refused = resolve(&mut ada, list(&at)).await.expect(502).json();
        assert_eq!(refused["args"]["why"]["code"], code, "{at}: {refused}");
    }
}

#[tokio::test]
async fn a_volume_that_is_there_is_taken_by_a_stack_of_a_repository() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let docker = scene.engine.docker();
    let (name, kept, label) = (scene.engine.name("shop"), scene.engine.name("kept"), scene.engine.label());
    docker.ok(["volume", "create", "--label", &label, &kept]).await;
    // Of more than one file, and its own is not called as the one that is found by itself.
    let file = format!(
        "services:\n  web:\n    image: {IMAGE}\n    command: [sleep, '3600']\n    stop_grace_period: 1s\n    network_mode: none\n    env_file: [web.env]\n    volumes: ['data:/data']\nvolumes:\n  data:\n"
    );
    let files = [("stacks/shop/app.yml", file.as_str()), ("stacks/shop/web.env", "GREETING=hello\n")];
    let repository = Repository::serve(&files, true).await;
    let resolve =
        from_repository(&mut ada, &repository, repository.url(), "stacks/shop/app.yml", (true, true)).await;

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("templates/{}.1", &resolve[22..58]))).await;
    browser.sign_in(PASSWORD).await;
    browser.retype("deploy_name", &name).await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    // Which volumes it makes is known by now: it is asked for them before anything is made.
    browser.appears(&format!("[data-volume=\"data\"] option[value=\"{kept}\"]")).await;
    docker.refused(["inspect", &format!("{name}-web-1")]).await;
    browser.script(&format!("const it = document.querySelector('[data-volume=data] select'); it.value = '{kept}'; it.dispatchEvent(new Event('change'));")).await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    browser.appears("[data-result] [data-to=\"stack\"]").await;
    let seen = scene.engine.inspect(&format!("{name}-web-1")).await;
    assert_eq!(seen["Mounts"][0]["Name"], kept.as_str(), "{seen}");
    docker.refused(["volume", "inspect", &format!("{name}_data")]).await;
    browser.expect_no_complaint().await;
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
