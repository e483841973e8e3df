//! Much data through the gateway, against the bare socket, turn by turn.

use std::{path::Path, time::Instant};

use anyhow::{Result, ensure};

use super::{
    fill::{IMAGE, TALKER},
    server::Server,
    table::{Budget, Row, Table, median},
    wire::Door,
};

const ROUNDS: usize = 11;

/// A long log, and an image.
pub(super) fn measure(server: &Server, socket: &Path, table: &mut Table) -> Result<()> {
    for (what, path) in [
        ("log through the gateway, of the bare socket", log_path()),
        ("image export through the gateway, of the bare socket", format!("/images/{IMAGE}/get")),
    ] {
        let doors = [Door::socket(socket), server.gateway()];
        let mut rates = [Vec::new(), Vec::new()];
        let mut bytes = [0; 2];
        // One round before, so that neither finds colder files than the other.
        for round in 0..=ROUNDS {
            for (n, door) in doors.iter().enumerate() {
                let began = Instant::now();
                bytes[n] = door.send("GET", &path, "", "")?.drain()?;
                if round > 0 {
                    rates[n].push(bytes[n] as f64 / 1e6 / began.elapsed().as_secs_f64());
                }
            }
        }
        // Archives carry times, so they may differ by some blocks.
        ensure!(
            bytes[0].abs_diff(bytes[1]) < 1_000_000,
            "{path}: {} bytes, through us {}",
            bytes[0],
            bytes[1]
        );
        let [bare, ours] = rates.map(|mut rates| median(&mut rates));
        table.add(Row {
            what: what.to_owned(),
            budget: Budget::AtLeast(95.0),
            figure: 100.0 * ours / bare,
            unit: "%",
            from: format!("{ours:.0} MB/s, bare {bare:.0} MB/s, {} MB", bytes[0] / 1_000_000),
        });
    }
    Ok(())
}

/// The log of the container that has printed much.
pub(super) fn log_path() -> String {
    format!("/containers/{TALKER}/logs?stdout=1")
}
