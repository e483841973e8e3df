//! A verb on a container: found, checked, done by its full id.

use std::time::Duration;

use http::StatusCode;
use longshore_api::{ops::Operation, sentence::Sentence, web::container::Verb, words::say};

use serde::Deserialize;
use tokio::time::timeout;

use super::within_the_line;
use crate::{
    access::Pass,
    call::{self, Call},
    fault::Fault,
    hosts::{Host, INSPECTION_MAX, Question},
    house::House,
    inventory::EngineId,
    removed::{self, Kept},
};

/// What an engine waits for the end of a container that says nothing of it.
const STOP_TIME: i64 = 10;
/// How long a container may take to end is told so soon, or not waited for.
const SAID_SOON: Duration = Duration::from_secs(2);
/// One that asks for all the time in the world is given so many seconds.
const STOP_TIME_MAX: u64 = 3600;

/// Does `verb` to the container that the inventory knows by this full id, on the host that the pass is for; what is to be said
/// of that though it was done.
pub async fn act(house: &House, pass: &Pass, id: &str, verb: Verb) -> Result<Option<Sentence>, Fault> {
    let host = house.hosts.get(pass.host()?)?;
    let unknown = || {
        // A full id as short as people write it.
        let name = id.parse::<EngineId>().map_or_else(|_| id.to_owned(), |id| id.short());
        Fault::not_found(say::container_unknown(&host.slug, name))
    };
    let seen = house.inventory.seen_with(house.access.sight(pass));
    let name = seen.container_name(&host.slug, id).ok_or_else(unknown)?;
    let call = Call::new(house, pass, operation(verb), Some(id), format!("container {name}"))?;
    if matches!(verb, Verb::Start | Verb::Restart) {
        within_the_line(house, pass, id).await?;
    }
    match verb {
        Verb::Stop | Verb::Restart => {
            // An engine that is slow to say so is asked to stop it all the same.
            let time = timeout(SAID_SOON, time_to_stop(&host, id)).await;
            call.allowing(time.unwrap_or(Ok(Duration::ZERO))?).done().await?;
            return Ok(None);
        }
        Verb::Remove => {}
        _ => return call.done().await.map(|()| None),
    }
    // The engine removes no container that runs, so one that was started meanwhile stays.
    let kept = removed::keep(house, pass, id, &name).await?;
    let done = call.done().await;
    // Of an engine that has said nothing it is not known whether the container goes.
    let stayed = done.as_ref().is_err_and(|fault| fault.status() != StatusCode::GATEWAY_TIMEOUT);
    match kept {
        Kept::Noted(noted) if stayed => noted.undo().await,
        Kept::Noted(_) => {}
        Kept::Nothing(why) => return done.map(|()| Some(why)),
    }
    done.map(|()| None)
}

/// How long an engine waits for the end of a container before it kills it.
///
/// # Errors
/// The engine does not answer: it was not asked to stop anything.
pub async fn time_to_stop(host: &Host, id: &str) -> Result<Duration, Fault> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Inspected {
        #[serde(default)]
        config: Config,
    }
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Config {
        stop_timeout: Option<i64>,
    }
    let inspected = host.line.ask_json(Question::Container(id), INSPECTION_MAX).await;
    let Inspected { config } = inspected.map_err(|error| host.line.fault(error))?;
    let seconds = config.stop_timeout.unwrap_or(STOP_TIME);
    Ok(Duration::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX).min(STOP_TIME_MAX)))
}

/// The operation that a verb is.
pub fn operation(verb: Verb) -> &'static Operation {
    let id = match verb {
        Verb::Start => "container-start",
        Verb::Stop => "container-stop",
        Verb::Restart => "container-restart",
        Verb::Pause => "container-pause",
        Verb::Unpause => "container-unpause",
        Verb::Kill => "container-kill",
        Verb::Remove => "container-remove",
    };
    call::operation(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_is_a_row_of_the_table() {
        for verb in Verb::ALL {
            let row = operation(verb);
            assert!(row.audit && row.path.starts_with("/containers/{name}"), "{}", row.id);
        }
    }
}
