//! Consoles in Chromium: a shell in a container, as a person uses it.

use longshore_tests::{
    Browser, Engine, Scene, Server,
    browser::{CONTROL, ENTER, ESCAPE, Look, row},
    fake::administrator,
    person::PASSWORD,
};

/// What the chosen terminal shows.
const SCREEN: &str = ".term__screen:not([hidden]) .xterm-rows";

/// An administrator's browser on the consoles of these containers, once a program runs in the first.
async fn at_consoles(scene: &Scene, look: &Look, names: &[&str]) -> Browser {
    let browser = Browser::start(look).await;
    let of: Vec<String> = names.iter().map(|name| format!("local/{name}")).collect();
    browser.open(&scene.server.url(&format!("console?of={}", of.join(",")))).await;
    browser.sign_in(PASSWORD).await;
    prompted(&browser).await;
    browser
}

/// Waits for the shell's prompt: with it, the shell asks the terminal where the cursor is, and the answer is typed too.
async fn prompted(browser: &Browser) {
    browser.appears("[data-console=\"open\"]:not([hidden])").await;
    browser.reads(SCREEN, "/ #").await;
}

/// Types a line and waits until the terminal shows what it answers.
async fn run(browser: &Browser, line: &str, answer: &str) {
    browser.press(&format!("{line}{ENTER}")).await;
    browser.reads(SCREEN, answer).await;
}

/// Columns and rows, as the page says.
async fn size(browser: &Browser) -> (String, String) {
    let size = browser.text("[data-size]").await;
    let (cols, rows) = size.split_once(" × ").expect("columns and rows");
    (cols.to_owned(), rows.to_owned())
}

#[tokio::test]
async fn of_a_shell_on_another_machine_it_is_said_that_it_may_go_on() {
    let engine = Engine::shared();
    let server = Server::start_at(&engine.far_away().await, &[]).await;
    administrator(&server).await;
    let name = engine.running("web").await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&server.url(&format!("containers?q={name}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.appears(&row(&name)).await;
    browser.open(&server.url(&format!("console?of=local/{name}"))).await;
    prompted(&browser).await;
    browser.reads(".term__foot", "it may go on running on its host").await;
    browser.picture("console-far").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_shell_is_found_and_obeys() {
    let scene = Scene::start().await;
    scene.administrator().await;
    // Of every character that a name can have.
    let name = scene.engine.running("a.b_c-D9").await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("containers?q={name}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.appears(&format!("{}[data-state=\"running\"]", row(&name))).await;
    browser.press("j").await;
    browser.appears("tr.is-focus").await;
    browser.press("c").await;
    prompted(&browser).await;
    browser.reads("[data-command]", "ash, found by trying").await;

    run(&browser, "echo $((40+2))-$TERM", "42-xterm-256color").await;
    run(&browser, "printf '\\346\\227\\245\\346\\234\\254\\n'", "日本").await;
    // The program knows the size of the window, also when it changes.
    let (cols, rows) = size(&browser).await;
    run(&browser, "stty size", &format!("{rows} {cols}")).await;
    browser.picture("console").await;
    browser.resize(1100, 640).await;
    browser.holds(&format!("!document.querySelector('[data-size]').textContent.includes('{cols} ×')")).await;
    let (cols, rows) = size(&browser).await;
    run(&browser, "clear; stty size", &format!("{rows} {cols}")).await;

    browser.press(&format!("exit 3{ENTER}")).await;
    browser.reads("[data-ended]", "Exit 3").await;
    browser.picture("console-ended").await;
    browser.click("[data-action=\"again\"]").await;
    browser.appears("[data-console=\"open\"]").await;
    run(&browser, "echo once$((1))more", "once1more").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_console_looks_right_on_a_phone_in_the_dark_and_in_chinese() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.running("web").await;
    let browser = at_consoles(&scene, &Look::phone().dark().language("zh-CN"), &[&name]).await;
    run(&browser, "ls --color=always /", "bin").await;
    assert!(browser.fits().await, "the console scrolls sideways");
    assert_eq!(browser.barriers().await, [""; 0]);
    browser.picture("console.phone.dark.zh-CN").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.running("web").await;
    let browser = at_consoles(&scene, &Look::desk(), &[&name]).await;
    scene.engine.docker().ok(["stop", "--time", "0", &name]).await;
    browser.reads("[data-ended]", "is not running any more").await;
    browser.click("[data-action=\"again\"]").await;
    browser.reads("[data-failed]", "is not running").await;
    browser.picture("console-failed").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn vi_and_top_work() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.running("web").await;
    let browser = at_consoles(&scene, &Look::desk(), &[&name]).await;
    browser.press(&format!("vi /tmp/note{ENTER}")).await;
    browser.reads(SCREEN, "/tmp/note").await;
    // Letters, j and k and Esc among them, are the program's and not the page's.
    browser.press(&format!("ijokes and keys, gh{ENTER}second line{ESCAPE}")).await;
    browser.reads(SCREEN, "second line").await;
    browser.picture("console-vi").await;
    browser.press(&format!("kx:wq{ENTER}")).await;
    run(&browser, "clear; wc -l /tmp/note; cat /tmp/note", "2 /tmp/note").await;
    browser.reads(SCREEN, "jokes and eys, gh").await;

    browser.press(&format!("top{ENTER}")).await;
    browser.reads(SCREEN, "Load average").await;
    browser.press("q").await;
    run(&browser, "clear; echo back$((1))again", "back1again").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_pasted_megabyte_arrives_whole() {
    /// Makes the text, leaves its digest in the window, and pastes it.
    const PASTE: &str = "
        let text = '';
        for (let n = 0; text.length < 1000000; n++) text += `${n} \u{7b2c}\u{1f6a2} of many words; `;
        const bytes = new TextEncoder().encode(text);
        window.bytes = bytes.length;
        crypto.subtle.digest('SHA-256', bytes).then((sum) => {
            window.sum = [...new Uint8Array(sum)].map((b) => b.toString(16).padStart(2, '0')).join('');
        });
        window.paste = () => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
        };";
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.running("web").await;
    let browser = at_consoles(&scene, &Look::desk(), &[&name]).await;
    browser.script(PASTE).await;
    browser.holds("window.sum").await;
    let bytes = browser.script("return window.bytes").await;
    assert!(bytes.as_u64().is_some_and(|bytes| bytes > 1 << 20), "{bytes} bytes");
    let sum = browser.script("return window.sum").await.as_str().expect("a digest").to_owned();
    let line = format!("stty raw -echo; echo rea''dy; head -c {bytes} | sha256sum; stty sane");
    run(&browser, &line, "ready").await;
    browser.script("window.paste()").await;
    browser.reads(SCREEN, &sum).await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_character_that_comes_in_pieces_is_one() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.running("web").await;
    let browser = at_consoles(&scene, &Look::desk(), &[&name]).await;
    let line =
        "clear; stty -echo; printf '<\\351'; read x; printf '\\224'; read x; printf '\\232>\\n'; stty echo";
    run(&browser, line, "<").await;
    browser.press(ENTER).await;
    browser.press(ENTER).await;
    browser.reads(SCREEN, "\u{951a}>").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_broken_line_and_a_new_page_come_back_to_the_same_shell() {
    /// The consoles' lines, so that the test can break them.
    const CATCH: &str = "
        window.lines = [];
        const Whole = WebSocket;
        window.WebSocket = class extends Whole {
            constructor(url, ...rest) {
                super(url, ...rest);
                if (String(url).endsWith('/console')) window.lines.push(this);
            }
        };";
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.running("web").await;
    let browser = Browser::start(&Look::desk()).await;
    browser.open(&scene.server.url(&format!("containers?q={name}"))).await;
    browser.sign_in(PASSWORD).await;
    browser.script(CATCH).await;
    browser.appears(&format!("{}[data-state=\"running\"]", row(&name))).await;
    browser.press("j").await;
    browser.appears("tr.is-focus").await;
    browser.press("c").await;
    prompted(&browser).await;
    run(&browser, "here=still; echo a-mark$((1))", "a-mark1").await;

    browser.script("window.lines[0].close()").await;
    browser.holds("window.lines.length === 2").await;
    browser.appears("[data-console=\"open\"]").await;
    run(&browser, "echo $here-the-same", "still-the-same").await;
    run(&browser, "clear; echo scroll''back", "scrollback").await;
    browser.reload().await;
    browser.appears("[data-console=\"open\"]").await;
    browser.reads(SCREEN, "scrollback").await;
    run(&browser, "echo $here-after-all", "still-after-all").await;
    browser.expect_no_complaint().await;
}

/// Held down together with the next key.
const SHIFT: char = '\u{e008}';
const F11: &str = "\u{e03b}";

/// Opens one more console beside the chosen one: the dialog, at one of its choices.
async fn one_more(browser: &Browser, what: &str) {
    browser.click("[data-action=\"new-console\"]").await;
    browser.appears("[role=\"dialog\"] input:focus").await;
    browser.click(&format!("[data-what=\"{what}\"]")).await;
}

/// Brings the first console to the front, and waits until it hears what is typed.
async fn pick_the_first(browser: &Browser) {
    browser.click("[data-tab=\"0\"] .term__pick").await;
    browser.holds("document.activeElement.closest('[data-screen=\"0\"]')").await;
}

#[tokio::test]
async fn several_consoles_stand_side_by_side() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let (name, other) = (scene.engine.running("web").await, scene.engine.running("db").await);
    let browser = at_consoles(&scene, &Look::desk(), &[&name]).await;
    run(&browser, "mine=first; echo o''ne", "one").await;

    one_more(&browser, "command").await;
    browser.fill("command", "sh -c 'echo in $PWD as $(id -u) with $GREETING; exec sh'").await;
    browser.fill("user", "7").await;
    browser.fill("folder", "/tmp").await;
    browser.click("textarea[name=\"env\"]").await;
    browser.press("GREETING=hello there").await;
    assert_eq!(browser.barriers().await, [""; 0]);
    browser.picture("console-new").await;
    browser.click("[data-action=\"open-console\"]").await;
    browser.reads(SCREEN, "in /tmp as 7 with hello there").await;
    browser.picture("console-tabs").await;
    let tab = |number: u32| format!("[data-tab=\"{number}\"]");
    pick_the_first(&browser).await;
    run(&browser, "echo $mine-again", "first-again").await;
    browser.click(&format!("{} [data-action=\"close-console\"]", tab(1))).await;
    browser.vanishes(&tab(1)).await;

    // In another container than the chosen one, found by a few letters.
    browser.click("[data-action=\"new-console\"]").await;
    browser.appears("[role=\"dialog\"] input:focus").await;
    browser.script("document.querySelector('[name=container]').select()").await;
    browser.fill("container", &other[..other.len() - 1]).await;
    browser.click(&format!("[data-pick=\"{other}\"]")).await;
    browser.click("[data-action=\"open-console\"]:enabled").await;
    browser.reads(".term__tab.is-on", &other).await;
    prompted(&browser).await;
    browser.click(&format!("{} [data-action=\"close-console\"]", tab(2))).await;
    browser.vanishes(&tab(2)).await;

    // One that is opened elsewhere meanwhile joins those that are open.
    browser.click(".rail a[href*=\"/containers\"]").await;
    browser.open(&scene.server.url(&format!("containers?q={other}"))).await;
    browser.appears(&format!("{}[data-state=\"running\"]", row(&other))).await;
    browser.press("j").await;
    browser.appears("tr.is-focus").await;
    browser.press("c").await;
    browser.reads(".term__tab.is-on", &other).await;
    prompted(&browser).await;
    run(&browser, "hostname; echo not-$mine", "not-").await;
    pick_the_first(&browser).await;
    run(&browser, "echo $mine-still", "first-still").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn what_was_shown_is_found_copied_saved_and_seen_large() {
    /// Leaves what is copied and what is saved in the window.
    const CATCH: &str = "
        document.addEventListener('copy', (event) => { window.copied = event.clipboardData.getData('text/plain'); });
        URL.createObjectURL = (blob) => { blob.text().then((text) => { window.saved = text; }); return '#'; };
        HTMLAnchorElement.prototype.click = () => {};";
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.running("web").await;
    let browser = at_consoles(&scene, &Look::desk(), &[&name]).await;
    browser.script(CATCH).await;
    run(&browser, "clear; for n in 1 2 3; do echo a nee''dle $n; done", "a needle 3").await;
    browser.press(&format!("{CONTROL}{SHIFT}f")).await;
    browser.appears("input[name=\"find\"]:focus").await;
    browser.press("needle").await;
    browser.reads("[data-found]", "1 of 3").await;
    browser.press(ENTER).await;
    browser.reads("[data-found]", "2 of 3").await;
    browser.press(&format!("{SHIFT}{ENTER}")).await;
    browser.reads("[data-found]", "1 of 3").await;
    browser.picture("console-find").await;
    browser.press(ESCAPE).await;
    browser.vanishes("input[name=\"find\"]").await;
    browser.press(&format!("{CONTROL}{SHIFT}c")).await;
    browser.holds("window.copied === 'needle'").await;
    browser.click("[data-action=\"save\"]").await;
    browser.holds("window.saved?.includes('a needle 2')").await;

    browser.click("[data-action=\"full\"]").await;
    browser.holds("document.fullscreenElement?.matches('.term')").await;
    browser.click(".term__screen:not([hidden])").await;
    browser.press(F11).await;
    browser.holds("!document.fullscreenElement").await;
    browser.expect_no_complaint().await;
}

#[tokio::test]
async fn a_person_attaches_to_what_a_container_runs() {
    let scene = Scene::start().await;
    scene.administrator().await;
    let name = scene.engine.name("talker");
    let label = scene.engine.label();
    let script = "echo up; while read line; do echo got $line; done";
    let run_it = [
        "run",
        "-dit",
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
    let browser = at_consoles(&scene, &Look::desk(), &[&name]).await;
    one_more(&browser, "attach").await;
    browser.click("[data-action=\"open-console\"]").await;
    browser.appears("[data-screen=\"1\"][data-console=\"open\"]").await;
    run(&browser, "a word", "got a word").await;
    browser.reads(".term__foot", "goes on when you leave").await;
    // Its end is that of the container.
    browser.press("\u{e009}d").await;
    browser.reads("[data-ended]", "Exit 0").await;
    assert_eq!(scene.engine.state(&name).await, "exited");
    browser.expect_no_complaint().await;
}
