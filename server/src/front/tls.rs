//! Our own end of TLS: a certificate that was given, or one that is made at start and kept in the data folder.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    net::IpAddr,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
    time::Duration,
};

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::settings::{Settings, TlsSettings};

/// Who has not finished its handshake by then is cut.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The self-made certificate, with its key.
const OWN: &str = "tls-self-signed.pem";
/// It holds so long from the day it is made.
const OWN_DAYS: i64 = 365;
/// It is made anew so long before it ends.
const RENEW_DAYS: i64 = 30;

/// Why there can be no TLS. Each reads as the sentence that the program exits with.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("{} cannot be read or written", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// A file has no certificate in it.
    #[error("{} has no certificate in PEM form", .0.display())]
    NoCertificate(PathBuf),
    /// A file has no private key in it.
    #[error("{} has no private key in PEM form", .0.display())]
    NoKey(PathBuf),
    /// The two do not fit, or rustls cannot use them.
    #[error("the certificate in {} and the key in {} do not go together", .certificate.display(), .key.display())]
    Mismatch {
        /// The chain.
        certificate: PathBuf,
        /// The key.
        key: PathBuf,
        /// The words of rustls.
        #[source]
        cause: rustls::Error,
    },
    /// A certificate of our own could not be made.
    #[error("a self-signed certificate could not be made")]
    Make(#[from] rcgen::Error),
    /// rustls does not take the configuration.
    #[error("TLS could not be set up")]
    Setup(#[from] rustls::Error),
}

/// Accepts TLS with whatever certificate is the current one.
pub struct Tls {
    acceptor: TlsAcceptor,
    current: Arc<Current>,
    source: Source,
}

struct Source {
    settings: TlsSettings,
    data: PathBuf,
    listen: IpAddr,
}

/// The certificate that new connections get.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().expect("no one panics while holding this lock")))
    }
}

impl Tls {
    /// Reads or makes the certificate; none where TLS is off.
    pub fn open(settings: &Settings) -> Result<Option<Self>, TlsError> {
        if !settings.tls.is_on() {
            return Ok(None);
        }
        let source = Source {
            settings: settings.tls.clone(),
            data: settings.data.clone(),
            listen: settings.front.listen.ip(),
        };
        let current = Arc::new(Current(RwLock::new(Arc::new(source.load()?))));
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&current) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Some(Self { acceptor: TlsAcceptor::from(Arc::new(config)), current, source }))
    }

    /// Reads the certificate again, for connections to come. What cannot be read leaves the old one in place.
    pub fn reload(&self) -> Result<(), TlsError> {
        let fresh = Arc::new(self.source.load()?);
        *self.current.0.write().expect("no one panics while holding this lock") = fresh;
        Ok(())
    }

    /// Finishes the handshake of a fresh connection.
    pub async fn accept<I: AsyncRead + AsyncWrite + Unpin>(&self, stream: I) -> io::Result<TlsStream<I>> {
        timeout(HANDSHAKE, self.acceptor.accept(stream)).await.map_err(|_| io::ErrorKind::TimedOut)?
    }
}

impl Source {
    fn load(&self) -> Result<CertifiedKey, TlsError> {
        match &self.settings {
            TlsSettings::Files { certificate, key } => load(certificate, key),
            TlsSettings::SelfSigned | TlsSettings::Off => {
                let own = self.data.join(OWN);
                keep_own(&own, &names(self.listen))?;
                load(&own, &own)
            }
        }
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn load(certificate: &Path, key: &Path) -> Result<CertifiedKey, TlsError> {
    let read = |path: &Path| fs::read(path).map_err(|cause| TlsError::File { path: path.to_owned(), cause });
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&read(certificate)?)
        .collect::<Result<_, _>>()
        .map_err(|_| TlsError::NoCertificate(certificate.to_owned()))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(certificate.to_owned()));
    }
    let private = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|_| TlsError::NoKey(key.to_owned()))?;
    CertifiedKey::from_der(chain, private, &provider()).map_err(|cause| TlsError::Mismatch {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
        cause,
    })
}

/// What a certificate of our own is good for: this machine by its names, and the address we listen on.
fn names(listen: IpAddr) -> Vec<String> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    names.extend(
        rustix::system::uname().nodename().to_str().ok().filter(|n| !n.is_empty()).map(str::to_owned),
    );
    names.push(listen.to_string());
    names.retain(|name| !matches!(name.as_str(), "0.0.0.0" | "::"));
    names.sort();
    names.dedup();
    names
}

/// Makes the certificate where there is none, where it ends soon, and where it is for other names. Its first line says
/// until when and for whom; PEM passes over it.
fn keep_own(path: &Path, names: &[String]) -> Result<(), TlsError> {
    let now = Timestamp::now();
    let wanted = names.join(" ");
    if let Ok(text) = fs::read_to_string(path)
        && let Some((until, of)) = text.lines().next().and_then(|line| line.split_once(' '))
        && until.parse::<Timestamp>().is_ok_and(|until| until > now + (24 * RENEW_DAYS).hours())
        && of == wanted
    {
        return Ok(());
    }
    let until = now + (24 * OWN_DAYS).hours();
    let day = |at: Timestamp| {
        let at = TimeZone::UTC.to_datetime(at);
        date_time_ymd(i32::from(at.year()), at.month().unsigned_abs(), at.day().unsigned_abs())
    };
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "Longshore");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.not_before = day(now - 24.hours());
    params.not_after = day(until);
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    let text = format!("{until} {wanted}\n{}{}", certificate.pem(), key.serialize_pem());
    write_private(path, text.as_bytes()).map_err(|cause| TlsError::File { path: path.to_owned(), cause })?;
    tracing::info!(path = %path.display(), names = wanted, "a self-signed certificate was made");
    Ok(())
}

/// Written aside and renamed: a killed start leaves no half file behind.
fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let aside = path.with_extension("new");
    let _ = fs::remove_file(&aside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&aside, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn settings(data: &Path) -> Settings {
        Settings { data: data.to_owned(), tls: TlsSettings::SelfSigned, ..Settings::default() }
    }

    #[test]
    fn a_self_signed_certificate_is_kept_for_its_owner_and_made_anew_before_it_ends() {
        let data = tempfile::tempdir().expect("a folder");
        let path = data.path().join(OWN);
        Tls::open(&settings(data.path())).expect("a certificate");
        let first = fs::read_to_string(&path).expect("the file");
        assert_eq!(fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
        Tls::open(&settings(data.path())).expect("the same certificate");
        assert_eq!(fs::read_to_string(&path).expect("the file"), first);
        let (_, rest) = first.split_once(' ').expect("a first line");
        let soon = Timestamp::now() + (24 * 29).hours();
        fs::write(&path, format!("{soon} {rest}")).expect("the file");
        Tls::open(&settings(data.path())).expect("another certificate");
        assert_ne!(fs::read_to_string(&path).expect("the file"), first);
    }

    #[test]
    fn a_certificate_and_the_key_of_another_are_refused_by_name() {
        let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        for data in [&one, &two] {
            Tls::open(&settings(data.path())).expect("a certificate");
        }
        let (certificate, key) = (one.path().join(OWN), two.path().join(OWN));
        let refused = load(&certificate, &key).map(drop).expect_err("a mismatch");
        assert!(matches!(refused, TlsError::Mismatch { .. }), "{refused}");
        let empty = one.path().join("empty.pem");
        fs::write(&empty, "").expect("a file");
        assert!(matches!(load(&empty, &key).map(drop), Err(TlsError::NoCertificate(_))));
        assert!(matches!(load(&certificate, &empty).map(drop), Err(TlsError::NoKey(_))));
        let missing = one.path().join("none.pem");
        assert!(matches!(load(&missing, &key).map(drop), Err(TlsError::File { .. })));
    }
}
