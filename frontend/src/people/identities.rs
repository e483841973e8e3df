//! The providers by which somebody signs in, and the way to end that.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{
    web::{oidc::Identity, people::Account},
    words::say,
};

use super::page::{Over, desk};
use crate::{
    account::KeysGoOn,
    api::{self, Failure},
    browser,
    clock::full_time,
    parts::{DeedDialog, Icon, Show, Trouble, dynamic},
    session::session,
    speech::{speech, w},
};

/// The providers of an account; nothing where there is none.
#[component]
pub(super) fn Identities(account: Memo<Option<Account>>, id: StoredValue<String>) -> impl IntoView {
    let s = speech();
    let (desk, session) = (desk(), session());
    let all = RwSignal::new(Vec::<Identity>::new());
    let failure = RwSignal::new(None::<Failure>);
    let noticed = move |why: Failure| {
        session.noticed(&why);
        failure.try_set(Some(why));
    };
    Effect::new(move |_| {
        _ = desk.roster.answers();
        let id = id.get_value();
        leptos::task::spawn_local(async move {
            match api::people::identities(&id).await {
                Ok(found) => _ = all.try_set(found),
                Err(why) => noticed(why),
            }
        });
    });
    let line = move |identity: Identity| {
        let (asked, name, since) = (identity.clone(), identity.name, identity.since);
        let (marked, called) = (name.clone(), name.clone());
        let ask = move |_| {
            if let Some(account) = account.get_untracked() {
                desk.open(Over::Unbind(account, asked.clone()));
            }
        };
        view! {
            <li data-identity=marked>
                <Icon name="shield" small=true />
                <span class="grow cut" title=since.map(full_time)>{name}</span>
                <button
                    class="btn btn--quiet btn--sm"
                    type="button"
                    data-action="unbind"
                    aria-label=dynamic(move || s.say(&say::unbind_identity(&called)))
                    on:click=ask
                >
                    {w!(s.identity_unbind)}
                    "…"
                </button>
            </li>
        }
    };
    view! {
        <Trouble failure />
        <Show when=move || !all.with(Vec::is_empty)>
            <div class="panel__head people__part">
                <h2 class="grow">{w!(s.identities_of)}</h2>
            </div>
            <ul class="list list--tight">{dynamic(move || all.get().into_iter().map(line).collect_view())}</ul>
        </Show>
    }
}

/// Ends that an account signs in through a provider, and says what does not end with it.
#[component]
pub(super) fn UnbindDialog(account: Account, identity: Identity, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let Account { id, display_name, keys, has_password, .. } = account;
    let Identity { provider, name, .. } = identity;
    let deed = desk.deed(move || {
        let (id, provider) = (id.clone(), provider.clone());
        async move { api::people::unbind(&id, &provider).await }
    });
    let title = Signal::derive(move || s.say(&say::unbind_identity(&name)));
    let means = Arc::new(say::identity_unbind_of(display_name));
    let to_keys = move |()| {
        close.run(());
        browser::show("[data-part=\"keys\"]");
    };
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <p class="t2">{dynamic(move || s.say(&means))}</p>
            {(!has_password).then(|| view! { <p class="t2">{w!(s.identity_unbind_no_password)}</p> })}
            {(keys > 0).then(|| view! { <KeysGoOn to_keys /> })}
        </DeedDialog>
    }
}
