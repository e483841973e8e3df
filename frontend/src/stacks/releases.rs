//! Every plan that was applied: who, when, with which images; a click returns to it.

use leptos::prelude::*;
use longshore_api::{
    web::stack::{ReleaseHead, ReleaseState},
    words::{Words, say},
};

use super::{compare::Compared, draft::draft};
use crate::{
    api::{self, Failure},
    clock::{clock, full_time},
    parts::{Trouble, dynamic, each, memo},
    places::places,
    session::session,
    speech::{speech, w},
};

fn word(state: ReleaseState, words: &Words) -> (&'static str, &'static str) {
    match state {
        ReleaseState::Applying => ("badge", words.release_applying()),
        ReleaseState::Applied => ("badge badge--running", words.release_applied()),
        ReleaseState::Failed => ("badge badge--bad", words.release_failed()),
        ReleaseState::Undone => ("badge badge--warn", words.release_undone()),
    }
}

/// The releases, newest first.
#[component]
pub(super) fn Released() -> impl IntoView {
    let s = speech();
    let (draft, session) = (draft(), session());
    let all = RwSignal::new(Vec::<ReleaseHead>::new());
    let failure = RwSignal::new(None::<Failure>);
    let newest = memo(move || draft.stack.with(|stack| stack.as_ref().and_then(|it| it.row.release.clone())));
    Effect::new(move |_| {
        newest.track();
        leptos::task::spawn_local(async move {
            match api::releases(&draft.host.get_value(), &draft.name.get_value()).await {
                Ok(found) => _ = all.try_set(found.releases),
                Err(why) => {
                    session.noticed(&why);
                    _ = failure.try_set(Some(why));
                }
            }
        });
    });
    view! {
        <Trouble failure />
        <Compared all />
        <div class="panel">
            <table class="tbl tbl--fit stacks__tbl">
                <thead>
                    <tr>
                        <th class="num">{w!(s.stack_release)}</th>
                        <th>{w!(s.col_state)}</th>
                        <th>{w!(s.release_what)}</th>
                        <th class="no-phone">{w!(s.images)}</th>
                        <th></th>
                    </tr>
                </thead>
                <tbody>
                    {each(
                        move || all.get(),
                        |head| format!("{}/{}", head.number, head.state.code()),
                        move |head| view! { <Line head /> }.into_any(),
                    )}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(head: ReleaseHead) -> impl IntoView {
    let s = speech();
    let (draft, clock, places) = (draft(), clock(), places());
    let ReleaseHead { number, author, message, at, state, job, images } = head;
    let is_newest = memo(move || {
        draft.stack.with(|stack| stack.as_ref().and_then(|it| it.row.release.as_ref().map(|it| it.number)))
            == Some(number)
    });
    let back = move |_| {
        draft.read(number, true);
        places.go(places.stack(&draft.host.get_value(), &draft.name.get_value(), Some("files")));
    };
    let (class, _) = word(state, s.words());
    let compared = places.compared(&draft.host.get_value(), &draft.name.get_value(), number, None);
    view! {
        <tr data-release=number.to_string()>
            <td class="num b sp-name">{number.to_string()}</td>
            <td class="sp-state"><a href=places.job(&job)><span class=class>{dynamic(move || word(state, s.words()).1)}</span></a></td>
            <td class="sp-more">
                <div>{message}</div>
                <div class="t3 sm" title=full_time(at)>
                    {dynamic(move || s.say(&say::by_when(s.age(clock.since(at)), author.clone())))}
                </div>
            </td>
            <td class="no-phone sm">
                {images.into_iter().map(|it| view! {
                    <div><span class="t3">{it.service}</span> " " <span class="mono">{it.image}</span>
                        " " <span class="t3 mono" title=it.digest.clone()>{short(&it.digest)}</span></div>
                }).collect_view()}
            </td>
            <td class="end sp-act">
                <a class="btn btn--sm btn--ghost" data-action="compare" href=compared>{w!(s.release_compare)}</a>
                " "
                {dynamic(move || (!is_newest.get() || state != ReleaseState::Applied).then(|| view! {
                    <button class="btn btn--sm" type="button" data-action="return" on:click=back>{w!(s.release_return)}</button>
                }))}
            </td>
        </tr>
    }
}

/// The first digits of a digest.
pub(super) fn short(digest: &str) -> String {
    digest.rsplit(':').next().unwrap_or(digest).chars().take(12).collect()
}
