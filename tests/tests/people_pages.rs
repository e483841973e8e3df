//! Pages for people, teams and roles: in the browsers of two people at once.

use http::Method;
use longshore_tests::{
    Browser, Person, Scene,
    browser::{ESCAPE, Look},
    person::PASSWORD,
    soon, text,
};
use serde_json::json;

const NEW: &str = "an entirely new pass phrase";

/// An account made by an administrator's browser, by its session.
async fn account(ada: &mut Person, name: &str) -> (String, Option<String>) {
    let made = ada.send(Method::POST, "people", Some(json!({ "name": name }))).await.expect(200).json();
    (text(&made["account"]), made["secret"].as_str().map(str::to_owned))
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
    let web = scene.engine.running("web").await;
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
    let (id, _) = ada.invite("mia").await;
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

/// Everybody and everything there can be on the page; ids by name.
async fn settled(ada: &mut Person) -> (String, Person) {
    let (mia, person_mia) = ada.invite("mia").await;
    account(ada, "a-name-that-is-rather-long-for-a-phone-and-has-no-blank").await;
    let (gone, _) = account(ada, "eva").await;
    ada.send(Method::PATCH, &format!("people/{gone}"), Some(json!({ "disabled": true }))).await.expect(204);
    let ci = json!({ "name": "ci", "display_name": "Build and delivery", "kind": "service" });
    let ci = text(&ada.send(Method::POST, "people", Some(ci)).await.expect(200).json()["account"]);
    let key = json!({ "name": "pipeline", "role": "operator", "hosts": ["local"] });
    ada.send(Method::POST, &format!("people/{ci}/keys"), Some(key)).await.expect(200);
    let made = |answer: longshore_tests::Answer| text(&answer.expect(200).json()["id"]);
    let web = made(ada.send(Method::POST, "teams", Some(json!({ "name": "Web" }))).await);
    made(ada.send(Method::POST, "teams", Some(json!({ "name": "Support" }))).await);
    let prod = made(ada.send(Method::POST, "host-groups", Some(json!({ "name": "prod" }))).await);
    let filled = json!({ "name": "prod", "hosts": ["local"] });
    ada.send(Method::PUT, &format!("host-groups/{prod}"), Some(filled)).await.expect(204);
    let lead = json!({ "leader": true });
    ada.send(Method::PUT, &format!("teams/{web}/members/mia"), Some(lead)).await.expect(204);
    for (subject, scope, role, ends_at) in [
        (json!({ "team": web }), json!({ "group": prod }), "operator", None),
        (json!({ "account": mia }), json!({ "host": "local" }), "viewer", Some(4_102_444_800_000_i64)),
        (json!("everyone"), json!("everywhere"), "viewer", None),
    ] {
        let mut grant = json!({ "subject": subject, "scope": scope, "role": role });
        if let Some(ends_at) = ends_at {
            grant["ends_at"] = json!(ends_at);
        }
        ada.send(Method::POST, "grants", Some(grant)).await.expect(200);
    }
    (mia, person_mia)
}

#[tokio::test]
async fn the_people_pages_shut_nobody_out_in_any_look() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (mia, _) = settled(&mut ada).await;
    let (_, secret) = account(&mut ada, "zoe").await;
    let link = scene.server.url(&format!("invitation#{}", secret.expect("a person has a link")));
    let mut wrong = Vec::new();
    for (eyes, called) in [
        (Look::desk(), "desk"),
        (Look::desk().dark(), "desk.dark"),
        (Look::phone(), "phone"),
        (Look::phone().dark(), "phone.dark"),
        (Look::desk().language("zh-CN"), "desk.zh-CN"),
    ] {
        let browser = Browser::start(&eyes).await;
        browser.open(&link).await;
        browser.appears("[data-invited=\"zoe\"]").await;
        browser.look_over(&format!("invitation.{called}"), &mut wrong).await;
        sign_in_as(&browser, &scene, "ada", PASSWORD).await;
        browser.appears("[data-live=\"live\"]").await;
        browser.open(&scene.server.url("people")).await;
        browser.appears("tr[data-account=\"mia\"]").await;
        browser.look_over(&format!("people.{called}"), &mut wrong).await;
        browser.click("[data-action=\"create\"]").await;
        browser.appears("[role=\"dialog\"] [data-kind]").await;
        choose(&browser, "role", "developer").await;
        browser.look_over(&format!("people-invite.{called}"), &mut wrong).await;
        browser.press(ESCAPE).await;
        browser.open(&scene.server.url(&format!("people/{mia}"))).await;
        browser.appears("tr[data-rights=\"local\"][data-role=\"operator\"]").await;
        browser.appears("[data-session]").await;
        browser.look_over(&format!("people-one.{called}"), &mut wrong).await;
        if called == "desk" {
            browser.resize(1280, 800).await;
            browser.holds("document.querySelector('.tblwrap').scrollWidth <= document.querySelector('.tblwrap').clientWidth").await;
            browser.picture("people-one-1280").await;
            browser.resize(1440, 900).await;
        }
        browser.click("[data-person] [data-action=\"take-away\"]").await;
        browser.appears("[role=\"dialog\"] .goes").await;
        browser.look_over(&format!("people-take-away.{called}"), &mut wrong).await;
        for (tab, mark) in [
            ("teams", "[data-team=\"Web\"] [data-member]"),
            ("grants", "tr[data-grant=\"operator\"]"),
            ("groups", "[data-group=\"prod\"] [data-host]"),
        ] {
            browser.open(&scene.server.url(&format!("people?tab={tab}"))).await;
            browser.appears(mark).await;
            browser.look_over(&format!("people-{tab}.{called}"), &mut wrong).await;
        }
        browser.open(&scene.server.url("account")).await;
        browser.click("[data-panel=\"key-limits\"] summary").await;
        browser.appears("[data-own=\"administrator\"]").await;
        browser.look_over(&format!("account-keys.{called}"), &mut wrong).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_leader_looks_after_their_own_team_and_nothing_else() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    settled(&mut ada).await;
    ada.invite("bob").await;
    let browser = Browser::start(&Look::desk()).await;
    sign_in_as(&browser, &scene, "mia", PASSWORD).await;
    browser.appears("[data-live=\"live\"]").await;
    browser.open(&scene.server.url("account")).await;
    browser.appears("[data-own=\"operator\"]").await;
    browser.click("[data-own-team=\"Web\"] a").await;
    browser.appears("[data-team=\"Web\"]").await;
    browser.vanishes("[data-team=\"Support\"]").await;
    browser.vanishes(".tabs").await;
    browser.click("[data-action=\"add-member\"]").await;
    browser.fill("member", "bob").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.appears("[data-member=\"bob\"]").await;
    // Who leads is for administrators to say.
    browser.vanishes("[data-action=\"lead\"]").await;
    browser.click("[data-member=\"bob\"] [data-action=\"take-out\"]").await;
    browser.click("[data-action=\"confirm\"]").await;
    browser.vanishes("[data-member=\"bob\"]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn what_somebody_may_not_do_is_not_offered() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (id, _) = ada.invite("mia").await;
    ada.give(&id, "viewer").await;
    let browser = Browser::start(&Look::desk()).await;
    sign_in_as(&browser, &scene, "mia", PASSWORD).await;
    browser.appears("[data-live=\"live\"]").await;
    browser.open(&scene.server.url("containers")).await;
    browser.appears("[data-action=\"removed\"]").await;
    browser.vanishes("[data-action=\"new-container\"]").await;
    browser.open(&scene.server.url("images")).await;
    browser.appears("[data-only=\"all\"]").await;
    browser.vanishes("[data-action=\"create\"], [data-action=\"load\"], [data-action=\"prune\"]").await;
    browser.vanishes("[data-action=\"disk\"]").await;
    browser.open(&scene.server.url("volumes")).await;
    browser.appears("[data-only=\"all\"]").await;
    browser.vanishes("[data-action=\"measure\"]").await;
    browser.open(&scene.server.url("disk")).await;
    browser.appears("[data-refused=\"manage\"]").await;
    browser.complaints().await;
    browser.open(&scene.server.url("containers/new")).await;
    browser.appears("[data-refused=\"deploy\"]").await;
    browser.reads("[data-givers]", "Ada L.").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.complaints().await;
    browser.picture("refused.desk").await;
    browser.open(&scene.server.url("people")).await;
    browser.appears("[data-refused=\"administer\"]").await;
    browser.seek("people").await;
    browser.appears("[role=\"listbox\"]").await;
    browser.vanishes("[role=\"option\"] .i use[href$=\"i-team\"]").await;
    browser.press(ESCAPE).await;

    // Of what is shared with somebody they see how it is, and no buttons that would be refused.
    let web = scene.engine.running("web").await;
    let access = format!("hosts/local/containers/{web}/access");
    soon("the container is there", async {
        let wish = || Some(json!({ "sharing": "public" }));
        while ada.send(Method::PUT, &access, wish()).await.status != 204 {}
    })
    .await;
    browser.open(&scene.server.url(&format!("containers/local/{web}"))).await;
    browser.reads("[data-panel=\"keeping\"] [data-fact=\"policy\"]", "Do not restart").await;
    browser.vanishes("[data-policy], [data-action=\"edit-limits\"]").await;
    browser.reads("main .facts", "Only for whoever may open consoles here").await;
    browser.picture("container-of-a-viewer").await;
    browser.open(&scene.server.url(&format!("console?of=local/{web}"))).await;
    browser.appears("[data-refused=\"exec\"]").await;
    browser.picture("console-refused.desk").await;
    browser.complaints().await;

    // More is offered as soon as more is given, on the page that is open.
    browser.open(&scene.server.url("images")).await;
    browser.appears("[data-only=\"all\"]").await;
    ada.give(&id, "manager").await;
    browser.appears("[data-action=\"load\"]").await;
    browser.appears("[data-action=\"disk\"]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_developer_is_offered_no_field_that_is_for_managers() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    scene.person(&mut ada, "mia", "developer").await;
    let privileged = "[data-group=\"security\"] [name=\"privileged\"]";
    let browser = Browser::start(&Look::desk()).await;
    sign_in_as(&browser, &scene, "mia", PASSWORD).await;
    browser.appears("[data-live=\"live\"]").await;
    browser.open(&scene.server.url("containers/new")).await;
    browser.click("[data-group=\"security\"] summary").await;
    browser.appears("[data-group=\"security\"] [name=\"cap-drop\"]").await;
    browser.reads("[data-group=\"security\"] [data-left-out]", "only managers of this host").await;
    browser.vanishes(privileged).await;
    browser.click("[data-group=\"storage\"] summary").await;
    browser.appears("[data-group=\"storage\"] [name=\"tmpfs\"]").await;
    browser.vanishes("[name=\"device\"], [name=\"gpus\"], [name=\"volumes-from\"]").await;
    browser.picture("new-container-of-a-developer").await;
    // What a line brings along is shown, so that it can be taken out.
    browser.click("[data-action=\"paste\"]").await;
    browser.fill("line", "docker run --privileged busybox:1.35").await;
    browser.click("[data-action=\"fill\"]").await;
    browser.appears(privileged).await;
    browser.expect_no_complaint().await;

    let hers = Browser::start(&Look::desk()).await;
    hers.open(&scene.server.url("containers/new")).await;
    hers.sign_in(PASSWORD).await;
    hers.click("[data-group=\"security\"] summary").await;
    hers.appears(privileged).await;
    hers.vanishes("[data-left-out]").await;
    hers.expect_no_complaint().await;
}
