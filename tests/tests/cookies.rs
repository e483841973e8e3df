//! The session's cookie among others: cookies ignore ports, and a host's neighbours may set some for it.

use http::{HeaderMap, Method};
use longshore_tests::{
    Browser, Live, Person, Scene,
    browser::Look,
    fake::signed_in_again,
    person::{ADA, PASSWORD},
};
use serde_json::json;

#[tokio::test]
async fn a_cookie_from_elsewhere_signs_nobody_out() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let ada = signed_in_again(&scene.server).await;
    let (name, token) = ada.cookie().unwrap().split_once('=').unwrap();
    let mut gone = signed_in_again(&scene.server).await;
    let ended = gone.cookie().unwrap().to_owned();
    gone.sign_out().await.expect(204);
    for others in [
        format!("{name}=tossed"),
        format!("{name}="),
        ended.clone(),
        format!("{name}=x; other={token}x; {ended}; {name}"),
    ] {
        let mut ada = Person::with_cookie(scene.server.http(), &format!("{others}; {name}={token}"));
        assert_eq!(ada.standing().await, "signed-in", "{others}");
        let mut nobody = Person::with_cookie(scene.server.http(), &others);
        assert_eq!(nobody.standing().await, "signed-out", "{others}");
    }
    // Nobody looks through a heap of them.
    let heap = format!("{name}=x; ").repeat(200);
    let mut ada = Person::with_cookie(scene.server.http(), &format!("{heap}{name}={token}"));
    assert_eq!(ada.standing().await, "signed-out");
}

/// Over plain HTTP whoever serves on another port of the host's name can set any cookie. What they cannot reach is what the
/// pages of another port keep.
#[tokio::test]
async fn a_session_tossed_by_a_neighbour_has_nobody_work_in_anothers_account() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let eve = scene.person(&mut ada, "eve", "developer").await;
    let tossed = eve.cookie().expect("signed in").to_owned();
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("")).await;
    browser.sign_in(PASSWORD).await;
    browser.appears("[data-live=\"live\"]").await;
    // Each page of hers has the one mark, and what a plain link fetches needs none.
    browser.open(&scene.server.url("containers")).await;
    browser.appears("[data-live=\"live\"]").await;

    browser.toss(&tossed).await;
    browser.reload().await;
    browser.appears("input[name=\"password\"]").await;
    browser.vanishes("[data-live=\"live\"]").await;
    browser.picture("tossed-session").await;
    browser.sign_in(PASSWORD).await;
    browser.appears("[data-live=\"live\"]").await;
    browser.open(&scene.server.url("account")).await;
    browser.appears("[data-live=\"live\"]").await;

    // The same by hand: neither a session of other pages nor one of none is one of these.
    let http = scene.server.http();
    let mut own = Person::nobody(http.clone()).marked("hers");
    own.sign_in(ADA, PASSWORD).await.expect(200);
    let session = own.cookie().expect("signed in").to_owned();
    own.get("account/keys").await.expect(200);
    assert!(Live::open(&own).await.is_ok());
    for (cookie, mark) in [(&session, Some("another")), (&tossed, Some("hers")), (&session, None)] {
        let who = Person::with_cookie(http.clone(), cookie);
        let mut who = mark.into_iter().fold(who, Person::marked);
        let refused = who.send(Method::POST, "account/keys", Some(json!({ "name": "x" }))).await.expect(401);
        assert_eq!(refused.json()["code"], "signed-out", "{mark:?}");
        assert_eq!(Live::open(&who).await.err(), Some(401), "{mark:?}");
        // A plain link names no mark, and changes nothing.
        let reads = if mark.is_none() { "signed-in" } else { "signed-out" };
        assert_eq!(who.standing().await, reads, "{mark:?}");
    }
    // Beside one's own it is passed over.
    let mut both = Person::with_cookie(http.clone(), &format!("{tossed}; {session}")).marked("hers");
    assert_eq!(both.get("session").await.expect(200).json()["user"]["name"], ADA);
}

#[tokio::test]
async fn by_tls_only_this_very_host_can_set_the_cookie() {
    for (base, prefix, path) in [("/", "__Host-", "Path=/;"), ("/ls", "__Secure-", "Path=/ls/;")] {
        let scene = Scene::start_with(&["--trusted-proxies", "127.0.0.1", "--base-path", base]).await;
        scene.administrator().await;
        let http = scene.server.http();
        let with = |cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-proto", "https".parse().unwrap());
            headers.insert("origin", http.origin().replace("http:", "https:").parse().unwrap());
            headers.insert("cookie", cookie.parse().unwrap());
            headers
        };
        let form = json!({ "name": ADA, "password": PASSWORD });
        let answer = http.send(Method::POST, "api/v1/session", &with("a=b"), Some(&form)).await.expect(200);
        let set = answer.cookie().expect("signed in");
        assert!(set.line.starts_with(&format!("{prefix}longshore_")), "{}", set.line);
        assert!(set.line.contains(path) && set.line.ends_with("; Secure"), "{}", set.line);
        assert!(!set.line.contains("Domain"), "{}", set.line);

        let stands = async |cookie: &str| {
            let answer = http.send(Method::GET, "api/v1/session", &with(cookie), None).await.expect(200);
            answer.json()["state"].as_str().unwrap_or_default().to_owned()
        };
        assert_eq!(stands(&set.pair).await, "signed-in");
        let bare = set.pair.strip_prefix(prefix).unwrap();
        assert_eq!(stands(bare).await, "signed-out", "whoever is near can set a cookie of this name");
    }
}
