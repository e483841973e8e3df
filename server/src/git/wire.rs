//! Requests and answers of Git's protocol, version 2: lines with their length before them.

use gix_hash::ObjectId;
use gix_packetline::{
    PacketLineRef,
    decode::{Stream, streaming},
};

use super::error::GitError;

/// What a server offers, as far as it matters here.
#[derive(Debug, PartialEq)]
pub(super) struct Offered {
    /// It leaves out what it is asked to leave out.
    pub(super) filter: bool,
}

/// A line, or what stands between lines.
enum Line<'a> {
    Data(&'a [u8]),
    Between,
}

fn lines(mut answer: &[u8]) -> impl Iterator<Item = Result<Line<'_>, GitError>> {
    let mut next = move || {
        let Stream::Complete { line, bytes_consumed } = streaming(answer).map_err(GitError::broken)? else {
            return Err(GitError::broken("the answer ends in the midst of a line"));
        };
        answer = &answer[bytes_consumed..];
        match line {
            PacketLineRef::Data(data) if data.starts_with(b"ERR ") => Err(GitError::broken(said(&data[4..]))),
            PacketLineRef::Data(data) => Ok((Line::Data(data), answer.is_empty())),
            _ => Ok((Line::Between, answer.is_empty())),
        }
    };
    let mut over = answer.is_empty();
    std::iter::from_fn(move || {
        let line = (!over).then(&mut next)?;
        over = line.as_ref().map_or(true, |(_, is_last)| *is_last);
        Some(line.map(|(line, _)| line))
    })
}

/// What a server says in words: one line, of a length that can be shown.
fn said(words: &[u8]) -> String {
    let words = String::from_utf8_lossy(words);
    words.trim().chars().filter(|c| !c.is_control()).take(300).collect()
}

/// What the server offers.
pub(super) fn offered(answer: &[u8]) -> Result<Offered, GitError> {
    // Whatever is there instead of a repository is no list of lines.
    let is_page = !answer.first().is_some_and(u8::is_ascii_hexdigit);
    if is_page {
        return Err(GitError::NoRepository);
    }
    let (mut second, mut filter) = (false, false);
    for line in lines(answer) {
        let Line::Data(data) = line? else { continue };
        let word = data.trim_ascii();
        second |= word == b"version 2";
        let of_sha1 = word.strip_prefix(b"object-format=").is_none_or(|format| format == b"sha1");
        if !of_sha1 {
            return Err(GitError::NoRepository);
        }
        if let Some(more) = word.strip_prefix(b"fetch=") {
            filter = more.split(|byte| *byte == b' ').any(|word| word == b"filter");
        }
    }
    if second { Ok(Offered { filter }) } else { Err(GitError::NoRepository) }
}

/// A request: a command, and what belongs to it.
fn request(command: &str, arguments: &[String]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = |text: &str| out.extend_from_slice(format!("{:04x}{text}\n", text.len() + 5).as_bytes());
    line(&format!("command={command}"));
    line(&format!("agent=longshore/{}", env!("CARGO_PKG_VERSION")));
    line("object-format=sha1");
    out.extend_from_slice(b"0001");
    let mut line = |text: &str| out.extend_from_slice(format!("{:04x}{text}\n", text.len() + 5).as_bytes());
    arguments.iter().for_each(|text| line(text));
    out.extend_from_slice(b"0000");
    out
}

/// Asks which commit the main branch is at.
pub(super) fn ask_for_head() -> Vec<u8> {
    request("ls-refs", &["ref-prefix HEAD".to_owned()])
}

/// Which commit that is.
pub(super) fn head(answer: &[u8]) -> Result<ObjectId, GitError> {
    for line in lines(answer) {
        let Line::Data(data) = line? else { continue };
        let mut words = data.trim_ascii().split(|byte| *byte == b' ');
        if let (Some(id), Some(b"HEAD")) = (words.next(), words.next()) {
            return ObjectId::from_hex(id).map_err(GitError::broken);
        }
    }
    Err(GitError::Empty)
}

/// Asks for a commit without those before it: with the names of its files, and with their contents if those cannot be
/// left out.
pub(super) fn ask_for_commit(id: &ObjectId, filter: bool) -> Vec<u8> {
    let mut arguments = vec!["no-progress".to_owned(), "ofs-delta".to_owned(), "deepen 1".to_owned()];
    arguments.extend(filter.then(|| "filter blob:none".to_owned()));
    arguments.extend([format!("want {id}"), "done".to_owned()]);
    request("fetch", &arguments)
}

/// Asks for files by their ids.
pub(super) fn ask_for_blobs(ids: &[ObjectId]) -> Vec<u8> {
    let mut arguments = vec!["no-progress".to_owned()];
    arguments.extend(ids.iter().map(|id| format!("want {id}")));
    arguments.push("done".to_owned());
    request("fetch", &arguments)
}

/// The pack in an answer.
pub(super) fn pack(answer: &[u8]) -> Result<Vec<u8>, GitError> {
    let mut pack: Option<Vec<u8>> = None;
    for line in lines(answer) {
        let Line::Data(data) = line? else { continue };
        let Some(pack) = &mut pack else {
            pack = (data.trim_ascii() == b"packfile").then(Vec::new);
            continue;
        };
        match data.split_first() {
            Some((1, more)) => pack.extend_from_slice(more),
            Some((3, words)) => return Err(GitError::broken(said(words))),
            _ => {}
        }
    }
    pack.ok_or_else(|| GitError::broken("there is no pack in the answer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(lines: &[&str]) -> Vec<u8> {
        let line = |text: &&str| match *text {
            "" => "0000".to_owned(),
            text => format!("{:04x}{text}", text.len() + 4),
        };
        lines.iter().map(line).collect::<String>().into_bytes()
    }

    #[test]
    fn a_server_of_the_second_version_says_what_it_offers() {
        let of =
            |more: &str| answer(&["# service=git-upload-pack\n", "", "version 2\n", "ls-refs\n", more, ""]);
        assert_eq!(offered(&of("fetch=shallow filter\n")).expect("v2"), Offered { filter: true });
        assert_eq!(offered(&of("fetch=shallow\n")).expect("v2"), Offered { filter: false });
        assert!(matches!(offered(&of("object-format=sha256\n")), Err(GitError::NoRepository)));
        let first = answer(&["# service=git-upload-pack\n", "", "0123 HEAD\0multi_ack\n", ""]);
        assert!(matches!(offered(&first), Err(GitError::NoRepository)));
        assert!(matches!(offered(b"<!doctype html>"), Err(GitError::NoRepository)));
        assert!(matches!(offered(b""), Err(GitError::NoRepository)));
    }

    #[test]
    fn what_a_server_complains_of_is_told() {
        let id = "a".repeat(40);
        assert_eq!(head(&answer(&[&format!("{id} HEAD\n"), ""])).expect("an id").to_string(), id);
        assert!(matches!(head(&answer(&[""])), Err(GitError::Empty)));
        for broken in [&b"00"[..], b"zzzz", b"0005", b"ffff"] {
            assert!(matches!(head(broken), Err(GitError::Broken(_))), "{broken:?}");
        }
        let why = pack(&answer(&["packfile\n", "\u{3}out of memory\n", ""])).expect_err("a complaint");
        assert_eq!(why.to_string(), "out of memory");
        let why = pack(&answer(&["ERR access denied\n"])).expect_err("a complaint");
        assert_eq!(why.to_string(), "access denied");
        let two =
            pack(&answer(&["shallow-info\n", "", "packfile\n", "\u{1}PA", "\u{2}10%\n", "\u{1}CK", ""]));
        assert_eq!(two.expect("a pack"), b"PACK");
    }
}
