//! The page of a stack as people use it: what they wrote is not lost by a click, the plan is seen before it is done on a
//! phone, too, and what was changed by hand is said as it was done.

use http::Method;
use longshore_tests::{
    Browser, Scene,
    browser::Look,
    person::PASSWORD,
    stack::{Stack, down, file},
};
use serde_json::json;

#[tokio::test]
async fn what_was_written_is_not_lost_by_a_click() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (mut stack, _) = Stack::running(&scene, &mut ada, &file(&scene.engine.label(), "one")).await;
    let name = stack.name.clone();
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("stacks/local/{name}?tab=files"))).await;
    browser.sign_in(PASSWORD).await;
    browser.appears("[data-plan=\"nothing\"]").await;
    browser.retype("variable-value", "another").await;
    browser.appears("[data-plan=\"replace\"][data-on=\"web\"]").await;

    // Within the page nothing is lost, and nothing is asked.
    browser.click(".tabs a[href*=\"tab=releases\"]").await;
    browser.appears("tr[data-release=\"1\"]").await;
    browser.click(".tabs a[href*=\"tab=files\"]").await;
    browser.appears("[data-changed]").await;
    // A link and the way back ask; whoever stays has it all.
    browser.click(".rail a[href$=\"/containers\"]").await;
    browser.appears("[role=\"dialog\"]").await;
    browser.picture("stack-leave").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.click("[role=\"dialog\"] .dialog__foot button:not([data-action])").await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.appears("[data-plan=\"replace\"][data-on=\"web\"]").await;
    // The files as one are there to be read.
    browser.click("[data-show=\"resolved\"]").await;
    browser.reads("[data-resolved] .cm-content", "depends_on").await;
    browser.picture("stack-resolved").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.click("[data-show=\"plan\"]").await;

    // On a phone everything is in one column, and each part of it can be reached.
    browser.resize(390, 844).await;
    browser.appears("[data-plan=\"replace\"]").await;
    browser.picture("stack-plan.phone.changed").await;
    assert!(browser.fits().await);
    browser
        .holds(
            "(() => { const rows = document.querySelector('.stack2__rows'), main = document.querySelector('main');
               const vars = document.querySelector('.vars').getBoundingClientRect();
               const plan = document.querySelector('.stack2__plan').getBoundingClientRect();
               main.scrollTop = main.scrollHeight;
               const apply = document.querySelector('[data-action=apply]').getBoundingClientRect();
               return rows.clientHeight >= rows.scrollHeight && rows.clientHeight > 0 && vars.bottom <= plan.top
                 && apply.bottom <= main.getBoundingClientRect().bottom; })()",
        )
        .await;
    browser.resize(1440, 900).await;

    browser.click("[data-action=\"discard\"]").await;
    browser.vanishes("[data-changed]").await;
    browser.appears("[data-plan=\"nothing\"]").await;
    browser.retype("variable-value", "a third").await;
    browser.appears("[data-changed]").await;
    browser.click(".rail a[href$=\"/containers\"]").await;
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]").await;
    browser.holds("location.pathname.endsWith('/containers')").await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.expect_no_complaint().await;
    stack.done(&mut ada, down(true)).await;
}

#[tokio::test]
async fn a_return_that_was_edited_is_none_on_the_command_line() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (mut stack, _) = Stack::running(&scene, &mut ada, &file(&scene.engine.label(), "one")).await;
    let name = stack.name.clone();
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("stacks/local/{name}?tab=files"))).await;
    browser.sign_in(PASSWORD).await;
    browser.retype("variable-value", "second").await;
    browser.click("[data-action=\"apply\"]:enabled").await;
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]").await;
    browser.appears("[data-panel=\"line\"] [data-action=\"download-file\"]").await;
    browser.appears("[data-under=\"going\"], [data-plan=\"nothing\"]").await;
    browser.vanishes("[data-under=\"going\"]").await;

    browser.click(".tabs a[href*=\"tab=releases\"]").await;
    browser.click("tr[data-release=\"1\"] [data-action=\"return\"]").await;
    browser.appears("[data-plan=\"replace\"][data-on=\"web\"]").await;
    browser.retype("variable-value", "third").await;
    browser.click("[data-action=\"apply\"]:enabled").await;
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]").await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.reads("[data-panel=\"line\"] pre", "longshore stack deploy").await;
    browser.vanishes("[data-under=\"going\"]").await;
    browser.expect_no_complaint().await;
    stack.done(&mut ada, down(true)).await;
}

#[tokio::test]
async fn a_service_that_was_removed_by_hand_is_missed_and_said_to_be_removed() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (mut stack, _) = Stack::running(&scene, &mut ada, &file(&scene.engine.label(), "one")).await;
    let name = stack.name.clone();
    scene.engine.docker().ok(["rm", "--force", &format!("{name}-web-1")]).await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("stacks")).await;
    browser.sign_in(PASSWORD).await;
    browser.reads(&format!("tr[data-stack=\"{name}\"] [data-lacking]"), "1 service missing").await;
    browser.resize(390, 844).await;
    browser.picture("stacks-lacking.phone").await;
    assert!(browser.fits().await);
    browser.resize(1440, 900).await;
    browser.press("/").await;
    browser.holds("document.activeElement.name === 'filter'").await;
    browser.fill("filter", &name).await;
    browser.vanishes(&format!("tr[data-stack]:not([data-stack=\"{name}\"])")).await;
    browser.click("h1").await;
    browser.press("j").await;
    browser.holds("document.activeElement.matches('.stacks__tbl a')").await;
    browser.press("\u{e007}").await;
    browser.click("[data-action=\"drift\"]").await;
    browser.reads("[data-drift=\"1\"] [data-plan=\"create\"][data-on=\"web\"]", "removed").await;
    browser.picture("stack-drift-removed").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.resize(390, 844).await;
    browser.reads("tr[data-service=\"db\"]", "Healthy").await;
    browser.picture("stack-services.phone").await;
    assert!(browser.fits().await);
    browser.expect_no_complaint().await;
    stack.done(&mut ada, down(true)).await;
}

#[tokio::test]
async fn whom_its_files_are_not_for_is_told_why() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let (mut stack, _) = Stack::running(&scene, &mut ada, &file(&scene.engine.label(), "one")).await;
    let name = stack.name.clone();
    scene.person(&mut ada, "mia", "viewer").await;
    let shared = format!("hosts/local/sharing/stack/{name}");
    ada.send(Method::PUT, &shared, Some(json!({ "sharing": "public" }))).await.expect(204);
    let browser = Browser::start(&Look::phone().language("zh-CN")).await;
    browser.open(&scene.server.url(&format!("stacks/local/{name}?tab=files"))).await;
    browser.fill("name", "mia").await;
    browser.fill("password", PASSWORD).await;
    browser.click("button[type=submit]").await;
    browser.reads("[data-empty=\"files\"]", "Developer").await;
    browser.vanishes("[data-adopt]").await;
    browser.picture("stack-not-yours.phone.zh-CN").await;
    assert!(browser.fits().await);
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.expect_no_complaint().await;
    stack.done(&mut ada, down(true)).await;
}
