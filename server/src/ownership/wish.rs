//! To whom something is given, and with whom it is shared: all parts of it at once, where somebody gives them or has just
//! made them.

use http::StatusCode;
use longshore_api::{
    ops::Kind,
    web::access::{GiveAccess, ShareWith, Sharing},
    words::say,
};
use longshore_compose::labels;
use serde_json::Value;

use super::{Key, Owned, called, error::OwnershipError, logic, parts::Part};
use crate::{
    access::{Demand, Pass, Target},
    accounts::Accounts,
    fault::Fault,
    hosts::{INSPECTION_MAX, Question},
    house::House,
};

/// What is to become of keys.
#[derive(Clone)]
pub struct Wish {
    /// Whose they are.
    pub(super) owner: Owner,
    /// Who else may see what they name.
    pub(super) with: ShareWith,
}

/// Whose a key is to be.
#[derive(Clone)]
pub(super) enum Owner {
    /// That of this sign-in name; the managers' without one.
    Is(Option<String>),
    /// Whose it is.
    Stays,
}

impl From<GiveAccess> for Wish {
    fn from(GiveAccess { owner, sharing, teams }: GiveAccess) -> Self {
        let owner = owner.filter(|name| !name.is_empty());
        Self { owner: Owner::Is(owner), with: ShareWith { sharing, teams } }
    }
}

impl Wish {
    /// In a line of the audit log: `owner grace; teams Web, Ops`.
    pub(super) async fn said(&self, accounts: &Accounts) -> Result<String, Fault> {
        let owner = match &self.owner {
            Owner::Is(owner) => format!("owner {}; ", owner.as_deref().unwrap_or("nobody")),
            Owner::Stays => String::new(),
        };
        if self.with.sharing != Sharing::Teams {
            return Ok(format!("{owner}{}", self.with.sharing.code()));
        }
        let mut teams = Vec::with_capacity(self.with.teams.len());
        for team in &self.with.teams {
            teams.push(accounts.team_name_if_there(team).await?.unwrap_or_default());
        }
        Ok(format!("{owner}teams {}", teams.join(", ")))
    }

    /// Whoever does not manage the host keeps what is theirs, and shares it with teams of theirs: nobody is given what they
    /// did not ask for.
    pub(super) fn fair(&self, house: &House, pass: &Pass, owned: Option<&Owned>) -> Result<(), Fault> {
        let who = pass.principal();
        let before = owned.map(|owned| owned.teams.as_slice()).unwrap_or_default();
        let teams = self.with.teams.iter().all(|team| who.teams().contains(team) || before.contains(team));
        let owner = match &self.owner {
            Owner::Is(owner) => owner.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(who.name())),
            Owner::Stays => true,
        };
        if pass.manages() || (teams && owner) {
            return Ok(());
        }
        let fault = Fault::new(StatusCode::FORBIDDEN, say::give_fairly());
        house.access.refused(pass, &fault);
        Err(fault.at(if owner { "teams" } else { "owner" }))
    }
}

/// Gives all that whoever asks may give away; `name` is what the audit log calls the whole.
pub(super) async fn give_parts(
    house: &House,
    asked: &Pass,
    (host, name): (&str, &str),
    mut parts: Vec<Part>,
    wish: Wish,
) -> Result<(), Fault> {
    let may = |part: &Part| house.access.may(asked.principal(), Demand::Give, &part.target(host, name));
    // Where nothing may be given, the first says why.
    if parts.iter().any(may) {
        parts.retain(may);
    }
    let mut passed = None;
    for part in &parts {
        let target = part.target(host, name);
        let pass = house.access.require(asked.principal(), Demand::Give, target, asked.request_id())?;
        wish.fair(house, &pass, part.owned.as_deref())?;
        passed = Some(pass);
    }
    let pass = passed.ok_or_else(|| Fault::not_found(say::name_unknown()))?;
    let of_each = |part: &Part| format!("{} {}", part.key.kind.code(), part.key.name);
    let all = parts.iter().map(of_each).collect::<Vec<_>>().join(", ");
    let pass = pass.noting(format!("{}; {all}", wish.said(&house.accounts).await?));
    let give = async |change| {
        let rooms = (&house.store, &*house.owners, &*house.accounts);
        let keys = parts.iter().map(|part| (part.owned.clone(), part.key.clone())).collect();
        logic::give(&change, rooms, host, keys, wish).await?;
        let there = |part: &&Part| part.key.kind != Kind::Image && !part.object.is_empty();
        for Part { key, object, .. } in parts.iter().filter(there) {
            house.owners.meet(host, key.kind, object, || key.clone());
        }
        house.inventory.meet_all(host);
        called::given(house);
        Ok(())
    };
    house.access.change(&pass, "access-give", give).await
}

/// Whether somebody who is about to make things under these keys may share them so: asked before anything is made.
///
/// # Errors
/// A key is another's, or a team is none of theirs.
pub async fn may_share(house: &House, pass: &Pass, keys: &[Key], with: &ShareWith) -> Result<(), Fault> {
    let host = pass.host()?;
    let wish = Wish { owner: Owner::Stays, with: with.clone() };
    wish.fair(house, pass, None)?;
    for team in with.teams.iter().filter(|_| with.sharing == Sharing::Teams) {
        let there = house.accounts.team_name_if_there(team).await?;
        there.ok_or(OwnershipError::TeamUnknown)?;
    }
    for key in keys {
        // What is nobody's yet will be theirs.
        let Some(owned) = house.owners.of_key(host, key) else { continue };
        let target = Target::Name {
            host: host.to_owned(),
            id: owned.id.clone(),
            name: format!("{} {}", key.kind.code(), key.name),
        };
        house.access.require(pass.principal(), Demand::Give, target, pass.request_id())?;
    }
    Ok(())
}

/// Shares what has just been made: each with its kind, its full id and its own name; and the stack whose files are kept, if
/// it was made in one. Whose it is stays; `name` is what the audit log calls the whole.
pub async fn share_made(
    house: &House,
    pass: &Pass,
    (name, stack): (&str, Option<&str>),
    made: &[(Kind, String, String)],
    with: &ShareWith,
) -> Result<(), Fault> {
    let slug = pass.host()?;
    let mut parts: Vec<Part> = Vec::new();
    if let Some(key) = stack.map(Key::of_stack) {
        let owned = house.owners.of_key(slug, &key);
        parts.push(Part { key, owned, object: String::new() });
    }
    for (kind, object, name) in made {
        let owned = house.owners.of(slug, *kind, object);
        let key = match (&owned, kind) {
            (Some(owned), _) => owned.key.clone(),
            (None, Kind::Container) => match key_of_container(house, slug, object, name).await? {
                Some(key) => key,
                // It has gone meanwhile.
                None => continue,
            },
            (None, kind) => Key::named(*kind, name),
        };
        if parts.iter().all(|part| part.key != key) {
            let owned = owned.or_else(|| house.owners.of_key(slug, &key));
            parts.push(Part { key, owned, object: object.clone() });
        }
    }
    if parts.is_empty() {
        return Ok(());
    }
    let wish = Wish { owner: Owner::Stays, with: with.clone() };
    give_parts(house, pass, (slug, name), parts, wish).await
}

/// By which service it is owned is told by its engine: the inventory may not have heard of it yet.
async fn key_of_container(house: &House, slug: &str, id: &str, name: &str) -> Result<Option<Key>, Fault> {
    let host = house.hosts.get(slug)?;
    let asked = host.line.look::<Value>(Question::Container(id), INSPECTION_MAX).await;
    let Some(container) = asked.map_err(|error| host.line.fault(error))? else { return Ok(None) };
    let label = |name: &str| container["Config"]["Labels"][name].as_str().filter(|value| !value.is_empty());
    Ok(Some(Key::of_container(id, name, label(labels::PROJECT), label(labels::SERVICE))))
}
