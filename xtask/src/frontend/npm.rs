//! What comes from npm, by the committed lock file: the tools of a release, and what tests look at pages with.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::{Mode, digest, read};
use crate::{
    process::{quiet, told, which},
    session::Session,
};

/// A tool of `frontend/js`, installed if it is not there at the locked version.
///
/// # Errors
/// There is no npm, or it cannot install.
pub(super) fn tool(session: &Session, name: &str) -> Result<PathBuf> {
    Ok(packages(session)?.join(".bin").join(name))
}

/// The folder of the npm packages, installed if they are not there at the locked versions.
///
/// # Errors
/// There is no npm, or it cannot install.
pub(crate) fn packages(session: &Session) -> Result<PathBuf> {
    Ok(installed(session, "frontend/js")?.join("node_modules"))
}

/// The folder of the provider that tests sign in through, with its packages.
///
/// # Errors
/// There is no npm, or it cannot install.
pub(crate) fn provider(session: &Session) -> Result<PathBuf> {
    installed(session, "tests/oidc")
}

/// A folder with a lock file, after what it locks has been installed there.
fn installed(session: &Session, folder: &str) -> Result<PathBuf> {
    let js = session.root().join(folder);
    let stamp = js.join("node_modules/.installed-from");
    let lock = digest(&read(&js.join("package-lock.json"))?);
    if !fs::read_to_string(&stamp).is_ok_and(|last| last == lock) {
        if which("npm").is_none() {
            bail!("missing: npm (Debian's package nodejs with npm), for the packages of {folder}");
        }
        let mut npm = Command::new("npm");
        npm.current_dir(&js).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        told(&format!("installing the npm packages of {folder}"), || quiet(&mut npm))?;
        fs::write(&stamp, lock).with_context(|| format!("{} cannot be written", stamp.display()))?;
    }
    Ok(js)
}

/// Rewrites a module in place, for size.
pub(super) fn optimise(wasm_opt: &Path, module: &Path) -> Result<()> {
    let mut command = Command::new(wasm_opt);
    // Browsers refuse the compact import section still (Chromium 156): "Invalid import kind 127".
    command.args(["-Oz", "--all-features", "--disable-compact-imports"]).arg(module).arg("-o").arg(module);
    quiet(&mut command).map(drop)
}

/// A script and those it imports as one, at `to`; in release without what only people need.
pub(super) fn bundle(esbuild: &Path, script: &Path, to: &Path, mode: Mode) -> Result<()> {
    let mut command = Command::new(esbuild);
    command.arg(script).args(["--bundle", "--format=esm", "--target=es2022", "--log-level=error"]);
    // A script may bring its own sheet along, as a text.
    command.args(["--loader:.css=text", "--legal-comments=inline"]);
    if mode == Mode::Release {
        command.arg("--minify");
    }
    command.arg(format!("--outfile={}", to.display()));
    quiet(&mut command).map(drop)
}

/// A style sheet without what only people need.
pub(super) fn minify_css(esbuild: &Path, sheet: &Path) -> Result<String> {
    quiet(Command::new(esbuild).arg("--minify").arg("--log-level=warning").arg(sheet))
}
