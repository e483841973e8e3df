//! Numbers with units, as `docker` reads and people write them.

use std::fmt::Write as _;

const UNITS: [(char, i64); 4] = [('t', 1 << 40), ('g', 1 << 30), ('m', 1 << 20), ('k', 1 << 10)];
const SPANS: [(&str, i64); 6] = [
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// `512m`, `1.5g`, `64MiB`, `1024`.
pub(super) fn bytes(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_lowercase();
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let unit = unit.trim();
    let factor = match unit.trim_end_matches('b').trim_end_matches('i') {
        "" => 1,
        one => UNITS.iter().find(|(c, _)| one.len() == 1 && one.starts_with(*c)).map(|(_, n)| *n)?,
    };
    scaled(number, factor)
}

/// The shortest text for so many bytes.
pub(super) fn bytes_text(n: i64) -> String {
    match UNITS.iter().find(|(_, factor)| n > 0 && n % factor == 0) {
        Some((unit, factor)) => format!("{}{unit}", n / factor),
        None => n.to_string(),
    }
}

/// `1m30s`, `500ms`, as nanoseconds.
pub(super) fn span(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    match rest {
        "" => return None,
        "0" => return Some(0),
        _ => {}
    }
    let mut all = 0i64;
    while !rest.is_empty() {
        let at = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(at);
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        let factor = SPANS.iter().find(|(name, _)| *name == unit).map(|(_, n)| *n)?;
        all = all.checked_add(scaled(number, factor)?)?;
        rest = next;
    }
    Some(all)
}

/// The text of a span of nanoseconds.
pub(super) fn span_text(n: i64) -> String {
    let mut text = String::new();
    let mut rest = n;
    for (unit, factor) in SPANS {
        if rest >= factor {
            let _ = write!(text, "{}{unit}", rest / factor);
            rest %= factor;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// `1.5` as billionths.
pub(super) fn nanos(text: &str) -> Option<i64> {
    scaled(text.trim(), 1_000_000_000)
}

/// Billionths as `1.5`.
pub(super) fn nanos_text(n: i64) -> String {
    let (whole, part) = (n / 1_000_000_000, n % 1_000_000_000);
    if part == 0 {
        return whole.to_string();
    }
    format!("{whole}.{part:09}").trim_end_matches('0').to_owned()
}

/// A decimal number times a factor, without the detour over floating point, which is long code in a browser.
fn scaled(number: &str, factor: i64) -> Option<i64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && part.is_empty()) || !number.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut all = whole.checked_mul(factor)?;
    let mut place = factor;
    for digit in part.bytes() {
        if !digit.is_ascii_digit() {
            return None;
        }
        // The rest of a place that does not divide is less than anyone can mean.
        all = all.checked_add(i64::try_from(i128::from(place) * i128::from(digit - b'0') / 10).ok()?)?;
        place /= 10;
    }
    Some(all)
}
