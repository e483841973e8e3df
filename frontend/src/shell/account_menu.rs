//! Who is signed in, and the way out.

use leptos::prelude::*;

use super::switches::{LanguageItems, ThemeButton};
use crate::{
    api,
    chunks::Above,
    parts::{Icon, Menu, MenuLink, dynamic, memo},
    places::{Page, places},
    session::session,
    speech::{speech, w},
};

/// The avatar with its menu.
#[component]
pub(super) fn AccountMenu() -> impl IntoView {
    let s = speech();
    let over = expect_context::<RwSignal<Option<Above>>>();
    let session = session();
    let places = places();
    let name = memo(move || session.user().map(|user| user.display_name).unwrap_or_default());
    let sign_out = move || {
        leptos::task::spawn_local(async move {
            match api::sign_out().await {
                Ok(()) => session.ended(),
                Err(failure) => session.noticed(&failure),
            }
        });
    };
    view! {
        <Menu
            class="top__btn top__account"
            label=Signal::derive(move || name.get())
            button=move || view! { <span class="avatar" data-initials=dynamic(move || initials(&name.get()))></span> }
        >
            <div class="menu__label">{name}</div>
            <MenuLink href=move || places.address(Page::Account) icon="user">{w!(s.account)}</MenuLink>
            <button class="menu__item" type="button" role="menuitem" on:click=move |_| over.set(Some(Above::Keys))>
                <Icon name="info" />
                {w!(s.keys)}
                <kbd>"?"</kbd>
            </button>
            <div class="only-phone">
                <div class="menu__sep"></div>
                <ThemeButton in_menu=true />
                <LanguageItems />
            </div>
            <div class="menu__sep"></div>
            <button class="menu__item" type="button" role="menuitem" data-action="sign-out" on:click=move |_| sign_out()>
                <Icon name="out" />
                {w!(s.sign_out)}
            </button>
        </Menu>
    }
}

/// The first letters of the first two words: `ML`; of a Chinese name its last two characters.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.as_slice() {
        [one] if !one.is_ascii() => {
            let characters: Vec<char> = one.chars().collect();
            characters[characters.len().saturating_sub(2)..].iter().collect()
        }
        _ => {
            words.iter().take(2).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_fit_the_name() {
        assert_eq!(initials("Mara Lindqvist"), "ML");
        assert_eq!(initials("root"), "R");
        assert_eq!(initials("王小明"), "小明");
        assert_eq!(initials(""), "");
    }
}
