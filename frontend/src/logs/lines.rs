//! The lines that are shown, in the page and in memory: oldest first, never more than so many. Whoever reads keeps the
//! line they read where it is, whatever comes and goes above it.

use std::collections::VecDeque;

use leptos::prelude::document;
use longshore_api::{
    sentence::Sentence,
    web::log::{LogLine, LogPlace},
};
use web_sys::{Element, HtmlElement, Node};

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
        /// The engine's own words for it.
        engine: Option<String>,
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
    /// The element of the hit that is looked at.
    at: Option<HtmlElement>,
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
        self.at = None;
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
    /// front: the sources that have lost lines.
    pub(super) fn append(
        &mut self,
        mut new: Vec<(usize, Item)>,
        sorted: bool,
        make: &impl Make,
    ) -> Vec<usize> {
        let Some(body) = self.body.clone() else { return Vec::new() };
        if sorted {
            new.sort_by_key(|(_, item)| item.at());
        }
        // Those that would go again at once are not made.
        let mut lost: Vec<usize> =
            new.drain(..new.len().saturating_sub(LINES_MAX)).map(|(source, _)| source).collect();
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
                lost.push(gone.source);
            }
        }
        lost
    }

    /// Adds older ones at the front, oldest first. What is too much goes at the end; whether anything did.
    pub(super) fn prepend(&mut self, old: Vec<(usize, LogLine)>, make: &impl Make) -> bool {
        let Some(body) = self.body.clone() else { return false };
        let fragment = document().create_document_fragment();
        let mut front = VecDeque::with_capacity(old.len());
        for (source, line) in old {
            let item = Item::Line(line);
            let element = make.make(source, &item);
            _ = fragment.append_child(&element);
            front.push_back(Held { source, item, element });
        }
        _ = body.insert_before(&fragment, body.first_child().as_ref());
        front.append(&mut self.held);
        self.held = front;
        let cut = self.held.len() > LINES_MAX;
        for gone in self.held.drain(LINES_MAX.min(self.held.len())..) {
            gone.element.remove();
        }
        cut
    }

    /// Takes away what is older than a time, so that nothing is missing from the first line on: the sources that have lost
    /// lines.
    pub(super) fn begin_at(&mut self, at: i64) -> Vec<usize> {
        let mut lost = Vec::new();
        while self.held.front().is_some_and(|first| first.item.at() < at) {
            if let Some(gone) = self.held.pop_front() {
                gone.element.remove();
                lost.push(gone.source);
            }
        }
        lost
    }

    /// The time of the oldest line, of one source or of all.
    pub(super) fn oldest(&self, source: Option<usize>) -> Option<i64> {
        let of = |held: &&Held| {
            matches!(held.item, Item::Line(_)) && source.is_none_or(|source| held.source == source)
        };
        self.held.iter().find(of).map(|held| held.item.at())
    }

    /// The place behind the last line of a source; where it has none, behind the time of the last line of all.
    pub(super) fn place(&self, source: usize) -> Option<LogPlace> {
        let mut own = self.held.iter().rev().filter_map(|held| match &held.item {
            Item::Line(line) if held.source == source => Some(line.at),
            _ => None,
        });
        match own.next() {
            Some(at) => {
                let more = own.take_while(|other| *other == at).count();
                Some(LogPlace { at, nth: 1 + u32::try_from(more).unwrap_or(0) })
            }
            None => self.held.back().map(|last| LogPlace { at: last.item.at(), nth: 0 }),
        }
    }

    /// Whether the last that a source had to say was just this.
    pub(super) fn has_just_said(&self, source: usize, what: &Sentence) -> bool {
        let last = self.held.iter().rev().find(|held| held.source == source);
        last.is_some_and(|held| matches!(&held.item, Item::Note { what: said, .. } if said == what))
    }

    /// Goes to the next hit below or above the one that is looked at.
    pub(super) fn next_hit(&mut self, below: bool) {
        let hits: Vec<&Held> = self
            .held
            .iter()
            .filter(|held| matches!(&held.item, Item::Line(line) if line.is(LogLine::HIT)))
            .collect();
        let Some(last) = hits.len().checked_sub(1) else { return };
        let now = self.at.as_ref().and_then(|at| hits.iter().position(|hit| hit.element == *at));
        let next = match (now, below) {
            (Some(now), true) => {
                if now == last {
                    0
                } else {
                    now + 1
                }
            }
            (Some(now), false) => now.checked_sub(1).unwrap_or(last),
            (None, _) => last,
        };
        let element = hits[next].element.clone();
        if let Some(before) = self.at.replace(element.clone()) {
            _ = before.class_list().remove_1("is-at");
        }
        _ = element.class_list().add_1("is-at");
        let how = web_sys::ScrollIntoViewOptions::new();
        how.set_block(web_sys::ScrollLogicalPosition::Center);
        element.scroll_into_view_with_scroll_into_view_options(&how);
    }

    /// Unfolds the line of JSON that a click was on, or folds it again.
    pub(super) fn flip(&self, clicked: &Element) {
        let Ok(Some(button)) = clicked.closest(".lg__fold") else { return };
        let button: &Node = &button;
        let Some(held) = self.held.iter().find(|held| held.element.contains(Some(button))) else { return };
        let Item::Line(line) = &held.item else { return };
        let open = held.element.query_selector(".lg__tree").ok().flatten();
        let opens = open.is_none();
        match open {
            Some(tree) => tree.remove(),
            None => {
                if let Some(tree) = line::tree(&line.text) {
                    _ = held.element.append_child(&tree);
                }
            }
        }
        if let Ok(Some(button)) = clicked.closest(".lg__fold") {
            _ = button.set_attribute("aria-expanded", if opens { "true" } else { "false" });
        }
    }

    /// Pixels above what is seen.
    pub(super) fn above(&self) -> i32 {
        self.body.as_ref().map_or(0, |body| body.scroll_top())
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
    pub(super) fn show_end(&self) {
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

/// A note as an element, with the engine's own words where it was the engine that spoke.
pub(super) fn note(mark: &str, what: &str, engine: Option<&str>) -> HtmlElement {
    let whole = line::element("div", "lg__note");
    whole.set_attribute("data-note", mark).expect("the name of our attribute is a name");
    let dot = line::element("span", &format!("lg__dot c-{mark}"));
    _ = whole.append_child(&dot);
    let text = line::element("span", "");
    text.set_text_content(Some(what));
    _ = whole.append_child(&text);
    if let Some(words) = engine {
        let said = line::element("q", "lg__said mono");
        said.set_text_content(Some(words));
        _ = whole.append_child(&said);
    }
    whole
}
