//! Figures from the files of this machine.

use std::collections::{HashMap, HashSet};

use longshore_agent::usage::{Figures, Reader, Roots, UsageError};

use super::{Sample, Target};

/// The reader, with the figures that it read last: CPU share is of the time in between.
pub(super) struct Files {
    reader: Reader,
    before: HashMap<String, Figures>,
}

impl Files {
    pub(super) fn open(roots: Roots) -> Result<Self, UsageError> {
        Ok(Self { reader: Reader::open(roots)?, before: HashMap::new() })
    }

    /// How many of the containers were found, and samples of those that were found before too; with what went in and out,
    /// if it is wanted: that takes as many files again.
    pub(super) fn sample(&mut self, targets: &[Target], traffic: bool) -> (usize, Vec<Sample>) {
        if self.before.len() > targets.len() {
            let running: HashSet<&str> = targets.iter().map(|target| target.id.as_str()).collect();
            self.before.retain(|id, _| running.contains(id.as_str()));
            self.reader.keep(|id| running.contains(id));
        }
        let mut samples = Vec::with_capacity(targets.len());
        let mut found = 0;
        for target in targets {
            let figures = match self.reader.read(&target.id, target.pid) {
                Ok(Some(figures)) => figures,
                // It has just ended, or never was here.
                Ok(None) => {
                    self.before.remove(&target.id);
                    continue;
                }
                // One that cannot be read is no reason to lose the others.
                Err(error) => {
                    tracing::debug!(container.id = target.id, %error, "usage could not be read");
                    continue;
                }
            };
            found += 1;
            let before = match self.before.get_mut(&target.id) {
                Some(place) => Some(std::mem::replace(place, figures)),
                None => self.before.insert(target.id.clone(), figures),
            };
            if let Some(cpu) = before.and_then(|before| figures.cpu_since(&before)) {
                let Figures { memory, memory_limit, .. } = figures;
                let traffic = if traffic { self.reader.traffic(&target.id).ok().flatten() } else { None };
                samples.push(Sample { id: target.id.clone(), cpu, memory, memory_limit, traffic });
            }
        }
        (found, samples)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use longshore_api::web::RowKey;

    use super::*;

    #[test]
    fn a_container_has_a_figure_from_the_second_reading_on() {
        let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("../agent/tests/trees/v1-cgroupfs");
        let roots = Roots { proc: tree.join("proc"), cgroup: tree.join("cgroup") };
        let mut files = Files::open(roots).expect("a tree");
        let target = |id: &str| Target { key: RowKey(1), id: id.to_owned(), pid: None };
        let here = "904ad7e91af97850df7b63898b05c479d4f8c9a837e80b7697388c72852e71ac";
        let targets = [target(here), target(&"0".repeat(64))];
        assert_eq!(files.sample(&targets, false), (1, Vec::new()));
        let (found, samples) = files.sample(&targets, false);
        let limit = Some(200 * 1024 * 1024);
        let expected =
            Sample { id: here.to_owned(), cpu: 0.0, memory: 70_639_616, memory_limit: limit, traffic: None };
        assert_eq!((found, samples), (1, vec![expected]));
        let (_, samples) = files.sample(&targets, true);
        assert!(samples[0].traffic.is_some());
        // Stopped and started: it begins anew.
        assert_eq!(files.sample(&[], false), (0, Vec::new()));
        assert_eq!(files.sample(&targets, false), (1, Vec::new()));
    }
}
