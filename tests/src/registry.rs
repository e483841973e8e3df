//! A registry of one image, which breaks when it is told to.

use std::sync::Arc;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// How the registry behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manners {
    /// As registries do.
    Good,
    /// Its manifests are none.
    Garbage,
    /// It sends half of a layer and then nothing more.
    Hangs,
}

/// A registry that runs as long as the test's runtime lives.
pub struct Registry {
    /// The reference of its image.
    pub image: String,
}

struct Shelf {
    manners: Manners,
    manifest: Vec<u8>,
    config: Vec<u8>,
    layer: Vec<u8>,
}

fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

impl Registry {
    /// Starts it with an image of one layer, which is no other test's.
    pub async fn start(name: &str, manners: Manners) -> Self {
        // An archive of one file, padded: enough to be sent in halves.
        let mut layer = vec![0; 512];
        layer[..name.len()].copy_from_slice(name.as_bytes());
        layer[100..107].copy_from_slice(b"0000644");
        layer[124..135].copy_from_slice(b"00000400000");
        layer[156] = b'0';
        layer[148..156].fill(b' ');
        let sum: u32 = layer.iter().map(|byte| u32::from(*byte)).sum();
        layer[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        layer.resize(512 + 0o400_000 + 1024, 0);
        let config = json!({
            "architecture": "amd64", "os": "linux", "config": { "Cmd": [format!("/{name}")] },
            "rootfs": { "type": "layers", "diff_ids": [digest(&layer)] },
        });
        let config = config.to_string().into_bytes();
        let manifest = json!({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": { "mediaType": "application/vnd.oci.image.config.v1+json",
                "digest": digest(&config), "size": config.len() },
            "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar",
                "digest": digest(&layer), "size": layer.len() }],
        });
        let manifest = manifest.to_string().into_bytes();
        let shelf = Arc::new(Shelf { manners, manifest, config, layer });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let image = format!("{}/{name}:1", listener.local_addr().expect("a bound listener"));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shelf = Arc::clone(&shelf);
                // A client that leaves is none of our business.
                tokio::spawn(async move { shelf.serve(stream).await });
            }
        });
        Self { image }
    }
}

impl Shelf {
    async fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
            if head[0] == 22 {
                // TLS, which we do not speak: the engine asks again without.
                return stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n").await;
            }
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let (method, rest) = head.split_once(' ').unwrap_or_default();
        let path = rest.split(' ').next().unwrap_or_default();
        let manifest = (self.manifest.as_slice(), "application/vnd.oci.image.manifest.v1+json");
        let (body, kind) = match path.rsplit_once('/') {
            Some((before, _)) if before.ends_with("/manifests") && self.manners == Manners::Garbage => {
                (b"<html>It works!</html>".as_slice(), "text/html")
            }
            Some((before, _)) if before.ends_with("/manifests") => manifest,
            Some((_, wanted)) if wanted == digest(&self.config) => {
                (self.config.as_slice(), "application/octet-stream")
            }
            Some((_, wanted)) if wanted == digest(&self.layer) => {
                (self.layer.as_slice(), "application/octet-stream")
            }
            _ => (b"{}".as_slice(), "application/json"),
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nDocker-Content-Digest: {}\r\n\
             Docker-Distribution-Api-Version: registry/2.0\r\nConnection: close\r\n\r\n",
            body.len(),
            digest(body)
        );
        stream.write_all(head.as_bytes()).await?;
        if method == "HEAD" {
            return Ok(());
        }
        if self.manners == Manners::Hangs && body == self.layer {
            stream.write_all(&body[..body.len() / 2]).await?;
            // Until the engine has had enough.
            stream.read_u8().await?;
            return Ok(());
        }
        stream.write_all(body).await
    }
}
