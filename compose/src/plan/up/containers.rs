//! The containers of a service: those that stay, those that are made anew, those that are missing and those that go.

use std::collections::BTreeSet;

use longshore_api::ops::spec::ContainerSpec;
use serde_json::Value as Json;

use super::{Making, images::Image};
use crate::{
    engine::{self, Unmade},
    labels::Which,
    model::Service,
    names,
    plan::{Deed, Kept, MOST, Obstacle, Why, compare::anonymous, there::Container},
};

/// A service that is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub(super) name: &'a str,
    pub(super) service: &'a Service,
    pub(super) asked: bool,
}

impl<'a> Making<'a, '_> {
    pub(super) fn service(&mut self, name: &'a str, service: &'a Service) {
        let asked = self.scope.contains(name);
        let at = At { name, service, asked };
        let there = self.draft.by_service.get(name).cloned().unwrap_or_default();
        if asked {
            self.draft.containers(name);
            self.asked(at, there);
        } else {
            for container in there {
                self.hanger_on(at, container);
            }
        }
    }

    /// A service that is brought up.
    fn asked(&mut self, at: At<'a>, there: Vec<Container<'a>>) {
        let count = at.service.replicas().min(MOST);
        let mut kept: Vec<Container<'a>> = Vec::new();
        for container in there {
            let twice = container.number() == 0
                || kept.last().is_some_and(|before| before.number() == container.number());
            if twice {
                self.remove(container, Why::Twice);
            } else {
                kept.push(container);
            }
        }
        let keep = usize::try_from(count).unwrap_or(usize::MAX);
        while let Some(container) = (kept.len() > keep).then(|| kept.pop()).flatten() {
            self.remove(container, Why::ScaledDown);
        }
        let numbers: BTreeSet<u64> = kept.iter().map(|it| it.number()).collect();
        let free = (1..).filter(|number| !numbers.contains(number));
        let missing: Vec<u64> = free.take(keep - kept.len()).collect();
        let name = |number: u64| names::container(&self.draft.project.name, at.name, at.service, number);
        let new: Vec<String> = missing.iter().map(|number| name(*number)).collect();
        self.planned.extend(new.iter().map(|name| (name.clone(), at.name.to_owned())));
        let stay = kept.iter().map(|it| it.id().to_owned());
        self.given.insert(at.name.to_owned(), stay.chain(new.iter().cloned()).collect());
        if count == 0 {
            return;
        }
        if kept.is_empty() {
            self.remade.insert(at.name);
        }
        let image = self.image(at.name, at.service, true);
        for container in kept {
            self.kept(at, container, &image);
        }
        // What stands in the way of one stands in the way of all of them.
        if missing.first().is_some_and(|number| self.will(at, *number, &image).is_none()) {
            return;
        }
        for (number, name) in missing.into_iter().zip(new) {
            self.create(at, number, name, &image);
        }
    }

    /// A container of a service that is brought up.
    fn kept(&mut self, at: At<'a>, container: Container<'a>, image: &Image) {
        let Some(will) = self.will(at, container.number(), image) else { return };
        let why = self.why_anew(at, container, image, &will);
        if !why.is_empty() {
            return self.recreate(at, container, &will, image, why);
        }
        if !self.up.start {
            return self.draft.container_unchanged(container);
        }
        let why = if container.is_paused() {
            Why::Paused
        } else if container.is_up() {
            match self.why_again(at.service, container) {
                Some(why) => why,
                None => return self.draft.container_unchanged(container),
            }
        } else if container.exit_code() == Some(0) && self.is_for_once(at.name) {
            self.done.push(container);
            return;
        } else {
            Why::Stopped { code: container.exit_code() }
        };
        let after = self.dependencies(at.name, at.service, true);
        self.start(container, after, vec![why]);
    }

    /// Starts a container, lets it go on, or restarts it: by how it is.
    pub(super) fn start(&mut self, container: Container<'a>, after: Vec<String>, why: Vec<Why>) {
        let [service, id, name] = [container.service(), container.id(), container.name()].map(str::to_owned);
        let deed = match () {
            () if container.is_paused() => Deed::UnpauseContainer { service, id, name },
            () if container.is_up() => Deed::RestartContainer { service, id, name },
            () => Deed::StartContainer { service, id, name },
        };
        let key = key(container.service(), container.number());
        self.keys.entry(container.service()).or_default().push(key.clone());
        if !container.is_paused() {
            self.begun.insert(container.id(), container.service());
        }
        self.draft.step(key, after, deed, why);
    }

    /// Whether others wait until it has ended, and it is not started again when it has.
    fn is_for_once(&self, name: &str) -> bool {
        let waited = |it: &Service| {
            it.depends_on.get(name).is_some_and(|on| on.condition == "service_completed_successfully")
        };
        self.draft.project.services.values().any(waited)
    }

    /// A container of another service, which is touched only where it hangs on what is made anew.
    fn hanger_on(&mut self, at: At<'a>, container: Container<'a>) {
        let hangs: Vec<Why> = self.hangs_on(container);
        if !hangs.is_empty() {
            self.draft.saw(container);
            self.networks(at.service);
            self.volumes(at.service);
            let image = self.image(at.name, at.service, false);
            let Some(will) = self.will(at, container.number(), &image) else { return };
            return self.recreate(at, container, &will, &image, hangs);
        }
        let up = container.is_up() && !container.is_paused() && self.up.start;
        if let Some(why) = self.why_again(at.service, container).filter(|_| up) {
            self.draft.saw(container);
            let after = self.dependencies(at.name, at.service, true);
            self.start(container, after, vec![why]);
        }
    }

    /// What the engine would be asked for.
    fn will(&mut self, at: At<'a>, number: u64, image: &Image) -> Option<ContainerSpec> {
        let which = Which::Number(number);
        match engine::container(self.draft.project, at.name, which, image.id.as_deref(), &self.given) {
            Ok(mut will) => {
                will.body.image = image.reference.clone();
                Some(will)
            }
            Err(unmade) => {
                self.draft.obstacle(match unmade {
                    Unmade::NotThere { service, needs } => Obstacle::NothingToShare { service, needs },
                    Unmade::Unsupported { service, key } => Obstacle::Unsupported { service, key },
                });
                None
            }
        }
    }

    fn create(&mut self, at: At<'a>, number: u64, name: String, image: &Image) {
        let start = self.up.start;
        let mut after = self.needs(at, image, start);
        after.extend(self.name_is_free(at, &name, None));
        let (service, image) = (at.name.to_owned(), image.reference.clone());
        let deed = Deed::CreateContainer { service, number, name, image, start };
        let key = key(at.name, number);
        self.keys.entry(at.name).or_default().push(key.clone());
        self.draft.step(key, after, deed, vec![Why::Missing]);
    }

    fn recreate(
        &mut self,
        at: At<'a>,
        container: Container<'a>,
        will: &ContainerSpec,
        image: &Image,
        why: Vec<Why>,
    ) {
        let start = if at.asked { self.up.start || container.is_up() } else { container.is_up() };
        let number = container.number();
        let name = names::container(&self.draft.project.name, at.name, at.service, number);
        let mut after = self.needs(at, image, start);
        after.extend(self.name_is_free(at, &name, Some(container)));
        let key = key(at.name, number);
        self.renewed.insert(container.id(), at.name);
        self.left.insert(container.name(), key.clone());
        self.planned.insert(name.clone(), at.name.to_owned());
        self.remade.insert(at.name);
        self.keys.entry(at.name).or_default().push(key.clone());
        let deed = Deed::RecreateContainer {
            service: at.name.to_owned(),
            number,
            id: container.id().to_owned(),
            was: container.name().to_owned(),
            name,
            image: image.reference.clone(),
            keep_volumes: self.kept_volumes(container, will),
            start,
        };
        self.draft.step(key, after, deed, why);
    }

    /// The keys of the steps that a new container needs.
    fn needs(&mut self, at: At<'a>, image: &Image, start: bool) -> Vec<String> {
        let mut after = self.dependencies(at.name, at.service, start);
        after.extend(image.step.clone());
        after.extend(at.service.networks.keys().map(|key| format!("network/{key}")));
        let mounts = at.service.volumes.iter().filter(|mount| mount.r#type == "volume");
        after.extend(mounts.map(|mount| format!("volume/{}", mount.source)));
        after
    }

    /// The key of the step that frees a name that is taken; an obstacle, if none does.
    fn name_is_free(&mut self, at: At<'a>, name: &str, own: Option<Container<'a>>) -> Option<String> {
        let holder = self.draft.there.all().find(|it| it.name() == name)?;
        if own.is_some_and(|own| own.id() == holder.id()) {
            return None;
        }
        if let Some(key) = self.left.get(name) {
            return Some(key.clone());
        }
        self.draft.saw(holder);
        self.draft.obstacle(Obstacle::NameTaken {
            service: at.name.to_owned(),
            name: name.to_owned(),
            id: holder.id().to_owned(),
            project: holder.label(crate::labels::PROJECT).to_owned(),
        });
        None
    }

    /// The volumes without a name that a new container is given: those that it would be given new ones for.
    fn kept_volumes(&self, container: Container<'a>, will: &ContainerSpec) -> Vec<Kept> {
        let there = self.draft.there;
        let image = there.image(container.image()).map(|image| &image["Config"]["Volumes"]);
        let host = &container.0["HostConfig"]["VolumesFrom"];
        let lenders = host.as_array().into_iter().flatten().filter_map(Json::as_str);
        let lenders = lenders.filter_map(|from| there.container(from.split(':').next().unwrap_or_default()));
        let lent: BTreeSet<&str> =
            lenders.flat_map(|it| it.mounts()).filter_map(|mount| mount["Name"].as_str()).collect();
        let host = &will.body.host;
        let mounted = |target: &str| {
            let bound = host.binds.iter().any(|bind| bind.split(':').nth(1) == Some(target));
            bound || host.tmpfs.contains_key(target)
        };
        let kept = container.mounts().filter(|mount| mount["Type"] == "volume").filter_map(|mount| {
            let (volume, target) = (mount["Name"].as_str()?, mount["Destination"].as_str()?);
            let asked = host.mounts.iter().find(|asked| asked.target == target);
            let wanted = match asked {
                Some(asked) => asked.kind == "volume" && asked.source.is_empty(),
                None => image.is_none_or(|of_image| !of_image[target].is_null()) && !mounted(target),
            };
            let own = anonymous(volume) && wanted && !lent.contains(volume);
            let (target, volume) = (target.to_owned(), volume.to_owned());
            own.then(|| Kept { target, volume, read_only: mount["RW"] == false })
        });
        kept.collect()
    }
}

/// The key of a container's step.
pub(super) fn key(service: &str, number: u64) -> String {
    format!("container/{service}/{number}")
}

/// The ports of the host that a container has: `8080/tcp`. Of a range it has but one, and nobody says which.
pub(super) fn ports(container: Container<'_>) -> Vec<String> {
    let all = container.0["HostConfig"]["PortBindings"].as_object();
    let each = all.into_iter().flatten().flat_map(|(port, bindings)| {
        let protocol = port.rsplit('/').next().unwrap_or("tcp");
        let host = bindings.as_array().into_iter().flatten().filter_map(|it| it["HostPort"].as_str());
        host.filter(|host| host.parse::<u16>().is_ok()).map(move |host| format!("{host}/{protocol}"))
    });
    each.collect()
}
