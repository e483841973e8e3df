//! Bad days of stacks: files that are none, a server that is killed in the midst, a registry that does not answer, two who
//! want the same.

use http::Method;
use longshore_tests::{
    Person, Scene,
    engine::IMAGE,
    soon,
    stack::{Stack, another_runs, down, file, source, up},
};
use serde_json::{Value, json};

/// The same with a check of `web` that decides nothing for an hour.
fn undecided(file: &str) -> String {
    let check =
        "    healthcheck: {test: ['CMD', 'false'], interval: 1h, start_period: 1h}\n    environment: {LEVEL";
    file.replacen("    environment: {LEVEL", check, 1)
}

#[tokio::test]
async fn killed_in_the_midst_the_next_start_takes_it_back_and_says_so() {
    let mut scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let first = file(&scene.engine.label(), "one");
    let (mut stack, web) = Stack::running(&scene, &mut ada, &first).await;

    let job = stack.begin(&mut ada, up(Some(source(&undecided(&first))))).await;
    another_runs(&stack, &scene.engine, &web).await;
    scene.server.program().kill().await;
    scene.server.start_again().await;
    let mut ada = Person::with_cookie(scene.server.http(), ada.cookie().expect("signed in"));
    let settled = async {
        loop {
            let newest = stack.newest(&mut ada).await;
            if newest["state"] != "applying" {
                return newest;
            }
        }
    };
    let newest = soon("it is settled", settled).await;
    assert_eq!(newest["state"], "undone", "{newest}");
    assert_eq!(stack.id(&scene.engine, "web").await, web, "the old one is back and runs");
    let told = ada.get(&format!("jobs/{job}")).await.expect(200).json();
    let each = told["targets"].as_array().expect("targets").iter().map(|it| &it["outcome"]["why"]["code"]);
    assert!(each.into_iter().all(|code| code == "stack-undone-later"), "{told}");
    // Nothing is left of the try, and it goes on from there.
    let docker = scene.engine.docker();
    let all =
        docker.ok(["ps", "-a", "--format", "{{.Names}}", "--filter", &format!("name={}", stack.name)]).await;
    assert_eq!(all.lines().count(), 2, "{all}");
    stack.listen_again(&ada).await;
    let none = stack.plan(&mut ada, &up(Some(source(&first)))).await;
    assert_eq!(none["rows"], json!([]), "{none}");
    stack.done(&mut ada, down(true)).await;
}

#[tokio::test]
async fn one_at_a_time_and_what_waits_can_be_called_off() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let first = file(&scene.engine.label(), "one");
    let (mut stack, web) = Stack::running(&scene, &mut ada, &first).await;

    let waits = stack.begin(&mut ada, up(Some(source(&undecided(&first))))).await;
    another_runs(&stack, &scene.engine, &web).await;
    let plan = up(Some(source(&first)));
    let digest = stack.plan(&mut ada, &plan).await["digest"].clone();
    let apply = json!({ "plan": plan, "digest": digest });
    let busy = ada.send(Method::POST, &stack.path("/apply"), Some(apply)).await.expect(409).problem();
    assert!(busy.starts_with("409 stack-busy"), "{busy}");
    // Another person is told the same, and what runs once waits for its turn too.
    let mut mia = scene.person(&mut ada, "mia", "manager").await;
    let digest = stack.plan(&mut mia, &plan).await["digest"].clone();
    let apply = json!({ "plan": plan, "digest": digest });
    let busy = mia.send(Method::POST, &stack.path("/apply"), Some(apply)).await.expect(409).problem();
    assert!(busy.starts_with("409 stack-busy"), "{busy}");
    let once = json!({ "service": "db", "command": ["true"], "start": true });
    let busy = mia.send(Method::POST, &stack.path("/run"), Some(once)).await.expect(409).problem();
    assert!(busy.starts_with("409 stack-busy"), "{busy}");
    let forgotten = ada.send(Method::DELETE, &stack.path(""), None).await.expect(409).problem();
    assert!(forgotten.starts_with("409 stack-busy"), "{forgotten}");
    ada.send(Method::POST, &format!("jobs/{waits}/cancel"), None).await.expect(204);
    let ended = stack.ended(&mut ada, &waits).await;
    assert_eq!(ended["state"], "cancelled", "{ended}");
    assert_eq!(stack.id(&scene.engine, "web").await, web, "the old one is back and runs: {ended}");
    assert_eq!(stack.newest(&mut ada).await["state"], "undone");
    stack.done(&mut ada, down(true)).await;
}

#[tokio::test]
async fn a_return_brings_back_the_image_that_a_release_had() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let docker = scene.engine.docker();
    let image = scene.engine.name("app");
    // Another image of the same name, whenever it is called.
    let commit = async |change: &str| {
        let other = scene.engine.name("other");
        docker.ok(["create", "--name", &other, IMAGE]).await;
        docker.ok(["commit", "--change", change, &other, &image]).await;
        docker.ok(["rm", &other]).await;
        docker.ok(["image", "inspect", "--format", "{{.Id}}", &image]).await.trim().to_owned()
    };
    let first = commit("LABEL which=first").await;
    let label = scene.engine.label().replace('=', ": ");
    let text = format!(
        "services: {{web: {{image: {image}, labels: {{{label}}}, init: true, command: [sleep, '3600']}}}}\n"
    );
    let files = || Some(json!({ "files": { "compose.yaml": text } }));
    let mut stack = Stack::of(&scene, &ada).await;
    let web = format!("{}-web-1", stack.name);
    let runs = async || scene.engine.inspect(&web).await["Image"].as_str().expect("an image").to_owned();
    stack.done(&mut ada, up(files())).await;
    let second = commit("LABEL which=second").await;
    stack.done(&mut ada, up(files())).await;
    assert_eq!((runs().await == second, first == second), (true, false));

    let to = |number: u64| json!({ "base": number, "wish": { "deed": "up" } });
    let plan = stack.plan(&mut ada, &to(1)).await;
    assert_eq!(plan["findings"][0]["what"]["code"], "stack-image-held", "{plan}");
    stack.done(&mut ada, to(1)).await;
    assert_eq!(runs().await, first);
    // So it stays, also where it is edited, until somebody asks for what the name stands for.
    let none = stack.plan(&mut ada, &up(None)).await;
    assert_eq!(none["rows"], json!([]), "{none}");
    let mut edited =
        up(Some(json!({ "files": { "compose.yaml": text.replace("init: true", "init: true, tty: true") } })));
    edited["base"] = json!(3);
    stack.done(&mut ada, edited).await;
    assert_eq!(runs().await, first);
    stack.done(&mut ada, up(files())).await;
    assert_eq!(runs().await, second);

    // What nobody has any more is told.
    docker.ok(["image", "rm", &first]).await;
    let plan = stack.plan(&mut ada, &to(1)).await;
    let told = &plan["findings"][0]["what"];
    assert_eq!((&told["code"], &told["args"]["number"]), (&json!("stack-image-lost"), &json!(1)), "{plan}");
    // It is not asked of a registry by its id where it was held.
    let plan = stack.plan(&mut ada, &to(4)).await;
    assert_eq!(plan["findings"][0]["what"]["code"], "stack-image-gone", "{plan}");
    assert_eq!(plan["rows"].as_array().map(Vec::len), Some(1), "{plan}");
    assert_eq!(plan["rows"][0]["act"], "replace", "{plan}");
    stack.done(&mut ada, down(true)).await;
    docker.ok(["image", "rm", "--force", &image]).await;
}

/// A plan that leaves what was done where a step fails.
async fn begin_and_stay(stack: &Stack, ada: &mut Person, plan: Value) -> String {
    let digest = stack.plan(ada, &plan).await["digest"].clone();
    let apply = json!({ "plan": plan, "digest": digest, "on_failure": "stop" });
    let started = ada.send(Method::POST, &stack.path("/apply"), Some(apply)).await.expect(202).json();
    started["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn what_was_done_stays_where_that_is_asked_for_also_after_a_kill() {
    let mut scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let first = file(&scene.engine.label(), "one");
    let (mut stack, web) = Stack::running(&scene, &mut ada, &first).await;

    // `web` is made anew and ends at once.
    let broken = first.replacen("LEVEL: one", "LEVEL: two", 1).replacen(
        "web:\n    image",
        "web:\n    entrypoint: [sh, -c, 'echo no anchor here; exit 7']\n    image",
        1,
    );
    let job = begin_and_stay(&stack, &mut ada, up(Some(source(&broken)))).await;
    let ended = stack.ended(&mut ada, &job).await;
    assert_eq!(ended["state"], "failed", "{ended}");
    assert!(ended.to_string().contains("no anchor here"), "what it said last is told: {ended}");
    assert_ne!(stack.id(&scene.engine, "web").await.split(' ').next(), web.split(' ').next(), "{ended}");
    assert_eq!(stack.newest(&mut ada).await["state"], "failed");
    stack.done(&mut ada, up(Some(source(&first)))).await;

    let web = stack.id(&scene.engine, "web").await;
    let job = begin_and_stay(&stack, &mut ada, up(Some(source(&undecided(&first))))).await;
    another_runs(&stack, &scene.engine, &web).await;
    scene.server.program().kill().await;
    scene.server.start_again().await;
    let mut ada = Person::with_cookie(scene.server.http(), ada.cookie().expect("signed in"));
    stack.listen_again(&ada).await;
    let told = async {
        loop {
            let told = ada.get(&format!("jobs/{job}")).await.expect(200).json();
            if told.to_string().contains("stack-stopped-later") {
                return told;
            }
        }
    };
    let told = soon("it is settled", told).await;
    assert_eq!(told["state"], "failed", "{told}");
    let stays = stack.id(&scene.engine, "web").await;
    assert!(stays != web && stays.ends_with("true"), "the new one stays and runs: {stays}");
    stack.done(&mut ada, down(true)).await;
}

#[tokio::test]
async fn a_name_goes_on_from_a_service_that_is_no_more_and_comes_back_with_it() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut stack = Stack::of(&scene, &ada).await;
    let (name, label) = (scene.engine.name("one"), scene.engine.label().replace('=', ": "));
    let text = |service: &str, then: &str| {
        format!(
            "services:\n  {service}:\n    image: {IMAGE}\n    container_name: {name}\n    labels: {{{label}}}\n    command: [sh, -c, 'trap \"exit 0\" TERM; {then}']\n"
        )
    };
    let sleeps = "sleep 3600 & wait";
    let files = |service: &str, then: &str| json!({ "files": { "compose.yaml": text(service, then) } });
    stack.done(&mut ada, up(Some(files("web", sleeps)))).await;
    let was = scene.engine.inspect(&name).await["Id"].clone();

    // One that ends at once: the other is back under its name, and runs.
    let job = stack.apply(&mut ada, up(Some(files("front", "exit 7")))).await;
    assert_eq!(job["state"], "failed", "{job}");
    let back = scene.engine.inspect(&name).await;
    assert_eq!((&back["Id"], &back["State"]["Running"]), (&was, &json!(true)), "{job}");

    stack.done(&mut ada, up(Some(files("front", sleeps)))).await;
    let now = scene.engine.inspect(&name).await;
    assert_eq!(now["Config"]["Labels"]["com.docker.compose.service"], "front");
    let filter = format!("name={name}");
    let all = scene.engine.docker().ok(["ps", "-a", "--format", "{{.Names}}", "--filter", &filter]).await;
    assert_eq!(all, name);
    stack.done(&mut ada, down(true)).await;
}

#[tokio::test]
async fn a_plan_that_had_to_wait_is_held_against_what_is_there_by_then() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let first = file(&scene.engine.label(), "one");
    let (mut stack, web) = Stack::running(&scene, &mut ada, &first).await;

    // As many jobs as are at work at once wait for checks that decide nothing.
    let mut before = Vec::new();
    for n in 0..4 {
        let mut other = Stack::of(&scene, &ada).await;
        other.name = scene.engine.name(&format!("other{n}"));
        let wish = up(Some(source(&first.replacen(
            "['CMD', 'true'], interval: 1s",
            "['CMD', 'false'], interval: 1h, start_period: 1h",
            1,
        ))));
        let job = other.begin(&mut ada, wish).await;
        before.push((other, job));
    }
    let job = stack.begin(&mut ada, up(Some(source(&file(&scene.engine.label(), "two"))))).await;
    scene.engine.docker().ok(["stop", "--time", "0", &format!("{}-db-1", stack.name)]).await;
    for (other, job) in &mut before {
        ada.send(Method::POST, &format!("jobs/{job}/cancel"), None).await.expect(204);
        other.ended(&mut ada, job).await;
    }
    let ended = stack.ended(&mut ada, &job).await;
    assert!(ended["state"] == "failed" && ended.to_string().contains("stack-changed"), "{ended}");
    assert_eq!(stack.id(&scene.engine, "web").await, web, "nothing was begun");
    stack.done(&mut ada, down(true)).await;
}

#[tokio::test]
async fn an_image_that_cannot_be_had_leaves_all_as_it_was() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let first = file(&scene.engine.label(), "one");
    let (mut stack, web) = Stack::running(&scene, &mut ada, &first).await;

    // Nobody listens there.
    let none = first.replacen(&format!("web:\n    image: {IMAGE}"), "web:\n    image: 127.0.0.1:1/none:1", 1);
    let job = stack.apply(&mut ada, up(Some(source(&none)))).await;
    assert_eq!(job["state"], "failed", "{job}");
    let failed =
        job["targets"].as_array().expect("targets").iter().any(|it| it["outcome"]["engine"].is_string());
    assert!(failed, "the engine's words are told: {job}");
    assert_eq!(stack.id(&scene.engine, "web").await, web);

    // What was removed by hand is planned anew, and nothing else is.
    scene.engine.docker().ok(["rm", "--force", &format!("{}-web-1", stack.name)]).await;
    let plan = stack.plan(&mut ada, &up(Some(source(&first)))).await;
    let rows = plan["rows"].as_array().expect("rows").iter().filter(|row| row["act"] != "wait");
    let acts: Vec<_> = rows.map(|row| (row["act"].clone(), row["service"].clone())).collect();
    assert_eq!(acts, [(json!("create"), json!("web"))], "{plan}");
    stack.done(&mut ada, up(Some(source(&first)))).await;
    stack.done(&mut ada, down(true)).await;
}

/// What a plan of a file finds first: its code and where.
async fn found(stack: &Stack, ada: &mut Person, text: &str) -> (String, u64, String) {
    let plan = stack.plan(ada, &up(Some(json!({ "files": { "compose.yaml": text } })))).await;
    assert_eq!(plan["digest"], json!(""), "there is no plan: {plan}");
    let first = plan["findings"].as_array().expect("a list").iter().find(|it| it["warning"] == false);
    let first = first.unwrap_or_else(|| panic!("an error: {plan}"));
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (word(&first["what"]["code"]), first["line"].as_u64().unwrap_or_default(), word(&first["file"]))
}

#[tokio::test]
async fn what_is_no_stack_is_told_with_its_place() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let stack = Stack::of(&scene, &ada).await;
    let mut bomb = String::from("x-a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for (n, name) in ('b'..='k').enumerate() {
        let before = char::from(b'a' + n as u8);
        bomb.push_str(&format!("x-{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(", ")));
    }
    bomb.push_str("services: {web: {image: i, labels: *k}}\n");
    let image = format!("image: {IMAGE}");
    for (text, line) in [
        ("services: [\n".to_owned(), 1..=2),
        (bomb, 1..=12),
        (format!("services:\n  web:\n    {image}\n    imagee: b\n"), 4..=4),
        (format!("services:\n  a: {{{image}, depends_on: [b]}}\n  b: {{{image}, depends_on: [a]}}\n"), 2..=3),
        (format!("services:\n  web:\n    {image}\n    environment: {{A: '${{A:?name it}}'}}\n"), 4..=4),
        (
            format!(
                "services:\n  a: {{{image}, ports: ['8080:80']}}\n  b: {{{image}, ports: ['8080:80']}}\n"
            ),
            2..=3,
        ),
        (format!("services:\n  web: {{{image}, env_file: ../../etc/passwd}}\n"), 2..=2),
        ("services:\n  web: {extends: {file: /etc/passwd, service: a}}\n".to_owned(), 2..=2),
    ] {
        let (code, at, file) = found(&stack, &mut ada, &text).await;
        assert!(line.contains(&at) && file == "compose.yaml", "{code} at {file}:{at} of {text}");
    }
    // Nothing of all that has been kept.
    ada.get(&stack.path("")).await.expect(404);
}

#[tokio::test]
async fn two_hundred_services_are_planned() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let stack = Stack::of(&scene, &ada).await;
    let mut text = String::from("services:\n");
    for n in 0..200 {
        let before = if n % 10 == 0 { String::new() } else { format!(", depends_on: [s{}]", n - 1) };
        text.push_str(&format!("  s{n}: {{image: {IMAGE}{before}}}\n"));
    }
    let plan = stack.plan(&mut ada, &up(Some(json!({ "files": { "compose.yaml": text } })))).await;
    let rows = plan["rows"].as_array().expect("rows");
    let made = rows.iter().filter(|row| row["act"] == "create" && row["on"] == "container").count();
    assert_eq!((made, plan["obstacles"].clone()), (200, json!([])), "{plan}");
}
