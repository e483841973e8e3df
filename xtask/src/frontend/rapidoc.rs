//! The script of the API page. Its npm package is one file that needs no other at run time, but names 430 packages that
//! it was built with: so the package alone is fetched, and held against a digest that stands here.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha512};

use super::read;
use crate::{
    process::{quiet, told, which},
    session::Session,
};

const PACKAGE: &str = "rapidoc@9.3.8";
const FILE: &str = "rapidoc-9.3.8.tgz";
const SHA512: &str = "7826046ebd57afc38966f542c3c49797dcc1091a0b25b84d1ae1b92194c7abf4\
                      5600eabf3b831a7d40ae144c991ecae12eb95470664c6bae29ca1a626fc7d029";

/// The script, with its own licence and those of what it contains before it.
///
/// # Errors
/// There is no npm, the registry does not answer, or what came is not the package.
pub(super) fn script(session: &Session) -> Result<Vec<u8>> {
    let package = package(session)?;
    let part = |name: &str| -> Result<String> {
        quiet(Command::new("tar").arg("--extract").arg("--to-stdout").arg("--file").arg(&package).arg(name))
            .with_context(|| format!("{name} of {FILE}"))
    };
    let licence = part("package/LICENSE.txt")?;
    let contained = part("package/dist/rapidoc-min.js.LICENSE.txt")?;
    let script = part("package/dist/rapidoc-min.js")?;
    // The page needs no map, and a browser would ask for it.
    let script = script.split("//# sourceMappingURL=").next().unwrap_or(&script);
    Ok(format!("/*!\n{}\n*/\n{}\n{script}", licence.trim(), contained.trim()).into_bytes())
}

fn package(session: &Session) -> Result<PathBuf> {
    let dir = session.target("frontend").join("npm");
    let package = dir.join(FILE);
    if !package.exists() {
        if which("npm").is_none() {
            bail!("missing: npm (Debian's package nodejs with npm), for the script of the API page");
        }
        fs::create_dir_all(&dir)?;
        let mut npm = Command::new("npm");
        npm.current_dir(&dir).args(["pack", PACKAGE, "--ignore-scripts", "--silent"]);
        told("fetching the script of the API page", || quiet(&mut npm))?;
    }
    let digest: String = Sha512::digest(read(&package)?).iter().map(|byte| format!("{byte:02x}")).collect();
    if digest != SHA512 {
        fs::remove_file(&package)?;
        bail!("what npm gave as {PACKAGE} is not what this repository knows by that name (sha512 {digest})");
    }
    Ok(package)
}
