//! The texts that a problem speaks of: what came from a file or from a variable.

use super::Problem;

impl Problem {
    /// All of them, to be changed.
    pub(super) fn texts(&mut self) -> Vec<&mut String> {
        match self {
            Self::NotYaml { said } | Self::Internal { said } => vec![said],
            Self::DuplicateKey { key, .. } | Self::ExternalDefined { key } => vec![key],
            Self::UnknownTag { tag } => vec![tag],
            Self::FileMissing { file } | Self::FileOutside { file } | Self::FileNotText { file } => {
                vec![file]
            }
            Self::FileUnreadable { file, said } => vec![file, said],
            Self::BadReference { text } | Self::EnvName { text } => vec![text],
            Self::VariableRequired { name, message } => vec![name, message],
            Self::VariableUnset { name }
            | Self::EnvQuote { name }
            | Self::BadName { name }
            | Self::BadProjectName { name }
            | Self::SpaceInName { name }
            | Self::IncludeConflict { name, .. }
            | Self::NameScaled { name, .. } => vec![name],
            Self::UnknownKey { key, near } => [key].into_iter().chain(near.iter_mut()).collect(),
            Self::NotAChoice { value, near, .. } => [value].into_iter().chain(near.iter_mut()).collect(),
            Self::OutOfRange { value, .. }
            | Self::BadSpan { value }
            | Self::BadAddress { value }
            | Self::BadSize { value }
            | Self::BadPort { value }
            | Self::PortRanges { value }
            | Self::BadVolume { value }
            | Self::BadHost { value }
            | Self::BadCommand { value }
            | Self::BadHealthTest { value } => vec![value],
            Self::WindowsPath { path }
            | Self::HomePath { path }
            | Self::TargetNotAbsolute { path }
            | Self::TargetUp { path } => vec![path],
            Self::NumberRewritten { written, read } => vec![written, read],
            Self::ExtendsUnknown { service, file, near } => {
                [service].into_iter().chain([file]).chain(near.iter_mut()).collect()
            }
            Self::ExtendsCycle { chain } | Self::IncludeCycle { chain } | Self::DependsCycle { chain } => {
                chain.iter_mut().collect()
            }
            Self::NotInProfile { service, profiles } => {
                [service].into_iter().chain(profiles.iter_mut()).collect()
            }
            Self::NoSuchService { service, near } => [service].into_iter().chain(near.iter_mut()).collect(),
            Self::Undefined { name, near, .. } => [name].into_iter().chain(near.iter_mut()).collect(),
            Self::NoHealthCheck { service } | Self::ServicesAtTop { service } => vec![service],
            Self::PortTaken { port, service, .. } => vec![port, service],
            Self::PortScaled { port, .. } => vec![port],
            Self::NameTaken { name, service, .. } => vec![name, service],
            Self::TargetTaken { target, .. } => vec![target],
            Self::NoSubnet { network } => vec![network],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Finding, Findings};
    use super::*;
    use crate::place::Place;

    #[test]
    fn secrets_are_not_said() {
        let mut findings = Findings::without(["hunter2".to_owned(), "hunter".to_owned(), String::new()]);
        let problem = Problem::UnknownKey { key: "a hunter2 b".to_owned(), near: Some("hunter".to_owned()) };
        let path = "services.hunter2".to_owned();
        findings.add(Finding { problem, at: Place::start("f"), path });
        assert_eq!(
            findings.into_sorted()[0].to_string(),
            "f:1:1: services.***: `a *** b` is not known here. Did you mean `***`?"
        );
    }
}
