//! What the page of one container shows beyond its row: asked of the engine when the page wants it, never kept.

use longshore_api::{
    web::detail::{Detail, EnvValue},
    words::say,
};

use super::inspected::Inspection;
use crate::{
    access::{Demand, Pass, Target},
    call::{self, Call},
    fault::Fault,
    house::House,
};

/// An inspection has at most so many bytes: an environment alone can have megabytes.
const INSPECTION_MAX: usize = 32 * 1024 * 1024;

/// The full id and the name of a container that the inventory has, by either; on the host that the pass is for.
pub fn find(house: &House, pass: &Pass, reference: &str) -> Result<(String, String), Fault> {
    let host = house.hosts.get(pass.host()?)?;
    // An engine that does not answer is no reason to say that the container is none.
    house.api_of(&host)?;
    let found = house.inventory.find_container(&host.slug, reference);
    found.ok_or_else(|| Fault::not_found(say::container_unknown(&host.slug, reference)))
}

/// What the page shows.
pub async fn detail(house: &House, pass: &Pass, reference: &str) -> Result<Detail, Fault> {
    let (id, name) = find(house, pass, reference)?;
    inspect(house, pass, &id, &name).await.map(|inspection| inspection.detail())
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
