//! The one image that tests and first steps need, made here: no registry has to be reachable.

use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    process::{quiet, told, which},
    session::Session,
};

/// Its name: the version that Debian's busybox-static brings.
pub(crate) const IMAGE: &str = "busybox:1.35";

/// Makes the image on an engine, unless it is there.
///
/// # Errors
/// There is no static busybox, or the engine refuses the import.
pub(crate) fn import(session: &Session, socket: &Path) -> Result<()> {
    if quiet(docker(socket).args(["image", "inspect", IMAGE])).is_ok() {
        return Ok(());
    }
    told(&format!("making the image {IMAGE}"), || {
        let root = session.target("busybox");
        lay_out(&root)?;
        let mut tar = Command::new("tar");
        tar.args(["--owner=0", "--group=0", "--numeric-owner", "-c", "-C"])
            .arg(&root)
            .arg(".")
            .stdout(Stdio::piped());
        let mut tar = tar.spawn().context("tar does not start")?;
        let archive = tar.stdout.take().context("tar has no output")?;
        let mut import = docker(socket);
        import.args(["import", "--change", r#"CMD ["/bin/sh"]"#, "-", IMAGE]).stdin(archive);
        let imported = import.output().context("docker does not start")?;
        let packed = tar.wait()?;
        if !imported.status.success() || !packed.success() {
            bail!("the image cannot be imported: {}", String::from_utf8_lossy(&imported.stderr));
        }
        Ok(())
    })
}

/// The docker command line, told which engine to use.
fn docker(socket: &Path) -> Command {
    let mut docker = Command::new("docker");
    docker.arg("--host").arg(format!("unix://{}", socket.display()));
    docker
}

/// An empty root with busybox under all its names.
fn lay_out(root: &Path) -> Result<()> {
    if root.exists() {
        fs::remove_dir_all(root)?;
    }
    let bin = root.join("bin");
    for dir in ["bin", "etc", "root", "tmp"] {
        fs::create_dir_all(root.join(dir))?;
    }
    let busybox = which("busybox").context("missing: busybox-static")?;
    fs::copy(&busybox, bin.join("busybox"))?;
    for applet in quiet(Command::new(&busybox).arg("--list"))?.lines().filter(|name| *name != "busybox") {
        symlink("busybox", bin.join(applet))?;
    }
    fs::write(root.join("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n")?;
    fs::write(root.join("etc/group"), "root:x:0:\n")?;
    Ok(())
}
