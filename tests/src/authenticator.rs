//! An authenticator app: the codes of a secret.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use http::Method;
use serde_json::json;

use crate::{Person, text};

const STEP_MS: u128 = 30_000;
/// So near to the end of a step, a code of the step before would be too old when it arrives.
const NARROW_MS: u128 = 6_000;

/// An app with one secret in it. It gives each code once, as servers take them.
pub struct Authenticator {
    written: String,
    secret: Vec<u8>,
    last: u64,
}

impl Authenticator {
    /// With a secret as a person types it, in base32.
    pub fn of(secret: &str) -> Self {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
        for letter in secret.trim().chars() {
            let value = letters.find(letter).unwrap_or_else(|| panic!("no base32: {secret}"));
            bits = bits << 5 | u32::try_from(value).expect("below 32");
            count += 5;
            if count >= 8 {
                count -= 8;
                bytes.push((bits >> count & 0xff) as u8);
            }
        }
        assert_eq!(bytes.len(), 20, "a secret of 160 bits: {secret}");
        Self { written: secret.trim().to_owned(), secret: bytes, last: 0 }
    }

    /// The secret as it was typed.
    pub fn written(&self) -> String {
        self.written.clone()
    }

    /// The code of a step.
    pub fn code_of(&self, step: u64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret);
        let mac = hmac::sign(&key, &step.to_be_bytes());
        let at = usize::from(mac.as_ref()[19] & 0xf);
        let word = u32::from_be_bytes(mac.as_ref()[at..at + 4].try_into().expect("four bytes"));
        format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
    }

    /// A code that was not given before. Servers take those of the step before and the step after too; whoever wants more
    /// than three at once waits for the next step, as people do.
    pub async fn code(&mut self) -> String {
        loop {
            let (now, left) = present();
            let first = if left > NARROW_MS { now - 1 } else { now };
            let step = first.max(self.last + 1);
            if step <= now + 1 {
                self.last = step;
                return self.code_of(step);
            }
            tokio::time::sleep(Duration::from_millis(u64::try_from(left).expect("below a step") + 50)).await;
        }
    }

    /// A code that no server takes any more.
    pub fn old_code(&self) -> String {
        self.code_of(present().0 - 3)
    }
}

/// The step that it is, and how long it lasts still.
fn present() -> (u64, u128) {
    let ms = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
    (u64::try_from(ms / STEP_MS).expect("before the end of time"), STEP_MS - ms % STEP_MS)
}

/// Turns two-factor authentication on for somebody with this password, by REST: their app, and the recovery codes.
pub async fn turn_on(person: &mut Person, password: &str) -> (Authenticator, Vec<String>) {
    let offer = person.send(Method::POST, "account/totp", None).await.expect(200).json();
    let mut app = Authenticator::of(&text(&offer["secret"]));
    let proof = json!({ "password": password, "code": app.code().await });
    let made = person.send(Method::PUT, "account/totp", Some(proof)).await.expect(200).json();
    (app, made["codes"].as_array().expect("codes").iter().map(text).collect())
}
