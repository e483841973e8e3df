//! Through REST: each route of the OpenAPI document, by somebody signed in.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use http::Method;
use longshore_tests::{
    Answer, Live, Person, Scene,
    console::{Came, Console},
    engine::IMAGE,
    text,
};
use serde_json::{Value, json};

use crate::{
    calls::Payload,
    crew::{Crew, Member},
    matrix::{Matrix, Section},
    routes::{self, GROUPS, Group, Made},
    things::{self, Things, WHOSE},
};

const HEAD: &str = "\
What each role gets of each route below /api/v1, signed in by password. The role is on the host; of `everywhere` it is that of
an administrator of every host, and so of the server. `needs` is what refusals name as missing.

    yes     it is done, begun as a job, or allowed and cannot be
    no      refused, with the right that is missing
    -       as if it were not there
    theirs  refused: it is seen, and to be changed by those alone whose it is
    taken   refused: the name is somebody else's, which is not seen
    host?   as if there were no such host

A cell with several words has one for each thing above its table; with one, it is the same for all.
";

/// Routes that are not walked, with the reason. It may only become shorter.
const NOT_WALKED: &str = include_str!("../../matrix/not-walked.txt");

#[tokio::test]
async fn walk_rest() {
    let _alone = crate::alone().await;
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut crew = Crew::on(&scene.server, &mut ada).await;
    let things = things::made(&scene, &mut ada, &crew).await;
    let mut walkers = Vec::new();
    for (member, things) in crew.members.iter_mut().zip(&things) {
        let crew_of = (member, &mut crew.bob, crew.team.as_str());
        walkers.push(prepared(&scene, &mut ada, crew_of, things).await);
    }
    crew.take_places(&mut ada).await;

    let mut matrix = Matrix::default();
    let mut needs: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    // One after the other: what is made for one stays as it is while another walks.
    for walker in walkers {
        let (found, named) = walker.walk(&scene).await;
        matrix.take(found);
        for (route, right) in named {
            needs.entry(route).or_default().insert(right);
        }
    }
    things::no_images(&scene).await;

    let sections: Vec<Section> = GROUPS
        .iter()
        .map(|group| Section {
            title: group.title,
            things: group.things,
            lines: group
                .routes
                .iter()
                .map(|route| {
                    let needed = needs.get(route).into_iter().flatten().cloned().collect::<Vec<_>>();
                    ((*route).to_owned(), needed.join("+"))
                })
                .collect(),
        })
        .collect();
    matrix.settle("rest.txt", HEAD, &sections);
    complete(&scene).await;
}

/// Every route is walked or excused, and none is excused that need not be.
async fn complete(scene: &Scene) {
    let document = scene.server.http().get("api/openapi.json").await.expect(200).json();
    let mut there = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        there.extend(
            methods
                .as_object()
                .expect("methods")
                .keys()
                .map(|method| format!("{} {path}", method.to_uppercase())),
        );
    }
    let walked: BTreeSet<String> = GROUPS
        .iter()
        .flat_map(|group| group.routes)
        .filter(|route| !routes::is_socket(route))
        .map(|route| (*route).to_owned())
        .collect();
    let excused: BTreeSet<String> = NOT_WALKED
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split(" — ").next().unwrap_or_default().trim().to_owned())
        .collect();
    let forgotten: Vec<_> =
        there.iter().filter(|route| !walked.contains(*route) && !excused.contains(*route)).collect();
    assert!(forgotten.is_empty(), "nobody walks {forgotten:?}");
    let gone: Vec<_> = walked.difference(&there).collect();
    assert!(gone.is_empty(), "there is no {gone:?} any more");
    let needless: Vec<_> =
        excused.iter().filter(|route| walked.contains(*route) || !there.contains(*route)).collect();
    assert!(needless.is_empty(), "tests/matrix/not-walked.txt need not have {needless:?}");
}

/// Somebody with all that their walk needs.
struct Walker {
    role: &'static str,
    page: Person,
    /// What each group is walked on, thing by thing.
    made: Vec<Vec<Made>>,
}

/// Makes what a member's walk needs while they are a developer.
async fn prepared(
    scene: &Scene,
    ada: &mut Person,
    (member, bob, team): (&mut Member, &mut Member, &str),
    things: &Things,
) -> Walker {
    let role = member.role;
    let new = scene.engine.name(&format!("{role}-rest"));
    let base = Made {
        new: new.clone(),
        container: things.containers[0].clone(),
        labels: things::label(scene),
        ..Made::default()
    };
    // A pull that fails at once, as a job of theirs.
    let job = async |who: &mut Member| {
        let pull = json!({ "image": "127.0.0.1:1/none" });
        text(&who.page.send(Method::POST, "hosts/local/images", Some(pull)).await.expect(202).json()["id"])
    };
    let key = async |who: &mut Member| {
        who.page.make_key("to be deleted").await;
        let keys = who.page.get("account/keys").await.expect(200).json();
        let keys =
            keys.as_array().expect("a list").iter().find(|key| key["name"] == "to be deleted").cloned();
        text(&keys.expect("the new one")["id"])
    };
    let session = async |who: &mut Member| {
        let sessions = who.page.get("account/sessions").await.expect(200).json();
        let own = sessions.as_array().expect("a list").iter().find(|one| one["current"] == true).cloned();
        text(&own.expect("the one that asks")["id"])
    };
    let stack = async |who: &mut Member, name: &str| {
        let path = |rest: &str| format!("hosts/local/stacks/{name}/{rest}");
        let plan = who.page.send(Method::POST, &path("plan"), Some(routes::plan())).await.expect(200).json();
        let apply = json!({ "plan": routes::plan(), "digest": plan["digest"] });
        let begun = who.page.send(Method::POST, &path("apply"), Some(apply)).await.expect(202).json();
        let ended = ended(&mut who.page, &text(&begun["id"])).await;
        assert_eq!(ended["state"], "done", "{ended}");
        name.to_owned()
    };
    let (jobs, keys) = ([job(member).await, job(bob).await], [key(member).await, key(bob).await]);
    let sessions = [session(bob).await, session(member).await];

    let name = async |who: &mut Member, name: &str| {
        let names = who.page.get("names").await.expect(200).json();
        let mut names = names["names"].as_array().expect("a list").iter();
        let found = names.find(|one| one["access"]["name"] == name && one["kind"] == "volume");
        text(&found.expect("a name of theirs")["id"])
    };
    let stacks = [stack(member, &new).await, stack(bob, &format!("{new}-bob")).await];
    let source = Some(routes::templates(&new));
    let source = text(&ada.send(Method::POST, "template-sources", source).await.expect(200).json()["id"]);
    let names = [name(member, &things.volumes[0]).await, name(bob, &things.volumes[3]).await];
    let mut teams = Vec::new();
    for (n, leader) in [(0, Some(true)), (1, Some(false)), (2, None)] {
        let name = json!({ "name": format!("{role}-{n}") });
        let team = text(&ada.send(Method::POST, "teams", Some(name)).await.expect(200).json()["id"]);
        if let Some(leader) = leader {
            let path = format!("teams/{team}/members/{role}");
            ada.send(Method::PUT, &path, Some(json!({ "leader": leader }))).await.expect(204);
        }
        teams.push(team);
    }
    let group = json!({ "name": new });
    let group = text(&ada.send(Method::POST, "host-groups", Some(group)).await.expect(200).json()["id"]);
    let provider = Some(routes::provider(&new));
    let provider = text(&ada.send(Method::POST, "oidc/providers", provider).await.expect(200).json()["id"]);
    let (guest, mut guest_page) = ada.invite(&format!("{role}-guest")).await;
    let guest_session = text(&guest_page.get("account/sessions").await.expect(200).json()[0]["id"]);
    let robot = json!({ "name": format!("{role}-robot"), "kind": "service" });
    let robot = text(&ada.send(Method::POST, "people", Some(robot)).await.expect(200).json()["account"]);
    let robot_key = json!({ "name": "one" });
    ada.send(Method::POST, &format!("people/{robot}/keys"), Some(robot_key)).await.expect(200);
    let robot_keys = ada.get(&format!("people/{robot}/keys")).await.expect(200).json();
    let mut grants = Vec::new();
    for scope in [json!({ "host": "local" }), json!("everywhere")] {
        let grant = json!({ "subject": { "account": guest }, "scope": scope, "role": "viewer" });
        let grant = text(&ada.send(Method::POST, "grants", Some(grant)).await.expect(200).json()["id"]);
        grants.push((scope, grant));
    }
    let gone = removed(scene, ada, role).await;

    let with = |id: &str| Made { id: id.to_owned(), ..base.clone() };
    let made = GROUPS.iter().map(|group_of: &Group| -> Vec<Made> {
        match group_of.title {
            "containers" => things
                .containers
                .iter()
                .zip(WHOSE)
                .map(|(id, whose)| Made {
                    new: format!("{new}-{}", whose.trim_end_matches("'s")),
                    wish: things::wish(whose, role, team),
                    ..with(id)
                })
                .collect(),
            "images" => things
                .image_ids
                .iter()
                .zip(&things.images)
                .zip(WHOSE)
                .map(|((id, name), whose)| Made {
                    name: format!("{name}:latest"),
                    new: format!("{new}-{}", whose.trim_end_matches("'s")),
                    ..with(id)
                })
                .collect(),
            "networks" => things.networks.iter().map(|id| with(id)).collect(),
            "volumes" => things
                .volumes
                .iter()
                .zip(WHOSE)
                .map(|(id, whose)| Made { wish: things::wish(whose, role, team), ..with(id) })
                .collect(),
            "names" => names
                .iter()
                .zip([role, "bob"])
                .map(|(id, owner)| Made { wish: json!({ "owner": owner }), ..with(id) })
                .collect(),
            "the host" => vec![with(&gone)],
            "stacks" => stacks.iter().map(|name| with(name)).collect(),
            "a template" => vec![with("redis")],
            "a source of templates" => vec![with(&source)],
            "jobs" => jobs.iter().map(|id| with(id)).collect(),
            "keys" => keys.iter().map(|id| with(id)).collect(),
            "sessions" => sessions.iter().map(|id| with(id)).collect(),
            "teams" => teams
                .iter()
                .enumerate()
                .map(|(n, id)| Made { name: "bob".to_owned(), new: format!("{role}-new-{n}"), ..with(id) })
                .collect(),
            "grants" => grants
                .iter()
                .map(|(scope, grant)| Made {
                    wish: json!({ "subject": { "account": robot }, "scope": scope, "role": "viewer" }),
                    ..with(grant)
                })
                .collect(),
            "accounts" => vec![Made { account: guest.clone(), ..with(&guest_session) }],
            "programs" => vec![Made { account: robot.clone(), ..with(&text(&robot_keys[0]["id"])) }],
            "host groups" => vec![with(&group)],
            "providers" => vec![with(&provider)],
            _ => vec![base.clone()],
        }
    });
    Walker {
        role,
        page: Person::with_cookie(scene.server.http(), member.page.cookie().expect("signed in")),
        made: made.collect(),
    }
}

/// A container that was removed by our pages: what it was is kept, by this id.
async fn removed(scene: &Scene, ada: &mut Person, role: &str) -> String {
    let name = scene.engine.name(&format!("{role}-gone"));
    let docker = scene.engine.docker();
    let id = docker.ok(["create", "--name", &name, "--label", &scene.engine.label(), IMAGE]).await;
    let path = format!("hosts/local/containers/{id}");
    longshore_tests::soon("a container that is there is removed", async {
        while ada.send(Method::DELETE, &path, None).await.status >= 400 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let kept = ada.get("hosts/local/removed-containers").await.expect(200).json();
    let kept = kept.as_array().expect("a list").iter().find(|kept| kept.to_string().contains(&name)).cloned();
    text(&kept.expect("it is kept")["id"])
}

/// What was found, and for each route the rights that were named as missing.
type Found = (Matrix, Vec<(&'static str, String)>);

impl Walker {
    async fn walk(mut self, scene: &Scene) -> Found {
        let (mut matrix, mut needs) = (Matrix::default(), Vec::new());
        for (group, made) in GROUPS.iter().zip(std::mem::take(&mut self.made)) {
            for (thing, mut made) in group.things.iter().zip(made) {
                for route in group.routes {
                    let (word, right) = self.step(scene, route, &mut made).await;
                    matrix.put(route, self.role, thing, word);
                    needs.extend(right.map(|right| (*route, right)));
                }
            }
        }
        (matrix, needs)
    }

    /// One cell: its word, and the right that is missing.
    async fn step(
        &mut self,
        scene: &Scene,
        route: &'static str,
        made: &mut Made,
    ) -> (String, Option<String>) {
        if routes::is_socket(route) {
            return self.line(route, made).await;
        }
        let mut answer = self.send(route, made).await;
        // The name that it was given just now may not be known yet.
        let known = async {
            while answer.text().contains("/problems/last-tag") {
                answer = self.send(route, made).await;
            }
        };
        longshore_tests::soon("the second name of an image", known).await;
        let (word, right) = word(&answer);
        if answer.status == 202 {
            let ended = ended(&mut self.page, &text(&answer.json()["id"])).await;
            if route == "POST /jobs/containers" {
                return told(&ended["targets"][0]);
            }
            if route.ends_with("/recreate") {
                let name = scene
                    .engine
                    .docker()
                    .ok(["ps", "-aq", "--no-trunc", "--filter", &format!("name=^{}$", made.new)])
                    .await;
                made.id = name;
            }
        }
        (word, right)
    }

    async fn send(&mut self, route: &str, made: &Made) -> Answer {
        let (method, path) = routes::at(route, made);
        let (kind, body) = match routes::body(route, made) {
            Payload::None => (None, Bytes::new()),
            Payload::Json(json) => (Some("application/json"), json.to_string().into()),
            Payload::EmptyTar => (Some("application/x-tar"), Bytes::from_static(&[0; 1024])),
        };
        let mut headers = self.page.headers();
        if let Some(kind) = kind {
            headers.insert("content-type", kind.parse().expect("a header"));
        }
        self.page.http().ask(method, &path, &headers, body, true).await.0
    }

    /// A websocket. Whoever lacks the right gets none; whether they may see what it is on is its first word.
    async fn line(&mut self, route: &str, made: &Made) -> (String, Option<String>) {
        let word = |word: &str| (word.to_owned(), None);
        let refused = |status: u16| match status {
            403 => word("no"),
            404 => word("host?"),
            other => word(&other.to_string()),
        };
        let Some(what) = route.strip_prefix("WS /hosts/{host}/containers/{id}/") else {
            return Live::open(&self.page).await.map_or_else(refused, |_| word("yes"));
        };
        let mut line = match Console::at(&self.page, &made.id, what).await {
            Ok(line) => line,
            Err(status) => return refused(status),
        };
        let size = json!({ "cols": 80, "rows": 24 });
        let first = match what {
            "console" => json!({ "type": "open", "run": { "command": ["true"] }, "size": size }),
            _ => json!({ "read": { "follow": false } }),
        };
        line.say(&first).await;
        match line.next().await {
            Came::Said(said) if said["problem"].is_object() => of_code(0, &said["problem"]),
            Came::Said(_) | Came::Bytes(_) => word("yes"),
            Came::End => word("ended"),
        }
    }
}

/// How somebody's job ended.
async fn ended(page: &mut Person, id: &str) -> Value {
    Live::on_jobs(page).await.job_ended(page, id).await
}

/// The word for an answer, and the right that it names as missing.
fn word(answer: &Answer) -> (String, Option<String>) {
    if answer.status < 400 {
        return ("yes".to_owned(), None);
    }
    let problem: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    of_code(answer.status, &problem)
}

/// The same for what a job says of one of its targets.
fn told(target: &Value) -> (String, Option<String>) {
    match &target["outcome"]["why"] {
        Value::Null => ("yes".to_owned(), None),
        why => of_code(0, why),
    }
}

fn of_code(status: u16, said: &Value) -> (String, Option<String>) {
    let code = said["code"].as_str().unwrap_or_default();
    let right = |name: &str| Some(said["args"][name].as_str().unwrap_or_default().to_owned());
    match code {
        "permission-missing" => ("no".to_owned(), right("permission")),
        "leader-needed" => ("no".to_owned(), Some("leader".to_owned())),
        "host-unknown" => ("host?".to_owned(), None),
        "image-held" | "stack-not-whole" => ("theirs".to_owned(), None),
        "stack-name-taken" => ("taken".to_owned(), None),
        // It was allowed, and what was asked for cannot be.
        "engine-refused" | "load-no-archive" | "totp-off-already" | "provider-state" | "provider-unknown"
        | "stack-changed" | "stack-no-folder" | "plan-no-service" => ("yes".to_owned(), None),
        _ if code.ends_with("-unknown") => ("-".to_owned(), None),
        _ => (format!("{status} {code}"), None),
    }
}
