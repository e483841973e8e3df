//! Where this browser stands: set-up, signed out, signed in; which page may be shown follows from it.

use leptos::prelude::*;
use longshore_api::web::account::{Standing, User};

use crate::api::{self, Failure};

/// What is known of the session.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Known {
    /// Being asked.
    Nothing,
    /// The server could not be asked.
    Failed(Failure),
    /// Its answer.
    Standing(Standing),
}

/// The session, in the context.
#[derive(Clone, Copy)]
pub(crate) struct Session(RwSignal<Known>);

impl Session {
    /// Asks the server.
    pub(crate) fn start() -> Self {
        let session = Self(RwSignal::new(Known::Nothing));
        session.look();
        session
    }

    /// What is known.
    pub(crate) fn known(self) -> Signal<Known> {
        self.0.into()
    }

    /// The person signed in, if one is.
    pub(crate) fn user(self) -> Option<User> {
        self.0.with(|known| match known {
            Known::Standing(Standing::SignedIn { user }) => Some(user.clone()),
            _ => None,
        })
    }

    /// Whether the person signed in is an administrator.
    pub(crate) fn administers(self) -> bool {
        self.0.with_untracked(|known| match known {
            Known::Standing(Standing::SignedIn { user }) => user.roles.is_administrator(),
            _ => false,
        })
    }

    /// Asks the server again. No answer changes nothing once there was one: the pages keep what they show.
    pub(crate) fn look(self) {
        leptos::task::spawn_local(async move {
            match api::standing().await {
                Ok(standing) => self.learn(standing),
                Err(failure) => {
                    if !matches!(self.0.get_untracked(), Known::Standing(_)) {
                        self.0.set(Known::Failed(failure));
                    }
                }
            }
        });
    }

    /// Shows sign-in, where a call said that the session has ended.
    pub(crate) fn noticed(self, failure: &Failure) {
        if failure.is_signed_out() {
            self.learn(Standing::SignedOut);
        }
    }

    /// The session has ended by the person's own doing.
    pub(crate) fn ended(self) {
        self.learn(Standing::SignedOut);
    }

    fn learn(self, standing: Standing) {
        let known = Known::Standing(standing);
        if self.0.get_untracked() != known {
            self.0.set(known);
        }
    }
}

/// The session, from the context.
pub(crate) fn session() -> Session {
    expect_context()
}
