//! Logs as people read them: as they are written, on a real engine.

use std::{path::PathBuf, time::Duration};

use http::Method;
use longshore_tests::{
    Browser, Engine, Person, Scene, Server,
    browser::{CONTROL, ENTER, Look, row},
    console::{Came, Console},
    fake::administrator,
    person::PASSWORD,
};
use serde_json::json;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, UnixStream},
    task::{JoinHandle, JoinSet},
};

/// Colours, both streams, and an end by signal that has a code of its own.
const SPEAKER: &str = "printf '\\033[1;32mgreen\\033[0m and plain\\n'; echo to the error >&2; \
    echo a long line that has to wrap on phones, for it has more words than fit beside its time; \
    trap 'exit 3' TERM; sleep 3600 & wait";

/// Runs a script in a container whose output is the container's log.
async fn write(engine: &Engine, name: &str, script: &str) {
    engine.docker().ok(["exec", name, "sh", "-c", &format!("({script}) > /proc/1/fd/1")]).await;
}

/// Writes a line into the log of a container that runs.
async fn say(scene: &Scene, name: &str, line: &str) {
    write(&scene.engine, name, &format!("echo '{line}'")).await;
}

/// Waits for what takes longer than anything else here: two hundred megabytes.
async fn at_last(what: &str, holds: impl AsyncFn() -> bool) {
    let mut again = tokio::time::interval(Duration::from_millis(200));
    let search = async {
        while !holds().await {
            again.tick().await;
        }
    };
    let patience = Duration::from_secs(240);
    assert!(tokio::time::timeout(patience, search).await.is_ok(), "did not come: {what}");
}

/// The way to the engine, which can be cut.
struct Bridge {
    port: u16,
    socket: PathBuf,
    open: Option<JoinHandle<()>>,
}

impl Bridge {
    async fn to(engine: &Engine) -> Self {
        let socket = engine.address().trim_start_matches("unix://").into();
        let mut bridge = Self { port: 0, socket, open: None };
        bridge.mend().await;
        bridge
    }

    fn address(&self) -> String {
        format!("tcp://127.0.0.1:{}", self.port)
    }

    async fn mend(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.expect("a free port");
        self.port = listener.local_addr().expect("it is bound").port();
        let socket = self.socket.clone();
        self.open = Some(tokio::spawn(async move {
            let mut all = JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let socket = socket.clone();
                all.spawn(async move {
                    if let Ok(mut far) = UnixStream::connect(socket).await {
                        // A broken connection shows at its ends.
                        let _ = copy_bidirectional(&mut near, &mut far).await;
                    }
                });
            }
        }));
    }

    /// Every connection breaks, and no other is made.
    async fn cut(&mut self) {
        let open = self.open.take().expect("it is open");
        open.abort();
        let _ = open.await;
    }
}

/// A signed-in browser on a page.
async fn on_page(scene: &Scene, look: &Look, path: &str) -> Browser {
    on_page_of(&scene.server, look, path).await
}

async fn on_page_of(server: &Server, look: &Look, path: &str) -> Browser {
    let browser = Browser::start(look).await;
    browser.open(&server.url(path)).await;
    browser.sign_in(PASSWORD).await;
    browser
}

#[tokio::test]
async fn a_log_is_followed_held_and_goes_on_over_a_restart() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.running_script("speaker", SPEAKER).await;
    let browser = on_page(&scene, &Look::desk(), &format!("containers?q={name}&group=flat")).await;
    browser.appears(&row(&name)).await;
    browser.press("j").await;
    browser.press("l").await;
    browser.appears(&format!("[data-log-of=\"{name}\"]")).await;
    assert!(browser.url().await.ends_with(&format!("logs?of=local/{name}")), "{}", browser.url().await);
    browser.reads(".lg .a-2.a-bold", "green").await;
    browser.reads(".lg--stderr", "to the error").await;
    browser.appears("[data-log=\"follows\"]").await;

    say(&scene, &name, "written while looked at").await;
    browser.reads(".lg", "written while looked at").await;
    browser.press(" ").await;
    browser.appears("[data-log=\"paused\"]").await;
    say(&scene, &name, "written while held").await;
    assert_eq!(
        browser.script("return document.body.textContent.includes('written while held')").await,
        false
    );
    browser.press(" ").await;
    browser.reads(".lg", "written while held").await;
    browser.press("w").await;
    browser.appears(".logv__body.is-wrap").await;
    browser.picture("logs").await;

    scene.engine.docker().ok(["stop", &name]).await;
    browser.reads(".lg__note", "exit code 3").await;
    // That was asked for, and is no failure here either.
    browser.appears("[data-note=\"exited\"]").await;
    browser.vanishes("[data-note=\"failed\"]").await;
    browser.appears("[data-log=\"stopped\"]").await;
    scene.engine.docker().ok(["start", &name]).await;
    browser.reads(".lg__note", "Started again").await;
    say(&scene, &name, "written after the start").await;
    browser.reads(".lg", "written after the start").await;
    browser.holds("document.querySelectorAll('.lg').length === 9").await;
    browser.picture("logs-restarted").await;
    scene.engine.docker().ok(["rm", "--force", &name]).await;
    browser.reads(".lg__note", "removed").await;
    browser.appears("[data-log=\"over\"]").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_terminals_log_is_read_on_a_phone_in_chinese() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let (name, label) = (scene.engine.name("tty"), scene.engine.label());
    let words =
        ["run", "--detach", "--tty", "--name", &name, "--label", &label, "busybox:1.35", "sh", "-c", SPEAKER];
    scene.engine.docker().ok(words).await;
    let look = Look::phone().language("zh-CN").dark();
    let browser = on_page(&scene, &look, &format!("logs?of=local/{name}")).await;
    browser.reads(".lg .a-2", "green").await;
    browser.reads(".lg", "to the error").await;
    browser.reads("[data-log=\"follows\"]", "实时跟踪中").await;
    assert!(browser.fits().await, "the page scrolls sideways");
    browser.picture("logs.phone.dark.zh-CN").await;
    browser.click(".bar [aria-haspopup=\"menu\"]").await;
    browser.appears("[role=\"menu\"]").await;
    browser.picture("logs-range.phone.dark.zh-CN").await;
    browser.click("[role=\"menuitemcheckbox\"]:nth-child(2)").await;
    browser.holds("location.search.includes('last=15')").await;
    browser.reads(".lg", "to the error").await;
    assert!(browser.fits().await, "the page scrolls sideways");
    scene.engine.docker().ok(["stop", &name]).await;
    browser.reads(".lg__note", "退出码 3").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_log_is_downloaded_whole_and_only_by_who_may() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.running_script("speaker", SPEAKER).await;
    let container = scene.engine.inspect(&name).await;
    let id = container["Id"].as_str().expect("an id");
    let path = format!("hosts/local/containers/{id}/logs");
    let engine = scene.engine.docker().ok(["logs", &name]).await;
    let log = ada.get(&path).await.expect(200).text();
    for line in engine.lines() {
        assert!(log.contains(line), "{line} is missing in {log}");
    }
    assert!(log.contains("to the error\n"), "{log}");
    Person::nobody(scene.server.http()).get(&path).await.expect(401).problem();
    ada.get("hosts/local/containers/nobody/logs").await.expect(404).problem();
}

#[tokio::test]
async fn a_log_is_read_between_two_times_from_its_front() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let script = "for n in $(seq 1 3000); do echo \"line $n.\"; done; trap 'exit 0' TERM; sleep 3600 & wait";
    let name = scene.engine.running_script("ranged", script).await;
    let browser = on_page(&scene, &Look::desk(), &format!("logs?of=local/{name}")).await;
    browser.reads(".lg", "line 3000.").await;
    let now = browser.script("return Date.now() + 1").await;
    say(&scene, &name, "too late").await;
    browser.reads(".lg", "too late").await;
    browser.open(&scene.server.url(&format!("logs?of=local/{name}&from=0&to={now}"))).await;
    browser.reads(".lg", "line 1.").await;
    browser.appears("input[name=until]").await;
    browser.holds("document.querySelector('.logv__body').scrollTop === 0").await;
    // What is further down comes when one goes there, and the end is the end.
    for _ in 0..8 {
        browser.script("document.querySelector('.logv__body').scrollTop = 1e9").await;
        browser.holds("document.querySelectorAll('.lg').length <= 2000").await;
    }
    browser.reads(".lg", "line 3000.").await;
    browser.appears("[data-log=\"over\"]").await;
    browser.vanishes("[data-note]").await;
    assert_eq!(browser.script("return document.body.textContent.includes('too late')").await, false);
    browser.expect_no_complaint().await;
    let barriers = browser.barriers().await;
    assert!(barriers.is_empty(), "{}", barriers.join("\n"));
}

#[tokio::test]
async fn a_log_is_read_on_at_its_place_after_the_engine_was_away() {
    let engine = Engine::shared();
    let mut bridge = Bridge::to(&engine).await;
    let server = Server::start_at(&bridge.address(), &[]).await;
    administrator(&server).await;
    let name = engine.running_script("speaker", SPEAKER).await;
    let browser = on_page_of(&server, &Look::desk(), &format!("containers?q={name}&group=flat")).await;
    browser.appears(&row(&name)).await;
    browser.open(&server.url(&format!("logs?of=local/{name}"))).await;
    browser.appears("[data-log=\"follows\"]").await;
    browser.reads(".lg", "to the error").await;

    bridge.cut().await;
    browser.appears("[data-log=\"lost\"]").await;
    browser.appears("[data-note=\"failed\"]").await;
    browser.picture("logs-engine-away").await;
    write(&engine, &name, "echo one while away; echo two while away").await;
    bridge.mend().await;
    browser.reads(".lg", "two while away").await;
    browser.appears("[data-log=\"follows\"]").await;
    let lines = "[...document.querySelectorAll('.lg__x')].map((one) => one.textContent)";
    browser.holds(&format!("{lines}.length === 5 && new Set({lines}).size === 5")).await;

    // So much that not all of it is shown: how much is missing is said.
    bridge.cut().await;
    browser.appears("[data-log=\"lost\"]").await;
    write(&engine, &name, "seq 1 5000").await;
    bridge.mend().await;
    browser.reads("[data-note=\"restarting\"]", "3,500 lines between").await;
    browser.reads(".lg", "5000").await;
    browser.holds(&format!("{lines}.includes('3501') && !{lines}.includes('3500')")).await;
    browser.picture("logs-missed").await;
}

#[tokio::test]
async fn a_long_log_is_read_back_and_searched_where_it_is_not_loaded() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let script = format!("for n in $(seq 1 5000); do echo \"line $n.\"; done; {SPEAKER}");
    let name = scene.engine.running_script("long", &script).await;
    let browser = on_page(&scene, &Look::desk(), &format!("logs?of=local/{name}")).await;
    browser.reads(".lg", "line 5000.").await;
    browser.appears("[data-log=\"follows\"]").await;
    let numbers = "[...document.querySelectorAll('.lg__x')].map((one) => /^line ([0-9]+)/.exec(one.textContent)).filter((one) => one).map((one) => Number(one[1]))";
    let unbroken = format!("{numbers}.every((n, at, all) => at === 0 || n === all[at - 1] + 1)");
    for reached in [4_200, 3_600, 3_000, 2_400] {
        browser.script("document.querySelector('.logv__body').scrollTop = 0").await;
        browser.holds(&format!("{numbers}[0] < {reached}")).await;
        browser.holds(&unbroken).await;
    }
    browser.appears("[data-log=\"away\"]").await;
    browser.holds("document.querySelectorAll('.lg').length <= 2000").await;
    // Those at the end were let go, and come again.
    browser.holds(&format!("{numbers}.at(-1) < 5000")).await;
    // Each time the end is reached there is more below it, until there is no more.
    let further = "(document.querySelector('.logv__body').scrollTop = 1e9)";
    browser.holds(&format!("{further} && document.querySelector('[data-log=\"follows\"]')")).await;
    browser.reads(".lg", "line 5000.").await;
    browser.holds(&unbroken).await;

    browser.press("/").await;
    browser.holds("document.activeElement.name === 'filter'").await;
    browser.press(&format!("LINE 42.0.{ENTER}")).await;
    browser.reads(".logv__none", "No line has this").await;
    browser.press(&format!("{CONTROL}a")).await;
    browser.press(&format!("line 42.0{ENTER}")).await;
    browser.click("[data-action=\"regex\"]").await;
    browser.reads("[data-found]", "10 hits").await;
    browser.reads(".lg mark", "line 4230").await;
    browser.holds("document.querySelectorAll('.lg').length === 10").await;
    browser.click(".seg button:last-child").await;
    browser.reads(".lg", "line 4207.").await;
    browser.holds("document.querySelectorAll('.lg--break').length > 5").await;
    browser.click("[data-action=\"next-hit\"]").await;
    browser.reads(".lg.is-at mark", "line 4290").await;
    browser.picture("logs-search").await;
    assert!(browser.url().await.contains("regex=1&around=3"), "{}", browser.url().await);
    browser.click("input[name=filter]").await;
    browser.press(&format!("{CONTROL}a")).await;
    browser.press(&format!("(line{ENTER}")).await;
    browser.reads("[data-note=\"failed\"]", "not a regular expression").await;
    browser.press(&format!("{CONTROL}a")).await;
    browser.press(&format!("error{ENTER}")).await;
    browser.reads("[data-found]", "1 hit").await;
    browser.click("[data-action=\"stderr\"]").await;
    browser.reads(".lg--stderr mark", "error").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn one_log_is_made_of_several_and_json_is_folded() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let one = scene.engine.running_script("one", "trap 'exit 0' TERM; sleep 3600 & wait").await;
    let other = scene.engine.running_script("other", "trap 'exit 0' TERM; sleep 3600 & wait").await;
    let browser = on_page(&scene, &Look::desk(), &format!("logs?of=local/{one},local/{other}")).await;
    browser.appears("[data-log=\"follows\"]").await;
    for (name, line) in [(&one, "first"), (&other, "second"), (&one, "third")] {
        say(&scene, name, line).await;
    }
    browser.reads(".lg", "third").await;
    browser
        .holds("[...document.querySelectorAll('.lg__x')].map((one) => one.textContent).join() === 'first,second,third'")
        .await;
    browser.appears(".lg__s.src-1").await;
    let json = r#"{"level":"warn","time":"now","msg":"slow query","ms":1204,"sql":{"rows":3}}"#;
    say(&scene, &other, json).await;
    browser.reads(".lg--warn .lg__json", "ms=1204").await;
    browser.click(".lg__fold").await;
    browser.reads(".lg__tree", "slow query").await;
    browser.picture("logs-several").await;
    browser.click(".lg__fold").await;
    browser.vanishes(".lg__tree").await;
    browser.click(&format!("[data-log-of=\"{one}\"] .logs__out")).await;
    browser.vanishes(".lg__s").await;
    browser.reads(".lg", "second").await;
    assert!(browser.url().await.ends_with(&format!("of=local/{other}")), "{}", browser.url().await);
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_log_that_the_engine_does_not_read_is_asked_for_once_and_its_words_are_shown() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let (name, label) = (scene.engine.name("mute"), scene.engine.label());
    let run = ["run", "--detach", "--name", &name, "--label", &label, "--log-driver", "none"];
    scene.engine.docker().ok([&run[..], &["busybox:1.35", "sleep", "3600"]].concat()).await;
    let browser = on_page(&scene, &Look::desk(), &format!("logs?of=local/{name}")).await;
    browser.reads("[data-note=\"failed\"] .lg__said", "does not support reading").await;
    browser.appears("[data-log=\"over\"]").await;
    browser.picture("logs-refused").await;
}

#[tokio::test]
async fn of_many_logs_as_many_are_shown_as_fit_and_the_others_counted() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let of: Vec<String> = (0..11).map(|n| format!("local/none-{n}")).collect();
    let path = format!("logs?of={}", of.join(","));
    let browser = on_page(&scene, &Look::desk(), &path).await;
    browser.reads("[data-left-out]", "3 more are left out").await;
    browser.holds("document.querySelectorAll('[data-log-of]').length === 8").await;
    browser.picture("logs-left-out").await;
    browser.open(&scene.server.url(&format!("logs?of={}", of[..8].join(",")))).await;
    browser.holds("document.querySelectorAll('[data-log-of]').length === 8").await;
    browser.vanishes("[data-left-out]").await;
}

#[tokio::test]
async fn a_log_is_read_by_the_readers_clock_and_copied() {
    let scene = Scene::start().await;
    scene.administrator().await;
    // A name of every character that there can be.
    let name = scene.engine.name("a.b_c-D9");
    let label = scene.engine.label();
    let docker = scene.engine.docker();
    let script = "for n in 1 2 3; do echo line $n; done; sleep 3600";
    docker
        .ok(["run", "--detach", "--name", &name, "--label", &label, "busybox:1.35", "sh", "-c", script])
        .await;
    let look = Look::desk().zone("Asia/Kathmandu");
    let browser = on_page(&scene, &look, &format!("containers/local/{name}")).await;
    browser.reads("main h1", &name).await;
    browser.open(&scene.server.url(&format!("logs?of=local/{name}"))).await;
    browser.reads(".lg", "line 3").await;
    // A quarter before six ahead of the engine's own clock.
    let said = docker.ok(["logs", "--timestamps", &name]).await;
    // To the millisecond, as far as a browser reads.
    let at = format!("{}Z", said.get(..23).expect("a time"));
    let ahead = "5 * 3600e3 + 45 * 60e3";
    let clock = format!("new Date(Date.parse('{}') + {ahead}).toISOString()", at);
    browser.holds(&format!("document.querySelector('.lg__t').textContent === {clock}.slice(11, 23)")).await;

    let copied = "navigator.clipboard.writeText = async (text) => { window.copied = text }";
    browser.script(copied).await;
    browser.click("[data-action=\"copy-log\"]").await;
    browser
        .holds("window.copied && window.copied.includes('line 1') && window.copied.includes('line 3')")
        .await;

    // Searched for in a part of it: from a second after the first line there is nothing.
    let from = format!("Date.parse('{}')", at);
    let from = browser.script(&format!("return {from}")).await.as_f64().expect("a time") as i64;
    let hit = format!("logs?of=local/{name}&q=line&from={}&to={}", from - 60_000, from + 60_000);
    browser.open(&scene.server.url(&hit)).await;
    browser.reads("[data-found]", "3 hits").await;
    browser
        .holds(&format!(
            "document.querySelector('[name=from]').value === new Date({from} - 60e3 + {ahead}).toISOString().slice(0, 16)"
        ))
        .await;
    let past = format!("logs?of=local/{name}&q=line&from={}&to={}", from - 120_000, from - 60_000);
    browser.open(&scene.server.url(&past)).await;
    browser.reads(".logv__none", "No line has this").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_flooding_log_is_bounded_here_and_in_the_tab() {
    const MIB: u64 = 1024 * 1024;
    let scene = Scene::start().await;
    scene.administrator().await;
    let browser = on_page(&scene, &Look::desk(), "containers").await;
    let long = "0123456789".repeat(100);
    let script = format!("echo the needle; yes {long} | head -n 200000; echo the end; {SPEAKER}");
    let name = scene.engine.running_script("flood", &script).await;
    browser.appears(&row(&name)).await;
    let before = scene.server.memory();
    browser.open(&scene.server.url(&format!("logs?of=local/{name}"))).await;
    browser.reads(".lg", "0123456789").await;
    let docker = scene.engine.docker();
    let peak = std::sync::Mutex::new(before);
    at_last("the end of the flood", async || {
        most_of(&peak, &scene);
        let answers = browser.script("return document.querySelectorAll('.lg').length <= 2000").await;
        assert_eq!(answers, true, "the tab answers, and is bounded");
        docker.ok(["logs", "--tail", "3", &name]).await.contains("and plain")
    })
    .await;
    browser.press("\u{e010}").await;
    browser.reads(".lg", "the end").await;
    browser.fill("filter", "needle").await;
    browser.press(ENTER).await;
    at_last("the hit", async || {
        most_of(&peak, &scene);
        browser.script("return document.querySelector('[data-found]').textContent").await == "1 hit"
    })
    .await;
    browser.reads(".lg mark", "needle").await;
    let grown = peak.lock().expect("nobody panics").saturating_sub(before);
    assert!(grown < 48 * MIB, "the server has grown by {} MiB", grown / MIB);
    browser.expect_no_complaint().await;
}

fn most_of(peak: &std::sync::Mutex<u64>, scene: &Scene) {
    let mut peak = peak.lock().expect("nobody panics");
    *peak = scene.server.memory().max(*peak);
}

#[tokio::test]
async fn a_log_that_is_followed_ends_with_the_right_to_it() {
    let scene = Scene::start().await;
    let mut ada = scene.administrator().await;
    let name = scene.engine.running_script("talker", "echo the first; sleep 3600").await;
    let made = ada.send(Method::POST, "account/keys", Some(json!({ "name": "ci" }))).await.expect(200).json();
    let ci = Person::with_key(scene.server.http(), made["key"].as_str().expect("a key"));
    let mut line = Console::at(&ci, &name, "logs/live").await.expect("a line");
    line.say(&json!({ "read": { "follow": true } })).await;
    loop {
        let Came::Said(said) = line.next().await else { panic!("no log") };
        if said["lines"].to_string().contains("the first") {
            break;
        }
    }
    let id = made["id"].as_str().expect("an id");
    ada.send(Method::DELETE, &format!("account/keys/{id}"), None).await.expect(204);
    scene.engine.docker().ok(["exec", &name, "sh", "-c", "echo a secret > /proc/1/fd/1"]).await;
    loop {
        match line.next().await {
            Came::End => break,
            Came::Said(said) => assert!(!said.to_string().contains("a secret"), "{said}"),
            Came::Bytes(_) => panic!("a log is text"),
        }
    }
    assert_eq!(Console::at(&ci, &name, "logs/live").await.err(), Some(401));
}
