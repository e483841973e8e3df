//! The database of a server, read and written from outside: what no page shows, and what no command makes yet.

use std::{process::Command, time::Duration};

use crate::{Server, soon};

/// What is written soon, and waited for by nobody, is looked for again so soon.
const AGAIN: Duration = Duration::from_millis(50);

/// Runs SQL on a server's database and returns what it prints, without the last line end.
pub fn sql(server: &Server, text: &str) -> String {
    let mut sqlite = Command::new("sqlite3");
    sqlite.arg("-bail").arg("-cmd").arg(".timeout 10000").arg(server.data().join("longshore.db")).arg(text);
    let done = sqlite.output().expect("sqlite3 is on the path: cargo xtask test installs it");
    assert!(done.status.success(), "{text}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
}

/// Asks until what is printed holds, and returns that: rows that are written soon, and not waited for. `what` is said when it
/// does not come.
pub async fn until(server: &Server, what: &str, text: &str, holds: impl Fn(&str) -> bool) -> String {
    let mut again = tokio::time::interval(AGAIN);
    soon(what, async {
        loop {
            again.tick().await;
            let said = sql(server, text);
            if holds(&said) {
                return said;
            }
        }
    })
    .await
}

/// Gives a server one more host. Hosts are read at its start.
pub async fn add_host(server: &mut Server, slug: &str, address: &str) {
    server.stop().await;
    let row = format!(
        "INSERT INTO host (id, slug, name, address, created_at) VALUES ('host-{slug}', '{slug}', '{slug}', '{address}', 1)"
    );
    sql(server, &row);
    server.start_again().await;
}
