//! What names and passwords must be.

use std::sync::LazyLock;

use longshore_api::web::account::{NAME_MAX, PASSWORD_MAX, PASSWORD_MIN};
use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

use super::AccountError;

/// Names are compared without regard to case, and to how a letter with its marks is put into bytes.
pub(super) fn fold(name: &str) -> String {
    let normal: String = name.trim().nfc().collect();
    normal.to_lowercase().nfc().collect()
}

/// As names were compared before they were normalised.
pub(super) fn fold_as_written(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Scripts with letters that look like letters of another one of them.
static ALIKE: LazyLock<[Regex; 7]> = LazyLock::new(|| {
    let script = |name: &str| Regex::new(&format!(r"\p{{Script={name}}}")).expect("a script of Unicode");
    ["Latin", "Greek", "Cyrillic", "Armenian", "Cherokee", "Coptic", "Lisu"].map(script)
});

/// Whether letters of two of those stand in it: `аda` with a Cyrillic first letter looks like `ada`.
fn mixes_scripts(name: &str) -> bool {
    !name.is_ascii() && ALIKE.iter().filter(|script| script.is_match(name)).count() > 1
}

/// A user name, as it is shown and as it is compared.
pub(super) fn check_name(name: &str) -> Result<(String, String), AccountError> {
    let name: String = name.nfc().collect();
    if name.trim().is_empty() {
        return Err(AccountError::NameMissing);
    }
    if name.chars().count() > NAME_MAX {
        return Err(AccountError::NameTooLong);
    }
    let odd = |c: char| {
        // What words of a text may need does nothing in a name but make two of one.
        let within_words = matches!(c, '\u{200c}' | '\u{200d}' | '\u{2800}' | '\u{fe00}'..='\u{fe0f}');
        cannot_be_seen(c) || within_words || (c.is_whitespace() && c != ' ')
    };
    if name.trim() != name || name.chars().any(odd) {
        return Err(AccountError::NameCharacters);
    }
    if mixes_scripts(&name) {
        return Err(AccountError::NameScripts);
    }
    let folded = fold(&name);
    Ok((name, folded))
}

/// What people call something: short, and without what cannot be seen.
pub(super) fn check_label(text: &str) -> Result<(), ()> {
    if text.chars().count() > NAME_MAX || text.chars().any(cannot_be_seen) { Err(()) } else { Ok(()) }
}

/// Whether a character leaves no mark of its own: with one, two names could look the same, or a name be read in another
/// order than it stands. Controls, format characters (Unicode's category Cf) but for the two joiners that scripts and
/// emoji need within a word, fillers, separators of lines.
fn cannot_be_seen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// What pages show of an account: what was given, or its name.
pub(super) fn display_name(given: &str, name: &str) -> Result<String, AccountError> {
    let given = given.trim();
    check_label(given).map_err(|()| AccountError::NameCharacters)?;
    Ok(if given.is_empty() { name } else { given }.to_owned())
}

/// Long beats clever: its length is all that is asked.
pub(super) fn check_password(password: &str) -> Result<(), AccountError> {
    let n = password.chars().count();
    if n < PASSWORD_MIN {
        Err(AccountError::PasswordShort(n))
    } else if password.len() > PASSWORD_MAX {
        Err(AccountError::PasswordLong)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_is_seen() {
        for name in ["ada", "Ada L.", "阿达", "андрей", "ada@example.com", "zoë", "a b"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in
            ["ada\u{200b}", "\u{202e}ada", "a\u{ad}da", "ada\u{2028}x", "\u{feff}ada", "a\tb", "ada\u{3164}"]
        {
            assert!(matches!(check_name(name), Err(AccountError::NameCharacters)), "{name:?}");
            assert!(check_label(name).is_err(), "{name:?}");
        }
        for name in ["аda", "adа", "αda", "аda@example.com", "Ada Петрова", "пαвел"] {
            assert!(matches!(check_name(name), Err(AccountError::NameScripts)), "{name:?}");
        }
        for name in ["阿达 ada", "ada アダ", "ада", "ada 1", "петров-2", "naïve", "ελένη"]
        {
            assert!(check_name(name).is_ok(), "{name}");
        }
        let [one, other] = ["Zoe\u{308}", "ZO\u{cb}"].map(|name| check_name(name).expect("a name"));
        assert_eq!((one.0.as_str(), one.1), ("Zo\u{eb}", other.1));
        for name in ["ada\u{200d}", "ada\u{fe0f}", "a\u{a0}b", "a\u{3000}b"] {
            assert!(matches!(check_name(name), Err(AccountError::NameCharacters)), "{name:?}");
        }
    }
}
