//! What happens on a host that several share, told by events: to each what is theirs to see, with the rights that they have
//! when it happens.

use http::Method;
use longshore_tests::{Docker, Person, Quay, engine::IMAGE, soon};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout},
};

/// A stream of events that somebody listens to.
struct Told {
    _program: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Told {
    async fn by(docker: &Docker, filter: &str) -> Self {
        let mut command = docker.command(["events", "--since", "2020-01-01T00:00:00Z", "--filter", filter]);
        let mut program = command.spawn().expect("docker runs");
        let lines = BufReader::new(program.stdout.take().expect("piped")).lines();
        Self { _program: program, lines }
    }

    /// What is told up to the line that has `word`, that line with it; all of it, where the stream ends before.
    async fn until(&mut self, word: &str) -> String {
        let mut all = String::new();
        let told = async {
            while let Some(line) = self.lines.next_line().await.expect("events") {
                all.push_str(&line);
                all.push('\n');
                if line.contains(word) {
                    break;
                }
            }
        };
        soon(word, told).await;
        all
    }
}

#[tokio::test]
async fn events_tell_of_what_is_ones_own() {
    let mut quay = Quay::start().await;
    let (mut mia, docker) = quay.developer("mia").await;
    let (_bob, others) = quay.developer("bob").await;
    let label = quay.label();
    let engine = &quay.scene.engine;
    let (web, secret) = (engine.name("web"), engine.name("secret"));
    let mut told = Told::by(&others, &format!("label={label}")).await;
    let key = mia.make_key("page").await;
    let mut by_key = Person::with_key(quay.scene.server.http(), &key);
    docker.ok(["run", "--name", &secret, "--label", &label, IMAGE, "true"]).await;
    others.ok(["run", "--name", &web, "--label", &label, IMAGE, "true"]).await;
    others.ok(["rm", &web]).await;
    let all = told.until("destroy").await;
    assert!(all.contains("destroy"), "the events ended with {all}");
    assert!(all.contains(&web) && !all.contains(&secret), "{all}");
    let info = by_key.get("hosts/local/docker/v1.41/info").await.expect(200).json();
    assert_eq!(info["Containers"], json!(1), "hers alone are counted");
}

#[tokio::test]
async fn events_tell_whoever_one_is_when_they_happen() {
    let mut quay = Quay::start().await;
    let (mut mia, docker) = quay.developer("mia").await;
    let (account, mut bob) = quay.ada.invite("bob").await;
    let grant = quay.ada.give(&account, "developer").await;
    let others = Docker::through(&quay.scene.server, Some(&bob.make_key("docker").await));
    let team = quay.ada.team("web", &["mia", "bob"]).await;
    let label = quay.label();
    let (web, own) = (quay.scene.engine.name("web"), quay.scene.engine.name("own"));
    let forever = "trap 'exit 0' TERM; sleep 3600 & wait";
    docker.ok(["run", "-d", "--name", &web, "--label", &label, IMAGE, "sh", "-c", forever]).await;
    others.ok(["run", "-d", "--name", &own, "--label", &label, IMAGE, "sh", "-c", forever]).await;
    let shared = json!({ "owner": "mia", "sharing": "teams", "teams": [team] });
    mia.send(Method::PUT, &format!("hosts/local/containers/{web}/access"), Some(shared)).await.expect(204);
    let mut told = Told::by(&others, &format!("label={label}")).await;
    docker.ok(["exec", &web, "echo", "first"]).await;
    let said = told.until("exec_create: echo first").await;
    assert!(said.contains(&web), "{said}");

    // Out of the team, on the same line.
    let path = format!("teams/{team}/members/bob");
    quay.ada.send(Method::DELETE, &path, None).await.expect(204);
    docker.ok(["exec", &web, "echo", "second"]).await;
    others.ok(["exec", &own, "echo", "third"]).await;
    let said = told.until("exec_create: echo third").await;
    assert!(said.contains("third") && !said.contains("second"), "{said}");

    // A Viewer from now on: what is his is told, and not what is run in it.
    quay.ada.give(&account, "viewer").await;
    quay.ada.send(Method::DELETE, &format!("grants/{grant}"), None).await.expect(204);
    quay.scene.engine.docker().ok(["exec", &own, "echo", "fourth"]).await;
    quay.scene.engine.docker().ok(["restart", "-t", "0", &own]).await;
    let said = told.until("restart").await;
    assert!(said.contains("exec_create") && !said.contains("fourth") && said.contains(&own), "{said}");
}

#[tokio::test]
async fn what_is_run_is_told_by_events_only_to_who_may_run() {
    let mut quay = Quay::start().await;
    let (mut mia, docker) = quay.developer("mia").await;
    let (_vic, viewer) = quay.with_role("vic", "viewer").await;
    let label = quay.label();
    let web = quay.scene.engine.name("web");
    let forever = "trap 'exit 0' TERM; sleep 3600 & wait";
    // The health of it is told whole: it is no command.
    let health = ["--health-cmd", "true", "--health-interval", "1s"];
    let run = ["run", "-d", "--name", &web, "--label", &label].into_iter().chain(health);
    docker.ok(run.chain([IMAGE, "sh", "-c", forever])).await;
    let shared = json!({ "owner": "mia", "sharing": "public" });
    mia.send(Method::PUT, &format!("hosts/local/containers/{web}/access"), Some(shared)).await.expect(204);
    let mut told = Told::by(&viewer, &format!("label={label}")).await;
    docker.ok(["exec", &web, "echo", "password=hunter22"]).await;
    let healthy = told.until("health_status: healthy").await;
    quay.scene.engine.docker().ok(["restart", "-t", "0", &web]).await;
    let said = healthy + &told.until("restart").await;
    assert!(said.contains("health_status: healthy"), "{said}");
    assert!(said.contains("exec_create") && !said.contains("hunter22"), "{said}");
}
