//! A chart over time: a grid, its labels, one or two lines.

use js_sys::Date;
use leptos::prelude::*;
use longshore_api::{web::Millis, words::say};
use wasm_bindgen::JsValue;

use crate::{
    parts::{Px, dynamic},
    speech::{speech, w},
};

const WIDTH: f32 = 480.0;
const HEIGHT: f32 = 160.0;
const LEFT: f32 = 64.0;
const RIGHT: f32 = 472.0;
const TOP: f32 = 12.0;
const BOTTOM: f32 = 136.0;
/// Points further apart are not of one line: it did not run, or nobody watched it.
const GAP: Millis = 60_000;

/// A line of a chart.
#[derive(Clone)]
pub(super) struct Series {
    /// Its word in the key.
    pub(super) word: Signal<&'static str>,
    /// Its colour, 1 to 4.
    pub(super) colour: u8,
    /// When and how much, oldest first.
    pub(super) points: Signal<Vec<(Millis, f32)>>,
}

/// A chart.
#[component]
pub(super) fn Chart(
    /// For tests and styles.
    name: &'static str,
    /// What it shows.
    #[prop(into)]
    title: Signal<&'static str>,
    /// Its lines.
    lines: Vec<Series>,
    /// How a value is written.
    write: fn(f32) -> String,
    /// The upper edge is never below this.
    floor: f32,
    /// A line that must not be crossed, where there is one.
    #[prop(optional, into)]
    limit: MaybeProp<f32>,
    /// The upper edge is a power of two: of bytes in memory.
    #[prop(optional)]
    doubling: bool,
    /// The first and the last moment shown.
    span: Signal<(Millis, Millis)>,
) -> impl IntoView {
    let s = speech();
    let all = StoredValue::new(lines.clone());
    let peak = move || {
        let (from, _) = span.get();
        let of = |line: &Series| {
            let shown = |points: &Vec<(Millis, f32)>| {
                points.iter().filter(|(at, _)| *at >= from).map(|(_, value)| *value).fold(0.0, f32::max)
            };
            line.points.with(shown)
        };
        all.with_value(|lines| lines.iter().map(of).fold(0.0, f32::max))
    };
    let top = Memo::new(move |_| {
        let most = peak().max(limit.get().unwrap_or(0.0)).max(floor);
        if doubling { most.log2().ceil().exp2() } else { nice(most) }
    });
    // Of what does not run now there is no figure of now.
    let last = move |line: &Series| {
        let (_, until) = span.get();
        line.points
            .with(|points| points.last().filter(|(at, _)| *at > until - GAP).map(|(_, value)| write(*value)))
    };
    let keys = lines
        .iter()
        .map(|line| {
            let (colour, word, line) = (line.colour, line.word, line.clone());
            view! {
                <span class="chart__key">
                    <i class=format!("k-{colour}")></i>
                    {dynamic(move || word.get())}
                    " "
                    <b>{dynamic(move || last(&line).unwrap_or_else(|| "—".to_owned()))}</b>
                </span>
            }
        })
        .collect_view();
    let label = move || {
        let now = all.with_value(|lines| lines.first().and_then(last)).unwrap_or_default();
        s.say(&say::chart_of(write(peak()), now, title.get()))
    };
    let drawn = lines
        .iter()
        .map(|line| {
            let (colour, points) = (line.colour, line.points);
            let path = Memo::new(move |_| points.with(|points| path(points, span.get(), top.get())));
            let area = move || path.with(|path| area(path));
            view! {
                <path class=format!("a k-{colour}") d=dynamic(area) />
                <path class=format!("l k-{colour}") d=dynamic(move || path.get()) />
            }
        })
        .collect_view();
    let across = move || {
        let top = top.get();
        [0.0_f32, 0.5, 1.0]
            .map(|part| {
                let y = BOTTOM - part * (BOTTOM - TOP);
                view! {
                    <path class="g" d=format!("M{} {}H{}", Px(LEFT), Px(y), Px(RIGHT)) />
                    <text x=Px(LEFT - 6.0).to_string() y=Px(y + 4.0).to_string() text-anchor="end">
                        {write(top * part)}
                    </text>
                }
            })
            .collect_view()
    };
    let along = move || {
        let (from, to) = span.get();
        [0.0_f32, 0.25, 0.5, 0.75, 1.0]
            .map(|part| {
                let x = LEFT + part * (RIGHT - LEFT);
                let at = from + ((to - from) as f64 * f64::from(part)) as Millis;
                let anchor = if part == 0.0 {
                    "start"
                } else if part == 1.0 {
                    "end"
                } else {
                    "middle"
                };
                view! {
                    <path class="g" d=format!("M{} {}V{}", Px(x), Px(TOP), Px(BOTTOM)) />
                    <text x=Px(x).to_string() y=Px(BOTTOM + 17.0).to_string() text-anchor=anchor>
                        {hour_and_minute(at)}
                    </text>
                }
            })
            .collect_view()
    };
    let bound = move || {
        limit.get().map(|limit| {
            let y = BOTTOM - (limit / top.get()).min(1.0) * (BOTTOM - TOP);
            view! { <path class="limit" d=format!("M{} {}H{}", Px(LEFT), Px(y), Px(RIGHT)) /> }
        })
    };
    view! {
        <figure class="panel chart" data-chart=name>
            <figcaption class="chart__head">
                <h2>{dynamic(move || title.get())}</h2>
                {keys}
                {dynamic(move || limit.get().map(|limit| view! {
                    <span class="chart__key">{w!(s.limit)} " " <b>{write(limit)}</b></span>
                }))}
            </figcaption>
            <svg viewBox=format!("0 0 {} {}", Px(WIDTH), Px(HEIGHT)) role="img" aria-label=dynamic(label)>
                {dynamic(across)}
                {dynamic(along)}
                {drawn}
                {dynamic(bound)}
            </svg>
        </figure>
    }
}

/// The next of 1, 2 and 5 with zeros, so that half of it is a figure too.
fn nice(peak: f32) -> f32 {
    // Each step anew: what is multiplied again and again is no round figure at last.
    let steps = (-3..38).flat_map(|zeros| [1.0, 2.0, 5.0].map(|factor| factor * 10_f32.powi(zeros)));
    steps.into_iter().find(|step| *step >= peak).unwrap_or(peak)
}

/// The line through those points that are in the span, broken where nothing was seen.
fn path(points: &[(Millis, f32)], (from, to): (Millis, Millis), top: f32) -> String {
    let mut out = String::new();
    let mut before = None;
    let length = (to - from).max(1) as f32;
    for (at, value) in points.iter().filter(|(at, _)| (from..=to).contains(at)) {
        let x = LEFT + (at - from) as f32 / length * (RIGHT - LEFT);
        let y = BOTTOM - (value / top).clamp(0.0, 1.0) * (BOTTOM - TOP);
        let joined = before.is_some_and(|before| at - before <= GAP);
        before = Some(*at);
        out.push(if joined { 'L' } else { 'M' });
        out.push_str(&format!("{} {}", Px(x), Px(y)));
    }
    out
}

/// What is under each part of a line.
fn area(path: &str) -> String {
    let mut out = String::new();
    for part in path.split('M').filter(|part| !part.is_empty()) {
        let first = part.split(' ').next().unwrap_or_default();
        let last = part.rsplit('L').next().and_then(|point| point.split(' ').next()).unwrap_or(first);
        out.push_str(&format!("M{first} {bottom}L{part}L{last} {bottom}Z", bottom = Px(BOTTOM)));
    }
    out
}

fn hour_and_minute(at: Millis) -> String {
    let date = Date::new(&JsValue::from_f64(at as f64));
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upper_edge_is_a_round_figure() {
        assert_eq!([0.3, 1.0, 17.0, 51.0, 1_400.0].map(nice), [0.5, 1.0, 20.0, 100.0, 2_000.0]);
    }

    #[test]
    fn a_line_is_broken_where_nothing_was_seen() {
        let points = [(0, 0.0), (10_000, 5.0), (100_000, 10.0), (110_000, 10.0), (999_000, 1.0)];
        let line = path(&points, (0, 200_000), 10.0);
        assert_eq!(line, "M64 136L84.4 74M268 12L288.4 12");
        assert_eq!(area(&line), "M64 136L64 136L84.4 74L84.4 136ZM268 136L268 12L288.4 12L288.4 136Z");
        assert_eq!(path(&[], (0, 1), 1.0), "");
    }
}
