//! The one place where what people call a thing becomes what it is: the engine is asked, as it would resolve the name
//! itself, and what is done is done to the full id that it answers.

use longshore_api::{ops::Kind, words::say};
use serde::Deserialize;

use crate::{
    fault::Fault,
    hosts::{Called, Host, INSPECTION_MAX, Question},
};

/// Networks that every engine has: nobody's, and no secret.
pub const BUILT_IN: [&str; 3] = ["bridge", "host", "none"];

/// A thing that its engine has found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The engine's full id; a volume's is its name.
    pub id: String,
    /// Its own name.
    pub name: String,
    /// Of an image, all of its names.
    pub tags: Vec<String>,
    /// Of a volume, what keeps it.
    pub driver: String,
    /// Of a volume, what that was told.
    pub options: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Said {
    id: Option<String>,
    name: Option<String>,
    repo_tags: Option<Vec<String>>,
    driver: Option<String>,
    #[serde(default)]
    options: serde_json::Value,
}

/// Whether there can be something of this name that is asked for: of what cannot be found nobody knows whose it is.
pub fn is_askable(kind: Kind, name: &str) -> bool {
    Called::new(kind, name).is_some()
}

/// Asks a host's engine what is called so; none where nothing is.
///
/// # Errors
/// The engine gave no usable answer.
pub async fn find(host: &Host, kind: Kind, called: &str) -> Result<Option<Found>, Fault> {
    let Some(name) = Called::new(kind, called) else { return Ok(None) };
    let said: Option<Said> = host
        .line
        .look(Question::Thing(name), INSPECTION_MAX)
        .await
        .map_err(|error| host.line.fault(error))?;
    Ok(said.map(|said| {
        let name = said.name.unwrap_or_default().trim_start_matches('/').to_owned();
        Found {
            id: if kind == Kind::Volume { name.clone() } else { said.id.unwrap_or_default() },
            name,
            tags: said.repo_tags.unwrap_or_default(),
            driver: said.driver.unwrap_or_default(),
            options: said.options,
        }
    }))
}

/// The words for one that is not there, or not to be seen.
pub fn unknown(host: &str, kind: Kind, called: &str) -> Fault {
    Fault::not_found(match kind {
        Kind::Image => say::image_unknown(host, called),
        Kind::Network => say::network_unknown(host, called),
        Kind::Volume => say::volume_unknown(host, called),
        Kind::Service => say::thing_unknown(host, say::thing_service(), called),
        Kind::Task => say::thing_unknown(host, say::thing_task(), called),
        Kind::Node => say::thing_unknown(host, say::thing_node(), called),
        Kind::Secret => say::thing_unknown(host, say::thing_secret(), called),
        Kind::Config => say::thing_unknown(host, say::thing_config(), called),
        Kind::Plugin => say::thing_unknown(host, say::thing_plugin(), called),
        _ => say::container_unknown(host, called),
    })
}
