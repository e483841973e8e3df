//! Accounts of others, teams, grants: who may do what, by every door, and what becomes of it when it is taken away.

use http::Method;
use longshore_tests::{
    Answer, Live, Person, Scene,
    person::{ADA, PASSWORD},
    text,
};
use serde_json::{Value, json};

const NEW: &str = "an entirely new pass phrase";

/// A container of nobody's, by its full id.
async fn running(scene: &Scene) -> String {
    let name = scene.engine.running("web").await;
    text(&scene.engine.inspect(&name).await["Id"])
}

async fn grant(who: &mut Person, subject: Value, scope: Value, role: &str) -> Answer {
    let grant = json!({ "subject": subject, "scope": scope, "role": role });
    who.send(Method::POST, "grants", Some(grant)).await
}

async fn given(ada: &mut Person, subject: Value, scope: Value, role: &str) -> String {
    text(&grant(ada, subject, scope, role).await.expect(200).json()["id"])
}

#[tokio::test]
async fn an_invitation_tells_whom_it_is_for_and_lets_in_once() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let made = ada.send(Method::POST, "people", Some(json!({ "name": "mia" }))).await.expect(200).json();
    let secret = json!({ "secret": made["secret"] });
    let mut mia = Person::nobody(scene.server.http());
    let whom = mia.send(Method::POST, "invitation", Some(secret.clone())).await.expect(200).json();
    assert_eq!(whom["name"], "mia");
    let accepted = json!({ "secret": made["secret"], "password": PASSWORD });
    mia.send(Method::POST, "invitation/accept", Some(accepted.clone())).await.expect(200);
    assert_eq!(mia.standing().await, "signed-in");
    let mut eve = Person::nobody(scene.server.http());
    eve.send(Method::POST, "invitation", Some(secret)).await.expect(403).problem();
    eve.send(Method::POST, "invitation/accept", Some(accepted)).await.expect(403).problem();
    assert_eq!(eve.standing().await, "signed-out");
}

#[tokio::test]
async fn whoever_is_given_nothing_sees_nothing_and_learns_nothing() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let web = running(&scene).await;
    let (_, mut mia) = ada.invite("mia").await;

    mia.operate(&web, "stop").await.expect(404).problem();
    mia.get("people").await.expect(403).problem();
    mia.send(Method::POST, "people", Some(json!({ "name": "eve" }))).await.expect(403).problem();
    grant(&mut mia, json!("everyone"), json!("everywhere"), "administrator").await.expect(403).problem();
    assert_eq!(mia.get("teams").await.expect(200).json(), json!([]));
    let key = mia.make_key("mine").await;
    Person::with_key(scene.server.http(), &key).get("hosts/local/docker/containers/json").await.expect(404);

    let mut live = Live::open(&mia).await.expect("a line of one's own");
    live.send(&json!({ "type": "subscribe", "sub": 1, "topic": { "topic": "hosts" } })).await;
    let hosts = live.until("hosts", |message| message["body"]["hosts"].as_array().cloned()).await;
    assert!(hosts.is_empty(), "{hosts:?}");
}

#[tokio::test]
async fn a_manager_of_a_host_manages_it_until_that_is_taken_away() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let web = running(&scene).await;
    let (id, mut mia) = ada.invite("mia").await;
    let mut live = Live::open(&mia).await.expect("a line of one's own");
    live.send(&json!({ "type": "subscribe", "sub": 1, "topic": { "topic": "hosts" } })).await;
    live.until("nothing", |message| {
        message["body"]["hosts"].as_array().filter(|hosts| hosts.is_empty()).cloned()
    })
    .await;

    let grant_id = ada.give(&id, "manager").await;
    // The open line shows the host by itself.
    live.until("the host", |message| {
        message["body"]["hosts"].as_array().filter(|hosts| hosts.len() == 1).cloned()
    })
    .await;
    mia.operate(&web, "stop").await.expect(204);
    let key = mia.make_key("docker").await;
    let mut docker = Person::with_key(scene.server.http(), &key);
    docker.get("hosts/local/docker/containers/json").await.expect(200);
    mia.get("people").await.expect(403).problem();

    let rights = ada.get(&format!("people/{id}/rights")).await.expect(200).json();
    assert_eq!((&rights[0]["host"], &rights[0]["role"]), (&json!("local"), &json!("manager")));
    assert_eq!(rights[0]["grants"][0]["id"], grant_id);

    ada.send(Method::DELETE, &format!("grants/{grant_id}"), None).await.expect(204);
    live.until("nothing again", |message| {
        message["body"]["hosts"].as_array().filter(|hosts| hosts.is_empty()).cloned()
    })
    .await;
    mia.operate(&web, "start").await.expect(404).problem();
    docker.get("hosts/local/docker/containers/json").await.expect(404);
}

#[tokio::test]
async fn a_refusal_names_the_right_and_who_can_give_it() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let web = running(&scene).await;
    let (id, mut mia) = ada.invite("mia").await;
    given(&mut ada, json!({ "account": id }), json!("everywhere"), "viewer").await;
    let refused = mia.operate(&web, "stop").await.expect(403);
    let said = refused.text();
    assert!(said.contains("“operate” on local") && said.contains("Who can give it: Ada L."), "{said}");
}

#[tokio::test]
async fn a_team_gives_its_members_what_it_was_given() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let web = running(&scene).await;
    let (_, mut mia) = ada.invite("mia").await;
    let (_, mut bob) = ada.invite("bob").await;
    let team =
        text(&ada.send(Method::POST, "teams", Some(json!({ "name": "Web" }))).await.expect(200).json()["id"]);
    ada.send(Method::POST, "teams", Some(json!({ "name": "web" }))).await.expect(409).problem();
    let group = text(
        &ada.send(Method::POST, "host-groups", Some(json!({ "name": "prod" }))).await.expect(200).json()["id"],
    );
    given(&mut ada, json!({ "team": team }), json!({ "group": group }), "manager").await;
    let put = |name: &str| format!("teams/{team}/members/{name}");
    ada.send(Method::PUT, &put("mia"), Some(json!({ "leader": true }))).await.expect(204);
    mia.operate(&web, "stop").await.expect(404).problem();

    let filled = json!({ "name": "prod", "hosts": ["local"] });
    ada.send(Method::PUT, &format!("host-groups/{group}"), Some(filled)).await.expect(204);
    mia.operate(&web, "stop").await.expect(204);

    // Whoever is not in the team knows nothing of it; who leads it puts others in, and makes no leaders.
    bob.send(Method::PUT, &put("bob"), Some(json!({}))).await.expect(404).problem();
    mia.send(Method::PUT, &put("bob"), Some(json!({ "leader": true }))).await.expect(204);
    bob.operate(&web, "start").await.expect(204);
    bob.send(Method::DELETE, &put("mia"), None).await.expect(403).problem();
    mia.send(Method::DELETE, &put("bob"), None).await.expect(204);
    bob.operate(&web, "stop").await.expect(404).problem();

    ada.send(Method::DELETE, &format!("teams/{team}"), None).await.expect(204);
    mia.operate(&web, "stop").await.expect(404).problem();
}

#[tokio::test]
async fn who_administers_a_host_decides_about_that_host_only() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (mia_id, mut mia) = ada.invite("mia").await;
    let (bob_id, _) = ada.invite("bob").await;
    ada.give(&mia_id, "administrator").await;

    let bob = json!({ "account": bob_id });
    let made = given(&mut mia, bob.clone(), json!({ "host": "local" }), "operator").await;
    grant(&mut mia, bob.clone(), json!("everywhere"), "viewer").await.expect(403).problem();
    grant(&mut mia, bob.clone(), json!({ "host": "elsewhere" }), "viewer").await.expect(404).problem();
    let everywhere = given(&mut ada, bob, json!("everywhere"), "viewer").await;
    mia.send(Method::DELETE, &format!("grants/{everywhere}"), None).await.expect(403).problem();
    mia.send(Method::DELETE, &format!("grants/{made}"), None).await.expect(204);
    mia.send(Method::DELETE, &format!("people/{bob_id}"), None).await.expect(403).problem();
    assert_eq!(mia.get("people").await.expect(200).json()["accounts"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn somebody_can_always_look_after_the_server() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let people = ada.get("people").await.expect(200).json();
    let (ada_id, own) = (text(&people["accounts"][0]["id"]), text(&people["grants"][0]["id"]));
    ada.send(Method::DELETE, &format!("grants/{own}"), None).await.expect(409).problem();
    ada.send(Method::DELETE, &format!("people/{ada_id}"), None).await.expect(409).problem();
    let shut = json!({ "disabled": true });
    ada.send(Method::PATCH, &format!("people/{ada_id}"), Some(shut.clone())).await.expect(409).problem();
    assert_eq!(ada.standing().await, "signed-in", "a refused change changes nothing");

    // Somebody who was invited and never came is no administrator yet.
    let eve = text(
        &ada.send(Method::POST, "people", Some(json!({ "name": "eve" }))).await.expect(200).json()["account"],
    );
    given(&mut ada, json!({ "account": eve }), json!("everywhere"), "administrator").await;
    ada.send(Method::DELETE, &format!("grants/{own}"), None).await.expect(409).problem();

    let (mia, mut mia_signed_in) = ada.invite("mia").await;
    given(&mut ada, json!({ "account": mia }), json!("everywhere"), "administrator").await;
    ada.send(Method::DELETE, &format!("grants/{own}"), None).await.expect(204);
    ada.get("people").await.expect(403).problem();
    mia_signed_in.send(Method::PATCH, &format!("people/{ada_id}"), Some(shut)).await.expect(204);
    assert_eq!(ada.standing().await, "signed-out");
    Person::nobody(scene.server.http()).sign_in(ADA, PASSWORD).await.expect(403).problem();
}

#[tokio::test]
async fn an_account_that_is_shut_or_removed_is_out_at_once() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (id, mut mia) = ada.invite("mia").await;
    given(&mut ada, json!({ "account": id }), json!("everywhere"), "manager").await;
    let key = mia.make_key("docker").await;
    let mut docker = Person::with_key(scene.server.http(), &key);
    docker.get("hosts/local/docker/version").await.expect(200);
    let mut live = Live::open(&mia).await.expect("a line");

    ada.send(Method::PATCH, &format!("people/{id}"), Some(json!({ "disabled": true }))).await.expect(204);
    live.until("bye", |message| (message["type"] == "bye").then_some(())).await;
    docker.get("hosts/local/docker/version").await.expect(401);
    mia.get("teams").await.expect(401).problem();
    Person::nobody(scene.server.http()).sign_in("mia", PASSWORD).await.expect(403).problem();

    ada.send(Method::PATCH, &format!("people/{id}"), Some(json!({ "disabled": false }))).await.expect(204);
    docker.get("hosts/local/docker/version").await.expect(200);
    mia.sign_in("mia", PASSWORD).await.expect(200);
    ada.send(Method::DELETE, &format!("people/{id}"), None).await.expect(204);
    docker.get("hosts/local/docker/version").await.expect(401);
    mia.get("teams").await.expect(401).problem();
}

#[tokio::test]
async fn a_new_password_is_chosen_before_anything_else() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (id, mut mia) = ada.invite("mia").await;
    given(&mut ada, json!({ "account": id }), json!("everywhere"), "manager").await;
    ada.send(Method::PATCH, &format!("people/{id}"), Some(json!({ "must_change": true }))).await.expect(204);

    mia.get("teams").await.expect(403).problem();
    mia.get("account/keys").await.expect(403).problem();
    assert_eq!(Live::open(&mia).await.err(), Some(403));
    let standing = mia.get("session").await.expect(200).json();
    assert_eq!(standing["user"]["must_change"], true);
    let change = json!({ "current": PASSWORD, "new": NEW });
    mia.send(Method::PUT, "account/password", Some(change)).await.expect(204);
    mia.get("teams").await.expect(200);

    // A link does the same for whoever has forgotten the old one.
    let link = ada.send(Method::POST, &format!("people/{id}/link"), None).await.expect(200).json();
    let accepted = json!({ "secret": link["secret"], "password": PASSWORD });
    Person::nobody(scene.server.http())
        .send(Method::POST, "invitation/accept", Some(accepted))
        .await
        .expect(200);
    mia.get("teams").await.expect(401).problem();
}

#[tokio::test]
async fn a_key_may_do_less_than_its_maker_and_ends() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let web = running(&scene).await;
    let key = async |ada: &mut Person, what: Value| {
        let made = ada.send(Method::POST, "account/keys", Some(what)).await.expect(200).json();
        text(&made["key"])
    };
    let with = |key: &str| Person::with_key(scene.server.http(), key);
    let viewer = key(&mut ada, json!({ "name": "viewer", "role": "viewer" })).await;
    with(&viewer).operate(&web, "stop").await.expect(403).problem();
    with(&viewer).get("people").await.expect(403).problem();
    let here = key(&mut ada, json!({ "name": "here", "hosts": ["local"] })).await;
    with(&here).operate(&web, "stop").await.expect(204);
    with(&here).send(Method::POST, "teams", Some(json!({ "name": "x" }))).await.expect(403).problem();
    ada.send(Method::POST, "account/keys", Some(json!({ "name": "x", "hosts": ["nowhere"] })))
        .await
        .expect(404)
        .problem();
    ada.send(Method::POST, "account/keys", Some(json!({ "name": "x", "ends_at": 1 })))
        .await
        .expect(400)
        .problem();

    // It ends by itself, and the line that was opened with it ends with it.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let soon = u64::try_from(now.as_millis()).expect("few digits") + 1_500;
    let short = key(&mut ada, json!({ "name": "short", "ends_at": soon })).await;
    let mut live = Live::open(&with(&short)).await.expect("a line by key");
    live.until("bye", |message| (message["type"] == "bye").then_some(())).await;
    with(&short).get("teams").await.expect(401).problem();
}

#[tokio::test]
async fn a_program_has_keys_and_no_password() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let made =
        ada.send(Method::POST, "people", Some(json!({ "name": "ci", "kind": "service" }))).await.expect(200);
    let (id, made) = (text(&made.json()["account"]), made.json());
    assert_eq!(made["secret"], Value::Null);
    ada.send(Method::POST, &format!("people/{id}/link"), None).await.expect(409).problem();
    for password in ["", PASSWORD] {
        Person::nobody(scene.server.http()).sign_in("ci", password).await.expect(403).problem();
    }
    ada.give(&id, "manager").await;
    let keys = format!("people/{id}/keys");
    let key = text(
        &ada.send(Method::POST, &keys, Some(json!({ "name": "runner" }))).await.expect(200).json()["key"],
    );
    let mut ci = Person::with_key(scene.server.http(), &key);
    ci.get("hosts/local/docker/containers/json").await.expect(200);
    let listed = ada.get(&keys).await.expect(200).json();
    ada.send(Method::DELETE, &format!("{keys}/{}", text(&listed[0]["id"])), None).await.expect(204);
    ci.get("hosts/local/docker/containers/json").await.expect(401);

    let (mia, _) = ada.invite("mia").await;
    let other = ada.send(Method::POST, &format!("people/{mia}/keys"), Some(json!({ "name": "x" }))).await;
    other.expect(409).problem();
}
