//! Pages for people, teams and roles: in the browsers of two people at once.

use http::Method;
use longshore_tests::{
    Browser, Person, Scene,
    browser::{ESCAPE, Look},
    person::PASSWORD,
};
use serde_json::{Value, json};

const NEW: &str = "an entirely new pass phrase";

/// An account made by an administrator's browser, by its session.
async fn account(ada: &mut Person, name: &str) -> (String, Option<String>) {
    let made = ada.send(Method::POST, "people", Some(json!({ "name": name }))).await.expect(200).json();
    (text(&made["account"]), made["secret"].as_str().map(str::to_owned))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// Somebody who accepted an invitation, in no browser yet.
async fn person(ada: &mut Person, scene: &Scene, name: &str) -> (String, Person) {
    let (id, secret) = account(ada, name).await;
    let mut person = Person::nobody(scene.server.http());
    let form = json!({ "secret": secret, "password": PASSWORD });
    person.send(Method::POST, "invitation/accept", Some(form)).await.expect(200);
    (id, person)
}

/// Chooses in a list that opens.
async fn choose(browser: &Browser, name: &str, value: &str) {
    browser.click(&format!("select[name=\"{name}\"] option[value=\"{value}\"]")).await;
}

async fn sign_in_as(browser: &Browser, scene: &Scene, name: &str, password: &str) {
    browser.open(&scene.server.url("")).await;
    browser.fill("name", name).await;
    browser.fill("password", password).await;
    browser.click("button[type=submit]").await;
}

#[tokio::test]
async fn somebody_invited_sees_what_they_are_given_and_no_more_when_it_is_taken() {
    let scene = Scene::start().await;
    let web = scene.engine.run("web").await;
    let ada = Browser::start(&Look::desk()).await;
    ada.set_up(scene.server.set_up_link()).await;
    ada.click(".rail [href$=\"people\"]").await;
    ada.appears("tr[data-account=\"ada\"]").await;
    ada.click("[data-action=\"create\"]").await;
    ada.fill("name", "mia").await;
    ada.fill("display_name", "Mia Berg").await;
    ada.click("[data-action=\"confirm\"]").await;
    ada.appears("[data-shown=\"link\"]").await;
    let link = ada.text("[data-shown] .code pre").await;
    assert!(link.starts_with(&scene.server.url("invitation#")), "{link}");
    ada.click("[data-action=\"shown-done\"]").await;
    ada.vanishes("[data-shown]").await;
    // She is chosen, and nobody has given her anything.
    ada.appears("[data-person=\"mia\"]").await;
    ada.appears("tr[data-rights=\"local\"]:not([data-role])").await;
    ada.appears("tr[data-account=\"mia\"] .badge--info").await;

    let mia = Browser::start(&Look::desk()).await;
    mia.open(&link).await;
    mia.appears("[data-invited=\"mia\"]").await;
    let address = mia.url().await;
    assert!(!address.contains('#'), "the secret stays in the address: {address}");
    mia.fill("password", "short").await;
    mia.click("button[type=submit]").await;
    mia.appears(".field__error").await;
    mia.complaints().await;
    mia.fill("password", PASSWORD).await;
    mia.click("button[type=submit]").await;
    mia.appears("[data-refused=\"all\"]").await;
    mia.reads("[data-givers]", "Ada L.").await;
    assert_eq!(mia.barriers().await, Vec::<String>::new());
    mia.complaints().await;
    let rail = mia.script("return [...document.querySelectorAll('.rail__item')].map((a) => a.href)").await;
    assert!(!rail.to_string().contains("people"), "{rail}");

    ada.click("[data-person] [data-action=\"give\"]").await;
    choose(&ada, "role", "manager").await;
    choose(&ada, "scope", "host/local").await;
    ada.click("[data-action=\"confirm\"]").await;
    ada.appears("[data-person] [data-grant=\"manager\"]").await;
    ada.appears("tr[data-rights=\"local\"][data-role=\"manager\"]").await;
    ada.reads("tr[data-rights=\"local\"] th", "Manager on host").await;

    // By themselves: home fills, and so does the table.
    mia.vanishes("[data-refused]").await;
    mia.click(".rail [href$=\"containers\"]").await;
    mia.appears(&format!("tr[data-container=\"{web}\"]")).await;

    ada.click("[data-person] [data-action=\"take-away\"]").await;
    ada.click("[role=\"dialog\"] [data-action=\"confirm\"]").await;
    ada.vanishes("[data-person] [data-grant]").await;
    mia.vanishes("tr[data-container]").await;
    mia.appears("[data-refused=\"all\"]").await;

    // A link that was used leads nowhere, and says so.
    let eve = Browser::start(&Look::desk()).await;
    eve.open(&link).await;
    eve.appears(".trouble").await;
    eve.complaints().await;
    eve.click("[data-action=\"to-sign-in\"]").await;
    eve.appears("input[name=\"name\"]").await;
    ada.expect_no_complaint().await;
    mia.expect_no_complaint().await;
}

#[tokio::test]
async fn who_must_choose_a_new_password_does_that_before_anything_else() {
    let scene = Scene::start().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.set_up(scene.server.set_up_link()).await;
    let mut ada = Person::nobody(scene.server.http());
    ada.sign_in("ada", PASSWORD).await.expect(200);
    let (id, _) = person(&mut ada, &scene, "mia").await;
    let grant = json!({ "subject": { "account": id }, "scope": "everywhere", "role": "manager" });
    ada.send(Method::POST, "grants", Some(grant)).await.expect(200);
    let mia = Browser::start(&Look::desk()).await;
    sign_in_as(&mia, &scene, "mia", PASSWORD).await;
    mia.appears("[data-live=\"live\"]").await;

    browser.open(&scene.server.url(&format!("people/{id}"))).await;
    browser.click("[data-person] [aria-haspopup=\"menu\"]").await;
    browser.click("[data-action=\"must-change\"]").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.appears("[data-person] .badge--warn").await;

    // Her open page is led there at once.
    mia.appears("[data-door=\"must-change\"]").await;
    mia.vanishes(".shell").await;
    mia.complaints().await;
    assert_eq!(mia.barriers().await, Vec::<String>::new());
    mia.complaints().await;
    mia.open(&scene.server.url("containers")).await;
    mia.appears("[data-door=\"must-change\"]").await;
    mia.fill("current", PASSWORD).await;
    mia.fill("new", NEW).await;
    mia.click("button[type=submit]").await;
    mia.appears("[data-live=\"live\"]").await;
    browser.vanishes("[data-person] .badge--warn").await;
}

#[tokio::test]
async fn a_service_account_gets_keys_that_are_seen_once() {
    let scene = Scene::start().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.set_up(scene.server.set_up_link()).await;
    browser.open(&scene.server.url("people")).await;
    browser.click("[data-action=\"create\"]").await;
    browser.click("[data-kind=\"service\"]").await;
    browser.fill("name", "ci").await;
    choose(&browser, "role", "viewer").await;
    browser.appears("select[name=\"scope\"]").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.appears("[data-person=\"ci\"]").await;
    browser.appears("tr[data-rights=\"local\"][data-role=\"viewer\"]").await;
    browser.click("[data-action=\"new-key\"]").await;
    browser.fill("name", "pipeline").await;
    choose(&browser, "role", "viewer").await;
    browser.click("input[name=\"hosts\"][value=\"local\"]").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.appears("[data-shown=\"key\"]").await;
    let key = browser.text("[data-shown] .code pre").await;
    browser.press(ESCAPE).await;
    browser.vanishes("[data-shown]").await;
    browser.reads("[data-person] [data-key=\"pipeline\"]", "at most Viewer").await;
    assert!(!browser.script("return document.body.innerHTML").await.to_string().contains(&key));
    let mut ci = Person::with_key(scene.server.http(), &key);
    ci.get("hosts/local/docker/version").await.expect(200);
    browser.click("[data-person] [data-action=\"remove-key\"]").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.vanishes("[data-person] [data-key]").await;
    ci.get("hosts/local/docker/version").await.expect(401);
    browser.expect_no_complaint().await;
}
