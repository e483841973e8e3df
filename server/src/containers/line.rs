//! The line between what people may give their own containers and what only managers may: a container beyond it is used
//! by managers alone, whomever it was given to.

use http::StatusCode;
use longshore_api::ops::{Kind, Permission};
use serde_json::Value;

use crate::{
    access::Pass,
    creation,
    fault::Fault,
    hosts::{Host, INSPECTION_MAX, Question},
    house::House,
    ownership::{BUILT_IN, find, unknown},
};

/// Refuses whoever stands below the line what would make a container beyond it theirs: running a program in it, starting
/// it. A shared container that is privileged would else be the host's root for all whom it is shared with.
///
/// # Errors
/// Names the field that is beyond it, and the rule; the audit log has it.
pub async fn within_the_line(house: &House, pass: &Pass, id: &str) -> Result<(), Fault> {
    if pass.is_above_the_line() {
        return Ok(());
    }
    let host = house.hosts.get(pass.host()?)?;
    let inspected: Value = host
        .line
        .ask_json(Question::Container(id), INSPECTION_MAX)
        .await
        .map_err(|error| host.line.fault(error))?;
    judge(house, pass, &host, &inspected).await.inspect_err(|fault| {
        if fault.status() == StatusCode::FORBIDDEN {
            let name = inspected["Name"].as_str().unwrap_or_default().trim_start_matches('/');
            house.access.refused_on(pass, format!("container {name}"), fault);
        }
    })
}

async fn judge(house: &House, pass: &Pass, host: &Host, inspected: &Value) -> Result<(), Fault> {
    let mut body = creation::spec_of(house, pass, inspected).await?.to_body();
    // What it is called by gives it no strength; who may call it so was asked when it was made.
    if let Some(fields) = body.as_object_mut() {
        fields.remove("Labels");
    }
    // On a host with the first version of cgroups it is what every container has; what can be read by it names no secrets.
    if let Some(fields) = body["HostConfig"].as_object_mut() {
        fields.remove("CgroupnsMode");
    }
    pass.judge_container(body)?;
    mounts_and_networks(house, pass, host, inspected).await
}

/// What it mounts is kept from the host as well, and a network that took the place of the one that it was made for is
/// theirs.
async fn mounts_and_networks(
    house: &House,
    pass: &Pass,
    host: &Host,
    inspected: &Value,
) -> Result<(), Fault> {
    let mounts = inspected["Mounts"].as_array().into_iter().flatten();
    for name in mounts.filter(|mount| mount["Type"] == "volume").filter_map(|mount| mount["Name"].as_str()) {
        // Whoever is above the line has not come here.
        if house.access.own().is(&host.slug, Kind::Volume, name) {
            return Err(house.access.missing(&host.slug, Permission::Administer));
        }
        if let Some(volume) = find(host, Kind::Volume, name).await? {
            pass.judge_volume(&volume.driver, &volume.options)?;
        }
    }
    if pass.manages() {
        return Ok(());
    }
    let sight = house.access.sight(pass);
    let networks = inspected["NetworkSettings"]["Networks"].as_object().into_iter().flatten();
    for (name, endpoint) in networks.filter(|(name, _)| !BUILT_IN.contains(&name.as_str())) {
        if let Some(network) = find(host, Kind::Network, name).await?
            && endpoint["NetworkID"] != network.id.as_str()
            && !sight.sees(&host.slug, Kind::Network, &network.id)
        {
            return Err(unknown(&host.slug, Kind::Network, name));
        }
    }
    Ok(())
}
