//! The page: who one is, and a panel for each of the rest; how the pages look.

use leptos::prelude::*;
use longshore_api::{
    web::totp::Totp,
    words::{Words, say},
};

use super::{
    docker::DockerHere, identities::Identities, keys::Keys, names::OwnNames, password::Password,
    sessions::Sessions, standing::Standing, totp::TwoFactor,
};
use crate::{
    parts::dynamic,
    session::session,
    shell::LanguageButtons,
    speech::{speech, w},
    theme::{Theme, ThemeSwitch},
};

/// The account.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let s = speech();
    let user = Memo::new({
        let session = session();
        move |_| session.user()
    });
    let known = RwSignal::new(None::<Totp>);
    let role = move || {
        user.get().map(|user| {
            s.say(&if user.roles.is_administrator() {
                say::administrator(user.name)
            } else {
                say::plain_user(user.name)
            })
        })
    };
    view! {
        <main class="page" id="page" tabindex="-1">
            <div class="page__head">
                <h1>{dynamic(move || user.get().map(|user| user.display_name))}</h1>
                <span class="t3">{dynamic(role)}</span>
            </div>
            <div class="grid g-wide account">
                <div class="col account__col">
                    <Keys />
                    <DockerHere />
                    <OwnNames />
                    <Sessions />
                </div>
                <div class="col account__col">
                    <Standing />
                    <Password known />
                    <TwoFactor known />
                    <Identities />
                    <Looks />
                </div>
            </div>
        </main>
    }
}

/// Theme and language.
#[component]
fn Looks() -> impl IntoView {
    let s = speech();
    let theme = expect_context::<ThemeSwitch>();
    let choice = move |which: Theme, word: fn(&Words) -> &'static str| {
        view! {
            <button
                type="button"
                aria-pressed=dynamic(move || (theme.chosen() == which).to_string())
                on:click=move |_| theme.choose(which)
            >
                {dynamic(move || word(s.words()))}
            </button>
        }
    };
    view! {
        <section class="panel">
            <div class="panel__head">
                <h2>{w!(s.looks)}</h2>
            </div>
            <div class="panel__body account__looks">
                <span>{w!(s.theme)}</span>
                <span class="seg" role="group" aria-label=w!(s.theme)>
                    {choice(Theme::System, |words| words.theme_system())}
                    {choice(Theme::Light, |words| words.theme_light())}
                    {choice(Theme::Dark, |words| words.theme_dark())}
                </span>
                <span>{w!(s.language)}</span>
                <LanguageButtons />
            </div>
        </section>
    }
}
