//! What can go wrong with accounts, in their own words.

use http::StatusCode;
use longshore_api::{
    web::{
        account::{NAME_MAX, PASSWORD_MAX, PASSWORD_MIN},
        oidc::PROVIDER_TEXT_MAX,
    },
    words::say,
};

use crate::{fault::Fault, seal::SealBroken};

/// What can go wrong with accounts.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The set-up link was used already, replaced, or never was.
    #[error("the set-up link is not valid")]
    SetUpLink,
    /// There is no such account, or it has another password; the two are not told apart.
    #[error("name and password do not match")]
    WrongPassword,
    /// Whoever changes the second factor does not know their password.
    #[error("the password of the account is another one")]
    OwnPassword,
    /// No code of the second factor that holds now, and no recovery code.
    #[error("the code does not hold")]
    WrongCode,
    /// A sign-in that was half done has taken too long, has had too many wrong codes, or never was.
    #[error("no sign-in is half done")]
    StepOver,
    /// Codes are asked for already.
    #[error("two-factor authentication is on already")]
    TotpOn,
    /// No codes are asked for.
    #[error("two-factor authentication is off")]
    TotpOff,
    /// No secret was offered that a code could be of.
    #[error("no secret was offered")]
    TotpNoOffer,
    /// Whoever changes their password does not know the one they have.
    #[error("the current password is another one")]
    CurrentPassword,
    /// Too many attempts on this account or from this address.
    #[error("too many attempts, the next in {seconds} s")]
    TooManyAttempts {
        /// Until the next attempt.
        seconds: u32,
    },
    /// A user name without characters.
    #[error("no user name")]
    NameMissing,
    /// A user name beyond [`NAME_MAX`].
    #[error("the user name is too long")]
    NameTooLong,
    /// A user name with control characters or with spaces at its ends.
    #[error("the user name has characters that it may not have")]
    NameCharacters,
    /// A user name with letters of two scripts that look alike.
    #[error("the user name has letters of scripts that look alike")]
    NameScripts,
    /// A password below [`PASSWORD_MIN`].
    #[error("the password has {0} characters")]
    PasswordShort(usize),
    /// A password beyond [`PASSWORD_MAX`].
    #[error("the password is too long")]
    PasswordLong,
    /// An API key without a name.
    #[error("the key has no name")]
    KeyName,
    /// An account with as many keys as it may have.
    #[error("{0} keys already")]
    KeysMany(usize),
    /// An API key with a name beyond [`NAME_MAX`], or with control characters.
    #[error("the key's name is too long or has control characters")]
    KeyNameLong,
    /// No such key of this account.
    #[error("no such key")]
    KeyUnknown,
    /// No such session of this account.
    #[error("no such session")]
    SessionUnknown,
    /// A link that was used already, replaced, ran out, or never was.
    #[error("the invitation link is not valid")]
    Invitation,
    /// No such account.
    #[error("no such account")]
    AccountUnknown,
    /// No such team.
    #[error("no such team")]
    TeamUnknown,
    /// No such host group.
    #[error("no such host group")]
    GroupUnknown,
    /// No such grant.
    #[error("no such grant")]
    GrantUnknown,
    /// No host has this slug.
    #[error("no host {0}")]
    HostUnknown(String),
    /// Another account, team or host group has the name.
    #[error("the name {0} is taken")]
    NameTaken(String),
    /// After the change nobody could look after the server.
    #[error("the last administrator")]
    LastAdministrator,
    /// A program's account has no password.
    #[error("a service account has no password")]
    NoPassword,
    /// The keys of a person are made by that person.
    #[error("a key of another person")]
    OthersKeys,
    /// An end that has been already.
    #[error("an end in the past")]
    Past,
    /// No such provider.
    #[error("no such provider")]
    ProviderUnknown,
    /// A provider without a name, or with one that is too long or has control characters.
    #[error("the provider's name is missing, too long, or has control characters")]
    ProviderName,
    /// An issuer that is no URL by TLS.
    #[error("the issuer is no https URL")]
    Issuer,
    /// Another provider has the issuer.
    #[error("another provider has the issuer")]
    IssuerTaken,
    /// A text about a provider that is missing, too long, or has control characters.
    #[error("{0} is missing, too long, or has control characters")]
    ProviderText(&'static str),
    /// Passwords cannot be closed where nothing else lets in.
    #[error("no provider")]
    NoProvider,
    /// A provider that does not say what it is.
    #[error("no discovery document: {0}")]
    ProviderSilent(String),
    /// Another issuer is not told the secret that the former gave.
    #[error("the client secret is of another issuer")]
    SecretOfOther,
    /// The last provider cannot go where passwords are closed.
    #[error("passwords are closed, and it is the last provider")]
    LastProvider,
    /// The caller's password is asked for, and there is none.
    #[error("the account has no password of its own to show")]
    NoOwnPassword,
    /// A new password is asked of somebody who has none.
    #[error("there is no password to change")]
    NothingToChange,
    /// The account that passwords are to let in alone has none, or does not look after everything.
    #[error("the account cannot be the one that passwords let in")]
    BreakGlassUnfit,
    /// The one account that passwords let in is to be shut or removed.
    #[error("it is the account that passwords let in")]
    BreakGlass,
    /// Passwords let in one account, and not this one.
    #[error("passwords are closed")]
    PasswordsClosed,
    /// The database failed.
    #[error("the accounts could not be read or written")]
    Store(#[from] sqlx::Error),
    /// Hashing or signing failed.
    #[error("cryptography failed: {0}")]
    Crypto(String),
}

impl From<SealBroken> for AccountError {
    fn from(error: SealBroken) -> Self {
        Self::Crypto(error.to_string())
    }
}

impl From<AccountError> for Fault {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::SetUpLink => Self::new(StatusCode::FORBIDDEN, say::set_up_link_used()),
            AccountError::WrongPassword => {
                Self::new(StatusCode::FORBIDDEN, say::wrong_password()).at("password")
            }
            AccountError::CurrentPassword => {
                Self::new(StatusCode::FORBIDDEN, say::current_password_wrong()).at("current")
            }
            AccountError::OwnPassword => {
                Self::new(StatusCode::FORBIDDEN, say::own_password_wrong()).at("password")
            }
            AccountError::WrongCode => Self::new(StatusCode::FORBIDDEN, say::code_wrong()).at("code"),
            AccountError::StepOver => Self::new(StatusCode::FORBIDDEN, say::sign_in_over()),
            AccountError::TotpOn => Self::new(StatusCode::CONFLICT, say::totp_on_already()),
            AccountError::TotpOff => Self::new(StatusCode::CONFLICT, say::totp_off_already()),
            AccountError::TotpNoOffer => Self::new(StatusCode::CONFLICT, say::totp_no_offer()),
            AccountError::TooManyAttempts { seconds } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, say::too_many_attempts(seconds)).retry_after(seconds)
            }
            AccountError::NameMissing => Self::bad_request(say::name_missing()).at("name"),
            AccountError::NameTooLong => Self::bad_request(say::name_too_long(NAME_MAX)).at("name"),
            AccountError::NameCharacters => Self::bad_request(say::name_characters()).at("name"),
            AccountError::NameScripts => Self::bad_request(say::name_scripts()).at("name"),
            AccountError::PasswordShort(n) => {
                Self::bad_request(say::password_too_short(PASSWORD_MIN, n)).at("password")
            }
            AccountError::PasswordLong => {
                Self::bad_request(say::password_too_long(PASSWORD_MAX)).at("password")
            }
            AccountError::KeyName => Self::bad_request(say::key_name_missing()).at("name"),
            AccountError::KeysMany(max) => Self::new(StatusCode::CONFLICT, say::keys_too_many(max)),
            AccountError::KeyNameLong => Self::bad_request(say::key_name_too_long(NAME_MAX)).at("name"),
            AccountError::KeyUnknown => Self::not_found(say::key_unknown()),
            AccountError::SessionUnknown => Self::not_found(say::session_unknown()),
            AccountError::Invitation => Self::new(StatusCode::FORBIDDEN, say::invitation_used()),
            AccountError::AccountUnknown => Self::not_found(say::account_unknown()),
            AccountError::TeamUnknown => Self::not_found(say::team_unknown()),
            AccountError::GroupUnknown => Self::not_found(say::group_unknown()),
            AccountError::GrantUnknown => Self::not_found(say::grant_unknown()),
            AccountError::HostUnknown(slug) => Self::not_found(say::host_unknown(slug)),
            AccountError::NameTaken(name) => {
                Self::new(StatusCode::CONFLICT, say::name_taken_already(name)).at("name")
            }
            AccountError::LastAdministrator => Self::new(StatusCode::CONFLICT, say::last_administrator()),
            AccountError::NoPassword => Self::new(StatusCode::CONFLICT, say::service_has_no_password()),
            AccountError::OthersKeys => Self::new(StatusCode::CONFLICT, say::keys_of_others()),
            AccountError::Past => Self::bad_request(say::end_in_the_past()).at("ends_at"),
            AccountError::ProviderUnknown => Self::not_found(say::provider_unknown()),
            AccountError::ProviderName => Self::bad_request(say::provider_name_invalid(NAME_MAX)).at("name"),
            AccountError::Issuer => Self::bad_request(say::issuer_invalid()).at("issuer"),
            AccountError::IssuerTaken => Self::new(StatusCode::CONFLICT, say::issuer_taken()).at("issuer"),
            AccountError::ProviderText(field) => {
                Self::bad_request(say::provider_text(PROVIDER_TEXT_MAX)).at(field)
            }
            AccountError::NoProvider => Self::new(StatusCode::CONFLICT, say::passwords_no_provider()),
            AccountError::ProviderSilent(why) => Self::bad_request(say::provider_silent(why)).at("issuer"),
            AccountError::SecretOfOther => {
                Self::bad_request(say::secret_of_other_issuer()).at("client_secret")
            }
            AccountError::LastProvider => Self::new(StatusCode::CONFLICT, say::last_provider()),
            AccountError::NoOwnPassword => Self::new(StatusCode::CONFLICT, say::own_no_password()),
            AccountError::NothingToChange => Self::new(StatusCode::CONFLICT, say::person_has_no_password()),
            AccountError::BreakGlassUnfit => Self::bad_request(say::break_glass_unfit()).at("account"),
            AccountError::BreakGlass => Self::new(StatusCode::CONFLICT, say::break_glass_needed()),
            AccountError::PasswordsClosed => Self::new(StatusCode::FORBIDDEN, say::passwords_closed()),
            AccountError::Store(cause) => cause.into(),
            AccountError::Crypto(cause) => Self::internal(cause),
        }
    }
}
