//! `longshore admin audit`: whether the audit log is as it was written.

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::{
    audit::{self, Head, Report, Told},
    settings::AuditCommand,
    store::Store,
};

/// Does it and prints what came of it.
pub(super) async fn run(command: &AuditCommand, data: &Path, store: &Store) -> anyhow::Result<()> {
    match command {
        AuditCommand::Verify { head } => verify(head, data, store).await,
    }
}

async fn verify(heads: &[String], data: &Path, store: &Store) -> anyhow::Result<()> {
    let parsed: Result<Vec<Head>, _> = heads.iter().map(|head| head.parse::<Head>()).collect();
    let mut heads = parsed.map_err(anyhow::Error::msg)?;
    // To make a new one here would have every row look changed.
    if !data.join(audit::KEY_FILE).exists() {
        bail!(
            "{} has no {}: without the key of the audit log nothing of it can be checked",
            data.display(),
            audit::KEY_FILE
        );
    }
    // Read before the table: what a running server adds meanwhile is no cut.
    let path = data.join(audit::HEAD_FILE);
    let beside = std::fs::read_to_string(&path).ok().and_then(|text| text.parse::<Head>().ok());
    if beside.is_none() {
        eprintln!(
            "{} has no head in it: what was cut off the end shows only by a head kept elsewhere",
            path.display()
        );
    }
    heads.extend(beside);
    let report = audit::check(data, store, &heads).await.context("the audit log cannot be read")?;
    tell(&report);
    if report.faults.is_empty() {
        return Ok(());
    }
    bail!("the audit log is not as it was written")
}

fn tell(report: &Report) {
    for fault in &report.faults {
        println!("{}", Told(fault));
    }
    if report.more > 0 {
        println!("and {} more", report.more);
    }
    if let Some(seq) = report.beyond {
        println!("row {seq} was sealed since, so its head can no longer be compared");
    }
    let since = report.since.and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    let since = since.map_or_else(String::new, |at| format!(" since {at:.0}"));
    let word = if report.faults.is_empty() { "verified" } else { "read" };
    println!(
        "{word} {} rows{since}; {} rows before them are sealed; head {}",
        report.entries, report.sealed, report.head
    );
}
