//! Files beside the compose file: they come to the containers wherever their engine is, differ by what is in them, and are
//! taken back with everything else.

use std::{fs, path::PathBuf};

use http::Method;
use longshore_tests::{
    Person, Scene,
    engine::{Engine, IMAGE},
    soon,
    stack::{Stack, another_runs, down, up},
};
use serde_json::{Value, json};

/// What somebody runs in a service's first container says.
async fn says(engine: &Engine, stack: &Stack, service: &str, command: &[&str]) -> String {
    let name = format!("{}-{service}-1", stack.name);
    engine.docker().ok([&["exec", &name], command].concat()).await
}

/// A `web` that mounts `conf/site.conf`, with this in it, and with more in its file.
fn site(engine: &Engine, words: &str, more: &str) -> Value {
    let label = engine.label().replace('=', ": ");
    let web = format!(
        "services:\n  web:\n    image: {IMAGE}\n    labels: {{{label}}}\n    init: true\n    command: [sleep, '3600']\n    volumes: ['./conf/site.conf:/etc/site.conf:ro']\n{more}"
    );
    up(Some(json!({ "files": { "compose.yaml": web, "conf/site.conf": words } })))
}

/// Where the file is on the host.
async fn on_disk(engine: &Engine, stack: &Stack) -> PathBuf {
    let web = engine.inspect(&format!("{}-web-1", stack.name)).await;
    PathBuf::from(web["Mounts"][0]["Source"].as_str().expect("it is mounted"))
}

#[tokio::test]
async fn what_is_taken_back_has_its_files_again_also_after_a_kill() {
    let mut scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut stack = Stack::of(&scene, &ada).await;
    let cat = ["cat", "/etc/site.conf"];
    stack.done(&mut ada, site(&scene.engine, "old words", "")).await;
    let (path, web) = (on_disk(&scene.engine, &stack).await, stack.id(&scene.engine, "web").await);
    let is_back = async |stack: &Stack| {
        assert_eq!(stack.id(&scene.engine, "web").await, web);
        assert_eq!(says(&scene.engine, stack, "web", &cat).await, "old words");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "old words");
        let beside = fs::read_dir(path.parent().expect("a folder")).expect("a folder");
        assert_eq!(beside.count(), 1, "nothing else is left there");
    };

    let ill = "    healthcheck: {test: ['CMD', 'false'], interval: 1s, retries: 1}\n";
    let job = stack.apply(&mut ada, site(&scene.engine, "new words", ill)).await;
    assert_eq!(job["state"], "failed", "{job}");
    is_back(&stack).await;

    let undecided = "    healthcheck: {test: ['CMD', 'false'], interval: 1h, start_period: 1h}\n";
    stack.begin(&mut ada, site(&scene.engine, "new words", undecided)).await;
    another_runs(&stack, &scene.engine, &web).await;
    assert_eq!(says(&scene.engine, &stack, "web", &cat).await, "new words");
    scene.server.program().kill().await;
    scene.server.start_again().await;
    let mut ada = Person::with_cookie(scene.server.http(), ada.cookie().expect("signed in"));
    let settled = async { while stack.newest(&mut ada).await["state"] != "undone" {} };
    soon("it is taken back", settled).await;
    is_back(&stack).await;

    // Another file alone is a change; who returns to the release before has its file.
    stack.listen_again(&ada).await;
    let plan = stack.plan(&mut ada, &site(&scene.engine, "new words", "")).await;
    assert_eq!(
        (&plan["rows"][0]["act"], &plan["rows"][0]["on"]),
        (&json!("replace"), &json!("container")),
        "{plan}"
    );
    stack.done(&mut ada, site(&scene.engine, "new words", "")).await;
    assert_eq!(says(&scene.engine, &stack, "web", &cat).await, "new words");
    let mut back = up(None);
    back["base"] = json!(1);
    stack.done(&mut ada, back).await;
    assert_eq!(says(&scene.engine, &stack, "web", &cat).await, "old words");
    stack.done(&mut ada, down(true)).await;
}

/// Secrets and configs of every kind, and a file that is mounted.
fn all_kinds(engine: &Engine) -> String {
    let label = engine.label().replace('=', ": ");
    format!(
        "services:\n  web:\n    image: {IMAGE}\n    labels: {{{label}}}\n    init: true\n    command: [sleep, '3600']\n    user: '33:34'\n    secrets: [of_file, {{source: of_variable, target: token, uid: '7', mode: 0400}}]\n    configs: [{{source: inline, target: /etc/motd}}, {{source: of_script, target: /hello}}]\n    volumes: ['./conf/site.conf:/etc/site.conf:ro']\nsecrets: {{of_file: {{file: ./key.txt}}, of_variable: {{environment: TOKEN}}}}\nconfigs: {{inline: {{content: 'hello $NAME'}}, of_script: {{file: ./hello.sh}}}}\n"
    )
}

fn of_all_kinds(text: &str, key: &str) -> Value {
    up(Some(json!({
        "files": { "compose.yaml": text, "key.txt": key, "hello.sh": "#!/bin/sh\necho hello\n", "conf/site.conf": "the site" },
        "variables": [
            { "name": "TOKEN", "value": "harbour-secret", "secret": true },
            { "name": "NAME", "value": "ada" },
        ],
    })))
}

#[tokio::test]
async fn a_developer_has_secrets_configs_and_files_in_containers() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut dev = scene.person(&mut ada, "dev", "developer").await;
    let mut stack = Stack::of(&scene, &dev).await;
    let engine = &scene.engine;
    let text = all_kinds(engine);
    stack.done(&mut dev, of_all_kinds(&text, "the first key")).await;
    let script = "cat /run/secrets/of_file /etc/motd /etc/site.conf; /hello; stat -c '%a %u:%g' /run/secrets/of_file /run/secrets/token";
    let said = says(engine, &stack, "web", &["sh", "-c", script]).await;
    assert_eq!(said, "the first keyhello adathe sitehello\n444 33:34\n400 7:34");
    let web = engine.inspect(&format!("{}-web-1", stack.name)).await;
    assert_eq!(web["Mounts"], json!([]), "nothing of the host is in it");
    assert!(!web.to_string().contains("the first key"), "{web}");
    let as_root = ["exec", "--user", "0", &format!("{}-web-1", stack.name), "cat", "/run/secrets/token"];
    assert_eq!(engine.docker().ok(as_root).await, "harbour-secret");

    // Nothing differs for a manager either, who could mount it.
    let none = stack.plan(&mut ada, &of_all_kinds(&text, "the first key")).await;
    assert_eq!((&none["rows"], &none["obstacles"]), (&json!([]), &json!([])), "{none}");
    let plan = stack.plan(&mut dev, &of_all_kinds(&text, "another key")).await;
    assert_eq!(
        (&plan["rows"][0]["act"], &plan["rows"][0]["service"]),
        (&json!("replace"), &json!("web")),
        "{plan}"
    );
    assert!(!plan.to_string().contains("another key"), "{plan}");
    stack.done(&mut dev, of_all_kinds(&text, "another key")).await;
    assert_eq!(says(engine, &stack, "web", &["cat", "/run/secrets/of_file"]).await, "another key");
    // What runs once has them too.
    let once = json!({ "service": "web", "command": ["cat", "/run/secrets/of_file"], "start": true });
    let made = dev.send(Method::POST, &stack.path("/run"), Some(once)).await.expect(200).json();
    let once = made["id"].as_str().expect("an id");
    engine.docker().ok(["wait", once]).await;
    assert_eq!(engine.docker().ok(["logs", once]).await, "another key");
    engine.docker().ok(["rm", once]).await;

    // Made anew by itself it has them still.
    let path = format!("hosts/local/containers/{}-web-1/recreate", stack.name);
    let job = dev.send(Method::POST, &path, Some(json!({ "newer": false }))).await.expect(202).json();
    let job = stack.ended(&mut dev, job["id"].as_str().expect("a job")).await;
    assert_eq!(job["state"], "done", "{job}");
    let said = says(engine, &stack, "web", &["sh", "-c", script]).await;
    assert_eq!(said, "another keyhello adathe sitehello\n444 33:34\n400 7:34");
    // What is gone by then does not stand in its way.
    let name = format!("{}-web-1", stack.name);
    engine.docker().ok(["exec", "--user", "0", &name, "rm", "/run/secrets/of_file"]).await;
    let job = dev.send(Method::POST, &path, Some(json!({ "newer": false }))).await.expect(202).json();
    let job = stack.ended(&mut dev, job["id"].as_str().expect("a job")).await;
    assert_eq!(job["state"], "done", "{job}");
    let said = says(
        engine,
        &stack,
        "web",
        &["sh", "-c", "test ! -e /run/secrets/of_file && cat /etc/motd /etc/site.conf"],
    )
    .await;
    assert_eq!(said, "hello adathe site");

    // What could be written to is the host's.
    let told = stack.plan(&mut dev, &of_all_kinds(&text.replace("conf:ro'", "conf'"), "another key")).await;
    assert_eq!(told["obstacles"][0]["code"], "plan-refused", "{told}");
    stack.done(&mut dev, down(true)).await;
}

#[tokio::test]
async fn where_the_engine_is_elsewhere_files_come_with_the_container_and_folders_are_refused() {
    let scene = Scene::start_far_away().await;
    let mut ada = scene.administrator().await;
    let mut stack = Stack::of(&scene, &ada).await;
    let text = all_kinds(&scene.engine);
    stack.done(&mut ada, of_all_kinds(&text, "the key")).await;
    let said = says(&scene.engine, &stack, "web", &["cat", "/run/secrets/of_file", "/etc/site.conf"]).await;
    assert_eq!(said, "the keythe site");
    let web = scene.engine.inspect(&format!("{}-web-1", stack.name)).await;
    assert_eq!(web["Mounts"], json!([]));

    for (bind, path) in [
        ("./conf:/etc/conf:ro", "./conf"),
        ("./conf/site.conf:/etc/site.conf", "./conf/site.conf"),
        (".:/all", "."),
    ] {
        let other = text.replace("./conf/site.conf:/etc/site.conf:ro", bind);
        let told = stack.plan(&mut ada, &of_all_kinds(&other, "the key")).await;
        let first = &told["obstacles"][0];
        let said = (&told["digest"], &first["code"], &first["args"]["path"]);
        assert_eq!(said, (&json!(""), &json!("stack-files-elsewhere"), &json!(path)), "{bind} {told}");
    }
    // What is the machine's own is nobody's folder of ours.
    let other = text.replace("./conf/site.conf:/etc/site.conf:ro", "/etc/hostname:/etc/name:ro");
    let told = stack.plan(&mut ada, &of_all_kinds(&other, "the key")).await;
    assert_eq!(told["obstacles"], json!([]), "{told}");
    stack.done(&mut ada, down(true)).await;
}
