//! Providers that people sign in through, and who may still sign in by password.

use leptos::prelude::*;
use longshore_api::{
    ops::Role,
    web::oidc::{Gives, Mapping, Provider, ProviderForm, Providers},
    words::say,
};

use super::page::{Over, desk};
use crate::{
    api::{self, Failure},
    parts::{CodeLine, DeedDialog, Field, Icon, Show, Ticks, Trouble, dynamic, each, memo},
    roles::{role_options, role_word},
    session::{Session, session},
    speech::{speech, w},
};

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

    fn load(self) {
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

fn known() -> Known {
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
            Gives::Role(role) => role_word(*role, s.words()).to_owned(),
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

/// A row of the mapping while it is edited.
#[derive(Clone, Copy, PartialEq)]
struct Row {
    key: u32,
    value: RwSignal<String>,
    gives: RwSignal<String>,
}

/// The form of a provider, new or not.
#[component]
pub(super) fn ProviderDialog(provider: Option<Provider>, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let (desk, known) = (desk(), known());
    let failure = RwSignal::new(None::<Failure>);
    let is_new = provider.is_none();
    let id = provider.as_ref().map(|one| one.id.clone());
    let has_secret = provider.as_ref().is_some_and(|one| one.has_secret);
    let of = |read: fn(&Provider) -> &String, new: &str| {
        RwSignal::new(provider.as_ref().map_or_else(|| new.to_owned(), |one| read(one).clone()))
    };
    let name = of(|one| &one.name, "");
    let issuer = of(|one| &one.issuer, "https://");
    let client_id = of(|one| &one.client_id, "");
    let scopes = of(|one| &one.scopes, "profile email");
    let groups_claim = of(|one| &one.groups_claim, "groups");
    let secret = RwSignal::new(String::new());
    let ticks = [
        ("makes_accounts", is_some(&provider, |one| one.makes_accounts)),
        ("redirects", is_some(&provider, |one| one.redirects)),
    ];
    let ticked = RwSignal::new(
        ticks.into_iter().filter(|(_, on)| *on).map(|(word, _)| word.to_owned()).collect::<Vec<_>>(),
    );
    let written = |gives: &Gives| match gives {
        Gives::Team(team) => format!("team/{team}"),
        Gives::Role(role) => format!("role/{}", role.code()),
    };
    let mappings = provider.map(|one| one.mappings).unwrap_or_default();
    let row = |(key, mapping): (u32, Mapping)| Row {
        key,
        value: RwSignal::new(mapping.value.clone()),
        gives: RwSignal::new(written(&mapping.gives)),
    };
    let rows = RwSignal::new((0..).zip(mappings).map(row).collect::<Vec<Row>>());
    let deed = desk.deed(move || {
        let mapping = |row: &Row| {
            let value = row.value.get_untracked();
            let gives = gives_of(&row.gives.get_untracked())?;
            (!value.trim().is_empty()).then(|| Mapping { value: value.trim().to_owned(), gives })
        };
        let secret = secret.get_untracked();
        let on = |word: &str| ticked.with_untracked(|ticked| ticked.iter().any(|one| one == word));
        let form = ProviderForm {
            name: name.get_untracked(),
            issuer: issuer.get_untracked(),
            client_id: client_id.get_untracked(),
            client_secret: (!secret.is_empty()).then_some(secret),
            scopes: scopes.get_untracked(),
            groups_claim: groups_claim.get_untracked(),
            mappings: rows.with_untracked(|rows| rows.iter().filter_map(mapping).collect()),
            makes_accounts: on("makes_accounts"),
            redirects: on("redirects"),
        };
        let id = id.clone();
        async move {
            match id {
                Some(id) => api::edit_provider(&id, &form).await?,
                None => drop(api::create_provider(&form).await?),
            }
            known.load();
            Ok(())
        }
    });
    let title = Signal::derive(move || match is_new {
        true => s.words().new_provider().to_owned(),
        false => name.with(|name| s.say(&say::edit_name(name))),
    });
    let ready = Signal::derive(move || {
        [name, issuer, client_id].iter().all(|text| text.with(|text| !text.trim().is_empty()))
    });
    let secret_help = Signal::derive(move || match has_secret {
        true => s.words().client_secret_kept().to_owned(),
        false => s.words().client_secret_none().to_owned(),
    });
    let issuer_help = Signal::derive(move || s.words().issuer_help().to_owned());
    let claim_help = Signal::derive(move || s.words().groups_claim_help().to_owned());
    let options = Signal::derive(move || {
        vec![
            ("makes_accounts".to_owned(), s.words().provider_makes_accounts().to_owned()),
            ("redirects".to_owned(), s.words().provider_redirects().to_owned()),
        ]
    });
    let gives = Signal::derive(move || {
        let teams = desk.roster.teams().into_iter();
        let teams = teams.map(|team| (format!("team/{}", team.id), s.say(&say::place_in_team(&team.name))));
        let roles =
            role_options(None, s.words()).into_iter().map(|(code, word)| (format!("role/{code}"), word));
        teams.chain(roles).collect::<Vec<_>>()
    });
    let add = move |_| {
        let first =
            gives.with_untracked(|gives| gives.first().map(|(value, _)| value.clone())).unwrap_or_default();
        rows.update(|rows| {
            let key = rows.iter().map(|row| row.key + 1).max().unwrap_or_default();
            rows.push(Row { key, value: RwSignal::new(String::new()), gives: RwSignal::new(first) });
        });
    };
    view! {
        <DeedDialog title close deed failure ready>
            <Field name="name" label=w!(s.provider_name) value=name autocomplete="off" failure first=true />
            <Field name="issuer" label=w!(s.issuer) value=issuer autocomplete="off" help=issuer_help failure />
            <Field name="client_id" label=w!(s.client_id) value=client_id autocomplete="off" failure />
            <Field
                name="client_secret"
                kind="password"
                label=w!(s.client_secret)
                value=secret
                autocomplete="off"
                help=secret_help
                failure
            />
            <Field name="scopes" label=w!(s.scopes) value=scopes autocomplete="off" failure />
            <Field name="groups_claim" label=w!(s.groups_claim) value=groups_claim autocomplete="off" help=claim_help failure />
            <fieldset class="field ticks people__map">
                <legend class="field__label">{w!(s.mapping)}</legend>
                {each(
                    move || rows.get(),
                    |row| row.key.to_string(),
                    move |row| view! { <MappingRow row rows gives /> }.into_any(),
                )}
                <button class="btn btn--sm" type="button" data-action="add-mapping" on:click=add>
                    <Icon name="plus" />
                    {w!(s.mapping_add)}
                </button>
                <span class="field__below">
                    <span class="field__help">{w!(s.mapping_help)}</span>
                </span>
            </fieldset>
            <Ticks name="provider_does" label=w!(s.provider_does) options ticked />
        </DeedDialog>
    }
}

fn is_some(provider: &Option<Provider>, ask: fn(&Provider) -> bool) -> bool {
    provider.as_ref().is_some_and(ask)
}

fn gives_of(written: &str) -> Option<Gives> {
    match written.split_once('/')? {
        ("team", team) => Some(Gives::Team(team.to_owned())),
        ("role", role) => Role::of(role).map(Gives::Role),
        _ => None,
    }
}

/// A value and what it gives.
#[component]
fn MappingRow(row: Row, rows: RwSignal<Vec<Row>>, gives: Signal<Vec<(String, String)>>) -> impl IntoView {
    let s = speech();
    let options = move || {
        let chosen = row.gives.get();
        let option = |(value, word): (String, String)| {
            let is_chosen = value == chosen;
            view! { <option value=value selected=is_chosen>{word}</option> }
        };
        gives.get().into_iter().map(option).collect_view()
    };
    view! {
        <div class="people__maprow">
            <input
                class="input"
                name="value"
                autocomplete="off"
                spellcheck="false"
                autocapitalize="none"
                aria-label=w!(s.mapping_value)
                prop:value=dynamic(move || row.value.get())
                on:input=move |event| row.value.set(event_target_value(&event))
            />
            <select class="select" name="gives" aria-label=w!(s.mapping_gives) on:change=move |event| row.gives.set(event_target_value(&event))>
                {dynamic(options)}
            </select>
            <button
                class="btn btn--quiet btn--icon"
                type="button"
                aria-label=w!(s.verb_remove)
                title=w!(s.verb_remove)
                on:click=move |_| rows.update(|rows| rows.retain(|one| one.key != row.key))
            >
                <Icon name="close" />
            </button>
        </div>
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
                <Field name="account" label=w!(s.break_glass) value=account autocomplete="off" help failure first=true />
            })}
        </DeedDialog>
    }
}
