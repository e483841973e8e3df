//! Account.
use leptos::prelude::*;
/// Account.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {}
