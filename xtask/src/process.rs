//! Running other programs: in the open, or quietly with their words kept for the case that they fail.

use std::{
    env,
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};

use crate::session::Session;

/// Runs a program whose output the person should see.
///
/// # Errors
/// It could not be started, or did not end with 0.
pub(crate) fn open(session: &Session, command: &mut Command) -> Result<()> {
    session.go_on()?;
    let mut child = command.spawn().with_context(|| format!("{} does not start", name(command)))?;
    let status = session.with_front(child.id(), || child.wait())?;
    if !status.success() {
        bail!("{} ended with {status}", line(command));
    }
    Ok(())
}

/// Runs a program silently and returns what it wrote to its standard output.
///
/// # Errors
/// It could not be started, or did not end with 0; the error then carries everything it wrote.
pub(crate) fn quiet(command: &mut Command) -> Result<String> {
    let done =
        command.stdin(Stdio::null()).output().with_context(|| format!("{} does not start", name(command)))?;
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    if !done.status.success() {
        bail!(
            "{} ended with {}\n{said}{}",
            line(command),
            done.status,
            String::from_utf8_lossy(&done.stderr)
        );
    }
    Ok(said)
}

/// Says in one line what is being done and how long it took.
pub(crate) fn told<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let began = Instant::now();
    let mut out = std::io::stderr();
    // In a log the line is written once, when it is whole.
    if out.is_terminal() {
        let _ = write!(out, "{what} … ");
        let _ = out.flush();
    }
    let done = work();
    let seconds = began.elapsed().as_secs_f64();
    let end = if done.is_ok() { "" } else { ", failed" };
    if out.is_terminal() {
        let _ = writeln!(out, "{seconds:.1} s{end}");
    } else {
        let _ = writeln!(out, "{what} … {seconds:.1} s{end}");
    }
    done
}

/// Where a program is found, also among those that are only on root's path.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")])
        .map(|dir| dir.join(program))
        .find(|file| file.is_file())
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).display().to_string()
}

fn line(command: &Command) -> String {
    let mut words = vec![name(command)];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}
