//! Theme and language, in the foot of the rail and, on phones, under More.

use leptos::prelude::*;
use longshore_api::words::Locale;

use crate::{
    parts::{Icon, dynamic},
    speech::{speech, w},
    theme::{Theme, ThemeSwitch},
};

/// Light or dark, by one press.
#[component]
pub(crate) fn ThemeButton(
    /// Whether it is an item of a menu.
    #[prop(optional)]
    in_menu: bool,
) -> impl IntoView {
    let s = speech();
    let theme = expect_context::<ThemeSwitch>();
    let word = move || if theme.is_dark() { s.words().use_light } else { s.words().use_dark };
    let press = move |_| theme.choose(if theme.is_dark() { Theme::Light } else { Theme::Dark });
    view! {
        <button
            class="top__btn"
            type="button"
            role=in_menu.then_some("menuitem")
            data-action="theme"
            aria-label=dynamic(word)
            title=dynamic(word)
            on:click=press
        >
            <Icon name=Signal::derive(move || if theme.is_dark() { "sun" } else { "moon" }) />
        </button>
    }
}

/// The languages, each by its own short name.
#[component]
pub(crate) fn LanguageButtons(
    /// Whether they are items of a menu.
    #[prop(optional)]
    in_menu: bool,
) -> impl IntoView {
    let s = speech();
    view! {
        <span class="row row--1" role="group" aria-label=w!(s.language)>
            {Locale::ALL.map(|locale| view! {
                <button
                    class="top__btn lang"
                    type="button"
                    lang=locale.tag()
                    data-lang=locale.tag()
                    title=locale.own_name()
                    role=in_menu.then_some("menuitemradio")
                    aria-checked=dynamic(move || in_menu.then(|| (s.locale() == locale).to_string()))
                    aria-pressed=dynamic(move || (!in_menu).then(|| (s.locale() == locale).to_string()))
                    on:click=move |_| s.choose(locale)
                >
                    {match locale {
                        Locale::En => "EN",
                        Locale::ZhCn => "中文",
                    }}
                </button>
            })}
        </span>
    }
}
