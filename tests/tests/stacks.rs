//! A stack from its file to running containers and back: planned, applied, changed, returned to, taken down.

use http::Method;
use longshore_tests::{
    Browser, Scene,
    browser::Look,
    engine::IMAGE,
    person::PASSWORD,
    stack::{Stack, down, file, source, up},
};
use serde_json::{Value, json};

fn acts(plan: &Value) -> Vec<String> {
    let rows = plan["rows"].as_array().expect("rows").iter();
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let said = rows.filter(|row| row["act"] != "wait");
    said.map(|row| format!("{} {} {}", word(&row["act"]), word(&row["on"]), word(&row["service"]))).collect()
}

#[tokio::test]
async fn a_port_that_another_has_is_told_with_the_plan() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let stack = Stack::of(&scene, &ada).await;
    let holder = scene.engine.name("holder");
    let run =
        ["run", "--detach", "--name", &holder, "--label", &scene.engine.label(), "--publish", "48377:80"];
    scene.engine.docker().ok([&run[..], &[IMAGE, "sleep", "3600"]].concat()).await;
    let text = |port: u16| format!("services: {{web: {{image: '{IMAGE}', ports: ['{port}:80']}}}}");
    let files = |port| up(Some(json!({ "files": { "compose.yaml": text(port) } })));
    let told = async {
        loop {
            let plan = stack.plan(&mut ada, &files(48377)).await;
            if plan["obstacles"].to_string().contains(&holder) {
                return plan;
            }
        }
    };
    let plan = longshore_tests::soon("who has the port is known", told).await;
    assert_eq!(plan["digest"], "", "there is no plan: {plan}");
    let plan = stack.plan(&mut ada, &files(48378)).await;
    assert_eq!(plan["obstacles"], json!([]), "{plan}");
}

#[tokio::test]
async fn what_was_planned_is_done_and_nothing_else() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut stack = Stack::of(&scene, &ada).await;
    let first = file(&scene.engine.label(), "one");

    let plan = stack.plan(&mut ada, &up(Some(source(&first)))).await;
    assert_eq!(plan["obstacles"], json!([]), "{plan}");
    let done = acts(&plan);
    assert!(
        done.contains(&"create container web".to_owned()) && done.contains(&"create volume ".to_owned()),
        "{done:?}"
    );
    assert!(!plan.to_string().contains("harbour-secret"), "{plan}");
    stack.done(&mut ada, up(Some(source(&first)))).await;
    let (db, web) = (stack.id(&scene.engine, "db").await, stack.id(&scene.engine, "web").await);
    assert!(db.ends_with("true") && web.ends_with("true"), "{db} {web}");

    // The same again is nothing; a change of one variable is one container, and its secret stays.
    let none = stack.plan(&mut ada, &up(None)).await;
    assert_eq!(acts(&none), Vec::<String>::new(), "{none}");
    let mut changed = source(&file(&scene.engine.label(), "two"));
    changed["variables"][0]["value"] = Value::Null;
    let plan = stack.plan(&mut ada, &up(Some(changed.clone()))).await;
    assert_eq!(acts(&plan), ["replace container web"], "{plan}");
    let rows = plan["rows"].as_array().expect("rows");
    let replaced = rows.iter().find(|row| row["act"] == "replace").expect("a replacement");
    assert_eq!(replaced["fields"][0]["path"], "environment.LEVEL", "{plan}");
    stack.done(&mut ada, up(Some(changed.clone()))).await;
    assert_eq!(stack.id(&scene.engine, "db").await, db, "what does not differ is not touched");
    assert_ne!(stack.id(&scene.engine, "web").await, web);
    let env = scene.engine.inspect(&format!("{}-web-1", stack.name)).await["Config"]["Env"].to_string();
    assert!(env.contains("LEVEL=two") && env.contains("TOKEN=harbour-secret"), "{env}");

    // Something from outside between plan and apply stops it.
    let plan = stack.plan(&mut ada, &up(Some(source(&first)))).await;
    let docker = scene.engine.docker();
    docker.ok(["stop", "--time", "0", &format!("{}-db-1", stack.name)]).await;
    let apply = json!({ "plan": up(Some(source(&first))), "digest": plan["digest"] });
    let refused = ada.send(Method::POST, &stack.path("/apply"), Some(apply)).await.expect(409).problem();
    assert!(refused.starts_with("409 stack-changed"), "{refused}");
    docker.ok(["start", &format!("{}-db-1", stack.name)]).await;

    // Every plan is a release; a secret of it is shown to nobody.
    let releases = ada.get(&stack.path("/releases")).await.expect(200).json();
    let numbers: Vec<_> =
        releases["releases"].as_array().expect("a list").iter().map(|it| it["number"].clone()).collect();
    assert_eq!(numbers, [json!(2), json!(1)], "{releases}");
    assert_eq!(
        (&releases["releases"][0]["state"], &releases["releases"][0]["message"]),
        (&json!("applied"), &json!("as asked"))
    );
    let release = ada.send(Method::POST, &stack.path("/releases/1"), None).await.expect(200).json();
    assert!(
        release["source"]["files"]["compose.yaml"].as_str().is_some_and(|text| text.contains("one")),
        "{release}"
    );
    assert!(!release.to_string().contains("harbour-secret"), "{release}");

    // Down leaves the volume, down with volumes does not.
    stack.done(&mut ada, down(false)).await;
    docker.refused(["inspect", &format!("{}-web-1", stack.name)]).await;
    let volume = format!("{}_data", stack.name);
    docker.ok(["volume", "inspect", &volume]).await;
    stack.done(&mut ada, down(true)).await;
    docker.refused(["volume", "inspect", &volume]).await;
}

#[tokio::test]
async fn a_change_that_does_not_run_is_taken_back() {
    let mut scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let first = file(&scene.engine.label(), "one");
    let (mut stack, web) = Stack::running(&scene, &mut ada, &first).await;

    // Its new health check never passes.
    let ill = first.replacen(
        "    environment: {LEVEL",
        "    healthcheck: {test: ['CMD', 'false'], interval: 1s, retries: 1}\n    environment: {LEVEL",
        1,
    );
    let job = stack.apply(&mut ada, up(Some(source(&ill)))).await;
    assert_eq!(job["state"], "failed", "{job}");
    assert_eq!(stack.id(&scene.engine, "web").await, web, "the old one is back: {job}");
    let releases = ada.get(&stack.path("/releases")).await.expect(200).json();
    assert_eq!(releases["releases"][0]["state"], "undone", "{releases}");

    // One that says its secret at its end fails, and nobody tells it on: not the job, and not the server's log.
    let tells = first.replacen(
        "  web:\n    image",
        "  web:\n    entrypoint: [sh, -c, 'echo told: $$TOKEN; exit 7']\n    image",
        1,
    );
    let job = stack.apply(&mut ada, up(Some(source(&tells)))).await;
    assert!(job["state"] == "failed" && job.to_string().contains("told: "), "{job}");
    assert!(!job.to_string().contains("harbour-secret"), "{job}");
    assert!(!scene.server.program().log().contains("harbour-secret"), "no secret is in the log");

    // A file with an error makes no plan, and says where.
    let wrong = first.replace("    image:", "    imagee:");
    let plan = stack.plan(&mut ada, &up(Some(source(&wrong)))).await;
    assert_eq!((&plan["digest"], &plan["findings"][0]["line"]), (&json!(""), &json!(3)), "{plan}");
    stack.apply(&mut ada, down(true)).await;
}

#[tokio::test]
async fn an_image_is_built_of_the_stacks_own_files() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut dev = scene.person(&mut ada, "dev", "developer").await;
    let mut stack = Stack::of(&scene, &dev).await;
    let label = scene.engine.label();
    let (key, value) = label.split_once('=').expect("a label has a value");
    let image = format!("{}-web", stack.name);
    let files = |greeting: &str, dockerfile: &str| {
        json!({ "files": {
            "compose.yaml": format!("services:\n  web:\n    build: {{context: web, args: {{GREETING: {greeting}}}}}\n    image: {image}\n    command: [sleep, '3600']\n    stop_grace_period: 1s\n    network_mode: none\n    labels: {{{key}: {value}}}\n"),
            "web/Dockerfile": dockerfile,
            "web/page/index.html": "the page",
        } })
    };
    let dockerfile = format!(
        "FROM {IMAGE}\nARG GREETING\nCOPY page /page\nRUN echo \"$GREETING\" > /greeting && test -s /page/index.html\n"
    );
    let plan = stack.plan(&mut dev, &up(Some(files("hello", &dockerfile)))).await;
    assert!(acts(&plan).contains(&"create image web".to_owned()), "{plan}");
    stack.done(&mut dev, up(Some(files("hello", &dockerfile)))).await;
    let web = format!("{}-web-1", stack.name);
    let docker = scene.engine.docker();
    assert_eq!(docker.ok(["exec", &web, "cat", "/greeting"]).await, "hello");

    // One that fails leaves what runs, and its last words are told.
    let broken = format!("FROM {IMAGE}\nRUN echo so it ends && false\n");
    let mut again = up(Some(files("hello", &broken)));
    again["wish"]["build"] = json!(true);
    let job = stack.apply(&mut dev, again).await;
    assert_eq!(job["state"], "failed", "{job}");
    assert!(job.to_string().contains("so it ends"), "{job}");
    assert_eq!(docker.ok(["exec", &web, "cat", "/greeting"]).await, "hello");

    // A Dockerfile that is not there is told before anything is asked of the engine.
    let mut none = files("hello", "");
    none["files"].as_object_mut().expect("files").remove("web/Dockerfile");
    let mut again = up(Some(none));
    again["wish"]["build"] = json!(true);
    let job = stack.apply(&mut dev, again).await;
    assert!(job.to_string().contains("stack-no-dockerfile"), "{job}");
    stack.done(&mut dev, down(true)).await;
    docker.ok(["image", "rm", &image]).await;
}

#[tokio::test]
async fn a_stack_is_its_makers_alone() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut dev = scene.person(&mut ada, "dev", "developer").await;
    let mut other = scene.person(&mut ada, "other", "developer").await;
    let mut viewer = scene.person(&mut ada, "vic", "viewer").await;
    let mut stack = Stack::of(&scene, &dev).await;
    let first = file(&scene.engine.label(), "one");
    stack.done(&mut dev, up(Some(source(&first)))).await;
    dev.get(&stack.path("")).await.expect(200);

    let others = other.get("hosts/local/stacks").await.expect(200).json();
    assert!(!others.to_string().contains(&stack.name), "{others}");
    other.get(&stack.path("")).await.expect(404);
    for (method, path) in [(Method::GET, "/releases"), (Method::POST, "/releases/1")] {
        other.send(method, &stack.path(path), None).await.expect(409);
    }
    other.send(Method::POST, &stack.path("/plan"), Some(up(Some(source(&first))))).await.expect(409);
    other.send(Method::DELETE, &stack.path(""), None).await.expect(409);
    viewer.send(Method::POST, &stack.path("/plan"), Some(up(None))).await.expect(403);

    // What the host keeps from developers is refused, in whatever file it stands; nothing is left of the try.
    let bind = first.replacen("'data:/data'", "'/etc:/data'", 1);
    let plan = up(Some(source(&bind)));
    let told = stack.plan(&mut dev, &plan).await;
    assert_eq!(
        (&told["digest"], &told["obstacles"][0]["code"]),
        (&json!(""), &json!("plan-refused")),
        "{told}"
    );
    let apply = json!({ "plan": plan, "digest": "" });
    let refused = dev.send(Method::POST, &stack.path("/apply"), Some(apply)).await.expect(409).problem();
    assert!(refused.starts_with("409 stack-not-planned"), "{refused}");
    assert!(stack.id(&scene.engine, "db").await.ends_with("true"));
    stack.done(&mut dev, down(true)).await;
}

/// What of other things than containers a developer may not have is told with the plan, too.
#[tokio::test]
async fn a_plan_tells_all_that_its_maker_may_not_have() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut dev = scene.person(&mut ada, "dev", "developer").await;
    let mut other = scene.person(&mut ada, "other", "developer").await;
    let mut theirs = Stack::of(&scene, &other).await;
    theirs.done(&mut other, up(Some(source(&file(&scene.engine.label(), "one"))))).await;
    let mut stack = Stack::of(&scene, &dev).await;
    stack.name.push_str("-dev");
    let web =
        format!("services: {{web: {{image: {IMAGE}, volumes: ['data:/data']}}}}\nvolumes: {{data: {{}}}}\n");
    let build = |more: &str| {
        format!("services: {{web: {{build: {{context: ., dockerfile_inline: 'FROM {IMAGE}', {more}}}}}}}\n")
    };
    let held = format!("volumes: {{data: {{name: {}_data}}}}\n", theirs.name);
    for (of, text) in [
        ("default", format!("{web}networks: {{default: {{driver: ipvlan}}}}\n")),
        ("default", format!("{web}networks: {{default: {{driver_opts: {{parent: eth0}}}}}}\n")),
        ("default", format!("{web}networks: {{default: {{ipam: {{config: [{{subnet: 10.9.0.0/16}}]}}}}}}\n")),
        ("data", web.replace("volumes: {data: {}}\n", &held)),
        ("web", build("network: host")),
        ("web", build("privileged: true")),
        ("web", build(&format!("tags: ['{IMAGE}']"))),
        ("web", "services: {web: {build: {context: 'https://example.com/shop.git'}}}\n".to_owned()),
    ] {
        let told = stack.plan(&mut dev, &up(Some(source(&text)))).await;
        let first = &told["obstacles"][0];
        let said = (&told["digest"], &first["code"], &first["args"]["of"]);
        assert_eq!(said, (&json!(""), &json!("plan-refused"), &json!(of)), "{text} {told}");
    }
    let told = stack.plan(&mut dev, &up(Some(source(&web)))).await;
    assert_eq!(told["obstacles"], json!([]), "{told}");
    theirs.done(&mut other, down(true)).await;
}

#[tokio::test]
async fn a_stack_is_written_applied_and_changed_in_the_browser() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut stack = Stack::of(&scene, &ada).await;
    let name = stack.name.clone();
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("stacks")).await;
    browser.sign_in(PASSWORD).await;
    browser.click("[data-action=\"create\"]").await;
    browser.fill("name", &name).await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.click("[data-editor=\"there\"] .cm-content").await;
    let text = file(&scene.engine.label(), "one");
    write(&browser, &text).await;
    // The variable that it asks for is offered.
    browser.reads("[data-found=\"error\"]", "TOKEN").await;
    browser.click("[data-action=\"add-variable\"]").await;
    browser.fill("variable-value", "harbour-secret").await;
    browser.script("const it = document.querySelector('[name=variable-name]'); it.value = 'TOKEN'; it.dispatchEvent(new Event('change'));").await;
    browser.reads("[data-plan=\"create\"][data-on=\"web\"]", "web").await;
    browser.picture("stack-plan").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.click("[data-action=\"apply\"]:enabled").await;
    browser.fill("message", "The first one").await;
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]").await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.open(&scene.server.url(&format!("stacks/local/{name}"))).await;
    browser.appears("tr[data-service=\"web\"][data-state=\"running\"]").await;
    browser.reads(".page__head", "release 1 by ada").await;
    browser.picture("stack-services").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.open(&scene.server.url(&format!("stacks/local/{name}?tab=graph"))).await;
    browser.appears("[data-box=\"service\"][data-name=\"web\"] [data-state=\"running\"]").await;
    browser.reads(&format!("[data-box=\"volume\"][data-name=\"{name}_data\"]"), "data").await;
    browser.picture("stack-graph").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.click("[data-lines=\"networks\"]").await;
    browser.click(&format!("[data-box=\"network\"][data-name=\"{name}_default\"] button")).await;
    browser.reads("[data-aside=\"network\"]", "db, web").await;
    browser.picture("stack-graph-network").await;
    browser.click("[data-lines=\"order\"]").await;
    browser.click("[data-box=\"service\"][data-name=\"db\"] button").await;
    browser.reads("[data-aside=\"service\"][data-name=\"db\"] .graph__facts", "web").await;
    browser.appears(&format!("[data-aside] [data-to=\"container\"][href$=\"/{name}-db-1\"]")).await;
    browser.appears("[data-aside] [data-to=\"logs\"]").await;
    browser.appears("[data-aside] [data-to=\"console\"]").await;
    browser.picture("stack-graph-service").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.resize(390, 844).await;
    assert!(browser.fits().await);
    browser.picture("stack-graph-service.phone").await;
    browser.resize(1440, 900).await;
    browser.click("[data-lines=\"networks\"]").await;
    browser.click(&format!("[data-box=\"network\"][data-name=\"{name}_default\"] button")).await;
    browser.click("[data-aside=\"network\"] [data-to=\"thing\"]").await;
    browser.reads("h1", &format!("{name}_default")).await;
    browser.open(&scene.server.url(&format!("stacks/local/{name}?tab=releases"))).await;
    browser.reads("tr[data-release=\"1\"]", "The first one").await;
    browser.picture("stack-releases").await;
    browser.open(&scene.server.url("stacks")).await;
    browser.reads(&format!("tr[data-stack=\"{name}\"]"), "2 of 2").await;
    browser.picture("stacks").await;
    browser.resize(390, 844).await;
    browser.picture("stacks.phone").await;
    assert!(browser.fits().await);
    browser.open(&scene.server.url(&format!("stacks/local/{name}?tab=graph"))).await;
    browser.appears("[data-box=\"service\"]").await;
    browser.picture("stack-graph.phone").await;
    assert!(browser.fits().await);
    browser.open(&scene.server.url(&format!("stacks/local/{name}?tab=files"))).await;
    browser.appears("[data-editor=\"there\"] .cm-content").await;
    browser.picture("stack-plan.phone").await;
    assert!(browser.fits().await);
    browser.expect_no_complaint().await;

    stack.done(&mut ada, down(true)).await;
}

/// What a file's lines are in a comparison, those that differ alone.
fn differing(file: &Value) -> Vec<String> {
    let hunks = file["hunks"].as_array().expect("hunks").iter();
    let lines = hunks.flat_map(|hunk| hunk["lines"].as_array().expect("lines"));
    let said = lines.filter(|line| line["was"].is_null() || line["is"].is_null()).map(|line| {
        let sign = if line["is"].is_null() { "-" } else { "+" };
        format!("{sign}{}", line["text"].as_str().unwrap_or_default().trim())
    });
    said.collect()
}

#[tokio::test]
async fn two_releases_are_held_against_each_other_and_against_what_runs() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let docker = scene.engine.docker();
    // An image of its own, which becomes another one under the same name.
    let (image, other) = (scene.engine.name("app"), scene.engine.name("other"));
    docker.ok(["tag", IMAGE, &image]).await;
    let of = |level: &str| file(&scene.engine.label(), level).replacen(IMAGE, &image, 1);
    let (mut stack, _) = Stack::running(&scene, &mut ada, &of("one")).await;
    docker.ok(["create", "--name", &other, IMAGE]).await;
    docker.ok(["commit", &other, &image]).await;
    docker.ok(["rm", &other]).await;
    let mut second = source(&of("two"));
    second["files"]["notes.txt"] = json!("remember\n");
    second["variables"] = json!([
        { "name": "TOKEN", "value": "another-secret", "secret": true },
        { "name": "GREETING", "value": "hello" },
    ]);
    stack.done(&mut ada, up(Some(second))).await;

    let path = stack.path("/compared-releases");
    let compared =
        ada.send(Method::POST, &path, Some(json!({ "from": 1, "to": 2 }))).await.expect(200).json();
    let changed = differing(&compared["files"][0]);
    assert_eq!(changed.len(), 2, "{compared}");
    assert!(changed[0].starts_with("-environment: {LEVEL: one"), "{compared}");
    assert!(changed[1].starts_with("+environment: {LEVEL: two"), "{compared}");
    assert_eq!(differing(&compared["files"][1]), ["+remember"], "{compared}");
    let variables = json!([
        { "path": "GREETING", "will": "hello", "hidden": false },
        { "path": "TOKEN", "hidden": true },
    ]);
    assert_eq!(compared["variables"], variables, "{compared}");
    assert!(!compared.to_string().contains("-secret"), "{compared}");
    let images = compared["images"].as_array().expect("images");
    assert_eq!((images.len(), &images[0]["service"]), (1, &json!("db")), "{compared}");
    assert_ne!(images[0]["was"]["digest"], images[0]["is"]["digest"], "{compared}");

    // What runs is the second one, until somebody has it otherwise.
    let nothing = ada.send(Method::POST, &path, Some(json!({ "from": 2 }))).await.expect(200).json();
    assert_eq!(nothing, json!({ "files": [], "variables": [], "options": [], "images": [] }));
    let runs = ada.send(Method::POST, &path, Some(json!({ "from": 1 }))).await.expect(200).json();
    assert_eq!(runs, compared);
    let unknown = ada.send(Method::POST, &path, Some(json!({ "from": 9 }))).await.expect(404).problem();
    assert!(unknown.starts_with("404 release-unknown"), "{unknown}");
    let audit = ada.get("audit?operation=stack-read").await.expect(200).json();
    assert!(audit.to_string().contains("releases 1 and 2"), "{audit}");

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("stacks/local/{}?tab=releases", stack.name))).await;
    browser.sign_in(PASSWORD).await;
    browser.click("tr[data-release=\"1\"] [data-action=\"compare\"]").await;
    browser.reads("[data-compared-file=\"compose.yaml\"] .cmp__line--add", "LEVEL: two").await;
    browser.reads("[data-compared-part=\"variables\"]", "TOKEN changes; its value is not shown").await;
    browser.appears("[data-compared-image=\"db\"]").await;
    browser.picture("stack-compared").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.resize(390, 844).await;
    assert!(browser.fits().await);
    browser.picture("stack-compared.phone").await;
    browser.script("const it = document.querySelector('[name=from]'); it.value = '2'; it.dispatchEvent(new Event('change'));").await;
    browser.appears("[data-compared-none]").await;
    browser.expect_no_complaint().await;
    let browser = Browser::start(&Look::desk().dark().language("zh-CN")).await;
    browser.open(&scene.server.url(&format!("stacks/local/{}?tab=releases&from=2&to=1", stack.name))).await;
    browser.sign_in(PASSWORD).await;
    browser.reads("[data-compared-file=\"notes.txt\"]", "已删除").await;
    browser.picture("stack-compared.zh.dark").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.expect_no_complaint().await;

    stack.done(&mut ada, down(true)).await;
    docker.ok(["image", "rm", &image]).await;
}

#[tokio::test]
async fn a_stacks_pages_hold_in_the_dark_in_chinese_and_on_a_phone() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let docker = scene.engine.docker();
    let (mut stack, _) = Stack::running(&scene, &mut ada, &file(&scene.engine.label(), "one")).await;
    let (name, other) = (stack.name.clone(), scene.engine.name("theirs"));
    // Something was done by hand, and something was made by another tool.
    let web = format!("{name}-web-1");
    docker.ok(["update", "--memory", "64m", "--memory-swap", "128m", &web]).await;
    let project = format!("com.docker.compose.project={other}");
    let label = scene.engine.label();
    let run = ["run", "-d", "--network", "none", "--name", &other, "--label", &label, "--label", &project];
    let service = ["--label", "com.docker.compose.service=web", IMAGE, "sleep", "3600"];
    docker.ok(run.iter().chain(&service).copied()).await;

    let looks = [
        ("zh.dark", Look::desk().dark().language("zh-CN")),
        ("phone", Look::phone()),
        ("zh.dark.phone", Look::phone().dark().language("zh-CN")),
    ];
    for (called, look) in looks {
        let browser = Browser::start(&look).await;
        let picture = async |page: &str| {
            browser.picture(&format!("{page}.{called}")).await;
            assert_eq!(browser.barriers().await, Vec::<String>::new(), "{page}.{called}");
            assert!(browser.fits().await, "{page}.{called}");
        };
        browser.open(&scene.server.url(&format!("stacks/local/{name}"))).await;
        browser.sign_in(PASSWORD).await;
        browser.click("[data-action=\"drift\"]").await;
        browser.appears("[data-drift=\"1\"] [data-field=\"mem_limit\"]").await;
        picture("look-drift").await;
        browser.open(&scene.server.url(&format!("stacks/local/{name}?tab=graph&chosen=service/web"))).await;
        browser.appears("[data-aside=\"service\"] [data-to=\"container\"]").await;
        picture("look-graph").await;
        browser.open(&scene.server.url(&format!("stacks/local/{name}?tab=releases&from=1"))).await;
        browser.appears("[data-compared-none]").await;
        picture("look-releases").await;
        browser.open(&scene.server.url(&format!("stacks/local/{other}?tab=files"))).await;
        browser.appears("[data-adopt]").await;
        browser.appears("[data-editor=\"there\"] .cm-content").await;
        picture("look-adopt").await;
        browser.open(&scene.server.url(&format!("stacks?on=local&save={web}"))).await;
        browser.fill("name", "saved").await;
        picture("look-save").await;
        browser.expect_no_complaint().await;
    }
    docker.ok(["rm", "-f", &other]).await;
    stack.done(&mut ada, down(true)).await;
}

/// Puts a text into the editor as a paste does: typed, each line would be indented as the one before.
async fn write(browser: &Browser, text: &str) {
    let script = format!(
        "const data = new DataTransfer(); data.setData('text/plain', {}); document.querySelector('.cm-content').dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: data, bubbles: true, cancelable: true }}));",
        Value::from(text)
    );
    browser.script(&script).await;
}
