//! Windows of the container list, against the engine's own list.

use std::{path::Path, time::Instant};

use anyhow::Result;

use super::{
    fill::COUNT,
    live::Live,
    server::{Server, subscribe},
    table::{Budget, Row, Table, median},
    wire::Door,
};

const ROUNDS: u32 = 40;
/// Five of eight containers carry this label.
const QUERY: &str = r#""text":"team=front","sort":"state","descending":true,"limit":200"#;

/// Milliseconds for a window of 200 rows, filtered and sorted, with totals: from the question to the last byte.
fn window(live: &mut Live) -> Result<f64> {
    let mut times = Vec::new();
    for sub in 100..100 + ROUNDS {
        let began = Instant::now();
        live.send(&subscribe(sub, QUERY))?;
        let mark = format!("{{\"type\":\"snapshot\",\"sub\":{sub},");
        live.until(|message| message.starts_with(&mark))?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
        live.send(&format!("{{\"type\":\"unsubscribe\",\"sub\":{sub}}}"))?;
    }
    Ok(median(&mut times))
}

/// At 1,000 on the real engine, against its own list of the same containers.
pub(super) fn against_engine(server: &Server, socket: &Path, table: &mut Table) -> Result<()> {
    let ours = window(&mut server.live(COUNT)?)?;
    let engine = Door::socket(socket);
    let mut times = Vec::new();
    for _ in 0..10 {
        let began = Instant::now();
        engine.send("GET", "/containers/json?all=1", "", "")?.drain()?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let theirs = median(&mut times);
    table.add(Row {
        what: format!("window of 200 at {COUNT}, times faster than the engine's list"),
        budget: Budget::AtLeast(50.0),
        figure: theirs / ours,
        unit: "x",
        from: format!("{ours:.2} ms, engine {theirs:.1} ms"),
    });
    Ok(())
}

/// At 10,000 against 1,000, both on the engine in memory.
pub(super) fn by_size(small: &Server, large: &Server, table: &mut Table) -> Result<()> {
    let (few, many) = (window(&mut small.live(1_000)?)?, window(&mut large.live(10_000)?)?);
    table.add(Row {
        what: "window of 200 at 10,000, times that at 1,000".to_owned(),
        budget: Budget::AtMost(3.0),
        figure: many / few,
        unit: "x",
        from: format!("{many:.2} ms, {few:.2} ms"),
    });
    Ok(())
}
