//! What of a plan its maker may not have: told with the plan, before anything is done. The calls that carry it out are
//! judged again, each by itself.

use longshore_api::{sentence::Sentence, words::say};
use longshore_compose::{
    engine,
    labels::Which,
    model::Project,
    plan::{Deed, Plan},
};

use crate::access::Pass;

/// Stands for containers that are made before another that names them.
const SOME_ID: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The refusals, one for each service and volume that has one.
pub(super) fn refusals(pass: &Pass, project: &Project, plan: &Plan) -> Vec<Sentence> {
    let there = project.services.keys().map(|service| (service.clone(), vec![SOME_ID.to_owned()])).collect();
    let mut refusals: Vec<Sentence> = Vec::new();
    for step in &plan.steps {
        let (of, judged) = match &step.deed {
            Deed::CreateContainer { service, number, .. }
            | Deed::RecreateContainer { service, number, .. } => {
                let spec = engine::container(project, service, Which::Number(*number), None, &there);
                // What there is no container of is told where it is made.
                let Ok(spec) = spec else { continue };
                (service, pass.judge_container(spec.to_engine()))
            }
            Deed::CreateVolume { volume, .. } => {
                let Some(wanted) = project.volumes.get(volume) else { continue };
                let body = engine::volume(project, volume, wanted);
                let driver = body["Driver"].as_str().unwrap_or_default();
                (volume, pass.judge_volume(driver, &body["DriverOpts"]))
            }
            _ => continue,
        };
        if let Err(fault) = judged {
            let refusal = say::plan_refused(of, fault.sentence().clone());
            if !refusals.contains(&refusal) {
                refusals.push(refusal);
            }
        }
    }
    refusals
}
