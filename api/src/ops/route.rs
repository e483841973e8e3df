//! From method and path to a row of the table, and back to a path that holds no byte of the client's.

use super::{
    ApiVersion, Method, OPERATIONS, Operation, REFUSED, RouteError,
    encoding::{Part, decode, encode},
    error::cut,
};

/// No path of a real client is longer, in bytes.
const LONGEST_PATH: usize = 4096;

/// A request found in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// The row.
    pub operation: &'static Operation,
    /// The method to call it by: the row's, or `HEAD` where a row of `GET` was asked for its head.
    pub method: Method,
    /// The version prefix, if there was one: not older than [`ApiVersion::OLDEST`], but perhaps newer than the host.
    pub version: Option<ApiVersion>,
    /// What the path's parameters are, decoded: one if the row's path has one, else none.
    pub params: Vec<String>,
}

impl Matched {
    /// The path to call, built anew from the row: `/v1.41/containers/<id>/start`. `target` takes the place of the
    /// name that the client gave, normally the full id that was checked.
    ///
    /// # Errors
    /// `target` cannot stand in a path as a name: it is empty, or has a control character, a segment `..`, or a
    /// slash where the row allows none.
    pub fn path(&self, version: ApiVersion, target: Option<&str>) -> Result<String, RouteError> {
        self.operation.path_of(version, target.or(self.params.first().map(String::as_str)))
    }
}

impl Operation {
    /// The path to call this operation by: `/v1.41/containers/<id>/start`. `target` stands in the place of its name.
    ///
    /// # Errors
    /// The row has a name and `target` cannot stand in a path as one: see [`Matched::path`].
    pub fn path_of(&self, version: ApiVersion, target: Option<&str>) -> Result<String, RouteError> {
        let name = target.unwrap_or_default();
        let mut path = format!("/v{version}");
        for segment in segments(self.path) {
            let (value, slashes) = match Segment::of(segment) {
                Segment::Literal(text) => (text, false),
                Segment::One => (name, false),
                Segment::Many => (name, true),
            };
            check_name(value, slashes)?;
            for piece in value.split('/') {
                path.push('/');
                encode(&mut path, piece, Part::Segment).expect("writing to a String does not fail");
            }
        }
        Ok(path)
    }
}

/// Finds the operation that a request is. `raw_path` is the path as it came, still percent-encoded, without the
/// query and without what stands before the engine's own path: `/v1.41/containers/json` or `/_ping`.
///
/// # Errors
/// The path is malformed in any way that two readers could read differently, its version prefix is too old, the
/// operation is one that nobody gets, or the table has none.
pub fn resolve(method: &str, raw_path: &str) -> Result<Matched, RouteError> {
    let asked: Method = method.parse().map_err(|()| RouteError::UnknownMethod { method: cut(method) })?;
    let decoded = split(raw_path)?;
    let (prefix, path) = match decoded.split_first() {
        Some((first, rest)) if is_version(first) => (Some(first), rest),
        _ => (None, decoded.as_slice()),
    };
    // Before the version is looked at: Podman's own interface has versions like v4.0.0.
    if let Some(refused) = REFUSED.iter().find(|refused| {
        refused.method.is_none_or(|method| serves(method, asked)) && captures(refused.path, path).is_some()
    }) {
        return Err(RouteError::Refused { reason: refused.reason });
    }
    let version = prefix.map(|text| read_version(text)).transpose()?;

    let found = |method: Method| {
        let rows = OPERATIONS.iter().filter(move |row| row.method == method);
        rows.filter_map(|row| captures(row.path, path).map(|params| (row, params))).next()
    };
    let row = found(asked).or_else(|| if asked == Method::Head { found(Method::Get) } else { None });
    let Some((operation, params)) = row else {
        return Err(if path.iter().any(|segment| segment.contains('/')) {
            RouteError::EncodedSlash
        } else {
            RouteError::UnknownOperation { request: cut(&format!("{asked} /{}", path.join("/"))) }
        });
    };
    let slashes = segments(operation.path).any(|segment| Segment::of(segment) == Segment::Many);
    params.iter().try_for_each(|name| check_name(name, slashes))?;
    Ok(Matched { operation, method: asked, version, params })
}

/// Whether a row of method `row` is what a request of method `asked` is checked by.
fn serves(row: Method, asked: Method) -> bool {
    row == asked || (row == Method::Get && asked == Method::Head)
}

/// The decoded segments of a path.
fn split(raw_path: &str) -> Result<Vec<String>, RouteError> {
    if raw_path.len() > LONGEST_PATH {
        return Err(RouteError::TooLong { limit: LONGEST_PATH });
    }
    let rest = raw_path.strip_prefix('/').ok_or(RouteError::NotAbsolute)?;
    if rest.strip_suffix('/').is_some_and(|before| !before.is_empty() && !before.ends_with('/')) {
        return Err(RouteError::TrailingSlash);
    }
    rest.split('/')
        .map(|raw| {
            let segment = decode(raw, Part::Segment)?;
            check_name(&segment, true)?;
            Ok(segment)
        })
        .collect()
}

/// Whether the text can stand in a path as one segment, or with `slashes` as several.
fn check_name(name: &str, slashes: bool) -> Result<(), RouteError> {
    if name.chars().any(char::is_control) {
        return Err(RouteError::ControlCharacter);
    }
    if !slashes && name.contains('/') {
        return Err(RouteError::EncodedSlash);
    }
    name.split('/').try_for_each(|segment| match segment {
        "" => Err(RouteError::EmptySegment),
        "." | ".." => Err(RouteError::DotSegment),
        _ => Ok(()),
    })
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn read_version(segment: &str) -> Result<ApiVersion, RouteError> {
    let version: ApiVersion =
        segment[1..].parse().map_err(|_| RouteError::InvalidVersion { given: cut(segment) })?;
    if version < ApiVersion::OLDEST { Err(RouteError::VersionTooOld { version }) } else { Ok(version) }
}

/// What a segment of a row's path stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Segment<'a> {
    /// Itself.
    Literal(&'a str),
    /// `{name}`: any one segment.
    One,
    /// `{name:.*}`: one or more segments.
    Many,
}

impl<'a> Segment<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        match text.strip_prefix('{') {
            None => Self::Literal(text),
            Some(name) if name.ends_with(":.*}") => Self::Many,
            Some(_) => Self::One,
        }
    }

    fn matches(self, decoded: &str) -> bool {
        match self {
            Self::Literal(text) => text == decoded,
            Self::One | Self::Many => true,
        }
    }
}

pub(super) fn segments(pattern: &str) -> impl DoubleEndedIterator<Item = &str> {
    pattern[1..].split('/')
}

/// The parameters of a path that has the row's shape. An encoded slash is still in its segment, and matches no
/// literal.
fn captures(pattern: &str, path: &[String]) -> Option<Vec<String>> {
    let parts: Vec<Segment<'_>> = segments(pattern).map(Segment::of).collect();
    let many = parts.iter().position(|part| *part == Segment::Many);
    let (front, back) = match many {
        Some(at) => (&parts[..at], &parts[at + 1..]),
        None => (parts.as_slice(), &[][..]),
    };
    let middle = path.len().checked_sub(front.len() + back.len())?;
    if (middle > 0) != many.is_some() {
        return None;
    }
    let (first, rest) = path.split_at(front.len());
    let (middle, last) = rest.split_at(middle);
    let mut params = Vec::new();
    for (part, segment) in front.iter().zip(first).chain(back.iter().zip(last)) {
        if !part.matches(segment) {
            return None;
        }
        if *part == Segment::One {
            params.push(segment.clone());
        }
    }
    if !middle.is_empty() {
        params.push(middle.join("/"));
    }
    Some(params)
}
