//! Long tables: only the rows that are seen exist, all of one height.

use leptos::prelude::*;
use longshore_api::web::live::WINDOW_MAX;
use web_sys::{Element, HtmlElement};

use crate::parts::dynamic;

/// Lines asked for beyond the seen ones, above and below; the next window is asked for when half of it is used up.
const MARGIN: u32 = 60;

/// Which part of a list is seen: what the window must cover.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// The first line.
    pub(crate) first: u32,
    /// How many.
    pub(crate) count: u32,
}

/// The window, offset and limit, for what is seen: the one there is, while it reaches far enough.
pub(crate) fn window_for(seen: Seen, before: Option<(u32, u32)>) -> (u32, u32) {
    let Seen { first, count } = seen;
    let near = MARGIN / 2;
    match before {
        Some((offset, limit))
            if (offset == 0 || first >= offset + near) && first + count + near <= offset + limit =>
        {
            (offset, limit)
        }
        _ => (first.saturating_sub(MARGIN), (count + 2 * MARGIN).min(WINDOW_MAX)),
    }
}

/// The rows that are not there, as one.
#[component]
pub(crate) fn Space(
    /// Pixels.
    #[prop(into)]
    height: Signal<f64>,
    /// How many columns the table has.
    #[prop(into)]
    cells: Signal<usize>,
) -> impl IntoView {
    view! {
        <tr class="tbl__space" aria-hidden="true" style:display=dynamic(move || (height.get() <= 0.0).then_some("none"))>
            <td colspan=dynamic(move || cells.get()) style:height=dynamic(move || format!("{}px", height.get()))></td>
        </tr>
    }
}

/// Tells which lines are seen.
pub(crate) fn look(scroller: &HtmlElement, row_height: f64, seen: RwSignal<Seen>) {
    let first = (f64::from(scroller.scroll_top()).max(0.0) / row_height) as u32;
    let count = (f64::from(scroller.client_height()) / row_height).ceil() as u32 + 1;
    let now = Seen { first, count };
    if seen.get_untracked() != now {
        seen.set(now);
    }
}

/// The height of a row as the style sheet has it.
pub(crate) fn row_height(element: &Element) -> f64 {
    css_pixels(element, "--row-h").unwrap_or(32.0)
}

fn css_pixels(element: &Element, property: &str) -> Option<f64> {
    let style = window().get_computed_style(element).ok()??;
    style.get_property_value(property).ok()?.trim().strip_suffix("px")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_kept_until_half_its_margin_is_used_up() {
        let first = window_for(Seen { first: 0, count: 30 }, None);
        assert_eq!(first, (0, 150));
        assert_eq!(window_for(Seen { first: 80, count: 30 }, Some(first)), first);
        let next = window_for(Seen { first: 100, count: 30 }, Some(first));
        assert_eq!(next, (40, 150));
        assert_eq!(window_for(Seen { first: 71, count: 30 }, Some(next)), next);
        assert_eq!(window_for(Seen { first: 9_000, count: 30 }, Some(next)), (8_940, 150));
    }
}
