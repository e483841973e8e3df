//! What engines list of images, networks and volumes, read tolerantly. Field names after the Docker Engine API.

use std::collections::HashMap;

use longshore_api::{format::short_id, web::shelf::Item};
use serde::Deserialize;

use super::{
    super::normal::{self, NAME_MAX, capped, moment, searched},
    Thing,
};
use crate::ownership::{ByLabel, is_made_up};

/// So many tags of an image, and so many subnets of a network, are kept.
pub const WORDS_MAX: usize = 64;
const PATH_MAX: usize = 1024;
/// What the engine makes for itself and does not let go.
const BUILT_IN: [&str; 5] = ["bridge", "host", "none", "ingress", "docker_gwbridge"];
/// What stands in the list for an image without a tag.
const NO_TAG: &str = "<none>:<none>";

type Labels = Option<HashMap<String, String>>;

/// `GET /images/json`
#[derive(Debug, Deserialize)]
pub(in crate::inventory) struct Images(Option<Vec<Image>>);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Image {
    id: String,
    repo_tags: Option<Vec<String>>,
    repo_digests: Option<Vec<String>>,
    created: Option<i64>,
    size: Option<i64>,
    labels: Labels,
}

/// `GET /networks`
#[derive(Debug, Deserialize)]
pub(in crate::inventory) struct Networks(Option<Vec<Network>>);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Network {
    id: String,
    name: Option<String>,
    created: Option<String>,
    driver: Option<String>,
    internal: Option<bool>,
    ingress: Option<bool>,
    #[serde(rename = "IPAM")]
    ipam: Option<Ipam>,
    labels: Labels,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Ipam {
    config: Option<Vec<IpamConfig>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IpamConfig {
    subnet: Option<String>,
}

/// `GET /volumes`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::inventory) struct Volumes {
    volumes: Option<Vec<Volume>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Volume {
    name: String,
    driver: Option<String>,
    mountpoint: Option<String>,
    created_at: Option<String>,
    labels: Labels,
}

impl Thing {
    fn new(item: Item, labels: Labels, more: impl IntoIterator<Item = String>) -> Self {
        let labels = labels.unwrap_or_default();
        let stack = normal::stack(&labels);
        let said = ByLabel::of(&labels);
        let mut text = searched(labels);
        text.extend([item.name.to_lowercase(), item.id.to_lowercase(), item.driver.to_lowercase()]);
        text.extend(stack.iter().chain(&item.tags).chain(&item.subnets).map(|word| word.to_lowercase()));
        text.extend(more);
        let folded = item.name.to_lowercase();
        Self { item: Item { stack, ..item }, text: text.join("\n"), folded, said, digests: Vec::new() }
    }
}

fn words(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = all.take(WORDS_MAX).map(|word| capped(word, NAME_MAX)).collect();
    all.sort_unstable();
    all
}

impl Images {
    pub(in crate::inventory) fn things(self, host: &str) -> Vec<Thing> {
        self.0.into_iter().flatten().map(|image| image.thing(host)).collect()
    }
}

impl Image {
    fn thing(self, host: &str) -> Thing {
        let tags = words(self.repo_tags.into_iter().flatten().filter(|tag| tag != NO_TAG));
        let item = Item {
            host: host.to_owned(),
            name: tags.first().cloned().unwrap_or_else(|| short_id(&self.id)),
            id: capped(self.id, NAME_MAX),
            created: self.created.unwrap_or_default().saturating_mul(1000),
            size: Some(u64::try_from(self.size.unwrap_or_default()).unwrap_or_default()),
            tags,
            ..Item::default()
        };
        let named = words(self.repo_digests.into_iter().flatten());
        let digests = named.iter().filter_map(|name| Some(name.rsplit_once('@')?.1.to_owned())).collect();
        Thing { digests, ..Thing::new(item, self.labels, named) }
    }
}

impl Networks {
    pub(in crate::inventory) fn things(self, host: &str) -> Vec<Thing> {
        self.0.into_iter().flatten().map(|network| network.thing(host)).collect()
    }
}

impl Network {
    fn thing(self, host: &str) -> Thing {
        let name = self.name.filter(|name| !name.is_empty()).unwrap_or_else(|| short_id(&self.id));
        let configs = self.ipam.and_then(|ipam| ipam.config).into_iter().flatten();
        let item = Item {
            host: host.to_owned(),
            built_in: self.ingress.unwrap_or_default() || BUILT_IN.contains(&name.as_str()),
            name: capped(name, NAME_MAX),
            id: capped(self.id, NAME_MAX),
            created: self.created.as_deref().and_then(moment).unwrap_or_default(),
            driver: capped(self.driver.unwrap_or_default(), NAME_MAX),
            subnets: words(configs.filter_map(|config| config.subnet)),
            internal: self.internal.unwrap_or_default(),
            ..Item::default()
        };
        Thing::new(item, self.labels, [])
    }
}

impl Volumes {
    pub(in crate::inventory) fn things(self, host: &str) -> Vec<Thing> {
        self.volumes.into_iter().flatten().map(|volume| volume.thing(host)).collect()
    }
}

impl Volume {
    fn thing(self, host: &str) -> Thing {
        let name = capped(self.name, NAME_MAX);
        let item = Item {
            host: host.to_owned(),
            anonymous: is_made_up(&name),
            id: name.clone(),
            name,
            created: self.created_at.as_deref().and_then(moment).unwrap_or_default(),
            driver: capped(self.driver.unwrap_or_default(), NAME_MAX),
            path: capped(self.mountpoint.unwrap_or_default(), PATH_MAX),
            ..Item::default()
        };
        Thing::new(item, self.labels, [])
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_image_without_a_tag_is_dangling_and_called_by_its_short_id() {
        let images: Images = serde_json::from_value(json!([
            {"Id": format!("sha256:{}", "a".repeat(64)), "RepoTags": ["<none>:<none>"], "Size": -1, "Created": 7},
            {"Id": "sha256:b", "RepoTags": ["web:2", "web:1"], "RepoDigests": null, "Size": 12, "Labels": null},
        ]))
        .expect("a list");
        let things = images.things("quay");
        assert_eq!((things[0].item.name.as_str(), things[0].item.tags.len()), ("aaaaaaaaaaaa", 0));
        assert_eq!((things[0].item.size, things[0].item.created), (Some(0), 7_000));
        assert_eq!((things[1].item.name.as_str(), things[1].item.size), ("web:1", Some(12)));
    }

    #[test]
    fn what_the_engine_made_for_itself_is_told_apart() {
        let networks: Networks = serde_json::from_value(json!([
            {"Id": "1", "Name": "bridge", "IPAM": {"Config": [{"Subnet": "172.17.0.0/16"}]}},
            {"Id": "2", "Name": "shop", "IPAM": null, "Labels": {"com.docker.compose.project": "shop"}},
            {"Id": "3", "Name": "mesh", "Ingress": true},
        ]))
        .expect("a list");
        let things = networks.things("quay");
        assert_eq!(things.iter().map(|thing| thing.item.built_in).collect::<Vec<_>>(), [true, false, true]);
        assert_eq!(things[1].item.stack.as_deref(), Some("shop"));
        assert!(things[0].text.contains("172.17.0.0/16"));
    }

    #[test]
    fn a_volume_nobody_named_is_anonymous() {
        let volumes: Volumes =
            serde_json::from_value(json!({"Volumes": [{"Name": "f0".repeat(32)}, {"Name": "db"}]}))
                .expect("a list");
        let anonymous: Vec<bool> = volumes.things("quay").iter().map(|thing| thing.item.anonymous).collect();
        assert_eq!(anonymous, [true, false]);
        let none: Volumes = serde_json::from_value(json!({"Volumes": null})).expect("a list");
        assert!(none.things("quay").is_empty());
    }
}
