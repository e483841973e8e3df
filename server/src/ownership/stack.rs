//! Whose a stack is whose files are kept, and what is made in it.
//!
//! It is owned by a key of its own: who may see it may read its files and change what they make. What is made in it is
//! whose the stack is, whoever makes it, and shared as the stack is: all of it, also what is made later.

use std::sync::Arc;

use http::StatusCode;
use longshore_api::{ops::Kind, web::access::Sharing, words::say};
use sqlx::{Sqlite, Transaction};

use super::{Key, Owned, claims::is_free, error::OwnershipError, queries};
use crate::{access::Pass, fault::Fault, house::House, store::new_id};

/// The key of a stack that is about to be written down for the first time: theirs who do it. One that a manager writes down
/// is whose all that is there of it is, shared as that is: they go on with their stack. Else it is the managers'.
/// Nothing is known of it until it was also [kept](StackKey::kept).
///
/// # Errors
/// It is somebody's already, or the database failed.
pub async fn claim_stack(
    house: &House,
    tx: &mut Transaction<'_, Sqlite>,
    pass: &Pass,
    stack: &str,
) -> Result<StackKey, Fault> {
    let (host, key) = (pass.host()?, Key::of_stack(stack));
    is_free(house, pass, host, (None, &key))?;
    if house.owners.of_key(host, &key).is_some() {
        return Ok(StackKey(None));
    }
    let who = pass.principal();
    let (account, sharing, teams) = if pass.manages() {
        let Some(of_all) = of_all(house, host, stack) else { return Ok(StackKey(None)) };
        (of_all.account.clone(), of_all.sharing, of_all.teams.clone())
    } else {
        house.owners.is_called(who.account_id(), who.name());
        (Some(who.account_id().to_owned()), Sharing::Private, Vec::new())
    };
    let owned = Owned {
        id: new_id(),
        host: host.to_owned(),
        key,
        account,
        sharing,
        teams,
        passing: false,
        claimed: None,
    };
    if !queries::claim(tx, &owned).await.map_err(OwnershipError::from)? {
        return Err(Fault::new(StatusCode::CONFLICT, say::stack_name_taken(stack)));
    }
    queries::confirm(tx, &owned.id).await.map_err(OwnershipError::from)?;
    Ok(StackKey(Some(owned)))
}

/// A key that is written down with its stack.
#[must_use]
pub struct StackKey(Option<Owned>);

impl StackKey {
    /// What was written is there.
    pub fn kept(self, house: &House) {
        if let Some(owned) = self.0 {
            house.owners.add(owned);
        }
    }
}

/// One of the services of a stack, which are all alike in whose they are and with whom they are shared.
fn of_all(house: &House, host: &str, stack: &str) -> Option<Arc<Owned>> {
    let all = house.owners.of_stack(host, stack);
    let first = all.first()?.clone();
    let is_alike = |it: &Arc<Owned>| {
        (&it.account, it.sharing, &it.teams) == (&first.account, first.sharing, &first.teams)
    };
    // Where nothing is there nobody goes on with anything: the name is left from a time before.
    let there = house.inventory.of_stack(host, stack);
    let is_owned = |id: &String| house.owners.of(host, Kind::Container, id).is_some();
    (!there.is_empty() && all.iter().all(is_alike) && there.iter().all(is_owned)).then_some(first)
}

/// Whose a stack is, where it is somebody's: the managers have no row, but where an account that had it has ended.
pub(super) fn of_stack(house: &House, host: &str, stack: &str) -> Option<Arc<Owned>> {
    let owned = house.owners.of_key(host, &Key::of_stack(stack));
    owned.filter(|owned| owned.account.is_some() || owned.sharing != Sharing::Private)
}

/// Gives the key of a stack back, whose files are forgotten: what is there of it stays whose it is.
///
/// # Errors
/// The database failed.
pub async fn release_stack(
    house: &House,
    tx: &mut Transaction<'_, Sqlite>,
    host: &str,
    stack: &str,
) -> sqlx::Result<Option<String>> {
    let Some(owned) = house.owners.of_key(host, &Key::of_stack(stack)) else { return Ok(None) };
    queries::release(tx, &owned.id).await?;
    Ok(Some(owned.id.clone()))
}
