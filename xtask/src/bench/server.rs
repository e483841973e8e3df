//! The shipped binary, running on a data folder of the bench.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};

use super::{live::Live, wire::Door};

const FORM: &str = r#""name":"bench","password":"correct horse battery staple""#;
/// Ticks of /proc are hundredths of a second on every Linux we run on.
const TICKS_A_SECOND: f64 = 100.0;

/// A running server with an administrator.
pub(super) struct Server {
    child: Child,
    address: String,
    cookie: String,
    key: String,
}

impl Server {
    /// Starts it on an empty data folder and makes the first account.
    pub(super) fn start(binary: &Path, dir: &Path, engine: &Path) -> Result<Self> {
        if dir.exists() {
            fs::remove_dir_all(dir)?;
        }
        fs::create_dir_all(dir)?;
        let (mut child, mut said) = spawn(binary, dir, engine)?;
        let (address, secret) = match addresses(&mut said) {
            Ok(found) => found,
            Err(why) => {
                child.kill()?;
                return Err(why);
            }
        };
        let mut server = Self { child, address, cookie: String::new(), key: String::new() };
        let form = format!(r#"{{"secret":"{secret}","display_name":"Bench",{FORM}}}"#);
        let made = server.page().send("POST", "/api/v1/set-up", "", &form)?;
        let cookie = made.header("set-cookie").context("no session")?;
        server.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let made = server.page().ask("POST", "/api/v1/account/keys", r#"{"name":"bench"}"#)?;
        server.key = text_of(&made, "key").context("no key")?;
        Ok(server)
    }

    /// As a page of the administrator.
    pub(super) fn page(&self) -> Door {
        self.page_of(&self.cookie)
    }

    /// As a page of whoever has this session.
    pub(super) fn page_of(&self, cookie: &str) -> Door {
        let session = format!("Origin: http://{}\r\nCookie: {cookie}\r\n", self.address);
        Door::http(&self.address, "", session)
    }

    /// The administrator's session, as a page sends it.
    pub(super) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Where a page is.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The engine API through the gateway.
    pub(super) fn gateway(&self) -> Door {
        self.gateway_of(&self.key)
    }

    /// The same by whoever has this key.
    pub(super) fn gateway_of(&self, key: &str) -> Door {
        let key = format!("Authorization: Bearer {key}\r\n");
        Door::http(&self.address, "/api/v1/hosts/local/docker", key)
    }

    /// A live line that has seen all `count` containers.
    pub(super) fn live(&self, count: usize) -> Result<Live> {
        let mut live = Live::open(&self.page())?;
        live.send(&subscribe(1, r#""limit":1"#))?;
        live.until(|message| message.contains(&format!("\"all\":{count},")))?;
        live.send(r#"{"type":"unsubscribe","sub":1}"#)?;
        Ok(live)
    }

    /// Bytes that it holds in memory.
    pub(super) fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    }

    /// Seconds of processor that it has used so far.
    pub(super) fn cpu(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let after = stat.rsplit_once(')').context("no stat")?.1;
        let ticks = after.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<f64>().ok());
        Ok(ticks.sum::<f64>() / TICKS_A_SECOND)
    }

    /// Ends it, and measures how long it takes from the start to the first answer, again on the same data.
    pub(super) fn restart(&mut self, binary: &Path, dir: &Path, engine: &Path) -> Result<Duration> {
        self.end()?;
        let began = Instant::now();
        let (child, mut said) = spawn(binary, dir, engine)?;
        self.child = child;
        let mut line = String::new();
        said.read_line(&mut line)?;
        self.address = address_in(&line).with_context(|| format!("it says {line:?}"))?;
        self.page().ask("GET", "/api/v1/session", "")?;
        Ok(began.elapsed())
    }

    fn end(&mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(why) = self.end() {
            eprintln!("xtask: longshore does not end: {why:#}");
        }
    }
}

/// A subscription to containers, flat.
pub(super) fn subscribe(sub: u32, further: &str) -> String {
    let topic = format!(r#"{{"topic":"containers","group":"flat",{further}}}"#);
    format!(r#"{{"type":"subscribe","sub":{sub},"topic":{topic}}}"#)
}

/// The text under a name in JSON that has it once.
pub(super) fn text_of(json: &str, name: &str) -> Option<String> {
    let after = json.split_once(&format!("\"{name}\":\""))?.1;
    Some(after.split_once('"')?.0.to_owned())
}

fn spawn(binary: &Path, dir: &Path, engine: &Path) -> Result<(Child, BufReader<impl std::io::Read + use<>>)> {
    let log = File::create(log_of(dir))?;
    let mut serve = Command::new(binary);
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(dir.join("data"));
    serve.arg("--engine").arg(format!("unix://{}", engine.display()));
    serve.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    let mut child = serve.spawn().context("longshore does not start")?;
    let said = child.stdout.take().context("no output")?;
    Ok((child, BufReader::new(said)))
}

fn log_of(dir: &Path) -> PathBuf {
    dir.join("log")
}

/// Address and set-up secret, as the server says them.
fn addresses(said: &mut impl BufRead) -> Result<(String, String)> {
    let mut lines = said.lines();
    let mut next = || lines.next().transpose().map(Option::unwrap_or_default);
    let first = next()?;
    let address = address_in(&first).with_context(|| format!("it says {first:?}"))?;
    let second = next()?;
    let secret = second.split_once('#').with_context(|| format!("no set-up link: {second:?}"))?.1;
    Ok((address, secret.to_owned()))
}

fn address_in(line: &str) -> Option<String> {
    Some(line.trim().strip_prefix("Longshore serves at http://")?.trim_end_matches('/').to_owned())
}
