//! From a websocket to the console that it begins or comes back to.

use std::{sync::Arc, time::Duration};

use hyper::upgrade::OnUpgrade;
use longshore_api::{
    web::console::{FromBrowser, FromServer},
    words::say,
};
use tokio::time::timeout;

use super::{
    room::Newcomer,
    wire::{Heard, Wire},
};
use crate::{access::Pass, containers, fault::Fault, house::House};

/// A browser has so long to say what it wants.
const FIRST_WORD: Duration = Duration::from_secs(30);

/// Serves a websocket until it is handed to its console.
pub async fn serve(house: Arc<House>, pass: Pass, container: String, upgrade: OnUpgrade) {
    let upgraded = match upgrade.await {
        Ok(upgraded) => upgraded,
        Err(error) => {
            tracing::debug!(request.id = pass.request_id(), %error, "a console's line was not completed");
            return;
        }
    };
    let mut wire = Wire::over(upgraded).await;
    let found = async {
        let (id, name) = containers::find(&house, &pass, &container)?;
        let pass = pass.on_container(&house.access, &id, &name)?;
        containers::within_the_line(&house, &pass, &id).await?;
        Ok::<_, Fault>(pass)
    };
    let pass = match found.await {
        Ok(pass) => pass,
        Err(fault) => {
            wire.part(&FromServer::Problem { problem: fault.problem(pass.request_id()) }).await;
            return;
        }
    };
    let first = tokio::select! {
        heard = timeout(FIRST_WORD, wire.hear()) => heard.unwrap_or(Heard::Gone),
        () = house.until_over(&pass) => Heard::Gone,
    };
    let refused = match first {
        Heard::Said(FromBrowser::Open { run, size }) => {
            match house.consoles.begin(&house, &pass, &container, run, size, wire) {
                Ok(()) => return,
                Err(refused) => *refused,
            }
        }
        Heard::Said(FromBrowser::Resume { id, shown, size }) => {
            let newcomer = Newcomer { wire, pass: pass.clone(), shown, size };
            match house.consoles.resume(&id, &container, newcomer) {
                Ok(()) => return,
                Err(refused) => (refused.0, refused.1.wire),
            }
        }
        Heard::Gone => return,
        Heard::Said(_) | Heard::Typed(_) => {
            (Fault::bad_request(say::message_invalid("open or resume comes first")), wire)
        }
        Heard::Nonsense(why) => (Fault::bad_request(say::message_invalid(why)), wire),
    };
    let (fault, wire) = refused;
    wire.part(&FromServer::Problem { problem: fault.problem(pass.request_id()) }).await;
}
