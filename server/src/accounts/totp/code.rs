//! Codes of RFC 6238 (SHA-1, six digits, thirty seconds: what every authenticator app can do), recovery codes, and how
//! secrets are written for people. Pure.

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};

use crate::secret;

/// A secret has so many bytes, as RFC 4226 wants it.
pub(super) const SECRET_BYTES: usize = 20;
/// So many recovery codes are made at once.
pub(super) const RECOVERY_CODES: usize = 10;
const STEP_MS: i64 = 30_000;
const DIGITS: usize = 6;
/// A recovery code has 80 random bits: its plain digest is all that need be kept.
const RECOVERY_BYTES: usize = 10;
/// Longer than any code, however it is written.
pub(super) const CODE_MAX: usize = 64;

/// What somebody typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Six digits.
    Code(String),
    /// Whatever else, as recovery codes are compared.
    Recovery(String),
}

impl Said {
    /// Blanks and dashes are for the eye only.
    pub(super) fn read(text: &str) -> Self {
        let bare: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if bare.len() == DIGITS && bare.bytes().all(|b| b.is_ascii_digit()) {
            Self::Code(bare)
        } else {
            Self::Recovery(bare.to_ascii_lowercase())
        }
    }
}

/// The step that a time in milliseconds is in.
pub(super) fn step_at(ms: i64) -> i64 {
    ms.div_euclid(STEP_MS)
}

/// The step that a code is of: the present one, the one before or the one after, since clocks differ. None of them, if it
/// is not after `last`: a code that was read over somebody's shoulder is worth nothing. All are compared, always, so that
/// the time of an answer tells nothing.
pub(super) fn step_of(secret: &[u8], code: &str, present: i64, last: i64) -> Option<i64> {
    let mut found = None;
    for step in present - 1..=present + 1 {
        let same = verify_slices_are_equal(code_of(secret, step).as_bytes(), code.as_bytes()).is_ok();
        if same && step > last {
            found = Some(step);
        }
    }
    found
}

/// The code of a step.
pub(super) fn code_of(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let mac = mac.as_ref();
    let at = usize::from(mac.last().copied().unwrap_or_default() & 0xf);
    let word = mac.iter().skip(at).take(4).fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

/// Fresh recovery codes, as people are shown them: `abcd-efgh-ijkl-mnop`.
pub(super) fn recovery_codes() -> Vec<String> {
    let code = |_| {
        let letters = base32(&secret::random_bytes::<RECOVERY_BYTES>()).to_ascii_lowercase();
        let groups: Vec<&str> = letters.as_bytes().chunks(4).filter_map(|g| str::from_utf8(g).ok()).collect();
        groups.join("-")
    };
    (0..RECOVERY_CODES).map(code).collect()
}

/// What is kept of a recovery code, given as [`Said`] writes it. It holds for its account only.
pub(super) fn recovery_digest(account_id: &str, bare: &str) -> String {
    secret::digest_of(&format!("{account_id} {bare}"))
}

/// Base32 of RFC 4648 without padding.
pub(super) fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let word =
            chunk.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte)) << (8 * (5 - chunk.len()));
        for n in 0..(chunk.len() * 8).div_ceil(5) {
            out.push(char::from(LETTERS[usize::try_from(word >> (35 - 5 * n) & 31).unwrap_or_default()]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // Appendix B of RFC 6238, whose eight digits end in our six.
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59_i64, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_of(secret, step_at(seconds * 1_000)), code, "{seconds}");
        }
    }

    #[test]
    fn a_code_holds_one_step_around_and_never_twice() {
        let secret = [7; SECRET_BYTES];
        for (step, holds) in [(97, false), (98, false), (99, true), (100, true), (101, true), (102, false)] {
            let found = step_of(&secret, &code_of(&secret, step), 100, 0);
            assert_eq!(found, holds.then_some(step), "{step}");
        }
        assert_eq!(step_of(&secret, &code_of(&secret, 100), 100, 100), None, "used");
        assert_eq!(step_of(&secret, &code_of(&secret, 99), 100, 100), None, "before the one that was used");
        assert_eq!(step_of(&secret, &code_of(&secret, 101), 100, 100), Some(101));
        assert_eq!(step_of(&[8; SECRET_BYTES], &code_of(&secret, 100), 100, 0), None);
        assert_eq!(step_of(&secret, "", 100, 0), None);
    }

    #[test]
    fn base32_is_that_of_the_rfc() {
        for (plain, written) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(plain.as_bytes()), written);
        }
    }

    #[test]
    fn what_is_typed_is_read_as_people_write() {
        assert_eq!(Said::read(" 123 456 "), Said::Code("123456".to_owned()));
        assert_eq!(Said::read("1234567"), Said::Recovery("1234567".to_owned()));
        assert_eq!(Said::read("١٢٣٤٥٦"), Said::Recovery("١٢٣٤٥٦".to_owned()), "digits of ASCII only");
        let codes = recovery_codes();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let one = &codes[0];
        assert_eq!((one.len(), one.split('-').count()), (19, 4), "{one}");
        let typed = one.to_uppercase().replace('-', " ");
        assert_eq!(Said::read(&typed), Said::read(one));
        let Said::Recovery(bare) = Said::read(one) else { panic!("{one} is no recovery code") };
        assert_ne!(recovery_digest("a", &bare), recovery_digest("b", &bare));
    }
}
