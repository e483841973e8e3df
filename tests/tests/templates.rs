//! App templates: sources that administrators name, what a template becomes with somebody's answers, and the pages.

use http::Method;
use longshore_tests::{Browser, Scene, browser::Look, engine::IMAGE, http::text, person::PASSWORD};
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
