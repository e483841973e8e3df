//! Which host something is made on.

use leptos::prelude::*;
use longshore_api::{ops::Permission, web::host::Host};

use super::hosts;
use crate::{
    parts::dynamic,
    session::session,
    speech::{speech, w},
};

/// The hosts to choose from; one that does not answer cannot be chosen.
#[component]
pub(crate) fn HostSelect(
    /// The slug of the chosen one.
    host: RwSignal<String>,
    /// Only those on which the person may do this.
    #[prop(default = Permission::View)]
    needs: Permission,
) -> impl IntoView {
    let s = speech();
    let (hosts, session) = (hosts(), session());
    let options = move || {
        let chosen = host.get();
        let option = |one: Host| {
            let (is_chosen, silent) = (one.slug == chosen, !hosts.answers(&one.slug));
            view! { <option value=one.slug selected=is_chosen disabled=silent>{one.name}</option> }
        };
        let may = hosts.all().into_iter().filter(|one| session.may(&one.slug, needs));
        may.map(option).collect_view()
    };
    view! {
        <select
            class="select"
            name="host"
            aria-label=w!(s.host)
            on:change=move |event| host.set(event_target_value(&event))
        >
            {dynamic(options)}
        </select>
    }
}
