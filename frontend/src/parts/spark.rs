//! A line of a minute: one SVG path over one area, nothing else.

use leptos::prelude::*;
use longshore_api::format;

use crate::parts::{Px, dynamic, memo};

const WIDTH: f32 = 56.0;
const HEIGHT: f32 = 16.0;

/// A small line without axes, beside the figure that says where it stands.
#[component]
pub(crate) fn Spark(
    /// Oldest first.
    #[prop(into)]
    values: Signal<Vec<f32>>,
    /// The value of the upper edge; without it the highest value, and a little air.
    #[prop(optional, into)]
    top: MaybeProp<f32>,
    /// The upper edge is never below this, so that idling does not look like work.
    #[prop(default = 0.0)]
    floor: f32,
    /// In the second colour of charts: memory.
    #[prop(optional)]
    second: bool,
    /// In the colour of trouble.
    #[prop(optional, into)]
    hot: MaybeProp<bool>,
    /// Width in pixels.
    #[prop(default = WIDTH)]
    width: f32,
) -> impl IntoView {
    let line = memo(move || {
        values.with(|values| {
            let peak = values.iter().copied().fold(0.0, f32::max);
            let top = top.get().unwrap_or(peak * 1.15).max(floor).max(f32::MIN_POSITIVE);
            line(values, top, width)
        })
    });
    let area = move || {
        line.with(|line| {
            let from = line.strip_prefix('M')?;
            let (width, height) = (Px(width), Px(HEIGHT));
            let left = from.split(' ').next()?;
            Some(format!("M{left} {height}L{from}L{width} {height}Z"))
        })
    };
    view! {
        <svg
            class="spark"
            class=("spark--2", second)
            class=("spark--hot", move || hot.get() == Some(true))
            width=Px(width).to_string()
            height=Px(HEIGHT).to_string()
            aria-hidden="true"
        >
            <path class="spark__area" d=dynamic(area) />
            <path d=dynamic(move || line.get()) />
        </svg>
    }
}

/// The path through the values. One value is a short flat line at the right edge.
fn line(values: &[f32], top: f32, width: f32) -> String {
    let step = width / (longshore_api::web::live::USAGE_PAST.max(2) - 1) as f32;
    let mut out = String::with_capacity(values.len() * 10);
    let from_right = values.len().saturating_sub(1) as f32;
    for (i, value) in values.iter().enumerate() {
        let x = (width - (from_right - i as f32) * step).max(0.0);
        // Half a pixel above the lower edge, so that nothing is seen as a line.
        let y = (HEIGHT - 0.6) * (1.0 - (value / top).clamp(0.0, 1.0)) + 0.1;
        out.push(if i == 0 { 'M' } else { 'L' });
        out.push_str(&format::fixed(x.into(), 1));
        out.push(' ');
        out.push_str(&format::fixed(y.into(), 1));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_runs_to_the_right_edge_and_stays_inside() {
        let path = line(&[0.0, 50.0, 200.0], 100.0, 56.0);
        assert!(path.ends_with("56.0 0.1"), "{path}");
        assert!(path.starts_with("M52."), "{path}");
        assert_eq!(line(&[], 1.0, 56.0), "");
    }
}
