//! What a call is about to make, and what it names on the way: read from the body and the parameters that were judged,
//! and asked of the engine. Each thing that is named is a target too.

use http::StatusCode;
use longshore_api::{
    ops::{
        Kind, Operation, Permission, Query,
        body::{Checked, Reference, Thing},
        spec::ContainerSpec,
    },
    web::create::name_and_tag,
    words::say,
};
use longshore_compose::labels;
use serde_json::Value;

use super::{Key, Making, claims::held, find, found::is_askable, is_like_an_id, key::is_put_aside, unknown};
use crate::{
    access::{Pass, Sight},
    fault::Fault,
    hosts::Host,
    house::House,
    stacks,
};

/// Reads what a call makes and names, for somebody below the managers: each thing that it names is theirs to see, each
/// key under which it makes something has nothing of others.
///
/// # Errors
/// Names the first thing that is not.
pub async fn making(
    house: &House,
    pass: &Pass,
    host: &Host,
    (operation, query, body): (&Operation, &Query, Option<&Checked>),
    references: Vec<Reference>,
) -> Result<Making, Fault> {
    let look = Look::of(house, pass, host);
    let mut making = Making::default();
    for reference in references.iter().chain(body.map(Checked::references).into_iter().flatten()) {
        // The volume that is made is none that is used.
        if operation.id == "volume-create" && reference.thing == Thing::Volume {
            continue;
        }
        look.at(reference, &mut making).await?;
    }
    let body = body.map(Checked::body).unwrap_or(&Value::Null);
    match operation.id {
        "container-create" => {
            let name = query.get("name").unwrap_or_default().trim_start_matches('/');
            let service = body["Labels"][labels::SERVICE].as_str().filter(|service| !service.is_empty());
            let key = match (&making.stack, service) {
                (Some(stack), Some(service)) => Some(Key::of_service(stack, service)),
                _ if name.is_empty() => None,
                _ => Some(Key::named(Kind::Container, name)),
            };
            if !name.is_empty() {
                look.is_free(Kind::Container, name).await?;
                // By its service's key it would come by a name that is another's.
                look.is_not_anothers(&Key::named(Kind::Container, name))?;
                // What runs once is not asked for by its name again, and what takes the place of another has its name soon.
                let once = body["Labels"][labels::ONE_OFF]
                    .as_str()
                    .is_some_and(|word| word.eq_ignore_ascii_case("true"));
                let stays =
                    key.as_ref().is_some_and(|key| !key.stack.is_empty()) && !once && !is_put_aside(name);
                making.called = stays.then(|| name.to_owned());
            }
            look.image(body["Image"].as_str().unwrap_or_default())?;
            making.main = Some((Kind::Container, key));
        }
        "network-create" => {
            let name = body["Name"].as_str().unwrap_or_default();
            if !look.manages && !ContainerSpec::is_name(name) {
                return Err(Fault::bad_request(say::name_not_taken()).at("name"));
            }
            look.is_free(Kind::Network, name).await?;
            making.main = Some((Kind::Network, Some(Key::named(Kind::Network, name))));
        }
        "volume-create" => {
            let name = body["Name"].as_str().unwrap_or_default();
            if name.is_empty() {
                making.main = Some((Kind::Volume, None));
            } else {
                let is_free = look.volume(name, &mut making).await;
                is_free.map_err(|fault| match fault.status() {
                    StatusCode::NOT_FOUND => held(&Key::named(Kind::Volume, name)),
                    _ => fault,
                })?;
            }
        }
        // All names of images are theirs to move.
        _ if look.manages => {}
        "image-create" => {
            let from = query.get("fromImage").unwrap_or_default();
            if from.is_empty() {
                let into = query.get("repo").filter(|repo| !repo.is_empty());
                let tag = query.get("tag").unwrap_or_default();
                if let Some(into) = into {
                    making.besides.push(look.repository(&tagged(into, tag))?);
                }
            } else {
                making.besides.extend(look.pulled(from, query.get("tag").unwrap_or_default()).await?);
            }
        }
        "image-tag" | "container-commit" => {
            if let Some(repo) = query.get("repo").filter(|repo| !repo.is_empty()) {
                making.besides.push(look.repository(repo)?);
            }
        }
        "build" => {
            for tag in query.all("t").filter(|tag| !tag.is_empty()) {
                making.besides.push(look.repository(tag)?);
            }
        }
        _ => {}
    }
    Ok(making)
}

/// A reference with the tag or the digest that another parameter names: engines take it in the place of its own.
fn tagged(image: &str, tag: &str) -> String {
    if tag.is_empty() {
        return image.to_owned();
    }
    let last = image.rsplit('/').next().unwrap_or(image);
    let name = if last.contains([':', '@']) { name_and_tag(image).0 } else { image };
    let name = name.split('@').next().unwrap_or(name);
    if tag.contains(':') { format!("{name}@{tag}") } else { format!("{name}:{tag}") }
}

fn taken(name: &str) -> Fault {
    Fault::new(StatusCode::CONFLICT, say::name_taken_already(name)).at("name")
}

/// Looks at what a call names, for whoever makes it.
pub(super) struct Look<'a> {
    house: &'a House,
    host: &'a Host,
    sight: Sight,
    pass: &'a Pass,
    manages: bool,
}

impl<'a> Look<'a> {
    pub(super) fn of(house: &'a House, pass: &'a Pass, host: &'a Host) -> Self {
        Self { house, host, sight: house.access.sight(pass), pass, manages: pass.manages() }
    }

    /// A thing that is named: it is theirs to see, and they may do there what naming it does.
    pub(super) async fn at(&self, reference: &Reference, making: &mut Making) -> Result<(), Fault> {
        let slug = self.host.slug.as_str();
        if !self.pass.principal().roles().allow(slug, reference.permission) {
            return Err(self.house.access.missing(slug, reference.permission));
        }
        let name = reference.name.as_str();
        match reference.thing {
            // All of them are theirs to see.
            Thing::Container
                if self.manages && !self.may_touch_us() && self.house.access.own().is_on(slug) =>
            {
                match find(self.host, Kind::Container, name).await? {
                    Some(found) => self.is_not_ours(Kind::Container, &found.id),
                    // Ours is there. What the engine says of what is not is for it to say: a stale end of a network is let go.
                    None if is_askable(Kind::Container, name) => Ok(()),
                    None => Err(unknown(slug, Kind::Container, name)),
                }
            }
            Thing::Container | Thing::Network | Thing::Secret | Thing::Config if self.manages => Ok(()),
            Thing::Container => self.seen(Kind::Container, name).await,
            Thing::Network => self.seen(Kind::Network, name).await,
            Thing::Volume => self.volume(name, making).await,
            Thing::Stack => {
                self.stack(name)?;
                making.stack = Some(name.to_owned());
                Ok(())
            }
            // Whoever is below the managers makes no services.
            Thing::Secret | Thing::Config => Err(Fault::not_found(say::policy_manager(&reference.path))),
        }
    }

    async fn seen(&self, kind: Kind, called: &str) -> Result<(), Fault> {
        let slug = self.host.slug.as_str();
        match find(self.host, kind, called).await? {
            Some(found) if self.sight.sees(slug, kind, &found.id) => Ok(()),
            _ => Err(unknown(slug, kind, called)),
        }
    }

    /// A volume that is there is theirs to see, and no folder of the host's that they could not mount; one that is not is
    /// made by the way.
    async fn volume(&self, name: &str, making: &mut Making) -> Result<(), Fault> {
        let key = Key::named(Kind::Volume, name);
        if !is_askable(Kind::Volume, name) {
            return Err(Fault::bad_request(say::name_not_taken()).at("name"));
        }
        let there = find(self.host, Kind::Volume, name).await?;
        if let Some(volume) = &there {
            if !self.sight.sees_key(&self.host.slug, &key) {
                return Err(unknown(&self.host.slug, Kind::Volume, name));
            }
            // One of ours is not told to whoever does not see it.
            self.is_not_ours(Kind::Volume, name)?;
            if !self.pass.is_above_the_line() {
                self.pass.judge_volume(&volume.driver, &volume.options)?;
            }
        }
        if there.is_none() || !self.manages {
            making.besides.push(key);
        }
        Ok(())
    }

    fn may_touch_us(&self) -> bool {
        self.pass.principal().roles().allow(&self.host.slug, Permission::Administer)
    }

    /// What Longshore itself runs in and has its data in is for administrators.
    fn is_not_ours(&self, kind: Kind, id: &str) -> Result<(), Fault> {
        let slug = self.host.slug.as_str();
        if self.may_touch_us() || !self.house.access.own().is(slug, kind, id) {
            return Ok(());
        }
        Err(self.house.access.missing(slug, Permission::Administer))
    }

    /// A name of an image that is somebody's own stands for whatever they like: who is below the managers runs it by its id.
    pub(super) fn image(&self, reference: &str) -> Result<(), Fault> {
        let is_id = reference.starts_with("sha256:") || is_like_an_id(reference) || reference.contains('@');
        if self.manages || is_id { Ok(()) } else { self.is_not_anothers(&Key::of_repository(reference)) }
    }

    fn is_not_anothers(&self, key: &Key) -> Result<(), Fault> {
        let slug = self.host.slug.as_str();
        match self.house.owners.holder(slug, key) {
            Some(owned) if !self.sight.sees_key(slug, &owned.key) => Err(held(key)),
            _ => Ok(()),
        }
    }

    /// Nothing of others is there by this name, and no network at all: engines make two networks of one name, and whoever
    /// means one of them is led to the other.
    async fn is_free(&self, kind: Kind, name: &str) -> Result<(), Fault> {
        if self.manages {
            if kind != Kind::Network {
                return Ok(());
            }
        } else if is_like_an_id(name) {
            return Err(Fault::bad_request(say::name_like_id(name)).at("name"));
        } else if !is_askable(kind, name) {
            return Err(Fault::bad_request(say::name_not_taken()).at("name"));
        }
        match find(self.host, kind, name).await? {
            // An id that begins so is no name.
            Some(found) if found.name != name => Ok(()),
            Some(found) if !self.manages && !self.sight.sees(&self.host.slug, kind, &found.id) => {
                Err(held(&Key::named(kind, name)))
            }
            Some(_) if kind == Kind::Network => Err(taken(name)),
            _ => Ok(()),
        }
    }

    /// A stack of which nothing is another's: whoever joins one is seen as a part of it by all others.
    fn stack(&self, stack: &str) -> Result<(), Fault> {
        let slug = self.host.slug.as_str();
        let all = self.house.owners.of_stack(slug, stack);
        let are_theirs = all.iter().all(|owned| self.sight.sees_key(slug, &owned.key));
        let there = self.house.inventory.of_stack(slug, stack);
        let recorded = stacks::is_anothers(self.house, self.pass, slug, stack);
        if are_theirs && !recorded && there.iter().all(|id| self.sight.sees(slug, Kind::Container, id)) {
            return Ok(());
        }
        Err(held(&Key { kind: Kind::Container, stack: stack.to_owned(), name: String::new() }))
    }

    /// A repository whose names they move: theirs, or nobody's and not there.
    fn repository(&self, reference: &str) -> Result<Key, Fault> {
        let (slug, key) = (self.host.slug.as_str(), Key::of_repository(reference));
        if is_like_an_id(&key.name) {
            return Err(Fault::bad_request(say::name_like_id(&key.name)));
        }
        let is_there =
            self.house.owners.of_key(slug, &key).is_some() || self.house.inventory.has_image(slug, &key.name);
        if is_there && !self.sight.sees_key(slug, &key) { Err(held(&key)) } else { Ok(key) }
    }

    /// A pull moves the name that it pulls: one of others stays as it is, one that is not there may come.
    async fn pulled(&self, image: &str, tag: &str) -> Result<Option<Key>, Fault> {
        let reference = tagged(image, tag);
        match self.repository(&reference) {
            Ok(key) => Ok(Some(key)),
            Err(held) => {
                let (name, named) = name_and_tag(&reference);
                // By its digest it is what it is, whatever it is called. Without a tag, engines pull them all.
                if reference.contains('@') {
                    return Ok(None);
                }
                let all = name == reference && named == "latest";
                let is_there = all || find(self.host, Kind::Image, &reference).await?.is_some();
                if is_there { Err(held) } else { Ok(None) }
            }
        }
    }
}
