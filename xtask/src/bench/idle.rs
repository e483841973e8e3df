//! A server that nobody looks at, and one that starts.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;

use super::{
    fill::{COUNT, RUNNING},
    server::Server,
    table::{Budget, Row, Table, median},
};

const WATCHED: Duration = Duration::from_secs(30);
const SETTLES_WITHIN: Duration = Duration::from_secs(60);
const STARTS: usize = 7;

/// Memory and processor.
pub(super) fn measure(server: &Server, table: &mut Table) -> Result<()> {
    settle(server)?;
    let before = server.cpu()?;
    pause(WATCHED);
    let used = server.cpu()? - before;
    let from = format!("{COUNT} containers, {RUNNING} running, {} s", WATCHED.as_secs());
    table.add(Row {
        what: "idle server, memory".to_owned(),
        budget: Budget::AtMost(40.0),
        figure: server.memory()? as f64 / 1e6,
        unit: "MB",
        from: from.clone(),
    });
    table.add(Row {
        what: "idle server, processor".to_owned(),
        budget: Budget::AtMost(0.5),
        figure: 100.0 * used / WATCHED.as_secs_f64(),
        unit: "% of a core",
        from,
    });
    Ok(())
}

/// From the start of the process to its first answer, on a database that is there.
pub(super) fn starts(
    server: &mut Server,
    binary: &Path,
    dir: &Path,
    engine: &Path,
    table: &mut Table,
) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(server.restart(binary, dir, engine)?.as_secs_f64() * 1e3);
    }
    table.add(Row {
        what: "start to ready on an existing database".to_owned(),
        budget: Budget::AtMost(150.0),
        figure: median(&mut times),
        unit: "ms",
        from: format!("median of {STARTS}"),
    });
    Ok(())
}

/// Waits until what the last measurement left to do is done.
fn settle(server: &Server) -> Result<()> {
    let began = Instant::now();
    loop {
        let before = server.cpu()?;
        pause(Duration::from_secs(2));
        if server.cpu()? - before < 0.05 || began.elapsed() > SETTLES_WITHIN {
            return Ok(());
        }
    }
}

/// Lets time pass.
#[expect(clippy::disallowed_methods, reason = "a span of time is what is measured")]
pub(super) fn pause(time: Duration) {
    thread::sleep(time);
}
