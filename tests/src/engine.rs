//! The engine that all tests share, seen through one test's name prefix.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, copy_bidirectional},
    net::{TcpListener, UnixStream},
};

use crate::{Docker, soon, told};

/// The image that is there: `cargo xtask test` makes it.
pub const IMAGE: &str = "busybox:1.35";
/// Runs until it is told to stop, and then ends with 0 at once.
const OBEDIENT: &str = "trap 'exit 0' TERM; sleep 3600 & wait";

static NEXT: AtomicU32 = AtomicU32::new(0);

/// The real engine. What a test makes on it carries the test's label and is removed when this is dropped.
pub struct Engine {
    socket: PathBuf,
    prefix: String,
    docker: Docker,
}

impl Engine {
    /// The engine named by `cargo xtask test`.
    pub fn shared() -> Self {
        let socket = told("LONGSHORE_TEST_ENGINE");
        let prefix = format!("t{}x{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let docker = Docker::direct(&socket);
        Self { socket, prefix, docker }
    }

    /// Its address, as `--engine` takes it.
    pub fn address(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// An address at which it answers over TCP, as long as the test's runtime lives.
    pub async fn far_away(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let socket = self.socket.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let socket = socket.clone();
                tokio::spawn(async move {
                    if let Ok(mut far) = UnixStream::connect(socket).await {
                        // A broken connection shows at its ends.
                        let _ = copy_bidirectional(&mut near, &mut far).await;
                    }
                });
            }
        });
        format!("tcp://{address}")
    }

    /// The socket on which it answers.
    pub(crate) fn socket(&self) -> &std::path::Path {
        &self.socket
    }

    /// A program on the network that the engine is on: in its namespace, where it has one of its own.
    pub fn beside(&self, program: &str) -> Command {
        match std::fs::read_to_string(self.socket.with_file_name("pid")) {
            Ok(pid) => {
                let mut command = Command::new("nsenter");
                command.arg(format!("--net=/proc/{}/ns/net", pid.trim())).arg(program);
                command
            }
            // An engine that was named, not started: it is on the machine's network.
            Err(_) => Command::new(program),
        }
    }

    /// A name that no other test uses.
    pub fn name(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
    }

    /// The label by which this test's things are found and removed: `key=value`.
    pub fn label(&self) -> String {
        format!("test.scene={}", self.prefix)
    }

    /// The docker command line, straight on the engine: what happens outside of Longshore.
    pub fn docker(&self) -> &Docker {
        &self.docker
    }

    /// Runs a container that obeys a stop at once, and returns its full name.
    pub async fn running(&self, name: &str) -> String {
        self.running_script(name, OBEDIENT).await
    }

    /// Runs a container with a shell script, and returns its full name.
    pub async fn running_script(&self, name: &str, script: &str) -> String {
        let name = self.name(name);
        let label = self.label();
        self.docker
            .ok(["run", "--detach", "--name", &name, "--label", &label, IMAGE, "sh", "-c", script])
            .await;
        name
    }

    /// Makes an image that stands in for another under its name: a busybox with scripts at these paths, which `command`
    /// starts. It goes with the test.
    pub async fn stand_in(&self, image: &str, scripts: &[(&str, &str)], command: &str) {
        let holder = self.name(&format!("holder-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let written = scripts.iter().map(|(path, script)| {
            format!("mkdir -p $(dirname {path}); cat >{path} <<'END'\n{script}\nEND\nchmod +x {path}\n")
        });
        let write: String = written.collect();
        let label = self.label();
        self.docker.ok(["run", "--name", &holder, "--label", &label, IMAGE, "sh", "-euc", &write]).await;
        let command = format!("CMD {}", serde_json::json!(["sh", "-c", command]));
        self.docker.ok(["commit", "--change", &command, &holder, image]).await;
        self.docker.ok(["rm", &holder]).await;
    }

    /// The first event of this kind that the engine tells of a container, as `docker events` prints it.
    pub async fn event(&self, container: &str, kind: &str) -> String {
        let filters = [format!("container={container}"), format!("event={kind}")];
        let [container, kind] = &filters;
        let mut events =
            self.docker.command(["events", "--since", "0", "--filter", container, "--filter", kind]);
        let mut events = events.spawn().expect("docker runs");
        let mut lines = BufReader::new(events.stdout.take().expect("piped")).lines();
        let first = soon("an event", lines.next_line()).await.expect("events").unwrap_or_default();
        events.kill().await.expect("it is ended");
        first
    }

    /// What the engine itself says of a container.
    pub async fn inspect(&self, name: &str) -> Value {
        let said = self.docker.ok(["inspect", "--type", "container", name]).await;
        let mut found: Value = serde_json::from_str(&said).expect("docker inspect prints JSON");
        found[0].take()
    }

    /// The engine's word for a container's state: `running`, `exited`, …
    pub async fn state(&self, name: &str) -> String {
        self.inspect(name).await["State"]["Status"].as_str().unwrap_or_default().to_owned()
    }

    fn clean(&self) -> std::io::Result<()> {
        // What our own server makes of a stack has the test's name, whatever labels its file gives it.
        let (label, name) = (format!("label={}", self.label()), format!("name=^/?{}-", self.prefix));
        let list =
            [&["ps", "--all", "--quiet"][..], &["network", "ls", "--quiet"], &["volume", "ls", "--quiet"]];
        let remove = [&["rm", "--force", "--volumes"][..], &["network", "rm"], &["volume", "rm"]];
        for (list, remove) in list.into_iter().zip(remove) {
            for filter in [&label, &name] {
                self.clear(list, filter, remove)?;
            }
        }
        let names = ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"];
        self.clear(&names, &label, &["image", "rm"])
    }

    /// Removes all that a list has.
    fn clear(&self, list: &[&str], filter: &str, remove: &[&str]) -> std::io::Result<()> {
        let found = self.command().args(list).args(["--filter", filter]).output()?;
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        if !found.trim().is_empty() {
            self.command().args(remove).args(found.split_whitespace()).stdout(Stdio::null()).status()?;
        }
        Ok(())
    }

    /// For the end, when there is no runtime to wait on.
    fn command(&self) -> Command {
        let mut docker = Command::new("docker");
        docker.arg("--host").arg(self.address());
        docker
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Err(why) = self.clean() {
            eprintln!("{} is not cleaned up: {why}", self.prefix);
        }
    }
}
