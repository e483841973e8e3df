//! The page of one container, on a real engine.

use longshore_tests::{
    Browser, Scene,
    browser::{ESCAPE, Look, row},
    database::sql,
    person::PASSWORD,
};
use serde_json::json;

/// An administrator's browser on a real engine.
async fn signed_in(scene: &Scene, look: &Look) -> Browser {
    scene.administrator().await;
    let browser = Browser::start(look).await;
    browser.open(&scene.server.url("")).await;
    browser.sign_in(PASSWORD).await;
    browser
}

/// A container with something in every part of the page; its name.
async fn furnished(scene: &Scene) -> String {
    let docker = scene.engine.docker();
    let (name, label) = (scene.engine.name("shop"), scene.engine.label());
    let (network, volume) = (scene.engine.name("net"), scene.engine.name("data"));
    docker.ok(["network", "create", "--label", &label, "--subnet", "10.123.45.0/24", &network]).await;
    docker.ok(["volume", "create", "--label", &label, &volume]).await;
    let mount = format!("{volume}:/var/lib/shop:ro");
    let mut words = vec!["run", "--detach", "--name", &name, "--label", &label];
    words.extend(["--label", "shop.owner=mara", "--network", &network, "--ip", "10.123.45.77"]);
    words.extend(["--network-alias", "till", "--volume", &mount, "--publish", "127.0.0.1::8080"]);
    words.extend(["--env", "SHOP_SECRET=hunter2", "--restart", "on-failure:5", "--memory", "64m"]);
    words.extend(["--health-cmd", "echo all is well", "--health-interval", "1s", "--user", "1000:1000"]);
    words.extend(["busybox:1.35", "sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]);
    docker.ok(words).await;
    name
}

#[tokio::test]
async fn a_container_is_shown_whole_and_acted_on() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene, &Look::desk()).await;
    let name = furnished(&scene).await;
    browser.open(&scene.server.url(&format!("containers?q={name}"))).await;
    browser.click(&format!("{} .tbl__name", row(&name))).await;
    browser.reads("main h1", &name).await;
    assert!(browser.url().await.ends_with(&format!("/containers/local/{name}")), "{}", browser.url().await);

    browser.reads(".facts", "sh -c 'trap '\\''exit 0'\\'' TERM; sleep 3600 & wait'").await;
    browser.reads(".facts", "1000:1000").await;
    browser.reads("[data-port=\"8080/tcp\"] a", "127.0.0.1:").await;
    browser.reads("[data-panel=\"networks\"]", "10.123.45.77").await;
    browser.reads("[data-panel=\"networks\"]", "till").await;
    browser.reads("[data-mount=\"/var/lib/shop\"]", "read only").await;
    browser.reads("[data-panel=\"labels\"]", "shop.owner=mara").await;
    browser.appears("[data-policy=\"on-failure\"][aria-pressed=\"true\"]").await;
    browser.holds("document.querySelector('[name=restarts]').value === '5'").await;
    browser.reads("[data-fact=\"memory\"]", "64.0 MiB").await;
    // Its health is told without a reload.
    browser.appears(".page__head [data-state=\"healthy\"]").await;
    browser.reads("[data-probe=\"0\"]", "all is well").await;

    browser.reads("[data-env=\"SHOP_SECRET\"]", "••••").await;
    assert!(
        !browser.script("return document.documentElement.outerHTML").await.to_string().contains("hunter2")
    );
    browser.click("[data-action=\"show-env\"]").await;
    browser.reads("[data-env=\"SHOP_SECRET\"]", "hunter2").await;
    let seen = sql(&scene.server, "SELECT target, outcome FROM audit WHERE operation = 'container-env'");
    assert_eq!(seen, format!("container {name}|done"));
    browser.picture("container-real").await;

    let copied = "navigator.clipboard.writeText = async (text) => { window.copied = text }";
    browser.script(copied).await;
    browser.click("[data-action=\"copy-env\"]").await;
    browser.holds("(window.copied || '').split('\\n').includes('SHOP_SECRET=hunter2')").await;

    browser.click(".page__actions [aria-haspopup=\"menu\"]").await;
    browser.click("[data-action=\"pause\"]").await;
    browser.appears(".page__head [data-state=\"paused\"]").await;
    browser.picture("container-paused").await;
    browser.click(".page__actions [aria-haspopup=\"menu\"]").await;
    browser.click("[data-action=\"unpause\"]").await;
    browser.vanishes(".page__head [data-state=\"paused\"]").await;
    browser.click(".page__actions [data-action=\"stop\"]").await;
    browser.appears(".page__head [data-state=\"exited\"]").await;
    browser.click(".page__actions [data-action=\"start\"]").await;
    browser.appears(".page__actions [data-action=\"stop\"]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_container_that_goes_while_one_looks_is_said_to_be_gone() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene, &Look::desk().language("zh-CN")).await;
    let name = scene.engine.running("web").await;
    browser.open(&scene.server.url(&format!("containers/local/{name}"))).await;
    browser.reads("main h1", &name).await;
    browser.appears(".page__actions [data-action=\"stop\"]").await;
    let other = scene.engine.name("other");
    scene.engine.docker().ok(["rename", &name, &other]).await;
    browser.reads("main h1", &other).await;
    browser.holds(&format!("location.pathname.endsWith('/containers/local/{other}')")).await;
    scene.engine.docker().ok(["rm", "--force", &other]).await;
    browser.reads("[data-gone]", "被删除").await;
    browser.vanishes(".page__actions [data-action=\"stop\"]").await;
    browser.reads(".facts", "busybox:1.35").await;
    browser.picture("container-gone.zh-CN").await;
    browser.reload().await;
    browser.appears("[data-missing=\"container\"]").await;
}

#[tokio::test]
async fn on_a_phone_everything_that_can_be_done_is_within_reach() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene, &Look::phone()).await;
    let name = scene.engine.running("web").await;
    browser.open(&scene.server.url(&format!("containers/local/{name}"))).await;
    browser.click(".page__actions [aria-haspopup=\"menu\"]").await;
    browser.appears("[data-action=\"rename\"]").await;
    // What lies at the place of the item is the item: nothing cuts it off.
    let seen = |css: &str| {
        format!(
            "(() => {{ const one = document.querySelector('{css}'); const box = one.getBoundingClientRect();
            const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            return one.contains(top); }})()"
        )
    };
    browser.holds(&seen("[data-action=\"rename\"]")).await;
    browser.picture("container-menu-phone").await;
    browser.press(ESCAPE).await;
    browser.click("[data-action=\"more-pages\"]").await;
    browser.appears(".sheet__pages").await;
    let ground = "return getComputedStyle(document.querySelector('.sheet')).backgroundColor";
    assert_ne!(browser.script(ground).await, "rgba(0, 0, 0, 0)");
    browser.picture("pages-phone").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_container_that_goes_while_its_form_is_open_is_said_to_be_gone() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene, &Look::desk()).await;
    let name = scene.engine.running("web").await;
    browser.open(&scene.server.url(&format!("containers/local/{name}"))).await;
    browser.click(".page__actions [aria-haspopup=\"menu\"]").await;
    browser.click("[data-action=\"rename\"]").await;
    browser.holds("document.activeElement.name === 'name'").await;
    scene.engine.docker().ok(["rm", "--force", &name]).await;
    browser.appears("[data-gone]").await;
    // What is typed is not lost under one's hands; the answer says what has become of it.
    browser.fill("name", "other").await;
    browser.click(".dialog button[type=submit]").await;
    browser.appears(".dialog .trouble").await;
    browser.picture("container-gone-form").await;
    let complaints = browser.complaints().await;
    assert!(complaints.iter().all(|said| said.contains("404")), "{complaints:?}");
}

#[tokio::test]
async fn a_container_is_renamed_signalled_and_kept_otherwise() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene, &Look::desk()).await;
    let script =
        "trap 'echo heard > /tmp/heard' HUP; trap 'exit 0' TERM; while :; do sleep 3600 & wait; done";
    let (name, other) =
        (scene.engine.running_script("web", script).await, scene.engine.running("taken").await);
    browser.open(&scene.server.url(&format!("containers/local/{name}"))).await;

    // A name that is taken is refused where it was typed, in the engine's words; another is taken.
    browser.click(".page__actions [aria-haspopup=\"menu\"]").await;
    browser.click("[data-action=\"rename\"]").await;
    browser.holds("document.activeElement.name === 'name'").await;
    browser.script("document.querySelector('.dialog [name=name]').select()").await;
    browser.fill("name", &other).await;
    browser.click(".dialog button[type=submit]").await;
    browser.reads(".dialog .trouble__engine", &other).await;
    let new = scene.engine.name("shop");
    browser.script("document.querySelector('.dialog [name=name]').select()").await;
    browser.fill("name", &new).await;
    browser.click(".dialog button[type=submit]").await;
    browser.reads("main h1", &new).await;
    browser.holds(&format!("location.pathname.endsWith('/{new}')")).await;

    browser.click(".page__actions [aria-haspopup=\"menu\"]").await;
    browser.click("[data-action=\"signal\"]").await;
    browser.holds("document.activeElement.name === 'signal'").await;
    browser.picture("container-signal").await;
    browser.click(".dialog button[type=submit]").await;
    browser.vanishes(".dialog").await;
    browser.click(".tabs [href*=\"tab=changes\"]").await;
    browser.reads("[data-change=\"/tmp/heard\"]", "added").await;
    browser.picture("container-changes").await;

    browser.click(".tabs .tab").await;
    browser.click("[data-policy=\"unless-stopped\"]").await;
    browser.appears("[data-policy=\"unless-stopped\"][aria-pressed=\"true\"]").await;
    assert_eq!(scene.engine.inspect(&new).await["HostConfig"]["RestartPolicy"]["Name"], "unless-stopped");
    browser.click("[data-action=\"edit-limits\"]").await;
    browser.fill("memory", "lots").await;
    browser.click("[data-action=\"save-limits\"]").await;
    browser.appears(".field__error").await;
    browser.retype("memory", "96").await;
    browser.fill("pids", "40").await;
    browser.fill("cpu", "0.5").await;
    browser.click("[data-action=\"save-limits\"]").await;
    browser.reads("[data-fact=\"memory\"]", "96.0 MiB").await;
    browser.reads("[data-fact=\"pids\"]", "40").await;
    browser.reads("[data-fact=\"cpu\"]", "0.5").await;
    let limited = scene.engine.inspect(&new).await;
    assert_eq!(limited["HostConfig"]["Memory"], 96 * 1024 * 1024);
    assert_eq!(limited["HostConfig"]["NanoCpus"], 500_000_000);
    // What does not come out even in MiB stays as it is while another limit is changed, and so does its swap.
    let odd = ["--memory", "100000000", "--memory-swap", "150000000"];
    scene.engine.docker().ok([&["update"][..], &odd, &[&new]].concat()).await;
    browser.reload().await;
    browser.reads("[data-fact=\"memory\"]", "95.4 MiB").await;
    browser.click("[data-action=\"edit-limits\"]").await;
    browser.retype("pids", "41").await;
    browser.click("[data-action=\"save-limits\"]").await;
    browser.reads("[data-fact=\"pids\"]", "41").await;
    let kept = scene.engine.inspect(&new).await;
    assert_eq!(
        (&kept["HostConfig"]["Memory"], &kept["HostConfig"]["MemorySwap"]),
        (&json!(100_000_000), &json!(150_000_000))
    );
    // An engine takes this one back from no container that is there.
    browser.click("[data-action=\"edit-limits\"]").await;
    browser.script("document.querySelector('[name=memory]').select()").await;
    browser.fill("memory", "\u{e003}").await;
    browser.click("[data-action=\"save-limits\"]").await;
    browser.reads(".field__error", "never takes it away").await;
    browser.picture("container-limits").await;
}

#[tokio::test]
async fn a_container_is_looked_into() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene, &Look::desk()).await;
    let name = furnished(&scene).await;
    browser.open(&scene.server.url(&format!("containers/local/{name}?tab=processes"))).await;
    browser.reads("[data-panel=\"processes\"]", "sleep 3600").await;
    browser.picture("container-processes").await;

    browser.click(".tabs [href*=\"tab=inspect\"]").await;
    browser.reads("[data-panel=\"tree\"]", "HostConfig").await;
    browser.fill("filter", "shop_secret").await;
    browser.reads("[data-panel=\"tree\"] mark", "SHOP_SECRET").await;
    browser.appears("[data-hits=\"1\"]").await;
    browser.vanishes("[data-leaf=\"Image\"]").await;
    browser.picture("container-inspect").await;
    let copied = "navigator.clipboard.writeText = async (text) => { window.copied = text }";
    browser.script(copied).await;
    browser.click("[data-action=\"copy-document\"]").await;
    browser.holds(&format!("JSON.parse(window.copied || '{{}}').Name === '/{name}'")).await;
    browser.click("[data-action=\"as-text\"]").await;
    browser.reads("[data-panel=\"raw\"] mark", "SHOP_SECRET").await;
    browser.picture("container-raw").await;
    assert!(!browser.script("return document.body.textContent").await.to_string().contains("hunter2"));
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn what_a_container_uses_is_drawn_and_goes_on() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene, &Look::desk()).await;
    let busy = "trap 'exit 0' TERM; while :; do dd if=/dev/zero of=/tmp/x bs=1M count=4 2>/dev/null; sleep 1 & wait; done";
    let name = scene.engine.running_script("busy", busy).await;
    browser.open(&scene.server.url(&format!("containers/local/{name}?tab=stats"))).await;
    for chart in ["cpu", "memory", "network", "block"] {
        browser.appears(&format!("[data-chart=\"{chart}\"]")).await;
    }
    browser.reads("[data-panel=\"processes\"]", "sh -c").await;
    // The line grows without a reload.
    browser.appears("[data-chart=\"cpu\"] .l[d^=\"M\"]").await;
    let drawn =
        browser.script("return document.querySelector('[data-chart=cpu] .l').getAttribute('d')").await;
    let drawn = drawn.as_str().expect("a path").to_owned();
    browser
        .holds(&format!("document.querySelector('[data-chart=cpu] .l').getAttribute('d') !== '{drawn}'"))
        .await;
    browser.reads("[data-chart=\"memory\"] .chart__key b", "iB").await;
    browser.click("[data-range=\"hour\"]").await;
    browser.appears("[data-range=\"hour\"][aria-pressed=\"true\"]").await;
    browser.picture("container-stats").await;
    browser.expect_no_complaint().await;
}
