//! Everybody who may use something, with what gives it to them.

use leptos::prelude::*;
use longshore_api::{
    web::access::{MayUse, PartPeople, RoleBy, RoleOn, Sees},
    words::say,
};

use crate::{
    api::Failure,
    parts::{Icon, Layer, LayerHead, Trouble, dynamic},
    shell::hosts,
    speech::speech,
};

/// For each of its parts: who may use it, in which role, and why they see it.
#[component]
pub(crate) fn WhoMayDialog(
    /// The slug of its host.
    host: String,
    /// The parts; one alone needs no name.
    #[prop(into)]
    people: Signal<Vec<PartPeople>>,
    /// Why they are not known.
    #[prop(into)]
    failure: Signal<Option<Failure>>,
    close: Callback<()>,
) -> impl IntoView {
    let s = speech();
    let host = StoredValue::new(host);
    let line = move |of: MayUse| {
        let MayUse { name, display_name, role, by, on, sees } = of;
        let host = host.get_value();
        let why = move || {
            let words = s.words();
            let role = role.word(words);
            let place = match &on {
                RoleOn::Everywhere => words.scope_everywhere().to_owned(),
                RoleOn::Group(name) => s.say(&say::scope_group(name)),
                RoleOn::Host => s.say(&say::scope_host(hosts().name(&host))),
            };
            let reason = match &by {
                RoleBy::Own => say::reason_own(place, role),
                RoleBy::Everyone => say::reason_by(place, role, words.everyone()),
                RoleBy::Team(name) => say::reason_by(place, role, s.say(&say::team_name(name))),
            };
            let sees = match &sees {
                Sees::Manages => words.sees_manages().to_owned(),
                Sees::Owns => words.sees_owns().to_owned(),
                Sees::Team(name) => s.say(&say::sees_team(name)),
                Sees::All => words.share_public().to_owned(),
            };
            format!("{}{}{sees}", s.say(&reason), words.comma())
        };
        view! {
            <li data-person=name>
                <Icon name="user" />
                <span class="grow">
                    <b class="b">{display_name}</b>
                    <span class="t3 sm who-may__why">{dynamic(why)}</span>
                </span>
            </li>
        }
    };
    let part = move |of: PartPeople, many: bool| {
        let PartPeople { name, people, .. } = of;
        view! {
            {many.then(|| view! { <h3 class="mono sm t2 who-may__of">{name}</h3> })}
            <ul class="list list--tight" data-list="who-may">
                {people.into_iter().map(line).collect_view()}
            </ul>
        }
    };
    let title = Signal::derive(move || s.words().who_may().to_owned());
    let parts = move || {
        let parts = people.get();
        let many = parts.len() > 1;
        parts.into_iter().map(|of| part(of, many)).collect_view()
    };
    view! {
        <Layer class="dialog" label=title close light=true>
            <LayerHead title close />
            <div class="dialog__body">
                <Trouble failure />
                {dynamic(parts)}
            </div>
        </Layer>
    }
}
