//! What an engine says of its disk. Field names after the Docker Engine API, all of them optional: up to 1.51 all lists
//! stand beside each other, from 1.52 on each has an object of its own.

use longshore_api::{
    format::short_id,
    web::{
        Millis,
        disk::{DiskKind, DiskPart, DiskUse},
    },
};
use serde::Deserialize;

/// So many parts are kept by name; the smallest beyond that are others.
const PARTS_MAX: usize = 20_000;
/// A name has at most so many bytes.
const NAME_MAX: usize = 300;

/// The answer to `/system/df`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Usage {
    layers_size: Option<i64>,
    images: Option<Vec<Image>>,
    containers: Option<Vec<Container>>,
    volumes: Option<Vec<Volume>>,
    build_cache: Option<Vec<Cache>>,
    image_usage: Kind<Image>,
    container_usage: Kind<Container>,
    volume_usage: Kind<Volume>,
    build_cache_usage: Kind<Cache>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Kind<T> {
    #[serde(default = "Option::default")]
    items: Option<Vec<T>>,
    #[serde(default)]
    total_size: Option<i64>,
}

impl<T> Default for Kind<T> {
    fn default() -> Self {
        Self { items: None, total_size: None }
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Image {
    id: String,
    repo_tags: Option<Vec<String>>,
    size: i64,
    shared_size: i64,
    containers: i64,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Container {
    id: String,
    names: Option<Vec<String>>,
    size_rw: i64,
    state: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Volume {
    name: String,
    usage_data: Option<VolumeUsage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct VolumeUsage {
    size: i64,
    #[serde(default)]
    ref_count: i64,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Cache {
    size: i64,
    in_use: bool,
    shared: bool,
}

/// What is not known is a negative number.
fn bytes(size: i64) -> u64 {
    u64::try_from(size).unwrap_or_default()
}

impl Usage {
    /// What takes room, the largest first.
    pub fn read(self, at: Millis) -> DiskUse {
        let layers = self.image_usage.total_size.or(self.layers_size).map_or(0, bytes);
        let images = self.image_usage.items.or(self.images).unwrap_or_default();
        let containers = self.container_usage.items.or(self.containers).unwrap_or_default();
        let volumes = self.volume_usage.items.or(self.volumes).unwrap_or_default();
        let cache = self.build_cache_usage.items.or(self.build_cache).unwrap_or_default();

        let mut parts: Vec<DiskPart> = images.into_iter().map(image).collect();
        let own = parts.iter().fold(0, |sum: u64, part| sum.saturating_add(part.size));
        parts.push(nameless(DiskKind::Layers, layers.saturating_sub(own), true));
        parts.extend(containers.into_iter().map(container));
        parts.extend(volumes.into_iter().filter_map(volume));
        // What builds share with images is counted there. Steps are not named: their commands may hold secrets.
        for used in [true, false] {
            let of = cache.iter().filter(|cache| cache.in_use == used && !cache.shared);
            let size = of.fold(0, |sum: u64, cache| sum.saturating_add(bytes(cache.size)));
            parts.push(nameless(DiskKind::Cache, size, used));
        }
        parts.retain(|part| part.size > 0 || !part.id.is_empty());
        parts.sort_by(|a, b| b.size.cmp(&a.size).then_with(|| (a.kind, &a.name).cmp(&(b.kind, &b.name))));
        if parts.len() > PARTS_MAX {
            let rest = parts.split_off(PARTS_MAX);
            parts.extend(others(&rest));
        }
        DiskUse { at, parts }
    }
}

/// Parts as one that names none of them.
pub fn others(parts: &[DiskPart]) -> Option<DiskPart> {
    let size = parts.iter().fold(0, |sum: u64, part| sum.saturating_add(part.size));
    (size > 0).then(|| nameless(DiskKind::Others, size, true))
}

fn nameless(kind: DiskKind, size: u64, used: bool) -> DiskPart {
    DiskPart { kind, id: String::new(), name: String::new(), size, used }
}

fn clipped(mut name: String) -> String {
    name.truncate(name.floor_char_boundary(NAME_MAX));
    name
}

fn image(image: Image) -> DiskPart {
    let tag = image.repo_tags.into_iter().flatten().find(|tag| !tag.contains("<none>"));
    let name = clipped(tag.unwrap_or_else(|| short_id(&image.id)));
    let size = bytes(image.size).saturating_sub(bytes(image.shared_size));
    DiskPart { kind: DiskKind::Image, id: clipped(image.id), name, size, used: image.containers > 0 }
}

fn container(container: Container) -> DiskPart {
    // A name that others know it by as a link has two slashes.
    let named =
        container.names.into_iter().flatten().find(|name| !name.trim_start_matches('/').contains('/'));
    let name = named.map_or_else(|| short_id(&container.id), |name| name.trim_start_matches('/').to_owned());
    DiskPart {
        kind: DiskKind::Container,
        id: clipped(container.id),
        name: clipped(name),
        size: bytes(container.size_rw),
        used: !matches!(container.state.as_str(), "exited" | "created" | "dead"),
    }
}

/// Some drivers do not know how large a volume is.
fn volume(volume: Volume) -> Option<DiskPart> {
    let usage = volume.usage_data.filter(|usage| usage.size >= 0)?;
    Some(DiskPart {
        kind: DiskKind::Volume,
        id: volume.name.clone(),
        name: clipped(volume.name),
        size: bytes(usage.size),
        used: usage.ref_count > 0,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(value: Value) -> Vec<(DiskKind, String, u64, bool)> {
        let usage: Usage = serde_json::from_value(value).expect("an answer");
        usage.read(7).parts.into_iter().map(|part| (part.kind, part.name, part.size, part.used)).collect()
    }

    fn lists() -> [Value; 4] {
        [
            json!([
                {"Id": "sha256:aaaabbbbccccdddd", "RepoTags": ["web:1"], "Size": 100, "SharedSize": 60, "Containers": 1},
                {"Id": "sha256:1111222233334444", "RepoTags": null, "Size": 70, "SharedSize": 60, "Containers": 0},
            ]),
            json!([{"Id": "c1", "Names": ["/db/link", "/web"], "SizeRw": 5, "State": "running"},
                   {"Id": "c2", "Names": ["/old"], "State": "exited"}]),
            json!([{"Name": "data", "UsageData": {"Size": 300, "RefCount": 1}},
                   {"Name": "far", "UsageData": {"Size": -1, "RefCount": 0}}, {"Name": "none"}]),
            json!([{"Size": 9, "InUse": false, "Shared": false}, {"Size": 50, "Shared": true},
                   {"Size": 2, "InUse": true}]),
        ]
    }

    fn expected() -> Vec<(DiskKind, String, u64, bool)> {
        [
            (DiskKind::Volume, "data", 300, true),
            (DiskKind::Layers, "", 60, true),
            (DiskKind::Image, "web:1", 40, true),
            (DiskKind::Image, "111122223333", 10, false),
            (DiskKind::Cache, "", 9, false),
            (DiskKind::Container, "web", 5, true),
            (DiskKind::Cache, "", 2, true),
            (DiskKind::Container, "old", 0, false),
        ]
        .map(|(kind, name, size, used)| (kind, name.to_owned(), size, used))
        .to_vec()
    }

    #[test]
    fn older_and_newer_engines_say_the_same() {
        let [images, containers, volumes, cache] = lists();
        let old = json!({"LayersSize": 110, "Images": images, "Containers": containers, "Volumes": volumes, "BuildCache": cache});
        assert_eq!(read(old), expected());
        let [images, containers, volumes, cache] = lists();
        let new = json!({"ImageUsage": {"TotalSize": 110, "Items": images}, "ContainerUsage": {"Items": containers},
            "VolumeUsage": {"Items": volumes}, "BuildCacheUsage": {"Items": cache}});
        assert_eq!(read(new), expected());
        assert_eq!(read(json!({})), []);
        assert_eq!(read(json!({"LayersSize": -1, "Images": null})), []);
    }

    #[test]
    fn who_may_name_nothing_sees_how_much_there_is() {
        let [images, ..] = lists();
        let usage: Usage =
            serde_json::from_value(json!({"LayersSize": 110, "Images": images})).expect("an answer");
        let all = others(&usage.read(7).parts).expect("a part");
        assert_eq!((all.kind, all.name.as_str(), all.id.as_str(), all.size), (DiskKind::Others, "", "", 110));
        assert_eq!(others(&[]), None);
    }
}
