//! What the server asks engines on its own account.

use longshore_api::ops::{ApiVersion, Kind};

/// Names have at most so many bytes.
const NAME_MAX: usize = 1024;

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
    /// A thing by whatever people call it by.
    Thing(Called<'a>),
    /// What the list says of one container, by its full id.
    Listed(&'a str),
    /// What a container uses right now, by its full id.
    Usage(&'a str),
    /// Whether a command runs that was begun in a container, by its id.
    Exec(&'a str),
}

/// What people call a thing by: the beginning of a path that says nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Called<'a> {
    kind: Kind,
    name: &'a str,
}

impl<'a> Called<'a> {
    /// A name, an id or the beginning of one, of an image a reference. None for what no engine takes for one.
    pub fn new(kind: Kind, name: &'a str) -> Option<Self> {
        let special = if kind == Kind::Image { &b"_.-/:@"[..] } else { &b"_.-"[..] };
        let fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || special.contains(&byte));
        let plain = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
        // `/networks/create` and the like are names to an engine that is only read, and so is `/containers/json/json`.
        (fits && plain && name.len() <= NAME_MAX).then_some(Self { kind, name })
    }
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
            Self::Thing(Called { kind: Kind::Container, name }) => format!("/containers/{name}/json"),
            Self::Thing(Called { kind: Kind::Network, name }) => format!("/networks/{name}"),
            Self::Thing(Called { kind: Kind::Volume, name }) => format!("/volumes/{name}"),
            Self::Thing(Called { name, .. }) => format!("/images/{name}/json"),
            // The filter is `{"id":["…"]}`.
            Self::Listed(id) => {
                format!("/containers/json?all=1&filters=%7B%22id%22%3A%5B%22{id}%22%5D%7D")
            }
            Self::Exec(id) => format!("/exec/{id}/json"),
            // Without `one-shot` an engine samples twice, a second apart; older ones do so in any case.
            Self::Usage(id) => format!("/containers/{id}/stats?stream=false&one-shot=true"),
        };
        api.map_or(path.clone(), |api| format!("/v{api}{path}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_way_to_another_question() {
        for (kind, name) in [
            (Kind::Container, "web"),
            (Kind::Volume, "shop_data"),
            (Kind::Image, "depot:5000/shop/web:1@sha256:aa"),
        ] {
            assert!(Called::new(kind, name).is_some(), "{name}");
        }
        for (kind, name) in [
            (Kind::Container, ""),
            (Kind::Container, ".."),
            (Kind::Container, "a/b"),
            (Kind::Container, "a?all=1"),
            (Kind::Network, "a%2fb"),
            (Kind::Image, "a/../../info"),
            (Kind::Image, "/a"),
            (Kind::Volume, "a b"),
            (Kind::Volume, "名"),
        ] {
            assert!(Called::new(kind, name).is_none(), "{name:?}");
        }
        assert!(Called::new(Kind::Volume, &"a".repeat(NAME_MAX + 1)).is_none());
    }

    #[test]
    fn what_is_called_as_a_list_is_asked_for_as_all_others() {
        let asked = |kind| Called::new(kind, "json").map(|it| Question::Thing(it).path(None));
        assert_eq!(asked(Kind::Container).as_deref(), Some("/containers/json/json"));
        assert_eq!(asked(Kind::Volume).as_deref(), Some("/volumes/json"));
        assert_eq!(asked(Kind::Network).as_deref(), Some("/networks/json"));
    }
}
