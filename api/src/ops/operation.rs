//! What a row of the operation table says, and the small vocabularies it says it in.

use super::{ApiVersion, Permission};
use std::{fmt, iter, str::FromStr};

/// A method of the engine's router. It has no others but `OPTIONS`, which answers nothing of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Reads only the head; checked as [`Method::Get`].
    Head,
    /// Creates and acts.
    Post,
    /// Writes whole things.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// As it stands in a request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether a request of this method cannot change anything.
    #[must_use]
    pub const fn reads(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}

impl FromStr for Method {
    type Err = ();

    /// Methods are case-sensitive: `get` is none.
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Get, Self::Head, Self::Post, Self::Put, Self::Delete]
            .into_iter()
            .find(|method| method.as_str() == text)
            .ok_or(())
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What kind of thing an operation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Containers, and what is in them.
    Container,
    /// Images and their tags.
    Image,
    /// Networks.
    Network,
    /// Volumes.
    Volume,
    /// A command run inside a container.
    Exec,
    /// Swarm services.
    Service,
    /// Swarm tasks.
    Task,
    /// Swarm nodes.
    Node,
    /// Swarm secrets.
    Secret,
    /// Swarm configs.
    Config,
    /// The swarm itself.
    Swarm,
    /// The engine itself.
    System,
    /// Engine plugins.
    Plugin,
    /// Image builds and their cache.
    Build,
    /// Images in registries.
    Distribution,
    /// The builder's own opaque channels.
    Session,
    /// Stacks: none of the engine's own, but owned as its things are.
    Stack,
}

impl Kind {
    /// The word for it in the audit log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Image => "image",
            Self::Network => "network",
            Self::Volume => "volume",
            Self::Exec => "exec",
            Self::Service => "service",
            Self::Task => "task",
            Self::Node => "node",
            Self::Secret => "secret",
            Self::Config => "config",
            Self::Swarm => "swarm",
            Self::System => "system",
            Self::Plugin => "plugin",
            Self::Build => "build",
            Self::Distribution => "distribution",
            Self::Session => "session",
            Self::Stack => "stack",
        }
    }
}

/// How the object that an operation is about is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// There is none, or it is about to be made, or the answer is a list.
    None,
    /// The path names a container: by full or short id or by name.
    Container,
    /// The query's `container` names a container.
    ContainerInQuery,
    /// The path has the id of an exec, which belongs to its creator and leads to its container.
    Exec,
    /// The path names an image on the host: by id or reference.
    Image,
    /// The query's `names` are images on the host; none means nothing.
    ImagesInQuery,
    /// The path names an image in a registry.
    Reference,
    /// The path names a network: by full or short id or by name.
    Network,
    /// The path has the name of a volume.
    Volume,
    /// The path names a service.
    Service,
    /// The path names a task, which leads to its service.
    Task,
    /// The path names a node.
    Node,
    /// The path names a secret.
    Secret,
    /// The path names a config.
    Config,
    /// The path names a plugin.
    Plugin,
}

/// What a request may carry after its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Body {
    /// Nothing: a body that comes all the same is not forwarded.
    None,
    /// A JSON object.
    Json,
    /// A JSON object or nothing.
    JsonOptional,
    /// A tar archive or other opaque stream, passed on as it comes; may be empty (a pull, a build from `remote`).
    Tar,
}

/// How an answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stream {
    /// At once and whole.
    None,
    /// Bit by bit for as long as it takes, also while the request is still being sent; every bit is passed on at
    /// once.
    Answer,
    /// The connection is upgraded and belongs to both sides. (`exec-start` with `Detach` answers whole instead.)
    Hijack,
}

/// What must be done to an answer before the caller may have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Nothing.
    AsIs,
    /// A list: objects the caller may not see are left out, each of the rest as in [`Answer::Inspect`].
    List,
    /// One object: environment values and commands only with the exec right; other objects that it names only if
    /// the caller may see them.
    Inspect,
    /// A stream of events: each is passed on only if its object may be seen, exec commands as in
    /// [`Answer::Inspect`].
    Events,
    /// Command lines of processes: only with the exec right.
    Processes,
    /// What is on the host: counts and names of objects the caller may not see are left out.
    Info,
    /// Sizes of all objects: those the caller may not see are left out.
    DiskUsage,
    /// A new object: it belongs to the caller from now on.
    Created,
    /// What was unused and is gone. An engine's own prune takes everybody's things, so that it is for managers: for all
    /// others Longshore removes what is theirs, thing by thing.
    Pruned,
}

/// The query parameters that an operation reads: names with spaces between, those that it reads as a list with
/// `[]` behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryKeys(pub(super) &'static str);

impl QueryKeys {
    /// Each name with whether it is read as a list.
    pub fn iter(self) -> impl Iterator<Item = (&'static str, bool)> {
        self.0.split_ascii_whitespace().map(|key| match key.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (key, false),
        })
    }

    /// The name as the table spells it, and whether it is read as a list; `None` if the operation does not read it.
    #[must_use]
    pub fn find(self, name: &str) -> Option<(&'static str, bool)> {
        self.iter().find(|(known, _)| *known == name)
    }
}

/// One operation of the Docker Engine API: a row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// The stable name, like `container-start`: in audit rows, in rules, in messages.
    pub id: &'static str,
    /// The method it is called by.
    pub method: Method,
    /// The path behind the version prefix, as the engine's router has it. At most one segment is a parameter:
    /// `{name}` is one segment of a path, `{name:.*}` one or more, for names with slashes.
    pub path: &'static str,
    /// What it is about.
    pub kind: Kind,
    /// The permission it needs.
    pub permission: Permission,
    /// A second permission it needs as well.
    pub also: Option<Permission>,
    /// How the object is found that the permission is needed on.
    pub target: Target,
    /// The query parameters it reads.
    pub query: QueryKeys,
    /// What the request may carry.
    pub body: Body,
    /// How the answer comes.
    pub stream: Stream,
    /// What must be done to the answer.
    pub answer: Answer,
    /// Whether it leaves an audit row: changes and consoles do, reads do not.
    pub audit: bool,
    /// The first API version that has it.
    pub since: ApiVersion,
}

impl Operation {
    /// The permissions it needs, all of them.
    pub fn permissions(&self) -> impl Iterator<Item = Permission> {
        iter::once(self.permission).chain(self.also)
    }

    /// Whether it is done by looking: it changes nothing, and shows no more than what a thing is and prints.
    pub fn only_looks(&self) -> bool {
        // Waiting for an end is one, too.
        (self.method.reads() || self.permission == Permission::View)
            && !self.audit
            && self.permissions().all(|needed| matches!(needed, Permission::View | Permission::Logs))
    }
}

/// Why an operation that the engine has is refused to everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The engine's own variables and profiles.
    Debug,
    /// Checkpoints are written to and read from any folder of the host.
    Checkpoint,
    /// A second, older way to attach.
    AttachWebsocket,
    /// Plugins run as root on the host, outside every policy.
    PluginChange,
    /// The engine dropped it before API 1.24.
    Removed,
    /// Podman's own interface, which the table does not describe.
    Libpod,
}

impl Refusal {
    /// The stable name of this reason, the key of its sentence.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Checkpoint => "checkpoint",
            Self::AttachWebsocket => "attach-websocket",
            Self::PluginChange => "plugin-change",
            Self::Removed => "removed",
            Self::Libpod => "libpod",
        }
    }
}

/// What the `docker` command prints, so in the engine's language: English.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Debug => "the engine's debug pages are not available through Longshore",
            Self::Checkpoint => {
                "checkpoints write to folders of the host and are not available through Longshore"
            }
            Self::AttachWebsocket => "attach by websocket is not available through Longshore; use attach",
            Self::PluginChange => "plugins run as root on the host; install them on the host itself",
            Self::Removed => "the engine has dropped this operation; use the container's archive",
            Self::Libpod => "Podman's own interface is not available through Longshore; use the Docker one",
        })
    }
}

/// An operation of the engine's router that is refused to everybody, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The method, or any.
    pub method: Option<Method>,
    /// The path as in [`Operation::path`].
    pub path: &'static str,
    /// Why.
    pub reason: Refusal,
}
