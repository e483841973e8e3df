//! The audit log.

use gloo_net::http::Method;
use longshore_api::web::{
    API,
    audit::{AuditCheck, AuditPage, AuditQuery, ExportFormat},
};

use super::{Answer, ask, get};
use crate::{browser, places::query_string};

/// What fits, newest first.
pub(crate) async fn audit(query: &AuditQuery) -> Answer<AuditPage> {
    get(&format!("audit{}", written(query, &[]))).await
}

/// What the last walk along the chain found.
pub(crate) async fn audit_checked() -> Answer<AuditCheck> {
    get("audit/check").await
}

/// Has the whole chain walked.
pub(crate) async fn check_audit() -> Answer<AuditCheck> {
    ask(Method::POST, "audit/check", &()).await
}

/// The address of everything that fits, as a file.
pub(crate) fn audit_file(query: &AuditQuery, format: ExportFormat) -> String {
    let format = match format {
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
    };
    browser::below_base(&format!("{API}/audit/export{}", written(query, &[("format", format)])))
}

/// A question as it stands in an address.
fn written(query: &AuditQuery, more: &[(&str, &str)]) -> String {
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let numbers = [
        ("from", number(query.from)),
        ("to", number(query.to)),
        ("before", number(query.before)),
        ("after", number(query.after)),
        ("limit", number(query.limit.map(i64::from))),
    ];
    let texts = [
        ("text", Some(&query.text).filter(|text| !text.is_empty())),
        ("who", query.who.as_ref()),
        ("host", query.host.as_ref()),
        ("operation", query.operation.as_ref()),
        ("outcome", query.outcome.as_ref()),
        ("door", query.door.as_ref()),
    ];
    let texts = texts.into_iter().filter_map(|(name, text)| text.map(|text| (name, text.as_str())));
    let numbers = numbers.iter().filter_map(|(name, text)| text.as_deref().map(|text| (*name, text)));
    query_string(more.iter().copied().chain(texts).chain(numbers))
}
