//! Files that we have, as the engine takes them: in an archive. Secrets and configs that are no files of the host are put
//! into a container so before it starts.

use bytes::Bytes;
use http_body_util::Full;
use longshore_api::ops::Kind;
use longshore_compose::engine::Injected;

use super::hands::Hands;
use crate::{containers, fault::Fault};

/// Puts files into a container that was made and does not run yet.
pub(super) async fn put(hands: &Hands<'_>, id: &str, name: &str, files: &[Injected]) -> Result<(), Fault> {
    if files.is_empty() {
        return Ok(());
    }
    // What is mounted in it is written by its paths, and of what took another's place not all mounts were asked for.
    containers::within_the_line(hands.house, hands.pass, id).await?;
    let archive = archive(files.iter().map(Entry::from)).map_err(Fault::internal)?;
    let call = hands.call("container-write", Kind::Container, id, name)?.with("path", "/");
    call.upload(Full::new(Bytes::from(archive)), async |_, _| Ok(())).await
}

impl<'a> From<&'a Injected> for Entry<'a> {
    fn from(file: &'a Injected) -> Self {
        Self {
            path: file.target.trim_start_matches('/'),
            text: &file.content,
            mode: file.mode,
            owner: (file.uid, file.gid),
        }
    }
}

/// A file of an archive.
pub(super) struct Entry<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
    pub(super) mode: u32,
    /// User and group.
    pub(super) owner: (u64, u64),
}

pub(super) fn archive<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> std::io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    for Entry { path, text, mode, owner: (user, group) } in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(mode);
        header.set_uid(user);
        header.set_gid(group);
        header.set_cksum();
        archive.append_data(&mut header, path, text.as_bytes())?;
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
            uid: 33,
            gid: 0,
        };
        let archive = archive([Entry::from(&secret)]).expect("an archive");
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
