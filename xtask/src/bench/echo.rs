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
    live::{Came, Live},
    server::{Server, text_of},
    table::{Budget, Row, Table, median, percentile},
    wire::{Door, Stream},
};

/// A terminal holds a line of at most 4,095, and nobody reads it.
const KEYS: usize = 1_000;

/// A console that gives back each letter.
trait Echo {
    /// Types a letter, and waits for it.
    fn letter(&mut self, letter: u8) -> Result<()>;
}

impl Echo for Stream {
    fn letter(&mut self, letter: u8) -> Result<()> {
        self.get_mut().write_all(&[letter])?;
        Ok(self.read_exact(&mut [0])?)
    }
}

/// A console as a page has it.
struct Page {
    line: Live,
    shown: usize,
}

impl Echo for Page {
    fn letter(&mut self, letter: u8) -> Result<()> {
        self.line.send_bytes(&[letter])?;
        loop {
            if let Came::Bytes(bytes) = self.line.come()? {
                self.shown += bytes.len();
                self.line.send(&format!(r#"{{"type":"ack","bytes":{}}}"#, self.shown))?;
                return Ok(());
            }
        }
    }
}

/// Alone, and beside a log that streams through the gateway all the while.
pub(super) fn measure(server: &Server, socket: &Path, table: &mut Table) -> Result<()> {
    let doors = [Door::socket(socket), server.gateway()];
    let on = || -> Result<[Box<dyn Echo>; 3]> {
        Ok([Box::new(open(&doors[0])?), Box::new(open(&doors[1])?), Box::new(page(server)?)])
    };
    let alone = type_on(on()?)?;
    add(table, "alone", alone);
    let stop = AtomicBool::new(false);
    let beside = thread::scope(|scope| {
        let transfer = scope.spawn(|| -> Result<()> {
            while !stop.load(Ordering::Relaxed) {
                server.gateway().send("GET", &log_path(), "", "")?.drain()?;
            }
            Ok(())
        });
        let beside = on().and_then(type_on);
        stop.store(true, Ordering::Relaxed);
        transfer.join().map_err(|_| anyhow::anyhow!("the transfer panicked"))??;
        beside
    })?;
    add(table, "beside a transfer", beside);
    Ok(())
}

fn add(table: &mut Table, when: &str, [mut bare, gateway, page]: [Vec<f64>; 3]) {
    for (way, mut ours) in [("through the gateway", gateway), ("on a page", page)] {
        for (which, p, budget) in [("median", 0.5, 0.5), ("p99", 0.99, 5.0)] {
            // Alone, the worst is the machine's own affair.
            if which == "p99" && when == "alone" {
                continue;
            }
            let (theirs, through) = (percentile(&mut bare, p), percentile(&mut ours, p));
            table.add(Row {
                what: format!("console echo {way} {when}, {which}, more than on the socket"),
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
}

/// Milliseconds for each key, turn by turn on the three ways.
fn type_on(mut consoles: [Box<dyn Echo>; 3]) -> Result<[Vec<f64>; 3]> {
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for key in 0..KEYS {
        for (console, times) in consoles.iter_mut().zip(&mut times) {
            let letter = b'a' + u8::try_from(key % 26).expect("a letter of 26");
            let began = Instant::now();
            console.letter(letter)?;
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok(times)
}

/// The same as a page opens it.
fn page(server: &Server) -> Result<Page> {
    let path = format!("/api/v1/hosts/local/containers/{}/console", name(1));
    let mut line = Live::at(&server.page(), &path)?;
    line.send(r#"{"type":"open","run":{"command":["sleep","1000"]},"size":{"cols":80,"rows":24}}"#)?;
    line.until(|said| said.starts_with(r#"{"type":"opened""#))?;
    Ok(Page { line, shown: 0 })
}

/// A terminal whose program only waits: the terminal itself echoes.
fn open(door: &Door) -> Result<Stream> {
    let exec = r#"{"AttachStdin":true,"AttachStdout":true,"Tty":true,"Cmd":["sleep","1000"]}"#;
    let made = door.ask("POST", &format!("/containers/{}/exec", name(1)), exec)?;
    let id = text_of(&made, "Id").context("no exec")?;
    let headers = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
    door.upgrade("POST", &format!("/exec/{id}/start"), headers, r#"{"Detach":false,"Tty":true}"#)
}
