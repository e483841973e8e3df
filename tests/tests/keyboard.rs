//! The pages without a mouse: the palette, and the keys of the pages.

use longshore_fake_engine::Fault;
use longshore_tests::{
    Browser, FakeScene, Scene,
    browser::{CONTROL, ENTER, ESCAPE, Look, row},
    person::PASSWORD,
};

#[tokio::test]
async fn the_palette_finds_opens_and_acts() {
    let (scene, browser) = FakeScene::on_page("").await;
    let (id, name) = scene.engine.container(3);
    browser.seek(&name).await;
    browser.reads(".palette__item.is-on", &name).await;
    browser.press(ENTER).await;
    browser.vanishes("[name=\"palette\"]").await;
    browser.reads("main h1", &name).await;
    browser.holds(&format!("location.pathname.endsWith('/containers/local/{name}')")).await;

    browser.open(&scene.server.url(&format!("containers?q={name}"))).await;
    browser.appears(&row(&name)).await;
    browser.seek(&name).await;
    browser.reads(".palette__item.is-on", &name).await;
    // Below the container stands what can be done to it: restart, stop.
    browser.press("\u{e015}\u{e015}").await;
    browser.reads(".palette__item.is-on", "Stop").await;
    browser.press(ENTER).await;
    browser.appears(&format!("{}[data-state=\"exited\"]", row(&name))).await;
    scene.engine.called(&format!("POST /containers/{id}/stop"), 1).await;

    // The verb may come first, too.
    browser.seek(&format!("start {name}")).await;
    browser.reads(".palette__item.is-on", &format!("Start {name}")).await;
    browser.press(ENTER).await;
    scene.engine.called(&format!("POST /containers/{id}/start"), 1).await;
    browser.vanishes(&format!("{}[data-state=\"exited\"]", row(&name))).await;

    browser.seek("no such thing anywhere").await;
    browser.vanishes(".palette__item").await;
    browser.press(ESCAPE).await;
    browser.vanishes("[name=\"palette\"]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn the_palette_names_those_first_that_are_called_so() {
    // Half of all stacks have images of the shop's, and most of them come before it by name.
    let (_scene, browser) = FakeScene::on_page_of("", 96).await;
    browser.seek("shop").await;
    let found =
        "[...document.querySelectorAll('.palette__item .cut')].slice(0, 8).map((one) => one.textContent)";
    browser
        .holds(&format!("{found}.length === 8 && {found}.every((name) => name.startsWith('shop-'))"))
        .await;
    browser.reads(".palette__item.is-on", "shop-api-1").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn keys_do_what_their_list_says() {
    let (_scene, browser) = FakeScene::on_page("containers").await;
    browser.appears(&row("shop-web-1")).await;
    browser.script("document.querySelector('.skip').click()").await;
    browser.holds("document.activeElement.id === 'page'").await;
    assert!(browser.url().await.ends_with("/containers"), "one stays where one is");
    browser.press("?").await;
    browser.appears(".keylist").await;
    browser.press("j").await;
    browser.press(ESCAPE).await;
    browser.vanishes(".keylist").await;

    browser.vanishes("tr.is-focus").await;
    browser.press("j").await;
    browser.appears("tr.is-focus").await;
    browser.press("x").await;
    browser.appears("tr.is-focus.is-selected").await;
    browser.press(ESCAPE).await;
    browser.vanishes("tr.is-selected").await;

    browser.press("ge").await;
    browser.appears(".events").await;
    browser.press("gh").await;
    browser.appears(".quaypanel").await;

    // A person whose reading program has these letters switches them off.
    browser.press("?").await;
    browser.click(".keylist ~ .dialog__foot [role=\"switch\"]").await;
    browser.press(ESCAPE).await;
    browser.vanishes(".keylist").await;
    browser.press("ge").await;
    browser.press(&format!("{CONTROL}k")).await;
    browser.appears("[name=\"palette\"]").await;
    browser.vanishes(".events").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn keys_act_on_the_row_that_they_stand_on() {
    let (scene, browser) = FakeScene::on_page("containers").await;
    let (id, name) = scene.engine.container(0);
    browser.open(&scene.server.url(&format!("containers?q={name}"))).await;
    browser.lists(&[&name]).await;
    browser.press("j").await;
    browser.appears("tr.is-focus").await;
    // While the engine takes its time, the row says what goes on.
    scene.engine.plan(&format!("/containers/{id}/stop"), Fault::Silent);
    browser.press("s").await;
    browser.reads(&format!("{} .st", row(&name)), "Stopping…").await;
    browser.picture("row-stopping").await;
    scene.engine.mend();
    scene.engine.called(&format!("POST /containers/{id}/stop"), 1).await;
    browser.appears(&format!("{}[data-state=\"exited\"]", row(&name))).await;
    browser.press("\u{e017}").await;
    browser.reads("[role=\"dialog\"] h2", &format!("Remove {name}")).await;
    browser.click("[data-action=\"remove-confirm\"]").await;
    scene.engine.called(&format!("DELETE /containers/{id}"), 1).await;
    // Its row stays where it is while the pointer rests on the table, as all do, but offers nothing any more.
    browser.appears(&format!("{}.is-stale", row(&name))).await;
    browser.vanishes(&format!("{} [data-action=\"stop\"]", row(&name))).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn keys_move_over_what_a_host_has_besides_containers() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let engine = &scene.engine;
    let label = engine.label();
    let [first, second] = ["a", "b"].map(|name| engine.name(name));
    for name in [&first, &second] {
        engine.docker().ok(["volume", "create", "--label", &label, name]).await;
    }
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("volumes?q={}", engine.name("")))).await;
    browser.sign_in(PASSWORD).await;
    browser.appears(&format!("[data-thing=\"{second}\"]")).await;
    browser.press("jj").await;
    browser.appears(&format!("[data-thing=\"{second}\"].is-focus")).await;
    browser.picture("volumes-keys").await;
    browser.press("k").await;
    browser.appears(&format!("[data-thing=\"{first}\"].is-focus")).await;
    browser.press("\u{e017}").await;
    browser.appears("[data-action=\"confirm\"]:disabled").await;
    browser.holds("document.activeElement.closest('[role=dialog]') !== null").await;
    browser.press(ESCAPE).await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.press("j").await;
    browser.holds(&format!("document.activeElement.closest('tr')?.dataset.thing === '{second}'")).await;
    browser.press(ENTER).await;
    browser.reads("main h1", &second).await;
    browser.expect_no_complaint().await;
}
