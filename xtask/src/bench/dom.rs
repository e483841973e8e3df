//! From the engine's event to the page that a person looks at.

use std::{path::Path, time::UNIX_EPOCH};

use anyhow::{Context, Result};
use serde_json::json;

use super::{
    browser::Browser,
    events::{APART, PATIENCE, ROUNDS, listen},
    fill::{COUNT, name},
    idle::pause,
    server::{Server, text_of},
    table::{Budget, Row, Table, median, percentile},
    wire::Door,
};
use crate::session::Session;

/// From now on the page notes each moment at which its only row begins to say another name.
const NOTE: &str = r"
    const [begins, done] = arguments;
    const name = () => [...document.querySelectorAll('table.ct tbody tr')]
        .flatMap((row) => row.textContent.match(new RegExp(begins + '(-renamed)?')) ?? [])[0];
    const begin = () => {
        let last = name();
        window.noted = [];
        new MutationObserver(() => {
            const now = name();
            if (now === undefined || now === last) return;
            last = now;
            window.noted.push([now, performance.timeOrigin + performance.now()]);
            window.told?.();
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
        done(last);
    };
    const look = () => name() === undefined ? requestAnimationFrame(look) : begin();
    look();";

/// When the page began to say this name, in milliseconds of the epoch.
const WHEN: &str = r"
    const [wanted, done] = arguments;
    const look = () => {
        const last = window.noted.at(-1);
        if (last?.[0] !== wanted) return;
        window.told = undefined;
        done(last[1]);
    };
    window.told = look;
    look();";

/// A container is renamed; who listens on the bare socket hears of it, and the page shows it.
pub(super) fn measure(session: &Session, server: &Server, socket: &Path, table: &mut Table) -> Result<()> {
    let browser = Browser::start(session, server)?;
    let engine = Door::socket(socket);
    let heard = listen(&engine)?;
    let (old, new) = (name(COUNT - 1), format!("{}-renamed", name(COUNT - 1)));
    browser.open(server, &format!("/containers?group=flat&q={old}"))?;
    browser.run(NOTE, &json!([old]))?;
    let mut beyond = Vec::new();
    for round in 0..ROUNDS {
        pause(APART);
        let (from, to) = if round % 2 == 0 { (&old, &new) } else { (&new, &old) };
        engine.ask("POST", &format!("/containers/{from}/rename?name={to}"), "")?;
        let shown = browser.run(WHEN, &json!([to]))?.as_f64().context("no time")?;
        let at = loop {
            let (line, moment) = heard.recv_timeout(PATIENCE).context("the engine told nobody")?;
            if text_of(&line, "name").as_deref() == Some(to) {
                break moment.wall;
            }
        };
        beyond.push(shown - at.duration_since(UNIX_EPOCH)?.as_secs_f64() * 1e3);
    }
    let worst = percentile(&mut beyond, 0.95);
    table.add(Row {
        what: "engine's event to the page's DOM, beyond the engine's own".to_owned(),
        budget: Budget::AtMost(50.0),
        figure: median(&mut beyond),
        unit: "ms",
        from: format!("median of {ROUNDS} renames in Chromium, p95 {worst:.1} ms"),
    });
    Ok(())
}
