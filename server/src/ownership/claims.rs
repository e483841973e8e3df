//! What somebody makes through us is theirs: its key is claimed before the engine is called, so that nobody has it in
//! between, and confirmed by the id that the engine answers. A key that is another's, live or not, is refused, and so is
//! one under which something of the managers' is there.

use std::time::Instant;

use http::StatusCode;
use longshore_api::{ops::Kind, web::access::Sharing, words::say};

use super::{Key, Owned, error::OwnershipError, find, is_made_up, queries, stack};
use crate::{
    access::Pass,
    accounts::Door,
    fault::Fault,
    hosts::{Host, INSPECTION_MAX, Question},
    house::House,
    store::new_id,
};

/// So many things are made by the way of one call.
const AT_ONCE: usize = 200;
/// So many keys are one account's, or of the managers' of a host, gone things included: each is a row, and a row is kept
/// until it is given back.
const KEYS_MAX: i64 = 20_000;

/// What is about to be made, by kinds and keys.
#[derive(Debug, Default)]
pub struct Making {
    /// What the engine answers an id of. Without a key the engine makes up its name, and nobody asks for that again.
    pub main: Option<(Kind, Option<Key>)>,
    /// What is made by the way, and names of images that are moved.
    pub besides: Vec<Key>,
    /// The stack that it says to belong to: shared as what is there of it.
    pub stack: Option<String>,
    /// What a container is called that is owned by its service.
    pub called: Option<String>,
    /// Full id of the container that this one replaces: ownership carries over.
    pub instead_of: Option<String>,
}

/// Keys that are claimed until it is known what became of the call.
#[must_use]
pub struct Claims<'a> {
    house: &'a House,
    host: String,
    main: Option<(Kind, String)>,
    besides: Vec<(Key, String)>,
    called: Option<String>,
    /// The rows that were not there before.
    new: Vec<Owned>,
    /// A volume that the engine makes up a name for is claimed by that name.
    unnamed_volume: bool,
    /// Whose what is made is.
    owner: Option<String>,
}

/// Claims all of it for whoever makes it. What managers make is the managers', as if it was made outside.
///
/// # Errors
/// A key is another's, or there are too many of theirs.
pub async fn claim<'a>(
    house: &'a House,
    pass: &Pass,
    host: &Host,
    making: Making,
) -> Result<Claims<'a>, Fault> {
    let account = pass.principal().account_id().to_owned();
    house.owners.is_called(&account, pass.principal().name());
    let mut claims = Claims {
        house,
        host: host.slug.clone(),
        main: None,
        besides: Vec::new(),
        called: making.called,
        new: Vec::new(),
        unnamed_volume: false,
        owner: Some(account.clone()),
    };
    if let (Some(old), Some((kind, _))) = (&making.instead_of, &making.main) {
        let owned = house.owners.of(&host.slug, *kind, old);
        claims.main = owned.map(|owned| (*kind, owned.id.clone()));
        return Ok(claims);
    }
    if making.main.is_none() && making.besides.is_empty() {
        return Ok(claims);
    }
    if making.besides.len() > AT_ONCE {
        return Err(Fault::bad_request(say::names_at_once(AT_ONCE.to_string())));
    }
    if pass.manages() {
        let main = making.main.as_ref().and_then(|(_, key)| key.as_ref());
        let called = claims.called.as_deref().map(|name| Key::named(Kind::Container, name));
        let mut keys = making.besides.iter().chain(main).chain(&called);
        keys.try_for_each(|key| is_free(house, pass, &host.slug, (making.stack.as_deref(), key)))?;
    }
    // What is made in a stack is whose the stack is, and shared as it is; where nobody keeps its files, as the rest of it.
    let kept = making.stack.as_deref().and_then(|stack| stack::of_stack(house, &host.slug, stack));
    if pass.manages() && kept.is_none() {
        return Ok(claims);
    }
    let owner = kept.as_ref().map_or(Some(account), |kept| kept.account.clone());
    claims.owner.clone_from(&owner);
    let siblings = making.stack.as_deref().map(|stack| house.owners.of_stack(&host.slug, stack));
    let sibling = kept.or_else(|| siblings.into_iter().flatten().next());
    let shared = sibling.map(|owned| (owned.sharing, owned.teams.clone())).unwrap_or_default();
    let _changing = house.owners.changing().await;
    let mut tx = house.store.begin().await.map_err(OwnershipError::from)?;
    let before = queries::count(&mut tx, owner.as_deref(), &host.slug).await;
    if before.map_err(OwnershipError::from)? >= KEYS_MAX {
        return Err(Fault::new(StatusCode::CONFLICT, say::names_too_many(KEYS_MAX)));
    }
    let sight = house.access.sight(pass);
    let mut row_of = async |key: Key, passing: bool| {
        if let Some(owned) = house.owners.of_key(&host.slug, &key) {
            return if sight.sees_key(&host.slug, &key) { Ok(owned.id.clone()) } else { Err(held(&key)) };
        }
        let (sharing, teams) = shared.clone();
        let owned = Owned {
            id: new_id(),
            host: host.slug.clone(),
            key,
            account: owner.clone(),
            sharing,
            teams,
            passing,
            claimed: Some(Instant::now()),
        };
        if !queries::claim(&mut tx, &owned).await.map_err(OwnershipError::from)? {
            return Err(held(&owned.key));
        }
        let id = owned.id.clone();
        claims.new.push(owned);
        Ok(id)
    };
    claims.unnamed_volume = making.main == Some((Kind::Volume, None));
    if let Some((kind, key)) = making.main.filter(|_| !claims.unnamed_volume) {
        // No engine takes a name that begins so.
        let passing = key.is_none();
        let key = key.unwrap_or_else(|| Key::named(kind, &format!("~{}", new_id())));
        claims.main = Some((kind, row_of(key, passing).await?));
    }
    let mut besides: Vec<Key> = Vec::new();
    for key in making.besides {
        if !besides.contains(&key) {
            besides.push(key);
        }
    }
    for key in besides {
        let row = row_of(key.clone(), false).await?;
        claims.besides.push((key, row));
    }
    tx.commit().await.map_err(OwnershipError::from)?;
    claims.new.iter().cloned().for_each(|owned| house.owners.add(owned));
    Ok(claims)
}

/// Whether somebody may make something under a key, as far as it is another's; and in which stack, if in one.
///
/// # Errors
/// It is.
pub fn is_free(
    house: &House,
    pass: &Pass,
    host: &str,
    (stack, key): (Option<&str>, &Key),
) -> Result<(), Fault> {
    let Some(owned) = house.owners.holder(host, key) else { return Ok(()) };
    // What the server brings back is whose it was.
    if matches!(pass.principal().door(), Door::Machine) {
        return Ok(());
    }
    if pass.manages() {
        // Made under a name that is somebody's, it would be theirs: a manager who wants that gives the name back first. What
        // is made in a stack of theirs is to be theirs.
        let kept = stack.and_then(|stack| stack::of_stack(house, host, stack));
        let is_of_stack = kept.is_some_and(|kept| kept.account == owned.account);
        let who = pass.principal();
        if !is_of_stack && !owned.is_for(who.account_id(), who.teams()) {
            return Err(Fault::new(StatusCode::CONFLICT, say::name_of_another(&key.name)).at("name"));
        }
    } else if !house.access.sight(pass).sees_key(host, &owned.key) {
        return Err(held(key));
    }
    Ok(())
}

/// The words that do not tell whether there is something of that name, or was.
pub fn held(key: &Key) -> Fault {
    match key.kind {
        Kind::Image => Fault::new(StatusCode::FORBIDDEN, say::image_held(&key.name)),
        Kind::Stack => Fault::new(StatusCode::FORBIDDEN, say::stack_held(&key.name)),
        _ if !key.stack.is_empty() => Fault::new(StatusCode::FORBIDDEN, say::stack_held(&key.stack)),
        _ => OwnershipError::Held.into(),
    }
}

impl Claims<'_> {
    /// The engine has made it; `object` is the full id that it answered, where it answers one. What was made by the way
    /// is asked of the engine: volumes that nobody named.
    ///
    /// # Errors
    /// The database failed.
    pub async fn made(self, object: Option<&str>) -> Result<(), Fault> {
        let owners = &self.house.owners;
        if let (Some((kind, row)), Some(object)) = (&self.main, object) {
            owners.made(&self.host, *kind, object, row);
        }
        let mut confirmed = Vec::new();
        for (key, row) in &self.besides {
            match key.kind {
                Kind::Volume => owners.made(&self.host, Kind::Volume, &key.name, row),
                _ => confirmed.push(row),
            }
        }
        if !confirmed.is_empty() {
            let mut tx = self.house.store.begin().await.map_err(OwnershipError::from)?;
            for row in &confirmed {
                owners.confirm(row);
                queries::confirm(&mut tx, row).await.map_err(OwnershipError::from)?;
            }
            tx.commit().await.map_err(OwnershipError::from)?;
        }
        if let (Some((Kind::Container, row)), Some(object)) = (&self.main, object) {
            if let (Some(name), Some(owned)) = (&self.called, owners.of_row(row)) {
                let remembered = owners.remember(&self.house.store, &owned, name).await;
                remembered.map_err(OwnershipError::from)?;
            }
            self.unnamed_volumes(row, object).await?;
        }
        if let (true, Some(name)) = (self.unnamed_volume, object) {
            let like = Owned {
                id: String::new(),
                host: self.host.clone(),
                key: Key::named(Kind::Volume, name),
                account: self.owner.clone(),
                sharing: Sharing::Private,
                teams: Vec::new(),
                passing: true,
                claimed: None,
            };
            self.passing_volumes(&like, vec![name]).await?;
        }
        self.house.inventory.owned_anew();
        Ok(())
    }

    /// Volumes that the engine made for a new container without being given a name: they are whosever it is, as long as
    /// they are there.
    async fn unnamed_volumes(&self, row: &str, container: &str) -> Result<(), Fault> {
        let Ok(host) = self.house.hosts.get(&self.host) else { return Ok(()) };
        let inspected: serde_json::Value = host
            .line
            .ask_json(Question::Container(container), INSPECTION_MAX)
            .await
            .map_err(|error| host.line.fault(error))?;
        let owners = &self.house.owners;
        let Some(of_container) = owners.of_row(row) else { return Ok(()) };
        let mounts = inspected["Mounts"].as_array().into_iter().flatten();
        let names =
            mounts.filter(|mount| mount["Type"] == "volume").filter_map(|mount| mount["Name"].as_str());
        let unowned = |name: &&str| owners.of_key(&self.host, &Key::named(Kind::Volume, name)).is_none();
        let new: Vec<&str> = names.filter(|name| is_made_up(name)).filter(unowned).collect();
        if new.is_empty() { Ok(()) } else { self.passing_volumes(&of_container, new).await }
    }

    /// Volumes of which each is owned like another thing, as long as it is there.
    async fn passing_volumes(&self, like: &Owned, new: Vec<&str>) -> Result<(), Fault> {
        let owners = &self.house.owners;
        let _changing = owners.changing().await;
        let mut tx = self.house.store.begin().await.map_err(OwnershipError::from)?;
        let mut added = Vec::new();
        for name in new {
            let key = Key::named(Kind::Volume, name);
            let owned = Owned { id: new_id(), key, passing: true, claimed: None, ..like.clone() };
            if queries::claim(&mut tx, &owned).await.map_err(OwnershipError::from)? {
                added.push(owned);
            }
        }
        tx.commit().await.map_err(OwnershipError::from)?;
        for owned in added {
            let (name, row) = (owned.key.name.clone(), owned.id.clone());
            owners.add(owned);
            owners.made(&self.host, Kind::Volume, &name, &row);
        }
        Ok(())
    }

    /// The engine has refused it: what was claimed for it is free again, but for volumes that it made all the same.
    ///
    /// # Errors
    /// The database failed.
    pub async fn undone(self) -> Result<(), Fault> {
        if self.new.is_empty() {
            return Ok(());
        }
        let (owners, store) = (&self.house.owners, &self.house.store);
        let mut stay = Vec::new();
        for owned in self.new.iter().filter(|owned| owned.key.kind == Kind::Volume) {
            let host = self.house.hosts.get(&self.host)?;
            // Not to know is to keep it.
            if !matches!(find(&host, Kind::Volume, &owned.key.name).await, Ok(None)) {
                stay.push(owned.id.as_str());
            }
        }
        let _changing = owners.changing().await;
        let mut tx = store.begin().await.map_err(OwnershipError::from)?;
        for owned in &self.new {
            if stay.contains(&owned.id.as_str()) {
                queries::confirm(&mut tx, &owned.id).await.map_err(OwnershipError::from)?;
                continue;
            }
            queries::unclaim(&mut tx, &owned.id).await.map_err(OwnershipError::from)?;
            owners.remove(&owned.id);
        }
        tx.commit().await.map_err(OwnershipError::from)?;
        Ok(())
    }
}
