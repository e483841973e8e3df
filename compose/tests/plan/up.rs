//! Bringing up: what is made, what is touched and what is not.

use longshore_compose::plan::{Deed, Pull, Recreate, Up, Warning, Why, Wish};
use serde_json::json;

use crate::{after, fields, host::Host, project, steps, up, why};

const SHOP: &str = "
services:
  web:
    image: nginx:1
    environment: {LOG_LEVEL: info}
    volumes: ['data:/data', /cache]
    networks: [front]
    depends_on: {db: {condition: service_healthy, restart: true}}
  sidecar:
    image: agent:1
    network_mode: service:web
  db:
    image: postgres:1
    networks: [front]
    healthcheck: {test: 'true'}
  log:
    image: log:1
    networks: [front]
networks: {front: }
volumes: {data: }
";

fn there() -> Host {
    let project = project(SHOP);
    let mut host = Host::for_project(&project);
    host.does(&project, &up());
    host
}

#[test]
fn on_an_empty_host_everything_is_made_in_the_order_in_which_it_is_needed() {
    let project = project(SHOP);
    let mut host = Host::default();
    let plan = host.does(&project, &up());
    assert_eq!(
        steps(&plan),
        [
            "pull-image pull/agent:1",
            "pull-image pull/log:1",
            "pull-image pull/nginx:1",
            "pull-image pull/postgres:1",
            "create-network network/front",
            "create-volume volume/data",
            "create-container container/db/1",
            "create-container container/log/1",
            "wait-for wait/db/healthy",
            "create-container container/web/1",
            "create-container container/sidecar/1",
        ]
    );
    assert_eq!(
        after(&plan, "container/web/1"),
        ["network/front", "pull/nginx:1", "volume/data", "wait/db/healthy"]
    );
    assert_eq!(after(&plan, "wait/db/healthy"), ["container/db/1"]);
    assert_eq!(after(&plan, "container/sidecar/1"), ["container/web/1", "pull/agent:1"]);
    assert!(plan.again, "which images come is known when they are there");
    assert_eq!(host.names(), ["shop-db-1", "shop-log-1", "shop-sidecar-1", "shop-web-1"]);
    let again = host.plan(&project, &up()).expect("a plan");
    assert_eq!((steps(&again), again.again), (vec![], false));
}

#[test]
fn nothing_is_recreated_that_does_not_differ() {
    let host = there();
    let plan = host.plan(&project(SHOP), &up()).expect("a plan");
    assert!(plan.is_empty(), "{:#?}", plan.steps);
    let names: Vec<_> = plan.unchanged.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["shop-db-1", "shop-log-1", "shop-sidecar-1", "shop-web-1", "shop_front", "shop_data"]);
}

#[test]
fn a_change_of_one_variable_recreates_that_service_and_what_hangs_on_its_network() {
    let mut host = there();
    let changed = project(&SHOP.replace("LOG_LEVEL: info", "LOG_LEVEL: debug"));
    let plan = host.does(&changed, &up());
    let touched = [
        "wait-for wait/db/healthy",
        "recreate-container container/web/1",
        "recreate-container container/sidecar/1",
    ];
    assert_eq!(steps(&plan), touched);
    assert_eq!(fields(&plan, "container/web/1"), ["environment.LOG_LEVEL: hidden"]);
    let hangs = Why::DependsOnRecreated { service: "web".to_owned() };
    assert_eq!(why(&plan, "container/sidecar/1"), [hangs]);
    assert_eq!(after(&plan, "container/sidecar/1"), ["container/web/1"]);
    assert!(host.plan(&changed, &up()).expect("a plan").is_empty());
}

#[test]
fn a_volume_without_a_name_goes_along_to_the_new_container() {
    let mut host = there();
    let volume = |host: &Host| {
        let mount = host.named("shop-web-1").mounts().find(|it| it["Destination"] == "/cache").cloned();
        mount.expect("the mount")["Name"].as_str().expect("a name").to_owned()
    };
    let before = volume(&host);
    let changed = project(&SHOP.replace("LOG_LEVEL: info", "LOG_LEVEL: debug"));
    host.does(&changed, &up());
    assert_eq!(volume(&host), before);
}

#[test]
fn what_is_to_be_restarted_with_another_is_restarted_when_that_one_is_made_anew() {
    let mut host = there();
    let plan = host.does(&project(&SHOP.replace("postgres:1", "postgres:2")), &up());
    assert_eq!(fields(&plan, "container/db/1"), ["image: postgres:1 -> postgres:2"]);
    assert_eq!(
        steps(&plan)[1..], // an image is pulled first
        [
            "recreate-container container/db/1",
            "wait-for wait/db/healthy",
            "restart-container container/web/1",
            "restart-container container/sidecar/1"
        ]
    );
    // Its network is that of a container that begins again.
    let shares = Why::DependsOnRestarted { service: "web".to_owned() };
    assert_eq!(why(&plan, "container/sidecar/1"), [shares]);
}

#[test]
fn what_somebody_stopped_is_started_and_what_somebody_paused_goes_on() {
    let mut host = there();
    for (name, state) in [("shop-log-1", "exited"), ("shop-db-1", "paused")] {
        let id = host.named(name).id().to_owned();
        host.state(&id, state);
    }
    let plan = host.does(&project(SHOP), &up());
    assert_eq!(steps(&plan), ["unpause-container container/db/1", "start-container container/log/1"]);
    assert_eq!(why(&plan, "container/log/1"), [Why::Stopped { code: Some(0) }]);
}

#[test]
fn a_newer_image_of_the_same_name_recreates_its_containers() {
    let mut host = there();
    let was = host.there.images["log:1"]["Id"].as_str().expect("an id").to_owned();
    host.image("log:1", json!({"Env": ["PATH=/other"], "Cmd": ["new"]}));
    let will = host.there.images["log:1"]["Id"].as_str().expect("an id").to_owned();
    let plan = host.does(&project(SHOP), &up());
    assert_eq!(steps(&plan), ["recreate-container container/log/1"]);
    assert_eq!(why(&plan, "container/log/1"), [Why::ImageNewer { was, will }]);
    assert!(host.plan(&project(SHOP), &up()).expect("a plan").is_empty());
}

#[test]
fn fewer_containers_are_those_of_the_lowest_numbers_and_more_fill_the_gaps() {
    let few = project("services: {few: {image: a}}");
    let mut host = Host::for_project(&few);
    let scale = |n| Wish::Up(Up { scale: [("few".to_owned(), n)].into(), ..Up::default() });
    host.does(&few, &scale(4));
    assert_eq!(host.names(), ["shop-few-1", "shop-few-2", "shop-few-3", "shop-few-4"]);
    let plan = host.does(&few, &scale(2));
    assert_eq!(steps(&plan), ["remove-container remove/shop-few-4", "remove-container remove/shop-few-3"]);
    assert_eq!(why(&plan, "remove/shop-few-4"), [Why::ScaledDown]);
    let id = host.named("shop-few-1").id().to_owned();
    host.remove(&id);
    host.does(&few, &scale(3));
    assert_eq!(host.names(), ["shop-few-1", "shop-few-2", "shop-few-3"]);
}

#[test]
fn orphans_are_told_of_and_go_when_that_is_asked_for() {
    let mut host = there();
    let without = project("services: {web: {image: 'nginx:1', ports: ['80:80']}}");
    let told = host.plan(&without, &up()).expect("a plan").warnings;
    let orphan =
        |name: &str, service: &str| Warning::Orphan { name: name.to_owned(), service: service.to_owned() };
    assert_eq!(told.len(), 3);
    assert!(told.contains(&orphan("shop-db-1", "db")));
    let wish = Wish::Up(Up { remove_orphans: true, ..Up::default() });
    let plan = host.does(&without, &wish);
    assert_eq!(why(&plan, "remove/shop-log-1"), [Why::Orphan]);
    assert_eq!(host.names(), ["shop-web-1"]);
}

#[test]
fn what_needs_a_port_begins_when_the_orphan_that_has_it_is_gone() {
    let old = project("services: {old: {image: a, ports: ['80:80']}}");
    let mut host = Host::for_project(&old);
    host.does(&old, &up());
    let new = project("services: {new: {image: a, ports: ['80:8080']}}");
    let plan = host.does(&new, &Wish::Up(Up { remove_orphans: true, ..Up::default() }));
    assert_eq!(after(&plan, "container/new/1"), ["network/default", "remove/shop-old-1"][1..]);
}

#[test]
fn a_name_goes_on_from_an_orphan_to_the_service_that_bears_it_now() {
    let old = project("services: {old: {image: a, container_name: one}}");
    let mut host = Host::for_project(&old);
    host.does(&old, &up());
    let was = host.named("one").id().to_owned();
    let new = project("services: {new: {image: a, container_name: one}}");
    let plan = host.does(&new, &Wish::Up(Up { remove_orphans: true, ..Up::default() }));
    let made = plan.steps.iter().find(|step| step.key == "container/new/1").expect("it is made");
    assert!(made.takes_name("one") && !made.takes_name("two"));
    assert_eq!(host.names(), ["one"]);
    assert_ne!(host.named("one").id(), was);
}

#[test]
fn a_port_goes_from_one_to_another_in_that_order_and_a_swap_is_no_circle() {
    let text = |a: &str, b: &str| {
        format!("services: {{a: {{image: i, ports: ['{a}:1']}}, b: {{image: i, ports: ['{b}:1']}}}}")
    };
    let mut host = Host::for_project(&project(&text("80", "81")));
    host.does(&project(&text("80", "81")), &up());
    let plan = host.plan(&project(&text("81", "82")), &up()).expect("a plan");
    assert_eq!(after(&plan, "container/a/1"), ["container/b/1"]);
    let swap = host.plan(&project(&text("81", "80")), &up()).expect("a plan");
    assert_eq!(swap.steps.len(), 2);
}

#[test]
fn chosen_services_come_with_those_that_they_wait_for_and_nothing_else_is_touched() {
    let project = project(SHOP);
    let mut host = Host::for_project(&project);
    host.does(&project, &Wish::Up(Up { services: vec!["web".to_owned()], ..Up::default() }));
    assert_eq!(host.names(), ["shop-db-1", "shop-web-1"]);
    // What hangs on a chosen one is made anew with it, chosen or not.
    host.does(&project, &up());
    let wish = Up { services: vec!["web".to_owned()], recreate: Recreate::Always, ..Up::default() };
    let plan = host.does(&project, &Wish::Up(wish));
    let anew: Vec<_> = steps(&plan).into_iter().filter(|step| step.starts_with("recreate")).collect();
    assert_eq!(anew.len(), 3, "{anew:?}");
    assert!(anew.contains(&"recreate-container container/sidecar/1".to_owned()));
}

#[test]
fn a_network_that_differs_is_made_anew_around_its_containers() {
    let mut host = there();
    let changed = project(&SHOP.replace("networks: {front: }", "networks: {front: {internal: true}}"));
    let wish = Wish::Up(Up { services: vec!["log".to_owned()], ..Up::default() });
    let plan = host.does(&changed, &wish);
    assert_eq!(steps(&plan), ["recreate-network network/front", "recreate-container container/log/1"]);
    assert_eq!(fields(&plan, "network/front"), ["internal: - -> true"]);
    assert_eq!(why(&plan, "container/log/1"), [Why::NetworkRecreated { network: "front".to_owned() }]);
    let Deed::RecreateNetwork { attached, .. } = &plan.steps[0].deed else { panic!("a network") };
    let back: Vec<_> = attached.iter().map(|it| (it.name.as_str(), it.back)).collect();
    assert_eq!(back.len(), 3);
    assert!(back.contains(&("shop-web-1", true)) && back.contains(&("shop-log-1", false)));
    assert!(host.plan(&changed, &up()).expect("a plan").is_empty());
}

#[test]
fn a_volume_that_differs_is_told_of_and_never_made_anew() {
    let mut host = there();
    let changed = project(&SHOP.replace("volumes: {data: }", "volumes: {data: {driver_opts: {type: nfs}}}"));
    let plan = host.does(&changed, &up());
    assert!(plan.is_empty());
    let [Warning::VolumeDiffers { name, fields, .. }] = plan.warnings.as_slice() else { panic!("{plan:#?}") };
    assert_eq!((name.as_str(), fields[0].path.as_str()), ("shop_data", "driver_opts.type"));
}

#[test]
fn pulls_follow_the_policy_of_each_service_or_the_wish() {
    let text = "services: {a: {image: a}, b: {image: b, pull_policy: always}, c: {build: ., image: c}}";
    let project = project(text);
    let host = Host::for_project(&project);
    let pulls = |pull, build| {
        let plan = host.plan(&project, &Wish::Up(Up { pull, build, ..Up::default() })).expect("a plan");
        steps(&plan).into_iter().filter(|step| step.contains("-image ")).collect::<Vec<_>>()
    };
    assert_eq!(pulls(Pull::AsPolicySays, false), ["pull-image pull/b"]);
    assert_eq!(pulls(Pull::Always, false), ["pull-image pull/a", "pull-image pull/b"]);
    assert!(pulls(Pull::Never, false).is_empty());
    assert_eq!(pulls(Pull::Never, true), ["build-image build/c"]);
}

#[test]
fn what_was_for_once_runs_again_only_for_those_that_wait_for_it() {
    let text = "
services:
  migrate: {image: m}
  web: {image: w, depends_on: {migrate: {condition: service_completed_successfully}}}
";
    let mut host = Host::for_project(&project(text));
    host.does(&project(text), &up());
    let id = host.named("shop-migrate-1").id().to_owned();
    host.state(&id, "exited");
    assert!(host.plan(&project(text), &up()).expect("a plan").is_empty());
    let changed = project(&text.replace("image: w", "image: w, user: '5'"));
    let plan = host.plan(&changed, &up()).expect("a plan");
    assert_eq!(
        steps(&plan),
        [
            "start-container container/migrate/1",
            "wait-for wait/migrate/completed",
            "recreate-container container/web/1"
        ]
    );
}

#[test]
fn two_hundred_services() {
    let mut text = String::from("services:\n");
    for n in 0..200 {
        let on = if n == 0 { String::new() } else { format!(", depends_on: [s{}]", n - 1) };
        text.push_str(&format!("  s{n}: {{image: 'i{n}'{on}, environment: {{A: '1'}}}}\n"));
    }
    let many = project(&text);
    let mut host = Host::for_project(&many);
    assert_eq!(host.does(&many, &up()).steps.len(), 201);
    assert!(host.plan(&many, &up()).expect("a plan").is_empty());
    let last = project(&text.replace("image: 'i199'", "user: '1', image: 'i199'"));
    assert_eq!(steps(&host.plan(&last, &up()).expect("a plan")), ["recreate-container container/s199/1"]);
}
