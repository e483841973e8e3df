//! `.dockerignore`: what of a build's context is no part of it, by the rules that builders have.

use globset::{Glob, GlobBuilder, GlobMatcher};

/// What the file is called.
pub const FILE: &str = ".dockerignore";

/// What is left out of a context. Paths are from the context.
#[derive(Debug, Default)]
pub struct Ignored {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    glob: GlobMatcher,
    /// What it fits is part of the context after all.
    excepts: bool,
}

impl Ignored {
    /// Reads such a file. A line that is no pattern leaves nothing out.
    pub fn read(text: &str) -> Self {
        let lines = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.starts_with('#'));
        Self { rules: lines.filter_map(rule).collect() }
    }

    /// Whether a file is left out: the last rule counts that fits it or a folder above it.
    pub fn has(&self, path: &str) -> bool {
        let mut is = false;
        for rule in &self.rules {
            if is == rule.excepts && upwards(path).any(|path| rule.glob.is_match(path)) {
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

/// A path and the folders above it.
fn upwards(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(above, _)| above))
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
    let glob = if path.is_empty() { return None } else { glob(path)? };
    Some(Rule { glob: glob.compile_matcher(), excepts })
}

/// Braces mean nothing in such a file.
fn glob(pattern: &str) -> Option<Glob> {
    let mut plain = String::with_capacity(pattern.len());
    let mut escaped = false;
    for c in pattern.chars() {
        if !escaped && matches!(c, '{' | '}') {
            plain.push('\\');
        }
        escaped = c == '\\' && !escaped;
        plain.push(c);
    }
    GlobBuilder::new(&plain).literal_separator(true).backslash_escape(true).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_builders_leave_out_is_left_out() {
        let ignored = Ignored::read(
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
        let ignored = Ignored::read("*\n!app\napp/secret\n!app/secret/not.txt\n");
        assert!(ignored.has("compose.yaml") && ignored.has("app/secret/key"));
        assert!(!ignored.has("app/main.c") && !ignored.has("app/secret/not.txt"));
        // An exception may bring something back from anywhere.
        assert!(!ignored.has_all_of("app/secret") && Ignored::read("a\n").has_all_of("a/b"));
        assert!(!Ignored::default().has("a") && !Ignored::read("\n!\n!a\n").has("a"));
    }
}
