//! Long tables: only the rows that are seen exist, all of one height.

use leptos::prelude::*;
use longshore_api::web::live::WINDOW_MAX;
use web_sys::{Element, HtmlElement};

use crate::parts::dynamic;

/// Lines asked for beyond the seen ones, above and below; the next window is asked for when half of it is used up.
const MARGIN: u32 = 60;

/// Pixels of a row, as long as the style sheet has not said otherwise.
const ROW_HEIGHT: f64 = 32.0;
/// Rows above and below the seen ones that exist already, so that scrolling finds them there.
const BEYOND: u32 = 12;

/// Which part of a list is seen: what the window must cover.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// The first line.
    pub(crate) first: u32,
    /// How many.
    pub(crate) count: u32,
}

impl Seen {
    /// From which line to which they exist in the page, of a window from `offset` to `end`.
    pub(crate) fn present(self, offset: u32, end: u32) -> (u32, u32) {
        let Self { first, count } = self;
        let from = first.saturating_sub(BEYOND).clamp(offset, end);
        (from, (first + count + BEYOND).clamp(from, end))
    }
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

/// The box that a long table scrolls in: how high its rows are, and which of them are seen.
#[derive(Clone, Copy)]
pub(crate) struct Scroller {
    node: NodeRef<leptos::html::Div>,
    row_height: RwSignal<f64>,
    width: RwSignal<i32>,
    seen: RwSignal<Seen>,
}

impl Scroller {
    /// Watches its box, once that is there, for as long as the owner lives; tells `seen` which lines are.
    pub(crate) fn start(seen: RwSignal<Seen>) -> Self {
        let scroller = Self {
            node: NodeRef::new(),
            row_height: RwSignal::new(ROW_HEIGHT),
            width: RwSignal::new(0),
            seen,
        };
        Effect::new(move |_| {
            if scroller.node.get().is_some() {
                request_animation_frame(move || scroller.measure());
            }
        });
        let resized = window_event_listener(leptos::ev::resize, move |_| scroller.measure());
        on_cleanup(move || resized.remove());
        scroller
    }

    /// The box.
    pub(crate) fn node(self) -> NodeRef<leptos::html::Div> {
        self.node
    }

    /// Pixels across; 0 as long as nobody has looked. Tracked.
    pub(crate) fn width(self) -> i32 {
        self.width.get()
    }

    /// Pixels of so many rows.
    pub(crate) fn height_of(self, rows: u32) -> f64 {
        f64::from(rows) * self.row_height.get()
    }

    /// The box has been scrolled.
    pub(crate) fn scrolled(self) {
        if let Some(node) = self.node.get_untracked() {
            self.look(&node, self.row_height.get_untracked());
        }
    }

    /// Goes to the first line.
    pub(crate) fn to_top(self) {
        if let Some(node) = self.node.get_untracked() {
            node.set_scroll_top(0);
            self.measure();
        }
    }

    /// Scrolls just so far that a line is seen whole, under the head.
    pub(crate) fn show(self, line: u32) {
        let Some(node) = self.node.get_untracked() else { return };
        let row_height = self.row_height.get_untracked();
        let top = f64::from(line) * row_height;
        let seen_from = f64::from(node.scroll_top());
        let seen_to = seen_from + f64::from(node.client_height()) - 2.0 * row_height;
        if top < seen_from {
            node.set_scroll_top(top as i32);
        } else if top > seen_to {
            node.set_scroll_top((top - (seen_to - seen_from)) as i32);
        }
    }

    fn measure(self) {
        let Some(node) = self.node.get_untracked() else { return };
        let height = css_pixels(&node, "--row-h").unwrap_or(ROW_HEIGHT);
        if (height - self.row_height.get_untracked()).abs() > 0.1 {
            self.row_height.set(height);
        }
        if node.client_width() != self.width.get_untracked() {
            self.width.set(node.client_width());
        }
        self.look(&node, height);
    }

    fn look(self, node: &HtmlElement, row_height: f64) {
        let first = (f64::from(node.scroll_top()).max(0.0) / row_height) as u32;
        let count = (f64::from(node.client_height()) / row_height).ceil() as u32 + 1;
        let now = Seen { first, count };
        if self.seen.get_untracked() != now {
            self.seen.set(now);
        }
    }
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
