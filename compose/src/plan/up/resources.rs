//! The networks and the volumes of the services that are brought up.

use serde_json::Value as Json;

use super::{super::deed::REMOVAL, Making, Net};
use crate::{
    labels,
    model::{Network, Service, Volume},
    plan::{
        Attached, Deed, Kind, Obstacle, Warning, Why, compare,
        draft::is_ours,
        there::{Container, label},
    },
};

impl<'a> Making<'a, '_> {
    /// The networks of a service, unless they were looked at.
    pub(super) fn networks(&mut self, service: &'a Service) {
        for key in service.networks.keys() {
            let network = self.draft.project.networks.get(key);
            if let Some(network) = network.filter(|_| self.looked_at.insert(("network", key))) {
                self.network(key, network);
            }
        }
    }

    /// The volumes of a service, unless they were looked at.
    pub(super) fn volumes(&mut self, service: &'a Service) {
        for mount in service.volumes.iter().filter(|mount| mount.r#type == "volume") {
            let volume = self.draft.project.volumes.get(&mount.source);
            if let Some(volume) = volume.filter(|_| self.looked_at.insert(("volume", &mount.source))) {
                self.volume(&mount.source, volume);
            }
        }
    }

    fn network(&mut self, key: &'a str, network: &'a Network) {
        let there = self.draft.there;
        let found: Vec<&'a Json> = there.networks_of(&network.name).collect();
        found.iter().for_each(|it| self.draft.saw_thing(it));
        let [named, of] = [&network.name, key].map(|text: &str| text.to_owned());
        if network.external {
            match found.as_slice() {
                [] if longshore_api::ops::spec::is_user_defined(&network.name) => {
                    self.draft.obstacle(Obstacle::NetworkMissing { network: of, name: named });
                }
                [] => {}
                [one] => self.network_stays(key, one),
                many => self.ambiguous(key, &named, many.len()),
            }
            return;
        }
        let project = self.draft.project;
        let ours: Vec<&'a Json> =
            found.iter().copied().filter(|it| is_ours(project, it, labels::NETWORK, key)).collect();
        match (ours.as_slice(), found.as_slice()) {
            ([], []) => {
                let deed = Deed::CreateNetwork { network: of, name: named };
                self.draft.step(format!("network/{key}"), [], deed, vec![Why::Missing]);
                self.nets.insert(key, Net::Made);
            }
            ([], [other, ..]) => {
                let project = label(other, labels::PROJECT).to_owned();
                self.draft.obstacle(Obstacle::NetworkNotOurs { network: of, name: named, project });
            }
            ([one], _) => {
                let fields = compare::network(&self.eyes(), key, network, one);
                if fields.is_empty() {
                    self.network_stays(key, one);
                } else {
                    self.network_anew(key, network, one, Why::Differs { fields });
                }
            }
            (many, _) => self.ambiguous(key, &named, many.len()),
        }
    }

    fn ambiguous(&mut self, key: &str, name: &str, count: usize) {
        let [network, name] = [key, name].map(str::to_owned);
        self.draft.obstacle(Obstacle::NetworkAmbiguous { network, name, count });
    }

    fn network_stays(&mut self, key: &'a str, network: &'a Json) {
        let (name, id) = (network["Name"].as_str().unwrap_or_default(), network["Id"].as_str());
        self.draft.unchanged(Kind::Network, key, name, id.unwrap_or_default());
        self.nets.insert(key, Net::There(id.unwrap_or_default()));
    }

    fn network_anew(&mut self, key: &'a str, network: &Network, was: &'a Json, why: Why) {
        let id = was["Id"].as_str().unwrap_or_default();
        let of_project: Vec<Container<'_>> = self.draft.there.of(&self.draft.project.name).collect();
        let running = was["Containers"].as_object();
        for (other, it) in running.into_iter().flatten() {
            if !of_project.iter().any(|ours| ours.id() == other) {
                let container = it["Name"].as_str().unwrap_or(other).to_owned();
                let (network, name) = (key.to_owned(), network.name.clone());
                self.draft.obstacle(Obstacle::NetworkInUse { network, name, container });
            }
        }
        let on = |it: &Container<'_>| {
            running.is_some_and(|all| all.contains_key(it.id())) || it.networks().any(|(_, on)| on == id)
        };
        let attached: Vec<Attached> = of_project
            .iter()
            .filter(|it| on(it))
            // Whether it is put back is known once all else is.
            .map(|it| Attached { id: it.id().to_owned(), name: it.name().to_owned(), back: true })
            .collect();
        let (of, name) = (key.to_owned(), network.name.clone());
        let deed = Deed::RecreateNetwork { network: of, id: id.to_owned(), name, attached };
        self.draft.step(format!("network/{key}"), [], deed, vec![why]);
        self.nets.insert(key, Net::Anew);
    }

    /// Says of the containers on networks that are made anew which of them are put back on. Those that go are stopped
    /// before; those that are made anew are so afterwards, on whichever networks.
    pub(super) fn put_back(&mut self) {
        let mut edges = Vec::new();
        for step in self.draft.steps_mut() {
            let Deed::RecreateNetwork { attached, .. } = &mut step.deed else { continue };
            let goes = |it: &Attached| self.left.get(it.name.as_str());
            let removal = |it: &Attached| goes(it).filter(|key| key.starts_with(REMOVAL)).cloned();
            step.after.extend(attached.iter().filter_map(removal));
            attached.iter_mut().for_each(|it| it.back = goes(it).is_none());
            let anew = attached.iter().filter(|it| removal(it).is_none()).filter_map(goes);
            edges.extend(anew.map(|anew| (anew.clone(), step.key.clone())));
        }
        for (anew, network) in edges {
            self.draft.wait(&anew, network);
        }
    }

    fn volume(&mut self, key: &'a str, volume: &Volume) {
        let [of, name] = [key, &volume.name].map(|text: &str| text.to_owned());
        let Some(found) = self.draft.there.volume(&volume.name) else {
            if volume.external {
                self.draft.obstacle(Obstacle::VolumeMissing { volume: of, name });
            } else {
                let deed = Deed::CreateVolume { volume: of, name };
                self.draft.step(format!("volume/{key}"), [], deed, vec![Why::Missing]);
            }
            return;
        };
        self.draft.saw_thing(found);
        self.draft.unchanged(Kind::Volume, key, &name, &name);
        if volume.external {
            return;
        }
        if !is_ours(self.draft.project, found, labels::VOLUME, key) {
            self.draft.warnings.push(Warning::VolumeNotOurs { volume: of, name });
            return;
        }
        let fields = compare::volume(&self.eyes(), key, volume, found);
        if !fields.is_empty() {
            self.draft.warnings.push(Warning::VolumeDiffers { volume: of, name, fields });
        }
    }
}
