//! A private dockerd: its own data, socket, bridge and process, and gone when we are.

use std::{
    fs::{self, File},
    io::{Read, Write},
    os::unix::{net::UnixStream, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::{
    apart, apt,
    process::{quiet, told, which},
    session::Session,
};

const READY_WITHIN: Duration = Duration::from_secs(60);
const GONE_WITHIN: Duration = Duration::from_secs(30);

/// What tells one private engine from another on the same machine.
pub(crate) struct Place {
    /// Folder inside `target/`.
    pub(crate) folder: &'static str,
    /// Where its networks are made.
    pub(crate) network: Network,
}

/// Where an engine makes its networks.
#[derive(Clone, Copy)]
pub(crate) enum Network {
    /// In this machine's own, so that published ports are reached. On a bridge of its own: two engines on one bridge would
    /// give out the same addresses.
    Machine {
        /// The bridge's name.
        bridge: &'static str,
        /// The bridge's address and network.
        address: &'static str,
    },
    /// In a namespace of its own, so that no rule of this machine's firewall changes. Published ports are reached in there only.
    Apart,
}

/// A dockerd of ours. Dropping it stops it.
pub(crate) struct Engine {
    child: Child,
    socket: PathBuf,
    network: Network,
    /// Held as long as the engine runs: its folder serves one at a time.
    _lock: File,
}

impl Engine {
    /// Starts a dockerd and waits until it answers.
    ///
    /// # Errors
    /// Docker is missing and cannot be installed, this is not root, or the engine does not come up.
    pub(crate) fn start(session: &Session, place: &Place) -> Result<Self> {
        apt::ensure(&apt::ENGINE)?;
        if !rustix::process::geteuid().is_root() {
            bail!("a private docker engine needs root");
        }
        let dir = session.target(place.folder);
        fs::create_dir_all(&dir)?;
        let lock = File::create(dir.join("lock"))?;
        if lock.try_lock().is_err() {
            told("waiting for another run that uses target's engine", || Ok(lock.lock()?))?;
        }
        told("starting a private docker engine", || {
            let socket = dir.join("docker.sock");
            // What a killed engine left behind would keep the next one from starting.
            for stale in [&socket, &dir.join("pid")] {
                if stale.exists() {
                    fs::remove_file(stale)?;
                }
            }
            if let Network::Machine { bridge, address } = place.network {
                make_bridge(bridge, address)?;
            }
            let child = spawn(&dir, &socket, place.network)?;
            let mut engine = Self { child, socket, network: place.network, _lock: lock };
            engine.wait_until_ready(&dir.join("log"))?;
            Ok(engine)
        })
    }

    /// The socket it answers on.
    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    fn wait_until_ready(&mut self, log: &Path) -> Result<()> {
        let began = Instant::now();
        while !answers(&self.socket) {
            if let Some(status) = self.child.try_wait()? {
                bail!("dockerd ended with {status}\n{}", tail(log));
            }
            if began.elapsed() > READY_WITHIN {
                bail!("dockerd does not answer after {} s\n{}", READY_WITHIN.as_secs(), tail(log));
            }
            pause();
        }
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM)?;
        let began = Instant::now();
        while self.child.try_wait()?.is_none() {
            if began.elapsed() > GONE_WITHIN {
                self.child.kill()?;
                self.child.wait()?;
                break;
            }
            pause();
        }
        if let Network::Machine { bridge, .. } = self.network {
            quiet(Command::new("ip").args(["link", "delete", bridge]))?;
        }
        Ok(())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Err(why) = told("stopping the private docker engine", || self.stop()) {
            eprintln!("xtask: {why:#}");
        }
    }
}

/// Whether a docker engine answers on this socket.
pub(crate) fn answers(socket: &Path) -> bool {
    ping(socket).unwrap_or(false)
}

fn ping(socket: &Path) -> std::io::Result<bool> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    Ok(head.starts_with(b"HTTP/1.") && head.ends_with(b" 200"))
}

fn spawn(dir: &Path, socket: &Path, network: Network) -> Result<Child> {
    let log = File::create(dir.join("log"))?;
    let dockerd = which("dockerd").context("dockerd is not on the path")?;
    // The engine ends with us even if we are killed; Ctrl-C reaches it only through us, after what uses it has ended.
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]);
    match network {
        Network::Machine { bridge, .. } => command.arg(dockerd).arg("--bridge").arg(bridge),
        Network::Apart => {
            let namespace = apart::bare();
            command.arg(namespace.get_program()).args(namespace.get_args()).arg(dockerd)
        }
    };
    command.arg("--data-root").arg(dir.join("data")).arg("--exec-root").arg(dir.join("exec"));
    command.arg("--pidfile").arg(dir.join("pid")).arg("--host").arg(format!("unix://{}", socket.display()));
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
    command.spawn().context("dockerd does not start")
}

fn make_bridge(bridge: &str, address: &str) -> Result<()> {
    if Path::new("/sys/class/net").join(bridge).exists() {
        return Ok(());
    }
    quiet(Command::new("ip").args(["link", "add", bridge, "type", "bridge"]))?;
    quiet(Command::new("ip").args(["address", "add", address, "dev", bridge]))?;
    quiet(Command::new("ip").args(["link", "set", bridge, "up"])).map(drop)
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}

/// Between two looks at something that gives no event.
#[expect(clippy::disallowed_methods, reason = "a starting or ending process gives no event to wait for")]
fn pause() {
    thread::sleep(Duration::from_millis(50));
}
