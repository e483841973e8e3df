//! The shipped binary, serving on a free port with a data folder of its own.

use std::{
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use tempfile::TempDir;
use tokio::{io::AsyncWriteExt, process::Command};

use crate::{Engine, Http, program::Program, soon, told};

/// A running `longshore serve`.
pub struct Server {
    program: Program,
    data: TempDir,
    arguments: Vec<String>,
    base: String,
    set_up_link: Option<String>,
}

impl Server {
    /// Starts it on an engine, with an empty data folder.
    pub async fn start(engine: &Engine) -> Self {
        Self::start_with(engine, &[]).await
    }

    /// The same with further arguments of `longshore serve`.
    pub async fn start_with(engine: &Engine, further: &[&str]) -> Self {
        Self::start_at(&engine.address(), further).await
    }

    /// The same on any address of an engine, answering or not.
    pub async fn start_at(engine: &str, further: &[&str]) -> Self {
        let longshore = Command::new(told("LONGSHORE_TEST_BIN"));
        Self::start_by(longshore, engine, further, |_| {}).await
    }

    /// Another build of the binary than the one under test: the one that ships, say.
    pub async fn start_other(binary: &Path, engine: &str, further: &[&str]) -> Self {
        Self::start_by(Command::new(binary), engine, further, |_| {}).await
    }

    /// As a user who owns nothing but the data folder and is in no group: root is stopped by no file's permissions.
    pub async fn start_as_nobody(engine: &str) -> Self {
        const NOBODY: u32 = 65_534;
        // The program may stand where only its builder may go.
        let place = tempfile::tempdir().expect("a temporary folder");
        crate::fake::open_to_all(place.path());
        let copy = place.path().join("longshore");
        std::fs::copy(told("LONGSHORE_TEST_BIN"), &copy).expect("room for a copy of the program");
        let mut longshore = Command::new("setpriv");
        longshore.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]).arg(&copy);
        let give = |data: &Path| {
            std::os::unix::fs::chown(data, Some(NOBODY), Some(NOBODY)).expect("tests run as root")
        };
        Self::start_by(longshore, engine, &[], give).await
    }

    /// With its data in a new folder of this one.
    pub async fn start_beneath(engine: &Engine, folder: &Path) -> Self {
        let data = tempfile::tempdir_in(folder).expect("a folder that is ours");
        let longshore = Command::new(told("LONGSHORE_TEST_BIN"));
        Self::start_in(longshore, data, &engine.address(), &[]).await
    }

    /// With a data folder on a disk of its own, which can be filled.
    pub async fn start_in_room(engine: &str) -> (Self, Room) {
        let longshore = Command::new(told("LONGSHORE_TEST_BIN"));
        let mut room = None;
        let server = Self::start_by(longshore, engine, &[], |data| room = Some(Room::over(data))).await;
        (server, room.expect("it was prepared"))
    }

    /// The same with so many open files at most, and with further arguments.
    pub async fn start_within(engine: &str, open_files: u32, further: &[&str]) -> Self {
        let mut longshore = Command::new("prlimit");
        longshore
            .arg(format!("--nofile={open_files}:{open_files}"))
            .arg("--")
            .arg(told("LONGSHORE_TEST_BIN"));
        Self::start_by(longshore, engine, further, |_| {}).await
    }

    async fn start_by(
        longshore: Command,
        engine: &str,
        further: &[&str],
        prepare: impl FnOnce(&Path),
    ) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        prepare(data.path());
        Self::start_in(longshore, data, engine, further).await
    }

    async fn start_in(longshore: Command, data: TempDir, engine: &str, further: &[&str]) -> Self {
        let mut arguments = vec!["--engine".to_owned(), engine.to_owned()];
        arguments.extend(further.iter().map(|word| (*word).to_owned()));
        let mut program = spawn(longshore, data.path(), &arguments);
        let base = program.line("Longshore serves at …", serves_at).await;
        let link = program.line("Set up the first account: …", set_up_link).await;
        Self { program, data, arguments, base, set_up_link: Some(link) }
    }

    /// Ends it cleanly and starts it again on the same data folder.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.start_again().await;
    }

    /// Ends it cleanly.
    pub async fn stop(&mut self) {
        assert_eq!(self.program.stop().await, Some(0), "a stop is no failure\n{}", self.program.log());
    }

    /// Starts it again on the same data folder, once it has ended.
    pub async fn start_again(&mut self) {
        self.program = spawn(Command::new(told("LONGSHORE_TEST_BIN")), self.data.path(), &self.arguments);
        self.base = self.program.line("Longshore serves at …", serves_at).await;
        self.set_up_link = None;
    }

    /// A URL of this server: `path` has no leading slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The address it listens on, for raw connections.
    pub fn address(&self) -> &str {
        let rest = self.base.split_once("://").map_or(self.base.as_str(), |(_, rest)| rest);
        rest.split_once('/').map_or(rest, |(address, _)| address)
    }

    /// A client of this server.
    pub fn http(&self) -> Http {
        Http::new(&self.base)
    }

    /// The link that it printed for the first account, whole.
    pub fn set_up_link(&self) -> &str {
        self.set_up_link.as_deref().expect("a server with an empty data folder prints a set-up link")
    }

    /// The secret in that link.
    pub fn set_up_secret(&self) -> &str {
        self.set_up_link().split_once('#').expect("the secret travels in the fragment").1
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.data.path().to_owned()
    }

    /// `longshore admin ARGS` on its data folder, with `input` as its standard input.
    pub async fn admin(&self, args: &[&str], input: &str) -> Output {
        admin_of(&self.data(), args, input).await
    }

    /// The same, which must succeed; what it printed, without the last line end.
    pub async fn administered(&self, args: &[&str]) -> String {
        let done = self.admin(args, "").await;
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
    }

    /// Bytes of memory that the process holds.
    pub fn memory(&self) -> u64 {
        let pid = self.program.pid().expect("it runs");
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a process has memory");
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kilobytes * 1024
    }

    /// The program itself, to end it in other ways.
    pub fn program(&mut self) -> &mut Program {
        &mut self.program
    }
}

/// A small disk over a folder.
pub struct Room(PathBuf);

impl Room {
    fn over(folder: &Path) -> Self {
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m,mode=700", "longshore-test"])
            .arg(folder)
            .status();
        assert!(mounted.expect("there is a mount").success(), "tests run as root");
        Self(folder.to_owned())
    }

    /// Leaves no byte free.
    pub fn fill(&self) {
        let mut ballast = std::fs::File::create(self.0.join("ballast")).expect("a small file fits");
        // It ends where the disk does.
        let _ = std::io::copy(&mut std::io::repeat(7), &mut ballast);
    }

    /// Makes room again.
    pub fn empty(&self) {
        std::fs::remove_file(self.0.join("ballast")).expect("it was filled");
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// `longshore admin ARGS` on any folder, with `input` as its standard input.
pub async fn admin_of(data: &Path, args: &[&str], input: &str) -> Output {
    let mut admin = longshore();
    admin.args(["admin", "--data"]).arg(data).args(args);
    fed(admin, input).await
}

/// `longshore health` with these settings.
pub async fn health(settings: &[&str]) -> Output {
    let mut health = longshore();
    health.arg("health").args(settings);
    fed(health, "").await
}

/// `longshore serve` where it must refuse to: what it says instead.
pub async fn refusal(data: &Path, further: &[&str]) -> String {
    let mut serve = longshore();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).args(further);
    let done = fed(serve, "").await;
    assert!(!done.status.success(), "it served: {}", String::from_utf8_lossy(&done.stdout));
    String::from_utf8_lossy(&done.stderr).trim_end().to_owned()
}

/// The shipped binary.
pub(crate) fn longshore() -> Command {
    let mut longshore = Command::new(told("LONGSHORE_TEST_BIN"));
    unset(&mut longshore);
    longshore
}

/// The environment of whoever runs the tests is not part of them.
fn unset(longshore: &mut Command) {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LONGSHORE_")) {
        longshore.env_remove(name);
    }
}

/// Runs a program to its end with `input` as its standard input.
pub(crate) async fn fed(mut program: Command, input: &str) -> Output {
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = program.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("the input is piped");
    // Who reads nothing may have ended by now.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    soon("the program's end", child.wait_with_output()).await.expect("it is our child")
}

fn spawn(mut longshore: Command, data: &Path, arguments: &[String]) -> Program {
    unset(&mut longshore);
    longshore.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).args(arguments);
    Program::start("longshore", &mut longshore)
}

fn serves_at(line: &str) -> Option<String> {
    let base = line.strip_prefix("Longshore serves at ")?.trim();
    Some(if base.ends_with('/') { base.to_owned() } else { format!("{base}/") })
}

fn set_up_link(line: &str) -> Option<String> {
    Some(line.strip_prefix("Set up the first account: ")?.trim().to_owned())
}
