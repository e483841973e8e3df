//! What a file defines, told from its indents.

use crate::problem::Thing;

/// The names that stand beneath one of the keys at the top.
pub fn names(text: &str, thing: Thing) -> Vec<String> {
    let top = format!("{}:", thing.key());
    let mut names = Vec::new();
    let mut indent = None;
    let mut inside = false;
    for line in text.lines() {
        let trimmed = line.trim_start_matches(' ');
        if trimmed.trim().is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let depth = line.len() - trimmed.len();
        if depth == 0 {
            inside = line.trim_end() == top;
            indent = None;
            continue;
        }
        if inside
            && *indent.get_or_insert(depth) == depth
            && let Some((name, _)) = trimmed.split_once(':')
        {
            names.push(name.trim().trim_matches(['"', '\'']).to_owned());
        }
    }
    names
}
