//! What is changed of a container while it stays what it is: its name, its restart policy, its limits; and signals.

use longshore_api::{
    ops::spec::ContainerSpec,
    web::detail::{Detail, NewLimits, Update},
    words::say,
};
use serde_json::{Value, json};

use super::detail;
use crate::{
    access::Pass,
    call::{self, Call},
    fault::Fault,
    house::House,
    ownership,
};

/// Gives it another name.
pub async fn rename(house: &House, pass: &Pass, reference: &str, name: &str) -> Result<(), Fault> {
    Fault::within(name, ContainerSpec::NAME_MAX, "name")?;
    let row = detail::find_row(house, pass, reference)?;
    ownership::rename((&house.store, &house.owners), (&row.host, &row.id), name, async || {
        call_of(house, pass, &row.id, &row.name, "container-rename")?
            .noting(name)
            .with("name", name)
            .done()
            .await
    })
    .await
}

/// Sends it a signal.
pub async fn signal(house: &House, pass: &Pass, reference: &str, signal: &str) -> Result<(), Fault> {
    call(house, pass, reference, "container-kill")?.with("signal", signal).done().await
}

/// Changes its restart policy, its limits, or both.
pub async fn update(house: &House, pass: &Pass, reference: &str, update: &Update) -> Result<(), Fault> {
    let before = match update.limits {
        Some(_) => detail::detail(house, pass, reference).await?,
        None => Detail::default(),
    };
    let body = body_of(update, &before)?;
    let (id, name) = detail::find(house, pass, reference)?;
    // Restarted by the engine it runs as well.
    super::within_the_line(house, pass, &id).await?;
    call_of(house, pass, &id, &name, "container-update")?.body(&body)?.done().await
}

fn call<'a>(house: &'a House, pass: &Pass, reference: &str, id: &str) -> Result<Call<'a>, Fault> {
    let (full, name) = detail::find(house, pass, reference)?;
    call_of(house, pass, &full, &name, id)
}

fn call_of<'a>(house: &'a House, pass: &Pass, full: &str, name: &str, id: &str) -> Result<Call<'a>, Fault> {
    Call::new(house, pass, call::operation(id), Some(full), format!("container {name}"))
}

/// In the engine's words, in which 0 is "as it was".
fn body_of(update: &Update, before: &Detail) -> Result<Value, Fault> {
    let mut body = json!({});
    if let Some(policy) = &update.restart {
        body["RestartPolicy"] = json!({ "Name": policy.name, "MaximumRetryCount": policy.max });
    }
    let Some(NewLimits { cpu_milli, memory, pids }) = update.limits else { return Ok(body) };
    let limits = &before.limits;
    if cpu_milli != limits.cpu_milli {
        if cpu_milli == 0 {
            return Err(Fault::bad_request(say::limit_stays()).at("cpu"));
        }
        body["NanoCpus"] = json!(cpu_milli.saturating_mul(1_000_000));
    }
    if memory != limits.memory.max(0) {
        if memory == 0 {
            return Err(Fault::bad_request(say::limit_stays()).at("memory"));
        }
        body["Memory"] = json!(memory);
        body["MemorySwap"] = json!(both_of(memory, limits.memory, limits.memory_swap));
    }
    if pids != limits.pids {
        body["PidsLimit"] = json!(if pids == 0 { -1 } else { pids });
    }
    Ok(body)
}

/// The limit of memory and swap together: memory may never be more than both. What the engine has made up follows, as much
/// again; what somebody asked for stays as far as it can.
fn both_of(memory: i64, memory_before: i64, both: i64) -> i64 {
    match both {
        -1 => -1,
        both if both <= 0 || both == memory_before.saturating_mul(2) => memory.saturating_mul(2),
        both if both == memory_before => memory,
        both => both.max(memory),
    }
}

#[cfg(test)]
mod tests {
    use longshore_api::web::detail::{Limits, RestartPolicy};

    use super::*;

    fn limited(cpu_milli: i64, memory: i64, memory_swap: i64, pids: i64) -> Detail {
        let limits = Limits { cpu_milli, memory, memory_swap, pids, ..Limits::default() };
        Detail { limits, ..Detail::default() }
    }

    fn limits(cpu_milli: i64, memory: i64, pids: i64) -> Update {
        Update { limits: Some(NewLimits { cpu_milli, memory, pids }), ..Update::default() }
    }

    #[test]
    fn only_what_is_another_is_sent() {
        let said = |update, before| body_of(&update, &before).expect("a body");
        assert_eq!(said(limits(0, 64, 10), limited(0, 64, 128, 10)), json!({}));
        assert_eq!(
            said(limits(500, 128, 0), limited(0, 64, 128, 10)),
            json!({ "NanoCpus": 500_000_000, "Memory": 128, "MemorySwap": 256, "PidsLimit": -1 })
        );
        assert_eq!(
            said(limits(0, 128, 0), limited(0, 64, 64, 0)),
            json!({ "Memory": 128, "MemorySwap": 128 })
        );
        assert_eq!(
            said(limits(0, 128, 0), limited(0, 64, -1, 0)),
            json!({ "Memory": 128, "MemorySwap": -1 })
        );
        assert_eq!(said(limits(0, 0, 0), limited(0, -1, -1, 0)), json!({}));
        let policy = RestartPolicy { name: "on-failure".to_owned(), max: 3 };
        let update = Update { restart: Some(policy), ..Update::default() };
        let expected = json!({ "RestartPolicy": { "Name": "on-failure", "MaximumRetryCount": 3 } });
        assert_eq!(said(update, Detail::default()), expected);
    }

    #[test]
    fn swap_that_somebody_asked_for_is_not_made_up_anew() {
        // A hundred, and fifty of swap.
        assert_eq!([120, 150, 200].map(|memory| both_of(memory, 100, 150)), [150, 150, 200]);
        assert_eq!([0, 200, 100, -1].map(|both| both_of(120, 100, both)), [240, 240, 120, -1]);
    }

    #[test]
    fn a_limit_that_no_engine_takes_back_is_said_to_stay() {
        assert!(body_of(&limits(0, 0, 0), &limited(1_000, 0, 0, 0)).is_err());
        assert!(body_of(&limits(0, 0, 0), &limited(0, 64, 128, 0)).is_err());
    }
}
