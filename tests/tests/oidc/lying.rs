//! With a provider that lies.

use http::Method;
use longshore_tests::{
    Http, Issuer, Person,
    database::{sql, until},
    provider::{CLIENT_ID, form},
};
use serde_json::{Value, json};

use super::{Begun, add, but, claims, location, trouble, with_liar};

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
    until(&scene.server, "the refusals", refused, |said| said == "1").await;
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
