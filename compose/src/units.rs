//! Spans of time and sizes, as the specification writes them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value as Json;

/// A span of time in nanoseconds. Written as Go writes it: `1m30s`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub i64);

const UNITS: &[(&str, i64)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 24 * 3_600_000_000_000),
    ("w", 7 * 24 * 3_600_000_000_000),
];

impl Span {
    /// Reads `1h5m30s20ms`; days and weeks are taken too.
    pub fn read(text: &str) -> Option<Self> {
        let (sign, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (-1.0, rest),
            None => (1.0, text.strip_prefix('+').unwrap_or(text)),
        };
        if rest == "0" {
            return Some(Self(0));
        }
        let mut sum = 0.0_f64;
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
            let number: f64 = rest[..end].parse().ok()?;
            rest = &rest[end..];
            let end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
            let unit = UNITS.iter().find(|(unit, _)| *unit == &rest[..end])?.1;
            sum += number * unit as f64;
            rest = &rest[end..];
        }
        (sum.abs() < i64::MAX as f64).then_some(Self((sign * sum).round() as i64))
    }

    /// In whole seconds, rounded down.
    pub fn seconds(self) -> i64 {
        self.0 / 1_000_000_000
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let part = |unit: u64| {
            let text = format!("{}.{:0>width$}", size / unit, size % unit, width = unit.ilog10() as usize);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        match size {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{size}ns"),
            1_000..1_000_000 => write!(f, "{}µs", part(1_000)),
            1_000_000..1_000_000_000 => write!(f, "{}ms", part(1_000_000)),
            _ => {
                let minutes = size / 60_000_000_000;
                let rest = size % 60_000_000_000;
                let seconds = format!("{}.{:09}", rest / 1_000_000_000, rest % 1_000_000_000);
                let seconds = seconds.trim_end_matches('0').trim_end_matches('.');
                match (minutes / 60, minutes % 60) {
                    (0, 0) => write!(f, "{seconds}s"),
                    (0, minutes) => write!(f, "{minutes}m{seconds}s"),
                    (hours, minutes) => write!(f, "{hours}h{minutes}m{seconds}s"),
                }
            }
        }
    }
}

/// A number of bytes; -1 for no bound, where the engine knows one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub i64);

impl Size {
    /// Reads `512m`, `1gb`, `1.5 GiB`, `2048`.
    pub fn read(text: &str) -> Option<Self> {
        if let Ok(bytes) = text.parse::<i64>() {
            return Some(Self(bytes));
        }
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = text[..end].parse().ok()?;
        let power = match text[end..].trim_start().to_ascii_lowercase().as_str() {
            "b" => 0,
            "k" | "kb" | "kib" => 10,
            "m" | "mb" | "mib" => 20,
            "g" | "gb" | "gib" => 30,
            "t" | "tb" | "tib" => 40,
            "p" | "pb" | "pib" => 50,
            _ => return None,
        };
        let bytes = number * (1_i64 << power) as f64;
        (bytes < i64::MAX as f64).then_some(Self(bytes as i64))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::read(&text).ok_or_else(|| de::Error::custom("no span of time"))
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Json::deserialize(from)? {
            Json::Number(number) => number.as_i64().map(Self),
            Json::String(text) => Self::read(&text),
            _ => None,
        }
        .ok_or_else(|| de::Error::custom("no size"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_written() {
        for (text, nanoseconds, written) in [
            ("10ms", 10_000_000, "10ms"),
            ("40s", 40_000_000_000, "40s"),
            ("1m30s", 90_000_000_000, "1m30s"),
            ("1h5m30s20ms", 3_930_020_000_000, "1h5m30.02s"),
            ("90s", 90_000_000_000, "1m30s"),
            ("1.5s", 1_500_000_000, "1.5s"),
            ("1500us", 1_500_000, "1.5ms"),
            ("2h", 7_200_000_000_000, "2h0m0s"),
            ("1d", 86_400_000_000_000, "24h0m0s"),
            ("0", 0, "0s"),
            ("-3s", -3_000_000_000, "-3s"),
        ] {
            let span = Span::read(text).expect(text);
            assert_eq!((span.0, span.to_string().as_str()), (nanoseconds, written), "{text}");
            assert_eq!(Span::read(&span.to_string()), Some(span), "{text}");
        }
        for text in ["", "s", "10", "10 s", "1x", "1m30", "ten", "1..5s", "9999999999h"] {
            assert_eq!(Span::read(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_are_read() {
        for (text, bytes) in [
            ("2b", 2),
            ("1024kb", 1 << 20),
            ("2048k", 2 << 20),
            ("300m", 300 << 20),
            ("1gb", 1 << 30),
            ("1.5 GiB", 3 << 29),
            ("42", 42),
            ("-1", -1),
        ] {
            assert_eq!(Size::read(text), Some(Size(bytes)), "{text}");
        }
        for text in ["", "m", "12x", "1g5m", "-1m"] {
            assert_eq!(Size::read(text), None, "{text}");
        }
    }
}
