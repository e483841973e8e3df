//! The hash of a configuration that `docker compose` 2 keeps in a label: SHA-256 of the service as Go's encoder writes
//! its struct as JSON, without what does not change a container.
//!
//! This follows the published algorithm and is unproven here: no `docker compose` 2 was at hand to compare with, and the
//! struct grows from version to version. Where it differs, `docker compose up` makes a container anew that it need not.
//! Nothing of ours relies on it: whether something differs is decided field by field.

mod go;
mod service;

use sha2::{Digest, Sha256};

use crate::model::{Network, Pairs, Service, Volume};
use go::Object;

/// The hash of a service.
pub fn service(service: &Service) -> String {
    digest(&service::json(service))
}

/// The hash of a network.
pub fn network(network: &Network) -> String {
    let mut pools = Vec::new();
    for pool in &network.ipam.config {
        let mut one = Object::default();
        one.text("subnet", &pool.subnet);
        one.text("gateway", &pool.gateway);
        one.text("ip_range", &pool.ip_range);
        one.pairs("aux_addresses", &pool.aux_addresses);
        pools.push(one);
    }
    let mut ipam = Object::default();
    ipam.text("driver", &network.ipam.driver);
    ipam.objects("config", pools);
    ipam.pairs("options", &network.ipam.options);
    let mut json = Object::default();
    json.text("name", &network.name);
    json.text("driver", &network.driver);
    json.pairs("driver_opts", &network.driver_opts);
    json.object("ipam", ipam);
    json.flag("external", network.external);
    json.flag("internal", network.internal);
    json.flag("attachable", network.attachable);
    json.pairs("labels", &network.labels);
    json.maybe_flag("enable_ipv4", network.enable_ipv4);
    json.maybe_flag("enable_ipv6", network.enable_ipv6);
    digest(&json.end())
}

/// The hash of a volume.
pub fn volume(volume: &Volume) -> String {
    let resource = |name: &str, driver: &str, options: &Pairs| {
        let mut json = Object::default();
        json.text("name", name);
        json.text("driver", if driver.is_empty() { "local" } else { driver });
        json.pairs("driver_opts", options);
        json
    };
    let mut json = resource(&volume.name, &volume.driver, &volume.driver_opts);
    json.flag("external", volume.external);
    json.pairs("labels", &volume.labels);
    digest(&json.end())
}

/// What digests are keyed with of what not everybody who reads a label may know: without the key nobody can try values
/// against them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// Of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest of a text with this key, as hexadecimal digits: HMAC with SHA-256.
    pub fn digest(&self, text: &str) -> String {
        let pad = |with: u8| {
            let mut block = [with; 64];
            block.iter_mut().zip(self.0).for_each(|(byte, key)| *byte ^= key);
            block
        };
        let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text.as_bytes()).finalize();
        hexadecimal(&Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize())
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key")
    }
}

/// The digest of a text, as hexadecimal digits.
pub(crate) fn digest(json: &str) -> String {
    hexadecimal(&Sha256::digest(json.as_bytes()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second case of RFC 4231, whose key is shorter than a block.
    #[test]
    fn a_keyed_digest_is_hmac() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            Key::new(key).digest("what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn only_what_changes_a_container_changes_its_hash() {
        let mut one = Service { image: "nginx".to_owned(), ..Service::default() };
        let before = service(&one);
        assert_eq!(service::json(&one), r#"{"command":null,"entrypoint":null,"image":"nginx"}"#);
        one.scale = Some(3);
        one.profiles.push("debug".to_owned());
        one.pull_policy = "always".to_owned();
        one.depends_on.insert("db".to_owned(), Default::default());
        one.extra.insert("x-note".to_owned(), 1.into());
        assert_eq!(service(&one), before);
        one.user = "1000".to_owned();
        assert_ne!(service(&one), before);
    }
}
