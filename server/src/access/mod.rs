//! Who may do what. One policy function ([`Access::require`]), one door for changes ([`Access::operate`]), and nothing
//! that reaches an engine or a table without what they hand out.

mod admit;
mod audit;
mod principal;
mod rights;

pub use admit::{Credential, Need, admit};
pub use audit::Outcome;
pub use principal::{Door, Principal};
pub use rights::Rights;

use std::future::Future;

use http::StatusCode;
use longshore_api::{ops::Permission, words::say};

use crate::{fault::Fault, store::Store};

/// What a permission is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The caller's own account.
    Account,
    /// The server as a whole.
    Longshore,
    /// A host, by slug.
    Host(String),
    /// An object on a host.
    Object {
        /// The host's slug.
        host: String,
        /// What it is called in the audit log: `container web`.
        name: String,
    },
}

impl Target {
    fn host(&self) -> Option<&str> {
        match self {
            Self::Account | Self::Longshore => None,
            Self::Host(host) | Self::Object { host, .. } => Some(host),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Account => "account",
            Self::Longshore => "longshore",
            Self::Host(host) => host,
            Self::Object { name, .. } => name,
        }
    }
}

/// A passed check: who, what for, on what, for which request. Only [`Access::require`] makes one.
#[derive(Clone, Debug)]
pub struct Pass {
    principal: Principal,
    permission: Option<Permission>,
    target: Target,
    request_id: String,
}

impl Pass {
    /// Who passed.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The request that asked.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }
}

/// Shown to an engine's line in order to call it. Only [`Access::operate`] and [`Access::read`] make one, so nothing
/// can reach an engine unasked.
pub struct Permit(());

/// The policy, the door for changes, and the memory of who did what.
pub struct Access {
    store: Store,
    /// Rises whenever anything about rights or sessions changes.
    pub rights: Rights,
}

impl Access {
    /// Over the tables of accounts and audit.
    pub fn new(store: Store) -> Self {
        Self { store, rights: Rights::new() }
    }

    /// The one policy function. `None` as permission means one's own account. Whoever is no administrator has no
    /// grant yet, so the default denies.
    pub fn require(
        &self,
        principal: &Principal,
        permission: Option<Permission>,
        target: Target,
        request_id: &str,
    ) -> Result<Pass, Fault> {
        let allowed = match (permission, &target) {
            (None, Target::Account) => true,
            (None, _) => false,
            (Some(_), _) => principal.administrator,
        };
        if allowed {
            return Ok(Pass {
                principal: principal.clone(),
                permission,
                target,
                request_id: request_id.to_owned(),
            });
        }
        // Who has no right at all on a host may not know of it.
        Err(match target.host() {
            Some(host) => Fault::not_found(say::host_unknown(host)),
            None => Fault::new(
                StatusCode::FORBIDDEN,
                say::permission_missing("Longshore", permission.map_or("-", Permission::code)),
            ),
        })
    }

    /// The same pass for an object of the same host.
    pub fn narrow(&self, pass: &Pass, name: String) -> Result<Pass, Fault> {
        let host = pass.target.host().unwrap_or_default().to_owned();
        self.require(&pass.principal, pass.permission, Target::Object { host, name }, &pass.request_id)
    }

    /// The way to a call that changes nothing.
    pub fn read(&self, _pass: &Pass) -> Permit {
        Permit(())
    }

    /// The one door for changes. The audit row is written before anything happens, so that a database that takes no
    /// row means no change; its outcome follows.
    pub async fn operate<T, F>(
        &self,
        pass: &Pass,
        operation: &'static str,
        act: impl FnOnce(Permit) -> F,
    ) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
        T: Outcome,
    {
        let row = audit::intend(&self.store, pass, operation).await?;
        let result = act(Permit(())).await;
        let status = match &result {
            Ok(done) => done.status(),
            Err(fault) => fault.status().as_u16(),
        };
        // The change has happened, whatever becomes of this row: it stays 'intended' then, which says just that.
        if let Err(error) = audit::complete(&self.store, &row, status).await {
            tracing::error!(request.id = pass.request_id, operation, %error, "the outcome of a change was not recorded");
        }
        result
    }

    /// At start: changes during which the server ended have an unknown outcome.
    pub async fn sweep(&self) -> sqlx::Result<u64> {
        audit::sweep(&self.store).await
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn a_database_that_takes_no_row_means_no_change() {
        let data = tempfile::tempdir().expect("a folder");
        let store = Store::open(data.path()).await.expect("a database");
        let access = Access::new(store.clone());
        let someone = Principal::of_machine("mara".to_owned());
        let target = Target::Host("quay".to_owned());
        let pass = access.require(&someone, Some(Permission::Operate), target, "r1").expect("a pass");
        store.refuse_writes().await;
        let called = Cell::new(false);
        let act = |_| async {
            called.set(true);
            Ok(())
        };
        let refused = access.operate(&pass, "container-stop", act).await.expect_err("nothing is written");
        assert_eq!(refused.status(), StatusCode::INSUFFICIENT_STORAGE);
        assert_eq!(refused.sentence().code, "store-unwritable");
        assert!(!called.get(), "the engine was called all the same");
        store.check().await.expect("questions go on");
    }

    #[tokio::test]
    async fn a_change_has_one_row_with_its_outcome() {
        let data = tempfile::tempdir().expect("a folder");
        let store = Store::open(data.path()).await.expect("a database");
        let access = Access::new(store.clone());
        let someone = Principal::of_machine("mara".to_owned());
        let pass = access.require(&someone, None, Target::Account, "r1").expect("a pass");
        access.operate(&pass, "key-create", async |_| Ok(())).await.expect("a change");
        let failing = async |_| Err::<(), _>(Fault::not_found(say::key_unknown()));
        access.operate(&pass, "key-delete", failing).await.expect_err("a failure");
        let rows: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT operation, outcome, status FROM audit ORDER BY id")
                .fetch_all(store.read())
                .await
                .expect("rows");
        let expected = [("key-create", "done", 204), ("key-delete", "failed", 404)];
        let expected = expected.map(|(operation, outcome, n)| (operation.to_owned(), outcome.to_owned(), n));
        assert_eq!(rows, expected);
    }
}
