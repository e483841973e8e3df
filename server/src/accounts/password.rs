//! Password hashing (argon2id, its authors' defaults), off the threads that serve.

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use super::AccountError;

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
