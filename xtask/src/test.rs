//! `cargo xtask test`: every test, with everything it needs set up before and put away after.

use std::{
    io::{BufRead, BufReader, IsTerminal, Write},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    apart, apt, busybox, cargo, dist,
    engine::{Engine, Network, Place},
    frontend::{self, Mode},
    process::open,
    session::Session,
    stages::Stages,
};

const PLACE: Place = Place { folder: "test-engine", network: Network::Apart };

/// Sets up, tests, and ends with the seconds of each part and the line `N passed, N failed`.
///
/// # Errors
/// Something does not build, or a test fails.
pub(crate) fn run(session: &Session, filter: &[String]) -> Result<()> {
    let mut stages = Stages::default();
    let done = staged(session, filter, &mut stages);
    print!("{}", stages.table());
    let tally = done?;
    println!("{} passed, {} failed", tally.passed, tally.failed);
    if tally.failed > 0 || !tally.clean {
        bail!("not all tests passed");
    }
    Ok(())
}

/// Installs what the tests need and is not there.
///
/// # Errors
/// Something is missing and cannot be installed here; the error names it.
pub(crate) fn tools(session: &Session) -> Result<()> {
    apt::ensure(apt::ENGINE.iter().chain(&apt::TESTS).chain(&apt::BROWSER).chain(&apt::DIST))?;
    frontend::packages(session)?;
    frontend::provider(session).map(drop)
}

fn staged(session: &Session, filter: &[String], stages: &mut Stages) -> Result<Tally> {
    stages.run("tools", || tools(session))?;
    stages.run("wasm", || frontend::build(session, Mode::Dev))?;
    let longshore = stages.run("server", || cargo::build_server(session))?;
    stages.run("tests, built", || {
        // Before they run: where they run there is no registry to fetch from.
        open(session, cargo::host(session).args(["test", "--workspace", "--no-run"]))
    })?;
    // It takes minutes: it is built when its tests run.
    let image = if filter.is_empty() || filter.iter().any(|word| word.contains("dist")) {
        Some(stages.run("dist", || dist::build(session, Mode::Dev))?.image)
    } else {
        None
    };
    let engine = stages.run("engine", || {
        let engine = Engine::start(session, &PLACE)?;
        busybox::import(session, engine.socket())?;
        Ok(engine)
    })?;
    stages.run("tests, run", || {
        let mut tests = cargo::host_within(session, apart::online());
        tests.args(["test", "--workspace", "--offline", "--no-fail-fast", "--"]);
        if std::io::stdout().is_terminal() {
            tests.arg("--color=always");
        }
        tests.args(filter);
        tests.env("LONGSHORE_TEST_BIN", &longshore).env("LONGSHORE_TEST_ENGINE", engine.socket());
        tests.env("LONGSHORE_TEST_AXE", frontend::packages(session)?.join("axe-core/axe.min.js"));
        tests.env("LONGSHORE_TEST_OIDC", frontend::provider(session)?);
        if let Some(image) = image {
            tests.env("LONGSHORE_TEST_IMAGE", image);
        }
        tests.env("LONGSHORE_TEST_SCREENSHOTS", session.target("screenshots"));
        count(session, &mut tests)
    })
}

/// What the test programs said of themselves.
#[derive(Debug, PartialEq, Eq, Default)]
struct Tally {
    passed: u64,
    failed: u64,
    /// Whether cargo itself was content: a test program that dies says no number.
    clean: bool,
}

impl Tally {
    /// Takes in one line of output, if it is a result.
    fn read(&mut self, line: &str) {
        let Some((_, result)) = line.split_once("test result:") else { return };
        self.passed += before(result, " passed").unwrap_or(0);
        self.failed += before(result, " failed").unwrap_or(0);
    }
}

fn before(text: &str, word: &str) -> Option<u64> {
    text.split_once(word)?.0.rsplit(' ').next()?.parse().ok()
}

/// Runs the tests, passes their output on, and adds up their results.
fn count(session: &Session, tests: &mut Command) -> Result<Tally> {
    session.go_on()?;
    let mut child =
        tests.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cargo does not start")?;
    let output = child.stdout.take().context("cargo has no output")?;
    let mut tally = Tally::default();
    session.with_front(child.id(), || -> Result<()> {
        let mut shown = std::io::stdout().lock();
        for line in BufReader::new(output).split(b'\n') {
            let line = line?;
            shown.write_all(&line)?;
            shown.write_all(b"\n")?;
            tally.read(&String::from_utf8_lossy(&line));
        }
        tally.clean = child.wait()?.success();
        Ok(())
    })?;
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_added_up_also_in_colour() {
        let mut tally = Tally::default();
        tally.read(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        );
        tally.read("test people::sign_in ... ok");
        tally.read("test result: \u{1b}[31mFAILED\u{1b}[m. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        assert_eq!(tally, Tally { passed: 15, failed: 2, clean: false });
    }
}
