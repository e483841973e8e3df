//! What a pass lets its holder say: every body and every parameter that goes to an engine, from the gateway and from our
//! own pages, is judged here.

use http::StatusCode;
use longshore_api::{
    ops::{
        self, Kind, Operation, Permission, Query,
        body::{self, BodyRefusal, Checked, Reference, Strength},
    },
    words::say,
};
use serde_json::{Value, json};

use super::Pass;
use crate::{audit::capped, fault::Fault};

impl Pass {
    /// Whether its holder may send `body` with the operation that it is for.
    ///
    /// # Errors
    /// Names the field and the rule.
    pub fn judge(&self, body: Value) -> Result<Checked, Fault> {
        let operation = self.permit()?.operation;
        // What is kept in a cluster reaches no host by itself.
        let strength = match operation.kind {
            Kind::Secret | Kind::Config if self.manages() => Strength::Manager,
            _ => self.strength,
        };
        body::policy(operation, body, strength).map_err(|why| self.refused(why))
    }

    /// Whether its holder may call the operation that it is for with these parameters, where `name` is what its path
    /// names; what else they name. Those that are JSON are written anew.
    ///
    /// # Errors
    /// Names the parameter and the rule.
    pub fn judge_query(&self, name: Option<&str>, query: &mut Query) -> Result<Vec<Reference>, Fault> {
        body::asked(self.permit()?.operation, name, query, self.strength).map_err(|why| self.refused(why))
    }
}

impl Pass {
    /// In which words: a manager who may not is on our own machine.
    fn refused(&self, why: BodyRefusal) -> Fault {
        match &why {
            BodyRefusal::Manager { path }
            | BodyRefusal::Ruled { path, .. }
            | BodyRefusal::Unknown { path }
                if self.manages() && self.strength < Strength::Manager =>
            {
                Fault::new(StatusCode::FORBIDDEN, say::policy_own_machine(capped(path)))
            }
            _ => why.into(),
        }
    }

    /// Whether its holder manages the host that it holds on: what is on it is theirs to see.
    pub fn manages(&self) -> bool {
        self.target.host().is_some_and(|host| self.principal.roles().allow(host, Permission::Manage))
    }

    /// Whether its holder stands above the line: nothing that a container has is more than they may give one.
    pub fn is_above_the_line(&self) -> bool {
        self.strength == Strength::Manager
    }

    /// Whether its holder could have made a volume of this driver and these options themselves: one can be a folder of the
    /// host's.
    ///
    /// # Errors
    /// Names the field and the rule.
    pub fn judge_volume(&self, driver: &str, options: &Value) -> Result<(), Fault> {
        let create = ops::operation("volume-create");
        let create = create.ok_or_else(|| Fault::internal("the table has no way to make a volume"))?;
        let body = json!({ "Name": "", "Driver": driver, "DriverOpts": options });
        body::policy(create, body, self.strength).map(drop).map_err(|why| self.refused(why))
    }

    /// Whether its holder may call another operation with this body: what is planned is judged as what is done.
    ///
    /// # Errors
    /// Names the field and the rule.
    pub fn judge_planned(&self, operation: &Operation, body: Value) -> Result<Checked, Fault> {
        body::policy(operation, body, self.strength).map_err(|why| self.refused(why))
    }

    /// The same of the parameters of another operation.
    ///
    /// # Errors
    /// Names the parameter and the rule.
    pub fn judge_planned_query(
        &self,
        operation: &Operation,
        query: &mut Query,
    ) -> Result<Vec<Reference>, Fault> {
        body::asked(operation, None, query, self.strength).map_err(|why| self.refused(why))
    }

    /// Whether its holder could have made a container of this body themselves. Whoever runs a program in a stronger one,
    /// or starts it, has what it has.
    ///
    /// # Errors
    /// Names the field and the rule.
    pub fn judge_container(&self, body: Value) -> Result<(), Fault> {
        let create = ops::operation("container-create");
        let create = create.ok_or_else(|| Fault::internal("the table has no way to make a container"))?;
        body::policy(create, body, self.strength).map(drop).map_err(|why| self.refused(why))
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
