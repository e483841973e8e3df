//! One line as elements: its time, its source, its text with colours and marks.

use js_sys::Date;
use leptos::prelude::document;
use longshore_api::{
    ansi::{self, Colour, Style},
    web::log::LogLine,
};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::HtmlElement;

use crate::clock::full_time;

/// The source of a line, where there are several: which of them, and what it is called.
pub(super) type From<'a> = Option<(usize, &'a str)>;

/// An element with a class.
pub(super) fn element(tag: &str, class: &str) -> HtmlElement {
    let made = document().create_element(tag).expect("the names of our elements are names");
    if !class.is_empty() {
        made.set_class_name(class);
    }
    made.unchecked_into()
}

fn add(parent: &HtmlElement, tag: &str, class: &str, text: &str) -> HtmlElement {
    let child = element(tag, class);
    child.set_text_content(Some(text));
    _ = parent.append_child(&child);
    child
}

/// The milliseconds of a time of the engine's.
pub(super) fn millis(at: i64) -> i64 {
    at.div_euclid(1_000_000)
}

/// The line.
pub(super) fn line(line: &LogLine, from: From<'_>, cut: &str) -> HtmlElement {
    let mut class = "lg".to_owned();
    if line.is(LogLine::STDERR) {
        class += " lg--stderr";
    }
    if line.is(LogLine::BREAK) {
        class += " lg--break";
    }
    let whole = element("div", &class);
    _ = whole.append_child(&time(line.at));
    if let Some((which, name)) = from {
        add(&whole, "span", &format!("lg__s src-{which}"), name);
    }
    let text = element("span", "lg__x");
    coloured(&text, line);
    if line.is(LogLine::CUT) {
        add(&text, "span", "t3", " …").set_title(cut);
    }
    _ = whole.append_child(&text);
    whole
}

fn time(at: i64) -> HtmlElement {
    let time = element("span", "lg__t");
    if at == 0 {
        return time;
    }
    let date = Date::new(&JsValue::from_f64(millis(at) as f64));
    let clock = format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds());
    time.set_text_content(Some(&clock));
    add(&time, "span", "", &format!(".{:03}", date.get_milliseconds()));
    time.set_title(&full_time(millis(at)));
    time
}

/// The text's pieces, each with its look, cut where marks begin and end.
fn coloured(text: &HtmlElement, line: &LogLine) {
    if line.marks.is_empty() && !line.text.bytes().any(|byte| byte < b' ') {
        text.set_text_content(Some(&line.text));
        return;
    }
    let mut at = 0;
    for (style, piece) in ansi::pieces(&line.text) {
        let look = looked(style);
        let parent = look.as_ref().unwrap_or(text);
        for (part, marked) in cut(piece, at, &line.marks) {
            if marked {
                add(parent, "mark", "", part);
            } else {
                _ = parent.append_child(&document().create_text_node(part));
            }
        }
        if let Some(look) = &look {
            _ = text.append_child(look);
        }
        at += piece.len();
    }
}

/// The parts of a piece that begins at `at`, and whether each is marked.
fn cut<'a>(piece: &'a str, at: usize, marks: &[(u32, u32)]) -> Vec<(&'a str, bool)> {
    let mut parts = Vec::new();
    let mut done = 0;
    for (from, until) in marks {
        let within = |place: u32| (place as usize).saturating_sub(at).min(piece.len());
        let (from, until) = (within(*from).max(done), within(*until));
        if until <= from {
            continue;
        }
        // Places of another text than this are no places in it.
        let (Some(before), Some(marked)) = (piece.get(done..from), piece.get(from..until)) else { continue };
        if !before.is_empty() {
            parts.push((before, false));
        }
        parts.push((marked, true));
        done = until;
    }
    if let Some(rest) = piece.get(done..).filter(|rest| !rest.is_empty()) {
        parts.push((rest, false));
    }
    parts
}

/// The element that gives text its look, if it has one.
fn looked(style: Style) -> Option<HtmlElement> {
    if style == Style::default() {
        return None;
    }
    let (text, ground) = if style.inverse { (style.ground, style.text) } else { (style.text, style.ground) };
    let mut classes = Vec::new();
    let mut own = Vec::new();
    match text {
        Some(Colour::Named(code)) => classes.push(format!("a-{}", code % 16)),
        Some(Colour::Rgb(r, g, b)) => own.push(("color", format!("rgb({r} {g} {b})"))),
        None => {}
    }
    match ground {
        Some(Colour::Named(code)) => classes.push(format!("ag-{}", code % 8)),
        Some(Colour::Rgb(r, g, b)) => own.push(("background-color", format!("rgb({r} {g} {b})"))),
        None => {}
    }
    for (is, class) in [
        (style.bold, "a-bold"),
        (style.dim, "a-dim"),
        (style.italic, "a-italic"),
        (style.underline, "a-line"),
        (style.inverse && style.text.is_none() && style.ground.is_none(), "a-inverse"),
    ] {
        if is {
            classes.push(class.to_owned());
        }
    }
    let span = element("span", &classes.join(" "));
    for (property, value) in own {
        _ = span.style().set_property(property, &value);
    }
    Some(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_may_lie_across_pieces() {
        let marks = [(2, 5), (7, 8)];
        assert_eq!(cut("abcd", 0, &marks), [("ab", false), ("cd", true)]);
        assert_eq!(cut("efghij", 4, &marks), [("e", true), ("fg", false), ("h", true), ("ij", false)]);
        assert_eq!(cut("xy", 20, &marks), [("xy", false)]);
        assert_eq!(cut("abc", 0, &[]), [("abc", false)]);
        assert_eq!(cut("容容", 0, &[(1, 2), (3, 6)]), [("容", false), ("容", true)]);
    }
}
