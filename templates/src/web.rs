//! What the pages are told of templates and of the sources that they come from, and what they send.

use std::collections::BTreeMap;

use longshore_api::{
    sentence::Sentence,
    web::{Millis, create::NewContainer},
};
use serde::{Deserialize, Serialize};

use crate::{
    fill::Page,
    problem::{At, Finding},
    template::{Deploys, Platform, Template},
    words::Words,
};

/// A source's name has at most so many characters.
pub const NAME_MAX: usize = 100;
/// So many sources there are at most.
pub const SOURCES_MAX: usize = 20;
/// The files of a source have together at most so many bytes.
pub const SOURCE_MAX: usize = 8 << 20;

/// What there is to deploy (`GET /templates`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Templates {
    /// All of them: what comes with Longshore, then source by source.
    pub templates: Vec<TemplateRow>,
    /// The sources that any of them come from.
    pub sources: Vec<SourceHead>,
}

/// A template in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateRow {
    /// By which it is asked for: its own id, and before it that of its source and a dot, where it has one.
    pub id: String,
    /// What it is called.
    pub title: Words,
    /// What it is, in a sentence.
    pub description: Words,
    /// Where it belongs.
    pub categories: Vec<Words>,
    /// The letters that stand for it.
    pub mark: String,
    /// What it deploys.
    pub kind: TemplateKind,
    /// The system that it is for, if for one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// The id of its source; none for what comes with Longshore.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What a template deploys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TemplateKind {
    /// One container.
    Container,
    /// A stack.
    Stack,
    /// A stack of a swarm.
    Swarm,
}

impl TemplateRow {
    /// The row of a template of a source.
    pub fn of(template: &Template, source: Option<&str>) -> Self {
        Self {
            id: match source {
                Some(source) => format!("{source}.{}", template.id),
                None => template.id.clone(),
            },
            title: template.title.clone(),
            description: template.description.clone(),
            categories: template.categories.clone(),
            mark: template.mark.clone(),
            kind: match &template.deploys {
                Deploys::Container(_) => TemplateKind::Container,
                Deploys::Stack { swarm: true, .. } => TemplateKind::Swarm,
                Deploys::Stack { swarm: false, .. } => TemplateKind::Stack,
            },
            platform: template.platform,
            source: source.map(str::to_owned),
        }
    }
}

/// A source by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceHead {
    /// By which it is known.
    pub id: String,
    /// What it is called.
    pub name: String,
}

/// One template, whole (`GET /templates/{id}`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OneTemplate {
    /// As in the list.
    pub row: TemplateRow,
    /// Where it comes from; none for what comes with Longshore.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceHead>,
    /// The template with its notes, its questions and what it deploys.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub template: Template,
}

/// `POST /hosts/{host}/templates/{id}/resolve`: what would be deployed with these answers, answered with [`Resolved`]. Nothing
/// is changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Resolve {
    /// What the stack or the container is to be called.
    pub name: String,
    /// The answers, by variable; what is not answered is what the template proposes.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
}

/// What would be deployed; with refused answers nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resolved {
    /// Invalid answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedAnswer>,
    /// The Compose file.
    pub file: String,
    /// Its path from the stack's folder.
    pub at: String,
    /// The other files of the stack, by their paths: what it names of the repository that it comes from.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub beside: BTreeMap<String, String>,
    /// The variables that it is filled in with.
    pub variables: Vec<ResolvedVariable>,
    /// What was found in the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<ResolvedFinding>,
    /// The container, where the template is one of one container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<NewContainer>,
    /// The pages that there are when all runs.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub pages: Vec<Page>,
}

/// An answer that is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefusedAnswer {
    /// The variable.
    pub variable: String,
    /// Why, with the way out.
    pub why: Sentence,
}

/// A variable of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResolvedVariable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether it is to be kept sealed.
    pub secret: bool,
    /// Whether it was made rather than entered.
    pub made: bool,
}

/// Something that was found in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResolvedFinding {
    /// What, with the way out.
    pub what: Sentence,
    /// The keys that lead there: `services.web.ports.0`.
    pub path: String,
    /// Whether it can be deployed all the same.
    pub warning: bool,
}

impl From<longshore_compose::problem::Finding> for ResolvedFinding {
    fn from(finding: longshore_compose::problem::Finding) -> Self {
        let warning = finding.is_warning();
        Self { what: finding.problem.sentence(), path: finding.path, warning }
    }
}

/// Where the files of a source are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Place {
    /// At an address, which the server fetches now and then.
    Address {
        /// The address, by https; by http, too, where it may lead to private ones.
        url: String,
        /// Whether it may lead to private addresses.
        #[serde(default)]
        private: bool,
    },
    /// In a Git repository, whose newest commit the server reads now and then.
    Repository {
        /// Its address, as that of a file.
        url: String,
        /// The file, or the folder with files, from its root; the root itself, if empty.
        #[serde(default)]
        path: String,
        /// Whether it may lead to private addresses.
        #[serde(default)]
        private: bool,
    },
    /// In a folder of the server's machine.
    Folder {
        /// The folder, from the root on.
        path: String,
    },
    /// In a file that somebody has sent.
    File {
        /// What it is called.
        name: String,
    },
}

impl Place {
    /// Whether what it names may lead to private addresses.
    pub fn is_private(&self) -> bool {
        matches!(self, Self::Address { private: true, .. } | Self::Repository { private: true, .. })
    }
}

/// A source as administrators see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Source {
    /// By which it is known.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Where its files are.
    pub place: Place,
    /// How many templates it has.
    pub templates: usize,
    /// When its files were read; those are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Millis>,
    /// When that was tried last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_at: Option<Millis>,
    /// Why that came to nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Sentence>,
    /// What was found in the files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<SourceFinding>,
    /// Whether its files are being read, or are about to be.
    #[serde(default)]
    pub reading: bool,
}

/// Something that was found in the files of a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceFinding {
    /// What, with the way out.
    pub what: Sentence,
    /// Of which template of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Sentence>,
    /// Where: file, line and column; empty where it is of a list.
    pub place: String,
    /// The keys that lead there.
    pub field: String,
    /// Whether the template is there nevertheless.
    pub note: bool,
}

impl From<&Finding> for SourceFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            what: finding.problem.sentence(),
            entry: finding.at.sentence(),
            place: match &finding.at {
                At::Place(place) => place.to_string(),
                At::Entry { .. } | At::File => String::new(),
            },
            field: finding.field.clone(),
            note: finding.is_note(),
        }
    }
}

/// `POST /template-sources`: a new source; `PUT /template-sources/{id}` another name or place for one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SourceForm {
    /// What it is called.
    pub name: String,
    /// Where its files are.
    pub place: Place,
    /// The text of the file that is sent; kept as it is, if absent.
    #[serde(default)]
    pub text: Option<String>,
}
