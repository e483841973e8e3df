//! How a container is, as far as waiting for it goes.

use std::time::Duration;

use http::StatusCode;
use longshore_api::words::say;
use serde_json::{Value, json};

use crate::fault::Fault;

/// It is looked at so often.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(500);
/// One that has a check, or that others wait for until it has ended, may be started again so often by its own policy before
/// it is well: a service that needs another one often ends until that one answers.
pub(super) const AGAIN_MAX: i64 = 8;

/// How a container is, as far as waiting for it goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stands {
    /// It is healthy, or has ended well.
    Well,
    /// It runs; nothing says how it is.
    Runs,
    /// Its check has not decided yet.
    Waits,
    /// It ended with this code, or is started again and again.
    Ended(i64),
    /// Its check says no.
    Unhealthy,
}

/// How often its engine has started it again by its policy since it was last started by hand.
pub(super) fn restarts(container: &Value) -> i64 {
    container["RestartCount"].as_i64().unwrap_or_default()
}

/// What an inspection says of it. It had been started again `before` times when the waiting began: what was then is over.
pub(super) fn stands(container: &Value, before: i64) -> Stands {
    let state = &container["State"];
    let code = state["ExitCode"].as_i64().unwrap_or_default();
    let health = state["Health"]["Status"].as_str();
    let has_check = matches!(health, Some("starting" | "healthy" | "unhealthy"));
    let again = restarts(container) - before;
    let (runs, between) = (state["Running"] == json!(true), state["Restarting"] == json!(true));
    if !runs && !between && code == 0 {
        return Stands::Well;
    }
    if again > if has_check { AGAIN_MAX } else { 0 } {
        return Stands::Ended(code);
    }
    if between {
        // Its check counts as failed until it runs again.
        return if has_check { Stands::Waits } else { Stands::Ended(code) };
    }
    if !runs {
        return Stands::Ended(code);
    }
    match health {
        Some("healthy") => Stands::Well,
        Some("unhealthy") => Stands::Unhealthy,
        Some("starting") => Stands::Waits,
        _ => Stands::Runs,
    }
}

/// The words for one that ended, or that was started again by its policy `again` times and ended each time.
pub(super) fn exited(name: &str, code: i64, again: i64) -> Fault {
    let why = match again {
        ..=0 => say::stack_made_exited(code, name),
        again => say::stack_made_restarts(code, again, name),
    };
    Fault::new(StatusCode::CONFLICT, why)
}

/// The words for one whose check has decided nothing for so long.
pub(super) fn undecided(name: &str, within: Duration) -> Fault {
    Fault::new(StatusCode::CONFLICT, say::stack_made_undecided(name, within.as_secs()))
}

/// The words for one whose check says no.
pub(super) fn unhealthy(name: &str) -> Fault {
    Fault::new(StatusCode::CONFLICT, say::stack_made_unhealthy(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_container_is_follows_from_its_state() {
        let of = |state: Value, restarts: i64| stands(&json!({"State": state, "RestartCount": restarts}), 0);
        assert_eq!(of(json!({"Running": true}), 0), Stands::Runs);
        assert_eq!(of(json!({"Running": true, "Health": {"Status": "starting"}}), 0), Stands::Waits);
        assert_eq!(of(json!({"Running": true, "Health": {"Status": "healthy"}}), 0), Stands::Well);
        assert_eq!(of(json!({"Running": false, "ExitCode": 0}), 0), Stands::Well);
        assert_eq!(of(json!({"Running": false, "ExitCode": 3}), 0), Stands::Ended(3));
        assert_eq!(of(json!({"Running": true, "ExitCode": 1}), 1), Stands::Ended(1));
        assert_eq!(of(json!({"Running": true, "Health": {"Status": "unhealthy"}}), 0), Stands::Unhealthy);
    }

    #[test]
    fn what_its_policy_did_before_is_over_and_a_check_has_some_patience() {
        let of = |state: Value, restarts: i64, before: i64| {
            stands(&json!({"State": state, "RestartCount": restarts}), before)
        };
        let runs = json!({"Running": true});
        assert_eq!(of(runs.clone(), 7, 7), Stands::Runs);
        assert_eq!(of(runs, 8, 7), Stands::Ended(0));
        let healthy = json!({"Running": true, "Health": {"Status": "healthy"}});
        assert_eq!(of(healthy.clone(), AGAIN_MAX, 0), Stands::Well);
        assert_eq!(of(healthy, AGAIN_MAX + 1, 0), Stands::Ended(0));
        let ended = |code: u8| json!({"Running": false, "ExitCode": code});
        assert_eq!((of(ended(0), 3, 0), of(ended(1), 3, 0)), (Stands::Well, Stands::Ended(1)));
        let between =
            |health: Value| json!({"Running": true, "Restarting": true, "ExitCode": 2, "Health": health});
        assert_eq!(of(between(json!({"Status": "unhealthy"})), 1, 0), Stands::Waits);
        assert_eq!(of(between(Value::Null), 0, 0), Stands::Ended(2));
    }
}
