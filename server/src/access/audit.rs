//! One row for every change: what was intended, by whom, from where, and how it ended.

use std::future::Future;

use sqlx::{Sqlite, Transaction};

use super::{
    Pass,
    queries::{self, Row},
};
use crate::{
    accounts::Principal,
    fault::Fault,
    store::{Store, new_id, now},
};

/// What a change reports of itself for the audit row.
pub trait Outcome {
    /// As an HTTP status: the engine's where it answered.
    fn status(&self) -> u16;
}

impl Outcome for () {
    fn status(&self) -> u16 {
        204
    }
}

/// Writes what is intended, acts, and writes how it ended.
pub(super) async fn around<T, F>(
    store: &Store,
    pass: &Pass,
    operation: &'static str,
    act: impl FnOnce() -> F,
) -> Result<T, Fault>
where
    F: Future<Output = Result<T, Fault>>,
    T: Outcome,
{
    let id = new_id();
    let mut tx = store.begin().await?;
    let address = pass.principal.address().to_string();
    let intended = Row { id: &id, ..row(&pass.principal, &address, operation, &pass.request_id) };
    let (host, target) = (pass.target.host(), pass.target.name());
    queries::insert(&mut *tx, &Row { host, target, ..intended }).await?;
    tx.commit().await?;
    let result = act().await;
    let status = match &result {
        Ok(done) => done.status(),
        Err(fault) => fault.status().as_u16(),
    };
    // The change has happened, whatever becomes of this row: it stays 'intended' then, which says just that.
    if let Err(error) = complete(store, &id, status).await {
        tracing::error!(request.id = pass.request_id, operation, %error, "the outcome of a change was not recorded");
    }
    result
}

/// Writes the row of a change that happens in the same transaction: a sign-in, the first account.
pub async fn record(
    tx: &mut Transaction<'_, Sqlite>,
    principal: &Principal,
    deed: &'static str,
    request_id: &str,
) -> sqlx::Result<()> {
    let id = new_id();
    let address = principal.address().to_string();
    let row = Row {
        id: &id,
        outcome: "done",
        status: Some(200),
        ended_at: Some(now()),
        ..row(principal, &address, deed, request_id)
    };
    queries::insert(&mut **tx, &row).await
}

fn row<'a>(principal: &'a Principal, address: &'a str, operation: &'a str, request_id: &'a str) -> Row<'a> {
    Row {
        id: "",
        at: now(),
        request_id,
        account_id: principal.account_id(),
        account_name: principal.name(),
        door: principal.door().code(),
        address,
        operation,
        host: None,
        target: "account",
        outcome: "intended",
        status: None,
        ended_at: None,
    }
}

async fn complete(store: &Store, id: &str, status: u16) -> sqlx::Result<()> {
    let outcome = if status < 400 { "done" } else { "failed" };
    let mut tx = store.begin().await?;
    queries::complete(&mut *tx, id, outcome, status, now()).await?;
    tx.commit().await
}
