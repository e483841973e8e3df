//! Whose a thing is, and who else may see it: the words, and the dialog in which that is said.

use std::{future::Future, pin::Pin, sync::Arc};

use leptos::prelude::*;
use longshore_api::{
    sentence::Sentence,
    web::{
        access::{Access, GiveAccess, Sharing, TeamName},
        people::Team,
    },
    words::{Words, say},
};

use crate::{
    api::{self, Answer, Failure},
    parts::{Deed, DeedDialog, Field, Show, dynamic},
    session::session,
    speech::{speech, w},
};

/// Who else may see it.
pub(crate) fn seen_by(access: &Access, words: &Words) -> String {
    shared_with(access.sharing, access.teams.iter().map(|team| team.name.as_str()), words)
}

/// With whom something is shared: nobody, these teams, or all.
pub(crate) fn shared_with<'a>(
    sharing: Sharing,
    teams: impl Iterator<Item = &'a str>,
    words: &Words,
) -> String {
    match sharing {
        Sharing::Private => words.share_private().to_owned(),
        Sharing::Public => words.share_public().to_owned(),
        Sharing::Teams => teams.collect::<Vec<_>>().join(words.list_comma()),
    }
}

/// The head of the panel that says so, with the ways to its dialogs.
#[component]
pub(crate) fn AccessHead(
    /// Whether whoever looks gives it away.
    #[prop(into)]
    may: Signal<bool>,
    /// Asked for: who may use it.
    who: RwSignal<bool>,
    /// Asked for: to give it.
    give: RwSignal<bool>,
) -> impl IntoView {
    let s = speech();
    view! {
        <div class="panel__head">
            <h2>{w!(s.access)}</h2>
            <span class="end"></span>
            <Show when=move || may.get()>
                <button
                    class="btn btn--quiet btn--sm"
                    type="button"
                    data-action="who-may"
                    on:click=move |_| who.set(true)
                >
                    {w!(s.who_may)}
                </button>
                <button
                    class="btn btn--quiet btn--sm"
                    type="button"
                    data-action="give-access"
                    on:click=move |_| give.set(true)
                >
                    {w!(s.give_access)}
                </button>
            </Show>
        </div>
    }
}

/// What the dialog does with a wish.
pub(crate) type Giving = Arc<dyn Fn(GiveAccess) -> Pin<Box<dyn Future<Output = Answer<()>>>> + Send + Sync>;

/// Says whose it is, and who else may see it.
#[component]
pub(crate) fn GiveDialog(
    /// As it is now.
    access: Access,
    /// What all it is about, where that is more than one thing.
    #[prop(default = None)]
    said: Option<Sentence>,
    /// What it does, where that is not to give one thing.
    #[prop(optional, into)]
    title: MaybeProp<String>,
    /// What is done with the wish.
    give: Giving,
    close: Callback<()>,
) -> impl IntoView {
    let s = speech();
    let failure = RwSignal::new(None::<Failure>);
    let owner = RwSignal::new(access.owner.clone().unwrap_or_default());
    let sharing = RwSignal::new(access.sharing);
    let chosen = RwSignal::new(access.teams.iter().map(|team| team.id.clone()).collect::<Vec<_>>());
    let known = access.teams.clone();
    let deed: Deed = Arc::new(move || {
        let wish = GiveAccess {
            owner: Some(owner.get_untracked().trim().to_owned()).filter(|owner| !owner.is_empty()),
            sharing: sharing.get_untracked(),
            teams: chosen.get_untracked(),
        };
        give(wish)
    });
    let ready =
        Signal::derive(move || sharing.get() != Sharing::Teams || chosen.with(|chosen| !chosen.is_empty()));
    let of_service = access.stack.clone().map(|stack| say::access_of_service(access.name.clone(), stack));
    let said = said.or(of_service);
    let title = Signal::derive(move || title.get().unwrap_or_else(|| s.words().give_access().to_owned()));
    view! {
        <DeedDialog title close deed failure ready>
            {said.map(|said| view! { <p class="t2 access__said">{dynamic(move || s.say(&said))}</p> })}
            <SharingChoice sharing chosen known failure />
            <Field
                name="owner"
                label=w!(s.owner)
                value=owner
                autocomplete="off"
                help=Signal::derive(move || Some(s.words().owner_help().to_owned()))
                failure
            />
        </DeedDialog>
    }
}

/// Who else may see it: nobody, teams, everybody.
#[component]
pub(crate) fn SharingChoice(
    sharing: RwSignal<Sharing>,
    /// The ids of the teams.
    chosen: RwSignal<Vec<String>>,
    /// The teams that it is shared with by now.
    #[prop(optional)]
    known: Vec<TeamName>,
    /// Why one's own teams could not be had.
    failure: RwSignal<Option<Failure>>,
    /// Its label stands beside it.
    #[prop(optional)]
    side: bool,
) -> impl IntoView {
    let s = speech();
    let session = session();
    // Those that it is shared with, and those that one may share it with.
    let teams = RwSignal::new(known);
    leptos::task::spawn_local(async move {
        match api::people::teams().await {
            Ok(own) => {
                teams.try_update(|teams| {
                    for Team { id, name, .. } in own {
                        if teams.iter().all(|team| team.id != id) {
                            teams.push(TeamName { id, name });
                        }
                    }
                });
            }
            Err(why) => {
                session.noticed(&why);
                failure.try_set(Some(why));
            }
        }
    });
    // Where there is one team only, it is that one that is meant.
    Effect::new(move |_| {
        if let ([only], Sharing::Teams) = (teams.get().as_slice(), sharing.get()) {
            chosen.set(vec![only.id.clone()]);
        }
    });
    let choice = move |which: Sharing| {
        view! {
            <button
                type="button"
                data-sharing=which.code()
                aria-pressed=dynamic(move || (sharing.get() == which).to_string())
                on:click=move |_| sharing.set(which)
            >
                {dynamic(move || match which {
                    Sharing::Private => s.words().share_private(),
                    Sharing::Teams => s.words().teams(),
                    Sharing::Public => s.words().share_public(),
                })}
            </button>
        }
    };
    let team = move |TeamName { id, name }: TeamName| {
        let (shown, picked) = (id.clone(), id.clone());
        view! {
            <label class="row sm">
                <input
                    type="checkbox"
                    data-team=name.clone()
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&shown))
                    on:change=move |_| {
                        chosen.update(|chosen| match chosen.iter().position(|one| *one == picked) {
                            Some(place) => drop(chosen.remove(place)),
                            None => chosen.push(picked.clone()),
                        });
                    }
                />
                <span>{name}</span>
            </label>
        }
    };
    view! {
            <div class="field" class=("field--side", side)>
                <span class="field__label">{w!(s.also_seen_by)}</span>
                <span class="seg">{Sharing::ALL.map(choice)}</span>
                <span class="field__help">{w!(s.share_means)}</span>
            </div>
            <Show when=move || sharing.get() == Sharing::Teams>
                {dynamic(move || {
                    let all = teams.get();
                    if all.is_empty() {
                        view! { <p class="t3 sm">{w!(s.no_team_of_yours)}</p> }.into_any()
                    } else {
                        all.into_iter().map(team).collect_view().into_any()
                    }
                })}
            </Show>
    }
}
