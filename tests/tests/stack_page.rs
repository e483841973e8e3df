//! The page of a stack as people use it: what they wrote is not lost by a click, the plan is seen before it is done on a
//! phone, too, and what was changed by hand is said as it was done.

use http::Method;
use longshore_tests::{
    Browser, Scene,
    browser::Look,
    person::PASSWORD,
    stack::{Stack, down, file, source, up},
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
async fn a_return_is_one_click_to_its_plan_and_one_to_do_it() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let label = scene.engine.label();
    let (mut stack, _) = Stack::running(&scene, &mut ada, &file(&label, "one")).await;
    let name = stack.name.clone();
    stack.done(&mut ada, up(Some(source(&file(&label, "two"))))).await;
    let level = async || scene.engine.inspect(&format!("{name}-web-1")).await["Config"]["Env"].to_string();
    assert!(level().await.contains("LEVEL=two"));

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("stacks/local/{name}?tab=releases"))).await;
    browser.sign_in(PASSWORD).await;
    browser.click("tr[data-release=\"1\"] [data-action=\"return\"]").await;
    browser.appears("[data-plan=\"replace\"][data-on=\"web\"]").await;
    browser.picture("stack-return").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.click("[data-action=\"apply\"]:enabled").await;
    browser.reads("[data-panel=\"line\"] pre", &format!("longshore stack return {name} 1")).await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.appears("[data-under=\"going\"], [data-plan=\"nothing\"]").await;
    browser.vanishes("[data-under=\"going\"]").await;
    assert!(level().await.contains("LEVEL=one"));
    let newest = stack.newest(&mut ada).await;
    assert_eq!((&newest["number"], &newest["message"]), (&json!(3), &json!("↩ 1")), "{newest}");

    // How many containers a service has is planned and done as all else is.
    browser.click(".tabs a:first-child").await;
    browser.click("tr[data-service=\"web\"] [data-action=\"scale\"]").await;
    browser.retype("scale", "2").await;
    browser.appears("[role=\"dialog\"] [data-plan=\"create\"][data-on=\"web\"]").await;
    browser.picture("stack-scale").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.resize(390, 844).await;
    browser.picture("stack-scale.phone").await;
    assert!(browser.fits().await);
    browser.resize(1440, 900).await;
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]:enabled").await;
    let line = format!("longshore stack scale {name} --host local web=2");
    browser.reads("[data-panel=\"line\"] pre", &line).await;
    browser.appears(&format!("tr[data-container=\"{name}-web-2\"]")).await;
    browser.vanishes("[data-under=\"going\"]").await;
    // The other one has no number of its own to set.
    browser.vanishes(&format!("tr[data-container=\"{name}-web-2\"] [data-action=\"scale\"]")).await;
    browser.expect_no_complaint().await;
    stack.done(&mut ada, down(true)).await;
}

#[tokio::test]
async fn the_logs_of_a_stack_are_one_and_lead_back_to_it() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let text = file(&scene.engine.label(), "one").replacen("'trap", "'echo the database is up; trap", 1);
    let (mut stack, _) = Stack::running(&scene, &mut ada, &text).await;
    let name = stack.name.clone();
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("stacks/local/{name}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.click(".tabs [data-to=\"logs\"]").await;
    browser.reads(".lg", "the database is up").await;
    for service in ["db", "web"] {
        browser.appears(&format!("[data-log-of=\"{name}-{service}-1\"]")).await;
    }
    // What is searched, and a container that is left out, lead back all the same.
    browser.click(&format!("[data-log-of=\"{name}-web-1\"] .logs__out")).await;
    browser.vanishes(&format!("[data-log-of=\"{name}-web-1\"]")).await;
    browser.reads(".lg", "the database is up").await;
    browser.picture("stack-logs").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.resize(390, 844).await;
    browser.picture("stack-logs.phone").await;
    assert!(browser.fits().await);
    browser.resize(1440, 900).await;
    browser.click("[data-to=\"stack\"]").await;
    browser.appears("tr[data-service=\"web\"]").await;

    // The line of a command that is run once stands beside it as it is typed.
    browser.click("tr[data-service=\"web\"] [data-action=\"run-once\"]").await;
    browser.fill("command", "echo it ran").await;
    let line = format!("longshore stack run {name} web --host local -- echo it ran");
    browser.reads("[role=\"dialog\"] [data-panel=\"line\"] pre", &line).await;
    browser.picture("stack-run-once").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.press("\u{e00c}").await;
    browser.vanishes("[role=\"dialog\"]").await;

    // What a file may have next is offered while it is typed, and what is wrong is marked where it stands.
    browser.open(&scene.server.url(&format!("stacks/local/{name}-new?tab=files"))).await;
    browser.click("[data-editor=\"there\"] .cm-content").await;
    // A line begins where the one before it did.
    browser.press("services:\u{e007}  web:\u{e007}  heal").await;
    browser.reads(".cm-tooltip-autocomplete", "healthcheck").await;
    browser.appears(".cm-lintRange-error").await;
    browser.picture("stack-completion").await;
    browser.press("\u{e007}").await;
    browser.reads(".cm-content", "healthcheck").await;
    browser.click("[data-action=\"discard\"]").await;
    browser.vanishes("[data-changed]").await;
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
