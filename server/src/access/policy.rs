//! What a pass lets its holder say: every body and every parameter that goes to an engine, from the gateway and from our
//! own pages, is judged here.

use http::StatusCode;
use longshore_api::ops::{
    self, Permission, Query,
    body::{self, BodyRefusal, Checked, Reference, Strength},
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
    /// names; what else they name. Those that are JSON are written anew.
    ///
    /// # Errors
    /// Names the parameter and the rule.
    pub fn judge_query(&self, name: Option<&str>, query: &mut Query) -> Result<Vec<Reference>, Fault> {
        Ok(body::asked(permit(self)?.operation, name, query, strength(self))?)
    }
}

impl Pass {
    /// Whether its holder stands above the line: nothing that a container has is more than they may give one.
    pub fn is_above_the_line(&self) -> bool {
        strength(self) == Strength::Manager
    }

    /// Whether its holder could have made a container of this body themselves. Whoever runs a program in a stronger one,
    /// or starts it, has what it has.
    ///
    /// # Errors
    /// Names the field and the rule.
    pub fn judge_container(&self, body: Value) -> Result<(), Fault> {
        let create = ops::operation("container-create");
        let create = create.ok_or_else(|| Fault::internal("the table has no way to make a container"))?;
        body::policy(create, body, strength(self))?;
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
