//! A line in the log about what may happen a thousand times a second: it would push out everything else.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Lets one line through in a while.
#[derive(Debug)]
pub struct Seldom {
    every: Duration,
    told: Mutex<Told>,
}

#[derive(Debug, Default)]
struct Told {
    last: Option<Instant>,
    left_out: u64,
}

impl Seldom {
    /// One line in so long a time.
    pub fn every(every: Duration) -> Self {
        Self { every, told: Mutex::default() }
    }

    /// Whether a line is due: then, how many were left out since the last.
    pub fn due(&self) -> Option<u64> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.last.is_some_and(|last| last.elapsed() < self.every) {
            told.left_out += 1;
            return None;
        }
        told.last = Some(Instant::now());
        Some(std::mem::take(&mut told.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_stands_for_those_left_out() {
        let hour = Seldom::every(Duration::from_secs(3_600));
        assert_eq!([hour.due(), hour.due(), hour.due()], [Some(0), None, None]);
        let always = Seldom::every(Duration::ZERO);
        assert_eq!([always.due(), always.due()], [Some(0), Some(0)]);
        hour.told.lock().expect("nobody panics").last = None;
        assert_eq!(hour.due(), Some(2));
    }
}
