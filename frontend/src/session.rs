//! Where this browser stands: set-up, signed out, signed in; which page may be shown follows from it.

use std::sync::atomic::{AtomicBool, Ordering};

use leptos::prelude::*;
use longshore_api::{
    ops::Permission,
    web::account::{Roles, Standing, User},
};

use crate::api::{self, Failure};

/// Whether this browser stays where it is: since the load, somebody was signed in or was shown how to sign in. Whoever has
/// just signed out is not signed in again by itself.
static STAYS: AtomicBool = AtomicBool::new(false);

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

    /// Whether the person has a permission on a host. What is shown follows it; what happens, the server decides.
    pub(crate) fn may(self, host: &str, permission: Permission) -> bool {
        self.roles(|roles| roles.allow(host, permission))
    }

    /// Whether they have it on any host at all.
    pub(crate) fn may_somewhere(self, permission: Permission) -> bool {
        self.roles(|roles| {
            roles.everywhere.iter().chain(roles.hosts.values()).any(|role| role.allows(permission))
        })
    }

    /// Whether they lead a team.
    pub(crate) fn leads(self) -> bool {
        self.user().is_some_and(|user| user.leads)
    }

    /// Whether they look after Longshore as a whole.
    pub(crate) fn administers(self) -> bool {
        self.roles(Roles::is_administrator)
    }

    fn roles(self, ask: impl FnOnce(&Roles) -> bool) -> bool {
        self.0.with(|known| match known {
            Known::Standing(Standing::SignedIn { user }) => ask(&user.roles),
            _ => false,
        })
    }

    /// Asks the server again. No answer changes nothing once there was one: the pages keep what they show.
    pub(crate) fn look(self) {
        leptos::task::spawn_local(self.looked());
    }

    /// The same, for whoever waits for it.
    pub(crate) async fn looked(self) {
        match api::standing().await {
            Ok(standing) => self.learn(standing),
            Err(failure) => {
                if !matches!(self.0.get_untracked(), Known::Standing(_)) {
                    self.0.set(Known::Failed(failure));
                }
            }
        }
    }

    /// Shows sign-in, where a call said that the session has ended; looks again at what may be done, where it said that
    /// this may not be.
    pub(crate) fn noticed(self, failure: &Failure) {
        if failure.is_signed_out() {
            self.learn(Standing::SignedOut);
        } else if failure.is_forbidden() {
            self.look();
        }
    }

    /// The session has ended by the person's own doing.
    pub(crate) fn ended(self) {
        self.learn(Standing::SignedOut);
    }

    /// This browser is led to no provider by itself any more: whether it could have been until now.
    pub(crate) fn stays() -> bool {
        !STAYS.swap(true, Ordering::Relaxed)
    }

    fn learn(self, standing: Standing) {
        if matches!(standing, Standing::SignedIn { .. }) {
            Self::stays();
        }
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
