//! The session cookie's value: a JWT that holds session id, issue time and key id, and no right at all.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use super::AccountError;

/// One algorithm, fixed here: what a token says of its own is not asked.
const ALGORITHM: Algorithm = Algorithm::HS256;
const KEY_ID: &str = "1";

#[derive(Serialize, Deserialize)]
struct Claims {
    /// The session's id.
    sid: String,
    /// Issued at, seconds.
    iat: i64,
}

/// Signs and reads session tokens with the instance's key.
pub(super) struct Signer {
    sign: EncodingKey,
    verify: DecodingKey,
    validation: Validation,
}

impl Signer {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        let mut validation = Validation::new(ALGORITHM);
        // When a session ends is looked up, so the token carries no expiry.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        Self { sign: EncodingKey::from_secret(key), verify: DecodingKey::from_secret(key), validation }
    }

    pub(super) fn sign(&self, session_id: &str, at_ms: i64) -> Result<String, AccountError> {
        let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(ALGORITHM) };
        encode(&header, &Claims { sid: session_id.to_owned(), iat: at_ms / 1000 }, &self.sign)
            .map_err(|e| AccountError::Crypto(e.to_string()))
    }

    /// The session's id, if we signed the token.
    pub(super) fn session_id(&self, token: &str) -> Option<String> {
        let data = decode::<Claims>(token, &self.verify, &self.validation).ok()?;
        (data.header.kid.as_deref() == Some(KEY_ID)).then_some(data.claims.sid)
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;

    #[test]
    fn only_our_own_signature_is_believed() {
        let ours = Signer::new(&[1; 32]);
        let token = ours.sign("s1", 1_000).expect("a token");
        assert_eq!(ours.session_id(&token).as_deref(), Some("s1"));
        assert_eq!(Signer::new(&[2; 32]).session_id(&token), None);
        assert_eq!(ours.session_id("garbage"), None);
        assert_eq!(ours.session_id(""), None);
    }

    #[test]
    fn a_token_without_algorithm_is_refused() {
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let claims = part(r#"{"sid":"s1","iat":1}"#);
        for alg in ["none", "None", "HS384", "RS256"] {
            let header = part(&format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"1"}}"#));
            assert_eq!(Signer::new(&[1; 32]).session_id(&format!("{header}.{claims}.")), None, "{alg}");
        }
    }
}
