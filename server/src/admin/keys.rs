//! `longshore admin new-key`: goes on without a key that is lost.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};
use sqlx::{Sqlite, Transaction};

use crate::{
    accounts::{self, Door},
    audit::{Draft, Ledger},
    data,
    keys::Key,
    removed, secret,
    store::{Store, new_id},
};

/// Makes the key anew and forgets what only the lost one was of use for; the audit log says so.
pub(super) async fn renew(key: Key, folder: &Path, store: &Store) -> anyhow::Result<()> {
    // A running server has the lost one in its memory, and goes on to use it.
    let _held = data::hold(folder)?;
    let path = folder.join(key.file());
    if path.exists() {
        bail!("there is a {}: it is never overwritten", path.display());
    }
    // The log is chained by its own key: that one has to be there first.
    if key == Key::Audit {
        secret::new_key(&path).with_context(|| key.file().to_owned())?;
    }
    let done = forget(key, folder, store).await;
    if done.is_err() {
        // As it was before: nothing is forgotten, so that the next start must still ask for the lost one.
        let _ = fs::remove_file(&path);
    }
    eprintln!("{} is a new one. {}", key.file(), done?);
    Ok(())
}

/// What is forgotten, in one step with its audit row.
async fn forget(key: Key, folder: &Path, store: &Store) -> anyhow::Result<String> {
    let ledger = Ledger::open(store.clone(), folder).await?;
    let mut tx = store.begin().await?;
    let told = forget_in(key, &mut tx).await?;
    let row = Draft {
        account_name: format!("uid {}", rustix::process::getuid().as_raw()),
        door: Door::Machine.code().to_owned(),
        request_id: new_id(),
        ..Draft::of_the_house("key-renew", format!("{}. {told}", key.file()))
    };
    let noted = ledger.append(&mut tx, &row).await?;
    if key != Key::Audit {
        secret::new_key(&folder.join(key.file())).with_context(|| key.file().to_owned())?;
    }
    tx.commit().await?;
    ledger.committed(noted);
    Ok(told)
}

async fn forget_in(key: Key, tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<String> {
    Ok(match key {
        Key::Signing => {
            let sessions = accounts::forget_sessions(tx).await?;
            format!("Everybody is signed out: {sessions} sessions have ended.")
        }
        Key::Seal => {
            let (apps, clients) = accounts::forget_sealed(tx).await?;
            let removed = removed::forget_sealed(tx).await?;
            format!(
                "Forgotten are the authenticator apps of {apps} accounts, which sign in by recovery codes until they set up \
                 another (or by longshore admin totp-off), the client secrets of {clients} providers, and what {removed} \
                 removed containers were."
            )
        }
        Key::Audit => "What the audit log says until now can no longer be checked.".to_owned(),
    })
}
