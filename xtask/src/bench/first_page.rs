//! What a browser loads before anyone has signed in, and for the first look after.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{
    server::Server,
    table::{Budget, Row, Table},
    wire::Door,
};

/// Islands that only some pages load do not count.
pub(super) fn measure(server: &Server, table: &mut Table) -> Result<()> {
    let page = server.page();
    let (mut bytes, index) = load(&page, "/")?;
    let mut names = assets(&index);
    // Named for later: the terminal, the editor, the words of the other language, words and styles that the first page does without.
    let later = ["/terminal-", "/editor-", "/words-zh", "/more-", "/pages-"];
    names.retain(|name| !later.iter().any(|later| name.contains(later)));
    anyhow::ensure!(names.iter().any(|name| name.ends_with(".wasm")), "the index page names no module");
    for name in &names {
        bytes += load(&page, name)?.0;
    }
    bytes += load(&page, "/api/v1/session")?.0;
    let kilobytes = bytes as f64 / 1000.0;
    // The page itself, its assets, the session, the live line.
    let requests = names.len() + 3;
    let from = format!("index, {} assets, session, live line", names.len());
    let row = |what: &str, budget, figure, unit| Row {
        what: what.to_owned(),
        budget: Budget::AtMost(budget),
        figure,
        unit,
        from: from.clone(),
    };
    table.add(row("first page, brotli", 290.0, kilobytes, "kB"));
    table.add(row("first page, requests", 8.0, requests as f64, ""));
    Ok(())
}

/// Bytes as they travel, and the body where it is text.
fn load(page: &Door, path: &str) -> Result<(u64, String)> {
    let answer = page.send("GET", path, "Accept-Encoding: br\r\n", "")?;
    anyhow::ensure!(answer.status == 200, "{path}: {}", answer.status);
    let text = answer.text()?;
    let length = page.send("GET", path, "Accept-Encoding: br\r\n", "")?.drain()?;
    Ok((length, text))
}

/// Every `assets/…` that a text names.
fn assets(text: &str) -> BTreeSet<String> {
    text.split("assets/")
        .skip(1)
        .map(|rest| {
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect::<String>()
        })
        .map(|name| format!("/assets/{name}"))
        .collect()
}
