//! The query, read strictly and built anew.

use super::{
    Operation, RouteError,
    encoding::{Fault, Part, decode, encode},
    error::cut,
};
use std::fmt;

/// No query of a real client is longer, in bytes; build arguments and labels travel in it.
const LONGEST_QUERY: usize = 64 * 1024;

/// The query parameters of a request: only known ones, in the table's spelling, in the order they came.
/// Shown (`to_string`), it is the query to send, without the question mark; empty if there are none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    pairs: Vec<(&'static str, String)>,
}

impl Query {
    /// The value of a parameter; of a list, the first.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter that is read as a list.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(known, _)| *known == key).map(|(_, value)| value.as_str())
    }

    /// A parameter as the engine reads a yes or no: absent, empty, `0`, `no`, `false` and `none` in any case are no,
    /// everything else is yes.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        let value = self.get(key).unwrap_or_default().trim().to_ascii_lowercase();
        !matches!(value.as_str(), "" | "0" | "no" | "false" | "none")
    }

    /// Puts one value in the place of all that the parameter had: the full id of a target that the query names.
    pub fn set(&mut self, key: &'static str, value: String) {
        self.pairs.retain(|(known, _)| *known != key);
        self.pairs.push((key, value));
    }

    /// One more value of a parameter that may have several.
    pub fn add(&mut self, key: &'static str, value: String) {
        self.pairs.push((key, value));
    }

    /// Takes a parameter out, with the value that it had.
    pub fn take(&mut self, key: &str) -> Option<String> {
        let at = self.pairs.iter().position(|(known, _)| *known == key)?;
        Some(self.pairs.remove(at).1)
    }

    /// Whether there are no parameters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (key, value)) in self.pairs.iter().enumerate() {
            if index > 0 {
                f.write_str("&")?;
            }
            encode(f, key, Part::Form)?;
            f.write_str("=")?;
            encode(f, value, Part::Form)?;
        }
        Ok(())
    }
}

/// Reads the query of a call of `operation`: what stands behind the question mark, still encoded.
///
/// # Errors
/// The query is not properly form-encoded, has a zero byte, a parameter that the operation does not read (also one
/// that differs only by case, which some engines take for the real one), or twice one that stands for one value.
pub fn rebuild_query(operation: &Operation, raw_query: Option<&str>) -> Result<Query, RouteError> {
    let raw = raw_query.unwrap_or_default();
    if raw.len() > LONGEST_QUERY {
        return Err(RouteError::TooLong { limit: LONGEST_QUERY });
    }
    let mut query = Query::default();
    for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, value) = (piece(key)?, piece(value)?);
        let Some((known, is_list)) = operation.query.find(&key) else {
            return Err(RouteError::UnknownQuery { key: cut(&key) });
        };
        if !is_list && query.get(known).is_some() {
            return Err(RouteError::RepeatedQuery { key: known });
        }
        query.pairs.push((known, value));
    }
    Ok(query)
}

fn piece(raw: &str) -> Result<String, RouteError> {
    let text = decode(raw, Part::Form).map_err(RouteError::from)?;
    // Other control characters are real: new lines in a commit's message, tabs in a file's name.
    if text.contains('\0') { Err(RouteError::ControlCharacter) } else { Ok(text) }
}

impl From<Fault> for RouteError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Encoding => Self::InvalidEncoding,
            Fault::Utf8 => Self::InvalidUtf8,
        }
    }
}
