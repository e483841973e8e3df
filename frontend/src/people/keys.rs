//! The API keys of an account: made for service accounts here, for people by themselves.

use leptos::prelude::*;
use longshore_api::{
    web::{
        account::{ApiKey, NewApiKey},
        people::{Account, AccountKind},
    },
    words::say,
};

use super::{
    page::{Over, desk},
    shown::Shown,
};
use crate::{
    account::{KeyLimitFields, KeyLimits, key_facts},
    api::{self, Failure},
    clock::full_time,
    parts::{DeedDialog, Field, Icon, Show, Trouble, dynamic, each},
    session::session,
    speech::{speech, w},
};

/// The keys.
#[component]
pub(super) fn Keys(account: Memo<Option<Account>>, id: StoredValue<String>) -> impl IntoView {
    let s = speech();
    let (desk, session) = (desk(), session());
    let all = RwSignal::new(Vec::<ApiKey>::new());
    let failure = RwSignal::new(None::<Failure>);
    Effect::new(move |_| {
        _ = desk.roster.answers();
        let id = id.get_value();
        leptos::task::spawn_local(async move {
            match api::people::keys(&id).await {
                Ok(found) => _ = all.try_set(found),
                Err(why) => {
                    session.noticed(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    });
    let is_service = move || account.get().is_some_and(|account| account.kind == AccountKind::Service);
    let line = move |key: ApiKey| {
        let facts = key_facts(&key);
        let (name, prefix, created) = (key.name.clone(), key.prefix.clone(), key.created_at);
        let marked = name.clone();
        let label = {
            let name = name.clone();
            move || s.say(&say::remove_key(&name))
        };
        let remove = move |_| {
            if let Some(account) = account.get_untracked() {
                desk.open(Over::RemoveKey(account, key.clone()));
            }
        };
        view! {
            <li data-key=marked title=full_time(created)>
                <Icon name="key" small=true />
                <span class="grow">
                    <span class="b">{name}</span>
                    " "
                    <span class="mono t3">{prefix} "…"</span>
                    <span class="t3 sm people__facts">{dynamic(facts)}</span>
                </span>
                <button
                    class="btn btn--quiet btn--sm"
                    type="button"
                    data-action="remove-key"
                    aria-label=dynamic(label)
                    on:click=remove
                >
                    {w!(s.verb_remove)}
                    "…"
                </button>
            </li>
        }
        .into_any()
    };
    let create = move |_| {
        if let Some(account) = account.get_untracked() {
            desk.open(Over::NewKey(account));
        }
    };
    view! {
        <Show when=move || is_service() || !all.with(Vec::is_empty)>
            <div class="panel__head people__part" data-part="keys">
                <h2 class="grow">{w!(s.api_keys)}</h2>
                <Show when=is_service>
                    <button class="btn btn--sm" type="button" data-action="new-key" on:click=create>
                        <Icon name="plus" />
                        {w!(s.make_key)}
                    </button>
                </Show>
            </div>
        </Show>
        <Trouble failure />
        <ul class="list list--tight">{each(move || all.get(), |key| format!("{} {:?}", key.id, key.used_at), line)}</ul>
    }
}

/// A key for a service account.
#[component]
pub(super) fn KeyDialog(account: Account, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let name = RwSignal::new(String::new());
    let limits = KeyLimits::none();
    let Account { id, display_name, .. } = account;
    let whose = display_name.clone();
    let deed = desk.deed(move || {
        let (id, whose) = (id.clone(), whose.clone());
        let key = NewApiKey { name: name.get_untracked().trim().to_owned(), ..limits.read() };
        async move {
            let made = api::people::make_key(&id, &key).await?;
            desk.show(Shown::Key { name: whose, key: made.key });
            Ok(())
        }
    });
    let title = Signal::derive(move || s.say(&say::make_key_for(&display_name)));
    let ready = Signal::derive(move || name.with(|name| !name.trim().is_empty()));
    view! {
        <DeedDialog title close deed failure ready>
            <Field name="name" label=w!(s.key_for) value=name autocomplete="off" failure first=true />
            <KeyLimitFields limits failure />
        </DeedDialog>
    }
}

/// Ends a key.
#[component]
pub(super) fn RemoveKeyDialog(account: Account, key: ApiKey, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let failure = RwSignal::new(None::<Failure>);
    let ApiKey { id, name, prefix, .. } = key;
    let shown = name.clone();
    let deed = desk.deed(move || {
        let (account, key) = (account.id.clone(), id.clone());
        async move { api::people::remove_key(&account, &key).await }
    });
    let title = Signal::derive(move || s.say(&say::remove_key(&name)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <ul class="goes">
                <li>
                    <Icon name="key" />
                    <span class="cut">{shown}</span>
                    <span class="end mono">{prefix} "…"</span>
                </li>
            </ul>
            <p class="t2">{w!(s.remove_key_means)}</p>
        </DeedDialog>
    }
}
