//! Why a request is no operation of ours.

use super::{ApiVersion, Refusal};
use std::fmt;

/// Why a request to the engine was refused before anything else was asked. Texts from the client are kept short,
/// so that they can be shown and logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteError {
    /// Not a method that the engine knows.
    UnknownMethod {
        /// As sent, cut to a bearable length.
        method: String,
    },
    /// Path or query is longer than any real one.
    TooLong {
        /// The longest accepted, in bytes.
        limit: usize,
    },
    /// The path does not begin with a slash.
    NotAbsolute,
    /// Two slashes with nothing between them, as themselves or encoded.
    EmptySegment,
    /// The path ends with a slash.
    TrailingSlash,
    /// A segment is `.` or `..`, as itself or encoded.
    DotSegment,
    /// An encoded slash where no name with slashes can stand.
    EncodedSlash,
    /// A control character in the path, or a zero byte in the query.
    ControlCharacter,
    /// A `%` without two hexadecimal digits, or a character that must be encoded and is not.
    InvalidEncoding,
    /// The decoded bytes are not UTF-8.
    InvalidUtf8,
    /// The version prefix is not `/vMAJOR.MINOR`.
    InvalidVersion {
        /// As sent, cut to a bearable length.
        given: String,
    },
    /// The version prefix is older than [`ApiVersion::OLDEST`].
    VersionTooOld {
        /// The version asked for.
        version: ApiVersion,
    },
    /// The engine has this operation, and nobody gets it through us.
    Refused {
        /// Why not.
        reason: Refusal,
    },
    /// The operation table has nothing at this method and path.
    UnknownOperation {
        /// `METHOD /path`, decoded and cut to a bearable length.
        request: String,
    },
    /// The operation has no query parameter of this name in exactly this spelling.
    UnknownQuery {
        /// As sent, decoded and cut to a bearable length.
        key: String,
    },
    /// A query parameter that stands for one value was sent more than once.
    RepeatedQuery {
        /// Its name.
        key: &'static str,
    },
}

impl RouteError {
    /// The stable name of this error, the key of its sentence.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownMethod { .. } => "unknown-method",
            Self::TooLong { .. } => "too-long",
            Self::NotAbsolute => "not-absolute",
            Self::EmptySegment => "empty-segment",
            Self::TrailingSlash => "trailing-slash",
            Self::DotSegment => "dot-segment",
            Self::EncodedSlash => "encoded-slash",
            Self::ControlCharacter => "control-character",
            Self::InvalidEncoding => "invalid-encoding",
            Self::InvalidUtf8 => "invalid-utf8",
            Self::InvalidVersion { .. } => "invalid-version",
            Self::VersionTooOld { .. } => "version-too-old",
            Self::Refused { .. } => "refused",
            Self::UnknownOperation { .. } => "unknown-operation",
            Self::UnknownQuery { .. } => "unknown-query",
            Self::RepeatedQuery { .. } => "repeated-query",
        }
    }
}

/// What the `docker` command prints, so in the engine's language: English.
impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownMethod { method } => write!(f, "the engine has no method {method:?}"),
            Self::TooLong { limit } => write!(f, "path or query is longer than {limit} bytes"),
            Self::NotAbsolute => f.write_str("the path does not begin with a slash"),
            Self::EmptySegment => f.write_str("the path has two slashes in a row"),
            Self::TrailingSlash => f.write_str("the path ends with a slash"),
            Self::DotSegment => f.write_str("the path has a segment \".\" or \"..\""),
            Self::EncodedSlash => f.write_str("the path has an encoded slash where none can stand"),
            Self::ControlCharacter => f.write_str("path or query has a control character"),
            Self::InvalidEncoding => f.write_str("path or query is not percent-encoded properly"),
            Self::InvalidUtf8 => f.write_str("path or query is not UTF-8"),
            Self::InvalidVersion { given } => {
                write!(f, "{given:?} is no API version, which is like v{}", ApiVersion::OLDEST)
            }
            Self::VersionTooOld { version } => write!(
                f,
                "API version {version} is too old, the oldest accepted is {}; set DOCKER_API_VERSION, or \
                 COMPOSE_API_VERSION, or a compose file version of 2.1 or newer",
                ApiVersion::OLDEST
            ),
            Self::Refused { reason } => write!(f, "{reason}"),
            Self::UnknownOperation { request } => write!(f, "there is no operation {request:?}"),
            Self::UnknownQuery { key } => write!(f, "the operation has no parameter {key:?}"),
            Self::RepeatedQuery { key } => write!(f, "the parameter {key:?} was sent more than once"),
        }
    }
}

impl std::error::Error for RouteError {}

/// `text` cut to what a message bears, at a character boundary.
pub(super) fn cut(text: &str) -> String {
    const BEARABLE: usize = 120;
    match text.char_indices().nth(BEARABLE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
