//! Giving, and saying whose a thing is.

use std::{collections::HashMap, sync::Arc};

use longshore_api::{
    ops::Kind,
    web::access::{Access, NAMES_MAX, Names, OwnedName, ShareWith, Sharing, TeamName},
    words::say,
};

use super::{
    Key, Owned, Owners,
    error::OwnershipError,
    is_like_an_id,
    key::is_put_aside,
    queries,
    wish::{Owner, Wish},
};
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
        Some(id) => accounts.account_name_if_there(id).await?,
        None => None,
    };
    for id in &owned.teams {
        // One that ended meanwhile shares nothing.
        if let Some(name) = accounts.team_name_if_there(id).await? {
            access.teams.push(TeamName { id: id.clone(), name });
        }
    }
    Ok(access)
}

/// Names in order, each with whose it is: those of `mine` whose name, stack, owner or host has all words of `text`.
pub async fn names(
    accounts: &Accounts,
    mine: Vec<(Arc<Owned>, bool)>,
    text: &str,
) -> Result<Names, OwnershipError> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut called: HashMap<String, Option<String>> = HashMap::new();
    let mut found = Vec::new();
    for (owned, here) in mine {
        if let Some(id) = &owned.account
            && !called.contains_key(id)
        {
            called.insert(id.clone(), accounts.account_name_if_there(id).await?);
        }
        let owner = owned.account.as_ref().and_then(|id| called[id].clone()).unwrap_or_default();
        let texts = [&owned.key.name, &owned.key.stack, &owned.host, &owner].map(|text| text.to_lowercase());
        if words.iter().all(|word| texts.iter().any(|text| text.contains(word))) {
            found.push((owned, here));
        }
    }
    let place = |owned: &Owned| {
        let Owned { host, key, .. } = owned;
        (host.clone(), key.kind.code(), key.stack.clone(), key.name.clone())
    };
    found.sort_by_cached_key(|(owned, _)| place(owned));
    let more = found.len().saturating_sub(NAMES_MAX);
    let mut names = Vec::new();
    for (owned, here) in found.into_iter().take(NAMES_MAX) {
        let (id, host, kind) = (owned.id.clone(), owned.host.clone(), owned.key.kind.code().to_owned());
        let key = owned.key.clone();
        let access = told(accounts, Some(owned), key, true).await?;
        names.push(OwnedName { id, host, kind, here, access });
    }
    Ok(Names { names, more: u32::try_from(more).unwrap_or(u32::MAX) })
}

/// Gives a name back: it is free again, and what is there of it is the managers'.
pub async fn release(
    _: &Change,
    (store, owners): (&Store, &Owners),
    owned: &Owned,
) -> Result<(), OwnershipError> {
    let _changing = owners.changing().await;
    let mut tx = store.begin().await?;
    queries::release(&mut tx, &owned.id).await?;
    tx.commit().await?;
    owners.remove(&owned.id);
    Ok(())
}

/// Gives keys, each with what it is now: to an owner, to those they are shared with. Given to nobody and shared with nobody,
/// they are the managers' again.
pub async fn give(
    _: &Change,
    (store, owners, accounts): (&Store, &Owners, &Accounts),
    host: &str,
    keys: Vec<(Option<Arc<Owned>>, Key)>,
    Wish { owner, with: ShareWith { sharing, teams } }: Wish,
) -> Result<(), OwnershipError> {
    let account = match &owner {
        Owner::Is(Some(name)) => {
            Some(accounts.id_of_name(name).await?.ok_or(OwnershipError::AccountUnknown)?)
        }
        Owner::Is(None) | Owner::Stays => None,
    };
    let stays = matches!(owner, Owner::Stays);
    let teams = if sharing == Sharing::Teams { teams } else { Vec::new() };
    for id in &teams {
        accounts.team_name_if_there(id).await?.ok_or(OwnershipError::TeamUnknown)?;
    }
    let sharing = if teams.is_empty() && sharing == Sharing::Teams { Sharing::Private } else { sharing };
    let _changing = owners.changing().await;
    let mut tx = store.begin().await?;
    for (now, key) in keys {
        let before = now.as_ref().and_then(|owned| owned.account.clone());
        let owned = Owned {
            key: now.as_ref().map_or(key, |owned| owned.key.clone()),
            id: now.map_or_else(new_id, |owned| owned.id.clone()),
            host: host.to_owned(),
            account: if stays { before } else { account.clone() },
            sharing,
            teams: teams.clone(),
            passing: false,
            claimed: None,
        };
        if owned.account.is_none() && owned.sharing == Sharing::Private {
            queries::release(&mut tx, &owned.id).await?;
        } else {
            queries::give(&mut tx, &owned).await?;
        }
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
    if is_like_an_id(name) {
        return Err(Fault::bad_request(say::name_like_id(name)).at("name"));
    }
    let is_this = |other: &Owned| owned.as_ref().is_some_and(|owned| owned.id == other.id);
    let new = Key::named(Kind::Container, name);
    let holder = owners.holder(host, &new).filter(|other| !is_this(other));
    // A name of their own that nothing is called by any more gives way.
    let gives_way = |other: &Owned| {
        let is_theirs =
            owned.as_ref().is_some_and(|owned| owned.account.is_some() && owned.account == other.account);
        is_theirs && other.key == new && !owners.is_there(host, Kind::Container, &other.id)
    };
    if holder.as_ref().is_some_and(|other| !gives_way(other)) {
        return Err(OwnershipError::Held.into());
    }
    // Put aside by docker-compose it is still what it was; but by such a name nobody comes by another's.
    let stays = owned.as_ref().is_some_and(|owned| {
        !owned.key.stack.is_empty() || owned.key == Key::of_container(object, name, None, None)
    });
    if stays {
        rename().await?;
        if let Some(owned) = owned.filter(|_| !is_put_aside(name)) {
            owners.remember(store, &owned, name).await.map_err(OwnershipError::from)?;
        }
        return Ok(());
    }
    rename().await?;
    if let Some(owned) = owned {
        let moved = async {
            let _changing = owners.changing().await;
            let mut tx = store.begin().await?;
            if let Some(gone) = &holder {
                queries::release(&mut tx, &gone.id).await?;
            }
            if queries::move_to(&mut tx, &owned.id, &new).await? {
                tx.commit().await?;
                if let Some(gone) = &holder {
                    owners.remove(&gone.id);
                }
                owners.remove(&owned.id);
                owners.add(Owned { key: new, passing: false, ..Owned::clone(&owned) });
            }
            Ok::<(), sqlx::Error>(())
        };
        moved.await.map_err(OwnershipError::from)?;
    }
    Ok(())
}
