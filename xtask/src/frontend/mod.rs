//! The browser part: built, bound, and laid out as the site that the server carries inside.

mod bind;
mod npm;
mod rapidoc;
mod site;
mod split;

use std::{fs, path::Path};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

pub(crate) use npm::{packages, provider};

use crate::{
    process::{open, told},
    session::Session,
    wasm::Toolchain,
};

/// How much work goes into making it small.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// In seconds; for working on it and for tests.
    Dev,
    /// As small as it gets; as it ships.
    Release,
}

impl Mode {
    /// What `--release` means.
    pub(crate) fn of(release: bool) -> Self {
        if release { Self::Release } else { Self::Dev }
    }

    /// The cargo profile.
    pub(crate) fn profile(self) -> &'static str {
        match self {
            Self::Dev => "wasm-dev",
            Self::Release => "wasm",
        }
    }

    /// The folder in `target/` with what a server of the same mode carries inside. Two, so that a release is not linked
    /// anew after every test.
    pub(crate) fn site(self) -> &'static str {
        match self {
            Self::Dev => "site",
            Self::Release => "site-release",
        }
    }
}

/// Builds `target/site`, or `target/site-release`. What has not changed since the last time is left alone, times of the files included.
///
/// # Errors
/// A tool is missing, or the code does not compile.
pub(crate) fn build(session: &Session, mode: Mode) -> Result<Toolchain> {
    let toolchain = Toolchain::ensure()?;
    eprintln!("building the browser part ({})", mode.profile());
    open(session, &mut toolchain.cargo(session, "build", mode)?)?;
    let module = toolchain.module(session, mode.profile());
    let bound = bind::bind(session, &module, mode)?;
    let folder = mode.site();
    let changed = told(&format!("laying out target/{folder}"), || site::assemble(session, &bound, mode))?;
    if changed > 0 {
        eprintln!("target/{folder}: {changed} files changed");
    }
    Ok(toolchain)
}

/// The first 12 hex digits of a digest of the content: what a file's name carries so that it may be cached for ever.
fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}
