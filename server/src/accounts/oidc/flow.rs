//! A sign-in that is under way at a provider. All that must be remembered of it is in a cookie of its browser, sealed: so
//! nobody can fill our memory by beginning many, and what comes back is taken only from the browser that began it.

use aws_lc_rs::{constant_time::verify_slices_are_equal, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::super::AccountError;
use crate::{front::Slip, seal::Seal, secret, store::now};

/// It is over after so many seconds.
const LIFE_S: u32 = 600;
/// What it is sealed for: nothing else that this house seals opens as one.
const SEALED_AS: &str = "oidc flow";

/// The cookie. It is the only one of ours that comes along from another site, and only to the one address that providers
/// lead back to.
pub(super) const FLOW: Slip =
    Slip { word: "oidc", path: "/api/v1/oidc/callback", life_s: LIFE_S, from_elsewhere: true };

/// What is remembered.
#[derive(Serialize, Deserialize)]
pub(super) struct Flow {
    /// The provider's id.
    pub(super) provider: String,
    /// Comes back with the answer.
    pub(super) state: String,
    /// Comes back in the token.
    pub(super) nonce: String,
    /// Proves, to the token endpoint, that it was we who asked (RFC 7636).
    pub(super) verifier: String,
    /// Where the provider was told to lead back to.
    pub(super) redirect: String,
    /// The page that was wanted, below our origin.
    pub(super) to: String,
    /// The session that binds its account, where that is what it is for.
    pub(super) binds: Option<String>,
    at: i64,
}

impl Flow {
    pub(super) fn begin(provider: &str, redirect: String, to: String, binds: Option<String>) -> Self {
        let [state, nonce, verifier] = std::array::from_fn(|_| secret::random_token());
        Self { provider: provider.to_owned(), state, nonce, verifier, redirect, to, binds, at: now() }
    }

    /// What the provider is shown of the verifier.
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, self.verifier.as_bytes()))
    }

    pub(super) fn close(&self, seal: &Seal) -> Result<String, AccountError> {
        let broken = |error: &dyn std::fmt::Display| AccountError::Crypto(error.to_string());
        let text = serde_json::to_vec(self).map_err(|error| broken(&error))?;
        seal.close(SEALED_AS, &text).map_err(|error| broken(&error))
    }

    /// The one of these cookies that was begun here, not too long ago, with this state.
    pub(super) fn find(cookies: &[String], state: &str, seal: &Seal) -> Option<Self> {
        let open = |cookie: &String| -> Option<Self> {
            let flow: Self = serde_json::from_slice(&seal.open(SEALED_AS, cookie).ok()?).ok()?;
            let fresh = (0..i64::from(LIFE_S) * 1_000).contains(&(now() - flow.at));
            let same = verify_slices_are_equal(flow.state.as_bytes(), state.as_bytes()).is_ok();
            (fresh && same).then_some(flow)
        };
        cookies.iter().find_map(open)
    }
}

/// A page of ours to go on to: a path below the base, and nothing that a browser could read as another place.
pub(super) fn page(wanted: &str, base: &str) -> String {
    let home = format!("{base}/");
    let plain = wanted.len() <= 1_024
        && wanted.starts_with(&home)
        && !wanted.starts_with("//")
        && wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain { wanted.to_owned() } else { home }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_begun_is_found_by_its_state_in_its_browser_alone() {
        let seal = Seal::new(&[7; 32]);
        let flow = Flow::begin("p", "http://x/cb".to_owned(), "/".to_owned(), None);
        let cookie = flow.close(&seal).expect("sealed");
        let found =
            |cookies: &[String], state: &str| Flow::find(cookies, state, &seal).map(|flow| flow.nonce);
        assert_eq!(found(&["x".to_owned(), cookie.clone()], &flow.state), Some(flow.nonce.clone()));
        assert_eq!(found(std::slice::from_ref(&cookie), "another"), None);
        assert_eq!(found(std::slice::from_ref(&cookie), ""), None);
        assert_eq!(found(&[], &flow.state), None);
        assert!(Flow::find(&[cookie], &flow.state, &Seal::new(&[8; 32])).is_none());
        let late = Flow { at: now() - 600_000, ..Flow::begin("p", String::new(), String::new(), None) };
        let cookie = late.close(&seal).expect("sealed");
        assert_eq!(found(&[cookie], &late.state), None);
    }

    #[test]
    fn it_leads_on_to_pages_of_ours_only() {
        for (wanted, base, to) in [
            ("/containers?q=a", "", "/containers?q=a"),
            ("/ls/images", "/ls", "/ls/images"),
            ("/images", "/ls", "/ls/"),
            ("/lsx/images", "/ls", "/ls/"),
            ("//evil.example/", "", "/"),
            ("/\\evil.example/", "", "/"),
            ("https://evil.example/", "", "/"),
            ("/a\r\nb", "", "/"),
            ("", "", "/"),
        ] {
            assert_eq!(page(wanted, base), to, "{wanted:?}");
        }
    }
}
