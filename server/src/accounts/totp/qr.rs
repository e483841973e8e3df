//! A QR code as the path of an SVG, drawn here: no page of ours asks anybody else to draw a secret.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use super::super::AccountError;

/// The empty edge that readers need, in squares.
const QUIET: usize = 4;

/// How many squares there are in a row, and the path of the dark ones.
pub(super) fn draw(text: &str) -> Result<(u32, String), AccountError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| AccountError::Crypto(error.to_string()))?;
    let (width, squares) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in squares.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|square| **square == Color::Dark).count();
            if run > 0 {
                // One stroke for squares that are side by side.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Ok((u32::try_from(width + 2 * QUIET).unwrap_or(u32::MAX), path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_three_corners() {
        let (size, path) = draw("otpauth://totp/Longshore:ada?secret=AAAA").expect("drawn");
        for corner in [
            format!("M{QUIET} {QUIET}h7"),
            format!("M{} {QUIET}h7", size - 4 - 7),
            format!("M{QUIET} {}h7", size - 4 - 1),
        ] {
            assert!(path.contains(&corner), "{corner} in {path}");
        }
        assert!(draw(&"x".repeat(10_000)).is_err());
    }
}
