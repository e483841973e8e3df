//! The WebAssembly toolchain: rustup's, or Debian's own compiler where rustup cannot download.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use crate::{
    apt, cargo,
    frontend::Mode,
    process::{quiet, told, which},
    session::Session,
};

const TRIPLE: &str = "wasm32-unknown-unknown";
const DEBIAN_LINKER: &str = "/usr/lib/llvm-22/bin/wasm-ld";
/// The flags of `.cargo/config.toml`, which the variable takes the place of, and the linker's kind.
const DEBIAN_FLAGS: &str = "-Clinker-flavor=wasm-ld --cfg erase_components -Clink-arg=--emit-relocs";

/// A compiler that can make wasm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Toolchain {
    /// The compiler in use, with rustup's wasm target.
    Rustup,
    /// Debian's rustc-web, which builds the target's standard library from source.
    Debian,
}

impl Toolchain {
    /// Finds a compiler for wasm, installing one where there is none.
    ///
    /// # Errors
    /// Neither rustup nor apt could bring one.
    pub(crate) fn ensure() -> Result<Self> {
        if has_target() {
            return Ok(Self::Rustup);
        }
        if which("rustup").is_some() {
            let added = told(&format!("adding {TRIPLE}"), || {
                quiet(Command::new("rustup").args(["target", "add", TRIPLE]))
            });
            if added.is_ok() && has_target() {
                return Ok(Self::Rustup);
            }
        }
        if !Path::new(DEBIAN_LINKER).exists() {
            apt::install(&["rustc-web", "cargo-web", "rust-web-src", "lld-22"])?;
        }
        Ok(Self::Debian)
    }

    /// The folder this compiler builds into: the two must not share one.
    pub(crate) fn target_dir(self, session: &Session) -> PathBuf {
        session.target(match self {
            Self::Rustup => "wasm",
            Self::Debian => "wasm-debian",
        })
    }

    /// `cargo VERB` of the browser part for wasm.
    pub(crate) fn cargo(self, session: &Session, verb: &str, mode: Mode) -> Result<Command> {
        let mut cargo = match self {
            Self::Rustup => cargo::host(session),
            Self::Debian => debian_cargo(session)?,
        };
        cargo.env("CARGO_TARGET_DIR", self.target_dir(session));
        cargo.args([
            verb,
            "--package",
            "longshore-frontend",
            "--target",
            TRIPLE,
            "--profile",
            mode.profile(),
        ]);
        // Where this machine keeps the sources of others is nothing to ship, and every byte of it is loaded first.
        let unnamed = sources()
            .filter(|_| mode == Mode::Release)
            .map(|sources| format!("--remap-path-prefix={}=", sources.display()));
        match self {
            Self::Rustup => {
                let flag = unnamed.map(|flag| format!("target.{TRIPLE}.rustflags=[{flag:?}]"));
                cargo.args(flag.iter().flat_map(|flag| ["--config", flag]));
            }
            Self::Debian => {
                let flags = [DEBIAN_FLAGS].into_iter().chain(unnamed.as_deref());
                cargo
                    .env("RUSTFLAGS", flags.collect::<Vec<_>>().join(" "))
                    .arg("-Zbuild-std=std,panic_abort");
            }
        }
        Ok(cargo)
    }

    /// Where the built module stands.
    pub(crate) fn module(self, session: &Session, profile: &str) -> PathBuf {
        self.target_dir(session).join(TRIPLE).join(profile).join("longshore-frontend.wasm")
    }
}

/// Whether the compiler in use has the target's standard library.
fn has_target() -> bool {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", TRIPLE]);
    quiet(&mut rustc).is_ok_and(|dir| Path::new(dir.trim()).is_dir())
}

fn debian_cargo(session: &Session) -> Result<Command> {
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([PathBuf::from("/usr/bin")].into_iter().chain(env::split_paths(&path)))?;
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo.current_dir(session.root()).env("PATH", path);
    cargo.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER);
    Ok(cargo)
}

/// Where cargo keeps the sources of others.
fn sources() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")))?;
    Some(home.join("registry/src"))
}
