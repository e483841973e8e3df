//! A container is made: from the form, from a `docker run` line, with its image pulled before.

use http::Method;
use longshore_tests::{
    Browser, FakeScene, Live, Person, Scene, browser::Look, engine::IMAGE, fake::LAYER, person::PASSWORD,
};
use serde_json::{Value, json};

const IDLE: [&str; 3] = ["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"];

/// The first account with a line on which its jobs are told.
async fn watched(scene: &Scene) -> (Person, Live) {
    let ada = scene.administrator().await;
    let mut live = Live::open(&ada).await.expect("a line for who is signed in");
    longshore_tests::fake::link_becomes(&mut live, "local", "up").await;
    live.subscribe_jobs().await;
    (ada, live)
}

/// Waits until a job is as it is looked for.
async fn job<T>(live: &mut Live, what: &str, id: &str, take: impl Fn(&Value) -> Option<T>) -> T {
    live.until(&format!("job {id} {what}"), |message| {
        message["body"]["jobs"].as_array()?.iter().filter(|job| job["id"] == id).find_map(&take)
    })
    .await
}

async fn ended(live: &mut Live, id: &str) -> Value {
    let over = |job: &Value| {
        let state = job["state"].as_str().unwrap_or_default();
        (!["queued", "running"].contains(&state)).then(|| job.clone())
    };
    job(live, "ended", id, over).await
}

async fn started(ada: &mut Person, path: &str, form: Value) -> String {
    let started = ada.send(Method::POST, path, Some(form)).await.expect(202).json();
    started["id"].as_str().unwrap_or_else(|| panic!("no id: {started}")).to_owned()
}

fn form(scene: &Scene, name: &str, start: bool) -> Value {
    let (key, value) =
        scene.engine.label().split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())).expect("a label");
    json!({ "name": name, "start": start, "body": { "Image": IMAGE, "Cmd": IDLE, "Labels": { key: value } } })
}

#[tokio::test]
async fn creating_starts_or_only_made() {
    let scene = Scene::start().await;
    let (mut ada, mut live) = watched(&scene).await;
    let name = scene.engine.name("a.b_c-D9");
    let id = started(&mut ada, "hosts/local/containers", form(&scene, &name, true)).await;
    let made = ended(&mut live, &id).await;
    assert_eq!(made["state"], "done", "{made}");
    assert_eq!(scene.engine.state(&name).await, "running");

    let other = scene.engine.name("other");
    let id = started(&mut ada, "hosts/local/containers", form(&scene, &other, false)).await;
    assert_eq!(ended(&mut live, &id).await["state"], "done");
    assert_eq!(scene.engine.state(&other).await, "created");

    // The name is taken: the engine says so in its own words, and the image was not at fault.
    let id = started(&mut ada, "hosts/local/containers", form(&scene, &other, false)).await;
    let failed = ended(&mut live, &id).await;
    assert_eq!(failed["state"], "failed", "{failed}");
    assert_eq!(failed["targets"][0]["outcome"]["outcome"], "done", "{failed}");
    assert!(failed["targets"][1]["outcome"]["engine"].to_string().contains("already in use"), "{failed}");

    // What stands in the way is known before.
    let wanted = json!({ "name": name, "image": IMAGE, "ports": [] });
    let checked =
        ada.send(Method::POST, "hosts/local/new-container/check", Some(wanted)).await.expect(200).json();
    assert_eq!(checked["name"]["state"], "running", "{checked}");
    assert!(
        checked["free_name"].as_str().is_some_and(|free| free != name && free.ends_with("-2")),
        "{checked}"
    );
}

#[tokio::test]
async fn creating_what_no_engine_takes_is_refused_with_its_field() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    for name in ["a", "-ab", ".ab", "a/b", "a b", "容器", "a\nb"] {
        let refused = ada.send(Method::POST, "hosts/local/containers", Some(form(&scene, name, false))).await;
        assert_eq!(refused.expect(400).json()["field"], "name", "{name:?}");
    }
    let mut no_image = form(&scene, "ab", false);
    no_image["body"]["Image"] = json!("");
    let refused = ada.send(Method::POST, "hosts/local/containers", Some(no_image)).await.expect(400).json();
    assert_eq!(refused["field"], "image");
    let mut strange = form(&scene, "ab", false);
    strange["body"]["Tty"] = json!("perhaps");
    ada.send(Method::POST, "hosts/local/containers", Some(strange)).await.expect(400);

    for (field, value) in [
        ("Env", json!("PASSWORD=hunter22")),
        ("Env", json!(["=hunter22"])),
        ("env", json!(["A=hunter22"])),
        ("HostConfig", json!({ "Privileged": false, "privileged": true })),
        ("Envv", json!(["A=hunter22"])),
    ] {
        let mut strange = form(&scene, "ab", false);
        strange["body"][field] = value;
        let refused = ada.send(Method::POST, "hosts/local/containers", Some(strange)).await.expect(400);
        assert!(!refused.text().contains("hunter22"), "{}", refused.text());
    }
    let mut huge = form(&scene, "ab", false);
    huge["body"]["Env"] = json!([format!("HUGE={}", "x".repeat(20 * 1024 * 1024))]);
    let refused = ada.send(Method::POST, "hosts/local/containers", Some(huge)).await.expect(413).json();
    assert!(refused["title"].as_str().is_some_and(|title| title.contains("2.00 MiB")), "{refused}");
    ada.get("session").await.expect(200);
}

/// A fake engine whose pulls say so much; the first account, on whose line its jobs are told.
async fn pulling(lines: &[&'static str], hangs: bool) -> (FakeScene, Person, Live) {
    let scene = FakeScene::start(0).await;
    scene.engine.pulls(lines, hangs);
    let (ada, mut live) = scene.watched().await;
    live.subscribe_jobs().await;
    (scene, ada, live)
}

fn wish() -> Value {
    json!({ "name": "shop", "start": false, "body": { "Image": "registry.example/shop:7" } })
}

#[tokio::test]
async fn creating_pulls_the_image_first() {
    let (scene, mut ada, mut live) = pulling(&[LAYER, r#"{"status":"Status: Downloaded"}"#], false).await;
    let id = started(&mut ada, "hosts/local/containers", wish()).await;
    let made = ended(&mut live, &id).await;
    assert_eq!(made["state"], "done", "{made}");
    let calls: Vec<String> =
        scene.engine.calls().into_iter().filter(|call| call.starts_with("POST")).collect();
    assert!(calls[0].starts_with("POST /images/create?fromImage=registry.example"), "{calls:?}");
    assert_eq!(calls[1], "POST /containers/create?name=shop", "{calls:?}");
}

#[tokio::test]
async fn creating_from_a_registry_that_refuses_or_answers_garbage_says_so() {
    let refusal = r#"{"errorDetail":{"message":"pull access denied"},"error":"pull access denied"}"#;
    let (scene, mut ada, mut live) = pulling(&[LAYER, refusal], false).await;
    let id = started(&mut ada, "hosts/local/images", json!({ "image": "shop" })).await;
    let failed = ended(&mut live, &id).await;
    assert_eq!(failed["state"], "failed", "{failed}");
    assert_eq!(failed["targets"][0]["outcome"]["why"]["code"], "pull-failed", "{failed}");
    assert_eq!(failed["targets"][0]["outcome"]["engine"], "pull access denied", "{failed}");
    assert!(
        scene
            .engine
            .calls()
            .iter()
            .any(|call| call.contains("shop%3Alatest") || call.contains("shop:latest"))
    );

    scene.engine.pulls(&["<html>It works!</html>"], false);
    let id = started(&mut ada, "hosts/local/containers", wish()).await;
    let failed = ended(&mut live, &id).await;
    assert_eq!(failed["targets"][0]["outcome"]["why"]["code"], "engine-garbled", "{failed}");
    assert_eq!(failed["targets"][1]["outcome"]["outcome"], "skipped", "{failed}");
}

#[tokio::test]
async fn creating_while_a_pull_hangs_in_a_layer_shows_how_far_it_is_and_can_be_cancelled() {
    let (_scene, mut ada, mut live) = pulling(&[LAYER], true).await;
    let id = started(&mut ada, "hosts/local/containers", wish()).await;
    let layer = job(&mut live, "with a layer", &id, |job| job["layers"].get(0).cloned()).await;
    assert_eq!((&layer["done"], &layer["total"]), (&json!(512), &json!(2048)), "{layer}");
    ada.send(Method::POST, &format!("jobs/{id}/cancel"), None).await.expect(204);
    let cancelled = ended(&mut live, &id).await;
    assert_eq!(cancelled["state"], "cancelled", "{cancelled}");
    assert_eq!(cancelled["targets"][1]["outcome"]["outcome"], "skipped", "{cancelled}");
    assert_eq!(cancelled["layers"], Value::Null, "{cancelled}");
}

#[tokio::test]
async fn creating_fails_with_the_engine_that_stops_in_the_middle_of_a_pull() {
    let (mut scene, mut ada, mut live) = pulling(&[LAYER], true).await;
    let id = started(&mut ada, "hosts/local/containers", wish()).await;
    job(&mut live, "with a layer", &id, |job| job["layers"].get(0).cloned()).await;
    scene.engine.stop().await;
    let failed = ended(&mut live, &id).await;
    assert_eq!(failed["state"], "failed", "{failed}");
    assert_eq!(failed["targets"][0]["outcome"]["why"]["code"], "engine-ended", "{failed}");
    assert_eq!(failed["targets"][1]["outcome"]["outcome"], "skipped", "{failed}");

    // Once it is back the same can be asked for again.
    scene.engine.pulls(&[LAYER], false);
    scene.engine.start().await.expect("the same socket");
    longshore_tests::fake::link_becomes(&mut live, "local", "up").await;
    let id = started(&mut ada, "hosts/local/containers", wish()).await;
    assert_eq!(ended(&mut live, &id).await["state"], "done");
}

/// A browser on the form.
async fn on_form(scene: &Scene, query: &str, look: &Look) -> Browser {
    let browser = Browser::start(look).await;
    browser.open(&scene.server.url(&format!("containers/new?{query}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.appears("[data-form=\"container\"]").await;
    browser
}

/// Types into what a selector finds.
async fn type_into(browser: &Browser, css: &str, text: &str) {
    browser.appears(css).await;
    let (css, text) = (json!(css), json!(text));
    browser
        .script(&format!(
            "const e = document.querySelector({css}); e.value = {text}; e.dispatchEvent(new Event('input', {{bubbles: true}}))"
        ))
        .await;
}

/// What an inspection says of what was asked for, without what is each container's own.
fn asked_for(mut inspection: Value) -> Value {
    let mut of = json!({ "Config": inspection["Config"].take(), "HostConfig": inspection["HostConfig"].take(),
        "Mounts": inspection["Mounts"].take(), "Image": inspection["Image"].take(), "Args": inspection["Args"].take() });
    let id = inspection["Id"].as_str().expect("an id").to_owned();
    let networks = inspection["NetworkSettings"]["Networks"].as_object().cloned().expect("networks");
    for (network, endpoint) in networks {
        let is_own = |alias: &Value| alias.as_str().is_some_and(|alias| id.starts_with(alias));
        let aliases = endpoint["Aliases"].as_array().into_iter().flatten().filter(|alias| !is_own(alias));
        of["Networks"][network] = json!({
            "Aliases": aliases.collect::<Vec<_>>(), "IPAMConfig": endpoint["IPAMConfig"],
            "Links": endpoint["Links"], "DriverOpts": endpoint["DriverOpts"],
        });
    }
    of["Config"].as_object_mut().expect("a config").remove("Hostname");
    // The client hands variables and binds on in an order of its own, another one each time.
    for list in ["/HostConfig/Binds", "/Config/Env"] {
        if let Some(list) = of.pointer_mut(list).and_then(Value::as_array_mut) {
            list.sort_by_key(Value::to_string);
        }
    }
    if let Some(mounts) = of["Mounts"].as_array_mut() {
        mounts.sort_by_key(Value::to_string);
    }
    of
}

#[tokio::test]
async fn creating_by_the_form_and_by_the_line_beside_it_is_the_same() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let (name, network, volume) =
        (scene.engine.name("form"), scene.engine.name("net"), scene.engine.name("data"));
    let label = scene.engine.label();
    let subnet = ["--subnet", "10.99.41.0/24"];
    scene
        .engine
        .docker()
        .ok([&["network", "create", "--label", &label][..], &subnet, &[&network]].concat())
        .await;
    scene.engine.docker().ok(["volume", "create", "--label", &label, &volume]).await;
    let browser = on_form(&scene, "host=local", &Look::desk()).await;
    // Images that are here are offered as one types.
    type_into(&browser, "input[name=image]", "busyb").await;
    browser.appears(&format!("#nc-images option[value=\"{IMAGE}\"]")).await;
    type_into(&browser, "input[name=image]", IMAGE).await;
    type_into(&browser, "input[name=name]", &name).await;
    type_into(&browser, "input[name=command]", "sh -c 'echo \"$A\"; sleep 3600'").await;
    browser.reads("[data-image]", "On this host").await;
    browser.click("[data-add=ports]").await;
    type_into(&browser, "[data-row=port] [data-cell=\"0\"]", "127.0.0.1:48123").await;
    type_into(&browser, "[data-row=port] [data-cell=\"1\"]", "80").await;
    browser.click("[data-add=volumes]").await;
    type_into(&browser, "[data-row=volume] [data-cell=\"0\"]", &volume).await;
    type_into(&browser, "[data-row=volume] [data-cell=\"1\"]", "/data").await;
    browser.click("[data-action=env-file]").await;
    type_into(&browser, "textarea[name=env-file]", "A=it's \"quoted\"\n# why\nexport B='two words'\n").await;
    type_into(&browser, "textarea[name=network]", &network).await;
    type_into(&browser, "textarea[name=network-alias]", "till").await;
    browser.click("[data-restart=unless-stopped]").await;
    type_into(&browser, "input[name=cpus]", "0.5").await;
    type_into(&browser, "input[name=memory]", "64m").await;
    type_into(&browser, "input[name=health-cmd]", "true").await;
    type_into(&browser, "input[name=health-interval]", "30s").await;
    type_into(&browser, "textarea[name=label]", &format!("{label}\nteam=web")).await;
    browser.click("[data-group=network] summary").await;
    type_into(&browser, "input[name=ip]", "10.99.41.77").await;
    browser.click("[data-group=security] summary").await;
    type_into(&browser, "textarea[name=cap-drop]", "NET_RAW").await;
    browser.click("[data-group=resources] summary").await;
    type_into(&browser, "textarea[name=ulimit]", "nofile=1024:2048").await;
    browser.reads(".nc__side pre", "--ulimit nofile=1024:2048").await;
    let line = browser.text(".nc__side pre").await;
    browser.picture("new-container").await;
    // The same as a compose file, which says what it has no word for.
    browser.click(".nc__side [data-form=compose]").await;
    browser.reads(".nc__side pre", "ipv4_address: \"10.99.41.77\"").await;
    browser.vanishes("[data-unsaid]").await;
    browser.click("[data-group=resources] summary").await;
    browser.click("[data-group=resources] summary").await;
    type_into(&browser, "input[name=cpuset-mems]", "0").await;
    browser.reads("[data-unsaid]", "HostConfig.CpusetMems").await;
    browser.picture("new-container-compose").await;
    type_into(&browser, "input[name=cpuset-mems]", "").await;
    browser.vanishes("[data-unsaid]").await;
    browser.click(".nc__side [data-form=run]").await;
    browser.click("[data-action=create-start]").await;
    browser.reads("main h1", &name).await;
    browser.appears(".page__head [data-state]").await;
    let by_form = asked_for(scene.engine.inspect(&name).await);
    // The page looks at the container, which goes now.
    browser.expect_no_complaint().await;
    scene.engine.docker().ok(["rm", "--force", &name]).await;

    let run = tokio::process::Command::new("sh")
        .args(["-c", &line])
        .env("DOCKER_HOST", scene.engine.address())
        .output()
        .await
        .expect("a shell");
    assert!(run.status.success(), "{line}\n{}", String::from_utf8_lossy(&run.stderr));
    let by_line = asked_for(scene.engine.inspect(&name).await);
    assert_eq!(by_form, by_line, "{line}");
}

#[tokio::test]
async fn creating_from_a_pasted_line_shows_what_is_in_the_way() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let (name, label) = (scene.engine.name("held"), scene.engine.label());
    let mut words = vec!["run", "--detach", "--name", &name, "--label", &label, "--publish", "48200:80"];
    words.extend([IMAGE, "sleep", "3600"]);
    scene.engine.docker().ok(words).await;
    let browser = on_form(&scene, "host=local", &Look::desk().language("zh-CN")).await;
    browser.click("[data-action=paste]").await;
    type_into(&browser, "textarea[name=line]", "docker run --memory lots nginx").await;
    browser.click("[data-action=fill]").await;
    browser.reads("[data-said]", "--memory").await;
    let line = format!(
        "docker run -d --name {name} -p 48200:80 -e A=1 -v $PWD:/x --label {label} {IMAGE} sleep 3600"
    );
    type_into(&browser, "textarea[name=line]", &line).await;
    browser.click("[data-action=fill]").await;
    browser.reads("[data-said]", "$PWD:/x").await;
    browser.appears("[data-taken]").await;
    browser.reads("[data-clash=\"48200\"]", &name).await;
    assert!(browser.fits().await, "nothing is wider than the page");
    assert_eq!(browser.barriers().await, [""; 0]);
    browser.picture("new-container.zh-CN").await;

    browser.click("[data-action=use-name]").await;
    browser.click("[data-action=use-port]").await;
    browser.vanishes("[data-taken]").await;
    browser.vanishes("[data-clash]").await;
    type_into(&browser, "[data-row=volume] [data-cell=\"0\"]", "").await;
    browser.click("[data-action=create-start]").await;
    browser.reads("main h1", &format!("{name}-2")).await;
    let made = scene.engine.inspect(&format!("{name}-2")).await;
    assert_eq!(made["HostConfig"]["PortBindings"]["80/tcp"][0]["HostPort"], "48201");

    // A copy of it, on a phone.
    browser.resize(390, 844).await;
    browser.open(&scene.server.url(&format!("containers/new?from=local/{name}-2"))).await;
    browser.appears("[data-row=env]").await;
    browser.reads(".nc__side pre", "-e A=1").await;
    // Under a name of its own, and it says of which it is a copy.
    browser.reads("[data-kept]", &format!("{name}-2")).await;
    assert!(browser.fits().await, "nothing is wider than the page");
    browser.picture("new-container.phone").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn creating_a_copy_leaves_stack_address_and_names_to_the_original() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let (stack, label) = (scene.engine.name("shop"), scene.engine.label());
    let (network, name) = (format!("{stack}_default"), format!("{stack}-web-1"));
    let docker = scene.engine.docker();
    docker.ok(["network", "create", "--label", &label, "--subnet", "10.99.42.0/24", &network]).await;
    let project = format!("com.docker.compose.project={stack}");
    let labels =
        [&label, &project, "com.docker.compose.service=web", "com.docker.compose.container-number=1"];
    let mut words = vec!["run", "--detach", "--name", &name, "--network", &network, "--ip", "10.99.42.7"];
    words.extend(["--network-alias", "web", "--network-alias", "till"]);
    words.extend(labels.iter().flat_map(|label| ["--label", *label]));
    words.extend([IMAGE, "sleep", "3600"]);
    docker.ok(words).await;

    let browser = on_form(&scene, &format!("from=local/{name}"), &Look::desk()).await;
    browser.reads("[data-kept]", "the copy belongs to no stack").await;
    browser.picture("new-container-copy").await;
    browser.click("[data-action=create-start]").await;
    // It runs beside the other: their addresses do not meet.
    let copy = format!("{stack}-web-2");
    browser.reads("main h1", &copy).await;
    browser.appears(".page__head [data-state=running]").await;
    let made = scene.engine.inspect(&copy).await;
    let (key, value) = label.split_once('=').expect("a label has a value");
    assert_eq!(made["Config"]["Labels"], json!({ key: value }), "{made}");
    let endpoint = &made["NetworkSettings"]["Networks"][&network];
    let aliases = endpoint["Aliases"].to_string();
    assert!(!aliases.contains("till") && !aliases.contains("web"), "{endpoint}");
    assert_ne!(endpoint["IPAddress"], "10.99.42.7", "{endpoint}");
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn creating_on_a_port_that_a_program_of_the_machine_has_is_said_before() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    // On the machine's own network: no engine knows of its ports.
    let (name, label) = (scene.engine.name("program"), scene.engine.label());
    let run = ["run", "--detach", "--name", &name, "--label", &label, "--network", "host", IMAGE];
    let docker = scene.engine.docker();
    docker.ok([&run[..], &["nc", "-ll", "-p", "18333", "-e", "cat"]].concat()).await;
    docker
        .ok([
            "exec",
            &name,
            "sh",
            "-c",
            "for n in $(seq 1000); do netstat -ltn | grep -q :18333 && exit; done; exit 1",
        ])
        .await;
    let port = |port: u16| json!({ "ip": "", "port": port, "protocol": "tcp" });
    let wish = json!({ "name": "", "image": IMAGE, "ports": [port(18333), port(18334)] });
    let checked =
        ada.send(Method::POST, "hosts/local/new-container/check", Some(wish)).await.expect(200).json();
    let held = json!([{ "port": 18333, "protocol": "tcp", "by": "", "next": 18335 }]);
    assert_eq!(checked["ports"], held, "{checked}");

    let browser = on_form(&scene, "host=local", &Look::desk()).await;
    browser.click("[data-add=ports]").await;
    type_into(&browser, "[data-row=port] [data-cell=\"0\"]", "18333").await;
    type_into(&browser, "[data-row=port] [data-cell=\"1\"]", "80").await;
    browser.reads("[data-clash=\"18333\"]", "Port 18333 of the host is taken").await;
    browser.click("[data-action=use-port]").await;
    browser.vanishes("[data-clash]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn creating_asks_for_what_no_flag_says_by_json() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let (name, label) = (scene.engine.name("shelled"), scene.engine.label());
    let browser = on_form(&scene, "host=local", &Look::desk()).await;
    type_into(&browser, "input[name=image]", IMAGE).await;
    type_into(&browser, "input[name=name]", &name).await;
    type_into(&browser, "textarea[name=label]", &label).await;
    browser.click("[data-group=rest] summary").await;
    type_into(&browser, "textarea[name=rest]", "{ \"Shell\": [").await;
    browser.appears("[data-action=create-only]:disabled").await;
    type_into(&browser, "textarea[name=rest]", "{ \"Shell\": [\"/bin/ash\", \"-c\"] }").await;
    browser.reads("[data-unsaid]", "Shell").await;
    browser.click("[data-action=create-only]:enabled").await;
    browser.reads("main h1", &name).await;
    assert_eq!(scene.engine.inspect(&name).await["Config"]["Shell"], json!(["/bin/ash", "-c"]));
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn creating_shows_the_layers_of_its_pull_in_the_form() {
    let (scene, browser) = FakeScene::on_page("containers/new").await;
    scene.engine.pulls(&[LAYER], true);
    type_into(&browser, "input[name=image]", "registry.example/shop:7").await;
    browser.click("[data-action=create-only]:enabled").await;
    browser.reads(".nc__progress [data-layer=\"aaaabbbbcccc\"]", "512 B / 2.05 kB").await;
    browser.picture("new-container-layers").await;
    browser.click(".nc__progress [data-action=cancel-job]").await;
    browser.reads(".nc__progress [data-failed]", "cancelled").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn creating_waits_until_the_pasted_variables_can_be_read() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let browser = on_form(&scene, "", &Look::phone()).await;
    browser.click("[data-action=\"env-file\"]").await;
    browser.click("[name=\"env-file\"]").await;
    browser.press("GOOD=1\nbroken line here").await;
    browser.appears("[data-wrong=\"env-file\"]").await;
    browser.fill("image", "busybox:1.35").await;
    browser.appears("[data-action=\"create-start\"]:disabled").await;
    browser.script("const t = document.querySelector('[name=env-file]'); t.value = 'GOOD=1\\nMORE=2'; t.dispatchEvent(new Event('input', { bubbles: true }))").await;
    browser.vanishes("[data-wrong=\"env-file\"]").await;
    browser.appears("[data-action=\"create-start\"]:enabled").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn creating_is_offered_where_containers_are_listed() {
    let scene = Scene::start().await;
    let name = scene.engine.running("web").await;
    scene.administrator().await;
    let browser = Browser::start(&Look::desk().dark()).await;
    browser.open(&scene.server.url(&format!("containers?q={name}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.click("[data-action=new-container]").await;
    browser.appears("[data-form=\"container\"]").await;
    type_into(&browser, "input[name=image]", "no-such-image-anywhere:1").await;
    browser.reads("[data-image]", "pulled").await;
    type_into(&browser, "input[name=name]", "-bad").await;
    browser.click("[data-action=create-only]").await;
    browser.reads("[data-wrong=name]", "-bad").await;
    browser.complaints().await;
    browser.picture("new-container.dark").await;
    browser.open(&scene.server.url(&format!("containers/local/{name}"))).await;
    browser.click(".page__actions .menuhold button").await;
    browser.click("[data-action=duplicate]").await;
    browser.reads(".nc__side pre", IMAGE).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn what_is_folded_is_called_in_words_with_its_flag_beside() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let browser = Browser::start(&Look::phone().dark().language("zh-CN")).await;
    browser.open(&scene.server.url("containers/new")).await;
    browser.sign_in(PASSWORD).await;
    browser.click("[data-group=\"process\"] summary").await;
    browser.reads("[data-group=\"process\"]", "入口点 --entrypoint").await;
    browser.click("[data-group=\"resources\"] summary").await;
    browser.appears("[data-group=\"resources\"] [aria-label=\"进程数上限, --pids-limit\"]").await;
    assert!(browser.fits().await, "nothing is wider than the page");
    assert_eq!(browser.barriers().await, [""; 0]);
    browser.picture("create-folded.phone.dark.zh-CN").await;
    browser.expect_no_complaint().await;
}
