//! Containers that run become a file, and of that file they are what it asks for.

use longshore_api::ops::spec::{ContainerSpec, of_inspect};
use longshore_compose::{
    load::{Request, load},
    model::Project,
    plan::There,
    saved::{self, Running, Saved},
};
use serde_json::Value as Json;

use crate::{fields, recorded, steps, up};

/// The containers of a recording but for those of one name, each with its spec.
fn running(there: &There) -> Vec<(Json, ContainerSpec)> {
    let all = there.containers.iter().map(|container| {
        let image = there.images.values().find(|image| image["Id"] == container["Image"]);
        let spec = of_inspect(container, image.map(|image| &image["Config"])).expect("a container");
        (container.clone(), spec)
    });
    all.collect()
}

fn saved(there: &There, how: fn(&[Running<'_>], &Json) -> Saved) -> Saved {
    let all = running(there);
    let all: Vec<_> = all.iter().map(|(inspection, spec)| Running { inspection, spec }).collect();
    how(&all, &there.info)
}

fn project(saved: &Saved) -> Project {
    let files = std::collections::BTreeMap::from([("compose.yaml".to_owned(), saved.text.clone())]);
    let ports = saved.ports.iter().map(|(name, (port, _))| (name.clone(), port.to_string()));
    let variables = saved.secrets.clone().into_iter().chain(ports).collect();
    let request =
        Request { name: Some("shop".to_owned()), variables, ..Request::new("/srv/shop", "compose.yaml") };
    let loaded = load(&request, &files);
    loaded.project.unwrap_or_else(|| panic!("{:#?}\n{}", loaded.findings, saved.text))
}

#[test]
fn what_is_saved_of_containers_asks_for_just_what_they_are() {
    let host = recorded::recorded(recorded::OURS);
    let saved = saved(&host.there, saved::stack);
    let plan = host.plan(&project(&saved), &up()).expect("a plan");
    let differ: Vec<_> = plan.steps.iter().flat_map(|step| fields(&plan, &step.key)).collect();
    assert_eq!(differ, Vec::<String>::new());
    let changes: Vec<_> = steps(&plan).into_iter().filter(|step| !step.starts_with("start-")).collect();
    assert_eq!(changes, Vec::<String>::new(), "{}", saved.text);
}

#[test]
fn secrets_are_not_in_the_file() {
    let mut host = recorded::recorded(recorded::OURS);
    let id = host.named("shop-db-1").id().to_owned();
    let env = host.container_mut(&id)["Config"]["Env"].as_array_mut().expect("an environment");
    env.push("DB_PASSWORD=hun$ter\"22".into());
    env.push("DATABASE_URL=postgres://shop:hunter22@db/shop".into());
    let saved = saved(&host.there, saved::stack);
    assert!(!saved.text.contains("hun"), "{}", saved.text);
    assert!(saved.text.contains("DB_PASSWORD=${DB_PASSWORD}"), "{}", saved.text);
    let plan = host.plan(&project(&saved), &up()).expect("a plan");
    let differ: Vec<_> = plan.steps.iter().flat_map(|step| fields(&plan, &step.key)).collect();
    assert_eq!(differ, Vec::<String>::new());
}

#[test]
fn what_waits_for_another_still_does_where_that_is_saved_too() {
    let mut host = recorded::recorded(recorded::OURS);
    let web = host.named("shop-web-1").id().to_owned();
    let says = "db:service_healthy:true,gone:service_started:false,db:nonsense:false";
    host.container_mut(&web)["Config"]["Labels"]["com.docker.compose.depends_on"] = says.into();
    let project = project(&saved(&host.there, saved::stack));
    let needs = &project.services["web"].depends_on;
    let lines: Vec<_> =
        needs.iter().map(|(name, it)| format!("{name} {} {}", it.condition, it.restart)).collect();
    assert_eq!(lines, ["db service_healthy true"]);
}

#[test]
fn a_template_names_nothing_of_the_host() {
    let host = recorded::recorded(recorded::OURS);
    let saved = saved(&host.there, saved::template);
    let project = project(&saved);
    assert!(!saved.text.contains("external: true") && !saved.text.contains("shop_"), "{}", saved.text);
    for volume in project.volumes.values() {
        assert!(volume.name.starts_with("shop_"), "each project has its own: {}", volume.name);
    }
}
