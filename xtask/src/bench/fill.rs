//! A real engine with as much on it as the budgets speak of. What is there from the last time is used again.

use std::{
    fs::File,
    io::{Read, Write},
    path::Path,
    process::{Command, Stdio},
    thread,
};

use anyhow::{Context, Result, bail};

use super::wire::Door;
use crate::{busybox, process::told, session::Session};

/// Containers in all.
pub(super) const COUNT: usize = 1_000;
/// How many of them run.
pub(super) const RUNNING: usize = 20;
/// The container that has printed much; one of all.
pub(super) const TALKER: &str = "bench-0000";
/// The image that is exported.
pub(super) const IMAGE: &str = "bench:1000";
/// So much it has printed.
pub(super) const LOG_BYTES: u64 = 200_000_000;
/// So large the image is.
pub(super) const IMAGE_BYTES: u64 = 1_000_000_000;
/// Creations that run at once.
const AT_ONCE: usize = 4;

/// The name of a container by its number.
pub(super) fn name(number: usize) -> String {
    format!("bench-{number:04}")
}

/// Makes what is missing.
///
/// # Errors
/// The engine refuses.
pub(super) fn fill(session: &Session, socket: &Path) -> Result<()> {
    busybox::import(session, socket)?;
    let engine = Door::socket(socket);
    let there = engine.ask("GET", "/containers/json?all=1", "")?;
    let missing: Vec<usize> =
        (0..COUNT).filter(|number| !there.contains(&format!("\"/{}\"", name(*number)))).collect();
    if !missing.is_empty() {
        told(&format!("making {} containers", missing.len()), || create(&engine, &missing))?;
    }
    told(&format!("starting {RUNNING} of them"), || {
        (1..=RUNNING).try_for_each(|number| start(&engine, &name(number)))
    })?;
    if missing.contains(&0) {
        told(&format!("letting one print {} MB", LOG_BYTES / 1_000_000), || {
            start(&engine, TALKER)?;
            engine.ask("POST", &format!("/containers/{TALKER}/wait"), "").map(drop)
        })?;
    }
    if engine.send("GET", &format!("/images/{IMAGE}/json"), "", "")?.status == 404 {
        told(&format!("making an image of {} MB", IMAGE_BYTES / 1_000_000), || import(session, socket))?;
    }
    Ok(())
}

fn create(engine: &Door, numbers: &[usize]) -> Result<()> {
    thread::scope(|scope| {
        let share = numbers.len().div_ceil(AT_ONCE);
        let workers: Vec<_> = numbers
            .chunks(share)
            .map(|some| scope.spawn(move || some.iter().try_for_each(|number| create_one(engine, *number))))
            .collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(done) => done,
            Err(_) => bail!("a thread that creates containers panicked"),
        })
    })
}

fn create_one(engine: &Door, number: usize) -> Result<()> {
    let script = if number == 0 {
        // 100 bytes a line, as logs have them.
        format!("yes '{}' | head -c {LOG_BYTES}", "GET /api/orders/4711 200 0.013 ".repeat(4).split_at(99).0)
    } else {
        "exec sleep 100000".to_owned()
    };
    let stack = number / 8;
    let body = format!(
        r#"{{"Image":"{}","Cmd":["sh","-c","{script}"],"Labels":{{"com.docker.compose.project":"stack-{stack}","com.docker.compose.service":"service-{}","team":"{}"}},"HostConfig":{{"NetworkMode":"none"}}}}"#,
        busybox::IMAGE,
        number % 8,
        if number % 8 < 5 { "front" } else { "back" },
    );
    engine.ask("POST", &format!("/containers/create?name={}", name(number)), &body).map(drop)
}

/// Starts a container; one that runs already is as good.
fn start(engine: &Door, name: &str) -> Result<()> {
    let answer = engine.send("POST", &format!("/containers/{name}/start"), "", "")?;
    let status = answer.status;
    if !matches!(status, 204 | 304) {
        bail!("{name} does not start: {status} {}", answer.text()?);
    }
    Ok(())
}

/// An image that no compression makes small.
fn import(session: &Session, socket: &Path) -> Result<()> {
    let dir = session.target("bench/image");
    std::fs::create_dir_all(&dir)?;
    let mut blob = File::create(dir.join("blob"))?;
    std::io::copy(&mut File::open("/dev/urandom")?.take(IMAGE_BYTES), &mut blob)?;
    blob.flush()?;
    let mut tar = Command::new("tar");
    let mut tar = tar.arg("-c").arg("-C").arg(&dir).arg("blob").stdout(Stdio::piped()).spawn()?;
    let packed = tar.stdout.take().context("tar has no output")?;
    let mut docker = Command::new("docker");
    docker.arg("--host").arg(format!("unix://{}", socket.display())).args(["import", "-", IMAGE]);
    let imported = docker.stdin(packed).output().context("docker does not start")?;
    std::fs::remove_dir_all(&dir)?;
    if !tar.wait()?.success() || !imported.status.success() {
        bail!("the image cannot be imported: {}", String::from_utf8_lossy(&imported.stderr));
    }
    Ok(())
}
