//! Containers that were made of `recorded/shop.yaml` on Docker 20.10, by `docker-compose` 1.29.2 and by what we ask an
//! engine for, as the engine says them. The recordings keep what a plan reads.

use longshore_compose::{
    labels,
    plan::{There, Up, Wish},
};
use serde_json::{Value as Json, json};

use crate::{fields, host::Host, project, steps, up};

pub const FILE: &str = include_str!("../recorded/shop.yaml");
pub const RECORDED: &str = include_str!("../recorded/docker-compose-1.29.json");
pub const OURS: &str = include_str!("../recorded/longshore.json");

pub fn recorded(text: &str) -> Host {
    let mut all: Json = serde_json::from_str(text).expect("JSON");
    let mut list = |key: &str| all[key].take().as_array().expect("a list").clone();
    let (containers, networks, volumes) = (list("containers"), list("networks"), list("volumes"));
    let images = all["images"].as_object().expect("images").clone().into_iter().collect();
    let mut host = Host::default();
    host.there = There { containers, networks, volumes, images, info: Json::Null };
    host
}

#[test]
fn what_docker_compose_1_made_of_a_file_is_what_the_file_asks_for() {
    let host = recorded(RECORDED);
    let plan = host.plan(&project(FILE), &up()).expect("a plan");
    let differ: Vec<_> = plan.steps.iter().flat_map(|step| fields(&plan, &step.key)).collect();
    // `old` could not be started where this was recorded.
    assert_eq!((differ, steps(&plan)), (vec![], vec!["start-container container/old/1".to_owned()]));
    assert!(plan.warnings.is_empty());
}

#[test]
fn the_same_when_the_image_of_a_container_is_gone() {
    let mut host = recorded(RECORDED);
    let image = host.there.images.get_mut("shop-base:1").expect("the image");
    image["Id"] = "sha256:other".into();
    let wish = Wish::Up(Up::default());
    let plan = host.plan(&project(FILE), &wish).expect("a plan");
    let differ: Vec<_> = plan.steps.iter().flat_map(|step| fields(&plan, &step.key)).collect();
    assert_eq!(differ, Vec::<String>::new());
    assert_eq!(plan.steps.iter().filter(|step| step.key.starts_with("container/")).count(), 8);
    // What no image gives is told all the same.
    let id = host.named("shop_db_1").id().to_owned();
    host.container_mut(&id)["HostConfig"]["UsernsMode"] = "host".into();
    let plan = host.plan(&project(FILE), &wish).expect("a plan");
    assert_eq!(fields(&plan, "container/db/1"), ["userns_mode: host -> -"]);
}

#[test]
fn what_we_asked_an_engine_for_is_what_the_file_asks_for() {
    let host = recorded(OURS);
    let plan = host.plan(&project(FILE), &up()).expect("a plan");
    let differ: Vec<_> = plan.steps.iter().flat_map(|step| fields(&plan, &step.key)).collect();
    assert_eq!((differ, steps(&plan)), (vec![], vec!["start-container container/old/1".to_owned()]));
    let labels = &host.there.containers[0]["Config"]["Labels"];
    assert_eq!(labels[labels::VERSION], labels::LIKE);
}

/// No `docker compose` 2 was at hand to record. Where what it makes is known to look otherwise than what we make, by its
/// documentation and by inspections of newer engines, the recording is made to look so.
#[test]
fn what_docker_compose_2_makes_of_a_file_is_what_the_file_asks_for() {
    let mut host = recorded(OURS);
    for container in &mut host.there.containers {
        let mounts = container["Mounts"].as_array().expect("mounts").clone();
        let config = container["Config"].as_object_mut().expect("a configuration");
        config.insert("AttachStdout".to_owned(), true.into());
        config.insert("AttachStderr".to_owned(), true.into());
        // Newer engines leave out what is empty.
        config.retain(|_, value| !value.is_null() && *value != "" && *value != false);
        let labels = config["Labels"].as_object_mut().expect("labels");
        labels.insert("com.docker.compose.replace".to_owned(), "shop-web-1".into());
        labels.insert("com.docker.compose.config-hash".to_owned(), "0".into());
        labels.insert("com.docker.compose.project.environment_file".to_owned(), "/srv/shop/.env".into());
        let host = container["HostConfig"].as_object_mut().expect("a host configuration");
        host.insert(
            "RestartPolicy".to_owned(),
            match &host["RestartPolicy"]["Name"] {
                name if name == "" => json!({"Name": "no", "MaximumRetryCount": 0}),
                _ => host["RestartPolicy"].clone(),
            },
        );
        host.insert("CgroupnsMode".to_owned(), "private".into());
        host.insert("PidsLimit".to_owned(), json!(-1));
        // What had no name is mounted by the name that the container before it was given.
        let asked = host.entry("Mounts").or_insert(Json::Null);
        let mut asked = asked.as_array().cloned().unwrap_or_default();
        for mount in mounts.iter().filter(|mount| mount["Name"].as_str().is_some_and(|name| name.len() == 64))
        {
            asked.retain(|asked| asked["Target"] != mount["Destination"]);
            asked.push(json!({"Type": "volume", "Source": mount["Name"], "Target": mount["Destination"]}));
        }
        host.insert("Mounts".to_owned(), json!(asked));
        for endpoint in
            container["NetworkSettings"]["Networks"].as_object_mut().expect("networks").values_mut()
        {
            if let Some(aliases) = endpoint["Aliases"].as_array_mut() {
                aliases.retain(|alias| alias.as_str().is_some_and(|alias| alias.len() != 12));
            }
            endpoint["DNSNames"] = json!(["web"]);
        }
    }
    let plan = host.plan(&project(FILE), &up()).expect("a plan");
    let differ: Vec<_> = plan.steps.iter().flat_map(|step| fields(&plan, &step.key)).collect();
    assert_eq!((differ, steps(&plan)), (vec![], vec!["start-container container/old/1".to_owned()]));
}
