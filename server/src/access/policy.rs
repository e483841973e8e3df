//! What a pass lets its holder say: every body and every parameter that goes to an engine, from the gateway and from our
//! own pages, is judged here.

use http::StatusCode;
use longshore_api::ops::{
    Permission, Query,
    body::{self, BodyRefusal, Checked, Strength},
};
use serde_json::Value;

use super::{Pass, permit};
use crate::fault::Fault;

/// On which side of the line the holder of a pass stands, on its host.
fn strength(pass: &Pass) -> Strength {
    let manages = |host| pass.principal.roles().allow(host, Permission::Manage);
    if pass.target.host().is_some_and(manages) { Strength::Manager } else { Strength::Developer }
}

impl Pass {
    /// Whether its holder may send `body` with the operation that it is for.
    ///
    /// # Errors
    /// Names the field and the rule.
    pub fn judge(&self, body: Value) -> Result<Checked, Fault> {
        Ok(body::policy(permit(self)?.operation, body, strength(self))?)
    }

    /// Whether its holder may call the operation that it is for with these parameters, where `name` is what its path
    /// names. Those that are JSON are written anew.
    ///
    /// # Errors
    /// Names the parameter and the rule.
    pub fn judge_query(&self, name: Option<&str>, query: &mut Query) -> Result<(), Fault> {
        body::asked(permit(self)?.operation, name, query, strength(self))?;
        Ok(())
    }
}

impl From<BodyRefusal> for Fault {
    fn from(refusal: BodyRefusal) -> Self {
        let status = match refusal {
            BodyRefusal::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            _ if refusal.is_forbidden() => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        };
        Self::new(status, refusal.sentence())
    }
}
