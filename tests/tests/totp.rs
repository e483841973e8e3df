//! Two-factor authentication: turned on by its person, asked for at every way in, and no session before.

use http::Method;
use longshore_tests::{
    Answer, Browser, FakeScene, Person, Scene,
    authenticator::{self, Authenticator},
    browser::Look,
    database::{sql, until},
    person::{ADA, PASSWORD},
    text,
};
use serde_json::{Value, json};

/// Turns it on by REST: the app, and the recovery codes.
async fn turn_on(person: &mut Person) -> (Authenticator, Vec<String>) {
    authenticator::turn_on(person, PASSWORD).await
}

async fn second_step(person: &mut Person, code: &str) -> Answer {
    person.send(Method::POST, "session/second-step", Some(json!({ "code": code }))).await
}

/// Somebody who has shown the password.
async fn half_in(scene: &FakeScene, name: &str) -> Person {
    let mut person = Person::nobody(scene.server.http());
    person.sign_in(name, PASSWORD).await.expect(202);
    person
}

#[tokio::test]
async fn a_person_turns_it_on_signs_in_with_it_and_turns_it_off() {
    let scene = Scene::start().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.set_up(scene.server.set_up_link()).await;
    let mut elsewhere = Person::nobody(scene.server.http());
    elsewhere.sign_in(ADA, PASSWORD).await.expect(200);

    browser.open(&scene.server.url("account")).await;
    browser.appears("[data-panel=\"totp\"][data-totp=\"off\"]").await;
    browser.click("[data-action=\"totp-set-up\"]").await;
    browser.appears(".account__qr path[d^=\"M4 4h7v1h-7z\"]").await;
    let mut app = Authenticator::of(&browser.text("[data-secret] .code pre").await);
    browser.fill("code", &app.old_code()).await;
    browser.fill("password", PASSWORD).await;
    browser.click("[data-action=\"totp-on\"]").await;
    browser.appears(".account__totp .field__error").await;
    browser.complaints().await;
    assert_eq!(elsewhere.standing().await, "signed-in", "nothing has changed yet");
    browser.script("document.querySelector('input[name=code]').select()").await;
    browser.fill("code", &app.code().await).await;
    browser.click("[data-action=\"totp-on\"]").await;
    browser.appears("[data-shown=\"recovery-codes\"]").await;
    let codes = browser.text("[data-shown] .code pre").await;
    let codes: Vec<&str> = codes.split_whitespace().collect();
    assert_eq!(codes.len(), 10, "{codes:?}");
    browser.click("[data-action=\"codes-done\"]").await;
    browser.vanishes("[data-shown]").await;
    browser.appears("[data-totp=\"on\"] [data-recovery=\"10\"]").await;
    let page = browser.script("return document.body.innerHTML").await.to_string();
    assert!(!page.contains(codes[0]), "they are seen once");
    // This browser goes on; whoever had signed in with one factor does not.
    assert_eq!(elsewhere.standing().await, "signed-out");

    browser.click(".top__account").await;
    browser.click("[role=\"menu\"] [data-action=\"sign-out\"]").await;
    // The account page has a field of that name too.
    browser.appears(".door input[name=\"name\"]").await;
    browser.fill("name", ADA).await;
    browser.fill("password", PASSWORD).await;
    browser.click("button[type=submit]").await;
    browser.appears("[data-door=\"second-step\"]").await;
    browser.reload().await;
    browser.appears("[data-door=\"second-step\"]").await;
    browser.fill("code", "000 000").await;
    browser.click("button[type=submit]").await;
    browser.appears(".field__error").await;
    browser.complaints().await;
    let code = app.code().await;
    browser.fill("code", &code).await;
    browser.click("button[type=submit]").await;
    browser.appears("[data-live=\"live\"]").await;

    // A code is worth nothing once it was used; a recovery code is taken in its place, once.
    let second = Browser::start(&Look::desk()).await;
    second.open(&scene.server.url("account")).await;
    second.fill("name", ADA).await;
    second.fill("password", PASSWORD).await;
    second.click("button[type=submit]").await;
    second.fill("code", &code).await;
    second.click("button[type=submit]").await;
    second.appears(".field__error").await;
    second.complaints().await;
    second.fill("code", &codes[3].to_uppercase()).await;
    second.click("button[type=submit]").await;
    second.appears("[data-totp=\"on\"] [data-recovery=\"9\"]").await;

    second.click("[data-action=\"totp-renew\"]").await;
    second.fill("code", &app.code().await).await;
    second.fill("password", PASSWORD).await;
    second.click("[data-action=\"confirm\"]").await;
    second.appears("[data-shown=\"recovery-codes\"]").await;
    let fresh = second.text("[data-shown] .code pre").await;
    assert!(!fresh.contains(codes[0]), "those from before are gone");
    second.click("[data-action=\"codes-done\"]").await;
    second.click("[data-action=\"totp-off\"]").await;
    second.fill("code", fresh.split_whitespace().next().expect("ten of them")).await;
    second.fill("password", PASSWORD).await;
    second.click("[data-action=\"confirm\"]").await;
    second.appears("[data-totp=\"off\"]").await;
    Person::nobody(scene.server.http()).sign_in(ADA, PASSWORD).await.expect(200);
    browser.expect_no_complaint().await;
    second.expect_no_complaint().await;
}

#[tokio::test]
async fn there_is_no_session_before_both_factors_were_shown() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let key = ada.make_key("ci").await;
    let (mut app, _) = turn_on(&mut ada).await;

    let mut eve = Person::nobody(scene.server.http());
    let half = eve.sign_in(ADA, PASSWORD).await.expect(202);
    assert_eq!(half.json(), json!({ "state": "second-step" }));
    let cookie = half.cookie().expect("it tells who was asked").line;
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/session;", "Max-Age=300"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    assert_eq!(sql(&scene.server, "SELECT COUNT(*) FROM session"), "1", "hers alone");
    assert_eq!(eve.standing().await, "second-step");
    for path in ["account/sessions", "people", "hosts/local/docker/version"] {
        eve.get(path).await.expect(401);
    }
    // Its token is no session's, by whichever name it is sent.
    let token = eve.cookie().expect("half in").split_once('=').expect("a pair").1.to_owned();
    let session = ada.cookie().expect("signed in").split_once('=').expect("a pair").0.to_owned();
    Person::with_cookie(scene.server.http(), &format!("{session}={token}"))
        .get("account/keys")
        .await
        .expect(401);

    // Too old, then right, then the same once more.
    second_step(&mut eve, &app.old_code()).await.expect(403).problem();
    let code = app.code().await;
    let mut other = half_in(&scene, ADA).await;
    second_step(&mut eve, &code).await.expect(200);
    assert_eq!(eve.standing().await, "signed-in");
    let again = second_step(&mut other, &code).await.expect(403).problem();
    assert!(again.starts_with("403 code-wrong"), "{again}");
    assert_eq!(other.standing().await, "second-step");
    other.sign_out().await.expect(204);
    assert_eq!(other.standing().await, "signed-out");

    // Keys are of programs: they hold as ever. The secret is nowhere to be read.
    Person::with_key(scene.server.http(), &key).get("hosts/local/docker/version").await.expect(200);
    let rows = sql(
        &scene.server,
        "SELECT secret FROM totp; SELECT digest FROM recovery_code; SELECT digest FROM sign_in_step",
    );
    assert!(!rows.is_empty() && !rows.contains(&app.written()) && !rows.contains(&token), "{rows}");
}

#[tokio::test]
async fn a_code_that_two_bring_at_once_lets_one_in() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let (mut app, codes) = turn_on(&mut ada).await;
    let code = app.code().await;
    for code in [code.as_str(), codes[0].as_str()] {
        let (mut one, mut two) = (half_in(&scene, ADA).await, half_in(&scene, ADA).await);
        let (first, second) = tokio::join!(second_step(&mut one, code), second_step(&mut two, code));
        let mut both = [first.status, second.status];
        both.sort_unstable();
        assert_eq!(both, [200, 403], "{code}");
    }
}

#[tokio::test]
async fn who_guesses_gets_nowhere() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let (mut app, _) = turn_on(&mut ada).await;
    let mut eve = half_in(&scene, ADA).await;
    for _ in 0..5 {
        second_step(&mut eve, "123456").await.expect(403).problem();
    }
    // The password is to be shown again, whatever the code.
    let over = second_step(&mut eve, &app.code().await).await.expect(403).problem();
    assert!(over.starts_with("403 sign-in-over"), "{over}");
    assert_eq!(eve.standing().await, "signed-out");
    let mut eve = half_in(&scene, ADA).await;
    for _ in 0..5 {
        second_step(&mut eve, "123456").await.expect(403).problem();
    }
    let mut eve = half_in(&scene, ADA).await;
    second_step(&mut eve, "123456").await.expect(429).problem();
    // One that was begun too long ago.
    let mut late = half_in(&scene, ADA).await;
    sql(&scene.server, "UPDATE sign_in_step SET created_at = created_at - 301000");
    assert_eq!(late.standing().await, "signed-out");
    second_step(&mut late, &app.code().await).await.expect(403);
    let told = "SELECT COUNT(*) > 0 FROM audit
                WHERE operation = 'sign-in-code' AND account_name = 'ada' AND outcome = 'refused'";
    until(&scene.server, "the refusals", told, |said| said == "1").await;
}

#[tokio::test]
async fn who_has_the_password_does_not_use_up_the_codes_of_the_owner() {
    let scene = FakeScene::start_with(1, &["--trusted-proxies", "127.0.0.1"]).await;
    let mut ada = scene.administrator().await;
    let (mut app, recovery) = turn_on(&mut ada).await;
    let half_in_from = async |address: &str| {
        let mut person = Person::nobody(scene.server.http()).coming_from(address);
        person.sign_in(ADA, PASSWORD).await.expect(202);
        person
    };
    // Guesses from an address until no more are taken.
    let guess_from = async |address: &str| {
        for _ in 0..2 {
            let mut eve = half_in_from(address).await;
            for _ in 0..5 {
                second_step(&mut eve, "123456").await.expect(403).problem();
            }
        }
        let mut eve = half_in_from(address).await;
        second_step(&mut eve, "123456").await.expect(429).problem();
    };
    let mut began_before = half_in_from("198.51.100.1").await;
    guess_from("203.0.113.1").await;
    second_step(&mut half_in_from("198.51.100.2").await, &app.code().await).await.expect(200);
    for n in 2..=4 {
        guess_from(&format!("203.0.113.{n}")).await;
    }
    // Nine are left to those from anywhere.
    let mut eve = half_in_from("203.0.113.5").await;
    for _ in 0..5 {
        second_step(&mut eve, "123456").await.expect(403);
    }
    let mut eve = half_in_from("203.0.113.5").await;
    for _ in 0..4 {
        second_step(&mut eve, "123456").await.expect(403);
    }
    let code = app.code().await;
    second_step(&mut began_before, &code).await.expect(429).problem();
    // She comes from where she was before, or with a code that nobody guesses; and what she began goes on.
    let mut at_home = half_in_from("127.0.0.1").await;
    second_step(&mut at_home, &code).await.expect(200);
    second_step(&mut began_before, &recovery[0]).await.expect(200);
    assert_eq!(began_before.standing().await, "signed-in");
}

#[tokio::test]
async fn no_other_way_in_goes_round_it() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let (id, mut mia) = ada.invite("mia").await;
    let (mut app, _) = turn_on(&mut mia).await;
    let people = ada.get("people").await.expect(200).json();
    let listed = people["accounts"].as_array().expect("accounts").iter().find(|one| one["name"] == "mia");
    assert_eq!(listed.expect("mia")["totp"], true);

    // A link stands for the password, and ends what was half done.
    let mut half = half_in(&scene, "mia").await;
    let link = ada.send(Method::POST, &format!("people/{id}/link"), None).await.expect(200).json();
    let form = json!({ "secret": text(&link["secret"]), "password": "an entirely new pass phrase" });
    let mut thief = Person::nobody(scene.server.http());
    thief.send(Method::POST, "invitation/accept", Some(form)).await.expect(202);
    assert_eq!(thief.standing().await, "second-step");
    assert_eq!(half.standing().await, "signed-out");
    second_step(&mut thief, &app.code().await).await.expect(200);

    // So does the command line's new password.
    let new = scene.server.administered(&["reset-password", "mia", "--generate"]).await;
    assert_eq!(thief.standing().await, "signed-out");
    thief.sign_in("mia", &new).await.expect(202);
    // Whoever is shut out is out, half in or not.
    ada.send(Method::PATCH, &format!("people/{id}"), Some(json!({ "disabled": true }))).await.expect(204);
    second_step(&mut thief, &app.code().await).await.expect(403);
    ada.send(Method::PATCH, &format!("people/{id}"), Some(json!({ "disabled": false }))).await.expect(204);

    // Only an administrator takes it away, or whoever has the data folder.
    thief.send(Method::DELETE, &format!("people/{id}/totp"), None).await.expect(401);
    ada.send(Method::DELETE, &format!("people/{id}/totp"), None).await.expect(204);
    ada.send(Method::DELETE, &format!("people/{id}/totp"), None).await.expect(409).problem();
    mia.sign_in("mia", &new).await.expect(200);
    mia.send(Method::DELETE, &format!("people/{id}/totp"), None).await.expect(403);
    authenticator::turn_on(&mut mia, &new).await;
    scene.server.administered(&["totp-off", "mia"]).await;
    mia.sign_in("mia", &new).await.expect(200);
    for name in ["mia", "nobody-of-this-name"] {
        let done = scene.server.admin(&["totp-off", name], "").await;
        assert!(!done.status.success(), "{name}");
    }
    let told = sql(
        &scene.server,
        "SELECT account_name, door, target, outcome FROM audit WHERE operation = 'totp-remove' ORDER BY id",
    );
    let told: Vec<&str> = told.lines().collect();
    assert_eq!(told[0], "ada|session|account mia|done");
    assert_eq!(told[1], "ada|session|account mia|failed");
    assert!(told[2].ends_with("|machine|account mia|done"), "{told:?}");
}

#[tokio::test]
async fn changes_of_it_need_the_password_and_a_code() {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let key = ada.make_key("ci").await;
    Person::with_key(scene.server.http(), &key).send(Method::POST, "account/totp", None).await.expect(403);
    let proof = |password: &str, code: &str| Some(json!({ "password": password, "code": code }));
    let nothing =
        ada.send(Method::PUT, "account/totp", proof(PASSWORD, "123456")).await.expect(409).problem();
    assert!(nothing.starts_with("409 totp-no-offer"), "{nothing}");
    let offer = ada.send(Method::POST, "account/totp", None).await.expect(200).json();
    let mut app = Authenticator::of(offer["secret"].as_str().expect("a secret"));
    let code = app.code().await;
    let wrong =
        ada.send(Method::PUT, "account/totp", proof("not the password", &code)).await.expect(403).json();
    assert_eq!(wrong["field"], "password");
    // A second offer takes the place of the first.
    let offer = ada.send(Method::POST, "account/totp", None).await.expect(200).json();
    ada.send(Method::PUT, "account/totp", proof(PASSWORD, &code)).await.expect(403);
    let mut app = Authenticator::of(offer["secret"].as_str().expect("a secret"));
    ada.send(Method::PUT, "account/totp", proof(PASSWORD, &app.code().await)).await.expect(200);
    ada.send(Method::POST, "account/totp", None).await.expect(409);
    for path in ["account/totp/off", "account/totp/recovery-codes"] {
        let wrong =
            ada.send(Method::POST, path, proof("not the password", &app.code().await)).await.expect(403);
        assert_eq!(wrong.json()["field"], "password");
        let wrong = ada.send(Method::POST, path, proof(PASSWORD, "123456")).await.expect(403);
        assert_eq!(wrong.json()["field"], "code");
    }
    assert!(ada.get("account/totp").await.expect(200).json()["since"].is_i64());
}

#[tokio::test]
async fn the_pages_of_it_shut_nobody_out_in_any_look() {
    let mut wrong = Vec::new();
    for (eyes, called) in [
        (Look::desk(), "desk"),
        (Look::desk().dark(), "desk.dark"),
        (Look::phone(), "phone"),
        (Look::phone().dark().language("zh-CN"), "phone.dark.zh-CN"),
        (Look::desk().language("zh-CN"), "desk.zh-CN"),
    ] {
        // Each with a server of its own: how often somebody may try is bounded.
        let scene = Scene::start().await;
        scene.administrator().await;
        let browser = Browser::start(&eyes).await;
        browser.open(&scene.server.url("account")).await;
        browser.sign_in(PASSWORD).await;
        browser.appears("[data-panel=\"totp\"]").await;
        browser.look_over(&format!("totp-off.{called}"), &mut wrong).await;
        browser.click("[data-action=\"totp-set-up\"]").await;
        browser.appears(".account__qr").await;
        browser.look_over(&format!("totp-set-up.{called}"), &mut wrong).await;
        let mut app = Authenticator::of(&browser.text("[data-secret] .code pre").await);
        browser.fill("code", &app.code().await).await;
        browser.fill("password", PASSWORD).await;
        browser.click("[data-action=\"totp-on\"]").await;
        browser.appears("[data-shown=\"recovery-codes\"]").await;
        browser.look_over(&format!("totp-codes.{called}"), &mut wrong).await;
        let codes = browser.text("[data-shown] .code pre").await;
        browser.click("[data-action=\"codes-done\"]").await;
        browser.appears("[data-totp=\"on\"]").await;
        browser.look_over(&format!("totp-on.{called}"), &mut wrong).await;
        browser.click("[data-action=\"totp-off\"]").await;
        browser.appears("[role=\"dialog\"] input[name=\"code\"]").await;
        browser.look_over(&format!("totp-proof.{called}"), &mut wrong).await;
        let other = Browser::start(&eyes).await;
        other.open(&scene.server.url("")).await;
        other.fill("name", ADA).await;
        other.fill("password", PASSWORD).await;
        other.click("button[type=submit]").await;
        other.appears("[data-door=\"second-step\"]").await;
        other.look_over(&format!("second-step.{called}"), &mut wrong).await;
        other.fill("code", codes.split_whitespace().next().expect("ten of them")).await;
        other.click("button[type=submit]").await;
        other.appears("[data-live=\"live\"]").await;
        let id = text(&ada_id(&other).await);
        other.open(&scene.server.url(&format!("people/{id}"))).await;
        other.click("[data-person] [aria-haspopup=\"menu\"]").await;
        other.click("[data-action=\"totp-remove\"]").await;
        other.appears("[role=\"dialog\"] [data-action=\"confirm\"]").await;
        other.look_over(&format!("totp-remove.{called}"), &mut wrong).await;
        other.click("[role=\"dialog\"] [data-action=\"confirm\"]").await;
        other.vanishes("[role=\"dialog\"]").await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn ada_id(browser: &Browser) -> Value {
    browser.script("const r = new XMLHttpRequest(); r.open('GET', '/api/v1/session', false); r.send(); return JSON.parse(r.responseText).user.id").await
}
