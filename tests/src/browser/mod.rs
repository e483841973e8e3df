//! A real Chromium, driven by chromedriver, with a fresh profile.

mod command;
mod last_words;
mod look;

use std::path::PathBuf;

use fantoccini::{
    Client, ClientBuilder, Locator,
    elements::Element,
    error::{CmdError, ErrorStatus},
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::{PATIENCE, program::Program, soon, told};
use command::Vendor;
pub use look::Look;

/// A browser with one page. Dropping it ends it; when the test has failed, with a last picture.
pub struct Browser {
    client: Client,
    port: u16,
    session: String,
    _driver: Program,
    _profile: TempDir,
}

impl Browser {
    /// Starts it, to look at pages in a certain way.
    pub async fn start(look: &Look) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut driver = Program::start("chromedriver", Command::new("chromedriver").arg("--port=0"));
        let port = driver.line("started successfully on port …", port_of).await;
        let capabilities = look.capabilities(profile.path());
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let url = format!("http://127.0.0.1:{port}");
        let client = soon("a browser", builder.connect(&url)).await.expect("chromium starts");
        let session = client.session_id().await.expect("a session").expect("has an id");
        let browser = Self { client, port, session, _driver: driver, _profile: profile };
        for command in look.commands() {
            browser.vendor(command).await;
        }
        browser
    }

    /// Opens a URL.
    pub async fn open(&self, url: &str) {
        soon("the page", self.client.goto(url)).await.unwrap_or_else(|why| panic!("{url}: {why}"));
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        soon("the page", self.client.refresh()).await.expect("the page loads again");
    }

    /// The URL in the address bar.
    pub async fn url(&self) -> String {
        self.client.current_url().await.expect("a page is open").to_string()
    }

    /// Waits until something on the page matches.
    pub async fn appears(&self, css: &str) -> Element {
        self.wait_for(css, true).await;
        self.client.find(Locator::Css(css)).await.unwrap_or_else(|why| panic!("{css}: {why}"))
    }

    /// Waits until nothing on the page matches.
    pub async fn vanishes(&self, css: &str) {
        self.wait_for(css, false).await;
    }

    /// Clicks what matches, as soon as it is there.
    pub async fn click(&self, css: &str) {
        self.appears(css).await.click().await.unwrap_or_else(|why| panic!("{css} cannot be clicked: {why}"));
    }

    /// Types into the form field of this name, as soon as it is there.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.appears(&format!("input[name=\"{name}\"]")).await;
        field.send_keys(text).await.unwrap_or_else(|why| panic!("{name} takes no text: {why}"));
    }

    /// The visible text of what matches, as soon as it is there.
    pub async fn text(&self, css: &str) -> String {
        self.appears(css).await.text().await.unwrap_or_else(|why| panic!("{css}: {why}"))
    }

    /// Runs a script in the page and returns its value.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|why| panic!("{script}: {why}"))
    }

    /// Whether the page is as wide as the window: nothing makes it scroll sideways.
    pub async fn fits(&self) -> bool {
        self.script("return document.documentElement.scrollWidth <= window.innerWidth").await == json!(true)
    }

    /// Keeps a picture of the page as `target/screenshots/NAME.png`.
    pub async fn picture(&self, name: &str) {
        let png = self.client.screenshot().await.expect("a picture of the page");
        std::fs::write(picture_file(name), png).expect("target/screenshots can be written");
    }

    /// Ends the story: fails if the browser complained of anything since the last time it was asked. The page's policy may
    /// not be violated, nothing may fail to load, no script may throw.
    pub async fn expect_no_complaint(&self) {
        let complaints = self.complaints().await;
        assert!(complaints.is_empty(), "the browser complains:\n{}", complaints.join("\n"));
    }

    /// What the browser complained of since the last time it was asked.
    pub async fn complaints(&self) -> Vec<String> {
        let entries = self.vendor(Vendor::Log).await;
        let entries = entries.as_array().expect("a log is a list");
        let complaint = |entry: &&Value| {
            let said = entry["message"].as_str().unwrap_or_default();
            entry["level"] == "SEVERE" || said.contains("Content Security Policy")
        };
        entries
            .iter()
            .filter(complaint)
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    async fn vendor(&self, command: Vendor) -> Value {
        let what = format!("{command:?}");
        self.client.issue_cmd(command).await.unwrap_or_else(|why| panic!("{what}: {why}"))
    }

    /// Waits in the page itself, by its own change events. A page that is left meanwhile is waited for again.
    async fn wait_for(&self, css: &str, there: bool) {
        const WAIT: &str = r"
            const [css, there, patience, done] = arguments;
            const holds = () => (document.querySelector(css) !== null) === there;
            const end = (held) => { observer.disconnect(); clearTimeout(timer); done(held); };
            const observer = new MutationObserver(() => { if (holds()) end(true); });
            const timer = setTimeout(() => end(false), patience);
            observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
            if (holds()) end(true);";
        let patience = u64::try_from(PATIENCE.as_millis()).expect("patience is short");
        for _ in 0..5 {
            let arguments = vec![json!(css), json!(there), json!(patience)];
            match self.client.execute_async(WAIT, arguments).await {
                Ok(Value::Bool(true)) => return,
                Ok(_) => {
                    let missed = if there { "did not appear" } else { "did not vanish" };
                    panic!("{css} {missed}; the browser complains:\n{}", self.complaints().await.join("\n"));
                }
                Err(CmdError::Standard(why)) if why.error == ErrorStatus::JavascriptError => {}
                Err(why) => panic!("waiting for {css}: {why}"),
            }
        }
        panic!("the page was left again and again while waiting for {css}");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
            last_words::picture(self.port, &self.session, &picture_file(&format!("failed-{test}")));
        }
        last_words::quit(self.port, &self.session);
    }
}

fn picture_file(name: &str) -> PathBuf {
    let dir = told("LONGSHORE_TEST_SCREENSHOTS");
    std::fs::create_dir_all(&dir).expect("target/screenshots can be made");
    dir.join(format!("{name}.png"))
}

fn port_of(line: &str) -> Option<u16> {
    line.strip_prefix("ChromeDriver was started successfully on port ")?.trim_end_matches('.').parse().ok()
}
