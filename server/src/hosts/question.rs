//! What the server asks engines on its own account.

use longshore_api::ops::ApiVersion;

/// A question of the watcher or the sampler. There is no other way past the permits, and none of these changes
/// anything.
#[derive(Clone, Copy, Debug)]
pub enum Question<'a> {
    /// What it is and which versions it speaks.
    Version,
    /// What machine it is on.
    Info,
    /// Whether it is there.
    Ping,
    /// What happens, from now on.
    Events,
    /// All containers.
    Containers,
    /// All images but those that others were built on.
    Images,
    /// All networks.
    Networks,
    /// All volumes.
    Volumes,
    /// One container, by its full id.
    Container(&'a str),
    /// What the list says of one container, by its full id.
    Listed(&'a str),
    /// What a container uses right now, by its full id.
    Usage(&'a str),
}

impl Question<'_> {
    pub(super) fn path(self, api: Option<ApiVersion>) -> String {
        let path = match self {
            // Without a version: the engine may have come back as an older or a newer one.
            Self::Version => return "/version".to_owned(),
            Self::Info => "/info".to_owned(),
            Self::Ping => "/_ping".to_owned(),
            Self::Events => "/events".to_owned(),
            Self::Containers => "/containers/json?all=1".to_owned(),
            Self::Images => "/images/json".to_owned(),
            Self::Networks => "/networks".to_owned(),
            Self::Volumes => "/volumes".to_owned(),
            Self::Container(id) => format!("/containers/{id}/json"),
            // The filter is `{"id":["…"]}`.
            Self::Listed(id) => {
                format!("/containers/json?all=1&filters=%7B%22id%22%3A%5B%22{id}%22%5D%7D")
            }
            // Without `one-shot` an engine samples twice, a second apart; older ones do so in any case.
            Self::Usage(id) => format!("/containers/{id}/stats?stream=false&one-shot=true"),
        };
        api.map_or(path.clone(), |api| format!("/v{api}{path}"))
    }
}
