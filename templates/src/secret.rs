//! Passwords and keys, made of random bytes that the caller brings.

use serde::{Deserialize, Serialize};

/// The characters of which a secret is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alphabet {
    /// Letters and digits: safe in addresses, shells and files.
    #[default]
    Alphanumeric,
    /// `0` to `9` and `a` to `f`.
    Hex,
    /// Digits.
    Digits,
    /// Letters, digits and `-_.`, at least one of each, for those who count kinds of characters.
    Mixed,
}

impl Alphabet {
    /// All of them, by their words in a file.
    pub const ALL: [(&'static str, Self); 4] = [
        ("alphanumeric", Self::Alphanumeric),
        ("hex", Self::Hex),
        ("digits", Self::Digits),
        ("mixed", Self::Mixed),
    ];

    fn letters(self) -> &'static [u8] {
        match self {
            Self::Alphanumeric => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            Self::Hex => b"0123456789abcdef",
            Self::Digits => b"0123456789",
            Self::Mixed => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.",
        }
    }

    fn suits(self, secret: &[u8]) -> bool {
        let any = |kind: fn(&u8) -> bool| secret.iter().any(kind);
        self != Self::Mixed
            || secret.len() < 4
            || (any(u8::is_ascii_lowercase)
                && any(u8::is_ascii_uppercase)
                && any(u8::is_ascii_digit)
                && any(u8::is_ascii_punctuation)
                // Some take what begins with `-` for an option.
                && secret[0].is_ascii_alphanumeric())
    }
}

/// How many characters a secret may have.
pub const LENGTHS: std::ops::RangeInclusive<usize> = 8..=256;

/// A secret. Every character is as likely as the others: bytes that would tilt it are thrown away.
pub fn make(length: usize, alphabet: Alphabet, random: &mut dyn FnMut(&mut [u8])) -> String {
    let letters = alphabet.letters();
    let fair = 256 - 256 % letters.len();
    let mut tries = 0;
    loop {
        tries += 1;
        let mut secret = Vec::with_capacity(length);
        while secret.len() < length {
            let mut bytes = [0; 64];
            random(&mut bytes);
            let usable = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
            secret.extend(usable.map(|byte| letters[byte % letters.len()]).take(length - secret.len()));
        }
        // One in a few does not suit. Bytes that are not random at all never do, and must not hold up whoever brings them.
        if alphabet.suits(&secret) || tries == 1_000 {
            return secret.into_iter().map(char::from).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_of_their_alphabet_and_none_is_likelier() {
        let mut state = 1_u32;
        let mut random = |bytes: &mut [u8]| {
            for byte in bytes {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *byte = (state >> 24) as u8;
            }
        };
        for (_, alphabet) in Alphabet::ALL {
            let secret = make(40, alphabet, &mut random);
            assert_eq!(secret.len(), 40);
            assert!(secret.bytes().all(|byte| alphabet.letters().contains(&byte)), "{secret}");
            assert!(alphabet.suits(secret.as_bytes()), "{secret}");
            assert_ne!(secret, make(40, alphabet, &mut random));
        }
        // 250 to 255 would make the first six digits likelier.
        let mut first = true;
        let mut biased = |bytes: &mut [u8]| {
            bytes.fill(if std::mem::take(&mut first) { 255 } else { 7 });
        };
        assert_eq!(make(8, Alphabet::Digits, &mut biased), "77777777");
    }
}
