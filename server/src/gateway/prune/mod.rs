//! Prune for whoever is below the managers of a host: what is their own and unused is removed thing by thing, each asked of
//! the policy and written down by itself. What teammates share stays theirs to remove, and the engine's own prune, which
//! takes everybody's, is never called. The words of the question and of the answer are the engine's.

use std::collections::HashSet;

use http::{HeaderValue, Response, header};
use jiff::Timestamp;
use longshore_api::{
    ops::{ApiVersion, Kind, Operation, Query},
    words::say,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use self::filters::Filters;
use crate::{
    access::Pass,
    call::{Call, operation},
    containers,
    fault::Fault,
    front::{Body, full},
    hosts::INSPECTION_MAX,
    house::House,
    ownership::{BUILT_IN, Given, Key},
};

mod filters;

/// From this version on only volumes that nobody named are pruned, unless all are asked for.
const ONLY_UNNAMED: ApiVersion = ApiVersion::new(1, 42);
/// From this version on the room of one kind of things can be asked for by itself.
const ROOM_BY_KIND: ApiVersion = ApiVersion::new(1, 42);
/// The label that engines give to volumes that nobody named.
const UNNAMED: &str = "com.docker.volume.anonymous";

/// Removes what is the caller's own of the kind that `prune` is about, and answers as an engine that was asked in `api`.
/// `some` is a pass for something on the host.
///
/// # Errors
/// A filter is none of the engine's, or the engine gave no usable answer.
pub(super) async fn own(
    house: &House,
    some: &Pass,
    (prune, api): (&Operation, ApiVersion),
    query: &Query,
) -> Result<Response<Body>, Fault> {
    let filters = Filters::read(prune.kind, query.get("filters").unwrap_or_default(), Timestamp::now())
        .map_err(|why| Fault::bad_request(say::call_refused(why)))?;
    let own = house.access.sight(some).own(some.host()?);
    let prune = Prune { house, some, own, filters, by: prune.id };
    let gone = match prune.by {
        "container-prune" => prune.containers().await?,
        "image-prune" => prune.images().await?,
        "network-prune" => prune.networks().await?,
        "volume-prune" => prune.volumes(api >= ONLY_UNNAMED).await?,
        // Nobody owns the steps of builds: the managers'.
        _ => json!({ "CachesDeleted": null, "SpaceReclaimed": 0 }),
    };
    let mut answer = Response::new(full(gone.to_string()));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(answer)
}

struct Prune<'a> {
    house: &'a House,
    some: &'a Pass,
    /// What is theirs.
    own: Given,
    filters: Filters,
    /// The operation that was asked for, as the audit log has it beside each removal.
    by: &'static str,
}

impl Prune<'_> {
    /// Containers that do not run. Their volumes stay.
    async fn containers(&self) -> Result<Value, Fault> {
        let (mut gone, mut room) = (Vec::new(), 0);
        for container in self.all_containers().await? {
            let id = text(&container["Id"]);
            let runs = matches!(text(&container["State"]), "running" | "paused" | "restarting" | "removing");
            if runs || !self.is_own(Kind::Container, id) || !self.filters.fit(&container["Labels"]) {
                continue;
            }
            let name = text(&container["Names"][0]).trim_start_matches('/');
            if containers::is_being_recreated(self.house, self.some.host()?, name, id).await? {
                continue;
            }
            let name = format!("container {name}");
            let look = self.call("container-inspect", id, &name)?.with("size", 1);
            let Some(now) = look.json_if_there::<Value>(INSPECTION_MAX).await? else { continue };
            if now["State"]["Running"] == true || !self.filters.is_old(text(&now["Created"])) {
                continue;
            }
            let removal = self.call("container-remove", id, &name)?.noting(self.by);
            if done(removal.done().await)?.is_some() {
                room += size(&now["SizeRw"]);
                gone.push(json!(id));
            }
        }
        Ok(json!({ "ContainersDeleted": or_null(gone), "SpaceReclaimed": room }))
    }

    /// Names of theirs of images that no container is made of. An image without a name is nobody's.
    async fn images(&self) -> Result<Value, Fault> {
        let (mut gone, mut room) = (Vec::new(), 0);
        if !self.filters.dangling {
            let images: Vec<Value> = self.list("image-list").await?;
            let used: HashSet<String> =
                self.all_containers().await?.iter().map(|one| text(&one["ImageID"]).to_owned()).collect();
            let is_own = |tag: &&str| self.is_own(Kind::Image, &Key::of_repository(tag).name);
            let unused = images.iter().filter(|image| {
                !used.contains(text(&image["Id"]))
                    && self.filters.fit(&image["Labels"])
                    && image["Created"].as_i64().is_some_and(|second| self.filters.is_old_second(second))
            });
            let unused: Vec<(&Value, Vec<&str>)> = unused
                .map(|image| {
                    let tags = image["RepoTags"].as_array().into_iter().flatten().filter_map(Value::as_str);
                    (image, tags.filter(is_own).collect())
                })
                .filter(|(_, tags): &(_, Vec<_>)| !tags.is_empty())
                .collect();
            let sizes = if unused.is_empty() { Value::Null } else { self.room_of("image").await };
            for (image, tags) in unused {
                for tag in tags {
                    let removal = self.call("image-remove", tag, &format!("image {tag}"))?.noting(self.by);
                    let items = done(removal.json::<Vec<Value>>(INSPECTION_MAX).await)?;
                    let items = items.unwrap_or_default();
                    if items.iter().any(|item| item["Deleted"] == image["Id"]) {
                        room += sizes["Images"]
                            .as_array()
                            .and_then(|all| all.iter().find(|one| one["Id"] == image["Id"]))
                            .map_or(0, |one| size(&one["Size"]).saturating_sub(size(&one["SharedSize"])));
                    }
                    gone.extend(items);
                }
            }
        }
        Ok(json!({ "ImagesDeleted": or_null(gone), "SpaceReclaimed": room }))
    }

    /// Networks that no running container is on.
    async fn networks(&self) -> Result<Value, Fault> {
        let mut gone = Vec::new();
        let networks: Vec<Value> = self.list("network-list").await?;
        for network in networks {
            let (id, name) = (text(&network["Id"]), text(&network["Name"]));
            let kept = BUILT_IN.contains(&name) || !self.is_own(Kind::Network, id);
            if kept
                || !self.filters.fit(&network["Labels"])
                || !self.filters.is_old(text(&network["Created"]))
            {
                continue;
            }
            let called = format!("network {name}");
            let look = self.call("network-inspect", id, &called)?;
            let Some(now) = look.json_if_there::<Value>(INSPECTION_MAX).await? else { continue };
            if now["Containers"].as_object().is_some_and(|on_it| !on_it.is_empty()) {
                continue;
            }
            let removal = self.call("network-remove", id, &called)?.noting(self.by);
            if done(removal.done().await)?.is_some() {
                gone.push(json!(name));
            }
        }
        Ok(json!({ "NetworksDeleted": or_null(gone) }))
    }

    /// Volumes of this machine's own that no container mounts, running or not.
    async fn volumes(&self, only_unnamed: bool) -> Result<Value, Fault> {
        let (mut gone, mut room) = (Vec::new(), 0);
        let volumes: Map<String, Value> = self.list("volume-list").await?;
        let mounted: HashSet<String> = self
            .all_containers()
            .await?
            .iter()
            .flat_map(|container| container["Mounts"].as_array().into_iter().flatten())
            .filter(|mount| mount["Type"] == "volume")
            .map(|mount| text(&mount["Name"]).to_owned())
            .collect();
        let volumes = volumes.get("Volumes").and_then(Value::as_array).cloned().unwrap_or_default();
        let unused = volumes.iter().filter(|volume| {
            let name = text(&volume["Name"]);
            let unnamed = volume["Labels"].get(UNNAMED).is_some();
            let plain = volume["Options"].as_object().is_none_or(Map::is_empty);
            volume["Driver"] == "local"
                && plain
                && !mounted.contains(name)
                && (unnamed || !only_unnamed || self.filters.all)
                && self.is_own(Kind::Volume, name)
                && self.filters.fit(&volume["Labels"])
        });
        let unused: Vec<&str> = unused.map(|volume| text(&volume["Name"])).collect();
        let sizes = if unused.is_empty() { Value::Null } else { self.room_of("volume").await };
        for name in unused {
            let removal = self.call("volume-remove", name, &format!("volume {name}"))?.noting(self.by);
            if done(removal.done().await)?.is_some() {
                room += sizes["Volumes"]
                    .as_array()
                    .and_then(|all| all.iter().find(|one| one["Name"] == name))
                    .map_or(0, |one| size(&one["UsageData"]["Size"]));
                gone.push(json!(name));
            }
        }
        Ok(json!({ "VolumesDeleted": or_null(gone), "SpaceReclaimed": room }))
    }

    fn is_own(&self, kind: Kind, id: &str) -> bool {
        self.own.get(&kind).is_some_and(|own| own.contains(id))
    }

    fn call(&self, id: &str, target: &str, name: &str) -> Result<Call<'_>, Fault> {
        Call::new(self.house, self.some, operation(id), Some(target), name)
    }

    async fn list<T: DeserializeOwned>(&self, id: &str) -> Result<T, Fault> {
        Call::listing(self.house, self.some, operation(id))?.json(INSPECTION_MAX).await
    }

    async fn all_containers(&self) -> Result<Vec<Value>, Fault> {
        let list = Call::listing(self.house, self.some, operation("container-list"))?;
        list.with("all", 1).json(INSPECTION_MAX).await
    }

    /// What things take, so that it can be said what came free. One that cannot be had is no reason to keep anything.
    async fn room_of(&self, kind: &str) -> Value {
        let asked = async {
            let call = Call::listing(self.house, self.some, operation("disk-usage"))?;
            let host = self.house.hosts.get(self.some.host()?)?;
            let by_kind = self.house.api_of(&host)? >= ROOM_BY_KIND;
            let call = if by_kind { call.with("type", kind) } else { call };
            call.json::<Value>(INSPECTION_MAX).await
        };
        asked.await.unwrap_or_else(|fault| {
            tracing::debug!(%fault, request.id = self.some.request_id(), "no sizes for what is pruned");
            Value::Null
        })
    }
}

/// What an engine keeps all the same, in use since or gone already, is passed over, as engines do.
fn done<T>(answer: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match answer {
        Ok(done) => Ok(Some(done)),
        Err(fault) if fault.status().is_client_error() => {
            tracing::debug!(%fault, "a thing was kept from prune");
            Ok(None)
        }
        Err(fault) => Err(fault),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A number of bytes; engines say -1 for what they do not know.
fn size(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

/// Engines write a list of nothing so.
fn or_null(list: Vec<Value>) -> Value {
    if list.is_empty() { Value::Null } else { Value::Array(list) }
}
