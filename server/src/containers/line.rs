//! The line between what people may give their own containers and what only managers may: a container beyond it is used
//! by managers alone, whomever it was given to.

use crate::{access::Pass, creation, fault::Fault, house::House};

/// Refuses whoever stands below the line what would make a container beyond it theirs: running a program in it, starting
/// it. A shared container that is privileged would else be the host's root for all whom it is shared with.
///
/// # Errors
/// Names the field that is beyond it, and the rule.
pub async fn within_the_line(house: &House, pass: &Pass, id: &str, name: &str) -> Result<(), Fault> {
    if pass.is_above_the_line() {
        return Ok(());
    }
    let mut body = creation::read_spec(house, pass, id, name).await?.to_body();
    // What it is called by gives it no strength; who may call it so was asked when it was made.
    if let Some(fields) = body.as_object_mut() {
        fields.remove("Labels");
    }
    // On a host with the first version of cgroups it is what every container has; what can be read by it names no secrets.
    if let Some(fields) = body["HostConfig"].as_object_mut() {
        fields.remove("CgroupnsMode");
    }
    pass.judge_container(body)
}
