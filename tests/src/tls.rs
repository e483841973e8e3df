//! TLS as a careful client speaks it: it trusts one certificate and no other.

use std::{io, path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::soon;

/// Makes a certificate for localhost, and its key, as `cert.pem` and `key.pem` of a folder; what was there is replaced.
/// Nobody trusts it.
pub fn certify(dir: &Path) {
    let made =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate can be made");
    std::fs::write(dir.join("cert.pem"), made.cert.pem()).expect("a temporary folder can be written");
    std::fs::write(dir.join("key.pem"), made.signing_key.serialize_pem())
        .expect("a temporary folder can be written");
}

/// Shakes hands with whom an address belongs to, as localhost, trusting only the certificate in a file.
///
/// # Errors
/// It is not the one that is served.
pub async fn trust(address: &str, certificate: &Path) -> io::Result<()> {
    let certificate = CertificateDer::from_pem_file(certificate).expect("a certificate in PEM form");
    let mut roots = RootCertStore::empty();
    roots.add(certificate).expect("a certificate that can be trusted");
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let stream = TcpStream::connect(address).await.expect("the server listens");
    soon("a handshake", TlsConnector::from(Arc::new(config)).connect(name, stream)).await.map(drop)
}
