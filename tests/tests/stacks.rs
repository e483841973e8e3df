//! A stack from its file to running containers and back: planned, applied, changed, returned to, taken down.

use http::Method;
use longshore_tests::{Browser, Live, Person, Scene, browser::Look, engine::IMAGE, person::PASSWORD};
use serde_json::{Value, json};

/// The services of the file, each of which sleeps.
fn file(label: &str, level: &str) -> String {
    let (name, value) = label.split_once('=').expect("a label has a value");
    format!(
        "services:\n  db:\n    image: {IMAGE}\n    command: [sh, -c, 'trap \"exit 0\" TERM; sleep 3600 & wait']\n    labels: {{{name}: {value}}}\n    volumes: ['data:/data']\n    healthcheck: {{test: ['CMD', 'true'], interval: 1s}}\n  web:\n    image: {IMAGE}\n    command: [sh, -c, 'trap \"exit 0\" TERM; sleep 3600 & wait']\n    labels: {{{name}: {value}}}\n    environment: {{LEVEL: {level}, TOKEN: '${{TOKEN:?}}'}}\n    depends_on: {{db: {{condition: service_healthy}}}}\nvolumes:\n  data: {{}}\n"
    )
}

fn source(text: &str) -> Value {
    json!({
        "files": { "compose.yaml": text },
        "variables": [{ "name": "TOKEN", "value": "harbour-secret", "secret": true }],
    })
}

fn up(source: Option<Value>) -> Value {
    json!({ "source": source, "wish": { "deed": "up", "orphans": true } })
}

struct Stack<'a> {
    scene: &'a Scene,
    name: String,
    live: Live,
}

impl<'a> Stack<'a> {
    async fn of(scene: &'a Scene, ada: &Person) -> Self {
        let mut live = Live::open(ada).await.expect("a line");
        live.subscribe_jobs().await;
        Self { scene, name: scene.engine.name("shop"), live }
    }

    fn path(&self, rest: &str) -> String {
        format!("hosts/local/stacks/{}{rest}", self.name)
    }

    async fn plan(&self, who: &mut Person, plan: &Value) -> Value {
        who.send(Method::POST, &self.path("/plan"), Some(plan.clone())).await.expect(200).json()
    }

    /// Plans and applies; the job as it ended.
    async fn apply(&mut self, who: &mut Person, plan: Value) -> Value {
        let digest = self.plan(who, &plan).await["digest"].clone();
        let apply = json!({ "plan": plan, "digest": digest, "message": "as asked" });
        let path = self.path("/apply");
        let started = who.send(Method::POST, &path, Some(apply)).await.expect(202).json();
        let id = started["id"].as_str().expect("an id").to_owned();
        self.live.job_ended(who, &id).await
    }

    async fn id(&self, service: &str) -> String {
        let name = format!("{}-{service}-1", self.name);
        let docker = self.scene.engine.docker();
        docker.ok(["inspect", "--format", "{{.Id}} {{.State.Running}}", &name]).await.trim().to_owned()
    }
}

fn acts(plan: &Value) -> Vec<String> {
    let rows = plan["rows"].as_array().expect("rows").iter();
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let said = rows.filter(|row| row["act"] != "wait");
    said.map(|row| format!("{} {} {}", word(&row["act"]), word(&row["on"]), word(&row["service"]))).collect()
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
    let job = stack.apply(&mut ada, up(Some(source(&first)))).await;
    assert_eq!(job["state"], "done", "{job}");
    let (db, web) = (stack.id("db").await, stack.id("web").await);
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
    let job = stack.apply(&mut ada, up(Some(changed.clone()))).await;
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(stack.id("db").await, db, "what does not differ is not touched");
    assert_ne!(stack.id("web").await, web);
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
    let down = |volumes: bool| json!({ "wish": { "deed": "down", "volumes": volumes } });
    let job = stack.apply(&mut ada, down(false)).await;
    assert_eq!(job["state"], "done", "{job}");
    docker.refused(["inspect", &format!("{}-web-1", stack.name)]).await;
    let volume = format!("{}_data", stack.name);
    docker.ok(["volume", "inspect", &volume]).await;
    let job = stack.apply(&mut ada, down(true)).await;
    assert_eq!(job["state"], "done", "{job}");
    docker.refused(["volume", "inspect", &volume]).await;
}

#[tokio::test]
async fn a_change_that_does_not_run_is_taken_back() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut stack = Stack::of(&scene, &ada).await;
    let first = file(&scene.engine.label(), "one");
    let job = stack.apply(&mut ada, up(Some(source(&first)))).await;
    assert_eq!(job["state"], "done", "{job}");
    let web = stack.id("web").await;

    // Its new health check never passes.
    let ill = first.replacen(
        "    environment: {LEVEL",
        "    healthcheck: {test: ['CMD', 'false'], interval: 1s, retries: 1}\n    environment: {LEVEL",
        1,
    );
    let job = stack.apply(&mut ada, up(Some(source(&ill)))).await;
    assert_eq!(job["state"], "failed", "{job}");
    assert_eq!(stack.id("web").await, web, "the old one is back: {job}");
    let releases = ada.get(&stack.path("/releases")).await.expect(200).json();
    assert_eq!(releases["releases"][0]["state"], "undone", "{releases}");

    // A file with an error makes no plan, and says where.
    let wrong = first.replace("    image:", "    imagee:");
    let plan = stack.plan(&mut ada, &up(Some(source(&wrong)))).await;
    assert_eq!((&plan["digest"], &plan["findings"][0]["line"]), (&json!(""), &json!(3)), "{plan}");
    stack.apply(&mut ada, json!({ "wish": { "deed": "down", "volumes": true } })).await;
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
    let job = stack.apply(&mut dev, up(Some(source(&first)))).await;
    assert_eq!(job["state"], "done", "{job}");
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
    let job = stack.apply(&mut dev, up(Some(source(&bind)))).await;
    assert_eq!(job["state"], "failed", "{job}");
    assert!(stack.id("db").await.ends_with("true"), "the old one is back");
    let job = stack.apply(&mut dev, json!({ "wish": { "deed": "down", "volumes": true } })).await;
    assert_eq!(job["state"], "done", "{job}");
}

#[tokio::test]
async fn a_stack_is_written_applied_and_changed_in_the_browser() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.name("shop");
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
    browser.reads("[data-box=\"volume\"]", &format!("{name}_data")).await;
    browser.picture("stack-graph").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.click("[data-lines=\"networks\"]").await;
    browser.click(&format!("[data-box=\"network\"][data-name=\"{name}_default\"] a")).await;
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

    let down = json!({ "wish": { "deed": "down", "volumes": true } });
    let path = |rest: &str| format!("hosts/local/stacks/{name}{rest}");
    let digest =
        ada.send(Method::POST, &path("/plan"), Some(down.clone())).await.expect(200).json()["digest"].clone();
    let mut live = Live::open(&ada).await.expect("a line");
    live.subscribe_jobs().await;
    let started = ada
        .send(Method::POST, &path("/apply"), Some(json!({ "plan": down, "digest": digest })))
        .await
        .expect(202)
        .json();
    live.job_ended(&mut ada, started["id"].as_str().expect("an id")).await;
}

/// Puts a text into the editor as a paste does: typed, each line would be indented as the one before.
async fn write(browser: &Browser, text: &str) {
    let script = format!(
        "const data = new DataTransfer(); data.setData('text/plain', {}); document.querySelector('.cm-content').dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: data, bubbles: true, cancelable: true }}));",
        Value::from(text)
    );
    browser.script(&script).await;
}
