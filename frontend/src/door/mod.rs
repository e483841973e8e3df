//! The pages before sign-in: set-up and sign-in, in one frame.

mod frame;
mod quay;
mod set_up;
mod sign_in;

pub(crate) use frame::{Door, Unreachable};
pub(crate) use set_up::{SetUpPage, SetUpSecret};
pub(crate) use sign_in::SignInPage;
