//! `longshore stack`: what a script does with stacks, and how it is told what came of it.

use std::fs;

use longshore_api::ops::spec::split;
use longshore_tests::{
    Browser, Live, Scene,
    browser::Look,
    ci::{Ci, Said, TOKEN, checkout, file},
    engine::IMAGE,
    person::PASSWORD,
    terminal::CTRL_C,
};
use serde_json::Value;

async fn environment(scene: &Scene, container: &str) -> String {
    scene.engine.inspect(container).await["Config"]["Env"].to_string()
}

#[tokio::test]
async fn a_script_plans_deploys_looks_returns_and_removes() {
    let scene = Scene::start().await;
    let (ci, name) = checkout(&scene).await;
    let web = format!("{name}-web-1");

    let plan = ci.stack_with(&["plan", "--secret", "TOKEN"], TOKEN).await.expect(0);
    assert_eq!(plan.row("create")[0..2], ["create", "network"], "{}", plan.out);
    assert!(plan.out.contains(&web) && !plan.out.contains("harbour-secret"), "{}", plan.out);
    ci.stack_with(&["plan", "--exit-code", "--secret", "TOKEN"], TOKEN).await.expect(3);
    // Nobody is there to be asked.
    let refused = ci.stack_with(&["deploy", "--secret", "TOKEN"], TOKEN).await.expect(2);
    assert!(refused.err.contains("--yes"), "{}", refused.err);
    scene.engine.docker().refused(["inspect", &web]).await;

    let deploy = ["deploy", "--yes", "--secret", "TOKEN", "--message", "The first"];
    let done = ci.stack_with(&deploy, TOKEN).await.expect(0);
    assert!(done.out.lines().any(|line| line.split_whitespace().eq(["web", "done"])), "{}", done.out);
    assert!(done.out.ends_with("Done.\n"), "{}", done.out);
    let env = environment(&scene, &web).await;
    for set in ["LEVEL=one", "TOKEN=harbour-secret", "PLACE=quay"] {
        assert!(env.contains(set), "{set}: {env}");
    }

    // The same again is nothing, and no release.
    let again = ci.stack_with(&["deploy", "--yes", "--secret", "TOKEN"], TOKEN).await.expect(0);
    assert!(again.out.contains("Nothing differs"), "{}", again.out);
    ci.stack(&["plan", "--exit-code", "--keep-secret", "TOKEN"]).await.expect(0);

    let list = ci.stack(&["ls"]).await.expect(0);
    assert_eq!(list.row(&name), [&name, "2", "2", "of", "2", "0", "1", "applied"]);
    let list = ci.stack(&["--json", "ls"]).await.expect(0).json();
    let rows = list["stacks"].as_array().expect("rows");
    assert!(rows.iter().any(|row| row["name"] == *name && row["running"] == 2), "{list}");
    let parts = ci.stack(&["ps", &name]).await.expect(0);
    assert_eq!(parts.row("web")[..4], ["web", &web, IMAGE, "running"]);
    let logs = ci.stack(&["logs", &name, "web"]).await.expect(0);
    assert_eq!(logs.out, "web-1  | the site's own words\n", "{}", logs.err);

    let second = ["deploy", "--yes", "--json", "--keep-secret", "TOKEN", "--var", "LEVEL=two"];
    let done = ci.stack(&second).await.expect(0);
    let told = done.json();
    assert_eq!(told["job"]["state"], "done", "{told}");
    let rows = told["plan"]["rows"].as_array().expect("rows");
    assert!(rows.iter().any(|row| row["act"] == "replace" && row["service"] == "web"), "{told}");
    assert!(environment(&scene, &web).await.contains("TOKEN=harbour-secret"), "it was kept");
    let releases = ci.stack(&["releases", &name]).await.expect(0);
    assert_eq!(releases.row("2")[..3], ["2", "applied", "ada"]);
    assert!(releases.row("1").ends_with(&["The", "first"]), "{}", releases.out);

    // No file is needed to return.
    let elsewhere = tempfile::tempdir().expect("a folder");
    ci.stack_in(elsewhere.path(), &["return", &name, "1", "--yes"], &[]).await.expect(0);
    let env = environment(&scene, &web).await;
    assert!(env.contains("LEVEL=one") && env.contains("TOKEN=harbour-secret"), "{env}");
    let releases = ci.stack(&["releases", &name, "--json"]).await.expect(0).json();
    assert_eq!(releases["releases"][0]["number"], 3, "{releases}");

    ci.stack(&["stop", &name, "web", "--yes"]).await.expect(0);
    assert_eq!(scene.engine.state(&web).await, "exited");
    ci.stack(&["start", &name, "--yes"]).await.expect(0);
    assert_eq!(scene.engine.state(&web).await, "running");

    ci.stack(&["rm", &name, "--volumes", "--forget", "--yes"]).await.expect(0);
    scene.engine.docker().refused(["inspect", &web]).await;
    scene.engine.docker().refused(["volume", "inspect", &format!("{name}_data")]).await;
    let gone = ci.stack(&["ps", &name]).await.expect(1);
    assert!(gone.err.contains(&name) && gone.out.is_empty(), "{}", gone.err);
}

#[tokio::test]
async fn what_is_wrong_is_said_with_its_place_and_a_code_of_its_own() {
    let scene = Scene::start().await;
    let (ci, name) = checkout(&scene).await;
    let text = file(&name, &scene.engine.label());
    let plan = ["plan", "--secret", "TOKEN"];

    ci.write("compose.yaml", &text.replacen("    image:", "    imagee:", 1));
    let wrong = ci.stack_with(&plan, TOKEN).await.expect(1);
    assert!(wrong.err.contains("compose.yaml:4:5: error: services.db: `imagee`"), "{}", wrong.err);
    let wrong = ci.stack_with(&["plan", "--json", "--secret", "TOKEN"], TOKEN).await.expect(1).json();
    assert_eq!((&wrong["findings"][0]["line"], &wrong["digest"]), (&4.into(), &"".into()), "{wrong}");

    // Nothing outside of the folder is read, links included.
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("passwords"), "PASSWORD=everybody's\n").expect("written");
    std::os::unix::fs::symlink(outside.path().join("passwords"), ci.folder.path().join("out.env"))
        .expect("a link");
    ci.write("compose.yaml", &text.replacen("env_file: web.env", "env_file: out.env", 1));
    let wrong = ci.stack_with(&plan, TOKEN).await.expect(1);
    assert!(wrong.err.contains("compose.yaml:13:") && wrong.err.contains("out.env"), "{}", wrong.err);
    assert!(!wrong.err.contains("everybody"), "{}", wrong.err);
    fs::remove_file(ci.folder.path().join("conf/site.conf")).expect("removed");
    std::os::unix::fs::symlink(outside.path().join("passwords"), ci.folder.path().join("conf/site.conf"))
        .expect("a link");
    ci.write("compose.yaml", &text);
    let wrong = ci.stack_with(&plan, TOKEN).await.expect(1);
    assert!(wrong.err.contains("conf/site.conf") && wrong.err.contains("outside"), "{}", wrong.err);
    fs::remove_file(ci.folder.path().join("conf/site.conf")).expect("removed");
    ci.write("conf/site.conf", "");

    // What the command line gets wrong.
    let missing = ci.stack(&plan).await.expect(2);
    assert!(missing.err.contains("TOKEN"), "{}", missing.err);
    ci.stack(&["plan", "--no-such-flag"]).await.expect(2);
    ci.stack(&["plan", "--file", "nowhere.yaml"]).await.expect(2);
    let above = ["plan", "--folder", "conf", "--file", "compose.yaml"];
    let above = ci.stack(&above).await.expect(2);
    assert!(above.err.contains("is not beneath"), "{}", above.err);
    let empty = ci.stack_in(outside.path(), &plan, TOKEN).await.expect(2);
    assert!(empty.err.contains("--file"), "{}", empty.err);

    // Another plan than the one that was agreed to.
    ci.stack_with(&["deploy", "--yes", "--secret", "TOKEN"], TOKEN).await.expect(0);
    let change = ["--keep-secret", "TOKEN", "--var", "LEVEL=two"];
    let shown = ci.stack(&[&["plan", "--json"], &change[..]].concat()).await.expect(0).json();
    let digest = shown["digest"].as_str().expect("a digest");
    let docker = scene.engine.docker();
    docker.ok(["stop", "--time", "0", &format!("{name}-db-1")]).await;
    let agreed = [&["deploy", "--yes", "--plan", digest], &change[..]].concat();
    let changed = ci.stack(&agreed).await.expect(4);
    assert!(changed.err.contains("has changed since"), "{}", changed.err);
    assert!(environment(&scene, &format!("{name}-web-1")).await.contains("LEVEL=one"));
    docker.ok(["start", &format!("{name}-db-1")]).await;

    // What does not become well is taken back, and the script hears of it.
    let ill = text.replacen(
        "    depends_on",
        "    healthcheck: {test: ['CMD', 'false'], interval: 1s, retries: 1}\n    depends_on",
        1,
    );
    ci.write("compose.yaml", &ill);
    let failed = ci.stack(&["deploy", "--yes", "--keep-secret", "TOKEN"]).await.expect(1);
    assert!(failed.out.contains("failed: ") && failed.out.contains("taken back"), "{}", failed.out);
    assert!(failed.err.contains("/jobs?job="), "{}", failed.err);
    ci.stack(&["rm", &name, "--volumes", "--yes"]).await.expect(0);
}

#[tokio::test]
async fn an_image_is_built_of_what_is_in_the_folder() {
    let scene = Scene::start().await;
    let (ci, name) = checkout(&scene).await;
    let (app, image) = (format!("{name}-app-1"), format!("{name}-app"));
    let label = scene.engine.label().replacen('=', ": ", 1);
    ci.write(
        "compose.yaml",
        &format!(
            "name: {name}\nservices:\n  app:\n    build: .\n    image: {image}\n    command: [sleep, '3600']\n    stop_grace_period: 1s\n    network_mode: none\n    labels: {{{label}}}\n"
        ),
    );
    ci.write("Dockerfile", &format!("FROM {IMAGE}\nCOPY . /app\n"));
    ci.write(".dockerignore", "# none of it\nnode_modules\n**/*.log\ncompose.yaml\n!conf/kept.log\n");
    ci.write("conf/page.txt", "the first words");
    ci.write("conf/kept.log", "kept");
    ci.write("conf/left.log", "left");
    ci.write(".git/config", "the repository's own");
    // All of it would be too much.
    ci.write("node_modules/large.js", &"x".repeat(2 << 20));
    ci.stack(&["deploy", "--yes"]).await.expect(0);
    let docker = scene.engine.docker();
    let there = docker.ok(["exec", &app, "ls", "-A", "/app", "/app/conf"]).await;
    for (file, is) in [
        ("page.txt", true),
        ("kept.log", true),
        ("left.log", false),
        ("notes.txt", true),
        ("node_modules", false),
        ("compose.yaml", false),
        (".git", false),
    ] {
        assert_eq!(there.lines().any(|line| line == file), is, "{file}: {there}");
    }

    // An image that is there is built anew where that is asked for, by itself or with all that follows.
    ci.write("conf/page.txt", "other words");
    let same = ci.stack(&["deploy", "--yes"]).await.expect(0);
    assert!(same.out.contains("Nothing differs"), "{}", same.out);
    ci.stack(&["deploy", "--yes", "--build"]).await.expect(0);
    assert_eq!(docker.ok(["exec", &app, "cat", "/app/conf/page.txt"]).await, "other words");
    let before = scene.engine.inspect(&app).await["Id"].clone();
    let built = ci.stack(&["build", &name, "--yes"]).await.expect(0);
    assert_eq!(built.row("create")[..3], ["create", "image", &image], "{}", built.out);
    assert_eq!(scene.engine.inspect(&app).await["Id"], before, "its container is left alone");

    // What cannot be sent is named, with the way out; an image that is there needs none of it.
    ci.write("large.js", &"x".repeat(2 << 20));
    let large = ci.stack(&["plan"]).await.expect(0);
    assert!(large.err.contains("large.js") && large.err.contains(".dockerignore"), "{}", large.err);
    ci.stack(&["plan", "--leave", "large.js"]).await.expect(0);
    ci.write("large.js", "small");
    for n in 0..101 {
        ci.write(&format!("many/{n}.txt"), "one of many");
    }
    let many = ci.stack(&["deploy", "--yes"]).await.expect(0);
    assert!(many.err.contains("at most 100 files"), "{}", many.err);
    ci.stack(&["rm", &name, "--yes"]).await.expect(0);
    docker.ok(["image", "rm", &image]).await;
}

#[tokio::test]
async fn a_stack_is_scaled_its_images_pulled_and_its_files_printed_as_one() {
    let scene = Scene::start().await;
    let (ci, name) = checkout(&scene).await;
    let text = file(&name, &scene.engine.label());
    ci.write("compose.yaml", &text.replacen("'trap", "'echo the first words; trap", 1));
    let printed = ci.stack_with(&["config", "--secret", "TOKEN"], TOKEN).await.expect(0);
    for said in ["PLACE: quay", "LEVEL: one", "condition: service_healthy"] {
        assert!(printed.out.contains(said), "{said}: {}", printed.out);
    }
    assert!(!printed.out.contains("harbour-secret"), "{}", printed.out);
    ci.stack_with(&["deploy", "--yes", "--secret", "TOKEN"], TOKEN).await.expect(0);
    // What several have written stands in the order of time.
    let logs = ci.stack(&["logs", &name]).await.expect(0);
    assert_eq!(logs.out, "db-1   | the first words\nweb-1  | the site's own words\n", "{}", logs.err);
    let kept = ci.stack(&["config", "--name", &name, "--kept"]).await.expect(0);
    assert_eq!(kept.out, printed.out);

    ci.stack(&["scale", &name, "web=3", "--yes"]).await.expect(0);
    let ps = ci.stack(&["ps", &name, "--json"]).await.expect(0).json();
    let services = ps["services"].as_array().expect("services").iter();
    let counts: Vec<_> = services
        .map(|it| (it["name"].as_str().expect("a name"), it["containers"].as_array().map(Vec::len)))
        .collect();
    assert_eq!(counts, [("db", Some(1)), ("web", Some(3))]);
    ci.stack(&["scale", &name, "web=1", "--yes"]).await.expect(0);
    scene.engine.docker().refused(["inspect", &format!("{name}-web-2")]).await;
    ci.stack(&["scale", &name]).await.expect(2);
    let unknown = ci.stack(&["scale", &name, "nobody=2", "--yes"]).await.expect(1);
    assert!(unknown.err.contains("nobody"), "{}", unknown.err);

    // There is no registry to pull from here: what would be pulled is planned, and the engine's words are told.
    let pulled = ci.stack(&["pull", &name, "web", "--yes"]).await.expect(1);
    assert_eq!(pulled.row("pull")[..3], ["pull", "image", IMAGE], "{}", pulled.out);
    let web = ci.stack(&["ps", &name]).await.expect(0);
    assert_eq!(web.row("web")[3], "running", "what runs is left alone");
    // Forgotten, what runs goes on.
    let asks = ci.stack(&["forget", &name]).await.expect(2);
    assert!(asks.err.contains("--yes"), "{}", asks.err);
    ci.stack(&["forget", &name, "--yes"]).await.expect(0);
    assert_eq!(scene.engine.state(&format!("{name}-web-1")).await, "running");
    ci.stack(&["releases", &name]).await.expect(1);
}

#[tokio::test]
async fn whoever_does_not_wait_leaves_a_job_that_goes_on() {
    let scene = Scene::start().await;
    let (ci, name) = checkout(&scene).await;
    // It is well once somebody says so.
    let until = "healthcheck: {test: ['CMD', 'test', '-e', '/data/go'], interval: 1s, start_period: 100s}";
    let text = file(&name, &scene.engine.label());
    ci.write("compose.yaml", &text.replacen("healthcheck: {test: ['CMD', 'true'], interval: 1s}", until, 1));
    let mut ada = longshore_tests::fake::signed_in_again(&scene.server).await;
    let mut going = ci.stack_at_terminal(&["deploy", "--yes", "--secret", "TOKEN"], TOKEN);
    going.shows("begun").await;
    going.types(CTRL_C).await;
    assert_eq!(going.ended().await, Some(130));
    let mut live = Live::on_jobs(&ada).await;
    let seen = going.seen();
    let (_, job) = seen.rsplit_once("/jobs?job=").expect("where its log is");
    let job = job.split_whitespace().next().expect("an id").to_owned();
    let volume = format!("{name}_data:/data");
    scene.engine.docker().ok(["run", "--rm", "--volume", &volume, IMAGE, "touch", "/data/go"]).await;
    let ended = live.job_ended(&mut ada, &job).await;
    assert_eq!(ended["state"], "done", "{ended}");
    assert_eq!(scene.engine.state(&format!("{name}-web-1")).await, "running");
    ci.stack(&["rm", &name, "--volumes", "--yes"]).await.expect(0);
}

#[tokio::test]
async fn a_key_does_what_its_owner_may() {
    let scene = Scene::start().await;
    let (ci, name) = checkout(&scene).await;
    let mut ada = longshore_tests::fake::signed_in_again(&scene.server).await;
    let deploy = ["deploy", "--yes", "--secret", "TOKEN"];
    ci.stack_with(&deploy, TOKEN).await.expect(0);

    let mut viewer = scene.person(&mut ada, "vic", "viewer").await;
    let looks = Ci { folder: ci.folder, ..Ci::of(&scene, &mut viewer).await };
    let refused = looks.stack_with(&deploy, TOKEN).await.expect(1);
    assert!(refused.err.starts_with("longshore: ") && refused.out.is_empty(), "{}", refused.err);
    let mut other = scene.person(&mut ada, "other", "developer").await;
    let other = Ci { folder: looks.folder, ..Ci::of(&scene, &mut other).await };
    for words in [&deploy[..], &["rm", &name, "--yes"], &["return", &name, "1", "--yes"]] {
        let refused = other.stack_with(words, TOKEN).await.expect(1);
        assert!(refused.err.contains("taken on this host"), "{words:?}: {}", refused.err);
    }
    let list = other.stack(&["ls"]).await.expect(0);
    assert!(!list.out.contains(&name), "{}", list.out);
    other.stack(&["logs", &name]).await.expect(1);
    let unknown = other.stack(&["ls", "--host", "elsewhere"]).await.expect(1);
    assert!(unknown.err.contains("elsewhere"), "{}", unknown.err);
    let down = Ci { folder: other.folder, ..Ci::of(&scene, &mut ada).await };
    down.stack(&["rm", &name, "--volumes", "--yes"]).await.expect(0);
}

#[tokio::test]
async fn the_page_says_what_to_type_and_it_works_as_it_stands() {
    let scene = Scene::start().await;
    let (ci, name) = checkout(&scene).await;
    ci.stack_with(&["deploy", "--yes", "--secret", "TOKEN"], TOKEN).await.expect(0);
    let page = scene.server.url(&format!("stacks/local/{name}"));

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&format!("{page}?tab=files")).await;
    browser.sign_in(PASSWORD).await;
    // The secret one stands first; its value is never shown.
    browser.appears(".vars__one").await;
    browser.click("[data-action=\"add-variable\"]").await;
    browser.appears(".vars__one ~ .vars__one").await;
    set(&browser, "variable-name", "LEVEL").await;
    set(&browser, "variable-value", "a b").await;
    browser.appears("[data-plan=\"replace\"][data-on=\"web\"]").await;
    browser.click("[data-action=\"apply\"]:enabled").await;
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]").await;
    browser.vanishes("[role=\"dialog\"]").await;
    browser.appears("[data-panel=\"line\"] pre").await;
    let line = browser.text("[data-panel=\"line\"] pre").await;
    browser.picture("stack-line").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.resize(390, 844).await;
    browser.picture("stack-line.phone").await;
    assert!(browser.fits().await);
    browser.vanishes("[data-under=\"going\"]").await;
    browser.expect_no_complaint().await;
    drop(browser);
    let same = typed(&ci, &line, &[]).await.expect(0);
    assert!(same.out.contains("Nothing differs"), "{line}: {}", same.out);
    assert!(environment(&scene, &format!("{name}-web-1")).await.contains("LEVEL=a b"));

    let browser = Browser::start(&Look::desk().dark().language("zh-CN")).await;
    browser.open(&page).await;
    browser.sign_in(PASSWORD).await;
    browser.click("[data-action=\"restart\"]").await;
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]:enabled").await;
    browser.appears("[data-panel=\"line\"] pre").await;
    let line = browser.text("[data-panel=\"line\"] pre").await;
    browser.picture("stack-line.dark.zh-CN").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.expect_no_complaint().await;
    assert_eq!(line, format!("longshore stack restart {name} --host local"));
    browser.vanishes("[data-under=\"going\"]").await;
    let web = format!("{name}-web-1");
    let before = scene.engine.inspect(&web).await["State"]["StartedAt"].clone();
    typed(&ci, &line, &["--yes"]).await.expect(0);
    assert_ne!(before, scene.engine.inspect(&web).await["State"]["StartedAt"]);

    browser.vanishes("[data-under=\"going\"]").await;
    browser.click(".page__actions [aria-haspopup=\"menu\"]").await;
    browser.picture("stack-menu.dark.zh-CN").await;
    browser.click("[data-action=\"down\"]").await;
    browser.click("[role=\"dialog\"] input[name=\"volumes\"]").await;
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]:enabled").await;
    browser.reads("[data-panel=\"line\"] pre", "--volumes").await;
    let line = browser.text("[data-panel=\"line\"] pre").await;
    browser.vanishes("[data-under=\"going\"]").await;
    let same = typed(&ci, &line, &[]).await.expect(0);
    assert!(same.out.contains("Nothing differs"), "{line}: {}", same.out);
    scene.engine.docker().refused(["inspect", &web]).await;
}

/// Types a line where the files are.
async fn typed(ci: &Ci, line: &str, further: &[&str]) -> Said {
    let words = split(line).expect("words");
    assert_eq!(words[..2], ["longshore", "stack"], "{line}");
    let words: Vec<&str> = words[2..].iter().map(String::as_str).chain(further.iter().copied()).collect();
    ci.stack(&words).await
}

/// Fills the last of several fields of a name.
async fn set(browser: &Browser, name: &str, value: &str) {
    let script = format!(
        "const all = document.querySelectorAll('[name=\"{name}\"]'); const it = all[all.length - 1]; it.value = {}; it.dispatchEvent(new Event('input', {{bubbles: true}})); it.dispatchEvent(new Event('change', {{bubbles: true}}));",
        Value::from(value)
    );
    browser.script(&script).await;
}
