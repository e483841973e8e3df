//! A new password from whoever sits at the terminal, or from standard input.

use std::io::{self, IsTerminal as _};

use anyhow::bail;

use crate::terminal::{line, unseen};

/// Asks twice at a terminal, without echo; otherwise takes the first line as it is.
pub(super) fn read() -> anyhow::Result<String> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return Ok(line()?);
    }
    let first = unseen("New password: ")?;
    if unseen("Once more: ")? != first {
        bail!("the two are not the same: nothing was changed");
    }
    Ok(first)
}
