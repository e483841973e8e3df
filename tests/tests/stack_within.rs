//! `longshore stack exec` and `run`, from a script and at a terminal, and what a terminal is besides for.

use longshore_tests::{
    Browser, Scene,
    browser::Look,
    ci::{Ci, TOKEN, checkout, file},
    fake::signed_in_again,
    person::PASSWORD,
    terminal::CTRL_C,
};
use serde_json::json;

const DEPLOY: [&str; 4] = ["deploy", "--yes", "--secret", "TOKEN"];

/// The names of a stack's containers for one command.
async fn once(scene: &Scene, name: &str) -> Vec<String> {
    let project = format!("label=com.docker.compose.project={name}");
    let once = "label=com.docker.compose.oneoff=True";
    let list = ["ps", "--all", "--filter", &project, "--filter", once, "--format", "{{.Names}}"];
    scene.engine.docker().ok(list).await.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_command_in_a_service_reads_speaks_and_ends_as_itself() {
    let scene = Scene::start().await;
    let (ci, name) = checkout(&scene).await;
    ci.stack_with(&DEPLOY, TOKEN).await.expect(0);

    let script = "cat; echo $WORD $PLACE; echo aside >&2; exit 7";
    let exec = ["exec", &name, "web", "--env", "WORD=salt", "--", "sh", "-c", script];
    let said = ci.stack_fed(&exec, "typed\n").await.expect(7);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("typed\nsalt quay\n", "aside\n"));
    // Much, and nobody types.
    let flood = "head -c 1000000 /dev/zero | tr '\\0' x";
    let said = ci.stack(&["exec", &name, "web", "--", "sh", "-c", flood]).await.expect(0);
    assert_eq!((said.out.len(), said.err.as_str()), (1_000_000, ""));

    let wrong = ci.stack(&["exec", &name, "web", "--index", "2", "--", "true"]).await.expect(2);
    assert!(wrong.err.contains("no container 2"), "{}", wrong.err);
    ci.stack(&["exec", &name, "web", "--index", "1", "--", "false"]).await.expect(1);
    ci.stack(&["exec", &name, "nobody", "--", "true"]).await.expect(2);
    ci.stack(&["exec", &name, "web"]).await.expect(2);
    ci.stack(&["rm", &name, "--volumes", "--yes"]).await.expect(0);
}

#[tokio::test]
async fn a_command_gets_a_container_of_its_own_that_no_plan_touches() {
    let scene = Scene::start().await;
    let (ci, name) = checkout(&scene).await;
    let text = file(&name, &scene.engine.label());
    ci.write("compose.yaml", &text.replacen("    env_file", "    ports: ['127.0.0.1::80']\n    env_file", 1));
    ci.stack_with(&DEPLOY, TOKEN).await.expect(0);

    let script = "cat; echo $LEVEL $TOKEN; exit 5";
    let run = ["run", &name, "web", "--rm", "--", "sh", "-c", script];
    let said = ci.stack_fed(&run, "typed\n").await.expect(5);
    assert_eq!((said.out.as_str(), said.err.as_str()), ("typed\none harbour-secret\n", ""));
    assert_eq!(once(&scene, &name).await, Vec::<String>::new(), "it was removed");

    ci.stack(&["run", &name, "web", "--", "sh", "-c", "echo kept; exit 3"]).await.expect(3);
    let [kept] = once(&scene, &name).await.try_into().expect("one that stays");
    assert!(kept.starts_with(&format!("{name}-web-run-")), "{kept}");
    let inspected = scene.engine.inspect(&kept).await;
    assert_eq!(inspected["HostConfig"]["PortBindings"], json!({}));
    let slug = inspected["Config"]["Labels"]["com.docker.compose.slug"].as_str().expect("a slug");
    assert!(slug.len() == 64 && kept.ends_with(&slug[..12]), "{slug} {kept}");
    ci.stack(&["run", &name, "web", "--service-ports", "--", "true"]).await.expect(0);
    let all = once(&scene, &name).await;
    let with_ports = all.iter().find(|it| **it != kept).expect("another");
    let bindings = scene.engine.inspect(with_ports).await["HostConfig"]["PortBindings"].clone();
    assert_eq!(bindings["80/tcp"][0]["HostIp"], "127.0.0.1", "{bindings}");

    // No plan takes it for an orphan or a replica, nothing has drifted, and it says nothing of how the stack is.
    ci.stack(&["plan", "--exit-code", "--keep-secret", "TOKEN"]).await.expect(0);
    let mut ada = signed_in_again(&scene.server).await;
    let drift = ada.get(&format!("hosts/local/stacks/{name}/drift")).await.expect(200).json();
    assert_eq!(drift["rows"], json!([]), "{drift}");
    let list = ci.stack(&["ls"]).await.expect(0);
    assert_eq!(list.row(&name)[..6], [&name, "2", "2", "of", "2", "0"]);

    // What cannot be begun leaves nothing behind.
    let missing = ci.stack(&["run", &name, "web", "--", "no-such-program"]).await.expect(1);
    assert!(missing.err.contains("no-such-program"), "{}", missing.err);
    assert_eq!(once(&scene, &name).await.len(), 2);
    let unknown = ci.stack(&["run", &name, "nobody", "--", "true"]).await.expect(1);
    assert!(unknown.err.contains("nobody"), "{}", unknown.err);
    let mut other = scene.person(&mut ada, "other", "developer").await;
    let other = Ci::of(&scene, &mut other).await;
    let refused = other.stack(&["run", &name, "web", "--", "true"]).await.expect(1);
    assert!(refused.err.contains("taken on this host"), "{}", refused.err);

    // With the stack they go, and without it there is nothing to run in.
    ci.stack(&["rm", &name, "--volumes", "--yes"]).await.expect(0);
    assert_eq!(once(&scene, &name).await, Vec::<String>::new());
    let nothing = ci.stack(&["run", &name, "web", "--", "true"]).await.expect(1);
    assert!(nothing.err.contains("Deploy it first"), "{}", nothing.err);
}

#[tokio::test]
async fn somebody_at_a_terminal_is_asked_works_in_a_shell_and_reads_on() {
    let scene = Scene::start().await;
    let (ci, name) = checkout(&scene).await;
    let web = format!("{name}-web-1");
    let ask = ["deploy", "--secret", "TOKEN"];

    let mut asked = ci.stack_at_terminal(&ask, TOKEN);
    asked.shows("Do this? [y/N]").await;
    asked.types("n\n").await;
    assert_eq!(asked.ended().await, Some(1));
    assert!(asked.seen().contains("Nothing was done."), "{}", asked.seen());
    scene.engine.docker().refused(["inspect", &web]).await;
    let mut asked = ci.stack_at_terminal(&ask, TOKEN);
    asked.shows("Do this? [y/N]").await;
    asked.types("y\n").await;
    asked.shows("Done.").await;
    assert_eq!(asked.ended().await, Some(0));
    assert_eq!(scene.engine.state(&web).await, "running");

    let mut shell = ci.stack_at_terminal(&["exec", &name, "web", "--", "sh"], &[]);
    shell.types("stty size; echo on-$((40 + 2))\n").await;
    shell.shows("30 100").await;
    shell.shows("on-42").await;
    // Ctrl-C is for what runs there, not for the command here.
    shell.types("echo begun-$((2 + 1)); sleep 1000\n").await;
    shell.shows("begun-3").await;
    shell.types(CTRL_C).await;
    shell.types("echo still-$((1 + 1)); exit 4\n").await;
    shell.shows("still-2").await;
    assert_eq!(shell.ended().await, Some(4));
    let mut once = ci.stack_at_terminal(&["run", &name, "web", "--rm", "--", "sh"], &[]);
    once.types("test -t 0 && echo a-$((10 * 10))-terminal; exit 6\n").await;
    once.shows("a-100-terminal").await;
    assert_eq!(once.ended().await, Some(6));

    let mut logs = ci.stack_at_terminal(&["logs", &name, "web", "--follow"], &[]);
    logs.shows("web-1  | the site's own words").await;
    logs.types(CTRL_C).await;
    assert_eq!(logs.ended().await, Some(130));
    ci.stack(&["rm", &name, "--volumes", "--yes"]).await.expect(0);
}

#[tokio::test]
async fn variables_come_from_files_a_service_has_several_containers_and_some_files_stay_here() {
    let scene = Scene::start().await;
    let (ci, name) = checkout(&scene).await;
    ci.write("more.env", "LEVEL=filed\nUNUSED=yes\n");
    let level = async |number: u32| {
        let container = scene.engine.inspect(&format!("{name}-web-{number}")).await;
        let env = container["Config"]["Env"].as_array().expect("an environment").clone();
        env.iter().filter_map(|it| it.as_str()?.strip_prefix("LEVEL=").map(str::to_owned)).collect::<String>()
    };
    let filed = ["--env-file", "more.env", "--scale", "web=2"];
    ci.stack_with(&[&DEPLOY[..], &filed].concat(), TOKEN).await.expect(0);
    assert_eq!((level(1).await, level(2).await), ("filed".to_owned(), "filed".to_owned()));
    let said = ci.stack(&["exec", &name, "web", "--index", "2", "--", "hostname"]).await.expect(0);
    let second = scene.engine.inspect(&format!("{name}-web-2")).await;
    assert!(second["Id"].as_str().expect("an id").starts_with(said.out.trim()), "{}", said.out);
    // What is typed goes before what stands in a file.
    let typed = ["deploy", "--yes", "--keep-secret", "TOKEN", "--var", "LEVEL=typed"];
    ci.stack(&[&typed[..], &filed].concat()).await.expect(0);
    assert_eq!(level(2).await, "typed");
    ci.stack(&["deploy", "--yes", "--keep-secret", "TOKEN", "--scale", "web"]).await.expect(2);

    // The release has what was sent, and not what was to stay here.
    let mut ada = signed_in_again(&scene.server).await;
    let mut files = async |number: u32| {
        let path = format!("hosts/local/stacks/{name}/releases/{number}");
        let release = ada.send(http::Method::POST, &path, None).await.expect(200).json();
        release["source"]["files"].as_object().expect("files").keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(files(2).await, ["compose.yaml", "conf/site.conf", "web.env"]);
    let left = ["deploy", "--yes", "--keep-secret", "TOKEN", "--leave", "conf/site.conf"];
    ci.stack(&left).await.expect(0);
    assert_eq!(files(3).await, ["compose.yaml", "web.env"]);
    ci.stack(&["rm", &name, "--volumes", "--yes"]).await.expect(0);
}

#[tokio::test]
async fn the_page_runs_a_command_once_and_shows_what_it_says() {
    let scene = Scene::start().await;
    let (ci, name) = checkout(&scene).await;
    ci.stack_with(&DEPLOY, TOKEN).await.expect(0);
    let page = scene.server.url(&format!("stacks/local/{name}"));
    let dialog = "tr[data-service=\"web\"] [data-action=\"run-once\"]";

    let browser = Browser::start(&Look::desk()).await;
    browser.open(&page).await;
    browser.sign_in(PASSWORD).await;
    browser.click(dialog).await;
    browser.fill("command", "sh -c 'echo $LEVEL from the page; exit 3'").await;
    browser.picture("stack-once").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.click("[role=\"dialog\"] [data-action=\"confirm\"]").await;
    browser.reads(".lg", "one from the page").await;
    browser.reads(".lg", "3").await;
    browser.picture("stack-once-log").await;
    browser.open(&page).await;
    // It stays beside the others, and says how it ended.
    let [kept] = once(&scene, &name).await.try_into().expect("one that stays");
    browser.reads(&format!("tr[data-container=\"{kept}\"]"), "for one command").await;
    browser.reads(&format!("tr[data-container=\"{kept}\"]"), "3").await;
    browser.picture("stack-once-list").await;
    browser.resize(390, 844).await;
    browser.picture("stack-once-list.phone").await;
    assert!(browser.fits().await);
    browser.expect_no_complaint().await;
    drop(browser);

    let browser = Browser::start(&Look::desk().dark().language("zh-CN")).await;
    browser.open(&page).await;
    browser.sign_in(PASSWORD).await;
    browser.click(dialog).await;
    browser.appears("[role=\"dialog\"] [name=\"command\"]").await;
    browser.picture("stack-once.dark.zh-CN").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());
    browser.resize(390, 844).await;
    browser.picture("stack-once.phone.dark.zh-CN").await;
    assert!(browser.fits().await);
    browser.expect_no_complaint().await;
    drop(browser);
    ci.stack(&["rm", &name, "--volumes", "--yes"]).await.expect(0);
}
