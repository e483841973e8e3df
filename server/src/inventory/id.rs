//! The id of a container, known to be one: what an engine sends as such goes into paths of calls and of files.

use std::{fmt, str::FromStr};

/// Exactly 64 lower case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EngineId([u8; 32]);

/// A text that is no full id.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id has 64 lower case hexadecimal digits")]
pub struct NoEngineId;

impl EngineId {
    /// The first twelve digits: what stands for a name where there is none.
    pub fn short(self) -> String {
        let mut text = self.to_string();
        text.truncate(12);
        text
    }
}

impl FromStr for EngineId {
    type Err = NoEngineId;

    fn from_str(text: &str) -> Result<Self, NoEngineId> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(NoEngineId),
        };
        if text.len() != 64 {
            return Err(NoEngineId);
        }
        let mut id = [0; 32];
        for (place, pair) in id.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *place = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(id))
    }
}

impl fmt::Display for EngineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for EngineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_full_id_is_one() {
        let id = "904ad7e91af97850df7b63898b05c479d4f8c9a837e80b7697388c72852e71ac";
        let parsed: EngineId = id.parse().expect("an id");
        assert_eq!(parsed.to_string(), id);
        assert_eq!(parsed.short(), "904ad7e91af9");
        for bad in ["", "904ad7e91af9", &id.to_uppercase(), &"é".repeat(32), &format!("../{}", &id[3..])] {
            assert_eq!(bad.parse::<EngineId>(), Err(NoEngineId), "{bad}");
        }
    }
}
