//! Somebody's own machine, from which they reach a server by the command line: `longshore login` and `connect`.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Output,
    sync::{Arc, Mutex},
};

use tempfile::TempDir;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    process::Command,
};

use crate::{
    Docker,
    program::Program,
    server::{fed, longshore},
};

/// A home folder with what the command line keeps in it.
pub struct Afar {
    home: TempDir,
}

impl Default for Afar {
    fn default() -> Self {
        Self::new()
    }
}

impl Afar {
    /// Nothing is kept yet.
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().expect("a temporary folder") }
    }

    /// `longshore ARGS` there.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = longshore();
        command
            .env("HOME", self.home.path())
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_RUNTIME_DIR")
            .args(args);
        command
    }

    /// `longshore login URL --key-stdin`, whatever comes of it.
    pub async fn try_login(&self, url: &str, key: &str, further: &[&str]) -> Output {
        let mut login = self.command(&["login", url, "--key-stdin"]);
        login.args(further);
        fed(login, &format!("{key}\n")).await
    }

    /// The same, which must succeed; what it said.
    pub async fn login(&self, url: &str, key: &str, further: &[&str]) -> String {
        let done = self.try_login(url, key, further).await;
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{said}");
        said
    }

    /// The same, which must fail; what it said.
    pub async fn no_login(&self, url: &str, key: &str) -> String {
        let done = self.try_login(url, key, &[]).await;
        assert!(!done.status.success(), "it signed in: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stderr).trim_end().to_owned()
    }

    /// `longshore ARGS`, which must fail soon; what it said.
    pub async fn refused(&self, args: &[&str]) -> String {
        let done = fed(self.command(args), "").await;
        assert!(!done.status.success(), "{args:?} succeeded: {}", String::from_utf8_lossy(&done.stdout));
        String::from_utf8_lossy(&done.stderr).trim_end().to_owned()
    }

    /// `longshore ARGS`, which must succeed; what it said.
    pub async fn ok(&self, args: &[&str]) -> String {
        let done = fed(self.command(args), "").await;
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{args:?}: {said}");
        said
    }

    /// `longshore connect local`, up to where it says what to do with it.
    pub async fn connect(&self, further: &[&str]) -> Connect {
        let mut command = self.command(&["connect", "local"]);
        let mut program = Program::start("longshore connect", command.args(further));
        let context = program.line("a line for docker context", |line| {
            line.starts_with("docker context create ").then(|| line.to_owned())
        });
        let context = context.await;
        let socket = program.line("a line with DOCKER_HOST", |line| {
            line.strip_prefix("export DOCKER_HOST=unix://").map(PathBuf::from)
        });
        let socket = socket.await;
        Connect { program, context, socket }
    }

    /// A file or folder there.
    pub fn path(&self, below: &str) -> PathBuf {
        self.home.path().join(below)
    }

    /// Who may read it, as octal digits say it.
    pub fn mode(&self, below: &str) -> u32 {
        mode(&self.path(below))
    }
}

/// Who may read a file.
pub fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

/// A running `longshore connect`.
pub struct Connect {
    /// The program.
    pub program: Program,
    /// The line that makes a context of it.
    pub context: String,
    /// Its socket.
    pub socket: PathBuf,
}

impl Connect {
    /// The docker command line on the socket, with nothing else set.
    pub fn docker(&self) -> Docker {
        Docker::direct(&self.socket)
    }
}

/// An address that stays while the server behind it changes its own.
pub struct Relay {
    address: String,
    behind: Arc<Mutex<String>>,
}

impl Relay {
    /// Passes on every connection to where it is turned.
    pub async fn to(behind: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener").to_string();
        let behind = Arc::new(Mutex::new(behind.to_owned()));
        let turned = Arc::clone(&behind);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let to = turned.lock().expect("no one panics while holding this lock").clone();
                tokio::spawn(async move {
                    if let Ok(mut far) = TcpStream::connect(to).await {
                        // A broken connection shows at its ends.
                        let _ = copy_bidirectional(&mut near, &mut far).await;
                    }
                });
            }
        });
        Self { address, behind }
    }

    /// As people know it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on it is another.
    pub fn turn(&self, behind: &str) {
        behind.clone_into(&mut self.behind.lock().expect("no one panics while holding this lock"));
    }
}
