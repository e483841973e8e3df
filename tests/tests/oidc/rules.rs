//! What holds here, whatever a provider says: who is let in, what they are given, and what is asked of them.

use http::Method;
use longshore_tests::{
    Browser, FakeScene, Issuer, Live, Person, Scene,
    authenticator::Authenticator,
    browser::Look,
    database::sql,
    person::{ADA, PASSWORD},
    provider::form,
    soon,
};
use serde_json::{Value, json};

use super::{Begun, add, begun_to_bind, but, claims, cookies, kept, location, made, trouble, with_liar};

#[tokio::test]
async fn what_a_provider_says_is_bound_by_what_holds_here() {
    let (scene, mut ada, issuer, id) = with_liar(json!({
        "makes_accounts": false, "mappings": [{ "value": "admins", "gives": { "role": "administrator" } }],
    }))
    .await;
    let http = scene.server.http();
    let sign_in = async |further: Value| {
        let begun = Begun::at(&http, &id).await;
        let mut said = claims(&issuer, &begun);
        for (key, value) in further.as_object().into_iter().flatten() {
            said[key] = value.clone();
        }
        issuer.gives(issuer.signed(&said));
        begun.back("code", &begun.asked("state"), "").await
    };
    assert_eq!(trouble(sign_in(json!({})).await), "provider-no-account");
    let change = |further: Value| Some(form(issuer.url(), "", further));
    let mappings = json!([{ "value": "admins", "gives": { "role": "administrator" } }]);
    let open = json!({ "mappings": mappings });
    ada.send(Method::PUT, &format!("oidc/providers/{id}"), change(open)).await.expect(204);
    assert_eq!(trouble(sign_in(json!({ "preferred_username": "ADA" })).await), "provider-name-taken");
    assert_eq!(trouble(sign_in(json!({ "preferred_username": "a\nb" })).await), "provider-no-name");
    let answer = sign_in(json!({ "groups": "admins" })).await.expect(303);
    let mut mia = Person::with_cookie(http.clone(), &answer.cookie().expect("a session").pair);
    let session = mia.get("session").await.expect(200).json();
    assert_eq!(session["user"]["roles"]["everywhere"], "administrator");
    // Once more with the same: nothing is given twice. Then without the group.
    sign_in(json!({ "groups": ["admins"] })).await.expect(303);
    assert_eq!(sql(&scene.server, "SELECT COUNT(*) FROM role_grant"), "2");
    sign_in(json!({ "groups": ["Admins"] })).await.expect(303);
    assert_eq!(sql(&scene.server, "SELECT COUNT(*) FROM role_grant"), "1");
    mia.get("people").await.expect(403);
    // A password of another's choice does not fit: there is none.
    for password in ["", PASSWORD] {
        Person::nobody(http.clone()).sign_in("mia", password).await.expect(403);
    }
    // Whoever is shut out here is out, whatever is said there; and is nobody new.
    let account = session["user"]["id"].as_str().expect("an id").to_owned();
    ada.send(Method::PATCH, &format!("people/{account}"), Some(json!({ "disabled": true })))
        .await
        .expect(204);
    assert_eq!(mia.standing().await, "signed-out");
    assert_eq!(trouble(sign_in(json!({})).await), "provider-shut");
    ada.send(Method::DELETE, &format!("people/{account}"), None).await.expect(204);
    let again = sign_in(json!({})).await.expect(303);
    let mut new = Person::with_cookie(http.clone(), &again.cookie().expect("a session").pair);
    assert_ne!(new.get("session").await.expect(200).json()["user"]["id"], account.as_str());
}

#[tokio::test]
async fn what_a_provider_gave_goes_with_what_gave_it() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let issuer = Issuer::start().await;
    let web = made(&mut ada, "teams", json!({ "name": "Web" })).await;
    let both = json!([
        { "value": "admins", "gives": { "role": "administrator" } },
        { "value": "web", "gives": { "team": web } },
    ]);
    let id = add(&mut ada, form(issuer.url(), "", json!({ "mappings": both }))).await;
    let http = scene.server.http();
    let sign_in = async || {
        let begun = Begun::at(&http, &id).await;
        issuer.gives(issuer.signed(&but(&claims(&issuer, &begun), "groups", json!(["admins", "web"]))));
        let answer = begun.back("code", &begun.asked("state"), "").await.expect(303);
        Person::with_cookie(http.clone(), &answer.cookie().expect("a session").pair)
    };
    let place = format!("oidc/providers/{id}");
    let mut put = async |issuer: &str, further: Value| {
        ada.send(Method::PUT, &place, Some(form(issuer, "", further))).await.expect(204);
    };
    let count = |table: &str| sql(&scene.server, &format!("SELECT COUNT(*) FROM {table}"));

    // Whoever never signs in again does not keep what a mapping gives no more, with a key neither.
    let mut mia = sign_in().await;
    let key = mia.make_key("for later").await;
    let mut by_key = Person::with_key(http.clone(), &key);
    by_key.get("people").await.expect(200);
    put(issuer.url(), json!({ "mappings": [both[1]] })).await;
    mia.get("people").await.expect(403);
    by_key.get("people").await.expect(403);
    assert_eq!(
        (count("role_grant"), count("team_member"), count("oidc_given")),
        ("1".into(), "1".into(), "1".into())
    );
    // The groups are another claim's from now on.
    put(issuer.url(), json!({ "mappings": both, "groups_claim": "roles" })).await;
    assert_eq!((count("team_member"), count("oidc_given")), ("0".into(), "0".into()));
    // Another issuer: nobody comes back by whom the former named, and they are out.
    put(issuer.url(), json!({ "mappings": both })).await;
    let mut again = sign_in().await;
    again.get("people").await.expect(200);
    put("http://127.0.0.1:1", json!({ "mappings": both })).await;
    assert_eq!(again.standing().await, "signed-out");
    by_key.get("people").await.expect(403);
    assert_eq!((count("role_grant"), count("oidc_given")), ("1".into(), "0".into()));
}

#[tokio::test]
async fn the_second_factor_is_asked_for_after_a_provider_too() {
    let (scene, mut ada, issuer, id) = with_liar(json!({})).await;
    let http = scene.server.http();
    // She connects her account, then turns it on.
    let connect = format!("account/identities/{id}");
    let proof = |password: &str| Some(json!({ "password": password }));
    let wrong = ada.send(Method::POST, &connect, proof("not her password")).await.expect(403).problem();
    assert!(wrong.starts_with("403 own-password-wrong"), "{wrong}");
    let session = ada.cookie().expect("signed in").to_owned();
    let to = ada.send(Method::POST, &connect, proof(PASSWORD)).await.expect(200);
    let begun = begun_to_bind(&http, &to);
    issuer.gives(issuer.signed(&claims(&issuer, &begun)));
    let bound = begun.back("code", &begun.asked("state"), "").await.expect(303);
    assert_eq!(location(&bound), "/account#connect");
    let slips = cookies(&bound);
    assert!(
        slips.iter().any(|set| set.contains("SameSite=Strict") && set.contains("/account/identities;")),
        "{slips:?}"
    );
    let slip = kept(&bound);
    // The answer alone binds nobody, and nobody but the session that asked for it.
    assert_eq!(sql(&scene.server, "SELECT COUNT(*) FROM oidc_identity"), "0");
    let mut bob = longshore_tests::fake::another_administrator(&scene.server, "bob").await;
    let with_slip = format!("{}; {slip}", bob.cookie().expect("signed in"));
    bob = Person::with_cookie(http.clone(), &with_slip);
    let other = bob.send(Method::POST, "account/identities", None).await.expect(409).problem();
    assert!(other.starts_with("409 provider-state"), "{other}");
    let mut back = Person::with_cookie(http.clone(), &format!("{session}; {slip}"));
    back.send(Method::POST, "account/identities", None).await.expect(204);
    assert_eq!(sql(&scene.server, "SELECT COUNT(*) FROM oidc_identity"), "1");
    ada.sign_in(ADA, PASSWORD).await.expect(200);
    let offer = ada.send(Method::POST, "account/totp", None).await.expect(200).json();
    let mut app = Authenticator::of(offer["secret"].as_str().expect("a secret"));
    let app_and_password = json!({ "password": PASSWORD, "code": app.code().await });
    ada.send(Method::PUT, "account/totp", Some(app_and_password)).await.expect(200);

    let begun = Begun::at(&http, &id).await;
    issuer.gives(issuer.signed(&claims(&issuer, &begun)));
    let half = begun.back("code", &begun.asked("state"), "").await.expect(303);
    let mut half = Person::with_cookie(http, &half.cookie().expect("who owes the code").pair);
    assert_eq!(half.standing().await, "second-step");
    half.get("account/keys").await.expect(401);
    let code = json!({ "code": app.code().await });
    half.send(Method::POST, "session/second-step", Some(code)).await.expect(200);
    assert_eq!(half.standing().await, "signed-in");
    // What lets in for good is ended by both factors, and everybody else is out.
    let off = format!("{connect}/off");
    let wrong = half.send(Method::POST, &off, proof(PASSWORD)).await.expect(403).problem();
    assert!(wrong.starts_with("403 code-wrong"), "{wrong}");
    let both = Some(json!({ "password": PASSWORD, "code": app.code().await }));
    half.send(Method::POST, &off, both).await.expect(200);
    assert_eq!(
        (half.standing().await, ada.standing().await),
        ("signed-in".to_owned(), "signed-out".to_owned())
    );
    assert_eq!(sql(&scene.server, "SELECT COUNT(*) FROM oidc_identity"), "0");
}

#[tokio::test]
async fn who_owes_the_second_factor_gives_and_takes_nothing() {
    let mappings = json!([{ "value": "admins", "gives": { "role": "administrator" } }]);
    let (scene, mut ada, issuer, id) = with_liar(json!({ "mappings": mappings })).await;
    let http = scene.server.http();
    let come_back = async |groups: Value| {
        let begun = Begun::at(&http, &id).await;
        issuer.gives(issuer.signed(&but(&claims(&issuer, &begun), "groups", groups)));
        let back = begun.back("code", &begun.asked("state"), "").await.expect(303);
        Person::with_cookie(http.clone(), &back.cookie().expect("a cookie").pair)
    };
    let mut mia = come_back(json!([])).await;
    let account =
        mia.get("session").await.expect(200).json()["user"]["id"].as_str().expect("an id").to_owned();
    // There is nothing that she could change, and nothing that could prove who she is.
    let change = Some(json!({ "must_change": true }));
    ada.send(Method::PATCH, &format!("people/{account}"), change).await.expect(409).problem();
    let new = Some(json!({ "current": "", "new": PASSWORD }));
    let none = mia.send(Method::PUT, "account/password", new).await.expect(409).problem();
    assert!(none.starts_with("409 own-no-password"), "{none}");
    let password = scene.server.administered(&["reset-password", "mia", "--generate"]).await;
    let mut mia = Person::nobody(http.clone());
    mia.sign_in("mia", &password).await.expect(200);
    let offer = mia.send(Method::POST, "account/totp", None).await.expect(200).json();
    let mut app = Authenticator::of(offer["secret"].as_str().expect("a secret"));
    let proof = json!({ "password": password, "code": app.code().await });
    let codes = mia.send(Method::PUT, "account/totp", Some(proof)).await.expect(200).json();
    let mut recovery = codes["codes"].as_array().expect("codes").iter().cloned();

    let mut half = come_back(json!(["admins"])).await;
    mia.get("people").await.expect(403);
    let code = json!({ "code": recovery.next() });
    half.send(Method::POST, "session/second-step", Some(code)).await.expect(200);
    mia.get("people").await.expect(200);
    // Administrators see by whom somebody comes, and end it.
    let bound = ada.get(&format!("people/{account}/identities")).await.expect(200).json();
    assert_eq!((bound.as_array().map(Vec::len), &bound[0]["name"]), (Some(1), &json!("Harbour ID")));
    let mut late = come_back(json!(["admins"])).await;
    let key = mia.make_key("for later").await;
    let path = format!("people/{account}/identities/{id}");
    let unbound = ada.send(Method::DELETE, &path, None).await.expect(200);
    assert_eq!(unbound.json(), json!({ "keys": 1 }), "keys are no sessions");
    assert_eq!(Person::with_key(http.clone(), &key).standing().await, "signed-in");
    assert_eq!(
        (mia.standing().await, half.standing().await),
        ("signed-out".to_owned(), "signed-out".to_owned())
    );
    assert_eq!(sql(&scene.server, "SELECT COUNT(*) FROM role_grant"), "1");
    // What is half done by a provider ends with it.
    assert_eq!(late.standing().await, "signed-out");
    let code = json!({ "code": recovery.next() });
    late.send(Method::POST, "session/second-step", Some(code)).await.expect(403);
}

#[tokio::test]
async fn passwords_can_be_closed_for_all_but_one() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let secret = ada.send(Method::POST, "people", Some(json!({ "name": "mia" }))).await.expect(200).json();
    let accept = json!({ "secret": secret["secret"], "password": PASSWORD });
    let only = |name: &str| Some(json!({ "account": name }));
    let none = ada.send(Method::PUT, "oidc/passwords", only(ADA)).await.expect(409).problem();
    assert!(none.starts_with("409 passwords-no-provider"), "{none}");
    let issuer = Issuer::start().await;
    let provider = add(&mut ada, form(issuer.url(), "", json!({}))).await;
    for unfit in ["mia", "nobody-of-this-name"] {
        ada.send(Method::PUT, "oidc/passwords", only(unfit)).await.expect(400).problem();
    }
    ada.send(Method::PUT, "oidc/passwords", only(ADA)).await.expect(204);

    let mut mia = Person::nobody(scene.server.http());
    let closed =
        mia.send(Method::POST, "invitation/accept", Some(accept.clone())).await.expect(403).problem();
    assert!(closed.starts_with("403 passwords-closed"), "{closed}");
    let said = scene.server.admin(&["reset-password", ADA], &format!("{PASSWORD}\n")).await.stderr;
    assert!(!String::from_utf8_lossy(&said).contains("closed"), "it is open to her");
    ada.sign_in(ADA, PASSWORD).await.expect(200);
    let said = scene.server.admin(&["reset-password", "mia"], &format!("{PASSWORD}\n")).await.stderr;
    assert!(String::from_utf8_lossy(&said).contains("closed to all but ada"), "{said:?}");
    let new = scene.server.administered(&["reset-password", "mia", "--generate"]).await;
    let right = mia.sign_in("mia", &new).await.expect(403).problem();
    let wrong = mia.sign_in(ADA, "a wrong password of hers").await.expect(403).problem();
    assert_eq!(right, wrong, "which account it is open for is not told");
    Person::nobody(scene.server.http()).sign_in(ADA, PASSWORD).await.expect(200);
    let ways = Person::nobody(scene.server.http()).get("sign-in").await.expect(200).json();
    assert_eq!((&ways["passwords"], &ways["providers"][0]["name"]), (&json!(false), &json!("Harbour ID")));

    // The one account stays.
    let id = ada.get("session").await.expect(200).json()["user"]["id"].as_str().expect("an id").to_owned();
    longshore_tests::fake::another_administrator(&scene.server, "bob").await;
    ada.send(Method::DELETE, &format!("people/{id}"), None).await.expect(409).problem();
    ada.send(Method::PATCH, &format!("people/{id}"), Some(json!({ "disabled": true })))
        .await
        .expect(409)
        .problem();

    // And goes on looking after everything; and is not shut in with nobody else.
    let grants = ada.get("people").await.expect(200).json()["grants"].clone();
    let own = grants.as_array().expect("grants").iter().find(|one| one["subject"]["account"] == id.as_str());
    let grant = own.expect("her grant")["id"].as_str().expect("an id").to_owned();
    ada.send(Method::DELETE, &format!("grants/{grant}"), None).await.expect(409).problem();
    let last =
        ada.send(Method::DELETE, &format!("oidc/providers/{provider}"), None).await.expect(409).problem();
    assert!(last.starts_with("409 last-provider"), "{last}");

    scene.server.administered(&["open-sign-in"]).await;
    mia.sign_in("mia", &new).await.expect(200);
    for (path, method) in
        [("oidc", Method::GET), ("oidc/providers", Method::POST), ("oidc/passwords", Method::PUT)]
    {
        let body = (method != Method::GET).then(|| json!({}));
        assert_ne!(mia.send(method, path, body).await.status, 200, "{path}");
    }
    mia.get("oidc").await.expect(403);
}

#[tokio::test]
async fn the_pages_of_providers_shut_nobody_out_in_any_look() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let web = made(&mut ada, "teams", json!({ "name": "Web" })).await;
    let issuer = Issuer::start().await;
    let mappings = json!([
        { "value": "/platform/a-group-with-a-rather-long-name", "gives": { "team": web } },
        { "value": "admins", "gives": { "role": "administrator" } },
    ]);
    add(&mut ada, form(issuer.url(), "x", json!({ "mappings": mappings, "redirects": false }))).await;
    ada.invite("grace").await;
    let mut wrong = Vec::new();
    for (eyes, called) in [
        (Look::desk(), "desk"),
        (Look::desk().dark(), "desk.dark"),
        (Look::phone(), "phone"),
        (Look::phone().dark().language("zh-CN"), "phone.dark.zh-CN"),
        (Look::desk().language("zh-CN"), "desk.zh-CN"),
    ] {
        let browser = Browser::start(&eyes).await;
        browser.open(&scene.server.url("sign-in#provider-name-taken")).await;
        browser.appears("[data-trouble]").await;
        browser.look_over(&format!("oidc-trouble.{called}"), &mut wrong).await;
        browser.click("[data-action=\"to-sign-in\"]").await;
        browser.appears("[data-provider]").await;
        browser.look_over(&format!("oidc-sign-in.{called}"), &mut wrong).await;
        browser.sign_in(PASSWORD).await;
        browser.open(&scene.server.url("people?tab=sign-in")).await;
        browser.appears("[data-provider] [data-mapping]").await;
        browser.look_over(&format!("oidc-providers.{called}"), &mut wrong).await;
        browser.click("[data-action=\"edit-provider\"]").await;
        browser.appears("[role=\"dialog\"] input[name=\"value\"]").await;
        browser.look_over(&format!("oidc-edit.{called}"), &mut wrong).await;
        browser.script("document.querySelector('[role=dialog] [name=groups_claim]').scrollIntoView()").await;
        browser.look_over(&format!("oidc-edit-lower.{called}"), &mut wrong).await;
        browser.open(&scene.server.url("people?tab=sign-in")).await;
        browser.click("[data-action=\"close-passwords\"]").await;
        browser.appears("[role=\"dialog\"] input[name=\"account\"]").await;
        // Who has no provider is told by name.
        browser.reads("[role=\"dialog\"] [data-locked-out=\"1\"]", "grace").await;
        browser.look_over(&format!("oidc-close.{called}"), &mut wrong).await;
        browser.click("[data-action=\"confirm\"]").await;
        browser.appears("[data-passwords=\"ada\"]").await;
        let other = Browser::start(&eyes).await;
        other.open(&scene.server.url("")).await;
        other.appears("[data-action=\"by-password\"]").await;
        other.look_over(&format!("oidc-closed.{called}"), &mut wrong).await;
        other.click("[data-action=\"by-password\"]").await;
        other.sign_in(PASSWORD).await;
        other.open(&scene.server.url("account")).await;
        other.appears("[data-identity]").await;
        other.look_over(&format!("oidc-account.{called}"), &mut wrong).await;
        browser.click("[data-action=\"open-passwords\"]").await;
        browser.click("[data-action=\"confirm\"]").await;
        browser.appears("[data-passwords=\"everybody\"]").await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn who_came_in_by_a_password_is_out_when_passwords_are_closed() {
    let (scene, mut ada, issuer, id) = with_liar(json!({})).await;
    let http = scene.server.http();
    let begun = Begun::at(&http, &id).await;
    issuer.gives(issuer.signed(&claims(&issuer, &begun)));
    let back = begun.back("code", &begun.asked("state"), "").await.expect(303);
    let mut mia = Person::with_cookie(http.clone(), &kept(&back));
    let mut bob = longshore_tests::fake::another_administrator(&scene.server, "bob").await;
    let mut line = Live::open(&bob).await.expect("a line");
    bob.send(Method::PUT, "oidc/passwords", Some(json!({ "account": ADA }))).await.expect(204);
    soon("the end of his line", async { while line.next().await.is_some() {} }).await;
    let stand = [ada.standing().await, mia.standing().await, bob.standing().await];
    assert_eq!(stand, ["signed-in", "signed-in", "signed-out"]);
}
