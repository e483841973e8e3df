//! App templates: the gallery, the page of one with the form that deploys it, and where they come from.

mod aside;
mod deploy;
mod feed;
mod form;
mod gallery;
mod notes;
mod page;
mod question;
mod result;
mod source_form;
mod sources;

pub(crate) use gallery::TemplatesPage;
pub(crate) use page::TemplatePage;
