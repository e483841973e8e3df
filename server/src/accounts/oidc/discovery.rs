//! What a provider says of itself, and what it answers: its documents, its tokens, what it knows of somebody.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::HeaderValue;
use jsonwebtoken::jwk::Jwk;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use crate::fetch::{Asking, DOCUMENT_MAX, FetchError, Named, Sent, fetch, is_here};

/// A document is good for so long.
const KEPT: Duration = Duration::from_secs(300);
/// An issuer that gave none is asked again after so long.
const SULKING: Duration = Duration::from_secs(5);
/// So many keys of an issuer are looked at.
const KEYS_MAX: usize = 64;

/// Why a provider is of no use now.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProviderError {
    /// It could not be asked.
    #[error(transparent)]
    Unreachable(#[from] FetchError),
    /// It answered, and that is no document of OpenID Connect.
    #[error("{what} answered {status}: {said}")]
    Refused {
        /// What was asked.
        what: &'static str,
        /// The status.
        status: u16,
        /// The beginning of what it said, on one line.
        said: String,
    },
    /// It could not be asked a moment ago, or gave no document.
    #[error("a moment ago: {0}")]
    AMomentAgo(String),
    /// A document that says what may not be.
    #[error("the discovery document: {0}")]
    Document(String),
}

/// The discovery document, as far as it is needed.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Discovered {
    issuer: String,
    pub(super) authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    userinfo_endpoint: Option<Url>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    /// Whether its answers always name it.
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

/// The answer to a code.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) id_token: String,
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Value>,
}

/// Who Longshore is at a provider.
pub(super) struct Client<'a> {
    pub(super) id: &'a str,
    /// Empty for a public client.
    pub(super) secret: &'a str,
}

/// What an issuer said of itself a moment ago, or why it said nothing.
struct Heard {
    at: Instant,
    said: Result<Discovered, String>,
}

impl Heard {
    fn holds(&self) -> bool {
        self.at.elapsed() < if self.said.is_ok() { KEPT } else { SULKING }
    }
}

/// Documents that were read a moment ago, by issuer. Whoever wants one while it is being asked for waits for that answer:
/// however many people sign in, and whoever else knocks, an issuer is asked once.
#[derive(Default)]
pub(in super::super) struct Documents(Mutex<HashMap<String, Arc<tokio::sync::Mutex<Option<Heard>>>>>);

impl Documents {
    /// The document of an issuer.
    pub(super) async fn of(&self, issuer: &Url, written: &str) -> Result<Discovered, ProviderError> {
        let place = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(written.to_owned()).or_default())
        };
        let mut heard = place.lock().await;
        if let Some(heard) = heard.as_ref().filter(|heard| heard.holds()) {
            return heard.said.clone().map_err(ProviderError::AMomentAgo);
        }
        let said = discover(issuer, written).await;
        let kept = said.as_ref().map(Discovered::clone).map_err(ToString::to_string);
        *heard = Some(Heard { at: Instant::now(), said: kept });
        said
    }

    /// Forgets all: a provider was changed.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// An issuer as an administrator writes it: by TLS, or on this very machine; without query and fragment.
pub(super) fn issuer_of(written: &str) -> Option<Url> {
    let url = Url::parse(written).ok()?;
    let plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_here(&url));
    (plain && safe && url.has_host()).then_some(url)
}

async fn discover(issuer: &Url, written: &str) -> Result<Discovered, ProviderError> {
    let place = format!("{}/.well-known/openid-configuration", written.trim_end_matches('/'));
    let place = Url::parse(&place).map_err(|error| ProviderError::Document(error.to_string()))?;
    let document: Discovered = ask("discovery", &place, issuer, None, None).await?;
    // Whose document it is, is for the document to say; another one's would let it speak for the other.
    if document.issuer != written {
        return Err(ProviderError::Document(format!("it is of the issuer {}", document.issuer)));
    }
    for url in [&document.authorization_endpoint, &document.token_endpoint, &document.jwks_uri] {
        let safe = url.scheme() == "https" || (url.scheme() == "http" && is_here(url) && is_here(issuer));
        if !safe {
            return Err(ProviderError::Document(format!("{url} is not by TLS")));
        }
    }
    Ok(document)
}

impl Discovered {
    /// Exchanges a code, once.
    pub(super) async fn tokens(
        &self,
        issuer: &Url,
        client: &Client<'_>,
        code: &str,
        verifier: &str,
        redirect: &str,
    ) -> Result<Tokens, ProviderError> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", redirect)
            .append_pair("code_verifier", verifier);
        let methods = &self.token_endpoint_auth_methods_supported;
        let has = |method: &str| methods.iter().any(|one| one == method);
        let mut authorization = None;
        if client.secret.is_empty() {
            form.append_pair("client_id", client.id);
        } else if has("client_secret_post") && !has("client_secret_basic") {
            form.append_pair("client_id", client.id).append_pair("client_secret", client.secret);
        } else {
            authorization = Some(basic(client)?);
        }
        ask("the token endpoint", &self.token_endpoint, issuer, authorization, Some(form.finish())).await
    }

    /// The issuer's keys as they are now.
    pub(super) async fn keys(&self, issuer: &Url) -> Result<Vec<Jwk>, ProviderError> {
        let keys: Keys = ask("the keys", &self.jwks_uri, issuer, None, None).await?;
        // Keys of kinds that nobody knows here are not ours to refuse.
        let known = keys.keys.into_iter().take(KEYS_MAX).filter_map(|key| serde_json::from_value(key).ok());
        Ok(known.collect())
    }

    /// What else it says of whom the tokens are of; none where it has no place to ask.
    pub(super) async fn about(
        &self,
        issuer: &Url,
        tokens: &Tokens,
    ) -> Result<Option<Map<String, Value>>, ProviderError> {
        let (Some(place), Some(token)) = (&self.userinfo_endpoint, &tokens.access_token) else {
            return Ok(None);
        };
        let bearer = HeaderValue::from_str(&format!("Bearer {token}"));
        let bearer = bearer.map_err(|error| ProviderError::Document(error.to_string()))?;
        ask("userinfo", place, issuer, Some(bearer), None).await.map(Some)
    }
}

/// Client id and secret as RFC 6749 wants them: each form-encoded first.
fn basic(client: &Client<'_>) -> Result<HeaderValue, ProviderError> {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let both = STANDARD.encode(format!("{}:{}", encoded(client.id), encoded(client.secret)));
    let mut value = HeaderValue::from_str(&format!("Basic {both}"))
        .map_err(|error| ProviderError::Document(error.to_string()))?;
    value.set_sensitive(true);
    Ok(value)
}

async fn ask<T: DeserializeOwned>(
    what: &'static str,
    url: &Url,
    issuer: &Url,
    authorization: Option<HeaderValue>,
    form: Option<String>,
) -> Result<T, ProviderError> {
    // Where the issuer itself is, an administrator has written down; whatever else its document names is its own word.
    let named = if url.origin() == issuer.origin() { Named::ByUs } else { Named::ByOthers };
    let sent = form.map_or(Sent::Nothing, Sent::Form);
    let answer = fetch(Asking { url, named, authorization, sent, most: DOCUMENT_MAX }).await?;
    let refused = |said: String| ProviderError::Refused { what, status: answer.status.as_u16(), said };
    if !answer.status.is_success() {
        return Err(refused(crate::audit::capped(&String::from_utf8_lossy(&answer.body))));
    }
    serde_json::from_slice(&answer.body).map_err(|error| refused(error.to_string()))
}
