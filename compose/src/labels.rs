//! The labels by which `docker compose` knows what is its own, as its version 2 writes them.

use crate::{
    hash,
    model::{Network, Pairs, Project, Service, Volume},
};

/// The project.
pub const PROJECT: &str = "com.docker.compose.project";
/// The service.
pub const SERVICE: &str = "com.docker.compose.service";
/// Which of a service's containers it is, from 1.
pub const NUMBER: &str = "com.docker.compose.container-number";
/// Whether it was made for one command: `True` or `False`.
pub const ONE_OFF: &str = "com.docker.compose.oneoff";
/// What tells one that was made for one command from others.
pub const SLUG: &str = "com.docker.compose.slug";
/// The configuration's hash.
pub const CONFIG_HASH: &str = "com.docker.compose.config-hash";
/// The project's folder.
pub const WORKING_DIR: &str = "com.docker.compose.project.working_dir";
/// The project's files, between commas.
pub const CONFIG_FILES: &str = "com.docker.compose.project.config_files";
/// The env files that were named, between commas.
pub const ENVIRONMENT_FILE: &str = "com.docker.compose.project.environment_file";
/// The version of compose whose labels these are.
pub const VERSION: &str = "com.docker.compose.version";
/// What the service waits for: `name:condition:restart`, between commas.
pub const DEPENDS_ON: &str = "com.docker.compose.depends_on";
/// The digest of its image.
pub const IMAGE: &str = "com.docker.compose.image";
/// The container whose place it takes.
pub const REPLACE: &str = "com.docker.compose.replace";
/// The network's key.
pub const NETWORK: &str = "com.docker.compose.network";
/// The volume's key.
pub const VOLUME: &str = "com.docker.compose.volume";

/// Our own: the digest of the files of the project that the container has, where there are any.
pub const FILES: &str = "longshore.files";
/// Our own: where files were put into the container, as a list in JSON.
pub const PUT: &str = "longshore.put";

/// The version that our labels say.
pub const LIKE: &str = "2.40.3";

/// Labels of those who manage containers.
const MANAGED: [&str; 3] = ["com.docker.compose.", "longshore.", "desktop.docker.io/"];

/// Whether a label is somebody's own, and not of those who manage containers.
pub fn is_own(key: &str) -> bool {
    !MANAGED.iter().any(|prefix| key.starts_with(prefix))
}

/// Which container of a service it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which<'a> {
    /// One of those that run on, from 1.
    Number(u64),
    /// One for a single command.
    OneOff(&'a str),
}

/// All labels of a container: those of the service, and those of compose over them.
pub fn container(
    project: &Project,
    name: &str,
    service: &Service,
    which: Which<'_>,
    image: Option<&str>,
) -> Pairs {
    let mut labels = service.labels.clone();
    let mut put = |key: &str, value: String| labels.insert(key.to_owned(), value);
    put(PROJECT, project.name.clone());
    put(SERVICE, name.to_owned());
    put(VERSION, LIKE.to_owned());
    put(WORKING_DIR, project.working_dir.clone());
    put(CONFIG_FILES, project.files.join(","));
    let hash = hash::service(service);
    put(CONFIG_HASH, if project.veiled.contains(name) { project.key.digest(&hash) } else { hash });
    put(DEPENDS_ON, depends_on(service));
    match which {
        Which::Number(number) => {
            put(ONE_OFF, "False".to_owned());
            put(NUMBER, number.to_string());
        }
        Which::OneOff(slug) => {
            put(ONE_OFF, "True".to_owned());
            put(SLUG, slug.to_owned());
        }
    }
    if let Some(digest) = image {
        put(IMAGE, digest.to_owned());
    }
    labels
}

fn depends_on(service: &Service) -> String {
    let each = service.depends_on.iter().map(|(name, it)| format!("{name}:{}:{}", it.condition, it.restart));
    each.collect::<Vec<_>>().join(",")
}

/// All labels of a network.
pub fn network(project: &Project, key: &str, network: &Network) -> Pairs {
    let own = [
        (NETWORK, key.to_owned()),
        (PROJECT, project.name.clone()),
        (VERSION, LIKE.to_owned()),
        (CONFIG_HASH, hash::network(network)),
    ];
    with(&network.labels, own)
}

/// All labels of a volume.
pub fn volume(project: &Project, key: &str, volume: &Volume) -> Pairs {
    let own = [
        (VOLUME, key.to_owned()),
        (PROJECT, project.name.clone()),
        (VERSION, LIKE.to_owned()),
        (CONFIG_HASH, hash::volume(volume)),
    ];
    with(&volume.labels, own)
}

fn with<const N: usize>(labels: &Pairs, own: [(&str, String); N]) -> Pairs {
    let mut labels = labels.clone();
    labels.extend(own.into_iter().map(|(key, value)| (key.to_owned(), value)));
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Dependency;

    #[test]
    fn a_container_carries_what_compose_looks_for() {
        let project = Project {
            name: "shop".to_owned(),
            working_dir: "/srv/shop".to_owned(),
            files: vec!["/srv/shop/a.yaml".to_owned(), "/srv/shop/b.yaml".to_owned()],
            ..Project::default()
        };
        let mut service = Service::default();
        service.labels.insert("mine".to_owned(), "yes".to_owned());
        service.labels.insert(PROJECT.to_owned(), "stolen".to_owned());
        for (name, condition, restart) in
            [("db", "service_healthy", true), ("cache", "service_started", false)]
        {
            let dependency = Dependency { condition: condition.to_owned(), restart, ..Dependency::default() };
            service.depends_on.insert(name.to_owned(), dependency);
        }
        let mut labels = container(&project, "web", &service, Which::Number(2), Some("sha256:1"));
        assert_eq!(labels.remove(CONFIG_HASH).expect("a hash").len(), 64);
        let lines: Vec<_> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(
            lines,
            [
                "com.docker.compose.container-number=2",
                "com.docker.compose.depends_on=cache:service_started:false,db:service_healthy:true",
                "com.docker.compose.image=sha256:1",
                "com.docker.compose.oneoff=False",
                "com.docker.compose.project=shop",
                "com.docker.compose.project.config_files=/srv/shop/a.yaml,/srv/shop/b.yaml",
                "com.docker.compose.project.working_dir=/srv/shop",
                "com.docker.compose.service=web",
                "com.docker.compose.version=2.40.3",
                "mine=yes",
            ]
        );
        let mut veiled = project.clone();
        veiled.veiled.insert("web".to_owned());
        let plain = |project| container(project, "web", &service, Which::Number(2), None).remove(CONFIG_HASH);
        assert_ne!(plain(&project), plain(&veiled), "nobody can try values against what has a secret in it");
        let once = container(&project, "web", &service, Which::OneOff("abc"), None);
        assert_eq!((once[ONE_OFF].as_str(), once[SLUG].as_str(), once.get(NUMBER)), ("True", "abc", None));
    }
}
