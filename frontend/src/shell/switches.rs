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
    /// As an item of a menu, with its word.
    #[prop(optional)]
    in_menu: bool,
) -> impl IntoView {
    let s = speech();
    let theme = expect_context::<ThemeSwitch>();
    let word = move || if theme.is_dark() { s.words().use_light() } else { s.words().use_dark() };
    let press = move |_| theme.choose(if theme.is_dark() { Theme::Light } else { Theme::Dark });
    view! {
        <button
            class=if in_menu { "menu__item" } else { "top__btn" }
            type="button"
            role=in_menu.then_some("menuitem")
            data-action="theme"
            aria-label=dynamic(move || (!in_menu).then(word))
            title=dynamic(move || (!in_menu).then(word))
            on:click=press
        >
            <Icon name=Signal::derive(move || if theme.is_dark() { "sun" } else { "moon" }) />
            {in_menu.then(|| dynamic(word))}
        </button>
    }
}

/// The languages, each by its own short name.
#[component]
pub(crate) fn LanguageButtons() -> impl IntoView {
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
                    aria-pressed=dynamic(move || (s.locale() == locale).to_string())
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

/// The languages as items of a menu, each by its own name.
#[component]
pub(crate) fn LanguageItems() -> impl IntoView {
    let s = speech();
    let item = |locale: Locale| {
        let on = move || s.locale() == locale;
        view! {
            <button
                class="menu__item"
                type="button"
                role="menuitemradio"
                lang=locale.tag()
                data-lang=locale.tag()
                aria-checked=dynamic(move || on().to_string())
                on:click=move |_| s.choose(locale)
            >
                <Icon name="globe" />
                {locale.own_name()}
                <span class="end">
                    <span class="menu__tick" class:is-on=dynamic(on)>
                        <Icon name="check" small=true />
                    </span>
                </span>
            </button>
        }
    };
    view! { <div role="group" aria-label=w!(s.language)>{Locale::ALL.map(item)}</div> }
}
