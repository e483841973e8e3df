//! What names and passwords must be.

use longshore_api::web::account::{NAME_MAX, PASSWORD_MAX, PASSWORD_MIN};

use super::AccountError;

/// Names are compared without regard to case.
pub(super) fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A user name, as it is shown and as it is compared.
pub(super) fn check_name(name: &str) -> Result<(String, String), AccountError> {
    if name.trim().is_empty() {
        return Err(AccountError::NameMissing);
    }
    if name.chars().count() > NAME_MAX {
        return Err(AccountError::NameTooLong);
    }
    if name.trim() != name || name.chars().any(char::is_control) {
        return Err(AccountError::NameCharacters);
    }
    Ok((name.to_owned(), fold(name)))
}

/// What people call something: short, and without control characters.
pub(super) fn check_label(text: &str) -> Result<(), ()> {
    if text.chars().count() > NAME_MAX || text.chars().any(char::is_control) { Err(()) } else { Ok(()) }
}

/// What pages show of an account: what was given, or its name.
pub(super) fn display_name(given: &str, name: &str) -> Result<String, AccountError> {
    let given = given.trim();
    check_label(given).map_err(|()| AccountError::NameCharacters)?;
    Ok(if given.is_empty() { name } else { given }.to_owned())
}

/// Long beats clever: its length is all that is asked.
pub(super) fn check_password(password: &str) -> Result<(), AccountError> {
    let n = password.chars().count();
    if n < PASSWORD_MIN {
        Err(AccountError::PasswordShort(n))
    } else if password.len() > PASSWORD_MAX {
        Err(AccountError::PasswordLong)
    } else {
        Ok(())
    }
}
