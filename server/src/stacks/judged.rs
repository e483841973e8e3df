//! What of a plan its maker may not have: told with the plan, before anything is done, by the very rules of the calls that
//! carry it out. Those are judged again, each by itself.

use std::collections::BTreeSet;

use longshore_api::{
    ops::{Kind, Permission, Query},
    sentence::Sentence,
    words::say,
};
use longshore_compose::{
    engine,
    labels::Which,
    model::Project,
    paths,
    plan::{Deed, Plan},
};
use serde_json::Value;

use super::building;
use crate::{
    access::{Pass, own},
    call,
    fault::Fault,
    hosts::Host,
    house::House,
    ownership::{self, Key, Making},
};

/// Stands for containers that are made before another that names them.
const SOME_ID: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Refuses a plan that would stop, replace or remove what Longshore itself runs in: it would end half way.
///
/// # Errors
/// It is such a plan.
pub(super) fn spares_us(house: &House, host: &str, plan: &Plan) -> Result<(), Fault> {
    let ours = |id: &str| house.access.own().is(host, Kind::Container, id);
    for step in &plan.steps {
        let name = match &step.deed {
            Deed::RecreateContainer { id, was: name, .. }
            | Deed::StopContainer { id, name, .. }
            | Deed::RestartContainer { id, name, .. }
            | Deed::RemoveContainer { id, name, .. }
                if ours(id) =>
            {
                name
            }
            Deed::RecreateNetwork { attached, .. } => match attached.iter().find(|it| ours(&it.id)) {
                Some(it) => &it.name,
                None => continue,
            },
            Deed::RemoveVolume { name } if house.access.own().is(host, Kind::Volume, name) => name,
            _ => continue,
        };
        return Err(own(name));
    }
    Ok(())
}

/// The refusals, each once for a service, a network or a volume.
///
/// # Errors
/// The engine could not be asked.
pub(super) async fn refusals(
    house: &House,
    pass: &Pass,
    project: &Project,
    plan: &Plan,
) -> Result<Vec<Sentence>, Fault> {
    let host = house.hosts.get(pass.host()?)?;
    let there = project.services.keys().map(|service| (service.clone(), vec![SOME_ID.to_owned()])).collect();
    let judge = Judge { house, pass, host: &host, project };
    let mut refusals: Vec<Sentence> = Vec::new();
    if let Err(fault) = spares_us(house, &host.slug, plan) {
        refusals.push(fault.sentence().clone());
    }
    // What holds our data is mounted by nobody but administrators, whoever made it.
    if !pass.principal().roles().allow(&host.slug, Permission::Administer) {
        let ours = |name: &str| house.access.own().is(&host.slug, Kind::Volume, name);
        let mounted = project.volumes.iter().filter(|(_, volume)| ours(&volume.name));
        let missing = house.access.missing(&host.slug, Permission::Administer);
        refusals.extend(mounted.map(|(key, _)| say::plan_refused(key, missing.sentence().clone())));
    }
    let mut bodies: BTreeSet<&str> = BTreeSet::new();
    for step in &plan.steps {
        let (of, judged) = match &step.deed {
            Deed::CreateContainer { service, number, name, .. }
            | Deed::RecreateContainer { service, number, name, .. } => {
                let key = Key::named(Kind::Container, name);
                // One that takes the place of another is whosever that is.
                let name = match &step.deed {
                    Deed::CreateContainer { .. } => {
                        let service = Key::of_service(&project.name, service);
                        [key, service].iter().try_for_each(|key| judge.is_free(Some(&project.name), key))
                    }
                    _ => Ok(()),
                };
                // Those of one service differ in nothing that is judged.
                let body = bodies.insert(service).then(|| {
                    let spec = engine::container(project, service, Which::Number(*number), None, &there);
                    // What there is no container of is told where it is made.
                    spec.map_or(Ok(()), |spec| pass.judge_container(spec.to_engine()))
                });
                (service, name.and(body.unwrap_or(Ok(()))))
            }
            Deed::CreateNetwork { network, .. } => (network, judge.network(network, true).await),
            // The name of one that is made anew is its own.
            Deed::RecreateNetwork { network, .. } => (network, judge.network(network, false).await),
            Deed::CreateVolume { volume, .. } => (volume, judge.volume(volume).await),
            Deed::BuildImage { image, service } => (service, judge.build(service, image).await),
            _ => continue,
        };
        match judged {
            Ok(()) => {}
            Err(fault) if fault.status().is_server_error() => return Err(fault),
            Err(fault) => {
                let refusal = say::plan_refused(of, fault.sentence().clone());
                if !refusals.contains(&refusal) {
                    refusals.push(refusal);
                }
            }
        }
    }
    Ok(refusals)
}

struct Judge<'a> {
    house: &'a House,
    pass: &'a Pass,
    host: &'a Host,
    project: &'a Project,
}

impl Judge<'_> {
    async fn network(&self, key: &str, is_new: bool) -> Result<(), Fault> {
        let Some(network) = self.project.networks.get(key) else { return Ok(()) };
        self.made("network-create", engine::network(self.project, key, network), is_new).await
    }

    async fn volume(&self, key: &str) -> Result<(), Fault> {
        let Some(volume) = self.project.volumes.get(key) else { return Ok(()) };
        self.made("volume-create", engine::volume(self.project, key, volume), true).await
    }

    /// What is made of a body, and under a name that is free if it is new.
    async fn made(&self, operation: &str, body: Value, is_new: bool) -> Result<(), Fault> {
        let operation = call::operation(operation);
        let checked = self.pass.judge_planned(operation, body)?;
        if !is_new {
            return Ok(());
        }
        let what = (operation, &Query::default(), Some(&checked));
        self.names(ownership::making(self.house, self.pass, self.host, what, Vec::new()).await?)
    }

    async fn build(&self, service: &str, image: &str) -> Result<(), Fault> {
        let Some(of) = self.project.services.get(service) else { return Ok(()) };
        let Some(build) = &of.build else { return Ok(()) };
        if let Some(key) = building::unsupported(build) {
            return Err(Fault::bad_request(say::compose_unsupported(key, service)));
        }
        let operation = call::operation("build");
        let mut query = Query::default();
        for (key, value) in building::parameters(self.project, service, of, build, image) {
            query.add(key, value);
        }
        if paths::is_elsewhere(&build.context) {
            query.add("remote", build.context.clone());
        }
        let named = self.pass.judge_planned_query(operation, &mut query)?;
        let what = (operation, &query, None);
        self.names(ownership::making(self.house, self.pass, self.host, what, named).await?)
    }

    fn names(&self, making: Making) -> Result<(), Fault> {
        let main = making.main.and_then(|(_, key)| key);
        let mut keys = making.besides.iter().chain(&main);
        keys.try_for_each(|key| self.is_free(making.stack.as_deref(), key))
    }

    fn is_free(&self, stack: Option<&str>, key: &Key) -> Result<(), Fault> {
        ownership::is_free(self.house, self.pass, &self.host.slug, (stack, key))
    }
}
