//! For whoever is below the line of a host: what their call is on is found as the engine would find it, asked of the policy
//! by its full id, and called by that alone.

use http::StatusCode;
use longshore_api::{
    ops::{self, Kind, Matched, Operation, Permission, Query},
    web::create::familiar,
    words::say,
};
use serde_json::Value;

use super::{execs::Exec, name_of};
use crate::{
    access::{Pass, kind_of, own, would_end_us},
    containers,
    fault::Fault,
    hosts::Host,
    house::House,
    ownership::{self, Key, find},
};

/// Calls that make somebody run what a container is, or run in it: one that is stronger than they may make is not for
/// them.
const RUNNING: [&str; 10] = [
    "container-start",
    "container-restart",
    "container-unpause",
    "container-update",
    "container-attach",
    // What is mounted in it is read and written by its paths.
    "container-read",
    "container-stat",
    "container-write",
    "exec-create",
    "exec-start",
];

/// Ways to the host that no body shows: the builder's own channels, and a cluster whose other managers make services here.
const BEYOND: [&str; 9] = [
    "session",
    "grpc",
    "swarm-init",
    "swarm-inspect",
    "swarm-join",
    "swarm-leave",
    "swarm-unlock",
    "swarm-unlock-key",
    "swarm-update",
];

/// A call whose target is known.
pub(super) struct Narrowed {
    pub(super) pass: Pass,
    /// What stands in the path in the place of what the client called it.
    pub(super) id: Option<String>,
}

/// Finds what a call is on. `some` is a pass for something on the host.
pub(super) async fn narrow(
    house: &House,
    some: &Pass,
    host: &Host,
    matched: &Matched,
    query: &mut Query,
) -> Result<Narrowed, Fault> {
    let (operation, slug) = (matched.operation, host.slug.as_str());
    let called = matched.params.first().map(String::as_str).unwrap_or_default();
    let unknown = |kind| ownership::unknown(slug, kind, called);
    let found = async |kind, called: &str| {
        find(host, kind, called).await?.ok_or_else(|| ownership::unknown(slug, kind, called))
    };
    let narrowed = match operation.target {
        ops::Target::Container => on_container(house, some, host, called).await?,
        ops::Target::ContainerInQuery => on_queried(house, some, host, query).await?,
        ops::Target::Exec => on_exec(house, some, called, own_exec(house, some, called)?)?,
        ops::Target::Network => {
            let found = found(Kind::Network, called).await?;
            let pass = some.on(&house.access, &found.id, name_of(matched))?;
            Narrowed { pass, id: Some(found.id) }
        }
        ops::Target::Volume => {
            if operation.method.reads() {
                found(Kind::Volume, called).await?;
            }
            let pass = some.on(&house.access, called, name_of(matched))?;
            Narrowed { pass, id: None }
        }
        ops::Target::Image if operation.id == "image-remove" => {
            let found = found(Kind::Image, called).await?;
            let named = familiar(called);
            // By one of its names it loses that alone; by its id, and by a name that engines take for one, all of them.
            let is_id =
                found.id.trim_start_matches("sha256:").starts_with(called.trim_start_matches("sha256:"));
            let by_name = found.tags.contains(&named) && !is_id;
            let names: Vec<&String> = found.tags.iter().filter(|tag| !by_name || **tag == named).collect();
            let mut pass = None;
            for name in names {
                pass = Some(some.on(&house.access, &Key::of_repository(name).name, name_of(matched))?);
            }
            // What nobody has named is the managers' to prune.
            Narrowed { pass: pass.ok_or_else(|| unknown(Kind::Image))?, id: None }
        }
        ops::Target::Image | ops::Target::ImagesInQuery => {
            Narrowed { pass: some.on(&house.access, called, name_of(matched))?, id: None }
        }
        _ => {
            let narrowed = Narrowed { pass: some.on_share(&house.access, name_of(matched))?, id: None };
            let listed = operation.id == "container-list";
            for called in beside(query).into_iter().filter(|_| listed) {
                let found = found(Kind::Container, &called).await?;
                if !house.access.sight(some).sees(slug, Kind::Container, &found.id) {
                    return Err(ownership::unknown(slug, Kind::Container, &called));
                }
            }
            narrowed
        }
    };
    if operation.answer == ops::Answer::Processes && !some.principal().roles().allow(slug, Permission::Exec) {
        let fault = house.access.missing(slug, Permission::Exec);
        house.access.refused(&narrowed.pass, &fault);
        return Err(fault);
    }
    run_within_the_line(house, operation, narrowed).await
}

/// A container that was found, by its full id.
async fn on_container(house: &House, some: &Pass, host: &Host, called: &str) -> Result<Narrowed, Fault> {
    let found = find(host, Kind::Container, called).await?;
    let found = found.ok_or_else(|| ownership::unknown(&host.slug, Kind::Container, called))?;
    let pass = some.on_container(&house.access, &found.id, called)?.called(&found.name);
    Ok(Narrowed { pass, id: Some(found.id) })
}

/// The same of one that a parameter names.
async fn on_queried(house: &House, some: &Pass, host: &Host, query: &mut Query) -> Result<Narrowed, Fault> {
    let called = query.get("container").unwrap_or_default().to_owned();
    let Narrowed { pass, id } = on_container(house, some, host, &called).await?;
    query.set("container", id.unwrap_or(called));
    Ok(Narrowed { pass, id: None })
}

/// A command that whoever asks has begun; that it is another's is written down, and not told.
fn own_exec(house: &House, pass: &Pass, id: &str) -> Result<Exec, Fault> {
    house.execs.own(pass, id).inspect_err(|fault| {
        if house.execs.is_there(id) {
            house.access.refused(pass, fault);
        }
    })
}

/// A command in the container that it runs in.
fn on_exec(house: &House, some: &Pass, id: &str, exec: Exec) -> Result<Narrowed, Fault> {
    // Begun by who stood above the line then, without its container being looked for.
    let container = exec.container.ok_or_else(|| Fault::not_found(say::exec_unknown()))?;
    let pass = some.on_container(&house.access, &container, &container[..12])?;
    Ok(Narrowed { pass, id: Some(id.to_owned()) })
}

async fn run_within_the_line(
    house: &House,
    operation: &Operation,
    narrowed: Narrowed,
) -> Result<Narrowed, Fault> {
    if RUNNING.contains(&operation.id)
        && kind_of(operation) == Some(Kind::Container)
        && let Some(container) = narrowed.pass.object()
    {
        containers::within_the_line(house, &narrowed.pass, container).await?;
    }
    Ok(narrowed)
}

/// The same of whoever manages the host: all on it is theirs but commands that others have begun, which run with what those
/// may. On our own machine they are below the line all the same, so that there what they do more than look at is found, too.
pub(super) async fn of_manager(
    house: &House,
    pass: &Pass,
    host: &Host,
    matched: &Matched,
    query: &mut Query,
) -> Result<Narrowed, Fault> {
    let (operation, whole) = (matched.operation, Narrowed { pass: pass.clone(), id: None });
    let called = matched.params.first().map(String::as_str).unwrap_or_default();
    if operation.target == ops::Target::Exec {
        let exec = own_exec(house, pass, called)?;
        if pass.is_above_the_line() {
            return Ok(whole);
        }
        return run_within_the_line(house, operation, on_exec(house, pass, called, exec)?).await;
    }
    if operation.id == "volume-prune"
        && let Some(ours) = house.access.own().lone_volume(&host.slug)
    {
        let fault = own(&ours);
        house.access.refused(pass, &fault);
        return Err(fault);
    }
    // What would end us is nobody's to do.
    let ends_us = would_end_us(operation) && house.access.own().is_on(&host.slug);
    if pass.is_above_the_line() && !ends_us {
        return Ok(whole);
    }
    if BEYOND.contains(&operation.id) {
        let fault = Fault::new(StatusCode::FORBIDDEN, say::policy_own_machine(operation.id));
        house.access.refused(pass, &fault);
        return Err(fault);
    }
    if operation.only_looks() {
        return Ok(whole);
    }
    let narrowed = match operation.target {
        ops::Target::Container => on_container(house, pass, host, called).await?,
        ops::Target::ContainerInQuery => on_queried(house, pass, host, query).await?,
        ops::Target::Volume => Narrowed { pass: pass.on(&house.access, called, name_of(matched))?, id: None },
        _ => whole,
    };
    run_within_the_line(house, operation, narrowed).await
}

/// Containers that the filters of a list name: an engine tells whether they are there.
fn beside(query: &Query) -> Vec<String> {
    let filters: Value =
        query.get("filters").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let named = ["before", "since"].into_iter().flat_map(|key| match &filters[key] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>(),
        Value::Object(all) => all.keys().cloned().collect(),
        Value::String(one) => vec![one.clone()],
        _ => Vec::new(),
    });
    named.collect()
}
