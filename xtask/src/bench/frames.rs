//! How smoothly a long table scrolls while its rows change.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{
    browser::Browser,
    server::Server,
    table::{Budget, Row, Table, median, percentile},
};
use crate::session::Session;

/// Rows of the table.
pub(super) const ROWS: usize = 10_000;
/// Changes a second while it is scrolled.
pub(super) const CHANGES: u32 = 200;
/// How long it is scrolled.
const SECONDS: u32 = 5;
/// Headless Chromium draws 60 frames a second.
const FRAME: f64 = 1000.0 / 60.0;

/// Scrolls as fast as a wheel is turned, some 3,600 pixels a second, and returns the length of each frame.
const SCROLL: &str = r"
    const [rows, seconds, done] = arguments;
    const table = () => document.querySelector('table.ct');
    const scroll = () => {
        const scroller = document.querySelector('.tblwrap');
        const lengths = [];
        const began = performance.now();
        let last = began;
        let seen = 0;
        const frame = () => {
            const now = performance.now();
            lengths.push(now - last);
            last = now;
            seen = Math.max(seen, scroller.scrollTop);
            if (now - began > seconds * 1000) return seen > 5000 ? done(lengths.slice(1)) : done('failed: it does not scroll');
            scroller.scrollTop += 60;
            requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
    };
    const look = () => {
        const ready = Number(table()?.getAttribute('aria-rowcount')) > rows && table().querySelector('[data-key], td');
        if (ready) setTimeout(scroll, 2000); else requestAnimationFrame(look);
    };
    look();";

/// On the engine in memory, whose containers come and go all the while.
pub(super) fn measure(session: &Session, server: &Server, table: &mut Table) -> Result<()> {
    let browser = Browser::start(session, server)?;
    browser.open(server, "/containers?group=flat")?;
    let lengths = browser.run(SCROLL, &json!([ROWS, SECONDS]))?;
    let lengths = lengths.as_array().context("no frames")?;
    let mut lengths: Vec<f64> = lengths.iter().filter_map(Value::as_f64).collect();
    let late = lengths.iter().filter(|length| **length > 2.0 * FRAME).count();
    let share = 100.0 * late as f64 / lengths.len() as f64;
    let (middle, longest) = (median(&mut lengths), percentile(&mut lengths, 1.0));
    table.add(Row {
        what: format!("scrolling {ROWS} rows at {CHANGES} changes/s, p95 of a frame"),
        budget: Budget::AtMost(34.0),
        figure: percentile(&mut lengths, 0.95),
        unit: "ms",
        from: format!(
            "{} frames, median {middle:.1} ms, {share:.1} % later than two frames, longest {longest:.0} ms",
            lengths.len()
        ),
    });
    Ok(())
}
