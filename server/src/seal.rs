//! Secrets that must be read again, sealed with the instance's own key before they are stored: a copy of the database
//! alone tells nothing.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hmac,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// What was stored is not what was sealed: another key, another row, or damage.
#[derive(Debug, thiserror::Error)]
#[error("what was sealed cannot be opened with the key of this data folder")]
pub struct SealBroken;

/// The key that seals.
pub struct Seal(RandomizedNonceKey);

impl Seal {
    /// Of the 32 bytes of a key file.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(RandomizedNonceKey::new(&AES_256_GCM, key).expect("a key of 32 bytes is one"))
    }

    /// Seals a text for the row of this id: in another row it cannot be opened. What comes out is base64, for a column of
    /// text.
    ///
    /// # Errors
    /// The text is longer than any cipher takes.
    pub fn close(&self, id: &str, text: &[u8]) -> Result<String, SealBroken> {
        let mut sealed = text.to_vec();
        let nonce =
            self.0.seal_in_place_append_tag(Aad::from(id.as_bytes()), &mut sealed).map_err(|_| SealBroken)?;
        let mut out = nonce.as_ref().to_vec();
        out.append(&mut sealed);
        Ok(URL_SAFE_NO_PAD.encode(out))
    }

    /// The text again.
    ///
    /// # Errors
    /// It is not what [`Seal::close`] made for this id.
    pub fn open(&self, id: &str, sealed: &str) -> Result<Vec<u8>, SealBroken> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| SealBroken)?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or(SealBroken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealBroken)?;
        let mut text = sealed.to_vec();
        let text =
            self.0.open_in_place(nonce, Aad::from(id.as_bytes()), &mut text).map_err(|_| SealBroken)?;
        Ok(text.to_vec())
    }
}

/// A key for something else, made of the one that seals: it says nothing of that, nor of those for other purposes.
pub fn derived(key: &[u8; 32], purpose: &str) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), format!("longshore {purpose}").as_bytes());
    let mut made = [0; 32];
    made.copy_from_slice(tag.as_ref());
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_in_its_row_alone() {
        let seal = Seal::new(&[7; 32]);
        let sealed = seal.close("a", b"PASSWORD=x").expect("sealed");
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).expect("base64");
        assert!(!bytes.windows(8).any(|part| part == b"PASSWORD"));
        assert_ne!(seal.close("a", b"PASSWORD=x").expect("sealed"), sealed);
        assert_eq!(seal.open("a", &sealed).expect("opened"), b"PASSWORD=x");
        assert!(seal.open("b", &sealed).is_err());
        assert!(Seal::new(&[8; 32]).open("a", &sealed).is_err());
        assert!(seal.open("a", &sealed[..8]).is_err());
        assert!(seal.open("a", "no base64!").is_err());
    }
}
