//! The audit log as pages and programs read it.

use serde::{Deserialize, Serialize};

use super::Millis;

/// So many entries are sent at once, and at most so many are asked for.
pub const PAGE: u32 = 100;
/// At most so many.
pub const PAGE_MAX: u32 = 500;

/// A deed with its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Its number in the chain: rises with time.
    pub seq: i64,
    /// When it began.
    pub at: Millis,
    /// When its outcome was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Millis>,
    /// The name of the account, or what someone said they were.
    pub account: String,
    /// The account; empty where it is nobody's.
    pub account_id: String,
    /// By which door: `session`, `key`, `docker`, `machine`, `server`, `none`.
    pub door: String,
    /// By which API key, where it was one: its name, and how it begins.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// From which address.
    pub address: String,
    /// What: an operation of the table, or a deed of Longshore's own.
    pub operation: String,
    /// On which host, by slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// On what.
    pub target: String,
    /// What else there is to know.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// `intended`, `done`, `refused`, `failed`, `unknown`.
    pub outcome: String,
    /// The outcome as an HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How many attempts it stands for.
    pub times: u32,
    /// Finds everything about the request in the server's log.
    pub request_id: String,
}

/// What is asked of the audit log. All of it must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct AuditQuery {
    /// Words of which name, key, operation, target, host, address, detail or request id has each.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The name of an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The slug of a host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// An operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// An outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// A door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door: Option<String>,
    /// Not before this time, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// Before this time, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
    /// Only what has a lower number: the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<i64>,
    /// Only what is new since the log had this head: entries that began, and those whose outcome came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<i64>,
    /// How many at most; 100, if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditPage {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// The last row of the log when it was read.
    pub head: i64,
    /// Whether there are more that fit, before the last of these.
    pub more: bool,
}

/// What is asked of an export: everything that fits, oldest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    /// One line of text for each.
    #[default]
    Csv,
    /// One array.
    Json,
}

/// What is wrong at a place of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum AuditDamage {
    /// A row was changed, or is none of ours.
    Changed {
        /// Its number.
        at: i64,
    },
    /// A row was written as another one.
    Moved {
        /// Where it stands.
        at: i64,
        /// Where it belongs.
        from: i64,
    },
    /// Rows are gone.
    Missing {
        /// The first.
        from: i64,
        /// The last.
        to: i64,
    },
    /// All rows after this one are gone, up to a head that was noted.
    Cut {
        /// The last that there is.
        last: i64,
        /// The head.
        head: i64,
    },
    /// The row of a head that was noted is another one.
    Head {
        /// Its number.
        at: i64,
    },
    /// A sealed segment was changed, or is none of ours.
    Segment {
        /// Its first row.
        from: i64,
        /// Its last.
        to: i64,
    },
    /// A segment had faults already when it was sealed.
    Sealed {
        /// Its first row.
        from: i64,
        /// Its last.
        to: i64,
        /// How many.
        faults: i64,
    },
}

/// What the last walk along the chain found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditCheck {
    /// When it was.
    pub at: Millis,
    /// Rows that were read.
    pub entries: u64,
    /// Rows that were sealed before, and are gone.
    pub sealed: i64,
    /// When the first row was written that is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Millis>,
    /// What is wrong, in the order of rows, as far as it is told one by one.
    pub damage: Vec<AuditDamage>,
    /// How much more there is.
    pub more: u64,
}
