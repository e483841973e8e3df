//! Which keys lead to a place, told from the indents above it.

/// A step on the way to a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Beneath a key.
    Key(String),
    /// In a list.
    Item,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The way to the map or list that the place is in.
    pub steps: Vec<Step>,
    /// The key whose value is being written; nothing, if a key is, or an item.
    pub key: Option<String>,
    /// What is written of the word.
    pub word: String,
    /// The column, from 1, where it begins.
    pub from: u32,
    /// The keys that are there beside it.
    pub beside: Vec<String>,
}

/// A line: where its first word begins, whether that is an item of a list, and its key.
struct Line<'a> {
    /// The column of the dash, or of the first word.
    indent: usize,
    /// The column of the first word after the dashes.
    content: usize,
    /// How many dashes stand before it.
    dashes: usize,
    /// The key, if there is one, and what follows its colon.
    key: Option<(&'a str, &'a str)>,
    /// What stands after the dashes.
    rest: &'a str,
}

impl<'a> Line<'a> {
    /// Nothing, if nothing is written on it but spaces or a comment.
    fn read(line: &'a str) -> Option<Self> {
        let trimmed = line.trim_start_matches(' ');
        let indent = line.len() - trimmed.len();
        if trimmed.trim().is_empty() || trimmed.starts_with('#') {
            return None;
        }
        let (mut rest, mut content, mut dashes) = (trimmed, indent, 0);
        while let Some(after) =
            rest.strip_prefix("- ").or_else(|| rest.strip_prefix('-').filter(|rest| rest.is_empty()))
        {
            let inner = after.trim_start_matches(' ');
            content += rest.len() - inner.len();
            (rest, dashes) = (inner, dashes + 1);
        }
        let colon = rest.find(": ").or_else(|| rest.trim_end().strip_suffix(':').map(str::len));
        let key = colon.map(|at| (rest[..at].trim().trim_matches(['"', '\'']), rest[at + 1..].trim()));
        Some(Self { indent, content, dashes, key: key.filter(|(key, _)| !key.contains(['{', '['])), rest })
    }
}

impl Position {
    /// The position at a place. Nothing in comments, in texts of several lines, and within `{}` and `[]`.
    pub fn find(text: &str, line: u32, column: u32) -> Option<Self> {
        let lines: Vec<&str> = text.lines().collect();
        let number = usize::try_from(line).ok()?.checked_sub(1)?;
        let whole = lines.get(number).copied().unwrap_or_default();
        let before: String = whole.chars().take(usize::try_from(column).ok()?.checked_sub(1)?).collect();
        if before.contains(['#', '{', '[']) {
            return None;
        }
        let read = Line::read(&before);
        let (mut limit, mut dash, dashes, key, word) = match &read {
            Some(line) => match line.key {
                Some((key, value)) => (line.content, line.indent, line.dashes, Some(key.to_owned()), value),
                None => (line.content, line.indent, line.dashes, None, line.rest),
            },
            None => (before.len(), before.len(), 0, None, ""),
        };
        let word = word.trim_matches(['"', '\'']).to_owned();
        let from = u32::try_from(before.chars().count() - word.chars().count() + 1).ok()?;
        let mut beside = beside(&lines, number, limit);
        // From the inside out, and turned round at the end.
        let mut steps = vec![Step::Item; dashes];
        let mut in_list = dashes > 0;
        for line in lines[..number.min(lines.len())].iter().rev().filter_map(|line| Line::read(line)) {
            // The key of a list may stand at the indent of its dashes.
            let of_list = in_list && line.dashes == 0 && line.indent == dash;
            if line.dashes > 0 && line.content == limit && line.indent < limit && !in_list {
                // An earlier key of the same item.
                beside.extend(line.key.map(|(key, _)| key.to_owned()));
                steps.extend(vec![Step::Item; line.dashes]);
                (dash, in_list) = (line.indent, true);
                continue;
            }
            let parent = if in_list { line.content < dash || of_list } else { line.content < limit };
            if !parent {
                continue;
            }
            let (key, value) = line.key?;
            if value.starts_with(['|', '>']) {
                return None;
            }
            steps.push(Step::Key(key.to_owned()));
            steps.extend(vec![Step::Item; line.dashes]);
            (limit, dash, in_list) = (line.content, line.indent, line.dashes > 0);
        }
        steps.reverse();
        Some(Self { steps, key, word, from, beside })
    }
}

/// The keys of the map around a line, which has this indent.
fn beside(lines: &[&str], number: usize, indent: usize) -> Vec<String> {
    let around = |line: &&&str| Line::read(line).is_none_or(|line| line.content >= indent);
    let key = |line: &&str| {
        let line = Line::read(line)?;
        (line.content == indent && line.dashes == 0).then(|| line.key.map(|(key, _)| key.to_owned()))?
    };
    let number = number.min(lines.len());
    let above = lines[..number].iter().rev().take_while(around).filter_map(key);
    let below = lines[number..].iter().skip(1).take_while(around).filter_map(key);
    above.chain(below).collect()
}
