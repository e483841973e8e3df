//! What is on a host of a stack: asked of the engine, as far as whoever asks may see it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use longshore_api::{ops::Kind, web::create::with_tag};
use longshore_compose::{
    model::{Project, Service},
    names,
    plan::{Questions, There, Wish},
};
use serde_json::Value;

use super::logic::Standing;
use crate::{
    access::{Demand, Pass, Target},
    call::{self, Call},
    fault::Fault,
    hosts::{INSPECTION_MAX, Question},
    house::House,
    ownership,
};

/// So many questions are put to an engine at once.
const AT_ONCE: usize = 8;

/// Asks about everything that a plan of the project may touch.
pub(super) async fn gather(
    house: &House,
    pass: &Pass,
    project: &Project,
    standing: &Standing,
    wish: &Wish,
) -> Result<There, Fault> {
    let look = Look { house, pass };
    let nothing = BTreeMap::new();
    let scale = match wish {
        Wish::Up(up) => &up.scale,
        _ => &nothing,
    };
    let questions = Questions::of(project, scale);
    let mut ids: BTreeSet<(String, String)> = BTreeSet::new();
    for container in standing.parts.values().flatten() {
        ids.insert((container.id.clone(), container.name.clone()));
    }
    // Who has a name that the stack wants, whatever it belongs to.
    let view = house.inventory.seen_with(house.access.sight(pass));
    let host = pass.host()?;
    for name in &questions.containers {
        ids.extend(view.find_container(host, name).filter(|(_, called)| called == name));
    }
    let containers = stream::iter(ids).map(|(id, name)| async move {
        look.object("container-inspect", &id, format!("container {name}")).await
    });
    let containers: Vec<Option<Value>> = containers.buffered(AT_ONCE).try_collect().await?;
    let containers: Vec<Value> = containers.into_iter().flatten().collect();

    let made_of = containers.iter().filter_map(|it| it["Image"].as_str().map(str::to_owned));
    let references: BTreeSet<String> = questions.images.iter().cloned().chain(made_of).collect();
    let images = stream::iter(references).map(|reference| async move {
        let found = look.image(&reference).await?;
        Ok::<_, Fault>(found.map(|found| (reference, found)))
    });
    let images: Vec<Option<(String, Value)>> = images.buffered(AT_ONCE).try_collect().await?;

    let networks = look.list("network-list", |list| list).await?;
    let volumes = look.list("volume-list", |mut answer| answer["Volumes"].take()).await?;
    let sight = house.access.sight(pass);
    let label = longshore_compose::labels::PROJECT;
    let networks = networks.into_iter().filter(|it| {
        let named = it["Name"].as_str().is_some_and(|name| questions.networks.contains(name));
        let built_in = it["Name"].as_str().is_some_and(|name| ownership::BUILT_IN.contains(&name));
        let seen = it["Id"].as_str().is_some_and(|id| sight.sees(host, Kind::Network, id));
        (named || it["Labels"][label] == project.name.as_str()) && (seen || built_in)
    });
    let volumes = volumes.into_iter().filter(|it| {
        let name = it["Name"].as_str().unwrap_or_default();
        (questions.volumes.contains(name) || it["Labels"][label] == project.name.as_str())
            && sight.sees(host, Kind::Volume, name)
    });
    let asked = house.hosts.get(host)?;
    let info = asked.line.ask_json(Question::Info, INSPECTION_MAX).await;
    Ok(There {
        info: info.map_err(|error| asked.line.fault(error))?,
        containers,
        networks: networks.collect(),
        volumes: volumes.collect(),
        images: images.into_iter().flatten().collect::<BTreeMap<_, _>>(),
    })
}

/// The image of a service, as the engine is asked for it.
pub(super) fn image(project: &Project, name: &str, service: &Service) -> String {
    with_tag(&names::image(&project.name, name, service))
}

#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) house: &'a House,
    pub(super) pass: &'a Pass,
}

impl Look<'_> {
    /// Something by its id, as its engine describes it; none where it is gone.
    pub(super) async fn object(
        &self,
        operation: &str,
        id: &str,
        name: String,
    ) -> Result<Option<Value>, Fault> {
        let call = Call::new(self.house, self.pass, call::operation(operation), Some(id), name)?;
        call.json_if_there(INSPECTION_MAX).await
    }

    /// An image; none where it is not there or not theirs to look at.
    pub(super) async fn image(&self, reference: &str) -> Result<Option<Value>, Fault> {
        let name = format!("image {reference}");
        let host = self.pass.host()?.to_owned();
        let target = Target::Object { host, id: Some(reference.to_owned()), name: name.clone() };
        let demand = Demand::Operation(call::operation("image-inspect"));
        if !self.house.access.may(self.pass.principal(), demand, &target) {
            return Ok(None);
        }
        self.object("image-inspect", reference, name).await
    }

    async fn list(&self, operation: &str, of: impl FnOnce(Value) -> Value) -> Result<Vec<Value>, Fault> {
        let call = Call::listing(self.house, self.pass, call::operation(operation))?;
        match of(call.json(INSPECTION_MAX).await?) {
            Value::Array(list) => Ok(list),
            _ => Ok(Vec::new()),
        }
    }
}
