//! The gallery and the forms: every real template, and every one that comes with Longshore.

use http::Method;
use longshore_tests::{Browser, Scene, browser::Look, engine::IMAGE, http::text, person::PASSWORD};
use serde_json::{Value, json};

use super::{at_address, portainer, sent, serves};

#[tokio::test]
async fn a_container_is_deployed_from_the_gallery() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.name("sleeper");
    let label = scene.engine.label();
    let (key, value) = label.split_once('=').expect("a label");
    let mut file: Value = serde_json::from_str(&portainer(IMAGE)).expect("JSON");
    file["templates"][0]["name"] = json!(name);
    file["templates"][0]["volumes"] = json!([{ "container": "/data" }]);
    let kept = scene.engine.name("kept");
    scene.engine.docker().ok(["volume", "create", "--label", &label, &kept]).await;
    file["templates"][0]["labels"] = json!([{ "name": key, "value": value }]);
    let url = serves(file.to_string()).await;
    at_address(&mut ada, "Theirs", &url).await;

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("templates")).await;
    browser.sign_in(PASSWORD).await;
    browser.appears("[data-template=\"wordpress\"]").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.picture("templates").await;
    // Categories narrow what is shown, whatever is searched in them.
    browser.click(".tpl__side a[href*=\"in=Queue\"]").await;
    browser.vanishes("[data-template=\"wordpress\"]").await;
    browser.appears("[data-template=\"nats\"]").await;
    browser.appears(".tpl__side a[href*=\"in=Queue\"][aria-current]").await;
    browser.picture("templates-category").await;
    browser.click(".tpl__side a:first-child").await;
    browser.appears("[data-template=\"wordpress\"]").await;
    browser.open(&scene.server.url("templates?q=sleeper")).await;
    browser.click(".tplc .tbl__name").await;
    // A volume that is there may be taken instead of a new one.
    browser.appears(&format!("[data-volume] option[value=\"{kept}\"]")).await;
    browser.script(&format!("const it = document.querySelector('[data-volume] select'); it.value = '{kept}'; it.dispatchEvent(new Event('change'));")).await;
    browser.click("[data-action=\"deploy\"]:enabled").await;
    browser.appears("[data-result] [data-to=\"container\"]").await;
    assert_eq!(scene.engine.inspect(&name).await["Mounts"][0]["Name"], kept.as_str());
    browser.picture("template-deployed").await;
    let docker = scene.engine.docker();
    assert_eq!(docker.ok(["inspect", "--format", "{{.State.Running}}", &name]).await.trim(), "true");
    browser.complaints().await;
}

#[tokio::test]
async fn every_real_template_opens_and_containers_plan() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let fixture = include_str!("../../fixtures/templates/templates.json");
    sent(&mut ada, "Theirs", fixture).await;
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
    for row in rows.iter().filter(|row| row["source"].is_null()) {
        forms.push(text(&row["id"]));
    }
    assert!(forms.len() >= 63 + 40, "{}", forms.len());
    for id in forms {
        browser.open(&scene.server.url(&format!("templates/{id}"))).await;
        browser.appears("[data-form=\"template\"], [data-swarm]").await;
    }
    browser.picture("template-form.zh.dark").await;
    browser.expect_no_complaint().await;
}
