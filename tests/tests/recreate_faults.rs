//! Recreations that go wrong half way: whatever is lost, no container but one of ours is touched, and one always serves.

use http::Method;
use longshore_tests::{
    Between, Engine, Live, Loss, Person, Server,
    database::{sql, until},
    fake::{administrator, link_becomes, signed_in_again},
};
use serde_json::{Value, json};

/// Runs on, and ends at once when it is told to.
const OBEDIENT: &str = "trap 'exit 0' TERM; sleep 3600 & wait";

/// A server on an engine of which calls are lost.
struct Stage {
    server: Server,
    between: Between,
    engine: Engine,
    name: String,
    old: String,
}

impl Stage {
    /// With a container of this name; with a check it is healthy only once somebody says so.
    async fn start(name: &str, checked: bool) -> (Self, Person, Live) {
        let engine = Engine::shared();
        let between = Between::before(&engine);
        let server = Server::start_at(&between.address(), &[]).await;
        let ada = administrator(&server).await;
        let (name, label) = (engine.name(name), engine.label());
        let mut words =
            vec!["run", "--detach", "--name", &name, "--label", &label, "--label", "who=original"];
        if checked {
            words.extend(["--health-cmd", "test -e /tmp/well", "--health-interval", "1s"]);
            words.extend(["--health-retries", "9999"]);
        }
        words.extend(["busybox:1.35", "sh", "-c", OBEDIENT]);
        engine.docker().ok(words).await;
        let old = id(&engine.inspect(&name).await);
        let live = Live::watching(&ada, &name).await;
        (Self { server, between, engine, name, old }, ada, live)
    }

    fn parked(&self) -> String {
        format!("{}-before-{}", self.name, &self.old[..6])
    }

    /// Every container that has the name in its own: sorted.
    async fn names(&self) -> Vec<String> {
        let filter = format!("name={}", self.name);
        let said = self.engine.docker().ok(["ps", "-a", "--filter", &filter, "--format", "{{.Names}}"]).await;
        let mut names: Vec<String> = said.lines().map(str::to_owned).collect();
        names.sort();
        names
    }

    async fn is_as_before(&self) {
        let now = self.engine.inspect(&self.name).await;
        assert_eq!((id(&now), &now["State"]["Running"]), (self.old.clone(), &json!(true)));
        assert_eq!(self.names().await, [self.name.as_str()]);
        assert_eq!(self.entries(), "0");
    }

    fn entries(&self) -> String {
        sql(&self.server, "SELECT count(*) FROM recreation")
    }

    /// Somebody makes a container of their own.
    async fn stranger(&self) -> String {
        let label = self.engine.label();
        let words = [
            "run",
            "--detach",
            "--name",
            &self.name,
            "--label",
            &label,
            "busybox:1.35",
            "sh",
            "-c",
            OBEDIENT,
        ];
        self.engine.docker().ok(words).await.trim().to_owned()
    }

    /// After a power cut.
    async fn start_again(&mut self) -> (Person, Live) {
        self.server.start_again().await;
        let ada = signed_in_again(&self.server).await;
        let mut live = Live::open(&ada).await.expect("a line for who is signed in");
        link_becomes(&mut live, "local", "up").await;
        live.subscribe_jobs().await;
        (ada, live)
    }
}

fn id(container: &Value) -> String {
    container["Id"].as_str().expect("an id").to_owned()
}

async fn ask(ada: &mut Person, container: &str) -> String {
    let path = format!("hosts/local/containers/{container}/recreate");
    let started = ada.send(Method::POST, &path, Some(json!({ "newer": false }))).await.expect(202).json();
    started["id"].as_str().unwrap_or_else(|| panic!("no id: {started}")).to_owned()
}

/// Waits until it is done or failed, and returns it with its log.
async fn ended(live: &mut Live, ada: &mut Person, id: &str) -> Value {
    live.subscribe_jobs().await;
    live.until(&format!("the end of job {id}"), |message| {
        let jobs = message["body"]["jobs"].as_array()?;
        jobs.iter()
            .any(|job| job["id"] == id && (job["state"] == "done" || job["state"] == "failed"))
            .then_some(())
    })
    .await;
    ada.get(&format!("jobs/{id}")).await.expect(200).json()
}

/// Waits until the container of this name is another one, with this state.
async fn becomes(live: &mut Live, name: &str, not: &str, state: &str) {
    live.subscribe_containers(name).await;
    live.until(&format!("{name} is {state}"), |message| {
        let rows = message["body"]["rows"].as_array()?;
        rows.iter().any(|row| row["name"] == name && row["id"] != not && row["state"] == state).then_some(())
    })
    .await;
}

fn why(job: &Value) -> &Value {
    &job["targets"][0]["outcome"]["why"]["code"]
}

#[tokio::test]
async fn recreated_half_way_the_old_one_that_somebody_removed_costs_the_new_one_nothing() {
    let (stage, mut ada, mut live) = Stage::start("shop", true).await;
    let job = ask(&mut ada, &stage.name).await;
    becomes(&mut live, &stage.name, &stage.old, "starting").await;
    let docker = stage.engine.docker();
    docker.ok(["rm", "--force", &stage.parked()]).await;
    docker.ok(["kill", &stage.name]).await;
    let job = ended(&mut live, &mut ada, &job).await;
    assert_eq!((&job["state"], why(&job)), (&json!("failed"), &json!("recreate-old-gone")), "{job}");
    let kept = stage.engine.inspect(&stage.name).await;
    assert_eq!(kept["Config"]["Labels"]["who"], "original");
    assert_eq!(stage.entries(), "0");
}

#[tokio::test]
async fn recreated_half_way_a_name_that_somebody_takes_is_theirs() {
    let (stage, mut ada, mut live) = Stage::start("shop", false).await;
    // The old one has given the name away and the new one has not got it.
    stage.between.loses(&format!("/rename?name={} ", stage.name), Loss::Waits);
    let job = ask(&mut ada, &stage.name).await;
    stage.between.lost().await;
    let stranger = stage.stranger().await;
    stage.between.heal();
    let job = ended(&mut live, &mut ada, &job).await;
    assert_eq!(why(&job), "recreate-taken", "{job}");
    assert_eq!(id(&stage.engine.inspect(&stage.name).await), stranger);
    let old = stage.engine.inspect(&stage.parked()).await;
    assert_eq!((id(&old), &old["State"]["Running"]), (stage.old.clone(), &json!(true)));
    assert_eq!(stage.names().await, [stage.name.clone(), stage.parked()]);
}

#[tokio::test]
async fn recreated_through_a_power_cut_a_repair_by_hand_is_left_alone() {
    let (mut stage, mut ada, mut live) = Stage::start("shop", true).await;
    let job = ask(&mut ada, &stage.name).await;
    becomes(&mut live, &stage.name, &stage.old, "starting").await;
    stage.server.program().kill().await;
    stage.engine.docker().ok(["rm", "--force", &stage.name]).await;
    let repair = stage.stranger().await;
    let (mut ada, mut live) = stage.start_again().await;
    let job = ended(&mut live, &mut ada, &job).await;
    assert_eq!(why(&job), "recreate-taken", "{job}");
    assert_eq!(id(&stage.engine.inspect(&stage.name).await), repair);
    assert_eq!(id(&stage.engine.inspect(&stage.parked()).await), stage.old);
    assert_eq!(stage.entries(), "0");
}

#[tokio::test]
async fn recreated_without_an_answer_what_was_made_is_found_and_nothing_else() {
    let (stage, mut ada, mut live) = Stage::start("shop", false).await;
    stage.between.loses("/containers/create", Loss::Answer);
    let job = ask(&mut ada, &stage.name).await;
    let job = ended(&mut live, &mut ada, &job).await;
    assert_eq!(job["state"], "failed", "{job}");
    stage.is_as_before().await;
}

#[tokio::test]
async fn recreated_without_an_answer_and_a_power_cut_what_was_made_is_found_at_the_next_start() {
    let (mut stage, mut ada, _live) = Stage::start("shop", false).await;
    stage.between.loses("/containers/create", Loss::Answer);
    let job = ask(&mut ada, &stage.name).await;
    stage.between.lost().await;
    stage.server.program().kill().await;
    let (mut ada, mut live) = stage.start_again().await;
    ended(&mut live, &mut ada, &job).await;
    stage.is_as_before().await;
}

#[tokio::test]
async fn recreated_while_the_engine_goes_it_is_undone_when_the_engine_is_back() {
    let (mut stage, mut ada, mut live) = Stage::start("shop", true).await;
    let job = ask(&mut ada, &stage.name).await;
    becomes(&mut live, &stage.name, &stage.old, "starting").await;
    stage.between.is_away(true);
    stage.server.program().says("it is tried again").await;
    stage.between.is_away(false);
    let job = ended(&mut live, &mut ada, &job).await;
    assert_eq!(job["state"], "failed", "{job}");
    assert!(job.to_string().contains("recreate-tried-again"), "{job}");
    stage.is_as_before().await;
}

#[tokio::test]
async fn recreated_while_the_disk_is_full_it_is_undone_when_there_is_room() {
    let (mut stage, mut ada, mut live) = Stage::start("shop", true).await;
    let job = ask(&mut ada, &stage.name).await;
    becomes(&mut live, &stage.name, &stage.old, "starting").await;
    let full = |table: &str, deed: &str| {
        format!(
            "CREATE TRIGGER full_{table} BEFORE {deed} ON {table} BEGIN SELECT RAISE(FAIL, 'no room'); END;"
        )
    };
    let tables = full("audit_entry", "INSERT") + &full("job_target", "UPDATE") + &full("job_line", "INSERT");
    sql(&stage.server, &tables);
    stage.engine.docker().ok(["kill", &stage.name]).await;
    stage.server.program().says("it is tried again").await;
    sql(&stage.server, "DROP TRIGGER full_audit_entry");
    // It is undone now; what has become of the job cannot be written yet, and is known all the same.
    let failed = ended(&mut live, &mut ada, &job).await;
    assert_eq!(failed["state"], "failed", "{failed}");
    stage.is_as_before().await;
    assert_eq!(sql(&stage.server, "SELECT state FROM job"), "running");
    sql(&stage.server, "DROP TRIGGER full_job_target; DROP TRIGGER full_job_line");
    until(&stage.server, "its row", "SELECT state FROM job", |said| said == "failed").await;
}

#[tokio::test]
async fn recreated_and_proved_it_is_finished_after_a_power_cut_whatever_has_become_of_it() {
    let (mut stage, mut ada, _live) = Stage::start("shop", false).await;
    stage.between.loses(&format!("/containers/{}?", stage.old), Loss::Answer);
    let job = ask(&mut ada, &stage.name).await;
    stage.between.lost().await;
    stage.server.program().kill().await;
    stage.engine.docker().ok(["kill", &stage.name]).await;
    let new = id(&stage.engine.inspect(&stage.name).await);
    let (mut ada, mut live) = stage.start_again().await;
    let job = ended(&mut live, &mut ada, &job).await;
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(id(&stage.engine.inspect(&stage.name).await), new);
    assert_eq!((stage.names().await, stage.entries()), (vec![stage.name.clone()], "0".to_owned()));
}

#[tokio::test]
async fn recreated_again_what_an_earlier_attempt_has_left_is_ended_first() {
    let (mut stage, mut ada, mut live) = Stage::start("shop", false).await;
    // As a build left it that gave up: the container was repaired by hand since.
    let entry = format!(
        "INSERT INTO recreation (job_id, host, name, old_id, parked, ran, at)
         VALUES ('earlier', 'local', '{}', '{}', '{}', TRUE, 1)",
        stage.name,
        stage.old,
        stage.parked()
    );
    sql(&stage.server, &entry);
    let job = ask(&mut ada, &stage.name).await;
    let job = ended(&mut live, &mut ada, &job).await;
    assert_eq!((&job["state"], stage.entries()), (&json!("done"), "0".to_owned()), "{job}");
    let new = id(&stage.engine.inspect(&stage.name).await);
    assert_ne!(new, stage.old);
    // And at a start, where it was not recreated meanwhile: there is another one by now.
    sql(&stage.server, &entry);
    stage.server.restart().await;
    stage.server.program().says("was settled").await;
    assert_eq!(id(&stage.engine.inspect(&stage.name).await), new);
}
