//! Who may use a thing, and why: their role on its host, and what lets them see it.

use longshore_api::{
    ops::Permission,
    web::{
        access::{MayUse, RoleBy, RoleOn, Sees, Sharing},
        people::{Account, Grant, People, Scope, Subject},
    },
};

use super::Owned;
use crate::accounts::people::{holds_on, reaches};

/// Everybody who may use a thing of a host, by name.
pub fn who_may_use(people: &People, host: &str, owned: Option<&Owned>) -> Vec<MayUse> {
    let mut all: Vec<MayUse> = people
        .accounts
        .iter()
        .filter(|account| !account.disabled)
        .filter_map(|account| {
            let grant = strongest(people, host, account)?;
            let sees = sees(people, grant, owned, account)?;
            Some(MayUse {
                name: account.name.clone(),
                display_name: account.display_name.clone(),
                role: grant.role,
                by: match &grant.subject {
                    Subject::Everyone => RoleBy::Everyone,
                    Subject::Account(_) => RoleBy::Own,
                    Subject::Team(id) => RoleBy::Team(team(people, id)),
                },
                on: match &grant.scope {
                    Scope::Everywhere => RoleOn::Everywhere,
                    Scope::Group(id) => RoleOn::Group(group(people, id)),
                    Scope::Host(_) => RoleOn::Host,
                },
                sees,
            })
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The grant that counts for an account on a host.
fn strongest<'a>(people: &'a People, host: &str, account: &Account) -> Option<&'a Grant> {
    let mine = people
        .grants
        .iter()
        .filter(|grant| reaches(grant, &account.id, &people.teams) && holds_on(grant, host, &people.groups));
    // Of equals the oldest, as it stands first.
    mine.reduce(|best, grant| if grant.role > best.role { grant } else { best })
}

fn sees(people: &People, grant: &Grant, owned: Option<&Owned>, account: &Account) -> Option<Sees> {
    if grant.role.allows(Permission::Manage) {
        return Some(Sees::Manages);
    }
    let owned = owned.filter(|_| grant.role.allows(Permission::View))?;
    if owned.account.as_deref() == Some(account.id.as_str()) {
        return Some(Sees::Owns);
    }
    match owned.sharing {
        Sharing::Private => None,
        Sharing::Public => Some(Sees::All),
        Sharing::Teams => {
            let is_in = |id: &&String| {
                let team = people.teams.iter().find(|team| team.id == **id);
                team.is_some_and(|team| team.members.iter().any(|member| member.account == account.id))
            };
            owned.teams.iter().find(is_in).map(|id| Sees::Team(team(people, id)))
        }
    }
}

fn team(people: &People, id: &str) -> String {
    people.teams.iter().find(|team| team.id == id).map(|team| team.name.clone()).unwrap_or_default()
}

fn group(people: &People, id: &str) -> String {
    people.groups.iter().find(|group| group.id == id).map(|group| group.name.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use longshore_api::{
        ops::{Kind, Role},
        web::people::{AccountKind, Member, Team},
    };

    use super::*;
    use crate::ownership::Key;

    fn account(id: &str) -> Account {
        Account {
            id: id.to_owned(),
            name: id.to_owned(),
            display_name: id.to_owned(),
            kind: AccountKind::default(),
            disabled: false,
            must_change: false,
            unclaimed: false,
            has_password: false,
            totp: false,
            providers: Vec::new(),
            link_until: None,
            created_at: 0,
            seen_at: None,
            sessions: 0,
            keys: 0,
        }
    }

    fn grant(subject: Subject, scope: Scope, role: Role) -> Grant {
        let (id, created_by) = (String::new(), String::new());
        Grant { id, subject, scope, role, ends_at: None, created_at: 0, created_by }
    }

    #[test]
    fn each_is_told_by_what_they_may_and_why_they_see_it() {
        let member = |id: &str| Member {
            account: id.to_owned(),
            name: id.to_owned(),
            display_name: id.to_owned(),
            leader: false,
        };
        let of_account = |id: &str| Subject::Account(id.to_owned());
        let (quay, dock) = (Scope::Host("quay".to_owned()), Scope::Host("dock".to_owned()));
        let mut people = People {
            accounts: ["ada", "bob", "mia", "vic", "zoe"].map(account).into(),
            teams: vec![Team { id: "t".to_owned(), name: "web".to_owned(), members: vec![member("bob")] }],
            groups: Vec::new(),
            grants: vec![
                grant(of_account("ada"), Scope::Everywhere, Role::Administrator),
                grant(Subject::Team("t".to_owned()), quay.clone(), Role::Operator),
                grant(of_account("mia"), quay.clone(), Role::Viewer),
                grant(of_account("mia"), quay.clone(), Role::Developer),
                grant(of_account("vic"), quay, Role::Viewer),
                grant(of_account("zoe"), dock, Role::Manager),
            ],
        };
        let owned = Owned {
            id: "o".to_owned(),
            host: "quay".to_owned(),
            key: Key::named(Kind::Container, "web"),
            account: Some("mia".to_owned()),
            sharing: Sharing::Teams,
            teams: vec!["t".to_owned()],
            passing: false,
            claimed: None,
        };
        let told = |people: &People, owned: Option<&Owned>| {
            let all = who_may_use(people, "quay", owned).into_iter();
            all.map(|one| (one.name, one.role, one.by, one.sees)).collect::<Vec<_>>()
        };
        let line = |name: &str, role, by, sees| (name.to_owned(), role, by, sees);
        let (ada, web) = (line("ada", Role::Administrator, RoleBy::Own, Sees::Manages), || "web".to_owned());
        let expected = [
            ada.clone(),
            line("bob", Role::Operator, RoleBy::Team(web()), Sees::Team(web())),
            line("mia", Role::Developer, RoleBy::Own, Sees::Owns),
        ];
        assert_eq!(told(&people, Some(&owned)), expected);
        assert_eq!(told(&people, None), std::slice::from_ref(&ada), "what is nobody's is the managers'");
        people.accounts[2].disabled = true;
        let public = Owned { sharing: Sharing::Public, ..owned.clone() };
        let all: Vec<String> = told(&people, Some(&public)).into_iter().map(|one| one.0).collect();
        assert_eq!(all, ["ada", "bob", "vic"]);
    }
}
