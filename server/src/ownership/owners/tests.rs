//! Whose everything is, through what compose and others do.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;

fn shop(service: &str, account: &str) -> Owned {
    Owned {
        id: service.to_owned(),
        host: "quay".to_owned(),
        key: Key { stack: "shop".to_owned(), ..Key::named(Kind::Container, service) },
        account: Some(account.to_owned()),
        sharing: Sharing::Private,
        teams: Vec::new(),
        passing: false,
        claimed: None,
    }
}

#[derive(Deserialize)]
struct Recorded {
    step: Option<String>,
    #[serde(default)]
    action: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

/// What docker-compose 1.29.2 did on a 20.10.24 engine to a stack of two services: `up`, twice more with another
/// image, `--scale`, `run` with a name and without, `rm`, `up`, `down`.
#[test]
fn what_compose_does_takes_nothing_from_its_owner() {
    replay(include_str!("../recorded/compose-1.29.jsonl"));
}

/// The same by compose v2, synthetic: nobody recorded it, it was written from its source. There a new container is made
/// as `<id of the old>_<name>`, the old one is stopped and removed, and the new one renamed.
#[test]
fn what_compose_v2_does_takes_nothing_either() {
    replay(include_str!("../recorded/compose-2-synthetic.jsonl"));
}

fn replay(recording: &str) {
    let owners = Owners::default();
    owners.fill(vec![shop("web", "mia"), shop("db", "bob")]);
    let mut here: BTreeMap<String, String> = BTreeMap::new();
    let mut step = String::new();
    for line in recording.lines() {
        let event: Recorded = serde_json::from_str(line).expect("a line of the recording");
        if let Some(next) = event.step {
            step = next;
            continue;
        }
        let label = |name: &str| event.labels.get(&format!("com.docker.compose.{name}")).cloned();
        let (stack, service) = (label("project"), label("service"));
        match event.action.as_str() {
            "create" | "rename" => {
                owners.meet("quay", Kind::Container, &event.id, || {
                    Key::of_container(&event.id, &event.name, stack.as_deref(), service.as_deref())
                });
                here.insert(event.id.clone(), service.expect("compose labels what it makes"));
            }
            "destroy" => {
                owners.part("quay", Kind::Container, &event.id);
                here.remove(&event.id);
            }
            other => panic!("{other}"),
        }
        for (id, service) in &here {
            let whose = owners.of("quay", Kind::Container, id).and_then(|owned| owned.account.clone());
            let expected = if service == "web" { "mia" } else { "bob" };
            assert_eq!(
                whose.as_deref(),
                Some(expected),
                "{service} after {} of {}, {step}",
                event.action,
                event.name
            );
        }
    }
    assert!(here.is_empty(), "the recording ends with nothing left");
    assert!(owners.of_key("quay", &shop("web", "mia").key).is_some(), "the key outlives its containers");
}

#[test]
fn a_rename_from_outside_takes_nothing_and_gives_nothing() {
    let owners = Owners::default();
    let named = |name: &str| Key::named(Kind::Container, name);
    owners.fill(vec![Owned { key: named("web"), ..shop("web", "mia") }]);
    let (first, second) = ("a".repeat(64), "b".repeat(64));
    owners.meet("quay", Kind::Container, &first, || named("web"));
    owners.meet("quay", Kind::Container, &second, || named("other"));
    owners.meet("quay", Kind::Container, &first, || named("renamed"));
    assert!(owners.of("quay", Kind::Container, &first).is_some(), "it is still hers");
    // Whoever takes the name that became free is root there already, and what they made goes to the key's owner.
    owners.meet("quay", Kind::Container, &second, || named("web"));
    assert_eq!(
        owners.of("quay", Kind::Container, &second).map(|owned| owned.account.clone()),
        Some(Some("mia".to_owned()))
    );
    owners.part("quay", Kind::Container, &first);
    assert_eq!(owners.of("quay", Kind::Container, &first), None);
}

#[test]
fn what_the_engine_named_is_owned_as_long_as_it_is_there() {
    let owners = Owners::default();
    let key = Key::named(Kind::Volume, &"c".repeat(64));
    owners.add(Owned { key: key.clone(), passing: true, ..shop("web", "mia") });
    owners.made("quay", Kind::Volume, &key.name, "web");
    let gone = || owners.missing("quay", Kind::Volume, |_| false);
    assert!(gone().is_empty(), "a list that is a moment older does not have it yet");
    owners.meet("quay", Kind::Volume, &key.name, || key.clone());
    assert_eq!(gone(), std::slice::from_ref(&key.name));
    owners.part("quay", Kind::Volume, &key.name);
    assert_eq!(owners.of_key("quay", &key), None);
}

#[test]
fn a_volume_that_is_called_as_a_container_gives_nothing_of_it() {
    let owners = Owners::default();
    let id = "a".repeat(64);
    owners.add(shop("web", "mia"));
    owners.made("quay", Kind::Container, &id, "web");
    owners.add(Owned { key: Key::named(Kind::Volume, &id), ..shop("bait", "bob") });
    owners.made("quay", Kind::Volume, &id, "bait");
    let whose = owners.of("quay", Kind::Container, &id).and_then(|owned| owned.account.clone());
    assert_eq!(whose.as_deref(), Some("mia"));
    assert_eq!(owners.given_to("quay", "bob", &[])[&Kind::Container], HashSet::new());
}

#[test]
fn what_others_share_is_nobody_elses_own() {
    let owners = Owners::default();
    let named = |id: &str, account: &str| Owned { key: Key::named(Kind::Container, id), ..shop(id, account) };
    let of_team = Owned { sharing: Sharing::Teams, teams: vec!["t1".to_owned()], ..named("team", "bob") };
    let public = Owned { sharing: Sharing::Public, ..named("public", "bob") };
    let image = Owned { key: Key::of_repository("shop/web:2"), ..shop("image", "mia") };
    for owned in [named("hers", "mia"), of_team, public, named("his", "bob")] {
        let row = owned.id.clone();
        owners.add(owned);
        owners.made("quay", Kind::Container, &row, &row);
    }
    owners.add(image);
    let own = owners.own_of("quay", "mia");
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<HashSet<_>>();
    assert_eq!(own[&Kind::Container], names(&["hers"]));
    assert_eq!(own[&Kind::Image], names(&["shop/web"]));
    assert_eq!(owners.given_to("quay", "mia", &[])[&Kind::Container], names(&["hers", "public"]));
    assert_eq!(owners.own_of("dock", "mia")[&Kind::Image], names(&[]));
}

#[test]
fn it_is_seen_by_whom_it_was_given() {
    let web = Owned { sharing: Sharing::Teams, teams: vec!["t1".to_owned()], ..shop("web", "mia") };
    let (in_it, not) = (vec!["t0".to_owned(), "t1".to_owned()], vec!["t2".to_owned()]);
    assert!(web.is_for("mia", &[]) && web.is_for("bob", &in_it));
    assert!(!web.is_for("bob", &not) && !web.is_for("", &[]));
    assert!(!Owned { sharing: Sharing::Private, ..web.clone() }.is_for("bob", &in_it));
    assert!(Owned { sharing: Sharing::Public, ..web.clone() }.is_for("bob", &[]));
    assert!(!Owned { account: None, sharing: Sharing::Private, ..web }.is_for("", &[]));
}
