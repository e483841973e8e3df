//! docker on one's own machine: what is typed there, to be copied.

use leptos::prelude::*;
use longshore_api::web::API;

use crate::{
    browser,
    parts::{CodeLine, Show},
    shell::{HostSelect, hosts},
    speech::{speech, w},
};

/// The command that signs a machine in to this Longshore.
pub(super) fn sign_in() -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("longshore login {origin}{}", browser::below_base("").trim_end_matches('/'))
}

/// The commands, for one of the hosts; nothing for who may see none.
#[component]
pub(super) fn DockerHere() -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let host = RwSignal::new(String::new());
    let any = Memo::new(move |_| !hosts.all().is_empty());
    Effect::new(move |_| {
        if host.with_untracked(String::is_empty)
            && let Some(first) = hosts.all().into_iter().next()
        {
            host.set(first.slug);
        }
    });
    let connect = Signal::derive(move || format!("longshore connect {}", host.get()));
    let direct = Signal::derive(move || {
        let place = window().location().host().unwrap_or_default();
        let path = browser::below_base(&format!("{API}/hosts/{}/docker", host.get()));
        format!("export DOCKER_HOST=tcp://{place}{path}")
    });
    // By TLS docker wants certificates of its own beside this: there connect is the shorter way.
    let plain = window().location().protocol().is_ok_and(|protocol| protocol == "http:");
    view! {
        <Show when=move || any.get()>
            <section class="panel" data-panel="docker">
                <div class="panel__head">
                    <h2 class="grow">{w!(s.docker_here)}</h2>
                    <HostSelect host />
                </div>
                <div class="panel__body account__docker">
                    <p class="t2">{w!(s.docker_here_lead)}</p>
                    <p class="t2">{w!(s.docker_sign_in)}</p>
                    <CodeLine text=Signal::stored(sign_in()) />
                    <p class="t2">{w!(s.docker_connect)}</p>
                    <CodeLine text=connect />
                    {plain
                        .then(|| {
                            view! {
                                <details data-panel="docker-direct">
                                    <summary>{w!(s.docker_direct)}</summary>
                                    <div class="account__docker">
                                        <p class="t2">{w!(s.docker_direct_means)}</p>
                                        <CodeLine text=direct />
                                        <p class="t2">{w!(s.docker_direct_key)}</p>
                                        <CodeLine text=Signal::stored(HEADERS.to_owned()) />
                                    </div>
                                </details>
                            }
                        })}
                </div>
            </section>
        </Show>
    }
}

/// Where every docker client reads what it sends with each request.
const HEADERS: &str = r#"{ "HttpHeaders": { "Authorization": "Bearer lsk_…" } }"#;
