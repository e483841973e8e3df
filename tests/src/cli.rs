//! The docker command line as people have it, straight on the engine or through Longshore with an API key.

use std::{
    ffi::OsStr,
    path::Path,
    process::{Output, Stdio},
    sync::Once,
};

use serde_json::json;
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt, process::Command};

use crate::{Server, soon};

static SAID_WHICH: Once = Once::new();

/// A docker command line with a configuration of its own.
pub struct Docker {
    host: String,
    config: TempDir,
}

impl Docker {
    /// Straight on an engine's socket.
    pub fn direct(socket: &Path) -> Self {
        Self::new(format!("unix://{}", socket.display()), &json!({}))
    }

    /// Through the gateway of a server; the key stands where every client reads it, in `HttpHeaders` of its config.json.
    pub fn through(server: &Server, key: Option<&str>) -> Self {
        Self::beneath(&server.url(""), key)
    }

    /// The same of a server that is reached at this address, with a slash at its end.
    pub fn beneath(base: &str, key: Option<&str>) -> Self {
        let headers =
            key.map_or_else(|| json!({}), |key| json!({ "Authorization": format!("Bearer {key}") }));
        let host = format!("{base}api/v1/hosts/local/docker").replacen("http://", "tcp://", 1);
        Self::new(host, &json!({ "HttpHeaders": headers }))
    }

    fn new(host: String, config: &serde_json::Value) -> Self {
        say_which();
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(dir.path().join("config.json"), config.to_string()).expect("a file in it");
        Self { host, config: dir }
    }

    /// Any program that reads the docker variables, pointed at this host.
    pub fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for unwanted in [
            "DOCKER_CONTEXT",
            "DOCKER_CUSTOM_HEADERS",
            "DOCKER_TLS_VERIFY",
            "DOCKER_API_VERSION",
            "http_proxy",
        ] {
            command.env_remove(unwanted);
        }
        command.env("DOCKER_HOST", &self.host).env("DOCKER_CONFIG", self.config.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    /// `docker ARGS`, to be run later.
    pub fn command(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = self.program("docker");
        command.args(args);
        command
    }

    /// Runs `docker ARGS` and returns whatever became of it.
    pub async fn run(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Output {
        finished(self.command(args)).await
    }

    /// Runs `docker ARGS`, which must succeed, and returns what it printed, without the last line end.
    pub async fn ok(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> String {
        succeeded(self.command(args)).await
    }

    /// Runs `docker ARGS`, which must fail, and returns its complaint.
    pub async fn refused(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> String {
        let done = self.run(args).await;
        assert!(!done.status.success(), "it was not refused: {}", String::from_utf8_lossy(&done.stdout));
        String::from_utf8_lossy(&done.stderr).trim_end().to_owned()
    }

    /// Runs `docker ARGS` with `input` as its whole standard input, and returns all that it printed.
    pub async fn fed(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>, input: Vec<u8>) -> Vec<u8> {
        let mut command = self.command(args);
        let mut child = command.stdin(Stdio::piped()).spawn().expect("docker is on the path");
        let mut stdin = child.stdin.take().expect("the input is piped");
        // Written beside the reading, or a full pipe would stop both.
        let writer = tokio::spawn(async move { stdin.write_all(&input).await });
        let done = soon("docker's end", child.wait_with_output()).await.expect("docker is waited for");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        writer.await.expect("the writer does not panic").expect("docker reads its input to the end");
        done.stdout
    }
}

/// Runs a program to its end, bounded.
pub async fn finished(mut command: Command) -> Output {
    let what = format!("the end of {:?}", command.as_std());
    soon(&what, command.output()).await.unwrap_or_else(|why| panic!("{what}: {why}"))
}

/// Runs a program that must succeed and returns what it printed, without the last line end.
pub async fn succeeded(command: Command) -> String {
    let line = format!("{:?}", command.as_std());
    let done = finished(command).await;
    let said = String::from_utf8_lossy(&done.stdout).trim_end().to_owned();
    assert!(done.status.success(), "{line}\n{said}\n{}", String::from_utf8_lossy(&done.stderr));
    said
}

/// Which client the tests drive is a fact about the run.
fn say_which() {
    SAID_WHICH.call_once(|| {
        let said =
            std::process::Command::new("docker").arg("--version").output().expect("docker is on the path");
        eprintln!("docker client: {}", String::from_utf8_lossy(&said.stdout).trim());
    });
}
