//! What a refused or failed request answers: an RFC 9457 problem document.

use serde::{Deserialize, Serialize};

use crate::sentence::{Args, Sentence};

/// A problem document (`application/problem+json`). The sentence is data; `title` is its English form for those who
/// read the answer without our catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(from = "ProblemFields")]
pub struct Problem {
    /// Stable, to be matched on: `/problems/` and the code of the sentence.
    #[serde(rename = "type")]
    pub kind: String,
    /// The sentence in English.
    pub title: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// The sentence as data: `code` and `args`.
    #[serde(flatten)]
    pub sentence: Sentence,
    /// The engine's own words, where it was the engine that refused. Quoted as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The field of the request that is at fault, where one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Finds the cause in the server's log.
    pub request_id: String,
}

/// [`Problem`] as it is read, see [`super`].
#[derive(Deserialize)]
struct ProblemFields {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    code: String,
    #[serde(default)]
    args: Args,
    engine: Option<String>,
    field: Option<String>,
    request_id: String,
}

impl From<ProblemFields> for Problem {
    fn from(fields: ProblemFields) -> Self {
        let ProblemFields { kind, title, status, code, args, engine, field, request_id } = fields;
        Self {
            kind,
            title,
            status,
            sentence: Sentence { code: code.into(), args },
            engine,
            field,
            request_id,
        }
    }
}
