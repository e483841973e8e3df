//! The ways to break.

use std::time::Duration;

/// What happens to a request instead of its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The answer comes, so much later.
    Slow(Duration),
    /// Nothing comes, for as long as the fault lasts; then the answer does.
    Silent,
    /// Bytes that are no HTTP.
    Garbage,
    /// A whole answer whose JSON ends in the middle.
    TruncatedJson,
    /// The connection ends in the middle of the body.
    CutBody,
    /// A `Content-Length` that is smaller than the body.
    WrongLength,
    /// The connection ends in the middle of the head of a 101.
    HalfSwitch,
    /// A refusal: status and text, which is no JSON.
    Refuse(u16, &'static str),
    /// A refusal whose message has so many bytes.
    HugeError(usize),
}

/// A fault with the requests that meet it.
#[derive(Clone)]
pub(crate) struct Planned {
    pub(crate) path: String,
    pub(crate) fault: Fault,
}

/// A path of the API without its version: `/v1.41/info` is `/info`.
pub(crate) fn unversioned(path: &str) -> &str {
    let Some(rest) = path.strip_prefix("/v") else { return path };
    match rest.split_once('/') {
        Some((version, _)) if version.starts_with(|c: char| c.is_ascii_digit()) => &rest[version.len()..],
        _ => path,
    }
}

/// The version that a path names, as a pair of numbers.
pub(crate) fn version(path: &str) -> Option<(u32, u32)> {
    let (major, minor) = path.strip_prefix("/v")?.split('/').next()?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_version_is_cut_off() {
        assert_eq!(unversioned("/v1.41/info"), "/info");
        assert_eq!(unversioned("/version"), "/version");
        assert_eq!(unversioned("/volumes/x"), "/volumes/x");
        assert_eq!(version("/v1.41/info"), Some((1, 41)));
        assert_eq!(version("/version"), None);
    }
}
