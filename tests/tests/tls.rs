//! TLS without a proxy: a certificate of one's own, or one that the server makes for itself.

use http::{HeaderMap, HeaderName, Method};
use longshore_tests::{
    Browser, Scene,
    browser::Look,
    server,
    tls::{certify, trust},
};
use rustix::process::Signal;

const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

#[tokio::test]
async fn a_self_made_certificate_serves_a_browser_in_full() {
    let scene = Scene::start_with(&["--tls", "self-signed"]).await;
    let link = scene.server.set_up_link();
    assert!(link.starts_with(&format!("https://{}/set-up#", scene.server.address())), "{link}");

    let browser = Browser::start(&Look::desk()).await;
    browser.set_up(link).await;
    assert_eq!(
        browser.secure_cookie("__Host-longshore").await,
        Some(true),
        "the session is never sent without TLS"
    );
    browser.open(&scene.server.url("containers")).await;
    let name = scene.engine.running("web").await;
    let row = format!("[data-container=\"{name}\"]");
    // From a page under TLS no browser opens a line without.
    browser.appears(&format!("{row}[data-state=\"running\"]")).await;
    browser.click(&format!("{row} [data-action=\"stop\"]")).await;
    browser.appears(&format!("{row}[data-state=\"exited\"]")).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn browsers_are_bound_to_tls_only_where_that_is_asked_for() {
    let by = |proto: &str| HeaderMap::from_iter([(X_FORWARDED_PROTO, proto.parse().unwrap())]);
    for (further, bound) in [(&[][..], None), (&["--hsts"], Some("max-age=31536000"))] {
        let settings = [&["--trusted-proxies", "127.0.0.1"], further].concat();
        let scene = Scene::start_with(&settings).await;
        for (proto, bound) in [("https", bound), ("http", None)] {
            let answer = scene.server.http().send(Method::GET, "", &by(proto), None).await.expect(200);
            let said = answer.headers.get("strict-transport-security").map(|value| value.to_str().unwrap());
            assert_eq!(said, bound, "{further:?} {proto}");
        }
    }
    // Who has accepted our certificate once would never be asked again.
    let data = tempfile::tempdir().unwrap();
    let said = server::refusal(data.path(), &["--hsts", "--tls", "self-signed"]).await;
    assert!(said.contains("let nobody in"), "{said}");
}

#[tokio::test]
async fn the_self_made_certificate_is_the_one_in_the_data_folder_and_outlives_a_start() {
    let mut scene = Scene::start_with(&["--tls", "self-signed"]).await;
    let file = scene.server.data().join("tls-self-signed.pem");
    trust(scene.server.address(), &file).await.expect("the certificate of the data folder");
    let before = std::fs::read(&file).unwrap();
    scene.server.restart().await;
    assert_eq!(std::fs::read(&file).unwrap(), before, "who trusts it once need not again");
    trust(scene.server.address(), &file).await.expect("the same certificate");
}

#[tokio::test]
async fn a_given_certificate_is_served_and_read_again_on_a_hang_up() {
    let (given, renewed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    certify(given.path());
    certify(renewed.path());
    let file = |dir: &tempfile::TempDir, name: &str| dir.path().join(name);
    let (cert, key) = (file(&given, "cert.pem"), file(&given, "key.pem"));
    let settings = ["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let mut scene = Scene::start_with(&settings).await;
    let address = scene.server.address().to_owned();
    assert!(scene.server.set_up_link().starts_with("https://"), "{}", scene.server.set_up_link());
    trust(&address, &cert).await.expect("the certificate that was given");
    trust(&address, &file(&renewed, "cert.pem")).await.expect_err("another one");

    std::fs::copy(file(&renewed, "cert.pem"), &cert).unwrap();
    std::fs::copy(file(&renewed, "key.pem"), &key).unwrap();
    scene.server.program().signal(Signal::HUP);
    scene.server.program().says("the certificate was read again").await;
    trust(&address, &cert).await.expect("the renewed certificate");

    std::fs::write(&cert, "half a certif").unwrap();
    scene.server.program().signal(Signal::HUP);
    scene.server.program().says("could not be read again; the old one stays").await;
    trust(&address, &file(&renewed, "cert.pem")).await.expect("the last good certificate");
}

#[tokio::test]
async fn a_certificate_that_does_not_fit_its_key_keeps_the_server_from_starting() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    certify(one.path());
    certify(other.path());
    let (cert, key) = (one.path().join("cert.pem"), other.path().join("key.pem"));
    let data = tempfile::tempdir().unwrap();
    let said = server::refusal(
        data.path(),
        &["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()],
    )
    .await;
    assert!(said.contains("do not go together") && said.contains(cert.to_str().unwrap()), "{said}");
}
