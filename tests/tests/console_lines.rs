//! Consoles by hand: windows, floods, lines that break, rights that go, and what is left behind.

use http::Method;
use longshore_tests::{
    Between, Console, Docker, Engine, Live, Loss, Person, Scene, Server,
    console::Came,
    fake::{administrator, another_administrator, signed_in_again},
    soon,
};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    time::{Duration, interval},
};

/// The window of the protocol, and what may be read beyond it at once.
const WINDOW: u64 = 256 * 1024;
const READ: u64 = 32 * 1024;

/// Waits until no process of the container has this in its command line.
async fn is_gone(docker: &Docker, container: &str, command: &str) {
    let mut again = interval(Duration::from_millis(50));
    let gone = async {
        loop {
            again.tick().await;
            if !docker.ok(["top", container, "-eo", "pid,args"]).await.contains(command) {
                return;
            }
        }
    };
    soon(&format!("the end of {command}"), gone).await;
}

/// A console whose shell is known by its command line.
async fn marked(ada: &Person, container: &str, mark: &str) -> Console {
    let script = format!("echo {mark}; trap 'exit 0' TERM; while :; do read line; echo got $line; done");
    let mut console = Console::open(ada, container, &["sh", "-c", &script]).await;
    console.shows(mark).await;
    console
}

#[tokio::test]
async fn what_is_begun_while_the_right_goes_does_not_run_on() {
    let engine = Engine::shared();
    let between = Between::before(&engine);
    let server = Server::start_at(&between.address(), &[]).await;
    let ada = administrator(&server).await;
    let name = engine.running("web").await;
    let _live = Live::watching(&ada, &name).await;
    // The engine is asked to begin, or has begun and is asked how it goes.
    for (n, asked) in ["/start", "/json"].into_iter().enumerate() {
        let mut ada = signed_in_again(&server).await;
        let mut console = Console::line(&ada, &name).await.expect("a line");
        between.loses(&format!("{asked} HTTP"), Loss::Waits);
        let script = format!("touch /begun{n}; sleep 42{n}42");
        let run = json!({ "command": ["sh", "-c", script] });
        console.say(&json!({ "type": "open", "run": run, "size": { "cols": 80, "rows": 24 } })).await;
        between.lost().await;
        ada.sign_out().await.expect(204);
        between.heal();
        let mut again = interval(Duration::from_millis(50));
        let begun = format!("/begun{n}");
        soon("its beginning", async {
            while !engine.docker().run(["exec", &name, "test", "-e", &begun]).await.status.success() {
                again.tick().await;
            }
        })
        .await;
        is_gone(engine.docker(), &name, &format!("sleep 42{n}42")).await;
    }
}

#[tokio::test]
async fn a_flood_waits_for_whoever_reads() {
    let scene = Scene::start().await;
    let ada = scene.administrator().await;
    let name = scene.engine.running("web").await;
    let mut consoles = Vec::new();
    for _ in 0..10 {
        consoles.push(Console::open(&ada, &name, &["yes", "a flood of words"]).await);
    }
    for console in &mut consoles {
        let came = console.brim().await;
        assert!((WINDOW..=WINDOW + READ).contains(&came), "{came} bytes came unasked");
    }
    // All have filled what they may; nothing grows from here on.
    let before = scene.server.memory();
    for console in &mut consoles {
        assert_eq!(console.brim().await, 0);
    }
    let grown = scene.server.memory().saturating_sub(before);
    assert!(grown < 4 << 20, "the server grew by {grown} bytes");
    // What was read makes room for more, of any of them.
    let last = consoles.last_mut().expect("ten");
    last.acknowledge().await;
    let came = last.brim().await;
    assert!((WINDOW - READ..=WINDOW + READ).contains(&came), "{came} bytes came after the acknowledgement");
}

#[tokio::test]
async fn a_browser_that_types_past_the_window_is_cut_off() {
    let scene = Scene::start().await;
    let ada = scene.administrator().await;
    let name = scene.engine.running("web").await;
    // Nobody reads what is typed.
    let mut console =
        Console::open(&ada, &name, &["sh", "-c", "stty raw -echo; echo ready; sleep 3600"]).await;
    console.shows("ready").await;
    let frame = vec![b'x'; 64 * 1024];
    // More than the window and what the buffers between us and the program swallow and have acknowledged.
    for _ in 0..16 {
        console.types(&frame).await;
    }
    let problem = loop {
        match console.next().await {
            Came::Said(said) if said["type"] == "problem" => break said["problem"].clone(),
            Came::End => panic!("cut off without a word"),
            _ => {}
        }
    };
    assert_eq!(problem["code"], "message-invalid", "{problem}");
}

#[tokio::test]
async fn a_line_that_broke_is_taken_up_again_with_nothing_lost() {
    let scene = Scene::start().await;
    let ada = scene.administrator().await;
    let name = scene.engine.running("web").await;
    let mut console = marked(&ada, &name, "first-words").await;
    console.types(b"before\r").await;
    console.shows("got before").await;
    let (id, shown) = (console.id(), console.shown);
    console.types(b"meanwhile\r").await;
    console.said("ack").await;
    drop(console);

    let (mut back, said) = Console::resume(&ada, &name, &id, shown).await;
    assert_eq!((&said["type"], &said["missed"]), (&json!("resumed"), &json!(0)), "{said}");
    assert_eq!(said["typed"], "before\rmeanwhile\r".len());
    let all = back.shows("got meanwhile").await;
    assert!(!all.contains("got before"), "shown twice: {all}");
    // Whoever has nothing any more gets what is kept.
    let (mut anew, _) = Console::resume(&ada, &name, &id, 0).await;
    let all = anew.shows("got meanwhile").await;
    assert!(all.contains("first-words") && all.contains("got before"), "{all}");
    assert!(matches!(back.said("ended").await["why"]["code"].as_str(), Some("console-elsewhere")));
    anew.types(b"after\r").await;
    anew.shows("got after").await;
}

#[tokio::test]
async fn nobody_else_comes_back_to_it() {
    let scene = Scene::start().await;
    let ada = scene.administrator().await;
    let (name, other) = (scene.engine.running("web").await, scene.engine.running("db").await);
    let console = marked(&ada, &name, "private-words").await;
    let id = console.id();
    let eve = another_administrator(&scene.server, "eve").await;
    let elsewhere = signed_in_again(&scene.server).await;
    for (who, person, container) in [
        ("another account", &eve, &name),
        ("another session", &elsewhere, &name),
        ("another place", &ada, &other),
    ] {
        let (_, said) = Console::resume(person, container, &id, 0).await;
        assert_eq!(said["problem"]["code"], "console-gone", "{who}: {said}");
    }
    let nobody = Person::nobody(scene.server.http());
    assert_eq!(Console::line(&nobody, &name).await.err(), Some(401));
    // All that time it was its owner's.
    drop(console);
    let (mut back, _) = Console::resume(&ada, &name, &id, 0).await;
    back.shows("private-words").await;
}

#[tokio::test]
async fn a_right_that_goes_takes_the_shell_with_it() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.running("web").await;
    let made = ada.send(Method::POST, "account/keys", Some(json!({ "name": "ci" }))).await.expect(200).json();
    let ci = Person::with_key(scene.server.http(), made["key"].as_str().expect("a key"));
    let mut console = marked(&ci, &name, "by-a-key").await;
    let id = made["id"].as_str().expect("an id");
    ada.send(Method::DELETE, &format!("account/keys/{id}"), None).await.expect(204);
    assert_eq!(console.said("ended").await["why"]["code"], "console-right-gone");
    is_gone(scene.engine.docker(), &name, "by-a-key").await;
}

#[tokio::test]
async fn a_role_a_team_or_a_share_that_is_taken_back_takes_the_shell_with_it() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.running("web").await;
    let (account, mia) = ada.invite("mia").await;
    let access = format!("hosts/local/containers/{name}/access");
    let team = ada.team("web", &[]).await;
    let member = format!("teams/{team}/members/mia");
    let mut role = ada.give(&account, "developer").await;
    for (n, way) in ["role", "team", "share"].into_iter().enumerate() {
        let shared = if way == "team" {
            ada.send(Method::PUT, &member, Some(json!({}))).await.expect(204);
            json!({ "owner": "ada", "sharing": "teams", "teams": [team] })
        } else {
            json!({ "owner": "ada", "sharing": "public" })
        };
        ada.send(Method::PUT, &access, Some(shared)).await.expect(204);
        let _live = Live::watching(&mia, &name).await;
        let mark = format!("by-a-{way}-{n}");
        let mut console = marked(&mia, &name, &mark).await;
        match way {
            "role" => ada.send(Method::DELETE, &format!("grants/{role}"), None).await,
            "team" => ada.send(Method::DELETE, &member, None).await,
            _ => ada.send(Method::PUT, &access, Some(json!({ "owner": "ada" }))).await,
        }
        .expect(204);
        assert_eq!(console.said("ended").await["why"]["code"], "console-right-gone", "{way}");
        is_gone(scene.engine.docker(), &name, &mark).await;
        if way == "role" {
            role = ada.give(&account, "developer").await;
        }
    }
    ada.send(Method::DELETE, &format!("grants/{role}"), None).await.expect(204);
}

#[tokio::test]
async fn no_shell_is_left_behind() {
    let mut scene = Scene::start_with(&["--console-grace", "1"]).await;
    let ada = scene.administrator().await;
    let name = scene.engine.running("web").await;
    let docker = scene.engine.docker();

    // Closed by the person.
    let mut closed = marked(&ada, &name, "closed-by-hand").await;
    closed.say(&json!({ "type": "end" })).await;
    is_gone(docker, &name, "closed-by-hand").await;

    // Nobody comes back; not even what hears no hang-up stays.
    let script = "trap '' HUP; echo stubborn; while :; do read line; done";
    let mut lost = Console::open(&ada, &name, &["sh", "-c", script]).await;
    lost.shows("stubborn").await;
    assert_eq!(lost.about["ends"], true, "{}", lost.about);
    let id = lost.id();
    drop(lost);
    is_gone(docker, &name, "stubborn").await;
    let (_, said) = Console::resume(&ada, &name, &id, 0).await;
    assert_eq!(said["problem"]["code"], "console-gone", "{said}");

    // The server stops.
    let stopped = marked(&ada, &name, "until-the-stop").await;
    scene.server.restart().await;
    is_gone(docker, &name, "until-the-stop").await;
    drop(stopped);

    // The server is killed: the next start ends what it left.
    let ada = Person::with_cookie(scene.server.http(), ada.cookie().expect("signed in"));
    let mut killed = console_as_soon_as_the_engine_answers(&ada, &name, "until-the-kill").await;
    killed.shows("until-the-kill").await;
    scene.server.program().kill().await;
    assert!(docker.ok(["top", &name, "-eo", "pid,args"]).await.contains("until-the-kill"));
    scene.server.start_again().await;
    is_gone(docker, &name, "until-the-kill").await;
    assert_eq!(scene.engine.state(&name).await, "running");
}

/// A server that has just started does not know its containers yet.
async fn console_as_soon_as_the_engine_answers(ada: &Person, name: &str, mark: &str) -> Console {
    let mut again = interval(Duration::from_millis(50));
    let script = format!("echo {mark}; while :; do read line; done");
    soon("a console", async {
        loop {
            again.tick().await;
            let mut console = Console::line(ada, name).await.expect("a line");
            let run = json!({ "command": ["sh", "-c", &script] });
            console.say(&json!({ "type": "open", "run": run, "size": { "cols": 80, "rows": 24 } })).await;
            if let Came::Said(said) = console.next().await
                && said["type"] == "opened"
            {
                console.about = said["about"].clone();
                return console;
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_terminal_that_is_resized_a_thousand_times_has_its_last_size() {
    let scene = Scene::start().await;
    let ada = scene.administrator().await;
    let name = scene.engine.running("web").await;
    let mut console = Console::open(&ada, &name, &[]).await;
    assert_eq!((&console.about["command"], &console.about["found"]), (&json!("ash"), &json!(true)));
    for n in 0..1_000 {
        let size = json!({ "cols": 40 + n % 100, "rows": 10 + n % 30 });
        console.say(&json!({ "type": "size", "size": size })).await;
    }
    console.say(&json!({ "type": "size", "size": { "cols": 133, "rows": 37 } })).await;
    // The last call may still be on its way.
    let mut again = interval(Duration::from_millis(100));
    soon("the last size", async {
        loop {
            again.tick().await;
            console.types(b"stty size; echo do''ne\r").await;
            if console.shows("done").await.contains("37 133") {
                return;
            }
        }
    })
    .await;
    console.types(b"exit 7\r").await;
    assert_eq!(console.said("ended").await["exit"], 7);
}

#[tokio::test]
async fn an_engine_that_goes_away_ends_it_with_a_reason() {
    let engine = longshore_tests::Engine::shared();
    let far = engine.far_away().await;
    // A cable that can be pulled.
    let cable = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = cable.local_addr().expect("a bound listener");
    let far = far.trim_start_matches("tcp://").to_owned();
    let pulled = tokio::spawn(async move {
        let mut ends = tokio::task::JoinSet::new();
        while let Ok((mut near, _)) = cable.accept().await {
            let far = far.clone();
            ends.spawn(async move {
                if let Ok(mut far) = tokio::net::TcpStream::connect(far).await {
                    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                }
            });
        }
    });
    let server = longshore_tests::Server::start_at(&format!("tcp://{address}"), &[]).await;
    let ada = longshore_tests::fake::administrator(&server).await;
    let name = engine.running("web").await;
    let mut console = console_as_soon_as_the_engine_answers(&ada, &name, "over-a-cable").await;
    console.shows("over-a-cable").await;
    assert_eq!(console.about["ends"], false, "the engine may be anywhere: {}", console.about);
    pulled.abort();
    let ended = console.said("ended").await;
    assert_eq!(ended["exit"], Value::Null);
    // Whichever is known first: that the stream has ended, or that its engine is away.
    let why = ended["why"]["code"].as_str();
    assert!(matches!(why, Some("engine-unreachable" | "engine-ended")), "{ended}");
}

#[tokio::test]
async fn a_container_without_a_terminal_is_attached_to_line_by_line() {
    let scene = Scene::start().await;
    let ada = scene.administrator().await;
    let name = scene.engine.name("plain");
    let label = scene.engine.label();
    let script = "while read line; do echo got $line; echo and so on >&2; done; exit 5";
    let run_it = [
        "run",
        "-di",
        "--name",
        &name,
        "--label",
        &label,
        longshore_tests::engine::IMAGE,
        "sh",
        "-c",
        script,
    ];
    scene.engine.docker().ok(run_it).await;
    let mut console = Console::line(&ada, &name).await.expect("a line");
    let run = json!({ "attach": true });
    console.say(&json!({ "type": "open", "run": run, "size": { "cols": 80, "rows": 24 } })).await;
    console.about = console.said("opened").await["about"].clone();
    assert_eq!((&console.about["attached"], &console.about["reads"]), (&json!(true), &json!(true)));
    console.types(b"a word\r").await;
    // Output and errors are two streams: whichever is first, both come.
    let mut all = console.shows("and so on").await;
    if !all.contains("got a word") {
        all += &console.shows("got a word\r\n").await;
    }
    assert!(all.starts_with("a word\r\n"), "{all:?}");
    // To leave it leaves it as it is.
    console.say(&json!({ "type": "end" })).await;
    assert!(matches!(console.next().await, Came::End));
    assert_eq!(scene.engine.state(&name).await, "running");
}
