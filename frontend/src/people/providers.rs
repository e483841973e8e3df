//! Providers that people sign in through, and who may still sign in by password.

use leptos::prelude::*;
use longshore_api::{
    web::{
        oidc::{Gives, Mapping, Provider, Providers},
        people::{Account, AccountKind},
    },
    words::say,
};

use super::page::{Over, desk};
use crate::{
    api::{self, Failure},
    parts::{CodeLine, DeedDialog, Field, Icon, Show, Trouble, dynamic, each, memo},
    session::{Session, session},
    speech::{speech, w},
};

/// So many of those who are locked out are named.
const LOCKED_NAMED: usize = 8;

/// What is known of them. In the context of the page.
#[derive(Clone, Copy)]
pub(super) struct Known {
    all: RwSignal<Option<Providers>>,
    failure: RwSignal<Option<Failure>>,
    session: Session,
}

impl Known {
    pub(super) fn nothing() -> Self {
        Self { all: RwSignal::new(None), failure: RwSignal::new(None), session: session() }
    }

    pub(super) fn load(self) {
        leptos::task::spawn_local(async move {
            match api::providers().await {
                Ok(all) => {
                    self.failure.try_set(None);
                    self.all.try_set(Some(all));
                }
                Err(why) => {
                    self.session.noticed(&why);
                    self.failure.try_set(Some(why));
                }
            }
        });
    }

    fn providers(self) -> Vec<Provider> {
        self.all.with(|all| all.as_ref().map(|all| all.providers.clone()).unwrap_or_default())
    }

    fn only(self) -> Option<String> {
        self.all.with(|all| all.as_ref().and_then(|all| all.passwords_only_for.clone()))
    }
}

/// The same, from the context.
pub(super) fn known() -> Known {
    expect_context()
}

/// Who may sign in by password, and all providers.
#[component]
pub(super) fn ProvidersPart() -> impl IntoView {
    let s = speech();
    let (desk, known) = (desk(), known());
    known.load();
    let shown = memo(move || known.providers());
    let only = memo(move || known.only());
    let callback = Signal::derive(move || {
        known.all.with(|all| all.as_ref().map(|all| all.callback.clone()).unwrap_or_default())
    });
    view! {
        <Trouble failure=known.failure />
        <Show when=move || known.all.with(Option::is_some)>
            <div class="people__cards">
                <section class="panel" data-passwords=dynamic(move || only.get().unwrap_or_else(|| "everybody".to_owned()))>
                    <div class="panel__head">
                        <Icon name="key" />
                        <h2 class="grow">{w!(s.by_password)}</h2>
                        <Show
                            when=move || only.with(Option::is_none)
                            fallback=move || view! {
                                <button class="btn btn--sm" type="button" data-action="open-passwords" on:click=move |_| desk.open(Over::OpenPasswords)>
                                    {w!(s.passwords_open)}
                                    "…"
                                </button>
                            }
                        >
                            <button
                                class="btn btn--sm"
                                type="button"
                                data-action="close-passwords"
                                disabled=dynamic(move || shown.with(Vec::is_empty))
                                on:click=move |_| desk.open(Over::ClosePasswords)
                            >
                                {w!(s.passwords_close)}
                                "…"
                            </button>
                        </Show>
                    </div>
                    <p class="panel__body t2">
                        {dynamic(move || match only.get() {
                            None => s.words().passwords_everybody().to_owned(),
                            Some(name) => s.say(&say::passwords_only(name)),
                        })}
                        <Show when=move || shown.with(Vec::is_empty)>
                            " "
                            {dynamic(move || s.say(&say::passwords_no_provider()))}
                        </Show>
                    </p>
                </section>
                <section class="panel" data-panel="callback">
                    <div class="panel__head">
                        <Icon name="link" />
                        <h2>{w!(s.callback)}</h2>
                    </div>
                    <div class="panel__body people__shown">
                        <p class="t2">{w!(s.callback_means)}</p>
                        <CodeLine text=callback />
                    </div>
                </section>
                {each(move || shown.get(), |one| format!("{one:?}"), |one| view! { <Card one /> }.into_any())}
            </div>
            <Show when=move || shown.with(Vec::is_empty)>
                <div class="empty">
                    <h2>{w!(s.no_providers)}</h2>
                    <p>{w!(s.no_providers_next)}</p>
                </div>
            </Show>
        </Show>
    }
}

/// A provider with what it gives.
#[component]
fn Card(one: Provider) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let (edited, removed) = (one.clone(), one.clone());
    let Provider { name, issuer, groups_claim, mappings, makes_accounts, redirects, accounts, .. } = one;
    let marked = name.clone();
    let gives = move |mapping: Mapping| {
        let shown = move || match &mapping.gives {
            Gives::Team(team) => {
                let team = desk.roster.teams().into_iter().find(|one| one.id == *team);
                s.say(&say::place_in_team(team.map(|team| team.name).unwrap_or_default()))
            }
            Gives::Role(role) => role.word(s.words()).to_owned(),
        };
        view! {
            <li data-mapping=mapping.value.clone()>
                <code class="mono">{mapping.value.clone()}</code>
                <Icon name="chev-right" small=true />
                <span class="grow">{dynamic(shown)}</span>
            </li>
        }
    };
    view! {
        <section class="panel" data-provider=marked>
            <div class="panel__head">
                <Icon name="shield" />
                <h2 class="grow cut">{name}</h2>
                <button class="btn btn--sm" type="button" data-action="edit-provider" on:click=move |_| desk.open(Over::EditProvider(edited.clone()))>
                    {w!(s.edit)}
                </button>
                <button
                    class="btn btn--quiet btn--sm btn--danger-quiet"
                    type="button"
                    data-action="remove-provider"
                    on:click=move |_| desk.open(Over::RemoveProvider(removed.clone()))
                >
                    {w!(s.verb_remove)}
                    "…"
                </button>
            </div>
            <div class="panel__body">
                <p class="mono sm people__issuer">{issuer}</p>
                <p class="t2 sm">{dynamic(move || s.say(&say::n_accounts_through(accounts)))}</p>
                {makes_accounts.then(|| view! { <p class="t2 sm">{w!(s.provider_makes_accounts)}</p> })}
                {redirects.then(|| view! { <p class="t2 sm">{w!(s.provider_redirects)}</p> })}
            </div>
            {(!mappings.is_empty()).then(|| view! {
                <p class="people__part people__none t3 sm">{dynamic(move || s.say(&say::values_of_claim(&groups_claim)))}</p>
                <ul class="list list--tight people__maps">{mappings.into_iter().map(gives).collect_view()}</ul>
            })}
        </section>
    }
}

/// Says what goes with a provider.
#[component]
pub(super) fn RemoveProviderDialog(provider: Provider, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let (desk, known) = (desk(), known());
    let failure = RwSignal::new(None::<Failure>);
    let Provider { id, name, accounts, .. } = provider;
    let deed = desk.deed(move || {
        let id = id.clone();
        async move {
            api::remove_provider(&id).await?;
            known.load();
            Ok(())
        }
    });
    let title = Signal::derive(move || s.say(&say::remove_name(&name)));
    view! {
        <DeedDialog title close deed failure ready=Signal::stored(true) danger=true>
            <p class="t2">{w!(s.remove_provider_means)}</p>
            <ul class="goes">
                <li>
                    <Icon name="user" />
                    <span>{dynamic(move || s.say(&say::n_accounts_through(accounts)))}</span>
                </li>
            </ul>
        </DeedDialog>
    }
}

/// Closes passwords to all but one account, or opens them.
#[component]
pub(super) fn PasswordsDialog(closes: bool, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let (desk, known, session) = (desk(), known(), session());
    let failure = RwSignal::new(None::<Failure>);
    let account = RwSignal::new(session.user().map(|user| user.name).filter(|_| closes).unwrap_or_default());
    let deed = desk.deed(move || {
        let account = closes.then(|| account.get_untracked().trim().to_owned());
        async move {
            api::passwords_only_for(account).await?;
            known.load();
            Ok(())
        }
    });
    let title = Signal::derive(move || {
        match closes {
            true => s.words().passwords_close(),
            false => s.words().passwords_open(),
        }
        .to_owned()
    });
    let locked_out = move || {
        let kept = account.get().trim().to_lowercase();
        let shut = |one: &Account| {
            one.kind == AccountKind::Person
                && !one.disabled
                && one.providers.is_empty()
                && one.name.to_lowercase() != kept
        };
        let names = desk.roster.accounts().into_iter().filter(shut).map(|one| one.display_name);
        names.collect::<Vec<_>>()
    };
    let locked_out = memo(locked_out);
    let shut_said = move || {
        let names = locked_out.get();
        match names.len() {
            0 => s.words().passwords_lock_nobody().to_owned(),
            1..=LOCKED_NAMED => s.say(&say::passwords_lock_out(names.join(s.words().list_comma()))),
            all => {
                let named = names[..LOCKED_NAMED].join(s.words().list_comma());
                s.say(&say::passwords_lock_out_more(all - LOCKED_NAMED, named))
            }
        }
    };
    let ready = Signal::derive(move || !closes || account.with(|account| !account.trim().is_empty()));
    let help = Signal::derive(move || s.words().break_glass_help().to_owned());
    view! {
        <DeedDialog title close deed failure ready danger=closes>
            <p class="t2 people__said">
                {dynamic(move || match closes {
                    true => s.words().passwords_close_means(),
                    false => s.words().passwords_open_means(),
                })}
            </p>
            {closes.then(|| view! {
                <p class="people__said" data-locked-out=dynamic(move || locked_out.with(Vec::len).to_string())>
                    {dynamic(shut_said)}
                </p>
                <Field name="account" label=w!(s.break_glass) value=account autocomplete="off" help failure first=true />
            })}
        </DeedDialog>
    }
}
