//! Engine errors that people know by heart are explained beside the engine's own words, with the next step.

use http::Method;
use longshore_fake_engine::Fault;
use longshore_tests::{Browser, FakeScene, Scene, browser::Look, engine::IMAGE, person::PASSWORD};
use serde_json::json;

/// Words of a command line.
type Words = &'static [&'static str];

/// Ends with 143 when it is asked to, as programs do that leave SIGTERM as it is.
const TERMINATED: &str = "trap 'exit 143' TERM; sleep 3600 & wait";

/// Wants more memory than it has, and ends once it may. An engine learns that the kernel killed something beside learning
/// that the container has ended, and forgets it where the end comes first.
const GREEDY: &str = "tail /dev/zero; code=$?; until [ -e /told ]; do sleep 0.1; done; exit $code";

async fn signed_in(scene: &Scene, look: &Look) -> Browser {
    scene.administrator().await;
    let browser = Browser::start(look).await;
    browser.open(&scene.server.url("")).await;
    browser.sign_in(PASSWORD).await;
    browser
}

/// Makes a container, without starting it, and returns its full name.
async fn made(scene: &Scene, name: &str, options: &[&str], command: &[&str]) -> String {
    let (name, label) = (scene.engine.name(name), scene.engine.label());
    let mut words = vec!["create", "--name", &name, "--label", &label];
    words.extend(options);
    words.push(IMAGE);
    words.extend(command);
    scene.engine.docker().ok(words).await;
    name
}

#[tokio::test]
async fn explained_is_a_port_and_a_name_that_is_taken() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene, &Look::desk()).await;
    let publish = ["--publish", "48301:80"];
    let holder = made(&scene, "holder", &publish, &["sleep", "3600"]).await;
    scene.engine.docker().ok(["start", &holder]).await;
    let late = made(&scene, "late", &publish, &["sleep", "3600"]).await;

    browser.open(&scene.server.url(&format!("containers/local/{late}"))).await;
    browser.click(".page__actions [data-action=\"start\"]").await;
    let mishap = format!("[data-mishap=\"{late}\"]");
    browser.reads(&format!("{mishap} .trouble__engine"), "port is already allocated").await;
    browser.reads(&format!("{mishap} [data-explained=\"ex-port-taken\"]"), "48301").await;
    browser.reads(&format!("{mishap} a[data-see=\"port\"]"), &holder).await;
    browser.complaints().await;
    browser.picture("explained-port").await;
    // Its own page keeps what the engine said last.
    browser.reload().await;
    browser.reads(".panel [data-explained=\"ex-port-taken\"] a[data-see=\"port\"]", &holder).await;
    assert_eq!(browser.barriers().await, [""; 0]);

    browser.click(".page__actions [aria-haspopup=\"menu\"]").await;
    browser.click("[data-action=\"rename\"]").await;
    browser.holds("document.activeElement.name === 'name'").await;
    browser.script("document.querySelector('.dialog [name=name]').select()").await;
    browser.fill("name", &holder).await;
    browser.click(".dialog button[type=submit]").await;
    browser.reads(".dialog [data-explained=\"ex-name-taken\"]", &holder).await;
    browser.complaints().await;
    browser.picture("explained-name").await;
    browser.click(".dialog a[data-see=\"container\"]").await;
    browser.reads("main h1", &holder).await;

    // The same in the form, for who creates in spite of what it says.
    browser.open(&scene.server.url(&format!("containers/new?from=local/{holder}"))).await;
    browser.reads("[data-kept]", &holder).await;
    browser.script("const i = document.querySelector('[data-form=container] [name=name]'); i.value = ''; i.dispatchEvent(new Event('input'))").await;
    browser.fill("name", &holder).await;
    browser.appears("[data-taken]").await;
    browser.click("[data-action=create-only]").await;
    browser.reads("[data-failed] [data-explained=\"ex-name-taken\"] a", &holder).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn explained_is_a_port_that_a_program_beside_the_engine_holds() {
    let (scene, browser) = FakeScene::on_page_of("", 2).await;
    let said = "driver failed programming external connectivity on endpoint x (b4): Error starting userland proxy: listen tcp4 0.0.0.0:48399: bind: address already in use";
    browser.click("[data-action=\"jobs\"]").await;
    pull_says(&scene, said).await;
    browser.reads("[data-explained=\"ex-port-taken\"] [data-see=\"port\"]", "another program").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn explained_is_what_the_runtime_could_not_start() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene, &Look::desk().dark().language("zh-CN")).await;
    let cases: [(&str, Words, Words, &str, &str); 4] = [
        ("missing", &[], &["nope"], "ex-command-missing", "nope"),
        ("barred", &[], &["/bin"], "ex-not-executable", "/bin"),
        ("mount", &["--volume", "/etc/passwd:/bin"], &["true"], "ex-mount-kind", "/etc/passwd"),
        ("user", &["--user", "nobody-here"], &["true"], "ex-user-missing", "nobody-here"),
    ];
    for (name, options, command, code, named) in cases {
        let name = made(&scene, name, options, command).await;
        scene.engine.docker().refused(["start", &name]).await;
        browser.open(&scene.server.url(&format!("containers/local/{name}"))).await;
        browser.reads(&format!(".panel [data-explained=\"{code}\"]"), named).await;
    }
    browser.picture("explained-runtime.zh-CN.dark").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn explained_is_how_a_container_ended() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene, &Look::desk()).await;
    let cases: [(&str, Words, Words, i64, &str); 4] = [
        ("c127", &[], &["sh", "-c", "nope"], 127, "ex-exit-missing"),
        ("c126", &[], &["sh", "-c", "/bin"], 126, "ex-exit-barred"),
        ("c139", &[], &["sh", "-c", "sh -c 'kill -SEGV $$'; exit $?"], 139, "ex-segv"),
        ("oom", &["--memory", "8m", "--memory-swap", "8m"], &["sh", "-c", GREEDY], 137, "ex-oom"),
    ];
    for (name, options, command, code, explained) in cases {
        let name = made(&scene, name, options, command).await;
        scene.engine.docker().ok(["start", &name]).await;
        if explained == "ex-oom" {
            scene.engine.event(&name, "oom").await;
            scene.engine.docker().ok(["exec", &name, "touch", "/told"]).await;
        }
        scene.engine.docker().ok(["wait", &name]).await;
        browser.open(&scene.server.url(&format!("containers/local/{name}"))).await;
        browser.reads(".page__head [data-state=\"failed\"]", &code.to_string()).await;
        browser.appears(&format!(".panel [data-explained=\"{explained}\"]")).await;
        browser.reads(".page__head [data-since]", "ended").await;
    }
    browser.resize(390, 844).await;
    assert!(browser.fits().await, "nothing is wider than the page");
    assert_eq!(browser.barriers().await, [""; 0]);
    browser.picture("explained-oom.phone").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn explained_is_a_program_of_another_platform_by_its_last_words() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene, &Look::desk().language("zh-CN")).await;
    let name = made(&scene, "alien", &[], &["/bin/alien"]).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = folder.path().join("alien");
    std::fs::write(&program, [0xca, 0xfe, 0xba, 0xbe].repeat(64)).expect("a file");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&program, executable).expect("the file is ours");
    let (from, to) = (program.to_string_lossy().into_owned(), format!("{name}:/bin/alien"));
    scene.engine.docker().ok(["cp", &from, &to]).await;
    scene.engine.docker().ok(["start", &name]).await;
    scene.engine.docker().ok(["wait", &name]).await;

    browser.open(&scene.server.url(&format!("containers/local/{name}"))).await;
    browser.reads("[data-last-words] .trouble__engine", "exec format error").await;
    browser.reads("[data-last-words] [data-explained=\"ex-exec-format\"]", "/bin/alien").await;
    assert_eq!(browser.barriers().await, [""; 0]);
    browser.picture("explained-platform.zh-CN").await;
    browser.click("[data-last-words] a").await;
    browser.reads("main", "exec format error").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn explained_is_a_stop_and_it_is_no_failure() {
    let mut scene = Scene::start().await;
    let browser = signed_in(&scene, &Look::desk()).await;
    let polite = scene.engine.running_script("polite", TERMINATED).await;
    // The first process of a container does not hear a signal that it has no ear for.
    let deaf = made(&scene, "deaf", &["--stop-timeout", "1"], &["sleep", "3600"]).await;
    let struck = made(&scene, "struck", &[], &["sleep", "3600"]).await;
    scene.engine.docker().ok(["start", &deaf, &struck]).await;

    for (name, code, explained) in [(&polite, 143, "ex-term"), (&deaf, 137, "ex-killed-asked")] {
        browser.open(&scene.server.url(&format!("containers/local/{name}"))).await;
        browser.click(".page__actions [data-action=\"stop\"]").await;
        browser.reads(".page__head [data-state=\"exited\"]", &format!("Stopped, {code}")).await;
        browser.appears(&format!(".panel [data-explained=\"{explained}\"]")).await;
    }
    browser.picture("explained-stop").await;

    // Nobody asked the engine for this one.
    let pid = scene.engine.inspect(&struck).await["State"]["Pid"].to_string();
    let kill = tokio::process::Command::new("kill").args(["-9", &pid]).status().await;
    assert!(kill.expect("kill runs").success());
    browser.open(&scene.server.url(&format!("containers/local/{struck}"))).await;
    browser.reads(".page__head [data-state=\"failed\"]", "Exited 137").await;
    browser.appears(".panel [data-explained=\"ex-killed\"]").await;

    browser.open(&scene.server.url("")).await;
    browser.appears(&format!("[data-ill=\"{struck}\"] [title*=\"SIGKILL\"]")).await;
    browser.vanishes(&format!("[data-ill=\"{polite}\"], [data-ill=\"{deaf}\"]")).await;

    // That it was asked for is known after a restart, of which the engine keeps nothing.
    drop(browser);
    scene.server.program().kill().await;
    scene.server.start_again().await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("containers/local/{deaf}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.reads(".page__head [data-state=\"exited\"]", "Stopped, 137").await;
    browser.open(&scene.server.url(&format!("containers/local/{struck}"))).await;
    browser.reads(".page__head [data-state=\"failed\"]", "Exited 137").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn explained_is_what_the_log_of_a_job_and_a_console_quote() {
    let (scene, browser) = FakeScene::on_page_of("", 2).await;
    let said = "failed to register layer: write /usr/lib/libx.so: no space left on device";
    let job = pull_says(&scene, said).await;
    browser.open(&scene.server.url(&format!("jobs?job={job}"))).await;
    browser.reads(".joblog__lines q", said).await;
    browser.appears(".joblog__lines [data-explained=\"ex-no-space\"]").await;
    assert_eq!(browser.barriers().await, [""; 0]);
    browser.picture("explained-job-log").await;
    browser.resize(390, 844).await;
    assert!(browser.fits().await, "nothing is wider than the page");
    browser.resize(1440, 900).await;

    let (id, name) = scene.engine.container(0);
    scene
        .engine
        .plan(&format!("/containers/{id}/exec"), Fault::Refuse(500, "write /tmp/x: no space left on device"));
    browser.open(&scene.server.url(&format!("console?of=local/{name}"))).await;
    browser.reads("[data-failed] q", "no space left").await;
    browser.appears(".term__why [data-explained=\"ex-no-space\"]").await;
    assert_eq!(browser.barriers().await, [""; 0]);
    browser.picture("explained-console").await;
    browser.expect_no_complaint().await;
}

/// A pull that fails with these words; its job's id.
async fn pull_says(scene: &FakeScene, words: &str) -> String {
    let line = json!({ "errorDetail": { "message": words }, "error": words }).to_string();
    // The engine outlives the test's own texts.
    scene.engine.pulls(&[line.leak()], false);
    let mut ada = longshore_tests::fake::signed_in_again(&scene.server).await;
    let wish = json!({ "image": "registry.lan:5000/shop:7" });
    let started = ada.send(Method::POST, "hosts/local/images", Some(wish)).await.expect(202).json();
    started["id"].as_str().unwrap_or_else(|| panic!("no id: {started}")).to_owned()
}

#[tokio::test]
async fn explained_is_a_pull_that_failed() {
    let (scene, browser) = FakeScene::on_page_of("", 2).await;
    let cases = [
        (
            "Get \"https://registry.lan:5000/v2/\": http: server gave HTTP response to HTTPS client",
            "ex-plain-http",
            "insecure-registries",
        ),
        ("failed to register layer: write /usr/lib/libx.so: no space left on device", "ex-no-space", "full"),
        (
            "pull access denied for registry.lan:5000/shop, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
            "ex-image-denied",
            "registry.lan:5000/shop",
        ),
        ("manifest for registry.lan:5000/shop:7 not found: manifest unknown", "ex-tag-missing", "shop:7"),
        (
            "no matching manifest for linux/arm64/v8 in the manifest list entries",
            "ex-platform",
            "linux/arm64/v8",
        ),
    ];
    browser.click("[data-action=\"jobs\"]").await;
    for (words, code, named) in cases {
        let job = pull_says(&scene, words).await;
        browser.reads(&format!("[data-job=\"{job}\"] .trouble__engine"), words).await;
        browser.reads(&format!("[data-job=\"{job}\"] [data-explained=\"{code}\"]"), named).await;
    }
    // The whole name stands there, a registry's port and all.
    browser.reads(".jobs__one b", "registry.lan:5000/shop:7").await;
    browser.appears("[data-explained=\"ex-no-space\"] a[data-see=\"room\"]").await;
    // What nobody knows by heart stands for itself.
    let job = pull_says(&scene, "<b>the flux capacitor is empty</b>").await;
    browser.reads(&format!("[data-job=\"{job}\"] .trouble__engine"), "<b>the flux").await;
    browser.vanishes(&format!("[data-job=\"{job}\"] [data-explained]")).await;
    assert_eq!(browser.barriers().await, [""; 0]);
    browser.picture("explained-pulls").await;
    browser.resize(390, 844).await;
    assert!(browser.fits().await, "nothing is wider than the page");
    browser.picture("explained-pulls.phone").await;
    browser.expect_no_complaint().await;
}
