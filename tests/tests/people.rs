//! The first account, signing in and out, and those who hold nothing or the wrong thing.

use http::Method;
use longshore_tests::{
    FakeScene, Live, Person, Scene,
    database::{sql, until},
    fake,
    person::{ADA, PASSWORD},
};
use serde_json::json;

#[tokio::test]
async fn the_set_up_link_makes_one_account_and_then_no_more() {
    let scene = Scene::start().await;
    let mut ada = Person::nobody(scene.server.http());
    assert_eq!(ada.standing().await, "set-up");
    ada.get("account/keys").await.problem();

    let made = ada.set_up(scene.server.set_up_secret()).await.expect(200);
    let cookie = made.cookie().expect("the first account is signed in at once").line;
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert_eq!(ada.standing().await, "signed-in");

    let mut eve = Person::nobody(scene.server.http());
    let again = eve.set_up(scene.server.set_up_secret()).await.expect(403);
    assert!(again.problem().starts_with("403 "), "{}", again.text());
    assert_eq!(eve.standing().await, "signed-out");
}

#[tokio::test]
async fn a_wrong_secret_makes_no_account() {
    let scene = Scene::start().await;
    let mut eve = Person::nobody(scene.server.http());
    eve.set_up("not-the-secret").await.expect(403).problem();
    assert_eq!(eve.standing().await, "set-up");
    eve.set_up(scene.server.set_up_secret()).await.expect(200);
}

#[tokio::test]
async fn a_person_signs_in_and_out_again() {
    let scene = Scene::start().await;
    scene.administrator().await;

    let mut ada = Person::nobody(scene.server.http());
    let wrong = ada.sign_in(ADA, "incorrect horse battery staple").await;
    let wrong = wrong.problem();
    let unknown = ada.sign_in("nobody-of-this-name", PASSWORD).await.problem();
    assert_eq!(wrong, unknown, "whether a name exists is not told");
    assert_eq!(ada.standing().await, "signed-out");

    ada.sign_in("ADA", PASSWORD).await.expect(200);
    assert_eq!(ada.standing().await, "signed-in");

    let kept = ada.cookie().expect("signed in").to_owned();
    ada.sign_out().await.expect(204);
    assert_eq!(ada.standing().await, "signed-out");
    let mut thief = Person::with_cookie(scene.server.http(), &kept);
    thief.get("account/keys").await.expect(401).problem();
    assert_eq!(thief.standing().await, "signed-out", "the cookie of an ended session opens nothing");
}

#[tokio::test]
async fn an_account_outlives_the_server() {
    let mut scene = Scene::start().await;
    let ada = scene.administrator().await;
    let cookie = ada.cookie().expect("signed in").to_owned();

    scene.server.restart().await;

    let mut ada = Person::with_cookie(scene.server.http(), &cookie);
    assert_eq!(ada.standing().await, "signed-in");
    Person::nobody(scene.server.http()).sign_in(ADA, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn what_another_server_gave_out_opens_nothing_here() {
    let here = Scene::start().await;
    here.administrator().await;
    let there = Scene::start().await;
    let mut stranger = there.administrator().await;
    let key = stranger.make_key("elsewhere").await;
    let (name, token) = stranger.cookie().expect("signed in").split_once('=').expect("name=value");

    // Under the name that this server gives its own cookie, too.
    let mut own = Person::nobody(here.server.http());
    own.sign_in(ADA, PASSWORD).await.expect(200);
    let own_name = own.cookie().expect("signed in").split_once('=').expect("name=value").0.to_owned();
    assert_ne!(own_name, name, "cookies ignore ports, so their names carry the instance");

    for name in [name, &own_name] {
        let mut eve = Person::with_cookie(here.server.http(), &format!("{name}={token}"));
        eve.get("account/keys").await.expect(401).problem();
        assert_eq!(Live::open(&eve).await.err(), Some(401));
    }
    let mut eve = Person::with_key(here.server.http(), &key);
    eve.get("account/keys").await.expect(401).problem();
    eve.get("hosts/local/docker/version").await.expect(401);
}

#[tokio::test]
async fn a_deleted_key_opens_nothing_more() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let made = ada.send(Method::POST, "account/keys", Some(json!({ "name": "ci" }))).await.expect(200).json();
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());

    let mut ci = Person::with_key(scene.server.http(), key);
    ci.get("hosts/local/docker/version").await.expect(200);
    let listed = ada.get("account/keys").await.expect(200);
    assert!(!listed.text().contains(key), "a key is shown once");
    assert_eq!(listed.json()[0]["id"], *id);

    ada.send(Method::DELETE, &format!("account/keys/{id}"), None).await.expect(204);
    ci.get("hosts/local/docker/version").await.expect(401);
}

#[tokio::test]
async fn another_origin_changes_nothing() {
    let scene = Scene::start().await;
    let ada = scene.administrator().await;
    let body = json!({ "name": "from elsewhere" });
    for origin in [Some("https://evil.example"), Some("null"), None] {
        let mut headers = ada.headers();
        headers.remove("origin");
        if let Some(origin) = origin {
            headers.insert("origin", origin.parse().unwrap());
        }
        let answer =
            scene.server.http().send(Method::POST, "api/v1/account/keys", &headers, Some(&body)).await;
        answer.expect(403).problem();
    }
    let mut ada = ada;
    assert_eq!(ada.get("account/keys").await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn a_name_is_one_however_its_bytes_are_put_and_keeps_to_one_alphabet() {
    let mut scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    // Cyrillic а and е among Latin letters.
    for (path, name) in [("people", "\u{430}da"), ("teams", "w\u{435}b")] {
        let refused = ada.send(Method::POST, path, Some(json!({ "name": name }))).await.expect(400).problem();
        assert!(refused.starts_with("400 name-scripts"), "{refused}");
    }
    for name in ["петя", "阿达 ada"] {
        ada.invite(name).await;
    }
    let (whole, parted) = ("zo\u{eb}", "zoe\u{308}");
    ada.invite(parted).await;
    for before in ["normalised", "as it was written before"] {
        for name in [whole, parted, "ZO\u{cb}"] {
            Person::nobody(scene.server.http()).sign_in(name, PASSWORD).await.expect(200);
            let twin = ada.send(Method::POST, "people", Some(json!({ "name": name }))).await;
            assert_eq!(twin.status, 409, "{before}: {name}");
        }
        let rows =
            "UPDATE account SET name = 'zoe\u{308}', name_folded = 'zoe\u{308}' WHERE name = 'zo\u{eb}'";
        sql(&scene.server, rows);
        scene.server.restart().await;
        // Another port is another address to her.
        ada = fake::signed_in_again(&scene.server).await;
    }
}

#[tokio::test]
async fn passwords_are_not_guessed_by_trying_many() {
    let scene = FakeScene::start_with(1, &["--trusted-proxies", "127.0.0.1"]).await;
    scene.administrator().await;
    let wrong = "incorrect horse battery staple";
    // From one address against one account, and against one after the other, until no more are looked at.
    for (address, most) in [("192.0.2.7", 50), ("192.0.2.8", 100)] {
        let mut eve = Person::nobody(scene.server.http()).coming_from(address);
        let mut tried = 0;
        loop {
            let name = if most == 50 { ADA.to_owned() } else { format!("name{tried}") };
            let said = eve.sign_in(&name, wrong).await;
            if said.status == 429 {
                said.problem();
                break;
            }
            tried += 1;
            assert!(said.status == 403 && tried < most, "{address}: {} after {tried}", said.status);
        }
    }
    // Others are let in all the same, and its owner from where she is.
    let mut ada = Person::nobody(scene.server.http()).coming_from("192.0.2.9");
    ada.sign_in(ADA, PASSWORD).await.expect(200);
    // From very many addresses, each of which tries little.
    let mut refused = None;
    for n in 0..150 {
        let mut one = Person::nobody(scene.server.http()).coming_from(&format!("198.51.100.{n}"));
        if one.sign_in(ADA, wrong).await.status == 429 {
            refused = Some(n);
            break;
        }
    }
    assert!(refused.is_some(), "many addresses may try for ever");
}

#[tokio::test]
async fn it_is_told_when_a_key_was_last_used() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let key = ada.make_key("ci").await;
    let used =
        async |ada: &mut Person| ada.get("account/keys").await.expect(200).json()[0]["used_at"].clone();
    assert!(used(&mut ada).await.is_null(), "nobody has used it");
    Person::with_key(scene.server.http(), &key).get("hosts/local/docker/version").await;
    let used_at = "SELECT COUNT(*) FROM api_key WHERE used_at IS NOT NULL";
    until(&scene.server, "its use", used_at, |said| said == "1").await;
    assert!(used(&mut ada).await.is_number());
}
