//! The sentence of each problem. Its words stand in the catalogue, in both languages and with the way out.

use std::fmt;

use longshore_api::{sentence::Sentence, web::stack::StackFinding, words::say::*};

use super::{Finding, Found, Problem, Thing, Wanted};

impl Finding {
    /// As it is shown to people.
    pub fn shown(&self) -> StackFinding {
        StackFinding {
            what: self.problem.sentence(),
            warning: self.is_warning(),
            file: self.at.file.to_string(),
            line: self.at.line,
            column: self.at.column,
            path: self.path.clone(),
        }
    }
}

impl Wanted {
    /// What it is called.
    pub fn sentence(self) -> Sentence {
        match self {
            Self::Text => kind_text(),
            Self::Flag => kind_flag(),
            Self::Whole => kind_whole(),
            Self::Number => kind_number(),
            Self::List => kind_list(),
            Self::Map => kind_map(),
            Self::TextOrList => kind_text_or_list(),
            Self::Pairs => kind_pairs(),
            Self::TextOrMap => kind_text_or_map(),
            Self::ListOrMap => kind_list_or_map(),
            Self::Scalar => kind_scalar(),
        }
    }
}

impl Found {
    /// What it is called.
    pub fn sentence(self) -> Sentence {
        match self {
            Self::Null => kind_nothing(),
            Self::Flag => kind_flag(),
            Self::Number => kind_number(),
            Self::Text => kind_text(),
            Self::List => kind_list(),
            Self::Map => kind_map(),
        }
    }
}

impl Thing {
    /// What it is called.
    pub fn sentence(self) -> Sentence {
        match self {
            Self::Service => thing_service(),
            Self::Network => thing_network(),
            Self::Volume => thing_volume(),
            Self::Secret => thing_secret(),
            Self::Config => thing_config(),
            Self::Model => thing_model(),
        }
    }
}

fn chain(names: &[String]) -> String {
    names.join(" -> ")
}

/// As they are written in a file: `` `a`, `b` ``.
pub fn in_ticks(names: &[impl fmt::Display]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

impl Problem {
    /// What is wrong, and what to do.
    pub fn sentence(&self) -> Sentence {
        match self {
            // the text itself
            Self::NotYaml { said } => compose_not_yaml(said),
            Self::Empty => compose_empty(),
            Self::FileTooLarge { bytes, limit } => compose_file_too_large(*bytes, *limit),
            Self::TooMuch { nodes } => compose_too_much(*nodes),
            Self::TooDeep { limit } => compose_too_deep(*limit),
            Self::DuplicateKey { key, first } => compose_duplicate_key(first.to_string(), key),
            Self::KeyNotText => compose_key_not_text(),
            Self::UnknownTag { tag } => compose_unknown_tag(tag),
            Self::AliasWithinItself => compose_alias_within_itself(),
            Self::BadMergeKey => compose_bad_merge_key(),

            // files
            Self::FileMissing { file } => compose_file_missing(file),
            Self::FileOutside { file } => compose_file_outside(file),
            Self::FileUnreadable { file, said } => compose_file_unreadable(file, said),
            Self::FileNotText { file } => compose_file_not_text(file),
            Self::TooManyFiles { limit } => compose_too_many_files(*limit),

            // variables; the catalogue's own braces stand for arguments, so those of a file are one
            Self::BadReference { text } => compose_bad_reference("${NAME}", text),
            Self::VariableRequired { name, message } if message.is_empty() => compose_variable_required(name),
            Self::VariableRequired { name, message } => compose_variable_required_for(message, name),
            Self::VariableUnset { name } => compose_variable_unset(name, format!("${{{name}:-default}}")),
            Self::VariablesTooLarge { limit } => compose_variables_too_large(*limit),
            Self::EnvName { text } => compose_env_name(text),
            Self::EnvQuote { name } => compose_env_quote(name),

            // shapes
            Self::UnknownKey { key, near: None } => compose_unknown_key(key),
            Self::UnknownKey { key, near: Some(near) } => compose_unknown_key_near(key, near),
            Self::MissingKey { key } => compose_missing_key(*key),
            Self::WrongKind {
                wanted: wanted @ Wanted::Text,
                found: found @ (Found::Number | Found::Flag),
            } => compose_quote_it(found.sentence(), wanted.sentence()),
            Self::WrongKind { wanted, found } => compose_wrong_kind(found.sentence(), wanted.sentence()),
            Self::NotAChoice { value, choices, near: None } => compose_not_a_choice(in_ticks(choices), value),
            Self::NotAChoice { value, choices, near: Some(near) } => {
                compose_not_a_choice_near(in_ticks(choices), near, value)
            }
            Self::OutOfRange { value, least, most } => compose_out_of_range(*least, *most, value),
            Self::BadSpan { value } => compose_bad_span(value),
            Self::BadAddress { value } => compose_bad_address(value),
            Self::BadSize { value } => compose_bad_size(value),
            Self::BadName { name } => compose_bad_name(name),
            Self::BadProjectName { name } => compose_bad_project_name(name),
            Self::NoProjectName => compose_no_project_name(),
            Self::BadPort { value } => compose_bad_port(value),
            Self::PortRanges { value } => compose_port_ranges(value),
            Self::TooManyPorts { limit } => compose_too_many_ports(*limit),
            Self::BadVolume { value } => compose_bad_volume(value),
            Self::WindowsPath { path } => compose_windows_path(path),
            Self::HomePath { path } => compose_home_path(path),
            Self::TargetUp { path } => compose_target_up(path),
            Self::TargetNotAbsolute { path } => compose_target_not_absolute(path),
            Self::BadHost { value } => compose_bad_host(value),
            Self::BadCommand { value } => compose_bad_command(value),
            Self::SpaceInName { name } => compose_space_in_name(name),
            Self::NumberRewritten { written, read } => compose_number_rewritten(read, written),
            Self::ServicesAtTop { service } => compose_services_at_top(service),
            Self::VersionObsolete => compose_version_obsolete(),
            Self::ExternalName => compose_external_name(),
            Self::ExternalDefined { key } => compose_external_defined(key),

            // extends, include, profiles
            Self::ExtendsUnknown { service, file, near: None } => compose_extends_unknown(file, service),
            Self::ExtendsUnknown { service, file, near: Some(near) } => {
                compose_extends_unknown_near(file, near, service)
            }
            Self::ExtendsCycle { chain: names } => compose_extends_cycle(chain(names)),
            Self::IncludeCycle { chain: names } => compose_include_cycle(chain(names)),
            Self::IncludeConflict { thing, name, other } => {
                compose_include_conflict(name, other.to_string(), thing.sentence())
            }
            Self::NotInProfile { service, profiles } => compose_not_in_profile(in_ticks(profiles), service),
            Self::NoSuchService { service, near: None } => compose_no_such_service(service),
            Self::NoSuchService { service, near: Some(near) } => compose_no_such_service_near(near, service),

            // the whole
            Self::NoServices => compose_no_services(),
            Self::NoImage => compose_no_image(),
            Self::Undefined { thing, name, near: None } => {
                compose_undefined(thing.key(), name, thing.sentence())
            }
            Self::Undefined { thing, name, near: Some(near) } => {
                compose_undefined_near(thing.key(), name, near, thing.sentence())
            }
            Self::DependsCycle { chain: names } => compose_depends_cycle(chain(names)),
            Self::NoHealthCheck { service } => compose_no_health_check(service),
            Self::PortTaken { port, service, other } => compose_port_taken(other.to_string(), port, service),
            Self::PortScaled { port, scale } => compose_port_scaled(port, *scale),
            Self::NameScaled { name, scale } => compose_name_scaled(name, *scale),
            Self::NameTaken { name, service, other } => compose_name_taken(name, other.to_string(), service),
            Self::Exclusive { one, other } => compose_exclusive(*one, *other),
            Self::Differ { one, other } => compose_differ(*one, *other),
            Self::TargetTaken { target, other } => compose_target_taken(other.to_string(), target),
            Self::BadHealthTest { value } => compose_bad_health_test(value),
            Self::OneSource { choices } => compose_one_source(in_ticks(choices)),
            Self::NoSubnet { network } => compose_no_subnet(network),
            Self::PortsOnHost => compose_ports_on_host(),
            Self::SwarmOnly { key } => compose_swarm_only(*key),
            Self::Internal { said } => compose_internal(said),
        }
    }
}

impl fmt::Display for Problem {
    /// English, for logs and the command line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}
