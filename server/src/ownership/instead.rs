//! What takes the place of another container is whosever that is, with all that both name. What only the new one names is asked
//! of the engine as for any other: a file that was changed meanwhile could name what is another's.

use std::collections::HashSet;

use longshore_api::ops::body::{Checked, Thing};
use serde_json::Value;

use super::{Making, making::Look};
use crate::{
    access::Pass,
    fault::Fault,
    hosts::{Host, INSPECTION_MAX, Question},
    house::House,
};

/// Looks at what a body names that is sent in the place of the container of this full id.
///
/// # Errors
/// Names the first thing that is not theirs to see.
pub async fn named_anew(
    house: &House,
    pass: &Pass,
    host: &Host,
    (old, body): (&str, &Checked),
) -> Result<(), Fault> {
    let was = host.line.look::<Value>(Question::Container(old), INSPECTION_MAX).await;
    let was = was.map_err(|error| host.line.fault(error))?.unwrap_or_default();
    let (had, look) = (had(&was), Look::of(house, pass, host));
    let anew =
        body.references().iter().filter(|it| it.thing != Thing::Stack && !had.contains(it.name.as_str()));
    for reference in anew {
        look.at(reference, &mut Making::default()).await?;
    }
    let image = &body.body()["Image"];
    // By its id it is the one that it was.
    if [&was["Config"]["Image"], &was["Image"]].contains(&image) {
        return Ok(());
    }
    look.image(image.as_str().unwrap_or_default())
}

/// What a container names, as bodies call it.
fn had(was: &Value) -> HashSet<&str> {
    let config = &was["HostConfig"];
    let networks = || was["NetworkSettings"]["Networks"].as_object().into_iter().flatten();
    let mut had = HashSet::new();
    had.extend(list(&was["Mounts"]).filter_map(|mount| mount["Name"].as_str()));
    had.extend(networks().map(|(name, _)| name.as_str()));
    had.extend(networks().filter_map(|(_, endpoint)| endpoint["NetworkID"].as_str()));
    let links = networks().flat_map(|(_, endpoint)| list(&endpoint["Links"]));
    let entries = links.chain(list(&config["Links"])).chain(list(&config["VolumesFrom"]));
    had.extend(
        entries.filter_map(Value::as_str).filter_map(|entry| entry.trim_start_matches('/').split(':').next()),
    );
    let modes = ["NetworkMode", "IpcMode", "PidMode"].map(|field| config[field].as_str().unwrap_or_default());
    had.extend(modes.iter().map(|mode| mode.strip_prefix("container:").unwrap_or(mode)));
    had
}

fn list(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_container_names_is_known_by_every_name() {
        let was = json!({
            "HostConfig": { "NetworkMode": "front", "IpcMode": "container:cc", "Links": ["/db:/web/sql"],
                            "VolumesFrom": ["data:ro"] },
            "Mounts": [{ "Type": "volume", "Name": "kept" }, { "Type": "bind", "Source": "/srv" }],
            "NetworkSettings": { "Networks": { "front": { "NetworkID": "f1", "Links": ["cache:c"] } } },
        });
        let had = had(&was);
        for name in ["front", "f1", "cc", "db", "data", "kept", "cache"] {
            assert!(had.contains(name), "{name}");
        }
        for other in ["back", "sql", "/srv", "web"] {
            assert!(!had.contains(other), "{other}");
        }
        assert!(super::had(&Value::Null).iter().all(|name| name.is_empty()));
    }
}
