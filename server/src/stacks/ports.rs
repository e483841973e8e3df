//! Ports of the host that a plan needs and that others have: told with the plan, before anything is done. What is no
//! container may have one too; of that the engine tells when it is begun.

use longshore_api::{sentence::Sentence, web::create::WantedPort, words::say};
use longshore_compose::{
    model::Project,
    plan::{Deed, Plan},
};

use crate::{access::Pass, fault::Fault, house::House};

/// A sentence for each port that another container has.
pub(super) fn taken(
    house: &House,
    pass: &Pass,
    project: &Project,
    plan: &Plan,
) -> Result<Vec<Sentence>, Fault> {
    let view = house.inventory.seen_with(house.access.sight(pass));
    let mut taken = Vec::new();
    for step in &plan.steps {
        let (Deed::CreateContainer { service, start: true, .. }
        | Deed::RecreateContainer { service, start: true, .. }) = &step.deed
        else {
            continue;
        };
        let ports = project.services.get(service).map(|it| it.ports.as_slice()).unwrap_or_default();
        // Of a range the engine takes one that is free.
        let wanted = ports.iter().filter_map(|port| {
            let number = port.published.parse().ok().filter(|number| *number != 0)?;
            Some(WantedPort { port: number, protocol: port.protocol.clone(), ip: port.host_ip.clone() })
        });
        let wanted: Vec<WantedPort> = wanted.collect();
        for held in view.ports_of_others(pass.host()?, &project.name, &wanted) {
            let why = match held.by.as_str() {
                "" => say::ex_port_taken(held.port),
                by => say::nc_port_held(by, held.port),
            };
            let sentence = say::plan_refused(service, why);
            if !taken.contains(&sentence) {
                taken.push(sentence);
            }
        }
    }
    Ok(taken)
}
