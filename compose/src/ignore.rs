//! `.dockerignore`: what of a build's context is no part of it, by the rules that builders have.

use std::str::Chars;

/// What the file is called.
pub const FILE: &str = ".dockerignore";

/// So many rules one has at most, with so many bytes of patterns: each is asked about each file.
const RULES_MAX: usize = 1000;
const BYTES_MAX: usize = 16 * 1024;
/// A byte of a path is held against each byte of the rules, so often at most.
const WORK_MAX: u64 = 1 << 33;
/// No disk has a longer path.
const PATH_MAX: usize = 4096;

/// What is left out of a context. Paths are from the context.
#[derive(Debug, Default)]
pub struct Ignored {
    rules: Vec<Rule>,
    /// So many bytes have the lines of its rules.
    bytes: usize,
}

#[derive(Debug)]
struct Rule {
    parts: Vec<Part>,
    /// What it fits is part of the context after all.
    excepts: bool,
}

/// What stands between two slashes.
#[derive(Debug)]
enum Part {
    /// `**`: folders, however many.
    Folders,
    Name(Vec<Piece>),
}

#[derive(Debug)]
enum Piece {
    One(char),
    /// `?`
    Any,
    /// `*`
    Many,
    /// `[a-z]` or `[^a-z]`
    Of {
        ranges: Vec<(char, char)>,
        not: bool,
    },
}

impl Ignored {
    /// Reads such a file. A line that is no pattern leaves nothing out. Nothing, if it has more than a person would write:
    /// of a part of the rules something else would be sent.
    pub fn read(text: &str) -> Option<Self> {
        let mut all = Self::default();
        for line in text.trim_start_matches('\u{feff}').lines().filter(|line| !line.starts_with('#')) {
            let Some(rule) = rule(line) else { continue };
            all.bytes += line.trim().len();
            if all.bytes > BYTES_MAX || all.rules.len() == RULES_MAX {
                return None;
            }
            all.rules.push(rule);
        }
        Some(all)
    }

    /// Whether asking about so many bytes of paths takes no longer than a person waits.
    pub fn is_quick(&self, paths: usize) -> bool {
        (paths as u64).saturating_mul(self.bytes as u64) <= WORK_MAX
    }

    /// Whether a file is left out: the last rule counts that fits it or a folder above it.
    pub fn has(&self, path: &str) -> bool {
        if path.len() > PATH_MAX {
            return true;
        }
        let path: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
        let mut is = false;
        for rule in &self.rules {
            if is == rule.excepts && rule.fits(&path) {
                is = !rule.excepts;
            }
        }
        is
    }

    /// Whether nothing beneath a folder can be part of the context.
    pub fn has_all_of(&self, folder: &str) -> bool {
        self.has(folder) && !self.rules.iter().any(|rule| rule.excepts)
    }
}

impl Rule {
    /// Whether it fits a path or a folder above it. Of several `**` only the last is tried anew: what is before it fits as
    /// early as it can.
    fn fits(&self, path: &[&str]) -> bool {
        let (mut part, mut at) = (0, 0);
        let mut again = None;
        loop {
            match (self.parts.get(part), path.get(at)) {
                (None, _) => return true,
                // What is beneath a folder is not the folder.
                (Some(Part::Folders), name) if part + 1 == self.parts.len() => return name.is_some(),
                (Some(Part::Folders), _) => {
                    part += 1;
                    again = Some((part, at));
                }
                (Some(Part::Name(pieces)), Some(name)) if is_called(pieces, name) => {
                    part += 1;
                    at += 1;
                }
                _ => match again {
                    Some((after, from)) if from < path.len() => {
                        (part, at) = (after, from + 1);
                        again = Some((after, from + 1));
                    }
                    _ => return false,
                },
            }
        }
    }
}

/// Whether pieces make up a name. Of several stars only the last is tried anew.
fn is_called(pieces: &[Piece], name: &str) -> bool {
    let (mut piece, mut rest) = (0, name.chars());
    let mut again: Option<(usize, Chars<'_>)> = None;
    loop {
        let mut next = rest.clone();
        match (pieces.get(piece), next.next()) {
            (None, None) => return true,
            (Some(Piece::Many), _) => {
                piece += 1;
                again = Some((piece, rest.clone()));
            }
            (Some(one), Some(c)) if one.is(c) => {
                piece += 1;
                rest = next;
            }
            _ => {
                let Some((after, mut from)) = again.take() else { return false };
                if from.next().is_none() {
                    return false;
                }
                (piece, rest) = (after, from.clone());
                again = Some((after, from));
            }
        }
    }
}

impl Piece {
    fn is(&self, c: char) -> bool {
        match self {
            Self::One(one) => *one == c,
            Self::Any | Self::Many => true,
            Self::Of { ranges, not } => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *not,
        }
    }
}

fn rule(line: &str) -> Option<Rule> {
    let line = line.trim();
    let (excepts, pattern) = match line.strip_prefix('!') {
        Some(rest) => (true, rest.trim()),
        None => (false, line),
    };
    if pattern.is_empty() {
        return None;
    }
    // Patterns start at the context, with or without a slash.
    let path = crate::paths::clean(&format!("/{pattern}"));
    let path = path.trim_start_matches('/');
    if path.is_empty() {
        return None;
    }
    let parts = path.split('/').map(part).collect::<Option<_>>()?;
    Some(Rule { parts, excepts })
}

fn part(text: &str) -> Option<Part> {
    if text == "**" {
        return Some(Part::Folders);
    }
    let mut pieces = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        pieces.push(match c {
            '*' => Piece::Many,
            '?' => Piece::Any,
            '[' => of(&mut rest)?,
            '\\' => Piece::One(rest.next()?),
            c => Piece::One(c),
        });
    }
    Some(Part::Name(pieces))
}

/// What follows `[`, with its end.
fn of(rest: &mut Chars<'_>) -> Option<Piece> {
    let not = rest.as_str().starts_with('^');
    if not {
        rest.next();
    }
    let one = |c: char, rest: &mut Chars<'_>| if c == '\\' { rest.next() } else { Some(c) };
    let mut ranges = Vec::new();
    loop {
        let c = rest.next()?;
        if c == ']' && !ranges.is_empty() {
            return Some(Piece::Of { ranges, not });
        }
        let from = one(c, rest)?;
        let mut to = from;
        if rest.as_str().starts_with('-') && !rest.as_str().starts_with("-]") {
            rest.next();
            let c = rest.next()?;
            to = one(c, rest)?;
        }
        if from > to {
            return None;
        }
        ranges.push((from, to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Ignored {
        Ignored::read(text).expect("within its bounds")
    }

    #[test]
    fn what_builders_leave_out_is_left_out() {
        let ignored = read(
            "\u{feff}# node\nnode_modules\n  /target/  \n*.log\n**/*.tmp\n docs/*.md\n!docs/README.md\na?c\n{x}\n[bad\n#c\n",
        );
        for path in [
            "node_modules",
            "node_modules/a/b.js",
            "target/debug/x",
            "build.log",
            "a.tmp",
            "deep/er/a.tmp",
            "docs/a.md",
            "abc",
            "{x}",
        ] {
            assert!(ignored.has(path), "{path}");
        }
        for path in [
            "src/node_modules",
            "deep/build.log",
            "docs/README.md",
            "docs/a/b.md",
            "Dockerfile",
            "x",
            "[bad",
            "# node",
        ] {
            assert!(!ignored.has(path), "{path}");
        }
    }

    #[test]
    fn the_last_rule_counts_also_beneath_what_is_left_out() {
        let ignored = read("*\n!app\napp/secret\n!app/secret/not.txt\n");
        assert!(ignored.has("compose.yaml") && ignored.has("app/secret/key"));
        assert!(!ignored.has("app/main.c") && !ignored.has("app/secret/not.txt"));
        // An exception may bring something back from anywhere.
        assert!(!ignored.has_all_of("app/secret") && read("a\n").has_all_of("a/b"));
        assert!(!Ignored::default().has("a") && !read("\n!\n!a\n").has("a"));
    }

    #[test]
    fn patterns_are_those_of_builders() {
        for (pattern, fits, others) in [
            ("a/**", "a/b a/b/c", "a ab/c"),
            ("**/a/**/b", "a/b x/a/y/z/b/c", "a b/a"),
            ("**", "a a/b", ""),
            ("*a*b", "ab xaab aab/c", "aba x/ab"),
            ("[a-c]?[^0-9]", "axx b1y", "dxx ax1 ax"),
            ("\\*x\\[", "*x[", "ax["),
            ("文*", "文件 文", "件文"),
            ("[]-]", "] -", "a"),
        ] {
            let ignored = read(pattern);
            for path in fits.split_whitespace() {
                assert!(ignored.has(path), "{pattern} {path}");
            }
            for path in others.split_whitespace() {
                assert!(!ignored.has(path), "{pattern} {path}");
            }
        }
        for bad in ["[a", "[]", "[b-a]", "a\\", "[a/b]"] {
            assert!(read(bad).rules.is_empty(), "{bad}");
        }
    }

    #[test]
    fn nobody_writes_so_many_rules() {
        assert!(Ignored::read(&"a*\n".repeat(350_000)).is_none());
        assert!(Ignored::read(&"?".repeat(600_000)).is_none());
        assert!(read(&"# said\n".repeat(100_000)).has(&"a".repeat(5000)));
    }
}
