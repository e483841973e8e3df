//! A stack of a test, by the product's own paths.

use http::Method;
use serde_json::{Value, json};

use crate::{Live, Person, Scene, engine::Engine, engine::IMAGE};

/// A file of two services that sleep until they are told to stop: `web`, which waits for `db` to be healthy. `label` is
/// that of the test's own things, `level` a variable of `web`.
pub fn file(label: &str, level: &str) -> String {
    let (name, value) = label.split_once('=').expect("a label has a value");
    format!(
        "services:\n  db:\n    image: {IMAGE}\n    command: [sh, -c, 'trap \"exit 0\" TERM; sleep 3600 & wait']\n    labels: {{{name}: {value}}}\n    volumes: ['data:/data']\n    healthcheck: {{test: ['CMD', 'true'], interval: 1s}}\n  web:\n    image: {IMAGE}\n    command: [sh, -c, 'trap \"exit 0\" TERM; sleep 3600 & wait']\n    labels: {{{name}: {value}}}\n    environment: {{LEVEL: {level}, TOKEN: '${{TOKEN:?}}'}}\n    depends_on: {{db: {{condition: service_healthy}}}}\nvolumes:\n  data: {{}}\n"
    )
}

/// The file with the variable that it asks for, which is secret.
pub fn source(text: &str) -> Value {
    json!({
        "files": { "compose.yaml": text },
        "variables": [{ "name": "TOKEN", "value": "harbour-secret", "secret": true }],
    })
}

/// To be made true; as the newest release has it without a source.
pub fn up(source: Option<Value>) -> Value {
    json!({ "source": source, "wish": { "deed": "up", "orphans": true } })
}

/// To be taken down, with its volumes or without.
pub fn down(volumes: bool) -> Value {
    json!({ "wish": { "deed": "down", "volumes": volumes } })
}

/// A stack on the host of a scene, and a line on which jobs are heard of.
pub struct Stack {
    /// Its name.
    pub name: String,
    live: Live,
}

impl Stack {
    /// One that nobody has made yet, for who is signed in.
    pub async fn of(scene: &Scene, ada: &Person) -> Self {
        Self { name: scene.engine.name("shop"), live: Live::on_jobs(ada).await }
    }

    /// One of this name.
    pub async fn named(name: &str, who: &Person) -> Self {
        Self { name: name.to_owned(), live: Live::on_jobs(who).await }
    }

    /// Below its own path.
    pub fn path(&self, rest: &str) -> String {
        format!("hosts/local/stacks/{}{rest}", self.name)
    }

    /// Another line, once the server has started again.
    pub async fn listen_again(&mut self, who: &Person) {
        self.live = Live::on_jobs(who).await;
    }

    /// What would be done.
    pub async fn plan(&self, who: &mut Person, plan: &Value) -> Value {
        who.send(Method::POST, &self.path("/plan"), Some(plan.clone())).await.expect(200).json()
    }

    /// Plans and begins to apply; the job's id.
    pub async fn begin(&self, who: &mut Person, plan: Value) -> String {
        let digest = self.plan(who, &plan).await["digest"].clone();
        let apply = json!({ "plan": plan, "digest": digest, "message": "as asked" });
        let started = who.send(Method::POST, &self.path("/apply"), Some(apply)).await.expect(202).json();
        crate::text(&started["id"])
    }

    /// A job as it ended.
    pub async fn ended(&mut self, who: &mut Person, job: &str) -> Value {
        self.live.job_ended(who, job).await
    }

    /// Plans and applies; the job as it ended.
    pub async fn apply(&mut self, who: &mut Person, plan: Value) -> Value {
        let job = self.begin(who, plan).await;
        self.ended(who, &job).await
    }

    /// Plans and applies, which is done.
    pub async fn done(&mut self, who: &mut Person, plan: Value) {
        let job = self.apply(who, plan).await;
        assert_eq!(job["state"], "done", "{job}");
    }

    /// One that runs as the file says, with the id of its `web`.
    pub async fn running(scene: &Scene, ada: &mut Person, file: &str) -> (Self, String) {
        let mut stack = Self::of(scene, ada).await;
        stack.done(ada, up(Some(source(file)))).await;
        let web = stack.id(&scene.engine, "web").await;
        (stack, web)
    }

    /// The id of the first container of a service, and whether it runs.
    pub async fn id(&self, engine: &Engine, service: &str) -> String {
        let name = format!("{}-{service}-1", self.name);
        engine
            .docker()
            .ok(["inspect", "--format", "{{.Id}} {{.State.Running}}", &name])
            .await
            .trim()
            .to_owned()
    }

    /// What has become of the newest release.
    pub async fn newest(&self, who: &mut Person) -> Value {
        let releases = who.get(&self.path("/releases")).await.expect(200).json();
        releases["releases"][0].clone()
    }
}

/// Another container than this runs as `web`.
pub async fn another_runs(stack: &Stack, engine: &Engine, was: &str) {
    let name = format!("{}-web-1", stack.name);
    let other = async {
        loop {
            let seen = ["ps", "--no-trunc", "--filter", &format!("name=^{name}$"), "--format", "{{.ID}}"];
            let id = engine.docker().ok(seen).await;
            if !id.is_empty() && !was.starts_with(&id) {
                return;
            }
        }
    };
    crate::soon("the new one runs", other).await;
}
