//! A real Chromium, driven by chromedriver, with a fresh profile.

mod axe;
mod command;
mod hands;
mod last_words;
mod look;
mod table;
mod wait;

use std::path::PathBuf;

use fantoccini::{Client, ClientBuilder, cookies::Cookie, wd::TimeoutConfiguration};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::{PATIENCE, program::Program, soon, told};
use command::Vendor;
pub use hands::{CONTROL, ENTER, ESCAPE};
pub use look::Look;
pub use table::row;

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
        let (driver, port) = driver().await;
        let capabilities = look.capabilities(profile.path());
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let url = format!("http://127.0.0.1:{port}");
        let client = soon("a browser", builder.connect(&url)).await.expect("chromium starts");
        let session = client.session_id().await.expect("a session").expect("has an id");
        let times = TimeoutConfiguration::new(Some(PATIENCE + PATIENCE / 10), None, None);
        client.update_timeouts(times).await.expect("a browser takes times");
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

    /// Gives the window another size.
    pub async fn resize(&self, width: u32, height: u32) {
        self.client.set_window_size(width, height).await.expect("the window takes another size");
    }

    /// The URL in the address bar.
    pub async fn url(&self) -> String {
        self.client.current_url().await.expect("a page is open").to_string()
    }

    /// The visible text of what matches, as soon as it is there.
    pub async fn text(&self, css: &str) -> String {
        self.appears(css).await.text().await.unwrap_or_else(|why| panic!("{css}: {why}"))
    }

    /// Runs a script in the page and returns its value.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|why| panic!("{script}: {why}"))
    }

    /// A cookie that the browser holds for the page, by the beginning of its name: whether it is sent by TLS only.
    pub async fn secure_cookie(&self, beginning: &str) -> Option<bool> {
        let cookies = self.client.get_all_cookies().await.expect("a page is open");
        let cookie = cookies.iter().find(|cookie| cookie.name().starts_with(beginning))?;
        Some(cookie.secure() == Some(true))
    }

    /// Has the browser hold this cookie in the place of one of that name, `name=value`: what whoever serves on another port of
    /// the page's host can do.
    pub async fn toss(&self, cookie: &str) {
        let (name, value) = cookie.split_once('=').expect("name=value");
        let held: Vec<Cookie<'static>> = self.client.get_all_cookies().await.expect("a page is open");
        let held = held.into_iter().find(|cookie| cookie.name() == name);
        let mut tossed = held.unwrap_or_else(|| panic!("no cookie {name} to be overwritten"));
        tossed.set_value(value.to_owned());
        self.client.add_cookie(tossed).await.expect("a page is open");
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

/// A chromedriver, and its port. It asks for any free port twice, once for each family of addresses, and ends where the
/// second is not to be had: then another is started.
async fn driver() -> (Program, u16) {
    const AGAIN: usize = 3;
    for _ in 0..AGAIN {
        let mut driver = Program::start("chromedriver", Command::new("chromedriver").arg("--port=0"));
        if let Some(port) = driver.line_or_end("started successfully on port …", port_of).await {
            return (driver, port);
        }
        eprintln!("chromedriver ended: {}", driver.log());
    }
    panic!("chromedriver does not start, {AGAIN} times");
}

fn port_of(line: &str) -> Option<u16> {
    line.strip_prefix("ChromeDriver was started successfully on port ")?.trim_end_matches('.').parse().ok()
}
