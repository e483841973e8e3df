//! What is in memory after what engines tell, and that questions about much of it stay quick.

use crate::access::Sight;
use longshore_api::web::{
    RowKey,
    container::{Column, Container, ContainerQuery, Grouping, State},
    event::Event,
    home::HomeQuery,
    host::Engine,
};

use super::{
    EngineId, Inventory, Seen,
    normal::{self, Described},
};

/// An id of 64 digits that a name makes.
pub(super) fn id(name: &str) -> EngineId {
    let mut digits: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    digits.push_str(&"0".repeat(64 - digits.len()));
    digits.parse().expect("an id")
}

pub(super) fn described(name: &str, state: State) -> Described {
    let entry = serde_json::json!({ "Id": id(name).to_string(), "Names": [name] });
    let described = normal::listed(serde_json::from_value(entry).expect("an entry"));
    Described { state, ..described.expect("an id") }
}

fn engine() -> Engine {
    Engine {
        product: "Docker".to_owned(),
        version: "28.5.1".to_owned(),
        api: "1.51".to_owned(),
        platform: "linux/amd64".to_owned(),
        address: "unix:///var/run/docker.sock".to_owned(),
    }
}

/// A host `quay` with these.
pub(super) fn on_quay(list: Vec<Described>) -> Inventory {
    let inventory = Inventory::new();
    inventory.add_host("quay", "Quay");
    inventory.up("quay", engine(), list);
    inventory
}

fn in_stack(name: &str, stack: &str, state: State) -> Described {
    Described { stack: Some(stack.to_owned()), ..described(name, state) }
}

fn query() -> ContainerQuery {
    ContainerQuery { limit: 100, group: Grouping::Flat, ..ContainerQuery::default() }
}

fn rows(inventory: &Inventory, query: &ContainerQuery) -> Vec<Container> {
    let window = inventory.window(&Sight::of_the_house(), query, &Seen::new(), None).window;
    let by_key = |key| window.rows.iter().find(|row| row.key == key).cloned();
    window.lines.iter().filter_map(|key| by_key(*key)).collect()
}

fn names(inventory: &Inventory, query: &ContainerQuery) -> Vec<String> {
    rows(inventory, query).into_iter().map(|row| row.name).collect()
}

#[test]
fn what_an_inspection_told_is_not_believed_after_the_line_was_down() {
    let inventory = on_quay(vec![described("web", State::Running), described("db", State::Running)]);
    let inspected =
        Described { since: Some(1_000), restarts: 3, pid: Some(42), ..described("web", State::Running) };
    inventory.apply("quay", vec![inspected.clone()], &[], vec![]);
    let web = |inventory: &Inventory| rows(inventory, &query()).pop().expect("web");
    assert_eq!((web(&inventory).since, web(&inventory).restarts), (Some(1_000), 3));

    inventory.down("quay", longshore_api::words::say::internal(), 0);
    assert_eq!((web(&inventory).state, web(&inventory).since), (State::Unknown, Some(1_000)));
    // Restarted meanwhile, as far as the list can tell.
    let list = vec![described("web", State::Running), described("db", State::Running)];
    assert_eq!(inventory.up("quay", engine(), list), [id("web")], "it is inspected again");
    assert_eq!((web(&inventory).since, web(&inventory).restarts), (None, 0));
    let pids: Vec<_> = inventory.running("quay").expect("up").into_iter().map(|target| target.pid).collect();
    assert_eq!(pids, [None, None]);
    inventory.apply("quay", vec![Described { since: Some(2_000), ..inspected }], &[], vec![]);
    assert_eq!(web(&inventory).since, Some(2_000));
}

#[test]
fn of_what_nobody_tells_the_state_is_unknown_and_it_is_shown() {
    let inventory = on_quay(vec![described("web", State::Running)]);
    let before = inventory.revisions();
    inventory.doubt("quay", &[id("web"), id("hidden")]);
    assert!(inventory.revisions().objects > before.objects);
    let all: Vec<_> = rows(&inventory, &query()).into_iter().map(|row| (row.name, row.state)).collect();
    let hidden = id("hidden").short();
    assert_eq!(all, [(hidden, State::Unknown), ("web".to_owned(), State::Unknown)]);
    let after = inventory.revisions();
    inventory.doubt("quay", &[id("web"), id("hidden")]);
    assert_eq!(inventory.revisions().objects, after.objects);
    inventory.apply("quay", vec![described("web", State::Exited)], &[id("hidden")], vec![]);
    assert_eq!(rows(&inventory, &query()).len(), 1);
}

#[test]
fn rows_stand_by_name_through_renames_and_removals() {
    let inventory = on_quay(["b", "a", "D", "c"].map(|name| described(name, State::Running)).to_vec());
    assert_eq!(names(&inventory, &query()), ["a", "b", "c", "D"]);
    let renamed = Described { name: "z".to_owned(), ..described("a", State::Running) };
    inventory.apply("quay", vec![renamed, described("aa", State::Exited)], &[id("c")], vec![]);
    assert_eq!(names(&inventory, &query()), ["aa", "b", "D", "z"]);
    assert_eq!(names(&inventory, &ContainerQuery { descending: true, ..query() }), ["z", "D", "b", "aa"]);
    assert_eq!(names(&inventory, &ContainerQuery { text: "Z".to_owned(), ..query() }), ["z"]);
    let by_state = ContainerQuery { sort: Column::State, descending: true, ..query() };
    assert_eq!(names(&inventory, &by_state), ["aa", "b", "D", "z"]);
    let middle = ContainerQuery { offset: 1, limit: 2, ..by_state };
    assert_eq!(names(&inventory, &middle), ["b", "D"]);
    // The whole list anew, of more than can be put in one by one.
    let list: Vec<_> = (0..500).rev().map(|n| described(&format!("n{n:03}"), State::Running)).collect();
    inventory.up("quay", engine(), list);
    let all = names(&inventory, &ContainerQuery { limit: 500, ..query() });
    assert!(all.len() == 500 && all.is_sorted(), "{all:?}");
}

#[test]
fn what_fits_best_by_name_is_in_the_first_few_of_many() {
    let labelled =
        |name: &str| Described { labels: vec!["team=web".to_owned()], ..described(name, State::Running) };
    let mut list: Vec<Described> = (0..20).map(|n| labelled(&format!("a{n:02}"))).collect();
    list.extend(
        ["cobweb", "shop-web-1", "web", "web-1", "Website"].map(|name| described(name, State::Running)),
    );
    let inventory = on_quay(list);
    let best = |text: &str| ContainerQuery { text: text.to_owned(), best_first: true, limit: 6, ..query() };
    assert_eq!(names(&inventory, &best("web")), ["web", "web-1", "Website", "shop-web-1", "cobweb", "a00"]);
    assert_eq!(names(&inventory, &best("WEB-1")), ["web-1", "shop-web-1"]);
    assert_eq!(names(&inventory, &best("web shop")), ["shop-web-1"]);
    let rest = ContainerQuery { offset: 5, ..best("web") };
    assert_eq!(names(&inventory, &rest), ["a00", "a01", "a02", "a03", "a04", "a05"]);
    assert_eq!(names(&inventory, &best(""))[..2], ["a00", "a01"]);
}

#[test]
fn groups_come_with_trouble_first_and_go_with_their_last_row() {
    let inventory = on_quay(vec![
        described("alone", State::Failed),
        in_stack("web", "shop", State::Running),
        in_stack("db", "shop", State::Running),
        in_stack("page", "blog", State::Running),
        in_stack("run", "ci", State::Failed),
    ]);
    let grouped = ContainerQuery { group: Grouping::Stack, ..query() };
    let window =
        |query: &ContainerQuery| inventory.window(&Sight::of_the_house(), query, &Seen::new(), None).window;
    let ids = |query: &ContainerQuery| window(query).groups.into_iter().map(|g| g.id).collect::<Vec<_>>();
    assert_eq!(ids(&grouped), ["quay/ci", "quay/blog", "quay/shop", "quay/"]);
    assert_eq!(window(&grouped).totals.lines, 9);
    let folded =
        ContainerQuery { folded: vec!["quay/shop".to_owned(), "nowhere/".to_owned()], ..grouped.clone() };
    assert_eq!((window(&folded).totals.lines, window(&folded).rows.len()), (7, 3));
    // The second line of the shop and what follows it.
    let part = ContainerQuery { offset: 6, limit: 2, ..grouped.clone() };
    assert_eq!(window(&part).rows.iter().map(|row| &row.name).collect::<Vec<_>>(), ["web"]);
    assert_eq!(window(&part).groups.iter().map(|group| &group.id).collect::<Vec<_>>(), ["quay/"]);
    let by_host = ContainerQuery { group: Grouping::Host, ..query() };
    assert_eq!((ids(&by_host), window(&by_host).rows.len()), (vec!["quay".to_owned()], 5));

    inventory.apply("quay", vec![in_stack("run", "blog", State::Running)], &[id("page")], vec![]);
    assert_eq!(ids(&grouped), ["quay/blog", "quay/shop", "quay/"]);
    let home = inventory.home(&Sight::of_the_house(), &HomeQuery::default()).0;
    let piles: Vec<_> =
        home.berths[0].piles.iter().map(|pile| (pile.stack.as_deref(), pile.blocks.len())).collect();
    assert_eq!(piles, [(Some("blog"), 1), (Some("shop"), 2), (None, 1)]);
    assert_eq!(home.attention.iter().map(|row| &row.name).collect::<Vec<_>>(), ["alone"]);
}

#[test]
fn home_of_one_host_is_cut_after_the_others_are_left_out() {
    let event = |host: &str, name: &str| Event {
        key: RowKey(0),
        host: host.to_owned(),
        at: 1_000,
        kind: "container".to_owned(),
        action: "die".to_owned(),
        name: name.to_owned(),
        id: id(name).to_string(),
        stack: None,
        container: None,
        exit_code: Some(1),
    };
    let many: Vec<String> = (0..12).map(|n| format!("a{n:02}")).collect();
    let inventory = on_quay(many.iter().map(|name| described(name, State::Failed)).collect());
    inventory.add_host("depot", "The depot");
    inventory.up("depot", engine(), vec![described("z", State::Failed), described("y", State::Running)]);
    inventory.apply("depot", vec![], &[], vec![event("depot", "z")]);
    inventory.apply("quay", vec![], &[], many.iter().map(|name| event("quay", name)).collect());

    let home = |host: Option<&str>| {
        inventory.home(&Sight::of_the_house(), &HomeQuery { host: host.map(str::to_owned) }).0
    };
    let all = home(None);
    assert_eq!((all.trouble, all.attention.len(), all.events.len(), all.berths.len()), (13, 8, 8, 2));
    let depot = home(Some("depot"));
    assert_eq!(depot.attention.iter().map(|row| &row.name).collect::<Vec<_>>(), ["z"]);
    assert_eq!(depot.trouble, 1);
    assert_eq!(depot.states, [(State::Failed, 1), (State::Running, 1)]);
    assert_eq!(depot.events.iter().map(|event| &event.name).collect::<Vec<_>>(), ["z"]);
    assert_eq!(depot.berths.iter().map(|berth| &berth.host).collect::<Vec<_>>(), ["depot"]);
    assert_eq!(home(Some("quay")).trouble, 12);
    assert_eq!(home(Some("nowhere")), Default::default());
}

#[test]
fn only_what_has_changed_says_so() {
    let inventory = on_quay(vec![described("web", State::Running)]);
    let before = inventory.revisions();
    inventory.apply("quay", vec![described("web", State::Running)], &[id("db")], vec![]);
    assert_eq!(inventory.revisions(), before, "nothing has changed");
    inventory.clock("quay", Some(5_000));
    inventory.clock("quay", Some(5_400));
    let clock = inventory.revisions();
    assert_eq!((clock.hosts, clock.objects), (before.now + 2, before.objects));
    assert_eq!(inventory.hosts(&Sight::of_the_house())[0].clock_offset, Some(5_000));
    inventory.apply("quay", vec![described("web", State::Exited)], &[], vec![]);
    let exited = inventory.revisions();
    assert_eq!((exited.hosts, exited.usage), (clock.hosts, 0));
    assert!(exited.objects > clock.objects && exited.now == exited.objects);
}
