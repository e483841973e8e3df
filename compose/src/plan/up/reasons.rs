//! Why a container is made anew.

use std::collections::BTreeSet;

use longshore_api::ops::spec::ContainerSpec;

use super::{Making, Net, containers::At, images::Image};
use crate::{
    labels,
    model::Service,
    plan::{Recreate, Why, compare::Of, there::Container},
};

impl<'a> Making<'a, '_> {
    /// Why a container of a service that is brought up is made anew; nothing, if it is not.
    pub(super) fn why_anew(
        &self,
        at: At<'a>,
        container: Container<'a>,
        image: &Image,
        will: &ContainerSpec,
    ) -> Vec<Why> {
        let mut why = Vec::new();
        if container.is_dead() {
            why.push(Why::Dead);
        }
        if self.up.recreate == Recreate::Always {
            why.push(Why::Asked);
        }
        let hangs = self.hangs_on(container);
        let of = Of { name: at.name, service: at.service };
        let mut fields = self.eyes().container(of, will, container);
        if !hangs.is_empty() {
            // The other's name or id is another one for that alone.
            fields.retain(|field| !matches!(field.path.as_str(), "network_mode" | "pid" | "ipc"));
        }
        if !fields.is_empty() {
            why.push(Why::Differs { fields });
        }
        why.extend(newer(container, image));
        why.extend(self.stale_network(at.service, container));
        why.extend(hangs);
        why
    }

    /// The services whose containers it shares something of and that are made anew.
    pub(super) fn hangs_on(&self, container: Container<'a>) -> Vec<Why> {
        let there = self.draft.there;
        let others = container.shares().filter_map(|other| there.container(other));
        let renewed = others.filter_map(|other| self.renewed.get(other.id()));
        let services: BTreeSet<&str> = renewed.copied().collect();
        services.into_iter().map(|service| Why::DependsOnRecreated { service: service.to_owned() }).collect()
    }

    /// Why a container that stays and runs is restarted; nothing, if it is not.
    pub(super) fn why_again(&self, service: &Service, container: Container<'a>) -> Option<Why> {
        let with = service.depends_on.iter().filter(|(_, on)| on.restart).map(|(name, _)| name);
        let mut made = with.filter(|name| self.remade.contains(name.as_str()));
        if let Some(service) = made.next() {
            return Some(Why::DependsOnRecreated { service: service.clone() });
        }
        // A network that it shares is another one once its owner has begun again.
        let others = container.shares().filter_map(|other| self.draft.there.container(other));
        let mut begun = others.filter_map(|other| self.begun.get(other.id()));
        begun.next().map(|service| Why::DependsOnRestarted { service: (*service).to_owned() })
    }

    /// The first network of the service that is another one than the container is on under that name.
    fn stale_network(&self, service: &Service, container: Container<'a>) -> Option<Why> {
        let stale = service.networks.keys().find(|key| {
            let Some(network) = self.draft.project.networks.get(*key) else { return false };
            let there = container.networks().find(|(name, _)| *name == network.name);
            there.is_some_and(|(_, id)| match self.nets.get(key.as_str()) {
                Some(Net::There(now)) => !id.is_empty() && !now.is_empty() && id != *now,
                Some(Net::Made | Net::Anew) => true,
                None => false,
            })
        });
        stale.map(|network| Why::NetworkRecreated { network: network.clone() })
    }
}

/// Whether the name of its image stands for another one than it was made of.
fn newer(container: Container<'_>, image: &Image) -> Option<Why> {
    let will = image.id.as_deref()?;
    let same = container.image() == will || container.label(labels::IMAGE) == will;
    (!same && !container.image().is_empty())
        .then(|| Why::ImageNewer { was: container.image().to_owned(), will: will.to_owned() })
}
