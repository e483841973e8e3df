//! The shape of a Compose file, as a table: which keys there are where, of what kind their values are, which short forms
//! they have and how they merge. Reading, merging, checking and an editor's completion all walk this one table.

mod resources;
mod service;

pub use resources::{FILE, INCLUDE};
pub(crate) use service::CONDITIONS;
pub use service::SERVICE;

/// A key of a map with fixed keys.
#[derive(Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// How values of several files become one.
    pub merge: Merge,
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Anything, kept as it is.
    Any,
    /// A text; a number has to be in quotes.
    Text,
    /// A text, or a number or truth value that is read as one.
    Loose,
    /// A truth value.
    Flag,
    /// A whole number.
    Whole {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A whole number, or `all`, which is -1.
    CountOrAll,
    /// The permissions of a file, octal.
    Mode,
    /// A number.
    Number,
    /// A number of bytes.
    Size,
    /// A span of time.
    Span,
    /// A span of time, or a number of microseconds, which it becomes.
    Micros,
    /// One of these.
    Choice(&'static [&'static str]),
    /// The path of a file or folder, resolved against the folder of the file that names it.
    Path(Reach),
    /// A list of these.
    List(&'static Kind),
    /// A map with keys of the user's.
    Map(&'static Kind),
    /// A map with names of the user's that can be names of things.
    Named(&'static Kind),
    /// A map with these keys, and `x-…`.
    Object(&'static [Field]),
    /// This, or nothing.
    Maybe(&'static Kind),
    /// A short form of this.
    Short(Short, &'static Kind),
}

/// Where a path may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Beneath the stack's folder.
    Stack,
    /// Beneath the stack's folder, or to a URL or another context by its prefix.
    Context,
    /// Anywhere on the host.
    Host,
}

/// How values of several files become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// Maps key by key, lists one after the other without repetition, anything else by the last.
    Deep,
    /// The last.
    Replace,
    /// Lists one after the other; of those with one identity the last.
    Unique(Identity),
    /// As maps, unless the drivers differ: then the last.
    Driver,
}

/// What makes two entries of a list the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The path in the container.
    Target,
    /// The path in the container, which is below this folder unless it says otherwise.
    TargetIn(&'static str),
    /// Address, port of the host, port of the container and protocol.
    Port,
    /// The path.
    Path,
    /// The subnet.
    Subnet,
    /// What stands before the first colon.
    BeforeColon,
}

/// A short form, and how it is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Short {
    /// A text is split into words as a shell does.
    Command,
    /// A text runs in a shell.
    HealthTest,
    /// A text is a list of one.
    List,
    /// A list of `KEY=value` is a map; a key alone has no value.
    Pairs,
    /// The same, but a key alone has an empty value.
    FullPairs,
    /// A list of names is a map of nothings.
    Names,
    /// A list of services is a map of conditions.
    DependsOn,
    /// A text is the context.
    Build,
    /// A text is a file, a list one of files.
    EnvFiles,
    /// `8080:80`.
    Ports,
    /// `data:/path:ro`.
    Volume,
    /// A text is the source.
    Grant,
    /// `/dev/a:/dev/b:rwm`.
    Device,
    /// `all`.
    Gpus,
    /// A number for both.
    Ulimit,
    /// A list of `host=address`.
    Hosts,
    /// A text is the service.
    Extends,
    /// A text is the path.
    Include,
    /// Nothing is a resource with defaults; `external: {name: …}`.
    Resource,
}

/// A text.
pub(crate) const TEXT: Kind = Kind::Text;
/// A text or a list of them.
pub(crate) const TEXTS: Kind = Kind::Short(Short::List, &Kind::List(&Kind::Text));
/// `KEY=value`, where a key alone reads from around.
pub(crate) const PAIRS: Kind = Kind::Short(Short::Pairs, &Kind::Map(&Kind::Maybe(&Kind::Loose)));
/// `KEY=value`, where a key alone is empty.
pub(crate) const FULL_PAIRS: Kind = Kind::Short(Short::FullPairs, &Kind::Map(&Kind::Loose));
/// Any whole number.
pub(crate) const WHOLE: Kind = Kind::Whole { least: i64::MIN, most: i64::MAX };
/// A whole number from nothing on.
pub(crate) const COUNT: Kind = Kind::Whole { least: 0, most: i64::MAX };

/// A field that merges as its kind does.
pub(crate) const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, merge: Merge::Deep }
}

/// A field of which the last counts.
pub(crate) const fn replaced(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, merge: Merge::Replace }
}

/// A list in which the last of one identity counts.
pub(crate) const fn unique(name: &'static str, kind: Kind, identity: Identity) -> Field {
    Field { name, kind, merge: Merge::Unique(identity) }
}

impl Kind {
    /// The kind without short forms and nothings.
    pub fn long(self) -> Self {
        match self {
            Self::Short(_, kind) | Self::Maybe(kind) => kind.long(),
            kind => kind,
        }
    }

    /// The keys that a value of this kind has, if they are fixed: what an editor completes.
    pub fn fields(self) -> Option<&'static [Field]> {
        match self.long() {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The kind of what stands beneath a key, or in a list.
    pub fn below(self, key: &str) -> Option<Self> {
        match self.long() {
            Self::Object(fields) => fields.iter().find(|field| field.name == key).map(|field| field.kind),
            Self::Map(kind) | Self::Named(kind) | Self::List(kind) => Some(*kind),
            _ => None,
        }
    }
}

/// What keys of other times and tools are called here.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("cmd", "command"),
    ("dependencies", "depends_on"),
    ("dockerfile", "build"),
    ("env", "environment"),
    ("health_check", "healthcheck"),
    ("log_driver", "logging"),
    ("log_opt", "logging"),
    ("memory", "mem_limit"),
    ("net", "network_mode"),
    ("restart_policy", "restart"),
    ("volume_driver", "volumes"),
];

/// What somebody who wrote this may have meant.
pub fn near<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let lower = written.to_lowercase().replace('-', "_");
    let meant = OTHER_WORDS.iter().find(|(other, _)| *other == lower).map(|(_, word)| *word);
    let far = match lower.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    let mut best: Option<(usize, &str)> = None;
    // Among thousands of names a guess helps nobody, and takes long.
    for word in known.into_iter().take(1000) {
        if meant == Some(word) {
            return Some(word.to_owned());
        }
        if word.len().abs_diff(lower.len()) > far {
            continue;
        }
        let distance = distance(&lower, &word.to_lowercase().replace('-', "_"));
        if distance <= far && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, word));
        }
    }
    best.map(|(_, word)| word.to_owned())
}

/// How many letters have to be put in, left out, changed or swapped.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(64).collect();
    let right: Vec<char> = right.chars().take(64).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut least = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests;
