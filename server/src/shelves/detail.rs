//! What the page of one thing shows beyond its line: asked of the engine when the page wants it, never kept. Field names
//! after the Docker Engine API, all of them optional.

use std::collections::{BTreeMap, HashMap};

use longshore_api::{
    ops::spec::join,
    web::shelf::{Fact, FactKind, Layer, Member, Pair, Shelf, ThingDetail},
};
use serde::Deserialize;

use super::logic::{audited, find};
use crate::{
    access::Pass,
    call::{Call, operation},
    fault::Fault,
    house::House,
};

/// An answer has at most so many bytes.
const ANSWER_MAX: usize = 16 * 1024 * 1024;
/// What a builder writes before a command that stands in no file.
const NOP: &str = "/bin/sh -c #(nop) ";
const SHELL: &str = "/bin/sh -c ";

type Map = Option<BTreeMap<String, Option<String>>>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Image {
    repo_digests: Option<Vec<String>>,
    author: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
    os: Option<String>,
    config: Option<Config>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    entrypoint: Option<Vec<String>>,
    cmd: Option<Vec<String>>,
    working_dir: Option<String>,
    user: Option<String>,
    exposed_ports: Option<BTreeMap<String, serde_json::Value>>,
    labels: Map,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Step {
    created: Option<i64>,
    created_by: Option<String>,
    size: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Network {
    scope: Option<String>,
    #[serde(rename = "IPAM")]
    ipam: Option<Ipam>,
    containers: Option<HashMap<String, Option<Endpoint>>>,
    options: Map,
    labels: Map,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Ipam {
    config: Option<Vec<IpamConfig>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IpamConfig {
    gateway: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Endpoint {
    name: Option<String>,
    mac_address: Option<String>,
    #[serde(rename = "IPv4Address")]
    ipv4_address: Option<String>,
    #[serde(rename = "IPv6Address")]
    ipv6_address: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Volume {
    scope: Option<String>,
    mountpoint: Option<String>,
    options: Map,
    labels: Map,
}

fn pairs(map: Map) -> Vec<Pair> {
    let all = map.into_iter().flatten();
    all.map(|(key, value)| Pair { key, value: value.unwrap_or_default() }).collect()
}

/// Those facts that there are.
fn facts(all: impl IntoIterator<Item = (FactKind, Option<String>)>) -> Vec<Fact> {
    let told =
        all.into_iter().filter_map(|(kind, value)| Some((kind, value.filter(|value| !value.is_empty())?)));
    told.map(|(kind, value)| Fact { kind, value }).collect()
}

/// Words as a shell would take them.
fn command(words: Option<Vec<String>>) -> Option<String> {
    words.map(join)
}

/// What a step was, as it would stand in a build file.
fn step(by: &str) -> String {
    let by = by.split_once(" # buildkit").map_or(by, |(by, _)| by);
    let by = match (by.strip_prefix(NOP), by.strip_prefix(SHELL)) {
        (Some(other), _) => other.trim().to_owned(),
        (None, Some(run)) => format!("RUN {run}"),
        (None, None) => by.to_owned(),
    };
    by.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An image, with its history.
pub async fn image(house: &House, pass: &Pass, id: &str) -> Result<ThingDetail, Fault> {
    let item = find(house, pass, Shelf::Images, id)?;
    let name = audited(Shelf::Images, &item.name);
    let image: Image =
        Call::new(house, pass, operation("image-inspect"), Some(id), name.clone())?.json(ANSWER_MAX).await?;
    let history: Option<Vec<Step>> =
        Call::new(house, pass, operation("image-history"), Some(id), name)?.json(ANSWER_MAX).await?;
    let config = image.config.unwrap_or_default();
    let platform = [image.os, image.architecture, image.variant];
    let platform: Vec<String> = platform.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let ports: Vec<String> = config.exposed_ports.into_iter().flatten().map(|(port, _)| port).collect();
    let mut told = vec![(FactKind::Id, Some(item.id.clone()))];
    told.extend(image.repo_digests.into_iter().flatten().map(|digest| (FactKind::Digest, Some(digest))));
    told.extend([
        (FactKind::Platform, Some(platform.join("/"))),
        (FactKind::Author, image.author),
        (FactKind::Entrypoint, command(config.entrypoint)),
        (FactKind::Command, command(config.cmd)),
        (FactKind::Folder, config.working_dir),
        (FactKind::User, config.user),
        (FactKind::Ports, Some(ports.join(", "))),
    ]);
    let layer = |one: Step| Layer {
        by: step(&one.created_by.unwrap_or_default()),
        size: u64::try_from(one.size.unwrap_or_default()).unwrap_or_default(),
        created: one.created.unwrap_or_default().saturating_mul(1000),
    };
    Ok(ThingDetail {
        facts: facts(told),
        labels: pairs(config.labels),
        // The engine tells the last step first.
        layers: history.into_iter().flatten().rev().map(layer).collect(),
        item,
        ..ThingDetail::default()
    })
}

/// A network, with what is attached to it.
pub async fn network(house: &House, pass: &Pass, id: &str) -> Result<ThingDetail, Fault> {
    let item = find(house, pass, Shelf::Networks, id)?;
    let name = audited(Shelf::Networks, &item.name);
    let network: Network =
        Call::new(house, pass, operation("network-inspect"), Some(id), name)?.json(ANSWER_MAX).await?;
    let gateways = network.ipam.and_then(|ipam| ipam.config).into_iter().flatten();
    let mut told = vec![(FactKind::Id, Some(item.id.clone()))];
    told.extend(gateways.map(|config| (FactKind::Gateway, config.gateway)));
    told.push((FactKind::Scope, network.scope));
    let mut members: Vec<Member> = network
        .containers
        .into_iter()
        .flatten()
        .map(|(id, endpoint)| {
            let endpoint = endpoint.unwrap_or_default();
            Member {
                id,
                name: endpoint.name.unwrap_or_default(),
                ipv4: endpoint.ipv4_address.unwrap_or_default(),
                ipv6: endpoint.ipv6_address.unwrap_or_default(),
                mac: endpoint.mac_address.unwrap_or_default(),
            }
        })
        .collect();
    members.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    Ok(ThingDetail {
        facts: facts(told),
        labels: pairs(network.labels),
        options: pairs(network.options),
        members,
        item,
        ..ThingDetail::default()
    })
}

/// A volume.
pub async fn volume(house: &House, pass: &Pass, id: &str) -> Result<ThingDetail, Fault> {
    let item = find(house, pass, Shelf::Volumes, id)?;
    let name = audited(Shelf::Volumes, &item.name);
    let volume: Volume =
        Call::new(house, pass, operation("volume-inspect"), Some(id), name)?.json(ANSWER_MAX).await?;
    Ok(ThingDetail {
        facts: facts([(FactKind::Path, volume.mountpoint), (FactKind::Scope, volume.scope)]),
        labels: pairs(volume.labels),
        options: pairs(volume.options),
        item,
        ..ThingDetail::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_reads_as_it_was_written() {
        assert_eq!(step("/bin/sh -c #(nop)  CMD [\"sh\"]"), "CMD [\"sh\"]");
        assert_eq!(step("/bin/sh -c apt-get   update"), "RUN apt-get update");
        assert_eq!(step("COPY . /app # buildkit"), "COPY . /app");
    }

    #[test]
    fn a_command_can_be_pasted() {
        let words = vec!["sh".to_owned(), "-c".to_owned(), "echo it's".to_owned(), String::new()];
        assert_eq!(command(Some(words)).as_deref(), Some("sh -c 'echo it'\\''s' ''"));
        assert_eq!(facts([(FactKind::User, Some(String::new())), (FactKind::Scope, None)]), []);
    }
}
