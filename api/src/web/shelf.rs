//! What lies on hosts beside containers: images, networks, volumes, each with what uses it.

use serde::{Deserialize, Serialize};

use super::{Millis, access::Whose, container::State};

/// A kind of thing on a shelf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shelf {
    /// Images.
    #[default]
    Images,
    /// Networks.
    Networks,
    /// Volumes.
    Volumes,
}

impl Shelf {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Images, Self::Networks, Self::Volumes];
}

/// Which things of a shelf a query asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Only {
    /// All.
    #[default]
    All,
    /// What a container holds, running or not.
    Used,
    /// What no container holds, and the engine has not made for itself.
    Unused,
    /// Images without a tag.
    Dangling,
}

/// What a shelf can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShelfColumn {
    /// By name, without regard to case.
    #[default]
    Name,
    /// By bytes.
    Size,
    /// By when it was made.
    Created,
    /// By how many containers hold it.
    Users,
    /// By driver.
    Driver,
}

/// What a subscription to a shelf asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShelfQuery {
    /// Which one.
    pub shelf: Shelf,
    /// Words that name, tags, id, driver, stack, address or a label must all contain, any case; at most 200 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Only this host, by slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Only these.
    #[serde(default)]
    pub only: Only,
    /// The order; equal ones by name and host.
    #[serde(default)]
    pub sort: ShelfColumn,
    /// The other way round.
    #[serde(default)]
    pub descending: bool,
    /// The first line of the window.
    pub offset: u32,
    /// How many lines, at most [`super::live::WINDOW_MAX`].
    pub limit: u32,
}

/// The part of a shelf that a query asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShelfWindow {
    /// Counts over the whole shelf.
    pub totals: ShelfTotals,
    /// The line that the first of `items` is.
    pub offset: u32,
    /// In order.
    pub items: Vec<Item>,
}

/// Counts over a shelf, within the host and the text of the query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShelfTotals {
    /// All, whatever the query.
    pub all: u32,
    /// What the query finds.
    pub found: u32,
    /// Bytes of what the query finds; layers that images share count for each.
    pub size: u64,
    /// Held by a container.
    pub used: u32,
    /// Held by none.
    pub unused: u32,
    /// Images without a tag.
    pub dangling: u32,
    /// Hosts whose list has not come yet.
    pub waiting: u32,
    /// Of volumes: when the sizes were measured, the oldest of several. None: somebody has to ask for that first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Millis>,
}

/// A thing on a shelf.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    /// The host's slug.
    pub host: String,
    /// The engine's id: `sha256:…` of an image, of a network its hex id, of a volume its name.
    pub id: String,
    /// The first tag of an image or its short id; the name of the others.
    pub name: String,
    /// When it was made, by the engine; 0 where that is not known.
    #[serde(default)]
    pub created: Millis,
    /// The stack that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack: Option<String>,
    /// Of an image: all its tags. None: it is dangling.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Bytes: of an image; of a volume once it has been measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Of a network or a volume.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// Of a network.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subnets: Vec<String>,
    /// Of a network: no way out of the host.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
    /// Of a network: the engine made it for itself, and it cannot be removed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub built_in: bool,
    /// Of a volume: nobody gave it a name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anonymous: bool,
    /// Of a volume: where it lies on its host.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// How many containers hold it.
    #[serde(default)]
    pub used: u32,
    /// The first few of them, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    /// Its host does not answer: this is what was known last.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stale: bool,
    /// Of an image: it is seen by all who make containers of it, and not whoever asks may change it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub others: bool,
    /// Of a network or a volume: whose it is; none where it is nobody's but the managers'.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whose: Option<Whose>,
}

/// A container that holds something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// Its full id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it does.
    pub state: State,
}

/// What a new network is made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewNetwork {
    /// What it is called.
    pub name: String,
    /// `bridge`, `macvlan`, `ipvlan`, `overlay` or a plugin's. Empty: the engine's own choice.
    #[serde(default)]
    pub driver: String,
    /// `10.7.0.0/24`. Empty: the engine takes a free one.
    #[serde(default)]
    pub subnet: String,
    /// `10.7.0.1`. Empty: the engine takes the first address of the subnet.
    #[serde(default)]
    pub gateway: String,
    /// No way out of the host.
    #[serde(default)]
    pub internal: bool,
    /// With IPv6.
    #[serde(default)]
    pub ipv6: bool,
    /// `key=value` for the driver.
    #[serde(default)]
    pub options: Vec<String>,
    /// `key=value`.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// What a new volume is made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewVolume {
    /// What it is called.
    pub name: String,
    /// `local` or a plugin's. Empty: the engine's own choice.
    #[serde(default)]
    pub driver: String,
    /// `key=value` for the driver.
    #[serde(default)]
    pub options: Vec<String>,
    /// `key=value`.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// What the page of one thing shows beyond its line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThingDetail {
    /// The thing, with all that use it.
    pub item: Item,
    /// What an inspection tells, in the order in which it is read.
    pub facts: Vec<Fact>,
    /// Sorted by key.
    pub labels: Vec<Pair>,
    /// Of the driver; sorted by key.
    pub options: Vec<Pair>,
    /// Of an image: how it came to be, the first step first.
    pub layers: Vec<Layer>,
    /// Of a network: what is attached to it now, by name.
    pub members: Vec<Member>,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pair {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// One thing that an inspection tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fact {
    /// What is told.
    pub kind: FactKind,
    /// In the engine's words.
    pub value: String,
}

/// What an inspection tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// The full id.
    Id,
    /// What a registry knows an image by.
    Digest,
    /// `linux/amd64`.
    Platform,
    /// Who made it.
    Author,
    /// What is run first.
    Entrypoint,
    /// What is run, or given to what is run first.
    Command,
    /// Where it is run.
    Folder,
    /// As whom it is run.
    User,
    /// What it listens on.
    Ports,
    /// The address that leads out of a network.
    Gateway,
    /// How far it reaches: `local`, `swarm`, `global`.
    Scope,
    /// Where it lies on its host.
    Path,
}

/// A step by which an image came to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Layer {
    /// The command, as it was written where that can be told.
    pub by: String,
    /// Bytes that it added.
    pub size: u64,
    /// When.
    pub created: Millis,
}

/// A container that is attached to a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Its full id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// With the length of the subnet; empty without one.
    pub ipv4: String,
    /// The same.
    pub ipv6: String,
    /// Its hardware address.
    pub mac: String,
}

/// What an engine has found in an archive (`POST /hosts/{host}/images/load`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoadedImages {
    /// Names or ids of the images, in the engine's order.
    pub images: Vec<String>,
}

/// A tag for an image, or one that goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ImageTag {
    /// `shop/web:2`; without a tag it is `latest`.
    pub tag: String,
}

/// A container for a network, or one that leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NetworkMember {
    /// Its full id or its name.
    pub container: String,
    /// What others there may call it; separated by blanks.
    #[serde(default)]
    pub aliases: String,
    /// Its address there. Empty: the engine takes a free one.
    #[serde(default)]
    pub address: String,
}
