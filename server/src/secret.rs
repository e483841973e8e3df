//! Random secrets, their digests, and the files that hold the instance's own keys.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use aws_lc_rs::{digest, rand};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// 32 random bytes as 43 characters that pass through URLs.
pub fn random_token() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// Bytes of the system's own randomness.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the system gives randomness, or nothing here is safe");
    bytes
}

/// What is stored in place of a random secret. A plain digest is enough: the secrets have 256 random bits.
pub fn digest_of(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, secret.as_bytes()))
}

/// Reads a key file of the data folder; none where there is no such file. One of another length is an error.
pub fn read_key(path: &Path) -> io::Result<Option<[u8; 32]>> {
    match fs::read(path) {
        Ok(bytes) => bytes.try_into().map(Some).map_err(|bytes: Vec<u8>| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{} has {} bytes, a key has 32", path.display(), bytes.len()),
            )
        }),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

/// Makes a key file, readable by its owner alone. One that is there is never overwritten.
pub fn new_key(path: &Path) -> io::Result<[u8; 32]> {
    let key = random_bytes::<32>();
    if path.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    // Written aside and renamed, so that a killed start leaves no half key behind.
    let aside = path.with_extension("new");
    let _ = fs::remove_file(&aside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    file.write_all(&key)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_file_is_made_once_for_its_owner_alone_and_never_overwritten() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("signing.key");
        assert_eq!(read_key(&path).expect("none yet"), None);
        let first = new_key(&path).expect("a new key");
        assert!(new_key(&path).is_err());
        assert_eq!(read_key(&path).expect("the same key"), Some(first));
        assert_eq!(fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
        fs::write(&path, b"short").expect("the file");
        assert!(read_key(&path).is_err());
        assert_eq!(fs::read(&path).expect("the file"), b"short");
    }
}
