//! Secrets from whoever sits at the terminal.

use std::io::{self, BufRead as _, Write as _};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

/// The next line of standard input, without its end.
pub fn line() -> io::Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Asks for a line that nobody shall read over a shoulder.
pub fn unseen(prompt: &str) -> io::Result<String> {
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
