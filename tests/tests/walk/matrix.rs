//! The matrix: a line for each operation or route, a column for each role, in it a word for each thing.

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

/// The columns, from nothing to everything: roles on the host, and an administrator everywhere.
pub const ROLES: [&str; 7] =
    ["nobody", "viewer", "operator", "developer", "manager", "administrator", "everywhere"];

/// A group of lines with the same things.
pub struct Section {
    /// What they are about.
    pub title: &'static str,
    /// Whose the things are, in the order of a cell's words.
    pub things: &'static [&'static str],
    /// The lines: name and what is needed.
    pub lines: Vec<(String, String)>,
}

/// What was found on the walk.
#[derive(Default)]
pub struct Matrix {
    words: BTreeMap<(String, &'static str, &'static str), String>,
}

impl Matrix {
    /// The answer to one line, as one role, on one thing.
    pub fn put(&mut self, line: &str, role: &'static str, thing: &'static str, word: String) {
        let before = self.words.insert((line.to_owned(), role, thing), word);
        assert!(before.is_none(), "{line} was walked twice by {role} on {thing}");
    }

    /// Takes in what another part of the walk has found.
    pub fn take(&mut self, other: Self) {
        for ((line, role, thing), word) in other.words {
            self.put(&line, role, thing, word);
        }
    }

    /// Compares with the file of this name, or writes it.
    ///
    /// # Panics
    /// A cell is not as it was reviewed, or was not walked.
    pub fn settle(&self, file: &str, head: &str, sections: &[Section]) {
        let odd: Vec<String> = self
            .words
            .iter()
            .filter(|(_, word)| word.contains(' '))
            .map(|((line, role, thing), word)| format!("{line} as {role} on {thing}: {word}"))
            .collect();
        assert!(odd.is_empty(), "no cell says this:\n{}", odd.join("\n"));
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("matrix").join(file);
        let found = self.render(head, sections);
        if std::env::var("INSTA_UPDATE").is_ok_and(|wish| wish == "always") {
            std::fs::write(&path, found).expect("the matrix can be written");
            return;
        }
        let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
        if found != reviewed {
            let differences = differences(&reviewed, &found).join("\n");
            panic!(
                "tests/matrix/{file} says otherwise (INSTA_UPDATE=always writes it anew, to be read):\n{differences}"
            );
        }
    }

    fn render(&self, head: &str, sections: &[Section]) -> String {
        let mut out = head.to_owned();
        let mut rendered = 0;
        for Section { title, things, lines } in sections {
            let cells = |line: &str| {
                ROLES.map(|role| {
                    let words = things.iter().map(|thing| {
                        let word = self.words.get(&(line.to_owned(), role, *thing));
                        word.unwrap_or_else(|| panic!("{line} was not walked by {role} on {thing}")).as_str()
                    });
                    cell(&words.collect::<Vec<_>>())
                })
            };
            rendered += lines.len() * ROLES.len() * things.len();
            let mut table = vec![
                [vec![title.to_string(), "needs".to_owned()], ROLES.map(str::to_owned).to_vec()].concat(),
            ];
            table.extend(
                lines
                    .iter()
                    .map(|(line, need)| [vec![line.clone(), need.clone()], cells(line).to_vec()].concat()),
            );
            let widths: Vec<usize> = (0..table[0].len())
                .map(|column| table.iter().map(|row| row[column].chars().count()).max().unwrap_or_default())
                .collect();
            writeln!(out, "\n{}", about(things)).expect("a string takes all");
            for row in &table {
                let padded: Vec<String> =
                    row.iter().zip(&widths).map(|(text, width)| format!("{text:<width$}")).collect();
                writeln!(out, "{}", padded.join(" | ").trim_end()).expect("a string takes all");
            }
        }
        assert_eq!(rendered, self.words.len(), "all that was walked stands in the matrix");
        out
    }
}

fn about(things: &[&str]) -> String {
    match things {
        [_] => "# On nothing that somebody owns".to_owned(),
        many => format!("# On: {}", many.join(", ")),
    }
}

/// One word where all are the same.
fn cell(words: &[&str]) -> String {
    if words.windows(2).all(|pair| pair[0] == pair[1]) { words[0].to_owned() } else { words.join(" ") }
}

/// Cell by cell.
fn differences(reviewed: &str, found: &str) -> Vec<String> {
    let rows = |text: &str| -> BTreeMap<String, Vec<String>> {
        let rows = text.lines().filter(|line| line.contains(" | ")).map(|line| {
            let mut cells = line.split('|').map(|cell| cell.trim().to_owned());
            (cells.next().unwrap_or_default(), cells.collect())
        });
        rows.collect()
    };
    let (before, now) = (rows(reviewed), rows(found));
    let mut out = Vec::new();
    for line in before.keys().filter(|line| !now.contains_key(*line)) {
        out.push(format!("{line}: there is no such line any more"));
    }
    for (line, cells) in &now {
        let Some(old) = before.get(line) else {
            out.push(format!("{line}: a new line: {}", cells.join(" | ")));
            continue;
        };
        for (column, (was, is)) in old.iter().zip(cells).enumerate().filter(|(_, (was, is))| was != is) {
            let role = column.checked_sub(1).map_or("needs", |role| ROLES[role]);
            out.push(format!("{line} as {role}: {is}, and not {was}"));
        }
    }
    if out.is_empty() {
        out.push("in its head or its spaces".to_owned());
    }
    out
}
