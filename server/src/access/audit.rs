//! Two rows for every change: what is intended, by whom, from where; and how it ended.

use std::future::Future;

use super::{Pass, Target};
use crate::{
    accounts::Principal,
    audit::{Draft, INTENDED, INTENT, Ledger, outcome_of},
    fault::Fault,
};

/// What a change reports of itself for the audit log.
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
    ledger: &Ledger,
    pass: &Pass,
    operation: &'static str,
    act: impl FnOnce() -> F,
) -> Result<T, Fault>
where
    F: Future<Output = Result<T, Fault>>,
    T: Outcome,
{
    let intent = Draft {
        kind: INTENT.to_owned(),
        outcome: INTENDED.to_owned(),
        detail: pass.detail.clone(),
        ..draft(&pass.principal, &pass.target, operation, &pass.request_id)
    };
    let seq = ledger.write(&intent).await?;
    let result = act().await;
    let status = match &result {
        Ok(done) => done.status(),
        Err(fault) => fault.status().as_u16(),
    };
    // The change has happened, whatever becomes of this row: without it the intent says just that.
    if let Err(error) = ledger.write(&intent.ended(seq, outcome_of(status), Some(status))).await {
        tracing::error!(request.id = pass.request_id, operation, %error, "the outcome of a change was not recorded");
    }
    result
}

/// Who does what to what.
pub(super) fn draft(principal: &Principal, target: &Target, operation: &str, request_id: &str) -> Draft {
    Draft {
        host: target.host().map(str::to_owned),
        target: target.name().to_owned(),
        ..Draft::of(principal, operation, request_id)
    }
}
