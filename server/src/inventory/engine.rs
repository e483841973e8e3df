//! What engines answer, read tolerantly: unknown states, missing and null fields are no reason to lose a whole list.
//! Field names after the Docker Engine API; Podman's answers fit too.

use std::collections::HashMap;

use serde::Deserialize;

/// `GET /version`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Version {
    pub(super) version: Option<String>,
    pub(super) api_version: Option<String>,
    #[serde(rename = "MinAPIVersion")]
    pub(super) min_api_version: Option<String>,
    pub(super) os: Option<String>,
    pub(super) arch: Option<String>,
    pub(super) components: Option<Vec<Component>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Component {
    pub(super) name: Option<String>,
}

/// An entry of `GET /containers/json`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) names: Option<Vec<String>>,
    pub(super) image: Option<String>,
    #[serde(rename = "ImageID")]
    pub(super) image_id: Option<String>,
    pub(super) mounts: Option<Vec<Mount>>,
    pub(super) created: Option<serde_json::Value>,
    pub(super) state: Option<String>,
    pub(super) status: Option<String>,
    pub(super) ports: Option<Vec<ListedPort>>,
    pub(super) labels: Option<HashMap<String, String>>,
    pub(super) network_settings: Option<Networks>,
}

/// Of a container, in the list and in an inspection.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Mount {
    #[serde(rename = "Type")]
    pub(super) kind: Option<String>,
    pub(super) name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListedPort {
    #[serde(rename = "IP")]
    pub(super) ip: Option<String>,
    pub(super) private_port: Option<u16>,
    pub(super) public_port: Option<u16>,
    #[serde(rename = "Type")]
    pub(super) protocol: Option<String>,
}

/// `GET /containers/{id}/json`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Inspected {
    pub(super) id: String,
    pub(super) name: Option<String>,
    /// Its id.
    pub(super) image: Option<String>,
    pub(super) mounts: Option<Vec<Mount>>,
    pub(super) created: Option<String>,
    pub(super) restart_count: Option<i64>,
    pub(super) state: Option<InspectedState>,
    pub(super) config: Option<InspectedConfig>,
    pub(super) network_settings: Option<Networks>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InspectedState {
    pub(super) status: Option<String>,
    pub(super) pid: Option<i64>,
    pub(super) exit_code: Option<i64>,
    #[serde(rename = "OOMKilled")]
    pub(super) oom_killed: Option<bool>,
    pub(super) started_at: Option<String>,
    pub(super) finished_at: Option<String>,
    pub(super) health: Option<Health>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Health {
    pub(super) status: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InspectedConfig {
    pub(super) image: Option<String>,
    pub(super) labels: Option<HashMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Networks {
    pub(super) networks: Option<HashMap<String, Option<Network>>>,
    pub(super) ports: Option<HashMap<String, Option<Vec<Binding>>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Network {
    #[serde(rename = "IPAddress")]
    pub(super) ip_address: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Binding {
    pub(super) host_ip: Option<String>,
    pub(super) host_port: Option<String>,
}

/// A line of `GET /events`
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    #[serde(rename = "Type")]
    pub(super) kind: Option<String>,
    #[serde(rename = "Action")]
    pub(super) action: Option<String>,
    #[serde(rename = "Actor")]
    pub(super) actor: Option<Actor>,
    #[serde(rename = "timeNano")]
    pub(super) time_nano: Option<i64>,
    pub(super) time: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Actor {
    #[serde(rename = "ID")]
    pub(super) id: Option<String>,
    #[serde(rename = "Attributes")]
    pub(super) attributes: Option<HashMap<String, String>>,
}
