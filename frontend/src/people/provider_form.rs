//! The form of a provider, with what its groups give.

use leptos::prelude::*;
use longshore_api::{
    ops::Role,
    web::oidc::{Gives, Mapping, Provider, ProviderForm},
    words::say,
};

use super::{page::desk, providers::known};
use crate::{
    api::{self, Failure},
    parts::{DeedDialog, Field, Icon, Ticks, dynamic, each, memo},
    roles::role_options,
    speech::{speech, w},
};

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
    let was = StoredValue::new(issuer.get_untracked());
    let moved = memo(move || !is_new && issuer.with(|now| was.with_value(|was| now.trim() != was)));
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
            unchecked: on("unchecked"),
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
    let secret_help = Signal::derive(move || match has_secret && !moved.get() {
        true => s.words().client_secret_kept().to_owned(),
        false => s.words().client_secret_none().to_owned(),
    });
    let issuer_help = Signal::derive(move || match moved.get() {
        true => s.words().issuer_moves().to_owned(),
        false => s.words().issuer_help().to_owned(),
    });
    let claim_help = Signal::derive(move || s.words().groups_claim_help().to_owned());
    let options = Signal::derive(move || {
        vec![
            ("makes_accounts".to_owned(), s.words().provider_makes_accounts().to_owned()),
            ("redirects".to_owned(), s.words().provider_redirects().to_owned()),
            ("unchecked".to_owned(), s.words().provider_unchecked().to_owned()),
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
