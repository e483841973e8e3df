//! Lengths in drawings.

use std::fmt;

/// Pixels, written to the hundredth. Not as floats write themselves: that is as much code as a page, for digits that
/// nobody sees.
#[derive(Clone, Copy)]
pub(crate) struct Px(pub(crate) f32);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = (self.0 * 100.0).round() as i32;
        let sign = if hundredths < 0 { "-" } else { "" };
        let (whole, part) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
        match (part, part % 10) {
            (0, _) => write!(f, "{sign}{whole}"),
            (_, 0) => write!(f, "{sign}{whole}.{}", part / 10),
            _ => write!(f, "{sign}{whole}.{part:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short_and_keep_their_sign() {
        let texts =
            [0.0, 14.0, 0.5, 3.25, 1.05, -2.5, -0.04, 9.999, 0.001].map(|length| Px(length).to_string());
        assert_eq!(texts, ["0", "14", "0.5", "3.25", "1.05", "-2.5", "-0.04", "10", "0"]);
    }
}
