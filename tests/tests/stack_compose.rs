//! The same stack by Longshore and by `docker-compose`: each sees what the other made as its own, and what it changed.

use std::{collections::BTreeSet, fs};

use http::Method;
use longshore_tests::{
    Docker, Live, Person, Scene,
    cli::{finished, succeeded},
    engine::IMAGE,
    stack::up,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

const SERVICES: [&str; 5] = ["cache", "db", "proxy", "web", "worker"];

/// Five services on two networks, with a volume, a health check, variables and limits.
fn file(label: &str, level: &str) -> String {
    let label = label.replacen('=', ": ", 1);
    let sleeper = "command: [sh, -c, 'trap \"exit 0\" TERM; sleep 3600 & wait']";
    format!(
        "services:
  db:
    image: {IMAGE}
    {sleeper}
    labels: {{{label}}}
    volumes: ['data:/data']
    networks: [back]
    healthcheck: {{test: ['CMD', 'true'], interval: 1s, timeout: 2s, retries: 3}}
  cache:
    image: {IMAGE}
    {sleeper}
    labels: {{{label}}}
    networks: {{back: {{aliases: [memory]}}}}
    tmpfs: ['/scratch']
    read_only: true
  worker:
    image: {IMAGE}
    {sleeper}
    labels: {{{label}}}
    networks: [back]
    environment: [LEVEL={level}, QUEUE=all]
    depends_on: {{db: {{condition: service_healthy}}, cache: {{condition: service_started}}}}
    restart: unless-stopped
  web:
    image: {IMAGE}
    {sleeper}
    labels: {{{label}}}
    networks: [front, back]
    environment: {{LEVEL: {level}}}
    depends_on: [worker]
    hostname: web
    working_dir: /tmp
    stop_grace_period: 5s
  proxy:
    image: {IMAGE}
    {sleeper}
    labels: {{{label}}}
    networks: [front]
    depends_on: [web]
    cap_drop: [NET_RAW]
    ulimits: {{nofile: {{soft: 1024, hard: 2048}}}}
networks:
  front: {{labels: {{{label}}}}}
  back: {{labels: {{{label}}}}}
volumes:
  data: {{labels: {{{label}}}}}
"
    )
}

/// The same name in both, and the file in a folder of its own.
struct Both<'a> {
    scene: &'a Scene,
    folder: TempDir,
    name: String,
    live: Live,
}

impl<'a> Both<'a> {
    async fn of(scene: &'a Scene, ada: &Person) -> Self {
        let live = Live::on_jobs(ada).await;
        let folder = tempfile::tempdir().expect("a folder");
        Self { scene, folder, name: scene.engine.name("fleet"), live }
    }

    fn docker(&self) -> &Docker {
        self.scene.engine.docker()
    }

    /// Writes the file for both; what Longshore is asked of it.
    fn write(&self, level: &str) -> Value {
        let text = file(&self.scene.engine.label(), level);
        fs::write(self.folder.path().join("docker-compose.yml"), &text).expect("written");
        let source = json!({ "files": { "docker-compose.yml": text } });
        up(Some(source))
    }

    fn compose(&self, words: &[&str]) -> Command {
        let mut compose = self.docker().program("docker-compose");
        compose.current_dir(self.folder.path()).env("COMPOSE_ANSI", "never").env("HOME", self.folder.path());
        compose.args(["--project-name", &self.name]).args(words);
        compose
    }

    async fn plan(&self, ada: &mut Person, plan: &Value) -> Value {
        let path = format!("hosts/local/stacks/{}/plan", self.name);
        let plan = ada.send(Method::POST, &path, Some(plan.clone())).await.expect(200).json();
        assert_eq!(plan["obstacles"], json!([]), "{plan}");
        plan
    }

    async fn apply(&mut self, ada: &mut Person, plan: Value) {
        let path = format!("hosts/local/stacks/{}/apply", self.name);
        // What docker-compose did a moment ago may be heard of between the two: then the plan is another.
        let begun = async {
            loop {
                let digest = self.plan(ada, &plan).await["digest"].clone();
                let apply = json!({ "plan": plan, "digest": digest });
                let answer = ada.send(Method::POST, &path, Some(apply)).await;
                if !(answer.status == 409 && answer.text().contains("/problems/stack-changed")) {
                    return answer.expect(202).json();
                }
            }
        };
        let started = longshore_tests::soon("a plan that is still so when it is applied", begun).await;
        let job = self.live.job_ended(ada, started["id"].as_str().expect("an id")).await;
        assert_eq!(job["state"], "done", "{job}");
    }

    /// The ids of the containers of a service, as `docker-compose` tells them.
    async fn ids(&self, service: &str) -> String {
        succeeded(self.compose(&["ps", "--quiet", service])).await
    }

    /// The services that run, as `docker-compose` tells them.
    async fn running(&self) -> BTreeSet<String> {
        let said = succeeded(self.compose(&["ps", "--services", "--filter", "status=running"])).await;
        said.lines().map(str::to_owned).collect()
    }
}

fn all() -> BTreeSet<String> {
    SERVICES.iter().map(|name| (*name).to_owned()).collect()
}

/// What would be done, but for what is waited for.
fn acts(plan: &Value) -> Vec<String> {
    let rows = plan["rows"].as_array().expect("rows").iter().filter(|row| row["act"] != "wait");
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    rows.map(|row| format!("{} {} {}", word(&row["act"]), word(&row["on"]), word(&row["service"]))).collect()
}

#[tokio::test]
async fn docker_compose_stops_and_changes_what_longshore_made() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut both = Both::of(&scene, &ada).await;
    let first = both.write("one");
    both.apply(&mut ada, first.clone()).await;
    assert_eq!(both.running().await, all());

    // What it stops is what we would start, and nothing else.
    succeeded(both.compose(&["stop", "--timeout", "5", "proxy"])).await;
    let plan = both.plan(&mut ada, &first).await;
    assert_eq!(acts(&plan), ["start container proxy"], "{plan}");
    let stack = ada.get(&format!("hosts/local/stacks/{}", both.name)).await.expect(200).json();
    assert_eq!((&stack["row"]["containers"], &stack["row"]["running"]), (&json!(5), &json!(4)), "{stack}");

    // What it makes anew by a changed file differs from our release, and is what the changed file asks for.
    let second = both.write("two");
    succeeded(both.compose(&["up", "--detach", "--timeout", "5"])).await;
    assert_eq!(both.running().await, all());
    let plan = both.plan(&mut ada, &json!({ "wish": { "deed": "up" } })).await;
    let changed: BTreeSet<String> = acts(&plan).into_iter().collect();
    let differs = ["replace container web", "replace container worker"].map(str::to_owned);
    assert!(differs.iter().all(|act| changed.contains(act)), "{plan}");
    let web = plan["rows"].as_array().expect("rows").iter().find(|row| row["service"] == "web");
    let fields = web.and_then(|row| row["fields"].as_array()).expect("fields");
    let paths: Vec<&str> = fields.iter().filter_map(|field| field["path"].as_str()).collect();
    assert_eq!(paths, ["environment.LEVEL"], "{plan}");
    let plan = both.plan(&mut ada, &second).await;
    assert_eq!(acts(&plan), Vec::<String>::new(), "{plan}");

    succeeded(both.compose(&["down", "--volumes", "--timeout", "5"])).await;
    both.docker().refused(["network", "inspect", &format!("{}_back", both.name)]).await;
    both.docker().refused(["volume", "inspect", &format!("{}_data", both.name)]).await;
    let plan = both.plan(&mut ada, &second).await;
    assert_eq!(acts(&plan).iter().filter(|act| act.starts_with("create container")).count(), 5, "{plan}");
}

#[tokio::test]
async fn longshore_takes_over_what_docker_compose_made_and_changes_it() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut both = Both::of(&scene, &ada).await;
    let first = both.write("one");
    succeeded(both.compose(&["up", "--detach"])).await;
    let (db, web) = (both.ids("db").await, both.ids("web").await);

    // The same file asks for nothing else than what is there; a release of it touches nothing.
    let plan = both.plan(&mut ada, &first).await;
    assert_eq!(acts(&plan), Vec::<String>::new(), "{plan}");
    both.apply(&mut ada, first).await;
    assert_eq!((both.ids("db").await, both.ids("web").await), (db.clone(), web.clone()));

    // What we change, it sees as its own, and as it should be.
    let second = both.write("two");
    let plan = both.plan(&mut ada, &second).await;
    assert_eq!(acts(&plan), ["replace container worker", "replace container web"], "{plan}");
    both.apply(&mut ada, second).await;
    assert_eq!(both.running().await, all());
    assert_eq!(both.ids("db").await, db, "what does not differ is not touched");
    assert_ne!(both.ids("web").await, web);
    let environment = finished(both.compose(&["exec", "-T", "web", "env"])).await;
    let said = String::from_utf8_lossy(&environment.stdout).into_owned();
    assert!(said.contains("LEVEL=two"), "{said}");
    let logs = succeeded(both.compose(&["top", "web"])).await;
    assert!(logs.contains("sleep 3600"), "{logs}");

    both.apply(&mut ada, json!({ "wish": { "deed": "down", "volumes": true } })).await;
    assert_eq!(succeeded(both.compose(&["ps", "--quiet"])).await, "");
}
