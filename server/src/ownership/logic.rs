//! Giving, and saying whose a thing is.

use std::sync::Arc;

use longshore_api::{
    ops::Kind,
    web::access::{Access, GiveAccess, Sharing, TeamName},
};

use super::{Key, Owned, Owners, error::OwnershipError, queries};
use crate::{
    access::Change,
    accounts::Accounts,
    fault::Fault,
    store::{Store, new_id},
};

/// Whose a key is, as somebody who may see its thing is told.
pub async fn told(
    accounts: &Accounts,
    owned: Option<Arc<Owned>>,
    key: Key,
    may_change: bool,
) -> Result<Access, OwnershipError> {
    let Key { stack, name, .. } = owned.as_ref().map_or(key, |owned| owned.key.clone());
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
        passing: false,
    };
    let _changing = owners.changing().await;
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

/// A container gets another name: what it is given by goes with it. Refused where that name is given to somebody already;
/// one of a stack's service is given by the service, whatever its name.
pub async fn rename(
    (store, owners): (&Store, &Owners),
    (host, object): (&str, &str),
    name: &str,
    rename: impl AsyncFnOnce() -> Result<(), Fault>,
) -> Result<(), Fault> {
    let owned = owners.of(host, Kind::Container, object);
    // Put aside by docker-compose it is still what it was; but by such a name nobody comes by another's.
    let stays = owned.as_ref().is_some_and(|owned| {
        !owned.key.stack.is_empty() || owned.key == Key::of_container(object, name, None, None)
    });
    if stays {
        return rename().await;
    }
    let new = Key::named(Kind::Container, name);
    if owners.of_key(host, &new).is_some() {
        return Err(OwnershipError::Held.into());
    }
    rename().await?;
    if let Some(owned) = owned {
        let moved = async {
            let _changing = owners.changing().await;
            let mut tx = store.begin().await?;
            if queries::move_to(&mut tx, &owned.id, &new).await? {
                tx.commit().await?;
                owners.remove(&owned.id);
                owners.add(Owned { key: new, passing: false, ..Owned::clone(&owned) });
            }
            Ok::<(), sqlx::Error>(())
        };
        moved.await.map_err(OwnershipError::from)?;
    }
    Ok(())
}
