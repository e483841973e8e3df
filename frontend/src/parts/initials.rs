//! A name in a square: its first letters.

/// The first letters of the first two words: `ML`; of a Chinese name its last two characters.
pub(crate) fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.as_slice() {
        [one] if !one.is_ascii() => {
            let characters: Vec<char> = one.chars().collect();
            characters[characters.len().saturating_sub(2)..].iter().collect()
        }
        _ => {
            words.iter().take(2).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_fit_the_name() {
        assert_eq!(initials("Mara Lindqvist"), "ML");
        assert_eq!(initials("root"), "R");
        assert_eq!(initials("王小明"), "小明");
        assert_eq!(initials(""), "");
    }
}
