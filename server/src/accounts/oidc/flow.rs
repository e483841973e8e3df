//! A sign-in that is under way at a provider. All that must be remembered of it is in a cookie of its browser, sealed: so
//! nobody can fill our memory by beginning many, and what comes back is taken only from the browser that began it. Each has
//! a cookie of its own: two that begin at the same time know nothing of one another.
//!
//! A neighbour on our host's name who can set cookies here could set one that we have given to them. By TLS, the cookie's
//! name keeps out all but who serves TLS on this very host ([`crate::front::cookies`]); without TLS nothing does. What they
//! have begun has the mark of their pages, or none, and so has the session that comes of it: it is none for anybody else's.

use aws_lc_rs::{constant_time::verify_slices_are_equal, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::super::AccountError;
use crate::{
    front::Slip,
    seal::Seal,
    secret,
    store::{new_id, now},
};

/// It is over after so many seconds.
const LIFE_S: u32 = 600;

/// The cookies. They are the only ones of ours that come along from another site, and only where sign-ins through
/// providers begin and end.
pub(super) const FLOW: Slip =
    Slip { word: "oidc", path: "/api/v1/oidc", life_s: LIFE_S, from_elsewhere: true };
/// A browser has so many under way at most: a head with all of them still passes every proxy.
const FLOWS: usize = 4;
/// So many cookies are ended by one answer.
const ENDED_MAX: usize = 16;
/// So many characters of a digest tell one from another.
const WHICH: usize = 10;

/// The cookie with whom somebody came back as, until their own page asks to be bound to them. It never comes along from
/// another site.
pub(super) const BINDING: Slip = Slip {
    word: "identity",
    path: "/api/v1/account/identities",
    life_s: BINDING_LIFE_S,
    from_elsewhere: false,
};
/// It is over after so many seconds, or once it was used.
const BINDING_LIFE_S: u32 = 120;
pub(super) const BINDING_LIFE_MS: i64 = BINDING_LIFE_S as i64 * 1_000;
const BINDING_SEALED_AS: &str = "oidc binding";

/// Whom a session is to be bound to.
#[derive(Serialize, Deserialize)]
pub(super) struct Binding {
    /// What is written down of it when it is used.
    pub(super) id: String,
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
        Self { id: new_id(), provider, issuer, subject, session, at: now() }
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
    /// The digest of the mark of the pages that began it: the session is theirs.
    #[serde(default)]
    pub(super) mark: Option<String>,
    at: i64,
}

impl Flow {
    pub(super) fn begin(provider: &str, redirect: String, to: String, binds: Option<String>) -> Self {
        let [state, nonce, verifier] = std::array::from_fn(|_| secret::random_token());
        Self {
            provider: provider.to_owned(),
            state,
            nonce,
            verifier,
            redirect,
            to,
            binds,
            mark: None,
            at: now(),
        }
    }

    /// The same for the pages of this mark.
    pub(super) fn of_pages(self, mark: Option<String>) -> Self {
        Self { mark, ..self }
    }

    /// What the provider is shown of the verifier.
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, self.verifier.as_bytes()))
    }

    /// The value of its cookie, [`which_of`] its state. Under another name it does not open.
    pub(super) fn close(&self, seal: &Seal) -> Result<String, AccountError> {
        close(seal, &sealed_as(&which_of(&self.state)), self)
    }

    fn is(&self, state: &str) -> bool {
        verify_slices_are_equal(self.state.as_bytes(), state.as_bytes()).is_ok()
    }
}

/// Which of the cookies the sign-in of a state is in. It tells nothing of the state.
pub(super) fn which_of(state: &str) -> String {
    let mut which = secret::digest_of(state);
    which.truncate(WHICH);
    which
}

/// What one is sealed for: nothing else that this house seals opens as one, and neither does that of another sign-in.
fn sealed_as(which: &str) -> String {
    format!("oidc flow {which}")
}

/// All sign-ins that a browser has under way: in several tabs, or by a second click.
#[derive(Default)]
pub(super) struct Flows {
    /// Oldest first.
    flows: Vec<Flow>,
    /// Which cookies hold none: too old, or none of ours.
    empty: Vec<String>,
}

impl Flows {
    /// Those in these cookies that were begun here and not too long ago.
    pub(super) fn of(cookies: Vec<(String, String)>, seal: &Seal) -> Self {
        let mut all = Self::default();
        for (which, value) in cookies {
            let flow = open::<Flow>(seal, &sealed_as(&which), &value);
            match flow.filter(|flow| is_fresh(flow.at, LIFE_S) && which_of(&flow.state) == which) {
                Some(flow) => all.flows.push(flow),
                None => all.empty.push(which),
            }
        }
        all.flows.sort_by(|a, b| (a.at, &a.state).cmp(&(b.at, &b.state)));
        all.flows.dedup_by(|a, b| a.state == b.state);
        all
    }

    /// Takes out the one with this state.
    pub(super) fn take(&mut self, state: &str) -> Option<Flow> {
        let place = self.flows.iter().position(|flow| flow.is(state))?;
        Some(self.flows.remove(place))
    }

    /// Which cookies are to end where so many more are begun: those that hold nothing, and the oldest of too many.
    pub(super) fn over(&self, more: usize) -> Vec<String> {
        let known: Vec<String> = self.flows.iter().map(|flow| which_of(&flow.state)).collect();
        let too_many = (known.len() + more).saturating_sub(FLOWS);
        let empty = self.empty.iter().filter(|which| !known.contains(which));
        let mut over: Vec<String> = known.iter().take(too_many).chain(empty).cloned().collect();
        over.dedup();
        over.truncate(ENDED_MAX);
        over
    }
}

/// A page of ours to go on to: a path below the base, and nothing that a browser could read as another place.
pub(super) fn page(wanted: &str, base: &str) -> String {
    let home = format!("{base}/");
    let plain = wanted.len() <= 512
        && wanted.starts_with(&home)
        && !wanted.starts_with("//")
        && wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain { wanted.to_owned() } else { home }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Browsers keep cookies of 4,096 bytes, name and attributes included, and proxies pass heads of eight thousand.
    const COOKIE_MAX: usize = 8_000 / FLOWS - 300;

    fn flow(to: &str) -> Flow {
        let begun = Flow::begin("p", "http://x/cb".to_owned(), to.to_owned(), None);
        begun.of_pages(Some(secret::digest_of("mark")))
    }

    fn cookie(flow: &Flow, seal: &Seal) -> (String, String) {
        (which_of(&flow.state), flow.close(seal).expect("sealed"))
    }

    #[test]
    fn what_was_begun_is_found_by_its_state_in_its_browser_alone() {
        let seal = Seal::new(&[7; 32]);
        let (first, second) = (flow("/"), flow("/"));
        let cookies =
            || vec![("x".to_owned(), "y".to_owned()), cookie(&first, &seal), cookie(&second, &seal)];
        let mut found = Flows::of(cookies(), &seal);
        assert!(found.take("another").is_none() && found.take("").is_none());
        assert_eq!(found.take(&first.state).map(|flow| flow.nonce), Some(first.nonce.clone()));
        assert!(found.take(&first.state).is_none(), "once");
        assert!(found.take(&second.state).is_some(), "the other goes on");
        assert_eq!(found.over(0), ["x"], "what is none of ours ends");
        assert!(Flows::of(cookies(), &Seal::new(&[8; 32])).take(&first.state).is_none());
        let renamed = vec![(which_of(&first.state), cookie(&second, &seal).1)];
        assert!(Flows::of(renamed, &seal).take(&second.state).is_none(), "a cookie of another sign-in");
        let late = Flow { at: now() - 600_000, ..flow("/") };
        let flows = Flows::of(vec![cookie(&late, &seal)], &seal);
        assert_eq!((flows.flows.len(), flows.over(0)), (0, vec![which_of(&late.state)]));
    }

    #[test]
    fn of_many_the_oldest_give_way_and_all_pass_in_one_head() {
        let seal = Seal::new(&[7; 32]);
        let long = format!("/{}", "x".repeat(511));
        let all: Vec<Flow> = (0..6).map(|age| Flow { at: now() - age * 1_000, ..flow(&long) }).collect();
        let cookies: Vec<(String, String)> = all.iter().map(|flow| cookie(flow, &seal)).collect();
        let longest = cookies.iter().map(|(_, value)| value.len()).max().expect("some");
        assert!(longest <= COOKIE_MAX, "{longest}");
        let over = Flows::of(cookies, &seal).over(1);
        assert_eq!(over, [5, 4, 3].map(|age: usize| which_of(&all[age].state)));
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
