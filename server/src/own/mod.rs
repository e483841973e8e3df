//! What of Longshore itself is on the hosts that it manages: the container that it runs in, and the volumes that it has its
//! data in. Beyond looking they are for Administrators alone: whoever reads or writes our data folder signs in as anybody.

mod here;
mod learn;

pub use learn::start;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use longshore_api::ops::Kind;

use here::Here;

/// What of ours is on hosts.
#[derive(Default)]
pub struct Own {
    here: Here,
    /// Absolute and without links.
    data: PathBuf,
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    /// The hosts that are the machine that we run on, each with what of ours is on it.
    machines: BTreeMap<String, Ours>,
    /// What is mounted in our container, once its engine has told.
    mounts: Option<Vec<Mount>>,
}

/// What of ours is on a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ours {
    /// By their full ids.
    containers: BTreeSet<String>,
    /// By their names.
    volumes: BTreeSet<String>,
}

/// Something that is mounted in our container.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mount {
    /// On the machine.
    source: PathBuf,
    /// In the container.
    at: PathBuf,
    /// The volume that it is, if it is one.
    volume: Option<String>,
}

impl Own {
    /// Where we run, with our data in this folder, which is there.
    pub fn look(data: &Path) -> Self {
        let data = data.canonicalize().unwrap_or_else(|_| data.to_owned());
        let mountinfo = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_else(|error| {
            tracing::warn!(%error, "whether Longshore runs in a container could not be read");
            String::new()
        });
        Self { here: Here::read(&mountinfo, &data), data, known: RwLock::default() }
    }

    /// A host is the machine that we run on: whoever is root there reads our keys. Until its engine has told, what the kernel
    /// says is believed.
    pub fn lives_on(&self, host: &str) {
        let ours = Ours {
            containers: self.here.container.iter().cloned().collect(),
            volumes: self.here.volume.iter().cloned().collect(),
        };
        self.change(|known| known.machines.insert(host.to_owned(), ours));
    }

    /// Whether a host is the machine that we run on.
    pub fn is_machine(&self, host: &str) -> bool {
        self.read(|known| known.machines.contains_key(host))
    }

    /// Whether a container or a volume of a host is our own, by its full id or its name.
    pub fn is(&self, host: &str, kind: Kind, id: &str) -> bool {
        self.read(|known| {
            known.machines.get(host).is_some_and(|ours| match kind {
                Kind::Container => ours.containers.contains(id),
                Kind::Volume => ours.volumes.contains(id),
                _ => false,
            })
        })
    }

    /// Whether anything of ours is on a host.
    pub fn is_on(&self, host: &str) -> bool {
        self.read(|known| known.machines.get(host).is_some_and(|ours| *ours != Ours::default()))
    }

    /// Where a path of ours lies on the machine: other containers can be given it by that. In a container only what is
    /// mounted there lies anywhere, and only once its engine has told where.
    pub fn on_machine(&self, path: &Path) -> Option<PathBuf> {
        let path = std::path::absolute(path).ok()?;
        if self.here.container.is_none() {
            return Some(path);
        }
        self.read(|known| {
            let below = known.mounts.iter().flatten().filter(|mount| path.starts_with(&mount.at));
            let mount = below.max_by_key(|mount| mount.at.components().count())?;
            let rest = path.strip_prefix(&mount.at).ok()?;
            // Joined with nothing a path gets a slash at its end.
            Some(if rest.as_os_str().is_empty() { mount.source.clone() } else { mount.source.join(rest) })
        })
    }

    /// An engine has told of the container that we run in.
    fn told_of_container(&self, host: &str, id: &str, mounts: Vec<Mount>, is_local: bool) {
        let volumes: Vec<String> = mounts.iter().filter_map(|mount| mount.volume.clone()).collect();
        let of_kernel = |it: &Mount| self.here.volume.is_some() && it.volume == self.here.volume;
        self.change(|known| {
            let ours = known.machines.entry(host.to_owned()).or_default();
            // What the kernel says stands, whatever an engine tells.
            ours.containers.extend(self.here.container.clone());
            ours.volumes.extend(self.here.volume.clone());
            // The one whose network we have stays ours as well: without it we are not reached.
            ours.containers.insert(id.to_owned());
            ours.volumes.extend(volumes);
            // One behind an address may say what it likes: it is believed where nobody else has told, and the kernel says the
            // same of our data.
            if is_local || known.mounts.is_none() && mounts.iter().any(of_kernel) {
                known.mounts = Some(mounts);
            }
        });
    }

    /// A volume of ours that no container uses, for we run on the machine itself: what removes the unused takes it along.
    pub fn lone_volume(&self, host: &str) -> Option<String> {
        if self.here.container.is_some() {
            return None;
        }
        self.read(|known| known.machines.get(host)?.volumes.first().cloned())
    }

    /// An engine has told which volumes hold our data folder.
    fn told_of_volumes(&self, host: &str, volumes: BTreeSet<String>) {
        self.change(|known| known.machines.entry(host.to_owned()).or_default().volumes = volumes);
    }

    fn read<T>(&self, read: impl FnOnce(&Known) -> T) -> T {
        read(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change<T>(&self, change: impl FnOnce(&mut Known) -> T) -> T {
        change(&mut self.known.write().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
impl Own {
    /// In a container of this id, on this host.
    pub fn in_container(host: &str, id: &str) -> Self {
        let here = Here { container: Some(id.to_owned()), ..Here::default() };
        let own = Self { here, data: PathBuf::from("/data"), known: RwLock::default() };
        own.lives_on(host);
        own
    }

    /// The same once the engine has told of this volume below `/data`.
    pub fn with_volume(self, host: &str, id: &str, volume: &str) -> Self {
        let source = PathBuf::from(format!("/var/lib/docker/volumes/{volume}/_data"));
        let mount = Mount { source, at: PathBuf::from("/data"), volume: Some(volume.to_owned()) };
        self.told_of_container(host, id, vec![mount], true);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "7e64653bec0e456490a0f110bbe77de648ed7ce82dace0c63fd33ca966a1408f";

    #[test]
    fn bare_a_path_lies_where_it_is() {
        let bare = Own::default();
        bare.lives_on("local");
        let path = Path::new("/srv/longshore/stacks/local/shop");
        assert_eq!(bare.on_machine(path).as_deref(), Some(path));
        assert!(bare.on_machine(Path::new("longshore-data")).is_some_and(|path| path.is_absolute()));
        assert!(bare.is_machine("local") && !bare.is_on("local") && !bare.is_machine("far"));
    }

    #[test]
    fn in_a_container_a_path_lies_below_what_is_mounted() {
        let own = Own::in_container("local", ID);
        let shop = Path::new("/data/stacks/local/shop");
        assert_eq!(own.on_machine(shop), None, "its engine has not told yet");
        let mount = |source: &str, at: &str| Mount { source: source.into(), at: at.into(), volume: None };
        let mounts = vec![mount("/srv/longshore", "/data"), mount("/srv/shops", "/data/stacks/local")];
        own.told_of_container("local", ID, mounts, true);
        assert_eq!(own.on_machine(shop).as_deref(), Some(Path::new("/srv/shops/shop")), "the nearest mount");
        let other = Path::new("/data/stacks/far/shop");
        assert_eq!(own.on_machine(other).as_deref(), Some(Path::new("/srv/longshore/stacks/far/shop")));
        assert_eq!(
            own.on_machine(Path::new("/data")).as_deref().map(Path::as_os_str),
            Some("/srv/longshore".as_ref())
        );
        assert_eq!(own.on_machine(Path::new("/database")), None);
        let volume = Own::in_container("local", ID).with_volume("local", ID, "ls_data");
        let expected = Path::new("/var/lib/docker/volumes/ls_data/_data/stacks/local/shop");
        assert_eq!(volume.on_machine(shop).as_deref(), Some(expected));
    }

    #[test]
    fn an_engine_behind_an_address_is_our_machine_s_where_it_knows_our_container() {
        let here = Here {
            container: Some(ID.to_owned()),
            volume: Some("ls_data".to_owned()),
            data_at: Some(PathBuf::from("/data")),
        };
        let own = Own { here, data: PathBuf::from("/data"), known: RwLock::default() };
        let mount = |volume: &str| Mount {
            source: PathBuf::from(format!("/volumes/{volume}/_data")),
            at: PathBuf::from("/data"),
            volume: Some(volume.to_owned()),
        };
        assert!(!own.is_machine("proxy"), "before it has told");
        own.told_of_container("proxy", ID, vec![mount("other")], false);
        assert!(own.is_machine("proxy") && own.is("proxy", Kind::Container, ID));
        assert!(own.is("proxy", Kind::Volume, "ls_data"), "the kernel says so, whatever it tells");
        assert_eq!(own.on_machine(Path::new("/data/x")), None, "nor does it say where our folders lie");
        own.told_of_container("proxy", ID, vec![mount("ls_data")], false);
        assert_eq!(
            own.on_machine(Path::new("/data/x")).as_deref(),
            Some(Path::new("/volumes/ls_data/_data/x"))
        );
    }

    #[test]
    fn what_is_ours_is_ours_on_its_host_alone() {
        let own = Own::in_container("local", ID);
        assert!(own.is("local", Kind::Container, ID), "before its engine has told");
        let own = own.with_volume("local", ID, "ls_data");
        assert!(own.is("local", Kind::Container, ID) && own.is("local", Kind::Volume, "ls_data"));
        assert!(!own.is("far", Kind::Container, ID) && !own.is("far", Kind::Volume, "ls_data"));
        assert!(!own.is("local", Kind::Volume, "data") && !own.is("local", Kind::Network, "ls_data"));
    }
}
