//! What is on the engine for the walk: for each role something of their own, of their team's, public and of another.

use futures_util::future::join_all;
use http::Method;
use longshore_tests::{Live, Person, Scene};
use serde_json::json;

use crate::{
    calls::{Call, Payload},
    crew::{Crew, Member, text},
};

/// Whose a container may be.
pub const WHOSE: [&str; 4] = ["own", "team's", "public", "another's"];
/// Whose other things may be: only what was made through the gateway is somebody's below the managers.
pub const OWNED: [&str; 2] = ["own", "another's"];

/// The things of one member.
pub struct Things {
    /// Full ids, in the order of [`WHOSE`].
    pub containers: Vec<String>,
    /// Full ids, in the order of [`OWNED`].
    pub networks: Vec<String>,
    /// Names.
    pub volumes: Vec<String>,
    /// References without a tag.
    pub images: Vec<String>,
    /// Their full ids.
    pub image_ids: Vec<String>,
}

/// Makes all of them; the crew are developers still.
pub async fn made(scene: &Scene, ada: &mut Person, crew: &Crew) -> Vec<Things> {
    let mut all = Vec::new();
    let mut live = Live::watching(ada, &scene.engine.running("first").await).await;
    live.send(&json!({ "type": "unsubscribe", "sub": 1 })).await;
    // Those who may not remove it share one of bob's.
    let shared = network(scene, &crew.bob, "for-all").await;
    for member in &crew.members {
        let role = member.role;
        let networks = vec![
            network(scene, member, role).await,
            if member.manages() {
                network(scene, &crew.bob, &format!("for-{role}")).await
            } else {
                shared.clone()
            },
        ];
        let mut things = Things {
            containers: containers(scene, role).await,
            networks,
            volumes: vec![],
            images: vec![],
            image_ids: vec![],
        };
        for (whose, by) in [("own", member), ("others", &crew.bob)] {
            let name = scene.engine.name(&format!("{role}-{whose}"));
            let volume = json!({ "Name": name, "Labels": label(scene) });
            made_by(by, "volumes/create", Payload::Json(volume)).await;
            things.volumes.push(name.clone());
            // An import has an id of its own, which a tag has not.
            made_by(by, &format!("images/create?fromSrc=-&repo={name}"), Payload::EmptyTar).await;
            let id = scene.engine.docker().ok(["image", "inspect", "--format", "{{.Id}}", &name]).await;
            things.image_ids.push(id);
            things.images.push(name);
        }
        for (id, whose) in things.containers.iter().zip(WHOSE) {
            give(ada, id, wish(whose, role, &crew.team)).await;
        }
        all.push(things);
    }
    all
}

/// How a container is given so that it is so to somebody.
pub fn wish(whose: &str, owner: &str, team: &str) -> serde_json::Value {
    match whose {
        "own" => json!({ "owner": owner }),
        "team's" => json!({ "owner": "bob", "sharing": "teams", "teams": [team] }),
        "public" => json!({ "owner": "bob", "sharing": "public" }),
        _ => json!({ "owner": "bob" }),
    }
}

/// Removes what the walk has named: images carry no label.
pub async fn no_images(scene: &Scene) {
    let named = format!("reference={}*", scene.engine.name(""));
    let docker = scene.engine.docker();
    let images = docker.ok(["images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", &named]).await;
    if !images.is_empty() {
        docker.ok(["rmi"].into_iter().chain(images.lines())).await;
    }
}

/// The label of the scene, as a body has it.
pub fn label(scene: &Scene) -> serde_json::Value {
    let label = scene.engine.label();
    let (key, value) = label.split_once('=').expect("a label has a value");
    json!({ key: value })
}

async fn containers(scene: &Scene, role: &str) -> Vec<String> {
    let run = async |whose: &str| {
        let name = scene.engine.running(&format!("{role}-{whose}")).await;
        text(&scene.engine.inspect(&name).await["Id"])
    };
    join_all(["own", "team", "public", "others"].map(run)).await
}

async fn network(scene: &Scene, by: &Member, name: &str) -> String {
    let body = json!({ "Name": scene.engine.name(name), "Labels": label(scene) });
    text(&made_by(by, "networks/create", Payload::Json(body)).await["Id"])
}

async fn made_by(by: &Member, path: &str, body: Payload) -> serde_json::Value {
    let answer = Call { body, ..Call::new(Method::POST, path) }.by(&by.program).await;
    assert!(answer.status < 300, "{path} by {}: {}", by.role, answer.text());
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// As soon as the server has seen it.
async fn give(ada: &mut Person, id: &str, wish: serde_json::Value) {
    let path = format!("hosts/local/containers/{id}/access");
    let given = async {
        while ada.send(Method::PUT, &path, Some(wish.clone())).await.status != 204 {
            tokio::task::yield_now().await;
        }
    };
    longshore_tests::soon("a container that is there is given", given).await;
}
