//! Stacks that were not made here: taken over where they are, changed by hand and put right, made of containers that run.

use std::{fs, os::unix::fs::symlink, path::Path};

use http::Method;
use longshore_tests::{
    Browser, Docker, Live, Person, Scene, browser::Look, engine::IMAGE, http::text, person::PASSWORD,
    stack::up,
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with a project of docker-compose, and what is around it.
struct Folder {
    outer: TempDir,
    name: String,
}

impl Folder {
    fn of(name: String) -> Self {
        let folder = Self { outer: tempfile::tempdir().expect("a folder"), name };
        fs::create_dir_all(folder.shop()).expect("made");
        folder
    }

    /// The folder that an administrator names.
    fn named(&self) -> String {
        self.outer.path().join("srv").display().to_string()
    }

    fn shop(&self) -> std::path::PathBuf {
        self.outer.path().join("srv/shop")
    }

    /// Two services, one with an env file and a relative folder of the host, filled in from `.env`.
    fn write(&self, scene: &Scene) {
        let label = scene.engine.label();
        let sleep = "command: [sh, -c, 'trap \"exit 0\" TERM; sleep 3600 & wait']";
        let file = format!(
            "version: '2.4'\nservices:\n  db:\n    image: {IMAGE}\n    {sleep}\n    labels: ['{label}']\n    env_file: db.env\n    volumes: ['./data:/data']\n  web:\n    image: {IMAGE}\n    {sleep}\n    labels: ['{label}']\n    environment: ['LEVEL=${{LEVEL}}']\n    depends_on: [db]\nnetworks:\n  default:\n    labels: ['{label}']\n"
        );
        for (name, text) in
            [("docker-compose.yml", file.as_str()), (".env", "LEVEL=one\n"), ("db.env", "A=1\n")]
        {
            fs::write(self.shop().join(name), text).expect("written");
        }
    }

    /// `docker-compose up -d`, as somebody types it on the host.
    async fn up(&self, scene: &Scene, at: &Path) {
        let mut compose = scene.engine.docker().program("docker-compose");
        compose.current_dir(at).env("COMPOSE_PROJECT_NAME", &self.name).args(["up", "-d"]);
        let done = compose.output().await.expect("docker-compose");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn path(&self, rest: &str) -> String {
        format!("hosts/local/stacks/{}{rest}", self.name)
    }
}

/// A line on which the stack is seen once it has so many containers.
async fn seen(ada: &Person, name: &str, containers: u64) -> Live {
    let mut live = Live::open(ada).await.expect("a line");
    let topic = json!({ "topic": "stack", "host": "local", "name": name });
    live.send(&json!({ "type": "subscribe", "sub": 7, "topic": topic })).await;
    becomes(&mut live, "the containers of the stack", |stack| stack["row"]["containers"] == containers).await;
    live.subscribe_jobs().await;
    live
}

async fn becomes(live: &mut Live, what: &str, is: impl Fn(&Value) -> bool) {
    live.until(what, |message| is(&message["body"]).then_some(())).await;
}

async fn plan(who: &mut Person, path: &str, plan: &Value) -> Value {
    who.send(Method::POST, &format!("{path}/plan"), Some(plan.clone())).await.expect(200).json()
}

async fn apply(who: &mut Person, live: &mut Live, path: &str, wish: Value) -> Value {
    let shown = plan(who, path, &wish).await;
    assert_eq!(shown["obstacles"], json!([]), "{shown}");
    let apply = json!({ "plan": wish, "digest": shown["digest"], "message": "Taken over" });
    let started = who.send(Method::POST, &format!("{path}/apply"), Some(apply)).await.expect(202).json();
    live.job_ended(who, started["id"].as_str().expect("an id")).await
}

#[tokio::test]
async fn a_stack_of_docker_compose_is_taken_over_where_it_is() {
    let outer = Folder::of(String::new());
    let scene = Scene::start_with(&["--compose-folders", &outer.named()]).await;
    let folder = Folder { name: scene.engine.name("shop"), ..outer };
    let mut ada = scene.administrator().await;
    let mut mia = scene.person(&mut ada, "mia", "developer").await;
    folder.write(&scene);
    folder.up(&scene, &folder.shop()).await;
    let mut live = seen(&ada, &folder.name, 2).await;
    let found = folder.path("/found-files");

    // Its files are read by managers, whole and with what they name.
    mia.send(Method::POST, &found, None).await.expect(403);
    // And never on the word of who makes a container through us.
    let docker = Docker::through(&scene.server, Some(&mia.make_key("docker").await));
    let lure = scene.engine.name("lure");
    let label = |key: &str, value: &str| format!("com.docker.compose.project{key}={value}");
    let (project, at) = (label("", &lure), label(".working_dir", &folder.shop().display().to_string()));
    let labels = ["--label", &scene.engine.label(), "--label", &project, "--label", &at];
    let service = ["--label", "com.docker.compose.service=x", IMAGE, "true"];
    docker.ok([&["create"][..], &labels, &service].concat()).await;
    seen(&ada, &lure, 1).await;
    let lured = format!("hosts/local/stacks/{lure}/found-files");
    let refused = ada.send(Method::POST, &lured, None).await.expect(409).problem();
    assert!(refused.starts_with("409 stack-no-folder"), "{refused}");

    let read = ada.send(Method::POST, &found, None).await.expect(200).json();
    let files = read["source"]["files"].as_object().expect("files");
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    assert_eq!(names, [".env", "db.env", "docker-compose.yml"], "{read}");

    // Nothing of it differs, its folder on the host is what it was; taking it over makes a release and touches nothing.
    let ids = |stack: &Value| -> Vec<String> {
        let services = stack["services"].as_array().expect("services").iter();
        services.flat_map(|it| it["containers"].as_array().expect("some")).map(|it| text(&it["id"])).collect()
    };
    let before = ids(&ada.get(&folder.path("")).await.expect(200).json());
    let shown = plan(&mut ada, &folder.path(""), &up(Some(read["source"].clone()))).await;
    assert_eq!((&shown["rows"], &shown["obstacles"]), (&json!([]), &json!([])), "{shown}");
    let job = apply(&mut ada, &mut live, &folder.path(""), up(Some(read["source"].clone()))).await;
    assert_eq!(job["state"], "done", "{job}");
    let now = ada.get(&folder.path("")).await.expect(200).json();
    assert_eq!(now["row"]["release"]["state"], "applied", "{now}");
    assert_eq!(ids(&now), before);
    let drift = ada.get(&folder.path("/drift")).await.expect(200).json();
    assert_eq!((&drift["release"], &drift["rows"]), (&json!(1), &json!([])), "{drift}");

    // A change is written where the files are, with the owner that they have.
    let mut changed = read["source"].clone();
    changed["files"][".env"] = json!("LEVEL=two\n");
    let job = apply(&mut ada, &mut live, &folder.path(""), up(Some(changed.clone()))).await;
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(fs::read_to_string(folder.shop().join(".env")).expect("a file"), "LEVEL=two\n");

    // Forgotten, it runs on as it is.
    let runs = ids(&ada.get(&folder.path("")).await.expect(200).json());
    ada.send(Method::DELETE, &folder.path(""), None).await.expect(204);
    let still = ada.get(&folder.path("")).await.expect(200).json();
    assert_eq!((ids(&still), &still["row"]["running"]), (runs.clone(), &json!(2)), "{still}");
    for id in &runs {
        assert_eq!(scene.engine.state(id).await, "running");
    }
    // What an image is built of is read as a builder gets it, whole or not at all.
    let built =
        "services:\n  web: {build: web}\n  db: {build: {context: db, dockerfile: ../web/Dockerfile}}\n";
    for folder in [folder.shop().join("web/node_modules"), folder.shop().join("db")] {
        fs::create_dir_all(folder).expect("made");
    }
    for (name, text) in [
        ("docker-compose.yml", built),
        ("web/Dockerfile", "FROM scratch\nCOPY . /\n"),
        ("web/.dockerignore", "node_modules\n"),
        ("web/main.c", "int main;\n"),
        ("web/node_modules/a.js", "no\n"),
        ("db/large.sql", &"x".repeat(2 << 20)),
    ] {
        fs::write(folder.shop().join(name), text).expect("written");
    }
    let read = ada.send(Method::POST, &found, None).await.expect(200).json();
    let names: Vec<_> = read["source"]["files"].as_object().expect("files").keys().collect();
    assert_eq!(names, [".env", "docker-compose.yml", "web/.dockerignore", "web/Dockerfile", "web/main.c"]);
    assert_eq!(read["left_out"], json!(["db"]), "{read}");

    // A link that leads out of the folder is not followed.
    fs::write(folder.outer.path().join("secret.yml"), "services: {}\n").expect("written");
    fs::remove_file(folder.shop().join("docker-compose.yml")).expect("removed");
    symlink("../../secret.yml", folder.shop().join("docker-compose.yml")).expect("linked");
    let refused = ada.send(Method::POST, &found, None).await.expect(409).problem();
    assert!(refused.starts_with("409 stack-file-elsewhere"), "{refused}");
}

#[tokio::test]
async fn a_folder_that_nobody_has_named_is_not_read() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let folder = Folder::of(scene.engine.name("shop"));
    folder.write(&scene);
    folder.up(&scene, &folder.shop()).await;
    let mut live = seen(&ada, &folder.name, 2).await;
    let refused = ada.send(Method::POST, &folder.path("/found-files"), None).await.expect(409).problem();
    assert!(refused.starts_with("409 stack-folder-unnamed"), "{refused}");

    // Its files are sent; what they say is what is there, and nothing is written beside the host's own.
    let read = |name: &str| fs::read_to_string(folder.shop().join(name)).expect("a file");
    let names = ["docker-compose.yml", ".env", "db.env"];
    let files: serde_json::Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), Value::from(read(name)))).collect();
    let source = json!({ "files": files });
    let shown = plan(&mut ada, &folder.path(""), &up(Some(source.clone()))).await;
    assert_eq!((&shown["rows"], &shown["obstacles"]), (&json!([]), &json!([])), "{shown}");
    let mut changed = source.clone();
    changed["files"][".env"] = json!("LEVEL=two\n");
    let job = apply(&mut ada, &mut live, &folder.path(""), up(Some(changed.clone()))).await;
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(read(".env"), "LEVEL=one\n");
}

#[tokio::test]
async fn what_is_changed_by_hand_is_seen_and_put_right() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.name("shop");
    let path = format!("hosts/local/stacks/{name}");
    let mut live = Live::on_jobs(&ada).await;
    let label = scene.engine.label();
    let file = format!(
        "services:\n  web:\n    image: {IMAGE}\n    command: [sh, -c, 'trap \"exit 0\" TERM; sleep 3600 & wait']\n    labels: ['{label}']\n    environment: {{LEVEL: one}}\n    mem_limit: 32m\nnetworks:\n  default:\n    labels: ['{label}']\n"
    );
    let source = json!({ "files": { "compose.yaml": file } });
    let job = apply(&mut ada, &mut live, &path, up(Some(source.clone()))).await;
    assert_eq!(job["state"], "done", "{job}");
    let drift = ada.get(&format!("{path}/drift")).await.expect(200).json();
    assert_eq!(drift["rows"], json!([]), "{drift}");

    // A limit by hand, then all of it removed by hand: the list says so without asking anybody.
    let docker = scene.engine.docker();
    let web = format!("{name}-web-1");
    docker.ok(["update", "--memory", "64m", "--memory-swap", "128m", &web]).await;
    let drift = ada.get(&format!("{path}/drift")).await.expect(200).json();
    assert_eq!(drift["rows"][0]["fields"][0]["path"], "mem_limit", "{drift}");
    let row = ada.get(&path).await.expect(200).json()["row"].clone();
    assert_eq!(row["drift"]["things"], 1, "{row}");

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("stacks")).await;
    browser.sign_in(PASSWORD).await;
    browser.appears(&format!("tr[data-stack=\"{name}\"] [data-by-hand]")).await;
    browser.open(&scene.server.url(&format!("stacks/local/{name}"))).await;
    browser.click("[data-action=\"drift\"]").await;
    browser.reads("[data-drift=\"1\"] [data-field=\"mem_limit\"]", "64m").await;
    browser.picture("stack-drift").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    docker.ok(["rm", "--force", &web]).await;
    browser.appears("[data-gone]").await;
    browser.picture("stack-gone").await;
    browser.resize(390, 844).await;
    browser.picture("stack-gone.phone").await;
    assert!(browser.fits().await);
    browser.click("[data-action=\"put-right\"]").await;
    browser.appears("[data-plan=\"create\"][data-on=\"web\"]").await;
    browser.expect_no_complaint().await;

    let job = apply(&mut ada, &mut live, &path, json!({ "wish": { "deed": "up" } })).await;
    assert_eq!(job["state"], "done", "{job}");
    // What we take down is nobody's change by hand.
    let job = apply(&mut ada, &mut live, &path, json!({ "wish": { "deed": "down" } })).await;
    assert_eq!(job["state"], "done", "{job}");
    let row = ada.get(&path).await.expect(200).json()["row"].clone();
    assert_eq!((&row["gone"], &row["containers"]), (&json!(false), &json!(0)), "{row}");
}

#[tokio::test]
async fn a_stack_is_adopted_in_the_browser() {
    let outer = Folder::of(String::new());
    let scene = Scene::start_with(&["--compose-folders", &outer.named()]).await;
    let folder = Folder { name: scene.engine.name("shop"), ..outer };
    let ada = scene.administrator().await;
    folder.write(&scene);
    folder.up(&scene, &folder.shop()).await;
    seen(&ada, &folder.name, 2).await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("stacks/local/{}?tab=files", folder.name))).await;
    browser.sign_in(PASSWORD).await;
    browser.appears("[data-adopt]").await;
    browser.picture("stack-adopt").await;
    browser.click("[data-action=\"read-files\"]").await;
    browser.appears("[data-file=\"docker-compose.yml\"]").await;
    browser.appears("[data-plan=\"keep\"]").await;
    browser.picture("stack-adopt-plan").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.resize(390, 844).await;
    browser.picture("stack-adopt.phone").await;
    assert!(browser.fits().await);
    browser.resize(1440, 900).await;
    browser.click("[data-action=\"apply\"]:enabled").await;
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]").await;
    browser.vanishes("[data-adopt]").await;
    browser.open(&scene.server.url(&format!("stacks/local/{}?tab=releases", folder.name))).await;
    browser.appears("tr[data-release=\"1\"]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn containers_that_run_become_a_stack_and_a_template() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut vic = scene.person(&mut ada, "vic", "viewer").await;
    let (name, label) = (scene.engine.name("keeper"), scene.engine.label());
    let docker = scene.engine.docker();
    let run = ["run", "--detach", "--name", &name, "--label", &label, "--env", "LEVEL=one"];
    let more = ["--env", "DB_PASSWORD=harbour-secret", "--memory", "32m", "--restart", "unless-stopped"];
    let script = ["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"];
    docker.ok(run.iter().chain(&more).chain(&[IMAGE]).chain(&script).copied()).await;
    let mut live = Live::watching(&ada, &name).await;

    let form = json!({ "containers": [name] });
    vic.send(Method::POST, "hosts/local/saved-containers", Some(form.clone())).await.expect(403);
    let saved = ada.send(Method::POST, "hosts/local/saved-containers", Some(form)).await.expect(200).json();
    let file = text(&saved["source"]["files"]["compose.yaml"]);
    assert!(file.contains("DB_PASSWORD=${DB_PASSWORD}") && !file.contains("harbour-secret"), "{file}");
    assert!(!text(&saved["template"]).contains("harbour-secret"), "{saved}");

    // Of the file a container is made that is as the one that it was written of.
    let stack = scene.engine.name("kept");
    let path = format!("hosts/local/stacks/{stack}");
    let job = apply(&mut ada, &mut live, &path, up(Some(saved["source"].clone()))).await;
    assert_eq!(job["state"], "done", "{job}");
    let (was, now) =
        (scene.engine.inspect(&name).await, scene.engine.inspect(&format!("{stack}-{name}-1")).await);
    for field in ["Memory", "RestartPolicy"] {
        assert_eq!(was["HostConfig"][field], now["HostConfig"][field], "{field}");
    }
    let sorted = |of: &Value| {
        let mut all: Vec<String> = of["Config"]["Env"].as_array().expect("a list").iter().map(text).collect();
        all.sort();
        all
    };
    assert_eq!(sorted(&was), sorted(&now));
    let job = apply(&mut ada, &mut live, &path, json!({ "wish": { "deed": "down" } })).await;
    assert_eq!(job["state"], "done", "{job}");

    // The same by clicking, from the list of containers to the plan and to the templates.
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("containers?q={name}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.click(&format!("[data-container=\"{name}\"] input[type=checkbox]")).await;
    browser.click("[data-bulk=\"save\"]").await;
    browser.retype("name", &format!("{stack}-2")).await;
    browser.picture("save-containers").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.click("[data-action=\"add-template\"]:enabled").await;
    browser.appears("[data-added]").await;
    browser.click("[data-action=\"confirm\"]:enabled").await;
    browser.appears(&format!("[data-plan=\"create\"][data-on=\"{name}\"]")).await;
    browser.picture("saved-stack").await;
    browser.expect_no_complaint().await;
    let templates = ada.get("templates").await.expect(200).json();
    let ours = templates["templates"].as_array().expect("a list").iter();
    assert!(ours.filter(|row| row["title"]["en"] == format!("{stack}-2")).count() == 1, "{templates}");
}
