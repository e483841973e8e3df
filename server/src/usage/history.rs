//! The past of a container's figures: every two seconds for five minutes, every fifteen for an hour, packed, for a
//! server may remember thousands of containers.

use longshore_agent::usage::Traffic;
use longshore_api::web::live::USAGE_STEP_MS;

/// Five minutes of steps.
const FINE: usize = (5 * 60 * 1000 / USAGE_STEP_MS) as usize;
const COARSE_MS: u64 = 15_000;
/// An hour of means.
const COARSE: usize = (60 * 60 * 1000 / COARSE_MS) as usize;
/// Figures further apart than a minute are not of one line: an engine that is asked for a full window of containers needs
/// most of it for one round.
pub const GAP: u32 = (60_000 / USAGE_STEP_MS) as u32;

/// What goes in and out is looked at every so many steps: a quarter of a minute, about.
pub const TRAFFIC_EVERY: u32 = 7;

/// The past of one container.
#[derive(Debug, Default)]
pub struct History {
    fine: Ring<Point, FINE>,
    coarse: Ring<Point, COARSE>,
    mean: Mean,
    flows: Ring<Flow, COARSE>,
    counted: Option<(u32, Traffic)>,
}

/// What went in and out in the steps before one, bytes in a second; less than zero is "not counted".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// The step.
    pub at: u32,
    rates: [f32; 4],
}

impl Flow {
    /// Network in, network out, read, written.
    pub fn rates(&self) -> [Option<f32>; 4] {
        self.rates.map(|rate| (rate >= 0.0).then_some(rate))
    }
}

/// Twelve bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    /// Steps of the sampler, or fifteen seconds each.
    at: u32,
    cpu: f32,
    /// Up to 4 TiB.
    kib: u32,
}

/// The fifteen seconds that are being gathered.
#[derive(Debug, Default)]
struct Mean {
    at: u32,
    count: u32,
    cpu: f32,
    kib: u64,
}

impl History {
    /// Adds a figure of the sampler's step: percent of one core, and bytes.
    pub fn push(&mut self, step: u32, cpu: f32, memory: u64) {
        let kib = u32::try_from(memory / 1024).unwrap_or(u32::MAX);
        self.fine.push(Point { at: step, cpu, kib });
        let at = u32::try_from(u64::from(step) * USAGE_STEP_MS / COARSE_MS).unwrap_or(u32::MAX);
        if at != self.mean.at || self.mean.count == 0 {
            if let Some(point) = self.mean.point() {
                self.coarse.push(point);
            }
            self.mean = Mean { at, ..Mean::default() };
        }
        self.mean.count += 1;
        self.mean.cpu += cpu;
        self.mean.kib += u64::from(kib);
    }

    /// Adds what went in and out until a step. Steps that follow at once are passed over: an engine that is asked counts
    /// each time.
    pub fn push_traffic(&mut self, step: u32, now: Traffic) {
        let Some((at, before)) = self.counted else {
            self.counted = Some((step, now));
            return;
        };
        let steps = step.saturating_sub(at);
        if steps < TRAFFIC_EVERY {
            return;
        }
        self.counted = Some((step, now));
        if steps > GAP {
            return;
        }
        let seconds = (u64::from(steps) * USAGE_STEP_MS) as f32 / 1000.0;
        let pairs = [
            (before.net_in, now.net_in),
            (before.net_out, now.net_out),
            (before.block_in, now.block_in),
            (before.block_out, now.block_out),
        ];
        let rates = pairs.map(|(before, now)| match before.zip(now) {
            // It was started anew in between: then it counts from nothing.
            Some((before, now)) => now.checked_sub(before).unwrap_or(now) as f32 / seconds,
            None => -1.0,
        });
        self.flows.push(Flow { at: step, rates });
    }

    /// All figures, oldest first, each with how many milliseconds it is before the last: means, then the fine ones.
    pub fn past(&self) -> Vec<(u64, f32, u64)> {
        let Some(last) = self.last() else { return Vec::new() };
        let last = u64::from(last) * USAGE_STEP_MS;
        let first_fine = self.fine.iter().next().map_or(0, |point| u64::from(point.at) * USAGE_STEP_MS);
        let coarse = self.coarse.iter().map(|point| (u64::from(point.at) * COARSE_MS, point));
        let coarse = coarse.filter(|(at, _)| at + COARSE_MS <= first_fine);
        let fine = self.fine.iter().map(|point| (u64::from(point.at) * USAGE_STEP_MS, point));
        let figure =
            |(at, point): (u64, &Point)| (last - at.min(last), point.cpu, u64::from(point.kib) * 1024);
        coarse.chain(fine).map(figure).collect()
    }

    /// What went in and out, oldest first, each with how many milliseconds it is before the last figure.
    pub fn flows(&self) -> Vec<(u64, Flow)> {
        let last = self.last().unwrap_or_default();
        let ago = |flow: &Flow| (u64::from(last.saturating_sub(flow.at)) * USAGE_STEP_MS, *flow);
        self.flows.iter().map(ago).collect()
    }

    /// The step of the last figure.
    pub fn last(&self) -> Option<u32> {
        self.fine.iter().next_back().map(|point| point.at)
    }

    /// The last figures, at most so many, oldest first: CPU and memory. They begin after the last gap.
    pub fn recent(&self, most: usize) -> (Vec<f32>, Vec<u64>) {
        let mut next = None;
        let unbroken = |point: &&Point| next.replace(point.at).is_none_or(|at| at - point.at <= GAP);
        let mut points: Vec<&Point> = self.fine.iter().rev().take(most).take_while(unbroken).collect();
        points.reverse();
        (points.iter().map(|p| p.cpu).collect(), points.iter().map(|p| u64::from(p.kib) * 1024).collect())
    }
}

impl Mean {
    fn point(&self) -> Option<Point> {
        (self.count > 0).then(|| Point {
            at: self.at,
            cpu: self.cpu / self.count as f32,
            kib: u32::try_from(self.kib / u64::from(self.count)).unwrap_or(u32::MAX),
        })
    }
}

/// The last `MOST` points. It takes no more memory than it has points, and a container that lives for a minute has few.
#[derive(Debug)]
struct Ring<T, const MOST: usize> {
    points: Vec<T>,
    /// Where the oldest is, once it is full.
    oldest: usize,
}

impl<T, const MOST: usize> Default for Ring<T, MOST> {
    fn default() -> Self {
        Self { points: Vec::new(), oldest: 0 }
    }
}

impl<T, const MOST: usize> Ring<T, MOST> {
    fn push(&mut self, point: T) {
        if self.points.len() == MOST {
            self.points[self.oldest] = point;
            self.oldest = (self.oldest + 1) % MOST;
            return;
        }
        let length = self.points.len();
        if length == self.points.capacity() {
            self.points.reserve_exact(length.max(16).min(MOST - length));
        }
        self.points.push(point);
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        let (newer, older) = self.points.split_at(self.oldest);
        older.iter().chain(newer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_figures_come_oldest_first_and_begin_after_a_gap() {
        let mut history = History::default();
        assert_eq!(history.recent(30), (vec![], vec![]));
        for step in 0..400 {
            history.push(step, step as f32, u64::from(step) * 4096);
        }
        let (cpu, memory) = history.recent(3);
        assert_eq!((cpu, memory), (vec![397.0, 398.0, 399.0], vec![397 * 4096, 398 * 4096, 399 * 4096]));
        // It was stopped for a while.
        history.push(399 + GAP + 1, 7.0, 1024);
        history.push(399 + GAP + 2, 8.0, 1024);
        assert_eq!(history.recent(30).0, [7.0, 8.0]);
        assert_eq!(history.last(), Some(399 + GAP + 2));
    }

    #[test]
    fn five_minutes_are_fine_and_an_hour_is_coarse() {
        let mut history = History::default();
        let steps = 2 * 60 * 60 * 1000 / USAGE_STEP_MS as u32;
        for step in 0..steps {
            history.push(step, if step % 2 == 0 { 0.0 } else { 50.0 }, 1024 * 1024);
        }
        let fine: Vec<u32> = history.fine.iter().map(|p| p.at).collect();
        assert_eq!(fine, (steps - 150..steps).collect::<Vec<_>>());
        let coarse: Vec<&Point> = history.coarse.iter().collect();
        assert_eq!(coarse.len(), 240);
        assert!(coarse.windows(2).all(|pair| pair[1].at == pair[0].at + 1));
        // Seven or eight figures to fifteen seconds.
        assert!(coarse.iter().all(|p| (20.0..30.0).contains(&p.cpu) && p.kib == 1024), "{coarse:?}");
    }

    #[test]
    fn an_hour_of_a_thousand_containers_fits_in_ten_megabytes() {
        let mut history = History::default();
        for step in 0..4_000 {
            history.push(step, 1.0, 1024);
            history.push_traffic(step, Traffic::default());
        }
        let bytes = (history.fine.points.capacity() + history.coarse.points.capacity()) * size_of::<Point>()
            + history.flows.points.capacity() * size_of::<Flow>();
        assert!(bytes + size_of::<History>() < 10_000, "{bytes}");
    }

    #[test]
    fn what_goes_in_and_out_is_by_the_second_and_begins_anew_with_the_container() {
        let mut history = History::default();
        let count = |net_in, block_out| Traffic { net_in: Some(net_in), block_out, ..Traffic::default() };
        history.push_traffic(0, count(1_000, None));
        history.push_traffic(2, count(9_999, None));
        history.push_traffic(10, count(21_000, Some(5)));
        history.push_traffic(20, count(40, Some(45)));
        history.push_traffic(20 + GAP + 1, count(99_999, Some(99_999)));
        history.push(20, 0.0, 0);
        let rates: Vec<(u64, [Option<f32>; 4])> =
            history.flows().into_iter().map(|(ago, flow)| (ago, flow.rates())).collect();
        let expected = [(20_000, [Some(1_000.0), None, None, None]), (0, [Some(2.0), None, None, Some(2.0)])];
        assert_eq!(rates, expected);
    }

    #[test]
    fn the_past_is_coarse_and_then_fine_without_a_second_twice() {
        let mut history = History::default();
        let steps = 60 * 60 * 1000 / USAGE_STEP_MS as u32;
        for step in 0..steps {
            history.push(step, 1.0, 1024);
        }
        let past = history.past();
        assert!(past.windows(2).all(|pair| pair[0].0 > pair[1].0), "{past:?}");
        assert_eq!(past.last().map(|point| point.0), Some(0));
        assert!(past[0].0 > 55 * 60 * 1000, "{:?}", past[0]);
        assert_eq!(past.iter().filter(|point| point.0 < 60_000).count(), 30);
    }
}
