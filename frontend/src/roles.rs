//! Roles and permissions in words.

use longshore_api::{ops::Role, words::Words};

/// What it adds to the one before it.
pub(crate) fn role_more(role: Role, words: &Words) -> &'static str {
    match role {
        Role::Viewer => words.role_viewer_more(),
        Role::Operator => words.role_operator_more(),
        Role::Developer => words.role_developer_more(),
        Role::Manager => words.role_manager_more(),
        Role::Administrator => words.role_administrator_more(),
    }
}

/// The roles as options of a field, with one for none before them where that has a word.
pub(crate) fn role_options(none: Option<&'static str>, words: &Words) -> Vec<(String, String)> {
    let none = none.map(|word| (String::new(), word.to_owned()));
    let roles = Role::ALL.iter().map(|role| (role.code().to_owned(), role.word(words).to_owned()));
    none.into_iter().chain(roles).collect()
}
