//! Ports of the host: each can be had once.

use std::{collections::HashMap, ops::RangeInclusive};

use super::Check;
use crate::problem::Problem;

/// What has a port of the host: its address, if it has one of its own, and where that is written.
type Taken<'a> = HashMap<(u16, &'a str), Vec<(&'a str, &'a str, usize)>>;

impl Check<'_> {
    pub(super) fn ports(&mut self) {
        let mut taken: Taken<'_> = HashMap::new();
        let project = self.project;
        // What has no container now takes no port.
        for (name, service) in project.services.iter().filter(|(_, service)| service.replicas() > 0) {
            for (n, port) in service.ports.iter().enumerate() {
                let index = n.to_string();
                let path = ["services", name, "ports", &index];
                // A range is one free port of it for a single port of the container; nothing, or 0, is any free port.
                let Some(published) = single(&port.published).filter(|published| *published > 0) else {
                    self.scaled(service.replicas(), &port.published, &path);
                    continue;
                };
                let host = any(&port.host_ip);
                let others = taken.entry((published, &port.protocol)).or_default();
                let clash =
                    others.iter().find(|(other, ..)| host.is_empty() || other.is_empty() || *other == host);
                if let Some((_, other, m)) = clash {
                    let place = self.place(&["services", other, "ports", &m.to_string()]);
                    let port = format!("{published}/{}", port.protocol);
                    let problem = Problem::PortTaken { port, service: (*other).to_owned(), other: place };
                    self.say(problem, &path);
                } else {
                    others.push((host, name, n));
                    self.scaled(service.replicas(), &port.published, &path);
                }
            }
        }
    }

    /// Several containers of one service cannot have one port, nor a range that is too short for all.
    fn scaled(&mut self, scale: u64, published: &str, path: &[&str]) {
        let Some(range) = range(published) else { return };
        if scale > range.len() as u64 && *range.start() > 0 {
            self.say(Problem::PortScaled { port: published.to_owned(), scale }, path);
        }
    }
}

fn range(published: &str) -> Option<RangeInclusive<u16>> {
    let (from, to) = published.split_once('-').unwrap_or((published, published));
    Some(from.parse().ok()?..=to.parse().ok()?)
}

fn single(published: &str) -> Option<u16> {
    range(published).filter(|range| range.start() == range.end()).map(|range| *range.start())
}

/// An address; empty for all of them.
fn any(host: &str) -> &str {
    if matches!(host, "0.0.0.0" | "::") { "" } else { host }
}
