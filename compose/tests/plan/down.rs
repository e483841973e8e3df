//! Taking down: only what the project has made, and no volume that was not named.

use longshore_compose::plan::{Down, Up, Warning, Why, Wish};
use serde_json::json;

use crate::{after, host::Host, project, steps, up, why};

const SHOP: &str = "
services:
  web: {image: w, volumes: ['data:/data', 'lent:/lent'], depends_on: [db], networks: [front, outside]}
  db: {image: d, volumes: ['data:/data'], networks: [front]}
networks:
  front:
  outside: {external: true}
volumes:
  data:
  lent: {external: true}
";

fn there() -> Host {
    let project = project(SHOP);
    let mut host = Host::for_project(&project);
    host.there.networks.push(json!({"Name": "outside", "Id": "f".repeat(64)}));
    host.there.volumes.push(json!({"Name": "lent"}));
    host.does(&project, &up());
    host
}

fn down(volumes: bool, orphans: bool) -> Wish {
    Wish::Down(Down { volumes, orphans })
}

#[test]
fn down_takes_no_volume_that_was_not_named() {
    let mut host = there();
    let plan = host.does(&project(SHOP), &down(false, false));
    assert_eq!(
        steps(&plan)[..2],
        ["remove-container remove/shop-web-1", "remove-container remove/shop-db-1"]
    );
    assert!(steps(&plan)[2].starts_with("remove-network network/shop_front/"));
    assert_eq!(plan.steps.len(), 3);
    assert_eq!(after(&plan, "remove/shop-db-1"), ["remove/shop-web-1"]);
    let volumes: Vec<_> = host.there.volumes.iter().map(|it| it["Name"].as_str().expect("a name")).collect();
    assert_eq!(volumes, ["lent", "shop_data"]);
    assert!(host.plan(&project(SHOP), &down(false, false)).expect("a plan").is_empty());
}

#[test]
fn volumes_that_are_asked_for_go_but_none_that_is_external_or_another_s() {
    let mut host = there();
    let plan = host.does(&project(SHOP), &down(true, false));
    assert!(steps(&plan).contains(&"remove-volume volume/data".to_owned()));
    assert_eq!(after(&plan, "volume/data"), ["remove/shop-db-1", "remove/shop-web-1"]);
    let volumes: Vec<_> = host.there.volumes.iter().map(|it| it["Name"].as_str().expect("a name")).collect();
    assert_eq!(volumes, ["lent"]);

    let mut host = there();
    for volume in &mut host.there.volumes {
        volume["Labels"] =
            json!({"com.docker.compose.project": "other", "com.docker.compose.volume": "data"});
    }
    let plan = host.plan(&project(SHOP), &down(true, false)).expect("a plan");
    assert!(!steps(&plan).iter().any(|step| step.starts_with("remove-volume")));
    assert!(matches!(plan.warnings.as_slice(), [Warning::VolumeNotOurs { .. }]));
}

#[test]
fn networks_that_others_are_on_stay() {
    let mut host = there();
    for network in &mut host.there.networks {
        network["Containers"] = json!({"0": {"Name": "stranger"}});
    }
    let plan = host.plan(&project(SHOP), &down(false, false)).expect("a plan");
    assert!(!steps(&plan).iter().any(|step| step.starts_with("remove-network")));
    let (name, container) = ("shop_front".to_owned(), "stranger".to_owned());
    assert_eq!(plan.warnings, [Warning::NetworkInUse { name, container }]);
}

#[test]
fn orphans_stay_unless_they_are_meant_and_so_does_what_they_use() {
    let mut host = there();
    let less = project(
        "services: {db: {image: d, volumes: ['data:/data'], networks: [front]}}\nnetworks: {front: }\nvolumes: {data: }",
    );
    let plan = host.plan(&less, &down(true, false)).expect("a plan");
    assert_eq!(steps(&plan), ["remove-container remove/shop-db-1"]);
    let told: Vec<_> = plan.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "`shop-web-1` is of this project and of no service of it; it stays unless orphans are removed",
            "the network `shop_front` stays: `shop-web-1` is on it",
            "the volume `shop_data` stays: `shop-web-1` uses it",
        ]
    );
    let plan = host.does(&less, &down(true, true));
    assert_eq!(why(&plan, "remove/shop-web-1"), [Why::Orphan]);
    assert!(host.names().is_empty());
}

#[test]
fn what_no_active_profile_has_goes_too() {
    let text = "services: {a: {image: a}, debug: {image: b, profiles: [debug]}}";
    let mut loaded = crate::Stack::of([("compose.yaml", text)]);
    loaded.request.profiles.push("debug".to_owned());
    let all = loaded.load().project.expect("a project");
    let mut host = Host::for_project(&all);
    host.does(&all, &up());
    let plan = host.does(&project(text), &down(false, false));
    assert_eq!(plan.steps.len(), 3, "{:?}", steps(&plan));
    assert!(host.names().is_empty());
    let again = host.does(&project(text), &Wish::Up(Up::default()));
    assert_eq!(again.steps.len(), 2);
}
