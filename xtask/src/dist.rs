//! `cargo xtask dist`: the one file that ships, and the folder that its image is built from; and the same for tests.

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

/// More than this, in bytes, does not ship: one file that is fetched in seconds.
const MOST: u64 = 64 << 20;

/// What [`build`] leaves.
pub(crate) struct Dist {
    /// The static binary.
    pub(crate) binary: PathBuf,
    /// What `docker build` is given: the binary and all that is beside it in the image.
    pub(crate) image: PathBuf,
}

/// Builds the static binary and the image's folder around it: `target/release/longshore` and `target/image` as they ship,
/// or, for tests, `target/trial/longshore` and `target/image-trial`, of the same code in the same way but in minutes less.
///
/// # Errors
/// A tool is missing, something does not build, the binary is not static after all, or what ships has grown too large.
pub(crate) fn build(session: &Session, mode: Mode) -> Result<Dist> {
    apt::ensure(&apt::DIST)?;
    let triple = format!("{ARCH}-unknown-linux-musl");
    ensure_target(&triple)?;
    frontend::build(session, mode)?;
    let (profile, image) = match mode {
        Mode::Dev => ("trial", "image-trial"),
        Mode::Release => ("release", "image"),
    };
    open(
        session,
        cargo::host(session).args([
            "build",
            "--profile",
            profile,
            "--package",
            "longshore-server",
            "--target",
            &triple,
        ]),
    )?;
    let made = Path::new(profile).join("longshore");
    let dist = Dist { binary: session.target("").join(&made), image: session.target(image) };
    place(&session.target(&triple).join(&made), &dist.binary)?;
    let linked = quiet(Command::new("ldd").arg(&dist.binary)).unwrap_or_else(|why| why.to_string());
    if !linked.contains("statically linked") && !linked.contains("not a dynamic executable") {
        bail!("{} is not static: {linked}", dist.binary.display());
    }
    lay_out_image(session, &dist)?;
    let bytes = fs::metadata(&dist.binary)?.len();
    let megabytes = bytes as f64 / 1e6;
    eprintln!("target/{}: {megabytes:.1} MB, static; its image: docker build target/{image}", made.display());
    if mode == Mode::Release && bytes > MOST {
        bail!("{megabytes:.1} MB are more than ship");
    }
    Ok(dist)
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
fn lay_out_image(session: &Session, dist: &Dist) -> Result<()> {
    place(&dist.binary, &dist.image.join("longshore"))?;
    place(&session.root().join("docker/Dockerfile"), &dist.image.join("Dockerfile"))?;
    place(Path::new(CERTIFICATES), &dist.image.join("ca-certificates.crt"))
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
