//! The pages before the others, in one frame: set-up, sign-in, an invitation, a password that must be changed.

mod frame;
mod invitation;
mod must_change;
mod quay;
mod second_step;
mod set_up;
mod sign_in;
mod ways;

pub(crate) use frame::{Door, Unreachable};
pub(crate) use invitation::{InvitationPage, InvitationSecret};
pub(crate) use must_change::MustChangePage;
pub(crate) use second_step::SecondStepPage;
pub(crate) use set_up::{SetUpPage, SetUpSecret};
pub(crate) use sign_in::SignInPage;
pub(crate) use ways::{ProviderSaid, ProviderTroublePage, Ways};
