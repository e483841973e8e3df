//! With a certified provider, mostly in the browser.

use http::Method;
use longshore_tests::{
    Browser, Provider, Scene,
    browser::Look,
    database::sql,
    person::PASSWORD,
    provider::{CLIENT_ID, CLIENT_SECRET},
};
use serde_json::{Value, json};
use url::Url;

use super::{Begun, add, made, trouble};

fn people() -> Value {
    json!({
        "s-mia": { "preferred_username": "mia", "name": "Mia Berg", "groups": ["web", "other"] },
        "s-ada": { "preferred_username": "ada", "name": "Not Ada", "groups": [] },
        "s-bob": { "preferred_username": "bob", "groups": "admins" },
    })
}

/// Through the provider's page, from ours.
async fn sign_in_there(browser: &Browser, login: &str) {
    browser.click("[data-provider=\"Harbour ID\"]").await;
    browser.fill("login", login).await;
    browser.click("button[type=submit]").await;
}

#[tokio::test]
async fn people_sign_in_through_a_certified_provider_and_are_kept_in_step() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let provider = Provider::start(&scene.server, people()).await;
    let web = made(&mut ada, "teams", json!({ "name": "Web" })).await;

    // An administrator makes it known in the browser.
    let desk = Browser::start(&Look::desk()).await;
    desk.open(&scene.server.url("people?tab=sign-in")).await;
    desk.sign_in(PASSWORD).await;
    desk.reads("[data-panel=\"callback\"] .code pre", &scene.server.url("api/v1/oidc/callback")).await;
    desk.click("[data-action=\"create\"]").await;
    desk.fill("name", "Harbour ID").await;
    desk.script("for (const name of ['issuer', 'scopes']) { const one = document.querySelector(`input[name=${name}]`); one.value = ''; one.dispatchEvent(new Event('input')); }").await;
    desk.fill("issuer", provider.issuer()).await;
    desk.fill("client_id", CLIENT_ID).await;
    desk.fill("client_secret", CLIENT_SECRET).await;
    desk.fill("scopes", "profile groups").await;
    desk.click("[data-action=\"add-mapping\"]").await;
    desk.fill("value", "web").await;
    desk.click(&format!("select[name=\"gives\"] option[value=\"team/{web}\"]")).await;
    desk.click("input[name=\"provider_does\"][value=\"makes_accounts\"]").await;
    desk.click("[data-action=\"confirm\"]").await;
    desk.appears("[data-provider=\"Harbour ID\"] [data-mapping=\"web\"]").await;
    let rows = sql(&scene.server, "SELECT client_secret FROM oidc_provider");
    assert!(!rows.is_empty() && !rows.contains("secret of clients"), "{rows}");
    let shown = ada.get("oidc").await.expect(200).text();
    assert!(shown.contains("\"has_secret\":true") && !shown.contains("secret of clients"), "{shown}");

    // Somebody whom nobody here knows gets an account, and what their groups give.
    let grant = json!({ "subject": { "team": web }, "scope": "everywhere", "role": "manager" });
    ada.send(Method::POST, "grants", Some(grant)).await.expect(200);
    let mia = Browser::start(&Look::desk()).await;
    mia.open(&scene.server.url("images?host=local")).await;
    sign_in_there(&mia, "s-mia").await;
    mia.appears("[data-live=\"live\"]").await;
    assert_eq!(mia.url().await, scene.server.url("images?host=local"), "back on the page that was wanted");
    let session = "const r = new XMLHttpRequest(); r.open('GET', '/api/v1/session', false); r.send(); return r.responseText";
    let who: Value = serde_json::from_str(mia.script(session).await.as_str().expect("a text")).expect("JSON");
    assert_eq!((&who["user"]["name"], &who["user"]["display_name"]), (&json!("mia"), &json!("Mia Berg")));
    assert_eq!(who["user"]["roles"]["everywhere"], "manager");
    mia.expect_no_complaint().await;
    desk.open(&scene.server.url("people")).await;
    desk.appears("tr[data-account=\"mia\"]").await;
    desk.vanishes("tr[data-account=\"mia\"] .badge").await;

    // Whoever is in the group no longer is in the team no longer, at the next sign-in.
    let out = json!({ "s-mia": { "preferred_username": "mia.new", "groups": ["other"] }, "s-ada": people()["s-ada"] });
    provider.people(out).await;
    let again = Browser::start(&Look::desk()).await;
    again.open(&scene.server.url("")).await;
    sign_in_there(&again, "s-mia").await;
    again.appears("[data-refused=\"all\"]").await;
    mia.appears("[data-refused=\"all\"]").await;
    assert_eq!(
        sql(&scene.server, "SELECT group_concat(name) FROM account ORDER BY name"),
        "ada,mia",
        "the same account"
    );

    // A name that another account has is that account's.
    let eve = Browser::start(&Look::desk()).await;
    eve.open(&scene.server.url("")).await;
    sign_in_there(&eve, "s-ada").await;
    eve.appears("[data-trouble=\"provider-name-taken\"]").await;
    assert!(!eve.url().await.contains('#'), "{}", eve.url().await);
    eve.click("[data-action=\"to-sign-in\"]").await;
    eve.appears("[data-provider]").await;
    // The account's own person connects it, and comes in by it then.
    desk.open(&scene.server.url("account")).await;
    desk.click("[data-identity=\"Harbour ID\"] [data-action=\"bind\"]").await;
    desk.fill("password", PASSWORD).await;
    desk.click("[role=\"dialog\"] [data-action=\"confirm\"]").await;
    desk.fill("login", "s-ada").await;
    desk.click("button[type=submit]").await;
    desk.appears("[data-identity=\"Harbour ID\"][data-bound]").await;
    // The provider knows this browser still.
    eve.click("[data-provider=\"Harbour ID\"]").await;
    eve.appears("[data-live=\"live\"]").await;
    eve.open(&scene.server.url("audit")).await;
    eve.appears("main").await;

    // Who signs in by what is in the list, and whoever came by the provider alone has no password to change.
    desk.open(&scene.server.url("people")).await;
    desk.reads("tr[data-account=\"ada\"] .people__by", "Password, Harbour ID").await;
    desk.reads("tr[data-account=\"mia\"] .people__by", "Harbour ID").await;
    desk.picture("people-by").await;
    again.open(&scene.server.url("account")).await;
    again.reads("[data-panel=\"password\"]", "This account has no password").await;
    again.vanishes("[data-action=\"change-password\"]").await;
    // What is taken away by an administrator leaves the keys, and the dialog says so and leads there.
    desk.open(&scene.server.url("account")).await;
    desk.appears("[data-panel=\"keys\"]").await;
    desk.click("[data-identity=\"Harbour ID\"] [data-action=\"unbind\"]").await;
    desk.reads("[role=\"dialog\"] [data-said=\"keys-go-on\"]", "go on working").await;
    desk.picture("unbind-own").await;
    desk.click("[role=\"dialog\"] [data-action=\"to-keys\"]").await;
    desk.vanishes("[role=\"dialog\"]").await;
    desk.holds("document.activeElement.closest('[data-panel=keys]') !== null").await;

    // Of others an administrator sees by whom they sign in, and ends it; they are out at once.
    let people = ada.get("people").await.expect(200).json();
    let mia = people["accounts"].as_array().expect("accounts").iter().find(|one| one["name"] == "mia");
    let mia = mia.expect("mia")["id"].as_str().expect("an id").to_owned();
    desk.open(&scene.server.url(&format!("people/{mia}"))).await;
    desk.appears("[data-identity=\"Harbour ID\"]").await;
    desk.picture("identities-of").await;
    desk.click("[data-identity=\"Harbour ID\"] [data-action=\"unbind\"]").await;
    desk.reads("[role=\"dialog\"]", "Harbour ID").await;
    desk.picture("unbind-of").await;
    desk.click("[role=\"dialog\"] [data-action=\"confirm\"]").await;
    desk.vanishes("[data-identity=\"Harbour ID\"]").await;
    again.appears("input[name=\"name\"]").await;

    // Somebody whom the provider no longer has comes no further than its page.
    provider.people(json!({})).await;
    let gone = Browser::start(&Look::desk()).await;
    gone.open(&scene.server.url("")).await;
    sign_in_there(&gone, "s-mia").await;
    gone.appears("[data-trouble=\"provider-denied\"]").await;

    // Without the provider, whom it let in is out.
    let id =
        ada.get("oidc").await.expect(200).json()["providers"][0]["id"].as_str().expect("an id").to_owned();
    ada.send(Method::DELETE, &format!("oidc/providers/{id}"), None).await.expect(204);
    eve.appears("input[name=\"name\"]").await;
    assert_eq!(sql(&scene.server, "SELECT COUNT(*) FROM oidc_given"), "0");
}

#[tokio::test]
async fn an_answer_is_taken_once_and_by_the_browser_that_asked() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let provider = Provider::start(&scene.server, people()).await;
    let id = add(&mut ada, provider.form(json!({}))).await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("")).await;
    sign_in_there(&browser, "s-mia").await;
    browser.appears(".shell, [data-refused]").await;
    let answered = Url::parse(&provider.last().await).expect("a URL");
    let code = answered.query_pairs().find(|(key, _)| key == "code").expect("a code").1.into_owned();
    let iss = format!("&iss={}", provider.issuer());

    // The address once more, in that browser and in another.
    for browser in [&browser, &Browser::start(&Look::desk()).await] {
        browser.open(answered.as_str()).await;
        browser.appears("[data-trouble=\"provider-state\"]").await;
    }
    // The code once more, for a sign-in that was really begun: the provider refuses it.
    let begun = Begun::at(&scene.server.http(), &id).await;
    assert_eq!(begun.asked("code_challenge_method"), "S256");
    let back = begun.back(&code, &begun.asked("state"), &iss).await;
    assert_eq!(trouble(back), "provider-unreachable");
    // Another state, and none.
    let other = Begun::at(&scene.server.http(), &id).await;
    assert_eq!(trouble(begun.back(&code, &other.asked("state"), &iss).await), "provider-state");
    assert_eq!(trouble(begun.back(&code, "", &iss).await), "provider-state");
    // An answer that is another issuer's, or nobody's.
    let another = begun.back(&code, &begun.asked("state"), "&iss=https://other.example").await;
    assert_eq!(trouble(another), "provider-disbelieved");
    assert_eq!(trouble(begun.back(&code, &begun.asked("state"), "").await), "provider-disbelieved");
    assert_eq!(trouble(begun.back("", &begun.asked("state"), &iss).await), "provider-disbelieved");
    assert_eq!(sql(&scene.server, "SELECT COUNT(*) FROM account"), "2");
}

#[tokio::test]
async fn every_algorithm_that_is_believed_is_one_of_the_certified_provider() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    for (n, algorithm) in ["ES256", "EdDSA"].into_iter().enumerate() {
        let subject = format!("s-{n}");
        let people = json!({ &subject: { "preferred_username": format!("person-{n}") } });
        let provider =
            Provider::start_with(&scene.server.url("api/v1/oidc/callback"), algorithm, people).await;
        let id = add(&mut ada, provider.form(json!({}))).await;
        let browser = Browser::start(&Look::desk()).await;
        browser.open(&scene.server.url("")).await;
        sign_in_there(&browser, &subject).await;
        browser.appears("[data-refused=\"all\"]").await;
        ada.send(Method::DELETE, &format!("oidc/providers/{id}"), None).await.expect(204);
    }
}
