//! `longshore health`: asks the server of these settings, on this machine, whether it answers. An image FROM scratch has
//! nothing else that could.

use std::{
    io::{BufRead as _, BufReader, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, bail};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use crate::settings::{Given, Settings};

/// Each step of the conversation is given so long.
const PATIENCE: Duration = Duration::from_secs(3);
/// Of the answer, its first line is read.
const HEAD_MAX: u64 = 256;

/// Asks. The error says what is wrong.
pub fn probe(given: &Given) -> anyhow::Result<()> {
    let settings = Settings::gather(given)?;
    let at = reached_at(settings.front.listen);
    let stream =
        TcpStream::connect_timeout(&at, PATIENCE).with_context(|| format!("nobody listens at {at}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let path = format!("{}/healthz", settings.front.base);
    let said = if settings.tls.is_on() {
        ask(StreamOwned::new(tls(at.ip())?, stream), at, &path)
    } else {
        ask(stream, at, &path)
    };
    let said = said.with_context(|| format!("no answer from {at}{path}"))?;
    if said.split(' ').nth(1) != Some("200") {
        bail!("{at}{path} answered {said:?}");
    }
    println!("ok");
    Ok(())
}

/// Who listens on every address is reached at the loopback's.
fn reached_at(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The first line of the answer.
fn ask(mut stream: impl Read + Write, at: SocketAddr, path: &str) -> std::io::Result<String> {
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {at}\r\nUser-Agent: longshore health\r\nConnection: close\r\n\r\n"
    )?;
    stream.flush()?;
    let mut head = Vec::new();
    BufReader::new(stream.take(HEAD_MAX)).read_until(b'\n', &mut head)?;
    Ok(String::from_utf8_lossy(&head).trim_end().to_owned())
}

fn tls(ip: IpAddr) -> anyhow::Result<ClientConnection> {
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anyone))
        .with_no_client_auth();
    Ok(ClientConnection::new(Arc::new(config), ServerName::from(ip))?)
}

/// Takes any certificate: ours is for the name that browsers use, or signed by itself. Nothing is said that would be a
/// secret, and the answer is believed no further than "it answers".
#[derive(Debug)]
struct Anyone;

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        aws_lc_rs::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_everywhere_is_asked_on_this_machine() {
        for (listen, at) in
            [("0.0.0.0:7420", "127.0.0.1:7420"), ("[::]:1", "[::1]:1"), ("192.0.2.7:80", "192.0.2.7:80")]
        {
            let listen = listen.parse().expect("an address");
            assert_eq!(reached_at(listen).to_string(), at);
        }
    }
}
