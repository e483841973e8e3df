//! Sign-in through providers of OpenID Connect: with a real one in the browser, and with one that lies.

use http::{HeaderMap, HeaderValue, Method};
use longshore_tests::{
    Answer, Browser, FakeScene, Http, Issuer, Person, Provider, Scene,
    authenticator::Authenticator,
    browser::Look,
    database::sql,
    person::{ADA, PASSWORD},
    provider::{CLIENT_ID, form},
};
use serde_json::{Value, json};
use url::Url;

/// A sign-in that a browser without pages of ours has begun.
struct Begun {
    http: Http,
    cookie: String,
    /// What the provider was asked.
    asked: Url,
}

impl Begun {
    async fn at(http: &Http, provider: &str) -> Self {
        let answer = http.get(&format!("api/v1/oidc/{provider}/begin?to=/containers")).await.expect(303);
        let cookie = answer.cookie().expect("what was begun is remembered");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/api/v1/oidc;", "Max-Age=600"] {
            assert!(cookie.line.contains(part), "{part}: {}", cookie.line);
        }
        let asked = Url::parse(&location(&answer)).expect("a URL");
        Self { http: http.clone(), cookie: cookie.pair, asked }
    }

    fn asked(&self, name: &str) -> String {
        let value = self.asked.query_pairs().find(|(key, _)| key == name);
        value.unwrap_or_else(|| panic!("no {name}: {}", self.asked)).1.into_owned()
    }

    async fn back(&self, code: &str, state: &str, further: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", HeaderValue::from_str(&self.cookie).expect("a cookie"));
        let path = format!("api/v1/oidc/callback?code={code}&state={state}{further}");
        self.http.send(Method::GET, &path, &headers, None).await
    }
}

fn location(answer: &Answer) -> String {
    answer.headers["location"].to_str().expect("an address").to_owned()
}

/// Where somebody is led who is not let in, and that no session is set.
fn trouble(answer: Answer) -> String {
    let answer = answer.expect(303);
    for set in answer.headers.get_all("set-cookie") {
        let set = set.to_str().expect("a text");
        // Other sign-ins of the same browser go on.
        let of_others = set.split_once('=').is_some_and(|(name, _)| name.ends_with("_oidc"));
        assert!(of_others || set.contains("Max-Age=0"), "{set}");
    }
    let to = location(&answer);
    to.strip_prefix("/sign-in#").unwrap_or_else(|| panic!("led to {to}")).to_owned()
}

/// The same, where another sign-in of the browser goes on.
fn trouble_beside(answer: Answer) -> String {
    let answer = answer.expect(303);
    let kept = answer.cookie().expect("the other is remembered");
    assert!(kept.line.contains("Max-Age=600"), "{}", kept.line);
    location(&answer).trim_start_matches("/sign-in#").to_owned()
}

async fn add(ada: &mut Person, form: Value) -> String {
    let made = ada.send(Method::POST, "oidc/providers", Some(form)).await.expect(200).json();
    made["id"].as_str().expect("an id").to_owned()
}

async fn made(ada: &mut Person, path: &str, body: Value) -> String {
    let made = ada.send(Method::POST, path, Some(body)).await.expect(200).json();
    made["id"].as_str().or(made["account"].as_str()).expect("an id").to_owned()
}

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
    desk.fill("client_secret", longshore_tests::provider::CLIENT_SECRET).await;
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
    again.appears("input[name=\"name\"]").await;
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
    // Two tabs at once: each comes in by its own.
    let first = Begun::at(&scene.server.http(), &id).await;
    let mut headers = HeaderMap::new();
    headers.insert("cookie", HeaderValue::from_str(&first.cookie).expect("a cookie"));
    let path = format!("api/v1/oidc/{id}/begin?to=/images");
    let second = scene.server.http().send(Method::GET, &path, &headers, None).await.expect(303);
    let both = second.cookie().expect("remembered").pair;
    let of_both = Begun { cookie: both, ..first };
    let denied = of_both.back("", &of_both.asked("state"), &format!("{iss}&error=access_denied")).await;
    assert_eq!(trouble_beside(denied), "provider-denied", "the first is known beside the second");
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

/// A server with a provider that lies, and the id that it has there.
async fn with_liar(further: Value) -> (FakeScene, Person, Issuer, String) {
    let scene = FakeScene::start(1).await;
    let mut ada = scene.administrator().await;
    let issuer = Issuer::start().await;
    let id = add(&mut ada, form(issuer.url(), "", further)).await;
    (scene, ada, issuer, id)
}

/// What a token should say for a sign-in that was begun.
fn claims(issuer: &Issuer, begun: &Begun) -> Value {
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    json!({
        "iss": issuer.url(), "aud": CLIENT_ID, "sub": "s-1", "nonce": begun.asked("nonce"), "iat": now, "exp": now + 300,
        "preferred_username": "mia",
    })
}

fn but(claims: &Value, key: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    if value.is_null() {
        claims.as_object_mut().expect("claims").remove(key);
    } else {
        claims[key] = value;
    }
    claims
}

/// Brings each of these tokens; none lets anybody in.
async fn disbelieved(http: &Http, issuer: &Issuer, begun: &Begun, lies: Vec<(&str, String)>) {
    for (what, token) in lies {
        issuer.gives(token);
        let answer = begun.back("code", &begun.asked("state"), "").await;
        assert_eq!(trouble(answer), "provider-disbelieved", "{what}");
    }
    // The very sign-in would have gone well.
    issuer.gives(issuer.signed(&claims(issuer, begun)));
    let answer = begun.back("code", &begun.asked("state"), "").await.expect(303);
    assert_eq!(location(&answer), "/containers");
    let cookie = answer.cookie().expect("a session").pair;
    assert_eq!(Person::with_cookie(http.clone(), &cookie).standing().await, "signed-in");
}

#[tokio::test]
async fn a_token_that_its_issuer_did_not_sign_is_not_believed() {
    let (scene, _, issuer, id) = with_liar(json!({})).await;
    let http = scene.server.http();
    let begun = Begun::at(&http, &id).await;
    let good = claims(&issuer, &begun);
    let [pem, point] = issuer.public_key();
    let other = Issuer::start().await;
    let lies = vec![
        ("no signature", Issuer::unsigned(&good, "none")),
        ("no signature, in other letters", Issuer::unsigned(&good, "nOnE")),
        ("a name without a signature", Issuer::unsigned(&good, "ES256")),
        ("the public key as a secret", issuer.signed_with_public_key(&good, &pem)),
        ("its bytes as a secret", issuer.signed_with_public_key(&good, &point)),
        ("another key", other.signed(&good)),
        ("garbage", "garbage".to_owned()),
    ];
    disbelieved(&http, &issuer, &begun, lies).await;
    let refused =
        "SELECT COUNT(*) > 0 FROM audit WHERE operation = 'sign-in-provider' AND outcome = 'refused'";
    let mut again = tokio::time::interval(std::time::Duration::from_millis(50));
    longshore_tests::soon("the refusals", async {
        while sql(&scene.server, refused) != "1" {
            again.tick().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_that_is_not_for_this_sign_in_is_not_believed() {
    let (scene, _, issuer, id) = with_liar(json!({})).await;
    let http = scene.server.http();
    let begun = Begun::at(&http, &id).await;
    let good = claims(&issuer, &begun);
    let now = good["iat"].as_u64().expect("a time");
    let lies = [
        ("another audience", "aud", json!("someone-else")),
        ("several audiences", "aud", json!([CLIENT_ID, "someone-else"])),
        ("another party", "azp", json!("someone-else")),
        ("another issuer", "iss", json!("https://other.example")),
        ("its own address with a slash", "iss", json!(format!("{}/", issuer.url()))),
        ("run out", "exp", json!(now - 60)),
        ("no end", "exp", Value::Null),
        ("not yet", "nbf", json!(now + 300)),
        ("another nonce", "nonce", json!("another")),
        ("no nonce", "nonce", Value::Null),
        ("nobody", "sub", Value::Null),
        ("an empty subject", "sub", json!("")),
    ];
    let lies = lies.into_iter().map(|(what, key, value)| (what, issuer.signed(&but(&good, key, value))));
    disbelieved(&http, &issuer, &begun, lies.collect()).await;
    assert_eq!(sql(&scene.server, "SELECT COUNT(*) FROM account"), "2", "nobody was made but one");
}

#[tokio::test]
async fn a_providers_word_leads_to_no_address_of_ours() {
    let (scene, mut ada, issuer, id) = with_liar(json!({})).await;
    let http = scene.server.http();
    // A service on this machine that only the issuer's document names.
    let other = Issuer::start().await;
    for (what, document) in [
        ("a token endpoint elsewhere", json!({ "token_endpoint": format!("{}/token", other.url()) })),
        ("keys elsewhere", json!({ "jwks_uri": format!("{}/keys", other.url()) })),
        ("another issuer", json!({ "issuer": other.url() })),
        ("no TLS", json!({ "token_endpoint": "http://198.51.100.7/token" })),
        ("no document", json!({ "token_endpoint": 7 })),
    ] {
        issuer.document(document);
        // A document is kept for a while; a change of the provider has it read anew.
        ada.send(Method::PUT, &format!("oidc/providers/{id}"), Some(form(issuer.url(), "", json!({}))))
            .await
            .expect(204);
        let answer = http.get(&format!("api/v1/oidc/{id}/begin")).await.expect(303);
        let to = location(&answer);
        if to.starts_with("/sign-in#") {
            assert_eq!(to, "/sign-in#provider-unreachable", "{what}");
            continue;
        }
        let begun = Begun::at(&http, &id).await;
        issuer.gives(issuer.signed(&claims(&issuer, &begun)));
        assert_eq!(
            trouble(begun.back("code", &begun.asked("state"), "").await),
            "provider-unreachable",
            "{what}"
        );
    }
    for wrong in [
        "http://id.example.com",
        "https://",
        "id.example.com",
        "https://a@id.example.com",
        "https://id.example.com/?a=b",
        "file:///etc/passwd",
    ] {
        let refused = ada
            .send(Method::POST, "oidc/providers", Some(form(wrong, "", json!({ "name": "x" }))))
            .await
            .expect(400);
        assert_eq!(refused.json()["field"], "issuer", "{wrong}");
    }
    // One that gives no document is not kept in silence.
    let silent = form("http://127.0.0.1:1", "", json!({ "name": "x", "unchecked": false }));
    let refused = ada.send(Method::POST, "oidc/providers", Some(silent)).await.expect(400).json();
    assert_eq!((&refused["code"], &refused["field"]), (&json!("provider-silent"), &json!("issuer")));
    assert_eq!(trouble(http.get("api/v1/oidc/no-such-provider/begin").await), "provider-state");
}

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
async fn nobody_writes_a_line_of_the_log_or_a_name_that_looks_like_anothers() {
    let (mut scene, mut ada, issuer, id) = with_liar(json!({})).await;
    let http = scene.server.http();
    let begun = Begun::at(&http, &id).await;
    let good = claims(&issuer, &begun);
    for name in ["ada\u{200b}", "\u{202e}ada"] {
        issuer.gives(issuer.signed(&but(&good, "preferred_username", json!(name))));
        let answer = begun.back("code", &begun.asked("state"), "").await;
        assert_eq!(trouble(answer), "provider-no-name", "{name:?}");
    }
    let forged = "x\nINFO longshore::audit::ledger: the head of the audit log";
    issuer.document(json!({ "issuer": forged }));
    let other = form(&format!("{}/", issuer.url()), "", json!({ "name": "Other" }));
    let other = add(&mut ada, other).await;
    let answer = http.get(&format!("api/v1/oidc/{other}/begin?to=/")).await;
    assert_eq!(trouble(answer), "provider-unreachable");
    scene.server.program().says("it is of the issuer x").await;
    let log = scene.server.program().log();
    assert!(!log.lines().any(|line| line.starts_with("INFO")), "{log}");
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
    let asked = Url::parse(to.json()["url"].as_str().expect("an address")).expect("a URL");
    let begun = Begun { http: http.clone(), cookie: to.cookie().expect("remembered").pair, asked };
    issuer.gives(issuer.signed(&claims(&issuer, &begun)));
    let bound = begun.back("code", &begun.asked("state"), "").await.expect(303);
    assert_eq!(location(&bound), "/account#connect");
    let slips: Vec<_> =
        bound.headers.get_all("set-cookie").iter().map(|set| set.to_str().expect("a text")).collect();
    assert!(
        slips.iter().any(|set| set.contains("SameSite=Strict") && set.contains("/account/identities;")),
        "{slips:?}"
    );
    let slip = slips.iter().find(|set| !set.contains("Max-Age=0")).expect("it is remembered");
    let slip = slip.split(';').next().expect("a pair");
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
    half.send(Method::POST, &off, both).await.expect(204);
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
    ada.send(Method::DELETE, &format!("people/{account}/identities/{id}"), None).await.expect(204);
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
async fn the_redirect_uri_is_what_the_browser_knows() {
    let scene = FakeScene::start_with(1, &["--base-path", "/ls", "--trusted-proxies", "127.0.0.1"]).await;
    let mut ada = scene.administrator().await;
    let issuer = Issuer::start().await;
    let id = add(&mut ada, form(issuer.url(), "", json!({}))).await;
    let mut headers = HeaderMap::new();
    headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
    headers.insert("x-forwarded-host", HeaderValue::from_static("quay.example"));
    let path = format!("api/v1/oidc/{id}/begin?to=/ls/images");
    let answer = scene.server.http().send(Method::GET, &path, &headers, None).await.expect(303);
    let asked = Url::parse(&location(&answer)).expect("a URL");
    let redirect = asked.query_pairs().find(|(key, _)| key == "redirect_uri").expect("one").1.into_owned();
    assert_eq!(redirect, "https://quay.example/ls/api/v1/oidc/callback");
    let cookie = answer.cookie().expect("remembered").line;
    for part in ["__Secure-", "Secure", "SameSite=Lax", "Path=/ls/api/v1/oidc;"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
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
