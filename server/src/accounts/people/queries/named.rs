//! What teams and host groups have in common: a name that no other of its kind has.

use sqlx::{Sqlite, SqliteExecutor, Transaction};

/// The SQL texts on one of the two tables.
pub(in crate::accounts::people) struct Named {
    create: &'static str,
    id_of: &'static str,
    name_of: &'static str,
    rename: &'static str,
    delete: &'static str,
}

macro_rules! named {
    ($table:literal) => {
        Named {
            create: concat!(
                "INSERT INTO ",
                $table,
                " (id, name, name_folded, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name_folded) DO NOTHING"
            ),
            id_of: concat!("SELECT id FROM ", $table, " WHERE name_folded = $1"),
            name_of: concat!("SELECT name FROM ", $table, " WHERE id = $1"),
            rename: concat!("UPDATE ", $table, " SET name = $1, name_folded = $2 WHERE id = $3"),
            delete: concat!("DELETE FROM ", $table, " WHERE id = $1"),
        }
    };
}

/// Teams.
pub(in crate::accounts::people) const TEAMS: Named = named!("team");
/// Host groups.
pub(in crate::accounts::people) const GROUPS: Named = named!("host_group");

impl Named {
    /// Whether the name was free.
    pub(in crate::accounts::people) async fn create(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        id: &str,
        name: &str,
        folded: &str,
        at: i64,
    ) -> sqlx::Result<bool> {
        let made =
            sqlx::query(self.create).bind(id).bind(name).bind(folded).bind(at).execute(&mut **tx).await?;
        Ok(made.rows_affected() > 0)
    }

    /// The id that goes by a name.
    pub(in crate::accounts::people) async fn id_of(
        &self,
        db: impl SqliteExecutor<'_>,
        folded: &str,
    ) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar(self.id_of).bind(folded).fetch_optional(db).await
    }

    /// The name of an id.
    pub(in crate::accounts::people) async fn name_of(
        &self,
        db: impl SqliteExecutor<'_>,
        id: &str,
    ) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar(self.name_of).bind(id).fetch_optional(db).await
    }

    /// Whether there was one of this id.
    pub(in crate::accounts::people) async fn rename(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        id: &str,
        name: &str,
        folded: &str,
    ) -> sqlx::Result<bool> {
        let done = sqlx::query(self.rename).bind(name).bind(folded).bind(id).execute(&mut **tx).await?;
        Ok(done.rows_affected() > 0)
    }

    /// Whether there was one of this id; what was given to it or on it goes with it.
    pub(in crate::accounts::people) async fn delete(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        id: &str,
    ) -> sqlx::Result<bool> {
        let gone = sqlx::query(self.delete).bind(id).execute(&mut **tx).await?;
        Ok(gone.rows_affected() > 0)
    }
}
