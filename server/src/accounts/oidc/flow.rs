//! A sign-in that is under way at a provider. All that must be remembered of it is in a cookie of its browser, sealed: so
//! nobody can fill our memory by beginning many, and what comes back is taken only from the browser that began it.

use aws_lc_rs::{constant_time::verify_slices_are_equal, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::super::AccountError;
use crate::{front::Slip, seal::Seal, secret, store::now};

/// It is over after so many seconds.
const LIFE_S: u32 = 600;
/// What it is sealed for: nothing else that this house seals opens as one.
const SEALED_AS: &str = "oidc flow";

/// The cookie. It is the only one of ours that comes along from another site, and only where sign-ins through providers
/// begin and end.
pub(super) const FLOW: Slip =
    Slip { word: "oidc", path: "/api/v1/oidc", life_s: LIFE_S, from_elsewhere: true };
/// A browser has so many under way at most.
const FLOWS: usize = 8;
/// Browsers keep cookies of 4,096 bytes, name and attributes included.
const COOKIE_MAX: usize = 3_600;

/// The cookie with whom somebody came back as, until their own page asks to be bound to them. It never comes along from
/// another site.
pub(super) const BINDING: Slip = Slip {
    word: "identity",
    path: "/api/v1/account/identities",
    life_s: BINDING_LIFE_S,
    from_elsewhere: false,
};
/// It is over after so many seconds.
const BINDING_LIFE_S: u32 = 120;
const BINDING_SEALED_AS: &str = "oidc binding";

/// Whom a session is to be bound to.
#[derive(Serialize, Deserialize)]
pub(super) struct Binding {
    /// The provider's id.
    pub(super) provider: String,
    /// Its issuer, as it was then.
    pub(super) issuer: String,
    /// Who they are there.
    pub(super) subject: String,
    session: String,
    at: i64,
}

impl Binding {
    pub(super) fn new(provider: &str, issuer: &str, subject: &str, session: &str) -> Self {
        let [provider, issuer, subject, session] = [provider, issuer, subject, session].map(str::to_owned);
        Self { provider, issuer, subject, session, at: now() }
    }

    pub(super) fn close(&self, seal: &Seal) -> Result<String, AccountError> {
        close(seal, BINDING_SEALED_AS, self)
    }

    /// The one of these cookies that is this session's, and not too old.
    pub(super) fn find(cookies: &[String], session: &str, seal: &Seal) -> Option<Self> {
        cookies.iter().find_map(|cookie| {
            let binding: Self = open(seal, BINDING_SEALED_AS, cookie)?;
            (is_fresh(binding.at, BINDING_LIFE_S) && binding.session == session).then_some(binding)
        })
    }
}

fn close(seal: &Seal, sealed_as: &str, what: &impl Serialize) -> Result<String, AccountError> {
    let broken = |error: &dyn std::fmt::Display| AccountError::Crypto(error.to_string());
    let text = serde_json::to_vec(what).map_err(|error| broken(&error))?;
    seal.close(sealed_as, &text).map_err(|error| broken(&error))
}

fn open<T: DeserializeOwned>(seal: &Seal, sealed_as: &str, cookie: &str) -> Option<T> {
    serde_json::from_slice(&seal.open(sealed_as, cookie).ok()?).ok()
}

fn is_fresh(at: i64, life_s: u32) -> bool {
    (0..i64::from(life_s) * 1_000).contains(&(now() - at))
}

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

    fn is(&self, state: &str) -> bool {
        verify_slices_are_equal(self.state.as_bytes(), state.as_bytes()).is_ok()
    }
}

/// All sign-ins that a browser has under way: in several tabs, or by a second click.
pub(super) struct Flows(Vec<Flow>);

impl Flows {
    /// Those in these cookies that were begun here and not too long ago.
    pub(super) fn of(cookies: &[String], seal: &Seal) -> Self {
        let all = cookies.iter().filter_map(|cookie| open::<Vec<Flow>>(seal, SEALED_AS, cookie)).flatten();
        Self(all.filter(|flow| is_fresh(flow.at, LIFE_S)).collect())
    }

    /// This one.
    pub(super) fn only(flow: Flow) -> Self {
        Self(vec![flow])
    }

    /// One more. The oldest gives way where there are many.
    pub(super) fn add(&mut self, flow: Flow) {
        self.0.sort_by_key(|flow| flow.at);
        self.0.push(flow);
        while self.0.len() > FLOWS {
            self.0.remove(0);
        }
    }

    /// Takes out the one with this state.
    pub(super) fn take(&mut self, state: &str) -> Option<Flow> {
        let place = self.0.iter().position(|flow| flow.is(state))?;
        Some(self.0.remove(place))
    }

    /// The cookie's value; none where nothing is under way any more. A browser keeps no cookie that is too large: then the
    /// oldest is forgotten.
    pub(super) fn close(&self, seal: &Seal) -> Result<Option<String>, AccountError> {
        for from in 0..self.0.len() {
            let value = close(seal, SEALED_AS, &&self.0[from..])?;
            if value.len() <= COOKIE_MAX {
                return Ok(Some(value));
            }
        }
        Ok(None)
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

    fn flow(to: &str) -> Flow {
        Flow::begin("p", "http://x/cb".to_owned(), to.to_owned(), None)
    }

    #[test]
    fn what_was_begun_is_found_by_its_state_in_its_browser_alone() {
        let seal = Seal::new(&[7; 32]);
        let (first, second) = (flow("/"), flow("/"));
        let (state, nonce) = (first.state.clone(), first.nonce.clone());
        let mut flows = Flows::of(&[], &seal);
        flows.add(first);
        flows.add(second);
        let cookie = flows.close(&seal).expect("sealed").expect("two are under way");
        let cookies = ["x".to_owned(), cookie];
        let mut found = Flows::of(&cookies, &seal);
        assert!(found.take("another").is_none() && found.take("").is_none());
        assert_eq!(found.take(&state).map(|flow| flow.nonce), Some(nonce));
        assert!(found.take(&state).is_none(), "once");
        assert!(found.close(&seal).expect("sealed").is_some(), "the other goes on");
        assert!(Flows::of(&cookies, &Seal::new(&[8; 32])).take(&state).is_none());
        let mut late = Flows(Vec::new());
        late.add(Flow { at: now() - 600_000, ..flow("/") });
        let cookie = late.close(&seal).expect("sealed").expect("one");
        assert!(Flows::of(&[cookie], &seal).0.is_empty());
    }

    #[test]
    fn many_tabs_do_not_make_a_cookie_that_no_browser_keeps() {
        let seal = Seal::new(&[7; 32]);
        let mut flows = Flows(Vec::new());
        let mut last = String::new();
        for _ in 0..20 {
            let flow = flow(&format!("/{}", "x".repeat(1_000)));
            last.clone_from(&flow.state);
            flows.add(flow);
        }
        let cookie = flows.close(&seal).expect("sealed").expect("some");
        assert!(cookie.len() <= COOKIE_MAX, "{}", cookie.len());
        assert!(Flows::of(&[cookie], &seal).take(&last).is_some());
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
