//! A real registry that the engine can reach, and nobody else.

use std::net::{Ipv4Addr, TcpListener};

use tempfile::TempDir;
use tokio::process::Command;

use crate::{Engine, program::Program};

/// A registry without TLS on the engine's own loopback, where engines do without it.
pub struct Registry {
    address: String,
    _program: Program,
    dir: TempDir,
}

impl Registry {
    /// Starts one beside the engine, empty.
    pub async fn beside(engine: &Engine) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let address = free.expect("a free port").to_string();
        let config = format!(
            "version: 0.1\nlog: {{ accesslog: {{ disabled: true }} }}\nstorage: {{ filesystem: {{ rootdirectory: {} }} }}\n\
             http: {{ addr: '{address}' }}\n",
            dir.path().join("data").display()
        );
        let file = dir.path().join("config.yml");
        std::fs::write(&file, config).expect("a file in it");
        let mut command = Command::from(engine.beside("docker-registry"));
        let program = Program::start("docker-registry", command.arg("serve").arg(&file));
        program.says("listening on").await;
        Self { address, _program: program, dir }
    }

    /// An image that it has, or may have: `127.0.0.1:PORT/NAME`.
    pub fn image(&self, name: &str) -> String {
        format!("{}/{name}", self.address)
    }

    /// From now on it ends in the midst of each layer that is no small one.
    pub fn dies_half_way(&self) {
        let mut folders = vec![self.dir.path().join("data")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                let size = path.metadata().expect("it is there").len();
                if path.is_dir() {
                    folders.push(path);
                } else if size > 100_000 {
                    let file = std::fs::OpenOptions::new().write(true).open(path).expect("a layer");
                    file.set_len(size / 2).expect("cut");
                }
            }
        }
    }
}
