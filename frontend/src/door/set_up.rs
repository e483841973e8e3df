//! First set-up: the first account, by the link that the server printed.

use leptos::prelude::*;
use longshore_api::{
    web::account::{Fact, SetUp},
    words::say,
};

use super::Door;
use crate::{
    api,
    parts::{Attempt, Field, FormTrouble, Icon, Show, dynamic, memo, password_help, submitted},
    session::session,
    speech::{speech, w},
};

/// The secret of the set-up link, taken out of the address before anything else happened. In the context.
#[derive(Clone)]
pub(crate) struct SetUpSecret(pub(crate) Option<String>);

/// The set-up page; without the link it says where the link is.
#[component]
pub(crate) fn SetUpPage() -> impl IntoView {
    let s = speech();
    match expect_context::<SetUpSecret>().0 {
        Some(secret) => view! { <Door wide=true><FirstAccount secret /></Door> }.into_any(),
        None => view! {
            <Door wide=true>
                <h1>{w!(s.set_up_title)}</h1>
                <p class="door__lead">{dynamic(move || s.say(&say::set_up_first()))}</p>
                <p class="door__lead">{dynamic(move || s.say(&say::set_up_link_lost()))}</p>
                <div class="code"><pre>"longshore admin setup-link"</pre></div>
            </Door>
        }
        .into_any(),
    }
}

#[component]
fn FirstAccount(secret: String) -> impl IntoView {
    let s = speech();
    let session = session();
    let name = RwSignal::new(String::new());
    let display_name = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let attempt = Attempt::new();
    let Attempt { failure, busy } = attempt;
    let facts = RwSignal::new(Vec::<Fact>::new());
    leptos::task::spawn_local({
        let secret = secret.clone();
        async move {
            match api::facts(&secret).await {
                Ok(found) => facts.set(found),
                Err(refused) => failure.set(Some(refused)),
            }
        }
    });
    let create = attempt.once(move || {
        let account = SetUp {
            secret: secret.clone(),
            name: name.get_untracked(),
            display_name: display_name.get_untracked(),
            password: password.get_untracked(),
        };
        async move {
            api::set_up(&account).await?;
            session.look();
            Ok(())
        }
    });
    let length = memo(move || password.with(|password| password.chars().count()));
    let help = Signal::derive(move || s.say(&password_help(length.get())));
    view! {
        <h1>{w!(s.set_up_title)}</h1>
        <p class="door__lead">{dynamic(move || s.say(&say::set_up_lead()))}</p>
        <form on:submit=submitted(create)>
            <div class="door__pair">
                <Field name="name" label=w!(s.user_name) value=name autocomplete="username" failure large=true first=true />
                <Field
                    name="display_name"
                    label=w!(s.display_name)
                    note=Signal::derive(w!(s.optional))
                    value=display_name
                    autocomplete="name"
                    failure
                    large=true
                />
                <div class="door__whole">
                    <Field
                        name="password"
                        kind="password"
                        label=w!(s.password)
                        value=password
                        autocomplete="new-password"
                        help
                        failure
                        large=true
                    />
                </div>
            </div>
            <FormTrouble failure />
            <div class="door__do">
                <button class="btn btn--primary btn--lg" type="submit" disabled=busy>
                    {w!(s.create_account)}
                </button>
            </div>
        </form>
        <Facts facts />
    }
}

/// What the server found on its machine, before anybody has an account.
#[component]
fn Facts(facts: RwSignal<Vec<Fact>>) -> impl IntoView {
    let s = speech();
    view! {
        <Show when=move || !facts.with(Vec::is_empty)>
            <section class="panel">
                <div class="panel__head">
                    <h2>{w!(s.what_is_here)}</h2>
                </div>
                <ul class="list">
                    {dynamic(move || {
                        facts
                            .get()
                            .into_iter()
                            .map(|fact| view! {
                                <li class=if fact.good { "door__fact--good" } else { "door__fact--bad" }>
                                    <Icon name=if fact.good { "check" } else { "warning" } small=true />
                                    <span class="grow">{dynamic(move || s.say(&fact.what))}</span>
                                    <span class="t3 sm">{dynamic(move || fact.detail.as_ref().map(|detail| s.say(detail)))}</span>
                                </li>
                            })
                            .collect_view()
                    })}
                </ul>
            </section>
        </Show>
    }
}
