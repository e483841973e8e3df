//! Figures for Prometheus. No name of a container, host or person is among them.

use std::fmt;

use longshore_api::web::{container::State, host::Link};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};

use crate::{access::Sight, house::House};

/// Which part of the house answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Pages and their assets.
    Pages,
    /// REST.
    Api,
    /// The Docker Engine API.
    Gateway,
    /// The live line.
    Live,
    /// Health and figures.
    Health,
}

impl Class {
    fn code(self) -> &'static str {
        match self {
            Self::Pages => "pages",
            Self::Api => "api",
            Self::Gateway => "gateway",
            Self::Live => "live",
            Self::Health => "health",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    class: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfClass {
    class: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InState {
    state: &'static str,
}

/// All figures of a server.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<OfClass, Histogram, fn() -> Histogram>,
    live_lines: Gauge,
    streams: Gauge,
    hosts: Family<InState, Gauge>,
    containers: Family<InState, Gauge>,
    database: Gauge,
}

/// Counts as open until it is dropped.
pub struct Open(Gauge);

impl Open {
    fn one_of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// All at nought.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("longshore");
        let requests = Family::default();
        let seconds: Family<OfClass, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new([0.001, 0.005, 0.025, 0.1, 0.25, 1.0, 5.0, 30.0]));
        let (live_lines, streams, database) = (Gauge::default(), Gauge::default(), Gauge::default());
        let (hosts, containers) = (Family::default(), Family::default());
        let build = Info::new([("version", crate::BUILD)]);
        registry.register("build", "The build that runs", build);
        registry.register("requests", "Requests that were answered", requests.clone());
        registry.register_with_unit(
            "request_duration",
            "From a request's head to its answer's head",
            Unit::Seconds,
            seconds.clone(),
        );
        registry.register("live_lines", "Browsers with an open live line", live_lines.clone());
        registry.register(
            "streams",
            "Open streams of engines: hijacked ones and answers that go on",
            streams.clone(),
        );
        registry.register("hosts", "Hosts by the state of the line to their engine", hosts.clone());
        registry.register("containers", "Containers by state, over all hosts", containers.clone());
        registry.register_with_unit("database", "Size of the database files", Unit::Bytes, database.clone());
        Self { registry, requests, seconds, live_lines, streams, hosts, containers, database }
    }

    /// A request's answer has begun.
    pub fn answered(&self, class: Class, status: u16, seconds: f64) {
        let class = class.code();
        self.requests.get_or_create(&Answered { class, status }).inc();
        self.seconds.get_or_create(&OfClass { class }).observe(seconds);
    }

    /// A live line has opened.
    pub fn live_line(&self) -> Open {
        Open::one_of(&self.live_lines)
    }

    /// A stream of an engine has opened.
    pub fn stream(&self) -> Open {
        Open::one_of(&self.streams)
    }

    /// All of them in the OpenMetrics text form, those that are only looked up now included.
    pub(super) fn text(&self, house: &House) -> Result<String, fmt::Error> {
        let set = |family: &Family<InState, Gauge>, state, n: usize| {
            family.get_or_create(&InState { state }).set(i64::try_from(n).unwrap_or(i64::MAX));
        };
        let links: Vec<Link> = house
            .inventory
            .seen_with(Sight::of_the_house())
            .hosts()
            .into_iter()
            .map(|host| host.link)
            .collect();
        let count = |of: fn(&Link) -> bool| links.iter().filter(|link| of(link)).count();
        set(&self.hosts, "up", count(|link| matches!(link, Link::Up { .. })));
        set(&self.hosts, "down", count(|link| matches!(link, Link::Down { .. })));
        set(&self.hosts, "connecting", count(|link| matches!(link, Link::Connecting)));
        let states = house.inventory.states();
        for state in State::ALL {
            let n = states.iter().find(|(one, _)| *one == state).map_or(0, |(_, n)| *n);
            set(&self.containers, state.code(), usize::try_from(n).unwrap_or(usize::MAX));
        }
        self.database.set(i64::try_from(house.store.size()).unwrap_or(i64::MAX));
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}
