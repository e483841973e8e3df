//! Giving, and saying whose a thing is.

use std::sync::Arc;

use longshore_api::web::access::{Access, GiveAccess, Sharing, TeamName};

use super::{Key, Owned, Owners, error::OwnershipError, queries};
use crate::{
    access::Change,
    accounts::Accounts,
    store::{Store, new_id},
};

/// Whose a key is, as somebody who may see its thing is told.
pub async fn told(
    accounts: &Accounts,
    owned: Option<Arc<Owned>>,
    key: Key,
    may_change: bool,
) -> Result<Access, OwnershipError> {
    let Key { stack, name } = owned.as_ref().map_or(key, |owned| owned.key.clone());
    let mut access =
        Access { stack: (!stack.is_empty()).then_some(stack), name, may_change, ..Access::default() };
    let Some(owned) = owned else { return Ok(access) };
    access.sharing = owned.sharing;
    access.owner = match &owned.account {
        Some(id) => accounts.name_of_account(id).await?,
        None => None,
    };
    for id in &owned.teams {
        // One that ended meanwhile shares nothing.
        if let Some(name) = accounts.name_of_team(id).await? {
            access.teams.push(TeamName { id: id.clone(), name });
        }
    }
    Ok(access)
}

/// Gives a key: to an owner, to those it is shared with. Given to nobody and shared with nobody, it is the managers' again.
pub async fn give(
    _: &Change,
    (store, owners, accounts): (&Store, &Owners, &Accounts),
    host: &str,
    (now, key): (Option<Arc<Owned>>, Key),
    wish: GiveAccess,
) -> Result<(), OwnershipError> {
    let account = match wish.owner.as_deref().filter(|name| !name.is_empty()) {
        Some(name) => Some(accounts.id_of_name(name).await?.ok_or(OwnershipError::AccountUnknown)?),
        None => None,
    };
    let teams = if wish.sharing == Sharing::Teams { wish.teams } else { Vec::new() };
    for id in &teams {
        accounts.name_of_team(id).await?.ok_or(OwnershipError::TeamUnknown)?;
    }
    let sharing =
        if teams.is_empty() && wish.sharing == Sharing::Teams { Sharing::Private } else { wish.sharing };
    let key = now.as_ref().map_or(key, |owned| owned.key.clone());
    let owned = Owned {
        id: now.map_or_else(new_id, |owned| owned.id.clone()),
        host: host.to_owned(),
        key,
        account,
        sharing,
        teams,
    };
    let mut tx = store.begin().await?;
    if owned.account.is_none() && owned.sharing == Sharing::Private {
        queries::release(&mut tx, &owned.id).await?;
    } else {
        queries::give(&mut tx, &owned).await?;
    }
    tx.commit().await?;
    owners.fill(queries::all(store).await?);
    Ok(())
}

/// A thing of ours gets another name: what it is given by goes with it. Refused where that name is given to somebody
/// already; a thing of a stack's service is given by the service, whatever its name.
pub async fn rename(
    (store, owners): (&Store, &Owners),
    host: &str,
    object: &str,
    (old, new): (&Key, &Key),
    rename: impl AsyncFnOnce() -> Result<(), crate::fault::Fault>,
) -> Result<(), crate::fault::Fault> {
    if old == new {
        return rename().await;
    }
    if owners.of_key(host, new).is_some() {
        return Err(OwnershipError::Held.into());
    }
    rename().await?;
    if let Some(owned) = owners.of(host, object).filter(|owned| owned.key == *old) {
        let moved = async {
            let mut tx = store.begin().await?;
            queries::move_to(&mut tx, &owned.id, new).await?;
            tx.commit().await?;
            owners.fill(queries::all(store).await?);
            Ok::<(), sqlx::Error>(())
        };
        moved.await.map_err(OwnershipError::from)?;
    }
    Ok(())
}
