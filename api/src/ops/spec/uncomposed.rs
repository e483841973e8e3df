//! What a compose file has no word for.

use serde_json::Value;

use super::{ContainerSpec, Mount, is_user_defined};

/// The fields of a spec that [`super::compose_text`] leaves out, by their path in the create body.
pub fn uncomposed(spec: &ContainerSpec) -> Vec<String> {
    let host = &spec.body.host;
    let mut paths: Vec<String> = [
        ("AutoRemove", host.auto_remove),
        ("PublishAllPorts", host.publish_all_ports),
        ("VolumeDriver", !host.volume_driver.is_empty()),
        ("KernelMemory", host.kernel_memory != 0),
        ("CpusetMems", !host.cpuset_mems.is_empty()),
        ("IOMaximumBandwidth", host.io_max_bandwidth != 0),
        ("IOMaximumIOps", host.io_max_iops != 0),
        ("DeviceRequests.Options", host.device_requests.iter().any(|request| !request.options.is_empty())),
    ]
    .into_iter()
    .filter(|(_, set)| *set)
    .map(|(field, _)| format!("HostConfig.{field}"))
    .collect();
    for mount in &host.mounts {
        paths.extend(of_mount(mount).map(|field| format!("HostConfig.Mounts.{field} ({})", mount.target)));
    }
    let alone = !is_user_defined(&host.network_mode);
    for (network, endpoint) in &spec.body.networking.endpoints {
        let at = format!("NetworkingConfig.EndpointsConfig.{network}");
        // A mode of its own has no networks beside it.
        if alone && is_user_defined(network) {
            paths.push(at);
        } else if !endpoint.links.is_empty() && *network != host.network_mode {
            paths.push(format!("{at}.Links"));
        }
    }
    leaves("", &Value::Object(spec.rest.clone()), &mut paths);
    paths
}

fn of_mount(mount: &Mount) -> impl Iterator<Item = &'static str> {
    [
        ("BindOptions.NonRecursive", mount.bind.non_recursive),
        ("BindOptions.ReadOnlyNonRecursive", mount.bind.non_recursive_read_only),
        ("BindOptions.ReadOnlyForceRecursive", mount.bind.force_recursive_read_only),
        ("VolumeOptions.Labels", !mount.volume.labels.is_empty()),
        ("VolumeOptions.DriverConfig", mount.volume.driver != super::VolumeDriver::default()),
    ]
    .into_iter()
    .filter(|(_, set)| *set)
    .map(|(field, _)| field)
}

fn leaves(path: &str, value: &Value, paths: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                leaves(&below, value, paths);
            }
        }
        _ => paths.push(path.to_owned()),
    }
}
