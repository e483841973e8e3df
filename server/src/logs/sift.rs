//! What is searched for in a log: hits with the lines around them, or marks in all lines. And the last so many lines of
//! what would be too much.

use std::collections::VecDeque;

use longshore_api::{
    ansi,
    web::log::{FIND_MAX, LogFind, LogLine},
    words::say,
};
use regex::{Regex, RegexBuilder};

use super::frames::Line;
use crate::fault::Fault;

/// An expression may become so large; what people type is a hundredth of it.
const EXPRESSION_MAX: usize = 1024 * 1024;
/// A line shows at most so many marks.
const MARKS_MAX: usize = 50;
/// So many lines at most stand around a hit.
const AROUND_MAX: u8 = 50;
/// Kept lines hold at most so many bytes.
const KEPT_MAX: usize = 2 * 1024 * 1024;

/// Lets lines pass.
pub struct Sift {
    find: Option<Find>,
    found: u64,
}

struct Find {
    regex: Regex,
    /// None: everything passes, with marks.
    around: Option<usize>,
    /// What may yet stand before a hit.
    before: VecDeque<Line>,
    /// So many lines still stand after the last hit.
    after: usize,
    /// Lines were left out since the last that passed.
    gap: bool,
}

impl Sift {
    /// For what is searched for, if anything is.
    ///
    /// # Errors
    /// It is no expression, or too large a one.
    pub fn new(find: Option<&LogFind>) -> Result<Self, Fault> {
        let find = find.filter(|find| !find.text.is_empty()).map(Find::new).transpose()?;
        Ok(Self { find, found: 0 })
    }

    /// Whether lines are left out.
    pub fn chooses(&self) -> bool {
        self.find.as_ref().is_some_and(|find| find.around.is_some())
    }

    /// How many hits there were, where something is searched for.
    pub fn found(&self) -> Option<u64> {
        self.find.as_ref().map(|_| self.found)
    }

    /// Takes a line; what passes goes to `out`.
    pub fn take(&mut self, line: Line, mut out: impl FnMut(LogLine)) {
        let Some(find) = &mut self.find else {
            return out(written(line));
        };
        let marks = find.marks(&line.text);
        self.found += u64::from(!marks.is_empty());
        let Some(around) = find.around else {
            return out(marked(line, marks, false));
        };
        if !marks.is_empty() {
            for line in std::mem::take(&mut find.before) {
                out(marked(line, Vec::new(), std::mem::take(&mut find.gap)));
            }
            out(marked(line, marks, std::mem::take(&mut find.gap)));
            find.after = around;
        } else if find.after > 0 {
            find.after -= 1;
            out(marked(line, marks, false));
        } else {
            find.before.push_back(line);
            if find.before.len() > around {
                find.before.pop_front();
                find.gap = true;
            }
        }
    }
}

impl Find {
    fn new(find: &LogFind) -> Result<Self, Fault> {
        if find.text.chars().count() > FIND_MAX {
            return Err(Fault::bad_request(say::log_find_too_long(FIND_MAX)).at("find"));
        }
        let expression = if find.regex { find.text.clone() } else { regex::escape(&find.text) };
        // As people search: an upper case letter means itself, else case does not matter.
        let careless = !find.text.chars().any(char::is_uppercase);
        let regex = RegexBuilder::new(&expression)
            .case_insensitive(careless)
            .size_limit(EXPRESSION_MAX)
            .dfa_size_limit(EXPRESSION_MAX)
            .build()
            .map_err(|why| {
                let sentence = match why {
                    regex::Error::CompiledTooBig(_) => say::log_expression_too_large(),
                    _ => say::log_expression_invalid(reason(&why.to_string())),
                };
                Fault::bad_request(sentence).at("find")
            })?;
        let around = find.around.map(|around| usize::from(around.min(AROUND_MAX)));
        Ok(Self { regex, around, before: VecDeque::new(), after: 0, gap: false })
    }

    /// Where the hits are. An empty hit is one, and marks nothing that is seen.
    fn marks(&self, text: &str) -> Vec<(u32, u32)> {
        let plain = ansi::plain(text);
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.regex
            .find_iter(&plain)
            .take(MARKS_MAX)
            .map(|hit| (place(hit.start()), place(hit.end())))
            .collect()
    }
}

/// The last line of what the expression's reader says: the others draw where.
fn reason(why: &str) -> String {
    let last = why.lines().last().unwrap_or_default();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

fn written(line: Line) -> LogLine {
    marked(line, Vec::new(), false)
}

fn marked(line: Line, marks: Vec<(u32, u32)>, after_gap: bool) -> LogLine {
    let flag = |is: bool, flag: u8| if is { flag } else { 0 };
    let flags = flag(line.stderr, LogLine::STDERR)
        | flag(line.cut, LogLine::CUT)
        | flag(!marks.is_empty(), LogLine::HIT)
        | flag(after_gap, LogLine::BREAK);
    LogLine { at: line.at, flags, text: line.text, marks }
}

/// The last so many lines.
pub struct Last {
    lines: VecDeque<LogLine>,
    max: usize,
    bytes: usize,
    /// How many were let go.
    pub gone: u64,
}

impl Last {
    /// At most `max` lines.
    pub fn new(max: usize) -> Self {
        Self { lines: VecDeque::new(), max, bytes: 0, gone: 0 }
    }

    /// Takes one more.
    pub fn take(&mut self, line: LogLine) {
        self.bytes += line.text.len();
        self.lines.push_back(line);
        while self.lines.len() > self.max || self.bytes > KEPT_MAX {
            let Some(line) = self.lines.pop_front() else { break };
            self.bytes -= line.text.len();
            self.gone += 1;
        }
    }

    /// Whether more than the last were there, or just as many.
    pub fn is_full(&self) -> bool {
        self.gone > 0 || self.lines.len() >= self.max
    }

    /// The lines.
    pub fn into_lines(self) -> VecDeque<LogLine> {
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str, regex: bool, around: Option<u8>) -> LogFind {
        LogFind { text: text.to_owned(), regex, around }
    }

    /// What passes of lines 0, 1, 2…: the text, and whether lines before it were left out.
    fn passes(find: &LogFind, lines: &[&str]) -> Vec<(String, bool)> {
        let (mut sift, mut all) = (Sift::new(Some(find)).unwrap(), Vec::new());
        for text in lines {
            let line = Line { text: (*text).to_owned(), ..Line::default() };
            sift.take(line, |line| all.push((line.text.clone(), line.is(LogLine::BREAK))));
        }
        all
    }

    #[test]
    fn hits_stand_between_their_neighbours_once() {
        let lines = ["a", "b", "hit", "c", "d", "e", "hit 2", "hit 3", "f", "g", "h", "i", "hit 4"];
        let shown = |around| {
            let all = passes(&find("hit", false, Some(around)), &lines);
            all.iter()
                .map(|(text, gap)| format!("{}{text}", if *gap { "|" } else { "" }))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(shown(0), "|hit |hit 2 hit 3 |hit 4");
        assert_eq!(shown(1), "|b hit c |e hit 2 hit 3 f |i hit 4");
        assert_eq!(shown(3), "a b hit c d e hit 2 hit 3 f g h i hit 4");
    }

    #[test]
    fn colours_do_not_hide_a_hit_and_case_matters_only_where_it_is_typed() {
        let mut sift = Sift::new(Some(&find("ready", false, None))).unwrap();
        let mut marks = Vec::new();
        for text in ["\x1b[1mRe\x1b[32mady\x1b[0m in 5", "no"] {
            sift.take(Line { text: text.to_owned(), ..Line::default() }, |line| marks.push(line.marks));
        }
        assert_eq!((marks, sift.found()), (vec![vec![(0, 5)], vec![]], Some(1)));
        assert_eq!(passes(&find("Ready", false, Some(0)), &["ready", "Ready"]).len(), 1);
        assert_eq!(passes(&find("a.c", false, Some(0)), &["abc", "a.c"]).len(), 1);
        assert_eq!(passes(&find("^a.c$", true, Some(0)), &["abc", "a.c", "abcd"]).len(), 2);
    }

    #[test]
    fn what_is_no_expression_is_refused_with_the_reason() {
        let refused =
            |text: &str| Sift::new(Some(&find(text, true, None))).err().map(|fault| fault.to_string());
        assert!(refused("(a").is_some());
        assert!(refused("(\\w{100}){100}").is_some());
        assert!(refused(&"a".repeat(FIND_MAX + 1)).is_some());
        assert_eq!(refused("a|b"), None);
    }

    #[test]
    fn the_last_lines_are_kept() {
        let mut last = Last::new(2);
        for at in 0..5 {
            last.take(LogLine { at, ..LogLine::default() });
        }
        assert_eq!(last.gone, 3);
        assert_eq!(last.into_lines().iter().map(|line| line.at).collect::<Vec<_>>(), [3, 4]);
        let mut heavy = Last::new(1_000);
        for at in 0..3 {
            heavy.take(LogLine { at, text: "x".repeat(KEPT_MAX / 2), ..LogLine::default() });
        }
        assert_eq!(heavy.gone, 1);
    }
}
