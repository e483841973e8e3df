//! What is done to containers that are there.

use longshore_compose::plan::{Why, Wish};

use crate::{after, host::Host, project, steps, up, why};

const SHOP: &str = "
services:
  web: {image: w, depends_on: {db: {condition: service_healthy, restart: true}}}
  db: {image: d}
  log: {image: l}
";

fn there() -> Host {
    let mut host = Host::for_project(&project(SHOP));
    host.does(&project(SHOP), &up());
    host
}

fn of(services: &[&str]) -> Vec<String> {
    services.iter().map(|service| (*service).to_owned()).collect()
}

#[test]
fn what_waits_for_others_is_stopped_before_them_and_started_after_them() {
    let mut host = there();
    let plan = host.does(&project(SHOP), &Wish::Stop { services: of(&[]) });
    assert_eq!(plan.steps.len(), 3);
    assert_eq!(after(&plan, "container/db/1"), ["container/web/1"]);
    assert!(host.plan(&project(SHOP), &Wish::Stop { services: of(&[]) }).expect("a plan").is_empty());

    let plan = host.does(&project(SHOP), &Wish::Start { services: of(&["web"]) });
    assert_eq!(
        steps(&plan),
        ["start-container container/db/1", "wait-for wait/db/healthy", "start-container container/web/1"]
    );
    assert_eq!(after(&plan, "container/web/1"), ["wait/db/healthy"]);
}

#[test]
fn a_restart_takes_along_what_asks_for_it() {
    let plan = there().does(&project(SHOP), &Wish::Restart { services: of(&["db"]) });
    assert_eq!(steps(&plan), ["restart-container container/db/1", "restart-container container/web/1"]);
    assert_eq!(why(&plan, "container/web/1"), [Why::DependsOnRestarted { service: "db".to_owned() }]);
}

#[test]
fn each_image_is_pulled_once() {
    let text = "services: {a: {image: x}, b: {image: x}, c: {build: .}, d: {image: y, pull_policy: never}}";
    let plan = Host::default().plan(&project(text), &Wish::Pull { services: of(&[]) }).expect("a plan");
    assert_eq!(steps(&plan), ["pull-image pull/x"]);
}

#[test]
fn what_is_built_here_is_built_and_nothing_else() {
    let text = "services: {a: {image: x}, b: {build: .}, c: {build: ., image: y}}";
    let plan = |of: Vec<String>| Host::default().plan(&project(text), &Wish::Build { services: of });
    let all = plan(of(&[])).expect("a plan");
    assert_eq!(steps(&all), ["build-image build/b", "build-image build/c"]);
    assert!(!all.again, "no container is looked at");
    assert_eq!(steps(&plan(of(&["c"])).expect("a plan")), ["build-image build/c"]);
    let refused = plan(of(&["a"])).expect_err("it is not built");
    assert!(refused[0].to_string().contains("`a`"), "{}", refused[0]);
}

#[test]
fn a_service_without_containers_cannot_be_started() {
    let refused =
        Host::default().plan(&project(SHOP), &Wish::Start { services: of(&["db"]) }).expect_err("nothing");
    assert_eq!(refused[0].to_string(), "`db` has no container; bring it up");
}
