//! What was tried on other people's stacks, and must not work again: each of these once did.

use http::Method;
use longshore_tests::{
    Docker, Person, Quay,
    engine::IMAGE,
    soon,
    stack::{Stack, down, file, source, up},
};
use serde_json::{Value, json};

/// Nothing of a stack's files is told.
async fn reads_nothing(stack: &Stack, person: &mut Person) {
    for (method, path) in [
        (Method::GET, "/releases"),
        (Method::POST, "/releases/1"),
        (Method::GET, "/drift"),
        (Method::DELETE, ""),
    ] {
        let said = person.send(method, &stack.path(path), None).await.problem();
        assert!(said.starts_with("40") && !said.contains("harbour"), "{path}: {said}");
    }
    let plan = up(Some(json!({ "files": { "compose.yaml": "services: {x: {image: x}}" } })));
    let said = person.send(Method::POST, &stack.path("/plan"), Some(plan)).await.problem();
    assert!(said.starts_with("40"), "{said}");
}

/// Makes a container that says to be of a stack; whether it is refused.
async fn joins(docker: &Docker, stack: &Stack, label: &str) -> String {
    let project = format!("com.docker.compose.project={}", stack.name);
    let of = ["--label", project.as_str(), "--label", "com.docker.compose.service=x", "--label", label];
    docker.refused([&["create"][..], &of, &[IMAGE, "true"]].concat()).await
}

#[tokio::test]
async fn a_stack_of_which_nothing_is_there_is_its_owners_all_the_same() {
    let mut quay = Quay::start().await;
    let (mut mia, _) = quay.developer("mia").await;
    let (mut bob, bobs) = quay.developer("bob").await;
    let label = quay.scene.engine.label();
    let text = file(&label, "one");

    // Of a manager, of a developer whose names were given back, and of one of whom nothing ever was there.
    let mut managers = Stack::of(&quay.scene, &quay.ada).await;
    managers.done(&mut quay.ada, up(Some(source(&text)))).await;
    managers.done(&mut quay.ada, down(true)).await;
    reads_nothing(&managers, &mut bob).await;
    joins(&bobs, &managers, &label).await;
    reads_nothing(&managers, &mut bob).await;

    let mut hers = Stack::of(&quay.scene, &mia).await;
    hers.name = quay.scene.engine.name("hers");
    hers.done(&mut mia, up(Some(source(&text)))).await;
    hers.done(&mut mia, down(true)).await;
    let names = mia.get("names").await.expect(200).json();
    for name in names["names"].as_array().expect("names") {
        let id = name["id"].as_str().expect("an id");
        mia.send(Method::DELETE, &format!("names/{id}"), None).await.expect(204);
    }
    joins(&bobs, &hers, &label).await;
    reads_nothing(&hers, &mut bob).await;

    let mut failed = Stack::of(&quay.scene, &mia).await;
    failed.name = quay.scene.engine.name("failed");
    let none = text.replace(IMAGE, "127.0.0.1:1/none:1");
    assert_eq!(failed.apply(&mut mia, up(Some(source(&none)))).await["state"], "failed");
    joins(&bobs, &failed, &label).await;
    reads_nothing(&failed, &mut bob).await;
}

#[tokio::test]
async fn who_sees_all_that_is_left_of_a_stack_does_not_read_the_rest() {
    let mut quay = Quay::start().await;
    let (mut mia, _) = quay.developer("mia").await;
    let (mut bob, _) = quay.developer("bob").await;
    let text = file(&quay.scene.engine.label(), "one");
    let (mut stack, web) = Stack::running(&quay.scene, &mut mia, &text).await;
    let web = web.split(' ').next().expect("an id");
    let access = format!("hosts/local/containers/{web}/access");
    mia.send(Method::PUT, &access, Some(json!({ "owner": "mia", "sharing": "public" }))).await.expect(204);
    reads_nothing(&stack, &mut bob).await;
    let mut without = up(None);
    without["wish"]["scale"] = json!({ "db": 0 });
    stack.done(&mut mia, without).await;
    // Nor after a release that came to nothing.
    let none = text.replacen(&format!("db:\n    image: {IMAGE}"), "db:\n    image: 127.0.0.1:1/none:1", 1);
    assert_eq!(stack.apply(&mut mia, up(Some(source(&none)))).await["state"], "failed");
    let seen = bob.get(&stack.path("")).await.expect(200).json();
    assert_eq!(seen["may_deploy"], false, "{seen}");
    reads_nothing(&stack, &mut bob).await;
    stack.done(&mut mia, down(true)).await;
}

#[tokio::test]
async fn what_is_under_way_when_its_right_goes_is_taken_back() {
    let mut quay = Quay::start().await;
    let (account, mut mia) = quay.ada.invite("mia").await;
    let grant = quay.ada.give(&account, "developer").await;
    let first = file(&quay.scene.engine.label(), "one");
    let (mut stack, web) = Stack::running(&quay.scene, &mut mia, &first).await;
    stack.listen_again(&quay.ada).await;
    let undecided = first.replacen(
        "    environment: {LEVEL: one",
        "    healthcheck: {test: ['CMD', 'false'], interval: 1h, start_period: 1h}\n    environment: {LEVEL: two",
        1,
    );
    stack.begin(&mut mia, up(Some(source(&undecided)))).await;
    let renewed = async {
        while {
            let now = quay
                .scene
                .engine
                .docker()
                .run(["inspect", "--format", "{{.Id}} {{.State.Running}}", &format!("{}-web-1", stack.name)])
                .await;
            let now = String::from_utf8_lossy(&now.stdout).trim().to_owned();
            now == web || !now.ends_with("true")
        } {}
    };
    soon("the new one runs", renewed).await;
    quay.ada.send(Method::DELETE, &format!("grants/{grant}"), None).await.expect(204);
    let ended = async {
        loop {
            let newest: Value = stack.newest(&mut quay.ada).await;
            if newest["state"] != "applying" {
                return newest;
            }
        }
    };
    assert_eq!(soon("it is taken back", ended).await["state"], "undone");
    assert_eq!(stack.id(&quay.scene.engine, "web").await, web, "the old one is back and runs");
    let filter = format!("name={}-web", stack.name);
    let all =
        quay.scene.engine.docker().ok(["ps", "-a", "--format", "{{.Names}}", "--filter", &filter]).await;
    assert_eq!(all.lines().count(), 1, "{all}");
    stack.done(&mut quay.ada, down(true)).await;
}

#[tokio::test]
async fn an_unnamed_volume_of_the_file_goes_along_to_the_next_container() {
    let mut quay = Quay::start().await;
    let text = |level: &str| {
        file(&quay.scene.engine.label(), level)
            .replacen(
                "    volumes: ['data:/data']",
                "    volumes: ['data:/data', /anon]\n    environment: {LEVEL: LEVEL_}",
                1,
            )
            .replace("LEVEL_", level)
    };
    let (one, two) = (text("one"), text("two"));
    let (mut stack, _) = Stack::running(&quay.scene, &mut quay.ada, &one).await;
    let name = format!("{}-db-1", stack.name);
    quay.scene.engine.docker().ok(["exec", &name, "touch", "/anon/kept"]).await;
    stack.done(&mut quay.ada, up(Some(source(&two)))).await;
    let env = quay.scene.engine.inspect(&name).await["Config"]["Env"].to_string();
    assert!(env.contains("LEVEL=two"), "{env}");
    quay.scene.engine.docker().ok(["exec", &name, "ls", "/anon/kept"]).await;
    stack.done(&mut quay.ada, down(true)).await;
}

#[tokio::test]
async fn a_network_that_is_made_anew_stays_its_owners_and_comes_back() {
    let mut quay = Quay::start().await;
    let (mut mia, docker) = quay.developer("mia").await;
    let label = quay.scene.engine.label();
    let text = |level: &str, end: &str| {
        let networks = format!("networks: {{default: {{labels: {{level: {level}}}}}}}\n");
        file(&label, "one").replacen("sleep 3600 & wait", end, 1) + &networks
    };
    let (first, failing) = (text("one", "sleep 3600 & wait"), text("two", "exit 7"));
    let (mut stack, web) = Stack::running(&quay.scene, &mut mia, &first).await;
    let network = format!("{}_default", stack.name);
    let level = async |docker: &Docker| {
        docker.ok(["network", "inspect", "--format", "{{.Labels.level}} {{len .Containers}}", &network]).await
    };
    assert_eq!(level(&docker).await, "one 2");

    // What fails is taken back, the network too, with what was on it; and it is hers as before.
    let job = stack.apply(&mut mia, up(Some(source(&failing)))).await;
    assert_eq!(job["state"], "failed", "{job}");
    assert_eq!(stack.newest(&mut mia).await["state"], "undone", "{job}");
    assert_eq!(stack.id(&quay.scene.engine, "web").await, web, "{job}");
    assert_eq!(level(&docker).await, "one 2", "{job}");

    // A manager who changes it does not take it away from her.
    stack.listen_again(&quay.ada).await;
    let second = text("three", "sleep 3600 & wait");
    stack.done(&mut quay.ada, up(Some(source(&second)))).await;
    assert_eq!(level(&docker).await, "three 2");
    stack.done(&mut quay.ada, down(true)).await;
}

#[tokio::test]
async fn a_file_that_is_changed_names_nothing_of_others_either() {
    let mut quay = Quay::start().await;
    let (mut mia, _) = quay.developer("mia").await;
    let label = quay.scene.engine.label();
    let foreign = quay.scene.engine.name("foreign");
    let secret = ["run", "-d", "--name", &foreign, "--label", &label, "-e", "PASSWORD=hunter22"];
    let sleeps = ["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"];
    let run = secret.into_iter().chain([IMAGE]).chain(sleeps);
    quay.scene.engine.docker().ok(run).await;
    let (name, value) = label.split_once('=').expect("a label has a value");
    let text = |further: &str| {
        let file = format!(
            "services:\n  web:\n    image: {IMAGE}\n    network_mode: bridge\n    labels: {{{name}: {value}}}\n    \
             command: [sh, -c, 'trap \"exit 0\" TERM; sleep 3600 & wait']\n{further}"
        );
        Some(json!({ "files": { "compose.yaml": file } }))
    };
    // Engines give what is linked the other's environment.
    let links = format!("    external_links: ['{foreign}:db']\n");
    let mut stack = Stack::of(&quay.scene, &mia).await;
    let failed = stack.apply(&mut mia, up(text(&links))).await;
    assert_eq!(failed["state"], "failed", "from the first: {failed}");
    stack.done(&mut mia, up(text(""))).await;
    let before = stack.id(&quay.scene.engine, "web").await;
    let failed = stack.apply(&mut mia, up(text(&links))).await;
    assert_eq!(failed["state"], "failed", "in the place of what is hers: {failed}");
    assert_eq!(stack.id(&quay.scene.engine, "web").await, before, "it is as it was, and runs");
    stack.done(&mut mia, up(text("    environment: {LEVEL: two}\n"))).await;
}

#[tokio::test]
async fn a_folder_of_the_host_is_refused_however_it_is_written() {
    let mut quay = Quay::start().await;
    let (mut dev, _) = quay.developer("dev").await;
    let stack = Stack::of(&quay.scene, &dev).await;
    let (label, theirs) = (quay.scene.engine.label(), quay.scene.engine.name("theirs"));
    quay.scene.engine.docker().ok(["create", "--name", &theirs, "--label", &label, IMAGE, "true"]).await;
    let web = |more: &str| format!("services: {{web: {{image: {IMAGE}, {more}}}}}\n");
    let bind = |volume: &str| web(&format!("volumes: [{volume}]"));
    let other = |name: &str| bind("'/etc:/data'").replace("web:", &format!("{name}:"));
    let volume = "volumes: {data: {driver_opts: {type: none, o: bind, device: /etc}}}\n";
    for (of, text, other) in [
        ("web", bind("'/etc:/data:ro'"), String::new()),
        ("web", bind("{type: bind, source: /etc, target: /data}"), String::new()),
        ("web", bind("'../../../../../etc:/data'"), String::new()),
        ("web", bind("'~/:/data'"), String::new()),
        ("web", bind("'.:/data:ro'"), String::new()),
        ("web", bind("'./other.yaml:/data'"), "x-no: file\n".to_owned()),
        ("web", bind("'${HIDDEN}:/data'"), String::new()),
        ("web", bind("'${NONE:-/etc}:/data'"), String::new()),
        ("web", web("extends: {file: other.yaml, service: base}"), other("base")),
        ("base", "include: [other.yaml]\n".to_owned(), other("base")),
        ("data", format!("{}{volume}", bind("'data:/data'")), String::new()),
        ("web", format!("{}secrets: {{s: {{file: /etc/shadow}}}}\n", web("secrets: [s]")), String::new()),
        ("web", format!("{}configs: {{c: {{file: ../../c}}}}\n", web("configs: [c]")), String::new()),
        ("web", web(&format!("volumes_from: ['container:{theirs}']")), String::new()),
        ("web", web("devices: ['/dev/kmsg']"), String::new()),
    ] {
        let mut files = json!({
            "files": { "compose.yaml": text },
            "variables": [{ "name": "HIDDEN", "value": "/etc" }],
        });
        if !other.is_empty() {
            files["files"]["other.yaml"] = json!(other);
        }
        let told = stack.plan(&mut dev, &up(Some(files))).await;
        let first = &told["obstacles"][0];
        assert_eq!(told["digest"], "", "there is no plan: {text} {told}");
        if first["code"] == "plan-refused" {
            assert_eq!(first["args"]["of"], of, "{text} {told}");
        } else {
            // What leads out of the stack's folder is told where it stands.
            assert!(told["findings"].to_string().contains("\"warning\":false"), "{text} {told}");
        }
    }
}
