//! Asking an engine what takes the room.

use std::time::Duration;

use http::StatusCode;
use longshore_api::{ops::ApiVersion, words::say};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::engine::Usage;
use crate::{
    access::Pass,
    call::{Call, operation},
    fault::Fault,
    hosts::{LineError, collect},
    house::House,
    store::now,
};

/// An answer has at most so many bytes.
const ANSWER_MAX: usize = 64 * 1024 * 1024;
/// An engine looks through every volume before it answers, which takes minutes where there are millions of files. One
/// that takes longer hangs.
const DEADLINE: Duration = Duration::from_secs(600);
/// From here on an engine lists things only where that is asked for.
const TERSE: ApiVersion = ApiVersion::new(1, 52);

/// Measures what takes the room on the host of the pass, and keeps that.
pub async fn measure(house: &House, pass: &Pass, cancel: &CancellationToken) -> Result<(), Fault> {
    let slug = pass.host()?;
    let host = house.hosts.get(slug)?;
    let call = Call::new(house, pass, operation("disk-usage"), None, "disk use")?;
    let mut call = call.allowing(DEADLINE);
    if house.api_of(&host)? >= TERSE {
        call = call.with("verbose", true);
    }
    let read = call.read(async |body, line| {
        let bytes = collect(body, ANSWER_MAX).await.map_err(|e| line.fault(e))?;
        serde_json::from_slice::<Usage>(&bytes).map_err(|e| line.fault(LineError::Garbled(e.to_string())))
    });
    let usage = unless_hung(slug, DEADLINE, cancel, read).await?;
    house.inventory.measured(slug, usage.read(now()));
    Ok(())
}

/// What is asked, unless it takes too long or nobody wants it any more. The engine stops looking when nobody listens.
async fn unless_hung<T>(
    slug: &str,
    deadline: Duration,
    cancel: &CancellationToken,
    asked: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    tokio::select! {
        answer = timeout(deadline, asked) => answer.map_err(|_| {
            Fault::new(StatusCode::GATEWAY_TIMEOUT, say::disk_silent(slug, deadline.as_secs() / 60))
        })?,
        () = cancel.cancelled() => Err(Fault::new(StatusCode::CONFLICT, say::disk_cancelled(slug))),
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn an_engine_that_hangs_is_given_up() {
        let cancel = CancellationToken::new();
        let asked = pending::<Result<(), Fault>>();
        let fault =
            unless_hung("quay", Duration::from_millis(20), &cancel, asked).await.expect_err("a fault");
        assert_eq!(
            (fault.status(), fault.sentence().code.as_ref()),
            (StatusCode::GATEWAY_TIMEOUT, "disk-silent")
        );
        cancel.cancel();
        let fault = unless_hung("quay", DEADLINE, &cancel, pending::<Result<(), Fault>>()).await;
        assert_eq!(fault.expect_err("a fault").sentence().code.as_ref(), "disk-cancelled");
    }
}
