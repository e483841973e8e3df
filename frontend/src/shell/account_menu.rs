//! Who is signed in, and the way out.

use leptos::prelude::*;

use super::switches::{LanguageItems, ThemeButton};
use crate::{
    api,
    chunks::Above,
    parts::{Icon, Menu, MenuLink, dynamic, initials, memo},
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
