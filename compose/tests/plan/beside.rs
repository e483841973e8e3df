//! Files of the project's own folder: put into a container or mounted, what differs is what is in them.

use longshore_compose::{engine, model::Project};

use crate::{fields, host::Host, steps, up};

const SHOP: &str = "
services:
  web:
    image: w
    secrets: [key]
    volumes: ['./site.conf:/etc/site.conf:ro', './data:/data']
  db: {image: d, read_only: true, configs: [motd]}
secrets: {key: {file: ./key.txt}}
configs: {motd: {file: ./motd}}
";

/// The project, with what is in its files; and whether files that are mounted are put into containers.
fn project(site: &str, puts: bool) -> Project {
    let mut project = crate::project(SHOP);
    let paths = [
        (project.services["web"].volumes[0].source.clone(), site),
        (project.secrets["key"].file.clone(), "harbour"),
        (project.configs["motd"].file.clone(), "hello"),
    ];
    project.beside = paths.map(|(path, text)| (path, text.to_owned())).into();
    project.puts_mounts = puts;
    project
}

fn put(project: &Project, service: &str) -> Vec<String> {
    let files = engine::injected(project, &project.services[service], &project.variables);
    files.iter().map(|it| format!("{} {} {:o}", it.target, it.content, it.mode)).collect()
}

fn mounted(project: &Project, service: &str) -> Vec<String> {
    let all = engine::mounted(project, &project.services[service]).into_iter();
    all.map(|path| path.rsplit('/').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn what_is_known_is_put_into_a_container_and_the_rest_is_mounted() {
    let mounts = project("one", false);
    assert_eq!(put(&mounts, "web"), ["/run/secrets/key harbour 444"]);
    assert_eq!(mounted(&mounts, "web"), ["site.conf", "data"]);
    let puts = project("#!/bin/sh", true);
    assert_eq!(put(&puts, "web"), ["/run/secrets/key harbour 444", "/etc/site.conf #!/bin/sh 755"]);
    assert_eq!(mounted(&puts, "web"), ["data"]);
    // Nothing can be put into one that cannot be written to.
    assert_eq!((put(&puts, "db").len(), mounted(&puts, "db")), (0, vec!["motd".to_owned()]));
    // What is not known is on the host.
    let unknown = crate::project(SHOP);
    assert_eq!(mounted(&unknown, "web"), ["site.conf", "data", "key.txt"]);
}

#[test]
fn nothing_is_put_beneath_another_mount() {
    let mut project = crate::project(
        "
services:
  memory: {image: m, tmpfs: ['/run:size=1m'], secrets: [key], configs: [motd]}
  volume: {image: v, volumes: ['data:/etc/app', './motd:/etc/app/motd:ro', './motd:/etc/application:ro']}
secrets: {key: {file: ./key.txt}}
configs: {motd: {file: ./motd}}
volumes: {data: {}}
",
    );
    let paths = [(&project.secrets["key"].file, "harbour"), (&project.configs["motd"].file, "hello")];
    project.beside = paths.map(|(path, text)| (path.clone(), text.to_owned())).into();
    project.puts_mounts = true;
    assert_eq!(put(&project, "memory"), ["/motd hello 444"]);
    assert_eq!(mounted(&project, "memory"), ["key.txt"]);
    assert_eq!(put(&project, "volume"), ["/etc/application hello 644"]);
    assert_eq!(mounted(&project, "volume"), ["motd"]);
}

#[test]
fn what_is_in_a_file_makes_its_container_anew_and_the_way_there_does_not() {
    for first in [true, false] {
        let mut host = Host::for_project(&project("one", first));
        host.does(&project("one", first), &up());
        for puts in [true, false] {
            let same = host.plan(&project("one", puts), &up()).expect("a plan");
            assert_eq!(steps(&same), Vec::<String>::new(), "{first} {puts}");
            let other = host.plan(&project("two", puts), &up()).expect("a plan");
            assert_eq!(steps(&other), ["recreate-container container/web/1"]);
            assert!(fields(&other, "container/web/1").contains(&"secrets: hidden".to_owned()));
        }
    }
    // What was put there is not what could be written to.
    let mut host = Host::for_project(&project("one", true));
    host.does(&project("one", true), &up());
    let mut writable = project("one", true);
    writable.services.get_mut("web").expect("web").volumes[0].read_only = false;
    let plan = host.plan(&writable, &up()).expect("a plan");
    assert_eq!(steps(&plan), ["recreate-container container/web/1"]);
    // Two plans of other files are two.
    let host = Host::for_project(&project("one", true));
    let digest = |site| host.plan(&project(site, true), &up()).expect("a plan").digest();
    assert_ne!(digest("one"), digest("two"));
}

#[test]
fn what_another_compose_has_mounted_is_as_good() {
    let unknown = crate::project(SHOP);
    let mut host = Host::for_project(&unknown);
    host.does(&unknown, &up());
    for puts in [true, false] {
        let plan = host.plan(&project("one", puts), &up()).expect("a plan");
        assert_eq!(steps(&plan), Vec::<String>::new(), "{puts}");
    }
    // One that could be written to is no longer as good.
    let mut writable = project("one", true);
    writable.services.get_mut("web").expect("web").volumes[0].read_only = false;
    let plan = host.plan(&writable, &up()).expect("a plan");
    assert_eq!(steps(&plan), ["recreate-container container/web/1"]);
    // Another file in the same place is another one.
    let mut elsewhere = project("one", true);
    let path = elsewhere.services["web"].volumes[0].source.clone();
    let text = elsewhere.beside.remove(&path).expect("the file");
    let other = path.replace("site.conf", "other.conf");
    elsewhere.services.get_mut("web").expect("web").volumes[0].source.clone_from(&other);
    elsewhere.beside.insert(other, text);
    let plan = host.plan(&elsewhere, &up()).expect("a plan");
    assert_eq!(steps(&plan), ["recreate-container container/web/1"]);
}
