//! How long each part of a long command took, as a table at its end.

use std::time::{Duration, Instant};

use anyhow::Result;

/// The parts done so far, in order.
#[derive(Default)]
pub(crate) struct Stages(Vec<(&'static str, Duration)>);

impl Stages {
    /// Does one part, under its name.
    pub(crate) fn run<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("== {name}");
        let began = Instant::now();
        let done = work();
        self.0.push((name, began.elapsed()));
        done
    }

    /// One line per part and one for the sum, in seconds.
    pub(crate) fn table(&self) -> String {
        let sum = self.0.iter().map(|(_, took)| *took).sum::<Duration>();
        let rows = self.0.iter().map(|(name, took)| (*name, *took)).chain([("together", sum)]);
        rows.map(|(name, took)| format!("{name:<24}{:>8.1} s\n", took.as_secs_f64())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_failed_is_still_in_the_table() {
        let mut stages = Stages::default();
        assert!(stages.run("good", || Ok(())).is_ok());
        assert!(stages.run("bad", || -> Result<()> { anyhow::bail!("no") }).is_err());
        let names: Vec<_> =
            stages.table().lines().filter_map(|l| l.split_whitespace().next().map(str::to_owned)).collect();
        assert_eq!(names, ["good", "bad", "together"]);
    }
}
