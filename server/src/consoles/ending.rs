//! How a console ended, once its stream has.

use std::time::Duration;

use http::StatusCode;
use longshore_api::{sentence::Sentence, web::console::FromServer, words::say};
use tokio::time::sleep;

use super::{begin::Ran, run::Console};

/// Codes from here on are those of signals.
const KILLED: i64 = 129;
/// An engine knows the exit code a little later than the end.
const LOOKS: u32 = 10;
const WAIT: Duration = Duration::from_millis(50);

impl Console {
    /// The code, and why where there is more to say.
    pub(super) async fn ending(&self, ran: &Ran) -> FromServer {
        let exit = match ran {
            Ran::Exec(exec) => self.exit_code(exec).await,
            Ran::Main { .. } => None,
        };
        match exit {
            Some(..KILLED) => FromServer::Ended { exit, why: None },
            _ => self.with_the_container(exit).await,
        }
    }

    async fn exit_code(&self, exec: &str) -> Option<i64> {
        for _ in 0..LOOKS {
            match self.look(exec).await {
                Ok(look) if look.has_ended() => return look.exit_code,
                Ok(_) => sleep(WAIT).await,
                // Execs of a container that has stopped are no more.
                Err(_) => return None,
            }
        }
        None
    }

    /// What a signal ended may have gone with its container, which the engine notices a moment later.
    async fn with_the_container(&self, exit: Option<i64>) -> FromServer {
        let ended = |exit, why: Option<Sentence>| FromServer::Ended { exit, why };
        for _ in 0..LOOKS {
            match self.container_state().await {
                Ok(state) if state.running => sleep(WAIT).await,
                Ok(state) => {
                    let why = say::console_container_stopped(&self.name);
                    return ended(exit.or(Some(state.exit_code)), Some(why));
                }
                Err(fault) if fault.status() == StatusCode::NOT_FOUND => {
                    return ended(exit, Some(say::console_container_stopped(&self.name)));
                }
                Err(fault) => return ended(exit, Some(fault.sentence().clone())),
            }
        }
        ended(exit, exit.is_none().then(|| say::console_cut(&self.name)))
    }
}
