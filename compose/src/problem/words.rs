//! The English of problems: what is wrong, and what to do.

use std::fmt;

use super::{Found, Problem, Thing, Wanted};

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "a text",
            Self::Flag => "true or false",
            Self::Whole => "a whole number",
            Self::Number => "a number",
            Self::List => "a list",
            Self::Map => "keys with values",
            Self::TextOrList => "a text or a list of texts",
            Self::Pairs => "keys with values or a list of KEY=value",
            Self::TextOrMap => "a text or keys with values",
            Self::ListOrMap => "a list or keys with values",
            Self::Scalar => "a text, a number or true or false",
        })
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "nothing",
            Self::Flag => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Map => "keys with values",
        })
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key().trim_end_matches('s'))
    }
}

/// "; did you mean …?", if there is something near.
struct Near<'a>(&'a Option<String>);

impl fmt::Display for Near<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(near) => write!(f, "; did you mean `{near}`?"),
            None => Ok(()),
        }
    }
}

fn chain(names: &[String]) -> String {
    names.join(" -> ")
}

fn choices(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text(f).unwrap_or_else(|| self.shape(f).unwrap_or_else(|| self.whole(f)))
    }
}

impl Problem {
    /// Of the text, of files and of variables.
    fn text(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(match self {
            Self::NotYaml { said } => write!(f, "this is no YAML: {said}"),
            Self::Empty => write!(f, "the file is empty; it needs at least `services:`"),
            Self::FileTooLarge { bytes, limit } => {
                write!(f, "the file has {bytes} bytes, more than the {limit} that are read")
            }
            Self::TooMuch { nodes } => write!(
                f,
                "aliases or extended services make more than {nodes} values of this; write less of it by reference"
            ),
            Self::TooDeep { limit } => write!(f, "values stand more than {limit} deep in one another"),
            Self::DuplicateKey { key, first } => {
                write!(f, "`{key}` stands here and at {first}; remove one of them")
            }
            Self::KeyNotText => write!(f, "a list or a map cannot be a key"),
            Self::UnknownTag { tag } => {
                write!(f, "the tag `{tag}` is not known; there are `!reset` and `!override`")
            }
            Self::AliasWithinItself => write!(f, "an alias stands within the value that it stands for"),
            Self::BadMergeKey => write!(f, "`<<` takes an alias of a map, or a list of such aliases"),
            Self::FileMissing { file } => write!(f, "there is no file `{file}`"),
            Self::FileOutside { file } => {
                write!(f, "`{file}` is outside of the stack's folder; put it beneath the folder")
            }
            Self::FileUnreadable { file, said } => write!(f, "`{file}` cannot be read: {said}"),
            Self::FileNotText { file } => write!(f, "`{file}` is no text in UTF-8"),
            Self::TooManyFiles { limit } => write!(f, "more than {limit} files belong to this project"),
            Self::BadReference { text } => write!(
                f,
                "`{text}` is no reference to a variable; write `${{NAME}}`, or `$$` for a dollar sign"
            ),
            Self::VariableRequired { name, message } if message.is_empty() => {
                write!(f, "the variable `{name}` has to be set")
            }
            Self::VariableRequired { name, message } => {
                write!(f, "the variable `{name}` has to be set: {message}")
            }
            Self::VariableUnset { name } => write!(
                f,
                "the variable `{name}` is not set and reads as empty; set it, or write `${{{name}:-default}}`"
            ),
            Self::VariablesTooLarge { limit } => {
                write!(f, "with its variables filled in this is more than {limit} bytes")
            }
            Self::EnvName { text } => {
                write!(f, "`{text}` is no name of a variable; a line has the form `NAME=value`")
            }
            Self::EnvQuote { name } => write!(f, "the quote in the value of `{name}` does not end"),
            _ => return None,
        })
    }

    /// Of single values.
    fn shape(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(match self {
            Self::UnknownKey { key, near } => write!(f, "`{key}` is not known here{}", Near(near)),
            Self::MissingKey { key } => write!(f, "`{key}` is missing"),
            Self::WrongKind {
                wanted: wanted @ Wanted::Text,
                found: found @ (Found::Number | Found::Flag),
            } => {
                write!(f, "this has to be {wanted}, not {found}; put it in quotes")
            }
            Self::WrongKind { wanted, found } => write!(f, "this has to be {wanted}, not {found}"),
            Self::NotAChoice { value, choices: all, near } => {
                write!(f, "`{value}` is none of {}{}", choices(all), Near(near))
            }
            Self::OutOfRange { value, least, most } => {
                write!(f, "{value} is not between {least} and {most}")
            }
            Self::BadSpan { value } => {
                write!(f, "`{value}` is no span of time; write it as `1m30s` or `500ms`")
            }
            Self::BadAddress { value } => {
                write!(f, "`{value}` is no address; write one as `10.0.0.5`, a network as `10.0.0.0/24`")
            }
            Self::BadSize { value } => write!(f, "`{value}` is no size; write it as `512m` or `1gb`"),
            Self::BadName { name } => {
                write!(f, "`{name}` cannot be a name; letters, digits, `.`, `_` and `-` can be in one")
            }
            Self::BadProjectName { name } => write!(
                f,
                "`{name}` cannot be a project's name; it takes lower-case letters, digits, `-` and `_`, a letter or digit \
                 first"
            ),
            Self::NoProjectName => write!(f, "the project has no name; write `name:` at the top of the file"),
            Self::BadPort { value } => {
                write!(f, "`{value}` is no port; write it as `8080:80`, `127.0.0.1:8080:80/tcp` or `80`")
            }
            Self::PortRanges { value } => write!(f, "the ranges of `{value}` are not of one length"),
            Self::TooManyPorts { limit } => write!(f, "these are more than {limit} ports"),
            Self::BadVolume { value } => {
                write!(f, "`{value}` is no volume; write it as `name:/path`, `./folder:/path` or `/path`")
            }
            Self::WindowsPath { path } => {
                write!(f, "`{path}` is a path of Windows; the engine needs one that begins with `/`")
            }
            Self::HomePath { path } => {
                write!(
                    f,
                    "`{path}` begins with a home folder, which the server does not have; write the whole path"
                )
            }
            Self::TargetNotAbsolute { path } => {
                write!(f, "`{path}` is a path in the container and has to begin with `/`")
            }
            Self::BadHost { value } => {
                write!(f, "`{value}` is no host with its address; write `name=10.0.0.1`")
            }
            Self::BadCommand { value } => write!(f, "a quote in `{value}` does not end"),
            Self::SpaceInName { name } => write!(f, "the name `{name}` ends with a space; remove it"),
            Self::NumberRewritten { written, read } => {
                write!(f, "{written} is read as the number {read}; put it in quotes to keep it as it is")
            }
            Self::ServicesAtTop { service } => {
                write!(
                    f,
                    "`{service}` looks like a service; write `services:` above, and put all services beneath it"
                )
            }
            Self::VersionObsolete => write!(f, "`version` says nothing any more; remove it"),
            Self::ExternalName => write!(f, "write `name:` beside `external: true`"),
            Self::ExternalDefined { key } => {
                write!(f, "what is external is made elsewhere; remove `{key}`")
            }
            _ => return None,
        })
    }

    /// Of how things fit together.
    fn whole(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExtendsUnknown { service, file, near } => {
                write!(f, "there is no service `{service}` in {file} to extend{}", Near(near))
            }
            Self::ExtendsCycle { chain: names } => {
                write!(f, "these services extend one another in a circle: {}", chain(names))
            }
            Self::IncludeCycle { chain: names } => {
                write!(f, "these files include one another in a circle: {}", chain(names))
            }
            Self::IncludeConflict { thing, name, other } => {
                write!(f, "the {thing} `{name}` is also defined at {other}; rename one of them")
            }
            Self::NotInProfile { service, profiles } => write!(
                f,
                "the service `{service}` is needed here and only active with a profile of {}; activate it",
                profiles.join(", ")
            ),
            Self::NoSuchService { service, near } => {
                write!(f, "there is no service `{service}`{}", Near(near))
            }
            Self::NoServices => write!(f, "there is no service; write one beneath `services:`"),
            Self::NoImage => write!(f, "the service has neither `image` nor `build`; it needs one of them"),
            Self::Undefined { thing, name, near } => {
                write!(f, "the {thing} `{name}` is not defined beneath `{}:`{}", thing.key(), Near(near))
            }
            Self::DependsCycle { chain: names } => {
                write!(f, "these services wait for one another in a circle: {}", chain(names))
            }
            Self::NoHealthCheck { service } => write!(
                f,
                "`{service}` has no `healthcheck` here; unless its image has one, this waits for ever"
            ),
            Self::PortTaken { port, service, other } => {
                write!(
                    f,
                    "port {port} of the host is also published by `{service}` at {other}; choose another"
                )
            }
            Self::PortScaled { port, scale } => {
                write!(
                    f,
                    "{scale} containers cannot all have port {port} of the host, except in a swarm; publish a range, or no port"
                )
            }
            Self::NameScaled { name, scale } => {
                write!(f, "{scale} containers cannot all be named `{name}`; remove `container_name`")
            }
            Self::NameTaken { name, service, other } => {
                write!(
                    f,
                    "the container of `{service}` at {other} is named `{name}` too; choose another name"
                )
            }
            Self::Exclusive { one, other } => {
                write!(f, "`{one}` and `{other}` exclude each other; remove one")
            }
            Self::Differ { one, other } => {
                write!(f, "`{one}` and `{other}` mean the same and differ; remove one of them")
            }
            Self::TargetTaken { target, other } => {
                write!(f, "`{target}` of the container is mounted at {other} already; choose another path")
            }
            Self::BadHealthTest { value } => write!(
                f,
                "a check begins with `CMD`, `CMD-SHELL` or `NONE`, not with `{value}`; write a text to run it in a shell"
            ),
            Self::OneSource { choices: all } => write!(f, "this needs exactly one of {}", choices(all)),
            Self::NoSubnet { network } => write!(
                f,
                "an address of its own needs a network with a subnet; write `ipam` for the network `{network}`"
            ),
            Self::PortsOnHost => {
                write!(f, "with `network_mode: host` nothing is published; remove `ports`")
            }
            Self::SwarmOnly { key } => write!(f, "`{key}` has no effect outside of a swarm"),
            Self::Internal { said } => write!(f, "this file is not understood: {said}"),
            _ => Ok(()),
        }
    }
}
