//! Every SQL text on providers, whom accounts are there, what their mappings have given, and who signs in by password.

use longshore_api::{
    ops::Role,
    web::oidc::{Gives, Identity, Mapping, Provider, WayIn},
};
use sqlx::{Sqlite, SqliteExecutor, Transaction};

#[derive(sqlx::FromRow)]
pub(super) struct ProviderRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) issuer: String,
    pub(super) client_id: String,
    /// Sealed for the provider; empty where there is none.
    pub(super) client_secret: String,
    pub(super) scopes: String,
    pub(super) groups_claim: String,
    pub(super) makes_accounts: bool,
    pub(super) redirects: bool,
    pub(super) created_at: i64,
}

#[derive(sqlx::FromRow)]
struct MappingRow {
    provider_id: String,
    value: String,
    team_id: Option<String>,
    role: Option<String>,
}

impl MappingRow {
    /// None for a role that this build does not know: it gives nothing here.
    fn mapping(self) -> Option<Mapping> {
        let gives = match (self.team_id, self.role) {
            (Some(team), _) => Gives::Team(team),
            (None, Some(role)) => Gives::Role(Role::of(&role)?),
            (None, None) => return None,
        };
        Some(Mapping { value: self.value, gives })
    }
}

pub(super) async fn provider(db: impl SqliteExecutor<'_>, id: &str) -> sqlx::Result<Option<ProviderRow>> {
    sqlx::query_as(
        "SELECT id, name, issuer, client_id, client_secret, scopes, groups_claim, makes_accounts, redirects, created_at
         FROM oidc_provider WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

pub(super) async fn mappings_of(db: impl SqliteExecutor<'_>, provider: &str) -> sqlx::Result<Vec<Mapping>> {
    let rows: Vec<MappingRow> = sqlx::query_as(
        "SELECT provider_id, value, team_id, role FROM oidc_mapping WHERE provider_id = $1 ORDER BY place",
    )
    .bind(provider)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(MappingRow::mapping).collect())
}

/// All providers by name, with their mappings.
pub(super) async fn providers(tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<Vec<Provider>> {
    let rows: Vec<ProviderRow> = sqlx::query_as(
        "SELECT id, name, issuer, client_id, client_secret, scopes, groups_claim, makes_accounts, redirects, created_at
         FROM oidc_provider ORDER BY name_folded",
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut mappings: Vec<MappingRow> =
        sqlx::query_as("SELECT provider_id, value, team_id, role FROM oidc_mapping ORDER BY place")
            .fetch_all(&mut **tx)
            .await?;
    let counts: Vec<(String, i64)> =
        sqlx::query_as("SELECT issuer, COUNT(*) FROM oidc_identity GROUP BY issuer")
            .fetch_all(&mut **tx)
            .await?;
    let mut providers = Vec::with_capacity(rows.len());
    for row in rows {
        let (own, others) = mappings.into_iter().partition(|mapping| mapping.provider_id == row.id);
        mappings = others;
        let own: Vec<MappingRow> = own;
        let accounts = counts.iter().find(|(issuer, _)| *issuer == row.issuer).map_or(0, |(_, n)| *n);
        providers.push(Provider {
            has_secret: !row.client_secret.is_empty(),
            mappings: own.into_iter().filter_map(MappingRow::mapping).collect(),
            accounts: u32::try_from(accounts).unwrap_or(u32::MAX),
            id: row.id,
            name: row.name,
            issuer: row.issuer,
            client_id: row.client_id,
            scopes: row.scopes,
            groups_claim: row.groups_claim,
            makes_accounts: row.makes_accounts,
            redirects: row.redirects,
            created_at: row.created_at,
        });
    }
    Ok(providers)
}

/// What the sign-in page shows, by name.
pub(super) async fn ways_in(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<WayIn>> {
    let rows: Vec<(String, String, bool)> =
        sqlx::query_as("SELECT id, name, redirects FROM oidc_provider ORDER BY name_folded")
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(|(id, name, redirects)| WayIn { id, name, redirects }).collect())
}

/// Whether name and issuer are free for this provider: of whichever is not, false.
pub(super) async fn is_free(
    db: impl SqliteExecutor<'_>,
    id: &str,
    folded: &str,
    issuer: &str,
) -> sqlx::Result<(bool, bool)> {
    let (names, issuers): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*) FILTER (WHERE name_folded = $2), COUNT(*) FILTER (WHERE issuer = $3)
         FROM oidc_provider WHERE id <> $1",
    )
    .bind(id)
    .bind(folded)
    .bind(issuer)
    .fetch_one(db)
    .await?;
    Ok((names == 0, issuers == 0))
}

/// Makes a provider, or changes it.
pub(super) async fn put_provider(
    tx: &mut Transaction<'_, Sqlite>,
    row: &ProviderRow,
    folded: &str,
    mappings: &[Mapping],
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO oidc_provider (id, name, name_folded, issuer, client_id, client_secret, scopes, groups_claim,
                                    makes_accounts, redirects, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id) DO UPDATE SET name = $2, name_folded = $3, issuer = $4, client_id = $5, client_secret = $6,
             scopes = $7, groups_claim = $8, makes_accounts = $9, redirects = $10",
    )
    .bind(&row.id)
    .bind(&row.name)
    .bind(folded)
    .bind(&row.issuer)
    .bind(&row.client_id)
    .bind(&row.client_secret)
    .bind(&row.scopes)
    .bind(&row.groups_claim)
    .bind(row.makes_accounts)
    .bind(row.redirects)
    .bind(row.created_at)
    .execute(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM oidc_mapping WHERE provider_id = $1").bind(&row.id).execute(&mut **tx).await?;
    for (place, mapping) in (0_i64..).zip(mappings) {
        let (team, role) = match &mapping.gives {
            Gives::Team(team) => (Some(team), None),
            Gives::Role(role) => (None, Some(role.code())),
        };
        sqlx::query(
            "INSERT INTO oidc_mapping (provider_id, place, value, team_id, role) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&row.id)
        .bind(place)
        .bind(&mapping.value)
        .bind(team)
        .bind(role)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Takes back what mappings of a provider have given: to everybody or one account, everything or only this.
pub(super) async fn take_back(
    tx: &mut Transaction<'_, Sqlite>,
    provider: &str,
    account: Option<&str>,
    only: Option<&Gives>,
) -> sqlx::Result<()> {
    let (team, role) = match only {
        None => (None, None),
        Some(Gives::Team(team)) => (Some(team.as_str()), None),
        Some(Gives::Role(role)) => (None, Some(role.code())),
    };
    // A row of what was given is a place in a team or a grant. The grant takes its row along.
    for text in [
        "DELETE FROM team_member WHERE EXISTS (
             SELECT 1 FROM oidc_given g WHERE g.provider_id = $1 AND g.team_id = team_member.team_id
               AND g.account_id = team_member.account_id AND ($4 OR g.team_id = $2)
               AND ($5 IS NULL OR g.account_id = $5))",
        "DELETE FROM oidc_given WHERE provider_id = $1 AND team_id IS NOT NULL AND ($4 OR team_id = $2)
               AND ($5 IS NULL OR account_id = $5)",
        "DELETE FROM role_grant WHERE ($4 OR role = $3) AND id IN (
             SELECT grant_id FROM oidc_given WHERE provider_id = $1 AND ($5 IS NULL OR account_id = $5))",
    ] {
        sqlx::query(text)
            .bind(provider)
            .bind(team)
            .bind(role)
            .bind(only.is_none())
            .bind(account)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Ends the sessions of everybody whom a provider's issuer, as it stands, can name, and sign-ins through it that are half
/// done.
pub(super) async fn end_sessions_through(
    tx: &mut Transaction<'_, Sqlite>,
    provider: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "DELETE FROM session WHERE account_id IN (
             SELECT i.account_id FROM oidc_identity i JOIN oidc_provider p ON p.issuer = i.issuer WHERE p.id = $1)",
    )
    .bind(provider)
    .execute(&mut **tx)
    .await?;
    end_steps_through(tx, provider, None).await
}

/// Removes a provider with all that its mappings gave. Whoever signed in through it does not any more; whom they are there
/// stays known.
pub(super) async fn delete_provider(tx: &mut Transaction<'_, Sqlite>, id: &str) -> sqlx::Result<bool> {
    take_back(tx, id, None, None).await?;
    end_sessions_through(tx, id).await?;
    let gone = sqlx::query("DELETE FROM oidc_provider WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(gone.rows_affected() > 0)
}

/// The account that somebody of an issuer is.
pub(super) async fn account_of(
    db: impl SqliteExecutor<'_>,
    issuer: &str,
    subject: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT account_id FROM oidc_identity WHERE issuer = $1 AND subject = $2")
        .bind(issuer)
        .bind(subject)
        .fetch_optional(db)
        .await
}

/// Binds an account to somebody of an issuer. False where either is bound already.
pub(super) async fn bind(
    tx: &mut Transaction<'_, Sqlite>,
    issuer: &str,
    subject: &str,
    account_id: &str,
    at: i64,
) -> sqlx::Result<bool> {
    let bound = sqlx::query(
        "INSERT INTO oidc_identity (issuer, subject, account_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(issuer)
    .bind(subject)
    .bind(account_id)
    .bind(at)
    .execute(&mut **tx)
    .await?;
    Ok(bound.rows_affected() > 0)
}

/// Every provider, with since when an account is bound to it.
pub(super) async fn identities_of(
    db: impl SqliteExecutor<'_>,
    account_id: &str,
) -> sqlx::Result<Vec<Identity>> {
    let rows: Vec<(String, String, Option<i64>)> = sqlx::query_as(
        "SELECT p.id, p.name, i.created_at FROM oidc_provider p
         LEFT JOIN oidc_identity i ON i.issuer = p.issuer AND i.account_id = $1 ORDER BY p.name_folded",
    )
    .bind(account_id)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(provider, name, since)| Identity { provider, name, since }).collect())
}

/// Forgets sign-ins through a provider that are half done: of everybody, or of one account. What they were told of groups
/// is of another time.
pub(super) async fn end_steps_through(
    tx: &mut Transaction<'_, Sqlite>,
    provider: &str,
    account: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sign_in_step WHERE provider_id = $1 AND ($2 IS NULL OR account_id = $2)")
        .bind(provider)
        .bind(account)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Unbinds an account from whom it is at a provider. Whether it was bound.
pub(super) async fn unbind(
    tx: &mut Transaction<'_, Sqlite>,
    provider: &str,
    account_id: &str,
) -> sqlx::Result<bool> {
    let gone = sqlx::query(
        "DELETE FROM oidc_identity WHERE account_id = $2 AND issuer = (
             SELECT issuer FROM oidc_provider WHERE id = $1)",
    )
    .bind(provider)
    .bind(account_id)
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected() > 0)
}

/// Notes that a sign-in which is half done has come by a provider, and what that said of the person's groups.
pub(super) async fn note_step(
    tx: &mut Transaction<'_, Sqlite>,
    digest: &str,
    provider: &str,
    had: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE sign_in_step SET provider_id = $2, had = $3 WHERE digest = $1")
        .bind(digest)
        .bind(provider)
        .bind(had)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What a provider has given an account: teams, and grants with their roles.
#[derive(sqlx::FromRow)]
pub(super) struct GivenRow {
    pub(super) team_id: Option<String>,
    pub(super) grant_id: Option<String>,
    pub(super) role: Option<String>,
}

pub(super) async fn given(
    db: impl SqliteExecutor<'_>,
    provider: &str,
    account_id: &str,
) -> sqlx::Result<Vec<GivenRow>> {
    sqlx::query_as(
        "SELECT g.team_id, g.grant_id, r.role FROM oidc_given g LEFT JOIN role_grant r ON r.id = g.grant_id
         WHERE g.provider_id = $1 AND g.account_id = $2",
    )
    .bind(provider)
    .bind(account_id)
    .fetch_all(db)
    .await
}

/// Forgets what a provider has given an account; what holds is told anew by [`note_given`].
pub(super) async fn forget_given(
    tx: &mut Transaction<'_, Sqlite>,
    provider: &str,
    account_id: &str,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM oidc_given WHERE provider_id = $1 AND account_id = $2")
        .bind(provider)
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(super) async fn note_given(
    tx: &mut Transaction<'_, Sqlite>,
    provider: &str,
    account_id: &str,
    team: Option<&str>,
    grant: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO oidc_given (provider_id, account_id, team_id, grant_id) VALUES ($1, $2, $3, $4)",
    )
    .bind(provider)
    .bind(account_id)
    .bind(team)
    .bind(grant)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The id and the name of the only account that passwords let in.
pub(super) async fn passwords_only_for(
    db: impl SqliteExecutor<'_>,
) -> sqlx::Result<Option<(String, String)>> {
    sqlx::query_as("SELECT a.id, a.name FROM passwords_only_for p JOIN account a ON a.id = p.account_id")
        .fetch_optional(db)
        .await
}

/// Makes this the only account that passwords let in; none, and they let in everybody. Whether anything was closed before.
pub(super) async fn set_passwords_only_for(
    tx: &mut Transaction<'_, Sqlite>,
    account_id: Option<&str>,
) -> sqlx::Result<bool> {
    let gone = sqlx::query("DELETE FROM passwords_only_for").execute(&mut **tx).await?;
    if let Some(account_id) = account_id {
        // What came by a password is over, half done or done.
        for text in [
            "INSERT INTO passwords_only_for (account_id) VALUES ($1)",
            "DELETE FROM sign_in_step WHERE provider_id IS NULL AND account_id <> $1",
            "DELETE FROM session WHERE provider_id IS NULL AND account_id <> $1",
        ] {
            sqlx::query(text).bind(account_id).execute(&mut **tx).await?;
        }
    }
    Ok(gone.rows_affected() > 0)
}
