//! Where the boxes of a stack's graph lie: ports on the left, services from those that nobody waits for to those that all
//! wait for, networks or volumes on the right.

use std::collections::{BTreeMap, BTreeSet};

use longshore_api::web::stack::StackService;

/// Width and height of a box, and what is between two of them.
pub(super) const WIDE: f32 = 168.0;
pub(super) const HIGH: f32 = 46.0;
const GAP_X: f32 = 72.0;
const GAP_Y: f32 = 22.0;
/// Around all of them.
const EDGE: f32 = 20.0;

/// What lies on the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    /// What services keep, with the order in which they start between them.
    Volumes,
    /// What services reach each other by.
    Networks,
}

/// What a box stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Port(u16),
    Service(String),
    Volume(String),
    Network(String),
}

impl Thing {
    /// The word of its kind, and its name.
    pub(super) fn parts(&self) -> (&'static str, String) {
        match self {
            Self::Port(port) => ("port", port.to_string()),
            Self::Service(name) => ("service", name.clone()),
            Self::Volume(name) => ("volume", name.clone()),
            Self::Network(name) => ("network", name.clone()),
        }
    }

    /// As the address has the chosen one.
    pub(super) fn code(&self) -> String {
        let (kind, name) = self.parts();
        format!("{kind}/{name}")
    }

    /// The thing of such a word.
    pub(super) fn from_code(code: &str) -> Option<Self> {
        let (kind, name) = code.split_once('/')?;
        Some(match kind {
            "port" => Self::Port(name.parse().ok()?),
            "service" => Self::Service(name.to_owned()),
            "volume" => Self::Volume(name.to_owned()),
            "network" => Self::Network(name.to_owned()),
            _ => return None,
        })
    }
}

/// A box in its place: its upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placed {
    pub(super) thing: Thing,
    pub(super) x: f32,
    pub(super) y: f32,
}

/// A drawing: boxes and the lines between them, each from a place in the list to another.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    pub(super) boxes: Vec<Placed>,
    pub(super) lines: Vec<(usize, usize)>,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// Lays a stack out.
pub(super) fn lay(services: &[StackService], right: Right) -> Layout {
    let mut pairs: BTreeSet<(Thing, Thing)> = BTreeSet::new();
    let known: BTreeSet<&str> = services.iter().map(|service| service.name.as_str()).collect();
    for service in services {
        let own = || Thing::Service(service.name.clone());
        // What is for a single command is no part of how it stands.
        for container in service.containers.iter().filter(|it| !it.once) {
            pairs.extend(container.ports.iter().map(|port| (Thing::Port(*port), own())));
            match right {
                Right::Volumes => {
                    let needs = container.needs.iter().filter(|name| known.contains(name.as_str()));
                    pairs.extend(needs.map(|name| (own(), Thing::Service(name.clone()))));
                    pairs.extend(container.volumes.iter().map(|name| (own(), Thing::Volume(name.clone()))));
                }
                Right::Networks => {
                    pairs.extend(container.networks.iter().map(|name| (own(), Thing::Network(name.clone()))));
                }
            }
        }
    }
    let mut columns = columns(services, &pairs);
    columns.retain(|column| !column.is_empty());
    untangle(&mut columns, &pairs);
    place(&columns, &pairs)
}

/// The things from left to right, each column by name.
fn columns(services: &[StackService], pairs: &BTreeSet<(Thing, Thing)>) -> Vec<Vec<Thing>> {
    let depth = depths(services, pairs);
    let last = depth.values().copied().max().unwrap_or_default();
    let mut columns: Vec<Vec<Thing>> = vec![Vec::new(); last + 3];
    let ends = pairs.iter().flat_map(|(from, to)| [from, to]).cloned();
    let all: BTreeSet<Thing> =
        services.iter().map(|service| Thing::Service(service.name.clone())).chain(ends).collect();
    for thing in all {
        let column = match &thing {
            Thing::Port(_) => 0,
            Thing::Service(name) => 1 + depth.get(name.as_str()).copied().unwrap_or_default(),
            Thing::Volume(_) | Thing::Network(_) => last + 2,
        };
        columns[column].push(thing);
    }
    columns
}

/// How many services wait before each, one after the other. Labels may say that services wait for one another in a
/// circle: the longest way that there can be bounds the walk.
fn depths<'a>(services: &'a [StackService], pairs: &BTreeSet<(Thing, Thing)>) -> BTreeMap<&'a str, usize> {
    let mut depth: BTreeMap<&str, usize> =
        services.iter().map(|service| (service.name.as_str(), 0)).collect();
    for _ in 1..services.len() {
        let mut moved = false;
        for (from, to) in pairs {
            let (Thing::Service(from), Thing::Service(to)) = (from, to) else { continue };
            let least = depth.get(from.as_str()).copied().unwrap_or_default() + 1;
            if let Some(depth) = depth.get_mut(to.as_str())
                && *depth < least
                && least < services.len()
            {
                *depth = least;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    depth
}

/// Puts each thing beside what leads to it, so that fewer lines cross.
fn untangle(columns: &mut [Vec<Thing>], pairs: &BTreeSet<(Thing, Thing)>) {
    let mut rank: BTreeMap<Thing, f32> = BTreeMap::new();
    for column in columns {
        let middle = |thing: &Thing| {
            let before: Vec<f32> = pairs
                .iter()
                .filter(|(_, to)| to == thing)
                .filter_map(|(from, _)| rank.get(from))
                .copied()
                .collect();
            if before.is_empty() { f32::MAX } else { before.iter().sum::<f32>() / before.len() as f32 }
        };
        let mut ranked: Vec<(f32, Thing)> = column.drain(..).map(|thing| (middle(&thing), thing)).collect();
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        let many = ranked.len() as f32;
        for (n, (_, thing)) in ranked.into_iter().enumerate() {
            rank.insert(thing.clone(), (n as f32 + 0.5) / many);
            column.push(thing);
        }
    }
}

fn place(columns: &[Vec<Thing>], pairs: &BTreeSet<(Thing, Thing)>) -> Layout {
    let most = columns.iter().map(Vec::len).max().unwrap_or_default();
    let tall = |n: usize| n as f32 * (HIGH + GAP_Y) - GAP_Y;
    let mut boxes = Vec::new();
    for (n, column) in columns.iter().enumerate() {
        let x = EDGE + n as f32 * (WIDE + GAP_X);
        let top = EDGE + (tall(most) - tall(column.len())) / 2.0;
        for (n, thing) in column.iter().enumerate() {
            boxes.push(Placed { thing: thing.clone(), x, y: top + n as f32 * (HIGH + GAP_Y) });
        }
    }
    let at: BTreeMap<&Thing, usize> =
        boxes.iter().enumerate().map(|(n, placed)| (&placed.thing, n)).collect();
    let lines = pairs.iter().filter_map(|(from, to)| Some((*at.get(from)?, *at.get(to)?))).collect();
    let width = 2.0 * EDGE + columns.len() as f32 * (WIDE + GAP_X) - GAP_X;
    Layout { lines, width: width.max(0.0), height: 2.0 * EDGE + tall(most).max(0.0), boxes }
}

#[cfg(test)]
mod tests {
    use longshore_api::web::{container::State, stack::StackContainer};

    use super::*;

    fn service(name: &str, ports: &[u16], needs: &[&str], volumes: &[&str]) -> StackService {
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
        let container = StackContainer {
            id: name.to_owned(),
            name: name.to_owned(),
            image: String::new(),
            state: State::Running,
            exit_code: None,
            since: None,
            ports: ports.to_vec(),
            needs: names(needs),
            networks: names(&["shop_default"]),
            volumes: names(volumes),
            once: false,
        };
        StackService { name: name.to_owned(), containers: vec![container] }
    }

    fn column(layout: &Layout, thing: &Thing) -> usize {
        let placed = layout.boxes.iter().find(|placed| &placed.thing == thing).expect("it has a box");
        ((placed.x - EDGE) / (WIDE + GAP_X)).round() as usize
    }

    #[test]
    fn who_waits_is_left_of_what_it_waits_for() {
        let services = [
            service("cache", &[], &[], &[]),
            service("db", &[], &[], &["shop_db"]),
            service("jobs", &[], &["db", "cache", "elsewhere"], &[]),
            service("web", &[8080], &["jobs", "db"], &[]),
        ];
        let layout = lay(&services, Right::Volumes);
        let of = |thing: Thing| column(&layout, &thing);
        let service = |name: &str| of(Thing::Service(name.to_owned()));
        assert_eq!(of(Thing::Port(8080)), 0);
        assert_eq!((service("web"), service("jobs"), service("db"), service("cache")), (1, 2, 3, 3));
        assert_eq!(of(Thing::Volume("shop_db".to_owned())), 4);
        assert_eq!(layout.boxes.len(), 6, "a service that is not there has no box");
        assert_eq!(layout.lines.len(), 6);
    }

    #[test]
    fn networks_lie_beside_services_that_stand_in_one_column() {
        let services = [service("db", &[], &[], &["shop_db"]), service("web", &[], &["db"], &[])];
        let layout = lay(&services, Right::Networks);
        let of = |thing: Thing| column(&layout, &thing);
        assert_eq!(of(Thing::Service("web".to_owned())), of(Thing::Service("db".to_owned())));
        assert_eq!(of(Thing::Network("shop_default".to_owned())), 1);
        assert_eq!(layout.lines.len(), 2);
    }

    #[test]
    fn a_circle_ends_and_no_two_boxes_meet() {
        let services: Vec<StackService> = (0..40)
            .map(|n| service(&format!("s{n:02}"), &[], &[&format!("s{:02}", (n + 1) % 40)], &["v"]))
            .collect();
        let layout = lay(&services, Right::Volumes);
        for (n, one) in layout.boxes.iter().enumerate() {
            assert!(one.x >= 0.0 && one.x + WIDE <= layout.width && one.y + HIGH <= layout.height, "{one:?}");
            for other in &layout.boxes[n + 1..] {
                assert!(
                    (one.x - other.x).abs() >= WIDE || (one.y - other.y).abs() >= HIGH,
                    "{one:?} {other:?}"
                );
            }
        }
    }
}
