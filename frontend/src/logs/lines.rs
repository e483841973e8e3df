//! The lines that are shown, in the page and in memory: oldest first, never more than so many. Whoever reads keeps the
//! line they read where it is, whatever comes and goes above it.

use std::collections::VecDeque;

use leptos::prelude::document;
use longshore_api::{sentence::Sentence, web::log::LogLine};
use web_sys::{Element, HtmlElement};

use super::line;

/// So many lines are in memory and in the page.
pub(super) const LINES_MAX: usize = 2_000;
/// The end counts as reached so near it, pixels.
const AT_END: i32 = 6;

/// What stands in the list.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// A line.
    Line(LogLine),
    /// What happened between lines; the mark is the name of an icon of states.
    Note {
        /// When, as the engine tells time; where it is not known, that of the line before.
        at: i64,
        /// The mark before it.
        mark: &'static str,
        /// What happened.
        what: Sentence,
    },
}

impl Item {
    /// When.
    pub(super) fn at(&self) -> i64 {
        match self {
            Self::Line(line) => line.at,
            Self::Note { at, .. } => *at,
        }
    }
}

/// One of them with its element.
struct Held {
    source: usize,
    item: Item,
    element: HtmlElement,
}

/// How the elements are made.
pub(super) trait Make {
    /// The element of an item.
    fn make(&self, source: usize, item: &Item) -> HtmlElement;
}

/// The list.
#[derive(Default)]
pub(super) struct Lines {
    held: VecDeque<Held>,
    body: Option<HtmlElement>,
}

impl Lines {
    /// The element that they stand in, and that scrolls.
    pub(super) fn stand_in(&mut self, body: HtmlElement) {
        self.body = Some(body);
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    /// Takes all of them away.
    pub(super) fn clear(&mut self) {
        self.held.clear();
        if let Some(body) = &self.body {
            body.set_text_content(None);
        }
    }

    /// Makes all elements anew: the language is another.
    pub(super) fn make_again(&mut self, make: &impl Make) {
        for held in &mut self.held {
            let element = make.make(held.source, &held.item);
            _ = held.element.replace_with_with_node_1(&element);
            held.element = element;
        }
    }

    /// Adds new ones at the end, in the order of their times where there are several sources. What is too much goes at the
    /// front.
    pub(super) fn append(&mut self, mut new: Vec<(usize, Item)>, sorted: bool, make: &impl Make) {
        let Some(body) = self.body.clone() else { return };
        if sorted {
            new.sort_by_key(|(_, item)| item.at());
        }
        // Those that would go again at once are not made.
        new.drain(..new.len().saturating_sub(LINES_MAX));
        let fragment = document().create_document_fragment();
        let mut tail = VecDeque::new();
        for (source, item) in new {
            let at = item.at();
            let element = make.make(source, &item);
            let held = Held { source, item, element };
            let late = sorted && tail.is_empty() && self.held.back().is_some_and(|last| last.item.at() > at);
            if late {
                let place = self.held.partition_point(|one| one.item.at() <= at);
                _ = body.insert_before(&held.element, Some(&self.held[place].element));
                self.held.insert(place, held);
            } else {
                _ = fragment.append_child(&held.element);
                tail.push_back(held);
            }
        }
        _ = body.append_child(&fragment);
        self.held.append(&mut tail);
        while self.held.len() > LINES_MAX {
            if let Some(gone) = self.held.pop_front() {
                gone.element.remove();
            }
        }
    }

    /// The texts of all lines, as they were written.
    pub(super) fn texts(&self) -> String {
        let mut all = String::new();
        for held in &self.held {
            if let Item::Line(line) = &held.item {
                all.push_str(&longshore_api::ansi::plain(&line.text));
                all.push('\n');
            }
        }
        all
    }

    /// Goes to the newest line.
    pub(super) fn to_end(&self) {
        if let Some(body) = &self.body {
            body.set_scroll_top(body.scroll_height());
        }
    }

    /// Pixels below what is seen.
    pub(super) fn below(&self) -> i32 {
        self.body.as_ref().map_or(0, |body| body.scroll_height() - body.scroll_top() - body.client_height())
    }

    /// Whether the newest line is seen.
    pub(super) fn is_at_end(&self) -> bool {
        self.below() <= AT_END
    }

    /// The height of what is seen.
    pub(super) fn height(&self) -> i32 {
        self.body.as_ref().map_or(0, |body| body.client_height())
    }

    /// Changes the list and keeps the first line that is seen where it is.
    pub(super) fn steady(&mut self, change: impl FnOnce(&mut Self)) {
        let anchor = self.first_seen().map(|element| {
            let top = element.get_bounding_client_rect().top();
            (element, top)
        });
        change(self);
        if let (Some((element, before)), Some(body)) = (anchor, &self.body)
            && element.is_connected()
        {
            let moved = element.get_bounding_client_rect().top() - before;
            if moved.abs() >= 1.0 {
                body.set_scroll_top(body.scroll_top() + moved.round() as i32);
            }
        }
    }

    fn first_seen(&self) -> Option<Element> {
        let body = self.body.as_ref()?;
        let top = body.get_bounding_client_rect().top();
        let at = self.held.partition_point(|held| held.element.get_bounding_client_rect().bottom() <= top);
        self.held.get(at).map(|held| held.element.clone().into())
    }
}

/// A note as an element.
pub(super) fn note(mark: &str, what: &str) -> HtmlElement {
    let whole = line::element("div", "lg__note");
    whole.set_attribute("data-note", mark).expect("the name of our attribute is a name");
    let dot = line::element("span", &format!("lg__dot c-{mark}"));
    _ = whole.append_child(&dot);
    let text = line::element("span", "");
    text.set_text_content(Some(what));
    _ = whole.append_child(&text);
    whole
}
