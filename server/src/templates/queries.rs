//! Every SQL text on sources of templates and their files.

use longshore_api::sentence::Sentence;
use longshore_templates::web::Place;
use sqlx::{Sqlite, SqliteExecutor, Transaction};

/// A source without its files.
#[derive(Clone, Debug)]
pub(super) struct SourceRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) created_at: i64,
    pub(super) tried_at: Option<i64>,
    pub(super) read_at: Option<i64>,
    pub(super) trouble: Option<Sentence>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    place: String,
    created_at: i64,
    tried_at: Option<i64>,
    read_at: Option<i64>,
    trouble: Option<String>,
}

impl TryFrom<Row> for SourceRow {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let decoded = |error: serde_json::Error| sqlx::Error::Decode(Box::new(error));
        Ok(Self {
            place: serde_json::from_str(&row.place).map_err(decoded)?,
            trouble: row.trouble.map(|text| serde_json::from_str(&text)).transpose().map_err(decoded)?,
            id: row.id,
            name: row.name,
            created_at: row.created_at,
            tried_at: row.tried_at,
            read_at: row.read_at,
        })
    }
}

/// All of them, by name.
pub(super) async fn sources(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<SourceRow>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, name, place, created_at, tried_at, read_at, trouble FROM template_source ORDER BY name_folded",
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(SourceRow::try_from).collect()
}

/// Name and text of each file of a source.
pub(super) async fn files(db: impl SqliteExecutor<'_>, source: &str) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("SELECT name, text FROM template_file WHERE source_id = $1 ORDER BY name")
        .bind(source)
        .fetch_all(db)
        .await
}

/// Whether no other source is called so.
pub(super) async fn is_free(db: impl SqliteExecutor<'_>, id: &str, folded: &str) -> sqlx::Result<bool> {
    let others: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM template_source WHERE name_folded = $1 AND id <> $2")
            .bind(folded)
            .bind(id)
            .fetch_one(db)
            .await?;
    Ok(others == 0)
}

/// How many there are.
pub(super) async fn count(db: impl SqliteExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT COUNT(*) FROM template_source").fetch_one(db).await
}

/// Writes one down, in the place of what it was.
pub(super) async fn put(tx: &mut Transaction<'_, Sqlite>, row: &SourceRow, folded: &str) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO template_source (id, name, name_folded, place, created_at, tried_at, read_at, trouble)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET name = $2, name_folded = $3, place = $4, tried_at = $6, read_at = $7, trouble = $8",
    )
    .bind(&row.id)
    .bind(&row.name)
    .bind(folded)
    .bind(encoded(&row.place)?)
    .bind(row.created_at)
    .bind(row.tried_at)
    .bind(row.read_at)
    .bind(row.trouble.as_ref().map(encoded).transpose()?)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Says what became of a try to read one; false if it is gone.
pub(super) async fn tried(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    at: i64,
    trouble: Option<&Sentence>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE template_source SET tried_at = $2, trouble = $3,
         read_at = CASE WHEN $3 IS NULL THEN $2 ELSE read_at END WHERE id = $1",
    )
    .bind(id)
    .bind(at)
    .bind(trouble.map(encoded).transpose()?)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Puts files in the place of those that a source has.
pub(super) async fn put_files(
    tx: &mut Transaction<'_, Sqlite>,
    source: &str,
    files: &[(String, String)],
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM template_file WHERE source_id = $1").bind(source).execute(&mut **tx).await?;
    for (name, text) in files {
        sqlx::query("INSERT INTO template_file (source_id, name, text) VALUES ($1, $2, $3)")
            .bind(source)
            .bind(name)
            .bind(text)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Removes one with its files, and says whether there was one.
pub(super) async fn delete(tx: &mut Transaction<'_, Sqlite>, id: &str) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM template_source WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(done.rows_affected() > 0)
}

fn encoded(value: &impl serde::Serialize) -> sqlx::Result<String> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}
