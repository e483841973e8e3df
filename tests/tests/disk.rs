//! What takes the room on a host: measured when somebody asks, shown as a map and as a list.

use std::time::Duration;

use longshore_fake_engine::Fault;
use longshore_tests::{
    Browser, FakeScene, Scene,
    browser::{ESCAPE, Look},
    engine::IMAGE,
    person::PASSWORD,
};

#[tokio::test]
async fn disk_use_is_measured_when_asked_and_leads_to_each_thing() {
    let scene = Scene::start().await;
    let mut person = scene.administrator().await;
    let engine = &scene.engine;
    let (name, label) = (engine.name("large"), engine.label());
    let mount = format!("{name}:/data");
    engine.docker().ok(["volume", "create", "--label", &label, &name]).await;
    let fill = "head -c 40000000 /dev/zero > /data/it && head -c 3000000 /dev/zero > /it";
    let holder = engine.name("writer");
    let run = ["run", "--name", &holder, "--label", &label, "--volume", &mount, IMAGE, "sh", "-c", fill];
    engine.docker().ok(run).await;
    let (idle, mount) = (engine.name("idle"), format!("{}:/data", engine.name("idle")));
    engine.docker().ok(["volume", "create", "--label", &label, &idle]).await;
    let fill = "head -c 5000000 /dev/zero > /data/it";
    engine.docker().ok(["run", "--rm", "--volume", &mount, IMAGE, "sh", "-c", fill]).await;
    let prune = async |browser: &Browser| {
        browser.click("[data-action=\"prune\"]:enabled").await;
        browser.click(&format!("[data-goes=\"{idle}\"] input")).await;
    };

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url("volumes")).await;
    browser.sign_in(PASSWORD).await;
    browser.appears(&format!("[data-thing=\"{name}\"]")).await;
    // How much goes is not known before somebody has measured, and that is said.
    prune(&browser).await;
    browser.reads("[data-unmeasured]", "How much 1 of these takes is not known").await;
    browser.picture("prune-unmeasured").await;
    browser.press(ESCAPE).await;
    browser.vanishes(".dialog").await;
    browser.click("[data-action=\"disk\"]").await;
    browser.appears("[data-empty=\"disk\"]").await;
    assert_eq!(person.get("hosts/local/disk").await.expect(200).text(), "null", "nobody has asked yet");
    browser.picture("disk-not-measured").await;
    browser.click("[data-action=\"measure\"]").await;
    browser.appears(&format!("[data-tile=\"{name}\"]")).await;
    browser.reads(&format!("[data-part=\"{name}\"] .num"), "40.0 MB").await;
    browser.reads("[data-part] .tbl__name", &holder).await;
    browser.appears("[data-group=\"images\"]").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.picture("disk").await;

    // The map leads to the thing, which knows its size now; so does the table.
    browser.click(&format!("[data-tile=\"{name}\"]")).await;
    browser.reads("h1", &name).await;
    browser.reads(".page__head", "40.0 MB").await;
    browser.open(&scene.server.url(&format!("volumes?q={name}&sort=-size"))).await;
    browser.reads(&format!("[data-thing=\"{name}\"] .num"), "40.0 MB").await;
    browser.appears("[data-measured]").await;
    browser.picture("volumes-measured").await;
    browser.open(&scene.server.url("volumes")).await;
    browser.appears(&format!("[data-thing=\"{idle}\"]")).await;
    prune(&browser).await;
    browser.reads(".dialog__foot [role=status]", "Frees at most 5.00 MB").await;
    browser.vanishes("[data-unmeasured]").await;
    let stopped = engine.docker().ok(["inspect", "--format", "{{.Id}}", &holder]).await;
    browser.open(&scene.server.url(&format!("containers?q={holder}"))).await;
    browser.click("[data-action=\"remove-stopped\"]").await;
    browser.appears(&format!("[data-goes=\"{}\"] input:checked", stopped.trim())).await;
    browser.reads(".dialog__foot [role=status]", "Frees 3.00 MB").await;
    browser.vanishes("[data-unmeasured]").await;
    browser.expect_no_complaint().await;

    for (look, name) in [
        (Look::phone(), "disk-phone"),
        (Look::desk().dark(), "disk-dark"),
        (Look::desk().language("zh-CN"), "disk-zh"),
    ] {
        let browser = Browser::start(&look).await;
        browser.open(&scene.server.url("disk")).await;
        browser.sign_in(PASSWORD).await;
        browser.appears("[data-tile]").await;
        assert!(browser.fits().await, "{name}");
        assert_eq!(browser.barriers().await, Vec::<String>::new(), "{name}");
        browser.picture(name).await;
    }
}

#[tokio::test]
async fn a_measurement_is_cancelled_while_the_engine_hangs_and_its_refusal_is_told() {
    let (scene, browser) = FakeScene::on_page("disk").await;
    scene.engine.plan("/system/df", Fault::Silent);
    browser.click("[data-action=\"measure\"]").await;
    browser.click("[data-action=\"cancel-measure\"]").await;
    browser.appears("[data-action=\"measure\"]:enabled").await;
    browser.vanishes("[data-trouble=\"disk\"]").await;
    scene.engine.mend();
    scene.engine.plan("/system/df", Fault::Refuse(500, "a disk usage operation is already running"));
    browser.click("[data-action=\"measure\"]").await;
    browser.reads("[data-trouble=\"disk\"] .trouble__engine", "already running").await;
    browser.picture("disk-refused").await;

    // Later it answers, if not at once.
    scene.engine.mend();
    scene.engine.plan("/system/df", Fault::Slow(Duration::from_millis(300)));
    browser.click("[data-action=\"measure\"]").await;
    browser.appears("[data-measured]").await;
    browser.vanishes("[data-trouble=\"disk\"]").await;
    browser.expect_no_complaint().await;
}
