//! How long to wait before the line is tried again.

/// Never longer than this, milliseconds: an engine room that comes back is seen within it.
const LONGEST: f64 = 15_000.0;
const FIRST: f64 = 400.0;

/// Milliseconds to wait before the attempt after `failures` that failed. `chance` in 0..1 spreads a crowd of pages that
/// lost their server at the same moment: half to the whole of the step.
pub(crate) fn wait(failures: u32, chance: f64) -> i32 {
    let step = (FIRST * f64::from(1_u32 << failures.min(10))).min(LONGEST);
    (step * (0.5 + chance / 2.0)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_longer_each_time_but_never_long() {
        assert_eq!(wait(0, 1.0), 400);
        assert_eq!(wait(0, 0.0), 200);
        assert!(wait(3, 0.5) > wait(2, 0.5));
        assert_eq!(wait(60, 1.0), 15_000);
    }
}
