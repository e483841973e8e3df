//! `cargo xtask dist`: the one file that ships, and the folder that its image is built from.

use std::{
    env::consts::ARCH,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    apt, cargo,
    frontend::{self, Mode},
    process::{open, quiet, told},
    session::Session,
};

/// Where Debian and most others keep what the image carries for calls to registries.
const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Builds the static binary at `target/release/longshore` and the image's folder `target/image` around it.
///
/// # Errors
/// A tool is missing, something does not build, or the binary is not static after all.
pub(crate) fn build(session: &Session) -> Result<PathBuf> {
    apt::ensure(&apt::DIST)?;
    let triple = format!("{ARCH}-unknown-linux-musl");
    ensure_target(&triple)?;
    frontend::build(session, Mode::Release)?;
    let mut release = cargo::host(session);
    open(
        session,
        release.args(["build", "--release", "--package", "longshore-server", "--target", &triple]),
    )?;
    let shipped = session.target("release/longshore");
    place(&session.target(&triple).join("release/longshore"), &shipped)?;
    let linked = quiet(Command::new("ldd").arg(&shipped)).unwrap_or_else(|why| why.to_string());
    if !linked.contains("statically linked") && !linked.contains("not a dynamic executable") {
        bail!("{} is not static: {linked}", shipped.display());
    }
    lay_out_image(session, &shipped)?;
    let megabytes = fs::metadata(&shipped)?.len() as f64 / 1e6;
    eprintln!("target/release/longshore: {megabytes:.1} MB, static; its image: docker build target/image");
    Ok(shipped)
}

fn ensure_target(triple: &str) -> Result<()> {
    let mut rustc = Command::new("rustc");
    let dir = quiet(rustc.args(["--print", "target-libdir", "--target", triple]))?;
    if Path::new(dir.trim()).is_dir() {
        return Ok(());
    }
    told(&format!("adding the target {triple}"), || {
        quiet(Command::new("rustup").args(["target", "add", triple]))
    })
    .map(drop)
}

/// The folder that `docker build` is given: the binary, the certificates, and the recipe.
fn lay_out_image(session: &Session, shipped: &Path) -> Result<()> {
    let image = session.target("image");
    place(shipped, &image.join("longshore"))?;
    place(&session.root().join("docker/Dockerfile"), &image.join("Dockerfile"))?;
    place(Path::new(CERTIFICATES), &image.join("ca-certificates.crt"))
}

fn place(from: &Path, to: &Path) -> Result<()> {
    let dir = to.parent().context("a file stands in a folder")?;
    fs::create_dir_all(dir)?;
    // A binary that runs cannot be written, but it can make way.
    if to.exists() {
        fs::remove_file(to)?;
    }
    fs::copy(from, to).with_context(|| format!("{} cannot be copied", from.display()))?;
    Ok(())
}
