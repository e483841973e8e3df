//! What happened, in words, on a real engine.

use longshore_tests::{Browser, Scene, browser::Look, person::PASSWORD};

#[tokio::test]
async fn who_was_connected_to_a_network_is_named() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let engine = &scene.engine;
    let (name, network, label) = (engine.running("web").await, engine.name("net"), engine.label());
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("events?q={network}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.appears(".events").await;
    engine.docker().ok(["network", "create", "--label", &label, &network]).await;
    engine.docker().ok(["network", "connect", &network, &name]).await;
    browser.reads("tr[data-event=\"connect\"] [data-peer]", &name).await;
    engine.docker().ok(["rm", "--force", &name]).await;
    browser.reads("tr[data-event=\"disconnect\"] [data-peer]", &name).await;
    browser.picture("events-network").await;
    browser.resize(390, 844).await;
    assert!(browser.fits().await, "nothing is wider than the page");
    // It is found by the container too.
    browser.open(&scene.server.url(&format!("events?kind=network&q={name}"))).await;
    browser.appears("tr[data-event=\"connect\"]").await;
    engine.docker().ok(["network", "rm", &network]).await;
    browser.expect_no_complaint().await;
}
