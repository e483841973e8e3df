//! Stacks that wait: for services that come up in the end, for engines that take their time, and for nobody who has left.

use http::Method;
use longshore_tests::{
    Between, Engine, FakeScene, Loss, Scene, Server,
    engine::IMAGE,
    fake::signed_in_again,
    soon,
    stack::{Stack, down, file, source, up},
};
use serde_json::json;

#[tokio::test]
async fn what_its_policy_has_started_again_is_no_end_once_it_is_well() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let first = file(&scene.engine.label(), "one");
    // `db` fails the first time that it runs on its volume, and is started again.
    let weak = |text: &str| {
        text.replacen(
            "    command: [sh, -c, 'trap",
            "    restart: on-failure\n    command: [sh, -c, '[ -e /data/ran ] || { touch /data/ran; exit 3; }; trap",
            1,
        )
    };
    let (mut stack, _) = Stack::running(&scene, &mut ada, &weak(&first)).await;
    let db = scene.engine.inspect(&format!("{}-db-1", stack.name)).await;
    assert_eq!((&db["RestartCount"], &db["State"]["Running"]), (&json!(1), &json!(true)), "{db}");
    // What waits for it is changed as if that had never been.
    stack.done(&mut ada, up(Some(source(&weak(&file(&scene.engine.label(), "two")))))).await;
    assert_eq!(scene.engine.inspect(&format!("{}-db-1", stack.name)).await["Id"], db["Id"]);

    // A migration that fails once and then ends well is done; one without a check that does not stay up is told.
    let once = |ends: &str| {
        let label = scene.engine.label().replace('=', ": ");
        let is = format!("image: {IMAGE}, labels: {{{label}}}");
        format!(
            "services:\n  job: {{{is}, restart: on-failure, volumes: ['data:/data'], command: [sh, -c, '[ -e /data/done ] && exit {ends}; touch /data/done; exit 4']}}\n  web: {{{is}, init: true, command: [sleep, '3600'], depends_on: {{job: {{condition: service_completed_successfully}}}}}}\nvolumes: {{data: {{}}}}\n"
        )
    };
    let mut other = Stack::of(&scene, &ada).await;
    other.name.push_str("-job");
    other.done(&mut ada, up(Some(json!({ "files": { "compose.yaml": once("0") } })))).await;
    let falls = once("5").replace(", depends_on: {job: {condition: service_completed_successfully}}", "");
    let job = other.apply(&mut ada, up(Some(json!({ "files": { "compose.yaml": falls } })))).await;
    assert!(job["state"] == "failed" && job.to_string().contains("stack-made-restarts"), "{job}");
    other.done(&mut ada, down(true)).await;
    stack.done(&mut ada, down(true)).await;
}

#[tokio::test]
async fn a_check_that_decides_nothing_is_waited_for_so_long() {
    let scene = Scene::start_with(&["--healthy-within", "3"]).await;
    let mut ada = scene.administrator().await;
    let first = file(&scene.engine.label(), "one");
    let (mut stack, web) = Stack::running(&scene, &mut ada, &first).await;
    let check = "healthcheck: {test: ['CMD', 'false'], interval: 1h, start_period: 1h}";
    // As what takes another's place, and as what is waited for.
    let itself =
        first.replacen("    environment: {LEVEL", &format!("    {check}\n    environment: {{LEVEL"), 1);
    let waited = first.replacen("healthcheck: {test: ['CMD', 'true'], interval: 1s}", check, 1);
    for text in [itself, waited] {
        let job = stack.apply(&mut ada, up(Some(source(&text)))).await;
        assert!(job["state"] == "failed" && job.to_string().contains("stack-made-undecided"), "{job}");
        assert_eq!(stack.id(&scene.engine, "web").await, web, "{job}");
        assert_eq!(stack.newest(&mut ada).await["state"], "undone");
    }
    stack.done(&mut ada, down(true)).await;
}

#[tokio::test]
async fn two_hundred_services_are_applied_each_after_those_that_it_needs() {
    const CHAIN: usize = 10;
    let scene = FakeScene::start(0).await;
    scene.engine.has_image("app:1");
    let (mut ada, _live) = scene.watched().await;
    let mut stack = Stack::named("many", &ada).await;
    let mut text = String::from("services:\n");
    for n in 0..200 {
        let needs = if n % CHAIN == 0 { String::new() } else { format!(", depends_on: [s{}]", n - 1) };
        text.push_str(&format!("  s{n}: {{image: 'app:1', network_mode: none{needs}}}\n"));
    }
    let files = || up(Some(json!({ "files": { "compose.yaml": text } })));
    stack.done(&mut ada, files()).await;
    let calls = scene.engine.calls();
    let made = |n: usize| {
        let call = format!("POST /containers/create?name=many-s{n}-1");
        let all: Vec<usize> = (0..calls.len()).filter(|at| calls[*at].contains(&call)).collect();
        assert_eq!(all.len(), 1, "{call} {calls:?}");
        all[0]
    };
    for n in (0..200).filter(|n| n % CHAIN != 0) {
        assert!(made(n - 1) < made(n), "s{n}");
    }
    let seen = ada.get(&stack.path("")).await.expect(200).json();
    assert_eq!((&seen["row"]["services"], &seen["row"]["running"]), (&json!(200), &json!(200)), "{seen}");
    let none = stack.plan(&mut ada, &files()).await;
    assert_eq!((&none["rows"], &none["obstacles"]), (&json!([]), &json!([])), "{none}");
}

#[tokio::test]
async fn what_shares_a_network_goes_on_with_the_container_that_takes_the_place() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let mut stack = Stack::of(&scene, &ada).await;
    let label = scene.engine.label().replace('=', ": ");
    let files = |level: &str| {
        let is = format!("image: {IMAGE}, labels: {{{label}}}, init: true, command: [sleep, '3600']");
        up(Some(json!({ "files": { "compose.yaml": format!(
            "services:\n  web: {{{is}, environment: {{LEVEL: {level}}}}}\n  beside: {{{is}, network_mode: 'service:web'}}\n"
        ) } })))
    };
    let shared = async |stack: &Stack| {
        let beside = scene.engine.inspect(&format!("{}-beside-1", stack.name)).await;
        let web = stack.id(&scene.engine, "web").await;
        let mode = beside["HostConfig"]["NetworkMode"].as_str().expect("a mode").to_owned();
        assert_eq!(
            (format!("{mode} true"), &beside["State"]["Running"]),
            (format!("container:{web}"), &json!(true))
        );
        web
    };
    stack.done(&mut ada, files("one")).await;
    let first = shared(&stack).await;
    stack.done(&mut ada, files("two")).await;
    assert_ne!(shared(&stack).await, first);
    stack.done(&mut ada, down(true)).await;
}

#[tokio::test]
async fn who_leaves_before_a_container_for_one_command_is_made_leaves_nothing_behind() {
    let engine = Engine::shared();
    let between = Between::before(&engine);
    let scene =
        Scene { server: Server::start_at(&between.address(), &["--console-grace", "1"]).await, engine };
    let mut ada = scene.administrator().await;
    let (mut stack, _) = Stack::running(&scene, &mut ada, &file(&scene.engine.label(), "one")).await;
    let once = |start: bool| json!({ "service": "web", "command": ["sleep", "3600"], "start": start });
    let path = stack.path("/run");
    let all = async |filter: &str| {
        let project = format!("label=com.docker.compose.project={}", stack.name);
        let once = "label=com.docker.compose.oneoff=True";
        let list = ["ps", "--all", "--quiet", "--filter", &project, "--filter", once, "--filter", filter];
        scene.engine.docker().ok(list).await.lines().map(str::to_owned).collect::<Vec<_>>()
    };

    for (start, left) in [(false, 0), (true, 1)] {
        between.loses("-web-run-", Loss::Waits);
        let mut leaves = signed_in_again(&scene.server).await;
        let asked = leaves.send(Method::POST, &path, Some(once(start)));
        tokio::select! {
            answer = asked => panic!("{}", answer.text()),
            () = between.lost() => {}
        }
        drop(leaves);
        between.heal();
        // Whoever comes next has their turn after it.
        let made = ada.send(Method::POST, &path, Some(once(false))).await.expect(200).json();
        scene.engine.docker().ok(["rm", "--force", made["id"].as_str().expect("an id")]).await;
        let there =
            async { while all("status=created").await.len() + all("status=running").await.len() != left {} };
        soon("what nobody knows of is gone, and what runs is theirs", there).await;
    }
    stack.done(&mut ada, down(true)).await;
}
