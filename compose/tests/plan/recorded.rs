//! Containers that `docker-compose` 1.29.2 made on Docker 20.10 of `recorded/shop.yaml`, as the engine says them. The
//! recording keeps what a plan reads.

use longshore_compose::{
    labels,
    plan::{There, Up, Wish},
};
use serde_json::Value as Json;

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
