//! Much data through the gateway and to pages, against the bare socket, turn by turn; and what the server holds of it.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use super::{
    fill::{IMAGE, IMAGE_BYTES, LOG_BYTES, TALKER},
    idle::pause,
    live::{Came, Live},
    server::{Server, text_of},
    table::{Budget, Row, Table, median},
    wire::Door,
};

/// A round takes seconds, and what one round finds differs from the next by more than what is measured: so eleven, and
/// the two of a round are held against each other, since what slows one of them mostly slows both.
const ROUNDS: usize = 11;
/// How often the server's memory is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// A long log, and an image.
pub(super) fn measure(server: &Server, socket: &Path, table: &mut Table) -> Result<()> {
    let bare = Door::socket(socket);
    let image = format!("/images/{IMAGE}/get");
    let here = |path: &str| format!("/api/v1/hosts/local/{path}");
    let log_file = here(&format!("containers/{TALKER}/logs"));
    let id = text_of(&bare.ask("GET", &format!("/images/{IMAGE}/json"), "")?, "Id").context("no image")?;
    let saved = here(&format!("images/{id}/save"));
    let ways = [
        ("log through the gateway", log_path(), server.gateway(), log_path()),
        ("image export through the gateway", image.clone(), server.gateway(), image.clone()),
        ("log as a page saves it", log_path(), server.page(), log_file),
        ("image as a page saves it", image, server.page(), saved.clone()),
    ];
    for (what, path, door, ours) in ways {
        let ways = [(&bare, &path), (&door, &ours)];
        let mut seconds = [Vec::new(), Vec::new()];
        let mut bytes = [0; 2];
        // One round before, so that neither finds colder files than the other; and each goes first as often, because
        // the engine still cleans up after an archive when the next is asked for.
        for round in 0..=ROUNDS {
            for n in if round % 2 == 0 { [0, 1] } else { [1, 0] } {
                let (door, path) = ways[n];
                let began = Instant::now();
                bytes[n] = door.send("GET", path, "", "")?.drain()?;
                if round > 0 {
                    seconds[n].push(began.elapsed().as_secs_f64());
                }
            }
        }
        // Archives carry times, and the engine's frames have heads that a page is not given: eight bytes in at least fifty.
        ensure!(
            bytes[1] > bytes[0] / 6 * 5 && bytes[1] < bytes[0] + 1_000_000,
            "{path}: {} bytes, through us {}",
            bytes[0],
            bytes[1]
        );
        let mut shares: Vec<f64> =
            seconds[0].iter().zip(&seconds[1]).map(|(bare, ours)| 100.0 * bare / ours).collect();
        let [bare, ours] = seconds.map(|mut seconds| median(&mut seconds));
        let figure = median(&mut shares);
        let (least, most) = (shares[ROUNDS / 4], shares[ROUNDS - 1 - ROUNDS / 4]);
        table.add(Row {
            what: format!("{what}, of the bare socket"),
            budget: Budget::AtLeast(95.0),
            figure,
            unit: "%",
            from: format!(
                "half of {ROUNDS} rounds within {least:.0} to {most:.0} %; {ours:.2} s, bare {bare:.2} s, {} MB",
                bytes[1] / 1_000_000
            ),
        });
    }
    held(server, &saved, table)
}

/// Lets much flow, to its end.
type Flow<'a> = &'a dyn Fn() -> Result<()>;

/// What the server holds more while much flows through it.
fn held(server: &Server, saved: &str, table: &mut Table) -> Result<()> {
    let flows: [(&str, u64, Flow<'_>); 2] = [
        ("a log of a page", LOG_BYTES, &|| read_log(server)),
        ("a saved image", IMAGE_BYTES, &|| server.page().send("GET", saved, "", "")?.drain().map(drop)),
    ];
    for (what, bytes, flow) in flows {
        let before = server.memory()?;
        let over = AtomicBool::new(false);
        let most = thread::scope(|scope| -> Result<u64> {
            let looks = scope.spawn(|| -> Result<u64> {
                let mut most = 0;
                while !over.load(Ordering::Relaxed) {
                    most = most.max(server.memory()?);
                    pause(LOOK);
                }
                Ok(most)
            });
            let flowed = flow();
            over.store(true, Ordering::Relaxed);
            let most = looks.join().map_err(|_| anyhow::anyhow!("the look panicked"))?;
            flowed?;
            most
        })?;
        let after = server.memory()?;
        let mb = |bytes: u64| bytes as f64 / 1e6;
        table.add(Row {
            what: format!("memory while {what} of {} MB flows, more than before", bytes / 1_000_000),
            budget: Budget::AtMost(24.0),
            figure: mb(most) - mb(before),
            unit: "MB",
            from: format!("before {:.1}, at most {:.1}, after {:.1} MB", mb(before), mb(most), mb(after)),
        });
    }
    Ok(())
}

/// Reads the long log as a page of logs does, from its front to its end.
pub(super) fn read_log(server: &Server) -> Result<()> {
    let path = format!("/api/v1/hosts/local/containers/{TALKER}/logs/live");
    let mut log = Live::at(&server.page(), &path)?;
    log.send(r#"{"read":{}}"#)?;
    loop {
        let Came::Text(said) = log.come()? else { continue };
        if said.starts_with(r#"{"lines""#) {
            log.send(r#"{"took":1}"#)?;
        } else if said.starts_with("\"over\"") {
            return Ok(());
        } else {
            ensure!(!said.starts_with(r#"{"problem""#), "the log says {said}");
        }
    }
}

/// The log of the container that has printed much.
pub(super) fn log_path() -> String {
    format!("/containers/{TALKER}/logs?stdout=1")
}
