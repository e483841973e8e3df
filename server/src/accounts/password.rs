//! Password hashing (argon2id, its authors' defaults), off the threads that serve.

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use sqlx::{Sqlite, Transaction};
use tokio::sync::Semaphore;

use super::{
    AccountError,
    queries::{self, AccountRow},
};

/// Hashes and verifies, at most two at a time: each takes 19 MiB.
pub(super) struct Passwords {
    slots: Arc<Semaphore>,
    /// Verified against where there is no account, so that the time of an answer does not tell.
    nobody: String,
}

impl Passwords {
    pub(super) fn new() -> Result<Self, AccountError> {
        Ok(Self { slots: Arc::new(Semaphore::new(2)), nobody: hash_now("nobody has this password")? })
    }

    pub(super) async fn hash(&self, password: String) -> Result<String, AccountError> {
        self.blocking(move || hash_now(&password)).await?
    }

    /// Whether the password is the one of the hash; never for `None`, in the same time.
    pub(super) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, AccountError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        self.blocking(move || {
            let parsed = PasswordHash::new(&hash).map_err(|e| AccountError::Crypto(e.to_string()))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
        })
        .await?
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccountError> {
        let slot = Arc::clone(&self.slots).acquire_owned().await.expect("the semaphore is never closed");
        tokio::task::spawn_blocking(move || {
            let _slot = slot;
            work()
        })
        .await
        .map_err(|e| AccountError::Crypto(e.to_string()))
    }
}

fn hash_now(password: &str) -> Result<String, AccountError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| AccountError::Crypto(e.to_string()))
}

/// Looking at a password takes a while, in which it may have been changed, or the account been shut: that has ended all
/// sessions that there were, and nothing is begun by what no longer holds. None where it does not.
pub(super) async fn still_as_verified(
    tx: &mut Transaction<'_, Sqlite>,
    verified: AccountRow,
) -> sqlx::Result<Option<AccountRow>> {
    let now = queries::account_by_id(&mut **tx, &verified.id).await?;
    Ok(now.filter(|now| !now.disabled && now.password_hash == verified.password_hash))
}

#[cfg(test)]
mod tests {
    use longshore_api::web::people::AccountKind;

    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn what_was_verified_holds_until_the_password_is_another() {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(data.path()).await.unwrap();
        let mut mia = AccountRow::new("mia".to_owned(), "Mia".to_owned(), AccountKind::Person);
        mia.password_hash = "the first".to_owned();
        let mut tx = store.begin().await.unwrap();
        queries::create_account(&mut tx, &mia, "mia", 0).await.unwrap();
        let seen = async |tx: &mut Transaction<'_, Sqlite>| {
            queries::account_by_name(&mut **tx, "mia").await.unwrap().expect("she is there")
        };
        let verified = seen(&mut tx).await;
        assert!(still_as_verified(&mut tx, verified).await.unwrap().is_some());
        // While the next sign-in looks at it.
        let verified = seen(&mut tx).await;
        queries::set_password(&mut tx, &mia.id, "the second").await.unwrap();
        assert!(still_as_verified(&mut tx, verified).await.unwrap().is_none());
        let verified = seen(&mut tx).await;
        assert!(still_as_verified(&mut tx, verified).await.unwrap().is_some());
    }
}
