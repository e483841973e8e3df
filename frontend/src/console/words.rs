//! A command line taken apart as a shell does it, without anything that only a shell can do.

/// Program and arguments: parted by spaces, held together by quotes and backslashes.
pub(crate) fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(q), letter) if letter == q => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => {
                if let Some(next) = letters.next() {
                    word.get_or_insert_default().push(next);
                }
            }
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_hold_together() {
        assert_eq!(split("  ls  -l /tmp "), ["ls", "-l", "/tmp"]);
        assert_eq!(split(r#"sh -c "echo 'a b'; exit" x"#), ["sh", "-c", "echo 'a b'; exit", "x"]);
        assert_eq!(split(r#"echo 'a\b' a\ b "a\"b" '' "#), ["echo", r"a\b", "a b", "a\"b", ""]);
        assert_eq!(split("psql 'open"), ["psql", "open"]);
        assert!(split("   ").is_empty());
    }
}
