//! The environment: names for everyone who sees the container, values for whoever could read them inside, and only when
//! they are asked for. Asking leaves a row in the audit log.

use leptos::prelude::*;
use longshore_api::{ops::Permission, web::detail::EnvValue};

use super::follow::one;
use crate::{
    api::{self, Failure},
    browser,
    parts::{Icon, Show, Trouble, dynamic},
    session::session,
    speech::{speech, w},
};

/// What stands in the place of a value.
const MASK: &str = "••••••••";

/// The environment.
#[component]
pub(super) fn Env() -> impl IntoView {
    let s = speech();
    let one = one();
    let session = session();
    let names = one.part(|detail| detail.env.clone());
    let values = RwSignal::new(None::<Vec<EnvValue>>);
    let failure = RwSignal::new(None::<Failure>);
    let copied = RwSignal::new(false);
    // What is shown belongs to the environment that it was asked of.
    Effect::new(move |_| {
        names.track();
        values.set(None);
    });
    let show = move |_| {
        if values.get_untracked().is_some() {
            values.set(None);
            return;
        }
        leptos::task::spawn_local(async move {
            match api::container_env(&one.host(), &one.id()).await {
                Ok(found) => {
                    failure.try_set(None);
                    values.try_set(Some(found));
                }
                Err(why) => {
                    session.noticed(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let copy = move |_| {
        let Some(text) = values.with_untracked(|values| values.as_deref().map(as_file)) else { return };
        leptos::task::spawn_local(async move {
            if browser::copy(&text).await {
                copied.try_set(true);
            }
        });
    };
    let shown = move || values.with(Option::is_some);
    let lines = move || {
        values.with(|values| match values {
            Some(values) => values.iter().map(|pair| line(&pair.name, Some(&pair.value))).collect_view(),
            None => names.with(|names| names.iter().map(|name| line(name, None)).collect_view()),
        })
    };
    view! {
        <section class="panel" data-panel="env">
            <div class="panel__head">
                <h2>{w!(s.environment)}</h2>
                <Show when=move || !names.with(Vec::is_empty)>
                    <span class="t3">{dynamic(move || names.with(Vec::len))}</span>
                </Show>
                <span class="end"></span>
                <Show when=move || !names.with(Vec::is_empty) && session.may(&one.host(), Permission::Exec)>
                    <Show when=shown>
                        <button class="btn btn--quiet btn--sm" type="button" data-action="copy-env" on:click=copy>
                            <Icon name=Signal::derive(move || if copied.get() { "check" } else { "copy" }) />
                            {w!(s.copy_as_env)}
                        </button>
                    </Show>
                    <button class="btn btn--quiet btn--sm" type="button" data-action="show-env" on:click=show>
                        <Icon name="eye" />
                        {dynamic(move || if shown() { s.words().hide_values() } else { s.words().show_values() })}
                    </button>
                </Show>
            </div>
            <Trouble failure />
            <Show when=move || !names.with(Vec::is_empty) fallback=move || view! { <p class="panel__body t3">{w!(s.no_environment)}</p> }>
                <dl class="container__env">{dynamic(lines)}</dl>
            </Show>
        </section>
    }
}

fn line(name: &str, value: Option<&str>) -> impl IntoView + use<> {
    let masked = value.is_none();
    view! {
        <div data-env=name.to_owned()>
            <dt class="mono">{name.to_owned()}</dt>
            <dd class="mono" class=("t3", masked)>{value.unwrap_or(MASK).to_owned()}</dd>
        </div>
    }
}

/// As `docker run --env-file` takes it: a value with a line break has no form there and is left out.
fn as_file(values: &[EnvValue]) -> String {
    let fits = |pair: &&EnvValue| !pair.value.contains('\n');
    values.iter().filter(fits).map(|pair| format!("{}={}\n", pair.name, pair.value)).collect()
}
