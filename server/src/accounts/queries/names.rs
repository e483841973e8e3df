//! Names as they are compared, for all that is found by its name.

use sqlx::{Sqlite, SqliteExecutor, Transaction};

/// The SQL texts on a table whose rows are found by a folded name.
pub(in crate::accounts) struct Folded {
    all: &'static str,
    set: &'static str,
}

macro_rules! folded {
    ($table:literal) => {
        Folded {
            all: concat!("SELECT id, name, name_folded FROM ", $table),
            set: concat!(
                "UPDATE ",
                $table,
                " SET name_folded = $1 WHERE id = $2 AND NOT EXISTS (SELECT 1 FROM ",
                $table,
                " WHERE name_folded = $1)"
            ),
        }
    };
}

/// Every such table of ours.
pub(in crate::accounts) const FOLDED: [Folded; 4] =
    [folded!("account"), folded!("team"), folded!("host_group"), folded!("oidc_provider")];

impl Folded {
    /// Id, name, and how that is compared, of each row.
    pub(in crate::accounts) async fn all(
        &self,
        db: impl SqliteExecutor<'_>,
    ) -> sqlx::Result<Vec<(String, String, String)>> {
        sqlx::query_as(self.all).fetch_all(db).await
    }

    /// Has a row be compared otherwise. False where another one is compared so already.
    pub(in crate::accounts) async fn set(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        id: &str,
        folded: &str,
    ) -> sqlx::Result<bool> {
        let set = sqlx::query(self.set).bind(folded).bind(id).execute(&mut **tx).await?;
        Ok(set.rows_affected() > 0)
    }
}
