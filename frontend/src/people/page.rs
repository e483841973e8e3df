//! The page: its parts, and what lies over them.

use std::{future::Future, sync::Arc};

use leptos::prelude::*;
use longshore_api::{
    ops::Permission,
    web::{
        account::ApiKey,
        oidc::{Identity, Provider},
        people::{Account, Grant, HostGroup, Member, Subject, Team},
    },
};

use super::{
    accounts::Accounts,
    address::{Address, Tab},
    grants::{GiveDialog, GrantsPart, TakeAwayDialog},
    groups::{GroupDialog, GroupsPart, RemoveGroupDialog},
    identities::UnbindDialog,
    invite::InviteDialog,
    keys::{KeyDialog, RemoveKeyDialog},
    person::{DisableDialog, EditDialog, MustChangeDialog, RemovePersonDialog, RemoveTotpDialog},
    provider_form::ProviderDialog,
    providers::{Known, PasswordsDialog, ProvidersPart, RemoveProviderDialog},
    roster::Roster,
    sessions::EndSessionsDialog,
    shown::{Shown, ShownDialog},
    teams::{MemberDialog, RemoveTeamDialog, TakeOutDialog, TeamDialog, TeamsPart},
    words::Teller,
};
use crate::{
    api::Answer,
    parts::{Deed, Icon, Show, Trouble, dynamic, memo},
    places::{Page, places},
    session::session,
    shell::{Refused, hosts},
    speech::{speech, w},
};

/// What lies over the page.
#[derive(Clone)]
pub(super) enum Over {
    Invite,
    Edit(Account),
    Disable(Account),
    MustChange(Account),
    RemoveTotp(Account),
    Remove(Account),
    EndSessions(Account),
    NewKey(Account),
    RemoveKey(Account, ApiKey),
    /// To one that is chosen already, or to be chosen.
    Give(Option<Subject>),
    TakeAway(Grant),
    NewTeam,
    Rename(Team),
    RemoveTeam(Team),
    AddMember(Team),
    TakeOut(Team, Member),
    NewGroup,
    EditGroup(HostGroup),
    RemoveGroup(HostGroup),
    NewProvider,
    EditProvider(Provider),
    RemoveProvider(Provider),
    ClosePasswords,
    OpenPasswords,
    Unbind(Account, Identity),
}

/// What every part of the page needs. In its context.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) roster: Roster,
    pub(super) tell: Teller,
    pub(super) over: RwSignal<Option<Over>>,
    /// A secret that is seen this once.
    pub(super) shown: RwSignal<Option<Shown>>,
}

impl Desk {
    /// Opens a dialog.
    pub(super) fn open(self, over: Over) {
        self.over.set(Some(over));
    }

    /// Shows a secret, once the dialog that it came of has gone and given back the focus.
    pub(super) fn show(self, shown: Shown) {
        request_animation_frame(move || _ = self.shown.try_set(Some(shown)));
    }

    /// What a button does, after which everybody is asked for again.
    pub(super) fn deed<F>(self, act: impl Fn() -> F + Send + Sync + 'static) -> Deed
    where
        F: Future<Output = Answer<()>> + 'static,
    {
        Arc::new(move || {
            let done = act();
            Box::pin(async move {
                let answer = done.await;
                // A refusal, too, may mean that others were quicker.
                self.roster.load();
                answer
            })
        })
    }
}

/// The desk, from the context.
pub(super) fn desk() -> Desk {
    expect_context()
}

/// Who may do what, where, and why.
#[component]
pub(crate) fn PeoplePage() -> impl IntoView {
    let (s, places, session) = (speech(), places(), session());
    let roster = Roster::start();
    let tell = Teller { s, roster, hosts: hosts() };
    let desk = Desk { roster, tell, over: RwSignal::new(None), shown: RwSignal::new(None) };
    provide_context(desk);
    provide_context(Known::nothing());
    let address = memo(move || Address::read(places));
    let tab = memo(move || address.with(|address| address.tab));
    let decides = memo(move || session.may_somewhere(Permission::Administer));
    let administers = memo(move || session.administers());
    // Nothing to look after, and no team to lead.
    let refused = memo(move || {
        !decides.get() && roster.is_here() && !roster.teams().iter().any(|team| roster.leads(team))
    });
    view! {
        {dynamic(move || match refused.get() {
            true => view! { <Refused title=w!(s.people_refused) permission=Permission::Administer /> }.into_any(),
            false => view! {
                <main class="page people" id="page" tabindex="-1">
                    <div class="page__head people__title">
                        <h1>{w!(s.people)}</h1>
                        <div class="page__actions">
                            <Show when=move || administers.get()>
                                <Create tab />
                            </Show>
                        </div>
                    </div>
                    <Show when=move || decides.get()>
                        <Tabs address />
                    </Show>
                    <Trouble failure=roster.failure() />
                    <Show when=move || roster.is_here()>
                        {dynamic(move || match (decides.get(), tab.get()) {
                            (true, Tab::Users) => view! { <Accounts address /> }.into_any(),
                            (true, Tab::Grants) => view! { <GrantsPart /> }.into_any(),
                            (true, Tab::Groups) => view! { <GroupsPart /> }.into_any(),
                            (true, Tab::SignIn) if administers.get() => view! { <ProvidersPart /> }.into_any(),
                            (true, Tab::SignIn) => view! {
                                <Refused title=w!(s.people_refused) permission=Permission::Administer />
                            }
                            .into_any(),
                            (false, _) | (true, Tab::Teams) => view! { <TeamsPart /> }.into_any(),
                        })}
                    </Show>
                    <Dialogs desk />
                </main>
            }
            .into_any(),
        })}
    }
}

/// The button for one more of what is shown.
#[component]
fn Create(tab: Memo<Tab>) -> impl IntoView {
    let s = speech();
    let desk = desk();
    let word = move || match tab.get() {
        Tab::Users => s.words().invite(),
        Tab::Teams => s.words().new_team(),
        Tab::Grants => s.words().give_role(),
        Tab::Groups => s.words().new_group(),
        Tab::SignIn => s.words().new_provider(),
    };
    let open = move |_| {
        desk.open(match tab.get_untracked() {
            Tab::Users => Over::Invite,
            Tab::Teams => Over::NewTeam,
            Tab::Grants => Over::Give(None),
            Tab::Groups => Over::NewGroup,
            Tab::SignIn => Over::NewProvider,
        });
    };
    view! {
        <button class="btn btn--primary" type="button" data-action="create" on:click=open>
            <Icon name="plus" />
            {dynamic(word)}
        </button>
    }
}

#[component]
fn Tabs(address: Memo<Address>) -> impl IntoView {
    let s = speech();
    let (places, desk) = (places(), desk());
    let administers = untrack(|| desk.roster.administers());
    let tab = move |tab: Tab| {
        let word = move || match tab {
            Tab::Users => s.words().users(),
            Tab::Teams => s.words().teams(),
            Tab::Grants => s.words().roles_and_grants(),
            Tab::Groups => s.words().host_groups(),
            Tab::SignIn => s.words().sign_in(),
        };
        let count = move || match tab {
            Tab::Users => Some(desk.roster.accounts().len()),
            Tab::Teams => Some(desk.roster.teams().len()),
            Tab::Groups => Some(desk.roster.groups().len()),
            Tab::Grants | Tab::SignIn => None,
        };
        let to = Address { tab, ..Address::default() };
        view! {
            <a
                class="tab"
                href=dynamic(move || to.write(places))
                aria-current=dynamic(move || (address.with(|address| address.tab) == tab).then_some("page"))
            >
                {dynamic(word)}
                <span class="tab__n">{dynamic(count)}</span>
            </a>
        }
    };
    view! {
        <nav class="tabs" aria-label=w!(s.people)>
            {Tab::ALL.into_iter().filter(|one| *one != Tab::SignIn || administers).map(tab).collect_view()}
        </nav>
    }
}

/// What lies over the page, one at a time.
#[component]
fn Dialogs(desk: Desk) -> impl IntoView {
    let close = Callback::new(move |()| desk.over.set(None));
    let dialog = move |over: Over| match over {
        Over::Invite => view! { <InviteDialog close /> }.into_any(),
        Over::Edit(account) => view! { <EditDialog account close /> }.into_any(),
        Over::Disable(account) => view! { <DisableDialog account close /> }.into_any(),
        Over::MustChange(account) => view! { <MustChangeDialog account close /> }.into_any(),
        Over::RemoveTotp(account) => view! { <RemoveTotpDialog account close /> }.into_any(),
        Over::Remove(account) => view! { <RemovePersonDialog account close /> }.into_any(),
        Over::EndSessions(account) => view! { <EndSessionsDialog account close /> }.into_any(),
        Over::NewKey(account) => view! { <KeyDialog account close /> }.into_any(),
        Over::RemoveKey(account, key) => view! { <RemoveKeyDialog account key close /> }.into_any(),
        Over::Give(subject) => view! { <GiveDialog subject close /> }.into_any(),
        Over::TakeAway(grant) => view! { <TakeAwayDialog grant close /> }.into_any(),
        Over::NewTeam => view! { <TeamDialog team=None close /> }.into_any(),
        Over::Rename(team) => view! { <TeamDialog team=Some(team) close /> }.into_any(),
        Over::RemoveTeam(team) => view! { <RemoveTeamDialog team close /> }.into_any(),
        Over::AddMember(team) => view! { <MemberDialog team close /> }.into_any(),
        Over::TakeOut(team, member) => view! { <TakeOutDialog team member close /> }.into_any(),
        Over::NewGroup => view! { <GroupDialog group=None close /> }.into_any(),
        Over::EditGroup(group) => view! { <GroupDialog group=Some(group) close /> }.into_any(),
        Over::NewProvider => view! { <ProviderDialog provider=None close /> }.into_any(),
        Over::EditProvider(one) => view! { <ProviderDialog provider=Some(one) close /> }.into_any(),
        Over::RemoveProvider(provider) => view! { <RemoveProviderDialog provider close /> }.into_any(),
        Over::ClosePasswords => view! { <PasswordsDialog closes=true close /> }.into_any(),
        Over::OpenPasswords => view! { <PasswordsDialog closes=false close /> }.into_any(),
        Over::Unbind(account, identity) => view! { <UnbindDialog account identity close /> }.into_any(),
        Over::RemoveGroup(group) => view! { <RemoveGroupDialog group close /> }.into_any(),
    };
    view! {
        {dynamic(move || desk.over.get().map(dialog))}
        {dynamic(move || desk.shown.get().map(|shown| view! { <ShownDialog shown /> }))}
    }
}

/// The address of the page itself, where the chosen one has gone.
pub(super) fn to_list(places: crate::places::Places) {
    places.settle(untrack(|| places.address(Page::People)));
}
