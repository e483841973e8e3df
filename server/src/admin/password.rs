//! A new password from whoever sits at the terminal, or from standard input.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use anyhow::bail;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

/// Asks twice at a terminal, without echo; otherwise takes the first line as it is.
pub(super) fn read() -> anyhow::Result<String> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return line();
    }
    let first = unseen("New password: ")?;
    if unseen("Once more: ")? != first {
        bail!("the two are not the same: nothing was changed");
    }
    Ok(first)
}

fn line() -> anyhow::Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn unseen(prompt: &str) -> anyhow::Result<String> {
    let stdin = io::stdin();
    eprint!("{prompt}");
    io::stderr().flush()?;
    let seen = tcgetattr(&stdin)?;
    let mut hidden = seen.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Flush, &hidden)?;
    let read = line();
    // The terminal is someone's: it gets back what it had, whatever was read.
    tcsetattr(&stdin, OptionalActions::Flush, &seen)?;
    eprintln!();
    read
}
