//! What an ID token says, believed only if its issuer signed it, for us, for this sign-in, and it still holds. Pure.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse},
};
use serde_json::{Map, Value};

/// Clocks differ by so much.
const LEEWAY_S: u64 = 30;
/// OpenID Connect Core: a subject has at most so many characters.
const SUBJECT_MAX: usize = 255;
/// Larger tokens are none.
const TOKEN_MAX: usize = 64 * 1024;
/// So many values of a claim are looked at.
const VALUES_MAX: usize = 1_000;

/// Why a token is not believed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Disbelief {
    /// It cannot be read, or is signed by an algorithm whose key a client could know, or by none.
    #[error("the token is not signed by RS256, ES256 or EdDSA")]
    Algorithm,
    /// No key of the issuer fits it.
    #[error("no key of the issuer fits the token")]
    Key,
    /// The signature is wrong, it has run out, or is another issuer's or for another client.
    #[error("the token does not hold: {0}")]
    Invalid(String),
    /// It was made for several, and not for us first.
    #[error("the token is for another client")]
    Client,
    /// It answers another sign-in.
    #[error("the token has another nonce")]
    Nonce,
    /// It is about nobody.
    #[error("the token has no subject")]
    Subject,
}

/// What must be so of a token.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
}

/// All that is said of somebody.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Claims(pub(super) Map<String, Value>);

impl Claims {
    /// Reads a token strictly.
    pub(super) fn read(token: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<Self, Disbelief> {
        if token.len() > TOKEN_MAX {
            return Err(Disbelief::Algorithm);
        }
        // A token that names no algorithm of this build, or `none`, has no header for it.
        let header = decode_header(token).map_err(|_| Disbelief::Algorithm)?;
        let algorithm = header.alg;
        if !matches!(algorithm, Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA) {
            return Err(Disbelief::Algorithm);
        }
        let mut fit = keys.iter().filter(|key| fits(key, algorithm, header.kid.as_deref()));
        let key = fit.next().ok_or(Disbelief::Key)?;
        if header.kid.is_none() && fit.next().is_some() {
            return Err(Disbelief::Key);
        }
        let key = DecodingKey::from_jwk(key).map_err(|_| Disbelief::Key)?;
        let mut validation = Validation::new(algorithm);
        validation.leeway = LEEWAY_S;
        validation.validate_nbf = true;
        validation.set_issuer(&[expected.issuer]);
        validation.set_audience(&[expected.client_id]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let data = decode::<Map<String, Value>>(token, &key, &validation);
        let claims = Self(data.map_err(|error| Disbelief::Invalid(error.to_string()))?.claims);
        let several = claims.0.get("aud").and_then(Value::as_array).is_some_and(|all| all.len() > 1);
        match claims.text("azp") {
            Some(party) if party != expected.client_id => return Err(Disbelief::Client),
            None if several => return Err(Disbelief::Client),
            _ => {}
        }
        let nonce = claims.text("nonce").unwrap_or_default();
        if verify_slices_are_equal(nonce.as_bytes(), expected.nonce.as_bytes()).is_err() {
            return Err(Disbelief::Nonce);
        }
        let subject = claims.text("sub").unwrap_or_default();
        if subject.is_empty() || subject.chars().count() > SUBJECT_MAX {
            return Err(Disbelief::Subject);
        }
        Ok(claims)
    }

    /// A claim that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Adds what is said elsewhere of the same subject; what the token says counts.
    pub(super) fn add(&mut self, more: Map<String, Value>) -> Result<(), Disbelief> {
        if more.get("sub").and_then(Value::as_str) != self.text("sub") {
            return Err(Disbelief::Subject);
        }
        for (name, value) in more {
            self.0.entry(name).or_insert(value);
        }
        Ok(())
    }

    /// The values of a claim: a text, or a list of them; by its name, or by a path with dots.
    pub(super) fn values(&self, name: &str) -> Vec<&str> {
        let by_path = || {
            let mut parts = name.split('.');
            let first = self.0.get(parts.next()?)?;
            parts.try_fold(first, |value, part| value.get(part))
        };
        match self.0.get(name).or_else(by_path) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).take(VALUES_MAX).collect(),
            _ => Vec::new(),
        }
    }
}

/// Whether a key is for signatures of this algorithm, and is the one that is named.
fn fits(key: &Jwk, algorithm: Algorithm, named: Option<&str>) -> bool {
    let of_kind = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256) => true,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES256) => curve.curve == EllipticCurve::P256,
        (AlgorithmParameters::OctetKeyPair(curve), Algorithm::EdDSA) => curve.curve == EllipticCurve::Ed25519,
        _ => false,
    };
    let signs = key.common.public_key_use.as_ref().is_none_or(|is_for| *is_for == PublicKeyUse::Signature);
    of_kind && signs && named.is_none_or(|named| key.common.key_id.as_deref() == Some(named))
}
