//! Tasks that last as long as the server. One that panics has met something that nobody thought of: it must cost what it
//! looked after a pause, not everything from then on in silence.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use tokio::time::{Instant, sleep};

const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Keeps a task going until it ends by itself. One that panics is begun anew, after a wait that grows as long as that
/// does not help; `panicked` is told how long.
pub async fn going<T: Future<Output = ()>>(begin: impl Fn() -> T, panicked: impl Fn(Duration)) {
    let mut wait = FIRST_WAIT;
    loop {
        let began = Instant::now();
        // The panic itself has told what it is about.
        if AssertUnwindSafe(async { begin().await }).catch_unwind().await.is_ok() {
            return;
        }
        if began.elapsed() > LONGEST_WAIT {
            wait = FIRST_WAIT;
        }
        panicked(wait);
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    #[tokio::test]
    async fn a_task_that_panics_is_begun_anew_later_each_time() {
        let (begun, waits) = (Cell::new(0), RefCell::new(Vec::new()));
        let task = || {
            begun.set(begun.get() + 1);
            let n = begun.get();
            async move { assert!(n == 3, "an engine that nobody thought of") }
        };
        going(task, |wait| waits.borrow_mut().push(wait)).await;
        assert_eq!((begun.get(), waits.into_inner()), (3, vec![FIRST_WAIT, FIRST_WAIT * 2]));
    }
}
