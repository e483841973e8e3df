//! What the gateway adds to a small request: whoever asks is looked up, the call found in the table, judged and built anew, and
//! the answer of whoever does not manage the host cut.

use std::{path::Path, time::Instant};

use anyhow::{Context as _, Result};

use super::{
    fill::name,
    server::{Server, text_of},
    table::{Budget, Row, Table, median},
    wire::Door,
};

const ROUNDS: usize = 200;

/// The same calls on the socket, by who manages the host and by a developer whose the container is.
pub(super) fn measure(server: &Server, socket: &Path, table: &mut Table) -> Result<()> {
    let inspect = format!("/containers/{}/json", name(1));
    let calls = [
        ("a ping", "/_ping"),
        ("a list of ten containers", "/containers/json?limit=10"),
        ("a container's description", inspect.as_str()),
    ];
    let (managers, developers) = (server.gateway(), developer(server)?);
    for (what, path) in calls {
        let mut times = [Vec::new(), Vec::new(), Vec::new()];
        let doors = [Door::socket(socket), managers.clone(), developers.clone()];
        // Turn by turn, and one round before, so that each finds the same engine.
        for round in 0..=ROUNDS {
            for (door, times) in doors.iter().zip(&mut times) {
                let began = Instant::now();
                door.ask("GET", path, "")?;
                if round > 0 {
                    times.push(began.elapsed().as_secs_f64() * 1e3);
                }
            }
        }
        let [bare, manager, developer] = times.map(|mut times| median(&mut times));
        for (who, through) in [("who manages the host", manager), ("a developer", developer)] {
            table.add(Row {
                what: format!("{what} through the gateway by {who}, more than on the socket"),
                budget: Budget::AtMost(5.0),
                figure: through - bare,
                unit: "ms",
                from: format!("{through:.2} ms, bare {bare:.2} ms"),
            });
        }
    }
    Ok(())
}

/// Somebody who is invited, is a developer of the host, and has the container.
fn developer(server: &Server) -> Result<Door> {
    let page = server.page();
    let made = page.ask("POST", "/api/v1/people", r#"{"name":"calls"}"#)?;
    let (account, secret) = (text_of(&made, "account"), text_of(&made, "secret"));
    let (account, secret) = account.zip(secret).context("no invitation")?;
    let grant =
        format!(r#"{{"subject":{{"account":"{account}"}},"scope":{{"host":"local"}},"role":"developer"}}"#);
    page.ask("POST", "/api/v1/grants", &grant)?;
    let owned = r#"{"owner":"calls","sharing":"private"}"#;
    page.ask("PUT", &format!("/api/v1/hosts/local/containers/{}/access", name(1)), owned)?;
    let accepted = format!(r#"{{"secret":"{secret}","password":"correct horse battery staple"}}"#);
    let entered = page.send("POST", "/api/v1/invitation/accept", "", &accepted)?;
    let cookie = entered.header("set-cookie").context("no session")?;
    let theirs = server.page_of(cookie.split(';').next().unwrap_or_default());
    let made = theirs.ask("POST", "/api/v1/account/keys", r#"{"name":"calls"}"#)?;
    Ok(server.gateway_of(&text_of(&made, "key").context("no key")?))
}
