//! Every SQL text on ownership.

use std::collections::HashMap;

use longshore_api::{ops::Kind, web::access::Sharing};
use sqlx::{Sqlite, SqliteExecutor, Transaction};

use super::{Key, Owned, key::KINDS};
use crate::store::{Store, now};

/// The kind of a code; a row of another is of a newer server.
fn kind_of(code: &str) -> Option<Kind> {
    KINDS.into_iter().find(|kind| kind.code() == code)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    host: String,
    kind: String,
    stack: String,
    name: String,
    account_id: Option<String>,
    sharing: String,
    passing: bool,
}

impl Row {
    fn owned(self, teams: Vec<String>) -> Option<Owned> {
        Some(Owned {
            teams,
            id: self.id,
            host: self.host,
            key: Key { kind: kind_of(&self.kind)?, stack: self.stack, name: self.name },
            account: self.account_id,
            sharing: Sharing::of(&self.sharing),
            passing: self.passing,
            claimed: None,
        })
    }
}

const COLUMNS: &str = "id, host, kind, stack, name, account_id, sharing, passing";

/// Everything that is owned.
pub(super) async fn all(store: &Store) -> sqlx::Result<Vec<Owned>> {
    let mut tx = store.read().begin().await?;
    let sql = format!("SELECT {COLUMNS} FROM ownership");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *tx).await?;
    let of_teams: Vec<(String, String)> =
        sqlx::query_as("SELECT ownership_id, team_id FROM ownership_team ORDER BY team_id")
            .fetch_all(&mut *tx)
            .await?;
    let mut teams: HashMap<String, Vec<String>> = HashMap::new();
    for (owned, team) in of_teams {
        teams.entry(owned).or_default().push(team);
    }
    let owned = |row: Row| {
        let teams = teams.remove(&row.id).unwrap_or_default();
        row.owned(teams)
    };
    Ok(rows.into_iter().filter_map(owned).collect())
}

/// A thing that is there: host, kind, full id, row.
pub(super) type Live = (String, Kind, String, String);

/// The things that are there.
pub(super) async fn live(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<Live>> {
    let rows: Vec<(String, String, String, String)> =
        sqlx::query_as("SELECT host, kind, object_id, ownership_id FROM ownership_thing")
            .fetch_all(db)
            .await?;
    let live = rows.into_iter().filter_map(|(host, kind, id, row)| Some((host, kind_of(&kind)?, id, row)));
    Ok(live.collect())
}

/// Names that containers of a service have had: host, name, row.
pub(super) async fn names(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<(String, String, String)>> {
    sqlx::query_as("SELECT host, name, ownership_id FROM ownership_name").fetch_all(db).await
}

/// So many names of one service are remembered.
const NAMES_EACH: i64 = 100;

/// A container of a service has this name; whether that is remembered: none is taken from another, and a service that has
/// had very many has enough.
pub(super) async fn remember(
    tx: &mut Transaction<'_, Sqlite>,
    (host, name): (&str, &str),
    owned: &str,
) -> sqlx::Result<bool> {
    let remembered = sqlx::query(
        "INSERT INTO ownership_name (host, name, ownership_id)
         SELECT $1, $2, id FROM ownership
         WHERE id = $3 AND (SELECT COUNT(*) FROM ownership_name WHERE ownership_id = $3) < $4
         ON CONFLICT (host, name) DO NOTHING",
    )
    .bind(host)
    .bind(name)
    .bind(owned)
    .bind(NAMES_EACH)
    .execute(&mut **tx)
    .await?;
    Ok(remembered.rows_affected() > 0)
}

/// A thing is there. Nothing is written if what it is given by is gone meanwhile.
pub(super) async fn note(
    tx: &mut Transaction<'_, Sqlite>,
    (host, kind, object): (&str, Kind, &str),
    owned: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO ownership_thing (host, kind, object_id, ownership_id)
         SELECT $1, $2, $3, id FROM ownership WHERE id = $4
         ON CONFLICT (host, kind, object_id) DO UPDATE SET ownership_id = $4",
    )
    .bind(host)
    .bind(kind.code())
    .bind(object)
    .bind(owned)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE ownership SET claimed = FALSE WHERE id = $1 AND claimed")
        .bind(owned)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A thing is gone, and with it the row that was to last as long as it.
pub(super) async fn forget(
    tx: &mut Transaction<'_, Sqlite>,
    (host, kind, object): (&str, Kind, &str),
    owned: &str,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM ownership_thing WHERE host = $1 AND kind = $2 AND object_id = $3")
        .bind(host)
        .bind(kind.code())
        .bind(object)
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "DELETE FROM ownership WHERE id = $1 AND passing
         AND NOT EXISTS (SELECT 1 FROM ownership_thing WHERE ownership_id = $1)",
    )
    .bind(owned)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Claims that an earlier run of the server left, of things that are not there.
pub(super) async fn sweep(store: &Store) -> sqlx::Result<()> {
    let mut tx = store.begin().await?;
    sqlx::query(
        "DELETE FROM ownership WHERE claimed AND passing
         AND NOT EXISTS (SELECT 1 FROM ownership_thing WHERE ownership_id = ownership.id)",
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// How many keys of an account there are; of nobody's, how many on a host.
pub(super) async fn count(
    tx: &mut Transaction<'_, Sqlite>,
    account: Option<&str>,
    host: &str,
) -> sqlx::Result<i64> {
    let sql = match account {
        Some(_) => "SELECT COUNT(*) FROM ownership WHERE account_id = $1",
        None => "SELECT COUNT(*) FROM ownership WHERE account_id IS $1 AND host = $2",
    };
    sqlx::query_scalar(sql).bind(account).bind(host).fetch_one(&mut **tx).await
}

/// Claims a key for a thing that is about to be made; whether it was nobody's.
pub(super) async fn claim(tx: &mut Transaction<'_, Sqlite>, owned: &Owned) -> sqlx::Result<bool> {
    let made = sqlx::query(
        "INSERT INTO ownership (id, host, kind, stack, name, account_id, sharing, created_at, passing, claimed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, TRUE)
         ON CONFLICT (host, kind, stack, name) DO NOTHING",
    )
    .bind(&owned.id)
    .bind(&owned.host)
    .bind(owned.key.kind.code())
    .bind(&owned.key.stack)
    .bind(&owned.key.name)
    .bind(&owned.account)
    .bind(owned.sharing.code())
    .bind(now())
    .bind(owned.passing)
    .execute(&mut **tx)
    .await?;
    share(tx, &owned.id, &owned.teams).await?;
    Ok(made.rows_affected() > 0)
}

/// Takes back a claim whose thing was not made; what was met under it meanwhile is not the claimer's.
pub(super) async fn unclaim(tx: &mut Transaction<'_, Sqlite>, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM ownership WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// The thing of a claim was made.
pub(super) async fn confirm(tx: &mut Transaction<'_, Sqlite>, id: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE ownership SET claimed = FALSE WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Gives a key, or gives it to others.
pub(super) async fn give(tx: &mut Transaction<'_, Sqlite>, owned: &Owned) -> sqlx::Result<()> {
    let id: String = sqlx::query_scalar(
        "INSERT INTO ownership (id, host, kind, stack, name, account_id, sharing, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (host, kind, stack, name) DO UPDATE SET account_id = $6, sharing = $7, claimed = FALSE
         RETURNING id",
    )
    .bind(&owned.id)
    .bind(&owned.host)
    .bind(owned.key.kind.code())
    .bind(&owned.key.stack)
    .bind(&owned.key.name)
    .bind(&owned.account)
    .bind(owned.sharing.code())
    .bind(now())
    .fetch_one(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM ownership_team WHERE ownership_id = $1").bind(&id).execute(&mut **tx).await?;
    share(tx, &id, &owned.teams).await
}

/// Nothing is shared by a row that is not there, nor with a team that is none.
async fn share(tx: &mut Transaction<'_, Sqlite>, id: &str, teams: &[String]) -> sqlx::Result<()> {
    for team in teams {
        sqlx::query(
            "INSERT INTO ownership_team (ownership_id, team_id)
             SELECT ownership.id, team.id FROM ownership, team WHERE ownership.id = $1 AND team.id = $2
             ON CONFLICT DO NOTHING",
        )
        .bind(id)
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
    let moved =
        sqlx::query("UPDATE OR IGNORE ownership SET stack = $1, name = $2, passing = FALSE WHERE id = $3")
            .bind(&key.stack)
            .bind(&key.name)
            .bind(id)
            .execute(&mut **tx)
            .await?;
    Ok(moved.rows_affected() > 0)
}
