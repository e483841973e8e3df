//! A key typed into a console, until its letter comes back.

use std::{
    io::{Read, Write},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Instant,
};

use anyhow::{Context, Result};

use super::{
    bulk::log_path,
    fill::name,
    server::{Server, text_of},
    table::{Budget, Row, Table, median, percentile},
    wire::{Door, Stream},
};

/// A terminal holds a line of at most 4,095, and nobody reads it.
const KEYS: usize = 1_000;

/// Alone, and beside a log that streams through the gateway all the while.
pub(super) fn measure(server: &Server, socket: &Path, table: &mut Table) -> Result<()> {
    let doors = [Door::socket(socket), server.gateway()];
    let alone = type_on(&doors)?;
    add(table, "alone", alone);
    let stop = AtomicBool::new(false);
    let beside = thread::scope(|scope| {
        let transfer = scope.spawn(|| -> Result<()> {
            while !stop.load(Ordering::Relaxed) {
                server.gateway().send("GET", &log_path(), "", "")?.drain()?;
            }
            Ok(())
        });
        let beside = type_on(&doors);
        stop.store(true, Ordering::Relaxed);
        transfer.join().map_err(|_| anyhow::anyhow!("the transfer panicked"))??;
        beside
    })?;
    add(table, "beside a transfer", beside);
    Ok(())
}

fn add(table: &mut Table, when: &str, [mut bare, mut ours]: [Vec<f64>; 2]) {
    for (which, p, budget) in [("median", 0.5, 0.5), ("p99", 0.99, 5.0)] {
        // Alone, the worst is the machine's own affair.
        if which == "p99" && when == "alone" {
            continue;
        }
        let (theirs, through) = (percentile(&mut bare, p), percentile(&mut ours, p));
        table.add(Row {
            what: format!("console echo {when}, {which}, more than on the socket"),
            budget: Budget::AtMost(budget),
            figure: through - theirs,
            unit: "ms",
            from: format!(
                "{through:.3} ms, bare {theirs:.3} ms (medians {:.3}, {:.3})",
                median(&mut ours),
                median(&mut bare)
            ),
        });
    }
}

/// Milliseconds for each key, turn by turn on the two ways.
fn type_on(doors: &[Door; 2]) -> Result<[Vec<f64>; 2]> {
    let mut consoles = [open(&doors[0])?, open(&doors[1])?];
    let mut times = [Vec::new(), Vec::new()];
    for key in 0..KEYS {
        for (console, times) in consoles.iter_mut().zip(&mut times) {
            let letter = b'a' + u8::try_from(key % 26).expect("a letter of 26");
            let began = Instant::now();
            console.get_mut().write_all(&[letter])?;
            let mut back = [0];
            console.read_exact(&mut back)?;
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok(times)
}

/// A terminal whose program only waits: the terminal itself echoes.
fn open(door: &Door) -> Result<Stream> {
    let exec = r#"{"AttachStdin":true,"AttachStdout":true,"Tty":true,"Cmd":["sleep","1000"]}"#;
    let made = door.ask("POST", &format!("/containers/{}/exec", name(1)), exec)?;
    let id = text_of(&made, "Id").context("no exec")?;
    let headers = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
    door.upgrade("POST", &format!("/exec/{id}/start"), headers, r#"{"Detach":false,"Tty":true}"#)
}
