//! Programs in a network of their own: nothing here notices what they do to it, and they notice nothing of here.

use std::process::Command;

/// A new namespace has its loopback down. `unshare` and not `ip netns`, which hides the cgroups.
const LOOPBACK: &str = "ip link set lo up";
/// Two ends of one cable: a browser that sees nothing but a loopback takes itself for offline.
const ONLINE: &str = "ip link add online type veth peer name other && ip link set online up && ip link set other up \
                      && ip address add 192.0.2.1/24 dev online";

/// A namespace with nothing but its loopback, for an engine that makes its own networks.
pub(crate) fn bare() -> Command {
    namespace(LOOPBACK)
}

/// A namespace that looks like a machine on a network, for browsers and what they talk to. A browser drops its requests when
/// an interface comes or goes, as those of containers do.
pub(crate) fn online() -> Command {
    namespace(&format!("{LOOPBACK} && {ONLINE}"))
}

/// The program and its arguments are to be appended; it replaces the shell, so its process id is the command's.
fn namespace(prepare: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--net", "sh", "-c", &format!("{prepare} && exec \"$@\""), "sh"]);
    command
}
