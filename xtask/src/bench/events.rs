//! From the engine's event to the browser's line.

use std::{
    path::Path,
    sync::mpsc::{Receiver, sync_channel},
    thread,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context, Result};

use super::{
    fill::{COUNT, name},
    idle::pause,
    server::{Server, subscribe, text_of},
    table::{Budget, Row, Table, median},
    wire::Door,
};

/// Renames.
pub(super) const ROUNDS: usize = 40;
/// One event by itself: a storm is gathered into frames, and that is no delay but the intent.
pub(super) const APART: Duration = Duration::from_millis(200);
/// What the engine does not tell within this, it does not.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// A container is renamed; who listens on the bare socket hears of it, and so does a page.
pub(super) fn measure(server: &Server, socket: &Path, table: &mut Table) -> Result<()> {
    let engine = Door::socket(socket);
    let heard = listen(&engine)?;
    let mut live = server.live(COUNT)?;
    let (old, new) = (name(COUNT - 1), format!("{}-renamed", name(COUNT - 1)));
    let query = format!(r#""text":"{old}","limit":50"#);
    live.send(&subscribe(2, &query))?;
    live.until(|message| message.contains("\"snapshot\""))?;
    let mut beyond = Vec::new();
    for round in 0..ROUNDS {
        pause(APART);
        let (from, to) = if round % 2 == 0 { (&old, &new) } else { (&new, &old) };
        engine.ask("POST", &format!("/containers/{from}/rename?name={to}"), "")?;
        let mark = format!("\"name\":\"{to}\"");
        live.until(|message| message.contains(&mark))?;
        let shown = Instant::now();
        let at = loop {
            let (line, at) = heard.recv_timeout(PATIENCE).context("the engine told nobody")?;
            if text_of(&line, "name").as_deref() == Some(to) {
                break at.monotonic;
            }
        };
        beyond.push(shown.saturating_duration_since(at).as_secs_f64() * 1e3);
    }
    table.add(Row {
        what: "engine's event to the page's line, beyond the engine's own".to_owned(),
        budget: Budget::AtMost(50.0),
        figure: median(&mut beyond),
        unit: "ms",
        from: format!("median of {ROUNDS} renames"),
    });
    Ok(())
}

/// When something was heard: by the clock that never jumps, and by the one that others go by.
pub(super) struct Moment {
    monotonic: Instant,
    pub(super) wall: SystemTime,
}

/// Renames as the bare socket tells them, with the moment.
pub(super) fn listen(engine: &Door) -> Result<Receiver<(String, Moment)>> {
    let mut events = engine.send("GET", "/events?filters=%7B%22event%22%3A%5B%22rename%22%5D%7D", "", "")?;
    let (tell, heard) = sync_channel(ROUNDS * 2);
    // It ends with the engine, or when nobody asks any more.
    thread::spawn(move || {
        while let Ok(line) = events.next_line() {
            let at = Moment { monotonic: Instant::now(), wall: SystemTime::now() };
            if tell.send((line, at)).is_err() {
                return;
            }
        }
    });
    Ok(heard)
}
