//! The audit log as a file, read and handed on piece by piece: a reader who is slow holds up nothing but himself.

use std::{fmt::Write as _, future::Future, io, pin::Pin, sync::Arc};

use bytes::Bytes;
use jiff::Timestamp;
use longshore_api::web::audit::{AuditEntry, AuditQuery, ExportFormat};

use super::look;
use crate::{access::Pass, health::Open, house::House};

/// So many entries are read at once.
const AT_ONCE: i64 = 500;
/// The names of the columns.
const COLUMNS: [&str; 16] = [
    "seq",
    "at",
    "ended_at",
    "account",
    "account_id",
    "door",
    "key",
    "address",
    "operation",
    "host",
    "target",
    "detail",
    "outcome",
    "status",
    "times",
    "request_id",
];

/// An export under way.
pub(super) struct Export {
    house: Arc<House>,
    query: AuditQuery,
    format: ExportFormat,
    next: i64,
    /// The last row when it began: who exports what is being written never comes to an end.
    to: i64,
    stage: Stage,
    /// Resolves when the right to it is gone, or the server stops.
    over: Pin<Box<dyn Future<Output = ()>>>,
    _open: Open,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Head,
    First,
    Further,
    End,
}

impl Export {
    pub(super) fn new(house: &Arc<House>, pass: &Pass, query: AuditQuery, format: ExportFormat) -> Self {
        // Nothing comes after the highest number, which is none of ours.
        let to = (*house.ledger.listen().borrow()).min(i64::MAX - 1);
        let _open = house.metrics.stream();
        let (over_house, pass) = (Arc::clone(house), pass.clone());
        let over = Box::pin(async move { over_house.until_over(&pass).await });
        Self { house: Arc::clone(house), query, format, next: 0, to, stage: Stage::Head, over, _open }
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    /// The log cannot be read, the right to it is gone, or the server stops: the answer is to be broken off.
    pub(super) async fn next(&mut self) -> io::Result<Option<Bytes>> {
        match (self.stage, self.format) {
            (Stage::End, _) => return Ok(None),
            (Stage::Head, format) => {
                self.stage = Stage::First;
                return Ok(Some(Bytes::from(match format {
                    ExportFormat::Csv => COLUMNS.join(",") + "\r\n",
                    ExportFormat::Json => "[".to_owned(),
                })));
            }
            _ => {}
        }
        let read = look::part(&self.house.store, &self.query, self.next, self.to, AT_ONCE);
        let part = tokio::select! {
            part = read => part.map_err(io::Error::other)?,
            () = &mut self.over => return Err(io::Error::other("the right to this is gone, or we stop")),
        };
        let Some(last) = part.last() else {
            self.stage = Stage::End;
            return Ok((self.format == ExportFormat::Json).then(|| Bytes::from_static(b"\n]\n")));
        };
        self.next = last.seq.saturating_add(1);
        let mut text = String::with_capacity(part.len() * 256);
        for entry in &part {
            match self.format {
                ExportFormat::Csv => csv(&mut text, entry),
                ExportFormat::Json => {
                    text.push_str(if self.stage == Stage::First { "\n" } else { ",\n" });
                    text.push_str(&serde_json::to_string(entry).map_err(io::Error::other)?);
                }
            }
            self.stage = Stage::Further;
        }
        Ok(Some(text.into()))
    }
}

/// One line of a table.
fn csv(out: &mut String, entry: &AuditEntry) {
    let time =
        |at: i64| Timestamp::from_millisecond(at).map_or_else(|_| at.to_string(), |at| format!("{at:.3}"));
    let status = entry.status.map(|status| status.to_string()).unwrap_or_default();
    let cells: [&str; COLUMNS.len()] = [
        &entry.seq.to_string(),
        &time(entry.at),
        &entry.ended_at.map(time).unwrap_or_default(),
        &entry.account,
        &entry.account_id,
        &entry.door,
        &entry.key,
        &entry.address,
        &entry.operation,
        entry.host.as_deref().unwrap_or_default(),
        &entry.target,
        &entry.detail,
        &entry.outcome,
        &status,
        &entry.times.to_string(),
        &entry.request_id,
    ];
    for (n, cell) in cells.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        quoted(out, cell);
    }
    out.push_str("\r\n");
}

/// A cell. Spreadsheets take what begins so for a formula, and run what a stranger has typed as his name.
fn quoted(out: &mut String, cell: &str) {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if cell.contains([',', '"', '\r', '\n']) || !guard.is_empty() {
        _ = write!(out, "\"{guard}{}\"", cell.replace('"', "\"\""));
    } else {
        out.push_str(cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_formula_and_ends_where_it_ends() {
        let cell = |text: &str| {
            let mut out = String::new();
            quoted(&mut out, text);
            out
        };
        assert_eq!(cell("container web"), "container web");
        assert_eq!(cell("a,\"b\"\nc"), "\"a,\"\"b\"\"\nc\"");
        assert_eq!(cell("=HYPERLINK(\"http://evil\")"), "\"'=HYPERLINK(\"\"http://evil\"\")\"");
        for text in ["+1", "-1", "@SUM", "\tx"] {
            assert_eq!(cell(text), format!("\"'{text}\""));
        }
    }
}
