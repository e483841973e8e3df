//! The walk: every operation of the table by every role on what is their own, their team's, public and another's, through
//! the gateway, and every route of ours, compared with matrices that a person can read: `tests/matrix`. What they say is
//! what holds, cell by cell; `INSTA_UPDATE=always` writes them anew, to be read like code.

mod calls;
mod crew;
mod gateway;
mod matrix;
mod rest;
mod routes;
mod things;

use tokio::sync::{Mutex, MutexGuard};

/// An engine has about thirty networks to give: one walk at a time.
async fn alone() -> MutexGuard<'static, ()> {
    static WALKING: Mutex<()> = Mutex::const_new(());
    WALKING.lock().await
}
