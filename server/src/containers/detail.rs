//! What the page of one container shows beyond its row: asked of the engine when the page wants it, never kept.

use longshore_api::{
    web::detail::{Changes, Detail, EnvValue, Process},
    words::say,
};
use serde_json::Value;

use super::{
    inside::{Difference, Top},
    inspected::Inspection,
};
use crate::{
    access::{Demand, Pass, Target},
    call::{self, Call},
    fault::Fault,
    hosts::INSPECTION_MAX,
    house::House,
};

/// What is asked of the host's `ps`.
const COLUMNS: &str = "-eo pid,user:32,pcpu,rss,time,args";

/// The full id and the name of a container that the inventory has, by either; on the host that the pass is for.
pub fn find(house: &House, pass: &Pass, reference: &str) -> Result<(String, String), Fault> {
    let host = house.hosts.get(pass.host()?)?;
    // An engine that does not answer is no reason to say that the container is none.
    house.api_of(&host)?;
    let found = house.inventory.find_container(&host.slug, reference);
    found.ok_or_else(|| Fault::not_found(say::container_unknown(&host.slug, reference)))
}

/// What the page shows. Commands are for those who could run some themselves.
pub async fn detail(house: &House, pass: &Pass, reference: &str) -> Result<Detail, Fault> {
    let (id, name) = find(house, pass, reference)?;
    let mut inspection = inspect(house, pass, &id, &name).await?;
    if !may_look_inside(house, pass)? {
        inspection.hide_commands();
    }
    Ok(inspection.detail())
}

/// The same as the engine says it, without the values of the environment.
pub async fn document(house: &House, pass: &Pass, reference: &str) -> Result<Value, Fault> {
    let (id, name) = find(house, pass, reference)?;
    let mut inspection = inspect(house, pass, &id, &name).await?;
    if !may_look_inside(house, pass)? {
        inspection.hide_commands();
    }
    Ok(inspection.masked())
}

/// The files in which it differs from its image.
pub async fn changes(house: &House, pass: &Pass, reference: &str) -> Result<Changes, Fault> {
    let (id, name) = find(house, pass, reference)?;
    let operation = call::operation("container-changes");
    let call = Call::new(house, pass, operation, Some(&id), format!("container {name}"))?;
    let all: Option<Vec<Difference>> = call.json(INSPECTION_MAX).await?;
    Ok(super::inside::changes(all.unwrap_or_default()))
}

/// What runs in it. Not every host has a `ps` that knows our columns; each has the usual ones.
pub async fn processes(house: &House, pass: &Pass, reference: &str) -> Result<Vec<Process>, Fault> {
    let (id, name) = find(house, pass, reference)?;
    let ask = async |columns: Option<&str>| -> Result<Top, Fault> {
        let operation = call::operation("container-top");
        let call = Call::new(house, pass, operation, Some(&id), format!("container {name}"))?;
        let call = columns.into_iter().fold(call, |call, columns| call.with("ps_args", columns));
        call.json(INSPECTION_MAX).await
    };
    let top = match ask(Some(COLUMNS)).await {
        Err(fault) if fault.engine_words().is_some() => ask(None).await?,
        answer => answer?,
    };
    let mut processes = top.processes();
    if !may_look_inside(house, pass)? {
        processes.iter_mut().for_each(|process| process.command = None);
    }
    Ok(processes)
}

fn may_look_inside(house: &House, pass: &Pass) -> Result<bool, Fault> {
    let host = Target::Host(pass.host()?.to_owned());
    let demand = Demand::Operation(call::operation("exec-create"));
    Ok(house.access.may(pass.principal(), demand, &host))
}

/// The environment with its values: for those who could read it inside, and never without a row of the audit log.
pub async fn env(house: &House, pass: &Pass, reference: &str) -> Result<Vec<EnvValue>, Fault> {
    let (id, name) = find(house, pass, reference)?;
    let object = Target::Object { host: pass.host()?.to_owned(), name: format!("container {name}") };
    let demand = Demand::Operation(call::operation("exec-create"));
    let seen = house.access.require(pass.principal(), demand, object, pass.request_id())?;
    let read = async |_| inspect(house, pass, &id, &name).await.map(|inspection| Shown(inspection.env()));
    house.access.change(&seen, "container-env", read).await.map(|shown| shown.0)
}

async fn inspect(house: &House, pass: &Pass, id: &str, name: &str) -> Result<Inspection, Fault> {
    let operation = call::operation("container-inspect");
    Call::new(house, pass, operation, Some(id), format!("container {name}"))?.json(INSPECTION_MAX).await
}

/// Values that somebody was shown.
struct Shown(Vec<EnvValue>);

impl crate::access::Outcome for Shown {
    fn status(&self) -> u16 {
        200
    }
}
