//! The log on the standard error. An event is one line whatever stands in it: what engines, providers and clients say is
//! quoted in it, and must not look like a line of ours.

use std::io::{self, IsTerminal as _, Write};

/// Where events are written to; in colours on a terminal.
pub fn one_line() -> OneLine<io::Stderr> {
    OneLine { to: io::stderr(), colours: io::stderr().is_terminal() }
}

/// Writes what it is given in one piece as one line: all that would begin another, or move a cursor, is escaped. Of what
/// terminals are told only colours pass, which harm nobody.
pub struct OneLine<W> {
    to: W,
    colours: bool,
}

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let (text, end) = match event.strip_suffix(b"\n") {
            Some(text) => (text, "\n"),
            None => (event, ""),
        };
        let text = String::from_utf8_lossy(text);
        let mut line = String::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            let breaks = c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
            if breaks && !(self.colours && is_colour(&text[at..])) {
                line.extend(c.escape_default());
            } else {
                line.push(c);
            }
        }
        line.push_str(end);
        // At once: threads write beside one another.
        self.to.write_all(line.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Whether a text begins with the sequence that sets a colour: `ESC [ numbers m`.
fn is_colour(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("\u{1b}[") else { return false };
    rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m')
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_event_is_one_line_whatever_it_quotes() {
        for ansi in [false, true] {
            let kept = Kept::default();
            let into = kept.clone();
            let log = tracing_subscriber::fmt()
                .with_ansi(ansi)
                .with_writer(move || OneLine { to: into.clone(), colours: ansi })
                .finish();
            let said = "x\n2026 INFO the head\r\u{1b}[2J\u{9b}2J\u{2028}y";
            tracing::subscriber::with_default(log, || {
                tracing::warn!(%said, "told {said}");
                tracing::warn!(?said, "{}", said);
            });
            let text = String::from_utf8(kept.0.lock().expect("no panic").clone()).expect("a text");
            assert_eq!(text.matches('\n').count(), 2, "{text:?}");
            assert_eq!(text.contains("\u{1b}["), ansi, "colours on a terminal, and nowhere else: {text:?}");
            assert!(!text.contains(['\r', '\u{9b}', '\u{2028}']) && !text.contains("\u{1b}[2J"), "{text:?}");
        }
    }
}
