//! What one may do oneself, and where; the teams that one is in.

use leptos::prelude::*;
use longshore_api::{ops::Role, web::people::Team, words::say};

use crate::{
    api,
    parts::{Icon, Show, dynamic, memo},
    places::{Page, places},
    session::session,
    shell::hosts,
    speech::{speech, w},
};

/// Roles and teams.
#[component]
pub(super) fn Standing() -> impl IntoView {
    let s = speech();
    let (session, hosts, places) = (session(), hosts(), places());
    let user = memo(move || session.user());
    let teams = RwSignal::new(Vec::<Team>::new());
    Effect::new(move |_| {
        _ = user.get();
        leptos::task::spawn_local(async move {
            match api::people::teams().await {
                Ok(found) => _ = teams.try_set(found),
                Err(why) => session.noticed(&why),
            }
        });
    });
    let roles = move || {
        let roles = user.get().map(|user| user.roles).unwrap_or_default();
        let everywhere = roles.everywhere.map(|role| (role, s.words().scope_everywhere().to_owned()));
        let more = roles.hosts.into_iter().filter(|(_, role)| Some(*role) > roles.everywhere);
        let more = more.map(|(slug, role)| (role, s.say(&say::scope_host(hosts.name(&slug)))));
        let line = |(role, place): (Role, String)| {
            let said = s.say(&say::you_are(place, role.word(s.words())));
            view! {
                <li data-own=role.code()>
                    <Icon name="shield" small=true />
                    {said}
                </li>
            }
        };
        everywhere.into_iter().chain(more).map(line).collect_view()
    };
    let none = memo(move || user.get().is_none_or(|user| user.roles == Default::default()));
    let ask = move || {
        let ask = user.get().map(|user| user.ask).unwrap_or_default();
        match ask.is_empty() {
            true => s.words().nothing_given().to_owned(),
            false => s.say(&say::nothing_given_ask(ask)),
        }
    };
    let own = move || {
        let me = user.get().map(|user| user.id).unwrap_or_default();
        let line = |team: Team| {
            let member = team.members.into_iter().find(|member| member.account == me)?;
            Some(view! {
                <li data-own-team=team.name.clone()>
                    <Icon name="team" small=true />
                    <span class="grow">{s.say(&say::team_name(&team.name))}</span>
                    {member
                        .leader
                        .then(|| view! {
                            <span class="badge badge--accent">{w!(s.leader)}</span>
                            <a href=dynamic(move || places.address(Page::People))>{w!(s.lead_team)}</a>
                        })}
                </li>
            })
        };
        teams.get().into_iter().filter_map(line).collect_view()
    };
    view! {
        <section class="panel" data-panel="standing">
            <div class="panel__head">
                <h2>{w!(s.what_you_may)}</h2>
            </div>
            <ul class="list">{dynamic(roles)} {dynamic(own)}</ul>
            <Show when=move || none.get()>
                <p class="panel__body t2">{dynamic(ask)}</p>
            </Show>
        </section>
    }
}
