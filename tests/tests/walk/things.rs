//! What is on the engine for the walk: for each role something of their own, of their team's, public and of another.

use std::sync::atomic::{AtomicU8, Ordering};

use futures_util::future::join_all;
use http::Method;
use longshore_tests::{Live, Person, Scene, text};
use serde_json::json;

use crate::{
    calls::{Call, Payload},
    crew::{Crew, Member},
};

/// Whose a container, an image, a network or a volume may be.
pub const WHOSE: [&str; 4] = ["own", "team's", "public", "another's"];
/// Whose what nobody shares may be.
pub const OWNED: [&str; 2] = ["own", "another's"];

/// The next subnet.
static SUBNET: AtomicU8 = AtomicU8::new(1);

/// The things of one member.
pub struct Things {
    /// Full ids, in the order of [`WHOSE`].
    pub containers: Vec<String>,
    /// Full ids, in that order.
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
    // Those who may not remove them share those of bob's.
    let shared = networks(scene, ada, crew, "for-all").await;
    for member in &crew.members {
        let role = member.role;
        let mut all_networks = vec![network(scene, member, role).await];
        if member.manages() || role == "developer" {
            all_networks.extend(networks(scene, ada, crew, &format!("for-{role}")).await);
        } else {
            all_networks.extend(shared.iter().cloned());
        }
        let mut things = Things {
            containers: containers(scene, role).await,
            networks: all_networks,
            volumes: vec![],
            images: vec![],
            image_ids: vec![],
        };
        for whose in WHOSE {
            let by = if whose == "own" { member } else { &crew.bob };
            let name = scene.engine.name(&format!("{role}-{}", whose.trim_end_matches("'s")));
            let volume = json!({ "Name": name, "Labels": label(scene) });
            made_by(by, "volumes/create", Payload::Json(volume)).await;
            things.volumes.push(name.clone());
            // An import has an id of its own, which a tag has not.
            made_by(by, &format!("images/create?fromSrc=-&repo={name}"), Payload::EmptyTar).await;
            let id = scene.engine.docker().ok(["image", "inspect", "--format", "{{.Id}}", &name]).await;
            if ["team's", "public"].contains(&whose) {
                share(ada, &format!("volume/{name}"), wish(whose, role, &crew.team)).await;
                share(ada, &format!("image/{}", id.replace(':', "%3A")), wish(whose, role, &crew.team)).await;
            }
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

/// Three of bob's: for the team, for all, and his alone. An engine has subnets for thirty that name none, and naming them is
/// for managers: so they are made outside, and given.
async fn networks(scene: &Scene, ada: &mut Person, crew: &Crew, name: &str) -> Vec<String> {
    let mut made = Vec::new();
    for whose in &WHOSE[1..] {
        let called = scene.engine.name(&format!("{name}-{}", whose.trim_end_matches("'s")));
        let subnet = format!("10.199.{}.0/28", SUBNET.fetch_add(1, Ordering::Relaxed));
        let create = ["network", "create", "--subnet", &subnet, "--label", &scene.engine.label(), &called];
        let id = scene.engine.docker().ok(create).await;
        share(ada, &format!("network/{id}"), wish(whose, "bob", &crew.team)).await;
        made.push(id);
    }
    made
}

async fn share(ada: &mut Person, of: &str, wish: serde_json::Value) {
    put(ada, &format!("hosts/local/sharing/{of}"), wish).await;
}

async fn made_by(by: &Member, path: &str, body: Payload) -> serde_json::Value {
    let answer = Call { body, ..Call::new(Method::POST, path) }.by(&by.program).await;
    assert!(answer.status < 300, "{path} by {}: {}", by.role, answer.text());
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// A container, as soon as the server has seen it.
async fn give(ada: &mut Person, id: &str, wish: serde_json::Value) {
    put(ada, &format!("hosts/local/containers/{id}/access"), wish).await;
}

async fn put(ada: &mut Person, path: &str, wish: serde_json::Value) {
    let given = async {
        while ada.send(Method::PUT, path, Some(wish.clone())).await.status != 204 {
            tokio::task::yield_now().await;
        }
    };
    longshore_tests::soon("what is there is given", given).await;
}
