//! What the kernel says of where we run: the container that we are in, if we are in one, and the volume that holds our data
//! folder. Read from `/proc/self/mountinfo`, so that it is known before any engine answers.

use std::path::{Path, PathBuf};

/// Files that an engine puts into each container from a folder that is called as the container's id: first the one that a
/// pod's containers do not have from the one whose network they have.
const GIVEN: [&str; 4] = ["/run/.containerenv", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];

/// Where we run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Here {
    /// The full id of a container: ours, or the one whose network we have. None where we run on a machine itself.
    pub(super) container: Option<String>,
    /// The volume that our data folder is in, by its name.
    pub(super) volume: Option<String>,
    /// Where in the container that is mounted which our data folder is in.
    pub(super) data_at: Option<PathBuf>,
}

impl Here {
    /// By the lines of `/proc/self/mountinfo`; `data` is absolute and without links.
    pub(super) fn read(mountinfo: &str, data: &Path) -> Self {
        let mounts: Vec<(String, PathBuf)> = mountinfo.lines().filter_map(mount).collect();
        let of = |given: &str| {
            let there = mounts.iter().filter(|(_, at)| at == Path::new(given));
            there.filter_map(|(root, _)| container_of(root)).next()
        };
        let container = GIVEN.iter().find_map(|given| of(given));
        let holds = mounts
            .iter()
            .filter(|(_, at)| at != Path::new("/") && data.starts_with(at))
            .max_by_key(|(_, at)| at.components().count());
        Self {
            container,
            volume: holds.and_then(|(root, _)| volume_of(root)),
            data_at: holds.map(|(_, at)| at.clone()),
        }
    }
}

/// What of its filesystem is mounted, and where.
fn mount(line: &str) -> Option<(String, PathBuf)> {
    let mut fields = line.split(' ').skip(3);
    Some((plain(fields.next()?), PathBuf::from(plain(fields.next()?))))
}

/// The kernel writes four characters of a path as octal digits.
fn plain(field: &str) -> String {
    let mut plain = field.to_owned();
    for (written, meant) in [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")] {
        plain = plain.replace(written, meant);
    }
    plain
}

/// Of `…/containers/<id>/hostname`, and of Podman's `…/overlay-containers/<id>/userdata/hostname`.
fn container_of(root: &str) -> Option<String> {
    let parts: Vec<&str> = root.split('/').collect();
    let is_id = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let found = parts.windows(2).find(|pair| pair[0].ends_with("containers") && is_id(pair[1]));
    found.map(|pair| pair[1].to_owned())
}

/// Of `…/volumes/<name>/_data`.
fn volume_of(root: &str) -> Option<String> {
    let parts: Vec<&str> = root.split('/').collect();
    let found = parts.windows(3).find(|three| three[0] == "volumes" && three[2] == "_data");
    found.map(|three| three[1].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "7e64653bec0e456490a0f110bbe77de648ed7ce82dace0c63fd33ca966a1408f";

    fn read(mountinfo: &str) -> Here {
        Here::read(mountinfo, Path::new("/data"))
    }

    #[test]
    fn docker_s_containers_are_known_by_the_files_that_they_are_given() {
        let docker = format!(
            "600 500 0:50 / / rw,relatime - overlay overlay rw,upperdir=/var/lib/docker/overlay2/ab/diff
601 600 254:1 /var/lib/docker/volumes/ls_data/_data /data rw,relatime - ext4 /dev/vda1 rw
602 600 254:1 /var/lib/docker/containers/{ID}/resolv.conf /etc/resolv.conf rw - ext4 /dev/vda1 rw
603 600 254:1 /var/lib/docker/containers/{ID}/hostname /etc/hostname rw - ext4 /dev/vda1 rw
604 600 0:21 / /host/proc ro - proc proc rw
"
        );
        let here = read(&docker);
        assert_eq!(here.container.as_deref(), Some(ID));
        assert_eq!(here.volume.as_deref(), Some("ls_data"));
        assert_eq!(here.data_at.as_deref(), Some(Path::new("/data")));
    }

    #[test]
    fn podman_s_too_and_a_folder_of_the_machine_is_no_volume() {
        let podman = format!(
            "700 600 0:60 /srv/longshore\\040data /data rw - ext4 /dev/vda1 rw
701 600 0:61 /containers/overlay-containers/{ID}/userdata/hosts /etc/hosts rw - tmpfs tmpfs rw
"
        );
        let here = read(&podman);
        assert_eq!((here.container.as_deref(), here.volume), (Some(ID), None));
    }

    #[test]
    fn on_a_machine_itself_there_is_none_whatever_is_mounted_elsewhere() {
        let machine = format!(
            "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
90 27 0:70 / /var/lib/docker/containers/{ID}/mounts/shm rw - tmpfs shm rw
91 27 254:0 /var/lib/docker/containers/{ID}/hostname /host/etc/hostname rw - ext4 /dev/vda rw
"
        );
        assert_eq!(read(&machine), Here::default());
        assert_eq!(Here::read("nonsense\n\n1 2", Path::new("/data")), Here::default());
        let within = Path::new("/var/lib/docker/volumes/data/_data/longshore");
        let bare = Here::read("27 1 254:0 / / rw - ext4 /dev/vda rw\n", within);
        assert_eq!(bare, Here::default(), "an engine is asked which volume that is");
    }
}
