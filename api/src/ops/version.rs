//! Versions of the Docker Engine API, as in the path prefix `/v1.41/`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// A version of the Docker Engine API. Ordered by number: 1.9 is older than 1.41.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApiVersion {
    /// 1 in every version so far.
    pub major: u16,
    /// 41 in 1.41.
    pub minor: u16,
}

impl ApiVersion {
    /// The oldest prefix accepted. Older ones change what a call means: below it, a start could carry a new host
    /// configuration.
    pub const OLDEST: Self = Self::new(1, 24);

    /// The newest version that the operation table was checked against. Engines may be newer.
    pub const NEWEST: Self = Self::new(1, 55);

    /// The version `major.minor`.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The text is not `MAJOR.MINOR` in plain decimal numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidApiVersion;

impl fmt::Display for InvalidApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an API version is two numbers with a dot between them, like 1.41")
    }
}

impl std::error::Error for InvalidApiVersion {}

impl FromStr for ApiVersion {
    type Err = InvalidApiVersion;

    /// Reads `1.41`. One spelling per version: no sign, no leading zero, no third number, no space.
    fn from_str(text: &str) -> Result<Self, InvalidApiVersion> {
        let (major, minor) = text.split_once('.').ok_or(InvalidApiVersion)?;
        Ok(Self { major: number(major)?, minor: number(minor)? })
    }
}

fn number(text: &str) -> Result<u16, InvalidApiVersion> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
    if plain { text.parse().map_err(|_| InvalidApiVersion) } else { Err(InvalidApiVersion) }
}

impl Serialize for ApiVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ApiVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_per_version() {
        for good in ["1.24", "1.41", "1.9", "2.0", "10.100"] {
            assert_eq!(good.parse::<ApiVersion>().unwrap().to_string(), good);
        }
        for bad in
            ["", "1", "1.", ".41", "1.41.0", "01.41", "1.041", "+1.41", "1.+41", "1.41 ", "1.99999", "a.b"]
        {
            assert_eq!(bad.parse::<ApiVersion>(), Err(InvalidApiVersion), "{bad:?}");
        }
    }

    #[test]
    fn ordered_by_number_and_written_as_text() {
        assert!(ApiVersion::new(1, 9) < ApiVersion::OLDEST && ApiVersion::OLDEST < ApiVersion::NEWEST);
        let version: ApiVersion = serde_json::from_str("\"1.41\"").unwrap();
        assert_eq!(serde_json::to_string(&version).unwrap(), "\"1.41\"");
        assert!(serde_json::from_str::<ApiVersion>("\"1.4x\"").is_err());
    }
}
