//! Every SQL text on stacks and their releases.

use longshore_api::web::stack::{ReleaseHead, ReleaseImage, ReleaseState};
use sqlx::{FromRow, SqliteConnection, SqliteExecutor};

/// A stack whose files we keep.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) host: String,
    pub(super) name: String,
    /// Who has written it down first; whose it is says its key.
    pub(super) account_id: String,
    /// The folder of its host that its files start from, where it was there before we kept them.
    pub(super) root: Option<String>,
    /// Whether it was taken down through us.
    pub(super) down: bool,
}

/// So many releases of a stack are kept.
const RELEASES_MAX: i64 = 200;
/// What they were made of has so many bytes together, sealed.
const SOURCES_MAX: i64 = 64 << 20;

/// A release, without what it was made of.
#[derive(FromRow)]
struct Row {
    number: i64,
    author: String,
    message: String,
    at: i64,
    state: String,
    job_id: String,
    images: String,
}

impl Row {
    fn head(self) -> ReleaseHead {
        ReleaseHead {
            number: u64::try_from(self.number).unwrap_or_default(),
            author: self.author,
            message: self.message,
            at: self.at,
            // A word of a newer build: all that is known is that it has ended.
            state: ReleaseState::from_code(&self.state).unwrap_or(ReleaseState::Failed),
            job: self.job_id,
            images: serde_json::from_str(&self.images).unwrap_or_default(),
        }
    }
}

/// A release that is written down.
pub(super) struct New<'a> {
    pub(super) id: &'a str,
    pub(super) stack: &'a Kept,
    pub(super) account_id: &'a str,
    pub(super) author: &'a str,
    pub(super) message: &'a str,
    pub(super) at: i64,
    pub(super) job_id: &'a str,
    /// Sealed.
    pub(super) source: &'a str,
}

/// All stacks, each with its newest release.
pub(super) async fn all(db: &mut SqliteConnection) -> sqlx::Result<Vec<(Kept, Option<ReleaseHead>)>> {
    let stacks: Vec<Kept> = sqlx::query_as("SELECT id, host, name, account_id, root, down FROM stack")
        .fetch_all(&mut *db)
        .await?;
    let mut all = Vec::with_capacity(stacks.len());
    for stack in stacks {
        let newest = releases(&mut *db, &stack.id, 1).await?.pop();
        all.push((stack, newest));
    }
    Ok(all)
}

/// Writes a stack down.
pub(super) async fn insert(db: impl SqliteExecutor<'_>, stack: &Kept, at: i64) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO stack (id, host, name, account_id, created_at, root, down) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&stack.id)
    .bind(&stack.host)
    .bind(&stack.name)
    .bind(&stack.account_id)
    .bind(at)
    .bind(&stack.root)
    .bind(stack.down)
    .execute(db)
    .await?;
    Ok(())
}

/// Whether a stack was taken down through us.
pub(super) async fn set_down(db: impl SqliteExecutor<'_>, id: &str, down: bool) -> sqlx::Result<()> {
    sqlx::query("UPDATE stack SET down = $1 WHERE id = $2").bind(down).bind(id).execute(db).await?;
    Ok(())
}

/// The number of the newest release that was applied whole.
pub(super) async fn newest_applied(db: impl SqliteExecutor<'_>, stack_id: &str) -> sqlx::Result<Option<u64>> {
    let number: Option<i64> =
        sqlx::query_scalar("SELECT MAX(number) FROM stack_release WHERE stack_id = $1 AND state = $2")
            .bind(stack_id)
            .bind(ReleaseState::Applied.code())
            .fetch_one(db)
            .await?;
    Ok(number.and_then(|number| u64::try_from(number).ok()))
}

/// Forgets a stack with its releases.
pub(super) async fn forget(db: &mut SqliteConnection, id: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM stack_release WHERE stack_id = $1").bind(id).execute(&mut *db).await?;
    sqlx::query("DELETE FROM stack WHERE id = $1").bind(id).execute(db).await?;
    Ok(())
}

/// Adds a release that is being applied, and returns its number. Old ones go.
pub(super) async fn add_release(db: &mut SqliteConnection, new: &New<'_>) -> sqlx::Result<u64> {
    let number: i64 =
        sqlx::query_scalar("SELECT COALESCE(MAX(number), 0) + 1 FROM stack_release WHERE stack_id = $1")
            .bind(&new.stack.id)
            .fetch_one(&mut *db)
            .await?;
    sqlx::query(
        "INSERT INTO stack_release
         (id, stack_id, number, account_id, author, message, at, state, job_id, source, images)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]')",
    )
    .bind(new.id)
    .bind(&new.stack.id)
    .bind(number)
    .bind(new.account_id)
    .bind(new.author)
    .bind(new.message)
    .bind(new.at)
    .bind(ReleaseState::Applying.code())
    .bind(new.job_id)
    .bind(new.source)
    .execute(&mut *db)
    .await?;
    forget_old(db, &new.stack.id).await?;
    Ok(u64::try_from(number).unwrap_or_default())
}

/// Forgets releases of a stack that are beyond the newest [`RELEASES_MAX`], or beyond [`SOURCES_MAX`] bytes of what the newer
/// ones were made of. The newest stays, and the newest that was applied whole: it is what is returned to.
async fn forget_old(db: &mut SqliteConnection, stack_id: &str) -> sqlx::Result<()> {
    let applied = newest_applied(&mut *db, stack_id).await?;
    sqlx::query(
        "DELETE FROM stack_release WHERE id IN (
             SELECT id FROM (
                 SELECT id, number, state,
                     ROW_NUMBER() OVER (ORDER BY number DESC) AS place,
                     SUM(LENGTH(source)) OVER (ORDER BY number DESC) AS bytes
                 FROM stack_release WHERE stack_id = $1
             )
             WHERE (place > $2 OR bytes > $3) AND place > 1 AND state <> $4 AND ($5 IS NULL OR number <> $5)
         )",
    )
    .bind(stack_id)
    .bind(RELEASES_MAX)
    .bind(SOURCES_MAX)
    .bind(ReleaseState::Applying.code())
    .bind(applied.and_then(|number| i64::try_from(number).ok()))
    .execute(db)
    .await?;
    Ok(())
}

/// What has become of a release.
pub(super) async fn end_release(
    db: impl SqliteExecutor<'_>,
    id: &str,
    state: ReleaseState,
    images: &[ReleaseImage],
) -> sqlx::Result<()> {
    let images = serde_json::to_string(images).unwrap_or_else(|_| "[]".to_owned());
    sqlx::query("UPDATE stack_release SET state = $1, images = $2 WHERE id = $3")
        .bind(state.code())
        .bind(images)
        .bind(id)
        .execute(db)
        .await?;
    Ok(())
}

/// The same where its images are not known.
pub(super) async fn settle_release(
    db: impl SqliteExecutor<'_>,
    id: &str,
    state: ReleaseState,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE stack_release SET state = $1 WHERE id = $2")
        .bind(state.code())
        .bind(id)
        .execute(db)
        .await?;
    Ok(())
}

/// Releases that say that they are being applied though no journal tells of it: the server ended before anything of them
/// was begun.
pub(super) async fn end_unbegun(db: impl SqliteExecutor<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE stack_release SET state = $1
         WHERE state = $2 AND job_id NOT IN (SELECT job_id FROM stack_apply)",
    )
    .bind(ReleaseState::Undone.code())
    .bind(ReleaseState::Applying.code())
    .execute(db)
    .await?;
    Ok(())
}

/// A release by its number.
pub(super) async fn head(
    db: impl SqliteExecutor<'_>,
    stack_id: &str,
    number: u64,
) -> sqlx::Result<Option<ReleaseHead>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT number, author, message, at, state, job_id, images FROM stack_release
         WHERE stack_id = $1 AND number = $2",
    )
    .bind(stack_id)
    .bind(i64::try_from(number).unwrap_or(i64::MAX))
    .fetch_optional(db)
    .await?;
    Ok(row.map(Row::head))
}

/// The releases of a stack, newest first, at most so many.
pub(super) async fn releases(
    db: impl SqliteExecutor<'_>,
    stack_id: &str,
    most: u32,
) -> sqlx::Result<Vec<ReleaseHead>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT number, author, message, at, state, job_id, images FROM stack_release
         WHERE stack_id = $1 ORDER BY number DESC LIMIT $2",
    )
    .bind(stack_id)
    .bind(most)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Row::head).collect())
}

/// A release by its number, the newest if none is named: its id and what it was made of, sealed.
pub(super) async fn source(
    db: impl SqliteExecutor<'_>,
    stack_id: &str,
    number: Option<u64>,
) -> sqlx::Result<Option<(String, String)>> {
    let number = number.map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    sqlx::query_as(
        "SELECT id, source FROM stack_release WHERE stack_id = $1 AND ($2 IS NULL OR number = $2)
         ORDER BY number DESC LIMIT 1",
    )
    .bind(stack_id)
    .bind(number)
    .fetch_optional(db)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    async fn kept(state: ReleaseState, count: u64, source: &str) -> Vec<u64> {
        let data = tempfile::tempdir().expect("a folder");
        let store = Store::open(data.path()).await.expect("a database");
        let text = str::to_owned;
        let stack = Kept {
            id: text("s"),
            host: text("local"),
            name: text("shop"),
            account_id: text("a"),
            root: None,
            down: false,
        };
        let mut tx = store.begin().await.expect("begun");
        insert(&mut *tx, &stack, 1).await.expect("written");
        for n in 1..=count {
            let id = n.to_string();
            let new = New {
                id: &id,
                stack: &stack,
                account_id: "a",
                author: "ada",
                message: "",
                at: 1,
                job_id: "j",
                source,
            };
            assert_eq!(add_release(&mut tx, &new).await.expect("added"), n);
            // The third is the only one that ever went well.
            let ended = if n == 3 { ReleaseState::Applied } else { state };
            end_release(&mut *tx, &id, ended, &[]).await.expect("ended");
        }
        let all = releases(&mut *tx, "s", 10_000).await.expect("read");
        all.into_iter().map(|head| head.number).collect()
    }

    #[tokio::test]
    async fn the_newest_releases_are_kept_and_the_newest_that_was_applied() {
        let numbers = kept(ReleaseState::Undone, 205, "sealed").await;
        assert_eq!((numbers.len(), numbers[0], numbers[199], numbers[200]), (201, 205, 6, 3));
        let numbers = kept(ReleaseState::Applied, 205, "sealed").await;
        assert_eq!((numbers.len(), numbers[0], numbers[199]), (200, 205, 6));
    }

    #[tokio::test]
    async fn what_releases_were_made_of_has_a_bound() {
        let large = "x".repeat(20 << 20);
        assert_eq!(kept(ReleaseState::Undone, 6, &large).await, [6, 5, 4, 3]);
        let alone = "x".repeat(usize::try_from(SOURCES_MAX).expect("fits") + 1);
        assert_eq!(kept(ReleaseState::Undone, 2, &alone).await, [2], "the newest stays, however large");
    }
}
