//! Through the gateway: each row of the operation table.

use futures_util::future::join_all;
use longshore_api::ops::{self, Answer as Cut, Kind, OPERATIONS, Operation, REFUSED, Target, operation};
use longshore_tests::{Answer, FakeScene, Person, Scene, text};
use serde_json::{Value, json};

use crate::{
    calls::{self, Call, Given},
    crew::{Crew, Member},
    matrix::{Matrix, Section},
    things::{self, Things, WHOSE},
};

const HEAD: &str = "\
What each role gets of each operation of the engine's API through the gateway. OPERATIONS.md says what a row needs.

    yes     it is done, or the engine itself complains
    no      refused: the role has not the right that the row names
    exec, manage
            refused: the role has what the row names, and this takes that right beside it
    -       as if it were not there (of a list: not in it; of a HEAD also: as if there were no such host)
    host?   as if there were no such host
    theirs  refused: it is seen, and to be changed by those alone whose it is
    machine refused: it reaches the machine that Longshore runs on, which is for administrators
    closed  refused to everybody, by name
    own     what is told is cut to what they may see

A cell with several words has one for each thing above its table; with one, it is the same for all.
";

/// No container, network, volume or command is called so.
const NONE: &str = "00f00d0000000000000000000000000000000000000000000000000000000000";
/// The one thing of operations that are on nothing.
const NOTHING: &str = "";
/// What changes the state of a container comes last, in this order, so that each finds what it needs; no stop comes
/// soon after a start, when a shell has not heard of signals yet.
const LAST: [&str; 10] = [
    "container-pause",
    "container-unpause",
    "container-stop",
    "container-start",
    "container-kill",
    "container-restart",
    "container-update",
    "container-rename",
    "container-commit",
    "container-remove",
];

#[tokio::test]
async fn walk_the_gateway() {
    let _alone = crate::alone().await;
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut crew = Crew::on(&scene.server, &mut ada).await;
    let things = things::made(&scene, &mut ada, &crew).await;
    crew.take_places(&mut ada).await;
    let key = ada.make_key("walk").await;
    let ada = Person::with_key(scene.server.http(), &key);

    let (mut matrix, mut faults) = Found::default();
    let walkers: Vec<Walker<'_>> = crew
        .members
        .iter()
        .zip(&things)
        .map(|(member, things)| Walker { scene: &scene, member, things, ada: &ada })
        .collect();
    // Before anything changes: what is counted is counted by all.
    for walker in &walkers {
        matrix.take(walker.told().await);
    }
    for (found, wrong) in join_all(walkers.iter().map(Walker::walk)).await {
        matrix.take(found);
        faults.extend(wrong);
    }
    matrix.take(on_fake().await);
    faults.extend(strangers(&scene).await);
    things::no_images(&scene).await;

    matrix.settle("gateway.txt", HEAD, &sections());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The tables of the matrix.
fn sections() -> Vec<Section> {
    let lines = |is: &dyn Fn(&Operation) -> bool| -> Vec<(String, String)> {
        OPERATIONS
            .iter()
            .filter(|operation| is(operation))
            .map(|operation| (operation.id.to_owned(), need(operation)))
            .collect()
    };
    let closed = REFUSED.iter().map(|refused| (closed_name(refused), String::new())).collect();
    let mut containers = lines(&|row| whose(row) == WHOSE && !is_of_things(row));
    containers.extend(EXECS_OF_OTHERS.map(|id| (of_another(id), "exec".to_owned())));
    vec![
        Section { title: "containers", things: &WHOSE, lines: containers },
        Section { title: "images, networks, volumes", things: &WHOSE, lines: lines(&is_of_things) },
        Section { title: "all else", things: &[NOTHING], lines: lines(&|row| whose(row) == [NOTHING]) },
        Section { title: "closed", things: &[NOTHING], lines: closed },
    ]
}

fn need(operation: &Operation) -> String {
    operation.permissions().map(|permission| permission.code()).collect::<Vec<_>>().join("+")
}

/// What each operation is walked on.
fn whose(operation: &Operation) -> &'static [&'static str] {
    match (operation.target, operation.answer) {
        (Target::Container | Target::ContainerInQuery | Target::Exec, _) => &WHOSE,
        (_, Cut::Events | Cut::DiskUsage) => &WHOSE,
        (_, Cut::List) if operation.kind == Kind::Container => &WHOSE,
        _ if is_of_things(operation) => &WHOSE,
        _ => &[NOTHING],
    }
}

/// Whether an operation is on an image, a network or a volume, or lists them.
fn is_of_things(operation: &Operation) -> bool {
    match operation.target {
        Target::Image | Target::ImagesInQuery | Target::Network | Target::Volume => true,
        Target::None => {
            operation.answer == Cut::List
                && matches!(operation.kind, Kind::Image | Kind::Network | Kind::Volume)
        }
        _ => false,
    }
}

/// Whether what is looked at in its answer is what is in it.
fn tells(operation: &Operation) -> bool {
    operation.target == Target::None && (whose(operation).len() > 1 || operation.answer == Cut::Info)
}

/// Commands in containers are walked twice: begun by the caller, and by somebody else.
const EXECS_OF_OTHERS: [&str; 3] = ["exec-inspect", "exec-start", "exec-resize"];

fn of_another(id: &str) -> String {
    format!("{id}, of another")
}

fn closed_name(refused: &ops::Refused) -> String {
    let method = refused.method.map_or("any", ops::Method::as_str);
    format!("{method} {}", refused.path)
}

/// The word for an answer.
fn word(operation: &Operation, answer: &Answer) -> String {
    let said = answer.text();
    let message = serde_json::from_str(&said)
        .map_or(said, |json: Value| json["message"].as_str().unwrap_or_default().to_owned());
    let missing =
        message.strip_prefix("This needs the right “").and_then(|rest| rest.split_once("” on local."));
    match (answer.status, missing) {
        (101 | 200..400, _) => "yes".to_owned(),
        // Without a body there are no words.
        (403, _) if operation.method == ops::Method::Head => "no".to_owned(),
        (404, _) if operation.method == ops::Method::Head => "-".to_owned(),
        (403, Some((right, _))) if operation.permissions().any(|one| one.code() == right) => "no".to_owned(),
        (403, Some((right, _))) => right.to_owned(),
        (403, _) if message.contains("are not yours on this host") => "theirs".to_owned(),
        (403, _) if message.contains("the machine that Longshore itself runs on") => "machine".to_owned(),
        (404, _) if message == "There is no host local, or you may not see it." => "host?".to_owned(),
        (404, _)
            if message.ends_with("or you may not see it.") || message.ends_with("or it is not yours.") =>
        {
            "-".to_owned()
        }
        (400.., _) if calls::complaints(operation).iter().any(|words| message.contains(words)) => {
            "yes".to_owned()
        }
        (status, _) => format!("{status}: {message}"),
    }
}

/// One member on their way.
struct Walker<'a> {
    scene: &'a Scene,
    member: &'a Member,
    things: &'a Things,
    /// An administrator, by key.
    ada: &'a Person,
}

/// What was found, and what does not hold beside it.
type Found = (Matrix, Vec<String>);

impl Walker<'_> {
    /// What lists and figures tell.
    async fn told(&self) -> Matrix {
        let mut matrix = Matrix::default();
        for operation in OPERATIONS.iter().filter(|operation| tells(operation)) {
            if operation.answer == Cut::Events {
                self.events(operation, &mut matrix).await;
                continue;
            }
            let call = calls::of(operation, &self.given(NONE, "none"));
            let asked = async {
                loop {
                    let answer = call.by(&self.member.program).await;
                    // An engine counts for one at a time.
                    if answer.status != 409 {
                        return answer;
                    }
                }
            };
            let answer = longshore_tests::soon(operation.id, asked).await;
            let word = word(operation, &answer);
            let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            if operation.answer == Cut::Info {
                let word = if word == "yes" { self.counted(&told).await } else { word };
                matrix.put(operation.id, self.member.role, NOTHING, word);
                continue;
            }
            let whose = whose(operation);
            for (thing, called) in whose.iter().copied().zip(self.called(operation)) {
                let is_in = contains(&told, called);
                let word = if word == "yes" && !is_in { "-".to_owned() } else { word.clone() };
                matrix.put(operation.id, self.member.role, thing, word);
            }
        }
        matrix
    }

    /// Whether figures are those of what they see, or of all.
    async fn counted(&self, info: &Value) -> String {
        let list = operation("container-list").expect("a row");
        let listed =
            calls::of(list, &self.given(NONE, "none")).by(&self.member.program).await.expect(200).json();
        if contains(&listed, self.things.containers.last().expect("four of them")) {
            return "yes".to_owned();
        }
        let (seen, told) = (listed.as_array().map_or(0, Vec::len), &info["Containers"]);
        if *told == json!(seen) { "own".to_owned() } else { format!("{told} of {seen}") }
    }

    /// Something happens to each of the containers, to their own last.
    async fn events(&self, operation: &'static Operation, matrix: &mut Matrix) {
        let filters = json!({ "label": [self.scene.engine.label()], "event": ["update"] }).to_string();
        let filters: String = url::form_urlencoded::byte_serialize(filters.as_bytes()).collect();
        let call =
            Call { whole: false, ..Call::new(http::Method::GET, &format!("events?filters={filters}")) };
        let (answer, stream) = call.begin(&self.member.program).await;
        let word = word(operation, &answer);
        let mut told = String::new();
        if let Some(mut stream) = stream.filter(|_| word == "yes") {
            for id in self.things.containers.iter().rev() {
                self.scene.engine.docker().ok(["update", "--cpu-shares", "256", id]).await;
            }
            let own = &self.things.containers[0];
            longshore_tests::soon("an event of their own", async {
                while !told.contains(own) {
                    told.push_str(&stream.next().await.expect("events do not end"));
                }
            })
            .await;
        }
        for (thing, id) in WHOSE.into_iter().zip(&self.things.containers) {
            let word = if word == "yes" && !told.contains(id) { "-".to_owned() } else { word.clone() };
            matrix.put(operation.id, self.member.role, thing, word);
        }
    }

    /// All else, each thing for itself.
    async fn walk(&self) -> Found {
        let mut all = vec![self.nothing().await];
        all.extend(join_all(WHOSE.into_iter().enumerate().map(|(n, whose)| self.owned(n, whose))).await);
        all.extend(join_all(WHOSE.into_iter().enumerate().map(|(n, whose)| self.container(n, whose))).await);
        let (mut matrix, mut faults) = Found::default();
        for (found, wrong) in all {
            matrix.take(found);
            faults.extend(wrong);
        }
        (matrix, faults)
    }

    /// What is on nothing, and what is closed.
    async fn nothing(&self) -> Found {
        let (mut matrix, mut faults) = Found::default();
        for operation in OPERATIONS.iter().filter(|row| whose(row).len() == 1 && !tells(row)) {
            if !calls::is_on_fake(operation) {
                let answer = self.call(operation, "none", "made").await;
                matrix.put(operation.id, self.member.role, NOTHING, word(operation, &answer));
            }
        }
        for refused in REFUSED {
            let path = refused.path.replace("{name}", "none").replace("{name:.*}", "none");
            let path =
                path.replace("{page:.*}", "vars").replace("{path:.*}", "info").replace("{checkpoint}", "one");
            let method = refused.method.map_or("GET", ops::Method::as_str);
            let call = Call::new(method.parse().expect("a method"), path.trim_start_matches('/'));
            let answer = call.by(&self.member.program).await;
            let said = answer.text();
            let word = match answer.status {
                403 if said.contains(&refused.reason.to_string()) => "closed".to_owned(),
                status => {
                    faults.push(format!("{}: {status}: {said}", closed_name(refused)));
                    status.to_string()
                }
            };
            matrix.put(&closed_name(refused), self.member.role, NOTHING, word);
        }
        (matrix, faults)
    }

    /// Images, networks and volumes, removals last.
    async fn owned(&self, n: usize, whose_it_is: &'static str) -> Found {
        let (mut matrix, mut faults) = Found::default();
        let mut rows: Vec<&Operation> =
            OPERATIONS.iter().filter(|row| is_of_things(row) && !tells(row)).collect();
        rows.sort_by_key(|row| row.id.ends_with("-remove"));
        for operation in rows {
            let name = self.called(operation)[n];
            self.step(operation, (name, whose_it_is), operation.id, &mut matrix, &mut faults).await;
        }
        (matrix, faults)
    }

    /// A container, its commands, and its end.
    async fn container(&self, n: usize, whose_it_is: &'static str) -> Found {
        let (mut matrix, mut faults) = Found::default();
        let mut rows: Vec<&Operation> = OPERATIONS
            .iter()
            .filter(|row| whose(row) == WHOSE && !is_of_things(row) && !tells(row))
            .collect();
        rows.sort_by_key(|row| LAST.iter().position(|id| *id == row.id).map_or(0, |place| place + 1));
        let id = self.things.containers[n].as_str();
        let begin = operation("exec-create").expect("a row");
        let of_ada = calls::of(begin, &self.given(id, whose_it_is)).by(self.ada).await.expect(201).json();
        let of_ada = text(&of_ada["Id"]);
        let mut begun = of_ada.clone();
        for operation in rows {
            let name = if operation.target == Target::Exec { &begun } else { id };
            let answer =
                self.step(operation, (name, whose_it_is), operation.id, &mut matrix, &mut faults).await;
            if EXECS_OF_OTHERS.contains(&operation.id) {
                let line = of_another(operation.id);
                self.step(operation, (&of_ada, whose_it_is), &line, &mut matrix, &mut faults).await;
            }
            if operation.id == "exec-create" && answer.status == 201 {
                begun = text(&answer.json()["Id"]);
            }
        }
        (matrix, faults)
    }

    /// One cell. What is another's answers as what is not there at all, word for word.
    async fn step(
        &self,
        operation: &'static Operation,
        (name, whose): (&str, &'static str),
        line: &str,
        matrix: &mut Matrix,
        faults: &mut Vec<String>,
    ) -> Answer {
        let answer = self.call(operation, name, whose).await;
        let word = word(operation, &answer);
        // An image is seen by all who make containers of it.
        let is_hidden = word != "theirs";
        matrix.put(line, self.member.role, whose, word);
        if is_hidden && whose == "another's" && !self.member.manages() && answer.status >= 400 {
            let none = self.call(operation, NONE, whose).await;
            let plain = |answer: &Answer, called: &str| {
                let said = answer.text().replace(called, "IT").replace(&called[..called.len().min(12)], "IT");
                format!("{} {said}", answer.status)
            };
            let (other, none) = (plain(&answer, name), plain(&none, NONE));
            if other != none {
                faults.push(format!("{line} as {}: {other} of another's, {none} of none", self.member.role));
            }
        }
        answer
    }

    async fn call(&self, operation: &Operation, name: &str, whose: &str) -> Answer {
        calls::of(operation, &self.given(name, whose)).by(&self.member.program).await
    }

    fn given<'b>(&'b self, name: &'b str, whose: &str) -> Given<'b> {
        Given {
            name,
            new: self.scene.engine.name(&format!(
                "{}-{}-new",
                self.member.role,
                whose.trim_end_matches("'s")
            )),
            labels: things::label(self.scene),
            container: &self.things.containers[0],
        }
    }

    /// What the things of an operation are called, in their order.
    fn called(&self, operation: &Operation) -> Vec<&str> {
        let all = match operation.kind {
            Kind::Image => &self.things.images,
            Kind::Network => &self.things.networks,
            Kind::Volume => &self.things.volumes,
            _ => &self.things.containers,
        };
        all.iter().map(String::as_str).collect()
    }
}

/// What would end or empty the shared engine, or ask the internet.
async fn on_fake() -> Matrix {
    let mut matrix = Matrix::default();
    let scene = FakeScene::start(1).await;
    let (mut ada, _live) = scene.watched().await;
    let mut crew = Crew::on(&scene.server, &mut ada).await;
    crew.take_places(&mut ada).await;
    for operation in OPERATIONS.iter().filter(|operation| calls::is_on_fake(operation)) {
        for member in &crew.members {
            let given = Given {
                name: "registry.example.com/app",
                new: "new".to_owned(),
                labels: json!({}),
                container: NONE,
            };
            let answer = calls::of(operation, &given).by(&member.program).await;
            matrix.put(operation.id, member.role, NOTHING, word(operation, &answer));
        }
    }
    matrix
}

/// Without a key nothing is told, not even which operations there are.
async fn strangers(scene: &Scene) -> Vec<String> {
    let stranger = Person::nobody(scene.server.http());
    let mut faults = Vec::new();
    for operation in OPERATIONS {
        let given = Given { name: NONE, new: "new".to_owned(), labels: json!({}), container: NONE };
        let answer = calls::of(operation, &given).by(&stranger).await;
        if answer.status != 401 {
            faults.push(format!("{} as a stranger: {}", operation.id, answer.status));
        }
    }
    faults
}

/// Whether something of this name is anywhere in an answer.
fn contains(value: &Value, name: &str) -> bool {
    match value {
        Value::String(text) => text == name || text.strip_suffix(":latest") == Some(name),
        Value::Array(all) => all.iter().any(|one| contains(one, name)),
        Value::Object(all) => all.values().any(|one| contains(one, name)),
        _ => false,
    }
}
