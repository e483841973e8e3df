//! Every SQL text on ownership.

use std::collections::HashMap;

use longshore_api::web::access::Sharing;
use sqlx::{Sqlite, SqliteExecutor, Transaction};

use super::{Key, Owned};
use crate::store::{Store, now};

/// The one kind there is so far.
const CONTAINER: &str = "container";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    host: String,
    stack: String,
    name: String,
    account_id: Option<String>,
    sharing: String,
}

/// Everything that is owned.
pub(super) async fn all(store: &Store) -> sqlx::Result<Vec<Owned>> {
    let mut tx = store.read().begin().await?;
    let rows: Vec<Row> =
        sqlx::query_as("SELECT id, host, stack, name, account_id, sharing FROM ownership WHERE kind = $1")
            .bind(CONTAINER)
            .fetch_all(&mut *tx)
            .await?;
    let of_teams: Vec<(String, String)> =
        sqlx::query_as("SELECT ownership_id, team_id FROM ownership_team ORDER BY team_id")
            .fetch_all(&mut *tx)
            .await?;
    let mut teams: HashMap<String, Vec<String>> = HashMap::new();
    for (owned, team) in of_teams {
        teams.entry(owned).or_default().push(team);
    }
    let owned = |row: Row| Owned {
        teams: teams.remove(&row.id).unwrap_or_default(),
        id: row.id,
        host: row.host,
        key: Key { stack: row.stack, name: row.name },
        account: row.account_id,
        sharing: Sharing::of(&row.sharing),
    };
    Ok(rows.into_iter().map(owned).collect())
}

/// The things that are there: host, full id, row.
pub(super) async fn live(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<(String, String, String)>> {
    sqlx::query_as("SELECT host, object_id, ownership_id FROM ownership_live").fetch_all(db).await
}

/// A thing is there. Nothing is written if what it is given by is gone meanwhile.
pub(super) async fn note(store: &Store, host: &str, object: &str, owned: &str) -> sqlx::Result<()> {
    let mut tx = store.begin().await?;
    sqlx::query(
        "INSERT INTO ownership_live (host, object_id, ownership_id)
         SELECT $1, $2, id FROM ownership WHERE id = $3
         ON CONFLICT (host, object_id) DO UPDATE SET ownership_id = $3",
    )
    .bind(host)
    .bind(object)
    .bind(owned)
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// A thing is gone.
pub(super) async fn forget(store: &Store, host: &str, object: &str) -> sqlx::Result<()> {
    let mut tx = store.begin().await?;
    sqlx::query("DELETE FROM ownership_live WHERE host = $1 AND object_id = $2")
        .bind(host)
        .bind(object)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Gives a key, or gives it to others.
pub(super) async fn give(tx: &mut Transaction<'_, Sqlite>, owned: &Owned) -> sqlx::Result<()> {
    let id: String = sqlx::query_scalar(
        "INSERT INTO ownership (id, host, kind, stack, name, account_id, sharing, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (host, kind, stack, name) DO UPDATE SET account_id = $6, sharing = $7
         RETURNING id",
    )
    .bind(&owned.id)
    .bind(&owned.host)
    .bind(CONTAINER)
    .bind(&owned.key.stack)
    .bind(&owned.key.name)
    .bind(&owned.account)
    .bind(owned.sharing.code())
    .bind(now())
    .fetch_one(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM ownership_team WHERE ownership_id = $1").bind(&id).execute(&mut **tx).await?;
    for team in &owned.teams {
        sqlx::query(
            "INSERT INTO ownership_team (ownership_id, team_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(&id)
        .bind(team)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Gives a key back to the managers: whoever makes something of that name starts anew.
pub(super) async fn release(tx: &mut Transaction<'_, Sqlite>, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM ownership WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Moves what is given to another key; whether that one was free.
pub(super) async fn move_to(tx: &mut Transaction<'_, Sqlite>, id: &str, key: &Key) -> sqlx::Result<bool> {
    let moved = sqlx::query("UPDATE OR IGNORE ownership SET stack = $1, name = $2 WHERE id = $3")
        .bind(&key.stack)
        .bind(&key.name)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(moved.rows_affected() > 0)
}
