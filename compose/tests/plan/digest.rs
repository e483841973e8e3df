//! A plan is known by its digest: it stays as long as the plan does the same to the same, and not a moment longer.

use std::collections::BTreeSet;

use longshore_compose::plan::{Down, Plan, Up, Wish};
use serde_json::json;

use crate::{host::Host, project, up};

const SHOP: &str = "
services:
  web: {image: w, environment: {PASSWORD: first}, volumes: ['data:/data'], networks: [front], user: '1'}
  db: {image: d, networks: [front]}
networks: {front: }
volumes: {data: }
";

#[test]
fn whatever_a_plan_rests_on_changes_its_digest() {
    let project = project(SHOP);
    let mut host = Host::for_project(&project);
    host.does(&project, &up());
    let changed = crate::project(&SHOP.replace("user: '1'", "user: '2'"));
    let digest = |host: &Host| host.plan(&changed, &up()).expect("a plan").digest();
    let first = digest(&host);
    assert_eq!(first, digest(&host.clone()));
    assert_eq!(first.len(), 64);

    let mut seen = BTreeSet::from([first.clone()]);
    let mut differs = |what: &str, change: &dyn Fn(&mut Host)| {
        let mut other = host.clone();
        change(&mut other);
        assert!(seen.insert(digest(&other)), "{what}");
    };
    let ids: Vec<String> = ["shop-web-1", "shop-db-1"].map(|name| host.named(name).id().to_owned()).into();
    differs("a container is another one", &|it| it.container_mut(&ids[0])["Id"] = json!("0".repeat(64)));
    differs("one that stays is another one", &|it| it.container_mut(&ids[1])["Id"] = json!("1".repeat(64)));
    differs("one was stopped", &|it| it.state(&ids[1], "exited"));
    differs("the one that is made anew was stopped", &|it| it.state(&ids[0], "exited"));
    differs("a container has gone", &|it| drop(it.remove(&ids[1])));
    differs("a volume was made anew", &|it| it.there.volumes[0]["CreatedAt"] = json!("later"));
    differs("an image is a newer one", &|it| it.image("d", json!({})));
    differs("a network is another one", &|it| {
        it.there.networks[0]["Id"] = json!("2".repeat(64));
        for id in &ids {
            it.container_mut(id)["NetworkSettings"]["Networks"]["shop_front"]["NetworkID"] =
                json!("2".repeat(64));
        }
    });

    // What happens by itself is no change.
    let mut same = host.clone();
    same.container_mut(&ids[1])["State"]["Health"] = json!({"Status": "unhealthy"});
    same.container_mut(&ids[1])["NetworkSettings"]["Networks"]["shop_front"]["IPAddress"] = json!("10.0.0.9");
    assert_eq!(digest(&same), first);
}

#[test]
fn in_which_order_an_engine_lists_things_does_not_count() {
    let text = SHOP
        .replace("networks: [front]}", "networks: [front, back]}")
        .replace("{front: }", "{front: , back: }");
    let project = project(&text);
    let mut host = Host::for_project(&project);
    host.does(&project, &up());
    assert_eq!(host.there.networks.len(), 2);
    let mut other = host.clone();
    for all in [&mut other.there.networks, &mut other.there.volumes] {
        all.reverse();
    }
    for wish in [up(), Wish::Down(Down { volumes: true, orphans: true })] {
        let digest = |host: &Host| host.plan(&project, &wish).expect("a plan").digest();
        assert_eq!(digest(&host), digest(&other), "{wish:?}");
    }
}

#[test]
fn a_value_that_is_not_told_counts_too() {
    let mut host = Host::for_project(&project(SHOP));
    host.does(&project(SHOP), &up());
    let with = |password: &str| host.plan(&project(&SHOP.replace("first", password)), &up()).expect("a plan");
    let (one, other) = (with("second"), with("third"));
    assert_eq!(one.steps, other.steps);
    assert_ne!(one.digest(), other.digest());
}

#[test]
fn a_plan_is_plain_data() {
    let mut host = Host::for_project(&project(SHOP));
    let wishes = [
        up(),
        Wish::Up(Up { scale: [("db".to_owned(), 3)].into(), ..Up::default() }),
        Wish::Stop { services: vec![] },
        Wish::Start { services: vec![] },
        Wish::Down(Down { volumes: true, orphans: true }),
    ];
    for wish in wishes {
        let again: Wish = serde_json::from_value(json!(wish)).expect("a wish");
        let plan = host.does(&project(SHOP), &again);
        let read: Plan = serde_json::from_str(&serde_json::to_string(&plan).expect("JSON")).expect("a plan");
        assert_eq!((read.digest(), read), (plan.digest(), plan));
    }
}
