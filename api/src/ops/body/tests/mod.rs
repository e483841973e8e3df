//! What may be sent, by whom; and that the table says it of every field.

mod attacks;
mod clients;
mod description;
mod engine;
mod page;
mod reading;
mod references;

use serde_json::Value;

use super::*;
use crate::ops::operation;

/// What becomes of a body.
fn judge(id: &str, body: &str, caller: Strength) -> Result<Checked, BodyRefusal> {
    let operation = operation(id).unwrap_or_else(|| panic!("no row {id}"));
    policy(operation, read(body.as_bytes())?, caller)
}

/// Where and why somebody's body is refused.
fn refusal(id: &str, body: &str, caller: Strength) -> BodyRefusal {
    match judge(id, body, caller) {
        Err(refusal) => refusal,
        Ok(checked) => panic!("{id} {body} was passed as {}", checked.body()),
    }
}

fn passed(id: &str, body: &str, caller: Strength) -> Value {
    judge(id, body, caller).unwrap_or_else(|why| panic!("{id} {body}: {why}")).body().clone()
}
