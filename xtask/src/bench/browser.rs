//! A headless Chromium, driven by chromedriver's own HTTP: what a page does is measured in the page.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{server::Server, wire::Door};
use crate::{apt, session::Session};

/// A script of ours has ended by then, in milliseconds.
const PATIENCE: u32 = 60_000;

/// A browser with one page. Dropping it ends it.
pub(super) struct Browser {
    driver: Child,
    door: Door,
    session: String,
}

impl Browser {
    /// Starts it with a fresh profile, signed in at a server.
    pub(super) fn start(session: &Session, server: &Server) -> Result<Self> {
        apt::ensure(&apt::BROWSER)?;
        let profile = session.target("bench/profile");
        if profile.exists() {
            fs::remove_dir_all(&profile)?;
        }
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut driver = command.spawn().context("chromedriver does not start")?;
        let said = driver.stdout.take().context("no output")?;
        let port = BufReader::new(said).lines().map_while(Result::ok).find_map(|line| {
            line.split_once("started successfully on port ")
                .map(|(_, port)| port.trim_end_matches('.').to_owned())
        });
        let door = Door::http(&format!("127.0.0.1:{}", port.unwrap_or_default()), "", String::new());
        let mut browser = Self { driver, door, session: String::new() };
        let arguments = [
            "--headless".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--window-size=1440,900".to_owned(),
            format!("--user-data-dir={}", profile.display()),
        ];
        let wanted = json!({
            "timeouts": { "script": PATIENCE },
            "goog:chromeOptions": { "args": arguments },
        });
        let made = browser.post("/session", &json!({ "capabilities": { "alwaysMatch": wanted } }))?;
        browser.session = made["sessionId"].as_str().context("no session of the browser")?.to_owned();
        // A cookie is given to a page of its server.
        browser.open(server, "")?;
        let (name, value) = server.cookie().split_once('=').context("no cookie")?;
        browser.call("/cookie", &json!({ "cookie": { "name": name, "value": value, "path": "/" } }))?;
        Ok(browser)
    }

    /// Opens a page of a server.
    pub(super) fn open(&self, server: &Server, path: &str) -> Result<()> {
        self.call("/url", &json!({ "url": server.url(path) })).map(drop)
    }

    /// Runs a script in the page, which calls its last argument with its value, or with a text that begins with "failed".
    pub(super) fn run(&self, script: &str, arguments: &Value) -> Result<Value> {
        let value = self.call("/execute/async", &json!({ "script": script, "args": arguments }))?;
        match value.as_str() {
            Some(text) if text.starts_with("failed") => anyhow::bail!("the page: {text}"),
            _ => Ok(value),
        }
    }

    fn call(&self, what: &str, parameters: &Value) -> Result<Value> {
        self.post(&format!("/session/{}{what}", self.session), parameters)
    }

    fn post(&self, path: &str, parameters: &Value) -> Result<Value> {
        let answer = self.door.ask("POST", path, &parameters.to_string())?;
        let mut answer: Value = serde_json::from_str(&answer).context("chromedriver speaks no JSON")?;
        Ok(answer["value"].take())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends its browser with the session, and only then.
        let ended = self.door.ask("DELETE", &format!("/session/{}", self.session), "").map(drop);
        let ended =
            ended.and_then(|()| Ok(self.driver.kill().and_then(|()| self.driver.wait()).map(drop)?));
        if let Err(why) = ended {
            eprintln!("xtask: the browser does not end: {why:#}");
        }
    }
}
