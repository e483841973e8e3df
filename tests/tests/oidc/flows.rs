//! What a browser remembers of a sign-in that is under way, and for whom.

use http::{HeaderMap, HeaderValue, Method};
use longshore_tests::{FakeScene, Issuer, Person, database::sql, person::PASSWORD, provider::form};
use serde_json::json;
use url::Url;

use super::{Begun, add, begun_to_bind, claims, ended, kept, location, trouble, with_liar};

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
async fn what_came_back_binds_once() {
    let (scene, mut ada, issuer, id) = with_liar(json!({})).await;
    let http = scene.server.http();
    let connect = format!("account/identities/{id}");
    let session = ada.cookie().expect("signed in").to_owned();
    let proof = Some(json!({ "password": PASSWORD }));
    let to = ada.send(Method::POST, &connect, proof.clone()).await.expect(200);
    let begun = begun_to_bind(&http, &to);
    issuer.gives(issuer.signed(&claims(&issuer, &begun)));
    let slip = kept(&begun.back("code", &begun.asked("state"), "").await.expect(303));
    let with_slip = || Person::with_cookie(http.clone(), &format!("{session}; {slip}"));
    with_slip().send(Method::POST, "account/identities", None).await.expect(204);
    Person::with_cookie(http.clone(), &session)
        .send(Method::POST, &format!("{connect}/off"), proof)
        .await
        .expect(200);
    // Whoever finds the cookie within its two minutes binds nobody anew.
    let again = with_slip().send(Method::POST, "account/identities", None).await.expect(409).problem();
    assert!(again.starts_with("409 provider-state"), "{again}");
    assert_eq!(sql(&scene.server, "SELECT COUNT(*) FROM oidc_identity"), "0");
}

#[tokio::test]
async fn two_that_begin_at_the_very_same_time_both_come_in() {
    let (scene, _, issuer, id) = with_liar(json!({})).await;
    let http = scene.server.http();
    let (first, second) = tokio::join!(Begun::at(&http, &id), Begun::at(&http, &id));
    assert_ne!(first.name(), second.name());
    let all = format!("{}; {}", first.cookie, second.cookie);
    for begun in [first, second] {
        let name = begun.name().to_owned();
        let begun = Begun { cookie: all.clone(), ..begun };
        issuer.gives(issuer.signed(&claims(&issuer, &begun)));
        let back = begun.back("code", &begun.asked("state"), "").await.expect(303);
        assert_eq!(location(&back), "/containers");
        assert_eq!(ended(&back), [name], "its own cookie has served, and no other's");
    }
    // A browser does not gather them without end: the oldest gives way.
    let (mut known, mut names) = (String::new(), Vec::new());
    for _ in 0..6 {
        let (begun, ended) = Begun::beside(&http, &id, &known).await;
        assert_eq!(ended, names.len().checked_sub(4).map_or(Vec::new(), |_| vec![names.remove(0)]));
        names.push(begun.name().to_owned());
        let mut pairs: Vec<&str> = known.split("; ").filter(|pair| !pair.is_empty()).collect();
        pairs.retain(|pair| !ended.iter().any(|name| pair.starts_with(&format!("{name}="))));
        pairs.push(&begun.cookie);
        known = pairs.join("; ");
    }
    // What is none of ours under such a name is swept away.
    let tossed = format!("{}x=tossed", names[0]);
    let (_, ended) = Begun::beside(&http, &id, &tossed).await;
    assert_eq!(ended, [format!("{}x", names[0])]);
}

#[tokio::test]
async fn by_tls_a_sign_in_is_taken_from_a_cookie_that_only_this_host_sets() {
    let scene = FakeScene::start_with(1, &["--trusted-proxies", "127.0.0.1"]).await;
    let mut ada = scene.administrator().await;
    let issuer = Issuer::start().await;
    let id = add(&mut ada, form(issuer.url(), "", json!({}))).await;
    let http = scene.server.http();
    let send = async |path: &str, cookie: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
        headers.insert("cookie", HeaderValue::from_str(cookie).expect("a cookie"));
        http.send(Method::GET, path, &headers, None).await.expect(303)
    };
    let begun = send(&format!("api/v1/oidc/{id}/begin?to=/containers"), "a=b").await;
    let cookie = begun.cookie().expect("remembered");
    for part in ["__Host-longshore_", "; Path=/;", "; Secure", "SameSite=Lax"] {
        assert!(cookie.line.contains(part), "{part}: {}", cookie.line);
    }
    assert!(!cookie.line.contains("Domain"), "{}", cookie.line);
    let asked = Url::parse(&location(&begun)).expect("a URL");
    let begun = Begun { http: http.clone(), cookie: cookie.pair.clone(), asked };
    issuer.gives(issuer.signed(&claims(&issuer, &begun)));
    let back = format!("api/v1/oidc/callback?code=code&state={}", begun.asked("state"));
    // The very same sign-in, in a cookie that a page by plain HTTP could have set.
    let bare = cookie.pair.trim_start_matches("__Host-");
    assert_eq!(trouble(send(&back, bare).await), "provider-state");
    let back = send(&back, &format!("{bare}; {}", cookie.pair)).await;
    assert_eq!(location(&back), "/containers");
}
