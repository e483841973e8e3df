//! What can go wrong with templates, in their own words.

use http::StatusCode;
use longshore_api::{sentence::Sentence, web::stack::SOURCE_MAX as STACK_MAX, words::say};
use longshore_templates::web::{NAME_MAX, SOURCE_MAX, SOURCES_MAX, SourceFinding};
use url::Url;

use crate::{
    fault::Fault,
    fetch::{FetchError, Named},
    git::GitError,
};

/// What can go wrong with templates.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// There is no such template, or not for whoever asks.
    #[error("no such template")]
    Unknown,
    /// There is no such source.
    #[error("no such source of templates")]
    SourceUnknown,
    /// A source cannot be called so.
    #[error("a source cannot be called so")]
    Name,
    /// Another source is called so.
    #[error("another source is called {0}")]
    NameTaken(String),
    /// There are enough of them.
    #[error("there are {SOURCES_MAX} sources already")]
    Many,
    /// It is no address that is fetched.
    #[error("no address that is fetched")]
    Address,
    /// It is no path within a repository.
    #[error("no path within a repository")]
    RepositoryPath,
    /// It is no absolute path.
    #[error("no absolute path")]
    Folder,
    /// A file was to be sent, and none was.
    #[error("no file was sent")]
    NoFile,
    /// The files of a source are too large.
    #[error("more than {SOURCE_MAX} bytes")]
    Large,
    /// A stack or a container cannot be called so.
    #[error("nothing can be called so")]
    StackName,
    /// Where the file of a stack is, is no address that is asked.
    #[error("the file of the stack is in a repository that cannot be read from here: {0}")]
    Repository(String),
    /// It is for a swarm.
    #[error("a stack for a swarm")]
    Swarm,
    /// The file of a stack could not be had.
    #[error("the file of the stack could not be had")]
    File(#[source] NotHad),
    /// The database failed.
    #[error("templates could not be read or written")]
    Store(#[from] sqlx::Error),
}

/// Why files could not be had.
#[derive(Debug, thiserror::Error)]
pub enum NotHad {
    /// The address could not be asked.
    #[error(transparent)]
    Unreachable(#[from] FetchError),
    /// It answered, and not with a file.
    #[error("{url} answered {status}")]
    Status {
        /// What was asked.
        url: String,
        /// Its answer.
        status: u16,
    },
    /// It is no text.
    #[error("{0} is no text in UTF-8")]
    NotText(String),
    /// There is too much of it.
    #[error("more than {SOURCE_MAX} bytes")]
    Large,
    /// The files that a stack names are too large for one.
    #[error("more than a stack may have")]
    StackLarge,
    /// It is no Git repository, or none that can be read.
    #[error("{0} is no Git repository that can be read")]
    NoRepository(String),
    /// A Git repository has no such file.
    #[error("{url} has no file {path}")]
    NotInRepository {
        /// The repository.
        url: String,
        /// The file.
        path: String,
    },
    /// A Git repository answered what makes no sense.
    #[error("{url}: {said}")]
    Repository {
        /// The repository.
        url: String,
        /// What is wrong, or what it said is.
        said: String,
    },
    /// The folder cannot be read.
    #[error("{path}: {cause}")]
    Folder {
        /// The path.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// No file of it is one of templates.
    #[error("{0} has no file of templates")]
    NoFiles(String),
    /// Nothing in the files is a template.
    #[error("there is no template in it")]
    NoTemplates(Option<Box<SourceFinding>>),
}

impl NotHad {
    /// Why a file of a Git repository could not be had.
    pub(super) fn of_repository(error: GitError, repository: &Url) -> Self {
        let url = repository.to_string();
        match error {
            GitError::Unreachable(why) => Self::Unreachable(why),
            GitError::Status { url, status } => Self::Status { url, status },
            GitError::NoRepository => Self::NoRepository(url),
            GitError::NoFile(path) => Self::NotInRepository { url, path },
            GitError::Large => Self::Large,
            GitError::Empty | GitError::Broken(_) => Self::Repository { url, said: error.to_string() },
        }
    }

    /// What an administrator is told.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Unreachable(FetchError::Private { host, address, .. }) => {
                say::source_private(address.to_string(), host)
            }
            Self::Unreachable(FetchError::Plain(_)) => say::source_plain(),
            Self::Unreachable(FetchError::Large(limit)) => say::source_large(*limit),
            Self::Unreachable(why) => say::source_unreachable(why.to_string()),
            Self::Status { url, status } => say::source_status(*status, url),
            Self::NotText(file) => say::compose_file_not_text(file),
            Self::Large => say::source_large(SOURCE_MAX),
            Self::StackLarge => say::source_stack_large(STACK_MAX),
            Self::NoRepository(url) => say::source_no_repository(url),
            Self::NotInRepository { url, path } => say::source_not_in_repository(path, url),
            Self::Repository { url, said } => say::source_repository_broken(said, url),
            Self::Folder { path, cause } => say::compose_file_unreadable(path, cause.to_string()),
            Self::NoFiles(path) => say::source_no_files(path),
            Self::NoTemplates(Some(of)) if of.place.is_empty() => {
                say::source_no_templates_because(of.what.clone())
            }
            Self::NoTemplates(Some(of)) => say::source_no_templates_at(&of.place, of.what.clone()),
            Self::NoTemplates(None) => say::source_no_templates(),
        }
    }
}

/// Who named an address of a source: one that may lead to private places was said to by an administrator.
pub fn named(private: bool) -> Named {
    if private { Named::Inside } else { Named::ByOthers }
}

impl From<TemplateError> for Fault {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Unknown => Self::not_found(say::deploy_unknown()),
            TemplateError::SourceUnknown => Self::not_found(say::source_unknown()),
            TemplateError::Name => Self::bad_request(say::source_name_invalid(NAME_MAX)).at("name"),
            TemplateError::NameTaken(name) => {
                Self::new(StatusCode::CONFLICT, say::name_taken_already(name)).at("name")
            }
            TemplateError::Many => Self::new(StatusCode::CONFLICT, say::sources_too_many(SOURCES_MAX)),
            TemplateError::Address => Self::bad_request(say::source_address_invalid()).at("place"),
            TemplateError::RepositoryPath => Self::bad_request(say::source_path_invalid()).at("place"),
            TemplateError::Folder => Self::bad_request(say::source_folder_invalid()).at("place"),
            TemplateError::NoFile => Self::bad_request(say::source_no_file()).at("place"),
            TemplateError::Large => Self::bad_request(say::source_large(SOURCE_MAX)).at("place"),
            TemplateError::StackName => Self::bad_request(say::deploy_name_invalid()).at("name"),
            TemplateError::Swarm => Self::new(StatusCode::CONFLICT, say::deploy_needs_swarm()),
            TemplateError::Repository(url) => {
                Self::new(StatusCode::CONFLICT, say::deploy_repository_unread(url))
            }
            TemplateError::File(why) => {
                Self::new(StatusCode::BAD_GATEWAY, say::deploy_file_not_had(why.sentence())).because(why)
            }
            TemplateError::Store(cause) => cause.into(),
        }
    }
}
