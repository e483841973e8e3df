//! The shapes of blocks: one SVG path for all blocks of a state, never a node per container.

use std::fmt::Write as _;

use longshore_api::web::container::State;

use crate::parts::Px;

/// The size of a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Grain {
    /// Width in pixels.
    pub(crate) width: f32,
    /// Height in pixels.
    pub(crate) height: f32,
    /// Between blocks of a pile.
    pub(crate) gap: f32,
}

impl Grain {
    /// From the largest to the smallest that can be told apart.
    pub(crate) const ALL: [Self; 5] = [
        Self { width: 20.0, height: 14.0, gap: 2.0 },
        Self { width: 14.0, height: 10.0, gap: 2.0 },
        Self { width: 10.0, height: 7.0, gap: 2.0 },
        Self { width: 5.0, height: 4.0, gap: 1.0 },
        Self { width: 4.0, height: 3.0, gap: 1.0 },
    ];
    /// In rows of tables.
    pub(crate) const ROW: Self = Self { width: 8.0, height: 5.0, gap: 1.0 };

    /// From 10 pixels on each state has its shape; below they are told apart by colour, and the list names them.
    pub(crate) fn has_shapes(self) -> bool {
        self.width >= 10.0
    }

    /// From one block to the next in a row.
    pub(crate) fn step_x(self) -> f32 {
        self.width + self.gap
    }

    /// From one block to the one above it.
    pub(crate) fn step_y(self) -> f32 {
        self.height + self.gap
    }
}

/// The path of one block of a state, its upper left corner at `x`, `y`; to be filled or stroked as the class of its
/// state says.
pub(crate) fn path(out: &mut String, state: State, grain: Grain, x: f32, y: f32) {
    let Grain { width: w, height: h, .. } = grain;
    let shapes = grain.has_shapes();
    match state {
        State::Healthy | State::Running => rect(out, x, y, w, h),
        State::Exited | State::Created => rect(out, x + 0.5, y + 0.5, w - 1.0, h - 1.0),
        State::Failed => {
            rect(out, x + 0.5, y + 0.5, w - 1.0, h - 1.0);
            let (from, to) = ((x + w * 0.3, y + h * 0.85), (x + w * 0.7, y + h * 0.15));
            let _ = write!(out, "M{} {}L{} {}", Px(from.0), Px(from.1), Px(to.0), Px(to.1));
        }
        State::Dead => {
            let (a, b) = (Px(x + w * 0.2), Px(x + w * 0.8));
            let (top, foot) = (Px(y + 1.0), Px(y + h - 1.0));
            let _ = write!(out, "M{a} {top}L{b} {foot}M{b} {top}L{a} {foot}");
        }
        State::Unknown => hatched(out, x, y, w, h),
        State::Starting if shapes => {
            rect(out, x, y + h / 2.0, w, h / 2.0);
            rect(out, x, y, 1.0, h / 2.0);
            rect(out, x + w - 1.0, y, 1.0, h / 2.0);
            rect(out, x, y, w, 1.0);
        }
        State::Paused if shapes => {
            rect(out, x + w * 0.05, y, w * 0.4, h);
            rect(out, x + w * 0.55, y, w * 0.4, h);
        }
        State::Unhealthy if shapes => {
            rect(out, x, y, w, h);
            let bar = (w * 0.09).max(1.0);
            rect(out, x + (w - bar) / 2.0, y + h * 0.17, bar, h * 0.4);
            rect(out, x + (w - bar) / 2.0, y + h * 0.69, bar, h * 0.13);
        }
        State::Restarting if shapes => {
            rect(out, x, y, w, h);
            let (top, foot) = (Px(y + h * 0.14), Px(y + h * 0.86));
            let (left, middle, right) = (Px(x + w * 0.1), Px(x + w * 0.5), Px(x + w * 0.9));
            let _ = write!(out, "M{left} {foot}L{middle} {top}H{right}L{middle} {foot}Z");
        }
        State::Starting | State::Paused | State::Unhealthy | State::Restarting => rect(out, x, y, w, h),
    }
}

fn rect(out: &mut String, x: f32, y: f32, w: f32, h: f32) {
    let [x, y, w, h] = [x, y, w, h].map(Px);
    let _ = write!(out, "M{x} {y}h{w}v{h}h-{w}z");
}

fn hatched(out: &mut String, x: f32, y: f32, w: f32, h: f32) {
    rect(out, x + 0.5, y + 0.5, w - 1.0, h - 1.0);
    if w >= 10.0 {
        for start in [w * 0.1, w * 0.5] {
            let run = Px((w - start).min(h - 1.0));
            let _ = write!(out, "M{} {}l{run} -{run}", Px(x + start), Px(y + h - 0.5));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_leaves_a_trace_in_every_size() {
        for state in State::ALL {
            for grain in Grain::ALL {
                let mut out = String::new();
                path(&mut out, state, grain, 0.0, 0.0);
                assert!(out.starts_with('M'), "{state:?} {grain:?}");
            }
        }
    }

    #[test]
    fn shapes_differ_from_ten_pixels_on() {
        let of = |state, grain| {
            let mut out = String::new();
            path(&mut out, state, grain, 0.0, 0.0);
            out
        };
        let large = Grain::ALL[0];
        assert_ne!(of(State::Unhealthy, large), of(State::Healthy, large));
        assert_ne!(of(State::Paused, large), of(State::Restarting, large));
        let small = Grain::ALL[4];
        assert_eq!(of(State::Unhealthy, small), of(State::Healthy, small));
    }
}
