//! Every SQL text on providers, whom accounts are there, what their mappings have given, and who signs in by password.

mod given;
mod identities;

pub(super) use given::{forget_given, given, note_given, take_back};
pub(super) use identities::{
    account_of, bind, end_steps_through, identities_of, note_step, unbind, use_binding,
};

use longshore_api::{
    ops::Role,
    web::oidc::{Gives, Mapping, Provider, WayIn},
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

/// Whether there is a client secret.
pub(in super::super) async fn has_sealed(db: impl SqliteExecutor<'_>) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM oidc_provider WHERE client_secret <> '')")
        .fetch_one(db)
        .await
}

/// Forgets every client secret; of how many providers.
pub(in super::super) async fn forget_sealed(tx: &mut Transaction<'_, Sqlite>) -> sqlx::Result<u64> {
    let gone = sqlx::query("UPDATE oidc_provider SET client_secret = '' WHERE client_secret <> ''")
        .execute(&mut **tx)
        .await?;
    Ok(gone.rows_affected())
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
