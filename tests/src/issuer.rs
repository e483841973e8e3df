//! An issuer that signs whatever the test wants, with one key of ES256: what a certified provider never would.

use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData};
use serde_json::{Value, json};
use tokio::task::AbortHandle;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// The id of its key.
const KEY_ID: &str = "one";

/// What it answers next.
#[derive(Default)]
struct Says {
    token: String,
    document: Value,
}

/// An issuer on loopback, until it is dropped.
pub struct Issuer {
    url: String,
    key: KeyPair,
    says: Arc<Mutex<Says>>,
    serving: AbortHandle,
}

impl Issuer {
    /// Starts it.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it listens"));
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key");
        let says = Arc::new(Mutex::new(Says::default()));
        let serving = tokio::spawn(serve(listener, jwks(&key), Arc::clone(&says))).abort_handle();
        let issuer = Self { url, key, says, serving };
        issuer.document(json!({}));
        issuer
    }

    /// Its own address, which it says it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What its discovery document says from now on, besides what all say.
    pub fn document(&self, further: Value) {
        let url = &self.url;
        let mut document = json!({
            "issuer": url, "authorization_endpoint": format!("{url}/auth"), "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/keys"),
        });
        for (key, value) in further.as_object().into_iter().flatten() {
            document[key] = value.clone();
        }
        self.lock().document = document;
    }

    /// The ID token that it gives for every code from now on.
    pub fn gives(&self, token: String) {
        self.lock().token = token;
    }

    /// A token that it signs as it should.
    pub fn signed(&self, claims: &Value) -> String {
        let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::ES256) };
        let key = EncodingKey::from_ec_der(self.key.serialized_der());
        encode(&header, claims, &key).expect("signed")
    }

    /// One that anybody could make who has read its public key: that key is the secret of the signature.
    pub fn signed_with_public_key(&self, claims: &Value, secret: &[u8]) -> String {
        let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::HS256) };
        encode(&header, claims, &EncodingKey::from_secret(secret)).expect("signed")
    }

    /// One that is not signed at all, and says so.
    pub fn unsigned(claims: &Value, algorithm: &str) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.", part(&json!({ "alg": algorithm, "kid": KEY_ID })), part(claims))
    }

    /// Its public key as a file has it, and as the bytes of its point.
    pub fn public_key(&self) -> [Vec<u8>; 2] {
        [self.key.public_key_pem().into_bytes(), self.key.der_bytes().to_vec()]
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Says> {
        self.says.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Its key, and one of a kind that nobody knows.
fn jwks(key: &KeyPair) -> Value {
    // 4, then both coordinates.
    let point = key.der_bytes();
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({ "keys": [
        { "kty": "of-tomorrow", "kid": "two", "q": 7 },
        { "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": KEY_ID, "x": part(&point[1..33]), "y": part(&point[33..65]) },
    ] })
}

async fn serve(listener: TcpListener, keys: Value, says: Arc<Mutex<Says>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (keys, says) = (keys.clone(), Arc::clone(&says));
        // How a connection ends is the client's to see.
        tokio::spawn(async move { drop(answer(stream, &keys, &says).await) });
    }
}

async fn answer(stream: TcpStream, keys: &Value, says: &Mutex<Says>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().map_err(std::io::Error::other)?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let path = first.split(' ').nth(1).unwrap_or_default();
    let said = {
        let says = says.lock().unwrap_or_else(PoisonError::into_inner);
        match path {
            "/.well-known/openid-configuration" => Some(says.document.clone()),
            "/keys" => Some(keys.clone()),
            "/token" => Some(json!({ "token_type": "Bearer", "access_token": "a", "id_token": says.token })),
            _ => None,
        }
    };
    let (status, said) = said.map_or(("404 Not Found", String::new()), |said| ("200 OK", said.to_string()));
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        said.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(said.as_bytes()).await?;
    stream.flush().await
}
