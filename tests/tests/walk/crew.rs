//! Somebody of every role, all in one team, and bob, whose things are another's to all of them.

use http::Method;
use longshore_tests::{Person, Server, person::PASSWORD};
use serde_json::{Value, json};

use crate::matrix::ROLES;

/// The team that all are in.
pub const TEAM: &str = "crew";

/// Somebody with a role.
pub struct Member {
    /// The role, which is their name as well.
    pub role: &'static str,
    /// Signed in by password.
    pub page: Person,
    /// With an API key.
    pub program: Person,
    /// The id of their account.
    pub account: String,
    grant: String,
}

impl Member {
    async fn invited(server: &Server, ada: &mut Person, name: &'static str) -> Self {
        let (account, mut page) = invited(server, ada, name).await;
        let program = Person::with_key(server.http(), &page.make_key("walk").await);
        let grant = given(ada, &account, "developer").await;
        Self { role: name, page, program, account, grant }
    }

    /// Whether they see all.
    pub fn manages(&self) -> bool {
        matches!(self.role, "manager" | "administrator" | "everywhere")
    }
}

/// All of them. Whatever they are to be, they begin as developers, so that each can make things of their own.
pub struct Crew {
    /// One of each role, in the order of [`ROLES`].
    pub members: Vec<Member>,
    /// A developer who is none of them.
    pub bob: Member,
    /// The id of [`TEAM`].
    pub team: String,
}

impl Crew {
    /// Invites them.
    pub async fn on(server: &Server, ada: &mut Person) -> Self {
        let team = ada.send(Method::POST, "teams", Some(json!({ "name": TEAM }))).await.expect(200).json();
        let team = text(&team["id"]);
        let mut members = Vec::new();
        for role in ROLES {
            members.push(Member::invited(server, ada, role).await);
            let path = format!("teams/{team}/members/{role}");
            ada.send(Method::PUT, &path, Some(json!({}))).await.expect(204);
        }
        Self { members, bob: Member::invited(server, ada, "bob").await, team }
    }

    /// Gives each the role that they are there for.
    pub async fn take_places(&mut self, ada: &mut Person) {
        for member in &mut self.members {
            ada.send(Method::DELETE, &format!("grants/{}", member.grant), None).await.expect(204);
            if member.role != "nobody" {
                member.grant = given(ada, &member.account, member.role).await;
            }
        }
    }
}

/// Somebody who has accepted an invitation, and has no role yet: the account's id, and they.
pub async fn invited(server: &Server, ada: &mut Person, name: &str) -> (String, Person) {
    let made = ada.send(Method::POST, "people", Some(json!({ "name": name }))).await.expect(200).json();
    let accepted = json!({ "secret": made["secret"], "password": PASSWORD });
    let mut page = Person::nobody(server.http());
    page.send(Method::POST, "invitation/accept", Some(accepted)).await.expect(200);
    (text(&made["account"]), page)
}

async fn given(ada: &mut Person, account: &str, role: &str) -> String {
    let (scope, role) = match role {
        "everywhere" => (json!("everywhere"), "administrator"),
        role => (json!({ "host": "local" }), role),
    };
    let grant = json!({ "subject": { "account": account }, "scope": scope, "role": role });
    text(&ada.send(Method::POST, "grants", Some(grant)).await.expect(200).json()["id"])
}

/// A value that is text.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
