//! Numbers.

/// A number as it is written.
pub(super) enum Number {
    /// Whole, zero or more.
    Whole(u64),
    /// Whole, below zero.
    Below(i64),
    /// With a point, an exponent, or too many digits.
    Float(f64),
}

/// The largest power of ten that is a float exactly; up to it, a figure of at most 15 digits is read to the last bit.
const EXACT: u32 = 22;

/// Reads a number at the beginning of a text and says how long it is.
pub(super) fn number(text: &[u8]) -> Option<(Number, usize)> {
    let negative = text.first() == Some(&b'-');
    let mut at = usize::from(negative);
    let start = at;
    let (mut digits, mut fits, mut power) = (0_u64, true, 0_i32);
    let mut take = |at: &mut usize| {
        let from = *at;
        while let Some(digit @ b'0'..=b'9') = text.get(*at) {
            let more = digits.checked_mul(10).and_then(|n| n.checked_add(u64::from(digit - b'0')));
            match more {
                Some(more) if fits => digits = more,
                // What does not fit is rounded away.
                _ => {
                    fits = false;
                    power += 1;
                }
            }
            *at += 1;
        }
        *at - from
    };
    let whole = take(&mut at);
    if whole == 0 || (whole > 1 && text[start] == b'0') {
        return None;
    }
    let mut float = false;
    if text.get(at) == Some(&b'.') {
        at += 1;
        let decimals = take(&mut at);
        if decimals == 0 {
            return None;
        }
        power -= i32::try_from(decimals).ok()?;
        float = true;
    }
    if let Some(b'e' | b'E') = text.get(at) {
        at += 1;
        let sign = match text.get(at) {
            Some(b'-') => -1,
            _ => 1,
        };
        at += usize::from(matches!(text.get(at), Some(b'+' | b'-')));
        let from = at;
        let mut exponent = 0_i32;
        while let Some(digit @ b'0'..=b'9') = text.get(at) {
            exponent = exponent.saturating_mul(10).saturating_add(i32::from(digit - b'0'));
            at += 1;
        }
        if at == from {
            return None;
        }
        power = power.saturating_add(sign * exponent.min(10_000));
        float = true;
    }
    let number = match (float || !fits, negative) {
        (false, false) => Number::Whole(digits),
        // `i64::MIN` has no positive twin.
        (false, true) if digits > 0 && digits <= 1 << 63 => {
            Number::Below(0_i64.wrapping_sub_unsigned(digits))
        }
        _ => {
            let size = scaled(digits as f64, power);
            Number::Float(if negative { -size } else { size })
        }
    };
    Some((number, at))
}

fn scaled(digits: f64, power: i32) -> f64 {
    let (mut value, mut left) = (digits, power.unsigned_abs());
    while left > 0 && value != 0.0 && value.is_finite() {
        let step = left.min(EXACT);
        let factor = (0..step).fold(1.0, |factor, _| factor * 10.0);
        value = if power < 0 { value / factor } else { value * factor };
        left -= step;
    }
    value
}
