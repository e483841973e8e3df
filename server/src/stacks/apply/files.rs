//! Secrets and configs that are no files of the host, put into a container before it starts.

use bytes::Bytes;
use http_body_util::Full;
use longshore_api::ops::Kind;
use longshore_compose::engine::Injected;

use super::hands::Hands;
use crate::fault::Fault;

/// Puts files into a container that was made and does not run yet.
pub(super) async fn put(hands: &Hands<'_>, id: &str, name: &str, files: &[Injected]) -> Result<(), Fault> {
    if files.is_empty() {
        return Ok(());
    }
    let archive = archive(files).map_err(Fault::internal)?;
    let call = hands.call("container-write", Kind::Container, id, name)?.with("path", "/");
    call.upload(Full::new(Bytes::from(archive)), async |_, _| Ok(())).await
}

fn archive(files: &[Injected]) -> std::io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.content.len() as u64);
        header.set_mode(file.mode);
        header.set_uid(file.uid.parse().unwrap_or(0));
        header.set_gid(file.gid.parse().unwrap_or(0));
        header.set_cksum();
        archive.append_data(&mut header, file.target.trim_start_matches('/'), file.content.as_bytes())?;
    }
    archive.into_inner()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_secret_is_a_file_of_its_own_with_its_rights() {
        let secret = Injected {
            target: "/run/secrets/key".to_owned(),
            content: "harbour".to_owned(),
            mode: 0o400,
            uid: "33".to_owned(),
            gid: String::new(),
        };
        let archive = archive(&[secret]).expect("an archive");
        let mut archive = tar::Archive::new(archive.as_slice());
        let mut entry = archive.entries().expect("entries").next().expect("one").expect("whole");
        let mut text = String::new();
        entry.read_to_string(&mut text).expect("a text");
        let header = entry.header();
        assert_eq!(
            (header.mode().ok(), header.uid().ok(), text.as_str()),
            (Some(0o400), Some(33), "harbour")
        );
        assert_eq!(entry.path().expect("a path").to_str(), Some("run/secrets/key"));
    }
}
