//! The networks of a container: the one of the highest priority is its own, the others are beside it.

use longshore_api::ops::spec::{CreateBody, Endpoint, Ipam};

use super::{Maker, Unmade};
use crate::model::ServiceNetwork;

/// The option by which an interface is named.
const INTERFACE: &str = "com.docker.network.endpoint.ifname";

impl Maker<'_> {
    pub(super) fn networks(&self, body: &mut CreateBody, aliases: bool) -> Result<(), Unmade> {
        if !self.service.network_mode.is_empty() {
            body.host.network_mode = self.mode(&self.service.network_mode)?;
            return Ok(());
        }
        let nothing = ServiceNetwork::default();
        let mut all: Vec<_> =
            self.service.networks.iter().map(|(key, it)| (key, it.as_ref().unwrap_or(&nothing))).collect();
        all.sort_by(|(left, one), (right, other)| other.priority.cmp(&one.priority).then(left.cmp(right)));
        for (n, (key, said)) in all.into_iter().enumerate() {
            let Some(network) = self.project.networks.get(key) else { continue };
            let mut endpoint = self.endpoint(said, aliases);
            if n == 0 {
                body.host.network_mode = network.name.clone();
                endpoint.links = std::mem::take(&mut body.host.links);
                if endpoint.mac.is_empty() {
                    endpoint.mac = self.service.mac_address.clone();
                }
            }
            body.networking.endpoints.insert(network.name.clone(), endpoint);
        }
        Ok(())
    }

    /// What it is on one network: its own name, that of its service, and what it is called there besides.
    fn endpoint(&self, said: &ServiceNetwork, aliases: bool) -> Endpoint {
        let mut names = vec![self.container.to_owned()];
        if aliases {
            names.push(self.name.to_owned());
            names.extend(said.aliases.iter().cloned());
        }
        let mut driver_opts = said.driver_opts.clone();
        if !said.interface_name.is_empty() {
            driver_opts.entry(INTERFACE.to_owned()).or_insert_with(|| said.interface_name.clone());
        }
        Endpoint {
            ipam: Ipam {
                ip: said.ipv4_address.clone(),
                ip6: said.ipv6_address.clone(),
                link_local: said.link_local_ips.clone(),
            },
            links: Vec::new(),
            aliases: names,
            mac: said.mac_address.clone(),
            driver_opts,
            gw_priority: said.gw_priority,
        }
    }
}
