//! App templates, and the sources that they come from.

use gloo_net::http::Method;
use longshore_api::web::people::Made;
use longshore_templates::web::{OneTemplate, Resolve, Resolved, Source, SourceForm, Templates};

use super::{Answer, ask, get, order, tell};

/// What there is to deploy.
pub(crate) async fn templates() -> Answer<Templates> {
    get("templates").await
}

/// One of them, with its questions.
pub(crate) async fn template(id: &str) -> Answer<OneTemplate> {
    get(&format!("templates/{}", part(id))).await
}

/// What would be deployed with these answers.
pub(crate) async fn resolve_template(host: &str, id: &str, wish: &Resolve) -> Answer<Resolved> {
    ask(Method::POST, &format!("hosts/{host}/templates/{}/resolve", part(id)), wish).await
}

/// The sources.
pub(crate) async fn template_sources() -> Answer<Vec<Source>> {
    get("template-sources").await
}

/// Makes a source; answered when it was read, or that was tried.
pub(crate) async fn create_template_source(form: &SourceForm) -> Answer<Made> {
    ask(Method::POST, "template-sources", form).await
}

/// Changes a source.
pub(crate) async fn edit_template_source(id: &str, form: &SourceForm) -> Answer<()> {
    tell(Method::PUT, &format!("template-sources/{id}"), form).await
}

/// Reads a source again.
pub(crate) async fn refresh_template_source(id: &str) -> Answer<()> {
    order(Method::POST, &format!("template-sources/{id}/refresh")).await
}

/// Removes a source with its templates.
pub(crate) async fn remove_template_source(id: &str) -> Answer<()> {
    order(Method::DELETE, &format!("template-sources/{id}")).await
}

/// A foreign id may be any word.
fn part(id: &str) -> String {
    String::from(js_sys::encode_uri_component(id))
}
