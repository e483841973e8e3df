//! One more account: a person, who gets a link, or a program, which gets keys.

use leptos::prelude::*;
use longshore_api::{
    ops::Role,
    web::people::{AccountKind, NewAccount, NewGrant, Subject},
};

use super::{
    address::Address,
    grants::{role_help, scope_of, scope_options},
    page::desk,
    shown::Shown,
};
use crate::{
    api::{self, Failure},
    parts::{Choice, DeedDialog, Field, Show, Ticks, dynamic},
    places::places,
    roles::role_options,
    session::session,
    speech::{speech, w},
};

/// The form.
#[component]
pub(super) fn InviteDialog(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let (desk, session, places) = (desk(), session(), places());
    let failure = RwSignal::new(None::<Failure>);
    let [name, display_name, role] = std::array::from_fn(|_| RwSignal::new(String::new()));
    let kind = RwSignal::new(AccountKind::Person);
    let teams = RwSignal::new(Vec::<String>::new());
    let scopes = Signal::derive(move || scope_options(desk, session));
    let first = scopes.with_untracked(|scopes| scopes.first().map(|(value, _)| value.clone()));
    let scope = RwSignal::new(first.unwrap_or_default());
    // What was made stays made when only its first role was refused.
    let made = StoredValue::new(None::<String>);
    let deed = desk.deed(move || {
        let account = NewAccount {
            name: name.get_untracked().trim().to_owned(),
            display_name: display_name.get_untracked(),
            kind: kind.get_untracked(),
            teams: teams.get_untracked(),
        };
        let role = Role::of(&role.get_untracked());
        let grant = role.zip(scope_of(&scope.get_untracked()));
        async move {
            let id = match made.get_value() {
                Some(id) => id,
                None => {
                    let link = api::people::create(&account).await?;
                    let id = link.account.clone();
                    made.try_set_value(Some(id.clone()));
                    let shown = match account.display_name.trim() {
                        "" => account.name,
                        shown => shown.to_owned(),
                    };
                    if let Some(shown) = Shown::of(shown, link) {
                        desk.show(shown);
                    }
                    id
                }
            };
            if let Some((role, scope)) = grant {
                let subject = Subject::Account(id.clone());
                api::people::give(&NewGrant { subject, scope, role, ends_at: None }).await?;
            }
            places.go(Address { chosen: Some(id), ..Address::default() }.write(places));
            Ok(())
        }
    });
    let title = Signal::derive(move || match kind.get() {
        AccountKind::Person => s.words().invite_person().to_owned(),
        AccountKind::Service => s.words().create_service().to_owned(),
    });
    let ready = Signal::derive(move || name.with(|name| !name.trim().is_empty()));
    let optional = Signal::derive(move || s.words().optional());
    let roles = Signal::derive(move || role_options(Some(s.words().no_role_yet()), s.words()));
    let all_teams = Signal::derive(move || {
        desk.roster.teams().into_iter().map(|team| (team.id, team.name)).collect::<Vec<_>>()
    });
    let pick = move |which: AccountKind| {
        let word = move || match which {
            AccountKind::Person => s.words().a_person(),
            AccountKind::Service => s.words().service_account(),
        };
        view! {
            <button
                type="button"
                data-kind=which.code()
                aria-pressed=dynamic(move || (kind.get() == which).to_string())
                on:click=move |_| kind.set(which)
            >
                {dynamic(word)}
            </button>
        }
    };
    let means = move || match kind.get() {
        AccountKind::Person => s.words().invite_person_means(),
        AccountKind::Service => s.words().create_service_means(),
    };
    view! {
        <DeedDialog title close deed failure ready>
            <div class="field people__kind">
                <span class="seg" role="group" aria-label=w!(s.kind)>
                    {pick(AccountKind::Person)} {pick(AccountKind::Service)}
                </span>
                <span class="field__help">{dynamic(means)}</span>
            </div>
            <Field name="name" label=w!(s.user_name) value=name autocomplete="off" failure first=true />
            <Field name="display_name" label=w!(s.display_name) note=optional value=display_name autocomplete="off" failure />
            <Show when=move || all_teams.with(|teams| !teams.is_empty())>
                <Ticks name="team" label=w!(s.teams) options=all_teams ticked=teams />
            </Show>
            <Choice
                name="role"
                label=w!(s.first_role)
                options=roles
                value=role
                help=Signal::derive(move || role_help(s, role))
            />
            <Show when=move || role.with(|role| !role.is_empty())>
                <Choice name="scope" label=w!(s.grant_where) options=scopes value=scope />
            </Show>
        </DeedDialog>
    }
}
