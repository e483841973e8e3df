//! The networks of a container and its links, as fields.

use std::collections::BTreeSet;

use longshore_api::ops::spec::{ContainerSpec, CreateBody, Endpoint, is_user_defined};

use super::{
    Eyes, Of,
    face::{Face, put, put_map, put_number, put_set},
};
use crate::plan::{Field, there::Container};

impl Eyes<'_> {
    pub(super) fn networks(&self, face: &mut Face, of: Of<'_>, body: &CreateBody) {
        let mode = &body.host.network_mode;
        let mut links: Vec<&String> = body.host.links.iter().collect();
        let nothing = Endpoint::default();
        let endpoints = &body.networking.endpoints;
        let only = (endpoints.is_empty() && is_user_defined(mode)).then_some((mode, &nothing));
        for (name, endpoint) in endpoints.iter().chain(only).filter(|(name, _)| is_user_defined(name)) {
            links.extend(&endpoint.links);
            let name = self.network_name(name);
            let path = format!("networks.{}", self.network_key(name));
            put(face, &path, name);
            put(face, &format!("{path}.ipv4_address"), endpoint.ipam.ip.as_str());
            put(face, &format!("{path}.ipv6_address"), endpoint.ipam.ip6.as_str());
            put_set(face, &format!("{path}.link_local_ips"), endpoint.ipam.link_local.iter().cloned());
            put_map(face, &format!("{path}.driver_opts"), &endpoint.driver_opts);
            put_number(face, &format!("{path}.gw_priority"), endpoint.gw_priority);
            let own = endpoint.aliases.iter().filter(|alias| !self.is_usual(of, body, alias));
            put_set(face, &format!("{path}.aliases"), own.cloned());
        }
        if !is_user_defined(mode) && !matches!(mode.as_str(), "" | "default" | "bridge") {
            put(face, "network_mode", self.mode(mode));
        }
        let links: BTreeSet<String> = links.into_iter().filter_map(|link| self.link(link)).collect();
        put_set(face, "links", links);
    }

    /// The name of a network that is named by its id.
    fn network_name<'a>(&'a self, reference: &'a str) -> &'a str {
        let found = self.there.networks.iter().find(|it| it["Id"] == reference);
        found.and_then(|it| it["Name"].as_str()).unwrap_or(reference)
    }

    /// The key of a network in the project; its name, if it has none.
    fn network_key<'a>(&'a self, name: &'a str) -> &'a str {
        let found = self.project.networks.iter().find(|(_, it)| it.name == name);
        found.map_or(name, |(key, _)| key)
    }

    /// Whether a container is called so on its networks unasked: its service, its own name in either spelling, its id, its
    /// host name.
    fn is_usual(&self, of: Of<'_>, body: &CreateBody, alias: &str) -> bool {
        let id = alias.len() == 12 && alias.bytes().all(|byte| byte.is_ascii_hexdigit());
        id || alias == of.name
            || alias == body.hostname
            || alias == of.service.container_name
            || self.is_counted(alias, of.name)
    }

    /// Whether a name is that of a service with a number: `shop-web-1`, `shop_web_1`, `web_1`.
    fn is_counted(&self, name: &str, service: &str) -> bool {
        let project = self.project.name.as_str();
        let rest = name.strip_prefix(project).and_then(|rest| rest.strip_prefix(['-', '_'])).unwrap_or(name);
        let number = rest.strip_prefix(service).and_then(|rest| rest.strip_prefix(['-', '_']));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// A link as the file writes it; none for those under the names that the other has anyway.
    fn link(&self, link: &str) -> Option<String> {
        let (other, alias) = link.split_once(':').unwrap_or((link, link));
        let (other, alias) = (other.trim_start_matches('/'), alias.rsplit('/').next().unwrap_or(alias));
        match self.other(other) {
            Some(service) if self.is_counted(alias, &service) => None,
            Some(service) => Some(format!("{service}:{alias}")),
            None => Some(format!("{other}:{alias}")),
        }
    }

    /// Hardware addresses that are asked for and differ. Those that are not asked for are made up by the engine.
    pub(super) fn hardware(&self, will: &ContainerSpec, was: Container<'_>) -> Vec<Field> {
        let asked = will.body.networking.endpoints.iter().filter(|(_, it)| !it.mac.is_empty());
        let differ = asked.filter_map(|(name, endpoint)| {
            let there = &was.0["NetworkSettings"]["Networks"][name.as_str()]["MacAddress"];
            let there = there.as_str().filter(|mac| !mac.is_empty());
            let there = there.or_else(|| was.0["Config"]["MacAddress"].as_str()).unwrap_or_default();
            // One that does not run may have none.
            let differs = !there.is_empty() && !there.eq_ignore_ascii_case(&endpoint.mac);
            let path = format!("networks.{}.mac_address", self.network_key(name));
            differs.then(|| self.field(path, Some(there.to_owned()), Some(endpoint.mac.clone())))
        });
        differ.collect()
    }
}
