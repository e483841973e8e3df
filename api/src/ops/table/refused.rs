//! What the engine's router has and nobody gets through us, by name.

use crate::ops::{
    Method::{self, Delete, Get, Post},
    Refusal::{self, AttachWebsocket, Checkpoint, Debug, Libpod, PluginChange, Removed},
    Refused,
};

/// Every operation of the engine's router that is not in [`OPERATIONS`](super::OPERATIONS), so that a refusal can
/// say why. Leaving a row out here would not open anything.
pub static REFUSED: &[Refused] = &[
    refused(Get, "/containers/{name}/attach/ws", AttachWebsocket),
    refused(Get, "/containers/{name}/checkpoints", Checkpoint),
    refused(Post, "/containers/{name}/checkpoints", Checkpoint),
    refused(Delete, "/containers/{name}/checkpoints/{checkpoint}", Checkpoint),
    refused(Post, "/containers/{name}/copy", Removed),
    // Asks a registry what a plugin would be given, which is of use only before installing it.
    refused(Get, "/plugins/privileges", PluginChange),
    refused(Post, "/plugins/pull", PluginChange),
    refused(Post, "/plugins/create", PluginChange),
    refused(Post, "/plugins/{name:.*}/enable", PluginChange),
    refused(Post, "/plugins/{name:.*}/disable", PluginChange),
    refused(Post, "/plugins/{name:.*}/push", PluginChange),
    refused(Post, "/plugins/{name:.*}/upgrade", PluginChange),
    refused(Post, "/plugins/{name:.*}/set", PluginChange),
    refused(Delete, "/plugins/{name:.*}", PluginChange),
    Refused { method: None, path: "/debug/{page:.*}", reason: Debug },
    Refused { method: None, path: "/libpod/{path:.*}", reason: Libpod },
];

const fn refused(method: Method, path: &'static str, reason: Refusal) -> Refused {
    Refused { method: Some(method), path, reason }
}
