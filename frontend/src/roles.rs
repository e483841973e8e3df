//! Roles and permissions in words.

use longshore_api::{
    ops::{Permission, Role},
    words::Words,
};

/// What a role is called.
pub(crate) fn role_word(role: Role, words: &Words) -> &'static str {
    match role {
        Role::Viewer => words.role_viewer(),
        Role::Operator => words.role_operator(),
        Role::Developer => words.role_developer(),
        Role::Manager => words.role_manager(),
        Role::Administrator => words.role_administrator(),
    }
}

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

/// What a permission is called over a column.
pub(crate) fn permission_word(permission: Permission, words: &Words) -> &'static str {
    match permission {
        Permission::View => words.may_view(),
        Permission::Logs => words.may_logs(),
        Permission::Operate => words.may_operate(),
        Permission::Exec => words.may_exec(),
        Permission::Deploy => words.may_deploy(),
        Permission::Files => words.may_files(),
        Permission::Manage => words.may_manage(),
        Permission::Administer => words.may_administer(),
    }
}

/// The roles as options of a field, with one for none before them where that has a word.
pub(crate) fn role_options(none: Option<&'static str>, words: &Words) -> Vec<(String, String)> {
    let none = none.map(|word| (String::new(), word.to_owned()));
    let roles = Role::ALL.iter().map(|role| (role.code().to_owned(), role_word(*role, words).to_owned()));
    none.into_iter().chain(roles).collect()
}
