//! One template, from wherever it came.

use serde::{Deserialize, Serialize};

use crate::{
    container::Container,
    notes::Block,
    variable::Variable,
    words::{Both, Words},
};

/// Something that can be deployed with a few answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// What it is known by: ours have a word, foreign ones their number or a hash of what they are.
    pub id: String,
    /// What it is called.
    pub title: Words,
    /// What it is, in a sentence.
    pub description: Words,
    /// What one has to know, before or after.
    pub notes: Both<Vec<Block>>,
    /// Where it belongs.
    pub categories: Vec<Words>,
    /// Where tags, ports and checks of its images are documented.
    pub source: Vec<String>,
    /// The letters that stand for it where it has no picture.
    pub mark: String,
    /// The address of its picture; nothing is fetched from there by a browser.
    pub logo: Option<String>,
    /// The system that it is for, if for one only.
    pub platform: Option<Platform>,
    /// Whether only administrators may deploy it.
    pub administrators_only: bool,
    /// The name that is proposed for what is deployed.
    pub name: String,
    /// Who keeps it, where a collection says so.
    pub maintainer: String,
    /// What it asks for, in the order of the form.
    pub variables: Vec<Variable>,
    /// What is deployed.
    pub deploys: Deploys,
    /// What the page of results links to.
    pub open: Vec<Open>,
}

/// A system that containers run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// Linux.
    Linux,
    /// Windows.
    Windows,
}

/// What a template deploys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Deploys {
    /// One container, written as a project of one service.
    Container(Box<Container>),
    /// A project, or a stack of a swarm.
    Stack {
        /// Where its file is.
        file: StackFile,
        /// Whether it needs a manager of a swarm.
        swarm: bool,
    },
}

/// Where a stack's file comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum StackFile {
    /// It stands in the template.
    Text {
        /// The Compose file.
        text: String,
    },
    /// It is fetched from an address.
    Address {
        /// The address.
        url: String,
    },
    /// It lies in a repository.
    Repository {
        /// The repository's address.
        url: String,
        /// The file's path in it.
        path: String,
    },
}

/// A page that is there when all runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// The variable that holds the port of the host.
    pub port: String,
    /// What the link says.
    pub label: Words,
    /// The path of the page.
    pub path: String,
    /// `http` or `https`.
    pub scheme: String,
}

impl Template {
    /// The variable of a name.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    /// Whether it needs a manager of a swarm.
    pub fn is_swarm(&self) -> bool {
        matches!(self.deploys, Deploys::Stack { swarm: true, .. })
    }
}
