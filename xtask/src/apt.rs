//! Debian packages: which programs are missing, and how they get here.

use std::{env, path::Path, process::Command};

use anyhow::{Result, bail};

use crate::process::{quiet, told, which};

/// A program and the Debian package that brings it, or a package that brings no program.
pub(crate) struct Need {
    program: Option<&'static str>,
    package: &'static str,
}

impl Need {
    pub(crate) const fn new(program: &'static str, package: &'static str) -> Self {
        Self { program: Some(program), package }
    }

    const fn files(package: &'static str) -> Self {
        Self { program: None, package }
    }

    fn is_met(&self) -> bool {
        let debian = which("dpkg-query").is_some();
        match self.program {
            // A busybox on the path may be the dynamic one, which is of no use in an empty root: there the package decides.
            Some("busybox") if debian => is_installed(self.package),
            Some(program) => which(program).is_some(),
            // Elsewhere there is no telling.
            None => !debian || is_installed(self.package),
        }
    }
}

/// The engine itself, and what its networks need.
pub(crate) const ENGINE: [Need; 4] = [
    Need::new("dockerd", "docker.io"),
    Need::new("iptables", "iptables"),
    Need::new("ip", "iproute2"),
    Need::new("busybox", "busybox-static"),
];

/// What the static binary and its image are built with.
pub(crate) const DIST: [Need; 2] =
    [Need::new("musl-gcc", "musl-tools"), Need::new("update-ca-certificates", "ca-certificates")];

/// What drives pages as a person does. Without the fonts, Chinese is boxes, which fit where its characters may not.
pub(crate) const BROWSER: [Need; 3] = [
    Need::new("chromium", "chromium"),
    Need::new("chromedriver", "chromium-driver"),
    Need::files("fonts-noto-cjk"),
];

/// What the end-to-end tests drive besides the engine and the browser.
pub(crate) const TESTS: [Need; 6] = [
    Need::new("sqlite3", "sqlite3"),
    Need::new("docker-compose", "docker-compose"),
    Need::new("nginx", "nginx"),
    Need::new("caddy", "caddy"),
    Need::new("docker-registry", "docker-registry"),
    Need::new("git", "git"),
];

/// Whether packages can be installed here at all: root, on Debian.
pub(crate) fn may_install() -> bool {
    rustix::process::geteuid().is_root()
        && Path::new("/etc/debian_version").exists()
        && which("apt-get").is_some()
}

/// Installs what is missing of `needs`.
///
/// # Errors
/// Something is missing and cannot be installed; the error names the packages.
pub(crate) fn ensure<'a>(needs: impl IntoIterator<Item = &'a Need>) -> Result<()> {
    let missing: Vec<&str> =
        needs.into_iter().filter(|need| !need.is_met()).map(|need| need.package).collect();
    install(&missing)
}

/// Installs packages by name, whatever is there already.
///
/// # Errors
/// This is not root on Debian, or apt fails.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let names = packages.join(" ");
    if !may_install() {
        bail!("missing: {names}. Install them (Debian's package names), or run this as root on Debian");
    }
    // Lists that are there may be old; they are fetched again only when the first try fails.
    let first = told(&format!("installing {names}"), || apt(&install_words(packages)));
    if first.is_ok() {
        return Ok(());
    }
    told("fetching the package lists", || apt(&["update"]))?;
    told(&format!("installing {names}"), || apt(&install_words(packages)))
}

fn install_words<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    ["install", "-y", "--no-install-recommends"].iter().chain(packages).copied().collect()
}

fn apt(words: &[&str]) -> Result<()> {
    let mut command = Command::new("apt-get");
    command.arg("-qq").args(words).env("DEBIAN_FRONTEND", "noninteractive");
    // Services of packages are not started: each test starts its own.
    if env::var_os("RUNLEVEL").is_none() {
        command.env("RUNLEVEL", "1");
    }
    quiet(&mut command).map(drop)
}

fn is_installed(package: &str) -> bool {
    let status = quiet(Command::new("dpkg-query").args(["-W", "-f=${db:Status-Abbrev}", package]));
    status.is_ok_and(|status| status.starts_with("ii"))
}
